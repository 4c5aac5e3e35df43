//! The Buku Register page: search, period, verification of the chain, the day page.

use domain::ids::PermohonanId;
use domain::role::Action;
use jiff::civil::Date;
use store::RegisterRow;

use crate::session::Desk;
use crate::view::{self, Period, RegisterFilter};
use crate::visit::iso;
use crate::{Error, Result, Station, words};

/// Rows of one page.
const PAGE: usize = 200;

/// What a line says, in the words of the office.
fn event_label(kind: domain::register::RegisterKind) -> &'static str {
    use domain::register::RegisterKind as K;
    match kind {
        K::StationOpened => "Stasiun disiapkan",
        K::VisitStarted => "Permohonan dibuka",
        K::FormCompleted => "Formulir diisi",
        K::PaperReceived => "Berkas diterima",
        K::PaperRemoved => "Berkas dikembalikan",
        K::RequirementsAccepted => "Berkas lengkap",
        K::VisitReturned => "Dikembalikan",
        K::VisitResumed => "Dilanjutkan",
        K::VisitWentBack => "Kembali ke langkah sebelumnya",
        K::Verified => "Data diverifikasi",
        K::PortraitApproved => "Foto disetujui",
        K::ExceptionMade => "Pengecualian dicatat",
        K::ExceptionWithdrawn => "Pengecualian dicabut",
        K::CaptureFinished => "Terekam",
        K::DataConfirmed => "Data dibenarkan",
        K::DataDisputed => "Data disanggah",
        K::AttestationSigned => "Ditandatangani",
        K::FormRendered => "Formulir dibuat",
        K::PacketSealed => "Disegel",
        K::PacketSent => "Dikirim",
        K::PacketAcknowledged => "Diakui pusat",
        K::HeldForAge => "Menunggu usia 17",
        K::PrintRequested => "Ajukan cetak",
        K::PickupSlipGiven => "Tanda Pengambilan",
        K::SuketIssued => "Suket diberikan",
        K::CardPrinted => "Dicetak",
        K::BlangkoSpoiled => "Blangko rusak",
        K::CardHandedOver => "Diserahkan",
        K::VisitCancelled => "Dibatalkan",
        K::VisitExpired => "Kedaluwarsa",
        K::Correction => "Pembetulan",
        K::ResidentsImported => "Data penduduk diimpor",
        K::OperatorChanged => "Petugas diubah",
        K::SettingsChanged => "Setelan diubah",
        K::CheckpointMade => "Halaman ditandai",
        K::SignedIn => "Masuk",
        K::SignedOut => "Keluar",
        _ => "Catatan",
    }
}

impl Station {
    /// Lines of the Buku Register, newest first.
    ///
    /// # Errors
    /// `Locked`, `Invalid`, `Store`.
    pub fn register(&self, filter: &RegisterFilter) -> Result<view::RegisterPage> {
        let desk = self.desk(Action::ReadRegister)?;
        let today = self.day_of(desk.now);
        let (from, to) = self.period(filter, today)?;
        let mut rows = Vec::new();
        let mut total = 0u32;
        let mut before = filter.before.map_or(u64::MAX, u64::from);
        let wanted = domain::biodata::compare_key(&filter.text);
        let digits: String = filter.text.chars().filter(char::is_ascii_digit).collect();
        let mut first_of_day = None;
        let mut last_of_day = None;
        'pages: loop {
            let page = desk.store.read(|view| view.buku_register(before, 500))?;
            let Some(last) = page.last() else { break };
            before = last.line.row;
            for row in page {
                let day = self.day_of(row.line.entry.at);
                if day < from {
                    break 'pages;
                }
                if day > to {
                    continue;
                }
                if day == to {
                    last_of_day = last_of_day.or(Some(row.line.row));
                    first_of_day = Some(row.line.row);
                }
                let shown = self.register_row(&desk, &row)?;
                let hit = wanted.is_empty()
                    || domain::biodata::compare_key(&shown.name).contains(&wanted)
                    || shown.ticket.eq_ignore_ascii_case(filter.text.trim())
                    || (digits.len() >= 4
                        && (shown.number.to_string() == digits
                            || self.nik_contains(&desk, &row, &digits)?));
                if hit {
                    total += 1;
                    if rows.len() < PAGE {
                        rows.push(shown);
                    }
                }
            }
        }
        let head = desk.store.read(|view| view.register_head())?;
        Ok(view::RegisterPage {
            rows,
            total,
            period: view::PeriodView { from: from.to_string(), to: to.to_string() },
            verified: None,
            day: view::DayPage {
                page: u32::try_from(i64::from(to.day_of_year())).unwrap_or(0),
                from: number(first_of_day.unwrap_or(0)),
                to: number(last_of_day.unwrap_or(0)),
                checkpoint: head.map(|head| format!("{}:{}", head.row, head.hash.hex())).unwrap_or_default(),
            },
        })
    }

    fn period(&self, filter: &RegisterFilter, today: Date) -> Result<(Date, Date)> {
        let parse = |text: &Option<String>| -> Result<Date> {
            text.as_deref().unwrap_or_default().parse().map_err(|_| Error::Invalid { what: "date" })
        };
        let back = |days: i64| today.saturating_sub(jiff::Span::new().days(days));
        Ok(match filter.period {
            Period::Today => (today, today),
            Period::Week => (back(6), today),
            Period::Month => (back(30), today),
            Period::Range => {
                let (from, to) = (parse(&filter.from)?, parse(&filter.to)?);
                if from > to {
                    return Err(Error::Invalid { what: "period" });
                }
                (from, to)
            }
        })
    }

    fn nik_contains(&self, desk: &Desk, row: &RegisterRow, digits: &str) -> Result<bool> {
        let Some(id) = row.line.entry.permohonan else { return Ok(false) };
        Ok(desk.store.read(|view| view.permohonan(id))?.is_some_and(|visit| visit.nik.contains(digits)))
    }

    pub(crate) fn register_row(&self, desk: &Desk, row: &RegisterRow) -> Result<view::RegisterRow> {
        let entry = &row.line.entry;
        let visit = match entry.permohonan {
            Some(id) => desk.store.read(|view| view.permohonan(id))?,
            None => None,
        };
        let officer = desk.store.read(|view| view.operator(&entry.operator))?;
        let nik = visit.as_ref().and_then(|visit| domain::Nik::parse(&visit.nik).ok());
        Ok(view::RegisterRow {
            number: number(row.line.row),
            at: iso(entry.at),
            permohonan_id: entry.permohonan.as_ref().map(PermohonanId::to_string),
            ticket: entry.ticket.as_ref().map(|ticket| ticket.as_str().to_owned()).unwrap_or_default(),
            name: visit.as_ref().map(|visit| words::spoken_name(&visit.name)).unwrap_or_default(),
            masked_nik: nik.map(|nik| nik.masked()).unwrap_or_default(),
            kind: visit
                .as_ref()
                .and_then(|visit| words::kind_of(&visit.kind))
                .map(words::kind)
                .unwrap_or_default()
                .to_owned(),
            kind_key: visit.as_ref().map(|visit| visit.kind.clone()).unwrap_or_default(),
            event: entry.kind.key().to_owned(),
            event_label: event_label(entry.kind).to_owned(),
            officer: officer.map(|officer| officer.name).unwrap_or_else(|| entry.operator.to_string()),
            correction_of: entry.corrects.map(number),
            text: String::new(),
            row_hash: row.line.hash.hex(),
            blangko: entry.detail.get("blangko").cloned().unwrap_or_default(),
            document: entry.detail.get("nomor").cloned().unwrap_or_default(),
        })
    }

    /// Verifies the chain from its first line, against the newest checkpoint where there is one.
    ///
    /// # Errors
    /// `Locked`, `Store`.
    pub fn register_verify(&self) -> Result<Option<view::Verified>> {
        let desk = self.desk(Action::ReadRegister)?;
        let at = iso(desk.now);
        Ok(Some(match desk.store.verify_register(&[])? {
            Ok(verdict) => {
                view::Verified { up_to: number(verdict.rows), at, intact: true, broken_at: None, kind: None }
            }
            Err(broken) => view::Verified {
                up_to: number(broken.first_row.saturating_sub(1)),
                at,
                intact: false,
                broken_at: Some(number(broken.first_row)),
                kind: serde_json::to_value(broken.kind).ok().and_then(|v| v.as_str().map(str::to_owned)),
            },
        }))
    }

    /// Renders the page of one day, with a checkpoint of the chain.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `Document`, `Store`.
    pub fn register_print_day(&self, day: &str) -> Result<view::DocumentRef> {
        let desk = self.desk(Action::ReadRegister)?;
        let day: Date = day.parse().map_err(|_| Error::Invalid { what: "date" })?;
        let filter = RegisterFilter {
            period: Period::Range,
            from: Some(day.to_string()),
            to: Some(day.to_string()),
            text: String::new(),
            before: None,
        };
        let page = self.register(&filter)?;
        let head =
            desk.store.read(|view| view.register_head())?.ok_or(Error::NotFound { what: "register" })?;
        desk.transact(store::Act::CheckpointMake { row: head.row }, |tx| tx.add_checkpoint(&[]).map(drop))?;
        self.register_day_document(&desk, day, &page, &head)
    }
}

fn number(row: u64) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

//! The Buku Register page: search, period, corrections, verification of the chain.

use domain::ids::PermohonanId;
use domain::permohonan::Refusal;
use domain::register::{BreakKind, RegisterEntry};
use domain::role::{Action, allowed};
use domain::steps::handover::Unread;
use jiff::civil::Date;
use store::{Act, BookFilter, BookLine};

use crate::session::Desk;
use crate::view::{self, Period, RegisterBreak, RegisterFilter};
use crate::visit::iso;
use crate::{Error, News, Result, Station, words};

mod page_check;
mod parts;
mod print;
mod table;

pub(crate) use parts::Works;

/// Longest correction, characters: it stands on one line of the printed page.
const LONGEST: usize = 300;

/// Why the chip of a card was not read before an eye compared the photographs, in the detail of that line.
pub(crate) const CHIP_UNREAD: &str = "cip_tidak_dibaca";

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
        K::PortraitRefused => "Pemohon meminta foto lain",
        K::ExceptionMade => "Pengecualian dicatat",
        K::ExceptionWithdrawn => "Pengecualian dicabut",
        K::ReturnSettled => "Datang lagi dicatat",
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
        K::StockSpoiled => "Pita atau film rusak",
        K::BlangkoMissing => "Blangko tidak ditemukan",
        K::CardHeld => "Kartu ditahan",
        K::CorrectionNoted => "Perbaikan dicatat",
        K::CorrectionSettled => "Perbaikan selesai",
        K::CardHandedOver => "Diserahkan",
        K::VisitCancelled => "Dibatalkan",
        K::VisitExpired => "Kedaluwarsa",
        K::Correction => "Pembetulan",
        K::ResidentsImported => "Data penduduk diimpor",
        K::OperatorChanged => "Petugas diubah",
        K::SettingsChanged => "Setelan diubah",
        K::WordingConfirmed => "Naskah surat dipastikan",
        K::CheckpointMade => "Halaman ditandai",
        K::SignedIn => "Masuk",
        K::SignedOut => "Keluar",
        K::RecordCompared => "Data dibandingkan",
        K::DifferenceResolved => "Perbedaan diputuskan",
        K::RecordedBeforeAnswered => "Ditanya pernah direkam",
        K::IdentityChecked => "Identitas dicocokkan",
        K::OperatorAuthenticated => "Jari operator dicocokkan",
        K::CaptureAccepted => "Pengambilan diterima",
        K::CaptureNotRead => "Pemindai tidak membaca",
        K::Rematched => "Jari dicocokkan ulang",
        K::CaptureWarningAnswered => "Peringatan dijawab",
        K::Prioritised => "Urutan diubah",
        K::StatusSeen => "Status dari pusat",
        K::PrintStarted => "Cetak dimulai",
        K::PrintUnknown => "Hasil cetak tidak diketahui",
        K::OldCardWithdrawn => "Kartu lama ditarik",
        K::BlangkoReceived => "Stok diterima",
        K::BlangkoReturned => "Stok dikembalikan",
        K::BlangkoExchanged => "Nomor blangko ditukar",
        K::BlangkoDestroyed => "Blangko dimusnahkan",
        K::DestructionSigned => "Foto pemusnahan disahkan",
        K::BlangkoAllotted => "Jatah dicatat",
        K::StockCounted => "Stok dihitung",
        K::StockUsed => "Stok dipakai",
        K::CardBroughtOut => "Kartu dikeluarkan dari printer",
        K::ChipWritten => "Cip ditulis",
        K::DocumentPrinted => "Kertas dicetak",
        K::DocumentReprinted => "Kertas dicetak ulang",
        K::DocumentUnknown => "Hasil cetak kertas tidak diketahui",
        K::DocumentNotOut => "Kertas ternyata tidak keluar",
        K::CardReported => "Kartu dilaporkan ke pusat",
        K::FieldSaved => "Isian disimpan",
        K::ResidentRead => "Data penduduk dilihat",
        K::SignInRefused => "Masuk ditolak",
        K::DataMoved => "Data disalin ke luar",
        K::DataPurged => "Rekaman dihapus menurut masa simpan",
        K::ClockChanged => "Jam baku dihentikan atau dilanjutkan",
    }
}

/// What is remarked on a line: the number of its paper, or why the chip was not read before an eye compared the photographs.
fn remark(entry: &RegisterEntry) -> String {
    match (entry.detail.get("nomor"), entry.detail.get(CHIP_UNREAD)) {
        (Some(number), _) => number.clone(),
        (None, Some(why)) => format!("cip tidak dibaca: {}", unread_words(why)),
        (None, None) => String::new(),
    }
}

/// A key that a newer program wrote stands as it is: the line is read all the same.
fn unread_words(key: &str) -> &str {
    match serde_json::from_value(key.into()) {
        Ok(Unread::NoReader) => "pembaca tidak ada",
        Ok(Unread::ReaderFailed) => "pembaca gagal",
        Err(_) => key,
    }
}

/// Lines read at once when a whole period is wanted.
const CHUNK: u32 = 2_000;
/// Most lines that the window is given at once.
const PIECE: u32 = 200;

impl Station {
    /// The newest lines of the Buku Register, and how many there are.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` (a period that is none), `Store`.
    pub fn register(&self, filter: &RegisterFilter) -> Result<view::RegisterPage> {
        let desk = self.desk(Action::ReadRegister)?;
        self.register_view(&desk, filter)
    }

    /// Lines from any place of a list that [`Station::register`] counted, newest first: `lines` of them (at most 200) after
    /// passing over `skip` behind the mark `filter.before`. Nothing is counted again, so that a jump costs no more than the
    /// lines in sight.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` (a period that is none), `Store`.
    pub fn register_lines(
        &self,
        filter: &RegisterFilter,
        skip: u32,
        lines: u32,
    ) -> Result<Vec<view::RegisterRow>> {
        let desk = self.desk(Action::ReadRegister)?;
        let (from, to) = self.period(filter, self.day_of(desk.now))?;
        let asked = BookFilter {
            before: filter.before.map_or(0, u64::from),
            skip,
            limit: lines.clamp(1, PIECE),
            ..self.book_filter(&filter.text, from, to)?
        };
        let found = desk.store.read(|look| look.register_lines(&asked))?;
        Ok(found.iter().map(|line| self.register_row(line)).collect())
    }

    fn register_view(&self, desk: &Desk, filter: &RegisterFilter) -> Result<view::RegisterPage> {
        let (from, to) = self.period(filter, self.day_of(desk.now))?;
        let mut asked = self.book_filter(&filter.text, from, to)?;
        asked.before = filter.before.map_or(0, u64::from);
        asked.limit = PIECE;
        let last_day = BookFilter { limit: 1, ..self.book_filter("", to, to)? };
        let (page, day) =
            desk.store.read(|look| Ok((look.register_page(&asked)?, look.register_page(&last_day)?)))?;
        let checkpoint = |line: &BookLine| format!("{}:{}", line.row.line.row, line.row.line.hash.hex());
        Ok(view::RegisterPage {
            rows: page.lines.iter().map(|line| self.register_row(line)).collect(),
            total: number(page.total),
            gap: page.gap.map(number),
            marks: page
                .marks
                .iter()
                .map(|mark| view::RegisterMark { place: number(mark.place), before: number(mark.before) })
                .collect(),
            period: view::PeriodView { from: from.to_string(), to: to.to_string() },
            verified: None,
            can_correct: allowed(&desk.session.roles, Action::CorrectRegister),
            day: view::DayPage {
                page: page_of(to),
                from: number(day.rows.0),
                to: number(day.rows.1),
                checkpoint: day.lines.first().map(checkpoint).unwrap_or_default(),
            },
        })
    }

    /// First and last day of what is asked for, both included.
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

    fn book_filter(&self, text: &str, from: Date, to: Date) -> Result<BookFilter> {
        let (from_ms, to_ms) = self.span_ms(from, to)?;
        Ok(BookFilter { text: text.trim().to_owned(), from_ms, to_ms, ..BookFilter::default() })
    }

    /// Every line of a period that answers to `text`, oldest first; refused with `key` when there are more than `most`, and with
    /// `save_stopped` when somebody stopped it.
    fn book_lines(
        &self,
        desk: &Desk,
        work: &parts::Work,
        (text, from, to): (&str, Date, Date),
        most: usize,
        key: &'static str,
    ) -> Result<Vec<BookLine>> {
        let mut lines: Vec<BookLine> = Vec::new();
        self.walk_book(desk, (text, from, to), &mut |next| {
            if work.stops() {
                return Err(Error::not_now("save_stopped"));
            }
            lines.extend(next);
            match lines.len() > most {
                true => Err(Error::not_now_with(key, &[("most", most.to_string())])),
                false => Ok(true),
            }
        })?;
        lines.reverse();
        Ok(lines)
    }

    /// Hands the lines of a period that answer to `text` to `see`, newest first and in pieces, until it says no.
    fn walk_book(
        &self,
        desk: &Desk,
        (text, from, to): (&str, Date, Date),
        see: &mut dyn FnMut(Vec<BookLine>) -> Result<bool>,
    ) -> Result<()> {
        let mut asked = BookFilter { limit: CHUNK, ..self.book_filter(text, from, to)? };
        let page = desk.store.read(|look| look.register_page(&asked))?;
        asked.from_row = page.rows.0;
        let mut next = page.lines;
        while let Some(last) = next.last() {
            asked.before = last.row.line.row;
            if !see(next)? {
                return Ok(());
            }
            next = desk.store.read(|look| look.register_lines(&asked))?;
        }
        Ok(())
    }

    fn register_row(&self, line: &BookLine) -> view::RegisterRow {
        let entry = &line.row.line.entry;
        let noted = |key: &str| entry.detail.get(key).cloned().unwrap_or_default();
        view::RegisterRow {
            number: number(line.row.line.row),
            at: iso(entry.at),
            permohonan_id: entry.permohonan.as_ref().map(PermohonanId::to_string),
            ticket: entry.ticket.as_ref().map(|ticket| ticket.as_str().to_owned()).unwrap_or_default(),
            name: words::spoken_name(&line.name),
            masked_nik: masked(&line.nik),
            kind: words::kind_of(&line.kind).map(words::kind).unwrap_or_default().to_owned(),
            kind_key: line.kind.clone(),
            event: entry.kind.key().to_owned(),
            event_label: event_label(entry.kind).to_owned(),
            officer: line.officer.clone(),
            correction_of: entry.corrects.map(number),
            text: noted("pembetulan"),
            row_hash: line.row.line.hash.hex(),
            blangko: line.blangko.clone(),
            document: remark(entry),
            collector: noted("pengambil"),
        }
    }

    /// Writes a line that says how an earlier one is to be read. The earlier line stays as it is; the new one names it.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Refused` (no words), `Invalid` (more than 300 characters), `NotFound` (no such line in
    /// the book), `Store`.
    pub fn register_correct(&self, line: u32, text: &str) -> Result<view::RegisterPage> {
        let desk = self.desk(Action::CorrectRegister)?;
        let text = text.trim();
        if text.is_empty() {
            return Err(Refusal::ReasonMissing.into());
        }
        if text.chars().count() > LONGEST {
            return Err(Error::Invalid { what: "correction" });
        }
        let row = u64::from(line);
        let old = desk.store.read(|look| look.book_line(row))?.ok_or(Error::NotFound { what: "register" })?;
        let act = Act::RegisterCorrect { permohonan: old.row.line.entry.permohonan, row };
        desk.transact(act, |tx| tx.correct(row, text))?;
        self.news.tell(News::Queue);
        let today =
            RegisterFilter { period: Period::Today, from: None, to: None, text: String::new(), before: None };
        self.register_view(&desk, &today)
    }

    /// Verifies the chain from its first line, against every checkpoint that is kept. Tells how far it has come
    /// ([`News::RegisterChecked`]); `None` when it was stopped before its end.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Store`.
    pub fn register_verify(&self) -> Result<Option<view::Verified>> {
        let work = self.register_work_begins();
        let desk = self.desk(Action::ReadRegister)?;
        self.verified(&desk, &work)
    }

    /// The chain from its first line; `None` when somebody stopped the check, or the work that it is a part of.
    fn verified(&self, desk: &Desk, work: &parts::Work) -> Result<Option<view::Verified>> {
        let lines = desk.store.read(|look| look.register_head())?.map_or(0, |head| head.row);
        let mut told = 0;
        let found = desk.store.verify_register_while(&[], &mut |row| {
            let percent = percent_of(row, lines);
            if percent > told {
                told = percent;
                self.news.tell(News::RegisterChecked(percent));
            }
            !work.stops()
        });
        let verdict = match found {
            Err(store::Error::Abandoned { .. }) => return Ok(None),
            found => found?,
        };
        let at = iso(desk.now);
        Ok(Some(match verdict {
            Ok(verdict) => {
                view::Verified { up_to: number(verdict.rows), at, intact: true, broken_at: None, kind: None }
            }
            Err(broken) => view::Verified {
                up_to: number(broken.up_to),
                at,
                intact: false,
                broken_at: Some(number(broken.first_row)),
                kind: Some(break_word(broken.kind)),
            },
        }))
    }

    /// Stops a running check of the chain, the setting of a print or a table between two of its parts, and the saving of a table
    /// before its file is written; what an earlier
    /// check found stays on show.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`.
    pub fn register_verify_stop(&self) -> Result<()> {
        self.desk(Action::ReadRegister)?;
        self.register_works.stop();
        Ok(())
    }
}

/// How the chain is broken, as the window words it.
fn break_word(kind: BreakKind) -> RegisterBreak {
    match kind {
        BreakKind::Edited => RegisterBreak::Edited,
        BreakKind::Deleted => RegisterBreak::Deleted,
        BreakKind::Inserted => RegisterBreak::Inserted,
        BreakKind::Reordered => RegisterBreak::Reordered,
        BreakKind::CutOff => RegisterBreak::CutOff,
    }
}

/// Whole percent of `all` lines, at most 100: new lines may come while one reads.
fn percent_of(row: u64, all: u64) -> u32 {
    row.saturating_mul(100)
        .checked_div(all)
        .map_or(100, |percent| u32::try_from(percent.min(100)).unwrap_or(100))
}

fn number(row: u64) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

/// Number of a day's page in the bound book of its year.
fn page_of(day: Date) -> u32 {
    u32::try_from(i64::from(day.day_of_year())).unwrap_or(0)
}

/// First six and last four digits; empty for a line without a visit.
fn masked(nik: &str) -> String {
    domain::Nik::parse(nik).map(|nik| nik.masked()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain;

    #[test]
    fn the_window_has_words_for_what_the_register_refuses() {
        for key in
            ["register_broken", "register_nothing", "register_unchecked", "save_stopped", "table_too_long"]
        {
            for part in ["happened", "safe", "next"] {
                words::assert_worded(&format!("errors.{key}.{part}"));
            }
        }
    }

    #[test]
    fn a_stop_at_the_very_start_of_a_print_is_heard_by_each_thing_that_it_does() {
        let dir = tempfile::tempdir().unwrap();
        let officer = plain::officer("satu", &domain::role::Role::ALL);
        let station = plain::start(plain::config(dir.path()), plain::provision(true, vec![officer]));
        station.sign_in("satu", plain::PASSWORD).unwrap();
        let desk = station.desk(Action::ReadRegister).unwrap();
        let day = station.day_of(desk.now);
        let work = station.register_work_begins();
        station.register_verify_stop().unwrap();
        let parts = |work: &parts::Work| station.book_parts(&desk, work, ("", day, day)).unwrap();
        assert!(parts(&work).is_none(), "before a line is read");
        assert!(
            station.verified(&desk, &work).unwrap().is_none(),
            "and the check after it does not forget it"
        );
        assert!(station.register_verify().unwrap().is_some(), "the next work is another one");
        assert!(
            parts(&work).is_none() && station.verified(&desk, &work).unwrap().is_none(),
            "nor takes back"
        );
        assert!(parts(&station.register_work_begins()).is_some_and(|parts| parts.len() == 1));
        let lines = station.book_lines(&desk, &work, ("", day, day), 9, "table_too_long");
        assert_eq!(lines.err().unwrap().to_view().key, "save_stopped", "nor is a table read to its end");
    }

    #[test]
    fn a_stop_reaches_all_work_that_is_under_way_and_the_next_work_takes_back_none_of_it() {
        let works = Works::default();
        let (first, ended) = (works.begin(), works.begin());
        drop(ended);
        works.stop();
        let second = works.begin();
        assert_eq!((first.stops(), second.stops()), (true, false));
        works.stop();
        assert_eq!((first.stops(), second.stops()), (true, true));
    }

    #[test]
    fn the_window_has_words_for_each_way_in_which_the_chain_can_be_broken() {
        use BreakKind::{CutOff, Deleted, Edited, Inserted, Reordered};
        for kind in [Edited, Deleted, Inserted, Reordered, CutOff] {
            let word = serde_json::to_value(break_word(kind)).unwrap();
            assert_eq!(word, serde_json::to_value(kind).unwrap(), "the register's own word");
            words::assert_worded(&format!("register.broken_{}", word.as_str().unwrap()));
        }
    }

    #[test]
    fn the_register_has_words_for_each_reason_why_a_chip_was_not_read() {
        for (why, words) in [(Unread::NoReader, "pembaca tidak ada"), (Unread::ReaderFailed, "pembaca gagal")]
        {
            assert_eq!(unread_words(why.key()), words);
        }
        assert_eq!(unread_words("of_a_newer_program"), "of_a_newer_program");
    }

    #[test]
    fn the_share_that_was_checked_never_passes_the_whole() {
        assert_eq!([percent_of(1, 300), percent_of(150, 300), percent_of(300, 300)], [0, 50, 100]);
        assert_eq!(percent_of(301, 300), 100, "a line that came meanwhile");
        assert_eq!(percent_of(0, 0), 100, "an empty book");
    }

    #[test]
    fn a_page_has_the_number_of_its_day_and_no_two_days_of_a_year_share_one() {
        assert_eq!(page_of(jiff::civil::date(2026, 1, 1)), 1, "the book of a year begins with page 1");
        assert_eq!(page_of(jiff::civil::date(2026, 11, 27)), 331, "whatever was printed before");
    }
}

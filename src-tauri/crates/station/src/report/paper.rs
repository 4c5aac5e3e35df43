//! A report on paper and as a saved table.

use documents::{BelumDiambilLine, Laporan, LaporanHarian, PetugasLine, ProduksiLine, RusakLine, Sheet};
use domain::paper::DocumentKind;
use domain::register::RegisterKind;
use domain::role::{Action, Role};
use domain::seal::Kind;
use domain::stock::{Account, SerialRange};
use jiff::Timestamp;
use jiff::civil::Date;
use store::Act;

use super::figures::oldest;
use super::save::{Whole, on_paper};
use super::tables::tables;
use crate::applicant::long_date;
use crate::blangko::of_blangko;
use crate::session::{Desk, roles_of};
use crate::view::{self, ReportPeriod, TableFormat};
use crate::{Error, Result, Station, held};

/// Patterns of the numbers. Source: our choice, as no office's was seen.
pub(crate) const DAILY: &str = domain::nomor::DAILY_REPORT;
pub(crate) const PERIOD: &str = domain::nomor::PERIOD_REPORT;
/// Cards on the shelf that the daily report lists, the oldest.
const LISTED: usize = 12;
const CARE: &str = "Tanpa nama dan NIK pemohon.";

impl Station {
    /// Renders the report of a period and keeps it: of one day as Laporan Harian, of more as Laporan.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` (no day, or one that lies ahead), `Document`, `Store`.
    pub fn report_print(&self, period: ReportPeriod, day: &str) -> Result<view::DocumentRef> {
        let _one = held(&self.numbering);
        let desk = self.desk(Action::ReadReports)?;
        let report = self.report_view(&desk, period, day)?;
        let (kind, pattern) = match period {
            ReportPeriod::Day => (DocumentKind::LaporanHarian, DAILY),
            ReportPeriod::Week | ReportPeriod::Month | ReportPeriod::Year => (DocumentKind::Laporan, PERIOD),
        };
        let (number, running) = self.next_number(&desk, kind, pattern)?;
        let sheet = match period {
            ReportPeriod::Day => {
                let day: Date = report.from.parse().map_err(|_| Error::Invalid { what: "date" })?;
                Sheet::LaporanHarian(Box::new(self.daily_sheet(&desk, day, &number, &report)?))
            }
            ReportPeriod::Week | ReportPeriod::Month | ReportPeriod::Year => {
                let (period, counts) = (period_words(&report), counts(&report));
                let [recorded, printed, handed] = counts.map(|count| count.to_string());
                let values = [period.as_str(), &recorded, &printed, &handed];
                let qr = self.seal_if_activated(&desk, Kind::Laporan, &number, None, &values)?;
                Sheet::Laporan(Box::new(Laporan {
                    title: "LAPORAN PELAYANAN KTP-el".into(),
                    number: number.clone(),
                    period,
                    finding: finding(&report),
                    tables: tables(&report, &self.read_later(&desk, &report)).iter().map(on_paper).collect(),
                    wide: false,
                    care: CARE.into(),
                    part: None,
                    officer: desk.session.name.clone(),
                    supervisor: self.supervisor(&desk)?,
                    qr: qr.unwrap_or_default(),
                }))
            }
        };
        let made = self.made_alone(&desk, kind, number, running, sheet)?;
        let document =
            desk.transact(Act::Deed { kind: RegisterKind::FormRendered }, |tx| self.keep_paper(tx, &made))?;
        Ok(view::DocumentRef { document_id: document.to_string(), pages: made.pages })
    }

    /// Saves every table of a report into one of [`Station::save_folders`].
    ///
    /// # Errors
    /// As [`Station::report`], and those of [`Station::register_export`] about the medium.
    pub fn report_table(
        &self,
        period: ReportPeriod,
        day: &str,
        format: TableFormat,
        folder: &str,
    ) -> Result<view::SavedFile> {
        let desk = self.desk(Action::ReadReports)?;
        let report = self.report_view(&desk, period, day)?;
        let whole = Whole {
            stem: format!("laporan-{}-{}", report.from, report.to),
            title: "LAPORAN PELAYANAN KTP-el".into(),
            period: period_words(&report),
            finding: finding(&report),
            care: CARE.into(),
            wide: false,
            tables: tables(&report, &self.read_later(&desk, &report)),
        };
        self.save_table(&desk, &whole, format, folder)
    }

    fn daily_sheet(
        &self,
        desk: &Desk,
        day: Date,
        number: &str,
        report: &view::Report,
    ) -> Result<LaporanHarian> {
        let [recorded, printed, handed] = counts(report);
        let spoiled = self.spoiled_of_day(desk, day)?;
        let stock = self.stock_of_day(desk, day)?;
        let left: u32 = of_blangko(&stock).map(|line| line.closing).sum();
        let values = [
            recorded.to_string(),
            printed.to_string(),
            handed.to_string(),
            spoiled.len().to_string(),
            left.to_string(),
        ];
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let qr = self.seal_if_activated(desk, Kind::LaporanHarian, number, None, &values)?;
        let (from_ms, to_ms) = self.span_ms(day, day)?;
        let span = store::ReportPeriod { from_ms, to_ms, offset_s: self.zone_offset_s() };
        let returned = desk.store.read(|look| look.report_returns_by_operator(&span))?;
        let back: u32 = returned.iter().map(|one| one.count).sum();
        let (unclaimed_total, unclaimed) = self.oldest_unclaimed(desk)?;
        let read_later = self.read_later(desk, report);
        // What waits is counted now: the sentence about a day that is over leaves it out.
        let waits = if read_later.is_empty() {
            backlog(&desk.store.read(|look| look.report_unsent(desk.now.as_millisecond()))?)
        } else {
            String::new()
        };
        Ok(LaporanHarian {
            number: number.to_owned(),
            day,
            finding: format!("{}{waits}", finding(report)),
            production: way(report, [printed, handed, back]),
            read_later,
            officers: self.officers_of_day(desk, day, report, &returned)?,
            stock,
            spoiled,
            unclaimed_total,
            unclaimed,
            notes: report
                .returns
                .iter()
                .map(|one| format!("Dikembalikan karena {}: {}.", one.label, one.count))
                .chain(
                    report
                        .exceptions
                        .iter()
                        .map(|one| format!("Pengecualian, {}: {}.", one.label, one.count)),
                )
                .collect(),
            officer: desk.session.name.clone(),
            supervisor: self.supervisor(desk)?,
            qr: qr.unwrap_or_default(),
        })
    }

    /// `28-11-2026 pukul 09.41` where the period is over and what stands open is read later than its last day; else empty.
    fn read_later(&self, desk: &Desk, report: &view::Report) -> String {
        if report.read_later.is_none() {
            return String::new();
        }
        format!("{} pukul {}", self.day_text(desk.now), self.clock_text(desk.now))
    }

    fn officers_of_day(
        &self,
        desk: &Desk,
        day: Date,
        report: &view::Report,
        returned: &[store::Tally],
    ) -> Result<Vec<PetugasLine>> {
        let (from_ms, to_ms) = self.span_ms(day, day)?;
        let period = store::ReportPeriod { from_ms, to_ms, offset_s: self.zone_offset_s() };
        let (people, times) =
            desk.store.read(|look| Ok((look.operators()?, look.report_recording_times(&period)?)))?;
        let mut lines = Vec::new();
        for person in people {
            let id = person.id.to_string();
            let did = report.operators.iter().find(|one| one.operator == id);
            let back = returned.iter().find(|one| one.of == id).map_or(0, |one| one.count);
            if did.is_none() && back == 0 {
                continue;
            }
            let roles = roles_of(&person)?;
            lines.push(PetugasLine {
                name: person.name.clone(),
                role: roles.first().map(|role| role_words(*role)).unwrap_or_default().to_owned(),
                recorded: did.map_or(0, |one| one.recorded),
                printed: did.map_or(0, |one| one.printed),
                handed_over: did.map_or(0, |one| one.handed_over),
                returned: back,
                median: times.iter().find(|(of, _)| *of == id).map(|(_, s)| minutes(*s)).unwrap_or_default(),
            });
        }
        Ok(lines)
    }

    fn spoiled_of_day(&self, desk: &Desk, day: Date) -> Result<Vec<RusakLine>> {
        let (from_ms, to_ms) = self.span_ms(day, day)?;
        let (lines, people) =
            desk.store.read(|look| Ok((look.stock_lines_between(from_ms, to_ms)?, look.operators()?)))?;
        let mut spoiled = Vec::new();
        for line in lines.iter().filter(|line| line.movement.kind().to() == Account::Spoiled) {
            let officer = people.iter().find(|person| person.id.to_string() == line.operator);
            for serial in line.movement.range().into_iter().flat_map(SerialRange::iter) {
                let record = desk.store.read(|look| look.spoiled(&serial))?;
                spoiled.push(RusakLine {
                    serial: serial.to_string(),
                    time: Timestamp::from_millisecond(line.at_ms)
                        .map(|at| self.clock_text(at))
                        .unwrap_or_default(),
                    reason: record.map_or_else(
                        || line.note.clone(),
                        |record| crate::blangko::spoil_words(&record.reason),
                    ),
                    officer: officer.map_or_else(|| line.operator.clone(), |person| person.name.clone()),
                });
            }
        }
        Ok(spoiled)
    }

    /// All cards that nobody has collected, and the oldest of them by the number of their slip.
    fn oldest_unclaimed(&self, desk: &Desk) -> Result<(u32, Vec<BelumDiambilLine>)> {
        let rows = desk.store.read(|look| look.unclaimed(i64::MAX))?;
        let total = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let mut listed = Vec::new();
        for row in rows.into_iter().take(LISTED) {
            let slip = desk
                .store
                .read(|look| look.newest_document(row.permohonan, DocumentKind::TandaPengambilan))?;
            let since = Timestamp::from_millisecond(row.since_ms).unwrap_or(desk.now);
            // Days of the calendar, as the list of unclaimed cards counts them.
            let days = (self.day_of(desk.now) - self.day_of(since)).get_days().max(0);
            listed.push(BelumDiambilLine {
                number: slip.map_or_else(|| row.ticket.clone(), |slip| slip.number),
                shelf: super::unclaimed::placed(row.place),
                since: self.day_text(since),
                days: u32::try_from(days).unwrap_or(0),
            });
        }
        Ok((total, listed))
    }
}

/// What is left behind at each stage of the way: at Terkirim, Diakui pusat, Siap cetak, Dicetak, Diserahkan.
pub(super) fn left_behind(far: &view::Funnel) -> [String; 5] {
    let left = |all: u32, part: u32| all.saturating_sub(part);
    let aged = |words: &str, days: Option<u32>| match days {
        Some(days) if days > 0 => format!("{words}, tertua {days} hari"),
        Some(_) | None => words.to_owned(),
    };
    // Each packet stands in one state: what was refused, or cannot be sent, is none of those that were sent.
    let unsent = left(left(left(far.recorded, far.sent), far.refused), far.unsendable);
    [
        notes(&[
            (unsent, &aged("belum terkirim", far.oldest_unsent_days)),
            (far.unsendable, "tidak dapat dikirim"),
        ]),
        notes(&[(far.refused, "ditolak pusat"), (left(far.sent, far.acknowledged), "menunggu tanda terima")]),
        notes(&[(left(far.acknowledged, far.print_ready), "belum siap cetak menurut pusat")]),
        notes(&[(far.waiting_age, "menunggu usia 17"), (far.queued, "di antrean")]),
        notes(&[(far.on_shelf, &aged("belum diambil", far.oldest_on_shelf_days))]),
    ]
}

/// `4 belum terkirim, 2 tidak dapat dikirim`; what counts nothing is not said.
fn notes(parts: &[(u32, &str)]) -> String {
    let said = parts.iter().filter(|(count, _)| *count > 0);
    said.map(|(count, words)| format!("{count} {words}")).collect::<Vec<_>>().join(", ")
}

/// From recording to hand-over: where the recordings of the day have come to, then the day's other work.
fn way(report: &view::Report, [printed, handed, back]: [u32; 3]) -> Vec<ProduksiLine> {
    let far = &report.funnel;
    let exceptions = report.exceptions.iter().map(|one| one.count).sum();
    let [unsent, receipt, ready, _, _] = left_behind(far);
    let lines = [
        ("Terekam", far.recorded, notes(&[(exceptions, "pengecualian")])),
        ("Terkirim", far.sent, unsent),
        ("Diakui pusat", far.acknowledged, receipt),
        ("Siap cetak", far.print_ready, ready),
        ("Dicetak", printed, String::new()),
        ("Diserahkan", handed, String::new()),
        ("Dikembalikan", back, String::new()),
    ];
    lines
        .into_iter()
        .map(|(label, count, note)| ProduksiLine { label: label.to_owned(), count, note })
        .collect()
}

/// ` 7 paket belum diakui pusat, tertua 3 hari.` of the packets that wait by age; empty when none does.
fn backlog(ages: &[(u32, u32)]) -> String {
    let waiting: u32 = ages.iter().map(|(_, count)| count).sum();
    match oldest(ages) {
        _ if waiting == 0 => String::new(),
        Some(days) if days > 0 => format!(" {waiting} paket belum diakui pusat, tertua {days} hari."),
        Some(_) | None => format!(" {waiting} paket belum diakui pusat."),
    }
}

/// Recorded, printed, handed over in the whole period.
fn counts(report: &view::Report) -> [u32; 3] {
    let sum = |of: fn(&view::ProductionDay) -> u32| report.production.iter().map(of).sum::<u32>();
    [sum(|day| day.recorded), sum(|day| day.printed), sum(|day| day.handed_over)]
}

/// Seconds as printed, in minutes with one decimal.
#[allow(clippy::cast_precision_loss, reason = "a recording takes no year")]
fn minutes(seconds: u64) -> String {
    format!("{:.1} menit", seconds as f64 / 60.0).replace('.', ",")
}

/// `24 orang terekam, 18 kartu dicetak, 12 kartu diserahkan.`
fn finding(report: &view::Report) -> String {
    let [recorded, printed, handed] = counts(report);
    let average = match report.average_per_day {
        Some(average) => format!(" Rata-rata {average} perekaman sehari."),
        None => String::new(),
    };
    format!("{recorded} orang terekam, {printed} kartu dicetak, {handed} kartu diserahkan.{average}")
}

fn period_words(report: &view::Report) -> String {
    if report.from == report.to {
        return long_date(&report.from);
    }
    let words = |day: &str| day.parse::<Date>().map(crate::queue::dmy).unwrap_or_else(|_| day.to_owned());
    format!("{} sampai {}", words(&report.from), words(&report.to))
}

fn role_words(role: Role) -> &'static str {
    match role {
        Role::RegisterOfficer => "Petugas register",
        Role::Operator => "Operator",
        Role::CustomerService => "Layanan",
        Role::Printing => "Loket cetak",
        Role::Supervisor => "Penyelia",
    }
}

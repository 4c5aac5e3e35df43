//! The papers of steps 7 to 9: pickup slip, Suket; the numbers, seals and reprints of all papers.

use documents::{Letters, Picture, Sheet, SuratKeterangan, TandaPengambilan};
use domain::Unsur;
use domain::capture::Target;
use domain::nomor::{self, NomorFields};
use domain::paper::DocumentKind;
use domain::plan::CaptureScope;
use domain::role::Role;
use domain::seal::{Checksum, Kind, Seal};
use jiff::civil::Date;
use store::{DocumentWords, NewDocument, OperatorStatus, Tx};

use crate::references::standing_recordings;
use crate::session::{Desk, roles_of};
use crate::visit::Visit;
use crate::{Error, Result, Station, held, words};

/// The store's word for the pickup slip.
pub(crate) const SLIP: DocumentKind = DocumentKind::TandaPengambilan;
/// The store's word for the Suket.
pub(crate) const SUKET: DocumentKind = DocumentKind::Suket;
/// The store's word for the slip that says why there is no card yet.
pub(crate) const TOLD: DocumentKind = DocumentKind::SlipStatus;
/// The store's word for the cover.
pub(crate) const COVER: DocumentKind = DocumentKind::SampulBerkas;
/// File beside the database with the office's own wording.
const OFFICE_WORDING: &str = "naskah.toml";

/// How long a print is followed before its end counts as unknown: two minutes, and for each sheet as long as a slow printer of
/// an office takes, ten a minute.
pub(crate) fn print_limit(pdf: &[u8]) -> std::time::Duration {
    // What cannot be read is refused by the printer's driver.
    let sheets =
        documents::page::pages(pdf.to_vec()).map_or(1, |pages| u32::try_from(pages).unwrap_or(u32::MAX));
    std::time::Duration::from_secs(120 + 6 * u64::from(sheets))
}

/// A paper that is rendered and waits to be kept in the transaction of its event.
pub(crate) struct Made {
    pub document: NewDocument,
    /// What it says that cannot be said again later.
    pub words: DocumentWords,
    /// Pages of the PDF.
    pub pages: u32,
    /// Kind and year of the running number that this paper takes.
    counter: (DocumentKind, i16),
    /// The number that was taken; another one meanwhile makes the transaction fail.
    running: u32,
}

/// The signed text of the code on a slip that the roll may set again; empty on every other paper.
pub(crate) fn code_on_slip(sheet: &mut Sheet) -> Option<&mut String> {
    match sheet {
        Sheet::TandaPengambilan(slip) => Some(&mut slip.qr),
        Sheet::SlipStatus(slip) => Some(&mut slip.qr),
        Sheet::SlipPengembalian(slip) => Some(&mut slip.qr),
        _ => None,
    }
}

impl Station {
    /// The office's wording: the shipped one under the file that the office keeps beside the database.
    pub(crate) fn letters(&self) -> Result<Letters> {
        let path = self.dir.join(OFFICE_WORDING);
        let own = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(source) => return Err(Error::File { doing: "read the office's wording", source }),
        };
        Ok(Letters::from_toml(&own)?)
    }

    /// `18.13`, as the office writes its region on papers.
    pub(crate) fn region_code(&self) -> String {
        let code = &self.config.office.regency_code;
        match (code.get(..2), code.get(2..4)) {
            (Some(province), Some(regency)) => format!("{province}.{regency}"),
            _ => code.clone(),
        }
    }

    /// The next number of a kind in this year, by the office's pattern; taken only when the paper is kept.
    pub(crate) fn next_number(
        &self,
        desk: &Desk,
        kind: DocumentKind,
        pattern: &str,
    ) -> Result<(String, u32)> {
        let day = self.day_of(desk.now);
        let running = desk.store.read(|view| view.peek_document_number(kind, day.year()))?;
        let training = desk.store.read(|view| view.meta())?.training;
        let station = held(&self.door).roster.station_code.clone();
        let region = self.region_code();
        let fields = NomorFields { urut: running, day, wilayah: &region, stasiun: &station, training };
        let number =
            nomor::render(pattern, &fields).map_err(|_| Error::Invalid { what: "pattern of a number" })?;
        Ok((number, running))
    }

    /// The signed text of a QR code. No NIK stands in it; a training seal says so in its first characters.
    pub(crate) fn seal_text(
        &self,
        desk: &Desk,
        kind: Kind,
        number: &str,
        until: Option<Date>,
        values: &[&str],
    ) -> Result<String> {
        let wrong = |_| Error::Invalid { what: "seal" };
        let training = desk.store.read(|view| view.meta())?.training;
        let seal = Seal {
            kind,
            number: number.to_owned(),
            issued: self.day_of(desk.now),
            until,
            training,
            checksum: Checksum::of(kind, values).map_err(wrong)?,
        };
        let credentials = self.credentials(desk)?;
        Ok(packet::seal::sign(&seal, &credentials.station.identity()?)?)
    }

    /// As [`Self::seal_text`]; none at a station that has no key yet, whose papers of the first steps are without a code.
    pub(crate) fn seal_if_activated(
        &self,
        desk: &Desk,
        kind: Kind,
        number: &str,
        until: Option<Date>,
        values: &[&str],
    ) -> Result<Option<String>> {
        if desk.store.read(crate::credentials::Credentials::read)?.is_none() {
            return Ok(None);
        }
        self.seal_text(desk, kind, number, until, values).map(Some)
    }

    /// The Tanda Pengambilan of a visit.
    pub(crate) fn pickup_slip(&self, desk: &Desk, visit: &Visit) -> Result<Made> {
        let letters = self.letters()?;
        let (number, running) = self.next_number(desk, SLIP, &letters.pickup.number)?;
        let ready = self.pickup_plan(desk, visit)?.ready;
        let slip = self.pickup_sheet(desk, visit, &number, ready.clone())?;
        let mut made =
            self.made(desk, visit, SLIP, number, running, Sheet::TandaPengambilan(Box::new(slip)))?;
        made.words.said = ready;
        Ok(made)
    }

    /// What stands on the Tanda Pengambilan of a number; given before, it says what was known then. `ready` is the sentence of
    /// when to come.
    pub(crate) fn pickup_sheet(
        &self,
        desk: &Desk,
        visit: &Visit,
        number: &str,
        ready: String,
    ) -> Result<TandaPengambilan> {
        let get = |unsur: Unsur| visit.biodata.get(unsur).unwrap_or_default();
        let name = get(Unsur::Nama).to_uppercase();
        let status = &visit.state.status;
        let known = status.mirror.current_at(status.slip_at.unwrap_or(jiff::Timestamp::MAX));
        let status_at = known
            .map(|entry| format!("{} pukul {}", self.day_text(entry.as_of), self.clock_text(entry.as_of)))
            .unwrap_or_default();
        let kind = words::kind(visit.state.plan.kind);
        let qr = self.seal_text(desk, Kind::TandaPengambilan, number, None, &[&name, get(Unsur::Nik)])?;
        Ok(TandaPengambilan {
            number: number.to_owned(),
            name,
            nik: get(Unsur::Nik).to_owned(),
            kind: kind.to_owned(),
            ticket: visit.ticket().to_owned(),
            status: "Siap cetak".to_owned(),
            status_at,
            ready,
            packet: self.packet_number(desk, visit)?,
            shelf: String::new(),
            officer: desk.session.name.clone(),
            qr,
        })
    }

    /// Who signs the books and reports as Penyelia: the supervisor at work, else the only one there is. Empty, for a name
    /// written by hand, where several could.
    pub(crate) fn supervisor(&self, desk: &Desk) -> Result<String> {
        if desk.session.roles.contains(&Role::Supervisor) {
            return Ok(desk.session.name.clone());
        }
        let mut names = Vec::new();
        for row in desk.store.read(|view| view.operators())? {
            if row.status == OperatorStatus::Active && roles_of(&row)?.contains(&Role::Supervisor) {
                names.push(row.name);
            }
        }
        Ok(match names.as_slice() {
            [only] => only.clone(),
            _ => String::new(),
        })
    }

    /// The Surat Keterangan Perekaman of a visit.
    pub(crate) fn suket(&self, desk: &Desk, visit: &Visit, reason: &str) -> Result<Made> {
        if !self.knows_recording(desk, visit)? {
            return Err(Error::not_now("suket_not_recorded"));
        }
        let letters = self.letters()?;
        let (number, running) = self.next_number(desk, SUKET, &letters.suket.number)?;
        let get = |unsur: Unsur| visit.biodata.get(unsur).unwrap_or_default();
        let shown = |unsur: Unsur| self.shown(unsur, get(unsur)).to_uppercase();
        let issued = self.day_of(desk.now);
        let until = self.suket_until(issued)?;
        let name = get(Unsur::Nama).to_uppercase();
        let birth = self.suket_birth(visit);
        let qr = self.seal_text(
            desk,
            Kind::SuratKeterangan,
            &number,
            Some(until),
            &[&name, get(Unsur::Nik), &birth],
        )?;
        let path = visit.biodata.domicile().map(|code| desk.tables.wilayah.path(code)).unwrap_or_default();
        let from_end =
            |n: usize| path.iter().rev().nth(n).map(|name| name.to_uppercase()).unwrap_or_default();
        let photo = match self.best_image(desk, visit, Target::Portrait, "portrait")? {
            None => self.portrait_on_record(desk, visit)?,
            own => own,
        };
        let letter = SuratKeterangan {
            number: number.clone(),
            nik: get(Unsur::Nik).to_owned(),
            name,
            birth,
            sex: shown(Unsur::JenisKelamin),
            address: format!(
                "{} RT {} RW {}, {}",
                get(Unsur::Alamat).to_uppercase(),
                get(Unsur::Rt),
                get(Unsur::Rw),
                from_end(0)
            ),
            district: from_end(1),
            religion: shown(Unsur::Agama),
            marital: shown(Unsur::StatusPerkawinan),
            occupation: shown(Unsur::Pekerjaan),
            nationality: get(Unsur::Kewarganegaraan).to_uppercase(),
            photo: photo.map(Picture::Encoded),
            recorded: self.recorded_here(desk, visit)?,
            issued,
            reason: reason.to_owned(),
            raw_status: visit
                .state
                .status
                .mirror
                .current()
                .map(|entry| entry.status.raw().to_owned())
                .unwrap_or_default(),
            packet: self.packet_number(desk, visit)?,
            register_no: String::new(),
            officer: desk.session.name.clone(),
            qr,
        };
        let mut made =
            self.made(desk, visit, SUKET, number, running, Sheet::SuratKeterangan(Box::new(letter)))?;
        made.words.until = until.to_string();
        Ok(made)
    }

    /// Place and day of birth as the Suket and its code say them.
    fn suket_birth(&self, visit: &Visit) -> String {
        let get = |unsur: Unsur| visit.biodata.get(unsur).unwrap_or_default();
        let day = self.shown(Unsur::TanggalLahir, get(Unsur::TanggalLahir)).to_uppercase();
        format!("{}, {day}", get(Unsur::TempatLahir).to_uppercase())
    }

    /// Whether a recording is known that a Suket can attest to: one that was sealed here, or that the centre names. What the
    /// applicant says of an earlier one certifies nothing. Source: ktp-el §8.6, only people already recorded.
    pub(crate) fn knows_recording(&self, desk: &Desk, visit: &Visit) -> Result<bool> {
        let own = visit.state.attestation.packet.is_some() && visit.state.plan.capture == CaptureScope::Full;
        Ok(own || crate::status::is_on_record(visit) || self.recorded_here(desk, visit)?.is_some())
    }

    /// The day on which this person was recorded at this station: by this visit, else by the newest earlier one under the same
    /// NIK. `None` for a recording of another station: what the centre sends says neither its day nor its place.
    fn recorded_here(&self, desk: &Desk, visit: &Visit) -> Result<Option<Date>> {
        let of = |visit: &Visit| {
            let whole = visit.state.plan.capture == CaptureScope::Full;
            let last = visit.state.capture.attempts.last().filter(|_| whole);
            last.map(|attempt| self.day_of(attempt.at))
        };
        if let Some(day) = of(visit) {
            return Ok(Some(day));
        }
        let nik = visit.biodata.nik().map(|nik| nik.as_str().to_owned()).unwrap_or_default();
        for row in desk.store.read(|view| standing_recordings(view, &nik, visit.id()))? {
            if let Some(day) = of(&self.visit(desk, &row.id.to_string())?) {
                return Ok(Some(day));
            }
        }
        Ok(None)
    }

    pub(crate) fn made(
        &self,
        desk: &Desk,
        visit: &Visit,
        kind: DocumentKind,
        number: String,
        running: u32,
        sheet: Sheet,
    ) -> Result<Made> {
        let mut made = self.made_alone(desk, kind, number, running, sheet)?;
        made.document.permohonan = Some(visit.id());
        Ok(made)
    }

    /// A rendered paper that belongs to no visit. An official letter in wording that the office has not confirmed is
    /// refused here, on its only way onto paper.
    pub(crate) fn made_alone(
        &self,
        desk: &Desk,
        kind: DocumentKind,
        number: String,
        running: u32,
        mut sheet: Sheet,
    ) -> Result<Made> {
        let code = code_on_slip(&mut sheet).cloned().unwrap_or_default();
        let paper = self.paper(desk, sheet)?;
        Self::require_wording(desk, &paper)?;
        let rendered = self.press().render(&paper)?;
        let document = NewDocument { permohonan: None, kind: kind.key().into(), number, pdf: rendered.pdf };
        let counter = (kind, self.day_of(desk.now).year());
        let pages = u32::try_from(rendered.pages).unwrap_or(u32::MAX);
        let words = DocumentWords { code, ..DocumentWords::default() };
        Ok(Made { document, words, counter, running, pages })
    }

    /// Keeps a paper and takes its number, in the transaction of the event that it belongs to.
    pub(crate) fn keep_paper(&self, tx: &Tx<'_>, made: &Made) -> store::Result<i64> {
        if tx.next_document_number(made.counter.0, made.counter.1)? != made.running {
            // Numbers are taken one at a time (`numbering`), so another program wrote here; the act is undone.
            return Err(store::Error::Stored { table: "sequence", column: "last" });
        }
        tx.note("nomor", &made.document.number);
        let document = tx.add_document(&made.document)?;
        if made.words != DocumentWords::default() {
            tx.set_document_words(document, &made.words)?;
        }
        Ok(document)
    }

    /// How often a number was printed, as printers confirmed: a page of the book that was set again after more lines came
    /// is the same page. A paper without a number is one of many alike, of which each print is the first.
    pub(crate) fn printed_before(&self, desk: &Desk, paper: &store::Document) -> Result<u32> {
        if paper.number.is_empty() {
            return self.prints_of(desk, paper.id);
        }
        let same = desk.store.read(|view| view.documents_by_number(&paper.number))?;
        let mut prints = self.prints_of(desk, paper.id)?;
        for other in
            same.iter().filter(|other| other.document.kind == paper.kind && other.document.id != paper.id)
        {
            prints = prints.saturating_add(self.prints_of(desk, other.document.id)?);
        }
        Ok(prints)
    }

    /// The marked copy of a paper that was printed before, to be kept with its print; none for a first print and for
    /// papers without a number and a visit, of which there are many alike.
    pub(crate) fn marked_again(
        &self,
        desk: &Desk,
        paper: &store::FoundDocument,
        pdf: &[u8],
        earlier: u32,
    ) -> Result<Option<NewDocument>> {
        let is_one_of_many = paper.document.number.is_empty() && paper.permohonan.is_none();
        if earlier == 0 || is_one_of_many {
            return Ok(None);
        }
        let printed = format!("{} pukul {}", self.day_text(desk.now), self.clock_text(desk.now));
        Ok(Some(NewDocument {
            permohonan: paper.permohonan,
            kind: DocumentKind::CetakUlang.key().into(),
            number: paper.document.number.clone(),
            pdf: self.press().reprint(pdf, earlier, &printed)?.pdf,
        }))
    }

    /// Number of pages of a kept paper, at least 1. What cannot be read is said where it is opened.
    pub(crate) fn pages_of(&self, desk: &Desk, document: i64) -> Result<u32> {
        let pdf = desk.store.read(|view| view.document_pdf(document))?;
        let pages = documents::page::pages(pdf).unwrap_or(1);
        Ok(u32::try_from(pages.max(1)).unwrap_or(u32::MAX))
    }

    /// How often a paper was printed, as printers confirmed.
    pub(crate) fn prints_of(&self, desk: &Desk, document: i64) -> Result<u32> {
        let prints = desk.store.read(|view| view.document_prints(document))?;
        Ok(u32::try_from(prints.len()).unwrap_or(u32::MAX))
    }

    pub(crate) fn packet_number(&self, desk: &Desk, visit: &Visit) -> Result<String> {
        let packet = desk.store.read(|view| view.packet_of(visit.id()))?;
        Ok(packet.map(|packet| packet.sequence.to_string()).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain::{self, PASSWORD};
    use crate::{attestation, blangko, print_request, report};

    /// The first number of each paper of a station of that code, by the shipped patterns.
    #[allow(clippy::unwrap_used, reason = "a test fails loudly")]
    fn first_numbers(code: &str) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        let officer = plain::officer("satu", &[Role::Operator]);
        let set = crate::Provision { code: code.to_owned(), ..plain::provision(true, vec![officer]) };
        let station = plain::start(plain::config(dir.path()), set);
        station.sign_in("satu", PASSWORD).unwrap();
        let desk = station.desk(domain::role::Action::ReadQueue).unwrap();
        let letters = station.letters().unwrap();
        [
            (SLIP, letters.pickup.number.as_str()),
            (SUKET, letters.suket.number.as_str()),
            (TOLD, letters.told.number.as_str()),
            (DocumentKind::BeritaAcara, letters.minutes.number.as_str()),
            (COVER, print_request::cover::NUMBER),
            (DocumentKind::FormulirPerekaman, attestation::form::FORM_NUMBER),
            (DocumentKind::SlipPengembalian, attestation::form::SLIP_NUMBER),
            (DocumentKind::LaporanHarian, report::paper::DAILY),
            (DocumentKind::Laporan, report::paper::PERIOD),
            (DocumentKind::LaporanStok, blangko::report::PATTERN),
        ]
        .map(|(kind, pattern)| station.next_number(&desk, kind, pattern).unwrap().0)
        .to_vec()
    }

    #[test]
    fn a_paper_of_many_sheets_is_followed_for_as_long_as_a_slow_printer_takes() {
        let minutes = |pdf: &[u8]| print_limit(pdf).as_secs() / 60;
        let row = documents::LaporanBaris { cells: vec!["Kejadian".to_owned()], ..Default::default() };
        let table = documents::LaporanTabel {
            head: vec!["Kejadian".to_owned()],
            rows: vec![row; 1_500],
            ..Default::default()
        };
        let sheet = documents::Laporan { tables: vec![table], ..Default::default() };
        let paper = documents::Paper {
            office: documents::Office::default(),
            training: false,
            draft: false,
            printed: String::new(),
            reprint: 0,
            sheet: Sheet::Laporan(Box::new(sheet)),
        };
        let rendered = documents::Press::new().render(&paper).unwrap();
        assert!(rendered.pages > 20, "{}", rendered.pages);
        assert!(minutes(&rendered.pdf) >= 2 + rendered.pages as u64 / 10, "ten sheets a minute");
        assert_eq!(minutes(b"no paper"), 2, "what is no paper is refused soon");
    }

    #[test]
    fn two_stations_of_one_office_never_give_papers_of_one_number() {
        let (one, two) = (first_numbers("KRUI-01"), first_numbers("KRUI-02"));
        for (one, two) in one.iter().zip(&two) {
            assert!(one.contains("KRUI-01") && two.contains("KRUI-02"), "{one}, {two}");
            assert!(domain::seal::fits(one), "its code holds it: {one}");
        }
        let all: std::collections::BTreeSet<_> = one.iter().chain(&two).collect();
        assert_eq!(all.len(), 20, "ten papers of each: {all:?}");
    }
}

//! Prints of papers, on sheets and on the roll: each is noted before it is sent and counted when its printer said that it came out.
//! One whose end nobody told is asked about before the same paper is printed again.

use std::sync::Arc;

use devices::Role;
use devices::driver::printer::{PrintOutcome, PrintRequest, Told};
use domain::ids::PermohonanId;
use domain::paper::DocumentKind;
use domain::register::RegisterKind;
use domain::role::Action;
use jiff::Timestamp;
use store::{Act, Document, FoundDocument, NewPrintAttempt, PrintAttempt, PrintEnd, Store, Tx};

use crate::session::Desk;
use crate::view::{self, PrintState};
use crate::visit::{iso, iso_ms};
use crate::{Error, News, Result, Station, held};

/// Why one more of many alike was printed: none of them is a reprint, and the book of prints wants a word for each.
const ONE_MORE: &str = "lembar lain";
/// The store's word for a queue number.
const TICKET: DocumentKind = DocumentKind::NomorAntrean;

/// One paper as its prints are counted.
pub(crate) struct Counted {
    /// What counts as one paper, however often it is set: kind and number, else the kept paper, else the visit.
    key: String,
    /// The kept paper; a queue number is kept only once it came out.
    document: Option<i64>,
    permohonan: Option<PermohonanId>,
    kind: String,
    /// Each print is the first: there is nothing to mark and nothing to ask.
    is_one_of_many: bool,
    /// Prints that are known to have come out.
    pub earlier: u32,
}

/// Where a paper goes, and why once more.
pub(crate) struct Way<'a> {
    pub roll: bool,
    pub printer: String,
    pub reason: &'a str,
}

/// An attempt of this run of the program, until its end stands in the book.
struct UnderWay<'a> {
    station: &'a Station,
    id: i64,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        held(&self.station.sheets).remove(&self.id);
    }
}

impl Station {
    /// How a kept paper is counted.
    pub(crate) fn counted(&self, desk: &Desk, found: &FoundDocument) -> Result<Counted> {
        let paper = &found.document;
        let is_one_of_many = paper.number.is_empty() && found.permohonan.is_none();
        let key = match (paper.number.trim(), found.permohonan) {
            ("", Some(visit)) if paper.kind == TICKET.key() => ticket_key(visit),
            ("", _) => format!("document/{}", paper.id),
            (number, _) => format!("{}/{}", paper.kind, number.to_uppercase()),
        };
        let known = self.printed_before(desk, paper)?;
        Ok(Counted {
            key,
            document: Some(paper.id),
            permohonan: found.permohonan,
            kind: paper.kind.clone(),
            is_one_of_many,
            earlier: if is_one_of_many { 0 } else { known },
        })
    }

    /// How the queue number of a visit is counted, and the paper that was kept of it.
    pub(crate) fn counted_ticket(
        &self,
        desk: &Desk,
        permohonan: PermohonanId,
    ) -> Result<(Counted, Option<Document>)> {
        let kept = desk.store.read(|view| view.newest_document(permohonan, TICKET))?;
        let counted = Counted {
            key: ticket_key(permohonan),
            document: kept.as_ref().map(|paper| paper.id),
            permohonan: Some(permohonan),
            kind: TICKET.key().to_owned(),
            is_one_of_many: false,
            earlier: kept.as_ref().map_or(Ok(0), |paper| self.prints_of(desk, paper.id))?,
        };
        Ok((counted, kept))
    }

    /// What must be known before a kept paper is printed: how often it came out, and whether the end of a print is not known.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `Store` (also when there is no such paper).
    pub fn paper_prints(&self, document_id: &str) -> Result<view::PaperPrints> {
        let desk = self.desk(Action::ReadQueue)?;
        let row: i64 = document_id.parse().map_err(|_| Error::Invalid { what: "document" })?;
        let found = desk.store.read(|view| view.document(row))?;
        let paper = self.counted(&desk, &found)?;
        self.prints_view(&desk, &paper)
    }

    /// As [`Station::paper_prints`], of the queue number of a visit.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `Store`.
    pub fn ticket_prints(&self, id: &str) -> Result<view::PaperPrints> {
        let desk = self.desk(Action::StartPermohonan)?;
        let visit = self.visit(&desk, id)?;
        let (paper, _) = self.counted_ticket(&desk, visit.id())?;
        self.prints_view(&desk, &paper)
    }

    fn prints_view(&self, desk: &Desk, paper: &Counted) -> Result<view::PaperPrints> {
        let unknown = self.in_doubt(desk, paper)?.map(|attempt| view::UnknownPrint {
            attempt: attempt.id.to_string(),
            sent_at: iso_ms(attempt.sent_ms).unwrap_or_default(),
            printer: attempt.sent.printer,
        });
        Ok(view::PaperPrints { again: paper.earlier > 0, unknown })
    }

    /// The oldest print of a paper whose end nobody told; none of those that this program is printing.
    fn in_doubt(&self, desk: &Desk, paper: &Counted) -> Result<Option<PrintAttempt>> {
        if paper.is_one_of_many {
            return Ok(None);
        }
        let open = desk.store.read(|view| view.open_prints(&paper.key))?;
        let ours = held(&self.sheets);
        Ok(open.into_iter().find(|attempt| !ours.contains(&attempt.id)))
    }

    /// Prints a kept paper and answers what the printer said of it, never more. Whoever prints it again says why (`reason`, a code
    /// or `code: words`); the reprint bears a mark on each page and is kept as it came out.
    ///
    /// # Errors
    /// `Locked`, `Invalid`, `NotFound`, `NotNow` (a print without an end is not answered for, a reprint without a reason), `Device`,
    /// `Document`, `Store`.
    pub fn print_document(&self, document_id: &str, reason: &str) -> Result<view::PrintJob> {
        let desk = self.desk(Action::ReadQueue)?;
        let (found, pdf) = self.kept_paper(&desk, document_id)?;
        let row = found.document.id;
        let paper = self.counted(&desk, &found)?;
        let again = self.marked_again(&desk, &found, &pdf, paper.earlier)?;
        let request = PrintRequest {
            title: format!("Rekam {row}"),
            pdf: again.as_ref().map_or(pdf, |marked| marked.pdf.clone()),
            media: "iso_a4_210x297mm".into(),
            copies: 1,
        };
        let within = crate::papers::print_limit(&request.pdf);
        let printer = self.model_of(Role::DocumentPrinter);
        let way = Way { roll: false, printer: printer.clone(), reason };
        let news = self.news_board();
        let told: Told =
            Arc::new(move |reasons: &[String]| news.tell(News::PaperHeldUp(reason_key(reasons))));
        let print = || -> Result<view::PrintJob> {
            let (state, reason) = match self.equipment.print(request, told, within)? {
                PrintOutcome::Completed { .. } => {
                    fail::fail_point!("station::paper::out");
                    (PrintState::Done, None)
                }
                PrintOutcome::Stopped { reasons, .. } => (PrintState::Stopped, reason_key(&reasons)),
                PrintOutcome::Unknown { reasons, .. } => (PrintState::Unknown, reason_key(&reasons)),
            };
            Ok(view::PrintJob { state, reason, printer })
        };
        self.send_sheet(&desk, &paper, &way, print, |tx| {
            if let Some(marked) = &again {
                tx.add_document(marked)?;
            }
            Ok(row)
        })
    }

    /// Name of the device that plays a role.
    pub(crate) fn model_of(&self, role: Role) -> String {
        self.equipment.table().role(role).map(|row| row.info.model.clone()).unwrap_or_default()
    }

    /// Sends one paper: noted before, counted by `keep` when its printer said that it came out, in doubt when nobody said anything.
    /// `keep` keeps what came out, and answers the row of the paper.
    ///
    /// # Errors
    /// `NotNow` (a print without an end is not answered for, a reprint without a reason), those of `print`, `Store`.
    pub(crate) fn send_sheet(
        &self,
        desk: &Desk,
        paper: &Counted,
        way: &Way<'_>,
        print: impl FnOnce() -> Result<view::PrintJob>,
        mut keep: impl FnMut(&Tx<'_>) -> store::Result<i64>,
    ) -> Result<view::PrintJob> {
        let reason = paper.why(way.reason)?;
        let noted = NewPrintAttempt {
            paper: paper.key.clone(),
            document: paper.document,
            permohonan: paper.permohonan,
            kind: paper.kind.clone(),
            roll: way.roll,
            printer: way.printer.clone(),
            reason: reason.to_owned(),
        };
        let under_way = self.note_sheet(desk, paper, &noted)?;
        let attempt = under_way.id;
        let job = match print() {
            Ok(job) => job,
            // An error means that surely nothing was sent.
            Err(error) => {
                self.nothing_came(desk, attempt);
                return Err(error);
            }
        };
        match job.state {
            PrintState::Done => {
                let act = print_act(paper.permohonan, &paper.kind, paper.earlier.saturating_add(1));
                desk.transact(act, |tx| {
                    let row = keep(tx)?;
                    tx.add_document_print(row, &job.printer, paper.word(tx, row, reason)?)?;
                    tx.end_print(attempt, PrintEnd::Out)
                })?;
            }
            PrintState::Stopped | PrintState::Cancelled => self.nothing_came(desk, attempt),
            PrintState::Unknown | PrintState::Sent | PrintState::Printing => {
                let act = Act::DocumentDoubt { permohonan: paper.permohonan, kind: paper.kind.clone() };
                desk.transact(act, |tx| tx.doubt_print(attempt))?;
            }
        }
        Ok(job)
    }

    /// Notes a sheet before the printer hears of it. Two windows cannot both begin: what is open is looked for and noted in one,
    /// and what ended while this one was being set was counted too late for its mark.
    fn note_sheet(&self, desk: &Desk, paper: &Counted, new: &NewPrintAttempt) -> Result<UnderWay<'_>> {
        let mut ours = held(&self.sheets);
        if !paper.is_one_of_many && !desk.store.read(|view| view.open_prints(&paper.key))?.is_empty() {
            return Err(Error::not_now("print_end_unknown"));
        }
        if !paper.is_one_of_many {
            let known = self.counted_again(desk, paper.document, paper.permohonan)?;
            if (known.earlier, known.document) != (paper.earlier, paper.document) {
                return Err(Error::not_now("print_meanwhile"));
            }
        }
        let id = desk.bookkeep_surely(|ledger| ledger.send_sheet(new))?;
        ours.insert(id);
        Ok(UnderWay { station: self, id })
    }

    /// Nothing came out. What cannot be noted is asked about at the next print, which is no more than it could be.
    fn nothing_came(&self, desk: &Desk, attempt: i64) {
        if let Err(error) = desk.store.bookkeep(self.clock.now(), |ledger| ledger.no_sheet(attempt)) {
            tracing::warn!(%error, attempt, "that nothing came out could not be noted; it will be asked");
        }
    }

    /// An officer looked whether a print whose end nobody told came out. Yes: it is counted, as if its printer had said so. No: the
    /// next sheet is what this one would have been.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `NotFound` (it has its end, or is under way), `Document`, `Store`.
    pub fn answer_print(&self, attempt: &str, came_out: bool) -> Result<view::PaperPrints> {
        let desk = self.desk(Action::ReadQueue)?;
        let id: i64 = attempt.parse().map_err(|_| Error::Invalid { what: "print" })?;
        let attempt = desk.store.read(|view| view.print_attempt(id))?;
        if attempt.end.is_some() || held(&self.sheets).contains(&id) {
            return Err(Error::NotFound { what: "print" });
        }
        if attempt.told_ms == 0 {
            tell_doubt(&desk, &attempt)?;
        }
        let (permohonan, kind) = (attempt.sent.permohonan, attempt.sent.kind.clone());
        let paper = self.counted_attempt(&desk, &attempt)?;
        if came_out {
            self.count_answered(&desk, &attempt, &paper)?;
        } else {
            let act = Act::DocumentNone { permohonan, kind };
            desk.transact(act, |tx| tx.end_print(id, PrintEnd::NoSheet))?;
        }
        let paper = self.counted_attempt(&desk, &attempt)?;
        self.prints_view(&desk, &paper)
    }

    fn counted_attempt(&self, desk: &Desk, attempt: &PrintAttempt) -> Result<Counted> {
        self.counted_again(desk, attempt.sent.document, attempt.sent.permohonan)
    }

    /// How a paper is counted by now: the kept one, or the queue number of a visit.
    fn counted_again(
        &self,
        desk: &Desk,
        document: Option<i64>,
        permohonan: Option<PermohonanId>,
    ) -> Result<Counted> {
        match (document, permohonan) {
            (Some(row), _) => {
                let found = desk.store.read(|view| view.document(row))?;
                self.counted(desk, &found)
            }
            (None, Some(permohonan)) => Ok(self.counted_ticket(desk, permohonan)?.0),
            (None, None) => Err(Error::NotFound { what: "print" }),
        }
    }

    /// Counts a print for which an officer answered, with the marked copy as it was sent.
    fn count_answered(&self, desk: &Desk, attempt: &PrintAttempt, paper: &Counted) -> Result<()> {
        let then =
            Desk { now: Timestamp::from_millisecond(attempt.sent_ms).unwrap_or(desk.now), ..desk.clone() };
        let marked = match paper.document {
            Some(row) if !attempt.sent.roll => {
                let (found, pdf) =
                    desk.store.read(|view| Ok((view.document(row)?, view.document_pdf(row)?)))?;
                // What the retention has emptied cannot be kept once more.
                if pdf.is_empty() { None } else { self.marked_again(&then, &found, &pdf, paper.earlier)? }
            }
            _ => None,
        };
        let ticket = match (paper.document, paper.permohonan) {
            (None, Some(permohonan)) => Some(self.ticket_document(&then, permohonan)?),
            _ => None,
        };
        let act = print_act(paper.permohonan, &paper.kind, paper.earlier.saturating_add(1));
        let sent = &attempt.sent;
        desk.transact(act, |tx| {
            if let Some(marked) = &marked {
                tx.add_document(marked)?;
            }
            let row = match (paper.document, &ticket) {
                (Some(row), _) => row,
                (None, Some(ticket)) => tx.add_document(ticket)?,
                (None, None) => return Err(store::Error::NoSuchRow { table: "document" }),
            };
            tx.note("menurut", "petugas");
            tx.add_document_print(row, &sent.printer, paper.word(tx, row, &sent.reason)?)?;
            tx.end_print(attempt.id, PrintEnd::Out)
        })
    }

    /// Says in the register that the end of a print of an earlier run is not known; called with each sign-in. One that cannot be
    /// written does not keep the others from it.
    ///
    /// # Errors
    /// The first that stood in the way.
    pub(crate) fn settle_prints(&self, store: &Arc<Store>) -> Result<()> {
        let desk = self.desk_of_nobody(store)?;
        let untold = store.read(|view| view.untold_prints())?;
        let ours = held(&self.sheets).clone();
        let mut first = Ok(());
        for attempt in untold.iter().filter(|attempt| !ours.contains(&attempt.id)) {
            first = first.and(tell_doubt(&desk, attempt));
        }
        first
    }
}

impl Counted {
    /// Why it is printed, as the first print needs none; none is made up for an officer who gave none.
    fn why<'a>(&self, reason: &'a str) -> Result<&'a str> {
        match (self.earlier, reason.trim()) {
            (0, _) => Ok(""),
            (_, "") => Err(Error::not_now("reprint_reason_missing")),
            (_, reason) => Ok(reason),
        }
    }

    /// The word for a print in the book of prints, which is looked for where it is written: of papers that are many alike two may be
    /// printed at once.
    fn word<'a>(&self, tx: &Tx<'_>, row: i64, reason: &'a str) -> store::Result<&'a str> {
        let is_one_more = self.is_one_of_many && !tx.document_prints(row)?.is_empty();
        Ok(if is_one_more { ONE_MORE } else { reason })
    }
}

/// A queue number has no row before it came out: it is the visit's.
fn ticket_key(permohonan: PermohonanId) -> String {
    format!("{}/{permohonan}", TICKET.key())
}

fn tell_doubt(desk: &Desk, attempt: &PrintAttempt) -> Result<()> {
    let act = Act::DocumentDoubt { permohonan: attempt.sent.permohonan, kind: attempt.sent.kind.clone() };
    desk.transact(act, |tx| {
        // The line stands later than the sheet was sent.
        if let Ok(sent) = Timestamp::from_millisecond(attempt.sent_ms) {
            tx.note("dikirim", &iso(sent));
        }
        tx.doubt_print(attempt.id)
    })
}

/// Key of the words (`attest.reason.<key>`) for what a printer says of itself.
fn reason_key(keywords: &[String]) -> Option<String> {
    devices::protocol::ipp::first_paper_reason(keywords).map(str::to_owned)
}

/// Under which name a print stands in the register: with its visit where there is one.
fn print_act(permohonan: Option<PermohonanId>, kind: &str, copy: u32) -> Act {
    let kind = kind.to_owned();
    match (copy, permohonan) {
        (1, Some(permohonan)) => Act::DocumentPrint { permohonan, kind },
        (1, None) => Act::Deed { kind: RegisterKind::DocumentPrinted },
        (copy, permohonan) => Act::DocumentReprint { permohonan, kind, copy },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain::{self, PASSWORD};

    #[test]
    fn what_keeps_a_document_printer_from_printing_is_said_in_words_of_its_own() {
        for (keyword, key) in [
            ("media-empty-error", "media_empty"),
            ("media-jam-error", "media_jam"),
            ("cover-open-error", "cover_open"),
            ("toner-empty", "toner_empty"),
            ("input-tray-missing", "tray_missing"),
            ("output-area-full", "output_full"),
            ("paused", "paused"),
            ("offline-error", "offline"),
            ("fuser-over-temp", "overheated"),
            ("job-canceled-by-user", "job_cancelled"),
            ("job-queued", "queued"),
            ("aborted-by-system", "job_refused"),
            ("of-a-vendor", "other"),
        ] {
            assert_eq!(reason_key(&[keyword.to_owned()]).as_deref(), Some(key), "{keyword}");
            crate::words::assert_worded(&format!("attest.reason.{key}"));
        }
    }

    #[test]
    fn a_sheet_that_was_counted_before_another_one_of_it_came_out_is_not_sent() {
        let dir = tempfile::tempdir().unwrap();
        let officer = plain::officer("satu", &domain::role::Role::ALL);
        let station = plain::start(plain::config(dir.path()), plain::provision(true, vec![officer]));
        station.sign_in("satu", PASSWORD).unwrap();
        let opened = station.open(&station.kinds().unwrap()[0].kind).unwrap();
        let visit = PermohonanId::parse(&opened.id).unwrap();
        let desk = station.desk(Action::StartPermohonan).unwrap();
        let count = || station.counted_ticket(&desk, visit).unwrap().0;
        let ticket = station.ticket_document(&desk, visit).unwrap();
        let way = Way { roll: true, printer: "Loket".into(), reason: "" };
        let done = || Ok(view::PrintJob { state: PrintState::Done, reason: None, printer: "Loket".into() });

        let (first, second) = (count(), count());
        station.send_sheet(&desk, &first, &way, done, |tx| tx.add_document(&ticket)).unwrap();
        let sent = std::cell::Cell::new(false);
        let print = || {
            sent.set(true);
            done()
        };
        let late = station.send_sheet(&desk, &second, &way, print, |tx| tx.add_document(&ticket));
        assert_eq!(late.expect_err("it bears no mark").to_view().key, "print_meanwhile");
        assert!(!sent.get(), "the printer heard of one");
        let now = count();
        assert_eq!((now.earlier, now.document.is_some()), (1, true), "one is counted, and one is kept");

        // Of a kept paper likewise, which is the same row before and after.
        let (third, fourth) = (count(), count());
        let again = Way { reason: "lost", ..way };
        let row = now.document.unwrap();
        station.send_sheet(&desk, &third, &again, done, |_| Ok(row)).unwrap();
        let late = station.send_sheet(&desk, &fourth, &again, print, |_| Ok(row));
        assert_eq!(
            late.expect_err("it would bear the number of the one before").to_view().key,
            "print_meanwhile"
        );
        assert!(!sent.get() && count().earlier == 2);
    }

    #[test]
    fn papers_that_are_many_alike_are_printed_at_once_and_each_is_counted() {
        let dir = tempfile::tempdir().unwrap();
        let officer = plain::officer("satu", &domain::role::Role::ALL);
        let station = plain::start(plain::config(dir.path()), plain::provision(true, vec![officer]));
        station.sign_in("satu", PASSWORD).unwrap();
        let blank = station.blank_paper("f102_blank").unwrap().document_id;
        let desk = station.desk(Action::ReadQueue).unwrap();
        let row: i64 = blank.parse().unwrap();
        let found = desk.store.read(|view| view.document(row)).unwrap();
        let way = Way { roll: false, printer: "Loket".into(), reason: "" };
        let done = || Ok(view::PrintJob { state: PrintState::Done, reason: None, printer: "Loket".into() });
        let count = || station.counted(&desk, &found).unwrap();
        // Both begin before either came out.
        let (first, second) = (count(), count());
        for paper in [first, second] {
            station.send_sheet(&desk, &paper, &way, done, |_| Ok(row)).unwrap();
        }
        let prints = desk.store.read(|view| view.document_prints(row)).unwrap();
        let words: Vec<_> = prints.iter().map(|print| print.reason.as_str()).collect();
        assert_eq!(words, ["", ONE_MORE]);
    }

    #[test]
    fn a_print_stands_in_the_register_as_a_print_of_its_visit_and_never_as_a_made_form() {
        let visit = PermohonanId::new(crate::clock::new_uuid());
        let line = |permohonan, copy| {
            let act = print_act(permohonan, "formulir_perekaman", copy);
            (act.register_kind().key(), act.permohonan())
        };
        assert_eq!(line(Some(visit), 1), ("document_printed", Some(visit)));
        assert_eq!(line(None, 1), ("document_printed", None), "the page of a day has none");
        assert_eq!(line(Some(visit), 2), ("document_reprinted", Some(visit)));
    }
}

//! Slips on the roll of an 80 mm printer: the queue number of a visit that begins and, with the number and the seal of the
//! paper that is kept, the Tanda Pengambilan and the slip of a return.

use std::time::Duration;

use devices::driver::slip_printer::SlipOutcome;
use devices::error::Fault;
use documents::{NomorAntrean, Paper, Sheet};
use domain::ids::PermohonanId;
use domain::paper::DocumentKind;
use domain::permohonan::Phase;
use domain::plan::Step;
use domain::role::Action;
use domain::seal::Checksum;
use jiff::Timestamp;
use store::{NewDocument, QueueFilter};

use crate::handover::name_of;
use crate::papers::{SLIP, TOLD, code_on_slip};
use crate::prints::Way;
use crate::session::Desk;
use crate::view::{self, PrintState};
use crate::visit::{Visit, parse_state};
use crate::{Error, Result, Station, words};

/// What the holder of a queue number does.
const WAIT_HERE: &str = "Duduk di ruang tunggu. Petugas memanggil Anda.";
/// How long one slip may take, with its cut.
const SLIP_WITHIN: Duration = Duration::from_secs(30);

impl Station {
    /// Whether a slip printer is set up at this desk.
    pub(crate) fn has_slip_printer(&self) -> bool {
        !self.config.devices.slip_printer.is_empty()
    }

    /// Prints the Tanda Pengambilan that stands, the newest slip that says why there is no card yet, or the slip of a return that
    /// still stands, on the roll; counted as printed only when the printer said so. Whoever prints it again says why, as for
    /// [`Station::print_document`].
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid`, `NotFound` (no such slip), `NotNow` (no slip printer, one that says what the form says no
    /// more, a print without an end is not answered for, a reprint without a reason), `Device`, `Document`, `Store`.
    pub fn print_slip(&self, document_id: &str, reason: &str) -> Result<view::PrintJob> {
        // Whoever hands a visit back gives the slip; a Tanda Pengambilan is given at step 7 alone.
        let desk = self.desk(Action::ReadQueue)?;
        let row: i64 = document_id.parse().map_err(|_| Error::Invalid { what: "document" })?;
        if !self.has_slip_printer() {
            return Err(Error::not_now("no_slip_printer"));
        }
        let found = desk.store.read(|view| view.document(row))?;
        let counted = self.counted(&desk, &found)?;
        let none = || Error::NotFound { what: "slip" };
        let visit = self.visit(&desk, &found.permohonan.ok_or_else(none)?.to_string())?;
        let at = Timestamp::from_millisecond(found.document.rendered_ms).unwrap_or(desk.now);
        let said = desk.store.read(|view| view.document_words(row))?;
        let mut then = Desk { now: at, ..desk.clone() };
        if let Some(giver) = &said.operator {
            then.session.name = name_of(&desk, giver)?;
        }
        let number = &found.document.number;
        let code = said.code;
        let mut sheet = if found.document.kind == SLIP.key() {
            self.desk(Action::CheckStatus)?;
            // One that fell with the centre's word, or that another one stands for, calls nobody any more.
            let newest = desk.store.read(|look| look.newest_document(visit.id(), SLIP))?;
            if !visit.state.status.slip_given || newest.is_none_or(|newest| newest.id != row) {
                return Err(none());
            }
            // One of an earlier program kept no sentence.
            let ready = match said.said {
                none if none.is_empty() => self.pickup_plan(&then, &visit)?.ready,
                said => said,
            };
            Sheet::TandaPengambilan(Box::new(self.pickup_sheet(&then, &visit, number, ready)?))
        } else if found.document.kind == TOLD.key() {
            self.desk(Action::CheckStatus)?;
            // Told again since, the slip of before says what holds no more.
            let newest = desk.store.read(|look| look.newest_document(visit.id(), TOLD))?;
            match (&visit.state.status.told, newest) {
                (Some(told), Some(newest)) if newest.id == row => {
                    Sheet::SlipStatus(Box::new(self.status_sheet(&then, &visit, number, &told.reason)?))
                }
                _ => return Err(none()),
            }
        } else {
            let newest = self.newest_slip(&desk, &visit)?.is_some_and(|newest| newest == document_id);
            match &visit.state.phase {
                Phase::Returned { reasons } if newest => {
                    Sheet::SlipPengembalian(Box::new(self.return_sheet(&then, &visit, reasons, number)?))
                }
                _ => return Err(none()),
            }
        };
        // Sealed anew, it would bear the key of today beside the day of then.
        if let Some(set) = code_on_slip(&mut sheet).filter(|_| !code.is_empty()) {
            // Another name or NIK was written since: under this number nobody gave a slip that says it.
            if checksum(&code) != checksum(set) {
                return Err(Error::not_now("slip_says_otherwise"));
            }
            *set = code;
        }
        let mut paper = self.paper(&then, sheet)?;
        paper.reprint = counted.earlier;
        let way = self.to_the_roll(reason);
        self.send_sheet(&desk, &counted, &way, || self.out_of_the_roll(&paper), |_| Ok(row))
    }

    /// The slip printer, and why it prints once more.
    fn to_the_roll<'a>(&self, reason: &'a str) -> Way<'a> {
        Way { roll: true, printer: self.model_of(devices::Role::SlipPrinter), reason }
    }

    /// Prints the queue number of a visit on the roll, marked when it came out before; then with the reason. It is kept, and
    /// counted, once the printer said that it came out.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `NotNow` (no slip printer, a print without an end is not answered for, a reprint without
    /// a reason), `Device`, `Document`, `Store`.
    pub fn print_ticket(&self, id: &str, reason: &str) -> Result<view::PrintJob> {
        let desk = self.desk(Action::StartPermohonan)?;
        let visit = self.visit(&desk, id)?;
        if !self.has_slip_printer() {
            return Err(Error::not_now("no_slip_printer"));
        }
        let (counted, kept) = self.counted_ticket(&desk, visit.id())?;
        let paper = self.ticket_paper(&desk, &visit, counted.earlier)?;
        let new = self.kept_ticket(&visit, &paper)?;
        let way = self.to_the_roll(reason);
        let print = || self.out_of_the_roll(&paper);
        self.send_sheet(&desk, &counted, &way, print, |tx| match &kept {
            Some(paper) => Ok(paper.id),
            None => tx.add_document(&new),
        })
    }

    fn ticket_paper(&self, desk: &Desk, visit: &Visit, reprint: u32) -> Result<Paper> {
        let sheet = Sheet::NomorAntrean(Box::new(self.ticket_sheet(desk, visit)?));
        let mut paper = self.paper(desk, sheet)?;
        paper.reprint = reprint;
        Ok(paper)
    }

    fn kept_ticket(&self, visit: &Visit, paper: &Paper) -> Result<NewDocument> {
        Ok(NewDocument {
            permohonan: Some(visit.id()),
            kind: DocumentKind::NomorAntrean.key().to_owned(),
            number: String::new(),
            pdf: self.press().render(paper)?.pdf,
        })
    }

    /// The first queue number of a visit, to be kept once somebody said that it came out.
    pub(crate) fn ticket_document(&self, desk: &Desk, permohonan: PermohonanId) -> Result<NewDocument> {
        let visit = self.visit(desk, &permohonan.to_string())?;
        let paper = self.ticket_paper(desk, &visit, 0)?;
        self.kept_ticket(&visit, &paper)
    }

    /// The queue number, with those who came before on this day and are still being recorded: who left on another day sits on no
    /// bench.
    fn ticket_sheet(&self, desk: &Desk, visit: &Visit) -> Result<NomorAntrean> {
        let opened_ms = visit.row.opened_ms;
        let opened = Timestamp::from_millisecond(opened_ms).unwrap_or(desk.now);
        let day = self.day_of(opened);
        let mut waiting = 0;
        for row in desk.store.read(|view| view.queue(&QueueFilter::default()))? {
            let state = parse_state(&row.state_json)?;
            let came = Timestamp::from_millisecond(row.opened_ms).unwrap_or(desk.now);
            let before = self.day_of(came) == day && (row.opened_ms, row.id) < (opened_ms, visit.id());
            waiting += u32::from(before && state.phase == Phase::Open && state.step < Step::PrintRequest);
        }
        Ok(NomorAntrean {
            ticket: visit.ticket().to_owned(),
            kind: words::kind(visit.state.plan.kind).to_owned(),
            given: format!("{} pukul {}", self.day_text(opened), self.clock_text(opened)),
            waiting,
            instruction: WAIT_HERE.to_owned(),
        })
    }

    /// One slip on the roll, and what the printer said of it.
    fn out_of_the_roll(&self, paper: &Paper) -> Result<view::PrintJob> {
        let bytes = documents::roll(paper)?;
        let printer = self.model_of(devices::Role::SlipPrinter);
        let outcome = self.equipment.print_slip(bytes, SLIP_WITHIN);
        // It said beforehand that it cannot: nothing came out, and its reason has words.
        if let Err(Error::Device { source, .. }) = &outcome
            && let Fault::Refused { code, .. } = source.fault()
        {
            return Ok(view::PrintJob { state: PrintState::Stopped, reason: Some(code), printer });
        }
        let (state, reason) = match outcome? {
            SlipOutcome::Printed => {
                fail::fail_point!("station::slip::out");
                (PrintState::Done, None)
            }
            SlipOutcome::Stopped { reason } => (PrintState::Stopped, Some(reason.key().to_owned())),
            SlipOutcome::Unknown => (PrintState::Unknown, None),
        };
        Ok(view::PrintJob { state, reason, printer })
    }
}

/// What a code is signed over; `None` for a text that is no code.
fn checksum(code: &str) -> Option<Checksum> {
    domain::seal::decode(code).ok().map(|code| code.seal.checksum)
}

//! Any IPP printer: CUPS queue, network printer, ipp-usb.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use ipp::prelude::*;

use super::ipp_wire::{
    Job, OWNER, Wire, attribute, firmware_of, integer, keyword, keywords, model_of, unreadable,
};
use super::{PrintOutcome, PrintRequest, Printer, PrinterStatus, Told};
use crate::budget::{Budget, millis};
use crate::device::{Device, DeviceId, DeviceInfo, DeviceKind, DeviceState, Identity, TestReport};
use crate::driver::worker::Worker;
use crate::error::{DeviceError, Fault, Operation};
use crate::fact::{Fact, FactKey, paper_name};
use crate::protocol::ipp::{
    JOB_AT_STOPPED_PRINTER, JOB_QUEUED, JobState, PRINTER_STOPPED, is_hindrance, mild_trouble, paper_reason,
    stands_still, trouble,
};

const DRIVER: &str = concat!("ipp ", env!("CARGO_PKG_VERSION"));
/// Pause between two questions about a job.
const ASK_AGAIN: Duration = Duration::from_millis(300);
/// Time for a cancel that is sent when the task itself has no time left; a caller that wants to hear of it grants as much.
pub const LAST_WORD: Duration = Duration::from_secs(5);
/// No printer needs as long for one sheet. What it only warns of holds a job up once nothing moved for this long.
const SHEET: Duration = Duration::from_secs(15);
/// Largest document.
const PDF_MAX: usize = 64 * 1024 * 1024;

/// The driver.
pub struct IppPrinter {
    id: DeviceId,
    identity: Identity,
    wire: Wire,
    worker: Worker<Wire>,
    /// As the printer named itself when it was asked first.
    model: OnceLock<String>,
    /// As it told when it was asked last.
    firmware: Mutex<Option<String>>,
}

impl IppPrinter {
    /// The printer at `ipp://host[:port]/path` (or `http://`); `Unsupported` for anything else.
    ///
    /// # Errors
    /// [`Fault::Unsupported`].
    pub fn new(url: &str) -> Result<Self, Fault> {
        let wire = Wire::parse(url)?;
        let identity = Identity::of_url(url);
        let on_thread = wire.clone();
        let worker = Worker::start("printer", move || on_thread.clone());
        Ok(Self {
            id: identity.id(DeviceKind::DocumentPrinter),
            identity,
            wire,
            worker,
            model: OnceLock::new(),
            firmware: Mutex::default(),
        })
    }

    fn call<T: Send + 'static>(
        &self,
        operation: Operation,
        budget: &Budget,
        job: impl FnOnce(&Wire, &Budget) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, DeviceError> {
        let inner = budget.clone();
        self.worker
            .printing(operation, budget, move |wire| job(wire, &inner))
            .map_err(|fault| fault.on(&self.id, operation))
    }
}

/// What a job was last held up by, for who listens.
struct HeldUp<'a> {
    told: &'a Told,
    last: Vec<String>,
}

impl HeldUp<'_> {
    /// Tells it when it is news.
    fn by(&mut self, hindered: &[String]) {
        if self.last != hindered {
            (self.told)(hindered);
            self.last = hindered.to_vec();
        }
    }
}

/// What was seen of a job on its way. What its printer did not answer is as it said last.
struct Seen {
    state: JobState,
    /// It was at work at some time: a sheet may be out.
    begun: bool,
    /// What the printer says of itself.
    reasons: Vec<String>,
    printer_stopped: bool,
    /// What the printer counted of it.
    counted: i32,
    /// Since when nothing moved though the printer warns.
    since: Instant,
}

impl Seen {
    fn new() -> Self {
        Self {
            // One that was never looked at is taken for slow.
            state: JobState::Processing,
            begun: false,
            reasons: Vec::new(),
            printer_stopped: false,
            counted: 0,
            since: Instant::now(),
        }
    }

    /// What the job says of itself.
    fn job(&mut self, job: &Job) {
        if job.state != self.state || job.counted > self.counted {
            self.since = Instant::now();
        }
        self.begun |= job.begun == Some(true);
        (self.state, self.counted) = (job.state, self.counted.max(job.counted));
    }

    /// What its printer says of itself.
    fn printer(&mut self, printer: &IppAttributes) {
        (self.reasons, self.printer_stopped) = (status(printer).reasons, is_stopped(printer));
        if mild_trouble(&self.reasons).next().is_none() {
            self.since = Instant::now();
        }
    }

    fn moves(&self) -> bool {
        self.since.elapsed() < SHEET
    }

    /// Nothing comes of it as it stands.
    fn is_still(&self) -> bool {
        stands_still(self.state, self.printer_stopped, &self.reasons, self.moves())
    }

    /// It waits for others; a tray that the printer warns of is theirs.
    fn waits(&self) -> bool {
        matches!(self.state, JobState::Pending | JobState::Held) && !self.printer_stopped
    }

    /// What holds it up, for who listens.
    fn hindered(&self) -> Vec<String> {
        let reasons = self.reasons.iter().filter(|reason| is_hindrance(reason));
        let mut told: Vec<String> = reasons.cloned().collect();
        if self.printer_stopped || !(self.moves() || self.waits()) {
            told.extend(mild_trouble(&self.reasons).map(str::to_owned));
        }
        if self.state == JobState::Processing {
            // On its way to the printer, as every job is.
            told.retain(|reason| reason != "connecting-to-device");
        }
        told
    }

    /// Why it is called off when its time is over: never without a word, for the job itself will only say that it was.
    fn why(&self) -> Vec<String> {
        let counts = |reason: &&String| !self.waits() || is_hindrance(reason);
        let reasons = self.reasons.iter().filter(counts);
        let trouble: Vec<String> = reasons.filter_map(|reason| trouble(reason)).map(str::to_owned).collect();
        if !trouble.is_empty() {
            return trouble;
        }
        let word = if self.waits() { JOB_QUEUED } else { JOB_AT_STOPPED_PRINTER };
        vec![word.to_owned()]
    }
}

/// How a job ended that somebody called off: surely none of its sheets is out only where it never began. IPP does not tell more.
fn called_off(number: i32, begun: bool, job: Job, why: Vec<String>) -> PrintOutcome {
    let reasons = [why, job.reasons].concat();
    if !begun && job.begun == Some(false) {
        PrintOutcome::Stopped { job: number, reasons }
    } else {
        PrintOutcome::Unknown { job: Some(number), reasons }
    }
}

impl Wire {
    fn printer(&self, budget: &Budget) -> Result<IppAttributes, Fault> {
        self.attributes(
            &[
                "printer-state",
                "printer-state-reasons",
                "printer-is-accepting-jobs",
                "printer-make-and-model",
                "printer-firmware-string-version",
                "media-ready",
                "document-format-supported",
            ],
            budget,
        )
    }

    fn print(&self, request: PrintRequest, told: &Told, budget: &Budget) -> Result<PrintOutcome, Fault> {
        let printer = self.printer(budget)?;
        let formats = keywords(&printer, DelimiterTag::PrinterAttributes, "document-format-supported");
        if !formats.is_empty() && !formats.iter().any(|f| f == "application/pdf") {
            return Err(Fault::Unsupported { what: "application/pdf".to_owned() });
        }
        let send = IppOperationBuilder::print_job(
            self.uri.clone(),
            IppPayload::new(std::io::Cursor::new(request.pdf)),
        )
        .user_name(OWNER)
        .job_title(&request.title)
        .document_format("application/pdf")
        .attribute(attribute("copies", IppValue::Integer(i32::from(request.copies)))?)
        .attribute(attribute("media", keyword(&request.media)?)?)
        // True size: a form that is scaled no longer fits its stamp fields.
        .attribute(attribute("print-scaling", keyword("none")?)?)
        .attribute(attribute("ipp-attribute-fidelity", IppValue::Boolean(false))?)
        .build()
        .map_err(unreadable)?;
        budget.check()?;
        let job = match self.send(send, budget) {
            Ok(answer) => integer(answer.attributes(), DelimiterTag::JobAttributes, "job-id"),
            // A clear refusal is surely not printed; any other failure may have come after acceptance.
            Err(refused @ Fault::Refused { .. }) => return Err(refused),
            Err(_) => None,
        };
        match job {
            Some(job) => {
                let mut held_up = HeldUp { told, last: Vec::new() };
                let outcome = self.follow(job, &mut held_up, budget);
                held_up.by(&[]);
                Ok(outcome)
            }
            None => Ok(PrintOutcome::Unknown { job: None, reasons: Vec::new() }),
        }
    }

    fn follow(&self, number: i32, held_up: &mut HeldUp<'_>, budget: &Budget) -> PrintOutcome {
        let mut seen = Seen::new();
        loop {
            // The job is out there: a lost connection is no news about the paper.
            if let Ok(job) = self.job(number, budget) {
                match job.state {
                    JobState::Completed => return PrintOutcome::Completed { job: number },
                    JobState::Aborted => {
                        return PrintOutcome::Stopped { job: number, reasons: job.reasons };
                    }
                    // By somebody at the printer.
                    JobState::Cancelled => return called_off(number, seen.begun, job, Vec::new()),
                    // The job says at most that the printer stands still; why is the printer's own word. Many leave a job
                    // "processing" while they wait for paper.
                    JobState::Pending | JobState::Held | JobState::Processing | JobState::Stopped => {
                        seen.job(&job);
                        if let Ok(printer) = self.printer(budget) {
                            seen.printer(&printer);
                        }
                    }
                }
            }
            held_up.by(&seen.hindered());
            match budget.pause(ASK_AGAIN) {
                Ok(()) => {}
                Err(Fault::Cancelled) => return self.call_off(number, seen.begun, Vec::new()),
                // Left in its queue it would come out once the printer is helped, beside the sheet printed in its place.
                Err(_) if seen.is_still() => return self.call_off(number, seen.begun, seen.why()),
                Err(_) => return PrintOutcome::Unknown { job: Some(number), reasons: Vec::new() },
            }
        }
    }

    /// Calls a job off and asks what became of it; what the printer does not say is unknown. `begun`: it was seen at work. `why`
    /// it is called off stands before what the job says of itself.
    fn call_off(&self, number: i32, mut begun: bool, why: Vec<String>) -> PrintOutcome {
        let budget = Budget::of(LAST_WORD);
        if let Ok(request) =
            IppOperationBuilder::cancel_job(self.uri.clone(), number).user_name(OWNER).build()
        {
            let _ = self.send(request, &budget);
        }
        loop {
            if let Ok(job) = self.job(number, &budget) {
                match job.state {
                    JobState::Completed => return PrintOutcome::Completed { job: number },
                    JobState::Cancelled | JobState::Aborted => return called_off(number, begun, job, why),
                    JobState::Pending | JobState::Held | JobState::Processing | JobState::Stopped => {
                        begun |= job.begun == Some(true);
                    }
                }
            }
            if budget.pause(ASK_AGAIN).is_err() {
                return PrintOutcome::Unknown { job: Some(number), reasons: why };
            }
        }
    }
}

/// What is in the printer's way, by the window's words; a keyword without words of its own stands as it is.
fn reasons_of(keywords: &[String]) -> Vec<Fact> {
    keywords
        .iter()
        .filter_map(|keyword| match paper_reason(keyword) {
            Some("other") => Some(Fact::new(FactKey::Word, keyword)),
            Some(key) => Some(Fact::new(FactKey::Reason, key)),
            None => None,
        })
        .collect()
}

fn is_stopped(attributes: &IppAttributes) -> bool {
    integer(attributes, DelimiterTag::PrinterAttributes, "printer-state")
        .is_none_or(|state| state == PRINTER_STOPPED)
}

fn status(attributes: &IppAttributes) -> PrinterStatus {
    let tag = DelimiterTag::PrinterAttributes;
    let reasons: Vec<String> =
        keywords(attributes, tag, "printer-state-reasons").into_iter().filter(|r| r != "none").collect();
    let stopped = is_stopped(attributes);
    let accepting = keywords(attributes, tag, "printer-is-accepting-jobs").iter().all(|v| v == "true");
    PrinterStatus {
        ready: !stopped && accepting && !reasons.iter().any(|reason| is_hindrance(reason)),
        reasons,
        media_ready: keywords(attributes, tag, "media-ready"),
    }
}

impl Device for IppPrinter {
    fn id(&self) -> &DeviceId {
        &self.id
    }

    fn kind(&self) -> DeviceKind {
        DeviceKind::DocumentPrinter
    }

    fn info(&self) -> DeviceInfo {
        DeviceInfo {
            identity: self.identity.clone(),
            make: String::new(),
            model: self.model.get().cloned().unwrap_or_else(|| self.wire.uri.to_string()),
            firmware: self.firmware.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            driver: DRIVER.to_owned(),
            notes: Vec::new(),
        }
    }

    fn state(&self) -> DeviceState {
        self.worker.state()
    }

    /// Asks for state and reasons; prints nothing.
    fn test(&self, budget: &Budget) -> Result<TestReport, DeviceError> {
        let started = Instant::now();
        let attributes = self.call(Operation::Test, budget, Wire::printer)?;
        let now = status(&attributes);
        let mut findings: Vec<Fact> =
            model_of(&attributes).map(|model| Fact::new(FactKey::Model, model)).into_iter().collect();
        findings.push(Fact::new(FactKey::Ready, now.ready));
        findings.extend(reasons_of(&now.reasons));
        findings.extend(now.media_ready.iter().map(|media| Fact::new(FactKey::Media, paper_name(media))));
        Ok(TestReport { device: self.id.clone(), findings, took_ms: millis(started.elapsed()) })
    }
}

impl Printer for IppPrinter {
    fn status(&self, budget: &Budget) -> Result<PrinterStatus, DeviceError> {
        let printer = self.call(Operation::Read, budget, Wire::printer)?;
        if let Some(model) = model_of(&printer) {
            self.model.get_or_init(|| model);
        }
        *self.firmware.lock().unwrap_or_else(PoisonError::into_inner) = firmware_of(&printer);
        Ok(status(&printer))
    }

    /// One call is one job. No printer is `Absent`; a refused job is `Refused`; everything after acceptance
    /// is an outcome, and only job state 9 is `Completed`.
    fn print_telling(
        &self,
        request: &PrintRequest,
        told: Told,
        budget: &Budget,
    ) -> Result<PrintOutcome, DeviceError> {
        if request.pdf.len() > PDF_MAX {
            let fault = Fault::TooLarge { limit: PDF_MAX as u64, got: request.pdf.len() as u64 };
            return Err(fault.on(&self.id, Operation::Write));
        }
        if !request.pdf.starts_with(b"%PDF-") || request.copies == 0 {
            let fault = Fault::Unsupported { what: "dokumen bukan PDF, atau nol salinan".to_owned() };
            return Err(fault.on(&self.id, Operation::Write));
        }
        let request = request.clone();
        self.call(Operation::Write, budget, move |wire, budget| wire.print(request, &told, budget))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(state: JobState, counted: i32) -> Job {
        Job { state, reasons: Vec::new(), name: None, begun: Some(true), counted }
    }

    fn printer(reason: &str) -> IppAttributes {
        let mut all = IppAttributes::new();
        for (name, value) in
            [("printer-state", IppValue::Enum(4)), ("printer-state-reasons", keyword(reason).unwrap())]
        {
            all.add(DelimiterTag::PrinterAttributes, IppAttribute::with_name(name, value).unwrap());
        }
        all
    }

    #[test]
    fn what_a_printer_said_last_holds_where_it_does_not_answer_any_more() {
        let mut seen = Seen::new();
        assert!(!seen.is_still(), "one that nobody looked at is only slow");
        seen.job(&job(JobState::Processing, 0));
        seen.printer(&printer("media-jam-error"));
        seen.job(&job(JobState::Processing, 0));
        assert!(seen.is_still(), "its time is over before the printer was asked once more");
        assert_eq!((seen.why(), seen.hindered()), (vec!["media-jam-error".into()], seen.why()));
        seen.printer(&printer("none"));
        assert!(!seen.is_still() && seen.hindered().is_empty());
        seen.job(&job(JobState::Pending, 0));
        assert_eq!((seen.is_still(), seen.why()), (true, vec![JOB_QUEUED.to_owned()]));
        seen.job(&job(JobState::Stopped, 0));
        assert_eq!(seen.why(), [JOB_AT_STOPPED_PRINTER], "never that it was called off, and nothing else");
    }

    #[test]
    fn a_warning_holds_a_job_up_once_nothing_moved_for_longer_than_a_sheet_takes() {
        let mut seen = Seen::new();
        seen.job(&job(JobState::Processing, 1));
        seen.printer(&printer("media-empty-warning"));
        assert!(!seen.is_still() && seen.hindered().is_empty(), "it may print from the other tray");
        seen.since = seen.since.checked_sub(SHEET).unwrap();
        assert!(seen.is_still());
        assert_eq!((seen.hindered(), seen.why()), (vec!["media-empty".into()], vec!["media-empty".into()]));
        seen.job(&job(JobState::Processing, 2));
        assert!(!seen.is_still() && seen.hindered().is_empty(), "one more came out");
    }

    #[test]
    fn a_job_that_waits_behind_others_is_held_up_by_no_tray_that_is_only_warned_of() {
        let mut seen = Seen::new();
        for state in [JobState::Pending, JobState::Held] {
            seen.job(&job(state, 0));
            seen.printer(&printer("media-empty-warning"));
            seen.since = seen.since.checked_sub(SHEET).unwrap();
            assert!(seen.is_still() && seen.hindered().is_empty(), "{state:?}");
            assert_eq!(seen.why(), [JOB_QUEUED], "{state:?}: of the tray of another job");
            seen.printer(&printer("media-empty-error"));
            assert_eq!(seen.hindered(), ["media-empty-error"], "{state:?}: of every tray");
            assert_eq!(seen.why(), seen.hindered());
        }
        seen.printer(&printer("media-empty-warning"));
        seen.printer_stopped = true;
        assert_eq!(seen.why(), ["media-empty"], "a printer that stands still tells why");
    }
}

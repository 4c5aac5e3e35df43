//! Any IPP printer: CUPS queue, network printer, ipp-usb.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use ipp::prelude::*;

use super::ipp_wire::{OWNER, Wire, attribute, integer, keyword, keywords, model_of, unreadable};
use super::{PrintOutcome, PrintRequest, Printer, PrinterStatus, Told};
use crate::budget::{Budget, millis};
use crate::device::{Device, DeviceId, DeviceInfo, DeviceKind, DeviceState, Identity, TestReport};
use crate::driver::worker::Worker;
use crate::error::{DeviceError, Fault, Operation};
use crate::fact::{Fact, FactKey, paper_name};
use crate::protocol::ipp::{JobState, PRINTER_STOPPED, is_hindrance, is_trouble, paper_reason, stands_still};

const DRIVER: &str = concat!("ipp ", env!("CARGO_PKG_VERSION"));
/// Pause between two questions about a job.
const ASK_AGAIN: Duration = Duration::from_millis(300);
/// Time for a cancel that is sent when the task itself has no time left; a caller that wants to hear of it grants as much.
pub const LAST_WORD: Duration = Duration::from_secs(5);
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
        let worker = Worker::start("printer", move || on_thread);
        Ok(Self {
            id: identity.id(DeviceKind::DocumentPrinter),
            identity,
            wire,
            worker,
            model: OnceLock::new(),
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

impl Wire {
    fn printer(&self, budget: &Budget) -> Result<IppAttributes, Fault> {
        self.attributes(
            &[
                "printer-state",
                "printer-state-reasons",
                "printer-is-accepting-jobs",
                "printer-make-and-model",
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
                outcome
            }
            None => Ok(PrintOutcome::Unknown { job: None, reasons: Vec::new() }),
        }
    }

    fn follow(&self, job: i32, held_up: &mut HeldUp<'_>, budget: &Budget) -> Result<PrintOutcome, Fault> {
        let mut hindered: Vec<String> = Vec::new();
        // What the last look said, and whether the job was ever on its way.
        let (mut waits, mut trouble, mut begun) = (false, Vec::new(), false);
        loop {
            match self.job(job, budget).map(|job| (job.state, job.reasons)) {
                Ok((JobState::Completed, _)) => return Ok(PrintOutcome::Completed { job }),
                Ok((JobState::Cancelled | JobState::Aborted, reasons)) => {
                    return Ok(PrintOutcome::Stopped { job, reasons });
                }
                // The job says at most that the printer stands still; why is the printer's own word. Many leave a job
                // "processing" while they wait for paper.
                Ok((state, _)) => {
                    begun |= matches!(state, JobState::Processing | JobState::Stopped);
                    waits = state != JobState::Processing;
                    if let Ok(printer) = self.printer(budget) {
                        hindered = status(&printer).reasons;
                        waits = stands_still(state, is_stopped(&printer), &hindered);
                        trouble = hindered.iter().filter(|reason| is_trouble(reason)).cloned().collect();
                        hindered.retain(|reason| is_hindrance(reason));
                        if state == JobState::Processing {
                            // On its way to the printer, as every job is.
                            hindered.retain(|reason| reason != "connecting-to-device");
                        }
                    }
                }
                // The job is out there: a lost connection is no news about the paper.
                Err(_) => {}
            }
            held_up.by(&hindered);
            match budget.pause(ASK_AGAIN) {
                Ok(()) => {}
                Err(Fault::Cancelled) => return Ok(self.cancel(job, Vec::new())),
                // Left in its queue it would come out once the printer is helped, beside the sheet printed in its place. Of one
                // that had begun a sheet may be out: that is asked.
                Err(_) if waits => {
                    return Ok(match self.cancel(job, trouble) {
                        PrintOutcome::Stopped { job, reasons } if begun => {
                            PrintOutcome::Unknown { job: Some(job), reasons }
                        }
                        end => end,
                    });
                }
                Err(_) => return Ok(PrintOutcome::Unknown { job: Some(job), reasons: Vec::new() }),
            }
        }
    }

    /// Cancels and asks what became of the job; what the printer does not say is unknown. `why` it is called off stands
    /// before what the job says of itself.
    fn cancel(&self, job: i32, why: Vec<String>) -> PrintOutcome {
        let budget = Budget::of(LAST_WORD);
        if let Ok(request) = IppOperationBuilder::cancel_job(self.uri.clone(), job).user_name(OWNER).build() {
            let _ = self.send(request, &budget);
        }
        loop {
            match self.job(job, &budget).map(|job| (job.state, job.reasons)) {
                Ok((JobState::Completed, _)) => return PrintOutcome::Completed { job },
                Ok((JobState::Cancelled | JobState::Aborted, reasons)) => {
                    return PrintOutcome::Stopped { job, reasons: [why, reasons].concat() };
                }
                _ if budget.pause(ASK_AGAIN).is_err() => {
                    return PrintOutcome::Unknown { job: Some(job), reasons: why };
                }
                _ => {}
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
            firmware: None,
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

//! A card printer over IPP: CUPS queue or printer, one exact CR80 page, 300 dpi, never scaled.

mod page;
mod status;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use ipp::operation::IppOperation;
use ipp::prelude::*;

use self::page::{document, format_of, media_col, page_of};
use self::status::{status_of, supplies_of};
use super::job::Jobs;
use super::{
    Abilities, CardFate, CardJob, CardPrinter, CardPrinterStatus, CardReason, Doubt, JobId, JobState,
    Position, Supplies,
};
use crate::budget::{Budget, millis};
use crate::device::{Device, DeviceId, DeviceInfo, DeviceKind, DeviceState, Identity, TestReport};
use crate::driver::printer::ipp_wire::{
    Job, OWNER, Wire, attribute, firmware_of, integer, keyword, keywords, model_of, unreadable,
};
use crate::driver::worker::Worker;
use crate::error::{DeviceError, Fault, Operation};
use crate::fact::{Fact, FactKey};
use crate::protocol::ipp::{JobState as IppState, card_reason};

const DRIVER: &str = concat!("ipp-card ", env!("CARGO_PKG_VERSION"));
const ASKED: [&str; 16] = [
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "printer-make-and-model",
    "printer-uuid",
    "printer-firmware-string-version",
    "document-format-supported",
    "media-size-supported",
    "media-col-database",
    "pwg-raster-document-resolution-supported",
    "printer-supply",
    "marker-types",
    "marker-levels",
    "marker-low-levels",
    "cups-version",
    "operations-supported",
];

/// The driver.
pub struct IppCardPrinter {
    id: DeviceId,
    identity: Identity,
    worker: Worker<Wire>,
    jobs: Arc<Jobs<Memo>>,
    /// As the printer named itself when it was asked last: another one may stand there since.
    model: Mutex<Option<String>>,
    /// Its own number, where it tells one.
    unit: Mutex<Option<String>>,
    known: Mutex<Known>,
}

/// What the printer said last, for the device page.
#[derive(Default)]
struct Known {
    status: Option<(CardPrinterStatus, SystemTime)>,
    supplies: Supplies,
    firmware: Option<String>,
}

#[derive(Clone, Copy, Debug)]
struct Memo {
    job: Option<i32>,
    /// A queue of the operating system: "completed" means handed on, the card itself is not seen.
    queue: bool,
    /// The printer was at work on it at some time: a card may have been taken.
    begun: bool,
}

impl IppCardPrinter {
    /// The printer at `ipp://host[:port]/path`; `Unsupported` for anything else.
    ///
    /// # Errors
    /// [`Fault::Unsupported`].
    pub fn new(url: &str) -> Result<Self, Fault> {
        let wire = Wire::parse(url)?;
        let identity = Identity::of_url(url);
        let worker = Worker::start("card-printer", move || wire.clone());
        Ok(Self {
            id: identity.id(DeviceKind::CardPrinter),
            identity,
            worker,
            jobs: Arc::default(),
            model: Mutex::default(),
            unit: Mutex::default(),
            known: Mutex::default(),
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

    fn model(&self) -> MutexGuard<'_, Option<String>> {
        self.model.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn number(&self) -> MutexGuard<'_, Option<String>> {
        self.unit.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const PRINTER: DelimiterTag = DelimiterTag::PrinterAttributes;

/// Whether a queue of the operating system answers, and not the printer itself.
fn is_queue(printer: &IppAttributes) -> bool {
    !keywords(printer, PRINTER, "cups-version").is_empty()
}

/// Its own number (`printer-uuid`, PWG 5100.13); `None` where it has none, and for a queue of the operating system: that one
/// tells the queue's, which is another after the queue was made anew.
fn unit_of(printer: &IppAttributes) -> Option<String> {
    if is_queue(printer) {
        return None;
    }
    keywords(printer, PRINTER, "printer-uuid").pop().filter(|uuid| !uuid.is_empty())
}

/// The job's name at the printer: by it a job is found again after a restart.
fn title(id: &JobId) -> String {
    format!("rekam-{}", id.as_str())
}

/// The job of this name that the printer knows, running or ended.
fn find(wire: &Wire, id: &JobId, budget: &Budget) -> Result<Option<i32>, Fault> {
    wire.knock(budget)?;
    for which in ["not-completed", "completed"] {
        let ask =
            IppOperationBuilder::get_jobs(wire.uri.clone()).user_name(OWNER).build().map_err(unreadable)?;
        let mut ask: IppRequestResponse = ask.into_ipp_request();
        let wanted =
            ["job-id", "job-name", "job-state"].into_iter().map(keyword).collect::<Result<_, _>>()?;
        let tag = DelimiterTag::OperationAttributes;
        ask.attributes_mut().add(tag, attribute("which-jobs", keyword(which)?)?);
        ask.attributes_mut().add(tag, attribute("requested-attributes", IppValue::Array(wanted))?);
        let answer = wire.send(ask, budget)?;
        for group in answer.attributes().groups_of(DelimiterTag::JobAttributes) {
            let named = group.get("job-name").is_some_and(|a| a.value().to_string() == title(id));
            if let (true, Some(IppValue::Integer(job))) = (named, group.get("job-id").map(|a| a.value())) {
                return Ok(Some(*job));
            }
        }
    }
    Ok(None)
}

fn submit(wire: &Wire, jobs: &Jobs<Memo>, job: &CardJob, budget: &Budget) -> Result<JobState, Fault> {
    if let Some((state, _)) = jobs.get(&job.id) {
        return Ok(state);
    }
    let printer = wire.attributes(&ASKED, budget)?;
    let queue = is_queue(&printer);
    if let Some(known) = find(wire, &job.id, budget)? {
        jobs.put(&job.id, JobState::Waiting, Memo { job: Some(known), queue, begun: false });
        return Ok(JobState::Waiting);
    }
    if let Some(reason) = status_of(&printer).hindrances.first() {
        return Ok(JobState::Failed { reason: *reason, card: CardFate::Untouched });
    }
    let (format, page) = (format_of(&printer)?, page_of(&printer)?);
    let document = document(&job.front, page, format)?;
    let print =
        IppOperationBuilder::print_job(wire.uri.clone(), IppPayload::new(std::io::Cursor::new(document)))
            .user_name(OWNER)
            .job_title(title(&job.id))
            .document_format(format.mime())
            .attribute(attribute("copies", IppValue::Integer(1))?)
            .attribute(attribute("media-col", media_col(page)?)?)
            .attribute(attribute("print-scaling", keyword("none")?)?)
            .build()
            .map_err(unreadable)?;
    if budget.check() == Err(Fault::Cancelled) {
        return Ok(JobState::Cancelled);
    }
    jobs.put(&job.id, JobState::Waiting, Memo { job: None, queue, begun: false });
    match wire.send(print, budget) {
        Ok(answer) => {
            let number = integer(answer.attributes(), DelimiterTag::JobAttributes, "job-id");
            jobs.put(&job.id, JobState::Waiting, Memo { job: number, queue, begun: false });
            Ok(JobState::Waiting)
        }
        // A clear refusal is surely not printed; any other failure may have come after acceptance.
        Err(refused @ (Fault::Refused { .. } | Fault::Cancelled)) => {
            jobs.free(&job.id);
            Err(refused)
        }
        Err(_) => Ok(JobState::Waiting),
    }
}

/// The job of this number; `None` where the printer knows none, or has given the number to another.
fn known_job(wire: &Wire, number: i32, id: &JobId, budget: &Budget) -> Result<Option<Job>, Fault> {
    match wire.job(number, budget) {
        Ok(job) if job.name.as_ref().is_some_and(|name| *name != title(id)) => Ok(None),
        Ok(job) => Ok(Some(job)),
        // client-error-not-found, client-error-gone (RFC 8011 appendix B).
        Err(Fault::Refused { code, .. }) if ["0406", "0407"].contains(&code.as_str()) => Ok(None),
        Err(fault) => Err(fault),
    }
}

fn poll(wire: &Wire, jobs: &Jobs<Memo>, id: &JobId, budget: &Budget) -> Result<JobState, Fault> {
    let known = jobs.get(id);
    if let Some((state, _)) = &known
        && state.is_final()
    {
        return Ok(*state);
    }
    let memo = known.map(|(_, memo)| memo);
    let number = match memo.and_then(|memo| memo.job) {
        Some(number) => number,
        None => match find(wire, id, budget)? {
            Some(number) => number,
            None => {
                jobs.free(id);
                return Ok(JobState::Unknown { doubt: Doubt::Forgotten });
            }
        },
    };
    let queue = match memo {
        Some(memo) => memo.queue,
        None => is_queue(&wire.attributes(&["cups-version"], budget)?),
    };
    let (number, job) = match known_job(wire, number, id, budget)? {
        Some(job) => (number, job),
        // A printer that was switched off knows no number any more; a queue may still know the name.
        None => match find(wire, id, budget)?.filter(|found| *found != number) {
            Some(found) => (found, wire.job(found, budget)?),
            None => {
                jobs.free(id);
                return Ok(JobState::Unknown { doubt: Doubt::Forgotten });
            }
        },
    };
    let begun = job.begun == Some(true) || memo.is_some_and(|memo| memo.begun);
    let why = || job.reasons.iter().find_map(|r| card_reason(r)).unwrap_or(CardReason::Other);
    let now = match job.state {
        IppState::Completed if queue => JobState::Unknown { doubt: Doubt::NotReported },
        IppState::Completed => JobState::Printed,
        IppState::Cancelled if !begun && job.begun == Some(false) => {
            jobs.free(id);
            return Ok(JobState::Cancelled);
        }
        // IPP does not say whether a card had been taken.
        IppState::Aborted => JobState::Failed { reason: why(), card: CardFate::Unsure },
        IppState::Cancelled => JobState::Failed { reason: CardReason::JobCancelled, card: CardFate::Unsure },
        IppState::Processing => JobState::Printing,
        IppState::Pending | IppState::Held | IppState::Stopped => JobState::Waiting,
    };
    jobs.put(id, now, Memo { job: Some(number), queue, begun });
    Ok(now)
}

fn cancel(wire: &Wire, jobs: &Jobs<Memo>, id: &JobId, budget: &Budget) -> Result<JobState, Fault> {
    let before = poll(wire, jobs, id, budget)?;
    let Some((_, Memo { job: Some(number), .. })) = jobs.get(id) else { return Ok(before) };
    if before.is_final() {
        return Ok(before);
    }
    let ask = IppOperationBuilder::cancel_job(wire.uri.clone(), number)
        .user_name(OWNER)
        .build()
        .map_err(unreadable)?;
    if let Err(Fault::Refused { .. }) = wire.send(ask, budget) {
        // One that ended meanwhile cannot be called off either; one that is still there is somebody's to call off at the printer.
        return poll(wire, jobs, id, budget);
    }
    loop {
        match poll(wire, jobs, id, budget)? {
            // Only a job that never began surely took no card.
            JobState::Failed { reason: CardReason::JobCancelled, .. }
                if jobs.get(id).is_some_and(|(_, memo)| !memo.begun) =>
            {
                jobs.free(id);
                return Ok(JobState::Cancelled);
            }
            state if state.is_final() => return Ok(state),
            state => {
                if budget.pause(Duration::from_millis(200)).is_err() {
                    return Ok(state);
                }
            }
        }
    }
}

/// Calls off also what was given up: given up is this driver's word, and the printer still has the job.
fn let_go(wire: &Wire, jobs: &Jobs<Memo>, id: &JobId, budget: &Budget) -> Result<JobState, Fault> {
    // Switched off is something else than silent.
    wire.knock(budget)?;
    take_up(jobs, id);
    cancel(wire, jobs, id, budget)
}

/// Has a job that was given up asked about again.
fn take_up(jobs: &Jobs<Memo>, id: &JobId) {
    if let Some((JobState::Unknown { .. }, memo)) = jobs.get(id) {
        jobs.put(id, JobState::Waiting, memo);
    }
}

impl Device for IppCardPrinter {
    fn id(&self) -> &DeviceId {
        &self.id
    }

    fn kind(&self) -> DeviceKind {
        DeviceKind::CardPrinter
    }

    fn info(&self) -> DeviceInfo {
        let known = self.known();
        let notes = super::notes(known.status.as_ref().map(|(status, _)| status), &known.supplies);
        DeviceInfo {
            identity: self.identity.clone(),
            make: String::new(),
            model: self.model().clone().unwrap_or_else(|| self.id.0.clone()),
            firmware: known.firmware.clone(),
            driver: DRIVER.to_owned(),
            notes,
        }
    }

    fn state(&self) -> DeviceState {
        super::state_of(self.worker.state(), self.known().status.as_ref())
    }

    /// Asks for state, page and form; prints nothing.
    fn test(&self, budget: &Budget) -> Result<TestReport, DeviceError> {
        let started = Instant::now();
        let printer = self.call(Operation::Test, budget, |wire, budget| wire.attributes(&ASKED, budget))?;
        let mut findings = super::findings(&status_of(&printer), &supplies_of(&printer));
        if let Some(model) = model_of(&printer) {
            findings.insert(0, Fact::new(FactKey::Model, model));
        }
        findings.push(match format_of(&printer) {
            Ok(form) => Fact::new(FactKey::Format, form.mime()),
            Err(_) => Fact::only(FactKey::NoFormat),
        });
        findings.push(Fact::new(FactKey::CardPage, page_of(&printer).is_ok()));
        Ok(TestReport { device: self.id.clone(), findings, took_ms: millis(started.elapsed()) })
    }
}

impl CardPrinter for IppCardPrinter {
    fn abilities(&self) -> Abilities {
        Abilities { moves_card: false, reports_outcome: true }
    }

    fn unit(&self) -> Option<String> {
        self.number().clone()
    }

    fn status(&self, budget: &Budget) -> Result<CardPrinterStatus, DeviceError> {
        let printer = self.call(Operation::Read, budget, |wire, budget| wire.attributes(&ASKED, budget))?;
        if let Some(model) = model_of(&printer) {
            *self.model() = Some(model);
        }
        *self.number() = unit_of(&printer);
        let status = status_of(&printer);
        let seen = Known {
            status: Some((status.clone(), SystemTime::now())),
            supplies: supplies_of(&printer),
            firmware: firmware_of(&printer),
        };
        *self.known() = seen;
        Ok(status)
    }

    fn supplies(&self, budget: &Budget) -> Result<Supplies, DeviceError> {
        self.call(Operation::Read, budget, |wire, budget| wire.attributes(&ASKED, budget))
            .map(|p| supplies_of(&p))
    }

    fn move_card(&self, _to: Position, _budget: &Budget) -> Result<(), DeviceError> {
        Err(Fault::Unsupported { what: "card feed".to_owned() }.on(&self.id, Operation::Write))
    }

    fn submit(&self, job: &CardJob, budget: &Budget) -> Result<JobState, DeviceError> {
        let (job, jobs, id) = (job.clone(), self.jobs.clone(), job.id.clone());
        match self.call(Operation::Write, budget, move |wire, b| submit(wire, &jobs, &job, b)) {
            Err(error) => self.jobs.get(&id).map(|(state, _)| state).ok_or(error),
            done => done,
        }
    }

    fn poll(&self, id: &JobId, budget: &Budget) -> Result<JobState, DeviceError> {
        let (id, jobs) = (id.clone(), self.jobs.clone());
        self.call(Operation::Read, budget, move |wire, b| poll(wire, &jobs, &id, b))
    }

    fn poll_anew(&self, id: &JobId, budget: &Budget) -> Result<JobState, DeviceError> {
        let (id, jobs) = (id.clone(), self.jobs.clone());
        self.call(Operation::Read, budget, move |wire, b| {
            take_up(&jobs, &id);
            poll(wire, &jobs, &id, b)
        })
    }

    fn cancel(&self, id: &JobId, budget: &Budget) -> Result<JobState, DeviceError> {
        let (id, jobs) = (id.clone(), self.jobs.clone());
        self.call(Operation::Write, budget, move |wire, b| cancel(wire, &jobs, &id, b))
    }

    fn let_go(&self, id: &JobId, budget: &Budget) -> Result<JobState, DeviceError> {
        let (id, jobs) = (id.clone(), self.jobs.clone());
        self.call(Operation::Write, budget, move |wire, b| let_go(wire, &jobs, &id, b))
    }

    fn give_up(&self, id: &JobId, doubt: Doubt) -> JobState {
        self.jobs.settle(id, JobState::Unknown { doubt })
    }
}

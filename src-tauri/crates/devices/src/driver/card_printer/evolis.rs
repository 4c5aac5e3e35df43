//! An Evolis printer behind its service on TCP 18000: prints, moves the card, tells ribbon and state.

mod line;
mod print;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime};

use self::line::{Asked, Line};
use self::print::Memo;
use super::job::Jobs;
use super::{
    Abilities, CardJob, CardPrinter, CardPrinterStatus, CardReason, Doubt, JobId, JobState, Position,
    Supplies, Supply,
};
use crate::budget::{Budget, millis};
use crate::device::{Device, DeviceId, DeviceInfo, DeviceKind, DeviceState, Identity, TestReport};
use crate::driver::worker::Worker;
use crate::error::{DeviceError, Fault, Operation};
use crate::fact::{Fact, FactKey};
use crate::protocol::evolis::{Call, EscapeCommand, State, reason_of};

const DRIVER: &str = concat!("evolis ", env!("CARGO_PKG_VERSION"));

/// Where the service is and what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Address of the service, usually 127.0.0.1:18000.
    pub service: SocketAddr,
    /// The printer's name in the service, e.g. `Evolis Primacy 2`.
    pub printer: String,
    /// `PRINT.Set`: ribbon, black, varnish, as `Key=VALUE;Key=VALUE`.
    pub print_settings: String,
}

/// The driver.
pub struct EvolisPrinter {
    id: DeviceId,
    identity: Identity,
    worker: Worker<Inside>,
    known: Arc<Mutex<Known>>,
    jobs: Arc<Jobs<Memo>>,
}

/// What the printer said last, for the device page.
#[derive(Default)]
struct Known {
    model: String,
    serial: String,
    firmware: Option<String>,
    status: Option<(CardPrinterStatus, SystemTime)>,
    supplies: Supplies,
}

/// The state of the thread.
struct Inside {
    line: Line,
    settings: Settings,
    known: Arc<Mutex<Known>>,
    jobs: Arc<Jobs<Memo>>,
    kept: Arc<Mutex<Kept>>,
}

/// What is true of the printer whichever thread asks it: a new one goes on from here.
#[derive(Default)]
struct Kept {
    /// A card was moved out of the feeder and not out of the printer.
    card_inside: bool,
    /// Sessions that were opened and of whose end the service was not heard.
    sessions: Vec<String>,
    /// The job that printing was asked for last: what a counter says since then is of it.
    latest: Option<JobId>,
}

impl EvolisPrinter {
    /// A printer behind a service; nothing is asked yet.
    pub fn new(settings: Settings) -> Self {
        let url = format!("evolis://{}/{}", settings.service, settings.printer);
        let identity = Identity::of_url(&url);
        let (known, jobs) = (Arc::<Mutex<Known>>::default(), Arc::<Jobs<Memo>>::default());
        let (known_inside, jobs_inside, kept) = (known.clone(), jobs.clone(), Arc::<Mutex<Kept>>::default());
        let inside = move || Inside {
            line: Line::new(settings.service),
            settings: settings.clone(),
            known: known_inside.clone(),
            jobs: jobs_inside.clone(),
            kept: kept.clone(),
        };
        let worker = Worker::start("card-printer", inside);
        Self { id: identity.id(DeviceKind::CardPrinter), identity, worker, known, jobs }
    }

    fn call<T: Send + 'static>(
        &self,
        operation: Operation,
        budget: &Budget,
        job: impl FnOnce(&mut Inside, &Budget) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, DeviceError> {
        let inner = budget.clone();
        self.worker
            .printing(operation, budget, move |inside| job(inside, &inner))
            .map_err(|fault| fault.on(&self.id, operation))
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A reason as the answer of an operation that could not be done.
fn refused(reason: CardReason, words: &str) -> Fault {
    Fault::Refused { code: reason.key().to_owned(), info: words.chars().take(80).collect() }
}

impl Inside {
    /// Nothing is asked while this is held.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        held(&self.kept)
    }

    fn card_inside(&self) -> bool {
        self.kept().card_inside
    }

    fn device(&self) -> &str {
        &self.settings.printer
    }

    fn ask(&mut self, call: &Call<'_>, budget: &Budget) -> Result<String, Fault> {
        self.line.ask(call, budget).map_err(Asked::fault)
    }

    fn command(&mut self, command: EscapeCommand, budget: &Budget) -> Result<String, Fault> {
        let device = self.settings.printer.clone();
        self.ask(&Call::Command { device: &device, command, timeout_ms: 5_000 }, budget)
    }

    /// A counter; `None` when the printer has none or says no number.
    fn counter(&mut self, command: EscapeCommand, budget: &Budget) -> Option<u32> {
        self.command(command, budget).ok()?.trim().parse().ok()
    }

    fn state(&mut self, budget: &Budget) -> Result<State, Fault> {
        let device = self.settings.printer.clone();
        self.ask(&Call::State { device: &device }, budget).map(|text| State::read(&text))
    }

    /// The state of a printer that may have a card: `Absent` where the service is there and cannot say anything of it.
    fn state_of_a_card(&mut self, budget: &Budget) -> Result<State, Fault> {
        let device = self.settings.printer.clone();
        match self.line.ask(&Call::State { device: &device }, budget) {
            Ok(text) => Ok(State::read(&text)),
            Err(Asked::Service(error)) if !error.is_taken() => Err(Fault::Absent),
            Err(asked) => Err(asked.fault()),
        }
    }

    /// The event that waits for a decision: an interrupted job, an empty feeder.
    fn event(&mut self, budget: &Budget) -> Result<Option<String>, Fault> {
        let device = self.settings.printer.clone();
        let text = match self.line.ask(&Call::Event { device: &device }, budget) {
            Ok(text) => text,
            // A service without events, or a printer that is off: the state alone must do.
            Err(Asked::Service(error)) if !error.is_taken() => return Ok(None),
            Err(asked) => return Err(asked.fault()),
        };
        let event = text.split([':', ',']).next().unwrap_or_default().trim();
        Ok((!event.is_empty() && event != "NONE").then(|| event.to_owned()))
    }

    fn status(&mut self, budget: &Budget) -> Result<CardPrinterStatus, Fault> {
        let state = self.state(budget)?;
        let mut status = CardPrinterStatus {
            busy: state.is_busy(),
            hindrances: Vec::new(),
            warnings: Vec::new(),
            words: vec![state.minor.clone()],
        };
        match state.trouble() {
            Some((reason, true)) => status.hindrances.push(reason),
            Some((reason, false)) => status.warnings.push(reason),
            None => {}
        }
        // Where that question is lost, the state alone must do.
        if let Ok(Some(event)) = self.event(budget) {
            let reason = reason_of(&event).unwrap_or(CardReason::Other);
            if !status.hindrances.contains(&reason) {
                status.hindrances.push(reason);
            }
            status.words.push(event);
        }
        held(&self.known).status = Some((status.clone(), SystemTime::now()));
        Ok(status)
    }

    fn supplies(&mut self, budget: &Budget) -> Result<Supplies, Fault> {
        budget.check()?;
        let ribbon = self.counter(EscapeCommand::RibbonLeft, budget);
        budget.check()?;
        let supplies = Supplies { ribbon: Supply { cards: ribbon, percent: None }, film: Supply::default() };
        held(&self.known).supplies = supplies;
        Ok(supplies)
    }

    /// Model and serial number, and the firmware by itself; asked while any is not answered. Half a name would be another
    /// printer's, and its offset with it.
    fn identify(&mut self, budget: &Budget) {
        let (unnamed, without_firmware) = {
            let known = held(&self.known);
            (known.serial.is_empty(), known.firmware.is_none())
        };
        if unnamed {
            let [model, serial] =
                [EscapeCommand::Model, EscapeCommand::Serial].map(|asked| self.command(asked, budget));
            if let (Ok(model), Ok(serial)) = (model, serial) {
                let mut known = held(&self.known);
                (known.model, known.serial) = (model, serial);
            }
        }
        if without_firmware {
            let firmware = self.command(EscapeCommand::Firmware, budget).ok();
            held(&self.known).firmware = firmware;
        }
    }

    /// The event first: as long as a job waits for a decision, the printer goes on telling of it.
    fn forget_fault(&mut self, budget: &Budget) -> Result<CardPrinterStatus, Fault> {
        self.end_others(budget)?;
        if let Ok(Some(event)) = self.event(budget) {
            let device = self.device().to_owned();
            self.ask(&Call::CancelEvent { device: &device, event: &event }, budget)?;
        }
        let answer = self.command(EscapeCommand::ClearStatus, budget)?;
        if !answer.starts_with("OK") {
            return Err(refused(CardReason::Other, &answer));
        }
        self.status(budget)
    }

    fn move_card(&mut self, to: Position, budget: &Budget) -> Result<(), Fault> {
        let command = match to {
            Position::Contact => EscapeCommand::ToContact,
            Position::Contactless => EscapeCommand::ToContactless,
            Position::Print => EscapeCommand::ToPrint,
            Position::Exit => EscapeCommand::Eject,
            Position::RejectBox => EscapeCommand::Reject,
            Position::Feeder => {
                return Err(Fault::Unsupported { what: "kartu kembali ke tumpukan".to_owned() });
            }
        };
        let leaves = matches!(to, Position::Exit | Position::RejectBox);
        if !leaves {
            // Before a card is taken in that could not be printed.
            self.end_others(budget)?;
        }
        let status = self.status(budget)?;
        // A card that is inside must be able to come out whatever else is wrong.
        if let Some(reason) = status.hindrances.first().filter(|_| !leaves) {
            return Err(refused(*reason, &status.words.join(" ")));
        }
        let answer = self.command(command, budget);
        if !leaves && !matches!(answer, Err(Fault::Refused { .. } | Fault::Busy)) {
            // Also without an answer: better a card looked for than a card forgotten.
            self.kept().card_inside = true;
        }
        let answer = answer?;
        if answer.starts_with("OK") {
            self.kept().card_inside = !leaves;
            return Ok(());
        }
        let reason = match self.status(budget)?.hindrances.first() {
            Some(reason) => *reason,
            None => reason_of(&answer.replace(' ', "_")).unwrap_or(CardReason::Other),
        };
        let inside = leaves || (self.card_inside() && reason != CardReason::FeederEmpty);
        self.kept().card_inside = inside;
        Err(refused(reason, &answer))
    }
}

impl Device for EvolisPrinter {
    fn id(&self) -> &DeviceId {
        &self.id
    }

    fn kind(&self) -> DeviceKind {
        DeviceKind::CardPrinter
    }

    fn info(&self) -> DeviceInfo {
        let known = held(&self.known);
        let notes = super::notes(known.status.as_ref().map(|(status, _)| status), &known.supplies);
        DeviceInfo {
            identity: self.identity.clone(),
            make: "Evolis".to_owned(),
            model: [known.model.as_str(), known.serial.as_str()].join(" ").trim().to_owned(),
            firmware: known.firmware.clone(),
            driver: DRIVER.to_owned(),
            notes,
        }
    }

    fn state(&self) -> DeviceState {
        super::state_of(self.worker.state(), held(&self.known).status.as_ref())
    }

    /// Asks for identity, state and ribbon; moves and prints nothing.
    fn test(&self, budget: &Budget) -> Result<TestReport, DeviceError> {
        let started = Instant::now();
        let (status, supplies, taken) = self.call(Operation::Test, budget, |inside, budget| {
            let status = inside.status(budget)?;
            inside.identify(budget);
            let supplies = inside.supplies(budget)?;
            Ok((status, supplies, inside.counter(EscapeCommand::CardsTaken, budget)))
        })?;
        Ok(TestReport {
            device: self.id.clone(),
            findings: super::findings(&status, &supplies)
                .into_iter()
                .chain(taken.map(|n| Fact::new(FactKey::CardsTaken, n)))
                .collect(),
            took_ms: millis(started.elapsed()),
        })
    }
}

impl CardPrinter for EvolisPrinter {
    fn abilities(&self) -> Abilities {
        Abilities { moves_card: true, reports_outcome: true }
    }

    fn status(&self, budget: &Budget) -> Result<CardPrinterStatus, DeviceError> {
        self.call(Operation::Read, budget, |inside, budget| {
            let status = inside.status(budget)?;
            inside.identify(budget);
            Ok(status)
        })
    }

    fn supplies(&self, budget: &Budget) -> Result<Supplies, DeviceError> {
        self.call(Operation::Read, budget, Inside::supplies)
    }

    fn move_card(&self, to: Position, budget: &Budget) -> Result<(), DeviceError> {
        self.call(Operation::Write, budget, move |inside, budget| inside.move_card(to, budget))
    }

    fn forget_fault(&self, budget: &Budget) -> Result<CardPrinterStatus, DeviceError> {
        self.call(Operation::Write, budget, Inside::forget_fault)
    }

    fn submit(&self, job: &CardJob, budget: &Budget) -> Result<JobState, DeviceError> {
        let job = job.clone();
        let id = job.id.clone();
        match self.call(Operation::Write, budget, move |inside, budget| inside.submit(&job, budget)) {
            // The thread did not come back, and printing was asked for: not an error, but not known.
            Err(error) => self.jobs.get(&id).map(|(state, _)| state).ok_or(error),
            done => done,
        }
    }

    fn poll(&self, id: &JobId, budget: &Budget) -> Result<JobState, DeviceError> {
        let id = id.clone();
        self.call(Operation::Read, budget, move |inside, budget| inside.poll(&id, budget))
    }

    fn cancel(&self, id: &JobId, budget: &Budget) -> Result<JobState, DeviceError> {
        let id = id.clone();
        self.call(Operation::Write, budget, move |inside, budget| inside.cancel(&id, budget))
    }

    fn let_go(&self, id: &JobId, budget: &Budget) -> Result<JobState, DeviceError> {
        let id = id.clone();
        self.call(Operation::Write, budget, move |inside, budget| inside.let_go(&id, budget))
    }

    fn give_up(&self, id: &JobId, doubt: Doubt) -> JobState {
        self.jobs.settle(id, JobState::Unknown { doubt })
    }
}

//! Raw ESC/POS over TCP 9100 or a serial line.

use std::net::ToSocketAddrs;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use super::{SlipOutcome, SlipPrinter, SlipStatus};
use crate::budget::{Budget, millis};
use crate::device::{Device, DeviceId, DeviceInfo, DeviceKind, DeviceState, Identity, TestReport};
use crate::driver::line::SerialLine;
use crate::driver::worker::Worker;
use crate::error::{DeviceError, Fault, Operation};
use crate::fact::{Fact, FactKey};
use crate::protocol::escpos::{StatusAnswer, StatusRequest, end_marker, read_end, reasons};
use crate::transport::serial::{ByteLink, Parity, SerialLink};
use crate::transport::tcp::TcpLink;

const CONNECT: Duration = Duration::from_millis(1500);
/// Time for one answer in real time.
const ANSWER: Duration = Duration::from_millis(700);
/// Time for a slip to come out once it was sent.
const END: Duration = Duration::from_secs(20);
/// Largest slip, bytes: a metre of pictures.
const SLIP_MAX: usize = 1024 * 1024;

/// Where the printer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// `host:port` on the network.
    Network(String),
    /// A serial line and its speed, 8N1.
    Serial {
        /// Path or `COM3`.
        path: String,
        /// Bits a second.
        baud: u32,
    },
}

type Connect = Arc<dyn Fn(&Budget) -> Result<Box<dyn ByteLink>, Fault> + Send + Sync>;

/// The driver. The line is opened for each operation and closed after it, so that others may print too.
pub struct EscPosPrinter {
    id: DeviceId,
    identity: Identity,
    worker: Worker<Connect>,
    known: Arc<Mutex<Option<(SlipStatus, SystemTime)>>>,
}

impl EscPosPrinter {
    /// A printer at a place; nothing is opened yet.
    pub fn new(place: Place) -> Self {
        let identity = match &place {
            Place::Network(address) => Identity::of_url(&format!("tcp://{address}")),
            Place::Serial { path, .. } => Identity::SerialPath { path: path.clone() },
        };
        Self::over(identity, Arc::new(move |budget| open(&place, budget)))
    }

    /// The printer of a line, wherever it is plugged in; `identity` as the line found it.
    pub fn on_line(line: Arc<SerialLine>, identity: Identity, baud: u32) -> Self {
        Self::over(
            identity,
            Arc::new(move |budget| {
                budget.check()?;
                Ok(Box::new(line.open(baud, Parity::None)?))
            }),
        )
    }

    fn over(identity: Identity, connect: Connect) -> Self {
        let worker = Worker::start("slip-printer", move || connect.clone());
        Self { id: identity.id(DeviceKind::SlipPrinter), identity, worker, known: Arc::default() }
    }

    fn call<T: Send + 'static>(
        &self,
        operation: Operation,
        budget: &Budget,
        job: impl FnOnce(&mut dyn ByteLink, &Budget) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, DeviceError> {
        let inner = budget.clone();
        self.worker
            .printing(operation, budget, move |connect| job(connect(&inner)?.as_mut(), &inner))
            .map_err(|fault| fault.on(&self.id, operation))
    }

    fn note(&self, status: &SlipStatus) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((status.clone(), SystemTime::now()));
    }
}

fn open(place: &Place, budget: &Budget) -> Result<Box<dyn ByteLink>, Fault> {
    budget.check()?;
    match place {
        Place::Network(address) => {
            let address =
                address.to_socket_addrs().map_err(|_| Fault::Absent)?.next().ok_or(Fault::Absent)?;
            Ok(Box::new(TcpLink::connect(address, CONNECT, budget)?))
        }
        Place::Serial { path, baud } => Ok(Box::new(SerialLink::open(path, *baud, Parity::None)?)),
    }
}

/// The first byte that `read` makes something of, within `limit`.
fn hear<T>(
    link: &mut dyn ByteLink,
    limit: Duration,
    budget: &Budget,
    read: impl Fn(u8) -> Option<T>,
) -> Result<Option<T>, Fault> {
    let step = budget.step(limit);
    let mut byte = [0u8; 1];
    while !step.left().is_zero() {
        if budget.cancel().is_cancelled() {
            return Err(Fault::Cancelled);
        }
        if link.read(&mut byte, step.slice(Duration::from_millis(100)))? > 0
            && let Some(value) = read(byte[0])
        {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

fn status(link: &mut dyn ByteLink, budget: &Budget) -> Result<SlipStatus, Fault> {
    let mut answers = Vec::new();
    for request in StatusRequest::ALL {
        budget.check()?;
        link.write(&request.encode())?;
        match hear(link, ANSWER, budget, StatusAnswer::read)? {
            Some(answer) => answers.push((request, answer)),
            // It answers none: the others would only cost time.
            None if answers.is_empty() => break,
            None => {}
        }
    }
    Ok(SlipStatus { answers: !answers.is_empty(), reasons: reasons(&answers) })
}

fn print(link: &mut dyn ByteLink, slip: &[u8], budget: &Budget) -> Result<SlipOutcome, Fault> {
    let before = status(link, budget)?;
    if let Some(reason) = before.hindrance() {
        return Err(Fault::Refused { code: reason.key().to_owned(), info: String::new() });
    }
    budget.check()?;
    // From the first byte on an error is an outcome, not an error.
    for piece in slip.chunks(1024) {
        if link.write(piece).is_err() {
            return Ok(stopped(link));
        }
    }
    if !before.answers || link.write(&end_marker()).is_err() {
        return Ok(SlipOutcome::Unknown);
    }
    let over = Instant::now() + END.min(budget.left());
    while Instant::now() < over {
        match hear(link, ANSWER, budget, read_end) {
            Ok(Some(true)) => return Ok(SlipOutcome::Printed),
            Ok(Some(false)) => return Ok(SlipOutcome::Stopped { reason: super::SlipReason::PaperOut }),
            Ok(None) => {
                if let SlipOutcome::Stopped { reason } = stopped(link) {
                    return Ok(SlipOutcome::Stopped { reason });
                }
            }
            Err(_) => return Ok(SlipOutcome::Unknown),
        }
    }
    Ok(SlipOutcome::Unknown)
}

/// What the printer says of itself in the middle of a slip.
fn stopped(link: &mut dyn ByteLink) -> SlipOutcome {
    match status(link, &Budget::of(Duration::from_secs(4))) {
        Ok(now) => now.hindrance().map_or(SlipOutcome::Unknown, |reason| SlipOutcome::Stopped { reason }),
        Err(_) => SlipOutcome::Unknown,
    }
}

impl Device for EscPosPrinter {
    fn id(&self) -> &DeviceId {
        &self.id
    }

    fn kind(&self) -> DeviceKind {
        DeviceKind::SlipPrinter
    }

    fn info(&self) -> DeviceInfo {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let notes = match known {
            Some((status, _)) => status.reasons.iter().map(|r| Fact::new(FactKey::Reason, r.key())).collect(),
            None => Vec::new(),
        };
        DeviceInfo {
            identity: self.identity.clone(),
            make: String::new(),
            model: "ESC/POS".to_owned(),
            firmware: None,
            driver: concat!("escpos ", env!("CARGO_PKG_VERSION")).to_owned(),
            notes,
        }
    }

    fn state(&self) -> DeviceState {
        let now = self.worker.state();
        match (&now, &*self.known.lock().unwrap_or_else(PoisonError::into_inner)) {
            (DeviceState::Ready | DeviceState::Present, Some((status, since)))
                if status.hindrance().is_some() =>
            {
                DeviceState::Faulted { reason: Fault::NotReady, since: *since }
            }
            _ => now,
        }
    }

    /// Asks for paper, cover and errors; prints nothing.
    fn test(&self, budget: &Budget) -> Result<TestReport, DeviceError> {
        let started = Instant::now();
        let now = self.call(Operation::Test, budget, status)?;
        self.note(&now);
        Ok(TestReport {
            device: self.id.clone(),
            findings: std::iter::once(Fact::new(FactKey::Answers, now.answers))
                .chain(now.reasons.iter().map(|r| Fact::new(FactKey::Reason, r.key())))
                .collect(),
            took_ms: millis(started.elapsed()),
        })
    }
}

impl SlipPrinter for EscPosPrinter {
    fn status(&self, budget: &Budget) -> Result<SlipStatus, DeviceError> {
        let now = self.call(Operation::Read, budget, status)?;
        self.note(&now);
        Ok(now)
    }

    fn print(&self, slip: &[u8], budget: &Budget) -> Result<SlipOutcome, DeviceError> {
        if slip.is_empty() || slip.len() > SLIP_MAX {
            let fault = Fault::TooLarge { limit: SLIP_MAX as u64, got: slip.len() as u64 };
            return Err(fault.on(&self.id, Operation::Write));
        }
        let slip = slip.to_vec();
        self.call(Operation::Write, budget, move |link, budget| print(link, &slip, budget))
    }
}

//! A Topaz pad on a serial line (or BSB = FTDI): 8O1, packets without being asked.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant, SystemTime};

use super::{FINISHED_AFTER, PenRecording, PenSample, SignaturePad};
use crate::CancelToken;
use crate::budget::{Budget, millis};
use crate::device::{Device, DeviceId, DeviceInfo, DeviceKind, DeviceState, Identity, TestReport};
use crate::driver::Provenance;
use crate::driver::line::SerialLine;
use crate::driver::worker::{GRACE, Worker};
use crate::error::{DeviceError, Fault, Operation};
use crate::fact::{Fact, FactKey};
use crate::protocol::topaz::{Accumulator, Calibration, Model, Packet};
use crate::transport::serial::{ByteLink, Parity, SerialLink};

const DRIVER: &str = concat!("topaz ", env!("CARGO_PKG_VERSION"));
/// Most samples of one recording: over half an hour at 100 a second. A pad that floods is stopped there.
const SAMPLES_MAX: usize = 200_000;
/// Longest single wait on the line, so that "selesai" is heard at once.
const SLICE: Duration = Duration::from_millis(50);
/// A line that is silent for this long holds nothing that was drawn before.
const EMPTY: Duration = Duration::from_millis(5);
/// Most bytes that are thrown away before a recording.
const BEFORE_MOST: usize = 65_536;
/// So long before a recording a pen that is in range already is let by at most.
const LET_BY: Duration = Duration::from_millis(200);
/// So long after "selesai" a pen that stays in range is still taken: what lay on the line has come by then.
const HEARD_OUT: Duration = Duration::from_millis(500);
/// So long before its caller gives up a recording comes back.
const IN_TIME: Duration = Duration::from_secs(1);
/// Longest wait for the pen of a test.
const PEN_WITHIN: Duration = Duration::from_secs(10);

type Connect = Arc<dyn Fn() -> Result<Box<dyn ByteLink>, Fault> + Send + Sync>;

struct Wire {
    connect: Connect,
    link: Option<Box<dyn ByteLink>>,
}

/// The driver.
pub struct TopazPad {
    id: DeviceId,
    identity: Identity,
    model: Model,
    calibration: Calibration,
    worker: Worker<Wire>,
}

impl TopazPad {
    /// A pad of `model` on the serial port `path`.
    pub fn on_port(path: &str, model: Model) -> Self {
        let port = path.to_owned();
        Self::over(Identity::SerialPath { path: path.to_owned() }, model, move || {
            Ok(Box::new(SerialLink::open(&port, model.line().baud, Parity::Odd)?) as Box<dyn ByteLink>)
        })
    }

    /// The pad of a line, wherever it is plugged in; `identity` as the line found it.
    pub fn on_line(line: Arc<SerialLine>, identity: Identity, model: Model) -> Self {
        Self::over(identity, model, move || {
            Ok(Box::new(line.open(model.line().baud, Parity::Odd)?) as Box<dyn ByteLink>)
        })
    }

    /// A pad behind any byte link; `connect` is called again after the link was lost.
    pub fn over(
        identity: Identity,
        model: Model,
        connect: impl Fn() -> Result<Box<dyn ByteLink>, Fault> + Send + Sync + 'static,
    ) -> Self {
        let connect: Connect = Arc::new(connect);
        let worker = Worker::start("signature_pad", move || Wire { connect: connect.clone(), link: None });
        let id = identity.id(DeviceKind::SignaturePad);
        Self { id, identity, model, calibration: model.calibration(), worker }
    }

    /// Replaces the shipped calibration by one measured on this pad.
    #[must_use]
    pub fn calibrated(mut self, calibration: Calibration) -> Self {
        self.calibration = calibration;
        self
    }

    fn recording(&self, taken: Taken, started: Instant) -> PenRecording {
        PenRecording {
            samples: taken.samples,
            dpi: self.calibration.dpi.round() as u32,
            dropped: taken.dropped,
            provenance: Provenance {
                device: self.id.clone(),
                driver: DRIVER.to_owned(),
                taken_at: SystemTime::now(),
                took_ms: millis(started.elapsed()),
            },
        }
    }
}

#[derive(Default)]
struct Taken {
    samples: Vec<PenSample>,
    dropped: u32,
    pressure: Option<u16>,
    wrote: bool,
    /// Since when the pen that wrote is up.
    lifted: Option<Instant>,
}

impl Taken {
    /// Whether the pen wrote and has stayed up since.
    fn is_finished(&self) -> bool {
        self.lifted.is_some_and(|since| since.elapsed() >= FINISHED_AFTER)
    }

    /// Turns a packet into a sample; origin is the upper left corner of the signing area.
    fn take(&mut self, packet: Packet, t_ms: u32, calibration: &Calibration) -> Option<PenSample> {
        match packet {
            Packet::Pressure { value, .. } => self.pressure = Some(value),
            Packet::BadSample { .. } => self.dropped = self.dropped.saturating_add(1),
            Packet::Position { down, x, y, .. } => {
                let sample = PenSample {
                    t_ms,
                    x: i32::from(x) - i32::from(calibration.left),
                    y: i32::from(y) - i32::from(calibration.top),
                    pressure: self.pressure,
                    down,
                };
                self.wrote |= down;
                self.lifted = match self.lifted {
                    _ if down || !self.wrote => None,
                    None => Some(Instant::now()),
                    since => since,
                };
                self.samples.push(sample);
                return Some(sample);
            }
            Packet::Information(_) | Packet::CommandReply(_) | Packet::Unknown { .. } => {}
        }
        None
    }
}

impl Wire {
    fn open(&mut self) -> Result<&mut dyn ByteLink, Fault> {
        let link = match self.link.take() {
            Some(link) => link,
            None => (self.connect)()?,
        };
        Ok(self.link.insert(link).as_mut())
    }

    /// Points of the pen that came together, at least one; `NothingPresented` when none came in time.
    fn hear_pen(&mut self, budget: &Budget) -> Result<usize, Fault> {
        let link = self.open()?;
        let (mut accumulator, mut buffer) = (Accumulator::new(), [0; 512]);
        loop {
            match budget.check() {
                Err(Fault::TimedOut { .. }) => return Err(Fault::NothingPresented),
                checked => checked?,
            }
            let n = link.read(&mut buffer, budget.slice(SLICE))?;
            let packets = accumulator.push(buffer.get(..n).unwrap_or_default());
            match packets.iter().filter(|packet| matches!(packet, Packet::Position { .. })).count() {
                0 => {}
                points => return Ok(points),
            }
        }
    }

    fn record(
        &mut self,
        calibration: Calibration,
        out: &Sender<PenSample>,
        done: &CancelToken,
        budget: &Budget,
    ) -> Result<Taken, Fault> {
        let link = self.open()?;
        let (mut taken, mut accumulator, mut buffer) = (Taken::default(), Accumulator::new(), [0; 512]);
        // What was drawn before the recording began belongs to nobody. A pen in range is never silent.
        let (opened, mut thrown) = (Instant::now(), 0);
        loop {
            let n = link.read(&mut buffer, EMPTY)?;
            thrown += n;
            let is_all = n == 0 || (n < buffer.len() && opened.elapsed() >= LET_BY);
            if is_all || thrown >= BEFORE_MOST {
                break;
            }
        }
        let started = Instant::now();
        let longest = budget.grace().saturating_sub(IN_TIME);
        let (mut over_since, mut last_since): (Option<Instant>, Option<Instant>) = (None, None);
        loop {
            // Both asked before reading, so that what lies on the line at the end is still taken.
            let last = done.is_cancelled();
            let said = last.then(|| last_since.get_or_insert_with(Instant::now).elapsed());
            let over = match budget.check() {
                Err(Fault::TimedOut { .. }) => Some(over_since.get_or_insert_with(Instant::now).elapsed()),
                checked => checked.map(|()| None)?,
            };
            let n = link.read(&mut buffer, SLICE)?;
            let t_ms = u32::try_from(started.elapsed().as_millis()).unwrap_or(u32::MAX);
            for packet in accumulator.push(&buffer[..n]) {
                if let Some(sample) = taken.take(packet, t_ms, &calibration) {
                    let _ = out.send(sample);
                }
            }
            if taken.samples.len() > SAMPLES_MAX || accumulator.skipped() > SAMPLES_MAX as u64 {
                return Err(Fault::TooLarge { limit: SAMPLES_MAX as u64, got: taken.samples.len() as u64 });
            }
            // A pen in range is not silent at the end either.
            let heard_out = said.is_some_and(|ago| ago >= HEARD_OUT) && n < buffer.len();
            let finished = (last || over.is_some()) && taken.is_finished();
            let is_empty = over.is_some() && !taken.wrote && n < buffer.len();
            if (last && n == 0)
                || heard_out
                || finished
                || is_empty
                || over.is_some_and(|late| late >= longest)
            {
                return Ok(taken);
            }
        }
    }
}

impl Device for TopazPad {
    fn id(&self) -> &DeviceId {
        &self.id
    }

    fn kind(&self) -> DeviceKind {
        DeviceKind::SignaturePad
    }

    fn info(&self) -> DeviceInfo {
        DeviceInfo {
            identity: self.identity.clone(),
            make: "Topaz".to_owned(),
            model: format!("{:?}", self.model),
            firmware: None,
            driver: DRIVER.to_owned(),
            notes: vec![
                Fact::new(FactKey::Baud, self.model.line().baud),
                Fact::new(FactKey::Dpi, self.calibration.dpi),
            ],
        }
    }

    fn state(&self) -> DeviceState {
        self.worker.state()
    }

    /// Opens the line and waits for the pen. A pad is silent until one comes near, so silence proves nothing:
    /// `NothingPresented`.
    fn test(&self, budget: &Budget) -> Result<TestReport, DeviceError> {
        let started = Instant::now();
        let waited = budget.step(PEN_WITHIN);
        let heard = self
            .worker
            .call(budget, move |wire| {
                let result = wire.hear_pen(&waited);
                if matches!(result, Err(ref fault) if !matches!(fault, Fault::Cancelled | Fault::NothingPresented)) {
                    wire.link = None;
                }
                result
            })
            .map_err(|fault| fault.on(&self.id, Operation::Test))?;
        Ok(TestReport {
            device: self.id.clone(),
            findings: vec![Fact::new(FactKey::PenPoints, heard)],
            took_ms: millis(started.elapsed()),
        })
    }

    fn close(&self) {
        let _ = self.worker.begin(GRACE, |wire| {
            wire.link = None;
            Ok(())
        });
    }
}

impl SignaturePad for TopazPad {
    fn width(&self) -> f32 {
        self.calibration.width()
    }

    /// Sends 04 (clear). Pads without a display ignore it.
    fn clear(&self, budget: &Budget) -> Result<(), DeviceError> {
        self.worker
            .call(budget, |wire| {
                let result = wire.open().and_then(|link| link.write(&[0x04]));
                if result.is_err() {
                    wire.link = None;
                }
                result
            })
            .map_err(|fault| fault.on(&self.id, Operation::Write))
    }

    /// An empty surface is `NothingPresented`, also one that a pen only came near to; whether ink is a signature, a line
    /// or a dot is for whoever knows what was asked for. On unplug what was written is thrown away: half a signature is
    /// none.
    fn record(
        &self,
        sink: &mut dyn FnMut(PenSample),
        done: &CancelToken,
        budget: &Budget,
    ) -> Result<PenRecording, DeviceError> {
        let started = Instant::now();
        let fail = |fault: Fault| fault.on(&self.id, Operation::Capture);
        let (out, samples) = channel();
        let (calibration, stop, inner) = (self.calibration, done.clone(), budget.clone());
        let most = budget.left() + budget.grace() + GRACE;
        let mut limit = Instant::now() + most;
        let pending = self
            .worker
            .begin(most, move |wire| {
                let result = wire.record(calibration, &out, &stop, &inner);
                if matches!(result, Err(ref fault) if *fault != Fault::Cancelled) {
                    wire.link = None;
                }
                result
            })
            .map_err(fail)?;
        // The sender is dropped when the job ends, which ends this loop; a pad that hangs is left behind.
        loop {
            if budget.cancel().is_cancelled() {
                limit = limit.min(Instant::now() + GRACE);
            }
            match samples.recv_timeout(limit.saturating_duration_since(Instant::now()).min(SLICE)) {
                Ok(sample) => sink(sample),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) if Instant::now() < limit => {}
                Err(RecvTimeoutError::Timeout) => {
                    let _ = self.worker.end(&pending, Duration::ZERO);
                    return Err(fail(Fault::TimedOut { after_ms: millis(started.elapsed()) }));
                }
            }
        }
        let taken = self.worker.end(&pending, GRACE).map_err(fail)?;
        let recording = self.recording(taken, started);
        let inked = recording.samples.iter().any(|sample| sample.down);
        if inked { Ok(recording) } else { Err(fail(Fault::NothingPresented)) }
    }
}

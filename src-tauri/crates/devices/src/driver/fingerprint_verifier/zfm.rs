//! A ZFM-20 / R30x module on a serial line.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use super::session::Session;
use super::{FingerVerifier, VerifierImage};
use crate::budget::{Budget, millis};
use crate::device::{Device, DeviceId, DeviceInfo, DeviceKind, DeviceState, Identity, TestReport};
use crate::driver::Provenance;
use crate::driver::line::SerialLine;
use crate::driver::worker::{GRACE, Worker};
use crate::error::{DeviceError, Fault, Operation};
use crate::fact::{Fact, FactKey};
use crate::protocol::zfm::gen_img::GenImg;
use crate::protocol::zfm::img2tz::Img2Tz;
use crate::protocol::zfm::read_sys_para::{ReadSysPara, SysPara};
use crate::protocol::zfm::{Code, ZfmError, image};
use crate::transport::serial::{ByteLink, Parity, SerialLink};

/// Pixels per inch of the sensor.
pub const PPI: u16 = 500;
/// Real grey levels: 4 bits. Below Appendix F and ISO 19794-4, so never an enrolment record.
pub const LEVELS: u16 = 16;
/// Factory line speed.
pub const DEFAULT_BAUD: u32 = 57_600;

const DRIVER: &str = concat!("zfm ", env!("CARGO_PKG_VERSION"));
/// Pause between two looks at an empty sensor.
const LOOK_AGAIN: Duration = Duration::from_millis(60);

type Connect = Arc<dyn Fn() -> Result<Box<dyn ByteLink>, Fault> + Send + Sync>;

struct Wire {
    connect: Connect,
    session: Option<Session>,
    /// What the session that was hung up left unanswered: until when it may still come.
    owed: Option<Instant>,
    /// Of the module behind the session; nothing until it was met.
    para: Option<SysPara>,
    /// Digest of the last upload: a sensor never gives the same bytes twice.
    last: Option<u64>,
}

/// The driver.
pub struct ZfmVerifier {
    id: DeviceId,
    identity: Identity,
    worker: Worker<Wire>,
}

impl ZfmVerifier {
    /// A module on the serial port `path`; it is opened by the first operation, and again after a replug.
    pub fn on_port(path: &str, baud: u32) -> Self {
        let port = path.to_owned();
        Self::over(Identity::SerialPath { path: path.to_owned() }, move || {
            Ok(Box::new(SerialLink::open(&port, baud, Parity::None)?) as Box<dyn ByteLink>)
        })
    }

    /// The module of a line, wherever it is plugged in; `identity` as the line found it.
    pub fn on_line(line: Arc<SerialLine>, identity: Identity, baud: u32) -> Self {
        Self::over(identity, move || Ok(Box::new(line.open(baud, Parity::None)?) as Box<dyn ByteLink>))
    }

    /// A module behind any byte link; `connect` is called again after the link was lost.
    pub fn over(
        identity: Identity,
        connect: impl Fn() -> Result<Box<dyn ByteLink>, Fault> + Send + Sync + 'static,
    ) -> Self {
        let connect: Connect = Arc::new(connect);
        let wire =
            move || Wire { connect: connect.clone(), session: None, owed: None, para: None, last: None };
        let worker = Worker::start("finger_verifier", wire);
        Self { id: identity.id(DeviceKind::FingerVerifier), identity, worker }
    }

    fn call<T: Send + 'static>(
        &self,
        operation: Operation,
        budget: &Budget,
        job: impl FnOnce(&mut Wire, &Budget) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, DeviceError> {
        let inner = budget.clone();
        self.worker
            .call(budget, move |wire| {
                let result = job(wire, &inner);
                // After any fault of the line the port is opened afresh, so a replug needs no restart. A session that was
                // called off knows what is still to come.
                if !matches!(
                    result,
                    Ok(_)
                        | Err(Fault::Cancelled
                            | Fault::NothingPresented
                            | Fault::Unclear { .. }
                            | Fault::Refused { .. }
                            | Fault::Frozen { .. })
                ) {
                    wire.hang_up();
                }
                result
            })
            .map_err(|fault| fault.on(&self.id, operation))
    }

    /// The module's parameters, asked anew.
    ///
    /// # Errors
    /// [`DeviceError`] with the fault of the module or of its line.
    pub fn parameters(&self, budget: &Budget) -> Result<SysPara, DeviceError> {
        self.call(Operation::Identify, budget, |wire, budget| wire.open(budget)?.run(&ReadSysPara, budget))
    }
}

impl Wire {
    fn open(&mut self, budget: &Budget) -> Result<&mut Session, Fault> {
        let session = match self.session.take() {
            Some(session) => session,
            None => Session::new((self.connect)()?, self.owed.take()),
        };
        // Held before the module is met: a meeting that is called off leaves an answer on the line, too.
        let session = self.session.insert(session);
        if self.para.is_none() {
            self.para = Some(session.begin(budget)?);
        }
        Ok(session)
    }

    fn hang_up(&mut self) {
        if let Some(session) = self.session.take() {
            self.owed = session.owed();
        }
        self.para = None;
    }

    fn capture(&mut self, budget: &Budget) -> Result<Vec<u8>, Fault> {
        let session = self.open(budget)?;
        let mut empty = false;
        loop {
            let looked = match session.run(&GenImg, budget) {
                // The time ended in the middle of a look at a sensor that was empty until then.
                Err(Fault::TimedOut { .. }) if empty && budget.left().is_zero() => {
                    return Err(Fault::NothingPresented);
                }
                looked => looked?,
            };
            match looked {
                Code::Done => break,
                Code::NoFinger | Code::ImageFailed => match budget.pause(LOOK_AGAIN) {
                    Err(Fault::TimedOut { .. }) => return Err(Fault::NothingPresented),
                    other => {
                        other?;
                        empty = true;
                    }
                },
                code => return Err(ZfmError::Refused { command: "GenImg", code }.into()),
            }
        }
        // The module's own look at the image; a module without this command does not stop the capture.
        if let Ok(code @ (Code::Disorderly | Code::TooFewFeatures)) = session.run(&Img2Tz { slot: 1 }, budget)
        {
            return Err(Fault::Unclear {
                code: format!("{:02X}", u8::from(code)),
                info: "Img2Tz".to_owned(),
            });
        }
        let packed = session.upload(budget)?;
        let mut hasher = DefaultHasher::new();
        packed.hash(&mut hasher);
        let digest = Some(hasher.finish());
        if self.last == digest {
            return Err(Fault::Frozen { same: 2 });
        }
        self.last = digest;
        Ok(packed)
    }
}

impl Device for ZfmVerifier {
    fn id(&self) -> &DeviceId {
        &self.id
    }

    fn kind(&self) -> DeviceKind {
        DeviceKind::FingerVerifier
    }

    fn info(&self) -> DeviceInfo {
        DeviceInfo {
            identity: self.identity.clone(),
            make: String::new(),
            model: "ZFM-20 / R30x".to_owned(),
            firmware: None,
            driver: DRIVER.to_owned(),
            notes: vec![
                Fact::new(FactKey::Ppi, PPI),
                Fact::new(FactKey::GreyLevels, LEVELS),
                Fact::only(FactKey::OneToOne),
            ],
        }
    }

    fn state(&self) -> DeviceState {
        self.worker.state()
    }

    fn test(&self, budget: &Budget) -> Result<TestReport, DeviceError> {
        let started = Instant::now();
        let para = self.parameters(budget)?;
        Ok(TestReport {
            device: self.id.clone(),
            findings: [
                Fact::new(FactKey::SystemId, format_args!("{:04X}", para.system_id)),
                Fact::new(FactKey::Baud, para.baud()),
            ]
            .into_iter()
            .chain(para.packet_size().map(|bytes| Fact::new(FactKey::PacketBytes, bytes)))
            .collect(),
            took_ms: millis(started.elapsed()),
        })
    }

    fn close(&self) {
        let _ = self.worker.begin(GRACE, |wire| {
            wire.hang_up();
            Ok(())
        });
    }
}

impl FingerVerifier for ZfmVerifier {
    /// Waits for a finger. `Frozen` = the very same image as before (stale buffer); `Unclear` 06 or 07 = too
    /// poor an image, lay the finger again; `NothingPresented` = nobody did.
    fn capture(&self, budget: &Budget) -> Result<VerifierImage, DeviceError> {
        let started = Instant::now();
        let packed = self.call(Operation::Capture, budget, Wire::capture)?;
        let image = image::expand(&packed).map_err(|e| Fault::from(e).on(&self.id, Operation::Capture))?;
        Ok(VerifierImage {
            image,
            ppi: PPI,
            levels: LEVELS,
            provenance: Provenance {
                device: self.id.clone(),
                driver: DRIVER.to_owned(),
                taken_at: SystemTime::now(),
                took_ms: millis(started.elapsed()),
            },
        })
    }
}

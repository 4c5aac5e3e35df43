//! A face device behind an SBI service plays the camera: its stream is the live picture, its capture the
//! signed portrait.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use super::line::Line;
use super::{Found, Session, Settings, service};
use crate::budget::{Budget, millis};
use crate::device::{Device, DeviceId, DeviceInfo, DeviceKind, DeviceState, TestReport};
use crate::driver::camera::http::HttpSource;
use crate::driver::camera::source::{Format, FrameSource, Opener, Picture};
use crate::driver::camera::{Camera, FrameMailbox, LiveCamera, Portrait, Signed, Still};
use crate::error::{DeviceError, Fault, Operation};
use crate::protocol::sbi::BioType;
use crate::protocol::sbi::part::Part;
use crate::protocol::sbi::{code, record};

/// `deviceSubId` of a face.
const WHOLE: &str = "0";
/// The device is asked to end its stream after this; it is then opened again.
const STREAM: Duration = Duration::from_secs(300);
/// Longest silence of a stream that is not paused by a capture.
const SILENCE: Duration = Duration::from_secs(2);
/// Score at which the device may stop by itself: the station measures the picture on its own.
const WANTED_SCORE: u8 = 60;

/// A camera that signs its portraits.
pub struct SbiFace {
    line: Arc<Line>,
    live: LiveCamera,
    capturing: Arc<AtomicBool>,
}

impl SbiFace {
    /// The device that was found; chain and replay memory are the desk's.
    pub fn new(found: Found, settings: Arc<Settings>, session: Arc<Session>) -> Self {
        let line = Arc::new(Line::new(DeviceKind::Camera, found, settings, session));
        let capturing = Arc::new(AtomicBool::new(false));
        let live = LiveCamera::new(Arc::new(Stream { line: line.clone(), capturing: capturing.clone() }));
        Self { line, live, capturing }
    }

    fn take(&self, budget: &Budget) -> Result<Portrait, DeviceError> {
        let (samples, transaction, provenance) =
            self.line.capture(BioType::Face, WHOLE, (vec![Part::Face], vec![]), WANTED_SCORE, budget)?;
        let unreadable = |what: &str| Fault::garbage(what).on(&self.line.id, Operation::Capture);
        let sample = samples.into_iter().next().ok_or_else(|| unreadable("face"))?;
        let described = record::describe(&sample.record).map_err(|_| unreadable("face record"))?;
        let image = sample.record.get(described.image_at..described.image_at + described.image_len);
        Ok(Portrait {
            image: image.ok_or_else(|| unreadable("face record"))?.to_vec(),
            media_type: record::face_media_type(described.format),
            signed: Some(Signed {
                record: sample.record,
                device_score: sample.score,
                evidence: sample.evidence,
                chain: hex::encode(sample.link),
                transaction,
            }),
            provenance,
        })
    }
}

impl Device for SbiFace {
    fn id(&self) -> &DeviceId {
        &self.line.id
    }

    fn kind(&self) -> DeviceKind {
        DeviceKind::Camera
    }

    fn info(&self) -> DeviceInfo {
        self.line.info()
    }

    fn state(&self) -> DeviceState {
        match self.live.state() {
            // What only the picture shows.
            bad @ DeviceState::Faulted { reason: Fault::Blank { .. } | Fault::Frozen { .. }, .. } => bad,
            _ => self.line.state.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    fn is_believed(&self) -> bool {
        self.line.is_believed()
    }

    fn test(&self, budget: &Budget) -> Result<TestReport, DeviceError> {
        self.line.test(budget)
    }

    fn close(&self) {
        self.live.close();
    }

    fn heals_itself(&self) -> bool {
        true
    }

    fn met_again(&self, state: &DeviceState) {
        let mut mine = self.line.state.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(&*mine, DeviceState::Absent | DeviceState::Faulted { .. }) {
            *mine = state.clone();
        }
    }
}

impl Camera for SbiFace {
    fn preview(&self) -> Arc<FrameMailbox> {
        self.live.preview()
    }

    /// A frame of the live picture: not signed, and with whatever the device draws into it.
    fn still(&self, budget: &Budget) -> Result<Still, DeviceError> {
        self.live.still(budget)
    }

    fn portrait(&self, budget: &Budget) -> Result<Portrait, DeviceError> {
        self.capturing.store(true, Ordering::SeqCst);
        let taken = self.take(budget);
        self.capturing.store(false, Ordering::SeqCst);
        taken
    }
}

/// The device's STREAM as a camera's source.
struct Stream {
    line: Arc<Line>,
    capturing: Arc<AtomicBool>,
}

struct Source {
    frames: HttpSource,
    capturing: Arc<AtomicBool>,
}

impl Opener for Stream {
    fn info(&self) -> DeviceInfo {
        self.line.info()
    }

    fn open(&self, budget: &Budget) -> Result<Box<dyn FrameSource>, Fault> {
        let stream = self.line.reach(budget, |found| {
            let dialect = self.line.settings.dialect;
            let call = dialect.stream(&found.device, BioType::Face, WHOLE, millis(STREAM));
            service::open_stream(found.port, &call, budget)
        })?;
        let frames = HttpSource::new(stream, service::MAX_FRAME);
        Ok(Box::new(Source { frames, capturing: self.capturing.clone() }))
    }

    fn warm_up(&self) -> u32 {
        0
    }

    fn paused(&self) -> bool {
        self.capturing.load(Ordering::SeqCst)
    }
}

impl FrameSource for Source {
    fn format(&self) -> Format {
        self.frames.format()
    }

    fn passed_over(&mut self) -> u64 {
        self.frames.passed_over()
    }

    fn held_back(&self) -> u64 {
        self.frames.held_back()
    }

    fn next(&mut self, budget: &Budget) -> Result<Picture, Fault> {
        loop {
            match self.frames.next(&Budget::new(SILENCE, budget.cancel())) {
                Err(Fault::TimedOut { .. }) if self.capturing.load(Ordering::SeqCst) => {}
                Err(Fault::Refused { code, info }) => {
                    return Err(code::fault(&code, &info).unwrap_or_else(|| Fault::garbage("live picture")));
                }
                other => return other,
            }
        }
    }
}

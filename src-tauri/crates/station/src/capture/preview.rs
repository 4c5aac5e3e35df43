//! Live pictures with what was measured on them; the newest frame wins.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use biometrics::codec::{Limits, decode_rgb};
use biometrics::portrait::{Backdrop, Expect, FrameWatch};
use devices::driver::camera::{Frame, FrameMailbox};
use devices::{Budget, CancelToken, Fault};
use domain::Slap;
use domain::role::Action;

use super::{advice_key, portrait};
use crate::equipment::Equipment;
use crate::settings::core_device;
use crate::view::{DeviceRole, FaceBox, MeasuredCheck, PreviewMeasure, SlapName};
use crate::{Error, Result, Station};

/// A device's own preview ends by itself after this, and is opened again.
const LONGEST: Duration = Duration::from_secs(300);
/// Without a frame for this long the picture is opened again.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two attempts to open a picture that ended: with a capture, a pulled cable, a device that was away.
const AGAIN: Duration = Duration::from_millis(300);
/// More than that after an attempt in vain: a scanner that is not ready is asked for on all its ports.
const LATER: Duration = Duration::from_secs(1);
/// Frames go to the window no faster than this.
const FRAME: Duration = Duration::from_millis(30);
/// Frames are measured no faster than this: nobody moves far in a tenth of a second.
const MEASURE: Duration = Duration::from_millis(80);

/// Ends a preview when told to, or when dropped.
#[derive(Debug)]
pub struct PreviewStop {
    ended: Arc<AtomicBool>,
    cancel: CancelToken,
}

impl PreviewStop {
    /// Ends the preview; calling it again changes nothing.
    pub fn stop(&self) {
        self.ended.store(true, Ordering::Relaxed);
        self.cancel.cancel();
    }
}

impl Drop for PreviewStop {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The live pictures that run: the lock ends them, whoever asked for them.
#[derive(Default)]
pub(crate) struct LivePictures(Mutex<Vec<PreviewStop>>);

impl LivePictures {
    /// One more, to be stopped with the rest. Asked before the desk is: a lock that falls between ends it too.
    fn begin(&self) -> PreviewStop {
        let stop = PreviewStop { ended: Arc::default(), cancel: CancelToken::new() };
        let mut running = crate::held(&self.0);
        running.retain(|one| !one.ended.load(Ordering::Relaxed));
        running.push(stop.again());
        stop
    }

    /// Ends all of them.
    pub(crate) fn end(&self) {
        crate::held(&self.0).clear();
    }
}

impl PreviewStop {
    /// The same preview, held a second time.
    fn again(&self) -> Self {
        Self { ended: Arc::clone(&self.ended), cancel: self.cancel.clone() }
    }
}

impl Station {
    /// Starts a live picture; `sink` gets each frame with its measures and answers whether more is wanted. Of a device that
    /// is away, not ready or being read it begins once that is there. Of fingers it is of `slap`, which the window names as
    /// it shows it.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` for a device that has no picture and for fingers without their placement.
    pub fn preview(
        &self,
        role: DeviceRole,
        id: Option<&str>,
        slap: Option<SlapName>,
        sink: impl FnMut(&PreviewMeasure, &[u8]) -> bool + Send + 'static,
    ) -> Result<PreviewStop> {
        let stop = self.live_pictures.begin();
        let desk = self.desk(Action::ReadQueue)?;
        let due = match (role, id) {
            (DeviceRole::Camera, Some(id)) => Some(self.backdrop(&self.visit(&desk, id)?).0),
            (DeviceRole::Camera, None) => Some(Backdrop::Any),
            _ => None,
        };
        let expect = due.map(|backdrop| Expect::with(backdrop, self.config.portrait));
        let picture = Picture {
            role,
            sight: Sight::of(role, slap)?,
            equipment: Arc::clone(&self.equipment),
            cancel: stop.cancel.clone(),
        };
        // Opening its picture would disturb a scanner that reads; a camera gives both at once.
        let opened = if role != DeviceRole::Camera && picture.is_read() {
            not_yet(Fault::Busy)
        } else {
            match picture.open() {
                Err(Error::Device { source, .. }) => not_yet(source.fault()),
                opened => opened?,
            }
        };
        let over = Arc::clone(&stop.ended);
        std::thread::Builder::new()
            .name("preview".into())
            .spawn(move || run(&picture, opened, expect, &over, sink))
            .map_err(|source| Error::File { doing: "start a preview", source })?;
        Ok(stop)
    }
}

/// In place of a picture that could not be opened: it has ended, and is opened again as any other that did.
fn not_yet(fault: Fault) -> Arc<FrameMailbox> {
    let mailbox = FrameMailbox::new();
    mailbox.end(fault);
    mailbox
}

/// What a live picture is of.
#[derive(Clone, Copy)]
enum Sight {
    Camera,
    Slap(Slap),
    Irises,
}

impl Sight {
    fn of(role: DeviceRole, slap: Option<SlapName>) -> Result<Self> {
        match role {
            DeviceRole::Camera => Ok(Self::Camera),
            DeviceRole::FingerprintScanner => {
                slap.map(|slap| Self::Slap(slap.into())).ok_or(Error::Invalid { what: "slap" })
            }
            DeviceRole::IrisScanner => Ok(Self::Irises),
            DeviceRole::SignaturePad
            | DeviceRole::CardReader
            | DeviceRole::DocumentPrinter
            | DeviceRole::FingerVerifier
            | DeviceRole::CardPrinter
            | DeviceRole::SlipPrinter => Err(Error::Invalid { what: "device" }),
        }
    }
}

/// The live picture of one role, opened as often as it ends.
struct Picture {
    role: DeviceRole,
    sight: Sight,
    equipment: Arc<Equipment>,
    cancel: CancelToken,
}

impl Picture {
    fn open(&self) -> Result<Arc<FrameMailbox>> {
        let budget = Budget::new(LONGEST, &self.cancel);
        match self.sight {
            Sight::Camera => self.equipment.camera_preview(),
            Sight::Slap(slap) => self.equipment.slap_preview(slap, &budget),
            Sight::Irises => self.equipment.iris_preview(&budget),
        }
    }

    /// True while its device reads, or does anything else that was asked of it.
    fn is_read(&self) -> bool {
        self.equipment.is_running(core_device(self.role))
    }

    /// Waits a moment, then opens it again; `None` while the device is away, not ready, or being read.
    fn again(&self) -> Option<Arc<FrameMailbox>> {
        if self.cancel.wait(AGAIN) || self.is_read() {
            return None;
        }
        let opened = self.open().ok();
        if opened.is_none() {
            self.cancel.wait(LATER);
        }
        opened
    }
}

fn run(
    picture: &Picture,
    mut opened: Arc<FrameMailbox>,
    expect: Option<Expect>,
    over: &AtomicBool,
    mut sink: impl FnMut(&PreviewMeasure, &[u8]) -> bool,
) {
    let began = Instant::now();
    let judge = expect.map(Judge::start);
    let mut after = 0;
    while !over.load(Ordering::Relaxed) {
        let Ok(frame) = opened.next(after, PATIENCE) else {
            if let Some(next) = picture.again() {
                if !Arc::ptr_eq(&next, &opened) {
                    after = 0;
                }
                opened = next;
            }
            continue;
        };
        after = frame.sequence;
        let sent = Instant::now();
        if let Some(judge) = &judge {
            judge.look_at(&frame);
        }
        let seen = judge.as_ref().map(Judge::newest).unwrap_or_default();
        let measure = PreviewMeasure {
            seq: u32::try_from(frame.sequence).unwrap_or(u32::MAX),
            at: began.elapsed().as_secs_f64() * 1000.0,
            dropped_before: u32::try_from(frame.dropped).unwrap_or(u32::MAX),
            face: seen.face,
            checks: seen.checks,
            advice: seen.advice,
        };
        if over.load(Ordering::Relaxed) || !sink(&measure, &frame.jpeg) {
            return;
        }
        std::thread::sleep(FRAME.saturating_sub(sent.elapsed()));
    }
}

/// What was measured last.
#[derive(Clone, Default)]
struct Seen {
    face: Option<FaceBox>,
    checks: Vec<MeasuredCheck>,
    advice: Option<String>,
}

/// Measures frames beside their way to the window, so that no picture waits for its measures; a picture shows the
/// newest measures there are. Frames that come while one is measured are left out. Ends when dropped.
struct Judge {
    frames: std::sync::mpsc::SyncSender<Frame>,
    newest: Arc<Mutex<Seen>>,
}

impl Judge {
    fn start(expect: Expect) -> Self {
        let (frames, next) = std::sync::mpsc::sync_channel::<Frame>(1);
        let newest = Arc::new(Mutex::new(Seen::default()));
        let told = Arc::clone(&newest);
        let work = move || {
            let mut watch = FrameWatch::new();
            for frame in next {
                let began = Instant::now();
                let Ok(image) = decode_rgb(&frame.jpeg, &Limits::default()) else { continue };
                let measures = watch.measure(&image, &expect);
                #[allow(clippy::cast_precision_loss)] // shares of a frame
                let (w, h) = (image.width as f32, image.height as f32);
                let face = measures.faces.first().map(|face| FaceBox {
                    x: face.x / w,
                    y: face.y / h,
                    w: face.width / w,
                    h: face.height / h,
                });
                let advice = measures.advice.map(|advice| advice_key(advice).to_owned());
                *told.lock().unwrap_or_else(PoisonError::into_inner) =
                    Seen { face, checks: portrait::checks(&measures), advice };
                std::thread::sleep(MEASURE.saturating_sub(began.elapsed()));
            }
        };
        if let Err(error) = std::thread::Builder::new().name("preview-measures".into()).spawn(work) {
            tracing::warn!(%error, "the live picture goes without measures");
        }
        Self { frames, newest }
    }

    fn look_at(&self, frame: &Frame) {
        // Full means that a frame is being measured: this one is left out.
        let _ = self.frames.try_send(frame.clone());
    }

    fn newest(&self) -> Seen {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

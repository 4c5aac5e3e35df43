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
use crate::view::{DeviceRole, FaceBox, MeasuredCheck, PreviewMeasure};
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
    /// is away or not ready it begins once that is there.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` for a device that has no picture.
    pub fn preview(
        &self,
        role: DeviceRole,
        id: Option<&str>,
        sink: impl FnMut(&PreviewMeasure, &[u8]) -> bool + Send + 'static,
    ) -> Result<PreviewStop> {
        let stop = self.live_pictures.begin();
        let desk = self.desk(Action::ReadQueue)?;
        let due = match (role, id) {
            (DeviceRole::Camera, Some(id)) => Some(self.backdrop(&self.visit(&desk, id)?).0),
            (DeviceRole::Camera, None) => Some(Backdrop::Any),
            (DeviceRole::FingerprintScanner, Some(id)) => {
                self.equipment.due(self.next_slap(&self.visit(&desk, id)?));
                None
            }
            _ => None,
        };
        let expect = due.map(|backdrop| Expect::with(backdrop, self.config.portrait));
        let picture = Picture { role, equipment: Arc::clone(&self.equipment), cancel: stop.cancel.clone() };
        let opened = match picture.open() {
            Err(Error::Device { source, .. }) => Opened::not_yet(source.fault()),
            opened => opened?,
        };
        let over = Arc::clone(&stop.ended);
        std::thread::Builder::new()
            .name("preview".into())
            .spawn(move || run(&picture, opened, expect, &over, sink))
            .map_err(|source| Error::File { doing: "start a preview", source })?;
        Ok(stop)
    }

    /// The placement that is due.
    pub(super) fn next_slap(&self, visit: &crate::visit::Visit) -> Slap {
        self.waiting_slap(visit).unwrap_or(Slap::RightFour)
    }

    /// The first placement that is not settled.
    pub(super) fn waiting_slap(&self, visit: &crate::visit::Visit) -> Option<Slap> {
        let limits = self.rules().thresholds;
        let state = &visit.state.capture;
        Slap::ALL.into_iter().find(|slap| {
            slap.fingers().iter().any(|finger| {
                matches!(
                    state.finger_state(*finger, &limits),
                    domain::capture::FingerState::Waiting | domain::capture::FingerState::Low
                )
            })
        })
    }
}

/// A live picture as it was opened.
struct Opened {
    mailbox: Arc<FrameMailbox>,
    /// The placement that it is of; of fingers only.
    slap: Option<Slap>,
}

impl Opened {
    /// In place of one that could not be opened: it has ended, and is opened again as any other that did.
    fn not_yet(fault: Fault) -> Self {
        let mailbox = FrameMailbox::new();
        mailbox.end(fault);
        Self { mailbox, slap: None }
    }
}

/// The live picture of one role, opened as often as it ends, and when another placement is due.
struct Picture {
    role: DeviceRole,
    equipment: Arc<Equipment>,
    cancel: CancelToken,
}

impl Picture {
    fn open(&self) -> Result<Opened> {
        let budget = Budget::new(LONGEST, &self.cancel);
        let (mailbox, slap) = match self.role {
            DeviceRole::Camera => (self.equipment.camera_preview()?, None),
            DeviceRole::FingerprintScanner => {
                let slap = self.equipment.slap_due();
                (self.equipment.slap_preview(slap, &budget)?, Some(slap))
            }
            DeviceRole::IrisScanner => (self.equipment.iris_preview(&budget)?, None),
            DeviceRole::SignaturePad
            | DeviceRole::CardReader
            | DeviceRole::DocumentPrinter
            | DeviceRole::FingerVerifier
            | DeviceRole::CardPrinter
            | DeviceRole::SlipPrinter => return Err(Error::Invalid { what: "device" }),
        };
        Ok(Opened { mailbox, slap })
    }

    /// Waits a moment, then opens it again; `None` while the device is away, not ready, or being read.
    fn again(&self) -> Option<Opened> {
        if self.cancel.wait(AGAIN) || self.equipment.is_running(crate::settings::core_device(self.role)) {
            return None;
        }
        let opened = self.open().ok();
        if opened.is_none() {
            self.cancel.wait(LATER);
        }
        opened
    }

    /// The next frame; `None` when the picture has ended, stands still, or is of a placement that is not due any more.
    fn next(&self, opened: &Opened, after: u64) -> Option<Frame> {
        if opened.slap.is_some_and(|slap| slap != self.equipment.slap_due()) {
            return None;
        }
        opened.mailbox.next(after, PATIENCE).ok()
    }
}

fn run(
    picture: &Picture,
    mut opened: Opened,
    expect: Option<Expect>,
    over: &AtomicBool,
    mut sink: impl FnMut(&PreviewMeasure, &[u8]) -> bool,
) {
    let began = Instant::now();
    let judge = expect.map(Judge::start);
    let mut after = 0;
    while !over.load(Ordering::Relaxed) {
        let Some(frame) = picture.next(&opened, after) else {
            if let Some(next) = picture.again() {
                if !Arc::ptr_eq(&next.mailbox, &opened.mailbox) {
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

//! A camera that keeps itself alive: opens on first use, drops the warm-up, watches for silence and for
//! blank or frozen pictures, and opens again by itself.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use domain::image::RgbImage;
use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;

use super::sight::{self, Sight};
use super::source::{Opener, Picture};
use super::{Camera, Frame, FrameMailbox, Still};
use crate::budget::{Budget, CancelToken, millis};
use crate::device::{Device, DeviceId, DeviceInfo, DeviceKind, DeviceState, TestReport};
use crate::driver::Provenance;
use crate::error::{DeviceError, Fault, Operation};
use crate::fact::{Fact, FactKey};
use crate::registry::Backoff;

/// Opening may take this long before the thread is left behind.
const OPEN_LIMIT: Duration = Duration::from_secs(10);
/// A source that is silent this long is opened again.
const SILENCE: Duration = Duration::from_secs(2);
/// Preview width of cameras whose pixels we encode ourselves.
const PREVIEW_WIDTH: u32 = 640;
/// JPEG quality of stills that we encode ourselves.
const STILL_QUALITY: u8 = 95;

struct Shared {
    opener: Arc<dyn Opener>,
    mailbox: Arc<FrameMailbox>,
    state: Mutex<DeviceState>,
    format: Mutex<String>,
    /// Newest raw picture and the sequence of its preview frame.
    raw: Mutex<Option<(u64, Arc<RgbImage>)>>,
    /// How many of the source's next frames may be older than the question for them.
    held_back: AtomicU64,
    beat: Mutex<Instant>,
}

/// A portrait camera over any source.
pub struct LiveCamera {
    id: DeviceId,
    shared: Arc<Shared>,
    running: Mutex<Option<CancelToken>>,
}

impl LiveCamera {
    /// A camera that is opened when first looked at.
    pub fn new(opener: Arc<dyn Opener>) -> Self {
        let id = opener.info().identity.id(DeviceKind::Camera);
        let shared = Arc::new(Shared {
            opener,
            mailbox: FrameMailbox::new(),
            state: Mutex::new(DeviceState::Present),
            format: Mutex::default(),
            raw: Mutex::default(),
            held_back: AtomicU64::new(0),
            beat: Mutex::new(Instant::now()),
        });
        Self { id, shared, running: Mutex::default() }
    }

    fn start(&self) {
        let mut running = lock(&self.running);
        if running.is_some() {
            return;
        }
        let stop = CancelToken::new();
        let (shared, ending) = (self.shared.clone(), stop.clone());
        let name = format!("camera-{}", self.id);
        match std::thread::Builder::new().name(name).spawn(move || supervise(&shared, &ending)) {
            Ok(_) => *running = Some(stop),
            Err(error) => self.shared.fault(Fault::from(error)),
        }
    }

    /// A frame that was taken after `pressed`: asked for since then, and past what may have lain ready before.
    fn fresh(&self, pressed: Instant, budget: &Budget) -> Result<Frame, Fault> {
        let mut seen = self.shared.mailbox.latest().map_or(0, |frame| frame.sequence);
        let mut first = None;
        loop {
            budget.check().map_err(|fault| self.named(fault))?;
            match self.shared.mailbox.next(seen, budget.slice(Duration::from_millis(100))) {
                // The camera opens again by itself; only the caller's time ends the wait.
                Err(Fault::TimedOut { .. }) => {}
                Err(_) => budget.pause(Duration::from_millis(50)).map_err(|fault| self.named(fault))?,
                Ok(frame) if frame.asked < pressed => seen = frame.sequence,
                Ok(frame)
                    if frame.sequence
                        < *first.get_or_insert(frame.sequence)
                            + self.shared.held_back.load(Ordering::SeqCst) =>
                {
                    seen = frame.sequence;
                }
                Ok(frame) => match self.state() {
                    DeviceState::Faulted {
                        reason: reason @ (Fault::Blank { .. } | Fault::Frozen { .. }),
                        ..
                    } => {
                        return Err(reason);
                    }
                    _ => return Ok(frame),
                },
            }
        }
    }

    /// What a wait in vain was for: the reason why no picture comes, if there is one.
    fn named(&self, fault: Fault) -> Fault {
        match fault {
            Fault::TimedOut { .. } => self.shared.mailbox.ended().unwrap_or(fault),
            other => other,
        }
    }

    fn take(&self, budget: &Budget) -> Result<Still, Fault> {
        let started = Instant::now();
        self.start();
        let frame = self.fresh(started, budget)?;
        let raw = lock(&self.shared.raw).clone().filter(|(sequence, _)| *sequence >= frame.sequence);
        let (jpeg, width, height, original) = match raw {
            Some((_, image)) => (encode(&image, STILL_QUALITY)?, image.width, image.height, false),
            None => {
                let (width, height, _) =
                    sight::luma(&frame.jpeg).ok_or_else(|| Fault::garbage("JPEG frame"))?;
                (frame.jpeg.to_vec(), width, height, true)
            }
        };
        // Coding a large picture takes a while: whoever called it off meanwhile gets none.
        if budget.cancel().is_cancelled() {
            return Err(Fault::Cancelled);
        }
        let provenance = Provenance {
            device: self.id.clone(),
            driver: self.shared.opener.info().driver,
            taken_at: SystemTime::now(),
            took_ms: millis(started.elapsed()),
        };
        Ok(Still { jpeg, width, height, original, provenance })
    }
}

impl Device for LiveCamera {
    fn id(&self) -> &DeviceId {
        &self.id
    }

    fn kind(&self) -> DeviceKind {
        DeviceKind::Camera
    }

    fn info(&self) -> DeviceInfo {
        let mut info = self.shared.opener.info();
        let format = lock(&self.shared.format).clone();
        if !format.is_empty() {
            info.notes.push(Fact::new(FactKey::Format, format));
        }
        info
    }

    fn state(&self) -> DeviceState {
        lock(&self.shared.state).clone()
    }

    fn test(&self, budget: &Budget) -> Result<TestReport, DeviceError> {
        let started = Instant::now();
        let still = self.take(budget).map_err(|f| f.on(&self.id, Operation::Test))?;
        let findings = vec![
            Fact::new(FactKey::Size, format_args!("{}×{}", still.width, still.height)),
            Fact::new(FactKey::Format, lock(&self.shared.format)),
            Fact::new(FactKey::Bytes, still.jpeg.len()),
        ];
        Ok(TestReport { device: self.id.clone(), findings, took_ms: millis(started.elapsed()) })
    }

    fn close(&self) {
        if let Some(stop) = lock(&self.running).take() {
            stop.cancel();
        }
    }

    fn heals_itself(&self) -> bool {
        true
    }
}

impl Camera for LiveCamera {
    fn preview(&self) -> Arc<FrameMailbox> {
        self.start();
        self.shared.mailbox.clone()
    }

    fn still(&self, budget: &Budget) -> Result<Still, DeviceError> {
        self.take(budget).map_err(|f| f.on(&self.id, Operation::Capture))
    }
}

impl Drop for LiveCamera {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    fn set(&self, state: DeviceState) {
        *lock(&self.state) = state;
    }

    /// One that failed is not called well again before it shows something: pulled out, it is tried every few seconds.
    fn opening(&self) {
        let mut state = lock(&self.state);
        if !matches!(&*state, DeviceState::Faulted { .. }) {
            *state = DeviceState::Opening;
        }
    }

    fn fault(&self, reason: Fault) {
        let mut state = lock(&self.state);
        // The time of the first notice is kept.
        if !matches!(&*state, DeviceState::Faulted { reason: old, .. } if *old == reason) {
            *state = DeviceState::Faulted { reason, since: SystemTime::now() };
        }
    }
}

/// Starts a pump, watches it, and starts the next one when it ends or falls silent.
fn supervise(shared: &Arc<Shared>, stop: &CancelToken) {
    let mut backoff = Backoff::default();
    while !stop.is_cancelled() {
        shared.opening();
        let before = shared.mailbox.latest().map_or(0, |f| f.sequence);
        *lock(&shared.beat) = Instant::now();
        let (opened, done) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(None)));
        let pump_stop = CancelToken::new();
        let job = (shared.clone(), pump_stop.clone(), opened.clone(), done.clone());
        let spawned = std::thread::Builder::new().name("camera-source".into()).spawn(move || {
            let (shared, stop, opened, done) = job;
            let end = pump(&shared, &stop, &opened);
            *lock(&done) = Some(end.err().unwrap_or(Fault::Cancelled));
        });
        let reason = match spawned {
            Err(error) => Fault::from(error),
            Ok(_) => loop {
                if stop.wait(Duration::from_millis(50)) {
                    break Fault::Cancelled;
                }
                if let Some(fault) = lock(&done).clone() {
                    break fault;
                }
                if shared.opener.paused() {
                    *lock(&shared.beat) = Instant::now();
                }
                let limit = if opened.load(Ordering::SeqCst) { SILENCE } else { OPEN_LIMIT };
                let quiet = lock(&shared.beat).elapsed();
                if quiet > limit {
                    break Fault::TimedOut { after_ms: millis(limit) };
                }
            },
        };
        pump_stop.cancel();
        shared.mailbox.end(reason.clone());
        if stop.is_cancelled() {
            break;
        }
        tracing::debug!(%reason, "camera source ended");
        shared.fault(reason);
        if shared.mailbox.latest().is_some_and(|f| f.sequence > before) {
            backoff.reset();
        }
        stop.wait(backoff.wait());
    }
    shared.set(DeviceState::Present);
}

/// Opens the source and moves its frames into the mailbox until it fails or is stopped.
fn pump(shared: &Shared, stop: &CancelToken, opened: &AtomicBool) -> Result<(), Fault> {
    let mut source = shared.opener.open(&Budget::new(OPEN_LIMIT, stop))?;
    opened.store(true, Ordering::SeqCst);
    *lock(&shared.format) = source.format().to_string();
    shared.held_back.store(source.held_back(), Ordering::SeqCst);
    *lock(&shared.beat) = Instant::now();
    let mut sight = Sight::default();
    let mut warm_up = shared.opener.warm_up();
    while !stop.is_cancelled() {
        let asked = Instant::now();
        let picture = source.next(&Budget::new(SILENCE, stop))?;
        if stop.is_cancelled() {
            break;
        }
        *lock(&shared.beat) = Instant::now();
        if warm_up > 0 {
            warm_up -= 1;
            continue;
        }
        let (jpeg, raw) = match picture {
            Picture::Jpeg(jpeg) => (jpeg, None),
            Picture::Rgb(image) => (encode(&shrink(&image), 80)?, Some(Arc::new(image))),
        };
        // Given up while the picture was looked at: the next source fills the mailbox now.
        if stop.is_cancelled() {
            break;
        }
        match sight.look(&jpeg) {
            Some(fault) => shared.fault(fault),
            None => shared.set(DeviceState::Ready),
        }
        let mut slot = lock(&shared.raw);
        let sequence = shared.mailbox.put_asked(jpeg, asked, source.passed_over());
        *slot = raw.map(|image| (sequence, image));
    }
    Ok(())
}

fn encode(image: &RgbImage, quality: u8) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, quality)
        .encode(&image.pixels, image.width, image.height, ExtendedColorType::Rgb8)
        .map_err(|_| Fault::garbage("picture size"))?;
    Ok(out)
}

/// Takes every n-th pixel until the preview is small enough to encode in time.
fn shrink(image: &RgbImage) -> RgbImage {
    let step = image.width.div_ceil(PREVIEW_WIDTH).max(1);
    let (width, height) = (image.width / step, image.height / step);
    let mut pixels = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height {
        for x in 0..width {
            let at = ((y * step * image.width + x * step) * 3) as usize;
            pixels.extend_from_slice(image.pixels.get(at..at + 3).unwrap_or(&[0, 0, 0]));
        }
    }
    RgbImage { width, height, pixels }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

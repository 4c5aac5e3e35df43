//! A network camera: MJPEG over HTTP at 1280×720, the person at the desk before it.
//!
//! Drawing and encoding a frame takes longer than a frame lasts, so a painter thread keeps a loop of
//! encoded frames and the stream only numbers them.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use domain::image::GrayImage;

use crate::http::{self, Server};
use crate::look::look;
use crate::{DeskPerson, FaultPlan, Person, SimFault, jpeg};

/// Frames that are painted; the stream plays them to and fro.
const PAINTED: usize = 3;

/// What somebody holds before the camera, as large as fits; clones share it.
#[derive(Clone, Default)]
pub struct HeldUp(Arc<Mutex<Option<GrayImage>>>);

impl HeldUp {
    /// Holds a picture up; `None` takes it away.
    pub fn set(&self, picture: Option<GrayImage>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = picture;
    }

    fn get(&self) -> Option<GrayImage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A paper in a hand: as high as the picture but for a margin, before a grey wall.
fn paper(picture: &GrayImage, (width, height): (u32, u32)) -> Option<GrayImage> {
    const MARGIN: u32 = 24;
    const WALL: u8 = 150;
    let whole = image::GrayImage::from_raw(picture.width, picture.height, picture.pixels.clone())?;
    let room = (width.checked_sub(2 * MARGIN)?, height.checked_sub(2 * MARGIN)?);
    let scale = (f64::from(room.0) / f64::from(picture.width.max(1)))
        .min(f64::from(room.1) / f64::from(picture.height.max(1)));
    let sized = |side: u32| ((f64::from(side) * scale) as u32).max(1);
    let (w, h) = (sized(picture.width), sized(picture.height));
    let paper = image::imageops::resize(&whole, w, h, image::imageops::FilterType::Triangle);
    let mut frame = image::GrayImage::from_pixel(width, height, image::Luma([WALL]));
    let middle = |room: u32, side: u32| i64::from((room - side) / 2);
    image::imageops::replace(&mut frame, &paper, middle(width, w), middle(height, h));
    Some(GrayImage { width, height, pixels: frame.into_raw() })
}

#[derive(Default)]
struct Reel {
    /// Whom the frames show.
    person: Option<Person>,
    /// What is held before that person.
    held_up: Option<GrayImage>,
    frames: Vec<Arc<Vec<u8>>>,
}

struct Studio {
    person: DeskPerson,
    held_up: HeldUp,
    plan: FaultPlan,
    reel: Mutex<Reel>,
    painted: Condvar,
    /// How many frames somebody has asked for: none are painted for a camera that nobody looks through.
    asked: AtomicUsize,
    stop: AtomicBool,
    pause: Duration,
    size: (u32, u32),
}

/// A running camera.
pub struct MjpegCam {
    server: Option<Server>,
    studio: Arc<Studio>,
    painter: Option<JoinHandle<()>>,
}

impl MjpegCam {
    /// Starts on the first free port of `ports` (0 = any) at `fps` frames a second.
    ///
    /// # Errors
    /// When no port is free, or the system gives no thread.
    pub fn start(
        ports: Vec<u16>,
        fps: u32,
        size: (u32, u32),
        person: DeskPerson,
        held_up: HeldUp,
        plan: FaultPlan,
    ) -> std::io::Result<Self> {
        let studio = Arc::new(Studio {
            person,
            held_up,
            plan,
            reel: Mutex::default(),
            painted: Condvar::new(),
            asked: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
            pause: Duration::from_secs(1) / fps.max(1),
            size,
        });
        let painting = studio.clone();
        let painter =
            std::thread::Builder::new().name("sim-camera-painter".into()).spawn(move || painting.paint())?;
        let serving = studio.clone();
        let server = Server::start("camera", ports, move |socket, stop| serving.serve(socket, stop))?;
        Ok(Self { server: Some(server), studio, painter: Some(painter) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.server.as_ref().map_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)), Server::address)
    }

    /// The address that a station is given.
    pub fn url(&self) -> String {
        format!("http://{}/video", self.address())
    }
}

impl Drop for MjpegCam {
    fn drop(&mut self) {
        self.studio.stop.store(true, Ordering::SeqCst);
        self.studio.painted.notify_all();
        self.server = None;
        if let Some(painter) = self.painter.take() {
            let _ = painter.join();
        }
    }
}

impl Studio {
    fn lock(&self) -> std::sync::MutexGuard<'_, Reel> {
        self.reel.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn paint(&self) {
        while !self.stop.load(Ordering::SeqCst) {
            let (person, held_up) = (self.person.get(), self.held_up.get());
            let next = {
                let mut reel = self.lock();
                if reel.person.as_ref() != Some(&person) || reel.held_up != held_up {
                    *reel =
                        Reel { person: Some(person.clone()), held_up: held_up.clone(), frames: Vec::new() };
                }
                reel.frames.len()
            };
            if next >= self.asked.load(Ordering::SeqCst).min(PAINTED) {
                let waiting = self.painted.wait_timeout(self.lock(), Duration::from_millis(50));
                drop(waiting);
                continue;
            }
            let frame = match held_up.as_ref().and_then(|picture| paper(picture, self.size)) {
                Some(paper) => Arc::new(jpeg::gray(&paper, 88)),
                None => {
                    let image = synth::Person::new(person.seed).portrait(&look(&person, next, self.size));
                    Arc::new(jpeg::rgb(&image, 88))
                }
            };
            let mut reel = self.lock();
            if reel.person.as_ref() == Some(&person) && reel.held_up == held_up {
                reel.frames.push(frame);
            }
            drop(reel);
            self.painted.notify_all();
        }
    }

    /// A frame of the loop; waits for the painter's first one.
    fn frame(&self, number: u64) -> Option<Arc<Vec<u8>>> {
        self.asked.fetch_max(usize::try_from(number).unwrap_or(0).max(1), Ordering::SeqCst);
        self.painted.notify_all();
        let reel = self.lock();
        let reel = self
            .painted
            .wait_while(reel, |r| r.frames.is_empty() && !self.stop.load(Ordering::SeqCst))
            .unwrap_or_else(PoisonError::into_inner);
        let there = reel.frames.len();
        let turn = (2 * there).saturating_sub(2).max(1);
        let at = usize::try_from(number).unwrap_or(0) % turn;
        reel.frames.get(if at < there { at } else { turn - at }).cloned()
    }

    fn black(&self) -> Vec<u8> {
        let (width, height) = self.size;
        let pixels = vec![0; (width * height * 3) as usize];
        jpeg::rgb(&domain::image::RgbImage { width, height, pixels }, 80)
    }

    fn serve(&self, mut socket: TcpStream, stop: &AtomicBool) {
        if self.plan.absent() || http::read(&mut socket).is_none() {
            return;
        }
        match self.plan.now() {
            Some(SimFault::Busy) => {
                http::write(&mut socket, "503 Service Unavailable", "text/plain", b"in use");
                return;
            }
            Some(SimFault::Garbage) => {
                let _ = socket.write_all(&[0xA5; 4096]);
                return;
            }
            _ => {}
        }
        if !http::begin_stream(&mut socket) {
            return;
        }
        let black = std::cell::OnceCell::new();
        for number in 1u64.. {
            if stop.load(Ordering::SeqCst) || self.stop.load(Ordering::SeqCst) {
                return;
            }
            let fault = self.plan.now();
            let Some(frame) = self.frame(number) else { return };
            let sent = match fault {
                Some(SimFault::Absent | SimFault::UnplugMidCapture | SimFault::CutStream) => {
                    if fault == Some(SimFault::UnplugMidCapture) {
                        self.plan.set(SimFault::Absent);
                    }
                    let head = format!("--BoundaryString\r\nContent-Length:{}\r\n\r\n", frame.len());
                    let half = frame.get(..frame.len() / 2).unwrap_or_default();
                    let _ = socket.write_all(head.as_bytes()).and_then(|()| socket.write_all(half));
                    return;
                }
                Some(SimFault::FrozenFrame) => match self.frame(0) {
                    Some(same) => http::write_part(&mut socket, &same),
                    None => return,
                },
                Some(SimFault::BlackFrame) => {
                    let black = black.get_or_init(|| self.black());
                    http::write_part(&mut socket, &jpeg::numbered(black, number))
                }
                Some(SimFault::Slow(ms)) => {
                    std::thread::sleep(Duration::from_millis(ms));
                    http::write_part(&mut socket, &jpeg::numbered(&frame, number))
                }
                _ => http::write_part(&mut socket, &jpeg::numbered(&frame, number)),
            };
            if !sent {
                return;
            }
            std::thread::sleep(self.pause);
        }
    }
}

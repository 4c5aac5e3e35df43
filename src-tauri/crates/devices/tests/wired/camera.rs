//! The live picture and a still of the same camera at the same time, over a camera that does what it is told.

use std::io::{Read as _, Write as _};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use devices::driver::camera::http::HttpOpener;
use devices::driver::camera::source::{Format, FrameSource, Opener, Picture};
use devices::driver::camera::{FrameMailbox, LiveCamera, Still};
use devices::{Budget, Camera, CancelToken, Device, DeviceError, DeviceInfo, DeviceState, Fault, Identity};
use domain::image::{GrayImage, RgbImage};

/// Plenty, for a loaded machine; no test waits for it to pass.
const LONG: Duration = Duration::from_secs(120);

/// A picture with some detail and a number that can be read again.
fn frame(number: usize) -> Vec<u8> {
    let pixels = (0..64 * 48).map(|n| if n % 7 < 3 { 40 } else { 200 }).collect();
    let plain = sim::jpeg::gray(&GrayImage { width: 64, height: 48, pixels }, 80);
    sim::jpeg::numbered(&plain, number as u64)
}

fn info() -> DeviceInfo {
    DeviceInfo {
        identity: Identity::of_url("http://camera.test/"),
        make: String::new(),
        model: "test".into(),
        firmware: None,
        driver: "test".into(),
        notes: Vec::new(),
    }
}

/// What the camera does next.
enum Say {
    Frame(Picture),
    /// The cable is pulled.
    Gone,
}

/// A camera that waits for its next word.
struct Told {
    words: Arc<Mutex<Receiver<Say>>>,
    away: Arc<AtomicBool>,
    opened: Arc<AtomicUsize>,
}

struct Obeys(Arc<Mutex<Receiver<Say>>>);

impl Opener for Told {
    fn info(&self) -> DeviceInfo {
        info()
    }

    fn open(&self, _: &Budget) -> Result<Box<dyn FrameSource>, Fault> {
        if self.away.load(Ordering::SeqCst) {
            return Err(Fault::Absent);
        }
        self.opened.fetch_add(1, Ordering::SeqCst);
        Ok(Box::new(Obeys(self.words.clone())))
    }

    fn warm_up(&self) -> u32 {
        0
    }

    /// Its silence is the test's.
    fn paused(&self) -> bool {
        true
    }
}

impl FrameSource for Obeys {
    fn format(&self) -> Format {
        Format { width: 64, height: 48, coding: "MJPEG".into(), fps: 0 }
    }

    fn next(&mut self, budget: &Budget) -> Result<Picture, Fault> {
        loop {
            match self.0.lock().unwrap().recv_timeout(Duration::from_millis(10)) {
                Ok(Say::Frame(picture)) => return Ok(picture),
                Ok(Say::Gone) => return Err(Fault::Unplugged),
                Err(RecvTimeoutError::Timeout) if budget.cancel().is_cancelled() => {
                    return Err(Fault::Cancelled);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(Fault::Unplugged),
            }
        }
    }

    fn held_back(&self) -> u64 {
        0
    }
}

struct Bench {
    camera: Arc<LiveCamera>,
    say: Sender<Say>,
    away: Arc<AtomicBool>,
    /// How often its stream was opened.
    opened: Arc<AtomicUsize>,
    mailbox: Arc<FrameMailbox>,
    told: usize,
}

impl Bench {
    /// The live picture runs and shows frame 1.
    fn new() -> Self {
        let (say, words) = channel();
        let (away, opened) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
        let opener = Told { words: Arc::new(Mutex::new(words)), away: away.clone(), opened: opened.clone() };
        let camera = Arc::new(LiveCamera::new(Arc::new(opener)));
        let mailbox = camera.preview();
        let mut bench = Self { camera, say, away, opened, mailbox, told: 0 };
        bench.shows_next();
        bench
    }

    /// One more frame is taken, and the live picture shows it.
    fn shows_next(&mut self) {
        self.told += 1;
        let before = self.mailbox.latest().map_or(0, |frame| frame.sequence);
        self.say.send(Say::Frame(Picture::Jpeg(frame(self.told)))).unwrap();
        let shown = self.mailbox.next(before, LONG).expect("the live picture goes on");
        assert_eq!(&shown.jpeg[..], frame(self.told), "the newest one");
    }

    fn pressed(&self, budget: Budget) -> JoinHandle<Result<Still, DeviceError>> {
        let camera = self.camera.clone();
        std::thread::spawn(move || camera.still(&budget))
    }

    fn until(&self, what: &str, wanted: impl Fn(&DeviceState) -> bool) {
        let budget = Budget::of(LONG);
        while !wanted(&self.camera.state()) {
            budget.pause(Duration::from_millis(10)).unwrap_or_else(|_| panic!("never came: {what}"));
        }
    }
}

#[test]
fn while_a_still_waits_the_live_picture_is_asked_and_answers() {
    let mut bench = Bench::new();
    let still = bench.pressed(Budget::of(LONG));
    let asked = bench.camera.preview();
    let seen = bench.mailbox.latest().unwrap().sequence;
    assert!(
        matches!(asked.next(seen, Duration::from_millis(1)), Err(Fault::TimedOut { .. })),
        "whoever asks is answered within the own deadline, whatever the still waits for"
    );
    while !still.is_finished() {
        bench.shows_next();
    }
    let still = still.join().unwrap().expect("taken");
    assert!(still.original && still.jpeg != frame(1), "not what was there before it was pressed");
    assert!((2..=bench.told).any(|number| still.jpeg == frame(number)), "one of the frames, as it came");
}

#[test]
fn a_still_of_raw_pixels_is_whole_while_the_live_picture_is_small_and_goes_on() {
    let mut bench = Bench::new();
    let (width, height) = (3840, 2160);
    let pixels: Vec<u8> = (0..width * height * 3).map(|n: u32| (n % 251) as u8).collect();
    let still = bench.pressed(Budget::of(LONG));
    while !still.is_finished() {
        let before = bench.mailbox.latest().unwrap().sequence;
        let image = RgbImage { width, height, pixels: pixels.clone() };
        bench.say.send(Say::Frame(Picture::Rgb(image))).unwrap();
        let shown = bench.mailbox.next(before, LONG).expect("the live picture goes on beside it");
        let small = devices::driver::camera::sight::luma(&shown.jpeg).expect("a JPEG");
        assert_eq!((small.0, small.1), (640, 360), "every sixth pixel");
    }
    let still = still.join().unwrap().expect("taken");
    assert_eq!((still.width, still.height, still.original), (width, height, false), "every pixel");
    bench.shows_next();
}

/// A camera that holds frames back: what it gives was taken so many questions ago.
struct Late {
    taken: Arc<Mutex<Vec<Instant>>>,
}

const BACK: usize = 3;

impl Opener for Late {
    fn info(&self) -> DeviceInfo {
        info()
    }

    fn open(&self, _: &Budget) -> Result<Box<dyn FrameSource>, Fault> {
        Ok(Box::new(Self { taken: self.taken.clone() }))
    }

    fn warm_up(&self) -> u32 {
        0
    }
}

impl FrameSource for Late {
    fn format(&self) -> Format {
        Format { width: 64, height: 48, coding: "MJPEG".into(), fps: 0 }
    }

    fn next(&mut self, budget: &Budget) -> Result<Picture, Fault> {
        // Its pace.
        budget.pause(Duration::from_millis(5))?;
        let mut taken = self.taken.lock().unwrap();
        taken.push(Instant::now());
        Ok(Picture::Jpeg(frame(taken.len().saturating_sub(1 + BACK))))
    }

    fn held_back(&self) -> u64 {
        BACK as u64
    }
}

#[test]
fn a_still_is_of_after_the_press_also_where_older_frames_lay_in_the_camera() {
    let taken = Arc::<Mutex<Vec<Instant>>>::default();
    let camera = LiveCamera::new(Arc::new(Late { taken: taken.clone() }));
    let mailbox = camera.preview();
    mailbox.next(8, LONG).expect("it runs");
    for _ in 0..20 {
        let pressed = Instant::now();
        let still = camera.still(&Budget::of(LONG)).expect("taken");
        let taken = taken.lock().unwrap();
        let number = (0..taken.len()).find(|number| still.jpeg == frame(*number)).expect("one of its frames");
        assert!(taken[number] >= pressed, "frame {number} is what stood before it then");
    }
}

#[test]
fn a_still_that_nobody_wants_any_more_ends_and_the_live_picture_stays() {
    let mut bench = Bench::new();
    let token = CancelToken::new();
    let still = bench.pressed(Budget::new(LONG, &token));
    token.cancel();
    let fault = still.join().unwrap().expect_err("called off").fault();
    assert_eq!(fault, Fault::Cancelled);
    bench.shows_next();
    let again = bench.pressed(Budget::of(LONG));
    while !again.is_finished() {
        bench.shows_next();
    }
    assert!(again.join().unwrap().is_ok(), "and the next still is taken");
}

#[test]
fn a_camera_pulled_while_a_still_waits_is_named_and_not_called_slow() {
    let mut bench = Bench::new();
    bench.away.store(true, Ordering::SeqCst);
    let still = bench.pressed(Budget::of(Duration::from_secs(3)));
    bench.say.send(Say::Gone).unwrap();
    let fault = still.join().unwrap().expect_err("nothing comes").fault();
    assert!(matches!(fault, Fault::Unplugged | Fault::Absent), "the reason, not the wait: {fault:?}");
    bench.until("absent", |state| matches!(state, DeviceState::Faulted { reason: Fault::Absent, .. }));
    let fault = bench.camera.still(&Budget::of(Duration::from_millis(20))).expect_err("still away").fault();
    assert_eq!(fault, Fault::Absent);
    bench.away.store(false, Ordering::SeqCst);
    bench.say.send(Say::Frame(Picture::Jpeg(frame(100)))).unwrap();
    bench.until("ready", |state| *state == DeviceState::Ready);
    bench.shows_next();
}

#[test]
fn a_camera_that_failed_is_not_called_well_again_before_it_shows_something() {
    let mut bench = Bench::new();
    bench.say.send(Say::Gone).unwrap();
    bench.until("opened again", |_| bench.opened.load(Ordering::SeqCst) == 2);
    let state = bench.camera.state();
    assert!(matches!(state, DeviceState::Faulted { reason: Fault::Unplugged, .. }), "{state:?}");
    bench.say.send(Say::Frame(Picture::Jpeg(frame(100)))).unwrap();
    bench.until("ready", |state| *state == DeviceState::Ready);
    bench.shows_next();
}

#[test]
fn of_frames_that_lie_on_the_way_only_the_newest_is_shown_and_the_others_are_counted() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/video", listener.local_addr().unwrap());
    let (sent, all_sent) = channel();
    let server = std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let _ = socket.read(&mut [0u8; 4096]).unwrap();
        socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace\r\n\r\n").unwrap();
        for number in 1..=5 {
            socket.write_all(&frame(number)).unwrap();
        }
        sent.send(()).unwrap();
        // Stays until the other side has enough.
        let _ = socket.read(&mut [0u8; 1]);
    });
    let mut source = HttpOpener::new(&url).unwrap().open(&Budget::of(LONG)).unwrap();
    all_sent.recv().unwrap();
    let Ok(Picture::Jpeg(jpeg)) = source.next(&Budget::of(LONG)) else { panic!("a frame") };
    assert_eq!(jpeg, frame(5), "what is of now");
    assert_eq!(source.passed_over(), 4, "and what is not was counted");
    assert_eq!(source.passed_over(), 0, "once");
    let nothing = source.next(&Budget::of(Duration::from_millis(1))).map(drop);
    assert!(matches!(nothing, Err(Fault::TimedOut { .. })), "none is shown twice: {nothing:?}");
    drop(source);
    server.join().unwrap();
}

#[test]
fn a_frame_that_is_no_picture_gives_no_still_and_the_next_one_does() {
    let mut bench = Bench::new();
    // No two alike: a picture that stands still is another fault.
    let broken = |n: u32| [&[0xFF, 0xD8, 0xFF, 0xE0][..], &n.to_le_bytes(), &[0xFF, 0xD9]].concat();
    let still = bench.pressed(Budget::of(LONG));
    for n in 0.. {
        if still.is_finished() {
            break;
        }
        let before = bench.mailbox.latest().unwrap().sequence;
        bench.say.send(Say::Frame(Picture::Jpeg(broken(n)))).unwrap();
        bench.mailbox.next(before, LONG).expect("it came");
    }
    let fault = still.join().unwrap().expect_err("nothing to keep").fault();
    assert!(matches!(fault, Fault::Garbage { .. }), "{fault:?}");
    let again = bench.pressed(Budget::of(LONG));
    while !again.is_finished() {
        bench.shows_next();
    }
    assert!(again.join().unwrap().is_ok());
}

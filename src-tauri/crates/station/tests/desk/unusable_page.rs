//! A page or a face from a camera whose picture cannot be used: refused in words, and nothing of it is kept.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use domain::image::RgbImage;
use sim::{http, jpeg};

use crate::bench::{Bench, LONG};
use crate::sealed::sealed;

/// A network camera that sends one given picture, numbered, as no two frames of a living camera are alike.
struct Sends {
    server: http::Server,
    picture: Arc<Mutex<Vec<u8>>>,
    /// Frames of the picture of now.
    sent: Arc<AtomicU64>,
}

impl Sends {
    fn start(first: Vec<u8>) -> Self {
        let (picture, sent) = (Arc::new(Mutex::new(first)), Arc::new(AtomicU64::new(0)));
        let (of, count) = (picture.clone(), sent.clone());
        let server = http::Server::start("test-camera", vec![0], move |mut socket, stop| {
            if http::read(&mut socket).is_none() || !http::begin_stream(&mut socket) {
                return;
            }
            for number in 1.. {
                let frame = jpeg::numbered(&of.lock().unwrap(), number);
                if stop.load(Ordering::SeqCst) || !http::write_part(&mut socket, &frame) {
                    return;
                }
                count.fetch_add(1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(30));
            }
        });
        Self { server: server.unwrap(), picture, sent }
    }

    /// From now on it sends this one; none of before is on its way any more.
    fn show(&self, picture: Vec<u8>) {
        *self.picture.lock().unwrap() = picture;
        self.sent.store(0, Ordering::SeqCst);
        let began = Instant::now();
        while self.sent.load(Ordering::SeqCst) < 5 {
            assert!(began.elapsed() < LONG, "somebody looks through it");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

const SIZE: (u32, u32) = (640, 480);

/// A page with lines on it.
fn page() -> Vec<u8> {
    let (width, height) = SIZE;
    let pixels = (0..width * height).flat_map(|at| [if at / width % 12 < 4 { 40 } else { 220 }; 3]).collect();
    jpeg::rgb(&RgbImage { width, height, pixels }, 85)
}

/// Somebody before the camera.
fn face() -> Vec<u8> {
    jpeg::rgb(&synth::Person::new(7).portrait(&synth::PortraitLook::default()), 88)
}

/// The same picture, whose head speaks of 200 megapixels.
fn bomb(mut bomb: Vec<u8>) -> Vec<u8> {
    let frame = bomb.windows(2).position(|marker| marker == [0xff, 0xc0]).expect("a baseline frame");
    bomb[frame + 5..frame + 9].copy_from_slice(&[0x2e, 0xe0, 0x41, 0x1a]);
    bomb
}

/// The same, of which the last third did not arrive.
fn truncated(mut whole: Vec<u8>) -> Vec<u8> {
    whole.truncate(whole.len() * 2 / 3);
    whole
}

/// A picture with a code in the middle that no JPEG has: thirty-two bits of one.
fn damaged(whole: Vec<u8>) -> Vec<u8> {
    let middle = (whole.len() / 2..).find(|at| whole[at - 1] != 0xff).expect("between two codes");
    [&whole[..middle], [0xff, 0x00].repeat(4).as_slice(), &whole[middle..]].concat()
}

#[test]
fn a_page_that_cannot_be_used_is_refused_in_words_and_leaves_the_visit_as_it_was() {
    let camera = Sends::start(page());
    let mut bench = sealed();
    bench.training.config.devices.camera_url = format!("http://{}/video", camera.server.address());
    bench.restart();
    let (station, id) = (&bench.station, bench.id.as_str());
    let item = station.print_request(id).unwrap().papers[0].item.clone();
    station.photograph_berkas(id, &item).expect("a sound page is kept");
    let seen = || serde_json::to_string(&station.print_request(id).unwrap()).unwrap();
    let before = seen();

    let (width, height) = SIZE;
    let inks: Vec<u8> = (0..width * height).flat_map(|at| [(at % 251) as u8, 90, 20, 0]).collect();
    for (what, picture, key) in [
        ("200 megapixels", bomb(page()), "device_garbage"),
        ("four colours", jpeg::four_colours(&inks, SIZE, 85), "device_garbage"),
        ("damaged on the way", damaged(page()), "picture_unusable"),
    ] {
        assert!(!picture.is_empty(), "{what}");
        camera.show(picture);
        let told = station.photograph_berkas(id, &item).map(drop).expect_err(what).to_view();
        assert_eq!(told.key, key, "{what}");
        assert_eq!(seen(), before, "{what}: nothing of it is kept");
    }
    camera.show(page());
    station.photograph_berkas(id, &item).expect("and the next sound one is");
    assert_ne!(seen(), before);
}

#[test]
fn a_portrait_that_cannot_be_used_is_refused_in_words_and_the_next_one_is_taken() {
    let camera = Sends::start(face());
    let address = format!("http://{}/video", camera.server.address());
    let bench = Bench::with(|_, config| config.devices.camera_url = address);
    let (station, id) = (&bench.station, bench.id.as_str());
    let taken = station.take_portrait(id).expect("a sound one is kept");
    assert_eq!(taken.portrait.attempts.len(), 1);
    let seen = || serde_json::to_string(&bench.seen().portrait).unwrap();
    let before = seen();

    for (what, picture, key) in [
        ("200 megapixels", bomb(face()), "device_garbage"),
        // Of a stream none of whose pictures comes to its end none arrives.
        ("truncated", truncated(face()), "device_timed_out"),
        ("damaged on the way", damaged(face()), "picture_unusable"),
    ] {
        camera.show(picture);
        let told = station.take_portrait(id).map(drop).expect_err(what).to_view();
        assert_eq!(told.key, key, "{what}");
        assert_eq!(seen(), before, "{what}: no try is counted and nothing of it is kept");
    }
    camera.show(face());
    let taken = station.take_portrait(id).expect("and the next sound one is");
    assert_eq!(taken.portrait.attempts.len(), 2);
}

//! The live picture goes on: after a capture, after a pulled cable, with the newest frame only.

use std::sync::mpsc::{Receiver, channel};

use devices::Role;
use sim::SimFault;
use station::PreviewStop;
use station::view::{DeviceRole, PreviewMeasure, SlapName};

use crate::bench::{Bench, LONG};

/// A window that looks at one device.
fn look(bench: &Bench, role: DeviceRole) -> (PreviewStop, Receiver<(PreviewMeasure, usize)>) {
    let (send, frames) = channel();
    let stop = bench
        .station
        .preview(role, Some(&bench.id), move |measure, jpeg| send.send((measure.clone(), jpeg.len())).is_ok())
        .expect("a live picture");
    (stop, frames)
}

/// Frames that came before are not counted; the next one proves that the picture lives.
fn lives(frames: &Receiver<(PreviewMeasure, usize)>, why: &str) {
    while frames.try_recv().is_ok() {}
    let (_, bytes) = frames.recv_timeout(LONG).unwrap_or_else(|_| panic!("no frame: {why}"));
    assert!(bytes > 0, "a JPEG");
}

#[test]
fn the_picture_of_the_camera_comes_back_by_itself_after_the_cable_was_pulled() {
    let bench = Bench::new();
    let (_stop, frames) = look(&bench, DeviceRole::Camera);
    lives(&frames, "from the start");
    bench.training.desk.fault(Role::Camera, SimFault::UnplugMidCapture);
    bench.until(Role::Camera, "away", |state| {
        matches!(state, station::view::DeviceState::Absent | station::view::DeviceState::Faulted)
    });
    bench.training.desk.replug(Role::Camera);
    bench.until_present(Role::Camera);
    lives(&frames, "plugged in again, on the same page");
}

#[test]
fn the_pictures_of_fingers_and_eyes_outlive_each_capture_and_a_pulled_cable() {
    let bench = Bench::new();
    bench.approved();
    let (_stop, frames) = look(&bench, DeviceRole::FingerprintScanner);
    lives(&frames, "from the start");
    bench.station.capture_slap(&bench.id, SlapName::RightFour).unwrap();
    lives(&frames, "after a capture");
    bench.training.desk.fault_once(Role::FingerprintScanner, SimFault::UnplugMidCapture);
    bench.station.capture_slap(&bench.id, SlapName::LeftFour).expect_err("pulled");
    bench.training.desk.replug(Role::FingerprintScanner);
    bench.until_present(Role::FingerprintScanner);
    lives(&frames, "plugged in again");

    let (stop, frames) = look(&bench, DeviceRole::IrisScanner);
    lives(&frames, "from the start");
    bench.irises();
    lives(&frames, "after a capture");
    stop.stop();
    stop.stop();
    // The sink is dropped with its thread: nothing is sent to a page that is gone.
    while frames.recv_timeout(LONG).is_ok() {}
}

#[test]
fn what_would_help_is_measured_on_the_frames_of_the_live_picture() {
    let bench = Bench::new();
    let (_stop, frames) = look(&bench, DeviceRole::Camera);
    let until = |wanted: &dyn Fn(&PreviewMeasure) -> bool, what: &str| {
        let began = std::time::Instant::now();
        while !wanted(&frames.recv_timeout(LONG).expect("a frame").0) {
            assert!(began.elapsed() < LONG, "never measured: {what}");
        }
    };
    until(&|seen| seen.face.is_some() && seen.advice.is_none(), "somebody sits well");
    let sitting = bench.training.desk.person().get();
    let change = |set: &dyn Fn(&mut sim::Person)| {
        // Whom the checks were proven on: what is measured here is where the face is, not whose.
        let mut person = sim::Person { hijab: Some(false), skin: Some(70), ..sitting.clone() };
        set(&mut person);
        bench.training.desk.person().set(person);
    };
    change(&|person| person.look = sim::Look::Nobody);
    until(&|seen| seen.advice.as_deref() == Some("no_face"), "an empty chair");
    change(&|person| person.look = sim::Look::TwoFaces);
    until(&|seen| seen.advice.as_deref() == Some("many_faces"), "somebody beside the applicant");
    change(&|person| person.look = sim::Look::Far);
    until(&|seen| seen.advice.as_deref() == Some("too_small"), "too far away");
    change(&|person| person.blur_px = 6);
    until(&|seen| seen.advice.as_deref() == Some("blurred"), "out of focus");
    change(&|person| person.look = sim::Look::Away);
    until(&|seen| seen.advice.as_deref() == Some("off_centre"), "at the side of the picture");
    change(&|person| person.look = sim::Look::Dark);
    until(&|seen| seen.advice.as_deref() == Some("too_dark"), "too little light");
    change(&|person| person.backdrop = sim::Backdrop::White);
    until(&|seen| seen.advice.as_deref() == Some("backdrop_wrong"), "the wrong backdrop");
}

#[test]
fn the_lock_ends_every_picture_whoever_looks_at_it() {
    let bench = Bench::new();
    let (_stop, frames) = look(&bench, DeviceRole::Camera);
    lives(&frames, "from the start");
    bench.station.lock().unwrap();
    let until = std::time::Instant::now() + LONG;
    let ended = loop {
        match frames.recv_timeout(LONG) {
            Ok(_) if std::time::Instant::now() < until => {}
            Ok(_) => break false,
            Err(error) => break error == std::sync::mpsc::RecvTimeoutError::Disconnected,
        }
    };
    assert!(ended, "nobody is sent another frame");
    let locked = bench.station.preview(DeviceRole::Camera, Some(&bench.id), |_, _| true);
    assert!(matches!(locked, Err(station::Error::Locked)), "nor is one opened: {locked:?}");
    bench.station.sign_in("dewi", training::PASSWORD).unwrap();
    let (_stop, frames) = look(&bench, DeviceRole::Camera);
    lives(&frames, "for who signs in again");
}

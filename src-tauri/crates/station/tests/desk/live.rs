//! The live picture goes on: after a capture, after a pulled cable, with the newest frame only.

use std::sync::mpsc::{Receiver, TryRecvError, channel};

use devices::{Fault, Role};
use sim::SimFault;
use station::PreviewStop;
use station::view::{DeviceRole, DeviceState, PreviewMeasure, SlapName};

use crate::bench::{Bench, LONG, fault_of};

/// A window that looks at one device; of fingers at the right hand.
fn look(bench: &Bench, role: DeviceRole) -> (PreviewStop, Receiver<(PreviewMeasure, usize)>) {
    let slap = (role == DeviceRole::FingerprintScanner).then_some(SlapName::RightFour);
    look_at(bench, role, slap)
}

fn look_at(
    bench: &Bench,
    role: DeviceRole,
    slap: Option<SlapName>,
) -> (PreviewStop, Receiver<(PreviewMeasure, usize)>) {
    let (send, frames) = channel();
    let sink = move |measure: &PreviewMeasure, jpeg: &[u8]| send.send((measure.clone(), jpeg.len())).is_ok();
    let stop = bench.station.preview(role, Some(&bench.id), slap, sink).expect("a live picture");
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
    bench.until(Role::Camera, "away", |state| matches!(state, DeviceState::Absent | DeviceState::Faulted));
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

/// Waits until the only live picture of the slap scanner that is open is the one with this `deviceSubId`.
fn shows_only(bench: &Bench, sub_id: &str) {
    let began = std::time::Instant::now();
    loop {
        let open = bench.training.desk.slap_scanner().streams();
        if open == [sub_id] {
            return;
        }
        assert!(began.elapsed() < LONG, "never {sub_id} alone: {open:?}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn after_a_fault_of_the_scanner_no_picture_of_the_hand_before_goes_on() {
    let bench = Bench::new();
    bench.approved();
    let (stop, frames) = look(&bench, DeviceRole::FingerprintScanner);
    lives(&frames, "from the start");
    shows_only(&bench, "2");
    bench.training.desk.fault_once(Role::FingerprintScanner, SimFault::Busy);
    assert_eq!(fault_of(bench.station.capture_slap(&bench.id, SlapName::RightFour)), Fault::Busy);
    lives(&frames, "opened again on the scanner that failed");
    // Listed again, it has another handle.
    bench.until_present(Role::FingerprintScanner);
    let taken = (0..3).any(|_| bench.station.capture_slap(&bench.id, SlapName::RightFour).unwrap().accepted);
    assert!(taken, "the right hand is done");
    // The window goes on to the left one.
    drop(stop);
    let (_stop, frames) = look_at(&bench, DeviceRole::FingerprintScanner, Some(SlapName::LeftFour));
    shows_only(&bench, "1");
    lives(&frames, "of the left hand");
}

#[test]
fn the_picture_of_fingers_is_of_the_placement_that_the_window_names_whichever_waits() {
    let bench = Bench::new();
    bench.approved();
    let scanner = DeviceRole::FingerprintScanner;
    let (stop, frames) = look_at(&bench, scanner, Some(SlapName::LeftFour));
    shows_only(&bench, "1");
    lives(&frames, "of the left hand, while the right one waits");
    bench.station.capture_slap(&bench.id, SlapName::LeftFour).unwrap();
    lives(&frames, "after a press of the left hand");
    shows_only(&bench, "1");
    drop(stop);
    let (_stop, frames) = look_at(&bench, scanner, Some(SlapName::Thumbs));
    shows_only(&bench, "3");
    lives(&frames, "of the thumbs");
    let unnamed = bench.station.preview(scanner, Some(&bench.id), None, |_, _| true);
    assert!(
        matches!(unnamed, Err(station::Error::Invalid { what: "slap" })),
        "nothing is guessed: {unnamed:?}"
    );
}

#[test]
fn the_picture_of_a_scanner_that_is_still_starting_comes_by_itself_once_that_is_ready() {
    let bench = Bench::new();
    bench.approved();
    let (desk, role) = (&bench.training.desk, Role::FingerprintScanner);
    desk.unplug(role);
    bench.station.rescan_devices().unwrap();
    bench.until(role, "absent", |state| state == DeviceState::Absent);
    // Opened while the scanner is away is no error either.
    drop(look(&bench, DeviceRole::FingerprintScanner));
    desk.fault(role, SimFault::NotReady);
    bench.station.rescan_devices().unwrap();
    bench.until(role, "not ready", |state| state == DeviceState::Faulted);
    let (_stop, frames) = look(&bench, DeviceRole::FingerprintScanner);
    let rows = bench.station.devices().unwrap().rows;
    let row = rows.iter().find(|row| row.role == DeviceRole::FingerprintScanner).expect("a row");
    assert_eq!(row.reason.as_deref(), Some("not_ready"), "what the page says meanwhile");
    assert_eq!(frames.try_recv().err(), Some(TryRecvError::Empty), "no picture yet, and it is not given up");
    desk.heal(role);
    lives(&frames, "opened before the scanner was ready");
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
    let locked = bench.station.preview(DeviceRole::Camera, Some(&bench.id), None, |_, _| true);
    assert!(matches!(locked, Err(station::Error::Locked)), "nor is one opened: {locked:?}");
    bench.station.sign_in("dewi", training::PASSWORD).unwrap();
    let (_stop, frames) = look(&bench, DeviceRole::Camera);
    lives(&frames, "for who signs in again");
}

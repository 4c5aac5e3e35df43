//! The test button of the device page: a short real exchange with each device, and nothing of it is kept.

use std::time::{Duration, Instant};

use devices::Role;
use station::Error;
use station::view::{DeviceFact, DeviceRole, DeviceState, DeviceTest};

use crate::bench::{Bench, LONG};

/// Presses the button; a printer that is just asked how it is by itself is asked again.
pub fn pressed(bench: &Bench, role: DeviceRole) -> DeviceTest {
    let began = Instant::now();
    loop {
        let answer = bench.station.test_device(role).unwrap();
        if answer.reason.as_deref() != Some("busy") {
            return answer;
        }
        assert!(began.elapsed() < LONG, "{role:?} is busy for ever");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The facts that it tells, as `key` or `key=value`.
pub fn told(facts: &[DeviceFact]) -> Vec<String> {
    let text = |fact: &DeviceFact| match fact.value.as_str() {
        "" => fact.key.clone(),
        value => format!("{}={value}", fact.key),
    };
    facts.iter().map(text).collect()
}

#[test]
fn every_device_of_the_desk_answers_its_test_and_leaves_nothing_in_the_visit() {
    let bench = Bench::new();
    for (role, button, says) in [
        (Role::Camera, DeviceRole::Camera, "size="),
        (Role::FingerprintScanner, DeviceRole::FingerprintScanner, "certificate"),
        (Role::IrisScanner, DeviceRole::IrisScanner, "certificate"),
        (Role::FingerVerifier, DeviceRole::FingerVerifier, "baud="),
        (Role::DocumentPrinter, DeviceRole::DocumentPrinter, "ready=true"),
        (Role::CardPrinter, DeviceRole::CardPrinter, "ready=true"),
        (Role::SlipPrinter, DeviceRole::SlipPrinter, "answers=true"),
    ] {
        bench.until_present(role);
        let answer = pressed(&bench, button);
        assert!(answer.ok, "{role:?}: {:?}", answer.reason);
        let told = told(&answer.detail);
        let says_so = told.iter().any(|fact| fact.starts_with(says));
        assert!(answer.reason.is_none() && says_so, "{role:?} says {told:?}");
    }
    // The pad answers nobody; it is heard when a pen touches it.
    bench.until_present(Role::SignaturePad);
    let answer = std::thread::scope(|scope| {
        let test = scope.spawn(|| pressed(&bench, DeviceRole::SignaturePad));
        while !test.is_finished() {
            bench.training.desk.lines().expect("serial lines").draw(sim::topaz::Gesture::Hover);
            std::thread::yield_now();
        }
        test.join().unwrap()
    });
    let told = told(&answer.detail);
    assert!(answer.ok && told.iter().all(|fact| fact.starts_with("pen_points=")), "the pad says {told:?}");
    let seen = bench.seen();
    assert!(seen.portrait.attempts.is_empty() && !seen.duplicates.due, "nobody was photographed");
    assert!(bench.training.desk.card_printer().last_printed().is_none(), "and no card was used up");
    assert!(bench.training.desk.printer().printed().is_empty(), "nor paper");
}

#[test]
fn a_device_that_is_away_fails_its_test_with_the_reason_and_passes_it_in_place() {
    let bench = Bench::new();
    bench.training.desk.unplug(Role::IrisScanner);
    bench.station.rescan_devices().unwrap();
    bench.until(Role::IrisScanner, "absent", |state| state == DeviceState::Absent);
    let answer = pressed(&bench, DeviceRole::IrisScanner);
    assert_eq!((answer.ok, answer.reason.as_deref()), (false, Some("absent")), "an answer, not an error");
    assert!(answer.detail.is_empty(), "nothing is claimed of it: {:?}", told(&answer.detail));
    assert!(pressed(&bench, DeviceRole::FingerprintScanner).ok, "its neighbour is well");
    bench.training.desk.replug(Role::IrisScanner);
    bench.station.rescan_devices().unwrap();
    bench.until_present(Role::IrisScanner);
    assert!(pressed(&bench, DeviceRole::IrisScanner).ok, "and so is it, plugged in again");
    bench.station.lock().unwrap();
    let out = bench.station.test_device(DeviceRole::IrisScanner);
    assert!(matches!(out, Err(Error::Locked)), "only at an open desk: {out:?}");
}

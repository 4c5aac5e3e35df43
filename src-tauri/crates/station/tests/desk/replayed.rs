//! A scanner whose service outlives the program and gives the picture of the last person once more.

use devices::protocol::sbi::check::Failed;
use devices::{Fault, Role};
use sim::SimFault;
use station::view::{EyeName, FingerName, PartState, SlapName};

use crate::bench::{Bench, fault_of};
use crate::face::with_face_device;

const BOTH: [EyeName; 2] = [EyeName::Right, EyeName::Left];

fn is_a_replay<T>(read: station::Result<T>) {
    assert_eq!(fault_of(read), Fault::Check(Failed::Replay), "it is of the last person");
}

/// The next applicant, who is somebody else, with an approved photo; the program was closed in between.
fn another_person(bench: Bench) -> Bench {
    let mut bench = bench.another_nik();
    bench.training.seat(&bench.nik);
    bench.approved();
    bench.restart();
    bench
}

#[test]
fn the_last_persons_eyes_and_fingers_are_not_taken_for_the_next_person_after_a_restart() {
    let bench = Bench::new();
    bench.approved();
    bench.irises();
    bench.station.capture_slap(&bench.id, SlapName::RightFour).unwrap();
    let bench = another_person(bench);
    bench.station.answer_lens(&bench.id, false).unwrap();
    bench.training.desk.fault_once(Role::IrisScanner, SimFault::StaleImage);
    is_a_replay(bench.station.capture_irises(&bench.id, &BOTH));
    bench.training.desk.fault_once(Role::FingerprintScanner, SimFault::StaleImage);
    is_a_replay(bench.station.capture_slap(&bench.id, SlapName::RightFour));
    let seen = bench.seen();
    assert!(seen.eyes.iter().all(|eye| eye.state == PartState::Pending), "nothing of it is kept");
    for role in [Role::IrisScanner, Role::FingerprintScanner] {
        bench.until_present(role);
    }
    bench.station.capture_irises(&bench.id, &BOTH).expect("the person who sits there");
    bench.station.capture_slap(&bench.id, SlapName::RightFour).expect("the person who sits there");
}

#[test]
fn a_finger_that_the_slap_scanner_read_for_the_second_match_is_known_after_a_restart() {
    let mut bench = Bench::with(|_, config| config.devices.finger_verifier_port.clear());
    bench.approved();
    bench.slaps();
    bench.station.rematch(&bench.id, FingerName::LeftIndex).expect("compared");
    bench.restart();
    bench.training.desk.fault_once(Role::FingerprintScanner, SimFault::StaleImage);
    is_a_replay(bench.station.rematch(&bench.id, FingerName::LeftIndex));
}

#[test]
fn a_signed_portrait_is_not_taken_twice_after_a_restart() {
    let (mut bench, _device) = with_face_device();
    bench.station.take_portrait(&bench.id).expect("a signed portrait");
    bench.restart();
    bench.training.desk.fault_once(Role::Camera, SimFault::StaleImage);
    is_a_replay(bench.station.take_portrait(&bench.id));
}

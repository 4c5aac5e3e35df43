//! A scanner whose service outlives the program and gives the picture of the last person once more.

use devices::protocol::sbi::check::Failed;
use devices::{Fault, Role};
use sim::SimFault;
use station::view::{EyeName, FingerName, PartState, ReceiptSubstitute, SlapName};

use crate::bench::{Bench, fault_of};
use crate::face::with_face_device;
use crate::identity::lost;
use crate::printing::{printed, sits};
use crate::sealed::sealed;

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

#[test]
fn a_signed_picture_without_a_face_is_not_kept_twice_after_a_restart() {
    let (mut bench, _device) = with_face_device();
    let sitting = bench.training.desk.person().get();
    bench.training.desk.person().set(sim::Person { tilt_deg: 90, ..sitting });
    let taken = bench.station.take_portrait(&bench.id).expect("kept, to be cut by hand");
    let still = taken.portrait.faceless.expect("no face stands upright").still_id;
    bench.restart();
    bench.training.desk.fault_once(Role::Camera, SimFault::StaleImage);
    is_a_replay(bench.station.take_portrait(&bench.id));
    let seen = bench.seen().portrait;
    assert_eq!((seen.faceless.expect("the first").still_id, seen.tries), (still, 1), "nothing is added");
}

/// No one-finger module: the slap scanner, which signs what it delivers, reads every finger.
fn without_module(bench: &mut Bench) {
    bench.training.config.devices.finger_verifier_port.clear();
    bench.restart();
}

#[test]
fn the_finger_that_said_who_it_is_says_so_of_nobody_else_after_a_restart() {
    let mut bench = sealed();
    without_module(&mut bench);
    lost(&mut bench);
    let tried = bench.station.identity_finger(&bench.id, FingerName::RightIndex).expect("compared");
    let tries = tried.identity.expect("asked of a lost card").tries;
    bench.restart();
    bench.training.desk.fault_once(Role::FingerprintScanner, SimFault::StaleImage);
    is_a_replay(bench.station.identity_finger(&bench.id, FingerName::RightIndex));
    let after = bench.station.verification(&bench.id).unwrap().identity.expect("as before");
    assert_eq!(after.tries, tries, "and is no try");
}

#[test]
fn the_finger_and_the_thumb_that_took_a_card_take_no_other_after_a_restart() {
    let mut bench = printed();
    without_module(&mut bench);
    sits(&bench, "rizal");
    let thumb = |bench: &Bench| {
        let (by, witness) = (ReceiptSubstitute::ThumbRight, "hendra");
        bench.station.receipt_by_substitute(&bench.id, by, witness, training::PASSWORD)
    };
    bench.station.handover_finger(&bench.id, FingerName::RightIndex).expect("compared");
    let signed = thumb(&bench).expect("a thumb under the receipt").receipt.capture_id;
    bench.restart();
    sits(&bench, "rizal");
    bench.training.desk.fault_once(Role::FingerprintScanner, SimFault::StaleImage);
    is_a_replay(bench.station.handover_finger(&bench.id, FingerName::RightIndex));
    bench.until_present(Role::FingerprintScanner);
    bench.training.desk.fault_once(Role::FingerprintScanner, SimFault::StaleImage);
    is_a_replay(thumb(&bench));
    let after = bench.station.handover(&bench.id).unwrap();
    assert_eq!(after.finger.tries.len(), 1, "no second try");
    assert_eq!(after.receipt.capture_id, signed, "the receipt is the one that was signed");
}

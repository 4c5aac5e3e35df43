//! A finger or an eye that the scanner cannot read: every such press counts, the scanner is well, and "unreadable" can be said.

use devices::Role;
use domain::permohonan::Refusal;
use sim::SimFault;
use station::Error;
use station::view::{
    BodyPart, Capture, DeviceRole, DeviceState, EyeName, FingerName, PartState, Permanence, RematchFinger,
    RematchProgress, SlapName, SlapState,
};

use crate::bench::{Bench, fault_of};

const OFFICER: &str = "hendra";
const RING: BodyPart = BodyPart::Finger(FingerName::RightRing);

fn right(seen: &Capture) -> &SlapState {
    seen.slaps.iter().find(|slap| slap.slap == SlapName::RightFour).expect("a row")
}

fn chip(seen: &Capture, finger: FingerName) -> &RematchFinger {
    seen.rematch.iter().find(|one| one.finger == finger).expect("a chip finger")
}

/// Confirms the exception of a part; whether it counts now.
fn witness(bench: &Bench, part: BodyPart) -> station::Result<bool> {
    let one = bench.seen().exceptions.into_iter().find(|one| one.part == part).expect("it stands");
    let seen = bench.station.witness_exception(&bench.id, &one.id, OFFICER, training::PASSWORD)?;
    Ok(seen.exceptions.iter().any(|one| one.part == part && one.valid))
}

fn unreadable(bench: &Bench, part: BodyPart) {
    bench.station.put_exception(&bench.id, part, "unreadable", Permanence::Permanent, None, "").unwrap();
}

fn too_early<T: std::fmt::Debug>(result: station::Result<T>, tried: usize) {
    let refused =
        matches!(result, Err(Error::Refused(Refusal::MoreTriesNeeded { done, .. })) if done == tried);
    assert!(refused, "after {tried} tries: {result:?}");
}

fn is_well(bench: &Bench, role: DeviceRole) {
    let rows = bench.station.devices().unwrap().rows;
    let row = rows.iter().find(|row| row.role == role).expect("it is there");
    assert!(!row.broken && row.state != DeviceState::Faulted, "it only could not see: {:?}", row.reason);
}

#[test]
fn a_finger_that_the_scanner_never_reads_is_unreadable_after_three_presses_also_over_a_restart() {
    let mut bench = Bench::new();
    bench.approved();
    let mut person = bench.training.desk.person().get();
    person.missing_fingers = vec![domain::Finger::RightRing];
    bench.training.desk.person().set(person);
    unreadable(&bench, RING);
    for done in 0..3 {
        too_early(witness(&bench, RING), done as usize);
        let answer =
            bench.station.capture_slap(&bench.id, SlapName::RightFour).expect("no error of a device");
        assert!(!answer.accepted && answer.fingers.is_empty(), "nothing of the three is kept");
        assert_eq!(answer.attempt, done + 1);
        is_well(&bench, DeviceRole::FingerprintScanner);
        if done == 1 {
            bench.restart();
        }
        let seen = bench.seen();
        let slap = right(&seen);
        assert_eq!((slap.tries, slap.attempts), (done + 1, 0));
        let press = slap.unread.as_ref().expect("the newest try");
        assert_eq!((press.reason.as_str(), &press.fingers[..]), ("not_read", &[FingerName::RightRing][..]));
    }
    assert!(witness(&bench, RING).unwrap(), "said before a second officer, and whole");
    assert!(right(&bench.seen()).unread.is_none(), "the finger is not waited for any more");
    let answer = bench.station.capture_slap(&bench.id, SlapName::RightFour).unwrap();
    assert_eq!(answer.fingers.len(), 3, "the others are taken without it");
    let ring =
        answer.capture.fingers.iter().find(|one| one.finger == FingerName::RightRing).map(|one| one.state);
    assert_eq!(ring, Some(PartState::Exception));
    let slap = right(&answer.capture);
    assert_eq!((slap.tries, slap.attempts, slap.unread.is_none()), (4, 1, true));
}

#[test]
fn an_empty_scanner_and_a_finger_of_which_nothing_can_be_made_are_tries_and_a_lie_is_none() {
    let bench = Bench::with(|_, config| config.capture.timeout_seconds = 8);
    bench.approved();
    let press = |fault| {
        bench.training.desk.fault_once(Role::FingerprintScanner, fault);
        bench.station.capture_slap(&bench.id, SlapName::RightFour)
    };
    for (fault, reason, tries) in
        [(SimFault::NoFinger, "nothing_seen", 1), (SimFault::Unclear, "not_read", 2)]
    {
        let answer = press(fault).expect("no error of a device");
        let slap = right(&answer.capture);
        let unread = slap.unread.as_ref().expect("it gave nothing");
        assert_eq!((unread.reason.as_str(), unread.fingers.len(), slap.tries), (reason, 4, tries));
        is_well(&bench, DeviceRole::FingerprintScanner);
    }
    for lie in [SimFault::BadSignature, SimFault::Garbage] {
        fault_of(press(lie));
        assert_eq!(right(&bench.seen()).tries, 2, "{lie:?} is the scanner's, and no try");
        bench.until_present(Role::FingerprintScanner);
    }
    let answer = bench.station.capture_slap(&bench.id, SlapName::RightFour).unwrap();
    assert!(right(&answer.capture).unread.is_none(), "and the hand is taken");
}

#[test]
fn an_eye_that_is_never_read_is_unreadable_after_three_presses_and_the_other_one_is_not_tried_by_it() {
    let bench = Bench::new();
    bench.approved();
    bench.station.answer_lens(&bench.id, false).unwrap();
    let sitting = bench.training.desk.person().get();
    bench.training.desk.person().set(sim::Person { blind_eyes: vec![domain::Eye::Left], ..sitting });
    let left = BodyPart::Eye(EyeName::Left);
    unreadable(&bench, left);
    let both = [EyeName::Right, EyeName::Left];
    for done in 0..3 {
        too_early(witness(&bench, left), done);
        let seen = bench.station.capture_irises(&bench.id, &both).expect("no error of a device");
        let rows = |name| &seen.eyes.iter().find(|one| one.eye == name).expect("a row").attempts;
        assert_eq!((rows(EyeName::Right).len(), rows(EyeName::Left).len()), (0, done + 1));
        let last = rows(EyeName::Left).last().expect("the newest");
        assert_eq!((&last.reasons[..], last.good), (&["not_read".to_owned()][..], false));
        is_well(&bench, DeviceRole::IrisScanner);
    }
    assert!(witness(&bench, left).unwrap());
    let seen = bench.station.capture_irises(&bench.id, &both).unwrap();
    let right = seen.eyes.iter().find(|one| one.eye == EyeName::Right).expect("a row");
    assert_eq!(right.state, PartState::Good, "the good eye is taken alone");
}

#[test]
fn a_chip_finger_that_the_module_never_reads_is_noted_with_a_witness_after_three_presses() {
    let mut bench = Bench::with(|_, config| config.capture.timeout_seconds = 8);
    bench.approved();
    bench.slaps();
    let name = FingerName::LeftIndex;
    let note = |bench: &Bench| {
        bench.station.rematch_note(&bench.id, name, "ujung jari rata", OFFICER, training::PASSWORD)
    };
    let faults = [SimFault::PoorQuality, SimFault::NoFinger, SimFault::PoorQuality];
    let reasons = ["not_read", "nothing_seen", "not_read"];
    for (done, fault) in faults.into_iter().enumerate() {
        too_early(note(&bench), done);
        bench.until_present(Role::FingerVerifier);
        // The module is asked many times in one reading: the fault stays until it is taken away.
        bench.training.desk.fault(Role::FingerVerifier, fault);
        let seen = bench.station.rematch(&bench.id, name).expect("no error of a device");
        let one = chip(&seen, name);
        assert_eq!(one.state, RematchProgress::NotYet);
        let told: Vec<_> = one.attempts.iter().map(|a| (a.score, a.reasons.join(" "))).collect();
        let want: Vec<(Option<u32>, String)> =
            reasons[..=done].iter().map(|reason| (None, (*reason).to_owned())).collect();
        assert_eq!(told, want);
        is_well(&bench, DeviceRole::FingerVerifier);
    }
    bench.restart();
    let seen = note(&bench).unwrap();
    assert_eq!(chip(&seen, name).state, RematchProgress::Noted, "never a verdict about the person");
}

#[test]
fn a_chip_finger_that_the_slap_scanner_does_not_read_is_a_try_of_it_alone() {
    let bench = Bench::with(|_, config| config.devices.finger_verifier_port.clear());
    bench.approved();
    bench.slaps();
    let sitting = bench.training.desk.person().get();
    let without = sim::Person { missing_fingers: vec![domain::Finger::LeftIndex], ..sitting };
    bench.training.desk.person().set(without);
    let seen = bench.station.rematch(&bench.id, FingerName::LeftIndex).expect("no error of a device");
    let one = chip(&seen, FingerName::LeftIndex);
    assert_eq!((one.attempts.len(), one.attempts[0].score), (1, None));
    assert!(chip(&seen, FingerName::RightIndex).attempts.is_empty());
    let left = seen.slaps.iter().find(|slap| slap.slap == SlapName::LeftFour).expect("a row");
    assert!(left.unread.is_none() && left.tries == left.attempts, "the recorded hand is as it was");
    is_well(&bench, DeviceRole::FingerprintScanner);
}

#[test]
fn a_chip_finger_that_does_not_match_says_what_is_weak_about_its_print_also_after_a_restart() {
    let mut bench = Bench::with(|_, config| config.devices.finger_verifier_port.clear());
    bench.approved();
    bench.slaps();
    let name = FingerName::LeftIndex;
    bench.training.desk.fault_once(Role::FingerprintScanner, SimFault::PoorQuality);
    let seen = bench.station.rematch(&bench.id, name).expect("no error of a device");
    let weak = chip(&seen, name).attempts[0].reasons.clone();
    let known = ["wet", "dry", "smeared", "tip_only", "finger_off_centre", "low_pressure"];
    assert!(!weak.is_empty() && weak.iter().all(|reason| known.contains(&reason.as_str())), "{weak:?}");
    bench.restart();
    assert_eq!(chip(&bench.seen(), name).attempts[0].reasons, weak);
}

#[test]
fn a_print_in_wsq_is_refused_at_the_press_and_nothing_of_it_is_kept_or_counted() {
    let bench = Bench::new();
    bench.approved();
    // How every such file begins; what follows is read by nobody here.
    bench.training.desk.coding().set(sim::sbi::Coded::Wsq, |_| b"\xff\xa0\xff\xa8\x00\x02".to_vec());
    let pressed = bench.station.capture_slap(&bench.id, SlapName::RightFour).map(drop);
    assert!(matches!(pressed, Err(Error::Picture { what: "finger", .. })), "{pressed:?}");
    let seen = bench.seen();
    assert_eq!((right(&seen).tries, right(&seen).attempts), (0, 0));
    is_well(&bench, DeviceRole::FingerprintScanner);
}

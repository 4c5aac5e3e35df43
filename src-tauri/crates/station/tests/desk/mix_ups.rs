//! One finger under two names, the two hands exchanged, one eye twice: noticed, asked, never a dead end.

use devices::Role;
use sim::SimFault;
use station::view::{EyeName, FingerName, NoticeKind, RematchProgress, SlapName};

use crate::bench::Bench;

#[test]
fn the_right_hand_laid_down_again_for_the_left_is_noticed_at_once() {
    let bench = Bench::new();
    bench.approved();
    bench.station.capture_slap(&bench.id, SlapName::RightFour).unwrap();
    bench.training.desk.fault_once(Role::FingerprintScanner, SimFault::OtherHand);
    let seen = bench.station.capture_slap(&bench.id, SlapName::LeftFour).unwrap().capture;
    let twice: Vec<&Vec<String>> = seen
        .notices
        .iter()
        .filter(|notice| notice.kind == NoticeKind::SameFingerTwice)
        .map(|notice| &notice.parts)
        .collect();
    assert!(!twice.is_empty(), "the same fingers under two names");
    assert!(
        twice.iter().all(|parts| parts[0].contains("right") != parts[1].contains("right")),
        "one of each hand: {twice:?}"
    );
    let seen = bench
        .station
        .answer_notice(&bench.id, NoticeKind::SameFingerTwice, "tangan keliru, diulang")
        .unwrap();
    assert!(seen.notices.is_empty(), "answered");
    let again = bench.station.capture_slap(&bench.id, SlapName::LeftFour).expect("the left hand this time");
    assert_eq!(again.attempt, 2, "the first placement is kept beside it");
}

#[test]
fn exchanged_hands_are_noticed_when_the_index_finger_fits_the_other_hand() {
    let bench = Bench::new();
    bench.approved();
    for slap in [SlapName::RightFour, SlapName::LeftFour] {
        bench.training.desk.fault_once(Role::FingerprintScanner, SimFault::OtherHand);
        bench.station.capture_slap(&bench.id, slap).unwrap();
    }
    let seen = bench.station.capture_slap(&bench.id, SlapName::Thumbs).unwrap().capture;
    assert!(seen.notices.is_empty(), "two different hands, each once: nothing to see yet");
    let seen = bench.rematch(FingerName::RightIndex, domain::Finger::RightIndex);
    let one = seen.rematch.iter().find(|one| one.finger == FingerName::RightIndex).expect("a chip finger");
    assert_eq!(one.state, RematchProgress::NotYet, "the real right index is not what was recorded as such");
    assert!(
        seen.notices.iter().any(|notice| notice.kind == NoticeKind::HandsSwapped),
        "it fits the other hand"
    );
}

#[test]
fn one_eye_under_both_names_is_noticed() {
    let bench = Bench::new();
    bench.approved();
    bench.slaps();
    bench.training.desk.fault_once(Role::IrisScanner, SimFault::OtherHand);
    let seen = bench.irises();
    assert!(seen.notices.iter().any(|notice| notice.kind == NoticeKind::SameEyeTwice), "asked about");
    let seen =
        bench.station.capture_irises(&bench.id, &[EyeName::Right, EyeName::Left]).expect("taken again");
    assert!(!seen.notices.is_empty(), "the question stays until somebody answers it");
    let seen =
        bench.station.answer_notice(&bench.id, NoticeKind::SameEyeTwice, "diambil ulang").expect("answered");
    assert!(seen.notices.is_empty(), "and is no dead end");
}

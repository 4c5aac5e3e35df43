//! One finger under two names, the two hands exchanged, one eye twice: noticed, asked, never a dead end.

use biometrics::codec::{Limits, decode_gray};
use biometrics::format::itl::{self, Record};
use biometrics::iris::{SAME_EYE, encode, hamming};
use biometrics::matching::{SAME_FINGER, Template, compare};
use devices::Role;
use domain::permohonan::Refusal;
use sim::SimFault;
use station::Error;
use station::view::{Capture, EyeName, FingerName, Notice, NoticeKind, RematchProgress, SlapName};

use crate::bench::Bench;
use crate::face::{file_of, open};
use crate::sealed::finished;

/// Where an act is about to be on the disk.
const BOOK: &str = "store::act::before_commit";

fn asks(seen: &Capture, kind: NoticeKind) -> bool {
    seen.notices.iter().any(|notice| notice.kind == kind)
}

/// The one picture of a type and a place in the sealed file.
fn sealed_picture(records: &[Record], kind: u8, place: &str) -> Vec<u8> {
    let field = if kind == 14 { 13 } else { 3 };
    let record = records.iter().find(|record| record.kind == kind && record.text(field) == Some(place));
    record.and_then(Record::image).expect("it is in the file").to_vec()
}

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
    let open = |seen: &Capture| {
        let about = |notice: &&Notice| notice.kind == NoticeKind::HandsSwapped;
        seen.notices.iter().find(about).map(|notice| notice.parts.clone())
    };
    assert_eq!(
        open(&seen).expect("it fits the other hand"),
        ["right_four", "left_four"],
        "both hands are to be taken again"
    );
    let seen = bench.station.capture_slap(&bench.id, SlapName::RightFour).unwrap().capture;
    assert_eq!(open(&seen).expect("it stays until somebody answers"), ["left_four"], "the other one is left");
    let seen = bench.station.capture_slap(&bench.id, SlapName::LeftFour).unwrap().capture;
    assert!(open(&seen).expect("still").is_empty(), "nothing is left to take again");
    let seen = bench.station.answer_notice(&bench.id, NoticeKind::HandsSwapped, "tertukar, diulang").unwrap();
    assert_eq!(open(&seen), None, "answered");
    let seen = bench.rematch(FingerName::RightIndex, domain::Finger::RightIndex);
    let one = seen.rematch.iter().find(|one| one.finger == FingerName::RightIndex).expect("a chip finger");
    assert_eq!(one.state, RematchProgress::Matched, "the right hand is under its own name now");
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

#[test]
fn a_wrong_hand_and_a_wrong_eye_that_score_higher_are_not_sealed_once_they_are_taken_again() {
    let bench = Bench::new();
    let (station, id) = (&bench.station, bench.id.as_str());
    bench.approved();
    station.capture_slap(id, SlapName::RightFour).unwrap();
    let lay = |wrong: bool| {
        if wrong {
            bench.training.desk.fault_once(Role::FingerprintScanner, SimFault::OtherHand);
        }
        station.capture_slap(id, SlapName::LeftFour).unwrap()
    };
    let score = |seen: &Capture, number: usize| {
        let attempts: Vec<u32> = seen
            .fingers
            .iter()
            .filter(|one| one.finger == FingerName::LeftIndex)
            .map(|one| one.attempts)
            .collect();
        assert_eq!(attempts, [u32::try_from(number).unwrap()], "every placement is kept");
        let left = seen.fingers.iter().find(|one| one.finger == FingerName::LeftIndex).unwrap();
        left.quality.as_ref().and_then(|quality| quality.score).unwrap()
    };
    let wrong = score(&lay(true).capture, 1);
    station.answer_notice(id, NoticeKind::SameFingerTwice, "tangan keliru").unwrap();
    let again = lay(true).capture;
    assert!(asks(&again, NoticeKind::SameFingerTwice), "a second alike pair is a second question");
    station.answer_notice(id, NoticeKind::SameFingerTwice, "keliru lagi").unwrap();
    let right = lay(false).capture;
    assert!(score(&right, 3) < wrong, "what counts now scores lower than the wrong hand did: {wrong}");
    assert!(right.notices.is_empty(), "and looks like no other finger");
    station.capture_slap(id, SlapName::Thumbs).unwrap();

    bench.training.desk.fault_once(Role::IrisScanner, SimFault::OtherHand);
    assert!(asks(&bench.irises(), NoticeKind::SameEyeTwice), "one eye twice");
    station.answer_notice(id, NoticeKind::SameEyeTwice, "diambil ulang").unwrap();
    let seen = station.capture_irises(id, &[EyeName::Left]).unwrap();
    assert!(seen.notices.is_empty(), "the left one this time");
    bench.sign();

    let bench = finished(bench);
    open(&bench, "bio");
    let records = itl::read(&file_of(&bench, "recording.an2")).unwrap();
    let gray = |kind, place: u8| {
        decode_gray(&sealed_picture(&records, kind, &place.to_string()), &Limits::default()).unwrap()
    };
    let print = |finger: domain::Finger| {
        Template::extract(&gray(14, finger.code()), 500).expect("a print of usual size")
    };
    let (left, right) = (print(domain::Finger::LeftIndex), print(domain::Finger::RightIndex));
    assert!(compare(&left, &right) < SAME_FINGER, "two fingers were sealed, not one twice");
    let code = |eye: domain::Eye| encode(&gray(17, eye.code())).expect("an eye that is open");
    let apart = hamming(&code(domain::Eye::Right), &code(domain::Eye::Left));
    assert!(apart.is_some_and(|apart| apart >= SAME_EYE), "and two eyes: {apart:?}");
}

#[test]
fn a_cut_between_a_capture_and_the_look_at_it_is_made_good_at_the_next_opening() {
    let mut bench = Bench::new();
    bench.approved();
    bench.station.capture_slap(&bench.id, SlapName::RightFour).unwrap();
    let cut = |bench: &Bench, kept: usize, deed: &dyn Fn(&Bench) -> station::Result<()>| {
        fail::cfg(BOOK, &format!("{kept}*off->return")).unwrap();
        let done = deed(bench);
        fail::remove(BOOK);
        assert!(done.is_err(), "the capture is on the disk, the question is not");
    };
    cut(&bench, 1, &|bench| {
        bench.training.desk.fault_once(Role::FingerprintScanner, SimFault::OtherHand);
        bench.station.capture_slap(&bench.id, SlapName::LeftFour).map(drop)
    });
    bench.restart();
    // Whoever ends the step without opening it is asked, too.
    let early = bench.station.finish_capture(&bench.id);
    let Err(Error::Refused(Refusal::Incomplete { missing })) = early else { panic!("refused: {early:?}") };
    assert!(
        missing.iter().any(|one| matches!(one, domain::capture::Missing::Answer(_))),
        "there is something to answer: {missing:?}"
    );
    let twice = NoticeKind::SameFingerTwice;
    assert!(asks(&bench.seen(), twice));
    bench.station.answer_notice(&bench.id, twice, "diulang").unwrap();
    bench.restart();
    assert!(!asks(&bench.seen(), twice), "what was answered is not asked again");
    bench.station.capture_slap(&bench.id, SlapName::LeftFour).unwrap();
    bench.station.capture_slap(&bench.id, SlapName::Thumbs).unwrap();

    bench.station.answer_lens(&bench.id, false).unwrap();
    cut(&bench, 2, &|bench| {
        bench.training.desk.fault_once(Role::IrisScanner, SimFault::OtherHand);
        bench.station.capture_irises(&bench.id, &[EyeName::Right, EyeName::Left]).map(drop)
    });
    bench.restart();
    assert!(asks(&bench.seen(), NoticeKind::SameEyeTwice), "one eye twice");
}

#[test]
fn a_cut_between_a_second_match_and_the_look_at_it_is_made_good_at_the_next_opening() {
    let mut bench = Bench::new();
    bench.approved();
    for slap in [SlapName::RightFour, SlapName::LeftFour] {
        bench.training.desk.fault_once(Role::FingerprintScanner, SimFault::OtherHand);
        bench.station.capture_slap(&bench.id, slap).unwrap();
    }
    bench.station.capture_slap(&bench.id, SlapName::Thumbs).unwrap();
    if let Some(lines) = bench.training.desk.lines() {
        lines.lay(domain::Finger::RightIndex);
    }
    fail::cfg(BOOK, "1*off->return").unwrap();
    let done = bench.station.rematch(&bench.id, FingerName::RightIndex);
    fail::remove(BOOK);
    assert!(done.is_err(), "the comparison is on the disk, the question is not");
    bench.restart();
    assert!(asks(&bench.seen(), NoticeKind::HandsSwapped));
}

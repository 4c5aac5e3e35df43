//! Presses that gave nothing: each is a try of what it was made for, so that a part which no scanner reads has its way on.

use domain::capture::{
    ExceptionReason, FingerState, Missing, Part, RematchExit, RematchTry, Target, Try, UnreadWhy,
};
use domain::steps::capture::CaptureEvent;
use domain::{Eye, Finger, Refusal, Slap};

use super::{at_capture, missing};
use crate::desk::Desk;

const RIGHT: Target = Target::Slap(Slap::RightFour);
const RING: Part = Part::Finger(Finger::RightRing);

fn nothing_read(target: Target, parts: &[Part], why: UnreadWhy) -> CaptureEvent {
    CaptureEvent::NothingRead { target, parts: parts.to_vec(), why, device: "uji".into() }
}

fn ring_missing() -> CaptureEvent {
    nothing_read(RIGHT, &[RING], UnreadWhy::PartsMissing)
}

fn unreadable(desk: &mut Desk, part: Part) -> Result<(), Refusal> {
    let exception = desk.exception(part, ExceptionReason::Unreadable);
    desk.capture(CaptureEvent::ExceptionMade { exception })
}

#[test]
fn a_finger_that_no_press_gives_is_unreadable_after_three_of_them() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    for done in 0..3 {
        assert_eq!(unreadable(&mut desk, RING), Err(Refusal::MoreTriesNeeded { done, needed: 3 }));
        let told = desk.capture_line(ring_missing());
        assert_eq!(told.get("sebab").map(String::as_str), Some("parts_missing"), "the register has it");
        let json = serde_json::to_string(&desk.state).unwrap();
        desk.state = serde_json::from_str(&json).unwrap();
    }
    assert_eq!(desk.state.capture.tries(Target::Slap(Slap::LeftFour)), 0, "of the other hand nobody tried");
    assert!(desk.state.capture.attempts_of(RIGHT).next().is_none(), "nothing of them is kept");
    unreadable(&mut desk, RING).unwrap();
    let rest: Vec<(Part, u8)> =
        [Finger::RightIndex, Finger::RightMiddle, Finger::RightLittle].map(|f| (Part::Finger(f), 70)).into();
    desk.attempt(RIGHT, &rest).unwrap();
    let limits = desk.rules.thresholds;
    assert_eq!(desk.state.capture.finger_state(Finger::RightRing, &limits), FingerState::Unreadable);
    let open =
        Slap::RightFour.fingers().iter().any(|finger| missing(&desk).contains(&Missing::Finger(*finger)));
    assert!(!open, "the hand is done with the three that were read");
}

#[test]
fn an_eye_that_is_never_read_is_counted_alone() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    let [right, left] = [Eye::Right, Eye::Left].map(|eye| (Target::Eye(eye), Part::Eye(eye)));
    for _ in 0..3 {
        desk.capture(nothing_read(left.0, &[left.1], UnreadWhy::NothingSeen)).unwrap();
    }
    assert_eq!(unreadable(&mut desk, right.1), Err(Refusal::MoreTriesNeeded { done: 0, needed: 3 }));
    unreadable(&mut desk, left.1).unwrap();
}

#[test]
fn presses_and_attempts_are_tries_together_and_keep_their_order() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    desk.capture(ring_missing()).unwrap();
    let held = desk.slap(Slap::RightFour, 12).unwrap();
    desk.capture(nothing_read(RIGHT, &[RING], UnreadWhy::Unclear)).unwrap();
    let kinds: Vec<Option<UnreadWhy>> = desk
        .state
        .capture
        .tries_of(RIGHT)
        .into_iter()
        .map(|one| match one {
            Try::Taken(attempt) => {
                assert_eq!(attempt.id, held);
                None
            }
            Try::Unread(press) => Some(press.why),
        })
        .collect();
    assert_eq!(kinds, [Some(UnreadWhy::PartsMissing), None, Some(UnreadWhy::Unclear)]);
    assert_eq!(desk.state.capture.tries(RIGHT), 3);
    desk.capture(CaptureEvent::LowAccepted { target: RIGHT, note: "kulit kering".into() }).unwrap();
}

#[test]
fn only_a_part_that_was_asked_for_is_counted_and_nobody_is_seen_by_it() {
    let mut desk = at_capture();
    let early = desk.capture(ring_missing());
    assert_eq!(early, Err(Refusal::PortraitNotApproved), "no press before the photo");
    desk.photo().unwrap();
    let foreign = [
        nothing_read(RIGHT, &[Part::Finger(Finger::LeftRing)], UnreadWhy::PartsMissing),
        nothing_read(RIGHT, &[], UnreadWhy::NothingSeen),
    ];
    for event in foreign {
        assert_eq!(desk.capture(event), Err(Refusal::ForeignPart { target: RIGHT }));
    }
    for (target, part) in [(Target::Portrait, Part::Face), (Target::Signature, Part::Signature)] {
        let event = nothing_read(target, &[part], UnreadWhy::NothingSeen);
        assert_eq!(desk.capture(event), Err(Refusal::ForeignPart { target }), "it has no press");
    }
    let exception = desk.exception(RING, ExceptionReason::Amputated);
    desk.capture(CaptureEvent::ExceptionMade { exception }).unwrap();
    assert_eq!(desk.capture(ring_missing()), Err(Refusal::ForeignPart { target: RIGHT }), "not asked for");
    let index = nothing_read(RIGHT, &[Part::Finger(Finger::RightIndex)], UnreadWhy::NothingSeen);
    desk.second += 8 * 60;
    desk.capture(index.clone()).unwrap();
    desk.second += 8 * 60;
    assert_eq!(desk.capture(index), Err(Refusal::ApplicantUnseen), "an empty scanner has seen nobody");
}

#[test]
fn a_chip_finger_that_no_press_gives_has_its_witnessed_way_on() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    desk.biometrics().unwrap();
    let finger = Finger::LeftIndex;
    let held = desk.slap(Slap::LeftFour, 90).unwrap();
    let again = |against| CaptureEvent::NothingReadAgain {
        finger,
        against,
        why: UnreadWhy::NothingSeen,
        device: "uji".into(),
    };
    let exit = |desk: &Desk, against| CaptureEvent::RematchExited {
        exit: RematchExit {
            finger,
            note: "ujung jari rata".into(),
            witness: desk.officer(),
            by: None,
            at: desk.now(),
            against: Some(against),
        },
    };
    desk.capture(again(held)).unwrap();
    desk.rematch(finger, 12).unwrap();
    assert_eq!(desk.capture(exit(&desk, held)), Err(Refusal::MoreTriesNeeded { done: 2, needed: 3 }));
    let told = desk.capture_line(again(held));
    assert_eq!(told.get("sebab").map(String::as_str), Some("nothing_seen"));
    let limits = desk.rules.thresholds;
    let tries = desk.state.capture.rematch_tries_of(finger, &limits);
    let compared: Vec<bool> = tries.iter().map(|one| matches!(one, RematchTry::Compared(_))).collect();
    assert_eq!(compared, [false, true, false], "in the order in which they were made");
    let way_on = exit(&desk, held);
    desk.capture(way_on).unwrap();
    assert_eq!(missing(&desk), []);

    let newer = desk.slap(Slap::LeftFour, 95).unwrap();
    assert_eq!(missing(&desk), [Missing::Rematch(finger)], "against this slap nobody pressed");
    assert_eq!(desk.capture(again(held)), Err(Refusal::StaleRematch { finger }));
    let early = exit(&desk, newer);
    assert_eq!(desk.capture(early), Err(Refusal::MoreTriesNeeded { done: 0, needed: 3 }));
}

#[test]
fn a_visit_of_before_has_no_such_press() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    let stored = serde_json::to_value(&desk.state).unwrap();
    assert!(stored["capture"].get("unread").is_none() && stored["capture"].get("unread_again").is_none());
    desk.state = serde_json::from_value(stored).unwrap();
    assert_eq!(desk.state.capture.tries(RIGHT), 0);
}

//! The fingers of the chip, matched again 1:1.

use domain::capture::{ExceptionReason, Missing, Part, RematchAttempt, RematchExit, Target};
use domain::steps::capture::CaptureEvent;
use domain::{Eye, Finger, Refusal, Slap};

use super::{at_capture, missing};
use crate::desk::Desk;

fn exit_of(desk: &Desk, finger: Finger) -> RematchExit {
    let best = desk.state.capture.best(Target::Slap(finger.slap()), &desk.rules.thresholds);
    RematchExit {
        finger,
        note: "ujung jari tipis".into(),
        witness: desk.officer(),
        by: None,
        at: desk.now(),
        against: best.map(|attempt| attempt.id),
    }
}

#[test]
fn the_chip_takes_the_next_finger_of_the_hand_when_the_index_is_missing() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    let exception = desk.exception(Part::Finger(Finger::LeftIndex), ExceptionReason::Amputated);
    desk.capture(CaptureEvent::ExceptionMade { exception }).unwrap();
    for slap in Slap::ALL {
        desk.slap(slap, 70).unwrap();
    }
    let chip = |desk: &Desk| desk.state.capture.chip_fingers(&desk.rules.chip, &desk.rules.thresholds);
    assert_eq!(chip(&desk), [Finger::RightIndex, Finger::LeftMiddle], "index → middle");
    desk.capture(CaptureEvent::ChipFingerChanged { from: Finger::LeftMiddle, to: Finger::LeftRing }).unwrap();
    assert_eq!(chip(&desk), [Finger::RightIndex, Finger::LeftRing], "the operator may choose another");
    desk.capture(CaptureEvent::ChipFingerChanged { from: Finger::LeftRing, to: Finger::LeftThumb }).unwrap();
    assert_eq!(chip(&desk), [Finger::RightIndex, Finger::LeftThumb], "and again");
    assert_eq!(
        desk.capture(CaptureEvent::ChipFingerChanged { from: Finger::RightIndex, to: Finger::LeftRing }),
        Err(Refusal::NotAChipFinger { finger: Finger::LeftRing }),
        "never a finger of the other hand"
    );
}

#[test]
fn a_rematch_that_fails_three_times_has_a_witnessed_way_on() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    for slap in Slap::ALL {
        desk.slap(slap, 70).unwrap();
    }
    desk.eyes().unwrap();
    desk.signature().unwrap();
    desk.rematch(Finger::RightIndex, 40).unwrap();
    let exit = exit_of(&desk, Finger::LeftIndex);
    for done in 0..3 {
        let refused = desk.capture(CaptureEvent::RematchExited { exit: exit.clone() });
        assert_eq!(refused, Err(Refusal::MoreTriesNeeded { done, needed: 3 }), "only after three");
        desk.rematch(Finger::LeftIndex, 39).unwrap();
    }
    assert_eq!(missing(&desk), [Missing::Rematch(Finger::LeftIndex)], "39 is below the limit of 40");
    desk.capture(CaptureEvent::RematchExited { exit }).unwrap();
    assert_eq!(missing(&desk), [], "noted and witnessed");
}

#[test]
fn a_witnessed_exit_is_about_the_slap_it_did_not_match_with() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    desk.biometrics().unwrap();
    let finger = Finger::LeftIndex;
    let older = desk.slap(Slap::LeftFour, 90).unwrap();
    for _ in 0..3 {
        desk.rematch(finger, 12).unwrap();
    }
    let exit = exit_of(&desk, finger);
    assert_eq!(exit.against, Some(older));
    desk.capture(CaptureEvent::RematchExited { exit: exit.clone() }).unwrap();
    assert_eq!(missing(&desk), [], "noted and witnessed");
    desk.slap(Slap::LeftFour, 60).unwrap();
    assert_eq!(missing(&desk), [], "a worse slap changes nothing");
    let newer = desk.slap(Slap::LeftFour, 95).unwrap();
    assert_eq!(missing(&desk), [Missing::Rematch(finger)], "nobody tried the finger against this slap");
    let stale = desk.capture(CaptureEvent::RematchExited { exit });
    assert_eq!(stale, Err(Refusal::StaleRematch { finger }), "nor is the old exit given again");
    for done in 0..3 {
        let early = CaptureEvent::RematchExited { exit: exit_of(&desk, finger) };
        assert_eq!(desk.capture(early), Err(Refusal::MoreTriesNeeded { done, needed: 3 }), "tried anew");
        desk.rematch(finger, 12).unwrap();
    }
    desk.capture(CaptureEvent::RematchExited { exit: exit_of(&desk, finger) }).unwrap();
    assert_eq!(missing(&desk), []);
    let target = Target::Slap(Slap::LeftFour);
    desk.capture(CaptureEvent::Chosen { target, attempt: older, reason: None }).unwrap();
    assert_eq!(missing(&desk), [], "of the older slap it stands as it was given");
    assert_eq!(desk.state.capture.rematch_exits.len(), 2, "{newer} and {older}");
}

#[test]
fn an_exit_and_an_acceptance_of_before_are_about_what_counts_when_the_visit_goes_on() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    desk.biometrics().unwrap();
    let finger = Finger::LeftIndex;
    let held = desk.slap(Slap::LeftFour, 90).unwrap();
    for _ in 0..3 {
        desk.rematch(finger, 12).unwrap();
        desk.attempt(Target::Eye(Eye::Left), &[(Part::Eye(Eye::Left), 10)]).unwrap();
    }
    desk.capture(CaptureEvent::RematchExited { exit: exit_of(&desk, finger) }).unwrap();
    let mut old = serde_json::to_value(&desk.state).unwrap();
    old["capture"]["rematch_exits"][0].as_object_mut().unwrap().remove("against").unwrap();
    old["capture"]["accepted_low"] = serde_json::json!([[{"of": "slap", "which": "left_four"}, "kering"]]);
    for key in ["faceless", "hand_cuts"] {
        old["capture"].as_object_mut().unwrap().remove(key).unwrap();
    }
    desk.state = serde_json::from_value(old).unwrap();
    assert_eq!(missing(&desk), [], "as it stood");
    desk.capture(CaptureEvent::ApplicantSeen).unwrap();
    let capture = &desk.state.capture;
    assert_eq!(capture.rematch_exits[0].against, Some(held), "what counted when the program was renewed");
    assert_eq!(capture.accepted_low[0].attempt, Some(held));
    desk.slap(Slap::LeftFour, 95).unwrap();
    assert_eq!(missing(&desk), [Missing::Rematch(finger)], "and nothing that is captured afterwards");
}

#[test]
fn capturing_a_slap_again_asks_for_its_rematch_again() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    desk.biometrics().unwrap();
    desk.slap(Slap::LeftFour, 95).unwrap();
    assert_eq!(
        missing(&desk),
        [Missing::Rematch(Finger::LeftIndex)],
        "the old match was against another capture"
    );
}

#[test]
fn a_second_print_says_what_read_it_and_one_of_an_older_program_says_nothing() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    for slap in Slap::ALL {
        desk.slap(slap, 70).unwrap();
    }
    desk.eyes().unwrap();
    desk.signature().unwrap();
    desk.rematch(Finger::RightIndex, 90).unwrap();
    let kept = &desk.state.capture.rematches[0];
    assert!(kept.is_below_enrolment(), "of 16 grey levels");
    let mut stored = serde_json::to_value(kept).unwrap();
    assert_eq!((stored["device"].as_str(), stored["levels"].as_u64()), (Some("modul uji"), Some(16)));
    let fields = stored.as_object_mut().unwrap();
    fields.remove("device");
    fields.remove("levels");
    let old: RematchAttempt = serde_json::from_value(stored.clone()).unwrap();
    assert!(old.device.is_empty() && !old.is_below_enrolment(), "nothing is made up");
    assert_eq!(serde_json::to_value(&old).unwrap(), stored, "and it is kept as it was");
}

use domain::capture::{
    ApprovalBy, Attempt, CaptureState, ChoiceReason, Duration, ExceptionReason, EyeState, FacelessStill,
    FingerState, JudgedCheck, Missing, Modality, Part, PartQuality, RematchExit, SignatureSubstitute, Target,
    Warning, completeness,
};
use domain::ids::{CaptureId, OperatorId};
use domain::role::Witness;
use domain::steps::capture::CaptureEvent;
use domain::{Event, Eye, Finger, JenisPermohonan, Refusal, Slap, Step};
use jiff::civil::date;

use crate::desk::Desk;

fn at_capture() -> Desk {
    let mut desk = Desk::new(JenisPermohonan::BaruWni, "1990-01-01");
    desk.walk_steps_1_to_3(false);
    desk
}

fn missing(desk: &Desk) -> Vec<Missing> {
    completeness(&desk.state.capture, desk.state.plan.capture, &desk.rules.chip, &desk.rules.thresholds)
}

fn exit_of(desk: &Desk, finger: Finger) -> RematchExit {
    let best = desk.state.capture.best(Target::Slap(finger.slap()), &desk.rules.thresholds);
    RematchExit {
        finger,
        note: "ujung jari tipis".into(),
        witness: desk.officer(),
        at: desk.now(),
        against: best.map(|attempt| attempt.id),
    }
}

fn four(score: [u8; 4]) -> Vec<(Part, u8)> {
    Slap::RightFour.fingers().iter().copied().map(Part::Finger).zip(score).collect()
}

#[test]
fn a_plain_applicant_finishes_when_nothing_is_missing() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    let refused = desk.capture(CaptureEvent::Finished);
    assert!(
        matches!(refused, Err(Refusal::Incomplete { ref missing }) if missing.len() == 13),
        "{refused:?}"
    );
    desk.biometrics().unwrap();
    assert_eq!(missing(&desk), [], "photo, 10 fingers, 2 irises, signature, 2 re-matches");
    desk.capture(CaptureEvent::Finished).unwrap();
    assert_eq!(desk.state.step, Step::Attestation, "step 5 follows");
}

#[test]
fn biometrics_wait_for_the_approval_of_the_photo() {
    let mut desk = at_capture();
    assert_eq!(desk.slap(Slap::RightFour, 80), Err(Refusal::PortraitNotApproved), "no photo yet");
    let exception = desk.exception(Part::Eye(Eye::Left), ExceptionReason::MissingOrBlind);
    assert_eq!(
        desk.capture(CaptureEvent::ExceptionMade { exception }),
        Err(Refusal::PortraitNotApproved),
        "nor exceptions"
    );
    desk.photo().unwrap();
    assert!(desk.slap(Slap::RightFour, 80).is_ok(), "approved");
}

#[test]
fn the_approved_photo_stays_until_the_operator_chooses_another_and_then_all_is_asked_again() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    let better = desk.attempt(Target::Portrait, &[(Part::Face, 99)]).unwrap();
    assert!(
        desk.state.capture.is_portrait_approved(&desk.rules.thresholds),
        "a better picture does not replace the approved one"
    );
    let chosen = |reason| CaptureEvent::Chosen { target: Target::Portrait, attempt: better, reason };
    assert_eq!(desk.capture(chosen(None)), Err(Refusal::ReasonMissing), "why not the approved one?");
    let kept = desk.capture_line(chosen(Some(ChoiceReason::Natural)));
    assert_eq!(kept["alasan"], "wajah_lebih_wajar", "the register says why");
    assert!(
        missing(&desk).iter().any(|one| matches!(one, Missing::Judged(_))),
        "the ticks were about another picture"
    );
    assert!(missing(&desk).contains(&Missing::PortraitApproval), "and needs its own approval");
    assert_eq!(desk.slap(Slap::RightFour, 80), Err(Refusal::PortraitNotApproved), "until then no biometrics");
}

#[test]
fn the_best_attempt_is_one_whole_slap_by_the_explicit_order() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    let limits = desk.rules.thresholds;
    let target = Target::Slap(Slap::RightFour);
    let three_good = desk.attempt(target, &four([90, 90, 90, 10])).unwrap();
    let four_good = desk.attempt(target, &four([45, 45, 45, 45])).unwrap();
    let best = |desk: &Desk| desk.state.capture.best(target, &limits).map(|attempt| attempt.id);
    assert_eq!(
        best(&desk),
        Some(four_good),
        "four good fingers beat three excellent ones; they are not mixed"
    );
    desk.attempt(target, &four([45, 45, 45, 45])).unwrap();
    assert_eq!(best(&desk), Some(four_good), "of equals the earlier one");
    desk.attempt(target, &four([99, 99, 99, 9])[..3]).unwrap();
    assert_eq!(best(&desk), Some(four_good), "a slap with a finger less never wins");
    desk.attempt(target, &four([20, 20, 20, 20])).unwrap();
    assert_eq!(best(&desk), Some(four_good), "a worse re-take never overwrites the better one");
    let exception = desk.exception(Part::Finger(Finger::RightLittle), ExceptionReason::Amputated);
    desk.capture(CaptureEvent::ExceptionMade { exception }).unwrap();
    assert_ne!(best(&desk), Some(four_good), "an excepted finger no longer counts");
    desk.capture(CaptureEvent::Chosen { target, attempt: three_good, reason: None }).unwrap();
    assert_eq!(best(&desk), Some(three_good), "the operator's choice comes first");
}

#[test]
fn after_ten_minutes_somebody_looks_first_whom_the_picture_is_taken_of() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    desk.second += 8 * 60;
    desk.slap(Slap::RightFour, 80).expect("the last picture was taken shortly before");
    desk.second += 11 * 60;
    assert!(desk.state.must_be_seen(desk.now(), &desk.operator));
    assert_eq!(desk.slap(Slap::LeftFour, 80), Err(Refusal::ApplicantUnseen), "after lunch");
    let held = desk.state.capture.clone();
    desk.capture(CaptureEvent::ApplicantSeen).unwrap();
    assert_eq!(desk.state.capture, held, "a look changes no recording");
    desk.slap(Slap::LeftFour, 80).expect("the same person");
    desk.second -= 3_600;
    assert_eq!(desk.slap(Slap::Thumbs, 80), Err(Refusal::ApplicantUnseen), "a clock set back proves nothing");
    desk.capture(CaptureEvent::ApplicantSeen).unwrap();
    desk.slap(Slap::Thumbs, 80).expect("seen by the clock as it goes now");
}

#[test]
fn another_officer_looks_first_whom_the_picture_is_taken_of() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    let own = std::mem::replace(&mut desk.operator, OperatorId::parse("maya").unwrap());
    assert_eq!(desk.slap(Slap::RightFour, 80), Err(Refusal::ApplicantUnseen), "who sat there before?");
    desk.capture(CaptureEvent::ApplicantSeen).unwrap();
    desk.slap(Slap::RightFour, 80).expect("looked at");
    desk.operator = own;
    assert_eq!(desk.slap(Slap::LeftFour, 80), Err(Refusal::ApplicantUnseen), "and so does who comes back");
}

#[test]
fn low_quality_is_accepted_only_after_three_tries_and_with_a_note() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    let target = Target::Slap(Slap::RightFour);
    desk.attempt(target, &four([80, 80, 12, 80])).unwrap();
    assert_eq!(
        desk.state.capture.finger_state(Finger::RightRing, &desk.rules.thresholds),
        FingerState::Low,
        "12 of 40"
    );
    let accept = |note: &str| CaptureEvent::LowAccepted { target, note: note.into() };
    assert_eq!(
        desk.capture(accept("kering")),
        Err(Refusal::MoreTriesNeeded { done: 1, needed: 3 }),
        "one try"
    );
    desk.attempt(target, &four([80, 80, 13, 80])).unwrap();
    desk.attempt(target, &four([80, 80, 11, 80])).unwrap();
    assert_eq!(desk.capture(accept(" ")), Err(Refusal::ReasonMissing), "a note is needed");
    desk.capture(accept("kulit kering, sudah diberi pelembap")).unwrap();
    let state = desk.state.capture.finger_state(Finger::RightRing, &desk.rules.thresholds);
    assert_eq!(state, FingerState::LowQualityAccepted, "accepted");
}

#[test]
fn an_acceptance_is_about_the_attempt_that_counted_and_about_nothing_taken_later() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    let target = Target::Slap(Slap::RightFour);
    let finger = Finger::RightRing;
    let accept = || CaptureEvent::LowAccepted { target, note: "kulit kering".into() };
    let of = |desk: &Desk| desk.state.capture.finger_state(finger, &desk.rules.thresholds);
    let accepted = desk.attempt(target, &four([80, 80, 30, 80])).unwrap();
    for _ in 0..2 {
        desk.attempt(target, &four([80, 80, 12, 80])).unwrap();
    }
    desk.capture(accept()).unwrap();
    assert_eq!(of(&desk), FingerState::LowQualityAccepted);
    desk.attempt(target, &four([80, 80, 20, 80])).unwrap();
    assert_eq!(of(&desk), FingerState::LowQualityAccepted, "a worse slap counts no more than before");
    let warning = Warning::HandsSwapped;
    desk.capture(CaptureEvent::WarningRaised { warning, attempts: vec![accepted] }).unwrap();
    desk.attempt(target, &four([80, 80, 5, 80])).unwrap();
    assert_eq!(of(&desk), FingerState::Low, "nobody accepted what counts now");
    assert!(missing(&desk).contains(&Missing::FingerQuality(finger)));
    desk.capture(accept()).unwrap();
    assert_eq!(of(&desk), FingerState::LowQualityAccepted, "the tries were made");
    let notes = desk.state.capture.accepted_low.iter().filter(|low| low.target == target).count();
    assert_eq!(notes, 2, "what was accepted before is not written over");
}

#[test]
fn only_what_is_low_in_scope_and_after_the_approval_is_accepted_with_a_note() {
    let accept = |target| CaptureEvent::LowAccepted { target, note: "kulit kering".into() };
    let mut desk = at_capture();
    let eye = Target::Eye(Eye::Left);
    assert_eq!(desk.capture(accept(eye)), Err(Refusal::PortraitNotApproved), "not before the photo");
    desk.photo().unwrap();
    for _ in 0..3 {
        desk.attempt(eye, &[(Part::Eye(Eye::Left), 70)]).unwrap();
        desk.attempt(Target::Signature, &[(Part::Signature, 100)]).unwrap();
    }
    for target in [eye, Target::Signature] {
        assert_eq!(desk.capture(accept(target)), Err(Refusal::NothingLow { target }), "good as it is");
    }
    let exception = desk.exception(Part::Eye(Eye::Left), ExceptionReason::LidClosed);
    desk.capture(CaptureEvent::ExceptionMade { exception }).unwrap();
    assert_eq!(desk.capture(accept(eye)), Err(Refusal::NothingLow { target: eye }), "nothing is expected");
    let mut desk = Desk::new(JenisPermohonan::FotoTandaTangan, "1990-01-01");
    desk.walk_steps_1_to_3(true);
    let refused = desk.capture(accept(eye));
    assert_eq!(refused, Err(Refusal::NotInScope { modality: Modality::Irises }), "only the photo is new");
}

#[test]
fn someone_without_fingers_and_blind_can_still_be_recorded() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    for finger in Finger::ALL {
        let exception = desk.exception(Part::Finger(finger), ExceptionReason::Amputated);
        desk.capture(CaptureEvent::ExceptionMade { exception }).unwrap();
    }
    for eye in Eye::ALL {
        let exception = desk.exception(Part::Eye(eye), ExceptionReason::MissingOrBlind);
        desk.capture(CaptureEvent::ExceptionMade { exception }).unwrap();
        assert_eq!(
            desk.state.capture.eye_state(eye, &desk.rules.thresholds),
            EyeState::MissingOrBlind,
            "kept"
        );
    }
    let mut exception = desk.exception(Part::Signature, ExceptionReason::CannotSign);
    exception.witness = Witness::Family { name: "Ibu Uji".into(), relation: "ibu".into() };
    assert_eq!(
        desk.capture(CaptureEvent::ExceptionMade { exception: exception.clone() }),
        Err(Refusal::SubstituteMissing),
        "something stands in for a signature"
    );
    exception.substitute = Some(SignatureSubstitute::Empty);
    desk.capture(CaptureEvent::ExceptionMade { exception }).unwrap();
    assert_eq!(missing(&desk), [], "never a dead end");
    desk.capture(CaptureEvent::Finished).unwrap();
}

#[test]
fn an_exception_needs_its_reason_photo_witness_and_future_date() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    let part = Part::Finger(Finger::LeftIndex);
    let make = |desk: &mut Desk, change: &dyn Fn(&mut domain::capture::Exception)| {
        let mut exception = desk.exception(part, ExceptionReason::Bandaged);
        change(&mut exception);
        desk.capture(CaptureEvent::ExceptionMade { exception })
    };
    let own = Witness::Officer { operator: desk.operator.clone() };
    assert_eq!(make(&mut desk, &|e| e.witness = own.clone()), Err(Refusal::WitnessIsOperator), "not oneself");
    let family = Witness::Family { name: "Uji".into(), relation: "adik".into() };
    assert_eq!(
        make(&mut desk, &|e| e.witness = family.clone()),
        Err(Refusal::WitnessMustBeOfficer),
        "an officer"
    );
    assert_eq!(
        make(&mut desk, &|e| e.photo = None),
        Err(Refusal::ExceptionPhotoMissing { part }),
        "a bandage is photographed"
    );
    let past = date(2026, 11, 23);
    let temporary = |return_on| Duration::Temporary { return_on };
    assert_eq!(
        make(&mut desk, &|e| e.duration = temporary(past)),
        Err(Refusal::ReturnDatePassed { return_on: past }),
        "today is too early"
    );
    assert_eq!(
        make(&mut desk, &|e| e.reason = ExceptionReason::LidClosed),
        Err(Refusal::ReasonDoesNotFit { part }),
        "fingers have no lids"
    );
    assert_eq!(
        make(&mut desk, &|e| e.reason = ExceptionReason::Unreadable),
        Err(Refusal::MoreTriesNeeded { done: 0, needed: 3 }),
        "unreadable is known only after trying"
    );
    make(&mut desk, &|e| e.duration = temporary(date(2026, 12, 14))).unwrap();
    assert_eq!(desk.state.capture.return_on(), Some(date(2026, 12, 14)), "comes again");
    desk.rules.thresholds.family_may_witness = true;
    assert!(
        make(&mut desk, &|e| e.witness = family.clone()).is_ok(),
        "a desk with one officer may be allowed"
    );
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
fn an_unanswered_warning_holds_the_step_and_an_answer_frees_it() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    desk.biometrics().unwrap();
    let warning = Warning::SameFingerTwice { a: Finger::RightIndex, b: Finger::RightMiddle };
    desk.capture(CaptureEvent::WarningRaised { warning, attempts: Vec::new() }).unwrap();
    assert_eq!(missing(&desk), [Missing::Answer(warning)], "it asks");
    let other = Warning::HandsSwapped;
    assert_eq!(
        desk.capture(CaptureEvent::WarningAnswered { warning: other, note: "x".into() }),
        Err(Refusal::NoSuchCaptureWarning { warning: other }),
        "only what was raised"
    );
    desk.capture(CaptureEvent::WarningAnswered { warning, note: "diperiksa, jari berbeda".into() }).unwrap();
    assert_eq!(missing(&desk), [], "answered");
}

#[test]
fn it_resumes_on_the_same_modality_after_being_stored() {
    let mut desk = at_capture();
    let current = |desk: &Desk| {
        desk.state.capture.current(desk.state.plan.capture, &desk.rules.chip, &desk.rules.thresholds)
    };
    assert_eq!(current(&desk), Some(Modality::Portrait), "first the photo");
    desk.photo().unwrap();
    desk.slap(Slap::RightFour, 70).unwrap();
    let json = serde_json::to_string(&desk.state).unwrap();
    desk.state = serde_json::from_str(&json).unwrap();
    assert_eq!(current(&desk), Some(Modality::Fingers), "goes on with the left hand");
    assert_eq!(
        missing(&desk).first(),
        Some(&Missing::Finger(Finger::LeftLittle)),
        "nothing accepted was lost"
    );
}

#[test]
fn a_new_photo_only_takes_no_fingers() {
    let mut desk = Desk::new(JenisPermohonan::FotoTandaTangan, "1990-01-01");
    desk.form().unwrap();
    assert_eq!(
        desk.slap(Slap::RightFour, 70),
        Err(Refusal::OtherStep { at: Step::Requirements, event: Step::Capture }),
        "not yet"
    );
    desk.state.step = Step::Capture;
    (desk.state.seen_at, desk.state.seen_by) = (Some(desk.now()), Some(desk.operator.clone()));
    assert_eq!(
        desk.slap(Slap::RightFour, 70),
        Err(Refusal::NotInScope { modality: Modality::Fingers }),
        "photo only"
    );
    desk.photo().unwrap();
    desk.does(Event::Capture(CaptureEvent::Finished)).unwrap();
}

#[test]
fn a_tick_names_who_set_it_and_when_and_the_register_which_line_of_which_photo() {
    let mut desk = at_capture();
    let photo = desk.attempt(Target::Portrait, &[(Part::Face, 80)]).unwrap();
    let first = desk.operator.clone();
    let line = JudgedCheck::FaceUncovered;
    let told = desk.capture_line(CaptureEvent::Judged { check: line, yes: true });
    assert_eq!((told["face_uncovered"].as_str(), &told["foto"]), ("true", &photo.to_string()));
    let at = desk.now();
    desk.operator = OperatorId::parse("maya").unwrap();
    desk.second += 60;
    desk.capture(CaptureEvent::Judged { check: JudgedCheck::EyesOpen, yes: true }).unwrap();
    let ticked = desk.state.capture.judgement(photo, line).unwrap();
    assert_eq!((ticked.by.as_ref(), ticked.at), (Some(&first), Some(at)), "not the officer of now");
    let other = desk.state.capture.judgement(photo, JudgedCheck::EyesOpen).unwrap();
    assert_eq!(other.by.as_ref(), Some(&desk.operator));
    desk.capture(CaptureEvent::Judged { check: line, yes: false }).unwrap();
    let taken_back = desk.state.capture.judgement(photo, line).unwrap();
    assert_eq!(
        (taken_back.yes, taken_back.by.as_ref()),
        (false, Some(&desk.operator)),
        "one word for a line"
    );
    assert!(!desk.state.capture.is_ticked(photo, line));
    desk.capture(CaptureEvent::ApplicantSeen).unwrap();
    let better = desk.attempt(Target::Portrait, &[(Part::Face, 99)]).unwrap();
    assert_eq!(
        desk.state.capture.judgement(better, JudgedCheck::EyesOpen),
        None,
        "of this one nobody said it"
    );
}

#[test]
fn a_visit_that_was_stored_with_bare_ticks_opens_and_names_nobody_in_their_place() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    let mut stored = serde_json::to_value(&desk.state.capture).unwrap();
    stored["judged"] = serde_json::json!(["eyes_open", "face_uncovered"]);
    stored.as_object_mut().unwrap().remove("refused");
    desk.state.capture = serde_json::from_value(stored).unwrap();
    let photo = desk.state.capture.attempts[0].id;
    let old = desk.state.capture.judgement(photo, JudgedCheck::EyesOpen).unwrap();
    assert_eq!((old.yes, &old.by, old.at), (true, &None, None), "ticked; by whom was not kept");
    assert_eq!(
        missing(&desk).into_iter().filter(|one| matches!(one, Missing::Judged(_))).collect::<Vec<_>>(),
        [Missing::Judged(JudgedCheck::NoGlassesOrLenses), Missing::Judged(JudgedCheck::HeadUpright)]
    );
    let again = serde_json::to_string(&desk.state.capture).unwrap();
    assert_eq!(
        serde_json::from_str::<CaptureState>(&again).unwrap(),
        desk.state.capture,
        "and is stored anew"
    );
    let other = desk.attempt(Target::Portrait, &[(Part::Face, 81)]).unwrap();
    let reason = Some(ChoiceReason::Applicant);
    desk.capture(CaptureEvent::Chosen { target: Target::Portrait, attempt: other, reason }).unwrap();
    assert!(!desk.state.capture.is_ticked(other, JudgedCheck::EyesOpen), "they were about the photo of then");
    desk.capture(CaptureEvent::Chosen { target: Target::Portrait, attempt: photo, reason }).unwrap();
    assert!(!desk.state.capture.is_ticked(photo, JudgedCheck::EyesOpen), "and say nothing any more");
}

#[test]
fn a_refused_photo_is_judged_anew_before_it_can_be_approved_and_gives_way_to_any_other() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    let first = desk.state.capture.attempts[0].id;
    let limits = desk.rules.thresholds;
    let counts = |desk: &Desk| desk.state.capture.best(Target::Portrait, &limits).unwrap().id;
    let approve = |portrait| CaptureEvent::PortraitApproved { portrait, by: ApprovalBy::Oral };
    let told = desk.capture_line(CaptureEvent::PortraitRefused { portrait: first });
    assert_eq!(told["foto"], first.to_string(), "a line of the register says which");
    assert!(!desk.state.capture.is_portrait_approved(&limits), "also one that was approved before");
    assert_eq!(desk.slap(Slap::RightFour, 80), Err(Refusal::PortraitNotApproved));
    assert_eq!(desk.capture(approve(first)), Err(Refusal::PortraitNotJudged), "its ticks went with it");
    assert_eq!(counts(&desk), first, "there is no other yet");

    let worse = desk.attempt(Target::Portrait, &[(Part::Face, 70)]).unwrap();
    assert_eq!(counts(&desk), worse, "what the applicant did not want gives way, whatever its score");
    assert_eq!(
        desk.capture(CaptureEvent::PortraitRefused { portrait: first }),
        Err(Refusal::OtherPortrait),
        "only the one that counts can be refused"
    );

    let reason = Some(ChoiceReason::Applicant);
    desk.capture(CaptureEvent::Chosen { target: Target::Portrait, attempt: first, reason }).unwrap();
    assert!(desk.state.capture.refusal(first).is_some(), "chosen is not approved");
    for check in JudgedCheck::ALL {
        desk.capture(CaptureEvent::Judged { check, yes: true }).unwrap();
    }
    desk.capture(approve(first)).expect("looked at anew");
    assert!(desk.state.capture.refusal(first).is_none(), "the later word holds");
}

fn faceless(desk: &mut Desk) -> CaptureId {
    let id = desk.capture_id();
    let still = FacelessStill { id, at: desk.now(), device: "uji".into() };
    desk.capture(CaptureEvent::FaceNotFound { still }).unwrap();
    id
}

fn cut(desk: &mut Desk, still: CaptureId, witness: Witness) -> CaptureEvent {
    let attempt = Attempt {
        id: desk.capture_id(),
        at: desk.now(),
        target: Target::Portrait,
        parts: vec![PartQuality { part: Part::Face, score: 0, reasons: vec!["no_face".into()] }],
        device: "uji".into(),
        algorithm: "tangan/1".into(),
    };
    CaptureEvent::CutByHand { attempt, still, note: "luka bakar di wajah".into(), witness }
}

#[test]
fn a_photo_below_the_limit_goes_on_with_a_note_after_three_tries() {
    let mut desk = at_capture();
    let accept = CaptureEvent::LowAccepted { target: Target::Portrait, note: "lampu studio rusak".into() };
    for score in [50, 55] {
        desk.attempt(Target::Portrait, &[(Part::Face, score)]).unwrap();
    }
    assert_eq!(desk.capture(accept.clone()), Err(Refusal::MoreTriesNeeded { done: 2, needed: 3 }));
    faceless(&mut desk);
    assert_eq!(missing(&desk)[0], Missing::PortraitQuality, "55 of 60");
    desk.capture(accept).unwrap();
    assert!(!missing(&desk).contains(&Missing::PortraitQuality), "a still without a face was a try, too");
    desk.attempt(Target::Portrait, &[(Part::Face, 58)]).unwrap();
    assert_eq!(missing(&desk)[0], Missing::PortraitQuality, "the better one was not accepted by anybody");
}

#[test]
fn a_face_that_is_never_found_is_cut_by_hand_before_a_second_officer() {
    let mut desk = at_capture();
    let stills: Vec<CaptureId> = (0..2).map(|_| faceless(&mut desk)).collect();
    assert_eq!(missing(&desk)[0], Missing::Portrait, "a still without a face is no photo");
    let officer = desk.officer();
    let early = cut(&mut desk, stills[1], officer.clone());
    assert_eq!(desk.capture(early), Err(Refusal::MoreTriesNeeded { done: 2, needed: 3 }));
    let third = faceless(&mut desk);
    let own = Witness::Officer { operator: desk.operator.clone() };
    let family = Witness::Family { name: "Uji".into(), relation: "adik".into() };
    for (witness, why) in [(own, Refusal::WitnessIsOperator), (family, Refusal::WitnessMustBeOfficer)] {
        let event = cut(&mut desk, third, witness);
        assert_eq!(desk.capture(event), Err(why), "a second officer");
    }
    let stranger = desk.capture_id();
    let event = cut(&mut desk, stranger, officer.clone());
    assert_eq!(desk.capture(event), Err(Refusal::NoSuchAttempt { attempt: stranger }));
    let mut event = cut(&mut desk, third, officer.clone());
    if let CaptureEvent::CutByHand { note, .. } = &mut event {
        note.clear();
    }
    assert_eq!(desk.capture(event), Err(Refusal::ReasonMissing));
    let event = cut(&mut desk, third, officer.clone());
    desk.capture(event).unwrap();
    let limits = desk.rules.thresholds;
    let held = desk.state.capture.hand_cut(&limits).expect("the photo that counts");
    assert_eq!((held.still, &held.witness), (third, &officer));
    let portrait = held.attempt;
    assert_eq!(missing(&desk)[0], Missing::Judged(JudgedCheck::EyesOpen), "its quality is accepted with it");
    for check in JudgedCheck::ALL {
        desk.capture(CaptureEvent::Judged { check, yes: true }).unwrap();
    }
    desk.capture(CaptureEvent::PortraitApproved { portrait, by: ApprovalBy::Oral }).unwrap();
    desk.biometrics().unwrap();
    assert_eq!(missing(&desk), [], "never a dead end");
    desk.capture(CaptureEvent::Finished).unwrap();
    assert_eq!(desk.state.step, Step::Attestation);
}

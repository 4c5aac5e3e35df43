mod portrait;
mod rematch;
mod unread;

use domain::capture::{
    Duration, ExceptionReason, EyeState, FingerState, Missing, Modality, Part, SignatureSubstitute, Target,
    Warning, completeness,
};
use domain::ids::OperatorId;
use domain::role::Witness;
use domain::steps::capture::CaptureEvent;
use domain::{Eye, Finger, JenisPermohonan, Refusal, Slap, Step};
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
fn whoever_made_room_for_another_applicant_is_looked_at_before_the_next_picture() {
    let mut desk = at_capture();
    desk.photo().unwrap();
    desk.state.made_room();
    assert_eq!(desk.slap(Slap::RightFour, 80), Err(Refusal::ApplicantUnseen), "seconds after the photo");
    let held = desk.state.capture.clone();
    desk.capture(CaptureEvent::ApplicantSeen).unwrap();
    assert_eq!(desk.state.capture, held, "a look changes no recording");
    desk.slap(Slap::RightFour, 80).expect("the same person");
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

/// Who was recorded comes for a new photo alone; it is taken and approved.
fn photo_alone() -> Desk {
    let mut desk = Desk::new(JenisPermohonan::FotoTandaTangan, "1990-01-01");
    desk.walk_steps_1_to_3(true);
    desk.photo().unwrap();
    desk
}

#[test]
fn what_stands_in_for_a_signature_is_settled_also_where_only_the_photo_is_new() {
    let mut desk = photo_alone();
    let mut exception = desk.exception(Part::Signature, ExceptionReason::CannotSign);
    for thumb in [SignatureSubstitute::ThumbRight, SignatureSubstitute::ThumbLeft] {
        exception.substitute = Some(thumb);
        let refused = desk.capture(CaptureEvent::ExceptionMade { exception: exception.clone() });
        let no_finger = Refusal::NotInScope { modality: Modality::Fingers };
        assert_eq!(refused, Err(no_finger), "no thumb is laid down in this visit");
    }
    exception.substitute = Some(SignatureSubstitute::Empty);
    desk.capture(CaptureEvent::ExceptionMade { exception }).unwrap();
    assert_eq!(missing(&desk), [], "and nothing else is asked for");
    desk.capture(CaptureEvent::Finished).unwrap();
    assert_eq!(desk.state.step, Step::Attestation);
}

#[test]
fn a_part_that_the_visit_does_not_take_is_not_excepted() {
    let mut desk = photo_alone();
    for (part, reason, modality) in [
        (Part::Finger(Finger::LeftRing), ExceptionReason::Amputated, Modality::Fingers),
        (Part::Eye(Eye::Left), ExceptionReason::LidClosed, Modality::Irises),
    ] {
        let exception = desk.exception(part, reason);
        let refused = desk.capture(CaptureEvent::ExceptionMade { exception });
        assert_eq!(refused, Err(Refusal::NotInScope { modality }), "{part:?}");
    }
    let signature = desk.attempt(Target::Signature, &[(Part::Signature, 100)]);
    let refused = Refusal::NotInScope { modality: Modality::Signature };
    assert_eq!(signature.map(drop), Err(refused), "nor is a specimen taken");
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

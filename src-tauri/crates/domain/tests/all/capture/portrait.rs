//! The photo of step 4: approved, judged line by line, accepted below the limit, cut by hand.

use domain::capture::{
    ApprovalBy, Attempt, CaptureState, ChoiceReason, ExceptionReason, FacelessStill, JudgedCheck, Missing,
    Modality, Part, PartQuality, QuarterTurn, Target,
};
use domain::ids::{CaptureId, OperatorId};
use domain::role::Witness;
use domain::steps::capture::CaptureEvent;
use domain::{Event, Eye, JenisPermohonan, Refusal, Slap, Step};

use super::{at_capture, missing};
use crate::desk::Desk;

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

#[test]
fn a_line_that_cannot_hold_is_excused_before_a_second_officer_and_nobody_has_to_tick_it() {
    let mut desk = at_capture();
    let photo = desk.attempt(Target::Portrait, &[(Part::Face, 80)]).unwrap();
    let approve = CaptureEvent::PortraitApproved { portrait: photo, by: ApprovalBy::Oral };
    let excuse = |check, note: &str, witness: &Witness| CaptureEvent::Excused {
        check,
        note: note.into(),
        witness: witness.clone(),
    };
    for check in [JudgedCheck::NoGlassesOrLenses, JudgedCheck::FaceUncovered, JudgedCheck::HeadUpright] {
        desk.capture(CaptureEvent::Judged { check, yes: true }).unwrap();
    }
    let (line, note) = (JudgedCheck::EyesOpen, "kelopak mata tidak dapat dibuka");
    desk.capture(CaptureEvent::Judged { check: line, yes: false }).unwrap();
    assert_eq!(desk.capture(approve.clone()), Err(Refusal::PortraitNotJudged), "said not to hold");
    let officer = desk.officer();
    let own = Witness::Officer { operator: desk.operator.clone() };
    let family = Witness::Family { name: "Uji".into(), relation: "adik".into() };
    for (witness, why) in [(own, Refusal::WitnessIsOperator), (family, Refusal::WitnessMustBeOfficer)] {
        assert_eq!(desk.capture(excuse(line, note, &witness)), Err(why), "a second officer");
    }
    assert_eq!(desk.capture(excuse(line, " ", &officer)), Err(Refusal::ReasonMissing));
    assert_eq!(desk.capture(approve.clone()), Err(Refusal::PortraitNotJudged), "nothing of that excused it");

    let told = desk.capture_line(excuse(line, note, &officer));
    let words = (told["eyes_open"].as_str(), told["foto"].as_str(), told["saksi"].as_str());
    assert_eq!(words, ("tidak dapat", photo.to_string().as_str(), "ya"), "the register says which line");
    assert!(!told.values().any(|value| value.contains("kelopak")), "and nothing of anybody's body");
    let (by, at) = (desk.operator.clone(), desk.now());
    let limits = desk.rules.thresholds;
    let excused = desk.state.capture.excused(&limits);
    assert_eq!(excused.len(), 1);
    let (judged, why) = excused[0];
    assert_eq!((judged.check, judged.yes), (line, false), "it is never called held");
    assert_eq!((judged.by.as_ref(), judged.at), (Some(&by), Some(at)));
    assert_eq!((why.note.as_str(), &why.witness), (note, &officer));
    assert!(!desk.state.capture.is_ticked(photo, line));
    assert_eq!(missing(&desk).into_iter().filter(|one| one.modality() == Modality::Portrait).count(), 1);
    let stored = serde_json::to_string(&desk.state.capture).unwrap();
    assert_eq!(serde_json::from_str::<CaptureState>(&stored).unwrap(), desk.state.capture, "kept as it is");
    desk.capture(approve).unwrap();
    desk.biometrics().unwrap();
    assert_eq!(missing(&desk), [], "never a dead end");
    desk.capture(CaptureEvent::Finished).unwrap();
}

#[test]
fn an_excuse_is_about_one_photo_and_a_later_word_takes_its_place() {
    let mut desk = at_capture();
    let first = desk.attempt(Target::Portrait, &[(Part::Face, 80)]).unwrap();
    let officer = desk.officer();
    let open = |desk: &Desk| -> Vec<Missing> {
        missing(desk).into_iter().filter(|one| matches!(one, Missing::Judged(_))).collect()
    };
    let excuse = || CaptureEvent::Excused {
        check: JudgedCheck::HeadUpright,
        note: "leher kaku".into(),
        witness: officer.clone(),
    };
    desk.capture(excuse()).unwrap();
    assert_eq!(open(&desk).len(), 3);
    desk.capture(CaptureEvent::Judged { check: JudgedCheck::HeadUpright, yes: true }).unwrap();
    assert_eq!(desk.state.capture.excused(&desk.rules.thresholds), [], "it holds after all");
    desk.capture(excuse()).unwrap();
    desk.capture(CaptureEvent::Judged { check: JudgedCheck::HeadUpright, yes: false }).unwrap();
    assert_eq!(open(&desk).len(), 4, "taken back");
    desk.capture(excuse()).unwrap();
    desk.capture(CaptureEvent::PortraitRefused { portrait: first }).unwrap();
    assert_eq!(open(&desk).len(), 4, "it goes with a photo that the applicant refuses");
    desk.capture(excuse()).unwrap();
    desk.attempt(Target::Portrait, &[(Part::Face, 90)]).unwrap();
    assert_eq!(open(&desk).len(), 4, "of the next one nobody said it");
}

#[test]
fn what_an_older_program_kept_of_lines_and_cuts_opens_without_excuse_and_without_turn() {
    let mut desk = at_capture();
    let stills: Vec<CaptureId> = (0..3).map(|_| faceless(&mut desk)).collect();
    let officer = desk.officer();
    let event = cut(&mut desk, stills[2], officer.clone());
    desk.capture(event).unwrap();
    let (check, note) = (JudgedCheck::HeadUpright, "pemohon berbaring".to_owned());
    desk.capture(CaptureEvent::Excused { check, note, witness: officer }).unwrap();
    let mut stored = serde_json::to_value(&desk.state.capture).unwrap();
    assert_eq!(stored["hand_cuts"][0]["turn"], 270, "degrees, as in the packet");
    let mut broken = stored.clone();
    broken["hand_cuts"][0]["turn"] = 45.into();
    assert!(serde_json::from_value::<CaptureState>(broken).is_err(), "no quarter turn");
    stored["hand_cuts"][0].as_object_mut().unwrap().remove("turn").unwrap();
    stored["judged"][0].as_object_mut().unwrap().remove("excuse").unwrap();
    let old: CaptureState = serde_json::from_value(stored).unwrap();
    assert_eq!(old.hand_cuts[0].turn, QuarterTurn::None);
    assert_eq!((old.judged[0].yes, &old.judged[0].excuse), (false, &None));
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
        backdrop: None,
    };
    CaptureEvent::CutByHand {
        attempt,
        still,
        turn: QuarterTurn::Left,
        note: "luka bakar di wajah".into(),
        witness,
    }
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
    let told = desk.capture_line(event);
    assert_eq!(told["diputar"], "270", "the register says how far the still was turned");
    let limits = desk.rules.thresholds;
    let held = desk.state.capture.hand_cut(&limits).expect("the photo that counts");
    assert_eq!((held.still, held.turn, &held.witness), (third, QuarterTurn::Left, &officer));
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

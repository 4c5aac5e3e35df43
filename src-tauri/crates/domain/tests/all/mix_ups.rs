//! A mix-up that a comparison noticed: what it names counts no more once it was taken again, whatever it scores.

use domain::capture::{Missing, Part, Searched, Target, Warning, completeness};
use domain::ids::{CaptureId, PermohonanId};
use domain::steps::capture::CaptureEvent;
use domain::{Eye, Finger, JenisPermohonan, Refusal, Slap};
use uuid::Uuid;

use crate::desk::Desk;

const ALIKE: Warning = Warning::SameFingerTwice { a: Finger::RightIndex, b: Finger::LeftIndex };
const LEFT: Target = Target::Slap(Slap::LeftFour);
const RIGHT: Target = Target::Slap(Slap::RightFour);

/// Step 4 with an approved photo.
fn at_fingers() -> Desk {
    let mut desk = Desk::new(JenisPermohonan::BaruWni, "1990-01-01");
    desk.walk_steps_1_to_3(false);
    desk.photo().unwrap();
    desk
}

fn best(desk: &Desk, target: Target) -> Option<CaptureId> {
    desk.state.capture.best(target, &desk.rules.thresholds).map(|attempt| attempt.id)
}

fn warn(desk: &mut Desk, warning: Warning, attempts: &[CaptureId]) {
    desk.capture(CaptureEvent::WarningRaised { warning, attempts: attempts.to_vec() }).unwrap();
}

fn answer(desk: &mut Desk, warning: Warning) -> Result<(), Refusal> {
    desk.capture(CaptureEvent::WarningAnswered { warning, note: "tangan keliru, diulang".into() })
}

fn asked(desk: &Desk) -> usize {
    let rules = &desk.rules;
    completeness(&desk.state.capture, desk.state.plan.capture, &rules.chip, &rules.thresholds)
        .iter()
        .filter(|missing| matches!(missing, Missing::Answer(_)))
        .count()
}

#[test]
fn a_wrong_hand_of_90_counts_no_more_beside_the_right_one_of_60_answered_or_not() {
    for answered in [false, true] {
        let mut desk = at_fingers();
        let right = desk.slap(Slap::RightFour, 70).unwrap();
        let wrong = desk.slap(Slap::LeftFour, 90).unwrap();
        warn(&mut desk, ALIKE, &[right, wrong]);
        assert_eq!(best(&desk, LEFT), Some(wrong), "there is no other yet: it is shown, and asked about");
        if answered {
            answer(&mut desk, ALIKE).unwrap();
        }
        let left = desk.slap(Slap::LeftFour, 60).unwrap();
        assert_eq!(best(&desk, LEFT), Some(left), "the left hand at last; answered: {answered}");
        assert_eq!(best(&desk, RIGHT), Some(right), "of the right hand there is nothing newer");
        let chosen = CaptureEvent::Chosen { target: LEFT, attempt: wrong, reason: None };
        assert_eq!(desk.capture(chosen), Err(Refusal::NoSuchAttempt { attempt: wrong }), "nor by choice");
        let third = desk.slap(Slap::LeftFour, 50).unwrap();
        assert_eq!(best(&desk, LEFT), Some(left), "a worse re-take is still no better");
        assert_ne!(best(&desk, LEFT), Some(third));
    }
}

#[test]
fn a_choice_of_before_the_warning_ends_with_it() {
    let mut desk = at_fingers();
    let right = desk.slap(Slap::RightFour, 70).unwrap();
    let wrong = desk.slap(Slap::LeftFour, 90).unwrap();
    desk.capture(CaptureEvent::Chosen { target: LEFT, attempt: wrong, reason: None }).unwrap();
    warn(&mut desk, ALIKE, &[right, wrong]);
    let left = desk.slap(Slap::LeftFour, 60).unwrap();
    assert_eq!(best(&desk, LEFT), Some(left));
}

#[test]
fn a_wrong_eye_of_90_counts_no_more_beside_the_right_one_of_60() {
    let mut desk = at_fingers();
    let mut eye = |eye, score| desk.attempt(Target::Eye(eye), &[(Part::Eye(eye), score)]).unwrap();
    let (right, twice) = (eye(Eye::Right, 80), eye(Eye::Left, 90));
    warn(&mut desk, Warning::SameEyeTwice, &[right, twice]);
    let left = desk.attempt(Target::Eye(Eye::Left), &[(Part::Eye(Eye::Left), 60)]).unwrap();
    assert_eq!(best(&desk, Target::Eye(Eye::Left)), Some(left));
    assert_eq!(best(&desk, Target::Eye(Eye::Right)), Some(right));
}

#[test]
fn of_signatures_the_newest_counts() {
    let mut desk = at_fingers();
    let signed = [(Part::Signature, 100)];
    let first = desk.attempt(Target::Signature, &signed).unwrap();
    assert_eq!(best(&desk, Target::Signature), Some(first));
    let again = desk.attempt(Target::Signature, &signed).unwrap();
    assert_eq!(best(&desk, Target::Signature), Some(again), "the applicant wanted another one");
}

#[test]
fn a_second_alike_pair_asks_again_and_the_same_one_does_not() {
    let mut desk = at_fingers();
    let right = desk.slap(Slap::RightFour, 70).unwrap();
    let wrong = desk.slap(Slap::LeftFour, 90).unwrap();
    warn(&mut desk, ALIKE, &[wrong, right, wrong]);
    answer(&mut desk, ALIKE).unwrap();
    let same = CaptureEvent::WarningRaised { warning: ALIKE, attempts: vec![right, wrong] };
    assert_eq!(
        desk.capture(same),
        Err(Refusal::CaptureWarningKnown { warning: ALIKE }),
        "these two were answered, in whichever order they are named"
    );
    assert_eq!(asked(&desk), 0);
    let still_wrong = desk.slap(Slap::LeftFour, 80).unwrap();
    warn(&mut desk, ALIKE, &[right, still_wrong]);
    assert_eq!(asked(&desk), 1, "this picture was never asked about");
    assert_eq!(best(&desk, LEFT), Some(still_wrong), "the newest is the one that is asked about");
    let first = desk.state.capture.warnings[0].clone();
    answer(&mut desk, ALIKE).unwrap();
    assert_eq!(desk.state.capture.warnings[0], first, "an answer stays as it was given");
    assert_eq!(
        answer(&mut desk, ALIKE),
        Err(Refusal::NoSuchCaptureWarning { warning: ALIKE }),
        "nothing is open"
    );
    let left = desk.slap(Slap::LeftFour, 60).unwrap();
    assert_eq!(best(&desk, LEFT), Some(left), "neither of the two wrong ones");
}

#[test]
fn exchanged_hands_are_set_right_one_after_the_other() {
    let mut desk = at_fingers();
    // Each hand under the name of the other.
    let (a, b) = (desk.slap(Slap::RightFour, 90).unwrap(), desk.slap(Slap::LeftFour, 90).unwrap());
    warn(&mut desk, Warning::HandsSwapped, &[a, b]);
    let right = desk.slap(Slap::RightFour, 60).unwrap();
    // The left place still shows the right hand.
    warn(&mut desk, ALIKE, &[right, b]);
    assert_eq!(best(&desk, RIGHT), Some(right), "asked about too, and nothing newer of it");
    let left = desk.slap(Slap::LeftFour, 60).unwrap();
    assert_eq!((best(&desk, RIGHT), best(&desk, LEFT)), (Some(right), Some(left)));
}

#[test]
fn a_warning_names_only_what_was_captured_and_one_of_before_names_nothing() {
    let mut desk = at_fingers();
    let stranger = desk.capture_id();
    assert_eq!(
        desk.capture(CaptureEvent::WarningRaised { warning: ALIKE, attempts: vec![stranger] }),
        Err(Refusal::NoSuchAttempt { attempt: stranger })
    );
    let old = r#"{"warning":{"kind":"hands_swapped"},"note":"","at":"2026-11-23T00:00:00Z"}"#;
    let read: domain::capture::WarningAnswer = serde_json::from_str(old).unwrap();
    assert!(read.attempts.is_empty() && read.is_open());
}

#[test]
fn a_warning_that_stands_is_refused_whatever_it_is_about() {
    let mut desk = at_fingers();
    let (right, left) = (desk.slap(Slap::RightFour, 90).unwrap(), desk.slap(Slap::LeftFour, 90).unwrap());
    let mut eye = |eye| desk.attempt(Target::Eye(eye), &[(Part::Eye(eye), 90)]).unwrap();
    let eyes = [eye(Eye::Right), eye(Eye::Left)];
    let about: [(Warning, &[CaptureId], &[CaptureId]); 4] = [
        (ALIKE, &[right, left], &[left, right, left]),
        (Warning::HandsSwapped, &[right, left], &[left, right]),
        (Warning::SameEyeTwice, &eyes, &[eyes[1], eyes[0]]),
        (Warning::FoundUnderAnotherNik, &[], &[]),
    ];
    for (warning, first, again) in about {
        warn(&mut desk, warning, first);
        for answered in [false, true] {
            if answered {
                answer(&mut desk, warning).unwrap();
            }
            let before = desk.state.clone();
            let raised = CaptureEvent::WarningRaised { warning, attempts: again.to_vec() };
            assert_eq!(
                desk.capture(raised),
                Err(Refusal::CaptureWarningKnown { warning }),
                "{warning:?}; answered: {answered}"
            );
            assert_eq!(desk.state, before, "nothing happened, so that there is nothing to write");
        }
    }
    // About an attempt more it is another question.
    let newer = desk.slap(Slap::LeftFour, 60).unwrap();
    warn(&mut desk, ALIKE, &[right, newer]);
    assert_eq!(asked(&desk), 1);
}

#[test]
fn somebody_else_found_or_other_fingers_searched_are_another_question() {
    let mut desk = at_fingers();
    let warning = Warning::FoundUnderAnotherNik;
    let (right, left) = (desk.slap(Slap::RightFour, 90).unwrap(), desk.slap(Slap::LeftFour, 90).unwrap());
    let [x, y] = [1, 2].map(|number| PermohonanId::new(Uuid::from_u128(number)));
    let nik = desk.biodata.nik();
    let found = |captures: &[CaptureId], found: &[PermohonanId]| CaptureEvent::FoundUnderAnotherNik {
        search: Searched { captures: captures.to_vec(), nik: nik.clone(), found: found.to_vec() },
    };
    desk.capture(found(&[right, left], &[x])).unwrap();
    answer(&mut desk, warning).unwrap();
    let again = desk.capture(found(&[left, right], &[x, x]));
    assert_eq!(again, Err(Refusal::CaptureWarningKnown { warning }), "it was asked about");
    assert_eq!(best(&desk, LEFT), Some(left), "and none of these fingers is in doubt");
    desk.capture(found(&[right, left], &[x, y])).unwrap();
    assert_eq!(asked(&desk), 1, "Y was not asked about");
    answer(&mut desk, warning).unwrap();
    let newer = desk.slap(Slap::LeftFour, 95).unwrap();
    desk.capture(found(&[right, newer], &[y])).unwrap();
    assert_eq!(asked(&desk), 1, "nor were these fingers");
    answer(&mut desk, warning).unwrap();
    let other = Searched { captures: vec![right, newer], nik: None, found: vec![y] };
    desk.capture(CaptureEvent::FoundUnderAnotherNik { search: other }).unwrap();
    assert_eq!(asked(&desk), 1, "nor this NIK");
    let stranger = desk.capture_id();
    let refused = desk.capture(found(&[stranger], &[y]));
    assert_eq!(refused, Err(Refusal::NoSuchAttempt { attempt: stranger }));
}

#[test]
fn an_open_question_about_found_fingers_goes_with_the_fingers_and_an_answered_one_stays() {
    let mut desk = at_fingers();
    let warning = Warning::FoundUnderAnotherNik;
    let stranger = desk.slap(Slap::RightFour, 80).unwrap();
    let x = PermohonanId::new(Uuid::from_u128(1));
    let nik = desk.biodata.nik();
    let search = |captures: &[CaptureId], found: &[PermohonanId]| Searched {
        captures: captures.to_vec(),
        nik: nik.clone(),
        found: found.to_vec(),
    };
    let first = search(&[stranger], &[x]);
    desk.capture(CaptureEvent::FoundUnderAnotherNik { search: first.clone() }).unwrap();
    let same = desk.capture(CaptureEvent::NothingNewFound { search: first.clone() });
    assert_eq!(same, Err(Refusal::NoSuchCaptureWarning { warning }), "of the same search it stays open");
    let own = desk.slap(Slap::RightFour, 90).unwrap();
    let told = desk.capture_line(CaptureEvent::NothingNewFound { search: search(&[own], &[]) });
    assert_eq!(
        told.get("dijawab").map(String::as_str),
        Some("gugur"),
        "the register says that nobody answered"
    );
    assert_eq!(asked(&desk), 0, "nobody has to answer for a hand that counts no more");

    desk.capture(CaptureEvent::FoundUnderAnotherNik { search: first }).unwrap();
    desk.capture(CaptureEvent::FoundUnderAnotherNik { search: search(&[own], &[x]) }).unwrap();
    let searched = |desk: &Desk| -> Vec<Vec<CaptureId>> {
        let warnings = desk.state.capture.warnings.iter();
        warnings.filter_map(|held| Some(held.search.as_ref()?.captures.clone())).collect()
    };
    assert_eq!(searched(&desk), [vec![own]], "the newest search is the one that asks");
    answer(&mut desk, warning).unwrap();
    let third = desk.slap(Slap::RightFour, 95).unwrap();
    let moot = desk.capture(CaptureEvent::NothingNewFound { search: search(&[third], &[]) });
    assert_eq!(moot, Err(Refusal::NoSuchCaptureWarning { warning }), "no line for nothing");
    assert_eq!(searched(&desk), [vec![own]], "what was answered stays as it was answered");
}

//! Live quality and matching on drawn prints. They prove the code, never an error rate on people.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, where a panic is the report")]

use biometrics::matching::{SAME_FINGER, Template, compare, hands_swapped, same_finger_twice};
use biometrics::quality::{FingerReason, measure_finger};
use domain::{Finger, image::GrayImage};
use proptest::prelude::*;
use synth::{Impression, Person};

fn score(touch: &Impression) -> (u8, Vec<FingerReason>) {
    let q = measure_finger(&Person::new(21).finger(Finger::RightIndex, touch), 500);
    (q.score, q.reasons)
}

fn template(seed: u64, finger: Finger, touch: u64) -> Template {
    Template::extract(&Person::new(seed).finger(finger, &Impression::usual(touch)), 500)
        .expect("a whole print")
}

#[test]
fn a_good_print_scores_high_without_reasons() {
    for (seed, finger) in
        [(1, Finger::RightThumb), (2, Finger::LeftIndex), (3, Finger::RightRing), (4, Finger::LeftLittle)]
    {
        let q = measure_finger(&Person::new(seed).finger(finger, &Impression::usual(seed)), 500);
        assert!(q.score >= 70, "a usual touch must pass, got {q:?}");
        assert!(q.reasons.is_empty(), "nothing to complain about, got {q:?}");
        assert!((0.35..0.6).contains(&q.ridge_mm), "ridge period out of the human range: {q:?}");
    }
}

#[test]
fn every_fault_is_named_and_lowers_the_score() {
    let good = score(&Impression::default()).0;
    let faults = [
        (Impression { dryness: 0.85, ..Impression::default() }, FingerReason::Dry),
        (Impression { dryness: -0.85, ..Impression::default() }, FingerReason::Wet),
        (Impression { pressure: 0.12, ..Impression::default() }, FingerReason::LightPressure),
        (Impression { partial: 0.7, ..Impression::default() }, FingerReason::Partial),
        (Impression { dx: 130.0, dy: 100.0, ..Impression::default() }, FingerReason::OffCentre),
        (Impression { smudge: 22.0, ..Impression::default() }, FingerReason::Smudged),
    ];
    for (touch, reason) in faults {
        let (bad, reasons) = score(&touch);
        assert!(bad + 12 < good, "{reason:?} must cost points: {bad} against {good}");
        assert!(reasons.contains(&reason), "{reason:?} must be named, got {reasons:?} at {bad}");
    }
}

#[test]
fn the_score_falls_step_by_step_with_each_fault() {
    type Ladder = (&'static str, fn(f32) -> Impression);
    let ladders: [Ladder; 4] = [
        ("dryness", |k| Impression { dryness: k, ..Impression::default() }),
        ("wetness", |k| Impression { dryness: -k, ..Impression::default() }),
        ("partial", |k| Impression { partial: k * 0.9, ..Impression::default() }),
        ("light pressure", |k| Impression { pressure: 0.5 - 0.45 * k, ..Impression::default() }),
    ];
    for (name, of) in ladders {
        let scores: Vec<u8> = [0.0, 0.35, 0.65, 0.95].iter().map(|k| score(&of(*k)).0).collect();
        // Two points of slack: the edge is ragged by chance.
        assert!(scores.windows(2).all(|w| w[1] <= w[0] + 2), "{name} must not raise the score: {scores:?}");
        assert!(scores[3] + 30 < scores[0], "{name} at its worst must cost much: {scores:?}");
    }
}

#[test]
fn an_empty_glass_and_a_scrap_of_a_picture_are_no_finger() {
    let blank = GrayImage::new(400, 500, vec![243; 200_000]).expect("fits");
    assert_eq!(measure_finger(&blank, 500).reasons, [FingerReason::NoFinger]);
    let scrap = GrayImage::new(3, 3, vec![0; 9]).expect("fits");
    assert_eq!(measure_finger(&scrap, 500).score, 0, "too small to say anything");
    let broken = GrayImage { width: 400, height: 500, pixels: vec![0; 7] };
    assert_eq!(measure_finger(&broken, 500).score, 0, "pixels that do not fit the size are no print");
}

#[test]
fn two_touches_of_one_finger_match_and_other_fingers_do_not() {
    let first: Vec<Template> = (30..33).map(|s| template(s, Finger::RightIndex, 1)).collect();
    let second: Vec<Template> = (30..33).map(|s| template(s, Finger::RightIndex, 2)).collect();
    for (i, a) in first.iter().enumerate() {
        for (j, b) in second.iter().enumerate() {
            let score = compare(a, b);
            assert_eq!(score >= SAME_FINGER, i == j, "person {i} against {j} gives {score}");
        }
    }
}

#[test]
fn the_same_finger_under_two_names_and_exchanged_hands_are_noticed() {
    let (right, left) = (template(40, Finger::RightIndex, 1), template(40, Finger::LeftIndex, 1));
    let (right_again, left_again) = (template(40, Finger::RightIndex, 2), template(40, Finger::LeftIndex, 2));
    let captured = [(Finger::RightIndex, &right), (Finger::LeftIndex, &left)];
    assert!(same_finger_twice(&captured).is_empty(), "two different fingers must not be called one");
    let twice = same_finger_twice(&[(Finger::RightIndex, &right), (Finger::RightMiddle, &right_again)]);
    assert_eq!(twice.len(), 1, "one finger under two names must be noticed");
    assert_eq!((twice[0].first, twice[0].second), (Finger::RightIndex, Finger::RightMiddle));
    let proper = [(Finger::RightIndex, &right_again), (Finger::LeftIndex, &left_again)];
    assert!(hands_swapped(&captured, &proper).is_empty(), "the right order is no exchange");
    let crossed = [(Finger::RightIndex, &left_again), (Finger::LeftIndex, &right_again)];
    let found = hands_swapped(&captured, &crossed);
    assert_eq!(found, [(Finger::RightIndex, Finger::LeftIndex), (Finger::LeftIndex, Finger::RightIndex)]);
}

#[test]
fn a_stored_template_is_the_same_template() {
    let one = template(50, Finger::LeftMiddle, 3);
    assert!(one.is_comparable(), "a whole print has minutiae enough");
    assert_eq!(Template::from_bytes(&one.to_bytes()), Ok(one.clone()), "storing must not change a template");
    assert!(!format!("{one:?}").contains("x:"), "minutiae are personal data and stay out of logs");
    assert!(
        Template::extract(&GrayImage { width: 9, height: 9, pixels: vec![0; 81] }, 500).is_err(),
        "too small"
    );
}

proptest! {
    #[test]
    fn stored_bytes_are_taken_only_when_they_are_a_template(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let mut framed = b"RMT1".to_vec();
        framed.extend(&bytes);
        for candidate in [bytes, framed] {
            if let Ok(t) = Template::from_bytes(&candidate) {
                prop_assert_eq!(t.to_bytes(), candidate);
            }
        }
    }
}

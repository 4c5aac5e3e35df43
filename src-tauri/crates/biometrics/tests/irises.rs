//! Iris geometry and comparison against the exact truth of drawn eyes.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, where a panic is the report")]

use biometrics::iris::{IrisLimits, IrisReason, SAME_EYE, encode, hamming, measure, measure_with};
use domain::{Eye, image::GrayImage};
use synth::{IrisLook, Person};

#[test]
fn pupil_and_limbus_are_found_where_they_were_drawn() {
    for seed in 0..6u64 {
        let k = seed as f32;
        let look = IrisLook {
            seed,
            dx: 14.0 * (k - 2.5),
            dy: 5.0 * (k - 2.5),
            diameter: 215.0 + 12.0 * k,
            dilation: 0.28 + 0.05 * k,
            opening: 1.0 - 0.05 * k,
            ..IrisLook::default()
        };
        let (truth, m) = (look.truth(), measure(&Person::new(seed).iris(Eye::Right, &look)));
        let (pupil, limbus) = (m.pupil.expect("a pupil"), m.limbus.expect("a limbus"));
        let far =
            (pupil.x - truth.pupil.x).hypot(pupil.y - truth.pupil.y).max((pupil.r - truth.pupil.r).abs());
        assert!(far <= 3.0, "pupil {far} px off at seed {seed}: {pupil:?} for {:?}", truth.pupil);
        let far = (limbus.x - truth.limbus.x).abs().max((limbus.r - truth.limbus.r).abs());
        assert!(far <= 5.0, "limbus {far} px off at seed {seed}: {limbus:?} for {:?}", truth.limbus);
        assert!((m.usable - truth.usable).abs() < 0.15, "usable {} for {}", m.usable, truth.usable);
    }
}

#[test]
fn a_good_eye_has_no_reasons_and_each_fault_is_named() {
    let person = Person::new(9);
    let good = measure(&person.iris(Eye::Left, &IrisLook::default()));
    assert!(good.reasons.is_empty() && good.score >= 80, "a good picture must pass: {good:?}");
    let faults = [
        (IrisLook { diameter: 170.0, ..IrisLook::default() }, IrisReason::TooFar),
        (IrisLook { opening: 0.45, ..IrisLook::default() }, IrisReason::LidsCover),
        (IrisLook { blur: 6.0, ..IrisLook::default() }, IrisReason::Blurred),
        (IrisLook { opening: 0.0, ..IrisLook::default() }, IrisReason::NoEye),
        (IrisLook { dx: -230.0, ..IrisLook::default() }, IrisReason::OffCentre),
    ];
    for (look, reason) in faults {
        let m = measure(&person.iris(Eye::Left, &look));
        assert!(m.reasons.contains(&reason), "{reason:?} must be named: {m:?}");
        assert!(m.score < good.score, "{reason:?} must lower the score");
    }
}

#[test]
fn a_pupil_that_is_very_wide_or_very_narrow_is_named_and_one_of_any_usual_light_is_not() {
    for (dilation, diameter, named) in
        [(0.75, 250.0, true), (0.70, 250.0, false), (0.20, 280.0, false), (0.15, 280.0, true)]
    {
        let look = IrisLook { dilation, diameter, ..IrisLook::default() };
        let m = measure(&Person::new(9).iris(Eye::Left, &look));
        assert_eq!(m.reasons.contains(&IrisReason::Pupil), named, "drawn {dilation}: {m:?}");
        assert!(m.reasons.iter().all(|reason| *reason == IrisReason::Pupil), "and nothing else: {m:?}");
    }
}

#[test]
fn a_pupil_aside_in_its_iris_is_measured_so_and_an_eye_that_turned_is_not_told_from_one_that_looks_ahead() {
    let measured = |look: IrisLook| Person::new(9).iris(Eye::Left, &look);
    let aside = measured(IrisLook { pupil_x: -0.1, ..IrisLook::default() });
    let m = measure(&aside);
    assert!((-0.17..-0.07).contains(&m.pupil_offset.0), "drawn 0.12 to the left: {m:?}");
    let narrow = IrisLimits { off_centre: 0.06, ..IrisLimits::default() };
    assert!(measure_with(&aside, &narrow).reasons.contains(&IrisReason::NoEye), "further off than the limit");
    let turned = measure(&measured(IrisLook { gaze_x: 0.5, ..IrisLook::default() }));
    assert!(turned.reasons.is_empty(), "where it looks is for scanner and officer to see: {turned:?}");
}

#[test]
fn the_score_falls_with_each_step_of_blur_of_the_lids_and_of_the_distance() {
    let score = |look: IrisLook| measure(&Person::new(9).iris(Eye::Left, &look)).score;
    let blur = [0.0, 2.0, 3.0, 4.0, 6.0].map(|blur| score(IrisLook { blur, ..IrisLook::default() }));
    let lids = [1.0, 0.6, 0.5, 0.4].map(|opening| score(IrisLook { opening, ..IrisLook::default() }));
    let size = [250.0, 230.0, 210.0, 190.0, 170.0]
        .map(|diameter| score(IrisLook { diameter, ..IrisLook::default() }));
    for (what, ladder) in [("blur", &blur[..]), ("lids", &lids[..]), ("distance", &size[..])] {
        assert!(ladder.windows(2).all(|pair| pair[0] > pair[1]), "{what}: {ladder:?}");
        assert!(ladder[0] >= 80, "{what}: the first is a good picture: {ladder:?}");
    }
}

#[test]
fn two_pictures_of_one_eye_agree_and_other_eyes_do_not() {
    let other_look = IrisLook {
        seed: 5,
        dx: 12.0,
        dy: -6.0,
        diameter: 238.0,
        dilation: 0.45,
        rotation_deg: 6.0,
        opening: 0.9,
        ..IrisLook::default()
    };
    let code =
        |seed: u64, eye: Eye, look: &IrisLook| encode(&Person::new(seed).iris(eye, look)).expect("a code");
    for seed in 0..4 {
        let first = code(seed, Eye::Right, &IrisLook::default());
        let again = hamming(&first, &code(seed, Eye::Right, &other_look)).expect("enough is visible");
        assert!(again < SAME_EYE - 0.03, "the same eye of person {seed} is {again} apart");
        for (who, eye) in [(seed, Eye::Left), (seed + 1, Eye::Right)] {
            let apart = hamming(&first, &code(who, eye, &other_look)).expect("enough is visible");
            assert!(
                apart > SAME_EYE + 0.05,
                "{eye:?} of person {who} is only {apart} from the right eye of {seed}"
            );
        }
    }
}

#[test]
fn a_stored_code_is_the_same_code_and_other_lengths_are_refused() {
    let code = encode(&Person::new(2).iris(Eye::Left, &IrisLook::default())).expect("a code");
    let bytes = code.to_bytes();
    assert_eq!(bytes.len(), 512);
    assert!(
        biometrics::iris::IrisCode::from_bytes(&bytes).as_ref() == Some(&code),
        "storing must not change a code"
    );
    assert!(biometrics::iris::IrisCode::from_bytes(&bytes[1..]).is_none(), "a short code is refused");
}

#[test]
fn pictures_without_an_eye_give_no_eye() {
    let flat = GrayImage::new(640, 480, vec![120; 640 * 480]).expect("fits");
    assert_eq!(measure(&flat).reasons, [IrisReason::NoEye]);
    assert!(encode(&flat).is_none(), "a flat picture has no code");
    let tiny = GrayImage { width: 2, height: 2, pixels: vec![0; 4] };
    assert_eq!(measure(&tiny).reasons, [IrisReason::NoEye]);
}

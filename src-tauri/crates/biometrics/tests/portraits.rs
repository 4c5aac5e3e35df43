//! Photo checks on drawn portraits.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, where a panic is the report")]

use biometrics::portrait::{
    Advice, Backdrop, Check, CropRule, Expect, FrameWatch, HEAD_MIDDLE, Place, PortraitMeasures, Thresholds,
    Verdict, crop, crop_at, find_faces, measure,
};
use domain::capture::QuarterTurn;
use domain::image::RgbImage;
use synth::{Backdrop as Cloth, Person, PortraitLook};

fn look() -> PortraitLook {
    PortraitLook { hijab: Some(false), skin: Some(0.7), ..PortraitLook::default() }
}

fn is_good(measures: &PortraitMeasures) -> bool {
    measures.checks.iter().all(|(_, verdict)| *verdict == Verdict::Good)
}

fn advice(look: &PortraitLook) -> Option<Advice> {
    measure(&Person::new(8).portrait(look), &Expect::backdrop(Backdrop::Red)).advice
}

#[test]
fn every_skin_and_every_head_cover_is_found() {
    for skin in [0.90, 0.72, 0.55, 0.42] {
        for hijab in [false, true] {
            for light in [1.0, 0.5] {
                let look =
                    PortraitLook { skin: Some(skin), hijab: Some(hijab), light, ..PortraitLook::default() };
                let faces = find_faces(&Person::new(7).portrait(&look));
                assert_eq!(faces.len(), 1, "skin {skin}, hijab {hijab}, light {light}: found {faces:?}");
                let truth = look.truth();
                let off = (faces[0].x + faces[0].width / 2.0 - truth.x).abs();
                assert!(off < truth.head * 0.12, "the box must sit on the head, it is {off} px aside");
            }
        }
    }
}

#[test]
fn good_portraits_of_several_people_pass_every_check() {
    for seed in 1..7 {
        for (cloth, backdrop) in [(Cloth::Red, Backdrop::Red), (Cloth::Blue, Backdrop::Blue)] {
            let look = PortraitLook { backdrop: cloth, ..PortraitLook::default() };
            let m = measure(&Person::new(seed).portrait(&look), &Expect::backdrop(backdrop));
            assert!(is_good(&m), "person {seed} before {cloth:?} must pass: {m:?}");
            assert_eq!(m.advice, None);
        }
    }
}

/// The lines that are drawn over the live picture say where the checks want the head.
#[test]
fn a_head_between_the_lines_of_crown_and_chin_is_in_its_place() {
    let narrow = Thresholds { head_min: 0.40, head_max: 0.60, ..Thresholds::default() };
    for limits in [Thresholds::default(), narrow] {
        let (crown, chin) = limits.crown_and_chin();
        let drawn = PortraitLook { size: chin - crown, ..look() };
        let seated =
            PortraitLook { dy: f32::midpoint(crown, chin) - drawn.truth().y / drawn.height as f32, ..drawn };
        let m = measure(&Person::new(8).portrait(&seated), &Expect::with(Backdrop::Red, limits));
        assert_eq!(m.verdict(Check::Size), Verdict::Good, "{m:?}");
        assert_eq!(m.verdict(Check::Centre), Verdict::Good, "{m:?}");
        assert!((m.centre_y - HEAD_MIDDLE).abs() < limits.off_y * 0.75, "in the middle of it: {m:?}");
    }
}

#[test]
fn each_fault_brings_its_own_advice() {
    let faults = [
        (PortraitLook { faces: 0, ..look() }, Advice::NoFace),
        (PortraitLook { faces: 2, size: 0.45, ..look() }, Advice::SeveralFaces),
        (PortraitLook { size: 0.30, ..look() }, Advice::Closer),
        (PortraitLook { size: 0.95, ..look() }, Advice::Farther),
        (PortraitLook { dx: 0.18, ..look() }, Advice::MoveLeft),
        (PortraitLook { dx: -0.18, ..look() }, Advice::MoveRight),
        (PortraitLook { dy: 0.17, size: 0.45, ..look() }, Advice::MoveUp),
        (PortraitLook { dy: -0.17, size: 0.45, ..look() }, Advice::MoveDown),
        (PortraitLook { light: 0.3, ..look() }, Advice::MoreLight),
        (PortraitLook { light: 2.2, ..look() }, Advice::LessLight),
        (PortraitLook { side_light: 0.8, ..look() }, Advice::LightFromLeft),
        (PortraitLook { side_light: -0.8, ..look() }, Advice::LightFromRight),
        (PortraitLook { blur: 6.0, ..look() }, Advice::HoldStill),
        (PortraitLook { backdrop: Cloth::Blue, ..look() }, Advice::ChangeBackdrop),
        (PortraitLook { backdrop: Cloth::White, ..look() }, Advice::ChangeBackdrop),
    ];
    for (look, due) in faults {
        let m = measure(&Person::new(8).portrait(&look), &Expect::backdrop(Backdrop::Red));
        assert_eq!(m.advice, Some(due), "measured {m:?}");
    }
    let cluttered = PortraitLook { backdrop: Cloth::Cluttered, ..look() };
    let m = measure(&Person::new(8).portrait(&cluttered), &Expect::backdrop(Backdrop::Any));
    assert_eq!(m.advice, Some(Advice::EvenBackdrop), "things behind the person: {m:?}");
}

#[test]
fn without_a_face_nothing_else_is_pretended() {
    let m = measure(
        &Person::new(8).portrait(&PortraitLook { faces: 0, ..look() }),
        &Expect::backdrop(Backdrop::Red),
    );
    assert_eq!(m.verdict(Check::Sharpness), Verdict::Unknown, "what was not measured is not judged");
    assert_eq!(advice(&PortraitLook { faces: 0, ..look() }), Some(Advice::NoFace));
}

#[test]
fn the_backdrop_follows_the_parity_of_the_birth_year() {
    assert_eq!(Backdrop::of_birth_year(1991), Backdrop::Red, "odd years are red");
    assert_eq!(Backdrop::of_birth_year(2008), Backdrop::Blue, "even years are blue");
}

#[test]
fn the_crop_has_the_size_of_the_rule_and_holds_the_head() {
    let rule = CropRule::default();
    for look in [look(), PortraitLook { dx: 0.3, ..look() }, PortraitLook { size: 0.9, ..look() }] {
        let image = Person::new(8).portrait(&look);
        let face = find_faces(&image)[0];
        let cut = crop(&image, &face, &rule).expect("a crop");
        assert_eq!((cut.width, cut.height), (480, 640));
        assert_eq!(cut.pixels.len(), 480 * 640 * 3);
        assert_eq!(find_faces(&cut).len(), 1, "the face must still be whole in the crop of {look:?}");
    }
    let image = Person::new(8).portrait(&look());
    let cut = crop(&image, &find_faces(&image)[0], &rule).expect("a crop");
    let head = find_faces(&cut)[0].height * 1.25 / 640.0;
    assert!(
        (head - rule.head_share).abs() < 0.08,
        "the head must fill the share of the rule, it fills {head}"
    );
    let nothing = CropRule { width: 0, ..rule };
    assert!(crop(&image, &find_faces(&image)[0], &nothing).is_none(), "an empty rule cuts nothing");
}

#[test]
fn a_cut_that_a_person_places_has_the_size_of_the_rule_and_stays_in_the_picture() {
    let rule = CropRule::default();
    let image = Person::new(8).portrait(&look());
    let face = find_faces(&image)[0];
    let share = |at: f32, of: u32| at / of as f32;
    let place = Place {
        turn: QuarterTurn::None,
        x: share(face.x + face.width / 2.0, image.width),
        y: share(face.y + face.height / 2.0, image.height),
        size: 0.9,
    };
    let cut = crop_at(&image, &place, &rule).expect("a cut");
    assert_eq!((cut.width, cut.height), (480, 640));
    assert_eq!(find_faces(&cut).len(), 1, "the face on which it was placed");
    let corner = crop_at(&image, &Place { x: 1.0, y: 1.0, size: 0.5, ..place }, &rule).expect("moved inside");
    let beside = Place { x: 0.9, y: 0.9, size: 0.5, ..place };
    assert_eq!(corner.pixels, crop_at(&image, &beside, &rule).expect("a cut").pixels, "no pixel is invented");
    for none in [
        Place { size: 0.1, ..place },
        Place { size: 1.1, ..place },
        Place { x: -0.1, ..place },
        Place { y: f32::NAN, ..place },
    ] {
        assert!(crop_at(&image, &none, &rule).is_none(), "{none:?}");
    }
}

#[test]
fn somebody_who_lies_stands_upright_in_a_cut_that_is_turned() {
    let look = PortraitLook { tilt_deg: 90.0, ..look() };
    let (image, rule, truth) = (Person::new(8).portrait(&look), CropRule::default(), look.truth());
    assert!(find_faces(&image).is_empty(), "the program knows no face that lies");
    let (w, h) = (image.width as f32, image.height as f32);
    let ratio = rule.width as f32 / rule.height as f32;
    // As large as the rule asks of a head, in a picture of this width and height.
    let size = |w: f32, h: f32| (truth.head / rule.head_share / h.min(w / ratio)).min(1.0);
    // The head lies to the right: a quarter to the left sets it up, and what stood on the right stands on top.
    let turn = QuarterTurn::Left;
    let upright = Place { turn, x: truth.y / h, y: 1.0 - truth.x / w, size: size(h, w) };
    let cut = crop_at(&image, &upright, &rule).expect("a cut");
    assert_eq!((cut.width, cut.height), (480, 640), "the photo itself stays upright");
    assert_eq!(find_faces(&cut).len(), 1, "the face, as it goes on the card");
    let lying = Place { turn: QuarterTurn::None, x: truth.x / w, y: truth.y / h, size: size(w, h) };
    let cut = crop_at(&image, &lying, &rule).expect("a cut");
    assert!(find_faces(&cut).is_empty(), "which without the turn lies in the photo as well");
}

#[test]
fn pictures_without_room_for_a_face_are_no_trouble() {
    for (w, h) in [(1, 1), (20, 700), (700, 20), (40, 40)] {
        let image = RgbImage::new(w, h, vec![90; (w * h * 3) as usize]).expect("fits");
        assert!(find_faces(&image).is_empty(), "{w}×{h} holds no face");
    }
}

#[test]
fn a_watch_over_frames_follows_the_person_and_notices_who_leaves() {
    let (mut watch, expect, person) = (FrameWatch::new(), Expect::backdrop(Backdrop::Red), Person::new(8));
    for frame in 0..4 {
        let image = person.portrait(&PortraitLook { seed: frame, dx: 0.01 * frame as f32, ..look() });
        let m = watch.measure(&image, &expect);
        assert!(is_good(&m), "frame {frame} shows a good portrait: {m:?}");
    }
    let empty = person.portrait(&PortraitLook { faces: 0, ..look() });
    let last = (0..3).map(|_| watch.measure(&empty, &expect)).last().and_then(|m| m.advice);
    assert_eq!(last, Some(Advice::NoFace), "an empty chair must be noticed within three frames");
}

//! Drawn bodies: repeatable, varied, and shaped as their looks say.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, where a panic is the report")]

use domain::{Eye, Finger, Slap};
use synth::{Impression, IrisLook, Person, PortraitLook, SlapLook};

#[test]
fn the_same_seed_draws_the_same_bytes() {
    let (a, b) = (Person::new(11), Person::new(11));
    let touch = Impression::usual(4);
    assert!(
        a.finger(Finger::LeftIndex, &touch) == b.finger(Finger::LeftIndex, &touch),
        "a print must be repeatable"
    );
    assert!(
        a.iris(Eye::Left, &IrisLook::default()) == b.iris(Eye::Left, &IrisLook::default()),
        "an iris must be repeatable"
    );
    let look = PortraitLook { width: 160, height: 120, ..PortraitLook::default() };
    assert!(a.portrait(&look) == b.portrait(&look), "a portrait must be repeatable");
    assert!(a.signature() == b.signature(), "a signature must be repeatable");
}

#[test]
fn two_people_and_two_fingers_differ() {
    let touch = Impression { noise: 0.0, ..Impression::default() };
    let one = Person::new(1).finger(Finger::RightIndex, &touch);
    assert!(one != Person::new(2).finger(Finger::RightIndex, &touch), "people must differ");
    assert!(one != Person::new(1).finger(Finger::RightMiddle, &touch), "fingers of one person must differ");
}

#[test]
fn every_pattern_class_occurs_among_people() {
    let seen: Vec<_> = (0..60).flat_map(|s| Finger::ALL.map(|f| Person::new(s).pattern(f))).collect();
    for class in
        [synth::Pattern::Arch, synth::Pattern::LeftDelta, synth::Pattern::RightDelta, synth::Pattern::Whorl]
    {
        let count = seen.iter().filter(|p| **p == class).count();
        assert!(count > 20, "{class:?} occurs only {count} times in 600 fingers");
    }
}

#[test]
fn a_slap_shows_the_fingers_that_are_there_inside_the_platen() {
    let look = SlapLook { missing: vec![Finger::RightRing], ..SlapLook::default() };
    let (image, boxes) = Person::new(3).slap(Slap::RightFour, &look);
    assert_eq!((image.width, image.height), synth::platen(Slap::RightFour));
    assert_eq!(boxes.len(), 3, "the missing finger has no box");
    for place in boxes {
        assert!(
            place.x + place.width <= image.width && place.y + place.height <= image.height,
            "a box leaves the platen"
        );
        let middle = ((place.y + place.height / 2) * image.width + place.x) as usize;
        let row = &image.pixels[middle..middle + place.width as usize];
        assert!(row.iter().any(|v| *v < 120), "{:?} left no ridge in its box", place.finger);
    }
}

#[test]
fn a_signature_stays_on_the_pad_and_runs_forward_in_time() {
    for seed in 0..20 {
        let strokes = Person::new(seed).signature();
        assert!(strokes.len() >= 2, "a signature is more than one line");
        let points: Vec<_> = strokes.concat();
        assert!(points.windows(2).all(|w| w[0].t_ms < w[1].t_ms), "time must run forward");
        let on_pad = points.iter().all(|p| {
            (0.0..=1.0).contains(&p.x) && (0.0..=1.0).contains(&p.y) && (0.0..=1.0).contains(&p.pressure)
        });
        assert!(on_pad, "a point left the pad");
    }
}

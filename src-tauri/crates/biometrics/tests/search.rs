//! Search among many, on drawn prints. They prove the code, never an error rate on people.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, where a panic is the report")]

use biometrics::matching::Template;
use biometrics::matching::search::{Gallery, Probe, Scratch, SearchPrint, Stopped, likeness};
use domain::Finger;
use proptest::prelude::*;
use synth::{Impression, Person};

/// x, y, angle in 1/256 turn, quality.
type Point = (i32, i32, u8, u8);

fn template(points: &[Point]) -> Template {
    let mut bytes = b"RK\x01".to_vec();
    bytes.push(points.len() as u8);
    for (x, y, angle, quality) in points {
        bytes.extend(&((*x as u32) << 12 | *y as u32).to_be_bytes()[1..]);
        bytes.extend([*angle, *quality]);
    }
    Template::from_compact(&bytes).expect("well formed")
}

fn score(a: &Template, b: &Template) -> u32 {
    likeness(&Probe::new(SearchPrint::new(a)), &SearchPrint::new(b), &mut Scratch::default())
}

fn touch(seed: u64, finger: Finger, touch: &Impression) -> Template {
    Template::extract(&Person::new(seed).finger(finger, touch), 500).expect("a whole print")
}

fn points(range: std::ops::Range<i32>, count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Point>> {
    proptest::collection::vec((range.clone(), range, any::<u8>(), 0u8..=100), count)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn garbage_neither_panics_nor_scores_differently_the_other_way_round(
        a in points(0..4096, 0..150), b in points(0..4096, 0..150), c in points(0..90, 0..150), d in points(0..90, 0..150)
    ) {
        for (a, b) in [(&a, &b), (&c, &d), (&a, &c)] {
            let (a, b) = (template(a), template(b));
            prop_assert_eq!(score(&a, &b), score(&b, &a), "the order of the two prints must not matter");
        }
    }

    #[test]
    fn shifting_a_print_or_listing_it_in_another_order_changes_nothing(
        a in points(100..500, 30..90), b in points(100..500, 30..90), dx in 0i32..1000, dy in 0i32..1000, by in 0usize..90
    ) {
        let moved: Vec<Point> = a.iter().map(|(x, y, t, q)| (x + dx, y + dy, *t, *q)).collect();
        let mut listed = a.clone();
        listed.rotate_left(by % a.len());
        listed.reverse();
        let (a, b) = (template(&a), template(&b));
        let plain = score(&a, &b);
        prop_assert_eq!(score(&template(&listed), &b), plain, "the order of minutiae must not matter");
        let own = score(&a, &a);
        let away = score(&template(&moved), &a);
        prop_assert!(own.abs_diff(away) <= own / 20, "a shift must not matter: {} against {}", own, away);
    }

    #[test]
    fn turning_a_print_keeps_it_the_same_print(a in points(100..500, 35..85), turn in any::<u8>()) {
        let angle = f64::from(turn) * std::f64::consts::PI / 128.0;
        let turned: Vec<Point> = a
            .iter()
            .map(|(x, y, t, q)| {
                let (x, y) = (f64::from(x - 300), f64::from(y - 300));
                let (u, v) = (x * angle.cos() - y * angle.sin(), x * angle.sin() + y * angle.cos());
                (1000 + u.round() as i32, 1000 + v.round() as i32, t.wrapping_add(turn), *q)
            })
            .collect();
        let (a, turned) = (template(&a), template(&turned));
        let (own, away) = (score(&a, &a), score(&a, &turned));
        prop_assert!(away * 10 >= own * 9, "turned by {} units: {} of {}", turn, away, own);
    }

    #[test]
    fn compact_bytes_are_taken_only_when_they_are_a_template(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let mut framed = b"RK\x01".to_vec();
        framed.extend(&bytes);
        for candidate in [bytes, framed] {
            if let Ok(read) = Template::from_compact(&candidate) {
                prop_assert_eq!(read.to_compact(), candidate, "what is taken must be what was written");
            }
        }
    }
}

#[test]
fn the_compact_form_is_fixed_to_the_byte() {
    let bytes = [0x52, 0x4b, 0x01, 0x02, 0x19, 0x01, 0xf4, 0x40, 0x63, 0x00, 0x10, 0x02, 0xf8, 0x0f];
    let read = Template::from_compact(&bytes).expect("version 1 must stay readable");
    assert_eq!(read.len(), 2, "two minutiae were written");
    assert_eq!(read.to_compact(), bytes, "version 1 must stay as it is");
    let again = Template::from_bytes(&read.to_bytes()).expect("the long form");
    // 0x190 = 400, 0x1f4 = 500, 0x40 = 90°; 1, 2, 0xf8 = 349°.
    assert_eq!(&again.to_bytes()[6..], [1, 144, 1, 244, 0, 90, 99, 0, 1, 0, 2, 1, 93, 15]);
    let print = touch(51, Finger::LeftMiddle, &Impression::usual(1));
    assert_eq!(
        Template::from_compact(&print.to_compact()),
        Ok(print),
        "a detected print must survive the compact form exactly"
    );
}

#[test]
fn two_poor_touches_of_a_finger_stand_above_every_other_finger() {
    let people: Vec<[Template; 2]> = (0..4)
        .map(|p| [0, 1].map(|k| touch(700 + p, Finger::RightIndex, &Impression::hard(2 * p + k))))
        .collect();
    for (p, [a, _]) in people.iter().enumerate() {
        let own = score(a, &people[p][1]);
        for (q, [_, b]) in people.iter().enumerate() {
            assert!(p == q || score(a, b) < own, "person {p} looks more like {q} than like themselves");
        }
    }
}

fn hand(seed: u64, touch_seed: u64) -> Vec<(Finger, Template)> {
    let fingers = [Finger::RightThumb, Finger::RightIndex, Finger::LeftThumb, Finger::LeftIndex];
    fingers.map(|f| (f, touch(seed, f, &Impression::usual(touch_seed)))).into()
}

#[test]
fn a_person_is_found_among_others_and_a_stranger_is_not() {
    let mut gallery = Gallery::default();
    for seed in 60..65 {
        gallery.put(seed, hand(seed, 1));
    }
    let found = gallery.search(&hand(62, 2), |_| false, || false).expect("not stopped");
    assert_eq!(
        found.iter().map(|c| c.key).collect::<Vec<_>>(),
        [62],
        "the person on record, and nobody else"
    );
    assert!(found[0].alike() >= 3, "most of four fingers must be confirmed: {:?}", found[0].fingers);
    let stranger = hand(90, 1);
    assert_eq!(gallery.search(&stranger, |_| false, || false), Ok(vec![]), "a stranger must not be named");
    let skipped = gallery.search(&hand(62, 2), |key| *key == 62, || false);
    assert_eq!(skipped, Ok(vec![]), "who is left out is not named");
    assert_eq!(gallery.search(&stranger, |_| false, || true), Err(Stopped), "a stop is obeyed");
    gallery.remove(&62);
    assert_eq!(gallery.search(&hand(62, 2), |_| false, || false), Ok(vec![]), "who was taken out is gone");
}

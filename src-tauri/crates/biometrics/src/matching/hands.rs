//! Mix-ups at the scanner: one finger shown twice, the two hands exchanged.

use domain::Finger;

use super::{SAME_FINGER, SAME_FINGER_TWICE, Template, compare};

/// Two positions that show the same finger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SameFinger {
    /// The earlier position of the list.
    pub first: Finger,
    /// The later position.
    pub second: Finger,
    /// BOZORTH3 comparison score, 0 and up; higher is more alike.
    pub score: u32,
}

/// Looks for one finger under two names; compares every pair once.
pub fn same_finger_twice(prints: &[(Finger, &Template)]) -> Vec<SameFinger> {
    let mut found = Vec::new();
    for (n, (second, b)) in prints.iter().enumerate() {
        for (first, a) in &prints[..n] {
            if first != second {
                let score = compare(a, b);
                if score >= SAME_FINGER_TWICE {
                    found.push(SameFinger { first: *first, second: *second, score });
                }
            }
        }
    }
    found
}

/// The finger of the other hand with the same name.
fn mirrored(finger: Finger) -> Finger {
    let code = finger.code();
    Finger::from_code(if code <= 5 { code + 5 } else { code - 5 }).unwrap_or(finger)
}

/// Says whether prints taken again fit the other hand better than their own.
///
/// `captured` are the prints on record, `again` the new ones with the position the operator asked for. Returns the
/// pairs (asked for, what it really matches); empty when nothing points to an exchange.
pub fn hands_swapped(
    captured: &[(Finger, &Template)],
    again: &[(Finger, &Template)],
) -> Vec<(Finger, Finger)> {
    let of = |finger: Finger| captured.iter().find(|(f, _)| *f == finger).map(|(_, t)| *t);
    again
        .iter()
        .filter_map(|(asked, print)| {
            let own = of(*asked).map_or(0, |t| compare(t, print));
            let other = mirrored(*asked);
            let crossed = of(other).map_or(0, |t| compare(t, print));
            (own < SAME_FINGER && crossed >= SAME_FINGER).then_some((*asked, other))
        })
        .collect()
}

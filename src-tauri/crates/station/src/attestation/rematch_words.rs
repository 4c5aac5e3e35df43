//! What the Formulir says of the re-match of one hand.

use domain::capture::{CaptureState, Thresholds};
use domain::finger::Finger;

/// Names the chip finger of one hand and how it was settled: matched, whatever a further try scored, or left to a witness.
pub(super) fn rematch_words(
    capture: &CaptureState,
    chip: &[Finger],
    limits: &Thresholds,
    right: bool,
) -> String {
    let Some(finger) = chip.iter().copied().find(|finger| finger.is_right() == right) else {
        return "tidak ada jari".to_owned();
    };
    let settled = if capture.is_matched(finger, limits) {
        "cocok"
    } else if capture.rematch_exit(finger, limits).is_some() {
        "dengan saksi"
    } else {
        "belum"
    };
    format!("{}, {settled}", word(finger))
}

/// The finger without its hand, which stands beside it.
const fn word(finger: Finger) -> &'static str {
    match finger {
        Finger::RightThumb | Finger::LeftThumb => "jempol",
        Finger::RightIndex | Finger::LeftIndex => "telunjuk",
        Finger::RightMiddle | Finger::LeftMiddle => "tengah",
        Finger::RightRing | Finger::LeftRing => "manis",
        Finger::RightLittle | Finger::LeftLittle => "kelingking",
    }
}

#[cfg(test)]
mod tests {
    use domain::Slap;
    use domain::capture::{Attempt, Part, PartQuality, RematchAttempt, RematchExit, Target};
    use domain::ids::{CaptureId, OperatorId};
    use domain::role::Witness;
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;

    const AT: Timestamp = Timestamp::UNIX_EPOCH;

    fn id(number: u128) -> CaptureId {
        CaptureId::new(Uuid::from_u128(number))
    }

    /// Ten fingers, the slap of the right hand as the capture 1, of the left as 2.
    fn recorded() -> CaptureState {
        let slap = |number, slap: Slap| Attempt {
            id: id(number),
            at: AT,
            target: Target::Slap(slap),
            parts: (slap.fingers().iter())
                .map(|finger| PartQuality { part: Part::Finger(*finger), score: 80, reasons: Vec::new() })
                .collect(),
            device: String::new(),
            algorithm: String::new(),
            backdrop: None,
        };
        let attempts = vec![slap(1, Slap::RightFour), slap(2, Slap::LeftFour)];
        CaptureState { attempts, ..CaptureState::default() }
    }

    fn tried(number: u128, finger: Finger, score: u32, against: u128) -> RematchAttempt {
        RematchAttempt { finger, id: id(number), at: AT, score, against: id(against), reasons: Vec::new() }
    }

    #[test]
    fn the_finger_on_the_chip_is_named_with_how_it_was_settled() {
        let limits = Thresholds::default();
        let chip = [Finger::RightMiddle, Finger::LeftIndex];
        let mut capture = recorded();
        let words = |capture: &CaptureState, right| rematch_words(capture, &chip, &limits, right);
        assert_eq!(words(&capture, true), "tengah, belum");
        capture.rematches = vec![
            tried(11, Finger::RightMiddle, 90, 1),
            tried(12, Finger::RightMiddle, 12, 1),
            tried(13, Finger::LeftIndex, 12, 2),
        ];
        assert_eq!(words(&capture, true), "tengah, cocok", "a further try that fails takes no match away");
        assert_eq!(words(&capture, false), "telunjuk, belum", "nobody witnessed anything");
        let officer = OperatorId::parse("yuliana").unwrap();
        let exit = |against| RematchExit {
            finger: Finger::LeftIndex,
            note: "ujung jari tipis".into(),
            witness: Witness::Officer { operator: officer.clone() },
            by: None,
            at: AT,
            against: Some(id(against)),
        };
        capture.rematch_exits = vec![exit(7)];
        assert_eq!(words(&capture, false), "telunjuk, belum", "the witness was about another slap");
        capture.rematch_exits = vec![exit(2)];
        assert_eq!(words(&capture, false), "telunjuk, dengan saksi");
        let none = rematch_words(&capture, &[Finger::LeftIndex], &limits, true);
        assert_eq!(none, "tidak ada jari", "a hand of which no finger was taken");
    }
}

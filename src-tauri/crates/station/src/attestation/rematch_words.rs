//! What the Formulir says of the re-match of one hand.

use domain::capture::{CaptureState, RematchAttempt, Thresholds};
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
    let settled = matched(capture, finger, limits).unwrap_or_else(|| {
        let witnessed = capture.rematch_exit(finger, limits).is_some();
        if witnessed { "dengan saksi" } else { "belum" }.to_owned()
    });
    format!("{}, {settled}", word(finger))
}

/// That it matched, and by how many bits of grey where every match is below enrolment quality.
fn matched(capture: &CaptureState, finger: Finger, limits: &Thresholds) -> Option<String> {
    let all = || capture.rematches_of(finger, limits).filter(|one| one.score >= limits.rematch_score);
    let said: &RematchAttempt = all().find(|one| !one.is_below_enrolment()).or_else(|| all().next())?;
    Some(match said.levels.filter(|_| said.is_below_enrolment()) {
        Some(levels) => format!("cocok ({} bit)", levels.checked_ilog2().unwrap_or(0)),
        None => "cocok".to_owned(),
    })
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
    use domain::capture::{Attempt, Part, PartQuality, RematchExit, Target};
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
        let (id, against, device) = (id(number), id(against), "pemindai uji".to_owned());
        RematchAttempt { finger, id, at: AT, score, against, reasons: Vec::new(), device, levels: None }
    }

    #[test]
    fn a_match_below_enrolment_quality_is_marked_until_the_scanner_matches_too() {
        let (limits, chip) = (Thresholds::default(), [Finger::RightIndex]);
        let mut capture = recorded();
        let by_module = |number, score| RematchAttempt {
            levels: Some(16),
            ..tried(number, Finger::RightIndex, score, 1)
        };
        capture.rematches = vec![by_module(11, 12), by_module(12, 90)];
        assert_eq!(rematch_words(&capture, &chip, &limits, true), "telunjuk, cocok (4 bit)");
        capture.rematches.push(tried(13, Finger::RightIndex, 12, 1));
        assert_eq!(
            rematch_words(&capture, &chip, &limits, true),
            "telunjuk, cocok (4 bit)",
            "of what matched"
        );
        capture.rematches.push(tried(14, Finger::RightIndex, 88, 1));
        assert_eq!(rematch_words(&capture, &chip, &limits, true), "telunjuk, cocok");
        let eight = RematchAttempt { levels: Some(256), ..tried(15, Finger::RightIndex, 90, 1) };
        capture.rematches = vec![eight];
        assert_eq!(rematch_words(&capture, &chip, &limits, true), "telunjuk, cocok", "a module of 8 bits");
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

//! What the form says of a photo that is not as the rule wants it: cut by hand, or with a line that cannot hold.

use domain::capture::{CaptureState, JudgedCheck, QuarterTurn, Thresholds};
use domain::role::Witness;
use jiff::Timestamp;

/// The line as the officer reads it on the screen, in the middle of a sentence.
const fn judged_word(check: JudgedCheck) -> &'static str {
    match check {
        JudgedCheck::EyesOpen => "mata terbuka, menatap kamera",
        JudgedCheck::NoGlassesOrLenses => "tanpa kacamata dan lensa",
        JudgedCheck::FaceUncovered => "dahi, alis, mata terlihat",
        JudgedCheck::HeadUpright => "kepala tegak, wajah wajar",
    }
}

/// How the still was turned before it was cut; nothing where it was not.
const fn turn_word(turn: QuarterTurn) -> &'static str {
    match turn {
        QuarterTurn::None => "",
        QuarterTurn::Right => "diputar 90° ke kanan, ",
        QuarterTurn::Half => "diputar 180°, ",
        QuarterTurn::Left => "diputar 90° ke kiri, ",
    }
}

/// How many of them there are.
pub(super) fn count(capture: &CaptureState, limits: &Thresholds) -> u32 {
    let all = capture.excused(limits).len() + usize::from(capture.hand_cut(limits).is_some());
    u32::try_from(all).unwrap_or(u32::MAX)
}

/// What stands among the exceptions of the photo that counts, without final stop; `named` is who was there, `when` the moment.
pub(super) fn photo_words(
    capture: &CaptureState,
    limits: &Thresholds,
    named: impl Fn(&Witness) -> String,
    when: impl Fn(Timestamp) -> String,
) -> Vec<String> {
    let cut = capture.hand_cut(limits).map(|cut| {
        let (turned, witness, at) = (turn_word(cut.turn), named(&cut.witness), when(cut.at));
        format!("Foto: wajah tidak ditemukan program, {turned}dipotong dengan tangan, saksi {witness}, {at}")
    });
    let excused = capture.excused(limits).into_iter().map(|(judged, excuse)| {
        let (line, witness) = (judged_word(judged.check), named(&excuse.witness));
        let at = judged.at.map(|at| format!(", {}", when(at))).unwrap_or_default();
        format!("Foto, “{line}”: tidak dapat, karena {}, saksi {witness}{at}", excuse.note)
    });
    cut.into_iter().chain(excused).collect()
}

#[cfg(test)]
mod tests {
    use domain::capture::{Attempt, Excuse, HandCut, Judged, Part, PartQuality, Target};
    use domain::ids::{CaptureId, OperatorId};

    use super::*;

    #[test]
    fn a_photo_tells_how_it_was_cut_and_which_line_cannot_hold_and_a_tick_tells_nothing() {
        let (at, who) = (Timestamp::UNIX_EPOCH, OperatorId::parse("dewi").unwrap());
        let witness = Witness::Officer { operator: OperatorId::parse("maya").unwrap() };
        let attempt = CaptureId::new(crate::clock::new_uuid());
        let judged = |check, yes, excuse: Option<&str>| Judged {
            portrait: Some(attempt),
            check,
            yes,
            by: Some(who.clone()),
            at: Some(at),
            excuse: excuse.map(|note| Excuse { note: note.to_owned(), witness: witness.clone() }),
        };
        let mut capture = CaptureState::default();
        capture.attempts.push(Attempt {
            id: attempt,
            at,
            target: Target::Portrait,
            parts: vec![PartQuality { part: Part::Face, score: 0, reasons: Vec::new() }],
            device: "uji".into(),
            algorithm: "uji/1".into(),
            backdrop: None,
        });
        capture.judged = vec![
            judged(JudgedCheck::HeadUpright, false, Some("leher kaku")),
            judged(JudgedCheck::NoGlassesOrLenses, true, None),
            judged(JudgedCheck::EyesOpen, false, Some("kelopak tertutup")),
        ];
        capture.hand_cuts = vec![HandCut {
            attempt,
            still: CaptureId::new(crate::clock::new_uuid()),
            turn: QuarterTurn::Left,
            note: "berbaring".into(),
            witness: witness.clone(),
            operator: who.clone(),
            at,
        }];
        let told = |capture: &CaptureState| {
            photo_words(capture, &Thresholds::default(), |_| "Maya Sari".to_owned(), |_| "pukul 10.43".into())
        };
        assert_eq!(count(&capture, &Thresholds::default()), 3, "the window counts as the form does");
        assert_eq!(
            told(&capture),
            [
                "Foto: wajah tidak ditemukan program, diputar 90° ke kiri, dipotong dengan tangan, saksi Maya Sari, pukul 10.43",
                "Foto, “mata terbuka, menatap kamera”: tidak dapat, karena kelopak tertutup, saksi Maya Sari, pukul 10.43",
                "Foto, “kepala tegak, wajah wajar”: tidak dapat, karena leher kaku, saksi Maya Sari, pukul 10.43",
            ]
        );
        capture.hand_cuts[0].turn = QuarterTurn::None;
        assert_eq!(
            told(&capture)[0],
            "Foto: wajah tidak ditemukan program, dipotong dengan tangan, saksi Maya Sari, pukul 10.43"
        );
    }
}

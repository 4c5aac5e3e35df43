use crate::desk::{Desk, START_MS, by, operator, visit};
use store::{Act, Rematch};

#[test]
fn a_finger_laid_again_comes_back_with_its_score_and_its_limit() {
    let desk = Desk::with_visit();
    let rematch = Rematch {
        part: "right_index".into(),
        score: 87.5,
        threshold: 40.0,
        matched: true,
        algorithm: "bozorth3".into(),
        device_json: "{}".into(),
        image: vec![3; 10],
        taken_ms: 0,
        operator: None,
    };
    let act = Act::RematchRecord { permohonan: visit(1), part: "right_index".into(), matched: true };
    desk.store.transact(act, &by("op-1", 50), |tx| tx.add_rematch(visit(1), &rematch)).unwrap();
    let desk = desk.restart();
    let kept = desk.store.read(|v| v.rematches(visit(1))).unwrap().remove(0);
    assert_eq!((kept.score, kept.threshold, kept.matched), (87.5, 40.0, true), "the score under its limit");
    assert_eq!(
        (kept.taken_ms, kept.operator),
        (START_MS + 50, Some(operator("op-1"))),
        "when, and before whom"
    );
}

use crate::desk::{Desk, START_MS, by, operator, visit};
use store::{Act, VerificationRow};

#[test]
fn a_decision_of_step_3_comes_back_with_who_and_when() {
    let desk = Desk::with_visit();
    let verification = VerificationRow {
        kind: "difference".into(),
        unsur: "alamat".into(),
        found_json: r#"{"form":"a","record":"b"}"#.into(),
        decision: "keep_form".into(),
        reason: "KK baru".into(),
        operator: None,
        decided_ms: 0,
    };
    let act = Act::VerificationDecide { permohonan: visit(1), kind: "difference".into() };
    desk.store.transact(act, &by("op-1", 50), |tx| tx.add_verification(visit(1), &verification)).unwrap();
    let desk = desk.restart();
    let kept = desk.store.read(|v| v.verifications(visit(1))).unwrap();
    let stamped =
        VerificationRow { operator: Some(operator("op-1")), decided_ms: START_MS + 50, ..verification };
    assert_eq!(kept, [stamped], "as it was decided");
}

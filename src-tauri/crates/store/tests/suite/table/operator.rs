use crate::desk::{Desk, by, operator};
use store::{Act, OperatorStatus};

#[test]
fn an_operator_is_changed_and_never_deleted_and_keeps_the_finger() {
    let desk = Desk::new();
    let id = operator("op-1");
    let act = || Act::OperatorChange { operator: operator("op-1") };
    desk.store
        .transact(act(), &by("admin", 1), |tx| {
            tx.put_operator(&id, "Rina", r#"["operator"]"#, OperatorStatus::Active)
        })
        .unwrap();
    let finger = Act::OperatorFinger { operator: id.clone() };
    desk.store.transact(finger, &by("admin", 2), |tx| tx.set_operator_finger(&id, b"template")).unwrap();
    desk.store
        .transact(act(), &by("admin", 3), |tx| tx.put_operator(&id, "Rina S", "[]", OperatorStatus::Revoked))
        .unwrap();
    let row = desk.store.read(|v| v.operator(&id)).unwrap().unwrap();
    assert_eq!(
        (row.status, row.finger.as_slice()),
        (OperatorStatus::Revoked, &b"template"[..]),
        "finger kept"
    );
    assert!(!format!("{row:?}").contains("Rina"), "masked");
    assert_eq!(desk.store.read(|v| v.operators()).unwrap().len(), 1, "one row");
}

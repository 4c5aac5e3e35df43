use crate::desk::{Desk, by, visit};
use store::Act;

#[test]
fn a_field_is_kept_as_typed_and_its_history_too() {
    let desk = Desk::with_visit();
    for (ms, value) in [(20, "Sit"), (30, "Siti"), (40, "Siti Amin\u{301}ah")] {
        let act = Act::FieldSave { permohonan: visit(1), unsur: "nama".into() };
        desk.store.transact(act, &by("op-1", ms), |tx| tx.save_isian(visit(1), "nama", value)).unwrap();
    }
    let desk = desk.restart();
    let fields = desk.store.read(|v| v.isian(visit(1))).unwrap();
    assert_eq!(fields.len(), 1, "one row for each field");
    assert_eq!(fields[0].value, "Siti Amin\u{301}ah", "the last value, byte for byte");
    let history = desk.store.read(|v| v.isian_riwayat(visit(1), "nama")).unwrap();
    assert_eq!(
        history.iter().map(|f| f.value.as_str()).collect::<Vec<_>>()[..2],
        ["Sit", "Siti"],
        "oldest first"
    );
    assert!(!format!("{fields:?}").contains("Siti"), "masked");
    assert!(
        desk.raw().execute_batch("UPDATE isian_riwayat SET value = ''").is_err(),
        "history cannot be changed"
    );
    assert!(desk.raw().execute_batch("DELETE FROM isian_riwayat").is_err(), "nor deleted");
}

#[test]
fn a_field_of_no_visit_is_refused() {
    let desk = Desk::new();
    let act = Act::FieldSave { permohonan: visit(7), unsur: "nama".into() };
    let refused = desk.store.transact(act, &by("op-1", 1), |tx| tx.save_isian(visit(7), "nama", "x"));
    assert!(refused.is_err(), "the foreign key holds");
}

#[test]
fn a_reader_does_not_wait_for_a_writer_and_sees_only_what_was_committed() {
    let desk = Desk::with_visit();
    let act = Act::FieldSave { permohonan: visit(1), unsur: "nama".into() };
    let seen = desk
        .store
        .transact(act, &by("op-1", 20), |tx| {
            tx.save_isian(visit(1), "nama", "Siti")?;
            // On the same thread: if the reader waited for the writer, this would never return.
            desk.store.read(|v| v.isian(visit(1)))
        })
        .unwrap()
        .value;
    assert!(seen.is_empty(), "not committed yet, not seen yet");
    assert_eq!(desk.store.read(|v| v.isian(visit(1))).unwrap().len(), 1, "committed, seen");
}

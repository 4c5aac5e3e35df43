use crate::desk::{Desk, START_MS, by};
use store::{Act, CentralStatusRow};

#[test]
fn statuses_are_added_never_changed_and_unknown_ones_stay_as_they_came() {
    let desk = Desk::new();
    for (as_of, status) in
        [(1, "SENT_FOR_ENROLLMENT"), (3, "Status  baru yang tidak dikenal"), (2, "PROCESSING")]
    {
        let row = CentralStatusRow {
            nik: "9901014100000001".into(),
            status: status.into(),
            as_of_ms: START_MS + as_of,
            received_ms: 0,
            source: "sync".into(),
        };
        desk.store
            .transact(Act::CentralStatuses { count: 1 }, &by("op-1", 9), |tx| tx.add_central_status(&row))
            .unwrap();
    }
    let history = desk.store.read(|v| v.central_statuses("9901014100000001")).unwrap();
    assert_eq!(history[0].status, "Status  baru yang tidak dikenal", "newest by the centre's time, raw");
    assert_eq!((history.len(), history[0].received_ms), (3, START_MS + 9), "with the time it came");
    assert!(
        desk.raw().execute_batch("UPDATE central_status SET status = 'PRINT_READY_RECORD'").is_err(),
        "append-only"
    );
    assert!(desk.raw().execute_batch("DELETE FROM central_status").is_err(), "append-only");
}

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
            packet: String::new(),
            detail: String::new(),
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

#[test]
fn a_change_that_comes_twice_is_one_row_and_moves_the_cursor_with_it() {
    let desk = Desk::new();
    let row = |origin: i64, source: &str| CentralStatusRow {
        nik: "9901014100000001".into(),
        status: "PRINT_READY_RECORD".into(),
        as_of_ms: START_MS + origin,
        received_ms: 0,
        source: source.into(),
        packet: "01932f6e-0000-7000-9000-000000000001".into(),
        detail: String::new(),
    };
    let apply = |origin: i64, source: &str, fails: bool| {
        desk.store.transact(Act::CentralStatuses { count: 1 }, &by("op-1", 9), |tx| {
            let new = tx.add_central_status(&row(origin, source))?;
            tx.move_cursor(&format!("a-{origin}"))?;
            if fails { Err(store::Error::NoSuchRow { table: "test" }) } else { Ok(new) }
        })
    };
    let cursor = || desk.store.read(|v| v.change_cursor()).unwrap();
    assert!(apply(5, "sync", true).is_err(), "the act failed after both were written");
    assert_eq!(cursor(), None, "so the cursor did not move, and the change will be asked for again");
    assert!(apply(5, "sync", false).unwrap().value, "new");
    assert!(!apply(5, "courier", false).unwrap().value, "the same change by the other way");
    assert!(apply(7, "courier", false).unwrap().value, "another one is new");
    assert_eq!(cursor().as_deref(), Some("a-7"), "and the cursor stands behind it");
    let id = domain::ids::PacketId::parse("01932f6e-0000-7000-9000-000000000001").unwrap();
    assert_eq!(desk.store.read(|v| v.central_statuses_of(id)).unwrap().len(), 2, "two changes, two rows");
}

use crate::desk::{Desk, START_MS};
use store::Meta;

#[test]
fn a_database_says_for_ever_whose_it_is_and_whether_it_is_for_training() {
    let desk = Desk::with_visit().restart();
    let made = Meta { station: "KRUI-1".into(), training: true, created_ms: START_MS };
    assert_eq!(desk.store.read(|v| v.meta()).unwrap(), made, "as it was made");
    for statement in [
        "INSERT INTO meta (id, station) VALUES (2, 'KRUI-2')",
        "UPDATE meta SET training = 0",
        "DELETE FROM meta",
    ] {
        assert!(desk.raw().execute_batch(statement).is_err(), "one row, and final: {statement}");
    }
}

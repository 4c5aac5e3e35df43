use crate::desk::{Desk, START_MS, by};
use store::Act;

#[test]
fn the_first_source_of_a_recorded_nik_stays() {
    let desk = Desk::new();
    let nik = "9901014100000001";
    let note = |ms, source: &str| {
        let act = Act::SettingChange { name: "uji".into() };
        desk.store.transact(act, &by("op-1", ms), |tx| tx.add_recorded_nik(nik, source)).map(drop)
    };
    assert_eq!(desk.store.read(|v| v.recorded_nik(nik)).unwrap(), None, "nobody said so");
    note(50, "card").unwrap();
    note(90, "centre").unwrap();
    assert!(note(95, "gossip").is_err(), "a source that nobody knows");
    let known = desk.store.read(|v| v.recorded_nik(nik)).unwrap();
    assert_eq!(known, Some((START_MS + 50, "card".to_owned())), "who said it first, and when");
}

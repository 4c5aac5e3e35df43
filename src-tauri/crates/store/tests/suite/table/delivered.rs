use crate::desk::{Desk, by};
use store::{Act, Digest};

fn keep(desk: &Desk, ms: i64, digests: &[Digest]) {
    let act = Act::SettingChange { name: "uji".into() };
    desk.store.transact(act, &by("op-1", ms), |tx| tx.add_delivered(digests)).unwrap();
}

#[test]
fn what_a_device_delivered_is_known_after_a_restart_and_never_forgotten() {
    let desk = Desk::new();
    keep(&desk, 20, &[[1; 32], [2; 32]]);
    keep(&desk, 30, &[[3; 32], [1; 32]]);
    let desk = desk.restart();
    let known = |most| desk.store.read(|view| view.delivered(most)).unwrap();
    assert_eq!(known(10), [[1; 32], [2; 32], [3; 32]], "each once, as they came");
    assert_eq!(known(2), [[2; 32], [3; 32]], "the newest, where not all are wanted");
    let raw = desk.raw();
    assert!(raw.execute_batch("DELETE FROM delivered").is_err(), "none is forgotten");
    assert!(raw.execute_batch("INSERT INTO delivered (sha256) VALUES (x'01')").is_err(), "32 bytes each");
}

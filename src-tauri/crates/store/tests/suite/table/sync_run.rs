use super::packet::{id, seal};
use crate::desk::{Desk, START_MS, at};
use store::SyncRun;

#[test]
fn the_newest_exchange_stands_on_top_of_the_history() {
    let desk = Desk::new();
    let run = |began: i64, cause: &str| SyncRun {
        began_ms: START_MS + began,
        ended_ms: START_MS + began + 5,
        path: "network".into(),
        cause: cause.into(),
        packets: 1,
        bytes: 640,
        changes: 2,
    };
    for done in [run(10, ""), run(20, "unreachable"), run(30, "")] {
        desk.store.bookkeep(at(40), |ledger| ledger.add_sync_run(&done)).unwrap();
    }
    let desk = desk.restart();
    let kept = desk.store.read(|v| v.sync_runs(2)).unwrap();
    assert_eq!(kept, [run(30, ""), run(20, "unreachable")], "so many as were asked for");
}

#[test]
fn progress_of_an_upload_stays_within_the_part() {
    let desk = Desk::with_visit();
    seal(&desk, 1, 1).unwrap();
    let sent = |sent: i64| {
        desk.store.bookkeep(at(70), |ledger| ledger.set_part_progress(id(1), "bio", "/u/1", sent))
    };
    let lines = || desk.store.read(|v| v.register_head()).unwrap().unwrap().row;
    let before = lines();
    sent(640).unwrap();
    assert!(sent(1_001).is_err(), "more than there is cannot have been sent");
    let part = &desk.store.read(|v| v.packet(id(1))).unwrap().unwrap().parts[1];
    assert_eq!((part.sent, part.location.as_str()), (640, "/u/1"), "resumes from here");
    assert_eq!(lines(), before, "bytes that arrive are no deed: the register holds no line of them");
}

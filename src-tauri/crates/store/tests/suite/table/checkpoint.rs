use crate::desk::{Desk, by, visit};
use domain::register::{BreakKind, RegisterLine};
use store::Act;

#[test]
fn a_checkpoint_notices_a_chain_that_was_made_anew_before_it() {
    let desk = Desk::with_visit();
    let head = desk
        .store
        .transact(Act::CheckpointMake { row: 2 }, &by("op-1", 5), |tx| tx.add_checkpoint(b""))
        .unwrap()
        .value;
    assert_eq!(head.row, 2, "the last line before the act");
    assert!(desk.store.verify_register(&[head]).unwrap().is_ok(), "holds");
    let forged = domain::register::Checkpoint { row: 2, hash: domain::register::Hash32::GENESIS };
    assert_eq!(
        desk.store.verify_register(&[forged]).unwrap().unwrap_err().first_row,
        2,
        "another hash at row 2"
    );
}

/// Somebody with the key changes line `row` and hashes it and all that follow anew.
fn make_anew(desk: &Desk, row: u64) {
    let lines = desk.store.read(|view| view.register_between(0, u64::MAX)).unwrap();
    let raw = desk.raw();
    raw.execute_batch("DROP TRIGGER register_no_update").unwrap();
    let mut before = None;
    for line in lines {
        let mut entry = line.entry;
        if line.row == row {
            entry.detail.insert("of".into(), "lain".into());
        }
        let anew = RegisterLine::chain(before, entry);
        before = Some((anew.row, anew.hash));
        let detail = serde_json::to_string(&anew.entry.detail).unwrap();
        raw.execute(
            "UPDATE register SET detail = ?1, prev = ?2, hash = ?3 WHERE seq = ?4",
            (detail, &anew.previous.bytes()[..], &anew.hash.bytes()[..], anew.row.cast_signed()),
        )
        .unwrap();
    }
}

#[test]
fn a_younger_checkpoint_over_a_chain_made_anew_hides_it_from_no_older_one() {
    let desk = Desk::with_visit();
    let field = |n: i64| {
        let act = Act::FieldSave { permohonan: visit(1), unsur: format!("unsur_{n}") };
        desk.store.transact(act, &by("op-1", 100 + n), |_| Ok(())).unwrap();
    };
    let mark = |n: i64| {
        desk.store
            .transact(Act::CheckpointMake { row: 0 }, &by("op-1", 200 + n), |tx| tx.add_checkpoint(b""))
            .unwrap()
            .value
    };
    field(1);
    let first = mark(1);
    field(2);
    field(3);
    let second = mark(2);
    make_anew(&desk, first.row + 2);
    mark(3);
    let broken = desk.store.verify_register(&[]).unwrap().expect_err("the second one still tells");
    assert_eq!((broken.first_row, broken.kind), (second.row, BreakKind::Edited));
    assert_eq!(broken.up_to, first.row, "known is only what the first one holds");
}

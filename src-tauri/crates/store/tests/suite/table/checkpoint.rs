use crate::desk::{Desk, by};
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

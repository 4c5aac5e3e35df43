use super::stock::{account, agrees, receive};
use crate::desk::{Desk, by};
use domain::stock::{Account, Item, compare_pieces};
use std::collections::BTreeSet;
use store::{Act, StockCount};

#[test]
fn a_count_that_differs_is_explained_and_never_written_over() {
    let desk = Desk::with_visit();
    receive(&desk, "0001", "0010");
    let booked = desk.store.read(|v| v.serials_in(Account::Store)).unwrap();
    let seen: BTreeSet<_> = booked.iter().filter(|serial| serial.as_str() != "0004").cloned().collect();
    let difference = compare_pieces(&booked, &seen);
    let movements = difference.movements(Item::Blangko, &BTreeSet::new(), &BTreeSet::new());
    let count = |explanation: &str, counted| StockCount {
        item: Item::Blangko,
        booked: 10,
        counted,
        difference_json: serde_json::to_string(&difference).unwrap(),
        explanation: explanation.into(),
        at_ms: 0,
    };
    let write = |count: &StockCount| {
        let act = Act::StockCount { item: Item::Blangko, counted: 9, difference: -1 };
        desk.store.transact(act, &by("op-1", 50), |tx| tx.count_stock(count, &movements)).map(drop)
    };
    assert!(write(&count(" ", 9)).is_err(), "without a word");
    assert!(write(&count("dihitung dua kali", 8)).is_err(), "the movements must bring the book to the shelf");
    write(&count("hilang, sudah dilaporkan", 9)).unwrap();
    assert_eq!(account(&desk, "0004"), Account::Missing, "missing, not forgotten");
    agrees(&desk);
    for statement in [
        "DELETE FROM stock_movement",
        "UPDATE stock_movement SET quantity = 1",
        "DELETE FROM stock_count",
        "DELETE FROM blangko",
        "UPDATE stock_balance SET quantity = -1 WHERE account = 'store'",
    ] {
        assert!(desk.raw().execute_batch(statement).is_err(), "{statement}");
    }
}

/// However often it was counted since, a day keeps its own counts.
#[test]
fn the_counts_of_a_time_are_all_read_and_no_others() {
    let desk = Desk::with_visit();
    receive(&desk, "0001", "0010");
    for at in 0..70 {
        let count = StockCount {
            item: Item::Blangko,
            booked: 10,
            counted: 10,
            difference_json: "{}".into(),
            explanation: String::new(),
            at_ms: 0,
        };
        let act = Act::StockCount { item: Item::Blangko, counted: 10, difference: 0 };
        desk.store.transact(act, &by("op-1", 100 + at), |tx| tx.count_stock(&count, &[])).unwrap();
    }
    let all = desk.store.read(|v| v.stock_counts_between(0, i64::MAX)).unwrap();
    assert_eq!(all.len(), 70);
    let (from, to) = (all[3].at_ms, all[5].at_ms);
    let some = desk.store.read(|v| v.stock_counts_between(from, to)).unwrap();
    let at: Vec<i64> = some.iter().map(|count| count.at_ms).collect();
    assert_eq!(
        at,
        [all[3].at_ms, all[4].at_ms],
        "from the first moment until before the last, in their order"
    );
}

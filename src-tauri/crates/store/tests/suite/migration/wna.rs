//! A stock of before the blangko of foreigners.

use super::before;
use crate::desk::{at, key, options, raw};
use domain::stock::{Account, Item};
use store::Store;

#[test]
fn a_stock_of_before_the_blangko_of_foreigners_is_one_of_citizens_and_still_adds_up() {
    let (_folder, path) = before("-wna");
    raw(&path)
        .execute_batch(
            "INSERT INTO stock_movement (at, item, kind, source, target, quantity, first, last, document)
             VALUES (5, 'blangko', 'received', 'supplier', 'store', 2, '0001', '0002', 'SJ-1'),
                    (6, 'ribbon', 'received', 'supplier', 'store', 500, '', '', 'SJ-1');
             INSERT INTO blangko (serial, account, movement) VALUES ('0001', 'store', 1), ('0002', 'store', 1);
             INSERT INTO stock_balance (item, account, quantity)
             VALUES ('blangko', 'store', 2), ('blangko', 'supplier', -2), ('ribbon', 'store', 500), ('ribbon', 'supplier', -500);
             INSERT INTO stock_allotment (item, quantity, document) VALUES ('blangko', 10, 'SK-1');
             INSERT INTO stock_count (item, booked, counted) VALUES ('ribbon', 500, 500);",
        )
        .unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    store
        .read(|v| {
            assert_eq!(v.verify_stock()?, None, "book, balances and pieces agree");
            assert_eq!(v.serials_of(Item::Blangko, Account::Store)?.len(), 2, "citizens'");
            assert_eq!(v.stock_head(Item::Ribbon)?, 2, "each line keeps its number");
            assert_eq!(v.allotments(9)?.len(), 1, "what will come");
            assert!(v.last_stock_count(Item::Ribbon)?.is_some(), "what was counted");
            Ok(())
        })
        .unwrap();
    let torn = raw(&path)
        .execute_batch("INSERT INTO blangko (serial, account, movement) VALUES ('0009', 'store', 99)");
    assert!(torn.is_err(), "each piece still has its line in the ledger");
    let line = raw(&path).execute_batch("DELETE FROM stock_movement");
    assert!(line.is_err(), "which nobody takes out");
}

//! Cards that were found again, and the queue of visits that ended.

use super::before;
use crate::desk::{at, key, options, raw, visit};
use domain::stock::{Account, Item};
use store::Store;

/// A card that was lost and found (0001), one that a printer held and gave back untouched (0002), a blank (0003), and one whose
/// card is in use (0004).
#[test]
fn found_cards_that_an_older_program_put_among_the_usable_ones_are_set_aside_and_the_book_still_adds_up() {
    let (_folder, path) = before("-aside");
    let id = visit(1).to_string();
    let mut old = format!(
        "INSERT INTO permohonan (id, ticket, kind) VALUES ('{id}', '2026-11-01/A-001', 'baru_wni');
         INSERT INTO stock_movement (at, item, kind, source, target, quantity, first, last)
         VALUES (1, 'blangko', 'received', 'supplier', 'store', 4, '0001', '0004');"
    );
    type Way = (&'static str, &'static str, &'static [(&'static str, &'static str, &'static str)]);
    let ways: [Way; 4] = [
        (
            "0001",
            "printed",
            &[
                ("loaded", "store", "printer"),
                ("used", "printer", "used"),
                ("lost_after_use", "used", "missing"),
                ("found", "missing", "store"),
            ],
        ),
        ("0002", "not_printed", &[("loaded", "store", "printer"), ("unloaded", "printer", "store")]),
        ("0003", "", &[]),
        ("0004", "printed", &[("loaded", "store", "printer"), ("used", "printer", "used")]),
    ];
    for (serial, outcome, way) in ways {
        let account = way.last().map_or("store", |(_, _, to)| to);
        for (kind, from, to) in way {
            old += &format!(
                "INSERT INTO stock_movement (at, item, kind, source, target, quantity, first, last)
                 VALUES (7, 'blangko', '{kind}', '{from}', '{to}', 1, '{serial}', '{serial}');"
            );
        }
        old += &format!(
            "INSERT INTO blangko (serial, account, movement, moved_at) VALUES ('{serial}', '{account}', 1, 7);"
        );
        if !outcome.is_empty() {
            let job = uuid::Uuid::from_u128(serial.parse().unwrap());
            old += &format!(
                "INSERT INTO card_job (id, permohonan, blangko, state, outcome)
                 VALUES ('{job}', '{id}', '{serial}', 'closed', '{outcome}');"
            );
        }
    }
    old += "INSERT INTO stock_balance (item, account, quantity)
            VALUES ('blangko', 'supplier', -4), ('blangko', 'store', 3), ('blangko', 'used', 1), ('blangko', 'printer', 0),
                   ('blangko', 'missing', 0);
            INSERT INTO chip_write (permohonan, blangko, total, done, state) SELECT id, '0001', 3, 3, 'verified' FROM permohonan;";
    raw(&path).execute_batch(&old).unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    store
        .read(|v| {
            assert_eq!(v.verify_stock()?, None, "book, balances and pieces agree");
            let aside = v.serials_of(Item::Blangko, Account::Aside)?;
            assert_eq!(aside.iter().map(|serial| serial.as_str()).collect::<Vec<_>>(), ["0001"], "the card");
            assert_eq!(v.stock_balance(Item::Blangko, Account::Store)?, 2, "the blanks stay usable");
            assert_eq!(v.stock_balance(Item::Blangko, Account::Aside)?, 1, "it is no blank");
            assert_eq!(
                v.stock_balance_at(Item::Blangko, Account::Store, 8)?,
                2,
                "nor was it when it was found"
            );
            assert_eq!(v.next_blangko(Item::Blangko)?.unwrap().as_str(), "0002", "the lowest that is blank");
            assert!(
                v.chip_write(&aside.into_iter().next().unwrap())?.is_some(),
                "what refers to it still does"
            );
            Ok(())
        })
        .unwrap();
    let torn = raw(&path)
        .execute_batch("INSERT INTO blangko (serial, account, movement) VALUES ('0009', 'store', 99)");
    assert!(torn.is_err(), "each piece still has its line in the ledger");
    for statement in ["DELETE FROM stock_movement", "DELETE FROM blangko"] {
        assert!(raw(&path).execute_batch(statement).is_err(), "{statement}");
    }
}

#[test]
fn visits_that_ended_while_they_waited_for_their_birthday_leave_the_queue_at_the_upgrade() {
    let (_folder, path) = before("-aside");
    let mut old = String::new();
    for (n, status) in [(1u8, "cancelled"), (2, "expired"), (3, "closed"), (4, "sealed")] {
        let id = visit(n).to_string();
        old += &format!(
            "INSERT INTO permohonan (id, ticket, kind, nik, status)
             VALUES ('{id}', '2026-11-01/A-00{n}', 'baru_wni', '1801010101109001', '{status}');
             INSERT INTO print_queue (permohonan, state, not_before, joined_at) VALUES ('{id}', 'held', '2027-01-01', 3);"
        );
    }
    raw(&path).execute_batch(&old).unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    let waiting = store.read(|v| v.print_queue()).unwrap();
    let waiting: Vec<_> = waiting.into_iter().map(|row| row.permohonan).collect();
    assert_eq!(waiting, [visit(4)], "only who still waits");
}

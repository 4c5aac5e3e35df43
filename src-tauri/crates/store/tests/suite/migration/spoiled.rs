//! The chips of cards that were spoiled before, and whether they are owed their end.

use super::before;
use crate::desk::{at, key, options, raw};
use store::{ChipEnd, Store};

#[test]
fn the_chips_of_cards_that_were_spoiled_before_the_upgrade_are_owed_their_end() {
    let (_folder, path) = before("-spoiled");
    let visit = "01932f6e-0000-7000-8000-000000000001";
    let mut old = format!(
        "INSERT INTO permohonan (id, ticket, kind) VALUES ('{visit}', '2026-11-01/A-001', 'baru_wni');
         INSERT INTO stock_movement (item, kind, source, target, quantity, first, last)
         VALUES ('blangko', 'received', 'supplier', 'store', 4, '0001', '0004');
         INSERT INTO berita_acara (number, pieces) VALUES ('BA/1', 1);"
    );
    // Spoiled and written; spoiled and blank; destroyed; good.
    for (serial, account, done, act) in [
        ("0001", "spoiled", 3, "NULL"),
        ("0002", "spoiled", 0, "NULL"),
        ("0003", "destroyed", 3, "1"),
        ("0004", "used", 3, ""),
    ] {
        old += &format!(
            "INSERT INTO blangko (serial, account, movement) VALUES ('{serial}', '{account}', 1);
             INSERT INTO chip_write (permohonan, blangko, total, done, state)
             VALUES ('{visit}', '{serial}', 3, {done}, 'void');"
        );
        if !act.is_empty() {
            old += &format!(
                "INSERT INTO spoiled_blangko (serial, reason, witness, berita_acara)
                 VALUES ('{serial}', 'chip', '{{}}', {act});"
            );
        }
    }
    raw(&path).execute_batch(&old).unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    let end = |serial: &str| {
        let serial = domain::stock::NomorBlangko::parse(serial).unwrap();
        store.read(|v| v.chip_write(&serial)).unwrap().unwrap().end
    };
    assert_eq!(end("0001"), ChipEnd::Owed, "it is still in the box");
    for (serial, why) in [("0002", "nothing was written"), ("0003", "it is ashes"), ("0004", "it is good")] {
        assert_eq!(end(serial), ChipEnd::None, "{why}");
    }
}

//! Old cards of before a second one of the same visit had a place.

use super::before;
use crate::desk::{at, key, options, raw, visit};
use store::Store;

#[test]
fn old_cards_of_before_the_upgrade_stay_as_they_were_and_the_feed_is_known_to_be_whole_at_no_time() {
    let (_folder, path) = before("-whole");
    let [burned, waits] = [visit(1), visit(2)];
    raw(&path)
        .execute_batch(&format!(
            "INSERT INTO permohonan (id, ticket, kind) VALUES ('{burned}', '2026-11-01/A-001', 'rusak'),
                                                              ('{waits}', '2026-11-01/A-002', 'rusak');
             INSERT INTO berita_acara (number, pieces) VALUES ('BA/1', 1);
             INSERT INTO withdrawn_card (permohonan, condition, place, withdrawn_at, berita_acara)
             VALUES ('{burned}', 'cracked', 'Kotak 14', 77, 1), ('{waits}', 'worn', 'Kotak 15', 78, NULL);
             INSERT INTO sync_cursor (id, cursor) VALUES (1, 'aaaa-1');"
        ))
        .unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    let cards = |act| {
        let rows = store.read(|v| v.withdrawn_cards(act)).unwrap();
        rows.into_iter().map(|row| (row.permohonan, row.condition, row.withdrawn_ms)).collect::<Vec<_>>()
    };
    assert_eq!(cards(Some(1)), [(burned, "cracked".to_owned(), 77)], "named by its Berita Acara");
    assert_eq!(cards(None), [(waits, "worn".to_owned(), 78)], "in its box");
    assert_eq!(store.read(|v| v.feed_whole_ms()).unwrap(), None, "nobody knows");
    assert!(raw(&path).execute_batch("DELETE FROM withdrawn_card").is_err(), "they stay accounted for");
}

//! Orders of before it was kept what a printer holds.

use super::before;
use crate::desk::{at, key, options, raw, visit};
use store::{CardJobState, PrinterOrderKind, Store};

#[test]
fn open_orders_and_those_that_were_called_not_printed_lately_are_asked_about_after_the_upgrade() {
    let (_folder, path) = before("-printer-order");
    const DAY: i64 = 86_400_000;
    let id = |n: u128| uuid::Uuid::from_u128(n).to_string();
    let mut old = "INSERT INTO stock_movement (item, kind, source, target, quantity, first, last)
         VALUES ('blangko', 'received', 'supplier', 'store', 5, '0001', '0005');"
        .to_owned();
    let orders = [
        (1, "closed", "not_printed", DAY),
        (2, "closed", "not_printed", 19 * DAY),
        (3, "closed", "printed", 20 * DAY),
        (4, "unknown", "", 0),
        (5, "closed", "not_printed", 20 * DAY),
    ];
    for (n, state, outcome, closed) in orders {
        let (visit, job) = (visit(u8::try_from(n).unwrap()), id(n));
        old += &format!(
            "INSERT INTO permohonan (id, ticket, kind) VALUES ('{visit}', '2026-11-0{n}/A-001', 'rusak');
             INSERT INTO blangko (serial, account, movement) VALUES ('000{n}', 'store', 1);
             INSERT INTO card_job (id, permohonan, blangko, state, outcome, started_at, closed_at)
             VALUES ('{job}', '{visit}', '000{n}', '{state}', '{outcome}', {n}, {closed});"
        );
    }
    old +=
        &format!("UPDATE card_job SET words = 'printer_jam kartu', reported_at = 1 WHERE id = '{}';", id(2));
    old += &format!("UPDATE card_job SET reported_at = 1 WHERE id = '{}';", id(5));
    raw(&path).execute_batch(&old).unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    let held = store.read(|v| v.held_by_printer("any")).unwrap();
    let held: Vec<_> = held.into_iter().map(|order| (order.id.to_string(), order.kind)).collect();
    let card = PrinterOrderKind::Card;
    assert_eq!(held, [(id(2), card), (id(4), card), (id(5), card)], "wherever they were sent");
    let shown = store.read(|v| v.card_jobs(visit(2))).unwrap();
    assert_eq!(shown[0].seen, Some(CardJobState::Stopped), "who called it so had seen that it stopped");
    for n in [3, 5] {
        let closed = store.read(|v| v.card_jobs(visit(n))).unwrap();
        assert_eq!(closed[0].seen, None, "nobody knows what was seen of it: {n}");
    }
}

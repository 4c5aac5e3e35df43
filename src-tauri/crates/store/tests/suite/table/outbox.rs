use super::packet::{id, seal};
use crate::desk::{Desk, at, by, visit};
use store::{Act, OutboxState, Receipt};

#[test]
fn a_packet_leaves_the_outbox_only_on_a_receipt() {
    let desk = Desk::with_visit();
    seal(&desk, 1, 1).unwrap();
    let moved = |state: OutboxState| {
        let act = Act::OutboxMove { packet: id(1), state: state.code().into() };
        desk.store.transact(act, &by("op-1", 70), |tx| tx.set_outbox(id(1), state, 1, 0, "")).map(drop)
    };
    for state in [OutboxState::Sending, OutboxState::Waiting, OutboxState::Refused, OutboxState::Sent] {
        moved(state).unwrap();
    }
    assert!(moved(OutboxState::Acked).is_err(), "acknowledged without a receipt is refused by the schema");
    assert!(desk.raw().execute_batch("DELETE FROM outbox").is_err(), "it cannot be deleted either");
    let receipt = |bytes: &[u8]| {
        let act = Act::ReceiptApply { packet: id(1) };
        let kept = Receipt { cms: bytes.to_vec(), received_ms: 75, path: "network".into(), applied_ms: 0 };
        desk.store.transact(act, &by("op-1", 80), |tx| tx.apply_receipt(id(1), &kept)).map(drop)
    };
    assert!(receipt(b"").is_err(), "an empty receipt is none");
    receipt(b"signed").unwrap();
    receipt(b"signed").unwrap();
    assert!(
        desk.store.read(|v| v.outbox()).unwrap().is_empty(),
        "gone from the outbox, also the second time"
    );
    assert!(moved(OutboxState::Waiting).is_err(), "and it does not come back");
    let kept = desk.store.read(|v| v.receipt(id(1))).unwrap().unwrap();
    assert_eq!((kept.cms.as_slice(), kept.received_ms), (&b"signed"[..], 75), "the receipt is kept");
    for statement in ["DELETE FROM receipt", "UPDATE receipt SET cms = x'00'"] {
        assert!(desk.raw().execute_batch(statement).is_err(), "for ever: {statement}");
    }
    let purge = |n: u8| {
        let act = Act::Purge { permohonan: visit(1) };
        desk.store.transact(act, &by("op-1", 90), |tx| tx.purge_parts(id(n))).map(drop)
    };
    seal(&desk, 2, 2).unwrap();
    assert!(purge(2).is_err(), "without a receipt nothing is purged");
    purge(1).unwrap();
    assert!(desk.store.read(|v| v.purgeable(i64::MAX)).unwrap().is_empty(), "purged once");
    let again = Act::OutboxMove { packet: id(1), state: "waiting".into() };
    desk.store.transact(again, &by("op-1", 95), |tx| tx.offer_again(id(1))).unwrap();
    let row = desk.store.read(|v| v.outbox_row(id(1))).unwrap().unwrap();
    assert_eq!(row.state, OutboxState::Waiting, "a centre that lost it gets it offered again");
    assert!(desk.store.read(|v| v.receipt(id(1))).unwrap().is_some(), "and the old receipt stays as proof");
}

#[test]
fn the_door_for_bookkeeping_opens_to_nothing_else() {
    let desk = Desk::with_visit();
    seal(&desk, 1, 1).unwrap();
    let raw = desk.raw();
    let mut statement = raw
        .prepare(
            "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1, 2",
        )
        .unwrap();
    let columns: Vec<(String, String)> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    let tried = |sql: &str| desk.store.bookkeep(at(70), |ledger| ledger.try_for_tests(sql)).is_ok();
    // Tables that hold nothing but bookkeeping.
    let books = ["sync_run", "sync_finding", "extract_piece", "extract_check"];
    let open: Vec<String> = columns
        .iter()
        .filter(|(table, column)| tried(&format!("UPDATE {table} SET {column} = {column} WHERE 0")))
        .map(|(table, column)| format!("{table}.{column}"))
        .filter(|name| !books.iter().any(|book| name.starts_with(&format!("{book}."))))
        .collect();
    assert_eq!(
        open,
        [
            "card_report.attempts",
            "card_report.cause",
            "card_report.next_at",
            "card_report.wait_ms",
            "chip_write.doing",
            "chip_write.done",
            "outbox.attempts",
            "outbox.cause",
            "outbox.next_at",
            "outbox.wait_ms",
            "packet_part.location",
            "packet_part.sent"
        ],
        "no other column of any table can be written without a register line"
    );
    for (table, _) in &columns {
        if books.contains(&table.as_str()) {
            continue;
        }
        assert!(!tried(&format!("DELETE FROM {table}")), "{table} loses nothing through it");
        assert!(!tried(&format!("INSERT INTO {table} DEFAULT VALUES")), "{table} gains nothing through it");
        assert!(!tried(&format!("DROP TABLE {table}")), "{table} stays");
    }
    let act = Act::OutboxMove { packet: id(1), state: "sent".into() };
    desk.store
        .transact(act, &by("op-1", 70), |tx| tx.set_outbox(id(1), OutboxState::Sent, 1, 0, ""))
        .expect("the great door is as wide as before");
}

use super::packet::{id, seal};
use crate::desk::{Desk, START_MS, at, by, visit};
use store::{
    Act, CardData, CardFinger, HandoverTry, LocalStatus, NewSample, OutboxState, Receipt, SampleImage,
};

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
            "card_data.fetched_at",
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

#[test]
fn a_visit_is_purged_after_its_end_once_the_centre_has_what_was_sealed() {
    let desk = Desk::with_visit();
    let note = || Act::HandoverNote { permohonan: visit(1), what: "uji".into() };
    let due = |before: i64| desk.store.read(|v| v.purgeable_visits(START_MS + before)).unwrap();
    let ends = |status: LocalStatus, ms: i64| {
        let moved = |tx: &store::Tx<'_>| tx.set_state(visit(1), "{}", "handover", status);
        desk.store.transact(note(), &by("op-1", ms), moved).unwrap();
    };
    ends(LocalStatus::Closed, 20);
    assert!(due(i64::MAX / 2).is_empty(), "nothing of it is here");
    let image = SampleImage { part: "slap".into(), media_type: "image/png".into(), image: vec![1; 9] };
    let sample = NewSample {
        attempt: "a-1".into(),
        modality: "fingers".into(),
        part: "left_four".into(),
        quality_json: "{}".into(),
        device_json: "{}".into(),
        evidence: vec![7],
        images: vec![image],
        chosen: true,
    };
    let tried = HandoverTry {
        finger: "right_index".into(),
        score: 96,
        threshold: 40,
        matched: true,
        device_json: "{}".into(),
        media_type: "image/png".into(),
        image: vec![3; 10],
        tried_ms: 0,
    };
    let card = CardData {
        source: "pusat".into(),
        biodata_json: "{}".into(),
        portrait: vec![4],
        fingers: vec![CardFinger { finger: 2, format: "uji".into(), template: vec![5] }],
        ..CardData::default()
    };
    let purge = |what: u8| {
        let act = Act::Purge { permohonan: visit(1) };
        desk.store
            .transact(act, &by("op-1", 30), |tx| match what {
                0 => tx.purge_samples(visit(1)),
                1 => tx.purge_card_data(visit(1)),
                _ => tx.purge_handover(visit(1)),
            })
            .unwrap();
    };
    // Each kind of picture alone makes it due, and its own purge ends that.
    for what in 0..4u8 {
        desk.store
            .transact(note(), &by("op-1", 10), |tx| match what {
                0 => tx.add_sample(visit(1), &sample).map(drop),
                1 => tx.set_card_data(visit(1), &card),
                2 => tx.add_handover_try(visit(1), &tried).map(drop),
                _ => tx.set_chip_photo(visit(1), "04a1", "image/jpeg", b"photo"),
            })
            .unwrap();
        assert_eq!((due(20).len(), due(21)), (0, vec![visit(1)]), "{what}: only what ended before that");
        ends(LocalStatus::Sealed, 20);
        assert!(due(21).is_empty(), "{what}: a visit that goes on needs it");
        ends(LocalStatus::Cancelled, 20);
        purge(what);
        assert!(due(21).is_empty(), "{what}: once");
    }
    let tries = desk.store.read(|v| v.handover_tries(visit(1))).unwrap();
    assert_eq!((tries[0].score, tries[0].image.len()), (96, 0), "the score stays");
    let kept = desk.store.read(|v| v.handover(visit(1))).unwrap().unwrap();
    assert_eq!((kept.chip_uid.as_str(), kept.chip_photo.len()), ("04a1", 0), "and which chip it was");

    // What was sealed waits for the receipt, and for its age.
    let keep = |tx: &store::Tx<'_>| tx.set_chip_photo(visit(1), "04a1", "image/jpeg", b"photo");
    desk.store.transact(note(), &by("op-1", 40), keep).unwrap();
    seal(&desk, 1, 1).unwrap();
    ends(LocalStatus::Closed, 70);
    assert!(due(200).is_empty(), "the centre may not have it");
    let kept = Receipt { cms: b"signed".to_vec(), received_ms: 75, path: "network".into(), applied_ms: 0 };
    let act = Act::ReceiptApply { packet: id(1) };
    desk.store.transact(act, &by("op-1", 80), |tx| tx.apply_receipt(id(1), &kept)).unwrap();
    assert_eq!((due(80).len(), due(81)), (0, vec![visit(1)]), "since its receipt");
}

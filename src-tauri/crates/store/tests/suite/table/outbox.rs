use super::packet::{id, seal, seal_of};
use crate::desk::{Desk, START_MS, at, by, visit};
use domain::paper::DocumentKind;
use store::{
    Act, CardData, CardFinger, HandoverTry, LocalStatus, NewDocument, NewSample, OutboxState, Receipt,
    SampleImage, SignatureRow,
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
    let books = [
        "sync_run",
        "sync_finding",
        "extract_piece",
        "extract_check",
        "permit",
        "printer_order",
        "print_attempt",
        "draft",
    ];
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
            "card_report.answer",
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
            "packet_part.sent",
            "permohonan.open_part",
            "sync_cursor.whole_at"
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
    let thumb = SignatureRow {
        kind: "thumbprint".into(),
        strokes_json: "[]".into(),
        device_json: "null".into(),
        digest: vec![9],
        media_type: "image/png".into(),
        image: vec![6; 11],
        signed_ms: 0,
        operator: None,
    };
    let purge = |what: u8| {
        let act = Act::Purge { permohonan: visit(1) };
        desk.store
            .transact(act, &by("op-1", 30), |tx| match what {
                0 | 4 | 5 => tx.purge_samples(visit(1)),
                1 => tx.purge_card_data(visit(1)),
                6 => tx.purge_papers(visit(1)),
                _ => tx.purge_handover(visit(1)),
            })
            .unwrap();
    };
    let form = NewDocument {
        permohonan: Some(visit(1)),
        kind: DocumentKind::FormulirPerekaman.key().into(),
        number: "FP/1".into(),
        pdf: vec![8; 12],
    };
    // Each kind of picture alone makes it due, and its own purge ends that.
    for what in 0..7u8 {
        desk.store
            .transact(note(), &by("op-1", 10), |tx| match what {
                0 => tx.add_sample(visit(1), &sample).map(drop),
                1 => tx.set_card_data(visit(1), &card),
                2 => tx.add_handover_try(visit(1), &tried).map(drop),
                4 => tx.add_signature(visit(1), &thumb).map(drop),
                5 => tx.add_halaman(visit(1), "card_photo", "image/jpeg", b"wajah").map(drop),
                6 => tx.add_document(&form).map(drop),
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
    let (signed, papers) = desk.store.read(|v| Ok((v.signatures(visit(1))?, v.berkas(visit(1))?))).unwrap();
    assert_eq!(
        (signed[0].digest.len(), signed[0].image.len()),
        (1, 0),
        "that a thumb was given stays, not the thumb"
    );
    let pages = desk.store.read(|v| v.halaman(papers[0].id)).unwrap();
    assert_eq!((pages.len(), pages[0].image.len()), (1, 0), "and that a card was read, not its face");
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

/// A visit with a picture and a sealed packet, which the centre refused or which this disk lost.
fn held_up(cause: &str, by_centre: bool) -> Desk {
    let desk = Desk::with_visit();
    picture(&desk, 1);
    seal(&desk, 1, 1).unwrap();
    refused(&desk, 1, cause, by_centre);
    desk
}

fn picture(desk: &Desk, of: u8) {
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
    let note = Act::HandoverNote { permohonan: visit(of), what: "uji".into() };
    desk.store.transact(note, &by("op-1", 10), |tx| tx.add_sample(visit(of), &sample)).unwrap();
}

fn refused(desk: &Desk, packet: u8, cause: &str, by_centre: bool) {
    let act = Act::OutboxMove { packet: id(packet), state: "refused".into() };
    desk.store
        .transact(act, &by("op-1", 70), |tx| {
            tx.set_outbox(id(packet), OutboxState::Refused, 1, 0, cause)?;
            if by_centre { tx.refused_by_centre(id(packet)) } else { Ok(()) }
        })
        .unwrap();
}

fn received(desk: &Desk, packet: u8, ms: i64) {
    let kept = Receipt { cms: b"signed".to_vec(), received_ms: 75, path: "network".into(), applied_ms: 0 };
    let act = Act::ReceiptApply { packet: id(packet) };
    desk.store.transact(act, &by("op-1", ms), |tx| tx.apply_receipt(id(packet), &kept)).unwrap();
}

fn of_nik(desk: &Desk, of: u8, nik: &str) {
    let sql = "UPDATE permohonan SET nik = ?1 WHERE id = ?2";
    desk.raw().execute(sql, (nik, visit(of).to_string())).unwrap();
}

fn stands(desk: &Desk, of: u8, step: &str, status: LocalStatus, ms: i64) {
    let act = Act::HandoverNote { permohonan: visit(of), what: "uji".into() };
    desk.store.transact(act, &by("op-1", ms), |tx| tx.set_state(visit(of), "{}", step, status)).unwrap();
}

fn due(desk: &Desk, before: i64) -> Vec<domain::ids::PermohonanId> {
    desk.store.read(|v| v.purgeable_visits(START_MS + before)).unwrap()
}

#[test]
fn what_the_centre_refused_for_good_is_purged_once_its_visit_and_the_refusal_are_old() {
    let desk = held_up("refused:other_station", true);
    assert_eq!(desk.store.read(|v| v.outbox_row(id(1))).unwrap().unwrap().refused_ms, START_MS + 70);
    assert!(due(&desk, 500).is_empty(), "somebody may still see to it");
    stands(&desk, 1, "status", LocalStatus::Cancelled, 40);
    assert_eq!((due(&desk, 70).len(), due(&desk, 71)), (0, vec![visit(1)]), "since the refusal");
    stands(&desk, 1, "status", LocalStatus::Cancelled, 90);
    assert_eq!((due(&desk, 90).len(), due(&desk, 91)), (0, vec![visit(1)]), "and since the end of the visit");
    let again = Act::OutboxMove { packet: id(1), state: "waiting".into() };
    desk.store
        .transact(again, &by("op-1", 95), |tx| tx.set_outbox(id(1), OutboxState::Waiting, 0, 0, ""))
        .unwrap();
    assert!(due(&desk, 500).is_empty(), "a packet that somebody sends again is not refused");
    let note = Act::OutboxMove { packet: id(1), state: "refused".into() };
    let noted = desk.store.transact(note, &by("op-1", 96), |tx| tx.refused_by_centre(id(1)));
    assert!(noted.is_err(), "nor can it be called so while it waits");
}

#[test]
fn what_this_disk_holds_back_is_kept_until_the_person_was_recorded_anew() {
    for (cause, by_centre) in [("file_missing", false), ("refused:other_station", true)] {
        let desk = held_up(cause, by_centre);
        if !by_centre {
            stands(&desk, 1, "status", LocalStatus::Cancelled, 40);
            assert!(due(&desk, 500).is_empty(), "{cause}: the only pictures that there are");
        }
        // The visit itself waits at step 7 for a word that does not come.
        stands(&desk, 1, "status", LocalStatus::Sealed, 80);
        assert!(due(&desk, 500).is_empty(), "{cause}: needed");
        desk.open_visit(2);
        let nik = |of: u8, nik: &str| of_nik(&desk, of, nik);
        nik(1, "1801010101909001");
        nik(2, "1801010101909001");
        seal_of(&desk, 2, 2, 2).unwrap();
        stands(&desk, 2, "handover", LocalStatus::Closed, 100);
        assert!(due(&desk, 500).is_empty(), "{cause}: the centre may not have the new one");
        received(&desk, 2, 110);
        assert_eq!(
            (due(&desk, 110).len(), due(&desk, 111)),
            (0, vec![visit(1)]),
            "{cause}: since its receipt"
        );
        stands(&desk, 2, "handover", LocalStatus::Closed, 120);
        assert_eq!((due(&desk, 120).len(), due(&desk, 121)), (0, vec![visit(1)]), "{cause}: and its end");
        stands(&desk, 2, "handover", LocalStatus::Sealed, 120);
        assert!(due(&desk, 500).is_empty(), "{cause}: the new visit still needs the person");
        stands(&desk, 2, "handover", LocalStatus::Closed, 120);
        stands(&desk, 1, "print", LocalStatus::Sealed, 120);
        assert!(due(&desk, 500).is_empty(), "{cause}: a card of this one is under way");
        stands(&desk, 1, "status", LocalStatus::Sealed, 120);
        nik(2, "1801010101909002");
        assert!(due(&desk, 500).is_empty(), "{cause}: that was somebody else");
        nik(1, "");
        nik(2, "");
        assert!(due(&desk, 500).is_empty(), "{cause}: nobody's NIK is nobody");
    }
}

#[test]
fn an_earlier_recording_of_the_same_person_does_not_stand_for_the_refused_one() {
    let desk = Desk::with_visit();
    seal(&desk, 1, 1).unwrap();
    received(&desk, 1, 80);
    stands(&desk, 1, "handover", LocalStatus::Closed, 100);
    desk.open_visit(2);
    picture(&desk, 2);
    seal_of(&desk, 2, 2, 2).unwrap();
    refused(&desk, 2, "file_missing", false);
    for of in [1, 2] {
        of_nik(&desk, of, "1801010101909001");
    }
    for status in [LocalStatus::Sealed, LocalStatus::Cancelled] {
        stands(&desk, 2, "status", status, 120);
        assert!(due(&desk, 500).is_empty(), "{status:?}: the new pictures are the only ones");
    }
}

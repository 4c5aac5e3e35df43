use crate::desk::{Desk, by, visit};
use domain::ids::PacketId;
use store::{Act, Error, OutboxState, Packet, PacketPart};

fn id(n: u8) -> PacketId {
    PacketId::parse(&format!("01932f6e-0000-7000-9000-0000000000{n:02x}")).unwrap()
}

fn packet(n: u8, sequence: i64) -> Packet {
    let part = |part: &str| PacketPart {
        part: part.into(),
        path: format!("{n}/{part}.cms"),
        sha256: vec![n; 32],
        bytes: 1_000,
        location: String::new(),
        sent: 0,
    };
    Packet {
        id: id(n),
        permohonan: visit(1),
        sequence,
        register_seq: 2,
        sealed_ms: 0,
        parts: vec![part("dok"), part("id"), part("bio")],
    }
}

fn seal(desk: &Desk, n: u8, sequence: i64) -> store::Result<()> {
    let act = Act::PacketSeal { permohonan: visit(1), packet: id(n) };
    desk.store.transact(act, &by("op-1", 60), |tx| tx.add_packet(&packet(n, sequence), 0)).map(drop)
}

#[test]
fn a_sealed_packet_and_its_outbox_row_appear_together() {
    let desk = Desk::with_visit();
    seal(&desk, 1, 1).unwrap();
    assert!(
        matches!(seal(&desk, 2, 5), Err(Error::Stored { column: "sequence", .. })),
        "no gap in the sequence"
    );
    assert!(desk.store.read(|v| v.packet(id(2))).unwrap().is_none(), "the refused one left nothing");
    let desk = desk.restart();
    let found = desk.store.read(|v| v.packet_of(visit(1))).unwrap().unwrap();
    let parts: Vec<&str> = found.parts.iter().map(|p| p.part.as_str()).collect();
    assert_eq!(parts, ["id", "bio", "dok"], "in the order of sending");
    assert_eq!(desk.store.read(|v| v.outbox()).unwrap()[0].state, OutboxState::Waiting, "waits to be sent");
    assert_eq!(desk.store.read(|v| v.peek_packet_sequence()).unwrap(), 2, "the next one is 2");
}

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
        desk.store.transact(act, &by("op-1", 80), |tx| tx.apply_receipt(id(1), bytes)).map(drop)
    };
    assert!(receipt(b"").is_err(), "an empty receipt is none");
    receipt(b"signed").unwrap();
    receipt(b"signed").unwrap();
    assert!(
        desk.store.read(|v| v.outbox()).unwrap().is_empty(),
        "gone from the outbox, also the second time"
    );
    assert!(moved(OutboxState::Waiting).is_err(), "and it does not come back");
}

#[test]
fn progress_of_an_upload_stays_within_the_part() {
    let desk = Desk::with_visit();
    seal(&desk, 1, 1).unwrap();
    let sent = |sent: i64| {
        let act = Act::OutboxMove { packet: id(1), state: "sending".into() };
        desk.store
            .transact(act, &by("op-1", 70), |tx| tx.set_part_progress(id(1), "bio", "/u/1", sent))
            .map(drop)
    };
    sent(640).unwrap();
    assert!(sent(1_001).is_err(), "more than there is cannot have been sent");
    let part = &desk.store.read(|v| v.packet(id(1))).unwrap().unwrap().parts[1];
    assert_eq!((part.sent, part.location.as_str()), (640, "/u/1"), "resumes from here");
}

use crate::desk::{Desk, by, visit};
use domain::ids::PacketId;
use store::{Act, Error, OutboxState, Packet, PacketPart};

pub(crate) fn id(n: u8) -> PacketId {
    PacketId::parse(&format!("01932f6e-0000-7000-9000-0000000000{n:02x}")).unwrap()
}

fn packet(of: u8, n: u8, sequence: i64) -> Packet {
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
        permohonan: visit(of),
        sequence,
        register_seq: 2,
        sealed_ms: 0,
        parts: vec![part("dok"), part("id"), part("bio")],
    }
}

pub(crate) fn seal(desk: &Desk, n: u8, sequence: i64) -> store::Result<()> {
    seal_of(desk, 1, n, sequence)
}

/// A packet of another visit than the first.
pub(crate) fn seal_of(desk: &Desk, of: u8, n: u8, sequence: i64) -> store::Result<()> {
    let act = Act::PacketSeal { permohonan: visit(of), packet: id(n) };
    desk.store.transact(act, &by("op-1", 60), |tx| tx.add_packet(&packet(of, n, sequence), 0)).map(drop)
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
fn numbers_that_the_centre_has_seen_are_not_given_again() {
    let desk = Desk::with_visit();
    seal(&desk, 1, 1).unwrap();
    let act = Act::OutboxMove { packet: id(1), state: "skip".into() };
    desk.store.transact(act, &by("op-1", 70), |tx| tx.skip_sequences(7)).unwrap();
    assert_eq!(desk.store.read(|v| v.peek_packet_sequence()).unwrap(), 8, "one after the last one seen");
    assert!(seal(&desk, 2, 2).is_err(), "2 may be in use at the centre");
    seal(&desk, 2, 8).unwrap();
}

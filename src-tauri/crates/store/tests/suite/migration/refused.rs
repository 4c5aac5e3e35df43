//! Packets that the centre refused, and those that only this disk lost.

use super::before;
use crate::desk::{at, key, options, raw, visit};
use store::Store;

#[test]
fn a_packet_that_the_centre_refused_before_the_upgrade_is_known_as_such_and_one_that_this_disk_lost_is_not() {
    let (_folder, path) = before("-refused");
    let packet = |n: u8| domain::ids::PacketId::new(uuid::Uuid::from_u128(300 + u128::from(n)));
    let mut old = format!(
        "INSERT INTO permohonan (id, ticket, kind) VALUES ('{}', '2026-11-01/A-001', 'baru_wni');",
        visit(1)
    );
    let rows = [
        (1u8, "refused", "refused:other_station", 44),
        (2, "refused", "sequence_conflict", 44),
        (3, "refused", "file_missing", 0),
        (4, "waiting", "timeout", 0),
    ];
    for (n, state, cause, _) in rows {
        old += &format!(
            "INSERT INTO packet (id, permohonan, sequence) VALUES ('{0}', '{1}', {n});
             INSERT INTO outbox (packet, state, cause, next_at) VALUES ('{0}', '{state}', '{cause}', 44);",
            packet(n),
            visit(1)
        );
    }
    raw(&path).execute_batch(&old).unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    for (n, _, cause, refused) in rows {
        let row = store.read(|v| v.outbox_row(packet(n))).unwrap().unwrap();
        assert_eq!(row.refused_ms, refused, "{cause}");
    }
}

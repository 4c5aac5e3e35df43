//! Received packets go when their time is over: a cut in the middle of it takes no receipt and leaves no file for good.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use domain::ids::{OperatorId, PacketId};
use jiff::{SignedDuration, Timestamp};
use store::{Act, Ctx, Receipt};

use crate::life::{self, Desk, Ended};
use crate::{points, whole};

/// Two recordings come to their seal; the centre's receipt for both is older than any retention.
fn two_received(desk: &Desk) -> BTreeSet<String> {
    for _ in 0..2 {
        assert_eq!(desk.live(), Ended::Finished, "a recording comes to its end");
    }
    let store = whole::open(desk);
    let packets: Vec<PacketId> =
        store.read(|view| view.packet_sequences()).unwrap().into_iter().map(|row| row.1).collect();
    assert_eq!(packets.len(), 2, "two packets");
    // Longer ago than anybody keeps them.
    let now = Timestamp::now() - SignedDuration::from_hours(24 * 4_000);
    let by = Ctx { operator: Some(OperatorId::parse("dewi").unwrap()), now };
    for packet in &packets {
        let receipt =
            Receipt { cms: b"resi".to_vec(), received_ms: 1, path: "network".into(), applied_ms: 0 };
        store
            .transact(Act::ReceiptApply { packet: *packet }, &by, |tx| tx.apply_receipt(*packet, &receipt))
            .unwrap();
    }
    packets.into_iter().map(|packet| packet.to_string()).collect()
}

fn folders(desk: &Desk) -> BTreeSet<String> {
    let all = std::fs::read_dir(desk.station().join("packets")).unwrap();
    all.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// A file that the database still names is there whole; every receipt is there; the register holds.
fn is_whole(desk: &Desk, received: &BTreeSet<String>, when: &str) -> usize {
    let store = whole::open(desk);
    whole::register(desk, &store, when);
    let mut purged = 0;
    for name in received {
        let id = PacketId::parse(name).unwrap();
        assert!(
            store.read(|view| view.receipt(id)).unwrap().is_some(),
            "{when}: the receipt of {name} stays"
        );
        let row = store.read(|view| view.packet(id)).unwrap().unwrap();
        let named: Vec<_> = row.parts.iter().filter(|part| !part.path.is_empty()).collect();
        assert!(named.is_empty() || named.len() == 3, "{when}: all parts of {name} or none");
        purged += usize::from(named.is_empty());
        for part in named {
            let file = desk.station().join("packets").join(&part.path);
            let bytes =
                std::fs::read(&file).unwrap_or_else(|error| panic!("{when}: {}: {error}", file.display()));
            let sealed: String = part.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(packet::digest_hex(&bytes), sealed, "{when}: {name} {}", part.part);
        }
    }
    purged
}

#[test]
fn a_cut_while_received_packets_are_purged_takes_no_receipt_and_leaves_no_file() {
    let received_by = Desk::set_up();
    let received = two_received(&received_by);
    let cuts: Vec<String> = points::cuts_of_a_purge().collect();
    assert_eq!(cuts.len(), 4, "after the word and after the files, of each of the two: {cuts:?}");
    for cut in cuts {
        let desk = received_by.copy();
        assert_eq!(folders(&desk), received, "both are here");
        assert_eq!(desk.live_until(&cut), Ended::Cut, "{cut} was never reached");
        let purged = is_whole(&desk, &received, &cut);
        assert!(purged > 0, "{cut}: the database's word comes before the files go");
        assert!(received.intersection(&folders(&desk)).count() >= 2 - purged, "{cut}: nothing else goes");

        let station = life::start(whole::config(&desk));
        station.sign_in("dewi", training::PASSWORD).unwrap();
        let began = Instant::now();
        while !received.is_disjoint(&folders(&desk)) {
            assert!(began.elapsed() < Duration::from_secs(120), "{cut}: the rest is swept at the next start");
            std::thread::sleep(Duration::from_millis(20));
        }
        station.lock().unwrap();
        assert_eq!(is_whole(&desk, &received, &format!("{cut}, swept")), 2, "{cut}: and all is said");
    }
}

//! Sending held back by a person: one packet, large parts on a paid line, and an exchange that is ended in the middle.

use domain::ids::{PacketId, PermohonanId};
use domain::plan::JenisPermohonan;
use store::{Ctx, Store};

use super::*;

/// The station goes on with a share of the line of so many KiB a second; 0 for all of it.
fn restart_with_share(both: &mut Both, kib: u32) {
    both.station.lock().unwrap();
    let mut config = both._training.config.clone();
    config.sync.cap_kib = kib;
    let clock = Arc::new(station::clock::SystemClock);
    let start = station::Start { config, clock, training_hint: None, practice: None };
    both.station = Station::start(start).unwrap();
    both.station.sign_in("dewi", training::PASSWORD).unwrap();
}

/// Seals a packet of three parts that take minutes over a line of 1 KiB a second.
fn seal_large(both: &Both, store: &Store) {
    let ctx = Ctx { operator: None, now: Timestamp::now() };
    let id = PacketId::parse("0190f5a2-7b1c-7000-8000-000000000001").unwrap();
    let visit = PermohonanId::parse("0190f5a2-7b1c-7000-9000-000000000001").unwrap();
    noise::visit(store, &ctx, visit, JenisPermohonan::Hilang, |_| Ok(()));
    noise::packet(8_000, store, &ctx, both.folders.1.path(), id, visit, |_| Ok(()));
}

fn acknowledged(both: &Both) -> u32 {
    both.station.sync_reconciliation().unwrap().acknowledged
}

#[test]
fn on_a_paid_line_large_parts_wait_and_one_packet_waits_until_somebody_lets_it_go_on() {
    let both = Both::new();
    assert!(both.station.sync_metered(true).unwrap().metered, "switched on the page");
    let sealed = both.meanwhile(|store| [2, 1].map(|days| counting::seal(&both, store, days, true)));
    assert!(both.station.sync_status().unwrap().metered, "it stays so for the next officer");
    let report = both.sync();
    assert_eq!((report.cause, report.acknowledged), (None, 0), "no fault, and nothing whole has gone");
    assert_eq!(report.rest, "metered", "and the page can say why");
    let sent = |both: &Both| {
        let rows = both.station.sync_status().unwrap().waiting;
        rows.into_iter()
            .flat_map(|row| row.parts)
            .filter(|part| part.sent > 0)
            .map(|part| part.part)
            .collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(sent(&both), ["id".to_owned()].into(), "only what the centre needs first was paid for");

    let first = sealed[0].to_string();
    let status = both.station.sync_cancel(&first).unwrap();
    let row = status.waiting.iter().find(|row| row.packet_id == first).expect("it is kept");
    assert_eq!(row.cause.as_deref(), Some("cancelled"), "with the word of the person");
    assert!(!both.station.sync_metered(false).unwrap().metered);
    assert_eq!(both.sync().cause, None);
    assert_eq!(acknowledged(&both), 1, "the other one goes over the free line");
    let folder = both.folders.1.path().join("packets").join(&first);
    assert!(folder.join("id.cms").exists(), "nothing of it is lost");
    both.meanwhile(|_| ());
    assert_eq!(both.sync().cause, None);
    assert_eq!(acknowledged(&both), 1, "nor does it go by itself after the next sign-in");
    both.station.sync_retry(&first).unwrap();
    assert_eq!(both.sync().cause, None);
    assert_eq!(acknowledged(&both), 2, "let go on, it arrives");
    assert!(both.station.sync_status().unwrap().waiting.is_empty());
}

#[test]
fn an_exchange_that_is_ended_in_the_middle_of_a_part_loses_nothing_and_the_next_one_sends_it() {
    let mut both = Both::new();
    let code = both.code();
    restart_with_share(&mut both, 1);
    both.meanwhile(|store| seal_large(&both, store));
    std::thread::scope(|scope| {
        // It may run by itself already; the one that was asked for then says so.
        let asked = scope.spawn(|| both.station.sync_now());
        while both.station.sync_status().unwrap().sending.is_none() {
            std::thread::yield_now();
        }
        both.station.sync_halt().unwrap();
        match asked.join().unwrap() {
            Ok(report) => assert_eq!(report.cause.as_deref(), Some("cancelled"), "it ended for that"),
            Err(error) => assert_eq!(error.to_view().key, "sync_running"),
        }
    });
    while both.station.sync_status().unwrap().running {
        std::thread::yield_now();
    }
    let status = both.station.sync_status().unwrap();
    assert_eq!((status.waiting.len(), status.acknowledged), (1, 0), "it waits, whole");
    assert_eq!(status.cause.as_deref(), Some("cancelled"), "and the page says by whom");
    let at_centre = both.runtime.block_on(pusat::received(&both.centre, &code)).unwrap();
    assert!(at_centre.is_empty(), "half a packet is none: {at_centre:?}");

    restart_with_share(&mut both, 0);
    assert_eq!(both.sync().cause, None);
    assert_eq!(acknowledged(&both), 1, "the next exchange brings it to its end");
    let at_centre = both.runtime.block_on(pusat::received(&both.centre, &code)).unwrap();
    assert_eq!(at_centre, [(1, 1)], "once");
}

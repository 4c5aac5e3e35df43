//! Recorded here against acknowledged there, with the numbers of a real centre; and sealed packets to count.

use domain::ids::{PacketId, PermohonanId};
use domain::plan::JenisPermohonan;
use jiff::SignedDuration;
use store::{Act, Ctx, OutboxState, Store};

use super::*;

/// Seals one packet of noise so many days ago, and says whether it goes by itself or waits for a person.
pub fn seal(both: &Both, store: &Store, days: i64, goes: bool) -> PacketId {
    let now = Timestamp::now() - SignedDuration::from_hours(24 * days);
    let ctx = Ctx { operator: None, now };
    let sequence = store.read(|view| view.peek_packet_sequence()).unwrap();
    let id = PacketId::parse(&format!("0190f5a2-7b1c-7000-8000-{sequence:012}")).unwrap();
    let visit = PermohonanId::parse(&format!("0190f5a2-7b1c-7000-9000-{sequence:012}")).unwrap();
    noise::visit(store, &ctx, visit, JenisPermohonan::Hilang, |_| Ok(()));
    noise::packet(1, store, &ctx, both.folders.1.path(), id, visit, |tx| {
        if goes { Ok(()) } else { tx.set_outbox(id, OutboxState::Waiting, 0, 0, "cancelled") }
    });
    id
}

#[test]
fn the_report_of_recorded_and_acknowledged_agrees_with_the_centre_and_its_red_list_goes_by_age() {
    let both = Both::new();
    let code = both.code();
    let ages = [(40, false), (20, true), (8, false), (3, true), (1, true), (0, false)];
    both.meanwhile(|store| ages.map(|(days, goes)| seal(&both, store, days, goes)));
    assert_eq!(both.sync().cause, None, "what may go has gone");
    let seen = both.station.sync_reconciliation().unwrap();
    assert_eq!((seen.recorded, seen.acknowledged, seen.waiting), (6, 3, 3), "the sums");
    let at_centre = both.runtime.block_on(pusat::received(&both.centre, &code)).unwrap();
    assert_eq!(at_centre, [(2, 2), (4, 5)], "and the centre has those, and no others");
    let own = station::Config::default().sync.red_after_days;
    let rows: Vec<(u32, u32, bool)> =
        seen.rows.iter().map(|row| (row.sequence, row.age_days, row.red)).collect();
    assert_eq!(
        rows,
        [(1, 40, 40 >= own), (3, 8, 8 >= own), (6, 0, false)],
        "the oldest on top, red from {own} days on"
    );
    assert_eq!(seen.red, u32::try_from(rows.iter().filter(|row| row.2).count()).unwrap(), "counted");
    assert_eq!((seen.red_after_days, seen.oldest_days), (own, Some(40)), "with its limit and its age");
    assert!(seen.rows.iter().all(|row| row.cause.as_deref() == Some("cancelled")), "each says why");
    let sums = seen
        .days
        .iter()
        .fold((0, 0, 0), |sum, day| (sum.0 + day.recorded, sum.1 + day.acknowledged, sum.2 + day.red));
    assert_eq!((sums.0, sums.1, sums.2), (6, 3, seen.red), "the days add up to it");
    assert!(seen.days.is_sorted_by(|a, b| a.day > b.day), "the newest day first");

    let limit = serde_json::json!(10);
    both.runtime
        .block_on(pusat::orders::set(&both.centre, Some(&code), "sync.red_after_days", &limit))
        .unwrap();
    assert_eq!(both.sync().cause, None, "the centre's own limit comes");
    let seen = both.station.sync_reconciliation().unwrap();
    assert_eq!((seen.red_after_days, seen.red), (10, 1), "and only the oldest is red by it");

    let first = seen.rows[0].packet_id.clone();
    both.station.sync_retry(&first).unwrap();
    assert_eq!(both.sync().cause, None, "it is let go on");
    let seen = both.station.sync_reconciliation().unwrap();
    assert_eq!((seen.acknowledged, seen.waiting, seen.red), (4, 2, 0), "and stands in red no longer");
    assert_eq!(seen.oldest_days, Some(8), "the next one is the oldest");
}

#[test]
fn numbers_that_nobody_has_are_reported_until_somebody_has_seen_to_it() {
    let both = Both::new();
    both.meanwhile(|store| {
        seal(&both, store, 1, true);
        let ctx = Ctx { operator: None, now: Timestamp::now() };
        let act = Act::SettingChange { name: "uji".into() };
        store.transact(act, &ctx, |tx| tx.skip_sequences(4)).unwrap();
        seal(&both, store, 0, true);
    });
    assert_eq!(both.sync().cause, None, "both go");
    let gaps = |both: &Both| {
        let found = both.station.sync_status().unwrap().findings;
        found
            .into_iter()
            .filter(|one| one.kind == "gap")
            .map(|one| (one.subject, one.stands))
            .collect::<Vec<_>>()
    };
    assert_eq!(gaps(&both), [("2-4".to_owned(), true)], "three numbers were never seen by anybody");
    let seen = both.station.sync_reconciliation().unwrap();
    assert_eq!((seen.recorded, seen.acknowledged), (2, 2), "what was recorded is there");
    both.station.lock().unwrap();
    both.station.sign_in(SUPERVISOR, training::PASSWORD).unwrap();
    both.station.sync_finding_seen("gap", "2-4", "nomor dilewati saat pemulihan, BA 3/2026").unwrap();
    assert_eq!(gaps(&both), [("2-4".to_owned(), false)], "a supervisor has seen to it");
}

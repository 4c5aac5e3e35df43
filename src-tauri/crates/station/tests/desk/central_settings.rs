//! What the centre has set takes the place of the station's own settings.

use domain::ids::{PacketId, PermohonanId};
use jiff::{SignedDuration, Timestamp};
use station::view::SyncStuck;
use store::{Act, CentralStatusRow, Ctx, Receipt, Tx};

use crate::bench::{Bench, LONG};
use crate::card_data::meanwhile;
use crate::sealed::sealed;

/// As the exchange keeps a signed setting that it believed.
fn sets(tx: &Tx<'_>, key: &str, value: u32) -> store::Result<()> {
    let kept = serde_json::json!({ "value": value, "version": 1, "signed_ms": 1_795_000_000_000_i64 });
    tx.set_setting(&format!("centre.{key}"), &kept.to_string())
}

fn days_ago(days: i64) -> i64 {
    (Timestamp::now() - SignedDuration::from_hours(24 * days)).as_millisecond()
}

fn packet_of(bench: &mut Bench) -> PacketId {
    let visit = PermohonanId::parse(&bench.id).unwrap();
    meanwhile(bench, |store, _| store.read(|view| view.packet_of(visit)).unwrap().unwrap().id)
}

#[test]
fn the_centre_says_after_how_many_days_a_status_that_does_not_move_is_explained() {
    let mut bench = sealed();
    bench.training.config.sync.stuck_days = 30;
    let packet = packet_of(&mut bench);
    let nik = bench.nik.clone();
    meanwhile(&mut bench, |store, ctx| {
        let row = CentralStatusRow {
            nik,
            status: "SENT_FOR_ENROLLMENT".into(),
            as_of_ms: days_ago(5),
            received_ms: 0,
            source: "uji".into(),
            packet: packet.to_string(),
            detail: String::new(),
        };
        store.transact(Act::CentralStatuses { count: 1 }, ctx, |tx| tx.add_central_status(&row)).unwrap();
    });
    let stuck = |bench: &Bench| {
        let page = bench.station.sync_status().unwrap();
        let mut rows = page.waiting.into_iter().chain(page.arrived);
        rows.find(|row| row.packet_id == packet.to_string()).expect("its row").stuck
    };
    assert_eq!(stuck(&bench), SyncStuck::None, "thirty days are the station's own");
    meanwhile(&mut bench, |store, ctx| {
        let act = Act::SettingChange { name: "centre.sync.stuck_days".into() };
        store.transact(act, ctx, |tx| sets(tx, "sync.stuck_days", 3)).unwrap();
    });
    assert_eq!(stuck(&bench), SyncStuck::Waiting, "three are the centre's");
    let nik = bench.nik.clone();
    meanwhile(&mut bench, |store, ctx| {
        // As a look-up at the centre notes it before the visit is sealed; then the first source is the one that stays.
        let key = store.read(|view| view.recorded_nik(&nik)).unwrap().map(|(_, source)| source);
        assert_eq!(key.as_deref(), Some("station"), "sealed here, and nobody said anything else");
        let visit = store.read(|view| view.packet(packet)).unwrap().unwrap().permohonan;
        let row = store.read(|view| view.permohonan(visit)).unwrap().unwrap();
        let state = row.state_json.replace("\"recorded_before\":false", "\"recorded_before\":true");
        assert_ne!(state, row.state_json, "the applicant had answered");
        let act = Act::FieldSave { permohonan: visit, unsur: "uji".into() };
        store.transact(act, ctx, |tx| tx.set_state(visit, &state, &row.step, row.status)).unwrap();
    });
    assert_eq!(stuck(&bench), SyncStuck::RecordedBefore, "recorded elsewhere before: that explains it");
}

#[test]
fn the_centre_says_how_long_received_packets_stay() {
    let mut bench = sealed();
    bench.training.config.sync.keep_days = 3_650;
    let packet = packet_of(&mut bench);
    let folder = bench.dir.path().join("packets").join(packet.to_string());
    let receipt =
        Receipt { cms: b"resi".to_vec(), received_ms: days_ago(10), path: "network".into(), applied_ms: 0 };
    meanwhile(&mut bench, |store, ctx| {
        let act = Act::ReceiptApply { packet };
        let then = Ctx { now: Timestamp::from_millisecond(receipt.received_ms).unwrap(), ..ctx.clone() };
        store.transact(act, &then, |tx| tx.apply_receipt(packet, &receipt)).unwrap();
    });
    assert!(folder.exists(), "ten years are the station's own");
    meanwhile(&mut bench, |store, ctx| {
        let act = Act::SettingChange { name: "centre.sync.keep_days".into() };
        store.transact(act, ctx, |tx| sets(tx, "sync.keep_days", 5)).unwrap();
    });
    let began = std::time::Instant::now();
    while folder.exists() {
        assert!(began.elapsed() < LONG, "five days are the centre's");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let kept = meanwhile(&mut bench, |store, _| store.read(|view| view.receipt(packet)).unwrap());
    assert!(kept.is_some(), "the receipt stays");
}

//! What the centre revoked comes home by stick, and is believed before anything else on it.

use crate::desk::Station;
use crate::district::{Desk, District};
use domain::ids::OperatorId;
use packet::pki::{Authority, Validity};
use packet::wire::{REPLY_FOLDER, REVOCATIONS_FILE};
use std::path::{Path, PathBuf};
use store::{Act, OperatorStatus};
use sync::courier::Taken;

/// The station's packets onto a stick, to the centre, and the stick back home; not yet taken.
async fn carried(district: &District, station: &Station, desk: &Desk) -> (tempfile::TempDir, PathBuf) {
    let stick = tempfile::tempdir().unwrap();
    let folder = station.folder.path().join("packets");
    let ctx = station.ctx();
    let carrier = courier(station, &folder, &ctx);
    let out = sync::courier::export(carrier, &desk.identity, stick.path()).expect("onto the stick");
    let imported = pusat::import_courier(&district.centre, stick.path()).await.expect("taken in");
    assert!(imported.refused.is_empty(), "by the centre: {:?}", imported.refused);
    (stick, out.folder.join(REPLY_FOLDER))
}

fn courier<'a>(station: &'a Station, packets: &'a Path, ctx: &'a store::Ctx) -> sync::courier::Desk<'a> {
    sync::courier::Desk { store: &station.store, packets, station: &station.code, trust: &station.trust, ctx }
}

fn take(station: &Station, stick: &Path) -> Taken {
    let (folder, ctx) = (station.folder.path().join("packets"), station.ctx());
    sync::courier::take_replies(courier(station, &folder, &ctx), stick).expect("back from the stick")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_operator_is_locked_out_by_the_stick_alone() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let station = Station::new(&district, &desk);
    let dewi = OperatorId::parse("dewi").unwrap();
    let act = Act::OperatorAccount { operator: dewi.clone(), change: "added operator".into() };
    let ctx = station.ctx();
    station
        .store
        .transact(act, &ctx, |tx| {
            tx.put_operator(&dewi, "Petugas Uji", "[\"operator\"]", OperatorStatus::Active)
        })
        .unwrap();
    station.seal();
    pusat::revoke_operator(&district.centre, "UJI-01", "dewi", jiff::Timestamp::now()).await.unwrap();
    let (stick, replies) = carried(&district, &station, &desk).await;
    let list = std::fs::read(replies.join(REVOCATIONS_FILE)).expect("the list travels");

    let serial = desk.operator.certificate_ref().serial().unwrap();
    let known = || station.store.read(sync::revoked_serials).unwrap();
    assert!(known().is_empty(), "nobody is revoked before the stick comes");
    let other =
        Authority::new("Bukan pusat", true, Validity::days(jiff::Timestamp::UNIX_EPOCH, 36_500)).unwrap();
    let now = jiff::Timestamp::now();
    let forged = other.revocation_list(&[("0123".into(), now)], now, now).unwrap();
    let mut flipped = list.clone();
    let last = flipped.len() - 1;
    flipped[last] ^= 1;
    for (bad, why) in
        [(forged, "of another authority"), (flipped, "changed"), (b"bukan daftar".to_vec(), "none")]
    {
        std::fs::write(replies.join(REVOCATIONS_FILE), bad).unwrap();
        let taken = take(&station, stick.path());
        assert_eq!(taken.refused, [sync::courier::Refusal::NotProven], "a list {why} is refused by itself");
        assert!(!known().contains_key("123"), "and nothing of it is kept: {why}");
    }
    std::fs::write(replies.join(REVOCATIONS_FILE), list).unwrap();
    for _ in 0..2 {
        assert_eq!(take(&station, stick.path()).refused, [], "the centre's own is taken, and taken again");
    }
    assert!(known().contains_key(&serial), "the certificate is known as revoked: {:?}", known());
    let row = station.store.read(|view| view.operator(&dewi)).unwrap().unwrap();
    assert_eq!(row.status, OperatorStatus::Revoked, "and the account is locked");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_revoked_key_of_the_centre_signs_is_believed_neither_from_a_stick_nor_from_the_line() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let station = Station::new(&district, &desk);
    station.seal();
    let signer = district.centre.keys.signer.certificate_ref().serial().unwrap();
    sqlx::query("INSERT INTO revocation (serial, at_ms, subject) VALUES ($1, $2, 'ttd')")
        .bind(&signer)
        .bind(jiff::Timestamp::now().as_millisecond() - 60_000)
        .execute(&district.centre.pool)
        .await
        .unwrap();
    let (stick, _) = carried(&district, &station, &desk).await;
    let taken = take(&station, stick.path());
    assert_eq!(
        (taken.receipts.len(), taken.changes, taken.refused.len()),
        (0, 0, 2),
        "neither receipt nor changes"
    );
    assert!(station.store.read(sync::revoked_serials).unwrap().contains_key(&signer), "the list said why");
    let waits = || station.store.read(|view| view.outbox()).unwrap().len();
    assert_eq!(waits(), 1, "the packet is not purged on such a word");
    station.exchange().await;
    assert_eq!(waits(), 1, "nor on the same word over the line");
}

//! What a courier brings, sound and hostile.

use crate::district::{Desk, District, folder};
use crate::recording::{Sheet, finalise_of, nik};
use packet::wire::{CourierManifest, Cursor, Finalise, Inventory, Receipt, read_feed, receipt_file};
use packet::{Document, Packet, Part, Sealed};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// Lays a packet on a medium as a station would.
fn lay(medium: &Path, desk: &Desk, packets: &[&Packet<Sealed>]) -> PathBuf {
    lay_as(medium, desk, packets, packets.iter().map(|packet| finalise_of(packet)).collect())
}

/// The same with other words about them in the manifest.
fn lay_as(medium: &Path, desk: &Desk, packets: &[&Packet<Sealed>], said: Vec<Finalise>) -> PathBuf {
    let manifest = CourierManifest {
        format: CourierManifest::FORMAT.into(),
        batch: uuid::Uuid::now_v7(),
        station: desk.code.clone(),
        created: jiff::Timestamp::now(),
        training: true,
        cursor: Cursor::start(),
        inventory: Inventory {
            format: Inventory::FORMAT.into(),
            highest: packets.len() as u64,
            acknowledged: vec![],
            waiting: vec![],
        },
        packets: said,
    };
    let batch = medium.join(format!("rekam-kurir/{}/{}", desk.code, manifest.batch));
    for packet in packets {
        packet.write(&batch).unwrap();
    }
    std::fs::write(
        batch.join("manifest.cms"),
        manifest.sign(&desk.identity, jiff::Timestamp::now()).unwrap(),
    )
    .unwrap();
    std::fs::write(batch.join("SELESAI"), b"").unwrap();
    batch
}

#[tokio::test(flavor = "multi_thread")]
async fn a_courier_brings_what_the_network_did_not_and_takes_receipts_home() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let sent = Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk);
    let carried = Sheet::new(&desk, 2, 2, &nik(2)).seal(&desk);
    desk.send(&sent).await;
    // The network also brought the beginning of a part of the other one.
    let bio = carried.part(Part::Bio);
    let created = desk.create(carried.header().packet, Part::Bio, &bio.sha256, bio.der.len()).await;
    desk.patch(created.header("location"), 0, &bio.der[..1000]).await;
    let medium = folder();
    let batch = lay(medium.path(), &desk, &[&sent, &carried]);
    let delivered = pusat::import_courier(&district.centre, medium.path()).await.unwrap();
    assert!(delivered.delivered.iter().all(|one| one.outcome.is_ok()), "{delivered:?}");
    assert!(delivered.refused.is_empty(), "{delivered:?}");
    for packet in [&sent, &carried] {
        let body = finalise_of(packet);
        let receipt = std::fs::read(batch.join("balasan").join(receipt_file(body.enrolment))).unwrap();
        let receipt =
            Receipt::verify(&receipt, &district.centre.keys.trust()).expect("a receipt to carry home");
        assert!(receipt.acknowledges(body.enrolment, "UJI-01", &body.parts), "for this packet");
    }
    let signed = std::fs::read(batch.join("balasan/perubahan.cms")).unwrap();
    let role = packet::pki::Role::CentreSigner;
    let changes = Document::verify(&signed, "rekam-feed/1", role, &district.centre.keys.trust()).unwrap();
    let feed = read_feed(&changes.content).unwrap();
    assert!(!feed.changes.is_empty(), "and the statuses travel with them");
    assert_eq!(feed.station, "UJI-01", "for this station and no other");
    pusat::import_courier(&district.centre, medium.path()).await.unwrap();
    let stats = pusat::stats(&district.centre).await.unwrap();
    assert_eq!(stats.received, 2, "both ways and twice over: two records");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_medium_is_refused_and_nothing_is_lost() {
    let district = District::start().await;
    let (desk, other) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let packet = Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk);
    let count = async || pusat::stats(&district.centre).await.unwrap().received;

    let medium = folder();
    let batch = lay(medium.path(), &desk, &[&packet]);
    std::fs::remove_file(batch.join("SELESAI")).unwrap();
    let delivered = pusat::import_courier(&district.centre, medium.path()).await.unwrap();
    assert!(delivered.delivered.is_empty(), "a half-copied batch waits");
    assert_eq!(delivered.refused.len(), 1, "and that is said");

    let medium = folder();
    let batch = lay(medium.path(), &desk, &[&packet]);
    let part = batch.join(packet.header().packet.to_string()).join("bio.cms");
    let elsewhere = medium.path().join("elsewhere");
    std::fs::rename(&part, &elsewhere).unwrap();
    symlink(&elsewhere, &part).unwrap();
    let delivered = pusat::import_courier(&district.centre, medium.path()).await.unwrap();
    assert!(
        delivered.delivered.len() == 1 && delivered.delivered[0].outcome.is_err(),
        "a link is not followed: {delivered:?}"
    );
    std::fs::remove_file(&part).unwrap();
    std::fs::write(&part, &packet.part(Part::Bio).der[..500]).unwrap();
    let delivered = pusat::import_courier(&district.centre, medium.path()).await.unwrap();
    assert!(delivered.delivered[0].outcome.is_err(), "a short file fails its packet: {delivered:?}");

    let medium = folder();
    let batch = lay(medium.path(), &desk, &[&packet]);
    let foreign = std::fs::read(lay(folder().path(), &other, &[&packet]).join("manifest.cms")).unwrap();
    std::fs::write(batch.join("manifest.cms"), foreign).unwrap();
    let delivered = pusat::import_courier(&district.centre, medium.path()).await.unwrap();
    assert!(delivered.delivered.is_empty(), "another station may not deliver it: {delivered:?}");
    assert_eq!(count().await, 0, "nothing was acknowledged");

    let medium = folder();
    let batch = lay(medium.path(), &desk, &[&packet]);
    let mut bomb = std::fs::read(batch.join(packet.header().packet.to_string()).join("dok.cms")).unwrap();
    bomb.resize(bomb.len() + 3_000_000, 0);
    std::fs::write(batch.join(packet.header().packet.to_string()).join("dok.cms"), bomb).unwrap();
    let delivered = pusat::import_courier(&district.centre, medium.path()).await.unwrap();
    assert!(
        delivered.delivered[0].outcome.is_ok(),
        "nothing is read beyond the announced length: {delivered:?}"
    );
    assert_eq!(count().await, 1, "and the packet is in");
}

/// What the refused batches say, in order.
fn reasons(imported: &pusat::Imported) -> Vec<String> {
    imported.refused.iter().map(|batch| batch.reason.problem().code).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_batch_is_named_and_the_next_one_is_taken_in() {
    let district = District::start().await;
    let (desk, other) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let bad = Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk);
    let good = Sheet::new(&other, 1, 2, &nik(2)).seal(&other);
    let medium = folder();
    let broken = lay(medium.path(), &desk, &[&bad]);
    std::fs::write(broken.join("manifest.cms"), b"bukan manifes").unwrap();
    lay(medium.path(), &other, &[&good]);
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_pusat"))
        .arg("--folder")
        .arg(district.folder.path())
        .args(["courier", "import"])
        .arg(medium.path())
        .output()
        .expect("pusat starts");
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let name = broken.strip_prefix(medium.path().join("rekam-kurir")).unwrap();
    assert!(said.contains(&format!("{}  ditolak:", name.display())), "the bad one by its folder: {said}");
    let line = format!("UJI-02  {}  diterima", good.header().packet);
    assert!(said.contains(&line), "the one after it is taken in: {said}");
    assert!(!done.status.success(), "and whoever looks only at the end sees that something is left");
    assert_eq!(pusat::stats(&district.centre).await.unwrap().received, 1, "one record");
}

#[tokio::test(flavor = "multi_thread")]
async fn links_pipes_and_giants_on_a_medium_are_refused_each_by_itself() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let packet = Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk);
    let id = packet.header().packet.to_string();
    let import = async |medium: &Path| pusat::import_courier(&district.centre, medium).await;

    let (real, medium) = (folder(), folder());
    lay(real.path(), &desk, &[&packet]);
    symlink(real.path().join("rekam-kurir"), medium.path().join("rekam-kurir")).unwrap();
    assert!(import(medium.path()).await.is_err(), "the top is a link");

    let medium = folder();
    std::fs::create_dir(medium.path().join("rekam-kurir")).unwrap();
    symlink(real.path().join("rekam-kurir/UJI-01"), medium.path().join("rekam-kurir/UJI-01")).unwrap();
    let done = import(medium.path()).await.unwrap();
    assert_eq!((done.delivered.len(), reasons(&done)), (0, vec!["malformed".into()]), "a station is a link");

    let medium = folder();
    let batch = lay(medium.path(), &desk, &[&packet]);
    let aside = medium.path().join("aside");
    std::fs::rename(batch.join(&id), &aside).unwrap();
    symlink(&aside, batch.join(&id)).unwrap();
    let done = import(medium.path()).await.unwrap();
    assert!(done.delivered[0].outcome.is_err(), "a packet's folder is a link: {done:?}");

    let medium = folder();
    let batch = lay(medium.path(), &desk, &[&packet]);
    let part = batch.join(&id).join("dok.cms");
    std::fs::remove_file(&part).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&part).status().unwrap();
    assert!(made.success(), "a pipe is laid");
    let done = import(medium.path()).await.unwrap();
    assert!(done.delivered[0].outcome.is_err(), "a pipe that nobody writes to holds nothing up: {done:?}");

    let medium = folder();
    let batch = lay(medium.path(), &desk, &[&packet]);
    std::fs::OpenOptions::new()
        .write(true)
        .open(batch.join("manifest.cms"))
        .unwrap()
        .set_len(3 << 30)
        .unwrap();
    let done = import(medium.path()).await.unwrap();
    assert_eq!(reasons(&done), ["too_large"], "three gigabytes of manifest");

    let medium = folder();
    let batch = lay(medium.path(), &desk, &[&packet]);
    let mut changed = std::fs::read(batch.join("manifest.cms")).unwrap();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    std::fs::write(batch.join("manifest.cms"), changed).unwrap();
    let done = import(medium.path()).await.unwrap();
    assert_eq!((done.delivered.len(), done.refused.len()), (0, 1), "a changed manifest: {done:?}");

    for reply in ["link", "file"] {
        let (medium, elsewhere) = (folder(), folder());
        let batch = lay(medium.path(), &desk, &[&packet]);
        if reply == "link" {
            symlink(elsewhere.path(), batch.join("balasan")).unwrap();
        } else {
            std::fs::write(batch.join("balasan"), b"").unwrap();
        }
        let done = import(medium.path()).await.unwrap();
        assert_eq!(reasons(&done), ["malformed"], "the folder of the answer is a {reply}");
        let written = std::fs::read_dir(elsewhere.path()).unwrap().count();
        assert_eq!(written, 0, "nothing is written through it");
    }
    assert_eq!(pusat::stats(&district.centre).await.unwrap().received, 0, "nothing of all this was taken in");

    let medium = folder();
    lay(medium.path(), &desk, &[&packet]);
    let done = import(medium.path()).await.unwrap();
    assert!(done.refused.is_empty() && done.delivered[0].outcome.is_ok(), "and nothing is spoilt: {done:?}");

    pusat::revoke_station(&district.centre, "UJI-01", jiff::Timestamp::now()).await.unwrap();
    let done = import(medium.path()).await.unwrap();
    assert_eq!(reasons(&done), ["revoked"], "a revoked station carries nothing any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_packet_in_a_stations_own_valid_batch_is_refused() {
    let district = District::start().await;
    let (desk, other) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let foreign = Sheet::new(&other, 1, 1, &nik(1)).seal(&other);
    let id = foreign.part(Part::Id);
    other.create(foreign.header().packet, Part::Id, &id.sha256, id.der.len()).await;
    let mut said = finalise_of(&foreign);
    said.station = desk.code.clone();
    said.integrity = said.integrity_of();
    let medium = folder();
    let batch = lay_as(medium.path(), &desk, &[&foreign], vec![said]);
    let done = pusat::import_courier(&district.centre, medium.path()).await.unwrap();
    assert!(done.refused.is_empty(), "the batch itself is sound: {done:?}");
    let outcome = done.delivered[0].outcome.as_ref().map_err(|error| error.problem().code);
    assert_eq!(outcome, Err("other_station".into()), "the packet is another station's");
    assert!(!batch.join("balasan").join(receipt_file(foreign.header().packet)).exists(), "no receipt for it");
    other.send(&foreign).await;
    assert_eq!(pusat::stats(&district.centre).await.unwrap().received, 1, "its own station brings it in");
}

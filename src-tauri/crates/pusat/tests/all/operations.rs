//! Identity, courier, health, limits, the end.

use crate::client::Client;
use crate::district::{District, folder};
use crate::recording::{Sheet, finalise_of, nik};
use packet::pki::{Identity, KeyPair};
use packet::wire::{
    Activation, Certificates, CourierManifest, Cursor, Inventory, Receipt, read_feed, receipt_file,
};
use packet::{Document, Packet, Part, Sealed};
use pusat::Cluster;
use std::path::{Path, PathBuf};
use std::process::Command;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

fn csr(pair: &KeyPair) -> String {
    String::from_utf8(pair.request("UJI").unwrap().to_pem().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_station_is_activated_renewed_and_revoked() {
    let district = District::start().await;
    let code = district.activation("UJI-01").await;
    let stranger = district.stranger();
    let authority = stranger.get("/v1/authority").await;
    let authority = packet::pki::Certificate::from_pem(&authority.body).unwrap();
    assert!(code.is_of(&authority).unwrap(), "the code pins the authority that the first call answers");
    let path = "/v1/stations/UJI-01/activation";
    let pair = KeyPair::generate().unwrap();
    let wrong = Activation { secret: "00".repeat(10), csr: csr(&pair) };
    assert_eq!(stranger.post(path, &wrong).await.problem(), "activation_refused", "a guessed code");
    let body = Activation { secret: code.secret(), csr: csr(&pair) };
    let first: Certificates = stranger.post(path, &body).await.json();
    let again: Certificates = stranger.post(path, &body).await.json();
    assert_eq!(first, again, "a lost answer is asked for again");
    let thief = Activation { secret: code.secret(), csr: csr(&KeyPair::generate().unwrap()) };
    assert_eq!(stranger.post(path, &thief).await.problem(), "activation_used", "the code works once");

    let identity = |pair: &KeyPair, given: &Certificates| {
        Identity::from_pem(&pair.to_pem().unwrap(), given.certificate.as_bytes()).unwrap()
    };
    let old = district.client(&identity(&pair, &first));
    let next = KeyPair::generate().unwrap();
    let body = Activation { secret: String::new(), csr: csr(&next) };
    let renewed: Certificates = old.post("/v1/stations/UJI-01/renewal", &body).await.json();
    let changes = "/v1/stations/UJI-01/changes?after=0";
    assert_eq!(old.get(changes).await.status, 204, "the old one works until the new one is used");
    let new = district.client(&identity(&next, &renewed));
    assert_eq!(new.get(changes).await.status, 204, "the new one works");
    assert_eq!(old.get(changes).await.problem(), "not_this_certificate", "and replaced the old one");

    pusat::revoke_station(&district.centre, "UJI-01", jiff::Timestamp::now()).await.unwrap();
    assert_eq!(new.get(changes).await.problem(), "revoked", "a revoked station is told so");
    let list = stranger.get("/v1/revocations").await;
    std::fs::write(district.folder.path().join("list.crl"), &list.body).unwrap();
    let judged = Command::new("openssl")
        .current_dir(district.folder.path())
        .args("crl -inform DER -in list.crl -CAfile keys/authority.crt.pem -noout -text".split(' '))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&judged.stdout).to_lowercase();
    let said = String::from_utf8_lossy(&judged.stderr).into_owned();
    assert!(said.contains("verify OK"), "openssl believes the list: {said}");
    let serial = identity(&next, &renewed).certificate_ref().serial().unwrap();
    assert!(text.contains(&serial), "and finds {serial} in it: {text}");
}

/// Lays a packet on a medium as a station would.
fn lay(medium: &Path, desk: &crate::district::Desk, packets: &[&Packet<Sealed>]) -> PathBuf {
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
        packets: packets.iter().map(|packet| finalise_of(packet)).collect(),
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
    assert!(delivered.iter().all(|one| one.outcome.is_ok()), "{delivered:?}");
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
    assert!(!read_feed(&changes.content).unwrap().changes.is_empty(), "and the statuses travel with them");
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
    assert!(delivered.is_empty(), "a half-copied batch waits");

    let medium = folder();
    let batch = lay(medium.path(), &desk, &[&packet]);
    let part = batch.join(packet.header().packet.to_string()).join("bio.cms");
    let elsewhere = medium.path().join("elsewhere");
    std::fs::rename(&part, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &part).unwrap();
    let delivered = pusat::import_courier(&district.centre, medium.path()).await.unwrap();
    assert!(delivered.len() == 1 && delivered[0].outcome.is_err(), "a link is not followed: {delivered:?}");
    std::fs::remove_file(&part).unwrap();
    std::fs::write(&part, &packet.part(Part::Bio).der[..500]).unwrap();
    let delivered = pusat::import_courier(&district.centre, medium.path()).await.unwrap();
    assert!(delivered[0].outcome.is_err(), "a short file fails its packet: {delivered:?}");

    let medium = folder();
    let batch = lay(medium.path(), &desk, &[&packet]);
    let foreign = std::fs::read(lay(folder().path(), &other, &[&packet]).join("manifest.cms")).unwrap();
    std::fs::write(batch.join("manifest.cms"), foreign).unwrap();
    let delivered = pusat::import_courier(&district.centre, medium.path()).await.unwrap();
    assert!(delivered.is_empty(), "another station may not deliver it: {delivered:?}");
    assert_eq!(count().await, 0, "nothing was acknowledged");

    let medium = folder();
    let batch = lay(medium.path(), &desk, &[&packet]);
    let mut bomb = std::fs::read(batch.join(packet.header().packet.to_string()).join("dok.cms")).unwrap();
    bomb.resize(bomb.len() + 3_000_000, 0);
    std::fs::write(batch.join(packet.header().packet.to_string()).join("dok.cms"), bomb).unwrap();
    let delivered = pusat::import_courier(&district.centre, medium.path()).await.unwrap();
    assert!(delivered[0].outcome.is_ok(), "nothing is read beyond the announced length: {delivered:?}");
    assert_eq!(count().await, 1, "and the packet is in");
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_name_nobody_and_openapi_is_the_committed_one() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    district.outcome(&desk, &Sheet::new(&desk, 1, 1, &nik(1))).await;
    desk.client.get(&format!("/v1/persons/{}", nik(1))).await;
    let address = district.serving.as_ref().unwrap().operations;
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    assert!(text.contains("pusat_finalised_total 1"), "{text}");
    assert!(text.contains("/v1/persons/{nik}"), "routes are counted by template: {text}");
    assert!(!text.contains(&nik(1)), "no NIK in the metrics");

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let made = pusat::openapi().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("REKAM_WRITE_TYPES").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let held = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(held, made, "run with REKAM_WRITE_TYPES=1 and commit openapi.json");
    let served = desk.client.get("/v1/openapi.json").await;
    let served: serde_json::Value = served.json();
    assert_eq!(served, serde_json::from_str::<serde_json::Value>(&made).unwrap(), "and it is served");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_client_and_a_hasty_one_are_ended() {
    let district = District::with(|config| {
        config.limits.header_seconds = 1;
        config.limits.idle_seconds = 1;
        config.limits.requests_per_second = 3;
    })
    .await;
    let code = district.activation("UJI-01").await;
    let pair = KeyPair::generate().unwrap();
    let body = Activation { secret: code.secret(), csr: csr(&pair) };
    let given: Certificates = district.stranger().post("/v1/stations/UJI-01/activation", &body).await.json();
    let identity = Identity::from_pem(&pair.to_pem().unwrap(), given.certificate.as_bytes()).unwrap();
    let client: Client = district.client(&identity);

    let mut slow = client.connect().await.unwrap();
    slow.write_all(b"GET /v1/auth").await.unwrap();
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(std::time::Duration::from_secs(60), slow.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "headers that never end, end the connection");

    let mut idle = client.connect().await.unwrap();
    let ask = b"GET /v1/authority HTTP/1.1\r\nhost: localhost\r\n\r\n";
    for pause_ms in [0, 2_500, 0] {
        // Longer than a head may take: between two requests a known station may be silent.
        tokio::time::sleep(std::time::Duration::from_millis(pause_ms)).await;
        idle.write_all(ask).await.unwrap();
        let mut answer = Vec::new();
        while !String::from_utf8_lossy(&answer).contains("-----END CERTIFICATE-----") {
            let read = idle.read_buf(&mut answer).await.unwrap();
            assert!(read > 0, "the connection of a known station stands while it is idle");
        }
    }
    let mut stranger = district.stranger().connect().await.unwrap();
    let ended =
        tokio::time::timeout(std::time::Duration::from_secs(60), stranger.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "nobody else may hold a connection for nothing");

    let mut refused = None;
    for _ in 0..200 {
        let answer = client.get("/v1/stations/UJI-01/changes?after=0").await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("two hundred at once are too many");
    assert_eq!(refused.header("retry-after"), "1", "and it says when to come again");
    assert_eq!(refused.problem(), "too_many", "in the protocol's words");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_station_hears_at_once_and_the_end_is_orderly() {
    let mut district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let cursor = district.feed(&desk, "0").await.cursor;
    let client = desk.client.clone();
    let path = format!("/v1/stations/UJI-01/changes?after={cursor}&wait=50");
    let waiting = tokio::spawn(async move { client.get(&path).await });
    desk.send(&Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk)).await;
    let answer = waiting.await.unwrap();
    let feed = read_feed(&answer.body).expect("an answer before its time was up");
    assert!(feed.lines[0].contains("RECEIVED_AT_CENTRAL"), "{:?}", feed.lines);
    let short = desk.client.get(&format!("/v1/changes/{cursor}")).await;
    assert_eq!(short.header("content-encoding"), "zstd", "the short way need not ask for it");
    let unpacked = zstd::decode_all(&short.body[..]).unwrap();
    assert_eq!(read_feed(&unpacked).unwrap().lines, feed.lines, "and tells the same");
    let stranger = district.stranger().get("/v1/changes/0").await;
    assert_eq!(stranger.problem(), "no_certificate", "to a known station only");
    let ahead = desk.client.get("/v1/stations/UJI-01/changes?after=00000000-5").await;
    assert_eq!(ahead.problem(), "cursor_ahead", "a cursor of another history");

    let serving = district.serving.take().unwrap();
    let address = serving.address;
    serving.stop().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "nobody listens any more");
}

#[test]
fn a_private_cluster_starts_stops_and_survives_a_kill() {
    let folder = folder();
    let cluster = Cluster::start(&folder.path().join("pg")).expect("starts");
    assert!(cluster.is_ours(), "started here");
    let found = Cluster::start(&folder.path().join("pg")).expect("is found running");
    assert!(!found.is_ours(), "whoever started it stops it");
    cluster.kill().expect("dies");
    cluster.launch().expect("comes back");
    cluster.stop().expect("stops");
}

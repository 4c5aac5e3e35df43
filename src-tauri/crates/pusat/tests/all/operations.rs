//! Identity, courier, health, limits, the end.

use crate::client::Client;
use crate::district::{District, folder};
use crate::recording::{Sheet, nik};
use packet::pki::{Identity, KeyPair};
use packet::wire::{Activation, Certificates, read_feed};
use pusat::Cluster;
use std::path::Path;
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
    let wrong = Activation { secret: "00".repeat(10), csr: csr(&pair), register: None };
    assert_eq!(stranger.post(path, &wrong).await.problem(), "activation_refused", "a guessed code");
    let body = Activation { secret: code.secret(), csr: csr(&pair), register: None };
    let first: Certificates = stranger.post(path, &body).await.json();
    let again: Certificates = stranger.post(path, &body).await.json();
    assert_eq!(first, again, "a lost answer is asked for again");
    let thief = Activation { secret: code.secret(), csr: csr(&KeyPair::generate().unwrap()), register: None };
    assert_eq!(stranger.post(path, &thief).await.problem(), "activation_used", "the code works once");

    let identity = |pair: &KeyPair, given: &Certificates| {
        Identity::from_pem(&pair.to_pem().unwrap(), given.certificate.as_bytes()).unwrap()
    };
    let old = district.client(&identity(&pair, &first));
    let next = KeyPair::generate().unwrap();
    let body = Activation { secret: String::new(), csr: csr(&next), register: None };
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

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_who_was_revoked_and_added_again_signs_with_a_new_key_only() {
    let district = District::start().await;
    let mut desk = district.desk("UJI-01").await;
    let centre = &district.centre;
    let seconds = jiff::SignedDuration::from_secs;
    let ready = ("PRINT_READY_RECORD".to_owned(), String::new());
    let before = desk.send(&Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk)).await.enrolment;
    assert_eq!(district.status(before).await, ready, "signed and received before the revocation");

    pusat::revoke_operator(centre, "UJI-01", "dewi", jiff::Timestamp::now()).await.unwrap();
    pusat::add_operator(centre, "UJI-01", "dewi", "Petugas Uji", &["operator".into()]).await.unwrap();
    assert_eq!(district.status(before).await, ready, "which takes nothing back");
    let mut late = Sheet::new(&desk, 2, 2, &nik(2));
    late.signing += seconds(2);
    late.header.created = late.signing;
    let refused = ("ENROLL_FAILURE_AT_CENTRAL".to_owned(), "operator_revoked".to_owned());
    assert_eq!(
        district.outcome(&desk, &late).await,
        refused,
        "the old certificate after it: in nobody's hands"
    );
    let mut claimed = Sheet::new(&desk, 3, 2, &nik(2));
    claimed.signing -= seconds(600);
    claimed.header.created = claimed.signing;
    let asked = ("REQUEST_VALIDATION".to_owned(), "operator_revoked".to_owned());
    assert_eq!(
        district.outcome(&desk, &claimed).await,
        asked,
        "claimed before, received after: a person looks"
    );

    let path = "/v1/stations/UJI-01/operators/dewi/certificate";
    let ask = async |pair: &KeyPair| {
        let body = Activation { secret: String::new(), csr: csr(pair), register: None };
        desk.client.post(path, &body).await
    };
    let held = KeyPair::from_pem(&desk.operator.key_pem().unwrap()).unwrap();
    assert_eq!(ask(&held).await.problem(), "revoked", "no certificate for the key that was revoked");
    let pair = KeyPair::generate().unwrap();
    let (first, again) = (ask(&pair).await, ask(&pair).await);
    let (first, again): (Certificates, Certificates) = (first.json(), again.json());
    assert_eq!(first, again, "a new one is certified, and a lost answer asked for again");
    desk.operator = Identity::from_pem(&pair.to_pem().unwrap(), first.certificate.as_bytes()).unwrap();
    assert_eq!(
        district.outcome(&desk, &Sheet::new(&desk, 4, 2, &nik(2))).await,
        ready,
        "with it the work goes on"
    );
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
        // A head that is sent at once is long there by then, on a loaded machine too.
        config.limits.header_seconds = 4;
        config.limits.idle_seconds = 1;
        config.limits.requests_per_second = 3;
    })
    .await;
    let code = district.activation("UJI-01").await;
    let pair = KeyPair::generate().unwrap();
    let body = Activation { secret: code.secret(), csr: csr(&pair), register: None };
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
    for pause_ms in [0, 6_000, 0] {
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

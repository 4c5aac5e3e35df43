//! Exactly once, whatever is repeated, cut or lost.

use crate::district::District;
use crate::recording::{Sheet, finalise_of, nik};
use hyper::Method;
use packet::Part;
use packet::wire::{Change, Inventory, InventoryRow, Receipt, SequenceRange};
use std::process::Command;
use tokio::io::AsyncWriteExt as _;

#[tokio::test(flavor = "multi_thread")]
async fn a_packet_is_received_acknowledged_and_ready_to_print() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let packet = Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk);
    let body = desk.send(&packet).await;

    let receipt = desk.client.get(&format!("/v1/enrollments/{}/receipt", body.enrolment)).await;
    assert_eq!(receipt.status, 200, "the receipt is there at once");
    let read = Receipt::verify(&receipt.body, &district.centre.keys.trust()).expect("the centre's signature");
    assert!(read.acknowledges(body.enrolment, "UJI-01", &body.parts), "for this packet");
    std::fs::write(district.folder.path().join("resi.cms"), &receipt.body).unwrap();
    let judged = Command::new("openssl")
        .current_dir(district.folder.path())
        .args(
            "cms -verify -inform DER -in resi.cms -CAfile keys/authority.crt.pem -purpose any -binary"
                .split(' '),
        )
        .output()
        .expect("openssl runs");
    assert!(judged.status.success(), "openssl believes it: {}", String::from_utf8_lossy(&judged.stderr));

    assert_eq!(district.status(body.enrolment).await, ("PRINT_READY_RECORD".into(), "".into()), "decided");
    let feed = district.feed(&desk, "0").await;
    let statuses: Vec<(&str, &[SequenceRange])> = feed
        .changes
        .iter()
        .filter_map(|change| match change {
            Change::Status(status) => Some((status.s.as_str(), &status.q[..])),
            _ => None,
        })
        .collect();
    let expected: [(&str, &[SequenceRange]); 2] =
        [("RECEIVED_AT_CENTRAL", &[(1, 1)]), ("PRINT_READY_RECORD", &[(1, 1)])];
    assert_eq!(statuses, expected, "the station learns it by its own number");
    let nothing = desk.client.get(&format!("/v1/stations/UJI-01/changes?after={}&wait=1", feed.cursor)).await;
    assert_eq!((nothing.status.as_u16(), nothing.body.len()), (204, 0), "nothing more");
    let looked = desk.client.get(&format!("/v1/enrollments/{}", body.enrolment)).await;
    let looked: serde_json::Value = looked.json();
    assert_eq!(looked["status"], "PRINT_READY_RECORD", "and where it stands can be asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_may_be_repeated() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let packet = Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk);
    let body = finalise_of(&packet);
    let id = packet.part(Part::Id);

    let first = desk.create(body.enrolment, Part::Id, &id.sha256, id.der.len()).await;
    let second = desk.create(body.enrolment, Part::Id, &id.sha256, id.der.len()).await;
    assert_eq!(first.header("location"), second.header("location"), "one upload, however often created");
    let longer = desk.create(body.enrolment, Part::Id, &id.sha256, id.der.len() + 1).await;
    assert_eq!(longer.problem(), "other_digests", "another length is another file");

    let early = desk.finalise(&body).await;
    assert_eq!(early.problem(), "incomplete", "nothing is acknowledged before it is whole");
    desk.send(&packet).await;
    let receipt = desk.client.get(&format!("/v1/enrollments/{}/receipt", body.enrolment)).await.body;
    assert_eq!(desk.finalise(&body).await.status, 204, "the same digests again are a success");
    let again = desk.client.get(&format!("/v1/enrollments/{}/receipt", body.enrolment)).await.body;
    assert_eq!(receipt, again, "and the receipt is the same one");
    let whole = desk.create(body.enrolment, Part::Id, &id.sha256, id.der.len()).await;
    assert_eq!(whole.header("upload-offset"), id.der.len().to_string(), "a late creation finds it whole");

    let resealed = finalise_of(&Sheet { ..Sheet::new(&desk, 1, 1, &nik(1)) }.seal(&desk));
    let mut other = resealed.clone();
    other.enrolment = body.enrolment;
    other.integrity = other.integrity_of();
    assert_eq!(desk.finalise(&other).await.problem(), "other_digests", "other bytes replace nothing");
    let mut touched = body.clone();
    touched.sequence = 2;
    assert_eq!(desk.finalise(&touched).await.problem(), "malformed", "integrity covers the number");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_patch_keeps_what_arrived() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let packet = Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk);
    let body = finalise_of(&packet);
    let bio = packet.part(Part::Bio);
    let created = desk.create(body.enrolment, Part::Bio, &bio.sha256, bio.der.len()).await;
    let location = created.header("location").to_owned();

    let mut wire = desk.client.connect().await.unwrap();
    let head = format!(
        "PATCH {location} HTTP/1.1\r\nhost: localhost\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\n\
         content-type: application/offset+octet-stream\r\ncontent-length: {}\r\n\r\n",
        bio.der.len()
    );
    wire.write_all(head.as_bytes()).await.unwrap();
    wire.write_all(&bio.der[..40_000]).await.unwrap();
    wire.flush().await.unwrap();
    // Until the bytes are in the spool; then the wire is cut without a good-bye.
    let upload = location.rsplit('/').next().unwrap().parse().unwrap();
    while district.centre.parts.offset(upload).unwrap() < 40_000 {
        tokio::task::yield_now().await;
    }
    drop(wire);

    let head = desk.head(&location).await;
    assert_eq!(head.header("upload-offset"), "40000", "every byte that arrived counts");
    assert_eq!(head.header("upload-length"), bio.der.len().to_string(), "of so many");
    // Few enough bytes to be on their way before the refusal closes the wire.
    let wrong = desk.patch(&location, 39_000, &bio.der[39_000..39_500]).await;
    assert_eq!(wrong.header("upload-offset"), "40000", "the refusal says where to go on");
    assert_eq!(wrong.problem(), "offset_mismatch", "an overlap is not written twice");
    assert_eq!(desk.patch(&location, 40_000, &bio.der[40_000..]).await.status, 204, "and it goes on");
    for part in [Part::Id, Part::Dok] {
        desk.upload(body.enrolment, part, &packet.part(part).der).await;
    }
    assert_eq!(desk.finalise(&body).await.status, 204, "the joined bytes have the announced digest");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_bytes_are_thrown_away_and_sent_again() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let packet = Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk);
    let body = finalise_of(&packet);
    for part in [Part::Bio, Part::Dok] {
        desk.upload(body.enrolment, part, &packet.part(part).der).await;
    }
    let id = packet.part(Part::Id);
    let created = desk.create(body.enrolment, Part::Id, &id.sha256, id.der.len()).await;
    let mut bad = id.der.clone();
    bad[100] ^= 1;
    assert_eq!(desk.patch(created.header("location"), 0, &bad).await.status, 204, "nobody knows yet");
    assert_eq!(desk.finalise(&body).await.problem(), "digest_mismatch", "now the centre knows");
    desk.upload(body.enrolment, Part::Id, &id.der).await;
    assert_eq!(desk.finalise(&body).await.status, 204, "sent again, it is whole");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chunk_with_a_checksum_counts_whole_or_not_at_all() {
    use base64::Engine as _;
    use sha2::Digest as _;
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let sha256 = packet::digest_hex(b"hello world");
    let created = desk.create(uuid::Uuid::now_v7(), Part::Id, &sha256, 11).await;
    let send = async |bytes: &[u8], sum: String| {
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("upload-offset", "0"),
            ("content-type", "application/offset+octet-stream"),
            ("upload-checksum", &sum),
        ];
        desk.client.ask(Method::PATCH, created.header("location"), &headers, bytes).await
    };
    let base64 = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    let sum = format!("sha256 {}", base64(&sha2::Sha256::digest(b"hello")));
    assert_eq!(send(b"jello", sum.clone()).await.problem(), "checksum", "460");
    assert_eq!(desk.head(created.header("location")).await.header("upload-offset"), "0", "nothing was kept");
    assert_eq!(send(b"hello", sum).await.header("upload-offset"), "5", "now it counts");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_own_station_may_touch_an_enrolment() {
    let district = District::start().await;
    let (own, other) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let packet = Sheet::new(&own, 1, 1, &nik(1)).seal(&own);
    let body = own.send(&packet).await;
    let id = packet.part(Part::Id);
    let created = other.create(body.enrolment, Part::Id, &id.sha256, id.der.len()).await;
    assert_eq!(created.problem(), "other_station", "an upload");
    let receipt = other.client.get(&format!("/v1/enrollments/{}/receipt", body.enrolment)).await;
    assert_eq!(receipt.problem(), "other_station", "a receipt");
    let changes = other.client.get("/v1/stations/UJI-01/changes?after=0").await;
    assert_eq!(changes.problem(), "forbidden", "a feed");
    let nobody = district.stranger().get("/v1/stations/UJI-01/changes?after=0").await;
    assert_eq!(nobody.problem(), "no_certificate", "and nobody without a certificate");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_used_twice_is_kept_and_told() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    desk.send(&Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk)).await;
    let clone = Sheet::new(&desk, 1, 2, &nik(2)).seal(&desk);
    let body = finalise_of(&clone);
    for part in Part::ALL {
        desk.upload(body.enrolment, part, &clone.part(part).der).await;
    }
    assert_eq!(desk.finalise(&body).await.problem(), "sequence_taken", "two disks count with one number");
    let inventory = Inventory {
        format: Inventory::FORMAT.into(),
        highest: 1,
        acknowledged: vec![],
        waiting: vec![InventoryRow { sequence: 1, enrolment: body.enrolment }],
    };
    let answer = desk.client.post("/v1/stations/UJI-01/inventory", &inventory).await;
    let answer: packet::wire::Comparison = answer.json();
    assert_eq!(answer.foreign.len(), 1, "the comparison names the other enrolment");
    assert_eq!(answer.next_sequence, 2, "and the number to go on from");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_the_death_of_service_and_database() {
    let mut district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let body = desk.send(&Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk)).await;
    let half = Sheet::new(&desk, 2, 2, &nik(2)).seal(&desk);
    desk.upload(half.header().packet, Part::Id, &half.part(Part::Id).der).await;

    let cluster = district.cluster.take().unwrap();
    cluster.kill().expect("the database dies");
    let dead = desk.finalise(&finalise_of(&half)).await;
    assert!(dead.status.is_server_error(), "no acknowledgement without a database: {}", dead.status);
    let ready = desk.client.get("/health/ready").await;
    assert_eq!(ready.status, 503, "and it says so");
    cluster.launch().expect("the database comes back");
    district.cluster = Some(cluster);

    let receipt = desk.client.get(&format!("/v1/enrollments/{}/receipt", body.enrolment)).await;
    assert_eq!(receipt.status, 200, "the receipt is still there");
    desk.send(&half).await;
    let outcome = district.status(half.header().packet).await;
    assert_eq!(outcome.0, "PRINT_READY_RECORD", "the other one goes on where it stopped: {}", outcome.1);
    let (count,): (i64,) =
        sqlx::query_as("SELECT count(*) FROM enrolment").fetch_one(&district.centre.pool).await.unwrap();
    assert_eq!(count, 2, "nothing lost, nothing doubled");
}

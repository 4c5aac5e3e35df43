//! What the centre does not take: too large, too slow, too old, of another kind, and when its disk is full. Whatever it
//! refuses, what arrived before stays.

use crate::district::{Desk, District};
use crate::recording::{Sheet, finalise_of, nik};
use hyper::Method;
use packet::Part;
use packet::wire::{Inventory, Problem};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const OCTETS: (&str, &str) = ("content-type", "application/offset+octet-stream");
const TUS: (&str, &str) = ("tus-resumable", "1.0.0");

/// An upload of this many zeros, begun.
async fn begun(desk: &Desk, bytes: usize) -> String {
    let sha256 = packet::digest_hex(&vec![0; bytes]);
    let created = desk.create(uuid::Uuid::now_v7(), Part::Bio, &sha256, bytes).await;
    assert_eq!(created.status, 201, "{}", String::from_utf8_lossy(&created.body));
    created.header("location").to_owned()
}

async fn offset(desk: &Desk, location: &str) -> String {
    desk.head(location).await.header("upload-offset").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_larger_than_its_limit_is_refused_and_what_arrived_stays() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let most = 50 * 1024 * 1024 + 64 * 1024;
    let create = async |bytes: usize| {
        let sha256 = "1".repeat(64);
        desk.create(uuid::Uuid::now_v7(), Part::Bio, &sha256, bytes).await
    };
    assert_eq!(create(most).await.status, 201, "the largest part");
    assert_eq!(create(most + 1).await.problem(), "too_large", "one byte more");
    assert_eq!(create(0).await.problem(), "malformed", "a part of nothing does not exist");

    let location = begun(&desk, 1_000).await;
    assert_eq!(desk.patch(&location, 0, &[0; 400]).await.status, 204, "the beginning");
    let longer = desk.patch(&location, 400, &[0; 601]).await;
    assert_eq!(longer.problem(), "too_large", "more than was announced");
    assert!(offset(&desk, &location).await.parse::<usize>().unwrap() >= 400, "what arrived before counts");

    let large = 1024 * 1024 + 1;
    let location = begun(&desk, large).await;
    let sum = format!("sha256 {}", "A".repeat(43) + "=");
    let headers = [TUS, ("upload-offset", "0"), OCTETS, ("upload-checksum", &sum)];
    let chunk = desk.client.ask(Method::PATCH, &location, &headers, &vec![0; large]).await;
    assert_eq!(chunk.problem(), "too_large", "a chunk that would have to be held whole");
    assert_eq!(offset(&desk, &location).await, "0", "none of it counts");

    let mut body = serde_json::to_vec(&Inventory {
        format: Inventory::FORMAT.into(),
        highest: 0,
        acknowledged: vec![],
        waiting: vec![],
    })
    .unwrap();
    let post = async |body: &[u8], kind: &str| {
        let path = "/v1/stations/UJI-01/inventory";
        desk.client.ask(Method::POST, path, &[("content-type", kind)], body).await
    };
    assert_eq!(post(&body, "application/json").await.status, 200, "an inventory");
    assert_eq!(post(&body, "text/plain").await.problem(), "media_type", "said to be something else");
    body.resize(2 * 1024 * 1024 + 1, b' ');
    assert_eq!(post(&body, "application/json").await.problem(), "too_large", "blown up to 2 MiB and a byte");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_version_and_another_kind_of_bytes_are_named() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let location = begun(&desk, 100).await;
    let versions: [&[(&str, &str)]; 2] = [&[], &[("tus-resumable", "0.2.2")]];
    for version in versions {
        let answer = desk.client.ask(Method::HEAD, &location, version, b"").await;
        assert_eq!((answer.status.as_u16(), answer.header("tus-version")), (412, "1.0.0"), "what it speaks");
    }
    let headers = [TUS, ("upload-offset", "0"), ("content-type", "application/octet-stream")];
    let answer = desk.client.ask(Method::PATCH, &location, &headers, &[0; 100]).await;
    assert_eq!(answer.problem(), "media_type", "415");
    assert_eq!(offset(&desk, &location).await, "0", "nothing was written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_pauses_too_long_is_given_up_and_what_arrived_counts() {
    let district = District::with(|config| config.limits.idle_seconds = 3).await;
    let desk = district.desk("UJI-01").await;
    let location = begun(&desk, 1_000).await;
    let mut line = desk.client.connect().await.unwrap();
    let head = format!(
        "PATCH {location} HTTP/1.1\r\nhost: localhost\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\n\
         content-type: application/offset+octet-stream\r\ncontent-length: 1000\r\n\r\n"
    );
    // In one go: between the two the limit would be running already.
    line.write_all(&[head.as_bytes(), &[0; 300]].concat()).await.unwrap();
    line.flush().await.unwrap();
    let mut answer = Vec::new();
    let patience = std::time::Duration::from_secs(60);
    let ended = tokio::time::timeout(patience, line.read_to_end(&mut answer)).await;
    assert!(ended.is_ok(), "the connection ends");
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    let problem: Problem = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!((problem.code.as_str(), problem.permanent), ("too_slow", false), "to be tried again");
    assert_eq!(offset(&desk, &location).await, "300", "what arrived counts");
    assert_eq!(desk.patch(&location, 300, &[0; 700]).await.status, 204, "and the rest follows");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_takes_too_long_in_all_is_given_up_and_what_arrived_counts() {
    let district = District::with(|config| config.limits.request_seconds = 6).await;
    let desk = district.desk("UJI-01").await;
    let location = begun(&desk, 100_000).await;
    let mut line = desk.client.connect().await.unwrap();
    let head = format!(
        "PATCH {location} HTTP/1.1\r\nhost: localhost\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\n\
         content-type: application/offset+octet-stream\r\ncontent-length: 100000\r\n\r\n"
    );
    line.write_all(head.as_bytes()).await.unwrap();
    let (mut reading, mut writing) = tokio::io::split(line);
    // Never a pause, and never an end: ten bytes at a time.
    let drip = tokio::spawn(async move {
        while writing.write_all(&[0; 10]).await.is_ok() && writing.flush().await.is_ok() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    });
    let mut answer = Vec::new();
    let patience = std::time::Duration::from_secs(60);
    while !answer.starts_with(b"HTTP/1.1 408") {
        let read = tokio::time::timeout(patience, reading.read_buf(&mut answer)).await;
        assert!(
            read.is_ok_and(|read| read.is_ok_and(|read| read > 0)),
            "{}",
            String::from_utf8_lossy(&answer)
        );
    }
    drip.abort();
    let kept: usize = offset(&desk, &location).await.parse().unwrap();
    assert!(kept > 0 && kept < 100_000, "what arrived counts: {kept}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_takes_no_new_upload_and_lets_those_that_began_come_to_their_end() {
    let roomy = District::start().await;
    let desk = roomy.desk("UJI-01").await;
    let packet = Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk);
    let body = finalise_of(&packet);
    for part in Part::ALL {
        let der = &packet.part(part).der;
        let created = desk.create(body.enrolment, part, &packet::digest_hex(der), der.len()).await;
        assert_eq!(created.status, 201, "begun while there was room");
    }
    // The same folder and database, served by a centre that wants more free room than any disk has.
    let mut config = pusat::Config::read(roomy.folder.path()).unwrap();
    config.limits.free_megabytes = 1 << 40;
    config.write(roomy.folder.path()).unwrap();
    let full = pusat::Centre::open(roomy.folder.path()).await.unwrap();
    let serving = pusat::Serving::start(full.clone()).await.unwrap();
    let client = crate::client::Client::new(
        serving.address,
        roomy.centre.keys.authority.certificate(),
        Some(&desk.identity),
    );
    let desk = Desk { client, ..desk };
    let new = desk.create(uuid::Uuid::now_v7(), Part::Id, &"2".repeat(64), 10).await;
    assert_eq!((new.status.as_u16(), new.problem().as_str()), (507, "full"), "nothing new");
    let problem: Problem = new.json();
    assert!(!problem.permanent, "until somebody makes room");
    for part in Part::ALL {
        desk.upload(body.enrolment, part, &packet.part(part).der).await;
    }
    assert_eq!(desk.finalise(&body).await.status, 204, "what began comes to its end");
    serving.stop().await;
    full.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_without_progress_is_thrown_away_after_its_days_and_begins_anew() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let enrolment = uuid::Uuid::now_v7();
    let sha256 = packet::digest_hex(b"hello world");
    let created = desk.create(enrolment, Part::Id, &sha256, 11).await;
    let location = created.header("location").to_owned();
    desk.patch(&location, 0, b"hello").await;
    assert_eq!(pusat::sweep(&district.centre).await.unwrap(), 0, "it has days");
    sqlx::query("UPDATE upload SET expires_ms = $1")
        .bind(jiff::Timestamp::now().as_millisecond() - 1)
        .execute(&district.centre.pool)
        .await
        .unwrap();
    assert_eq!(desk.patch(&location, 5, b" world").await.problem(), "upload_gone", "they are over");
    assert_eq!(pusat::sweep(&district.centre).await.unwrap(), 1, "and its bytes are thrown away");
    assert_eq!(desk.patch(&location, 5, b" world").await.problem(), "not_found", "nothing of it is held");
    let anew = desk.create(enrolment, Part::Id, &sha256, 11).await;
    assert_eq!((anew.status.as_u16(), anew.header("upload-offset")), (201, "0"), "it begins anew");
    assert_eq!(desk.patch(anew.header("location"), 0, b"hello world").await.status, 204, "and arrives");
}

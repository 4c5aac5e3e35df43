//! Residents and cards.

use crate::district::District;
use crate::recording::{Sheet, nik};
use hyper::Method;
use packet::Document;
use packet::pki::Role;
use packet::wire::{Change, PersonAnswer};
use pusat::orders;
use std::process::Command;

fn lines(names: &[(&str, &str)]) -> String {
    names
        .iter()
        .map(|(nik, name)| {
            format!("{{\"nik\":\"{nik}\",\"kk\":\"1801010101019001\",\"nama\":\"{name}\",\"tanggal_lahir\":\"1990-01-01\",\"kode_wilayah\":\"18.13.01.2001\"}}\n")
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn residents_are_looked_up_extracted_and_followed_by_deltas() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let (a, b) = (nik(1), nik(2));
    let text = lines(&[(&a, "ORANG CONTOH"), (&b, "ORANG LAIN")]);
    let imported = pusat::residents::import(&district.centre, text.as_bytes(), "18.13.01").await.unwrap();
    assert_eq!((imported.lines, imported.changed), (2, 2), "both are new");
    let again = pusat::residents::import(&district.centre, text.as_bytes(), "18.13.01").await.unwrap();
    assert_eq!(again.changed, 0, "importing again changes nobody");

    let answer = desk.client.get(&format!("/v1/persons/{a}?attributeNames=nama")).await;
    let person: PersonAnswer = answer.json();
    assert_eq!(person.attributes.len(), 1, "only what was asked");
    assert_eq!(
        (person.attributes["nama"].as_str(), person.status.as_str()),
        ("ORANG CONTOH", "UNREGISTERED")
    );
    assert_eq!(person.enrolment, None, "of no recording");
    assert_eq!(desk.client.get(&format!("/v1/persons/{}", nik(9))).await.problem(), "not_found", "unknown");

    let extract = desk.client.get("/v1/residents/18.13.01").await;
    assert_eq!(extract.status, 200, "{}", String::from_utf8_lossy(&extract.body));
    let link = extract.header("link");
    let path = link.split(['<', '>']).nth(1).unwrap();
    let signature = desk.client.get(path).await;
    let folder = district.folder.path();
    let header = extract.body.split(|byte| *byte == b'\n').next().unwrap();
    std::fs::write(folder.join("header"), header).unwrap();
    std::fs::write(folder.join("sig.p7s"), &signature.body).unwrap();
    let judged = Command::new("openssl")
        .current_dir(folder)
        .args("cms -verify -inform DER -in sig.p7s -content header -CAfile keys/authority.crt.pem -purpose any -binary".split(' '))
        .output()
        .unwrap();
    assert!(judged.status.success(), "openssl believes it: {}", String::from_utf8_lossy(&judged.stderr));
    let body = &extract.body[header.len() + 1..];
    let told: serde_json::Value = serde_json::from_slice(header).unwrap();
    assert_eq!(told["sha256"], packet::digest_hex(body), "the header speaks of these residents");
    assert_eq!(told["count"], 2, "both");
    let tag = [("if-none-match", extract.header("etag"))];
    let same = desk.client.ask(Method::GET, "/v1/residents/18.13.01", &tag, b"").await;
    assert_eq!(same.status, 304, "the same version is not sent again");
    assert_eq!(
        desk.client.get("/v1/residents/18.13.02").await.problem(),
        "forbidden",
        "only the own wilayah"
    );

    let renamed = lines(&[(&b, "ORANG LAIN SEKALI")]);
    pusat::residents::import(&district.centre, renamed.as_bytes(), "18.13.01").await.unwrap();
    let feed = district.feed(&desk, "0").await;
    let delta = feed.changes.iter().find_map(|change| match change {
        Change::Residents(delta) => Some(delta),
        _ => None,
    });
    let delta = delta.expect("whoever has an extract is told what changed");
    assert_eq!(delta.upsert.len(), 1, "only the changed one");
    assert_eq!(delta.upsert[0]["nama"], "ORANG LAIN SEKALI", "as it is now");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_differs_from_the_residents_goes_to_a_person() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let text = lines(&[(&nik(1), "NAMA YANG SAMA SEKALI LAIN")]);
    pusat::residents::import(&district.centre, text.as_bytes(), "18.13.01").await.unwrap();
    let differs = district.outcome(&desk, &Sheet::new(&desk, 1, 1, &nik(1))).await;
    assert_eq!(differs, ("ADJUDICATE_RECORD".into(), "biodata_differ".into()), "another name");
    let unknown = district.outcome(&desk, &Sheet::new(&desk, 2, 2, &nik(2))).await;
    assert_eq!(unknown, ("REQUEST_VALIDATION".into(), "nik_unknown".into()), "no such resident");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_goes_from_request_to_handover_once() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let job = uuid::Uuid::now_v7();
    let path = format!("/v1/credentialRequests/{job}");
    let body = serde_json::json!({"nik": nik(1)});
    assert_eq!(desk.client.post(&path, &body).await.problem(), "not_now", "nothing to print yet");
    district.outcome(&desk, &Sheet::new(&desk, 1, 1, &nik(1))).await;
    assert_eq!(desk.client.post(&path, &body).await.status, 201, "ready");
    assert_eq!(desk.client.post(&path, &body).await.status, 200, "asked again is the same request");
    let json = [("content-type", "application/json")];
    for _ in 0..2 {
        let issued = br#"{"status":"ISSUED","serial":"B-0001"}"#;
        assert_eq!(desk.client.ask(Method::PUT, &path, &json, issued).await.status, 204, "printed");
    }
    for _ in 0..2 {
        let active = serde_json::json!({"status": "ACTIVE"});
        let answer = desk.client.post(&format!("/v1/credentials/{job}/status"), &active).await;
        assert_eq!(answer.status, 204, "handed over");
    }
    let feed = district.feed(&desk, "0").await;
    let count = |word: &str| feed.lines.iter().filter(|line| line.contains(word)).count();
    assert_eq!((count("CARD_PRINTED"), count("CARD_ISSUED")), (1, 1), "each told once");
}

#[tokio::test(flavor = "multi_thread")]
async fn news_of_a_card_gives_back_no_record_that_was_taken_back() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let enrolment = desk.send(&Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk)).await.enrolment;
    assert_eq!(district.status(enrolment).await.0, "PRINT_READY_RECORD");
    let job = uuid::Uuid::now_v7();
    let path = format!("/v1/credentialRequests/{job}");
    assert_eq!(desk.client.post(&path, &serde_json::json!({"nik": nik(1)})).await.status, 201, "asked for");
    pusat::pipeline::simulate(&district.centre, enrolment, "DUPLICATE_RECORD", "same_person").await.unwrap();
    // The station had no line and printed meanwhile.
    let json = [("content-type", "application/json")];
    let issued = br#"{"status":"ISSUED","serial":"B-0001"}"#;
    assert_eq!(desk.client.ask(Method::PUT, &path, &json, issued).await.status, 204, "the card is known");
    assert_eq!(district.status(enrolment).await.0, "DUPLICATE_RECORD", "and nothing more");
    let feed = district.feed(&desk, "0").await;
    assert!(feed.lines.iter().all(|line| !line.contains("CARD_PRINTED")), "nobody hears of an all-clear");
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_reach_their_station_and_settings_are_signed() {
    use base64::Engine as _;
    let district = District::start().await;
    let (desk, other) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let body = desk.send(&Sheet::new(&desk, 1, 1, &nik(1)).seal(&desk)).await;
    assert_eq!(district.status(body.enrolment).await.0, "PRINT_READY_RECORD", "there is something to print");
    let job = orders::print(&district.centre, "UJI-02", body.enrolment).await.expect("ready");
    orders::allot_blangko(&district.centre, "UJI-02", domain::stock::Item::Blangko, "B-0001", 50)
        .await
        .unwrap();
    orders::set(&district.centre, None, "sync.keep_days", &serde_json::json!(64)).await.unwrap();
    orders::recover(&district.centre, "UJI-02", "resend", &[(3, 9)], "bytes_lost").await.unwrap();
    let nowhere =
        orders::allot_blangko(&district.centre, "UJI-99", domain::stock::Item::Blangko, "B-0001", 50).await;
    assert!(nowhere.is_err(), "an unknown station is a mistake of the caller");

    let feed = district.feed(&other, "0").await;
    let found = |test: fn(&Change) -> bool| feed.changes.iter().filter(|change| test(change)).count();
    assert_eq!(found(|change| matches!(change, Change::Print(_))), 1, "the card");
    assert!(feed.lines.iter().any(|line| line.contains(&job.to_string())), "under its job");
    assert_eq!(found(|change| matches!(change, Change::Blangko(b) if b.count == 50)), 1, "the blangko");
    assert_eq!(found(|change| matches!(change, Change::Recovery(r) if r.q == [(3, 9)])), 1, "the order");
    let signed = feed.changes.iter().find_map(|change| match change {
        Change::Setting(setting) => Some(setting.signed.clone()),
        _ => None,
    });
    let signed = base64::engine::general_purpose::STANDARD.decode(signed.expect("the setting")).unwrap();
    let trust = district.centre.keys.trust();
    let setting = Document::verify(&signed, "rekam-setting/1", Role::CentreSigner, &trust).expect("signed");
    let setting: serde_json::Value = serde_json::from_slice(&setting.content).unwrap();
    assert_eq!((&setting["key"], &setting["value"]), (&"sync.keep_days".into(), &64.into()), "as it was set");
    let own = district.feed(&desk, "0").await;
    assert!(!own.lines.iter().any(|line| line.contains(&job.to_string())), "nobody else hears of the card");
}

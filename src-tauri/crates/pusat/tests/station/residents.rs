//! A whole extract in place of the one before: whoever is not in it goes from the centre and from the station.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use store::ExtractSignature;

use crate::desk::Station;
use crate::district::District;
use crate::recording::nik;

const WILAYAH: &str = "18.13.01";

/// `pusat residents import`: its code, and what it said.
fn import(folder: &Path, lines: &[Value], more: &[&str]) -> (Option<i32>, String) {
    let file = folder.join("penduduk.ndjson");
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    std::fs::write(&file, text).unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_pusat"))
        .arg("--folder")
        .arg(folder)
        .args(["residents", "import"])
        .arg(&file)
        .args(["--wilayah", WILAYAH])
        .args(more)
        .env("PUSAT_LOG", "error")
        .output()
        .unwrap();
    let said = [done.stdout, done.stderr].concat();
    (done.status.code(), String::from_utf8_lossy(&said).trim().to_owned())
}

fn resident(number: u64, wilayah: &str) -> Value {
    json!({"nik": nik(number), "kk": "1801010101019001", "nama": format!("ORANG {number}"), "kode_wilayah": wilayah})
}

fn here(number: u64) -> Value {
    resident(number, "18.13.01.2001")
}

fn held(station: &Station) -> Vec<u64> {
    let known = |number: &u64| station.store.read(|v| v.resident_by_nik(&nik(*number))).unwrap().is_some();
    (1..=400).filter(known).collect()
}

/// A file on a stick of this moment, signed by the centre.
fn from_stick(district: &District, station: &Station, lines: &[Value]) {
    let body: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let header = json!({
        "format": "rekam-residents", "version": 1, "wilayah": WILAYAH, "taken_at": station.ctx().now.to_string(),
        "count": lines.len(), "sha256": packet::digest_hex(body.as_bytes()),
    })
    .to_string();
    let cms = packet::sign_detached(header.as_bytes(), &district.centre.keys.signer).unwrap();
    let authority = station.trust.authorities[0].to_der().unwrap();
    let ca = openssl::x509::X509::from_der(&authority).unwrap();
    let signature = ExtractSignature { cms: &cms, ca: &ca };
    let file = format!("{header}\n{body}");
    station.store.import_residents(file.as_bytes(), signature, &station.ctx()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_centre_has_takes_the_place_of_a_younger_file_though_nothing_changed_there_since() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let station = Station::new(&district, &desk);
    let lines: Vec<Value> = (1..=3).map(here).collect();
    assert_eq!(import(district.folder.path(), &lines, &[]).0, Some(0));
    let now = station.ctx().now;
    station.store.bookkeep(now, |ledger| ledger.found("residents_no_room", "")).unwrap();
    assert_eq!(station.exchange().await.cause, None);
    assert!(station.findings().is_empty(), "there was room for them");
    station.days_later();
    from_stick(&district, &station, &[here(1), here(4)]);
    assert_eq!(held(&station), [1, 4], "the file is younger than the centre's last word");
    station.days_later();
    assert_eq!(station.exchange().await.cause, None);
    assert_eq!(held(&station), [1, 2, 3], "the centre's word of today, made days ago");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_extract_takes_away_who_is_not_in_it_at_the_centre_and_at_the_station() {
    let district = District::start().await;
    let folder = district.folder.path();
    let desk = district.desk("UJI-01").await;
    let station = Station::new(&district, &desk);
    let first: Vec<Value> = (1..=300).map(here).collect();
    assert_eq!(import(folder, &first, &[]), (Some(0), "300 baris, 300 baru atau berubah".into()));
    assert_eq!(station.exchange().await.cause, None, "the station takes its extract");
    assert_eq!(held(&station).len(), 300, "with everybody in it");
    let elsewhere = import(folder, &[resident(9_001, "18.13.02.2001")], &[]);
    assert_eq!(
        elsewhere,
        (Some(0), "1 baris, 1 baru atau berubah".into()),
        "another kecamatan has residents too"
    );

    let whole = |lines: &[Value]| import(folder, lines, &["--whole"]);
    for (lines, words) in [
        (vec![], "a whole file without residents would remove everybody"),
        (vec![here(1), resident(2, "18.13.02.2001")], "line 2: kode_wilayah outside the wilayah of the file"),
        (vec![here(1), json!({"nik": nik(2)})], "line 2: nama"),
        (
            vec![json!({"format": "rekam-residents", "count": 2, "sha256": "00"}), here(1)],
            "the header speaks of other residents",
        ),
    ] {
        let (code, said) = whole(&lines);
        assert!(code == Some(1) && said.contains(words), "{words}: {said}");
    }
    station.exchange().await;
    assert_eq!(held(&station).len(), 300, "what was refused took nobody away");

    // A hundred and one are gone: more than one line of the feed holds. One is new, one has another name.
    let mut next: Vec<Value> = (1..=199).chain([301]).map(here).collect();
    next[6]["nama"] = json!("ORANG LAIN");
    let said = whole(&next);
    assert_eq!(said, (Some(0), "200 baris, 2 baru atau berubah, 101 dikeluarkan".into()));
    assert_eq!(
        desk.client.get(&format!("/v1/persons/{}", nik(250))).await.problem(),
        "not_found",
        "gone here"
    );
    assert_eq!(desk.client.get(&format!("/v1/persons/{}", nik(7))).await.status, 200, "who stays is here");
    assert_eq!(station.exchange().await.cause, None, "and the station hears of it");
    let expected: Vec<u64> = (1..=199).chain([301]).collect();
    assert_eq!(held(&station), expected, "gone there as well, and nobody else");
    let again = whole(&next);
    assert_eq!(
        again,
        (Some(0), "200 baris, 0 baru atau berubah, 0 dikeluarkan".into()),
        "the same once more"
    );

    // Who comes back comes back; who moves to another kecamatan leaves this station.
    assert_eq!(import(folder, &[here(250), resident(7, "18.13.02.2001")], &[]).0, Some(0));
    assert_eq!(station.exchange().await.cause, None, "told by the feed");
    let expected: Vec<u64> = (1..=199).filter(|number| *number != 7).chain([250, 301]).collect();
    assert_eq!(held(&station), expected, "one is back, one has moved away");
    let kept: (i64,) =
        sqlx::query_as("SELECT count(*) FROM resident WHERE NOT gone AND wilayah LIKE '18.13.02%'")
            .fetch_one(&district.centre.pool)
            .await
            .unwrap();
    assert_eq!(kept.0, 2, "the other kecamatan was never touched by it");
}

#[tokio::test(flavor = "multi_thread")]
async fn residents_for_whom_the_disk_has_no_room_now_are_not_fetched_a_second_time() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    let port = district.serving.as_ref().unwrap().address.port();
    let station = Station::with_threshold(&district, &desk, port, u64::MAX / 2);
    let lines: Vec<Value> = (1..=3).map(here).collect();
    assert_eq!(import(district.folder.path(), &lines, &[]).0, Some(0));
    let progress = || station.store.read(|v| v.extract_progress()).unwrap();
    assert_eq!(station.exchange().await.cause, None);
    let fetched = progress();
    assert!(fetched.have > 0 && fetched.have == fetched.total, "whole, of one piece: {fetched:?}");
    assert_eq!(held(&station), [0; 0], "and not imported");
    let told = [("residents_no_room".to_owned(), String::new())];
    assert_eq!(station.findings(), told, "a person is told");
    let check = station.store.read(|v| v.extract_check()).unwrap();
    assert!(check.checked_ms > 0 && check.current_ms == 0, "and it is looked again in a day: {check:?}");

    // The centre has a newer version meanwhile.
    assert_eq!(import(district.folder.path(), &[here(4)], &[]).0, Some(0));
    for later in [false, true] {
        if later {
            station.days_later();
        }
        assert_eq!(station.exchange().await.cause, None);
        assert_eq!(progress(), fetched, "the same bytes wait for room, a day later: {later}");
    }
    assert_eq!(station.findings(), told, "once");
    assert_eq!(held(&station), [0; 0], "nobody is imported");
}

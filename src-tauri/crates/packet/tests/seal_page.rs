//! The page that checks seals without network, run under node against seals of our own making.
#![allow(clippy::expect_used, reason = "a test may panic")]

mod common;

use common::{District, at};
use domain::Date;
use domain::seal::{Checksum, Kind, Seal};
use packet::seal::sign;
use serde_json::{Value, json};
use std::io::Write as _;
use std::process::{Command, Stdio};

const DRIVER: &str = r#"
const fs = require('fs'), vm = require('vm');
const html = fs.readFileSync(process.argv[2], 'utf8');
const inti = /<script id="inti">([\s\S]*?)<\/script>/.exec(html)[1];
vm.runInThisContext(inti);
const R = globalThis.RekamSegel;
(async () => {
  const { keys, cases, fields } = JSON.parse(fs.readFileSync(0, 'utf8'));
  const held = [];
  const bad = [];
  for (const pem of keys) { try { held.push(await R.bacaKunci(pem)); bad.push(null); } catch (e) { bad.push(e.sebab ?? String(e)); } }
  const verdicts = [];
  for (const c of cases) { const v = await R.periksa(c.text, held, c.today); verdicts.push({ putusan: v.putusan, nomor: v.segel && v.segel.nomor, sampai: v.segel && v.segel.sampai, sidik: v.segel && v.segel.sidik, jenis: v.segel && v.segel.nama_jenis, kolom: v.segel && v.segel.kolom, stasiun: v.kunci }); }
  const sums = [];
  for (const f of fields) sums.push(await R.sidikIsi(f.kind, f.values));
  console.log(JSON.stringify({ bad, verdicts, sums }));
})();
"#;

fn page(input: &Value) -> Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/print/periksa-qr.html");
    let folder = tempfile::tempdir().expect("folder");
    let driver = folder.path().join("driver.cjs");
    std::fs::write(&driver, DRIVER).expect("driver");
    let mut node = Command::new("node")
        .arg(&driver)
        .arg(path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node runs");
    node.stdin.take().expect("stdin").write_all(input.to_string().as_bytes()).expect("write");
    let out = node.wait_with_output().expect("node ends");
    assert!(out.status.success(), "the page's own lines run under node");
    serde_json::from_slice(&out.stdout).expect("an answer")
}

fn pem(identity: &packet::pki::Identity) -> String {
    String::from_utf8(identity.certificate_ref().to_pem().expect("pem")).expect("text")
}

fn seal(training: bool) -> Seal {
    let kind = Kind::SuratKeterangan;
    let values = ["WAHYU NUGROHO", "1813070809959002", "LIWA, 08-09-1995"];
    Seal {
        kind,
        number: "470/0318/SKT/18.13/XI/2026".into(),
        issued: Date::constant(2026, 11, 24),
        until: Some(Date::constant(2027, 5, 24)),
        training,
        checksum: Checksum::of(kind, &values).expect("fields"),
    }
}

fn verdicts(keys: &[String], texts: &[String], today: &str) -> Vec<String> {
    let cases: Vec<Value> = texts.iter().map(|text| json!({ "text": text, "today": today })).collect();
    let answer = page(&json!({ "keys": keys, "cases": cases, "fields": [] }));
    let found = answer["verdicts"].as_array().expect("verdicts").iter();
    found.map(|v| v["putusan"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_page_believes_what_the_station_signed_and_reads_what_it_says() {
    let real = District::new(false);
    let text = sign(&seal(false), &real.station).expect("sign");
    let cases = json!([{ "text": text, "today": "2026-12-01" }, { "text": text, "today": "2027-05-25" }]);
    let answer = page(&json!({ "keys": [pem(&real.station)], "cases": cases, "fields": [] }));
    let first = &answer["verdicts"][0];
    assert_eq!(first["putusan"], "asli", "{answer}");
    assert_eq!(first["nomor"], "470/0318/SKT/18.13/XI/2026");
    assert_eq!(first["sampai"], "2027-05-24");
    assert_eq!(first["stasiun"], "18.13-02");
    assert_eq!(answer["verdicts"][1]["putusan"], "kedaluwarsa", "a day after its end");
}

#[test]
fn a_seal_of_before_a_renewal_is_genuine_on_a_page_that_knows_both_keys() {
    let (now, before) = (District::new(false), District::new(false));
    let texts =
        [sign(&seal(false), &before.station).expect("sign"), sign(&seal(false), &now.station).expect("sign")];
    let found = |keys: &[String]| verdicts(keys, &texts, "2026-12-01");
    assert_eq!(found(&[pem(&now.station), pem(&before.station)]), ["asli", "asli"], "the code names its key");
    assert_eq!(
        found(&[pem(&now.station)]),
        ["kunci_lain", "asli"],
        "and of a key that is not there nothing is said"
    );
}

#[test]
fn a_training_seal_checks_as_training_and_never_as_real() {
    let (real, training) = (District::new(false), District::new(true));
    let text = sign(&seal(true), &training.station).expect("sign");
    let bare = text.trim_start_matches("LATIHAN:").to_owned();
    let keys = [pem(&real.station), pem(&training.station)];
    assert_eq!(
        verdicts(&keys, &[text, bare], "2026-12-01"),
        ["latihan", "latihan"],
        "with and without its mark"
    );
    assert!(sign(&seal(false), &training.station).is_err(), "a training key signs nothing real");
    assert!(sign(&seal(true), &real.station).is_err(), "a real key signs nothing for training");
}

#[test]
fn no_changed_letter_is_ever_genuine() {
    let real = District::new(false);
    let text = sign(&seal(false), &real.station).expect("sign");
    let body = text.find(':').expect("colon") + 1;
    let changed: Vec<String> = (body..text.len())
        .map(|at| {
            let mut letters: Vec<u8> = text.clone().into_bytes();
            letters[at] = if letters[at] == b'A' { b'B' } else { b'A' };
            String::from_utf8(letters).expect("ascii")
        })
        .filter(|other| *other != text)
        .collect();
    let found = verdicts(&[pem(&real.station)], &changed, "2026-12-01");
    assert!(
        found.len() > 100 && found.iter().all(|v| v != "asli" && v != "kedaluwarsa" && v != "latihan"),
        "{found:?}"
    );
}

#[test]
fn other_keys_other_texts_and_other_certificates_are_told_apart() {
    let (real, other) = (District::new(false), District::new(false));
    let text = sign(&seal(false), &real.station).expect("sign");
    let typed = format!(" {}\r\n", text.to_lowercase().replace(':', ";"));
    let texts = [
        text.clone(),
        typed,
        "https://example.org".into(),
        text[..text.len() - 9].into(),
        format!("LATIHAN:{text}"),
    ];
    assert_eq!(
        verdicts(&[pem(&real.station)], &texts, "2026-12-01"),
        ["asli", "asli", "bukan_segel", "rusak", "diubah"],
        "as signed, as a scanner types it, not a seal, cut off, marked by hand"
    );
    assert_eq!(verdicts(&[pem(&other.station)], &texts[..1], "2026-12-01"), ["kunci_lain"]);
    let answer = page(
        &json!({ "keys": [pem(&real.operator), "nonsense", pem(&real.station)], "cases": [], "fields": [] }),
    );
    assert_eq!(answer["bad"], json!(["peran", "pem", null]), "only a station's certificate is taken");
}

#[test]
fn a_paper_dated_outside_its_certificate_is_refused() {
    let real = District::new(false);
    let early = Seal { issued: Date::constant(2025, 12, 1), ..seal(false) };
    let text = sign(&early, &real.station).expect("sign");
    assert_eq!(verdicts(&[pem(&real.station)], &[text], "2026-12-01"), ["di_luar_masa"]);
}

#[test]
fn the_page_and_the_station_count_the_same_fields_alike() {
    let cases: [(Kind, Vec<&str>); 6] = [
        (Kind::TandaPengambilan, vec![" siti  rahmawati", "180401 540308 9002"]),
        (Kind::SuratKeterangan, vec!["NUR'AINI", "1804019002", "Krui, 14-03-2008"]),
        (Kind::SlipPengembalian, vec!["élodie straße ñandú", "180401••••••9002"]),
        (Kind::LaporanHarian, vec!["24", "19", "18", "1", "312"]),
        (Kind::Laporan, vec!["01-11-2026  sampai 30-11-2026", "418", "381", "341"]),
        (Kind::LaporanStok, vec!["senin, 23 november 2026", "19", "1", "312"]),
    ];
    let fields: Vec<Value> =
        cases.iter().map(|(kind, values)| json!({ "kind": kind.code(), "values": values })).collect();
    let answer = page(&json!({ "keys": [], "cases": [], "fields": fields }));
    for (at, (kind, values)) in cases.iter().enumerate() {
        let ours = Checksum::of(*kind, values).expect("fields").groups().replace(' ', "");
        assert_eq!(answer["sums"][at], ours, "{kind:?}");
    }
}

#[test]
fn the_page_knows_every_kind_of_paper_by_its_name_and_its_fields() {
    let real = District::new(false);
    let texts: Vec<String> = Kind::ALL
        .into_iter()
        .map(|kind| {
            let checksum = Checksum::of(kind, &vec!["X"; kind.labels().len()]).expect("fields");
            sign(&Seal { kind, checksum, until: None, ..seal(false) }, &real.station).expect("sign")
        })
        .collect();
    let cases: Vec<Value> = texts.iter().map(|text| json!({ "text": text, "today": "2026-12-01" })).collect();
    let answer = page(&json!({ "keys": [pem(&real.station)], "cases": cases, "fields": [] }));
    for (at, kind) in Kind::ALL.into_iter().enumerate() {
        let said = &answer["verdicts"][at];
        assert_eq!(said["putusan"], "asli", "{kind:?}: {said}");
        assert_eq!(said["jenis"], kind.name(), "{kind:?}");
        assert_eq!(said["kolom"], json!(kind.labels()), "{kind:?}: the fields that a reader compares");
    }
}

#[test]
fn the_page_asks_nobody() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/print/periksa-qr.html");
    let html = std::fs::read_to_string(path).expect("page");
    assert!(html.contains("default-src 'none'"), "the browser itself forbids every request");
    for word in ["fetch(", "XMLHttpRequest", "src=\"", "href=\"", "import(", "WebSocket"] {
        assert!(!html.contains(word), "{word} would leave the page");
    }
    let _ = at("2026-11-23T03:43:00Z");
}

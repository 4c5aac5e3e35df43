//! A paper's code on the command line, as a third party would check it.
#![allow(clippy::expect_used, reason = "a test may panic")]

use std::process::Command;

use domain::Date;
use domain::seal::{Checksum, Kind, Seal};
use packet::pki::{Authority, Identity, Role, Validity};
use serde_json::Value;

fn station(training: bool) -> Identity {
    let from = "2026-01-01T00:00:00Z".parse().expect("a time");
    let authority = Authority::new("Otoritas uji", training, Validity::days(from, 3650)).expect("authority");
    authority.issue_identity(Role::Station, "18.13-02", Validity::days(from, 365)).expect("station")
}

fn code(identity: &Identity, training: bool) -> String {
    let kind = Kind::SuratKeterangan;
    let seal = Seal {
        kind,
        number: "470/0318/SKT/18.13/XI/2026".into(),
        issued: Date::constant(2026, 11, 24),
        until: Some(Date::constant(2027, 5, 24)),
        training,
        checksum: Checksum::of(kind, &["WAHYU NUGROHO", "1813070809959002", "LIWA, 08-09-1995"])
            .expect("fields"),
    };
    packet::seal::sign(&seal, identity).expect("sign")
}

fn ask(identity: &Identity, text: &str, more: &[&str]) -> (i32, Value) {
    let folder = tempfile::tempdir().expect("folder");
    let pem = folder.path().join("stasiun.pem");
    std::fs::write(&pem, identity.certificate_ref().to_pem().expect("pem")).expect("write");
    let out = Command::new(env!("CARGO_BIN_EXE_rekamctl"))
        .args(["verify-qr", text, "--today", "2026-12-01", "--key"])
        .arg(&pem)
        .args(more)
        .output()
        .expect("rekamctl runs");
    let said = String::from_utf8(out.stdout).expect("UTF-8");
    (out.status.code().unwrap_or(-1), serde_json::from_str(&said).unwrap_or(Value::Null))
}

#[test]
fn a_genuine_code_is_told_in_words_and_its_content_compared() {
    let station = station(false);
    let text = code(&station, false);
    let (exit, said) = ask(&station, &text, &[]);
    assert_eq!((exit, said["verdict"].as_str()), (0, Some("genuine")), "{said}");
    assert_eq!(said["number"], "470/0318/SKT/18.13/XI/2026");
    assert!(!said.to_string().contains("1813070809959002"), "no NIK comes out of a code");

    let fields = [
        "--field",
        "nama=Wahyu Nugroho",
        "--field",
        "nik=181307 080995 9002",
        "--field",
        "lahir=LIWA, 08-09-1995",
    ];
    assert_eq!(ask(&station, &text, &fields).1["fields_match"], true);
    let other = [
        "--field",
        "nama=Wahyu Nugraha",
        "--field",
        "nik=1813070809959002",
        "--field",
        "lahir=LIWA, 08-09-1995",
    ];
    let (exit, said) = ask(&station, &text, &other);
    assert_eq!((exit, said["verdict"].as_str()), (2, Some("content_differs")), "{said}");
    assert_eq!(ask(&station, &text, &["--field", "nama=x"]).0, 3, "half of the fields is no question");
}

#[test]
fn a_code_of_before_a_renewal_is_checked_by_the_one_of_several_keys_that_it_names() {
    let (now, before) = (station(false), station(false));
    let folder = tempfile::tempdir().expect("folder");
    let pem = folder.path().join("lama.pem");
    std::fs::write(&pem, before.certificate_ref().to_pem().expect("pem")).expect("write");
    let text = code(&before, false);
    assert_eq!(ask(&now, &text, &[]).1["verdict"], "other_key", "today's alone does not know it");
    let (exit, said) = ask(&now, &text, &["--key", pem.to_str().expect("path")]);
    assert_eq!((exit, said["verdict"].as_str()), (0, Some("genuine")), "{said}");
    let none =
        Command::new(env!("CARGO_BIN_EXE_rekamctl")).args(["verify-qr", &text]).output().expect("it runs");
    assert_eq!(none.status.code(), Some(3), "without any key there is no question");
}

#[test]
fn a_report_over_a_period_is_told_from_one_whose_counts_were_changed() {
    let station = station(false);
    let values = ["01-11-2026 sampai 30-11-2026", "418", "381", "341"];
    let seal = Seal {
        kind: Kind::Laporan,
        number: "LP/18.13/2026/00011".into(),
        issued: Date::constant(2026, 12, 1),
        until: None,
        training: false,
        checksum: Checksum::of(Kind::Laporan, &values).expect("fields"),
    };
    let text = packet::seal::sign(&seal, &station).expect("sign");
    let fields = |recorded: &'static str| {
        let period = "periode=01-11-2026 SAMPAI 30-11-2026";
        ["--field", period, "--field", recorded, "--field", "dicetak=381", "--field", "diserahkan=341"]
    };
    let (exit, said) = ask(&station, &text, &fields("terekam=418"));
    assert_eq!((exit, said["verdict"].as_str()), (0, Some("genuine")), "{said}");
    assert_eq!(
        (said["number"].as_str(), said["fields_match"].as_bool()),
        (Some("LP/18.13/2026/00011"), Some(true))
    );
    let (exit, said) = ask(&station, &text, &fields("terekam=481"));
    assert_eq!((exit, said["verdict"].as_str()), (2, Some("content_differs")), "{said}");
}

#[test]
fn training_end_of_validity_and_forgery_are_told_apart() {
    let (real, training) = (station(false), station(true));
    let (exit, said) = ask(&training, &code(&training, true), &[]);
    assert_eq!(
        (exit, said["verdict"].as_str(), said["training"].as_bool()),
        (1, Some("training"), Some(true))
    );
    let (exit, said) = ask(&training, code(&training, true).trim_start_matches("LATIHAN:"), &[]);
    assert_eq!(
        (exit, said["verdict"].as_str()),
        (1, Some("training")),
        "without its mark it is still training"
    );

    let text = code(&real, false);
    let folder = tempfile::tempdir().expect("folder");
    let pem = folder.path().join("stasiun.pem");
    std::fs::write(&pem, real.certificate_ref().to_pem().expect("pem")).expect("write");
    let late = Command::new(env!("CARGO_BIN_EXE_rekamctl"))
        .args(["verify-qr", &text, "--today", "2027-05-25", "--key"])
        .arg(&pem)
        .output()
        .expect("rekamctl runs");
    assert_eq!(late.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&late.stdout).contains("\"expired\""));

    let mut forged = text.clone();
    let last = forged.pop().expect("letter");
    forged.pop();
    forged.push(if text.as_bytes()[text.len() - 2] == b'A' { 'B' } else { 'A' });
    forged.push(last);
    let (exit, said) = ask(&real, &forged, &[]);
    assert_eq!((exit, said["verdict"].as_str()), (2, Some("forged")), "{said}");
    assert_eq!(ask(&station(false), &text, &[]).1["verdict"], "other_key");
    assert_eq!(ask(&real, "REKAM1:26-1123-016:9c41", &[]).1["verdict"], "unreadable");
}

/// `rekamctl qr-page` with these arguments: how it ended, and what it said.
fn page(args: &[&std::ffi::OsStr]) -> (i32, Value, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_rekamctl"))
        .arg("qr-page")
        .args(args)
        .env("REKAM_PASSWORD", training::PASSWORD)
        .output()
        .expect("rekamctl runs");
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&out.stderr).into_owned();
    (out.status.code().unwrap_or(-1), serde_json::from_str(&said).unwrap_or(Value::Null), wrong)
}

/// The keys that a written page trusts from the start.
fn planted(page: &std::path::Path) -> Vec<String> {
    let html = std::fs::read_to_string(page).expect("the page");
    let json = html.split_once("id=\"kunci-tanam\">").expect("a place for keys").1;
    serde_json::from_str(json.split_once("</script>").expect("its end").0).expect("a list")
}

#[test]
fn the_page_that_checks_codes_is_written_to_a_stick_with_the_keys_that_the_office_vouches_for() {
    let folder = tempfile::tempdir().expect("folder");
    let (html, pem) = (folder.path().join("periksa-qr.html"), folder.path().join("stasiun.pem"));
    let key = station(false).certificate_ref().to_pem().expect("pem");
    std::fs::write(&pem, &key).expect("write");
    let (exit, said, wrong) = page(&["--out".as_ref(), html.as_os_str(), "--key".as_ref(), pem.as_os_str()]);
    assert_eq!((exit, said["keys"].as_u64()), (0, Some(1)), "{said} {wrong}");
    assert_eq!(planted(&html), [String::from_utf8(key).expect("text")], "and nothing else");
    let shipped =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/print/periksa-qr.html");
    let shipped = std::fs::read_to_string(shipped).expect("the page that ships");
    let rest = |page: &str| page.rsplit_once("id=\"inti\"").map(|(_, rest)| rest.to_owned());
    let written = std::fs::read_to_string(&html).expect("the page");
    assert_eq!(rest(&written), rest(&shipped), "everything after the keys is as it ships");

    let (exit, _, wrong) = page(&["--out".as_ref(), html.as_os_str()]);
    assert_eq!(exit, 3, "a file that stands there is left as it is: {wrong}");
    assert_eq!(planted(&html).len(), 1);
    let (other, none) = (folder.path().join("lain.html"), folder.path().join("bukan.pem"));
    std::fs::write(&none, "bukan sertifikat").expect("write");
    let (exit, _, wrong) = page(&["--out".as_ref(), other.as_os_str(), "--key".as_ref(), none.as_os_str()]);
    assert!(exit == 3 && !other.exists(), "no page that trusts what is no key: {wrong}");
}

fn pem(identity: &Identity) -> String {
    String::from_utf8(identity.certificate_ref().to_pem().expect("pem")).expect("text")
}

/// This was the certificate of the training station in that folder before its present one.
fn renewed(data: &std::path::Path, before: &str) {
    use store::{Act, Argon2Cost, Ctx, KeySlots, Store, StoreOptions};
    let database = data.join("rekam.db");
    let now = jiff::Timestamp::now();
    let operator = domain::ids::OperatorId::parse("hendra").expect("an account");
    let mut slots =
        KeySlots::open(&KeySlots::path_beside(&database), Argon2Cost::CHEAP_FOR_TESTS).expect("slots");
    let key = slots.unlock(&operator, training::PASSWORD, now).expect("the password");
    let store = Store::open(&database, &key, StoreOptions::default(), now).expect("the database");
    let json = store.read(|view| view.setting("credentials")).expect("read").expect("activated");
    let mut kept: Value = serde_json::from_str(&json).expect("JSON");
    kept["earlier"] = serde_json::json!([before]);
    let act = Act::SettingChange { name: "credentials".into() };
    let ctx = Ctx { operator: Some(operator), now };
    store.transact(act, &ctx, |tx| tx.set_setting("credentials", &kept.to_string())).expect("kept");
}

#[test]
fn a_station_plants_its_own_certificate_in_the_page() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("stasiun");
    let options = training::Options { dir: data.clone(), residents: 3, ..training::Options::default() };
    drop(training::start(&options).expect("training starts"));
    let before = pem(&station(true));
    renewed(&data, &before);
    let html = folder.path().join("periksa-qr.html");
    let (exit, said, wrong) = page(&[
        "--out".as_ref(),
        html.as_os_str(),
        "--data".as_ref(),
        data.as_os_str(),
        "--operator".as_ref(),
        "hendra".as_ref(),
    ]);
    assert_eq!((exit, said["keys"].as_u64()), (0, Some(2)), "{said} {wrong}");
    assert_eq!(planted(&html)[1], before, "that of before a renewal too");
    let own = packet::pki::Certificate::from_pem(planted(&html)[0].as_bytes()).expect("a certificate");
    assert!(own.require(Role::Station).is_ok() && own.is_training(), "of this station, and no secret of it");
}

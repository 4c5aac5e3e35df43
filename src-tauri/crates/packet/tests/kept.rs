//! Sealed packets as they once left a station, one folder for each version of the format: every later program opens them,
//! believes them and reads the same words. Nothing in such a folder is ever written anew, for a centre keeps such packets
//! for decades; a new version of the format adds a folder beside it.
#![allow(clippy::expect_used, reason = "a test may panic")]

mod common;

use common::{District, at, judge, now};
use domain::ids::{OperatorId, PermohonanId, StationCode};
use domain::register::{Checkpoint, Hash32, RegisterEntry, RegisterKind, RegisterLine};
use packet::pki::{Authority, Certificate, Identity, Role, Validity};
use packet::{
    Entry, FORMAT_VERSION, Header, Packet, Part, REGISTER_FILE, RegisterStretch, StretchOf, Suite, Trust,
    VerifiedPart,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// SHA-256 over the three sealed files of each folder, one after the other: whoever writes one anew is noticed.
const KEPT: [(&str, &str); 1] =
    [("sealed-v1", "0bcaccd2551ab07db2c2ba7fbfed7eb285f0d245947bc5412599c82d80d78cb6")];
const RECIPIENTS: [&str; 2] = ["centre", "escrow"];
const VISIT: &str = "01939a2e-7c00-7000-8000-00000000a016";
/// What `evidence.json` says beside the head of the register.
const EVIDENCE: &str = r#"{"format":"rekam-evidence/1","operator":"petugas-07","register":"#;
const BIODATA: &str = r#"{"format":"rekam-biodata/1","permohonan":"01939a2e-7c00-7000-8000-00000000a016","ticket":"2026-11-23/A-016","kind":"baru_wni","biodata":{"nik":"9901015403089002","nama":"SITI CONTOH NUR’AINI","tanggal_lahir":"2008-03-14"}}"#;

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The folders that are kept, in the order of their names.
fn folders() -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(golden())
        .expect("golden")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.is_dir())
        .collect();
    all.sort();
    all
}

/// A recording of somebody made up, small, with every kind of file that a reader takes apart.
fn recording() -> Packet<packet::Plain> {
    let visit = VISIT.parse().map(PermohonanId::new).expect("uuid");
    let mut before = Some((4, Hash32::of(b"row 4")));
    let lines: Vec<RegisterLine> =
        [(5, RegisterKind::FieldSaved, false), (6, RegisterKind::VisitStarted, true)]
            .into_iter()
            .map(|(minute, kind, own)| {
                let entry = RegisterEntry {
                    at: at(&format!("2026-11-23T03:0{minute}:00Z")),
                    station: StationCode::parse("LATIHAN-1813-01").expect("code"),
                    operator: OperatorId::parse("petugas-07").expect("account"),
                    kind,
                    permohonan: own.then_some(visit),
                    ticket: None,
                    corrects: None,
                    detail: BTreeMap::from([("jenis".to_owned(), "baru_wni".to_owned())]),
                };
                let line = RegisterLine::chain(before, entry);
                before = Some((line.row, line.hash));
                line
            })
            .collect();
    let head = lines.last().map(|line| Checkpoint { row: line.row, hash: line.hash }).expect("two lines");
    let head = serde_json::to_string(&head).expect("JSON");
    let register = serde_json::to_vec(&RegisterStretch::of(lines, visit)).expect("JSON");
    let header = Header {
        packet: "01939a2e-7c00-7000-8000-0123456789ab".parse().expect("uuid"),
        station: "LATIHAN-1813-01".to_owned(),
        sequence: 11846,
        created: at("2026-11-23T03:40:00Z"),
        training: true,
        suite: Suite::P256,
    };
    let json = "application/json";
    let id = vec![
        Entry::new("biodata.json", json, BIODATA),
        Entry::new("evidence.json", json, format!("{EVIDENCE}{head}}}")),
        Entry::new(REGISTER_FILE, json, register),
    ];
    let exchange = include_bytes!("../../biometrics/tests/golden/recording-v1.an2");
    let bio = vec![Entry::new("recording.an2", "application/x-ansi-nist-itl", *exchange)];
    let dok = vec![Entry::new("formulir-perekaman.pdf", "application/pdf", *b"%PDF-1.7 contoh")];
    Packet::new(header, id, bio, dok).expect("a sound recording")
}

/// What a reader finds in the part: who signed when, the manifest, the files, of those in JSON the very words.
fn words(part: &VerifiedPart) -> String {
    let manifest = &part.manifest;
    let mut said = format!(
        "{} {} {} no. {} {} training {}\nsigned {} by {} and {}\n",
        manifest.packet,
        manifest.part,
        manifest.station,
        manifest.sequence,
        manifest.created,
        manifest.training,
        part.signed_at,
        part.station.common_name(),
        part.operator.common_name(),
    );
    for entry in &part.entries {
        said += &format!("{} {} {}\n", entry.name, entry.media_type, packet::digest_hex(&entry.bytes));
        if entry.media_type == "application/json" {
            said += &format!("  {}\n", String::from_utf8_lossy(&entry.bytes));
        }
    }
    said
}

/// The keys of the made-up district that a folder was sealed in; they open nothing else.
fn opener(folder: &Path, name: &str) -> Identity {
    let read = |file: String| std::fs::read(folder.join(file)).expect("kept");
    Identity::from_pem(&read(format!("{name}.key.pem")), &read(format!("{name}.crt.pem"))).expect("identity")
}

fn trust(folder: &Path) -> Trust {
    let authority = std::fs::read(folder.join("ca.pem")).expect("kept");
    Trust { training: true, authorities: vec![Certificate::from_pem(&authority).expect("certificate")] }
}

/// With `REKAM_WRITE_GOLDEN` set, seals a packet of this version where none is kept yet. One that is there stays as it is.
fn keep_where_absent() {
    let folder = golden().join(format!("sealed-v{FORMAT_VERSION}"));
    if folder.exists() || std::env::var_os("REKAM_WRITE_GOLDEN").is_none() {
        return;
    }
    // As long as a certificate may last: the command line program goes by the clock of the day.
    let validity = Validity::days(at("2026-01-01T00:00:00Z"), 36_500);
    let authority = Authority::new("Otoritas uji", true, validity).expect("authority");
    let issue = |role, name| authority.issue_identity(role, name, validity).expect("identity");
    let district = District {
        centre: issue(Role::Centre, "pusat uji"),
        escrow: issue(Role::Escrow, "eskro uji"),
        station: issue(Role::Station, "LATIHAN-1813-01"),
        operator: issue(Role::Operator, "petugas-07"),
        authority,
    };
    let sealed = recording()
        .seal(&district.station, &district.operator, &district.recipients(), now())
        .expect("seals");
    std::fs::create_dir(&folder).expect("folder");
    let write = |name: String, bytes: &[u8]| std::fs::write(folder.join(name), bytes).expect("write");
    write("ca.pem".into(), &district.authority.certificate().to_pem().expect("pem"));
    for (name, identity) in [("centre", &district.centre), ("escrow", &district.escrow)] {
        write(format!("{name}.key.pem"), &identity.key_pem().expect("pem"));
        write(format!("{name}.crt.pem"), &identity.certificate_ref().to_pem().expect("pem"));
    }
    for part in Part::ALL {
        let der = &sealed.part(part).der;
        write(format!("{part}.cms"), der);
        let believed = packet::open(der, &district.centre)
            .and_then(|opened| opened.verify(part, &district.trust()))
            .expect("believed");
        write(format!("{part}.txt"), words(&believed).as_bytes());
    }
}

#[test]
fn a_packet_of_every_version_so_far_is_opened_believed_and_read_to_the_same_words() {
    keep_where_absent();
    let folders = folders();
    let names: Vec<String> =
        folders.iter().map(|path| path.file_name().expect("name").to_string_lossy().into_owned()).collect();
    assert_eq!(names, KEPT.map(|(name, _)| name), "one for each version, none taken away");
    assert!(names.contains(&format!("sealed-v{FORMAT_VERSION}")), "also of the version that is written now");
    for (folder, (name, digest)) in folders.iter().zip(KEPT) {
        let sealed = Part::ALL.map(|part| std::fs::read(folder.join(format!("{part}.cms"))).expect("kept"));
        assert_eq!(packet::digest_hex(&sealed.concat()), digest, "{name}: as it was sealed once");
        let trust = trust(folder);
        for (part, der) in Part::ALL.into_iter().zip(&sealed) {
            let agreed = std::fs::read_to_string(folder.join(format!("{part}.txt"))).expect("kept");
            for recipient in RECIPIENTS {
                let believed = packet::open(der, &opener(folder, recipient))
                    .and_then(|opened| opened.verify(part, &trust))
                    .unwrap_or_else(|error| panic!("{name}, {part}, {recipient}: {error}"));
                assert_eq!(words(&believed), agreed, "{name}, {part}, {recipient}");
                if part == Part::Id {
                    register_holds(name, &believed);
                }
            }
        }
    }
}

/// The stretch of the register that it carries ends at the head that the operator and the station signed.
fn register_holds(name: &str, id: &VerifiedPart) {
    let file = |wanted: &str| &id.entry(wanted).unwrap_or_else(|| panic!("{name}: {wanted}")).bytes;
    let evidence: serde_json::Value = serde_json::from_slice(file("evidence.json")).expect("JSON");
    let head: Checkpoint = serde_json::from_value(evidence["register"].clone()).expect("a head");
    let stretch: RegisterStretch = serde_json::from_slice(file(REGISTER_FILE)).expect("a stretch");
    let visit = VISIT.parse().map(PermohonanId::new).expect("uuid");
    let slack = jiff::SignedDuration::from_mins(10);
    let held = stretch.check(StretchOf { head, station: &id.manifest.station, visit, slack });
    assert_eq!(held, Ok(()), "{name}: every line of the visit stands where it was hashed");
}

#[test]
fn openssl_opens_what_is_kept_and_finds_the_files_by_name() {
    for folder in folders() {
        let work = tempfile::tempdir().expect("folder");
        for entry in std::fs::read_dir(&folder).expect("kept") {
            let path = entry.expect("entry").path();
            std::fs::copy(&path, work.path().join(path.file_name().expect("name"))).expect("copy");
        }
        let (name, trust) = (folder.display(), trust(&folder));
        for part in Part::ALL {
            let sealed = format!("{part}.cms");
            for recipient in RECIPIENTS {
                assert!(judge(work.path(), &sealed, recipient), "{name}: {part} for {recipient}");
            }
            let der = std::fs::read(work.path().join(&sealed)).expect("kept");
            let believed = packet::open(&der, &opener(&folder, "centre"))
                .and_then(|opened| opened.verify(part, &trust))
                .expect("believed");
            let listed = std::process::Command::new("tar")
                .current_dir(work.path())
                .args(["-tf", "plain.tar"])
                .output();
            let listed = String::from_utf8(listed.expect("tar runs").stdout).expect("UTF-8");
            let mut files = vec!["manifest.json"];
            files.extend(believed.entries.iter().map(|entry| entry.name.as_str()));
            assert_eq!(listed.lines().collect::<Vec<_>>(), files, "{name}: {part}");
        }
    }
}

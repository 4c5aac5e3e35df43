//! The demonstration as a stranger judges it: `openssl`, `tar` and `nistitl` open what it leaves, and nothing names the applicant.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, where a panic is the report")]

mod judge;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use judge::opens;

fn rekamctl(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rekamctl"))
        .args(args)
        .env("REKAM_CHEAP_KEYS", "1")
        .env("REKAM_LOG", "trace")
        .output()
        .expect("rekamctl starts")
}

/// One file out of `plain.tar`.
fn taken(folder: &Path, name: &str) -> Vec<u8> {
    let tar =
        Command::new("tar").args(["-xOf", "plain.tar", name]).current_dir(folder).output().expect("tar");
    assert!(tar.status.success(), "{name} is in the archive");
    tar.stdout
}

fn json(bytes: &[u8]) -> serde_json::Value {
    serde_json::from_slice(bytes).expect("JSON")
}

fn parts(out: &Path) -> (PathBuf, [PathBuf; 3]) {
    let packets: Vec<PathBuf> =
        std::fs::read_dir(out.join("packet")).unwrap().flatten().map(|entry| entry.path()).collect();
    assert_eq!(packets.len(), 1, "one recording is one packet");
    let files = ["id", "bio", "dok"].map(|part| packets[0].join(format!("{part}.cms")));
    (packets[0].clone(), files)
}

fn python() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../.venv/bin/python")
}

#[test]
fn a_whole_recording_is_opened_by_independent_programs_and_logs_name_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let run = rekamctl(&["demo", "--out", out.to_str().unwrap(), "--residents", "120"]);
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(
        run.status.success(),
        "the demonstration ends well:\n{said}{}",
        String::from_utf8_lossy(&run.stderr)
    );

    let steps = std::fs::read_to_string(out.join("steps.jsonl")).unwrap();
    assert_eq!(steps, said, "what is shown is what is written");
    let names = ["form", "requirements", "verification", "capture", "attestation"];
    assert_eq!(steps.lines().count(), names.len(), "one line for each step");
    for (number, (line, name)) in (1..).zip(steps.lines().zip(names)) {
        let step = json(line.as_bytes());
        assert_eq!(step["step"], number, "in the order of the SOP");
        assert_eq!(step["scenario"], "first_card", "of the first scenario");
        assert_eq!(step["name"], name, "under its name");
        assert_eq!(step["ok"], true, "every step ends well");
        assert!(step["ms"].is_u64(), "and says how long it took");
    }

    let (_, files) = parts(out);
    let mut nik = String::new();
    let mut name = String::new();
    for sealed in &files {
        for who in ["centre", "escrow"] {
            assert!(opens(out, sealed, who), "{who} opens {}", sealed.display());
        }
        match sealed.file_stem().unwrap().to_str().unwrap() {
            "id" => {
                let biodata = json(&taken(out, "biodata.json"));
                nik = biodata["biodata"]["nik"].as_str().unwrap().to_owned();
                name = biodata["biodata"]["nama"].as_str().unwrap().to_owned();
                assert_eq!(&taken(out, "portrait.jpg")[..2], b"\xff\xd8", "the portrait is a JPEG");
            }
            "bio" => std::fs::write(out.join("recording.an2"), taken(out, "recording.an2")).unwrap(),
            _ => assert_eq!(&taken(out, "formulir-perekaman.pdf")[..5], b"%PDF-", "the form is a PDF"),
        }
        let mut bytes = std::fs::read(sealed).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        let broken = out.join("broken.cms");
        std::fs::write(&broken, bytes).unwrap();
        assert!(!opens(out, &broken, "centre"), "one flipped byte is noticed in {}", sealed.display());
    }
    for place in ["documents", "documents/first_card"] {
        let pdf = std::fs::read(out.join(place).join("formulir-perekaman.pdf")).unwrap();
        assert_eq!(&pdf[..5], b"%PDF-", "the form lies beside the packet, in {place}");
    }

    let read = "import sys, nistitl\nm = nistitl.Message()\nm.parse(open(sys.argv[1], 'rb').read())\n\
                print(','.join(str(r.type) for r in m))";
    let judged = Command::new(python())
        .args(["-c", read, out.join("recording.an2").to_str().unwrap()])
        .output()
        .expect("the Python of scripts/setup");
    assert_eq!(
        String::from_utf8_lossy(&judged.stdout).trim(),
        "1,2,10,14,14,14,14,14,14,14,14,14,14,17,17,8",
        "portrait, ten fingers, two irises and the signature: {}",
        String::from_utf8_lossy(&judged.stderr)
    );

    let log = String::from_utf8_lossy(&run.stderr).to_uppercase();
    assert!(log.contains("SIGNED IN"), "the log was on, else the next lines prove nothing");
    assert!(!nik.is_empty() && !log.contains(&nik), "the log does not hold the NIK");
    assert!(!name.is_empty() && !log.contains(&name.to_uppercase()), "nor the name");
    assert!(
        !said.contains(&nik) && !said.to_uppercase().contains(&name.to_uppercase()),
        "nor does the answer"
    );

    opened_without_a_station(out, &files);
    the_register_holds(out);
}

/// `rekamctl packet open` agrees with openssl.
fn opened_without_a_station(out: &Path, files: &[PathBuf; 3]) {
    let key = |name: &str| out.join("keys").join(name).to_str().unwrap().to_owned();
    let open = |file: &Path| {
        rekamctl(&[
            "packet",
            "open",
            "--key",
            &key("centre.key.pem"),
            "--cert",
            &key("centre.crt.pem"),
            "--ca",
            &key("ca.pem"),
            file.to_str().unwrap(),
        ])
    };
    for file in files {
        let seen = open(file);
        assert!(seen.status.success(), "a sound part opens");
        let seen = json(&seen.stdout);
        assert_eq!(seen["manifest"]["training"], true, "a demonstration can never pass for real");
        assert_eq!(seen["operator"], "dewi", "signed by who was at the desk");
    }
    let broken = out.join("id.cms");
    let mut bytes = std::fs::read(&files[0]).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 0x80;
    std::fs::write(&broken, bytes).unwrap();
    let refused = open(&broken);
    assert_eq!(refused.status.code(), Some(2), "a changed part is refused");
    assert_eq!(json(&refused.stdout)["ok"], false, "and the answer says so");
}

/// The register of the demonstration is whole, and a checkpoint beyond its end is missed.
fn the_register_holds(out: &Path) {
    let data = out.join("station");
    let verify = |more: &[&str]| {
        let args = ["register", "verify", "--data", data.to_str().unwrap(), "--operator", "hendra"];
        Command::new(env!("CARGO_BIN_EXE_rekamctl"))
            .args([&args[..], more].concat())
            .env("REKAM_PASSWORD", "latihan-rekam")
            .output()
            .unwrap()
    };
    let whole = verify(&[]);
    assert!(whole.status.success(), "the chain holds: {}", String::from_utf8_lossy(&whole.stderr));
    let rows = json(&whole.stdout)["rows"].as_u64().unwrap();
    assert!(rows > 30, "every deed of the recording left a row, found {rows}");
    let checkpoint = json(&whole.stdout)["checkpoint"].as_str().unwrap().to_owned();
    assert!(
        verify(&["--checkpoint", &checkpoint]).status.success(),
        "its own end is a checkpoint that holds"
    );
    let beyond = checkpoint.replacen(&rows.to_string(), &(rows + 5).to_string(), 1);
    let cut = verify(&["--checkpoint", &beyond]);
    assert_eq!(cut.status.code(), Some(2), "rows that were once printed are missed");
    assert_eq!(json(&cut.stdout)["first_bad_row"], rows + 1, "the first row that is gone is named");
    assert_eq!(json(&cut.stdout)["kind"], "cut_off", "and what happened to it");
    let doctor = rekamctl(&["doctor", "--data", data.to_str().unwrap()]);
    assert_eq!(json(&doctor.stdout)["packets"], 1, "the doctor sees the sealed packet");
}

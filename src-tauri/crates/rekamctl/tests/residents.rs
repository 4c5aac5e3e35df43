//! Residents from a file: what the centre signed comes in, anything else is refused in words and leaves what is there.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

use std::path::{Path, PathBuf};
use std::process::Command;

use domain::ids::OperatorId;
use domain::role::Role as Duty;
use jiff::Timestamp;
use packet::pki::{Authority, Identity, Role, Validity};
use station::provision::{Issued, provision};
use station::{Config, NewOperator, Provision};

const PASSWORD: &str = "sandi-yang-panjang";

/// A station of a centre of its own, with a supervisor and an operator.
struct Station {
    dir: tempfile::TempDir,
    /// The centre's signing key.
    centre: Identity,
    /// A key of the same authority that may not sign extracts.
    operator: Identity,
}

fn station() -> Station {
    let (dir, now) = (tempfile::tempdir().unwrap(), Timestamp::now());
    let validity = Validity::days(now - jiff::SignedDuration::from_hours(1), 30);
    let authority = Authority::new("Otoritas Uji", true, validity).unwrap();
    let issue = |role, name: &str| authority.issue_identity(role, name, validity).unwrap();
    let person = |id: &str, duty| NewOperator {
        id: OperatorId::parse(id).unwrap(),
        name: id.to_owned(),
        roles: vec![duty],
        password: PASSWORD.to_owned(),
        finger: None,
        identity: Some(issue(Role::Operator, id)),
    };
    let set = Provision {
        code: "UJI-1813-01".into(),
        name: "Stasiun Uji".into(),
        place: "Meja".into(),
        training: true,
        issued: Some(Issued {
            authority: authority.certificate().clone(),
            centre: issue(Role::Centre, "Pusat Uji").certificate_ref().clone(),
            escrow: issue(Role::Escrow, "Eskro Uji").certificate_ref().clone(),
            station: issue(Role::Station, "UJI-1813-01"),
        }),
        address: None,
        recovery: None,
        keeper: None,
        operators: vec![person("penyelia", Duty::Supervisor), person("petugas", Duty::Operator)],
    };
    let mut config = Config::default();
    config.station.data_dir = dir.path().to_string_lossy().into_owned();
    config.disk.ballast_mb = 1;
    provision(&config, now, set, None).expect("a station");
    Station { centre: issue(Role::CentreSigner, "Pusat Uji"), operator: issue(Role::Operator, "orang"), dir }
}

/// The extract and its signature, as files; people who do not exist (province 99 is given to nobody).
fn extract(folder: &Path, names: &[&str], signer: &Identity) -> PathBuf {
    let lines: String = names
        .iter()
        .enumerate()
        .map(|(n, name)| {
            format!("{{\"nik\":\"99010141{:08}\",\"kk\":\"9901010100000001\",\"nama\":\"{name}\"}}\n", n + 1)
        })
        .collect();
    let sha256 = packet::digest_hex(lines.as_bytes());
    let header = format!(
        "{{\"format\":\"rekam-residents\",\"version\":1,\"wilayah\":\"99.01\",\"taken_at\":\"2026-11-01T00:00:00Z\",\
         \"count\":{},\"sha256\":\"{sha256}\"}}",
        names.len()
    );
    let path = folder.join("penduduk.ndjson");
    std::fs::write(&path, format!("{header}\n{lines}")).unwrap();
    std::fs::write(
        folder.join("penduduk.ndjson.p7s"),
        packet::sign_detached(header.as_bytes(), signer).unwrap(),
    )
    .unwrap();
    path
}

/// Exit code, standard output, standard error.
fn import(station: &Station, operator: &str, extract: &Path) -> (Option<i32>, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_rekamctl"))
        .args(["residents", "import", "--operator", operator, "--data"])
        .arg(station.dir.path())
        .arg("--extract")
        .arg(extract)
        .envs([("REKAM_PASSWORD", PASSWORD), ("REKAM_CHEAP_KEYS", "1")])
        .output()
        .expect("rekamctl starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (done.status.code(), text(&done.stdout), text(&done.stderr))
}

#[test]
fn an_extract_that_the_centre_signed_comes_in_and_every_other_is_refused_in_words() {
    let (station, folder) = (station(), tempfile::tempdir().unwrap());
    let good = extract(folder.path(), &["Siti Contoh", "Budi Contoh"], &station.centre);
    let (code, said, trouble) = import(&station, "penyelia", &good);
    assert_eq!(code, Some(0), "{said}{trouble}");
    assert!(said.contains("\"count\":2") && said.contains("99.01"), "how many, and of where: {said}");

    let refused = |what: &str, path: &Path, key: &str, words: &str| {
        let (code, said, trouble) = import(&station, "penyelia", path);
        assert_eq!(code, Some(2), "{what}: {said}{trouble}");
        assert!(said.contains(key) && said.contains(words), "{what}: {said}");
        assert!(said.contains("Data penduduk yang lama tetap dipakai"), "{what}: what is safe: {said}");
        assert!(!said.contains("Contoh") && !trouble.contains("Contoh"), "{what}: nobody is named");
    };
    let sign = "Tanda tangan berkas data penduduk ini tidak sah";
    let mine = extract(folder.path(), &["Siti Contoh"], &station.operator);
    refused("a key of the same authority that is not the centre's", &mine, "extract_untrusted", sign);
    let strange = Authority::new("Otoritas Lain", true, Validity::days(Timestamp::now(), 30)).unwrap();
    let strange = strange
        .issue_identity(Role::CentreSigner, "Pusat Uji", Validity::days(Timestamp::now(), 30))
        .unwrap();
    refused(
        "another authority",
        &extract(folder.path(), &["Siti Contoh"], &strange),
        "extract_untrusted",
        sign,
    );
    let path = extract(folder.path(), &["Siti Contoh"], &station.centre);
    std::fs::write(folder.path().join("penduduk.ndjson.p7s"), b"bukan tanda tangan").unwrap();
    refused("no signature at all", &path, "extract_untrusted", sign);
    let path = extract(folder.path(), &["Siti Contoh"], &station.centre);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("Siti", "Sita")).unwrap();
    refused("a changed line", &path, "extract_altered", "berubah atau terpotong di perjalanan");

    let path = extract(folder.path(), &["Siti Contoh"], &station.centre);
    let (code, said, trouble) = import(&station, "petugas", &path);
    assert_eq!(code, Some(3), "an operator may not: {said}{trouble}");
    let (code, _, trouble) = import(&station, "penyelia", &folder.path().join("tidak-ada"));
    assert_eq!(code, Some(3), "no file: {trouble}");
}

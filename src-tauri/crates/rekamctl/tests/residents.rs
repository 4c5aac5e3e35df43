//! Residents from a file: what the centre signed comes in, anything else is refused in words and leaves what is there.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use domain::ids::OperatorId;
use domain::role::Role as Duty;
use jiff::Timestamp;
use packet::pki::{Authority, Identity, Role, Validity};
use station::provision::{Issued, provision};
use station::{Config, NewOperator, Provision};

const PASSWORD: &str = "sandi-yang-panjang";

/// A station of a centre of its own, with a supervisor, an operator, and somebody who is both.
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
            earlier: Vec::new(),
        }),
        address: None,
        recovery: None,
        keeper: None,
        operators: vec![
            person("penyelia", Duty::Supervisor),
            person("petugas", Duty::Operator),
            NewOperator {
                roles: vec![Duty::Operator, Duty::Supervisor],
                ..person("keduanya", Duty::Operator)
            },
        ],
    };
    let mut config = Config::default();
    config.station.data_dir = dir.path().to_string_lossy().into_owned();
    config.disk.ballast_mb = 1;
    provision(&config, now, set, None).expect("a station");
    Station { centre: issue(Role::CentreSigner, "Pusat Uji"), operator: issue(Role::Operator, "orang"), dir }
}

/// The extract and its signature, as files; people who do not exist (province 99 is given to nobody).
fn extract(folder: &Path, names: &[&str], signer: &Identity) -> PathBuf {
    extract_of(folder, "2026-11-01T00:00:00Z", names, signer)
}

fn extract_of(folder: &Path, taken_at: &str, names: &[&str], signer: &Identity) -> PathBuf {
    let lines: String = names
        .iter()
        .enumerate()
        .map(|(n, name)| {
            format!("{{\"nik\":\"99010141{:08}\",\"kk\":\"9901010100000001\",\"nama\":\"{name}\"}}\n", n + 1)
        })
        .collect();
    let sha256 = packet::digest_hex(lines.as_bytes());
    let header = format!(
        "{{\"format\":\"rekam-residents\",\"version\":1,\"wilayah\":\"99.01\",\"taken_at\":\"{taken_at}\",\
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

    let older = extract_of(folder.path(), "2026-10-31T23:59:59Z", &["Siti Contoh"], &station.centre);
    let (code, said, trouble) = import(&station, "penyelia", &older);
    assert_eq!(code, Some(2), "a second older: {said}{trouble}");
    assert!(said.contains("extract_older") && said.contains("lebih lama daripada yang sudah ada"), "{said}");

    let path = extract(folder.path(), &["Siti Contoh"], &station.centre);
    let (code, said, trouble) = import(&station, "petugas", &path);
    assert_eq!(code, Some(3), "an operator may not: {said}{trouble}");
    let (code, _, trouble) = import(&station, "penyelia", &folder.path().join("tidak-ada"));
    assert_eq!(code, Some(3), "no file: {trouble}");
}

fn window(desk: &Station) -> Arc<station::Station> {
    window_with(desk, |_| ())
}

fn window_with(desk: &Station, set: impl FnOnce(&mut Config)) -> Arc<station::Station> {
    let mut config = Config::default();
    set(&mut config);
    config.station.data_dir = desk.dir.path().to_string_lossy().into_owned();
    (config.devices.camera_usb, config.devices.card_reader_enabled) = (false, false);
    let clock = Arc::new(station::clock::SystemClock);
    let start = station::Start { config, clock, training_hint: None, practice: None };
    station::Station::start(start).unwrap()
}

#[test]
fn the_window_takes_a_file_with_its_signature_beside_it_and_tells_how_far_it_has_read() {
    let (desk, folder) = (station(), tempfile::tempdir().unwrap());
    let good = extract(folder.path(), &["Siti Contoh", "Budi Contoh"], &desk.centre);
    let window = window(&desk);
    let take = |file: &Path| window.take_residents(&file.to_string_lossy());
    let key = |answer: station::Result<station::view::ResidentsTaken>| answer.unwrap_err().to_view().key;

    window.sign_in("petugas", PASSWORD).unwrap();
    assert_eq!(key(take(&good)), "not_allowed", "a supervisor answers for it");
    assert!(window.residents_files().is_err(), "and looks for it");
    window.lock().unwrap();
    window.sign_in("penyelia", PASSWORD).unwrap();
    assert!(window.residents_files().unwrap().extract.is_none(), "there is none yet");
    assert_eq!(key(take(&folder.path().join("lain.ndjson"))), "extract_no_file");
    let alone = folder.path().join("sendiri.ndjson");
    std::fs::copy(&good, &alone).unwrap();
    assert_eq!(key(take(&alone)), "extract_unsigned");
    assert_eq!(key(take(Path::new(""))), "extract_no_file");

    let news = window.news();
    let taken = take(&good).unwrap();
    assert_eq!((taken.count, taken.wilayah.as_str()), (2, "99.01"));
    let read: Vec<u32> = news
        .try_iter()
        .filter_map(
            |news| if let station::News::ResidentsRead(percent) = news { Some(percent) } else { None },
        )
        .collect();
    assert_eq!(read.last(), Some(&100), "it tells that all is read: {read:?}");
    let known = window.residents_files().unwrap().extract.expect("it is in use");
    assert!(known.taken_at.starts_with("2026-11-01"), "{}", known.taken_at);
    let older = extract_of(folder.path(), "2026-10-01T00:00:00Z", &["Siti Contoh"], &desk.centre);
    assert_eq!(key(take(&older)), "extract_older", "and of one that is older than what is here");
    std::fs::write(folder.path().join("penduduk.ndjson.p7s"), b"bukan tanda tangan").unwrap();
    assert_eq!(key(take(&good)), "extract_untrusted", "what the window says of a bad one");
    assert!(window.residents_files().unwrap().extract.is_some(), "and the one before stays");
}

#[test]
fn residents_from_a_file_that_need_the_room_of_recordings_are_refused_and_nothing_is_taken() {
    let (desk, folder) = (station(), tempfile::tempdir().unwrap());
    let good = extract(folder.path(), &["Siti Contoh"], &desk.centre);
    // A terabyte for recordings: no computer of a test has it.
    let window = window_with(&desk, |config| config.disk.refuse_below_mb = 1_000_000);
    window.sign_in("penyelia", PASSWORD).unwrap();
    let refused = window.take_residents(&good.to_string_lossy()).unwrap_err().to_view();
    assert_eq!(refused.key, "extract_no_room");
    assert!(window.residents_files().unwrap().extract.is_none(), "nothing was taken");
}

/// A pipe in place of the stick's file: it gives the rest when it is let.
#[cfg(unix)]
#[test]
fn what_is_typed_is_saved_while_a_stick_is_still_being_read() {
    use std::io::Write as _;
    let (desk, folder) = (station(), tempfile::tempdir().unwrap());
    let names: Vec<String> = (0..9_000).map(|n| format!("Orang {n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let pipe = extract(folder.path(), &names, &desk.centre);
    let signature = folder.path().join("penduduk.ndjson.p7s");
    let bytes = std::fs::read(&pipe).unwrap();
    std::fs::remove_file(&pipe).unwrap();
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let window = window(&desk);
    window.sign_in("keduanya", PASSWORD).unwrap();
    let id = window.open(&window.kinds().unwrap()[0].kind).unwrap().id;
    let (reached, is_reached) = std::sync::mpsc::channel();
    let (open, gate) = std::sync::mpsc::channel::<()>();
    let (saved, is_saved) = std::sync::mpsc::channel();
    // Waited for by nobody: where the import never opens the pipe this thread hangs in it, and the test fails.
    let stick = pipe.clone();
    std::thread::spawn(move || {
        let mut stick = std::fs::OpenOptions::new().write(true).open(stick).unwrap();
        let (first, rest) = bytes.split_at(bytes.len() / 4 * 3);
        stick.write_all(first).unwrap();
        reached.send(()).unwrap();
        gate.recv().unwrap();
        stick.write_all(rest).unwrap();
    });
    let (pipe, window) = (&pipe, &window);
    let (came_through, taken) = std::thread::scope(|scope| {
        // Dropped with this closure, so that the pipe does not hold a test that fails.
        let go_on = open;
        let taking = scope.spawn(|| window.import_residents(pipe, &signature));
        is_reached.recv_timeout(std::time::Duration::from_secs(60)).expect("the stick is read");
        scope.spawn(move || saved.send(window.save_field(&id, "nama", "AHMAD YANI").is_ok()).unwrap());
        // Generous: only what waits for the stick takes this long.
        let came_through = is_saved.recv_timeout(std::time::Duration::from_secs(60));
        go_on.send(()).unwrap();
        (came_through, taking.join().unwrap())
    });
    assert_eq!(came_through, Ok(true), "on the disk before the stick has given the rest");
    assert_eq!(taken.unwrap().count, 9_000);
}

//! `rekamctl register verify` changes nothing and names the first bad row, and no command touches a folder that the program has
//! open.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use domain::ids::{OperatorId, StationCode};
use domain::role::Role;
use jiff::Timestamp;
use station::clock::SystemClock;
use station::provision::provision;
use station::{Config, NewOperator, Provision, Start, Station};

const PASSWORD: &str = "sandi-yang-panjang";

/// A station with one supervisor; its settings.
fn station(dir: &Path) -> Config {
    let supervisor = NewOperator {
        id: OperatorId::parse("penyelia").unwrap(),
        name: "Penyelia Uji".into(),
        roles: vec![Role::Supervisor],
        password: PASSWORD.into(),
        finger: None,
        identity: None,
    };
    let set = Provision {
        code: "UJI-01".into(),
        name: "Stasiun Uji".into(),
        place: "Krui".into(),
        training: true,
        issued: None,
        address: None,
        recovery: None,
        keeper: None,
        operators: vec![supervisor],
    };
    let mut config = Config::default();
    config.station.data_dir = dir.to_string_lossy().into_owned();
    (config.disk.ballast_mb, config.disk.refuse_below_mb) = (1, 1);
    (config.devices.camera_usb, config.devices.card_reader_enabled) = (false, false);
    provision(&config, Timestamp::now(), set, None).unwrap();
    config
}

fn rekamctl(dir: &Path, ask: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rekamctl"))
        .args(ask)
        .args(["--operator", "penyelia", "--data"])
        .arg(dir)
        .envs([("REKAM_PASSWORD", PASSWORD), ("REKAM_CHEAP_KEYS", "1")])
        .output()
        .unwrap()
}

fn verify(dir: &Path) -> Output {
    rekamctl(dir, &["register", "verify"])
}

/// What lies in the folder, byte for byte; SQLite's index over its log is no content.
fn content(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(dir).unwrap().flatten().filter(|entry| entry.path().is_file());
    files
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap()))
        .filter(|(name, bytes)| !(name.ends_with("-shm") || name.ends_with("-wal") && bytes.is_empty()))
        .collect()
}

#[test]
fn a_register_is_verified_without_a_change_to_its_file_also_one_of_a_program_that_was_killed() {
    let (work, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let config = station(work.path());
    let start = Start { config, clock: Arc::new(SystemClock), training_hint: None, practice: None };
    let open = Station::start(start).unwrap();
    open.sign_in("penyelia", PASSWORD).unwrap();
    // As a killed program leaves it: the last rows stand in the log and not yet in the file.
    for (name, bytes) in content(work.path()) {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    let before = content(dir.path());
    assert!(before.contains_key("rekam.db-wal"), "the rows of the sign-in: {:?}", before.keys());
    let said = verify(dir.path());
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(
        said.contains("\"ok\":true") && !said.contains("\"rows\":1,"),
        "with the rows of the log: {said}"
    );
    let after = content(dir.path());
    assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>(), "no file came or went");
    for (name, bytes) in &before {
        // The tries are counted and forgotten again: the same words, written anew.
        assert!(after[name] == *bytes, "{name} was changed");
    }
}

const KEY: [u8; 32] = [7; 32];

/// A folder with a register of eight rows, which the supervisor's password opens.
fn register(dir: &Path) {
    use store::{Act, Argon2Cost, Ctx, DataKey, KeySlots, StationIdentity, Store, StoreOptions};
    let (database, now) = (dir.join("rekam.db"), Timestamp::now());
    let (key, operator) = (DataKey::from_bytes(KEY), OperatorId::parse("penyelia").unwrap());
    let identity = StationIdentity { station: StationCode::parse("UJI-01").unwrap(), training: true, now };
    let options = StoreOptions { ballast_bytes: 1 << 16, ..StoreOptions::default() };
    let store = Store::create(&database, &key, &identity, options).unwrap();
    let ctx = Ctx { operator: Some(operator.clone()), now };
    for number in 2..=8 {
        let name = format!("uji_{number}");
        let act = Act::SettingChange { name: name.clone() };
        store.transact(act, &ctx, |tx| tx.set_setting(&name, "1")).unwrap();
    }
    let slots = KeySlots::path_beside(&database);
    KeySlots::create(&slots, &key, &operator, PASSWORD, Argon2Cost::CHEAP_FOR_TESTS, now).unwrap();
}

/// Done by somebody who has the key.
fn behind_its_back(dir: &Path, done: &str) {
    let conn = rusqlite::Connection::open(dir.join("rekam.db")).unwrap();
    let hex: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    conn.execute_batch(&format!(
        "PRAGMA key = \"x'{hex}'\"; PRAGMA cipher_page_size = 16384; PRAGMA cipher_hmac_algorithm = HMAC_SHA256;
         DROP TRIGGER register_no_update; DROP TRIGGER register_no_delete; {done}"
    ))
    .unwrap();
}

#[test]
fn the_first_row_is_named_that_was_edited_deleted_inserted_or_moved() {
    let kept = tempfile::tempdir().unwrap();
    register(kept.path());
    for (what, done, kind, row) in [
        ("nothing", "", None, None),
        (
            "edited",
            "UPDATE register SET detail = json_set(detail, '$.of', 'lain') WHERE seq = 5;",
            Some("edited"),
            Some(5),
        ),
        ("deleted", "DELETE FROM register WHERE seq = 4;", Some("deleted"), Some(4)),
        (
            "inserted, and those behind it numbered anew",
            "UPDATE register SET seq = seq + 100 WHERE seq > 2;
             INSERT INTO register (seq, at, station, operator, kind, detail, book, prev, hash)
             SELECT 3, at, station, operator, kind, detail, book, prev, hash FROM register WHERE seq = 2;
             UPDATE register SET seq = seq - 99 WHERE seq > 100;",
            Some("inserted"),
            Some(3),
        ),
        (
            "two rows that changed places",
            "UPDATE register SET seq = 99 WHERE seq = 6; UPDATE register SET seq = 6 WHERE seq = 7;
             UPDATE register SET seq = 7 WHERE seq = 99;",
            Some("reordered"),
            Some(6),
        ),
        (
            "deleted, and those behind it numbered anew",
            "DELETE FROM register WHERE seq = 4; UPDATE register SET seq = seq + 100 WHERE seq > 4;
             UPDATE register SET seq = seq - 101 WHERE seq > 100;",
            Some("deleted"),
            Some(4),
        ),
    ] {
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in content(kept.path()) {
            std::fs::write(dir.path().join(name), bytes).unwrap();
        }
        behind_its_back(dir.path(), done);
        let said = verify(dir.path());
        let answer: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();
        assert_eq!(said.status.code(), Some(if row.is_none() { 0 } else { 2 }), "{what}: {said:?}");
        assert_eq!(
            (answer["kind"].as_str(), answer["first_bad_row"].as_u64()),
            (kind, row),
            "{what}: {answer}"
        );
        assert_eq!(answer["rows"].as_u64(), row.is_none().then_some(8), "{what}: {answer}");
    }
}

#[test]
fn a_folder_that_the_program_has_open_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    station(dir.path());
    let lock = std::fs::File::create(dir.path().join(station::folder::LOCK)).unwrap();
    lock.lock().unwrap();
    let before = content(dir.path());
    let refused = verify(dir.path());
    assert_eq!(refused.status.code(), Some(3), "the question could not be asked");
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    for part in ["sedang terbuka di folder ini.", "Tidak ada yang", "Tutup programnya"] {
        assert!(said.contains(part), "what happened, what is safe, what to do next: {said}");
    }
    assert!(content(dir.path()) == before, "not even a try was counted");
    std::fs::write(dir.path().join(station::folder::LISTENS), "1 word 2").unwrap();
    let before = content(dir.path());
    let stick = tempfile::tempdir().unwrap();
    let medium = stick.path().to_string_lossy().into_owned();
    let sync = ["status", "now", "test"].map(|what| vec!["sync", what]);
    let others = [
        vec!["sync", "activate", "--centre", "https://localhost", "--code", "x"],
        vec!["courier", "export", "--medium", &medium],
        vec!["courier", "receipts", "--medium", &medium],
        vec!["residents", "import", "--extract", &medium],
        vec!["residents", "fetch"],
        vec!["verify-chip-log"],
    ];
    for ask in sync.into_iter().chain(others) {
        let refused = rekamctl(dir.path(), &ask);
        assert_eq!(refused.status.code(), Some(3), "{ask:?}: {refused:?}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("Tutup programnya"), "{ask:?} says why");
        assert!(content(dir.path()) == before, "{ask:?} changed something");
    }
    lock.unlock().unwrap();
    assert!(verify(dir.path()).status.success(), "once it is closed");
    assert!(rekamctl(dir.path(), &["verify-chip-log"]).status.success(), "also a command that writes");
}

#[test]
fn a_command_that_writes_holds_also_a_folder_in_which_no_program_was_ever_started() {
    use station::folder::{Holder, LISTENS, hold, take};

    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(LISTENS), "1 word 2").unwrap();
    let held = take(dir.path()).unwrap();
    assert!(matches!(hold(dir.path()).unwrap(), Holder::Program), "nobody else comes in");
    assert!(matches!(take(dir.path()).unwrap(), Holder::Program), "nor a second command");
    assert!(!dir.path().join(LISTENS).exists(), "a process that ended long ago is not named any more");
    drop(held);
    assert!(matches!(hold(dir.path()).unwrap(), Holder::Nobody(Some(_))), "until it is done");
}

#[test]
fn a_station_that_wrote_no_chip_has_no_log_to_doubt_and_a_card_of_no_chip_is_told() {
    let dir = tempfile::tempdir().unwrap();
    station(dir.path());
    let all = rekamctl(dir.path(), &["verify-chip-log"]);
    let said = String::from_utf8_lossy(&all.stdout).into_owned();
    assert_eq!((all.status.code(), said.trim()), (Some(0), r#"{"hold":0,"logs":0,"ok":true}"#), "{all:?}");
    let one = rekamctl(dir.path(), &["verify-chip-log", "--blangko", "0718-224-913"]);
    assert_eq!(one.status.code(), Some(3), "the question cannot be answered: {one:?}");
}

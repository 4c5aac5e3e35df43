//! The schema moves forward whole or not at all, and never backward.

mod spoiled;
mod between;
mod withdrawn;
mod card_job;
mod wna;
mod aside;
mod printer_order;
mod refused;
mod whole;
mod answer;

use std::path::PathBuf;

use crate::desk::{Desk, at, identity, key, options, raw, visit};
use store::{Error, MIGRATIONS, Migration, Store, StoreOptions};

/// Every schema object with its SQL, as a new database has it.
#[test]
fn the_schema_is_the_one_that_was_agreed_on() {
    let desk = Desk::new();
    let conn = desk.raw();
    let mut statement =
        conn.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type, name").unwrap();
    let found: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let found = found.join(";\n") + ";\n";
    let agreed_path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/schema.sql");
    if std::env::var_os("REKAM_UPDATE_SCHEMA").is_some() {
        std::fs::write(agreed_path, &found).unwrap();
    }
    let agreed = std::fs::read_to_string(agreed_path).unwrap();
    assert_eq!(
        found, agreed,
        "a new migration changes the snapshot too: REKAM_UPDATE_SCHEMA=1, then read the diff"
    );
    // The tables behind a search index are SQLite's own, and their names quoted.
    let ours = |sql: &&str| sql.starts_with("CREATE TABLE") && !sql.starts_with("CREATE TABLE '");
    for table in found.split(";\n").filter(ours) {
        assert!(table.trim_end().ends_with("STRICT"), "not STRICT: {table}");
    }
}

/// A station in the field ran them as they were: one that is edited later would leave two schemas of one name.
#[test]
fn no_migration_is_ever_edited() {
    let kept_path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/migrations.sha256");
    let line = |one: &Migration| {
        format!("{}  {}\n", hex::encode(openssl::sha::sha256(one.sql.as_bytes())), one.name)
    };
    let mut kept = std::fs::read_to_string(kept_path).unwrap();
    if std::env::var_os("REKAM_UPDATE_SCHEMA").is_some() {
        let new = MIGRATIONS.iter().filter(|one| !kept.contains(one.name)).map(line);
        kept = kept.clone() + &new.collect::<String>();
        std::fs::write(kept_path, &kept).unwrap();
    }
    let found: String = MIGRATIONS.iter().map(line).collect();
    assert_eq!(
        found, kept,
        "append a new one, and its line with REKAM_UPDATE_SCHEMA=1; the lines before stay as they are"
    );
}

#[test]
fn the_promises_stand_in_the_open_file() {
    let desk = Desk::new();
    let conn = desk.raw();
    let text = |pragma: &str| {
        conn.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get::<_, String>(0)).unwrap()
    };
    assert_eq!(text("journal_mode"), "wal", "readers never wait for a writer");
    assert_eq!(text("cipher_page_size"), "16384", "16 KiB pages");
    assert_eq!(
        desk.store.durability_for_tests().unwrap(),
        (2, 1),
        "synchronous=FULL and foreign keys on the writer"
    );
    let head = std::fs::read(desk.path()).unwrap();
    assert!(!head.starts_with(b"SQLite format 3"), "the file is encrypted from the first byte");
}

const ADDITIVE: Migration = Migration {
    name: "20270101-0003-note",
    sql: "CREATE TABLE note (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;",
    version: 1,
};
const LOCKING: Migration = Migration {
    name: "20270101-0004-lock",
    sql: "ALTER TABLE setting ADD COLUMN scope TEXT NOT NULL DEFAULT '';",
    version: store::SCHEMA_VERSION + 1,
};

fn with(list: &[Migration]) -> StoreOptions {
    let whole: Vec<Migration> = MIGRATIONS.iter().chain(list).copied().collect();
    StoreOptions { migrations: Box::leak(whole.into_boxed_slice()), ..options() }
}

fn only(count: usize) -> StoreOptions {
    StoreOptions { migrations: &MIGRATIONS[..count], ..options() }
}

/// A database of the program before the upgrade whose name ends so; the folder goes with the first of the pair.
fn before(upgrade: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rekam.db");
    let upgrade = MIGRATIONS.iter().position(|step| step.name.ends_with(upgrade)).unwrap();
    drop(Store::create(&path, &key(), &identity(), only(upgrade)).unwrap());
    (folder, path)
}

#[test]
fn a_database_of_an_older_program_is_backed_up_and_upgraded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rekam.db");
    drop(Store::create(&path, &key(), &identity(), only(1)).unwrap());
    raw(&path)
        .execute_batch(
            "INSERT INTO permohonan (id, ticket, kind) VALUES ('01932f6e-0000-7000-8000-000000000001', '2026-11-01/A-001', 'baru_wni');",
        )
        .unwrap();
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    assert_eq!(
        store.read(|v| v.permohonan(visit(1))).unwrap().unwrap().kind,
        "baru_wni",
        "the period row is there"
    );
    assert!(store.read(|v| v.resident_extracts()).unwrap().is_empty(), "the new table too");
    let backup = folder.path().join("rekam.db.before-20261123-0002-residents");
    let old = raw(&backup);
    let rows: i64 = old.query_row("SELECT count(*) FROM permohonan", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 1, "the backup is a whole database of before");
    assert!(old.prepare("SELECT 1 FROM resident").is_err(), "without the new table");
    drop(store);
    std::fs::remove_file(&backup).unwrap();
    drop(Store::open(&path, &key(), options(), at(6)).unwrap());
    assert!(!backup.exists(), "nothing to upgrade, nothing to back up");
}

#[test]
fn a_failing_migration_leaves_the_file_as_before_whichever_statement_fails() {
    let statements = [
        "CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT;",
        "INSERT INTO one (id) VALUES (1);",
        "ALTER TABLE setting ADD COLUMN scope TEXT NOT NULL DEFAULT '';",
        "DROP TABLE device_binding;",
    ];
    for fails_at in 0..=statements.len() {
        let sql: String = statements[..fails_at].concat() + "INSERT INTO nowhere VALUES (1);";
        let broken =
            Migration { name: "20270101-0009-broken", sql: Box::leak(sql.into_boxed_str()), version: 2 };
        let desk = Desk::with_visit();
        let path = desk.path();
        let Desk { folder: _folder, store } = desk;
        drop(store);
        let before = schema(&path);
        let refused = Store::open(&path, &key(), with(&[ADDITIVE, broken]), at(7)).unwrap_err();
        assert!(
            matches!(&refused, Error::Migrate { name, .. } if name == broken.name),
            "names it: {refused}"
        );
        assert_eq!(
            schema(&path),
            before,
            "failing after {fails_at} statements leaves no trace, nor does the one before it"
        );
        let store = Store::open(&path, &key(), options(), at(8)).unwrap();
        assert!(
            store.read(|v| v.permohonan(visit(1))).unwrap().is_some(),
            "the older program goes on with its data"
        );
    }
}

fn schema(path: &std::path::Path) -> (i64, Vec<String>) {
    let conn = raw(path);
    let version = conn.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    let mut statement = conn.prepare("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name").unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    (version, rows)
}

#[test]
fn a_database_of_a_newer_program_is_refused_and_left_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rekam.db");
    drop(Store::create(&path, &key(), &identity(), with(&[LOCKING])).unwrap());
    let before = std::fs::read(&path).unwrap();
    let refused = Store::open(&path, &key(), options(), at(5)).unwrap_err();
    let Error::NewerDatabase { found, known } = refused else { panic!("{refused}") };
    assert_eq!((found, known), (store::SCHEMA_VERSION + 1, store::SCHEMA_VERSION), "it says so");
    assert_eq!(std::fs::read(&path).unwrap(), before, "not one byte of it changed");
}

#[test]
fn a_newer_program_that_only_added_something_does_not_lock_this_one_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rekam.db");
    drop(Store::create(&path, &key(), &identity(), with(&[ADDITIVE])).unwrap());
    let store = Store::open(&path, &key(), options(), at(5)).unwrap();
    assert!(store.read(|v| v.meta()).unwrap().training, "opens and reads");
}

#[test]
fn a_wrong_key_and_a_damaged_file_are_told_apart() {
    let desk = Desk::with_visit();
    let path = desk.path();
    let Desk { folder: _folder, store } = desk;
    drop(store);
    let wrong = store::DataKey::from_bytes([8; 32]);
    assert!(
        matches!(Store::open(&path, &wrong, options(), at(1)), Err(Error::WrongKey { .. })),
        "another key"
    );
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 16_384 / 2 * 16_384 + 100;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let refused = Store::open(&path, &key(), options(), at(1)).unwrap_err();
    assert!(
        matches!(refused, Error::Damaged { .. }),
        "one flipped bit in the middle is damage, not a wrong key: {refused:?}"
    );
}

#[test]
fn a_training_database_never_becomes_a_real_one() {
    let desk = Desk::new();
    assert!(desk.store.read(|v| v.meta()).unwrap().training, "made for training");
    for statement in ["UPDATE meta SET training = 0", "DELETE FROM meta"] {
        assert!(desk.raw().execute_batch(statement).is_err(), "{statement} must be refused");
    }
}

#[test]
fn a_locked_store_answers_nothing_and_opens_again_with_the_key() {
    let desk = Desk::with_visit();
    desk.store.lock();
    assert!(matches!(desk.store.read(|v| v.permohonan(visit(1))), Err(Error::Locked)), "no reading");
    let act = store::Act::SettingChange { name: "x".into() };
    assert!(
        matches!(desk.store.transact(act, &crate::desk::by("op-1", 1), |_| Ok(())), Err(Error::Locked)),
        "no writing"
    );
    assert!(matches!(desk.store.data_key(), Err(Error::Locked)), "no key");
    let desk = desk.restart();
    assert!(
        desk.store.read(|v| v.permohonan(visit(1))).unwrap().is_some(),
        "everything is there after the lock"
    );
}

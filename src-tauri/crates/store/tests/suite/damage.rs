//! A damaged database says so, whichever page it is, and is left as it was found.

use crate::desk::{Desk, at, by, key, operator, options, visit};
use std::path::{Path, PathBuf};
use store::{Act, Argon2Cost, DataKey, Error, KeySlots, NewSample, SampleImage, Store};

const PAGE: usize = 16_384;

/// A station's file with a recording in it and pages that nothing uses, and its key as a slot gives it.
fn station() -> (Desk, DataKey, usize) {
    let desk = Desk::with_visit();
    let image = SampleImage { part: "still".into(), media_type: "image/jpeg".into(), image: vec![7; 90_000] };
    let sample = NewSample {
        attempt: "01932f6e-0000-7000-8000-0000000000aa".into(),
        modality: "portrait".into(),
        part: String::new(),
        quality_json: "[]".into(),
        device_json: "{}".into(),
        evidence: Vec::new(),
        images: vec![image],
        chosen: false,
    };
    let act = Act::SampleAccept { permohonan: visit(1), modality: "portrait".into(), part: String::new() };
    desk.store.transact(act, &by("op-1", 20), |tx| tx.add_sample(visit(1), &sample).map(drop)).unwrap();
    let spare = "CREATE TABLE spare (body BLOB) STRICT; INSERT INTO spare VALUES (randomblob(100000)); DROP TABLE spare;";
    let conn = desk.raw();
    conn.execute_batch(spare).unwrap();
    let free: i64 = conn.query_row("PRAGMA freelist_count", [], |row| row.get(0)).unwrap();
    drop(conn);
    let (who, cost) = (operator("op-1"), Argon2Cost::CHEAP_FOR_TESTS);
    let sidecar = KeySlots::path_beside(&desk.path());
    let mut slots = KeySlots::create(&sidecar, &key(), &who, "sandi yang panjang", cost, at(30)).unwrap();
    let proven = slots.unlock(&who, "sandi yang panjang", at(40)).unwrap();
    (desk, proven, usize::try_from(free).unwrap())
}

/// The bytes of the closed file, and a place for damaged copies of it.
fn closed(desk: Desk) -> (tempfile::TempDir, Vec<u8>, PathBuf) {
    let path = desk.path();
    let Desk { folder, store } = desk;
    drop(store);
    let whole = std::fs::read(&path).unwrap();
    let copy = folder.path().join("copy.db");
    (folder, whole, copy)
}

fn open(path: &Path, bytes: &[u8], key: &DataKey) -> Result<Store, Error> {
    for beside in ["-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(beside);
        std::fs::remove_file(name).ok();
    }
    std::fs::write(path, bytes).unwrap();
    Store::open(path, key, options(), at(50))
}

#[test]
fn one_flipped_bit_in_any_page_is_told_as_damage_and_the_file_is_left_as_it_was() {
    let (desk, key, free) = station();
    let (_folder, whole, copy) = closed(desk);
    drop(open(&copy, &whole, &key).expect("the file itself is sound"));
    let pages = whole.len() / PAGE;
    assert!(pages > 60 && free > 3, "a real file: {pages} pages, {free} of them free");
    // Of the first page also the salt and the last byte; of the others any place.
    let places = [3, 20, 9_000, PAGE - 1].into_iter();
    let places = places.chain((1..pages).map(|page| page * PAGE + page * 2_311 % PAGE));
    let mut unread = 0;
    for place in places {
        let mut bytes = whole.clone();
        bytes[place] ^= 1 << (place % 8);
        match open(&copy, &bytes, &key) {
            Err(Error::Damaged { findings, first }) => {
                assert!(findings > 0 && !first.is_empty(), "byte {place}: says what was found first");
                assert!(std::fs::read(&copy).unwrap() == bytes, "byte {place}: nothing was written");
            }
            Err(other) => panic!("byte {place} of page {}: {other:?}", place / PAGE),
            Ok(_) => unread += 1,
        }
    }
    assert!((1..free).contains(&unread), "only free pages may go unread: {unread} of {free}");
}

#[test]
fn a_file_that_was_cut_short_is_damaged_even_when_nothing_is_left_of_it() {
    let (desk, key, free) = station();
    let (_folder, whole, copy) = closed(desk);
    // The free pages stand last; of them nobody misses anything.
    let used = whole.len() - free * PAGE;
    for left in [0, 100, PAGE, whole.len() / PAGE / 2 * PAGE, used - PAGE, used - 100] {
        let told = open(&copy, &whole[..left], &key);
        assert!(matches!(told, Err(Error::Damaged { .. })), "{left} bytes are left: {told:?}");
        assert_eq!(std::fs::read(&copy).unwrap().len(), left, "and are left as they are");
    }
}

#[test]
fn only_what_cannot_be_read_is_damage() {
    let of = |code| Error::Sql {
        operation: "read",
        source: rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None),
    };
    // CORRUPT, CORRUPT_VTAB, NOTADB, IOERR_READ, IOERR_SHORT_READ, IOERR_DATA.
    for code in [11, 267, 26, 266, 522, 8_202] {
        assert!(of(code).is_damage(), "{code}: trying again does not help");
    }
    // ERROR, BUSY, FULL, IOERR_WRITE, IOERR_FSYNC, IOERR_SHMSIZE (a full disk).
    for code in [1, 5, 13, 778, 1_034, 4_874] {
        assert!(!of(code).is_damage(), "{code}: what was saved before is whole");
    }
}

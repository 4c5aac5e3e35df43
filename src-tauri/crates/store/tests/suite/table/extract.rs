use crate::desk::{Desk, START_MS, at};
use store::{ExtractCheck, ExtractProgress};

fn piece(desk: &Desk, tag: &str, start: i64, total: i64, body: &[u8]) -> store::Result<()> {
    desk.store.bookkeep(at(10), |books| books.add_extract_piece(tag, start, total, body))
}

fn progress(desk: &Desk) -> ExtractProgress {
    desk.store.read(|v| v.extract_progress()).unwrap()
}

fn bytes(desk: &Desk) -> Vec<u8> {
    desk.store.read(|v| v.extract_bytes()).unwrap()
}

fn check(desk: &Desk) -> ExtractCheck {
    desk.store.read(|v| v.extract_check()).unwrap()
}

#[test]
fn before_anything_was_fetched_there_is_nothing() {
    let desk = Desk::new();
    assert_eq!(progress(&desk), ExtractProgress::default(), "no download");
    assert!(bytes(&desk).is_empty(), "no bytes");
    assert!(desk.store.read(|v| v.extract_beginning()).unwrap().is_empty(), "nor a first piece");
    assert_eq!(check(&desk), ExtractCheck::default(), "nobody was asked");
    assert_eq!(desk.store.read(|v| v.extract_version()).unwrap(), 0, "no version");
}

#[test]
fn pieces_come_back_in_their_order_after_a_restart_and_say_how_far_they_reach() {
    let desk = Desk::new();
    piece(&desk, "v7", 0, 11, b"satu ").unwrap();
    piece(&desk, "v7", 9, 11, b"ga").unwrap();
    piece(&desk, "v7", 5, 11, b"dua ").unwrap();
    let desk = desk.restart();
    let expected = ExtractProgress { tag: "v7".into(), have: 11, total: 11 };
    assert_eq!(progress(&desk), expected, "all of it is here");
    assert_eq!(bytes(&desk), b"satu dua ga", "whatever way the pieces came");
    assert_eq!(desk.store.read(|v| v.extract_beginning()).unwrap(), b"satu ", "the first of them");
}

#[test]
fn the_same_piece_is_not_kept_twice_and_one_that_fails_leaves_the_others() {
    let desk = Desk::new();
    piece(&desk, "v7", 0, 10, b"satu ").unwrap();
    assert!(piece(&desk, "v7", 0, 10, b"lain ").is_err(), "byte 0 is here already");
    let failed = desk.store.bookkeep(at(20), |books| {
        books.add_extract_piece("v7", 5, 10, b"dua ")?;
        Err::<(), _>(store::Error::Abandoned { reason: "cut" })
    });
    assert!(failed.is_err(), "a cut in the middle");
    assert_eq!(
        (progress(&desk).have, bytes(&desk)),
        (5, b"satu ".to_vec()),
        "what was there stays as it was"
    );
}

#[test]
fn pieces_that_were_used_or_are_of_an_older_version_are_thrown_away() {
    let desk = Desk::new();
    desk.store.bookkeep(at(5), |books| books.drop_extract_pieces()).unwrap();
    piece(&desk, "v7", 0, 4, b"lama").unwrap();
    desk.store.bookkeep(at(20), |books| books.drop_extract_pieces()).unwrap();
    assert_eq!((progress(&desk), bytes(&desk)), (ExtractProgress::default(), Vec::new()), "nothing is left");
    piece(&desk, "v8", 0, 4, b"baru").unwrap();
    assert_eq!(progress(&desk).tag, "v8", "and the next version begins at byte 0");
}

#[test]
fn asking_again_in_vain_does_not_make_residents_look_current() {
    let desk = Desk::new();
    let note =
        |current, after| desk.store.bookkeep(at(after), |books| books.note_extract_check(current)).unwrap();
    note(false, 10);
    assert_eq!(check(&desk), ExtractCheck { checked_ms: START_MS + 10, current_ms: 0 }, "asked, not current");
    note(true, 20);
    note(false, 30);
    let kept = ExtractCheck { checked_ms: START_MS + 30, current_ms: START_MS + 20 };
    assert_eq!(check(&desk), kept, "current as of the last time that it was");
    desk.store.bookkeep(at(40), |books| books.forget_extract_check()).unwrap();
    assert_eq!(
        check(&desk),
        ExtractCheck { checked_ms: 0, ..kept },
        "asked at once, and as current as before"
    );
}

#[test]
fn the_version_is_the_newest_of_the_extracts_that_came_from_a_centre() {
    let desk = Desk::new();
    let add = |wilayah: &str, version: i64| {
        let sql = "INSERT INTO resident_extract (wilayah, version) VALUES (?1, ?2)";
        desk.raw().execute(sql, rusqlite::params![wilayah, version]).unwrap();
    };
    add("18.13", 0);
    assert_eq!(desk.store.read(|v| v.extract_version()).unwrap(), 0, "one from a stick has none");
    add("18.13.01", 41);
    add("18.13.02", 7);
    assert_eq!(desk.store.read(|v| v.extract_version()).unwrap(), 41);
}

#[test]
fn a_download_is_no_deed_at_the_desk() {
    let desk = Desk::new();
    let head = desk.store.read(|v| v.register_head()).unwrap();
    piece(&desk, "v7", 0, 4, b"satu").unwrap();
    desk.store.bookkeep(at(20), |books| books.note_extract_check(true)).unwrap();
    desk.store.bookkeep(at(30), |books| books.drop_extract_pieces()).unwrap();
    assert_eq!(desk.store.read(|v| v.register_head()).unwrap(), head, "no line in the register");
}

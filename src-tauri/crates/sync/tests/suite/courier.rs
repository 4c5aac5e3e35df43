//! The courier: whole, in half, and with a hostile stick.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use packet::Document;
use packet::wire::{
    Change, CourierManifest, Cursor, MARK_FILE, REPLY_FOLDER, ROOT_FOLDER, Receipt, STATUS_FILE,
    StatusChange, Via, receipt_file, write_feed, write_feed_for,
};
use sync::Error;
use sync::courier::{Desk as Courier, Exported, Refusal, export, take_replies};

use crate::centre::{Centre, Keys, STATION};
use crate::desk::Desk;

struct Stick {
    folder: tempfile::TempDir,
}

impl Stick {
    fn new() -> Stick {
        Stick { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn desk() -> Desk {
    Desk::new(Arc::new(Keys::new(Timestamp::now())))
}

fn carry(desk: &Desk, stick: &Stick) -> Result<Exported, Error> {
    let (trust, ctx, packets) = (desk.trust(), desk.ctx(), desk.packets());
    let courier =
        Courier { store: &desk.store, packets: &packets, station: STATION, trust: &trust, ctx: &ctx };
    export(courier, &desk.keys.station, stick.path())
}

fn take(desk: &Desk, stick: &Stick) -> Result<sync::courier::Taken, Error> {
    let (trust, ctx, packets) = (desk.trust(), desk.ctx(), desk.packets());
    let courier =
        Courier { store: &desk.store, packets: &packets, station: STATION, trust: &trust, ctx: &ctx };
    take_replies(courier, stick.path())
}

/// What the kabupaten does: believes the manifest, answers into `balasan`.
fn centre_answers(desk: &Desk, batch: &Path, keys: &Keys) -> PathBuf {
    let now = Timestamp::now();
    let der = std::fs::read(batch.join("manifest.cms")).unwrap();
    let (manifest, _) = CourierManifest::verify(&der, &desk.trust()).unwrap();
    let replies = batch.join(REPLY_FOLDER);
    std::fs::create_dir_all(&replies).unwrap();
    for packet in &manifest.packets {
        for part in packet::Part::ALL {
            let file = batch.join(packet.enrolment.to_string()).join(format!("{part}.cms"));
            let bytes = std::fs::read(file).unwrap();
            assert_eq!(packet::digest_hex(&bytes), packet.parts.of(part).sha256, "as announced");
        }
        let receipt = Receipt::of(packet, uuid::Uuid::now_v7(), now, Via::Courier);
        let signed = receipt.sign(&keys.signer, now).unwrap();
        std::fs::write(replies.join(receipt_file(packet.enrolment)), signed).unwrap();
    }
    let numbers = packet::wire::ranges(manifest.packets.iter().map(|packet| packet.sequence));
    let status =
        StatusChange { s: "PRINT_READY_RECORD".into(), t: now, q: numbers, r: String::new(), e: vec![] };
    let next = Cursor::new("aaaa", manifest.cursor.number() + 1);
    let feed = write_feed_for(&manifest.station, &[Change::Status(status)], &next, false);
    let signed = Document::sign(&feed, "rekam-feed/1", &keys.signer, now).unwrap();
    std::fs::write(replies.join(STATUS_FILE), signed).unwrap();
    replies
}

#[test]
fn what_waits_goes_by_stick_and_receipts_and_statuses_come_back() {
    let (desk, stick) = (desk(), Stick::new());
    let sealed = [0; 2].map(|_| desk.seal([500, 90_000, 500]));
    let out = carry(&desk, &stick).unwrap();
    assert_eq!((out.packets, out.bytes, out.left_out), (2, 182_000, 0), "both, whole");
    assert!(out.folder.join(MARK_FILE).exists(), "with the mark");
    assert_eq!(desk.waiting().len(), 2, "on the way is not arrived");
    centre_answers(&desk, &out.folder, &desk.keys);
    let taken = take(&desk, &stick).unwrap();
    assert_eq!((taken.receipts.len(), taken.changes, taken.refused.len()), (2, 2, 0), "all of it");
    assert!(desk.waiting().is_empty(), "acknowledged");
    let receipt = desk.store.read(|v| v.receipt(sealed[0])).unwrap().unwrap();
    assert_eq!(receipt.path, "courier", "by which way");
    let statuses = desk.store.read(|v| v.central_statuses_of(sealed[1])).unwrap();
    assert_eq!((statuses[0].status.as_str(), statuses[0].source.as_str()), ("PRINT_READY_RECORD", "courier"));
    let again = take(&desk, &stick).unwrap();
    assert_eq!((again.receipts.len(), again.changes), (2, 0), "twice is once");
    let asks = carry(&desk, &stick).unwrap();
    assert_eq!(
        (asks.packets, asks.bytes, asks.left_out),
        (0, 0, 0),
        "nothing is left, and the centre is asked"
    );
}

#[test]
fn where_nothing_waits_the_stick_asks_for_the_centre_s_word_and_it_counts_once_and_from_when_it_was_signed() {
    let (desk, stick) = (desk(), Stick::new());
    let out = carry(&desk, &stick).unwrap();
    assert!(out.folder.join(MARK_FILE).exists(), "whole, with nothing but its manifest");
    let replies = centre_answers(&desk, &out.folder, &desk.keys);
    let signed = Timestamp::from_second(Timestamp::now().as_second() - 86_400).unwrap();
    let answer = |number, more| {
        let feed = write_feed_for(STATION, &[], &Cursor::new("aaaa", number), more);
        let document = Document::sign(&feed, "rekam-feed/1", &desk.keys.signer, signed).unwrap();
        std::fs::write(replies.join(STATUS_FILE), document).unwrap();
        take(&desk, &stick).unwrap().whole
    };
    assert_eq!(answer(1, true), None, "there is more to come");
    assert_eq!(answer(2, false), Some(signed), "all of it, as old as its signature");
    carry(&desk, &stick).unwrap();
    assert_eq!(take(&desk, &stick).unwrap().whole, None, "the same answer again is no newer word");
}

#[test]
fn by_stick_and_by_network_it_is_one_record() {
    let centre = Centre::plain(Arc::new(Keys::new(Timestamp::now())));
    let (desk, stick) = (Desk::new(Arc::clone(&centre.keys)), Stick::new());
    let id = desk.seal([500, 9_000, 500]);
    let out = carry(&desk, &stick).unwrap();
    desk.exchange(&desk.engine(centre.address));
    let by_network = desk.store.read(|v| v.receipt(id)).unwrap().unwrap();
    centre_answers(&desk, &out.folder, &desk.keys);
    take(&desk, &stick).unwrap();
    assert_eq!(desk.store.read(|v| v.receipt(id)).unwrap().unwrap(), by_network, "the first receipt stays");
    assert_eq!(centre.records().made, [id.uuid()], "one record");
}

#[test]
fn a_damaged_packet_stays_at_home_and_the_others_travel() {
    let (desk, stick) = (desk(), Stick::new());
    let [bad, _good] = [0; 2].map(|_| desk.seal([500, 900, 500]));
    std::fs::write(desk.packets().join(format!("{bad}/dok.cms")), b"x").unwrap();
    let out = carry(&desk, &stick).unwrap();
    assert_eq!((out.packets, out.left_out), (1, 1), "only what is still what was sealed");
}

#[test]
fn a_forged_or_foreign_receipt_is_refused_and_the_sound_ones_are_taken() {
    let (desk, stick) = (desk(), Stick::new());
    let [forged, sound, swapped] = [0; 3].map(|_| desk.seal([500, 900, 500]));
    let out = carry(&desk, &stick).unwrap();
    let replies = centre_answers(&desk, &out.folder, &desk.keys);
    let file = |id: domain::ids::PacketId| replies.join(receipt_file(id.uuid()));
    let other = Keys::new(Timestamp::now());
    let words = Receipt::verify(&std::fs::read(file(forged)).unwrap(), &desk.trust()).unwrap();
    std::fs::write(file(forged), words.sign(&other.signer, Timestamp::now()).unwrap()).unwrap();
    std::fs::copy(file(sound), file(swapped)).unwrap();
    // Somebody else's, under a name that is not ours.
    std::fs::copy(file(sound), replies.join(receipt_file(uuid::Uuid::now_v7()))).unwrap();
    std::fs::write(replies.join("..%2f..%2frekam.db.resi.cms"), b"slip").unwrap();
    let taken = take(&desk, &stick).unwrap();
    assert_eq!(taken.receipts, [sound], "only the one that holds");
    assert_eq!(
        taken.refused,
        [Refusal::NotProven, Refusal::NotProven, Refusal::UnknownPacket],
        "each for itself"
    );
    let waits: Vec<_> = desk.waiting().into_iter().map(|row| row.packet).collect();
    assert_eq!(waits, [forged, swapped], "the others wait on");
}

#[test]
fn a_replayed_or_foreign_feed_moves_nothing_back() {
    let (desk, stick) = (desk(), Stick::new());
    let first = desk.seal([500, 900, 500]);
    let out = carry(&desk, &stick).unwrap();
    let replies = centre_answers(&desk, &out.folder, &desk.keys);
    let old = std::fs::read(replies.join(STATUS_FILE)).unwrap();
    take(&desk, &stick).unwrap();
    desk.seal([500, 900, 500]);
    let second = carry(&desk, &stick).unwrap();
    let replies = centre_answers(&desk, &second.folder, &desk.keys);
    take(&desk, &stick).unwrap();
    let cursor = desk.store.read(|v| v.change_cursor()).unwrap();
    assert_eq!(cursor.as_deref(), Some("aaaa-2"), "two answers");
    std::fs::write(replies.join(STATUS_FILE), old).unwrap();
    assert_eq!(take(&desk, &stick).unwrap().changes, 0, "an old answer in a new place");
    assert_eq!(desk.store.read(|v| v.change_cursor()).unwrap(), cursor, "moves nothing back");
    let other = Keys::new(Timestamp::now());
    let status = StatusChange {
        s: "DUPLICATE_RECORD".into(),
        t: Timestamp::now(),
        q: vec![(1, 2)],
        r: String::new(),
        e: vec![],
    };
    let feed = write_feed_for(STATION, &[Change::Status(status)], &Cursor::new("aaaa", 9), false);
    let forged = Document::sign(&feed, "rekam-feed/1", &other.signer, Timestamp::now()).unwrap();
    std::fs::write(replies.join(STATUS_FILE), forged).unwrap();
    assert!(take(&desk, &stick).unwrap().refused.contains(&Refusal::NotProven), "a forged one is refused");
    let newest = desk.store.read(|v| v.central_statuses_of(first)).unwrap();
    assert_eq!(newest[0].status, "PRINT_READY_RECORD", "and the mirror is as before");
}

/// Its signature holds and its place is right: only what it says itself tells it apart.
#[test]
fn the_answer_to_another_station_of_the_same_centre_is_refused_and_so_is_one_that_names_none() {
    let (desk, stick) = (desk(), Stick::new());
    let own = desk.seal([500, 900, 500]);
    let out = carry(&desk, &stick).unwrap();
    let replies = centre_answers(&desk, &out.folder, &desk.keys);
    let status = StatusChange {
        s: "DUPLICATE_RECORD".into(),
        t: Timestamp::now(),
        q: vec![(1, 9)],
        r: String::new(),
        e: vec![],
    };
    let (changes, cursor) = ([Change::Status(status)], Cursor::new("aaaa", 40));
    let signed = |feed: &[u8]| {
        let now = Timestamp::now();
        let document = Document::sign(feed, "rekam-feed/1", &desk.keys.signer, now).unwrap();
        std::fs::write(replies.join(STATUS_FILE), document).unwrap();
        take(&desk, &stick).unwrap()
    };
    for other in [write_feed_for("UJI-2", &changes, &cursor, false), write_feed(&changes, &cursor, false)] {
        let taken = signed(&other);
        assert_eq!(taken.refused, [Refusal::OtherStation], "not this station's");
        assert_eq!((taken.changes, taken.whole), (0, None), "nothing of it, and no word of the centre");
        assert_eq!(taken.receipts, [own], "what is this station's is taken");
    }
    let kept = desk.store.read(|v| Ok((v.change_cursor()?, v.central_statuses_of(own)?.len()))).unwrap();
    assert_eq!(kept, (None, 0), "the cursor stands, and no number was taken for an own one");
    let taken = signed(&write_feed_for(STATION, &changes, &cursor, false));
    assert_eq!((taken.changes, taken.refused.len()), (1, 0), "its own is");
}

#[test]
fn an_answer_that_says_nothing_new_still_says_until_when_the_feed_is_whole() {
    let (desk, stick) = (desk(), Stick::new());
    let whole = || desk.store.read(|v| v.feed_whole_ms()).unwrap();
    desk.seal([500, 900, 500]);
    let out = carry(&desk, &stick).unwrap();
    centre_answers(&desk, &out.folder, &desk.keys);
    assert_eq!(whole(), None, "nothing has come yet");
    take(&desk, &stick).unwrap();
    let before = whole();
    assert!(before.is_some_and(|ms| ms <= desk.now().as_millisecond()), "when the centre signed it");

    let day = |n: i64| Timestamp::from_second(desk.now().as_second() + n * 86_400).unwrap();
    let [signed, now, later] = [7, 8, 9].map(day);
    desk.set_clock(now);
    desk.seal([500, 900, 500]);
    let out = carry(&desk, &stick).unwrap();
    let replies = centre_answers(&desk, &out.folder, &desk.keys);
    let kept = |at: Timestamp| Some(at.as_millisecond());
    for (at, more, then, said) in [
        (signed, true, before, "there is more to come"),
        (signed, false, kept(signed), "by the centre's clock"),
        (later, false, kept(now), "not later than this computer's now"),
    ] {
        let feed = write_feed_for(STATION, &[], &Cursor::new("aaaa", 1), more);
        let document = Document::sign(&feed, "rekam-feed/1", &desk.keys.signer, at).unwrap();
        std::fs::write(replies.join(STATUS_FILE), document).unwrap();
        let taken = take(&desk, &stick).unwrap();
        assert_eq!((taken.changes, taken.refused.len()), (0, 0), "nothing new");
        assert_eq!(whole(), then, "{said}");
    }
}

#[cfg(unix)]
#[test]
fn links_bombs_and_crowds_on_a_stick_are_refused() {
    use std::os::unix::fs::symlink;
    let (desk, stick) = (desk(), Stick::new());
    desk.seal([500, 900, 500]);
    let out = carry(&desk, &stick).unwrap();
    let replies = centre_answers(&desk, &out.folder, &desk.keys);
    let id = desk.waiting()[0].packet;
    let receipt = replies.join(receipt_file(id.uuid()));
    let genuine = std::fs::read(&receipt).unwrap();
    std::fs::remove_file(replies.join(STATUS_FILE)).unwrap();

    std::fs::remove_file(&receipt).unwrap();
    let elsewhere = desk.folder.path().join("elsewhere");
    std::fs::write(&elsewhere, &genuine).unwrap();
    symlink(&elsewhere, &receipt).unwrap();
    assert_eq!(take(&desk, &stick).unwrap().refused, [Refusal::Link], "a link to a file");

    std::fs::remove_file(&receipt).unwrap();
    std::fs::File::create(&receipt).unwrap().set_len(3 << 30).unwrap();
    assert_eq!(take(&desk, &stick).unwrap().refused, [Refusal::TooMuch], "three gigabytes of nothing");

    std::fs::remove_dir_all(&replies).unwrap();
    symlink(desk.folder.path(), &replies).unwrap();
    assert_eq!(take(&desk, &stick).unwrap().refused, [Refusal::Link], "a link to a folder");

    let root = stick.path().join(ROOT_FOLDER);
    let aside = stick.path().join("aside");
    std::fs::rename(&root, &aside).unwrap();
    symlink(&aside, &root).unwrap();
    assert!(matches!(take(&desk, &stick), Err(Error::Medium(Refusal::Link))), "a link at the top");
    assert!(
        matches!(carry(&desk, &stick), Err(Error::Medium(Refusal::Link))),
        "nothing is written through it"
    );
    assert_eq!(desk.waiting().len(), 1, "and nothing here is lost");
}

#[test]
fn an_empty_a_missing_and_another_stations_stick_are_told_apart() {
    let (desk, stick) = (desk(), Stick::new());
    desk.seal([500, 900, 500]);
    assert!(matches!(take(&desk, &stick), Err(Error::Medium(Refusal::NoReplies))), "empty");
    std::fs::create_dir_all(stick.path().join(ROOT_FOLDER).join("LAIN-7").join("x")).unwrap();
    assert!(matches!(take(&desk, &stick), Err(Error::Medium(Refusal::NoReplies))), "another station's");
    let out = carry(&desk, &stick).unwrap();
    assert!(matches!(take(&desk, &stick), Err(Error::Medium(Refusal::NoReplies))), "not answered yet");
    assert!(out.folder.starts_with(stick.path()), "inside the stick");
    let gone = stick.path().to_owned();
    drop(stick);
    let pulled = Stick { folder: tempfile::tempdir().unwrap() };
    std::fs::remove_dir(pulled.path()).unwrap();
    assert!(!gone.exists(), "pulled out");
    assert!(matches!(carry(&desk, &pulled), Err(Error::Medium(Refusal::NoFolder))), "said, and nothing lost");
    assert_eq!(desk.waiting().len(), 1, "it waits on");
}

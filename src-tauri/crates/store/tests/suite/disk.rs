//! A disk that fills up.

use crate::desk::{Desk, at, by, identity, key, operator, options, visit};
use crate::residents::{OUTDATE, extract, import_into, of_lines, of_long_lines};
use store::{
    Act, Error, KeySlots, MIGRATIONS, Migration, NewPrintAttempt, NewSample, SampleImage, Store,
    StoreOptions, forecast, free_bytes,
};

fn sample(bytes: usize) -> NewSample {
    NewSample {
        attempt: "a-1".into(),
        modality: "fingers".into(),
        part: "right_four".into(),
        quality_json: "{}".into(),
        device_json: "{}".into(),
        evidence: Vec::new(),
        images: vec![SampleImage {
            part: "slap".into(),
            media_type: "image/png".into(),
            image: vec![0x5a; bytes],
        }],
        chosen: false,
    }
}

fn accept(store: &Store, ms: i64, bytes: usize) -> store::Result<store::Changed<i64>> {
    let act =
        Act::SampleAccept { permohonan: visit(1), modality: "fingers".into(), part: "right_four".into() };
    store.transact(act, &by("op-1", ms), |tx| tx.add_sample(visit(1), &sample(bytes)))
}

#[test]
fn the_forecast_counts_recordings_above_the_threshold() {
    let plenty = forecast(10_500_000_000, 0, 10_000_000, 500_000_000);
    assert_eq!((plenty.recordings_left, plenty.refuse_new), (1_000, false), "room above the threshold");
    let last = forecast(509_999_999, 0, 10_000_000, 500_000_000);
    assert_eq!((last.recordings_left, last.refuse_new), (0, true), "the last one would cross the threshold");
    assert!(forecast(0, 0, 0, 500_000_000).refuse_new, "nothing left, nothing begins");
}

#[test]
fn the_forecast_counts_the_free_pages_of_the_file_for_the_half_that_goes_there() {
    let some = forecast(530_000_000, 20_000_000, 10_000_000, 500_000_000);
    assert_eq!(some.recordings_left, 5, "30 MB of the disk and 20 of the file");
    let many = forecast(530_000_000, 900_000_000, 10_000_000, 500_000_000);
    assert_eq!(many.recordings_left, 6, "each is sealed on the disk");
    let below = forecast(499_000_000, 900_000_000, 10_000_000, 500_000_000);
    assert!(below.refuse_new && forecast(500_000_000, 900_000_000, 10_000_000, 500_000_000).refuse_new);
}

#[test]
fn a_new_recording_is_refused_before_the_disk_is_full() {
    let desk = Desk::with(StoreOptions { threshold_bytes: u64::MAX / 2, ..options() });
    assert!(matches!(desk.store.room_for_recording(), Err(Error::NearlyFull { .. })), "below the threshold");
    desk.open_visit(1);
    assert!(accept(&desk.store, 50, 1_000).is_ok(), "what was begun may be finished");
}

#[test]
fn on_a_full_database_the_ballast_is_given_up_and_nothing_acknowledged_is_lost() {
    let desk = Desk::with_visit();
    accept(&desk.store, 20, 100_000).unwrap();
    let ballast = desk.folder.path().join("rekam.db.ballast");
    assert!(ballast.exists(), "reserved from the start");
    // The file may not grow any more: SQLite answers as on a full disk.
    desk.store.limit_pages_for_tests(1).unwrap();
    let refused = accept(&desk.store, 30, 3_000_000);
    assert!(matches!(refused, Err(Error::Full { ballast_freed: true })), "{refused:?}");
    assert!(!ballast.exists(), "the ballast was given up on the way");
    assert!(
        matches!(accept(&desk.store, 31, 3_000_000), Err(Error::Full { ballast_freed: false })),
        "no second ballast"
    );
    let desk = desk.restart();
    assert_eq!(
        desk.store.read(|v| v.samples(visit(1))).unwrap().len(),
        1,
        "the acknowledged one, and no half one"
    );
    assert!(desk.store.verify_register(&[]).unwrap().is_ok(), "the chain holds");
    assert!(accept(&desk.store, 40, 3_000_000).is_ok(), "with room again, work goes on");
    assert!(ballast.exists(), "the restart reserved it again");
}

/// Set in the child that runs this test again where it may mount.
const MAY_MOUNT: &str = "REKAM_STORE_MAY_MOUNT";

/// Runs the calling test again in a namespace of its own, where anybody is root.
fn again_as_root_of_a_namespace(test: &str) {
    assert!(
        std::env::var_os(MAY_MOUNT).is_none(),
        "a file system of 24 MiB can be mounted neither by this user nor in a user namespace; run the tests as root"
    );
    let run = std::process::Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test])
        .env(MAY_MOUNT, "1")
        .output()
        .expect("unshare is there (package util-linux)");
    assert!(
        run.status.success(),
        "{}{}",
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&run.stderr)
    );
}

/// A real file system of 24 MiB that answers ENOSPC; gone with this.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// None where the calling `test` may not mount: it has run in a namespace then, where it may. Never skipped.
    fn mount(test: &str) -> Option<SmallDisk> {
        let disk = SmallDisk(tempfile::tempdir().unwrap());
        let mount = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"])
            .arg(disk.0.path())
            .output();
        if mount.is_ok_and(|done| done.status.success()) {
            return Some(disk);
        }
        again_as_root_of_a_namespace(test);
        None
    }

    /// Another file leaves so many bytes.
    fn leave(&self, bytes: u64) {
        let more = free_bytes(&self.database()).unwrap().checked_sub(bytes).expect("so many are free");
        let other = vec![0x5a_u8; usize::try_from(more).unwrap()];
        std::fs::write(self.0.path().join("lain"), other).unwrap();
    }

    fn database(&self) -> std::path::PathBuf {
        self.0.path().join("rekam.db")
    }

    /// Another file takes whatever room is left, to the last block.
    fn fill(&self) {
        use std::io::Write as _;
        let name = self.0.path().join("lain");
        let mut other = std::fs::File::options().create(true).append(true).open(name).unwrap();
        for size in [1 << 20, 1 << 12, 1] {
            let block = vec![0x5a; size];
            let end = (0..100_000).find_map(|_| other.write_all(&block).err()).expect("the disk has an end");
            assert_eq!(end.kind(), std::io::ErrorKind::StorageFull);
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(self.0.path()).output();
    }
}

#[test]
fn on_a_real_full_disk_the_ballast_lets_somebody_in_and_without_it_nobody_is_tried() {
    let test = "disk::on_a_real_full_disk_the_ballast_lets_somebody_in_and_without_it_nobody_is_tried";
    let Some(disk) = SmallDisk::mount(test) else { return };
    let path = disk.database();
    let with_ballast = || StoreOptions { ballast_bytes: 4 << 20, ..options() };
    drop(Store::create(&path, &key(), &identity(), with_ballast()).unwrap());
    let sidecar = KeySlots::path_beside(&path);
    let cheap = store::Argon2Cost::CHEAP_FOR_TESTS;
    drop(KeySlots::create(&sidecar, &key(), &operator("op-1"), "kata sandi", cheap, at(0)).unwrap());
    disk.fill();
    let mut slots = KeySlots::open(&sidecar, cheap).unwrap();
    let opened = slots.unlock(&operator("op-1"), "kata sandi", at(10)).expect("the ballast makes room");
    let store = Store::open(&path, &opened, with_ballast(), at(10)).expect("and so does the database");
    let signed = store.transact(Act::SignIn { operator: operator("op-1") }, &by("op-1", 10), |_| Ok(()));
    assert!(signed.is_ok(), "{signed:?}");
    assert!(!store.forecast().unwrap().ballast_ready, "there is no room for another one");
    drop(store);
    disk.fill();
    let before = std::fs::read(&sidecar).unwrap();
    let refused = slots.unlock(&operator("op-1"), "salah", at(20)).expect_err("nothing can be counted");
    assert!(matches!(refused, Error::Full { ballast_freed: false }), "{refused:?}");
    assert_eq!(std::fs::read(&sidecar).unwrap(), before, "not counted, and so not tried");
    assert!(!path.with_extension("db.keys.part").exists(), "no half file takes room");
}

/// What is given up comes back with the room, and no recording begins before it has.
#[test]
fn a_ballast_that_was_given_up_holds_new_recordings_until_it_fits_again() {
    let test = "disk::a_ballast_that_was_given_up_holds_new_recordings_until_it_fits_again";
    let Some(disk) = SmallDisk::mount(test) else { return };
    let bytes = 12 << 20;
    let options = StoreOptions { ballast_bytes: bytes, threshold_bytes: 1 << 20, ..options() };
    let store = Store::create(&disk.database(), &key(), &identity(), options).unwrap();
    assert!(store.room_for_recording().is_ok(), "with the ballast in its place");
    disk.fill();
    let line = store.transact(Act::SignIn { operator: operator("op-1") }, &by("op-1", 10), |_| Ok(()));
    assert!(line.unwrap().ballast_freed, "the line comes through on the ballast");
    assert!(!store.forecast().unwrap().refuse_new, "the free bytes alone would allow a recording");
    let refused = store.room_for_recording();
    let needed = bytes + (1 << 20);
    let held = matches!(refused, Err(Error::NearlyFull { threshold_bytes, .. }) if threshold_bytes == needed);
    assert!(held, "{refused:?}");
    std::fs::remove_file(disk.0.path().join("lain")).unwrap();
    let again = store.room_for_recording();
    assert!(
        again.is_ok_and(|forecast| forecast.ballast_ready),
        "with room it is taken again, without a restart"
    );
}

#[test]
fn on_a_real_full_disk_a_sheet_that_is_about_to_be_sent_is_noted_on_the_ballast() {
    let test = "disk::on_a_real_full_disk_a_sheet_that_is_about_to_be_sent_is_noted_on_the_ballast";
    let Some(disk) = SmallDisk::mount(test) else { return };
    let store = Store::create(
        &disk.database(),
        &key(),
        &identity(),
        StoreOptions { ballast_bytes: 4 << 20, ..options() },
    )
    .unwrap();
    let sheet = NewPrintAttempt {
        paper: "surat/1".into(),
        document: None,
        permohonan: None,
        kind: "suket".into(),
        roll: false,
        printer: "loket".into(),
        reason: String::new(),
    };
    disk.fill();
    let mark = store.bookkeep(at(10), |ledger| ledger.send_sheet(&sheet));
    assert!(matches!(mark, Err(Error::Full { ballast_freed: false })), "{mark:?}");
    assert!(store.forecast().unwrap().ballast_ready, "the ballast is not for what is only sent twice");
    let (id, ballast_freed) = store.bookkeep_surely(at(11), |ledger| ledger.send_sheet(&sheet)).unwrap();
    assert!(ballast_freed && !store.forecast().unwrap().ballast_ready, "it comes through on the ballast");
    disk.fill();
    let refused = store.bookkeep_surely(at(12), |ledger| ledger.send_sheet(&sheet));
    assert!(matches!(refused, Err(Error::Full { ballast_freed: false })), "no second ballast: {refused:?}");
    let open = store.read(|view| view.open_prints("surat/1")).unwrap();
    assert_eq!(open.into_iter().map(|one| one.id).collect::<Vec<_>>(), [id], "noted once");
}

#[test]
fn on_a_real_full_disk_the_ballast_saves_the_recording_under_way() {
    let test = "disk::on_a_real_full_disk_the_ballast_saves_the_recording_under_way";
    let Some(disk) = SmallDisk::mount(test) else { return };
    let path = disk.database();
    let store =
        Store::create(&path, &key(), &identity(), StoreOptions { ballast_bytes: 8 << 20, ..options() })
            .unwrap();
    let open = Act::PermohonanOpen { permohonan: visit(1) };
    store.transact(open, &by("op-1", 10), |tx| tx.open_permohonan(&crate::desk::new_visit(1))).unwrap();
    let mut acknowledged = 0;
    let mut saved_by_ballast = 0;
    let refused = loop {
        match accept(&store, 20 + acknowledged, 700_000) {
            Ok(changed) => {
                acknowledged += 1;
                saved_by_ballast += i64::from(changed.ballast_freed);
            }
            Err(error) => break error,
        }
        assert!(acknowledged < 100, "24 MiB cannot hold this many");
    };
    assert!(matches!(refused, Error::Full { .. }), "{refused:?}");
    assert_eq!(saved_by_ballast, 1, "one recording came through on the ballast");
    drop(store);
    let store =
        Store::open(&path, &key(), StoreOptions { ballast_bytes: 0, ..options() }, at(9_000)).unwrap();
    let stored = store.read(|v| v.samples(visit(1))).unwrap().len() as i64;
    assert_eq!(stored, acknowledged, "everything acknowledged is there, nothing else");
    assert!(store.verify_register(&[]).unwrap().is_ok(), "the chain holds");
}

#[test]
fn an_upgrade_whose_copy_does_not_fit_leaves_the_room_and_the_ballast_as_they_were() {
    let test = "disk::an_upgrade_whose_copy_does_not_fit_leaves_the_room_and_the_ballast_as_they_were";
    let Some(disk) = SmallDisk::mount(test) else { return };
    let path = disk.database();
    let with_ballast = || StoreOptions { ballast_bytes: 4 << 20, ..options() };
    let store = Store::create(&path, &key(), &identity(), with_ballast()).unwrap();
    let open = Act::PermohonanOpen { permohonan: visit(1) };
    store.transact(open, &by("op-1", 10), |tx| tx.open_permohonan(&crate::desk::new_visit(1))).unwrap();
    for n in 0..20 {
        accept(&store, 20 + n, 700_000).unwrap();
        store.tidy().unwrap(); // Or the log would take half of the disk.
    }
    drop(store);
    let bytes = std::fs::metadata(&path).unwrap().len();
    let free = free_bytes(&path).unwrap();
    assert!(bytes > free + (4 << 20), "no copy fits, even without the ballast: {bytes} bytes, {free} free");
    let next = Migration {
        name: "20990101-0001-note",
        sql: "CREATE TABLE note (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;",
        version: store::SCHEMA_VERSION,
    };
    let upgraded: Vec<Migration> = MIGRATIONS.iter().copied().chain([next]).collect();
    let migrations: &'static [Migration] = Box::leak(upgraded.into_boxed_slice());
    let refused = Store::open(&path, &key(), StoreOptions { migrations, ..with_ballast() }, at(30));
    assert!(matches!(refused, Err(Error::Full { ballast_freed: false })), "{refused:?}");
    let files: Vec<_> = std::fs::read_dir(path.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(".before-"))
        .collect();
    assert!(files.is_empty(), "no half copy stays: {files:?}");
    assert!(path.with_extension("db.ballast").exists(), "the ballast stands");
    let left = free_bytes(&path).unwrap();
    assert!(left.abs_diff(free) < 1 << 20, "{left} bytes free, {free} before");
    let store = Store::open(&path, &key(), with_ballast(), at(40)).expect("the program of before goes on");
    assert_eq!(store.read(|v| v.samples(visit(1))).unwrap().len(), 20, "with everything");
}

#[test]
fn residents_that_do_not_fit_take_neither_the_ballast_nor_the_room_of_new_visits() {
    let test = "disk::residents_that_do_not_fit_take_neither_the_ballast_nor_the_room_of_new_visits";
    let Some(disk) = SmallDisk::mount(test) else { return };
    let path = disk.database();
    let options = StoreOptions { ballast_bytes: 4 << 20, threshold_bytes: 6 << 20, ..options() };
    let store = Store::create(&path, &key(), &identity(), options.clone()).unwrap();
    let before = store.room_for_recording().expect("a new visit may begin");
    // By their number; by the length of the first; longer than anybody's, which shows on the way.
    let later = std::iter::repeat_n(1, 4_096).chain(std::iter::repeat_n(10_000, 900));
    for (extract, what) in [
        (of_long_lines(60_000, 1), "number"),
        (of_long_lines(1_000, 10_000), "length"),
        (of_lines(later), "on the way"),
    ] {
        let refused = import_into(&store, 0, &extract);
        assert!(matches!(refused, Err(Error::Full { ballast_freed: false })), "{what}: {refused:?}");
        let after = store.room_for_recording().expect("a new visit may begin");
        assert!(after.ballast_ready, "{what}: the ballast stands");
        if what != "on the way" {
            assert!(after.recordings_left >= before.recordings_left, "{what}: {after:?}, {before:?}");
            let grown = before.free_bytes.saturating_sub(after.free_bytes);
            assert!(grown < 1 << 18, "{what}: {grown} bytes were written");
        }
    }
    let log = std::fs::metadata(path.with_extension("db-wal")).map_or(0, |log| log.len());
    assert_eq!(log, 0, "the log has given its room back");
    let conn = crate::desk::raw(&path);
    let left: i64 = conn.query_row("SELECT count(*) FROM resident", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0, "and nobody is left in the file");
    drop((conn, store));
    let store = Store::open(&path, &key(), StoreOptions { threshold_bytes: 0, ..options }, at(200)).unwrap();
    assert!(import_into(&store, 0, &of_long_lines(1_000, 100)).is_ok(), "what fits is taken");
}

#[test]
fn residents_in_place_of_others_have_the_room_that_those_before_them_left_in_the_file() {
    let test = "disk::residents_in_place_of_others_have_the_room_that_those_before_them_left_in_the_file";
    let Some(disk) = SmallDisk::mount(test) else { return };
    let path = disk.database();
    let options = StoreOptions { ballast_bytes: 0, threshold_bytes: 1 << 20, ..options() };
    let store = Store::create(&path, &key(), &identity(), options).unwrap();
    let people = of_long_lines(2_500, 1_000);
    for _ in 0..2 {
        store.tidy().unwrap(); // Or the log would take half of the disk.
        import_into(&store, 0, &people).unwrap();
    }
    store.tidy().unwrap();
    let file = || std::fs::metadata(&path).unwrap().len();
    let before = file();
    // For the threshold and the log of a batch, and not for three megabytes of residents besides.
    disk.leave(13 << 19);
    import_into(&store, 0, &people).expect("in the pages of those who were there before");
    store.tidy().unwrap();
    assert!(file() < before + (1 << 20), "{} bytes, {before} before", file());
    let refused = import_into(&store, 0, &of_long_lines(9_000, 1_000));
    assert!(matches!(refused, Err(Error::Full { ballast_freed: false })), "more than they left: {refused:?}");
}

#[test]
fn the_beginning_of_an_extract_tells_whether_the_whole_has_room() {
    let test = "disk::the_beginning_of_an_extract_tells_whether_the_whole_has_room";
    let Some(disk) = SmallDisk::mount(test) else { return };
    let options = StoreOptions { ballast_bytes: 0, threshold_bytes: 1 << 20, ..options() };
    let store = Store::create(&disk.database(), &key(), &identity(), options).unwrap();
    let room = |body: &[u8], beside| store.room_for_residents(body, beside);
    let full = |answer: store::Result<()>| matches!(answer, Err(Error::Full { ballast_freed: false }));
    let small = of_long_lines(1_000, 100);
    room(&small.body, 0).expect("it fits");
    assert!(full(room(&small.body, 24 << 20)), "and not beside what is still to be fetched");
    let header = |body: &[u8]| body.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let many = of_long_lines(60_000, 1);
    assert!(full(room(&many.body[..header(&many.body)], 0)), "by the number in the first line");
    let long = of_long_lines(3_000, 10_000);
    room(&long.body[..header(&long.body)], 0).expect("by their number they fit");
    assert!(full(room(&long.body[..100_000], 0)), "by the length of those who are here");
    room(b"", 0).expect("nothing says nothing");
    room(b"bukan ekstrak", 0).expect("what cannot be read is refused by the import");
}

#[test]
fn the_index_of_names_takes_no_room_of_new_visits_and_names_are_found_without_it() {
    let desk = Desk::new();
    import_into(&desk.store, 0, &extract(&["Siti Aminah"])).unwrap();
    desk.raw().execute_batch(OUTDATE).unwrap();
    let path = desk.path();
    let Desk { folder, store } = desk;
    drop(store);
    let options = StoreOptions { threshold_bytes: u64::MAX / 2, ..options() };
    let store = Store::open(&path, &key(), options, at(200)).unwrap();
    let refused = store.refresh_names();
    assert!(matches!(refused, Err(Error::Full { ballast_freed: false })), "{refused:?}");
    assert_eq!(store.find_names("siti", 10).unwrap().len(), 1);
    drop((store, folder));
}

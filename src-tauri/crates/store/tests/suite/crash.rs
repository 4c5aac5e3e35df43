//! The process is killed while it writes. What it acknowledged is there; nothing else is half there.

use crate::desk::{Desk, by, key, options, visit};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use store::{Act, Error, MIGRATIONS, NewSample, SampleImage, Store, StoreOptions};

const CHILD: &str = "REKAM_STORE_CRASH_CHILD";

/// Only the child of the test below does something here: it writes until it is killed.
#[test]
fn child_that_writes_until_it_is_killed() {
    let Ok(path) = std::env::var(CHILD) else { return };
    let store = Store::open(path.as_ref(), &key(), options(), crate::desk::at(2_000)).unwrap();
    let done = store.read(|v| v.samples(visit(1))).unwrap().len() as u64;
    let mut out = std::io::stdout().lock();
    for n in done.. {
        let body = vec![(n % 251) as u8; 40_000 + (n as usize * 7_919) % 200_000];
        let images = ["slap", "a", "b"].map(|part| SampleImage {
            part: part.into(),
            media_type: "image/png".into(),
            image: body.clone(),
        });
        let sample = NewSample {
            attempt: format!("{n}"),
            modality: "irises".into(),
            part: "right".into(),
            quality_json: "{}".into(),
            device_json: "{}".into(),
            evidence: body,
            images: images.into(),
            chosen: true,
        };
        let act = Act::SampleAccept { permohonan: visit(1), modality: "irises".into(), part: "right".into() };
        let saved = store.transact(act, &by("op-1", 3_000), |tx| {
            tx.save_isian(visit(1), "urut", &n.to_string())?;
            tx.add_sample(visit(1), &sample)
        });
        match saved {
            Ok(_) => {
                writeln!(out, "ack {n}").unwrap();
                out.flush().unwrap();
            }
            Err(Error::Full { .. }) => return,
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn twenty_kills_lose_nothing_acknowledged_and_leave_nothing_half() {
    let mut desk = Desk::with_visit();
    let mut acknowledged: u64 = 0;
    for kill in 0..20u64 {
        let path = desk.path();
        let Desk { folder, store } = desk;
        drop(store);
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::child_that_writes_until_it_is_killed", "--nocapture"])
            .env(CHILD, &path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        // Killed after a varying number of acknowledgements and then somewhere inside the next write.
        let acks = 1 + kill % 3;
        let mut seen = 0;
        let mut line = String::new();
        let mut note = |line: &str| {
            if let Some(n) = line.trim().rsplit("ack ").next().and_then(|n| n.parse::<u64>().ok()) {
                assert_eq!(n, acknowledged, "acknowledgements come in order");
                acknowledged = n + 1;
                return true;
            }
            false
        };
        while seen < acks {
            line.clear();
            assert_ne!(out.read_line(&mut line).unwrap(), 0, "the child ended by itself");
            seen += u64::from(note(&line));
        }
        for _ in 0..kill * 20_011 {
            std::hint::black_box(kill); // A different moment inside the next write, without a clock.
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let mut rest = String::new();
        out.read_to_string(&mut rest).unwrap();
        for line in rest.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
            note(line);
        }
        let store = Store::open(&path, &key(), options(), crate::desk::at(5_000)).unwrap(); // runs quick_check
        let samples = store.read(|v| v.samples(visit(1))).unwrap();
        let stored = samples.len() as u64;
        assert!(
            stored == acknowledged || stored == acknowledged + 1,
            "kill {kill}: {acknowledged} acknowledged, {stored} stored; only one write can be under way"
        );
        acknowledged = stored;
        let last = samples.last().unwrap();
        let images = store.read(|v| v.sample_images(last.id)).unwrap();
        let evidence = store.read(|v| v.sample_evidence(last.id)).unwrap();
        assert_eq!(images.len(), 3, "no half sample");
        assert!(images.iter().all(|image| image.image == evidence), "every picture whole");
        let field = &store.read(|v| v.isian(visit(1))).unwrap()[0];
        assert_eq!(field.value, last.attempt, "both tables of one act, or neither");
        assert_eq!(samples.iter().filter(|s| s.chosen).count(), 1, "one chosen sample");
        assert_eq!(store.verify_register(&[]).unwrap().unwrap().rows, 2 + stored, "one line for each act");
        desk = Desk { folder, store };
    }
}

/// Where the child of the test below is cut, and over which database.
const UPGRADE: &str = "REKAM_STORE_UPGRADE_CHILD";
const CUT: &str = "REKAM_STORE_CUT";
/// Every point between the first byte of the backup and the end of an upgrade.
const CUTS: [&str; 7] = [
    "store::backup::copied",
    "store::backup::flushed",
    "store::backup::renamed",
    "store::backup::durable",
    "store::migration::step_done",
    "store::migration::before_commit",
    "store::migration::committed",
];

/// Only the child of the test below does something here: it upgrades until it is killed.
#[test]
fn child_that_upgrades_until_it_is_killed() {
    let (Ok(path), Ok(cut)) = (std::env::var(UPGRADE), std::env::var(CUT)) else { return };
    fail::cfg_callback(cut, || {
        let me = nix::unistd::Pid::this();
        nix::sys::signal::kill(me, nix::sys::signal::Signal::SIGKILL).unwrap();
    })
    .unwrap();
    drop(Store::open(path.as_ref(), &key(), options(), crate::desk::at(2_000)));
}

#[test]
fn a_cut_at_any_point_of_an_upgrade_leaves_the_old_database_or_the_new_one() {
    let mut reached = Vec::new();
    for cut in CUTS {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rekam.db");
        let older = StoreOptions { migrations: &MIGRATIONS[..1], ..options() };
        let store = Store::create(&path, &key(), &crate::desk::identity(), older).unwrap();
        let act = Act::SettingChange { name: "theme".into() };
        store.transact(act, &by("op-1", 10), |tx| tx.set_setting("theme", "1")).unwrap();
        drop(store);
        // The program of before wrote its visits itself.
        crate::desk::raw(&path)
            .execute_batch(&format!("INSERT INTO permohonan (id, ticket) VALUES ('{}', 'x/A-001')", visit(1)))
            .unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::child_that_upgrades_until_it_is_killed"])
            .envs([(UPGRADE, path.as_os_str()), (CUT, cut.as_ref())])
            .output()
            .unwrap();
        assert_eq!(child.status.signal(), Some(9), "{cut} was never reached");
        let store = Store::open(&path, &key(), options(), crate::desk::at(5_000))
            .unwrap_or_else(|error| panic!("after a cut at {cut}: {error}"));
        assert!(store.read(|v| v.permohonan(visit(1))).unwrap().is_some(), "{cut}: the visit is there");
        assert!(store.read(|v| v.resident_extracts()).is_ok(), "{cut}: the upgrade came to its end");
        assert_eq!(store.verify_register(&[]).unwrap().unwrap().rows, 2, "{cut}: the register is whole");
        let backup = folder.path().join(format!("rekam.db.before-{}", MIGRATIONS[1].name));
        assert!(backup.exists(), "{cut}: the copy of before is there");
        reached.push(cut);
    }
    assert_eq!(reached, CUTS, "every point was reached and survived");
}

/// Only the child of the test below does something here: it removes an old copy until it is killed.
#[test]
fn child_that_removes_an_old_copy_until_it_is_killed() {
    let Ok(path) = std::env::var(PURGE) else { return };
    fail::cfg_callback("store::backup::said", || {
        let me = nix::unistd::Pid::this();
        nix::sys::signal::kill(me, nix::sys::signal::Signal::SIGKILL).unwrap();
    })
    .unwrap();
    let store = Store::open(path.as_ref(), &key(), options(), crate::desk::at(2_000)).unwrap();
    drop(store.purge_copies(crate::desk::at(2_000), &by("op-1", 3_000)));
}

const PURGE: &str = "REKAM_STORE_PURGE_CHILD";

#[test]
fn a_copy_of_before_an_upgrade_goes_when_it_is_old_enough_and_a_cut_leaves_it_to_the_next_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rekam.db");
    drop(Store::create(&path, &key(), &crate::desk::identity(), options()).unwrap());
    let made = |name: &str, second: i64| {
        let copy = folder.path().join(name);
        let file = std::fs::File::create(&copy).unwrap();
        file.set_modified(std::time::SystemTime::from(domain::Timestamp::from_second(second).unwrap()))
            .unwrap();
        copy
    };
    let before = crate::desk::at(2_000);
    let old = made("rekam.db.before-20261123-0002-residents", before.as_second() - 1);
    let young = made("rekam.db.before-20261124-0003-later", before.as_second() + 1);
    let other = made("rekam.db.lama", before.as_second() - 1);
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child_that_removes_an_old_copy_until_it_is_killed"])
        .env(PURGE, &path)
        .output()
        .unwrap();
    assert_eq!(child.status.signal(), Some(9), "the point was never reached");
    assert!(old.exists(), "said and not done");

    let store = Store::open(&path, &key(), options(), crate::desk::at(5_000)).unwrap();
    let told = || {
        let lines = store.read(|view| view.register_between(0, u64::MAX)).unwrap();
        let purged = domain::register::RegisterKind::DataPurged;
        let details = lines.into_iter().filter(|line| line.entry.kind == purged);
        details.map(|line| line.entry.detail).collect::<Vec<_>>()
    };
    assert_eq!(told().len(), 1, "before the cut");
    assert_eq!(store.purge_copies(before, &by("op-1", 6_000)).unwrap(), 1);
    assert!(!old.exists() && young.exists() && other.exists(), "what is old and a copy, nothing else");
    assert_eq!(store.purge_copies(before, &by("op-1", 7_000)).unwrap(), 0);
    assert_eq!(told().len(), 1, "each copy is told once, also the one whose removal was cut");
    // Somebody puts a copy back: it has the same name and is another one.
    made("rekam.db.before-20261123-0002-residents", before.as_second() - 2);
    assert_eq!(store.purge_copies(before, &by("op-1", 8_000)).unwrap(), 1);
    assert_eq!(told().len(), 2, "it has a line of its own");
    assert!(told().iter().all(|detail| detail["of"] == "20261123-0002-residents"));
    assert!(store.verify_register(&[]).unwrap().is_ok());
}

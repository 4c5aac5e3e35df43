//! A disk that fills up while nobody is signed in, on a real file system that answers ENOSPC.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use domain::role::Role;
use station::News;
use station::view::{DiskLevel, StockItem};

use crate::plain::{self, PASSWORD};

/// Set in the child that runs this test again where it may mount.
const MAY_MOUNT: &str = "REKAM_STATION_MAY_MOUNT";

struct Mounted<'a>(&'a Path);

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).output();
    }
}

/// Runs the calling test again in a namespace of its own, where anybody is root.
fn again_as_root_of_a_namespace(test: &str) {
    assert!(
        std::env::var_os(MAY_MOUNT).is_none(),
        "a small file system can be mounted neither by this user nor in a user namespace; run the tests as root"
    );
    let run = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test])
        .env(MAY_MOUNT, "1")
        .output()
        .expect("unshare is there (package util-linux)");
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(run.status.success(), "{}{}", said(&run.stdout), said(&run.stderr));
}

/// Another file takes whatever room is left, to the last block.
fn fill(other: &Path) {
    let mut file = std::fs::File::options().create(true).append(true).open(other).unwrap();
    for size in [1 << 20, 1 << 12, 1] {
        let block = vec![0x5a; size];
        let end = (0..100_000).find_map(|_| file.write_all(&block).err()).expect("the disk has an end");
        assert_eq!(end.kind(), std::io::ErrorKind::StorageFull);
    }
}

/// Never skipped: who may not mount gets a namespace to do it in.
#[test]
fn a_kept_paper_is_sent_on_the_reserve_of_a_full_disk_and_not_without_it() {
    let dir = tempfile::tempdir().unwrap();
    let mount =
        Command::new("mount").args(["-t", "tmpfs", "-o", "size=64m", "tmpfs"]).arg(dir.path()).output();
    if !mount.is_ok_and(|done| done.status.success()) {
        return again_as_root_of_a_namespace(
            "full_disk::a_kept_paper_is_sent_on_the_reserve_of_a_full_disk_and_not_without_it",
        );
    }
    let _mounted = Mounted(dir.path());
    let mut config = plain::config(dir.path());
    config.disk.ballast_mb = 16;
    let station = plain::start(config, plain::provision(true, vec![plain::officer("satu", &Role::ALL)]));
    station.sign_in("satu", PASSWORD).unwrap();
    let paper = station.blank_paper("f102_blank").unwrap().document_id;
    let reserved = || station.devices().unwrap().computer.disk.ballast_ready;
    let other = dir.path().join("lain");
    fill(&other);
    assert!(reserved(), "nothing needed it yet");
    let news = station.news();
    let asked = station.print_document(&paper, "").expect_err("there is no printer here").to_view();
    assert_eq!(asked.code, "device", "it was noted, and the printer was asked: {asked:?}");
    assert!(!reserved(), "on the reserve");
    assert!(news.try_iter().any(|news| matches!(news, News::Strip)), "and the strip is told at once");
    fill(&other);
    let refused = station.print_document(&paper, "").expect_err("nothing can be noted").to_view();
    assert_eq!(refused.key, "disk_full", "so nothing is sent");
}

/// Never skipped: who may not mount gets a namespace to do it in.
#[test]
fn whoever_finds_the_disk_full_signs_in_on_the_reserve_and_is_told_that_it_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let mount =
        Command::new("mount").args(["-t", "tmpfs", "-o", "size=64m", "tmpfs"]).arg(dir.path()).output();
    if !mount.is_ok_and(|done| done.status.success()) {
        return again_as_root_of_a_namespace(
            "full_disk::whoever_finds_the_disk_full_signs_in_on_the_reserve_and_is_told_that_it_is_gone",
        );
    }
    let _mounted = Mounted(dir.path());
    let mut config = plain::config(dir.path());
    config.disk.ballast_mb = 16;
    let station = plain::start(config, plain::provision(true, vec![plain::officer("satu", &Role::ALL)]));
    let other = dir.path().join("lain");
    fill(&other);

    station.sign_in("satu", PASSWORD).expect("the reserve makes room for the count of wrong passwords");
    let disk = station.devices().unwrap().computer.disk;
    assert!(!disk.ballast_ready, "the device page says that it is gone");
    assert_eq!(station.strip().unwrap().disk.level, DiskLevel::Full, "and so does the strip");
    station.receive_stock(StockItem::Blangko, 1, "0718224901", "BAST 1").expect("what is begun goes on");
    let kind = station.kinds().unwrap()[0].kind.clone();
    let refused = station.open(&kind).expect_err("nothing new begins").to_view();
    assert_eq!(refused.key, "disk_low");
    assert_eq!(refused.args["needed_mb"], "17", "the threshold and the reserve: {:?}", refused.args);

    std::fs::remove_file(&other).unwrap();
    let visit = station.open(&kind).expect("with room new ones begin again").id;
    let unseen = station.open(&kind).unwrap().id;
    // What somebody opens counts as seen until the screen is locked.
    station.lock().unwrap();
    station.sign_in("satu", PASSWORD).unwrap();
    assert!(station.devices().unwrap().computer.disk.ballast_ready, "and the reserve is back");

    fill(&other);
    let news = station.news();
    let reserved = || station.devices().unwrap().computer.disk.ballast_ready;
    // What the log has left in its last block first.
    (0..100).take_while(|_| reserved()).for_each(|_| {
        station.take(&visit).expect("the reserve is for what is under way");
    });
    assert!(!reserved(), "given up for it");
    assert!(news.try_iter().any(|news| matches!(news, News::Strip)), "and the strip is told at once");
    fill(&other);
    station.take(&unseen).expect("whoever stands there is looked up all the same");
    station.form(&unseen).expect("and what was kept is read");
    station.lock().unwrap();
    fill(&other);
    let refused = station.sign_in("satu", PASSWORD).expect_err("no count, no try").to_view();
    assert_eq!(refused.key, "disk_full", "by its own words");
    std::fs::remove_file(&other).unwrap();
    station.sign_in("satu", PASSWORD).expect("nothing was counted meanwhile");
}

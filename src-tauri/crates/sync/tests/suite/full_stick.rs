//! A stick that becomes full, on a real file system that answers ENOSPC.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use jiff::Timestamp;
use sync::Error;
use sync::courier::{Desk as Courier, Exported, Refusal, export};

use crate::centre::{Keys, STATION};
use crate::desk::Desk;

/// Set in the child that runs this test again where it may mount.
const MAY_MOUNT: &str = "REKAM_SYNC_MAY_MOUNT";

/// Mounts a small file system; false when this user may not.
fn mount(at: &Path, options: &str) -> bool {
    let done = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(at).output();
    done.is_ok_and(|done| done.status.success())
}

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

fn carry(desk: &Desk, stick: &Path) -> Result<Exported, Error> {
    let (trust, ctx, packets) = (desk.trust(), desk.ctx(), desk.packets());
    let courier =
        Courier { store: &desk.store, packets: &packets, station: STATION, trust: &trust, ctx: &ctx };
    export(courier, &desk.keys.station, stick)
}

/// Never skipped: who may not mount gets a namespace to do it in.
#[test]
fn a_stick_that_is_full_or_becomes_full_is_said_and_nothing_of_the_batch_stays_on_it() {
    let stick = tempfile::tempdir().unwrap();
    // Room for the bytes, and names for half of the files: the space that the system tells beforehand is there.
    if !mount(stick.path(), "size=8m,nr_inodes=9") {
        return again_as_root_of_a_namespace(
            "full_stick::a_stick_that_is_full_or_becomes_full_is_said_and_nothing_of_the_batch_stays_on_it",
        );
    }
    let mounted = Mounted(stick.path());
    let desk = Desk::new(Arc::new(Keys::new(Timestamp::now())));
    for _ in 0..3 {
        desk.seal([500, 9_000, 500]);
    }
    assert!(matches!(carry(&desk, stick.path()), Err(Error::Medium(Refusal::Full))), "full in the middle");
    let station = stick.path().join(packet::wire::ROOT_FOLDER).join(STATION);
    let left: Vec<_> = std::fs::read_dir(station).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(left.is_empty(), "what was begun is taken away: {left:?}");
    assert_eq!(desk.waiting().len(), 3, "and everything still waits here");
    drop(mounted);

    let small = tempfile::tempdir().unwrap();
    assert!(mount(small.path(), "size=256k"), "once was possible");
    let mounted = Mounted(small.path());
    let refused = carry(&desk, small.path());
    assert!(matches!(refused, Err(Error::Medium(Refusal::NoRoom { .. }))), "too small: {refused:?}");
    assert_eq!(std::fs::read_dir(small.path()).unwrap().count(), 0, "nothing is begun");
    drop(mounted);

    let good = tempfile::tempdir().unwrap();
    let out = carry(&desk, good.path()).unwrap();
    assert_eq!((out.packets, out.left_out), (3, 0), "another stick takes them all");
}

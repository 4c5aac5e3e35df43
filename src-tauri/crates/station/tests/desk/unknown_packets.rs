//! Sealed files that the database does not know: as after a copy of it was put back.

use std::path::Path;
use std::sync::{Mutex, mpsc};
use std::time::Duration;

use station::view::Unsettled;

use crate::bench::{Bench, LONG};
use crate::sealed::{attested, copy, matched, sealed};

fn folders(packets: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(packets)
        .map(|entries| {
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
        })
        .unwrap_or_default();
    names.sort();
    names
}

#[test]
fn a_whole_packet_that_the_database_does_not_know_is_set_aside_and_told_and_half_of_one_goes() {
    let bench = sealed();
    let packets = bench.dir.path().join("packets");
    let own = folders(&packets).remove(0);
    let (whole, half) = ("01932f6e-0000-7000-8000-00000000aaaa", "01932f6e-0000-7000-8000-00000000bbbb");
    copy(&packets.join(&own), &packets.join(whole));
    copy(&packets.join(&own), &packets.join(half));
    std::fs::remove_file(packets.join(half).join("dok.cms")).unwrap();
    let again = || {
        bench.station.lock().unwrap();
        bench.station.sign_in("dewi", training::PASSWORD).unwrap();
    };
    again();
    assert_eq!(folders(&packets), [own.as_str(), "unknown"], "half of a packet is nobody's recording");
    assert_eq!(folders(&packets.join("unknown")), [whole]);
    let parts = folders(&packets.join("unknown").join(whole));
    assert_eq!(parts, ["bio.cms", "dok.cms", "id.cms"], "not one file of it is lost");
    assert_eq!(bench.station.strip().unwrap().unsettled, [Unsettled::UnknownPackets], "every page says so");
    again();
    assert_eq!(folders(&packets.join("unknown")), [whole], "it stays as long as nobody takes it");
    std::fs::remove_dir_all(packets.join("unknown").join(whole)).unwrap();
    again();
    assert_eq!(bench.station.strip().unwrap().unsettled, [], "and is told no longer");
}

const BOOK: &str = "store::act::before_commit";
const ENCRYPTED: &str = "station::seal::sealed";
const WRITTEN: &str = "station::seal::files_written";

/// Everything is captured and signed; one press of a key seals it.
fn before_the_seal() -> Bench {
    let bench = Bench::new();
    bench.approved();
    bench.slaps();
    bench.irises();
    bench.sign();
    matched(&bench);
    attested(&bench);
    bench.station.render_form(&bench.id).unwrap();
    bench
}

#[test]
fn who_looks_for_left_over_packets_waits_for_the_seal_that_is_under_way_and_takes_nothing_of_it() {
    let bench = before_the_seal();
    let packets = bench.dir.path().join("packets");
    let (written, is_written) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    let may_go = Mutex::new(may_go);
    fail::cfg_callback(WRITTEN, move || {
        written.send(()).unwrap();
        may_go.lock().unwrap().recv().unwrap();
    })
    .unwrap();
    let (looked, has_looked) = mpsc::channel();
    let (station, id) = (&bench.station, bench.id.as_str());
    let (early, sealed) = std::thread::scope(|scope| {
        let seal = scope.spawn(move || station.seal(id));
        is_written.recv_timeout(LONG).expect("the files stand there, and no row speaks of them");
        let look = scope.spawn(move || {
            station.settle_packets_for_tests();
            looked.send(()).unwrap();
        });
        // Whoever does not wait for the seal is through long before; on a slow computer this only sees less.
        let early = has_looked.recv_timeout(Duration::from_secs(2)).is_ok();
        go.send(()).unwrap();
        look.join().unwrap();
        (early, seal.join().unwrap())
    });
    fail::remove(WRITTEN);
    assert!(!early, "nobody looks between the files and their row");
    sealed.unwrap();
    let own = folders(&packets);
    assert_eq!(own.len(), 1, "nothing is set aside: {own:?}");
    assert_eq!(folders(&packets.join(&own[0])), ["bio.cms", "dok.cms", "id.cms"], "not one file is gone");
    assert_eq!(bench.station.strip().unwrap().unsettled, [], "and nobody is told of an unknown packet");
}

#[test]
fn a_second_seal_of_a_visit_waits_for_the_first_and_writes_over_none_of_its_files() {
    let bench = before_the_seal();
    let (second, is_second) = mpsc::channel::<()>();
    let is_second = Mutex::new(Some(is_second));
    // Only the first that comes this far lets the other one overtake it, if it can; on a slow computer this only sees less.
    fail::cfg_callback(ENCRYPTED, move || {
        if let Some(done) = is_second.lock().unwrap().take() {
            let _ = done.recv_timeout(Duration::from_secs(3));
        }
    })
    .unwrap();
    let (station, id) = (&bench.station, bench.id.as_str());
    let (first, other) = std::thread::scope(|scope| {
        let first = scope.spawn(move || station.seal(id));
        let other = scope.spawn(move || {
            let sealed = station.seal(id);
            let _ = second.send(());
            sealed
        });
        (first.join().unwrap(), other.join().unwrap())
    });
    fail::remove(ENCRYPTED);
    let (first, other) = (first.unwrap().packet.unwrap(), other.unwrap().packet.unwrap());
    assert_eq!(first, other, "the same packet");
    for part in &first.parts {
        let file = bench.dir.path().join("packets").join(&first.packet_id);
        let file = file.join(format!("{:?}.cms", part.part).to_lowercase());
        let kept = packet::digest_hex(&std::fs::read(file).unwrap());
        assert_eq!(kept, part.sha256, "{:?} is as the book has it", part.part);
    }
}

#[test]
fn a_seal_that_the_book_did_not_take_leaves_no_files_behind() {
    let bench = before_the_seal();
    let packets = bench.dir.path().join("packets");
    fail::cfg_callback(WRITTEN, || fail::cfg(BOOK, "return").unwrap()).unwrap();
    let full = bench.station.seal(&bench.id).expect_err("the disk is full");
    assert_eq!(full.to_view().key, "disk_full");
    fail::remove(WRITTEN);
    fail::remove(BOOK);
    assert_eq!(folders(&packets), Vec::<String>::new(), "the next form bears another number");
    bench.station.seal(&bench.id).unwrap();
    assert_eq!(folders(&packets).len(), 1, "sealed");
}

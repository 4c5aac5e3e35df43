//! The named points, read from the sources, and where in a station's life each is cut.

use std::collections::BTreeSet;
use std::path::Path;

/// Passed only while a station is set up, or made there already by the hundred.
const SETTING_UP: [&str; 5] = [
    "store::database::",
    "store::migration::",
    "store::residents::",
    "store::ballast::",
    "station::provision::",
];
/// Passed while a recording is sealed, once for each of the three parts.
const PARTS: [&str; 2] = ["packet::part::", "store::packet::"];
/// Passed when the seal is there or nearly.
const SEALING: [&str; 1] = ["station::seal::"];
/// Passed when the screen is locked, after the last act.
const LOCKING: [&str; 1] = ["store::log::"];

/// Passed when received packets are purged, long after their recording.
const PURGING: [&str; 1] = ["station::retention::"];

/// Passed at steps 6 to 9; the store's own suite cuts there at every passage, and `card.rs` kills the whole program.
const AFTER_SEALING: [&str; 3] = ["store::effects::", "store::stock::", "store::ledger::"];

/// Passed when something left a printer, or a card moves in one, before the book has it; at steps 6 to 9.
const AT_A_PRINTER: [&str; 3] = ["station::card::", "station::slip::", "station::paper::"];

fn is_of(point: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| point.starts_with(prefix))
}

/// Every `fail_point!` of the crates that write, without its passage.
pub fn named() -> BTreeSet<String> {
    let mut points = BTreeSet::new();
    for of in ["store", "packet", "station"] {
        gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(of).join("src"), &mut points);
    }
    points
}

fn gather(folder: &Path, points: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, points);
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            points.extend(
                text.split("fail_point!(\"")
                    .skip(1)
                    .filter_map(|rest| rest.split('"').next())
                    .map(String::from),
            );
        }
    }
}

/// A point that a whole program passes only over an older database.
pub fn before_an_upgrade(point: &str) -> bool {
    point.starts_with("store::backup::")
}

/// A point before an upgrade, where the store's own suite kills a process over an older database; or a point of steps 6
/// to 9 that stands in the list of that suite.
pub fn cut_by_the_store(point: &str) -> bool {
    let listed = || {
        include_str!("../../src-tauri/crates/store/tests/suite/power_cut.rs")
            .contains(&format!("\"{point}\","))
    };
    before_an_upgrade(point) || (is_of(point, &AFTER_SEALING) && listed())
}

/// A point between what a printer did and the book.
pub fn at_a_printer(point: &str) -> bool {
    is_of(point, &AT_A_PRINTER)
}

/// `point@passage` of setting a station up.
pub fn cuts_while_setting_up() -> impl Iterator<Item = String> {
    named().into_iter().filter(|point| is_of(point, &SETTING_UP)).flat_map(|point| {
        let passages: &[u32] = match point.as_str() {
            "station::provision::moved" => &[1, 2, 3, 4],
            "store::migration::step_done" => &[1, 2],
            "store::ballast::growing" => &[1, 100],
            _ => &[1],
        };
        passages.iter().map(|passage| format!("{point}@{passage}")).collect::<Vec<_>>()
    })
}

/// `point@passage` of a recording, in the order in which its course reaches them.
pub fn cuts_of_a_recording() -> impl Iterator<Item = String> {
    let all = named();
    let passages =
        |point: &str, list: &[u32]| list.iter().map(|n| format!("{point}@{n}")).collect::<Vec<_>>();
    let mut cuts = Vec::new();
    let rest = |point: &&String| {
        !cut_by_the_store(point)
            && !is_of(point, &SETTING_UP)
            && !is_of(point, &PARTS)
            && !is_of(point, &SEALING)
            && !is_of(point, &LOCKING)
            && !is_of(point, &PURGING)
            && !is_of(point, &AFTER_SEALING)
            && !is_of(point, &AT_A_PRINTER)
    };
    for point in all.iter().filter(rest) {
        // The first act of a life is the sign-in; the slots are written twice by it.
        let list: &[u32] = match point.as_str() {
            "store::sample::after_picture" => &[1, 3],
            _ => &[1, 2],
        };
        // A file of the station is written once in a life.
        let list = if is_of(point, &["station::file::"]) { &list[..1] } else { list };
        cuts.extend(passages(point, list));
    }
    // Up to the outbox row nothing of a seal stays, so each of these lives comes to the same place.
    for point in all.iter().filter(|point| is_of(point, &SEALING)) {
        cuts.extend(passages(point, &[1]));
    }
    for point in all.iter().filter(|point| is_of(point, &PARTS)) {
        cuts.extend(passages(point, &[1, 2, 3]));
    }
    for point in all.iter().filter(|point| is_of(point, &LOCKING)) {
        cuts.extend(passages(point, &[1]));
    }
    cuts.into_iter()
}

/// `point@passage` of a purge of two packets.
pub fn cuts_of_a_purge() -> impl Iterator<Item = String> {
    let points = named().into_iter().filter(|point| is_of(point, &PURGING));
    points.flat_map(|point| [1, 2].map(|passage| format!("{point}@{passage}")))
}

#[test]
fn only_tests_switch_the_points_on() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut manifests = vec![crates.join("../../Cargo.toml")];
    manifests
        .extend(std::fs::read_dir(&crates).unwrap().flatten().map(|entry| entry.path().join("Cargo.toml")));
    let mut switched = 0;
    for manifest in manifests.iter().filter(|manifest| manifest.exists()) {
        let mut section = String::new();
        for line in std::fs::read_to_string(manifest).unwrap().lines() {
            if line.starts_with('[') {
                section = line.to_owned();
            }
            if line.starts_with("fail ") && line.contains("failpoints") {
                switched += 1;
                assert_eq!(
                    section,
                    "[dev-dependencies]",
                    "{}: the program itself has no points",
                    manifest.display()
                );
            }
        }
    }
    assert_eq!(switched, 3, "this suite, the store's and the desk's");
}

//! Who may know and name whom.

use std::collections::BTreeSet;

use super::tree::{
    CRATES, OURS, SHELL, Tree, crates, dependencies, manifest, names, room, sources, unread_dependencies,
};

/// What of the outside the core names.
pub fn domain_does_no_io(tree: &Tree) -> Vec<String> {
    let words = [
        "std::fs",
        "std::net",
        "stdin",
        "stdout",
        "stderr",
        "std::process",
        "std::thread",
        "std::env",
        "SystemTime",
        "Instant",
        "Timestamp::now",
        "Zoned::now",
        "tokio",
        "rand",
        "getrandom",
        "Uuid::now_v7",
        "Uuid::new_v4",
        "async",
    ];
    let mut wrong: Vec<String> = sources(tree, "src-tauri/crates/domain/src/")
        .flat_map(|(p, t)| {
            words.iter().filter(|w| names(&t, w)).map(|w| format!("{p} names {w}")).collect::<Vec<_>>()
        })
        .collect();
    wrong.extend(
        dependencies(manifest(tree, "domain"))
            .into_iter()
            .filter(|d| OURS.contains(&d.as_str()))
            .map(|d| format!("domain depends on {d}")),
    );
    wrong
}

/// Who may name what.
pub const NAMES: [(&str, &[&str]); 11] = [
    ("tauri", &["src-tauri/src/", "src-tauri/build.rs"]),
    ("rusqlite", &["src-tauri/crates/store/"]),
    ("serialport", &["src-tauri/crates/devices/"]),
    ("hidapi", &["src-tauri/crates/devices/"]),
    ("pcsc", &["src-tauri/crates/devices/"]),
    ("nokhwa", &["src-tauri/crates/devices/"]),
    ("ipp", &["src-tauri/crates/devices/"]),
    (
        "hyper",
        &[
            "src-tauri/crates/devices/",
            "src-tauri/crates/sync/",
            "src-tauri/crates/sim/",
            "src-tauri/crates/pusat/",
        ],
    ),
    // pusat: only as the transport of its object store, for S3.
    ("reqwest", &["src-tauri/crates/sync/", "src-tauri/crates/pusat/"]),
    ("ureq", &["src-tauri/crates/sync/"]),
    ("sqlx", &["src-tauri/crates/pusat/"]),
];

/// Which outside names stand outside their rooms.
pub fn outside_names_stand_in_their_rooms(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (word, rooms) in NAMES {
        for (path, text) in sources(tree, "src-tauri/") {
            if path.contains("/tests/")
                || path.contains("/examples/")
                || rooms.iter().any(|r| path.starts_with(r))
            {
                continue;
            }
            if begins(&text, word) {
                wrong.push(format!("{path} names {word}"));
            }
        }
        for krate in OURS.into_iter().chain([SHELL]) {
            if dependencies(manifest(tree, krate)).iter().any(|d| d == word)
                && !rooms.contains(&room(krate).as_str())
            {
                wrong.push(format!("{krate} depends on {word}"));
            }
        }
    }
    wrong
}

/// True when a path in `text` begins with `word`: our own modules may bear the name of what they wrap.
fn begins(text: &str, word: &str) -> bool {
    text.match_indices(&format!("{word}::")).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        before.is_none_or(|c| !(c.is_alphanumeric() || c == '_' || c == ':'))
    })
}

/// Which of our crates each crate, and the shell, depends on: these and no others.
pub const ARROWS: [(&str, &[&str]); 15] = [
    ("domain", &[]),
    ("store", &["domain"]),
    // What a device signed is checked at the desk and again at the centre, which do not know each other.
    ("evidence", &[]),
    ("devices", &["evidence", "domain"]),
    ("biometrics", &["domain"]),
    ("packet", &["domain"]),
    ("documents", &["domain"]),
    ("synth", &["domain"]),
    ("sync", &["packet", "store", "domain"]),
    ("station", &["domain", "store", "devices", "biometrics", "documents", "packet", "sync"]),
    ("pusat", &["packet", "biometrics", "evidence", "domain"]),
    ("sim", &["devices", "domain", "synth"]),
    ("training", &["station", "sim", "synth", "packet", "devices", "domain"]),
    ("rekamctl", &["station", "training", "domain", "store", "packet", "pusat", "sim", "synth"]),
    (SHELL, &["station", "domain", "training"]),
];

/// Whom the code map of ARCHITECTURE.md lets a crate know; `None` without a row.
fn drawn<'a>(tree: &'a Tree, krate: &str) -> Option<BTreeSet<&'a str>> {
    let folder = if krate == SHELL { "src-tauri/src".to_owned() } else { format!("{CRATES}{krate}") };
    let head = format!("| `{folder}` |");
    let row = tree.get("ARCHITECTURE.md")?.lines().find(|line| line.starts_with(&head))?;
    let knows = row.trim_end().trim_end_matches('|').rsplit('|').next()?;
    Some(knows.split(|c: char| !c.is_alphanumeric()).filter(|word| OURS.contains(word)).collect())
}

/// Which arrows between our crates are not in `ARROWS`, are drawn otherwise, or written so that they are not seen.
pub fn rooms_do_not_know_each_other(tree: &Tree) -> Vec<String> {
    let mut wrong: Vec<String> = crates(tree)
        .into_iter()
        .filter(|krate| !OURS.contains(&krate.as_str()) || ARROWS.iter().all(|(known, _)| known != krate))
        .map(|krate| format!("{krate} stands in no list of rooms"))
        .collect();
    for (krate, allowed) in ARROWS {
        let manifest = manifest(tree, krate);
        let known = dependencies(manifest);
        for d in &known {
            if OURS.contains(&d.as_str()) && !allowed.contains(&d.as_str()) {
                wrong.push(format!("{krate} depends on {d}"));
            }
        }
        let gone = allowed.iter().filter(|d| !known.iter().any(|known| known == *d));
        wrong.extend(gone.map(|d| format!("{krate} no longer depends on {d} and is allowed to")));
        let unread = unread_dependencies(manifest);
        wrong.extend(unread.into_iter().map(|line| format!("{krate}: nobody reads the arrow in {line}")));
        let agreed: BTreeSet<&str> = allowed.iter().copied().collect();
        if drawn(tree, krate) != Some(agreed) {
            wrong.push(format!("ARCHITECTURE.md draws other arrows from {krate} than {allowed:?}"));
        }
    }
    wrong
}

/// What in the window reaches the shell past its one door.
pub fn the_window_uses_one_door(tree: &Tree) -> Vec<String> {
    tree.iter()
        .filter(|(p, t)| {
            p.starts_with("ui/src/") && !p.starts_with("ui/src/lib/backend/") && t.contains("@tauri-apps/api")
        })
        .map(|(p, _)| format!("{p} reaches the shell past its one door"))
        .collect()
}

/// What outside training mode knows the stand-ins.
pub fn nothing_imports_the_stand_ins(tree: &Tree) -> Vec<String> {
    let allowed = ["sim", "training", "rekamctl"];
    let mut wrong: Vec<String> = OURS
        .iter()
        .filter(|k| !allowed.contains(k))
        .flat_map(|k| dependencies(manifest(tree, k)).into_iter().map(move |d| (k, d)))
        .filter(|(_, d)| d == "sim" || d == "synth" || d == "training")
        .map(|(k, d)| format!("{k} depends on {d}"))
        .collect();
    // The shell knows the stand-ins by training mode alone.
    let shell = dependencies(manifest(tree, SHELL)).into_iter().filter(|d| d == "sim" || d == "synth");
    wrong.extend(shell.map(|d| format!("the shell depends on {d}")));
    for (path, text) in sources(tree, "src-tauri/src/") {
        if (names(&text, "sim") || names(&text, "synth")) && !path.ends_with("/training.rs") {
            wrong.push(format!("{path} names the stand-ins outside training mode"));
        }
    }
    wrong
}

/// What of devices, threads and clocks the protocols name.
pub fn protocols_are_sans_io(tree: &Tree) -> Vec<String> {
    let crates = ["serialport", "pcsc", "nokhwa", "hidapi", "tokio", "hyper", "nix", "v4l", "ipp"];
    // The last two are our own modules that hold a device.
    let words = ["std::thread", "std::net", "std::fs", "Instant", "SystemTime", "transport", "driver"];
    sources(tree, "src-tauri/crates/devices/src/protocol")
        .flat_map(|(p, t)| {
            let crates = crates.iter().filter(|w| begins(&t, w));
            let words = words.iter().filter(|w| names(&t, w));
            crates.chain(words).map(|w| format!("{p} names {w}")).collect::<Vec<_>>()
        })
        .collect()
}

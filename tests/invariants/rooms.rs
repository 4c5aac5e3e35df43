//! Who may know and name whom.

use super::tree::{OURS, Tree, crates, dependencies, manifest, names, sources};

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
        "async fn",
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
            // Our own modules may bear the name of what they wrap: only a path that begins with it counts.
            let begins = text.match_indices(&format!("{word}::")).any(|(at, _)| {
                let before = text[..at].chars().next_back();
                before.is_none_or(|c| !(c.is_alphanumeric() || c == '_' || c == ':'))
            });
            if begins {
                wrong.push(format!("{path} names {word}"));
            }
        }
        for krate in OURS {
            if dependencies(manifest(tree, krate)).iter().any(|d| d == word)
                && !rooms.iter().any(|r| r.contains(&format!("/{krate}/")))
            {
                wrong.push(format!("{krate} depends on {word}"));
            }
        }
    }
    wrong
}

/// Which of our crates each crate may depend on.
pub const ARROWS: [(&str, &[&str]); 14] = [
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
    ("sim", &["devices", "packet", "biometrics", "domain", "synth"]),
    ("training", &["station", "sim", "synth", "packet", "devices", "domain"]),
    (
        "rekamctl",
        &[
            "station",
            "training",
            "domain",
            "store",
            "devices",
            "biometrics",
            "documents",
            "packet",
            "sync",
            "pusat",
            "sim",
            "synth",
        ],
    ),
];

/// Which arrows between our crates are not in `ARROWS`.
pub fn rooms_do_not_know_each_other(tree: &Tree) -> Vec<String> {
    let mut wrong: Vec<String> = crates(tree)
        .into_iter()
        .filter(|krate| !OURS.contains(&krate.as_str()) || ARROWS.iter().all(|(known, _)| known != krate))
        .map(|krate| format!("{krate} stands in no list of rooms"))
        .collect();
    for (krate, allowed) in ARROWS {
        for d in dependencies(manifest(tree, krate)) {
            if OURS.contains(&d.as_str()) && !allowed.contains(&d.as_str()) {
                wrong.push(format!("{krate} depends on {d}"));
            }
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
    for (path, text) in sources(tree, "src-tauri/src/") {
        if (names(&text, "sim") || names(&text, "synth")) && !path.ends_with("/training.rs") {
            wrong.push(format!("{path} names the stand-ins outside training mode"));
        }
    }
    wrong
}

/// What of devices, threads and clocks the protocols name.
pub fn protocols_are_sans_io(tree: &Tree) -> Vec<String> {
    let words = [
        "serialport",
        "pcsc",
        "nokhwa",
        "hidapi",
        "tokio",
        "hyper",
        "std::thread",
        "std::net",
        "std::fs",
        "Instant",
        "SystemTime",
    ];
    sources(tree, "src-tauri/crates/devices/src/protocol/")
        .flat_map(|(p, t)| {
            words
                .iter()
                .filter(|w| {
                    if w.contains(':') || w.starts_with(char::is_uppercase) {
                        names(&t, w)
                    } else {
                        t.contains(&format!("{w}::"))
                    }
                })
                .map(|w| format!("{p} names {w}"))
                .collect::<Vec<_>>()
        })
        .collect()
}

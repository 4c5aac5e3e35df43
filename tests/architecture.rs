//! The invariants of ARCHITECTURE.md, each as a test over the source tree.
//!
//! Every check is also run on a copy of the tree in which it is broken on purpose, so none of them can go blind.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

use std::collections::BTreeMap;
use std::path::Path;

/// Path from the root, with `/`, to text.
type Tree = BTreeMap<String, String>;

const CRATES: &str = "src-tauri/crates/";

fn tree() -> Tree {
    fn walk(root: &Path, dir: &Path, out: &mut Tree) {
        for entry in std::fs::read_dir(dir).unwrap().flatten() {
            let path = entry.path();
            let name = entry.file_name();
            if path.is_dir() {
                if !["target", "node_modules", "dist", ".git", ".venv"].iter().any(|d| name == *d) {
                    walk(root, &path, out);
                }
            } else if let Some(ext) = path.extension()
                && ["rs", "toml", "ts", "svelte", "sql", "json"].iter().any(|e| ext == *e)
                && let Ok(text) = std::fs::read_to_string(&path)
            {
                let key = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                out.insert(key, text);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut out = Tree::new();
    for dir in ["src-tauri", "ui/src", "migrations", "tests"] {
        walk(root, &root.join(dir), &mut out);
    }
    out.insert("Cargo.toml".into(), std::fs::read_to_string(root.join("Cargo.toml")).unwrap());
    out
}

/// Source text without comments and without the unit tests at the end of a file.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    text.lines()
        .map(|line| match line.find("//") {
            Some(at) if !line[..at].ends_with(':') => &line[..at],
            _ => line,
        })
        .collect::<Vec<_>>()
        .join("\n")
}

fn sources<'a>(tree: &'a Tree, under: &'a str) -> impl Iterator<Item = (&'a String, String)> {
    tree.iter().filter(move |(p, _)| p.starts_with(under) && p.ends_with(".rs")).map(|(p, t)| (p, code(t)))
}

/// True when `text` names `word` as a whole word.
fn names(text: &str, word: &str) -> bool {
    let boundary = |c: Option<char>| c.is_none_or(|c| !(c.is_alphanumeric() || c == '_'));
    text.match_indices(word).any(|(i, _)| {
        boundary(text[..i].chars().next_back()) && boundary(text[i + word.len()..].chars().next())
    })
}

/// Names of the crates in `[dependencies]` and its target twins, without dev- and build-dependencies.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut inside = false;
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = (line == "[dependencies]")
                || (line.starts_with("[target.") && line.ends_with(".dependencies]"));
        } else if inside && !line.is_empty() && !line.starts_with('#') {
            let name: String =
                line.chars().take_while(|c| c.is_alphanumeric() || *c == '-' || *c == '_').collect();
            out.push(name);
        }
    }
    out
}

fn manifest<'a>(tree: &'a Tree, krate: &str) -> &'a str {
    tree.get(&format!("{CRATES}{krate}/Cargo.toml")).map_or("", String::as_str)
}

const OURS: [&str; 13] = [
    "domain",
    "store",
    "devices",
    "biometrics",
    "packet",
    "documents",
    "station",
    "sync",
    "pusat",
    "sim",
    "synth",
    "training",
    "rekamctl",
];

// ---- the checks: each answers what it found wrong ----

fn domain_does_no_io(tree: &Tree) -> Vec<String> {
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
const NAMES: [(&str, &[&str]); 11] = [
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

fn outside_names_stand_in_their_rooms(tree: &Tree) -> Vec<String> {
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
const ARROWS: [(&str, &[&str]); 13] = [
    ("domain", &[]),
    ("store", &["domain"]),
    ("devices", &["domain"]),
    ("biometrics", &["domain"]),
    ("packet", &["domain"]),
    ("documents", &["domain"]),
    ("synth", &["domain"]),
    ("sync", &["packet", "store", "domain"]),
    ("station", &["domain", "store", "devices", "biometrics", "documents", "packet", "sync"]),
    ("pusat", &["packet", "biometrics", "domain"]),
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

fn rooms_do_not_know_each_other(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (krate, allowed) in ARROWS {
        for d in dependencies(manifest(tree, krate)) {
            if OURS.contains(&d.as_str()) && !allowed.contains(&d.as_str()) {
                wrong.push(format!("{krate} depends on {d}"));
            }
        }
    }
    wrong
}

fn writing_goes_through_one_door(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, text) in sources(tree, "src-tauri/") {
        if path.contains("/tests/") || path.contains("/examples/") {
            continue;
        }
        let writes = ["INSERT INTO", "INSERT OR", "UPDATE ", "DELETE FROM", "REPLACE INTO"].iter().any(|w| {
            text.contains(&format!("\"{w}")) || text.contains(&format!(" {w}")) && text.contains("params!")
        });
        let at_home = path.starts_with("src-tauri/crates/store/src/");
        if writes && !at_home && !path.starts_with("src-tauri/crates/pusat/") {
            wrong.push(format!("{path} writes SQL"));
        }
    }
    let doors: Vec<&String> = sources(tree, "src-tauri/crates/store/src/")
        .filter(|(_, t)| t.contains("pub fn transact"))
        .map(|(p, _)| p)
        .collect();
    if doors.len() != 1 {
        wrong.push(format!("there are {} doors for writing: {doors:?}", doors.len()));
    }
    for (path, text) in sources(tree, "src-tauri/crates/store/src/") {
        if text.contains("pub fn connection(") || text.contains("pub fn conn(") || text.contains("pub conn:")
        {
            wrong.push(format!("{path} hands its connection out"));
        }
    }
    wrong
}

fn central_statuses_are_only_mirrored(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, text) in sources(tree, "src-tauri/crates/store/src/") {
        if text.contains("UPDATE central_status") || text.contains("DELETE FROM central_status") {
            wrong.push(format!("{path} changes the mirror"));
        }
    }
    for (path, text) in sources(tree, "src-tauri/crates/station/src/") {
        if text.contains("central_status().append") || text.contains("append_central_status") {
            wrong.push(format!("{path} invents a central status"));
        }
    }
    wrong
}

fn no_step_waits_for_the_centre(tree: &Tree) -> Vec<String> {
    dependencies(manifest(tree, "station"))
        .into_iter()
        .filter(|d| ["hyper", "reqwest", "ureq", "hyper-util"].contains(&d.as_str()))
        .map(|d| format!("station depends on {d}"))
        .collect()
}

fn what_is_acknowledged_is_on_disk(tree: &Tree) -> Vec<String> {
    let store: String = sources(tree, "src-tauri/crates/store/src/").map(|(_, t)| t).collect();
    let lower = store.to_lowercase();
    let mut wrong = Vec::new();
    if !lower.contains("synchronous") || !lower.contains("full") {
        wrong.push("store does not set synchronous=FULL".into());
    }
    for weak in
        ["\"normal\"", "synchronous=normal", "synchronous = normal", "synchronous=off", "synchronous = off"]
    {
        if lower.contains(weak) {
            wrong.push(format!("store names {weak}"));
        }
    }
    wrong
}

fn the_outbox_empties_only_on_a_receipt(tree: &Tree) -> Vec<String> {
    sources(tree, "src-tauri/")
        .filter(|(p, t)| {
            !p.contains("/tests/") && t.contains("DELETE FROM outbox") && !t.contains("VerifiedReceipt")
        })
        .map(|(p, _)| format!("{p} removes from the outbox without a verified receipt"))
        .collect()
}

/// Types that carry a person.
const PERSONAL: [&str; 8] =
    ["Nik", "NomorKk", "Nama", "Biodata", "Resident", "Strokes", "GrayImage", "RgbImage"];

fn personal_types_do_not_speak(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, text) in sources(tree, "src-tauri/") {
        for name in PERSONAL {
            if names(&text, &format!("Display for {name}")) {
                wrong.push(format!("{path} shows {name}"));
            }
            for (at, _) in text.match_indices(&format!("pub struct {name}")) {
                let end = text[at + 11 + name.len()..].chars().next();
                let derives = text[..at].rfind("#[derive(").map_or("", |d| &text[d..at]);
                let own = !derives.contains('}') && !derives.contains(';');
                if end.is_none_or(|c| !c.is_alphanumeric() && c != '_') && own && names(derives, "Debug") {
                    wrong.push(format!("{path} derives Debug for {name}"));
                }
            }
        }
    }
    wrong
}

fn the_window_uses_one_door(tree: &Tree) -> Vec<String> {
    tree.iter()
        .filter(|(p, t)| {
            p.starts_with("ui/src/") && !p.starts_with("ui/src/lib/backend/") && t.contains("@tauri-apps/api")
        })
        .map(|(p, _)| format!("{p} reaches the shell past its one door"))
        .collect()
}

fn nothing_imports_the_stand_ins(tree: &Tree) -> Vec<String> {
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

fn protocols_are_sans_io(tree: &Tree) -> Vec<String> {
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

// ---- each holds, and each is seen when broken ----

/// Runs `check` on the tree as it stands and on one broken by `path` holding `text` in addition.
fn holds(check: fn(&Tree) -> Vec<String>, path: &str, text: &str) {
    let mut tree = tree();
    let wrong = check(&tree);
    assert!(wrong.is_empty(), "the invariant is broken:\n  {}", wrong.join("\n  "));
    let entry = tree.entry(path.to_owned()).or_default();
    if path.ends_with("Cargo.toml") && entry.contains("[dependencies]") {
        *entry = entry.replace("[dependencies]", &format!("[dependencies]\n{text}"));
    } else {
        *entry = format!("{text}\n{entry}");
    }
    assert!(!check(&tree).is_empty(), "the check does not see it when {path} is broken");
}

#[test]
fn invariant_01_domain_does_no_io() {
    holds(domain_does_no_io, "src-tauri/crates/domain/src/broken.rs", "fn f() { std::fs::read(\"x\"); }");
    holds(domain_does_no_io, "src-tauri/crates/domain/Cargo.toml", "store = { workspace = true }");
}

#[test]
fn invariant_02_each_outside_name_stands_in_its_room() {
    holds(
        outside_names_stand_in_their_rooms,
        "src-tauri/crates/station/src/broken.rs",
        "use tauri::Manager;",
    );
    holds(
        outside_names_stand_in_their_rooms,
        "src-tauri/crates/station/src/broken.rs",
        "use rusqlite::Connection;",
    );
    holds(outside_names_stand_in_their_rooms, "src-tauri/crates/packet/Cargo.toml", "serialport = \"4\"");
}

#[test]
fn invariant_03_store_devices_biometrics_documents_and_packet_do_not_know_each_other() {
    holds(rooms_do_not_know_each_other, "src-tauri/crates/store/Cargo.toml", "packet = { workspace = true }");
    holds(
        rooms_do_not_know_each_other,
        "src-tauri/crates/devices/Cargo.toml",
        "biometrics = { workspace = true }",
    );
}

#[test]
fn invariant_04_every_change_goes_through_one_transact() {
    holds(
        writing_goes_through_one_door,
        "src-tauri/crates/station/src/broken.rs",
        "fn f() { c.execute(\"INSERT INTO permohonan VALUES (1)\", []); }",
    );
    holds(writing_goes_through_one_door, "src-tauri/crates/store/src/broken.rs", "pub fn transact_too() {}");
}

#[test]
fn invariant_05_the_station_never_invents_a_central_status() {
    holds(
        central_statuses_are_only_mirrored,
        "src-tauri/crates/store/src/broken.rs",
        "const Q: &str = \"UPDATE central_status SET status = ?\";",
    );
}

#[test]
fn invariant_06_no_step_waits_for_the_centre() {
    holds(no_step_waits_for_the_centre, "src-tauri/crates/station/Cargo.toml", "reqwest = \"0.13\"");
}

#[test]
fn invariant_07_what_was_acknowledged_is_on_disk() {
    holds(
        what_is_acknowledged_is_on_disk,
        "src-tauri/crates/store/src/broken.rs",
        "const P: &str = \"PRAGMA synchronous=NORMAL\";",
    );
}

#[test]
fn invariant_08_a_packet_leaves_the_outbox_only_on_a_verified_receipt() {
    holds(
        the_outbox_empties_only_on_a_receipt,
        "src-tauri/crates/store/src/broken.rs",
        "const Q: &str = \"DELETE FROM outbox\";",
    );
}

#[test]
fn invariant_09_personal_types_have_no_display_and_a_masked_debug() {
    holds(
        personal_types_do_not_speak,
        "src-tauri/crates/domain/src/broken.rs",
        "impl std::fmt::Display for Nik {}",
    );
    holds(
        personal_types_do_not_speak,
        "src-tauri/crates/domain/src/broken.rs",
        "#[derive(Clone, Debug)]\npub struct Nik(String);",
    );
}

#[test]
fn invariant_10_the_window_calls_the_shell_through_one_door() {
    holds(
        the_window_uses_one_door,
        "ui/src/routes/broken.ts",
        "import { invoke } from '@tauri-apps/api/core';",
    );
}

#[test]
fn invariant_11_nothing_imports_the_stand_ins() {
    holds(nothing_imports_the_stand_ins, "src-tauri/crates/station/Cargo.toml", "sim = { workspace = true }");
    holds(nothing_imports_the_stand_ins, "src-tauri/src/commands/broken.rs", "use sim::Desk;");
}

#[test]
fn invariant_12_device_protocols_compile_without_a_device() {
    holds(
        protocols_are_sans_io,
        "src-tauri/crates/devices/src/protocol/broken.rs",
        "use serialport::SerialPort;",
    );
}

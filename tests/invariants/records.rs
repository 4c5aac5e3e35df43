//! How the station's data are written, kept and shown.

use super::tree::{Tree, names, sources};

/// What writes past the one door, and how many doors there are.
pub fn writing_goes_through_one_door(tree: &Tree) -> Vec<String> {
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

/// What changes the mirror or writes into it from the station.
pub fn central_statuses_are_only_mirrored(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, text) in sources(tree, "src-tauri/crates/store/src/") {
        if text.contains("UPDATE central_status") || text.contains("DELETE FROM central_status") {
            wrong.push(format!("{path} changes the mirror"));
        }
    }
    // The feed, the orders of a feed, and the answer of the centre that step 7 asks.
    let heard = [
        "src-tauri/crates/station/src/status.rs",
        "src-tauri/crates/sync/src/engine/changes.rs",
        "src-tauri/crates/sync/src/engine/orders.rs",
    ];
    wrong.extend(callers(tree, "add_central_status(", &heard, "invents a central status"));
    wrong
}

/// Which program sources call this outside the store and the given files; and which of those no longer do.
fn callers(tree: &Tree, call: &str, allowed: &[&str], what: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut met = Vec::new();
    for (path, text) in sources(tree, "src-tauri/") {
        let other = path.contains("/tests/") || path.contains("/examples/") || path.contains("/pusat/");
        if other || path.starts_with("src-tauri/crates/store/src/") || !text.contains(call) {
            continue;
        }
        if allowed.contains(&path.as_str()) { met.push(path) } else { wrong.push(format!("{path} {what}")) }
    }
    let gone = allowed.iter().filter(|path| !met.iter().any(|met| met.as_str() == **path));
    wrong.extend(gone.map(|path| format!("{path} no longer calls {call} and is allowed to")));
    wrong
}

/// What weakens the store on its way to the disk.
pub fn what_is_acknowledged_is_on_disk(tree: &Tree) -> Vec<String> {
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

/// What empties the outbox without a receipt.
pub fn the_outbox_empties_only_on_a_receipt(tree: &Tree) -> Vec<String> {
    let mut wrong: Vec<String> = sources(tree, "src-tauri/")
        .filter(|(path, text)| !path.contains("/tests/") && text.contains("DELETE FROM outbox"))
        .map(|(path, _)| format!("{path} removes from the outbox"))
        .collect();
    for (path, text) in sources(tree, "src-tauri/crates/store/src/") {
        let acked = text.matches("state = 'acked', cause").count();
        if acked > usize::from(path.ends_with("/table/outbox.rs")) {
            wrong.push(format!("{path} calls a packet received"));
        }
    }
    // `sync::engine::finalise` verifies the receipt and is the only one that hands it to the store.
    let verified = ["src-tauri/crates/sync/src/engine/finalise.rs"];
    wrong.extend(callers(tree, "tx.apply_receipt(", &verified, "takes a receipt that nobody verified"));
    wrong
}

/// Types that carry a person.
pub const PERSONAL: [&str; 8] =
    ["Nik", "NomorKk", "Nama", "Biodata", "Resident", "Strokes", "GrayImage", "RgbImage"];

/// Which personal type shows itself.
pub fn personal_types_do_not_speak(tree: &Tree) -> Vec<String> {
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

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

/// Types that carry a person and are named by themselves; [`derived`] finds the others by what stands in them.
pub const PERSONAL: [&str; 8] =
    ["Nik", "NomorKk", "NamaVerdict", "Biodata", "Resident", "Strokes", "GrayImage", "RgbImage"];

/// Names of fields that hold a person, a picture or a password when they are text.
const TELLING: [&str; 22] = [
    "nik",
    "kk",
    "nomor_kk",
    "nama",
    "full_name",
    "alamat",
    "biodata",
    "born",
    "birth_place",
    "birth_date",
    "mother",
    "father",
    "phone",
    "email",
    "password",
    "secret",
    "pin",
    "proxy",
    "pdf",
    "jpeg",
    "png",
    "bitmap",
];

/// Bytes that every `Debug` may show: digests by the name of their field, and by type and field what a chip and a profile
/// say of themselves.
const PLAIN_BYTES: [(&str, &str); 5] =
    [("", "digest"), ("", "sha256"), ("Fcp", "name"), ("Fcp", "security"), ("Profile", "aid")];

/// What hides itself in `Debug` and has a `Display` all the same: the short name of a public key.
const SHOWN: [&str; 1] = ["KeyId"];

/// Where people are made up, nobody has to be hidden.
const MADE_UP: [&str; 2] = ["src-tauri/crates/sim/", "src-tauri/crates/synth/"];

/// A type that derives `Debug`: its name and the text of its fields.
fn derived(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("#[derive(") {
        let Some((derives, item)) = text[at..].split_once(")]") else { continue };
        let head = ["struct ", "enum "].iter().filter_map(|word| Some((item.find(word)?, word.len()))).min();
        let Some((from, length)) = head.filter(|_| names(derives, "Debug")) else { continue };
        let item = &item[from + length..];
        let name: String = item.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let Some(open) = item.find(['{', '(', ';']) else { continue };
        if !name.is_empty() {
            found.push((name, closed(&item[open..]).to_owned()));
        }
    }
    found
}

/// From an opening bracket to the one that closes it.
fn closed(text: &str) -> &str {
    let mut depth = 0usize;
    let end = text.char_indices().find(|(_, c)| {
        match c {
            '{' | '(' => depth += 1,
            '}' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    });
    end.map_or(text, |(end, _)| &text[..end])
}

/// Which part of a type that derives `Debug` would speak of a person or spill bytes: its field, or nothing.
fn spills(name: &str, part: &str) -> Option<String> {
    let (field, kind) = part.split_once(':').unwrap_or(("", part));
    let field = field.split_whitespace().last().unwrap_or_default().trim_start_matches('(');
    let bytes = kind.contains("Vec<u8>") || kind.contains("[u8]") || names(kind, "serde_json::Value");
    let text = names(kind, "String") || names(kind, "str");
    let plain = PLAIN_BYTES.iter().any(|(of, one)| (of.is_empty() || *of == name) && *one == field);
    ((bytes && !plain) || (text && TELLING.contains(&field))).then(|| field.to_owned())
}

/// Which personal type shows itself.
pub fn personal_types_do_not_speak(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut met: Vec<&str> = Vec::new();
    let mut hidden = Vec::new();
    for (path, text) in sources(tree, "src-tauri/") {
        met.extend(PERSONAL.iter().filter(|name| names(&text, &format!("pub struct {name}"))));
        if MADE_UP.iter().any(|crate_| path.starts_with(crate_)) || path.contains("/tests/") {
            continue;
        }
        for (name, body) in derived(&text) {
            let parts = body.split([',', '\n']).filter(|part| !part.trim_start().starts_with('#'));
            wrong.extend(
                parts
                    .filter_map(|part| spills(&name, part))
                    .map(|field| format!("{path} derives Debug for {name}, which holds {field}")),
            );
            if PERSONAL.contains(&name.as_str()) {
                wrong.push(format!("{path} derives Debug for {name}"));
            }
        }
        for (at, start) in text.match_indices("Debug for ").chain(text.match_indices("masked!(")) {
            let name = text[at + start.len()..].split(|c: char| !c.is_alphanumeric() && c != '_').next();
            hidden.extend(name.filter(|name| !name.is_empty() && !SHOWN.contains(name)).map(str::to_owned));
        }
    }
    hidden.extend(PERSONAL.map(str::to_owned));
    for (path, text) in sources(tree, "src-tauri/") {
        let shown = text.match_indices("Display for ").filter_map(|(at, start)| {
            text[at + start.len()..].split(|c: char| !c.is_alphanumeric() && c != '_').next()
        });
        let shown = shown.filter(|name| hidden.iter().any(|hidden| hidden == name));
        wrong.extend(shown.map(|name| format!("{path} shows {name}")));
    }
    let gone = PERSONAL.iter().filter(|name| !met.contains(name));
    wrong.extend(gone.map(|name| format!("no type is called {name} any more")));
    wrong
}

/// Values that a log line may show by `Debug`: a role, a kind of work, versions of tables, and chains of our own errors.
const LOGGED: [&str; 4] = ["?causes", "?role", "?what", "?found.versions()"];

/// Which log line shows a value by its `Debug`: only what stands on the list has been looked at. Free text that an officer
/// types derives `Debug` with the rest of the core, and this keeps it out of the logs.
pub fn no_log_line_shows_a_value_whole(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, text) in sources(tree, "src-tauri/") {
        if path.contains("/tests/") || path.contains("/examples/") {
            continue;
        }
        for (at, _) in text.match_indices("tracing::") {
            let call = &text[at..];
            let Some(open) = call.find('(').filter(|open| call[..*open].ends_with('!')) else { continue };
            let mut line = closed(&call[open..]).to_owned();
            for allowed in LOGGED {
                line = line.replace(allowed, "");
            }
            let whole =
                line.contains(":?}") || line.contains(":#?}") || line.contains(" ?") || line.contains("(?");
            if whole {
                wrong.push(format!("{path} logs a value whole: tracing{}", line.replace('\n', " ")));
            }
        }
    }
    wrong
}

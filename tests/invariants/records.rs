//! How the station's data are written, kept and shown.

use std::collections::BTreeSet;

use super::tree::{Tree, names, sources};

/// What holds the station's writing connection.
const HOLDS: [&str; 5] =
    ["self.writer()", "self.writer.lock()", ".with_writer(", "file::open(", "Connection::open"];
/// The only functions of the store that do, each in its file.
const DOORS: [(&str, &str); 21] = [
    // The one door for deeds, and the side door, which SQLite keeps narrow.
    ("database.rs", "transact"),
    ("database.rs", "bookkeep"),
    ("database.rs", "bookkeep_surely"),
    // Build the search index and the index of names anew, which are derived from the rest.
    ("search.rs", "rebuild_search"),
    ("residents/index.rs", "refresh_names"),
    // Residents whom nobody sees: an act shows them, and hides those before them.
    ("residents/staging.rs", "begin_hidden"),
    ("residents/staging.rs", "write_hidden"),
    ("residents/staging.rs", "clear_hidden"),
    // Open, upgrade, tidy and close the file, or ask how much room there is.
    ("file.rs", "keyed"),
    ("database.rs", "start"),
    ("database.rs", "lock"),
    ("database.rs", "tidy"),
    ("database.rs", "give_log_back"),
    ("database.rs", "forecast"),
    ("database.rs", "room_for_recording"),
    ("database.rs", "with_writer"),
    ("database.rs", "writer"),
    // Tests and measurements alone.
    ("database.rs", "limit_pages_for_tests"),
    ("database.rs", "durability_for_tests"),
    ("thick_book.rs", "thicken_book"),
    ("thick_book.rs", "forge_line"),
];

/// Names of the functions whose text holds one of these words, each once.
fn functions_with(text: &str, words: &[&str]) -> BTreeSet<String> {
    let mut name = String::new();
    let mut found = BTreeSet::new();
    for line in text.lines() {
        if let Some((_, rest)) = line.split_once("fn ") {
            name = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        }
        if words.iter().any(|word| line.contains(*word)) {
            found.insert(name.clone());
        }
    }
    found
}

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
    let store = "src-tauri/crates/store/src/";
    let doors: usize = sources(tree, store).map(|(_, text)| text.matches("pub fn transact").count()).sum();
    if doors != 1 {
        wrong.push(format!("there are {doors} doors for writing"));
    }
    let mut met = BTreeSet::new();
    for (path, text) in sources(tree, store) {
        let file = path.strip_prefix(store).unwrap_or(path);
        for function in functions_with(&text, &HOLDS) {
            if !DOORS.contains(&(file, function.as_str())) {
                wrong.push(format!("{path}: {function} holds the connection that writes"));
            }
            met.insert((file.to_owned(), function));
        }
    }
    for (file, function) in DOORS {
        if !met.contains(&(file.to_owned(), function.to_owned())) {
            wrong.push(format!("{file}: {function} no longer writes and is allowed to"));
        }
    }
    for (path, text) in sources(tree, store) {
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
        let changes = ["UPDATE ", "DELETE FROM ", "REPLACE INTO "];
        if changes.iter().any(|change| text.contains(&format!("{change}central_status"))) {
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
    // Who makes a word of the centre out of text: what a row of the mirror, a page of the feed or an answer holds, and at
    // step 7 the names that a word is compared with.
    let words = [
        "src-tauri/crates/station/src/reasons.rs",
        "src-tauri/crates/station/src/references.rs",
        "src-tauri/crates/station/src/status.rs",
        "src-tauri/crates/station/src/status/heard.rs",
        "src-tauri/crates/station/src/sync/cards.rs",
        "src-tauri/crates/station/src/sync/page.rs",
        "src-tauri/crates/sync/src/engine/cards.rs",
        "src-tauri/crates/sync/src/engine/changes.rs",
    ];
    wrong.extend(callers(tree, "CentralStatus::received", &words, "makes a word of the centre"));
    // Who makes an entry of a visit's mirror: out of rows of the store's.
    let entries = [
        "src-tauri/crates/domain/src/central_status.rs",
        "src-tauri/crates/station/src/status/heard.rs",
        "src-tauri/crates/station/src/sync/page.rs",
    ];
    wrong.extend(callers(tree, "MirrorEntry {", &entries, "makes an entry of the mirror"));
    // Who tells a visit of one; the core's two files take it.
    let told = [
        "src-tauri/crates/domain/src/permohonan/event.rs",
        "src-tauri/crates/domain/src/steps/status.rs",
        "src-tauri/crates/station/src/status/heard.rs",
    ];
    wrong.extend(callers(tree, "StatusEvent::Seen", &told, "tells a visit of a central status"));
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
    if !lower.contains("pragma synchronous = full") {
        wrong.push("store does not set synchronous=FULL".into());
    }
    let weak = ["\"normal\"", "\"off\"", "'normal'", "'off'"].map(str::to_owned);
    let set = ["normal", "off", "0", "1"]
        .map(|weak| [format!("synchronous={weak}"), format!("synchronous = {weak}")])
        .concat();
    for weak in weak.into_iter().chain(set) {
        if lower.contains(&weak) {
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

/// What a log line may show, by room: only what stands here has been looked at. Free text that an officer types derives `Debug`
/// with the rest of the core and is a `String` in many places, and this keeps it out of the logs.
const LOGGED: [(&str, &[&str]); 8] = [
    // The chains of our own errors, and what an error says of itself.
    ("src-tauri/", &["%error", "error = %error"]),
    (
        "src-tauri/src/",
        &[
            "?causes",
            "%words",
            "by_processor",
            "code = %shown.code",
            "command = %invoke.message.command()",
            "error = %joined",
            "in_a_row",
            "number",
            "seq",
            "training = practice.is_some()",
            "version = env!(\"CARGO_PKG_VERSION\")",
            "why = word(why)",
            "window = %label",
        ],
    ),
    (
        "src-tauri/crates/devices/",
        &[
            "%fault",
            "%reason",
            "code = error.code",
            "device = identity.text()",
            "device = self.name",
            "error",
            "finder = finder.name()",
            "name",
            "port",
            "tries",
        ],
    ),
    (
        // Visits by their number, officers by the name they sign in with.
        "src-tauri/crates/station/",
        &[
            "%job",
            "%packet",
            "?what",
            "aside",
            "attempt",
            "by",
            "count = imported.value.count",
            "count = taken.count",
            "ended",
            "error = %unkept",
            "job = %order.id",
            "job = %sent.id",
            "key",
            "operator = %operator",
            "permit_over",
            "permohonan = %row.permohonan",
            "purged",
            "recordings_left = forecast.recordings_left",
            "removed = found.removed",
            "versions = ?found.versions()",
        ],
    ),
    ("src-tauri/crates/sync/", &["count", "error = %error.without_url_text()"]),
    ("src-tauri/crates/sim/", &["?role"]),
    ("src-tauri/crates/training/", &["residents = options.residents"]),
    (
        "src-tauri/crates/pusat/",
        &[
            "%address",
            "%enrolment",
            "%operations",
            "%reason",
            "%transaction",
            "code = problem.code",
            "enrolment = %packet.enrolment",
            "method",
            "micros",
            "reason",
            "route",
            "sequence = body.sequence",
            "soft",
            "stage = stage.name()",
            "station",
            "station = station.code",
            "status",
        ],
    ),
];

/// The arguments of a macro from its opening bracket on, without the space around them.
fn arguments(call: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let (mut depth, mut text, mut escaped) = (0usize, false, false);
    for c in call.chars().skip(1) {
        if text {
            text = escaped || c != '"';
            escaped = c == '\\' && !escaped;
        } else {
            match c {
                '"' => text = true,
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                ',' if depth == 0 => {
                    found.push(String::new());
                    continue;
                }
                _ => {}
            }
        }
        if let Some(last) = found.last_mut() {
            last.push(c);
        }
    }
    found.iter().map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
}

/// Which log line shows a value that nobody has looked at: whole, as text, or inside its words.
pub fn no_log_line_shows_a_value_whole(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, text) in sources(tree, "src-tauri/") {
        if path.contains("/tests/") || path.contains("/examples/") {
            continue;
        }
        for unseen in ["use tracing::", "tracing::instrument"] {
            if text.contains(unseen) {
                wrong.push(format!("{path} logs where this does not look: {unseen}"));
            }
        }
        for (at, _) in text.match_indices("tracing::") {
            let call = &text[at..];
            let Some(open) = call.find('(').filter(|open| call[..*open].ends_with('!')) else { continue };
            for shown in arguments(closed(&call[open..])) {
                let plain = if shown.starts_with('"') {
                    !shown.contains('{')
                } else {
                    shown.starts_with("target: \"")
                        || LOGGED
                            .iter()
                            .any(|(room, logged)| path.starts_with(room) && logged.contains(&shown.as_str()))
                };
                if !plain {
                    wrong.push(format!("{path} logs {shown}, which nobody has looked at"));
                }
            }
        }
    }
    wrong
}

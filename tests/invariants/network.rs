//! Absence of network is a value, not an error: who may wait for the centre, and what becomes of one that is out of reach.

use super::tree::{Tree, dependencies, manifest, names, sources};

/// Where the station may wait for the centre: the exchange beside the desk with its page, and setting up by a code.
const WAITS: [&str; 3] = [
    "src-tauri/crates/station/src/sync.rs",
    "src-tauri/crates/station/src/sync/",
    "src-tauri/crates/station/src/setup/joined.rs",
];

/// What a caller waits in.
const WAITING: [&str; 4] = ["block_on", "Line::new", "Line::blind", "Engine::new"];

/// What asks the centre on behalf of a desk, and the only files that do: at step 3 on the officer's key, at step 7.
const ASKS: (&str, [&str; 2]) = (
    ".person_at_centre(",
    ["src-tauri/crates/station/src/verification/centre.rs", "src-tauri/crates/station/src/status.rs"],
);

/// Methods of the station that may take as long as the centre does; each is called by the command of its name alone.
const SLOW: [&str; 7] =
    ["ask_centre", "refresh_status", "sync_now", "sync_residents", "sync_test", "activate", "setup_activate"];

/// Steps 1 to 6, as their files are called everywhere.
pub const OFFLINE: [&str; 6] =
    ["form", "requirements", "verification", "capture", "attestation", "print_request"];

/// Words of a rule that would hold a visit up for want of a network.
const WANT: [&str; 6] = ["network", "offline", "online", "unreach", "no_centre", "NoCentre"];

/// What tells a step of the state of the line.
const LINE: [&str; 4] = [".centre()", "network_strip(", "exchange.reached", "exchange.cause"];

/// Whether a path is the file or the folder of one of steps 1 to 6 below `room`.
fn is_offline(path: &str, room: &str) -> bool {
    let rest = path.strip_prefix(room).unwrap_or_default();
    OFFLINE.iter().any(|step| {
        rest.strip_prefix(step).is_some_and(|rest| rest.starts_with('.') || rest.starts_with('/'))
    })
}

/// What of steps 1 to 6 waits for the centre, and where a centre that is out of reach is an error.
pub fn no_step_waits_for_the_centre(tree: &Tree) -> Vec<String> {
    let mut wrong: Vec<String> = dependencies(manifest(tree, "station"))
        .into_iter()
        .filter(|d| ["hyper", "reqwest", "ureq", "hyper-util"].contains(&d.as_str()))
        .map(|d| format!("station depends on {d}"))
        .collect();
    wrong.extend(waits(tree));
    wrong.extend(slow(tree));
    wrong.extend(refusals(tree));
    wrong.extend(values(tree));
    wrong
}

/// Who waits outside the rooms for it.
fn waits(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    let (ask, askers) = ASKS;
    let mut asked = Vec::new();
    for (path, text) in sources(tree, "src-tauri/crates/station/src/") {
        let may_wait = WAITS.iter().any(|room| path.starts_with(room));
        for word in WAITING {
            if !may_wait && names(&text, word) {
                wrong.push(format!("{path} waits for the centre by {word}"));
            }
        }
        if text.contains(ask) {
            if askers.contains(&path.as_str()) {
                asked.push(path.as_str());
            } else {
                wrong.push(format!("{path} asks the centre"));
            }
        }
    }
    let gone = askers.iter().filter(|path| !asked.contains(path));
    wrong.extend(gone.map(|path| format!("{path} no longer asks the centre and is allowed to")));
    wrong
}

/// Who calls what may take as long as the centre does: only the command of that name, and the window's own door.
fn slow(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, text) in sources(tree, "src-tauri/") {
        let shell = path.starts_with("src-tauri/src/");
        let station = path.starts_with("src-tauri/crates/station/src/");
        if !shell && !station {
            continue;
        }
        for method in SLOW {
            let called = text.contains(&format!(".{method}("));
            let own = shell && text.contains(&format!("pub async fn {method}("));
            // Training mode joins its centre before the window opens; the exchange's page begins exchanges.
            let before = path == "src-tauri/src/training.rs" && method == "activate";
            let page = WAITS.iter().any(|room| path.starts_with(room)) && method == "sync_now";
            if called && !own && !before && !page {
                wrong.push(format!("{path} waits for {method}"));
            }
        }
    }
    let camel = |method: &str| {
        let mut words = method.split('_');
        let first = words.next().unwrap_or_default().to_owned();
        words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
    };
    for (path, text) in tree.iter().filter(|(path, _)| is_offline(path, "ui/src/routes/")) {
        for method in SLOW {
            let call = format!("backend().{}(", camel(method));
            // At step 3 the officer asks by a key, and may go on without.
            let asked = method == "ask_centre" && path.starts_with("ui/src/routes/verification/");
            let began = text.split("onMount(").nth(1).is_some_and(|rest| rest.contains(&call));
            if text.contains(&call) && (!asked || began) {
                wrong.push(format!("{path} waits for {method}"));
            }
        }
    }
    wrong
}

/// Which rule of steps 1 to 6 could refuse for want of a network.
fn refusals(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, text) in sources(tree, "src-tauri/crates/domain/src/") {
        let steps = is_offline(path, "src-tauri/crates/domain/src/steps/");
        let said = match path.as_str() {
            "src-tauri/crates/domain/src/permohonan/refusal.rs" => text,
            _ if steps => {
                // What a step is refused by; where a record came from may well be called online.
                let refused = text.lines().filter(|line| names(line, "Refusal"));
                refused.collect::<Vec<_>>().join("\n")
            }
            _ => continue,
        };
        let said = said.to_lowercase();
        for word in WANT.iter().filter(|word| said.contains(&word.to_lowercase())) {
            wrong.push(format!("{path} refuses for {word}"));
        }
    }
    for (path, text) in sources(tree, "src-tauri/crates/station/src/") {
        let asks = ASKS.1.contains(&path.as_str());
        for word in LINE.iter().filter(|word| text.contains(**word)) {
            if is_offline(path, "src-tauri/crates/station/src/") && !asks {
                wrong.push(format!("{path} goes by the state of the network: {word}"));
            }
        }
    }
    wrong
}

/// Where a centre that is out of reach ends a call with an error instead of being said in its answer.
fn values(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for path in ASKS.1 {
        let text = tree.get(path).map_or("", String::as_str);
        let Some((_, after)) = text.split_once(ASKS.0) else { continue };
        let caught =
            after.split("\n    }\n").next().is_some_and(|body| body.contains("::sync::Error::Cause(cause)"));
        if !caught || after.lines().next().is_some_and(|line| line.trim_end().ends_with(")?;")) {
            wrong.push(format!("{path} makes a centre out of reach an error"));
        }
    }
    let view = tree.get("src-tauri/crates/station/src/view/words.rs").map_or("", String::as_str);
    for value in ["NetworkState {", "Unreached"] {
        if !view.contains(value) {
            wrong.push(format!("the window is not shown {value}"));
        }
    }
    wrong
}

//! That nobody writes a visit as it stood before a device or the line to the centre was waited for.

use super::tree::{Tree, sources};

/// What a station's function waits for, a person's finger, a line or a search: others may work on the visit meanwhile.
const WAITS: [&str; 11] = [
    "self.reading()",
    "finger_again(",
    "staff_finger(",
    "on_the_pad()",
    "put_on_chip(",
    "read_written(",
    "read_foreign(",
    "feed_to_station(",
    "send_card(",
    "person_at_centre(",
    "gallery.search(",
];
/// What writes a visit's state.
const WRITES: [&str; 7] = [
    "self.perform(",
    "self.keep_signature(",
    "self.decide(",
    "self.decide_with(",
    "self.changed(",
    "self.captured(",
    "self.take_answer(",
];
/// What reads it once more.
const LOADS: [&str; 2] = ["load_again(", "self.visit("];

/// Where the first of these words begins and ends.
fn first(text: &str, words: &[&str]) -> Option<(usize, usize)> {
    words.iter().filter_map(|word| text.find(word).map(|at| (at, at + word.len()))).min()
}

/// Which functions of the station write a visit after a wait without having loaded it again; and whether any is still known.
pub fn a_visit_is_loaded_again_after_a_wait(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut met = 0;
    for (path, text) in sources(tree, "src-tauri/crates/station/src/") {
        if text.matches("tx.set_state(").count() > text.matches("tx.expect_state(").count() {
            wrong.push(format!("{path} writes a state without asking whether it is the one that was read"));
        }
        // A method of a formatted file ends with the brace of its indent.
        for body in text.split("\n    }\n") {
            let mut rest = body;
            while let Some((_, end)) = first(rest, &WAITS) {
                rest = rest.split_at(end).1;
                let Some((write, _)) = first(rest, &WRITES) else { continue };
                let between = rest.split_at(write).0;
                met += 1;
                if !LOADS.iter().any(|load| between.contains(load)) {
                    let line = body.lines().find(|line| line.contains("fn ")).unwrap_or_default().trim();
                    wrong.push(format!("{path} writes a stale visit: {line}"));
                }
            }
        }
    }
    if met < 10 {
        wrong.push(format!("only {met} functions wait and then write: their names have changed"));
    }
    wrong
}

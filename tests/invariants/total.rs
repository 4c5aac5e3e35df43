//! What the core's state machine does not say is refused by the compiler, never by an arm that takes whatever is left.

use super::tree::{Tree, sources};

const CORE: &str = "src-tauri/crates/domain/src/";

/// `next` and its steps name every state and event: a new one does not compile until somebody has decided what it does.
pub fn every_state_and_event_is_named(tree: &Tree) -> Vec<String> {
    sources(tree, CORE)
        .filter(|(path, _)| {
            let file = &path[CORE.len()..];
            file.starts_with("steps/") || file.starts_with("permohonan")
        })
        .flat_map(|(path, text)| {
            let taken: Vec<String> = text
                .lines()
                .enumerate()
                .filter(|(_, line)| takes_whatever_is_left(line))
                .map(|(at, line)| format!("{path}:{}: {}", at + 1, line.trim()))
                .collect();
            taken
        })
        .collect()
}

/// An arm of which one pattern is `_`, `(_, _)` or a new name as a whole, with or without a guard; or a `let … else` that takes
/// one word of several apart.
fn takes_whatever_is_left(line: &str) -> bool {
    let Some((pattern, _)) = line.split_once("=>") else { return leaves_the_others(line) };
    let pattern = pattern.split_once(" if ").map_or(pattern, |(pattern, _)| pattern).trim();
    pattern.split('|').any(|pattern| {
        let parts = pattern.trim().trim_start_matches('(').trim_end_matches(')').split(',').map(str::trim);
        let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        !parts.is_empty() && parts.into_iter().all(is_name)
    })
}

/// A `let` whose pattern names one word of an enum of ours: the others go where its `else` says, also those still to come.
fn leaves_the_others(line: &str) -> bool {
    let pattern = line.trim().strip_prefix("let ").and_then(|rest| rest.split_once(" = "));
    pattern.is_some_and(|(pattern, _)| {
        pattern.contains("::") && pattern.starts_with(|c: char| c.is_uppercase() || c == '(' || c == '&')
    })
}

fn is_name(part: &str) -> bool {
    let part = part.trim_start_matches("ref ").trim_start_matches("mut ");
    let literal = part == "true" || part == "false";
    !literal
        && part.starts_with(|c: char| c == '_' || c.is_ascii_lowercase())
        && part.chars().all(|c| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit())
}

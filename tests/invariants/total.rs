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

/// An arm whose whole pattern is `_`, `(_, _)` or a new name, with or without a guard.
fn takes_whatever_is_left(line: &str) -> bool {
    let Some((pattern, _)) = line.split_once("=>") else { return false };
    let pattern = pattern.split_once(" if ").map_or(pattern, |(pattern, _)| pattern).trim();
    let parts = pattern.trim_start_matches('(').trim_end_matches(')').split(',').map(str::trim);
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    !parts.is_empty() && parts.into_iter().all(is_name)
}

fn is_name(part: &str) -> bool {
    let part = part.trim_start_matches("ref ").trim_start_matches("mut ");
    let literal = part == "true" || part == "false";
    !literal
        && part.starts_with(|c: char| c == '_' || c.is_ascii_lowercase())
        && part.chars().all(|c| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit())
}

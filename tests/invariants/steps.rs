//! The nine words of the SOP's steps name the same files everywhere.

use domain::plan::Step;

use super::network::OFFLINE;
use super::tree::Tree;

/// Where each step has a file or a folder; `{}` is its word. What ends with `/` holds any file, of two with `|` one is enough.
const PLACES: [&str; 6] = [
    "src-tauri/crates/domain/src/steps/{}.rs",
    "src-tauri/crates/station/src/{}.rs|src-tauri/crates/station/src/{}/mod.rs",
    "src-tauri/src/commands/{}.rs",
    "ui/src/routes/{}/",
    "ui/src/strings/id/{}.ts",
    "ui/src/strings/en/{}.ts",
];

/// Which step has no file of its name in one of the rooms, stands otherwise in the README's table, or escapes those that look
/// at the steps without a network by name.
pub fn the_nine_words_name_the_files(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    let readme = tree.get("README.md").map_or("", String::as_str);
    for step in Step::ALL {
        let word = step.key();
        for place in PLACES.map(|place| place.replace("{}", word)) {
            let stands = place.split('|').any(|path| {
                tree.contains_key(path)
                    || (path.ends_with('/') && tree.keys().any(|key| key.starts_with(path)))
            });
            if !stands {
                wrong.push(format!("step {} has no {place}", step.number()));
            }
        }
        let head = format!("| {} | ", step.number());
        let row = readme.lines().find(|line| line.starts_with(&head)).unwrap_or_default();
        let rest = row.replace("ui/src/routes/", "routes/").replace("domain/src/steps/", "steps/");
        let named =
            [format!("`steps/{word}.rs`"), format!("`routes/{word}`")].iter().all(|p| rest.contains(p))
                && [format!("`station/src/{word}.rs`"), format!("`station/src/{word}/`")]
                    .iter()
                    .any(|p| rest.contains(p));
        if !named {
            wrong.push(format!("README.md does not name the files of step {}", step.number()));
        }
    }
    if !Step::ALL.iter().map(|step| step.key()).take(OFFLINE.len()).eq(OFFLINE) {
        wrong.push("the steps that wait for no network bear other words".to_owned());
    }
    wrong
}

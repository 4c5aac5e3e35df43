//! A target that is built without its tests (`test = false`) has none: they would never run.

use super::tree::Tree;

/// Places where a test stands in a library or program that is not built for tests.
pub fn no_test_stands_where_none_is_run(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (manifest, text) in tree.iter().filter(|(path, _)| path.ends_with("Cargo.toml")) {
        let dir = manifest.trim_end_matches("Cargo.toml");
        for target in
            text.split("\n[").filter(|part| part.lines().any(|line| line.starts_with("test = false")))
        {
            let path = target.lines().find_map(|line| line.strip_prefix("path = \"")?.strip_suffix('"'));
            let root = format!("{dir}{}", path.unwrap_or("src/lib.rs"));
            // A library is its whole folder, a program or a test its one file.
            let under = match root.strip_suffix("lib.rs") {
                Some(folder) if target.starts_with("lib]") => folder.to_owned(),
                _ if target.starts_with("[test]]") => continue,
                _ => root,
            };
            wrong.extend(
                tree.iter()
                    .filter(|(path, text)| path.starts_with(&under) && text.contains("#[test]"))
                    .map(|(path, _)| format!("{path}: a test in a target with test = false")),
            );
        }
    }
    wrong
}

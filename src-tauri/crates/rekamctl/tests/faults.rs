//! `docs/faults.md` is true: every test and every message that it names exists.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, where a panic is the report")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every key of the Indonesian strings.
fn said() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for file in std::fs::read_dir(root().join("ui/src/strings/id")).unwrap() {
        let text = read(&file.unwrap().path());
        // `  'key': 'text'`, or the text on the next line.
        keys.extend(
            text.lines()
                .filter_map(|line| line.strip_prefix("  '")?.split_once("':"))
                .map(|(key, _)| key.to_owned()),
        );
    }
    keys
}

/// What stands between backticks in one cell.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_fault_names_a_test_and_a_message_that_exist() {
    let page = read(&root().join("docs/faults.md"));
    let said = said();
    let mut rows = 0;
    for line in page.lines().filter(|line| line.starts_with("| ")).skip(1) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [fault, tests, message] = cells[..] else { panic!("three cells: {line}") };
        rows += 1;
        assert!(!quoted(tests).is_empty(), "{fault}: no test is named");
        for test in quoted(tests) {
            let (file, name) =
                test.split_once("::").unwrap_or_else(|| panic!("{fault}: {test} is file::test"));
            let text = read(&root().join("src-tauri/crates").join(file));
            assert!(text.contains(&format!("fn {name}(")), "{fault}: {file} has no test {name}");
        }
        let keys = quoted(message);
        assert!(!keys.is_empty() || message.starts_with("none: "), "{fault}: nothing is said");
        for key in keys {
            if key.starts_with("errors.") {
                for part in ["happened", "safe", "next"] {
                    assert!(said.contains(&format!("{key}.{part}")), "{fault}: {key}.{part} is not said");
                }
            } else {
                assert!(said.contains(key), "{fault}: {key} is not said");
            }
        }
    }
    assert!(rows > 20, "the page holds {rows} faults");
}

#[test]
fn every_rule_on_nik_kk_and_name_has_its_sentence() {
    let said = said();
    let mut rules = BTreeSet::new();
    for file in ["nik.rs", "kk.rs", "nama.rs"] {
        let text = read(&root().join("src-tauri/crates/domain/src").join(file));
        rules.extend(text.split("Rule::").skip(1).map(|rest| {
            rest.chars().take_while(|letter| letter.is_ascii_alphanumeric()).collect::<String>()
        }));
    }
    assert!(rules.len() > 15, "the rules were found: {rules:?}");
    for rule in rules {
        let mut key = String::from("finding");
        for letter in rule.chars() {
            if letter.is_ascii_uppercase() {
                key.push(if key == "finding" { '.' } else { '_' });
            }
            key.push(letter.to_ascii_lowercase());
        }
        assert!(said.contains(&key), "rule {rule} has no sentence {key}");
    }
}

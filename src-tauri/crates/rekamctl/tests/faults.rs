//! `docs/faults.md` is true: every test and every message that it names exists, and of the named tests one holds the
//! message by its key.
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

/// One test as it stands in its file, with the cases above it: a function of Rust, or `it('…')` of the window's tests.
fn body<'a>(text: &'a str, file: &str, name: &str) -> Option<&'a str> {
    if file.ends_with(".ts") {
        let rest = &text[text.find(&format!("it('{name}'"))?..];
        // Inside a list of tests, or on its own.
        let end = ["\n  });", "\n});"].iter().filter_map(|end| rest.find(end)).min()?;
        return Some(&rest[..end]);
    }
    let at = text.find(&format!("fn {name}("))?;
    // The attributes of a test stand above it without an empty line between.
    let from = text[..at].rfind("\n\n").map_or(0, |empty| empty + 1);
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let indent: String = text[line..at].chars().take_while(|letter| letter.is_whitespace()).collect();
    let end = text[at..].find(&format!("\n{indent}}}"))?;
    Some(&text[from..at + end])
}

/// Whether a test names a key: whole, or as the station sends it, without the name of the list that the window looks in.
fn holds(test: &str, key: &str) -> bool {
    let sent = ["errors.", "why.", "finding.", "check."].iter().find_map(|list| key.strip_prefix(list));
    std::iter::once(key)
        .chain(sent)
        .any(|key| ['"', '\''].iter().any(|quote| test.contains(&format!("{quote}{key}{quote}"))))
}

#[test]
fn every_fault_names_tests_that_exist_and_one_that_holds_each_of_its_messages() {
    let page = read(&root().join("docs/faults.md"));
    let said = said();
    let mut rows = 0;
    let mut loose = Vec::new();
    for line in page.lines().filter(|line| line.starts_with("| ")).skip(1) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [fault, tests, message] = cells[..] else { panic!("three cells: {line}") };
        rows += 1;
        assert!(!quoted(tests).is_empty(), "{fault}: no test is named");
        let mut bodies = Vec::new();
        for test in quoted(tests) {
            let (file, name) =
                test.split_once("::").unwrap_or_else(|| panic!("{fault}: {test} is file::test"));
            let text = read(&root().join("src-tauri/crates").join(file));
            let body = body(&text, file, name);
            bodies.push(body.unwrap_or_else(|| panic!("{fault}: {file} has no test {name}")).to_owned());
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
            if !bodies.iter().any(|body| holds(body, key)) {
                loose.push(format!("{fault}: {key}"));
            }
        }
    }
    assert!(loose.is_empty(), "no named test holds the message, so another would do as well: {loose:#?}");
    assert!(rows > 20, "the page holds {rows} faults");
}

#[test]
fn a_test_that_only_shares_its_file_with_a_key_does_not_hold_it() {
    let text = "#[case(\"device_busy\")]\nfn one() {\n    assert(\"device_io\");\n}\n\nfn two() {\n    \"other\";\n}\n";
    let one = body(text, "x.rs", "one").unwrap();
    assert!(holds(one, "errors.device_io") && holds(one, "errors.device_busy"), "in it and in its cases");
    assert!(
        !holds(body(text, "x.rs", "two").unwrap(), "errors.device_io"),
        "the other test says nothing of it"
    );
    assert!(
        !holds(one, "errors.device") && !holds("// device_io", "errors.device_io"),
        "as a literal, and whole"
    );
    let page = "  it('a', () => {\n    t('card.chip.torn');\n  });\n  it('b', () => {\n    t('x');\n  });\n";
    assert!(holds(body(page, "x.test.ts", "a").unwrap(), "card.chip.torn"), "of the window's tests too");
    assert!(!holds(body(page, "x.test.ts", "b").unwrap(), "card.chip.torn"), "each for itself");
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

//! Each table of the store has a file, and each file has its tests under the same name.

use super::tree::Tree;

const TABLES: &str = "src-tauri/crates/store/src/table/";
const TESTS: &str = "src-tauri/crates/store/tests/suite/table/";

/// Files of tables without a file of tests that is compiled and holds one.
pub fn each_table_has_its_tests(tree: &Tree) -> Vec<String> {
    let listed = tree.get(&format!("{TESTS}mod.rs")).map_or("", String::as_str);
    tree.keys()
        .filter_map(|path| path.strip_prefix(TABLES)?.strip_suffix(".rs"))
        .filter(|table| *table != "mod")
        .filter(|table| {
            let tested = tree.get(&format!("{TESTS}{table}.rs")).is_some_and(|text| text.contains("#[test]"));
            let compiled = listed.lines().any(|line| line.ends_with(&format!("mod {table};")));
            !tested || !compiled
        })
        .map(|table| format!("{TABLES}{table}.rs has no tests in {TESTS}{table}.rs"))
        .collect()
}

//! Each table of the store has a file, and each file has its tests under the same name.

use super::tree::{Tree, code, names};

const STORE: &str = "src-tauri/crates/store/src/";
const TABLES: &str = "src-tauri/crates/store/src/table/";
const TESTS: &str = "src-tauri/crates/store/tests/suite/table/";
/// The schema as all migrations leave it; a test of the store holds it.
const SCHEMA: &str = "src-tauri/crates/store/tests/suite/schema.sql";

/// Tables without a file of their own, each with the one that it stands in: that of the table it belongs to, or that of the
/// machinery it serves.
const CHILDREN: [(&str, &str); 28] = [
    ("berita_acara", "table/spoiled.rs"),
    ("berkas_halaman", "table/berkas.rs"),
    ("blangko", "table/stock.rs"),
    ("card_finger", "table/card_data.rs"),
    ("central_notice", "table/central_status.rs"),
    ("duplicate_check", "table/finger_template.rs"),
    ("extract_check", "table/extract.rs"),
    ("extract_piece", "table/extract.rs"),
    ("handover_try", "table/handover.rs"),
    ("isian_riwayat", "table/isian.rs"),
    ("migration", "migration.rs"),
    ("packet_part", "table/packet.rs"),
    ("permohonan_search", "search.rs"),
    ("receipt", "table/outbox.rs"),
    ("register", "register.rs"),
    ("register_search", "search.rs"),
    ("resident_extract", "table/resident.rs"),
    ("resident_index", "residents/index.rs"),
    ("sample_image", "table/sample.rs"),
    ("search_rule", "search.rs"),
    ("sequence", "table/counter.rs"),
    ("shelf", "table/handover.rs"),
    ("spoiled_blangko", "table/spoiled.rs"),
    ("stock_balance", "table/stock.rs"),
    ("stock_movement", "table/stock.rs"),
    ("sync_cursor", "table/central_status.rs"),
    ("ticket_counter", "table/counter.rs"),
    ("withdrawn_card", "table/spoiled.rs"),
];
/// What stands among the tables and is none: sums over those of the stock.
const SUMS: &str = "stock_sums";

/// Names of the schema's tables, without those that SQLite's text search keeps for itself.
fn tables(tree: &Tree) -> Vec<&str> {
    let schema = tree.get(SCHEMA).map_or("", String::as_str);
    schema
        .lines()
        .filter_map(|line| line.strip_prefix("CREATE TABLE "))
        .filter_map(|rest| {
            rest.trim_start_matches('"').split(|c: char| !c.is_alphanumeric() && c != '_').next()
        })
        .filter(|table| !table.is_empty())
        .collect()
}

/// Tables of the schema without a file, and files without a table.
pub fn each_table_has_its_file(tree: &Tree) -> Vec<String> {
    let tables = tables(tree);
    let mut wrong = Vec::new();
    for table in &tables {
        let child = CHILDREN.iter().find(|(child, _)| child == table);
        let path = child.map_or(format!("{TABLES}{table}.rs"), |(_, file)| format!("{STORE}{file}"));
        if !tree.get(&path).is_some_and(|text| names(&code(text), table)) {
            wrong.push(format!("{path} says nothing of the table {table}"));
        }
    }
    let gone = CHILDREN.iter().filter(|(child, _)| !tables.contains(child));
    wrong.extend(gone.map(|(child, _)| format!("there is no table {child} any more")));
    for file in tree.keys().filter_map(|path| path.strip_prefix(TABLES)?.strip_suffix(".rs")) {
        let parent = CHILDREN.iter().any(|(_, parent)| *parent == format!("table/{file}.rs"));
        if !parent && !tables.contains(&file) && ![SUMS, "mod"].contains(&file) {
            wrong.push(format!("{TABLES}{file}.rs is no table's"));
        }
    }
    wrong
}

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

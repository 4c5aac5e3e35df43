//! An office's own code tables and retired regions: whole and newer, or not at all.

use domain::codes::{CodeTables, CodesError};
use domain::tables::{OfficeTable, TableError, Tables};
use domain::wilayah::RetiredError;
use domain::{KodeWilayah, Wilayah};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Agama with an eighth code and without the seventh.
fn agama(version: u32) -> Value {
    json!({
        "id": "agama", "title": "Agama", "version": version, "source": "Surat kepala dinas",
        "rows": [
            {"code": "1", "label": "ISLAM"}, {"code": "2", "label": "KRISTEN"}, {"code": "3", "label": "KATHOLIK"},
            {"code": "4", "label": "HINDU"}, {"code": "5", "label": "BUDHA"}, {"code": "6", "label": "KHONGHUCU"},
            {"code": "8", "label": "KEPERCAYAAN", "card": "KEPERCAYAAN"},
        ],
    })
}

fn retired(version: u32, code: &str) -> Value {
    json!({"version": version, "source": "Surat kepala dinas", "rows": [{"code": code, "note": "sebelum pemekaran"}]})
}

fn read(key: &str, value: &Value) -> Result<OfficeTable, TableError> {
    OfficeTable::read(key, &value.to_string())
}

#[test]
fn a_newer_table_takes_the_place_of_the_shipped_one_and_older_records_keep_their_words() {
    let mut own = Tables::builtin();
    own.take(read("codes.agama", &agama(2)).unwrap()).unwrap();
    assert_eq!(own.codes.label("agama", "8"), Some("KEPERCAYAAN"), "the new code has words");
    assert!(
        own.codes.is_current("agama", "8") && !own.codes.is_current("agama", "7"),
        "7 is not given any more"
    );
    let dropped = own.codes.label("agama", "7");
    assert_eq!(
        dropped,
        Some("KEPERCAYAAN TERHADAP TUHAN YME / LAINNYA"),
        "who was recorded under 7 is still shown"
    );
    assert_eq!(own.codes.card_text("agama", "7"), "", "and stands on the card as before");
    assert_eq!(own.codes.card_text("agama", "99"), "99", "what no version knows is shown raw");
    assert_eq!(own.codes.label("pekerjaan", "89"), Some("LAINNYA"), "the other tables are untouched");
    assert_eq!(CodeTables::builtin().table("agama").unwrap().version, 1, "nor is what was shipped");
}

#[test]
fn a_table_that_is_not_newer_changes_nothing() {
    let mut own = Tables::builtin();
    own.take(read("codes.agama", &agama(3)).unwrap()).unwrap();
    for version in 1..=3 {
        let refused = own.take(read("codes.agama", &agama(version)).unwrap());
        assert!(matches!(refused, Err(CodesError::NotNewer { held: 3, .. })), "{version}: {refused:?}");
    }
    assert_eq!(own.codes.table("agama").unwrap().version, 3, "the third stays");
}

#[test]
fn the_offices_retired_regions_stand_beside_the_shipped_ones() {
    let code = |text: &str| KodeWilayah::parse(text).unwrap();
    let mut own = Tables::builtin();
    own.take(read("wilayah.retired", &retired(1, "18.13.12")).unwrap()).unwrap();
    assert_eq!(own.wilayah.retired(code("181312")), Some("sebelum pemekaran"), "the office's own");
    assert!(own.wilayah.retired(code("180401")).is_some(), "beside the shipped ones");
    assert_eq!(own.wilayah.len(), Wilayah::builtin().len(), "the list of names is the same");
    assert!(own.take(read("wilayah.retired", &retired(1, "18.13.13")).unwrap()).is_err(), "not newer");
    own.take(read("wilayah.retired", &retired(2, "18.13.13")).unwrap()).unwrap();
    assert_eq!(own.wilayah.retired(code("181312")), None, "a newer list takes the place of the older one");
    assert!(own.wilayah.retired(code("180401")).is_some(), "and of that one only");
    let versions = own.versions();
    assert!(versions.contains(&("wilayah.retired".into(), 2)), "and says its version: {versions:?}");
    assert_eq!(versions.len(), OfficeTable::keys().len(), "each document has one");
}

/// What is done to a good table.
type Damage = fn(&mut Value);

#[test]
fn a_damaged_table_is_refused_whole() {
    let cases: [(&str, Damage); 20] = [
        ("no rows", |t| t["rows"] = json!([])),
        ("too many rows", |t| {
            t["rows"] = (0..1_001).map(|n| json!({"code": n.to_string(), "label": "X"})).collect()
        }),
        ("a code twice", |t| t["rows"][1]["code"] = json!("1")),
        ("a code twice with a zero", |t| t["rows"][1]["code"] = json!("01")),
        ("an empty code", |t| t["rows"][1]["code"] = json!(" ")),
        ("a long code", |t| t["rows"][1]["code"] = json!("123456789")),
        ("a number as code", |t| t["rows"][1]["code"] = json!(2)),
        ("an empty label", |t| t["rows"][1]["label"] = json!("")),
        ("a long label", |t| t["rows"][1]["label"] = json!("X".repeat(251))),
        ("a label that turns the line", |t| t["rows"][1]["label"] = json!("KRIS\u{202e}NET")),
        ("a label with a line end", |t| t["rows"][1]["label"] = json!("KRISTEN\nISLAM")),
        ("a card text that hides", |t| t["rows"][1]["card"] = json!("A\u{200b}B")),
        ("another table inside", |t| t["id"] = json!("pekerjaan")),
        ("no version", |t| t["version"] = json!(0)),
        ("a version below zero", |t| t["version"] = json!(-1)),
        ("a version in words", |t| t["version"] = json!("dua")),
        ("no source", |t| t["source"] = json!("")),
        ("no title", |t| t["title"] = json!("\u{0}")),
        ("rows that are none", |t| t["rows"] = json!("ISLAM")),
        ("a list in its place", |t| *t = json!([1, 2])),
    ];
    assert!(read("codes.agama", &agama(2)).is_ok(), "the good one");
    for (what, damage) in cases {
        let mut table = agama(2);
        damage(&mut table);
        assert!(read("codes.agama", &table).is_err(), "{what}: {table}");
    }
}

#[test]
fn a_table_of_no_known_name_is_refused_by_name() {
    for key in ["codes.", "codes.entah", "codes.agama.2", "wilayah", "sync.keep_days", ""] {
        let got = read(key, &agama(2));
        assert!(matches!(got, Err(TableError::Name { .. })), "{key}: {got:?}");
    }
    assert!(OfficeTable::keys().iter().all(|key| OfficeTable::is_key(key)), "each key is known as one");
    assert_eq!(
        (OfficeTable::shipped_version("codes.agama"), OfficeTable::shipped_version("wilayah.retired")),
        (1, 0)
    );
}

#[test]
fn a_damaged_list_of_regions_is_refused_whole() {
    let row = |code: &str, note: &str| json!({"code": code, "note": note});
    let list = |version: u32, rows: Value| json!({"version": version, "source": "Surat", "rows": rows});
    let bad = [
        ("a code of five digits", list(1, json!([row("18131", "lama")]))),
        ("letters", list(1, json!([row("KRUI", "lama")]))),
        ("the same code twice", list(1, json!([row("181312", "lama"), row("18.13.12", "lain")]))),
        ("an empty note", list(1, json!([row("181312", " ")]))),
        ("a note that turns the line", list(1, json!([row("181312", "la\u{202e}ma")]))),
        ("no rows", list(1, json!([]))),
        ("no version", list(0, json!([row("181312", "lama")]))),
        (
            "more than it may say",
            json!({"version": 1, "source": "S", "rows": [row("181312", "x")], "nik": "x"}),
        ),
    ];
    for (what, value) in bad {
        let got = read("wilayah.retired", &value);
        assert!(matches!(got, Err(TableError::Retired(_))), "{what}: {got:?}");
    }
    let second = list(1, json!([row("181312", "lama"), row("181313", "")]));
    let got = read("wilayah.retired", &second);
    assert!(matches!(got, Err(TableError::Retired(RetiredError::Row { row: 2 }))), "which row: {got:?}");
}

proptest! {
    #[test]
    fn no_text_breaks_the_reading_of_a_table(text in ".{0,80}", key in "(codes\\.agama|wilayah\\.retired|.{0,12})") {
        prop_assert!(OfficeTable::read(&key, &text).is_err(), "noise is no table");
    }
}

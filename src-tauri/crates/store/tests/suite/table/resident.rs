use crate::desk::Desk;
use crate::residents::{NAMES, extract, import};

#[test]
fn a_signed_extract_is_imported_and_found_by_nik_and_family_card() {
    let desk = Desk::new();
    let done = import(&desk, &extract(NAMES)).unwrap();
    assert_eq!(done.value.count, NAMES.len() as u64, "every resident");
    let found = desk.store.read(|v| v.resident_by_nik("9901014100000003")).unwrap();
    let found = found.expect("a resident has this NIK");
    assert_eq!(found.name, "Budi Santoso", "the right one");
    assert!(found.data_json.contains("\"nik\""), "with the whole line");
    assert_eq!(
        desk.store.read(|v| v.residents_by_kk("9901010100000000")).unwrap().len(),
        3,
        "the whole family"
    );
    for (asked, index) in [
        ("SELECT id FROM resident WHERE nik = '1'", "resident_nik"),
        ("SELECT id, nik, kk, name, data FROM resident WHERE kk = '1' ORDER BY id", "resident_kk"),
    ] {
        let plan = plan(&desk, asked);
        assert!(plan.len() == 1 && plan[0].contains(index), "the look-up uses its index alone: {plan:?}");
    }
    let sorted = plan(&desk, "SELECT id FROM resident WHERE kk = '1' ORDER BY name");
    assert!(sorted.len() > 1, "a sorting would stand there too: {sorted:?}");
}

/// How SQLite would go about it, one line for each thing that it does.
fn plan(desk: &Desk, asked: &str) -> Vec<String> {
    let conn = desk.raw();
    let mut explained = conn.prepare(&format!("EXPLAIN QUERY PLAN {asked}")).unwrap();
    explained.query_map([], |row| row.get(3)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_record_names_the_extract_that_it_comes_from_and_not_the_newest_one() {
    let desk = Desk::new();
    import(&desk, &extract(NAMES)).unwrap();
    let newer = "INSERT INTO resident_extract (wilayah, taken_at, imported_at) VALUES ('99.01.02', '2026-11-20T00:00:00Z', 9)";
    desk.raw().execute(newer, []).unwrap();
    let taken = |nik: &str| {
        desk.store.read(|v| v.extract_of(nik)).unwrap().map(|extract| (extract.wilayah, extract.taken_at))
    };
    let own = taken("9901014100000003");
    assert_eq!(own, Some(("99.01.01".to_owned(), "2026-11-01T00:00:00Z".to_owned())));
    assert_eq!(taken("9901014100009999"), None, "of nobody");
}

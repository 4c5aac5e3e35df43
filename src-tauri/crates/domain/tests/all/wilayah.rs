use domain::codes::{CodeTable, CodeTables, CodesError};
use domain::wilayah::{Tingkat, WilayahError};
use domain::{KodeWilayah, Wilayah};

fn kode(text: &str) -> KodeWilayah {
    KodeWilayah::parse(text).unwrap()
}

fn provinces(list: &Wilayah) -> Vec<KodeWilayah> {
    (11..100).map(|n| kode(&n.to_string())).filter(|code| list.name(*code).is_some()).collect()
}

#[test]
fn the_whole_nation_is_there() {
    let list = Wilayah::builtin();
    assert_eq!(list.len(), 38 + 514 + 7285 + 83_762, "counts of Kepmendagri 300.2.2-2138/2025");
    assert_eq!(provinces(list).len(), 38, "provinces");
    let pesisir_barat: Vec<_> = list.children(kode("1813")).collect();
    assert_eq!(pesisir_barat.len(), 11, "kecamatan of Pesisir Barat");
    let villages: Vec<_> = pesisir_barat.iter().flat_map(|row| list.children(row.0)).collect();
    assert_eq!(villages.len(), 118, "116 pekon and 2 kelurahan");
    assert_eq!(
        villages.iter().filter(|row| row.0.digits().get(6..7) == Some("1")).count(),
        2,
        "Pasar Krui, Pasar Kota Krui"
    );
    assert_eq!(list.name(kode("18.13.10")), Some("Ngaras"), "matched by code, not by an old name");
    assert_eq!(list.path(kode("1813011005")).last(), Some(&"Pasar Krui"), "path ends at the kelurahan");
}

#[test]
fn holes_are_counted_as_measured() {
    let list = Wilayah::builtin();
    let mut regency_holes = Vec::new();
    let mut district_holes = 0;
    for province in provinces(list) {
        for n in 1..100 {
            let regency = kode(&format!("{}{n:02}", province.digits()));
            if list.is_hole(regency) {
                regency_holes.push(regency.digits());
            }
        }
        for (regency, _) in list.children(province) {
            district_holes +=
                (1..100).filter(|n| list.is_hole(kode(&format!("{}{n:02}", regency.digits())))).count();
        }
    }
    assert_eq!(regency_holes.len(), 27, "ktp-el measured 27 at kabupaten level: {regency_holes:?}");
    assert_eq!(district_holes, 597, "and 597 at kecamatan level");
    assert!(!list.is_hole(kode("181312")), "18.13.12 lies above the highest number, so it is no hole");
}

#[test]
fn search_finds_by_the_beginning_of_words_within_a_region() {
    let list = Wilayah::builtin();
    let found = list.search("pasar kr", Some(kode("1813")), Some(Tingkat::Kelurahan), 5);
    assert_eq!(found.first().map(|row| row.1), Some("Pasar Krui"), "{found:?}");
    assert!(list.search("", None, None, 5).is_empty(), "nothing asked, nothing found");
    assert_eq!(list.search("a", None, None, 7).len(), 7, "never more than the limit");
}

#[test]
fn a_bad_list_names_its_first_bad_row() {
    let bad = Wilayah::parse("18\tLampung\nxx\tRusak\n".into(), "");
    assert!(matches!(bad, Err(WilayahError::Row { row: 2 })), "{bad:?}");
    let twice = Wilayah::parse("18\tLampung\n18\tLampung\n".into(), "");
    assert!(matches!(twice, Err(WilayahError::Order { row: 2 })), "{twice:?}");
    assert!(matches!(Wilayah::unpack(b"not gzip", ""), Err(WilayahError::Unpack(_))), "damaged bytes");
}

#[test]
fn every_code_table_is_whole_and_has_an_open_end() {
    let tables = CodeTables::builtin();
    let sizes: Vec<(&str, usize)> =
        tables.iter().map(|table| (table.id.as_str(), table.rows.len())).collect();
    assert_eq!(
        sizes,
        [
            ("agama", 7),
            ("disabilitas", 7),
            ("golongan_darah", 13),
            ("jenis_kelamin", 2),
            ("kewarganegaraan", 2),
            ("pekerjaan", 89),
            ("pendidikan", 10),
            ("shdk", 11),
            ("status_desa", 8),
            ("status_perkawinan", 6)
        ],
        "the tables of ktp-el §5.2 and §4.4"
    );
    assert_eq!(tables.label("pekerjaan", "089"), Some("LAINNYA"), "leading zeros do not matter");
    assert_eq!(tables.label("pekerjaan", "95"), None, "unknown codes stay unknown");
    assert_eq!(tables.card_text("pekerjaan", "95"), "95", "and are shown raw");
    assert_eq!(tables.label("pendidikan", "9"), Some("S II"), "not the enum trap of other programs");
    let card: Vec<&str> =
        ["1", "2", "3", "4", "5", "6"].map(|c| tables.card_text("status_perkawinan", c)).to_vec();
    assert_eq!(
        card,
        ["BELUM KAWIN", "KAWIN", "KAWIN", "CERAI HIDUP", "CERAI HIDUP", "CERAI MATI"],
        "six to four"
    );
    assert_eq!(tables.card_text("golongan_darah", "13"), "-", "the card prints a dash");
}

#[test]
fn a_table_is_replaced_only_by_a_newer_version() {
    let mut tables = CodeTables::builtin().clone();
    let mut table = tables.table("agama").unwrap().clone();
    assert!(matches!(tables.import(table.clone()), Err(CodesError::NotNewer { .. })), "same version");
    table.version += 1;
    assert!(tables.import(table).is_ok(), "newer version");
    let twice = r#"{"id":"x","title":"x","version":1,"source":"x","rows":[{"code":"1","label":"A"},{"code":"1","label":"B"}]}"#;
    assert!(matches!(CodeTable::from_json(twice), Err(CodesError::Row { row: 2, .. })), "a code twice");
}

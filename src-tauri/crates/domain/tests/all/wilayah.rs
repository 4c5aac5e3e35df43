use domain::codes::{CodeRow, CodeTable, CodeTables, CodesError};
use domain::register::Hash32;
use domain::wilayah::{Tingkat, WilayahError};
use domain::{KodeWilayah, Wilayah};
use rstest::rstest;

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

/// Every row of every table as the reference has it. A row that changes needs a new version of its table, here and in the file.
#[rstest]
#[case("agama", 1, "5279752fda8caae17d9d42d1056a2b3f0649ad90213d95101c4fa83d90c2db32")]
#[case("disabilitas", 1, "f1ec96d87f0e7730e2a6f9cc06f40c535173fd4ec515fa3b633d7976dc9839e8")]
#[case("golongan_darah", 1, "c07d1d5f319094632a485987dcd1bee7b46f9601ddfb655889b93f6b8f906a45")]
#[case("jenis_kelamin", 1, "95bc1e0e089ffc17d2fcbc180c7c37044d93f3ff9b22f144f33466c794c52651")]
#[case("kewarganegaraan", 1, "c695f5f2190c64151ed636a1f75482f41437eecf0667ee5a07e97032867525fe")]
#[case("pekerjaan", 1, "ec488153269cdafd369a0e7c15ba53eae3de49ceb81b4bb1ad16e6b80c892bd7")]
#[case("pendidikan", 1, "6396d61bad13e3b925985e132796d561b76e1317ab00dc395d24b0d43e88c45f")]
#[case("shdk", 1, "09b9a7cfaa6a23de5d6a04b22da838cc9b9215fa6b2848fc5b4331bf78db720b")]
#[case("status_desa", 1, "5539f5b33f2e117367ebff74498cf89fbe352f836d3da3ba0c99a92dad76ce40")]
#[case("status_perkawinan", 1, "51b32a504d390c82818678020dbb0765547ccb10db1d3ffbe699b275f2a13492")]
fn no_row_of_a_code_table_changes_under_its_version(
    #[case] id: &str,
    #[case] version: u32,
    #[case] sha256: &str,
) {
    let table = CodeTables::builtin().table(id).unwrap();
    let row =
        |row: &CodeRow| format!("{}\t{}\t{}\n", row.code, row.label, row.card.as_deref().unwrap_or("="));
    let rows: String = table.rows.iter().map(row).collect();
    assert_eq!(
        (table.version, Hash32::of(rows.as_bytes()).hex().as_str()),
        (version, sha256),
        "{id}:\n{rows}"
    );
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

use std::collections::BTreeSet;

use domain::biodata::{
    FieldCtx, RECORD_LINES, agree, card_differs, check_field, compare_key, diff, is_said_on_card, missing,
    said_on_card,
};
use domain::codes::CodeTables;
use domain::register::Hash32;
use domain::{Biodata, JenisPermohonan, Level, Unsur, Wilayah};
use jiff::civil::date;
use rstest::rstest;

use crate::desk::biodata;

fn level(unsur: Unsur, text: &str) -> Level {
    let biodata = biodata("1990-01-01");
    let ctx = FieldCtx {
        kind: JenisPermohonan::PerubahanData,
        today: date(2026, 11, 23),
        wilayah: Wilayah::builtin(),
        codes: CodeTables::builtin(),
        biodata: &biodata,
    };
    domain::finding::loudest(&check_field(unsur, text, &ctx))
}

#[rstest]
#[case(Unsur::Nik, "1813010101909001", Level::Ok)]
#[case(Unsur::Nik, "1813010201909001", Level::Warn)]
#[case(Unsur::NikIbu, "1813014101359001", Level::Ok)]
#[case(Unsur::TanggalLahir, "2010-01-01", Level::Info)]
#[case(Unsur::TanggalLahir, "2011-12-01", Level::Warn)]
#[case(Unsur::TanggalLahir, "2030-01-01", Level::Hard)]
#[case(Unsur::TanggalLahir, "1990-01", Level::Warn)]
#[case(Unsur::TanggalLahir, "30-02-1990", Level::Hard)]
#[case(Unsur::Agama, "7", Level::Ok)]
#[case(Unsur::Agama, "8", Level::Warn)]
#[case(Unsur::Kelurahan, "1813011005", Level::Ok)]
#[case(Unsur::Kelurahan, "1813019999", Level::Warn)]
#[case(Unsur::Kelurahan, "Pasar Krui", Level::Hard)]
#[case(Unsur::Rt, "003", Level::Ok)]
#[case(Unsur::Rt, "000", Level::Ok)]
#[case(Unsur::Rw, "000", Level::Ok)]
#[case(Unsur::Rt, "3a", Level::Hard)]
#[case(Unsur::Telepon, "+62 812-3456-7890", Level::Ok)]
#[case(Unsur::Telepon, "tidak ada", Level::Warn)]
#[case(Unsur::Email, "a@b.id", Level::Ok)]
#[case(Unsur::Email, "a.b.id", Level::Warn)]
#[case(Unsur::Alamat, "Jl. Merdeka Gg. Cengkih 7", Level::Ok)]
#[case(Unsur::Alamat, "Jl.\u{202E}Merdeka", Level::Hard)]
#[case(Unsur::ItapBerlaku, "2030-01-01", Level::Ok)]
#[case(Unsur::ItapBerlaku, "2026-11-23", Level::Ok)]
#[case(Unsur::ItapBerlaku, "2026-11-22", Level::Hard)]
#[case(Unsur::Nama, "", Level::Ok)]
fn every_field_is_judged_by_its_own_rule(#[case] unsur: Unsur, #[case] text: &str, #[case] expected: Level) {
    assert_eq!(level(unsur, text), expected, "{} = {text:?}", unsur.key());
}

#[test]
fn what_is_wrong_with_a_field_is_said_by_its_own_sentence() {
    let long = "A".repeat(61);
    for (born, unsur, text, said) in [
        ("1990-01-01", Unsur::Nik, "1813014001900001", "finding.nik_day"),
        ("1990-01-01", Unsur::Nik, "1813014101909001", "finding.nik_sex_differs"),
        ("1990-01-01", Unsur::Nik, "1813010201909001", "finding.nik_date_differs"),
        ("2012-01-01", Unsur::Nik, "1813010101129001", "finding.nik_under16"),
        ("1990-01-01", Unsur::NomorKk, "18130101", "finding.kk_length"),
        ("1990-01-01", Unsur::Nama, "Budi\u{202E}Contoh", "finding.forbidden_character"),
        ("1990-01-01", Unsur::Nama, long.as_str(), "finding.name_over60"),
        ("1990-01-01", Unsur::TanggalLahir, "1990-01", "finding.date_partial"),
        ("1990-01-01", Unsur::TanggalLahir, "30-02-1990", "finding.date_invalid"),
        ("1990-01-01", Unsur::Kodepos, "3487", "finding.postcode_form"),
    ] {
        let biodata = biodata(born);
        let ctx = FieldCtx {
            kind: JenisPermohonan::PerubahanData,
            today: date(2026, 11, 23),
            wilayah: Wilayah::builtin(),
            codes: CodeTables::builtin(),
            biodata: &biodata,
        };
        let findings = check_field(unsur, text, &ctx);
        let keys: Vec<String> =
            findings.iter().map(|finding| format!("finding.{}", finding.rule.key())).collect();
        assert!(keys.iter().any(|key| key == said), "{} says {keys:?}, not {said}", unsur.key());
    }
}

#[test]
fn a_card_differs_only_in_what_is_printed_on_it() {
    let of = |pairs: &[(Unsur, &str)]| -> Biodata {
        pairs.iter().map(|(unsur, text)| (*unsur, (*text).to_owned())).collect()
    };
    let form = of(&[
        (Unsur::Nama, "SITI"),
        (Unsur::Alamat, "Jl. Baru 2"),
        (Unsur::Pendidikan, "4"),
        (Unsur::Kewarganegaraan, "WNI"),
        (Unsur::ItapBerlaku, "2030-01-01"),
    ]);
    let with = |unsur: Unsur, text: &str| {
        let mut record = form.clone();
        record.set(unsur, text);
        card_differs(&form, &record, &BTreeSet::new())
    };
    assert_eq!(with(Unsur::Alamat, "JL LAMA 1"), [Unsur::Alamat], "another address");
    assert_eq!(with(Unsur::Alamat, "JL BARU 2"), [], "the same one as it is written elsewhere");
    assert_eq!(with(Unsur::Alamat, ""), [], "a blank says nothing");
    assert_eq!(with(Unsur::Pendidikan, "5"), [], "the card does not show it");
    assert_eq!(with(Unsur::ItapBerlaku, "2031-01-01"), [], "a citizen's card holds for life");
    let mut alien = form.clone();
    alien.set(Unsur::Kewarganegaraan, "WNA");
    let mut longer = alien.clone();
    longer.set(Unsur::ItapBerlaku, "2031-01-01");
    assert_eq!(
        card_differs(&alien, &longer, &BTreeSet::new()),
        [Unsur::ItapBerlaku],
        "a foreigner's does not"
    );
    let struck = BTreeSet::from([Unsur::GolonganDarah, Unsur::Disabilitas]);
    let blood = |record: &str| {
        let mut held = form.clone();
        held.set(Unsur::GolonganDarah, record);
        held.set(Unsur::Disabilitas, "1");
        assert_eq!(card_differs(&form, &held, &BTreeSet::new()), [], "nobody struck it");
        card_differs(&form, &held, &struck)
    };
    assert_eq!(blood("4"), [Unsur::GolonganDarah], "an officer did, and the record still has it");
    assert_eq!(blood(""), [], "until the record has it no more");
}

#[test]
fn form_and_record_differ_only_where_they_mean_something_else() {
    let mut form = biodata("1990-01-01");
    let mut record = form.clone();
    form.set(Unsur::Nama, "  Nur’aini   dewi");
    record.set(Unsur::Nama, "NUR'AINI DEWI");
    form.set(Unsur::Rt, "3");
    record.set(Unsur::Rt, "003");
    form.set(Unsur::TanggalLahir, "01-01-1990");
    form.set(Unsur::Alamat, "JL MERDEKA");
    record.set(Unsur::Alamat, "Jl. Merdeka Gg. Cengkih 7");
    form.set(Unsur::GolonganDarah, "O+");
    record.set(Unsur::GolonganDarah, "O-");
    record.set(Unsur::NamaIbu, "IBU UJI");
    record.set(Unsur::Pekerjaan, "");
    form.set(Unsur::Telepon, "0812 3456 7890");
    record.set(Unsur::Telepon, "0813 0000 0000");
    let rows = diff(&form, &record);
    let different: Vec<Unsur> = rows.iter().filter(|row| !row.same).map(|row| row.unsur).collect();
    assert_eq!(different, [Unsur::GolonganDarah, Unsur::Alamat], "in the order of the form");
    let work = rows.iter().find(|row| row.unsur == Unsur::Pekerjaan).expect("shown all the same");
    assert!(work.same && work.record.is_none(), "a blank in the record takes nothing out of the form");
    let only: Vec<Unsur> = rows.iter().filter(|row| row.is_only_record()).map(|row| row.unsur).collect();
    assert_eq!(only, [Unsur::NamaIbu], "told from what both have");
    assert!(rows.iter().all(|row| row.unsur != Unsur::Telepon), "no register keeps a telephone");
    assert!(!format!("{rows:?}").contains("MERDEKA"), "a difference in a log shows no data");
}

#[test]
fn two_recordings_agree_by_what_both_have_and_say_nothing_where_they_share_nothing() {
    let mut now = Biodata::new();
    let mut earlier = Biodata::new();
    for (unsur, a, b) in [
        (Unsur::Nik, "1813041205859001", "1806021205859003"),
        (Unsur::Nama, "Joko Susilo", "JOKO  SUSILO"),
        (Unsur::TempatLahir, "Liwa", "LIWA"),
        (Unsur::TanggalLahir, "12-05-1985", "1985-05-12"),
        (Unsur::Alamat, "Kerbang Langgar", "KERBANG LANGGAR"),
        (Unsur::Rt, "1", "001"),
        (Unsur::Kelurahan, "1813042001", "1806022003"),
    ] {
        now.set(unsur, a);
        earlier.set(unsur, b);
    }
    // Only one of them was asked for these.
    earlier.set(Unsur::Rw, "4");
    now.set(Unsur::NomorKk, "1813041202109007");
    let said: Vec<_> =
        RECORD_LINES.iter().map(|elements| (elements[0], agree(elements, &now, &earlier))).collect();
    assert_eq!(
        said,
        [
            (Unsur::Nik, Some(false)),
            (Unsur::Nama, Some(true)),
            (Unsur::TempatLahir, Some(true)),
            (Unsur::NomorKk, None),
            (Unsur::Alamat, Some(false)),
        ],
        "one street in two villages is two addresses; a number that only one gave is no difference"
    );
    earlier.set(Unsur::Kelurahan, "1813042001");
    assert_eq!(agree(RECORD_LINES[4], &now, &earlier), Some(true), "RW that only one gave is no difference");
}

#[test]
fn missing_fields_depend_on_the_kind() {
    let mut biodata = biodata("1990-01-01");
    assert!(missing(JenisPermohonan::BaruWni, &biodata).is_empty(), "the fixture is whole");
    assert!(
        missing(JenisPermohonan::BaruWna, &biodata).contains(&Unsur::NomorItap),
        "a foreigner has an ITAP"
    );
    biodata.set(Unsur::Nama, "  ");
    assert_eq!(missing(JenisPermohonan::BaruWni, &biodata), [Unsur::Nama], "blank is missing");
}

#[rstest]
#[case(JenisPermohonan::BaruWni, "WNA", Level::Hard)]
#[case(JenisPermohonan::PindahDatangWni, "WNA", Level::Hard)]
#[case(JenisPermohonan::BaruWna, "WNI", Level::Hard)]
#[case(JenisPermohonan::PindahDatangWna, "WNI", Level::Hard)]
#[case(JenisPermohonan::PerpanjanganWna, "WNI", Level::Hard)]
#[case(JenisPermohonan::BaruWni, "WNI", Level::Ok)]
#[case(JenisPermohonan::BaruWna, "WNA", Level::Ok)]
#[case(JenisPermohonan::PerpanjanganWna, "WNA", Level::Ok)]
#[case(JenisPermohonan::Hilang, "WNI", Level::Ok)]
#[case(JenisPermohonan::Hilang, "WNA", Level::Ok)]
#[case(JenisPermohonan::Rusak, "WNA", Level::Ok)]
#[case(JenisPermohonan::PerubahanData, "WNA", Level::Ok)]
#[case(JenisPermohonan::FotoTandaTangan, "WNA", Level::Ok)]
#[case(JenisPermohonan::LuarDomisili, "WNA", Level::Ok)]
fn kind_and_citizenship_agree_and_a_foreigners_card_says_how_long_it_holds(
    #[case] kind: JenisPermohonan,
    #[case] citizenship: &str,
    #[case] expected: Level,
) {
    let mut biodata = biodata("1990-01-01");
    biodata.set(Unsur::Kewarganegaraan, citizenship);
    let (today, wilayah, codes) = (date(2026, 11, 23), Wilayah::builtin(), CodeTables::builtin());
    let ctx = FieldCtx { kind, today, wilayah, codes, biodata: &biodata };
    let found = check_field(Unsur::Kewarganegaraan, citizenship, &ctx);
    assert_eq!(domain::finding::loudest(&found), expected, "{kind:?} for a {citizenship}");
    let asked = missing(kind, &biodata).contains(&Unsur::ItapBerlaku);
    assert_eq!(asked, citizenship == "WNA" || kind.is_wna(), "{kind:?} for a {citizenship}");
}

#[test]
fn a_card_is_another_one_with_another_text_portrait_or_signature() {
    let record = biodata("1990-01-01");
    let (face, hand) = (b"wajah".as_slice(), b"tanda".as_slice());
    let wrong = said_on_card(&record, face, hand);
    assert!(is_said_on_card(wrong, &record, face, hand), "the same card");
    let mut schooled = record.clone();
    schooled.set(Unsur::Pendidikan, "9");
    assert!(is_said_on_card(wrong, &schooled, face, hand), "what is printed nowhere makes no other card");
    let mut moved = record.clone();
    moved.set(Unsur::Alamat, "JL. LAIN 2");
    for (other, face, hand, why) in [
        (&moved, face, hand, "another text"),
        (&record, b"lain".as_slice(), hand, "another portrait"),
        (&record, face, b"lain".as_slice(), "another signature"),
        (&record, face, b"".as_slice(), "a signature that stands there no more"),
        (&record, hand, face, "the pictures changed places"),
    ] {
        assert!(!is_said_on_card(wrong, other, face, hand), "{why}");
    }
}

#[test]
fn what_was_disputed_under_a_program_that_looked_at_the_text_alone_stays_disputed() {
    let record = Biodata::from_iter([(Unsur::Nama, "ORANG CONTOH".to_owned())]);
    let text: Vec<String> = Unsur::ALL
        .iter()
        .filter(|unsur| unsur.is_on_card() && **unsur != Unsur::ItapBerlaku)
        .map(|unsur| format!("{}={}", unsur.key(), record.get(*unsur).unwrap_or_default()))
        .collect();
    let kept = Hash32::of(text.join("\n").as_bytes());
    assert!(is_said_on_card(kept, &record, b"wajah", b""), "as it was written then");
    assert!(!is_said_on_card(kept, &Biodata::new(), b"wajah", b""), "until the text is another one");
}

#[test]
fn keys_are_stable_and_the_order_is_that_of_the_form() {
    for unsur in Unsur::ALL {
        assert_eq!(Unsur::from_key(unsur.key()), Some(*unsur), "{}", unsur.key());
    }
    let json = serde_json::to_string(&biodata("1990-01-01")).unwrap();
    let back: Biodata = serde_json::from_str(&json).unwrap();
    assert_eq!(back, biodata("1990-01-01"), "stored and read back");
    assert!(json.find("\"nik\"").unwrap() < json.find("\"nama\"").unwrap(), "ordered");
    assert_eq!(compare_key(" Jl.  Merdeka/7 "), "JL MERDEKA 7", "punctuation is one space");
}

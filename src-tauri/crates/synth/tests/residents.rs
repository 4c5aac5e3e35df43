//! Synthetic residents pass the rules that real ones are held to.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, where a panic is the report")]

use std::collections::HashSet;

use domain::finding::Level;
use domain::nik::{self, NikContext};
use domain::wilayah::Wilayah;
use synth::resident::Residents;

#[test]
fn residents_of_a_region_are_unique_repeatable_and_free_of_hard_findings() {
    let wilayah = Wilayah::builtin();
    let stream = || Residents::within("3404", wilayah, 7, 2026).expect("Sleman has villages").take(3000);
    let people: Vec<_> = stream().collect();
    assert_eq!(people.len(), 3000, "the stream must not end");
    assert!(stream().eq(people.iter().cloned()), "the same seed must give the same people");
    let niks: HashSet<_> = people.iter().map(|p| &p.nik).collect();
    assert_eq!(niks.len(), people.len(), "a NIK was given twice");
    let today = jiff::civil::date(2026, 11, 23);
    for person in &people {
        let born = domain::tanggal::Tanggal::parse(&person.tanggal_lahir).expect("an ISO date");
        let context = NikContext { born: Some(born), ..NikContext::bare(today, wilayah) };
        let verdict = nik::check(&person.nik, &context);
        assert!(verdict.level < Level::Hard, "a synthetic NIK breaks a HARD rule");
        assert!(person.kelurahan.starts_with("3404"), "a resident lives outside the region");
        for number in [&person.nik, &person.nomor_kk] {
            assert!(&number[12..] >= "9001", "the running number of {number} is one that offices give");
        }
        assert!(
            person.nomor_kk.len() == 16 && person.nomor_kk.bytes().all(|b| b.is_ascii_digit()),
            "a KK has 16 digits"
        );
        assert!(person.nama.chars().count() <= 60, "a name is longer than the rule allows");
    }
}

#[test]
fn a_city_of_two_kecamatan_has_room_for_many_of_whom_no_two_share_a_number() {
    let city = Residents::within("1374", Wilayah::builtin(), 3, 2026).expect("Padang Panjang has villages");
    let (mut niks, mut last) = (HashSet::new(), String::new());
    for person in city.take(200_000) {
        last = last.max(person.nik[12..].to_owned());
        assert!(
            person.nik[12..] >= *"9001" && niks.insert(person.nik),
            "given twice, or one that offices give"
        );
    }
    assert_eq!(niks.len(), 200_000, "the stream must not end");
    assert!(last.as_str() < "9050", "and most of the room is left: {last}");
}

#[test]
fn every_element_is_a_known_unsur() {
    let person = Residents::within("3404", Wilayah::builtin(), 1, 2026)
        .and_then(|mut r| r.next())
        .expect("a resident");
    let json = serde_json::to_value(&person).expect("plain strings");
    let map = json.as_object().expect("an object");
    assert_eq!(map.len(), person.elements().len(), "elements() and the JSON must list the same");
    for (key, value) in person.elements() {
        assert!(domain::biodata::Unsur::from_key(key).is_some(), "{key} is no element of the biodata");
        assert_eq!(map.get(key).and_then(|v| v.as_str()), Some(value), "{key} differs between the two forms");
    }
}

#[test]
fn a_region_that_does_not_exist_has_no_residents() {
    assert!(
        Residents::within("9999", Wilayah::builtin(), 1, 2026).is_none(),
        "nobody lives in an unknown region"
    );
}

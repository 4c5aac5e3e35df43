//! One person in two extracts: the younger record is the one that holds, wherever it is looked up.

use crate::desk::{Desk, at, by};
use crate::residents::{import, import_of, kk, nik, of_parts, of_wilayah};
use store::{Act, Error, ResidentUpsert};

/// Who is found by a name, sorted; the same as it is typed and as it was meant.
fn found(desk: &Desk, typed: &str) -> Vec<String> {
    let names = |hits: Vec<store::NameHit>| {
        let mut names: Vec<String> = hits.into_iter().map(|hit| hit.resident.name).collect();
        names.sort();
        names
    };
    let ahead = names(desk.store.type_ahead(typed, 10).unwrap());
    let meant = names(desk.store.find_names(typed, 10).unwrap());
    assert!(ahead.iter().all(|name| meant.contains(name)), "{ahead:?} while typing, {meant:?} after");
    meant
}

/// The record of a NIK, and the wilayah of its extract.
fn record(desk: &Desk, number: usize) -> Option<(String, String)> {
    let nik = nik(number);
    let (record, extract) = desk.store.read(|v| Ok((v.resident_by_nik(&nik)?, v.extract_of(&nik)?))).unwrap();
    record.map(|record| (record.name, extract.expect("a record has its extract").wilayah))
}

fn is(name: &str, wilayah: &str) -> Option<(String, String)> {
    Some((name.to_owned(), wilayah.to_owned()))
}

/// How many records of a NIK are kept, whether they count or not.
fn rows(desk: &Desk, number: usize) -> i64 {
    let sql = "SELECT count(*) FROM resident WHERE nik = ?1";
    desk.raw().query_row(sql, [nik(number)], |row| row.get(0)).unwrap()
}

fn wilayah(desk: &Desk) -> Vec<String> {
    desk.store.read(|v| v.resident_extracts()).unwrap().into_iter().map(|one| one.wilayah).collect()
}

#[test]
fn a_person_of_two_extracts_stands_once_as_the_younger_one_has_them() {
    let desk = Desk::new();
    let november = [(1, 7, "Siti Sekarang"), (2, 5, "Budi Santoso")];
    import(&desk, &of_wilayah("99.01.02", "2026-11-15T00:00:00Z", &november)).unwrap();
    let october = [(1, 5, "Siti Dahulu"), (3, 5, "Siti Rahma")];
    import(&desk, &of_wilayah("99.01.01", "2026-10-15T00:00:00Z", &october)).unwrap();
    assert_eq!(record(&desk, 1), is("Siti Sekarang", "99.01.02"), "not the one that was imported last");
    assert_eq!(found(&desk, "siti"), ["Siti Rahma", "Siti Sekarang"], "each NIK once");
    assert!(!found(&desk, "siti dahulu").contains(&"Siti Dahulu".to_owned()), "nobody is called so any more");
    let family = |card: usize| -> Vec<String> {
        let members = desk.store.read(|v| v.residents_by_kk(&kk(card))).unwrap();
        members.into_iter().map(|one| one.name).collect()
    };
    assert_eq!(family(5), ["Budi Santoso", "Siti Rahma"], "who moved to another card is none of this one");
    assert_eq!(family(7), ["Siti Sekarang"], "but of that");
}

#[test]
fn an_extract_gives_way_to_a_younger_one_of_the_wilayah_around_it() {
    let desk = Desk::new();
    import(&desk, &of_wilayah("99.01", "2026-11-15T00:00:00Z", &[(1, 1, "Siti November")])).unwrap();
    let october = of_wilayah("99.01.02", "2026-10-15T00:00:00Z", &[(1, 1, "Siti Oktober")]);
    let refused = import(&desk, &october);
    assert!(matches!(refused, Err(Error::ExtractOlder)), "{refused:?}");
    assert_eq!(record(&desk, 1), is("Siti November", "99.01"), "what is here stays");
    import(&desk, &of_wilayah("99.011", "2026-10-15T00:00:00Z", &[(9, 9, "Orang Lain")]))
        .expect("99.011 lies in no 99.01");

    let december = of_wilayah("99.01.02", "2026-12-01T00:00:00Z", &[(1, 1, "Siti Desember")]);
    import(&desk, &december).expect("a part may be younger than the whole");
    assert_eq!(record(&desk, 1), is("Siti Desember", "99.01.02"));
    assert_eq!(wilayah(&desk), ["99.01", "99.01.02", "99.011"], "side by side");
    import(&desk, &of_wilayah("99.01", "2026-12-24T00:00:00Z", &[(2, 1, "Budi Natal")])).unwrap();
    assert_eq!(wilayah(&desk), ["99.01", "99.011"], "whom the younger whole does not name any more is gone");
    assert_eq!((record(&desk, 1), found(&desk, "siti")), (None, vec![]));
}

#[test]
fn the_centres_word_of_now_is_younger_than_a_file_of_before() {
    let desk = Desk::new();
    import_of(&desk, 7, &of_wilayah("99.01", "2026-10-15T00:00:00Z", &[(1, 1, "Dari Pusat")])).unwrap();
    let file = [(1, 1, "Dari Berkas"), (4, 1, "Pindah Keluar")];
    let file = of_wilayah("99.01.02", "2026-11-01T00:00:00Z", &file);
    import(&desk, &file).expect("younger than the extract of the centre, which said nothing since");
    assert_eq!(record(&desk, 1), is("Dari Berkas", "99.01.02"));
    desk.store.bookkeep(at(0), |books| books.note_extract_check(true)).unwrap();
    assert_eq!(record(&desk, 1), is("Dari Pusat", "99.01"), "nothing newer was there at the centre since");
    assert_eq!(record(&desk, 4), None, "whom it does not name");
    assert_eq!(rows(&desk, 4), 1, "though the file does");

    let upsert = ResidentUpsert { nik: nik(1), kk: kk(1), name: "Dari Delta".into(), data_json: "{}".into() };
    let told = desk.store.transact(Act::CentralStatuses { count: 1 }, &by("op-1", 200), |tx| {
        let applied = tx.apply_residents("99.01", 8, std::slice::from_ref(&upsert), &[nik(4)])?;
        tx.outdate_name_index()?;
        Ok(applied)
    });
    assert!(told.unwrap().value, "it is about the extract that is here");
    assert_eq!(record(&desk, 1), is("Dari Delta", "99.01"));
    assert_eq!(rows(&desk, 4), 0, "whom the centre takes out is in no part either");
}

#[test]
fn what_the_centre_gives_now_is_taken_though_a_file_around_it_was_made_later() {
    let desk = Desk::new();
    let file = [(1, "Dari Berkas", "99.01.02.2001"), (2, "Orang Lain", "99.01.03.2001")];
    import(&desk, &of_parts("99.01", "2026-11-15T00:00:00Z", &file)).unwrap();
    let quiet = of_parts("99.01.02", "2026-10-15T00:00:00Z", &[(1, "Dari Pusat", "99.01.02.2001")]);
    import_of(&desk, 7, &quiet).expect("it is the newest version that the centre has");
    desk.store.bookkeep(at(0), |books| books.note_extract_check(true)).unwrap();
    assert_eq!(wilayah(&desk), ["99.01", "99.01.02"], "side by side");
    assert_eq!(record(&desk, 1), is("Dari Pusat", "99.01.02"), "as young as the asking");
    assert_eq!(record(&desk, 2), is("Orang Lain", "99.01"), "of whom the centre's says nothing");
}

#[test]
fn whom_the_younger_extract_of_a_part_does_not_name_is_not_found_in_the_older_one_around_it() {
    let homes = [
        (1, "Siti Pindah", "99.01.02.2001"),
        (2, "Siti Tetap", "99.01.02.2001"),
        (3, "Siti Tetangga", "99.01.021"),
        (4, "Siti Kabupaten", "99.01"),
    ];
    for version in [0, 7] {
        let desk = Desk::new();
        import(&desk, &of_parts("99.01", "2026-10-15T00:00:00Z", &homes)).unwrap();
        assert_eq!(found(&desk, "siti").len(), 4, "all are there");
        let november = of_parts("99.01.02", "2026-11-15T00:00:00Z", &[(2, "Siti Tetap", "99.01.02.2001")]);
        import_of(&desk, version, &november).unwrap();
        assert_eq!(record(&desk, 1), None, "version {version}: she moved away or died");
        assert_eq!(record(&desk, 2), is("Siti Tetap", "99.01.02"), "who is in both");
        assert_eq!(record(&desk, 3), is("Siti Tetangga", "99.01"), "99.01.021 lies in no 99.01.02");
        assert_eq!(record(&desk, 4), is("Siti Kabupaten", "99.01"), "she may live anywhere in it");
        let others = ["Siti Kabupaten", "Siti Tetangga", "Siti Tetap"];
        assert_eq!(found(&desk, "siti"), others, "nor by her name");
        let family = desk.store.read(|v| v.residents_by_kk(&kk(1))).unwrap();
        assert_eq!(family.len(), 3, "nor in the family");
    }
}

#[test]
fn whom_a_delta_brings_is_found_beside_a_younger_file_around_and_whom_it_removes_is_not() {
    let desk = Desk::new();
    import_of(
        &desk,
        7,
        &of_parts("99.01.02", "2026-10-15T00:00:00Z", &[(1, "Siti Pindah", "99.01.02.2001")]),
    )
    .unwrap();
    let file = [
        (1, "Siti Pindah", "99.01.02.2001"),
        (2, "Budi Masuk", "99.01.02.2001"),
        (3, "Dewi Keluar", "99.01.03.2001"),
    ];
    import(&desk, &of_parts("99.01", "2026-11-15T00:00:00Z", &file)).expect("younger, and around it");
    assert_eq!(record(&desk, 1), is("Siti Pindah", "99.01"));

    let data_json = r#"{"kode_wilayah":"99.01.02.2001"}"#;
    let upsert = [(2, "Budi Baru"), (4, "Rahmat Lahir")].map(|(number, name)| ResidentUpsert {
        nik: nik(number),
        kk: kk(1),
        name: name.into(),
        data_json: data_json.into(),
    });
    let told = desk.store.transact(Act::CentralStatuses { count: 1 }, &by("op-1", 200), |tx| {
        let applied = tx.apply_residents("99.01.02", 8, &upsert, &[nik(1), nik(3)])?;
        tx.outdate_name_index()?;
        Ok(applied)
    });
    assert!(told.unwrap().value, "it is about the centre's extract");
    assert_eq!(record(&desk, 1), None, "she left, whatever the file around said before");
    assert_eq!(record(&desk, 2), is("Budi Baru", "99.01.02"), "as the centre has him now");
    assert_eq!(record(&desk, 3), is("Dewi Keluar", "99.01"), "she left for where the file has her");
    assert_eq!(record(&desk, 4), is("Rahmat Lahir", "99.01.02"), "a file does not end whom the centre names");
}

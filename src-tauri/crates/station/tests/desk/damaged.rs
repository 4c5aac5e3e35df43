//! A damaged database is told in its own words to who signs in, and is there again when a copy is put back.

use station::view::Tone;

use crate::bench::Bench;

const PAGE: usize = 16_384;
const WORDS: &str = include_str!("../../../../../ui/src/strings/id/errors.ts");

/// Puts these bytes where the closed database was.
fn put(database: &std::path::Path, bytes: &[u8]) {
    for beside in ["db-wal", "db-shm"] {
        std::fs::remove_file(database.with_extension(beside)).ok();
    }
    std::fs::write(database, bytes).unwrap();
}

#[test]
fn who_signs_in_over_a_damaged_database_is_told_so_whatever_page_it_is_and_never_to_try_again() {
    let bench = Bench::before_step_4(|_, _| ());
    bench.station.lock().unwrap();
    let database = bench.dir.path().join("rekam.db");
    let whole = std::fs::read(&database).unwrap();
    let pages = whole.len() / PAGE;
    assert!(pages > 100, "a real station file: {pages} pages");
    let mut told = 0;
    for page in [0, 1, 2].into_iter().chain((3..pages).step_by(pages / 12)) {
        let mut bytes = whole.clone();
        bytes[page * PAGE + 100] ^= 4;
        put(&database, &bytes);
        match bench.station.sign_in("dewi", training::PASSWORD) {
            Err(error) => {
                let shown = error.to_view();
                assert_eq!((shown.key.as_str(), shown.tone), ("database_damaged", Tone::Bad), "page {page}");
                told += 1;
            }
            // A page that nothing uses.
            Ok(_) => drop(bench.station.lock().unwrap()),
        }
        assert!(page > 0 || told == 1, "the first page: not a wrong password, not a wrong key");
    }
    assert!(told > 6, "most pages are in use: {told}");

    let said = |part: &str| {
        let rest = WORDS.split_once(&format!("'errors.database_damaged.{part}':")).expect("it has words").1;
        rest.split('\'').nth(1).unwrap().to_owned()
    };
    assert!(said("happened").contains("rusak"), "what happened");
    assert!(said("safe").contains("terkirim") && said("safe").contains("Salinan"), "what is safe");
    assert!(said("next").contains("penyelia") && !said("next").contains("Coba lagi"), "what to do next");

    put(&database, &whole);
    bench.station.sign_in("dewi", training::PASSWORD).expect("the copy is whole");
    assert!(bench.station.form(&bench.id).is_ok(), "and holds what was entered");
}

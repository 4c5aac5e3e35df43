//! A training station from an empty folder, and the same one again.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, where a panic is the report")]

use std::sync::Arc;

use station::{Start, Station, clock};

fn begin(dir: &std::path::Path) -> (training::Training, Arc<Station>) {
    let options = training::Options { dir: dir.to_owned(), residents: 60, ..training::Options::default() };
    let training = training::start(&options).expect("training starts over any writable folder");
    let start = Start {
        config: training.config.clone(),
        clock: Arc::new(clock::SystemClock),
        training_hint: Some(training::HINT.to_owned()),
        practice: None,
    };
    let station = Station::start(start).expect("the station starts over what training made");
    (training, station)
}

#[test]
fn a_training_station_is_set_up_once_and_found_again() {
    let dir = tempfile::tempdir().unwrap();
    {
        let (_training, station) = begin(dir.path());
        let state =
            station.sign_in("dewi", training::PASSWORD).expect("the public password opens the station");
        assert!(state.training, "the window must say that this is training");
        assert_eq!(state.operators.len(), training::STAFF.len(), "everybody of the staff may sign in");
        let somebody = &training::residents(1, 60, jiff::Timestamp::now()).unwrap()[0];
        let found = station.resident_suggest(&somebody.nama[..4], false).unwrap();
        assert!(!found.is_empty(), "the made-up residents are found by the beginning of a name");
        assert_eq!(
            station.resident_suggest(&somebody.nik, false).unwrap()[0].nik,
            somebody.nik,
            "and by NIK"
        );
        let mistyped = somebody.nama.replacen(&somebody.nama[1..2], "q", 1);
        let named = |settled| station.resident_suggest(&mistyped, settled).unwrap();
        assert!(named(false).is_empty(), "while it is typed {mistyped} is taken as it stands");
        assert!(
            named(true).iter().any(|row| row.nik == somebody.nik),
            "after a pause one wrong letter is forgiven in {mistyped}"
        );
        station.lock().unwrap();
    }
    let keys = dir.path().join("keys");
    let before = std::fs::read(keys.join("ca.pem")).unwrap();
    let (_training, station) = begin(dir.path());
    station.sign_in("hendra", training::PASSWORD).expect("a second start uses the station that is there");
    assert_eq!(std::fs::read(keys.join("ca.pem")).unwrap(), before, "no new keys for a station that exists");
    for name in ["centre.key.pem", "centre.crt.pem", "escrow.key.pem", "escrow.crt.pem"] {
        assert!(keys.join(name).exists(), "{name} is needed to open a packet");
    }
}

#[test]
fn the_person_of_a_nik_is_always_the_same_and_hangs_the_right_backdrop() {
    let odd = training::applicant("1813014507959001");
    assert_eq!(odd, training::applicant("1813014507959001"), "a resumed visit must meet the same body");
    assert_eq!(odd.backdrop, sim::Backdrop::Red, "1995 is odd");
    assert_eq!(training::applicant("1813011203049002").backdrop, sim::Backdrop::Blue, "2004 is even");
    assert_eq!(training::applicant("1813011203049002").hijab, Some(false), "day below 40 is a man");
}

#[test]
fn somebody_has_the_name_that_the_empty_form_tells_a_newcomer_to_type() {
    let strings = include_str!("../../../../ui/src/strings/id/form.ts");
    let told = strings.lines().find(|line| line.contains("'form.training':")).expect("the hint of the form");
    assert!(told.contains("SITI"), "{told}");
    let options = training::Options::default();
    let drawn = training::residents(options.seed, options.residents, jiff::Timestamp::now()).unwrap();
    let found = drawn.iter().filter(|resident| resident.nama.starts_with("SITI ")).count();
    assert!(found > 1, "a list to choose from, got {found}");
}

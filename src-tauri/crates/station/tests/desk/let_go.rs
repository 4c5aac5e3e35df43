//! A recording that was begun, and then somebody remembers that there is one already: what was captured is of nobody on record.

use domain::ids::PermohonanId;
use station::Error;
use station::view::{FingerName, HandoverFingerState, Step};

use crate::after_sealing::said;
use crate::bench::{Bench, other_grown_up};
use crate::card_data::{meanwhile, portrait, record};
use crate::identity::agreed;
use crate::mirror::centre_says;
use crate::printing::{FIRST, print_on, ready};
use crate::sealed::matched;
use crate::suket::{at_step_7, letter};

/// Everything of step 4, as far as step 5.
fn captured(bench: &Bench) {
    bench.approved();
    bench.slaps();
    bench.irises();
    bench.sign();
    matched(bench);
}

/// The templates that are kept of a visit, and whether its search is.
fn kept(bench: &mut Bench, id: &str) -> (usize, bool) {
    let id = PermohonanId::parse(id).unwrap();
    meanwhile(bench, |store, _| {
        let kept = store.read(|look| Ok((look.finger_templates_of(id)?, look.duplicate_check(id)?)));
        let (templates, search) = kept.unwrap();
        (templates.len(), search.is_some())
    })
}

/// From step 3, where nobody is on record, to the card in step 9: everything of it is the centre's.
fn nothing_of_it_is_the_persons(mut bench: Bench) {
    let id = bench.id.clone();
    agreed(&bench);
    let check = bench.station.verification(&id).unwrap().identity.expect("nobody is recorded anew");
    assert_eq!(
        (check.state, check.fingers),
        (HandoverFingerState::NoReference, vec![]),
        "not the own fingers"
    );
    assert_eq!(check.recorded_at, None, "nor the day on which they were taken");
    bench.training.desk.lines().unwrap().lay(domain::Finger::RightIndex);
    let own = bench.station.identity_finger(&id, FingerName::RightIndex);
    assert!(
        matches!(own, Err(Error::NotNow { key: "finger_not_on_record", .. })),
        "no match with oneself: {own:?}"
    );
    assert_eq!(kept(&mut bench, &id), (0, false), "and no search finds them");

    bench.station.identity_witness(&id, "wajah sesuai KK", "hendra", training::PASSWORD).unwrap();
    assert_eq!(bench.station.finish_verification(&id).unwrap().step, Step::PrintRequest);
    bench.station.submit_print_request(&id).unwrap();
    let cover = bench.station.render_cover(&id).unwrap().cover.expect("the cover").document_id;
    assert!(said(&bench, &cover).contains("tidak direkam, cetak saja"), "no recording goes with it");
    centre_says(&mut bench, "RECEIVED_AT_CENTRAL");
    let (words, pictures) = letter(&bench, "processing");
    assert!(!words.contains("pada tanggal"), "nobody was recorded here on a day: {words}");
    let mut stranger = Bench::before_step_4(|_, _| ());
    at_step_7(&mut stranger);
    centre_says(&mut stranger, "RECEIVED_AT_CENTRAL");
    assert_eq!(pictures, letter(&stranger, "processing").1, "the office's pictures, and nobody's portrait");

    bench.station.resume(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    bench.station.give_pickup_slip(&id).unwrap();
    let mut bench = ready(bench);
    let missing = bench.station.card_print(&id).unwrap().missing;
    assert_eq!(missing, ["record", "portrait", "signature"], "neither face nor signature is of this visit");
    record(&mut bench, 1_795_000_000_000, &[]);
    bench.until(devices::Role::CardPrinter, "found", |state| state != station::view::DeviceState::Absent);
    print_on(&bench, FIRST);
    let seen = bench.station.handover(&id).unwrap();
    let finger = (seen.finger.state, seen.finger.fingers);
    assert_eq!(finger, (HandoverFingerState::NoReference, vec![]), "nor at the hand-over");
    let face = bench.station.image(&format!("handover:{id}:portrait")).unwrap();
    assert!(face == portrait(), "the face of the record, for the card and beside the person");
}

#[test]
fn captures_that_the_plan_lost_are_no_face_no_finger_and_no_signature_of_the_person_on_record() {
    let bench = Bench::new();
    captured(&bench);
    bench.station.go_back(&bench.id, Step::Verification).unwrap();
    nothing_of_it_is_the_persons(bench);
}

#[test]
fn nor_of_the_person_of_another_nik_whom_the_form_names_since() {
    let mut bench = Bench::new();
    captured(&bench);
    bench.nik = other_grown_up(&bench.nik).nik;
    let (station, id) = (&bench.station, bench.id.as_str());
    station.go_back(id, Step::Form).unwrap();
    station.save_field(id, "nik", &bench.nik).unwrap();
    station.prefill(id, &bench.nik).unwrap();
    station.submit_form(id).unwrap();
    nothing_of_it_is_the_persons(bench);
}

#[test]
fn fingers_that_the_plan_lost_are_found_by_no_search_and_searched_for_anew_when_it_takes_them_again() {
    let bench = Bench::new();
    captured(&bench);
    bench.station.go_back(&bench.id, Step::Verification).unwrap();
    agreed(&bench);
    let (first, nik) = (bench.id.clone(), bench.nik.clone());
    let mut bench = bench.another_nik();
    bench.approved();
    bench.slaps();
    let seen = bench.station.find_duplicates(&bench.id).unwrap().duplicates;
    assert!(!seen.due && seen.matches.is_empty(), "the search ran, and they are in no recording");

    let second = std::mem::replace(&mut bench.id, first.clone());
    bench.nik = nik;
    bench.verify();
    assert!(bench.seen().duplicates.due, "never recorded after all: nobody looks after these fingers now");
    let seen = bench.station.find_duplicates(&first).unwrap().duplicates;
    let found: Vec<_> = seen.matches.into_iter().map(|one| one.id).collect();
    assert_eq!((seen.due, found), (false, vec![second]), "the other visit has the same");
    assert_eq!(kept(&mut bench, &first), (10, true), "and they can be found again themselves");
}

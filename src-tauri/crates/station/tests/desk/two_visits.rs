//! Two applicants at one desk: what one is shown and asked is never the other's.

use domain::permohonan::Refusal;
use station::Error;
use station::view::{Answer, AnswerBy, AnswerState, ApplicantView, EyeName, FingerName, SlapName, Step};

use crate::bench::{Bench, other_grown_up};
use crate::sealed::matched;

#[test]
fn the_applicants_screen_lets_go_of_whoever_was_there_when_another_visit_is_taken_up() {
    let bench = Bench::new();
    let station = &bench.station;
    bench.approved();
    bench.seen();
    let shown = || station.applicant_screen().unwrap();
    assert_eq!(shown().id.as_deref(), Some(bench.id.as_str()), "the one who sits there");
    station.take(&bench.id).unwrap();
    assert!(shown().id.is_some(), "taken up again, the same one sits there");

    station.lock().unwrap();
    station.sign_in("dewi", training::PASSWORD).unwrap();
    bench.seen();
    station.clear_applicant().unwrap();
    let cleared = shown();
    assert_eq!((cleared.view, cleared.id), (ApplicantView::Idle, None), "nobody, at the queue");

    bench.seen();
    let other = station.open(&station.kinds().unwrap()[0].kind).unwrap().id;
    let idle = shown();
    assert_eq!(
        (idle.view, idle.id, idle.lines.len()),
        (ApplicantView::Idle, None, 0),
        "nothing of the first"
    );
    bench.seen();
    station.take(&other).unwrap();
    assert_eq!(shown().id, None, "nor when a visit that waits is taken");
}

#[test]
fn who_said_that_the_data_are_wrong_is_asked_again_only_when_they_were_put_right() {
    let bench = Bench::new();
    let (station, id) = (&bench.station, bench.id.as_str());
    bench.approved();
    bench.slaps();
    bench.irises();
    bench.sign();
    matched(&bench);
    station.attestation(id).unwrap();
    let shown = || station.applicant_screen().unwrap();
    assert_eq!(shown().view, ApplicantView::ConfirmData, "step 5 asks");
    station.answer_data(id, Answer::Wrong, "alamat", AnswerBy::Screen).unwrap();
    assert_eq!(shown().answered, AnswerState::Wrong);
    station.go_back(id, Step::Verification).unwrap();
    station.verification(id).unwrap();
    assert_eq!(shown().view, ApplicantView::Wait, "nothing that step 3 could not take an answer to");
}

/// The visit at step 4 asks who sits there and starts no device; then somebody has looked.
fn looked_at_first(bench: &Bench, why: &str) {
    let (station, id) = (&bench.station, bench.id.as_str());
    let before = bench.seen();
    assert!(before.must_look && before.look_due_at.is_none(), "{why}");
    let refused = [
        station.take_portrait(id).map(drop),
        station.capture_slap(id, SlapName::RightFour).map(drop),
        station.capture_irises(id, &[EyeName::Right, EyeName::Left]).map(drop),
        station.rematch(id, FingerName::RightIndex).map(drop),
    ];
    for none in refused {
        assert!(matches!(none, Err(Error::Refused(Refusal::ApplicantUnseen))), "{why}: {none:?}");
    }
    assert!(bench.seen().saved == before.saved, "and nothing of whoever sits there is kept: {why}");
    assert!(!station.see_applicant(id).unwrap().must_look, "looked at: {why}");
}

#[test]
fn after_work_on_another_visit_somebody_looks_who_sits_there_before_the_next_picture() {
    let mut bench = Bench::new();
    bench.approved();
    bench.station.take(&bench.id).unwrap();
    assert!(!bench.seen().must_look, "taken up again with nobody in between");
    let (first, own) = (bench.id.clone(), bench.nik.clone());

    // The second applicant, as far as the photo, within the minute.
    bench.nik = other_grown_up(&own).nik;
    bench.again();
    bench.approved();
    let second = std::mem::replace(&mut bench.id, first.clone());
    bench.station.take(&first).unwrap();
    looked_at_first(&bench, "the second one may still sit there");
    bench.station.capture_slap(&first, SlapName::RightFour).expect("looked at, it goes on");
    assert!(!bench.seen().must_look, "and nobody is asked twice");

    bench.station.take(&second).unwrap();
    looked_at_first(&bench, "the second one was called meanwhile, without a picture");
    bench.station.open(&bench.station.kinds().unwrap()[0].kind).unwrap();
    bench.restart();
    looked_at_first(&bench, "a third one came, and the program was closed in between");
    bench.station.capture_slap(&first, SlapName::LeftFour).expect("looked at");

    bench.id = second;
    looked_at_first(&bench, "the second one waited for all of them");
}

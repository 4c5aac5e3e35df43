//! Two applicants at one desk: what one is shown and asked is never the other's.

use station::view::{Answer, AnswerBy, AnswerState, ApplicantView, Step};

use crate::bench::Bench;
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

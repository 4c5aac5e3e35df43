//! Two applicants at one desk: what one is shown and asked is never the other's.

use station::view::ApplicantView;

use crate::bench::Bench;

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

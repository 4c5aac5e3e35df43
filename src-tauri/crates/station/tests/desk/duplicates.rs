//! Fingers that are here already under another NIK: noticed, asked with a reason, never against the same NIK.

use station::view::NoticeKind;

use crate::bench::Bench;

#[test]
fn the_search_is_due_when_the_fingers_are_complete_and_finds_nobody_on_a_new_station() {
    let bench = Bench::new();
    bench.approved();
    assert!(!bench.seen().duplicates.due, "no fingers, nothing to look for");
    bench.slaps();
    assert!(bench.seen().duplicates.due, "ten fingers are there");
    let seen = bench.station.find_duplicates(&bench.id).unwrap();
    assert!(!seen.duplicates.due, "it has run");
    assert!(seen.duplicates.matches.is_empty() && seen.notices.is_empty(), "nobody else was recorded here");
}

#[test]
fn the_same_fingers_under_another_nik_are_asked_about_and_answered_with_a_reason() {
    let bench = Bench::new();
    bench.approved();
    bench.slaps();
    bench.station.find_duplicates(&bench.id).unwrap();
    let first = bench.id.clone();
    let bench = bench.another_nik();
    assert_ne!(bench.id, first, "a second visit");
    bench.approved();
    bench.slaps();
    let seen = bench.station.find_duplicates(&bench.id).unwrap();
    assert!(
        seen.notices.iter().any(|notice| notice.kind == NoticeKind::FoundUnderAnotherNik),
        "the same ten fingers under another NIK"
    );
    let one = seen.duplicates.matches.first().expect("the first visit");
    assert!(
        seen.duplicates.open && one.fingers.iter().filter(|finger| finger.alike).count() >= 8,
        "most fingers"
    );
    assert!(bench.station.finish_capture(&bench.id).is_err(), "not before it is answered");
    let seen = bench
        .station
        .answer_notice(&bench.id, NoticeKind::FoundUnderAnotherNik, "kembar, surat ada")
        .unwrap();
    assert!(!seen.duplicates.open, "answered with a reason, which goes with the packet");
}

#[test]
fn an_earlier_cancelled_visit_of_the_same_nik_is_not_asked_about() {
    let mut bench = Bench::new();
    bench.approved();
    bench.slaps();
    bench.station.find_duplicates(&bench.id).unwrap();
    bench.station.cancel(&bench.id, "pemohon pulang dulu").unwrap();
    bench.again();
    bench.approved();
    bench.slaps();
    let seen = bench.station.find_duplicates(&bench.id).unwrap();
    assert!(!seen.duplicates.due, "it has run");
    assert!(
        seen.duplicates.matches.is_empty() && seen.notices.is_empty(),
        "one's own fingers are no question"
    );
}

#[test]
fn a_search_that_is_stopped_writes_nothing_and_stays_due() {
    let bench = Bench::new();
    bench.approved();
    bench.slaps();
    bench.station.find_duplicates(&bench.id).unwrap();
    let bench = bench.another_nik();
    bench.approved();
    bench.slaps();
    let over = std::sync::atomic::AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        // A search begins anew by itself: whoever wants it to end presses until it does.
        scope.spawn(|| {
            while !over.load(std::sync::atomic::Ordering::SeqCst) {
                bench.station.stop_duplicates().unwrap();
            }
        });
        let seen = bench.station.find_duplicates(&bench.id);
        over.store(true, std::sync::atomic::Ordering::SeqCst);
        seen.expect("to be stopped is no error")
    });
    assert!(seen.duplicates.due, "it has still to run");
    assert!(seen.duplicates.matches.is_empty() && seen.notices.is_empty(), "and half of it says nothing");
    let early = bench.station.finish_capture(&bench.id);
    assert!(early.is_err(), "step 4 does not end without it: {early:?}");
    let seen = bench.station.find_duplicates(&bench.id).unwrap();
    assert!(!seen.duplicates.due && seen.duplicates.open, "the next one runs to its end and finds them");
}

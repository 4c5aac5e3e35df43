//! Another NIK in the form over a recording that was begun under the first one.

use domain::capture::{Missing, Warning};
use domain::permohonan::Refusal;
use station::Error;
use station::view::{NoticeKind, Step};

use crate::bench::{Bench, other_grown_up};

fn goes_on_under(bench: &Bench, nik: &str) {
    let (station, id) = (&bench.station, bench.id.as_str());
    station.go_back(id, Step::Form).unwrap();
    station.save_field(id, "nik", nik).unwrap();
    station.submit_form(id).unwrap();
    bench.verify();
}

fn asks(bench: &Bench) -> bool {
    let notices = bench.station.capture(&bench.id).unwrap().notices;
    notices.iter().any(|notice| notice.kind == NoticeKind::NikChanged)
}

#[test]
fn a_recording_is_not_sealed_under_another_nik_before_somebody_says_whose_it_is() {
    let bench = Bench::new();
    let (station, id) = (&bench.station, bench.id.as_str());
    bench.approved();
    let other = other_grown_up(&bench.nik).nik;
    goes_on_under(&bench, &other);
    assert!(asks(&bench), "whose photo is this?");
    assert!(station.capture(id).unwrap().must_look, "and who sits there?");
    let taken = station.take_portrait(id);
    assert!(matches!(taken, Err(Error::Refused(Refusal::ApplicantUnseen))), "nothing is added meanwhile");
    let refused = station.finish_capture(id);
    let Err(Error::Refused(Refusal::Incomplete { missing })) = refused else { panic!("{refused:?}") };
    assert!(missing.contains(&Missing::Answer(Warning::NikChanged)), "{missing:?}");

    goes_on_under(&bench, &bench.nik);
    assert!(!asks(&bench), "the first NIK is back");
    goes_on_under(&bench, &other);
    let seen = station.answer_notice(id, NoticeKind::NikChanged, "NIK salah ketik, orangnya sama").unwrap();
    assert!(!seen.must_look, "whoever answered looked");
    assert!(!asks(&bench), "answered");
    let refused = station.finish_capture(id);
    let Err(Error::Refused(Refusal::Incomplete { missing })) = refused else { panic!("{refused:?}") };
    assert!(!missing.contains(&Missing::Answer(Warning::NikChanged)), "{missing:?}");
}

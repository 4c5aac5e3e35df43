//! Another NIK in the form after the centre has spoken at step 7.

use domain::central_status::Mirror;
use domain::steps::form::FormEvent;
use domain::steps::status::{StatusEvent, StatusState};
use domain::steps::verification::{RecordSource, VerificationEvent};
use domain::{Event, JenisPermohonan, Refusal, Step, Unsur};

use crate::desk::Desk;
use crate::visit::status;

const FIRST: &str = "1813010101909001";
const OTHER: &str = "1813010101909002";

/// Goes back to the form, and on again to step 7 under a NIK.
fn goes_on_under(desk: &mut Desk, nik: &str) {
    desk.does(Event::WentBack { to: Step::Form }).unwrap();
    desk.biodata.set(Unsur::Nik, nik);
    desk.form().unwrap();
    desk.compared(&[]).unwrap();
    desk.verification(VerificationEvent::RecordedBefore { recorded: true }).unwrap();
    desk.verification(VerificationEvent::ReadAloud).unwrap();
    desk.identified().unwrap();
    desk.verification(VerificationEvent::Verified).unwrap();
    desk.request().unwrap();
    assert_eq!(desk.state.step, Step::Status);
}

fn says(desk: &mut Desk, text: &str) {
    let entry = desk.status(text);
    status(desk, StatusEvent::Seen { entry }).unwrap();
}

/// Somebody recorded before, at step 7 under [`FIRST`]: sent home once with a Suket and once with the reason, and print ready now.
fn print_ready() -> Desk {
    let mut desk = Desk::new(JenisPermohonan::BaruWni, "1990-01-01");
    assert_eq!(desk.biodata.get(Unsur::Nik), Some(FIRST));
    desk.walk_steps_1_to_3(true);
    desk.request().unwrap();
    says(&mut desk, "PROCESSING");
    let reason = || "masih diproses".to_owned();
    status(&mut desk, StatusEvent::SuketChosen { reason: reason(), no_blangko: false, elsewhere: false })
        .unwrap();
    let (code, no_blangko) = (String::new(), false);
    status(
        &mut desk,
        StatusEvent::ReturnedToApplicant { reason: reason(), code, no_blangko, elsewhere: false },
    )
    .unwrap();
    desk.does(Event::Resumed).unwrap();
    says(&mut desk, "PRINT_READY_RECORD");
    desk
}

#[test]
fn what_the_centre_said_of_one_nik_decides_nothing_for_another() {
    let mut desk = print_ready();
    goes_on_under(&mut desk, OTHER);
    let of = desk.biodata.nik();
    assert_eq!(
        desk.state.status,
        StatusState { of, ..StatusState::default() },
        "nothing of the first is left"
    );
    let slip = StatusEvent::PickupSlipGiven { later: false };
    assert_eq!(status(&mut desk, slip.clone()), Err(Refusal::StatusUnknown), "nobody spoke of this one");
    says(&mut desk, "PRINT_READY_RECORD");
    status(&mut desk, slip).unwrap();
}

#[test]
fn the_same_nik_keeps_what_was_said_and_told() {
    let mut desk = print_ready();
    let before = desk.state.status.clone();
    assert!(before.told.is_some() && before.suket_given.is_some() && before.mirror != Mirror::default());
    goes_on_under(&mut desk, FIRST);
    assert_eq!(desk.state.status, before, "another address makes nobody else of the applicant");
    status(&mut desk, StatusEvent::PickupSlipGiven { later: false }).unwrap();
}

#[test]
fn a_status_of_an_older_program_that_does_not_say_whose_it_is_begins_anew_with_the_form() {
    let mut desk = print_ready();
    let mut stored = serde_json::to_value(&desk.state).unwrap();
    assert!(stored["status"].as_object_mut().unwrap().remove("of").is_some(), "as it was written then");
    desk.state = serde_json::from_value(stored).unwrap();
    assert!(desk.state.status.of.is_none() && !desk.state.status.mirror.entries().is_empty(), "it opens");
    goes_on_under(&mut desk, OTHER);
    assert_eq!(desk.state.status.mirror, Mirror::default(), "the books say it again, of the right one");
}

#[test]
fn when_step_3_took_of_a_record_is_known_until_the_nik_is_another() {
    let mut desk = Desk::new(JenisPermohonan::BaruWni, "1990-01-01");
    desk.biodata.set(Unsur::Nik, FIRST);
    desk.walk_steps_1_to_3(false);
    let (first, at) = (desk.biodata.nik(), desk.now());
    let known = |desk: &Desk| (desk.state.form.taken_of.clone(), desk.state.form.taken_at.clone());
    assert_eq!(
        known(&desk),
        (first.clone(), vec![at]),
        "the moment in which the record's values are written"
    );
    desk.does(Event::WentBack { to: Step::Form }).unwrap();
    desk.does(Event::Form(FormEvent::Prefilled)).unwrap();
    assert_eq!(known(&desk), (first.clone(), vec![at]), "the same person's record fills the form");
    desk.form().unwrap();
    desk.compared(&[]).unwrap();
    desk.verification(VerificationEvent::ReadAloud).unwrap();
    desk.verification(VerificationEvent::Verified).unwrap();
    assert_eq!(known(&desk), (first.clone(), vec![at, desk.now()]), "once more through step 3");

    desk.does(Event::WentBack { to: Step::Form }).unwrap();
    for (event, nik, why) in [
        (FormEvent::Prefilled, OTHER, "filled from the record of somebody else"),
        (FormEvent::PrefillForgotten, FIRST, "the number of somebody else is about to be written"),
    ] {
        let kept = desk.state.clone();
        desk.biodata.set(Unsur::Nik, nik);
        desk.does(Event::Form(event)).unwrap();
        assert_eq!(known(&desk), (None, vec![]), "{why}");
        desk.state = kept;
    }
}

#[test]
fn without_a_record_step_3_takes_nothing() {
    let mut desk = Desk::new(JenisPermohonan::BaruWni, "1990-01-01");
    desk.walk_steps_1_to_3(false);
    desk.does(Event::WentBack { to: Step::Verification }).unwrap();
    let taken = desk.state.form.clone();
    let source = RecordSource::Nowhere;
    desk.verification(VerificationEvent::NotFound { source, note: "tidak ada".into() }).unwrap();
    desk.verification(VerificationEvent::ReadAloud).unwrap();
    desk.verification(VerificationEvent::Verified).unwrap();
    assert_eq!(desk.state.form, taken);
}

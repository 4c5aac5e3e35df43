//! Step 3 of a card that was lost: the person is held against the record, 1:1, before anything is printed.

use domain::permohonan::Refusal;
use station::Error;
use station::view::{FingerName, HandoverFingerState, OperatorFinger, RecordedAnswer, Step};

use crate::bench::{Bench, other_grown_up};
use crate::sealed::sealed;

const HILANG: &str = "hilang";

/// The applicant of a sealed recording comes again because the card was lost, as far as step 3.
pub fn lost(bench: &mut Bench) {
    comes_for(bench, HILANG);
}

/// The applicant comes for a kind of application that records nothing, as far as step 3.
pub fn comes_for(bench: &mut Bench, kind: &str) {
    bench.id = bench.station.open(kind).unwrap().id;
    as_far_as_step_3(bench);
}

/// The visit that was opened, as far as step 3: the form from the record, every paper, nothing corrected.
pub fn as_far_as_step_3(bench: &Bench) {
    let (station, id) = (&bench.station, bench.id.as_str());
    station.save_field(id, "nik", &bench.nik).unwrap();
    station.prefill(id, &bench.nik).unwrap();
    station.submit_form(id).unwrap();
    for paper in &station.requirements(id).unwrap().items {
        station.set_requirement(id, &paper.id, true, "").unwrap();
    }
    station.accept_requirements(id).unwrap();
    for row in &station.verification(id).unwrap().rows {
        if row.result == station::view::DiffResult::Differs {
            station.choose_source(id, &row.unsur, station::view::DiffSource::Record, "").unwrap();
        }
    }
    for warning in station.verification(id).unwrap().warnings {
        station.confirm_warning(id, &warning.rule, "sesuai KK").unwrap();
    }
    station.answer_recorded(id, RecordedAnswer::Elsewhere).unwrap();
    station.mark_read_aloud(id).unwrap();
}

#[test]
fn a_lost_card_asks_for_a_finger_that_matches_the_recording_and_skips_the_camera() {
    let mut bench = sealed();
    lost(&mut bench);
    let (station, id) = (&bench.station, bench.id.as_str());
    let early = station.finish_verification(id);
    assert!(
        matches!(early, Err(Error::Refused(Refusal::IdentityUnchecked))),
        "not without a finger: {early:?}"
    );
    let check = station.verification(id).unwrap().identity.expect("this kind asks for it");
    assert_eq!(check.state, HandoverFingerState::NotTried);
    assert!(check.fingers.contains(&FingerName::RightIndex) && check.recorded_at.is_some(), "{check:?}");

    let lines = bench.training.desk.lines().unwrap();
    lines.lay(domain::Finger::LeftMiddle);
    let wrong = station.identity_finger(id, FingerName::RightIndex).unwrap().identity.unwrap();
    assert_eq!((wrong.state, wrong.tries), (HandoverFingerState::NotYet, 1), "another finger is no match");
    lines.lay(domain::Finger::RightIndex);
    let matched = (0..3).any(|_| {
        let seen = station.identity_finger(id, FingerName::RightIndex).unwrap().identity.unwrap();
        seen.state == HandoverFingerState::Matched && seen.score >= Some(seen.limit)
    });
    assert!(matched, "the finger of the record matches");
    let on = station.finish_verification(id).unwrap();
    assert_eq!(on.step, Step::PrintRequest, "steps 4 and 5 are not part of this visit");
}

#[test]
fn a_recording_stays_the_persons_record_when_its_visit_is_cancelled_after_the_seal() {
    let mut bench = sealed();
    bench.station.cancel(&bench.id, "KTP-el lamanya ditemukan").unwrap();
    lost(&mut bench);
    let (station, id) = (&bench.station, bench.id.as_str());
    let seen = station.verification(id).unwrap();
    assert!(
        seen.recorded.here_hit,
        "this person was recorded here; the packet is with the centre or on its way"
    );
    let check = seen.identity.expect("this kind asks for it");
    assert!(check.fingers.contains(&FingerName::RightIndex) && check.recorded_at.is_some(), "{check:?}");
    bench.training.desk.lines().unwrap().lay(domain::Finger::RightIndex);
    let state = || station.identity_finger(id, FingerName::RightIndex).unwrap().identity.unwrap().state;
    assert!((0..3).any(|_| state() == HandoverFingerState::Matched), "the own finger, no witness");
}

#[test]
fn a_recording_that_was_cancelled_before_its_seal_is_nobodys_record() {
    let mut bench = Bench::before_step_4(|_, _| ());
    bench.station.cancel(&bench.id, "pemohon pulang").unwrap();
    lost(&mut bench);
    let seen = bench.station.verification(&bench.id).unwrap();
    assert!(!seen.recorded.here_hit, "nothing of it leaves this desk");
    assert_eq!(seen.identity.unwrap().state, HandoverFingerState::NoReference);
}

#[test]
fn a_person_of_whom_no_print_is_here_goes_on_with_another_officers_word() {
    let mut bench = Bench::before_step_4(|_, _| ());
    lost(&mut bench);
    let (station, id) = (&bench.station, bench.id.as_str());
    let check = station.verification(id).unwrap().identity.unwrap();
    assert_eq!(check.state, HandoverFingerState::NoReference, "nothing is invented");
    let none = station.identity_finger(id, FingerName::RightIndex);
    assert!(
        matches!(none, Err(Error::NotNow { key: "finger_not_on_record", .. })),
        "the scanner is not asked for nothing: {none:?}"
    );
    let own = station.identity_witness(id, "wajah sesuai KK", "dewi", training::PASSWORD);
    assert!(matches!(own, Err(Error::SamePerson)), "nobody witnesses for oneself: {own:?}");
    let bare = station.identity_witness(id, "  ", "hendra", training::PASSWORD);
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "a note is needed: {bare:?}");
    let wrong = station.identity_witness(id, "wajah sesuai KK", "hendra", "bukan-sandinya");
    assert!(wrong.is_err(), "with the own password only");
    let seen = station.identity_witness(id, "wajah sesuai KK", "hendra", training::PASSWORD).unwrap();
    assert_eq!(seen.identity.unwrap().state, HandoverFingerState::Witnessed);
    bench.restart();
    let after = bench.station.verification(&bench.id).unwrap();
    assert!(after.can_go_on, "it stands after a restart: {:?}", after.why);
}

#[test]
fn a_match_is_worth_nothing_once_the_form_may_name_somebody_else() {
    let mut bench = sealed();
    lost(&mut bench);
    let (station, id) = (&bench.station, bench.id.as_str());
    bench.training.desk.lines().unwrap().lay(domain::Finger::RightIndex);
    let state = |finger| station.identity_finger(id, finger).unwrap().identity.unwrap().state;
    assert!((0..3).any(|_| state(FingerName::RightIndex) == HandoverFingerState::Matched), "the own finger");

    station.go_back(id, Step::Form).unwrap();
    let other = other_grown_up(&bench.nik).nik;
    station.save_field(id, "nik", &other).unwrap();
    station.submit_form(id).unwrap();
    let check = station.verification(id).unwrap().identity.expect("asked again");
    assert_eq!(check.state, HandoverFingerState::NoReference, "of the other nobody's finger is here");
    let early = station.finish_verification(id);
    assert!(early.is_err(), "the first one's finger does not open the other's: {early:?}");
}

#[test]
fn a_correction_waits_for_the_operators_own_finger_or_another_officers_word() {
    let mut bench = Bench::before_step_4(|_, _| ());
    let (station, id) = (&bench.station, bench.id.as_str());
    station.go_back(id, Step::Form).unwrap();
    let seen = station.form(id).unwrap();
    let job = seen.fields.iter().find(|field| field.unsur == "pekerjaan").expect("a field").value.clone();
    station.save_field(id, "pekerjaan", if job == "88" { "15" } else { "88" }).unwrap();
    station.submit_form(id).unwrap();
    for row in station.verification(id).unwrap().rows {
        if row.result == station::view::DiffResult::Differs {
            let source = station::view::DiffSource::Form;
            station.choose_source(id, &row.unsur, source, "surat keterangan kerja ditunjukkan").unwrap();
        }
    }
    for warning in station.verification(id).unwrap().warnings {
        station.confirm_warning(id, &warning.rule, "sesuai KK").unwrap();
    }
    let seen = station.answer_recorded(id, RecordedAnswer::Never).unwrap();
    assert_eq!(seen.operator_finger, OperatorFinger::Needed, "whoever corrects shows the own finger");
    station.mark_read_aloud(id).unwrap();
    let early = station.finish_verification(id);
    assert!(matches!(early, Err(Error::Refused(Refusal::OperatorFingerMissing))), "not without: {early:?}");

    let witness = |note, who, password| station.operator_finger_witness(id, note, who, password);
    let own = witness("jari luka", "dewi", training::PASSWORD);
    assert!(matches!(own, Err(Error::SamePerson)), "nobody answers for oneself: {own:?}");
    let bare = witness(" ", "hendra", training::PASSWORD);
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "a note is needed: {bare:?}");
    let guess = witness("jari luka", "hendra", "bukan-sandinya");
    assert!(matches!(guess, Err(Error::NotNow { key: "witness_password", .. })), "{guess:?}");
    assert_eq!(station.verification(id).unwrap().operator_finger, OperatorFinger::Needed, "none of them did");
    let seen = witness("jari luka, dibalut", "hendra", training::PASSWORD).unwrap();
    assert_eq!(seen.operator_finger, OperatorFinger::Done);
    bench.restart();
    assert_eq!(bench.station.finish_verification(&bench.id).unwrap().step, Step::Capture, "after a restart");
}

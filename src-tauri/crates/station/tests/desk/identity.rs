//! Step 3 of a card that was lost: the person is held against the record, 1:1, before anything is printed.

use domain::ids::PermohonanId;
use domain::permohonan::Refusal;
use station::Error;
use station::view::{FingerName, HandoverFingerState, OperatorFinger, RecordedAnswer, Step};

use crate::bench::{Bench, other_grown_up};
use crate::card_data::{keep_card_data, meanwhile};
use crate::face::{file_of, open};
use crate::sealed::{recorded, sealed};

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
    agreed(bench);
}

/// Step 3 but for who it is: the record holds, and the applicant was recorded elsewhere.
pub fn agreed(bench: &Bench) {
    let (station, id) = (&bench.station, bench.id.as_str());
    for row in &station.verification(id).unwrap().rows {
        if row.result == station::view::DiffResult::Differs {
            station.choose_source(id, &row.unsur, station::view::DiffSource::Record, "").unwrap();
        }
    }
    for warning in station.verification(id).unwrap().warnings {
        station.confirm_warning(id, &warning.rule, "sesuai KK").unwrap();
    }
    station.answer_recorded(id, RecordedAnswer::Elsewhere, "").unwrap();
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
fn a_recording_that_the_centre_calls_somebody_elses_is_not_the_persons_record() {
    let mut bench = sealed();
    let (recorded, nik) = (PermohonanId::parse(&bench.id).unwrap(), bench.nik.clone());
    let (prints, packet) = meanwhile(&mut bench, |store, _| {
        store
            .read(|view| {
                Ok((view.finger_templates_of(recorded)?, view.packet_of(recorded)?.expect("sealed").id))
            })
            .unwrap()
    });
    lost(&mut bench);
    let references = |bench: &Bench| bench.station.verification(&bench.id).unwrap().identity.unwrap();
    assert!(!references(&bench).fingers.is_empty(), "as long as the centre has said nothing");

    let says = |bench: &mut Bench, status: &str, as_of_ms: i64| {
        let word = store::CentralStatusRow {
            nik: nik.clone(),
            status: status.into(),
            as_of_ms,
            received_ms: 0,
            source: "network".into(),
            packet: packet.to_string(),
            detail: String::new(),
        };
        meanwhile(bench, |store, ctx| {
            store
                .transact(store::Act::CentralStatuses { count: 1 }, ctx, |tx| tx.add_central_status(&word))
                .unwrap();
        });
    };
    let now = jiff::Timestamp::now().as_millisecond();
    says(&mut bench, "DUPLICATE_RECORD", now);
    let check = references(&bench);
    assert_eq!(check.state, HandoverFingerState::NoReference, "whoever sat there was somebody else");
    assert!(
        bench.station.verification(&bench.id).unwrap().recorded.here_hit,
        "that it was recorded stays a fact"
    );

    // What the centre has of the person itself counts.
    let visit = PermohonanId::parse(&bench.id).unwrap();
    meanwhile(&mut bench, |store, ctx| {
        let finger = |row: &store::FingerTemplate| store::CardFinger {
            finger: row.finger,
            format: "rekam-template/1".into(),
            template: row.template.clone(),
        };
        let data = store::CardData {
            source: "pusat".into(),
            as_of_ms: now,
            biodata_json: serde_json::json!({ "nik": nik }).to_string(),
            fingers: prints.iter().take(1).map(finger).collect(),
            ..store::CardData::default()
        };
        keep_card_data(store, ctx, visit, &data);
    });
    assert_eq!(references(&bench).fingers.len(), 1, "and the other's nine stay out");
    says(&mut bench, "PRINT_READY_RECORD", now + 1);
    assert!(references(&bench).fingers.len() > 1, "the centre decided otherwise: it is the record again");
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
    station.prefill(id, &other).unwrap();
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
    let seen = station.answer_recorded(id, RecordedAnswer::Never, "").unwrap();
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

#[test]
fn never_against_a_recording_that_came_to_be_known_since_needs_a_reason_which_is_sealed() {
    let mut bench = Bench::before_step_4(|_, _| ());
    let (id, nik) = (bench.id.clone(), bench.nik.clone());
    training::goes_by_the_record(&bench.station, &id).unwrap();
    let seen = bench.station.answer_recorded(&id, RecordedAnswer::Never, "kata pemohon").unwrap();
    assert_eq!(seen.recorded.never_because, None, "nothing speaks against it yet");
    bench.station.mark_read_aloud(&id).unwrap();
    meanwhile(&mut bench, |store, ctx| {
        let act = store::Act::CentralStatuses { count: 1 };
        store.transact(act, ctx, |tx| tx.add_recorded_nik(&nik, "centre")).unwrap();
    });
    let station = &bench.station;
    let seen = station.verification(&id).unwrap();
    assert_eq!(seen.recorded.centre_hit, Some(true), "the centre has a recording");
    assert_eq!(seen.why.expect("something is open").key, "never_unexplained", "the page says what");
    let early = station.finish_verification(&id);
    let Err(early) = early else { panic!("not so") };
    assert_eq!(early.to_view().key, "refused_never_unexplained");
    let bare = station.answer_recorded(&id, RecordedAnswer::Never, " ");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "a reason is words: {bare:?}");
    let seen = station.answer_recorded(&id, RecordedAnswer::Never, " NIK ganda, surat dinas ").unwrap();
    assert_eq!(seen.recorded.never_because.as_deref(), Some("NIK ganda, surat dinas"), "kept");
    assert_eq!(station.finish_verification(&id).unwrap().step, Step::Capture);

    let bench = recorded(bench);
    open(&bench, "id");
    let evidence: serde_json::Value =
        serde_json::from_slice(&file_of(&bench, "evidence.json")).expect("JSON");
    let said = &evidence["verification"]["never_against"];
    assert_eq!(said["reason"], "NIK ganda, surat dinas", "sealed with the recording: {said}");
    assert_eq!((&said["known"], &said["by"]), (&serde_json::json!(["centre"]), &serde_json::json!("dewi")));
}

#[test]
fn never_against_a_recording_of_this_station_is_not_taken_without_a_reason() {
    let mut bench = sealed();
    bench.form();
    let (station, id) = (&bench.station, bench.id.as_str());
    training::goes_by_the_record(station, id).unwrap();
    assert!(station.verification(id).unwrap().recorded.here_hit, "recorded here");
    let bare = station.answer_recorded(id, RecordedAnswer::Never, "");
    assert!(matches!(bare, Err(Error::Refused(Refusal::ReasonMissing))), "{bare:?}");
    assert!(station.verification(id).unwrap().recorded.answer.is_none(), "nothing was answered");
    let seen = station.answer_recorded(id, RecordedAnswer::Never, "rekaman itu milik saudaranya").unwrap();
    assert_eq!(seen.recorded.answer, Some(RecordedAnswer::Never));
    let seen = station.answer_recorded(id, RecordedAnswer::Elsewhere, "").unwrap();
    assert_eq!(seen.recorded.never_because, None, "it goes with its answer");
}

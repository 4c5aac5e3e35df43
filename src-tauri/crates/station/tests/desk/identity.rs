//! Step 3 of a card that was lost: the person is held against the record, 1:1, before anything is printed.

use domain::ids::PermohonanId;
use domain::permohonan::Refusal;
use station::Error;
use station::view::{FingerName, HandoverFingerState, OperatorFinger, RecordedAnswer, Step};

use crate::bench::{Bench, other_grown_up};
use crate::card_data::{keep_card_data, meanwhile, portrait};
use crate::face::{file_of, open};
use crate::printing::sits;
use crate::sealed::{recorded, sealed};
use crate::suket::at_step_7;

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
        station.set_requirement(id, &paper.id, true).unwrap();
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

/// What step 3 holds the applicant against.
fn references(bench: &Bench) -> station::view::IdentityCheck {
    bench.station.verification(&bench.id).unwrap().identity.expect("nobody is recorded anew")
}

/// The centre says `status` of the packet of a sealed visit.
pub fn says_of(bench: &mut Bench, sealed: PermohonanId, status: &str, as_of_ms: i64) {
    let nik = bench.nik.clone();
    meanwhile(bench, |store, ctx| {
        let packet = store.read(|view| view.packet_of(sealed)).unwrap().expect("sealed").id;
        let word = store::CentralStatusRow {
            nik,
            status: status.into(),
            as_of_ms,
            received_ms: 0,
            source: "network".into(),
            packet: packet.to_string(),
            detail: String::new(),
        };
        let act = store::Act::CentralStatuses { count: 1 };
        store.transact(act, ctx, |tx| tx.add_central_status(&word)).unwrap();
    });
}

#[test]
fn a_recording_that_the_centre_calls_somebody_elses_is_not_the_persons_record() {
    let mut bench = sealed();
    let (recorded, nik) = (PermohonanId::parse(&bench.id).unwrap(), bench.nik.clone());
    let prints =
        meanwhile(&mut bench, |store, _| store.read(|view| view.finger_templates_of(recorded)).unwrap());
    lost(&mut bench);
    assert!(!references(&bench).fingers.is_empty(), "as long as the centre has said nothing");

    let now = jiff::Timestamp::now().as_millisecond();
    says_of(&mut bench, recorded, "DUPLICATE_RECORD", now);
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
    says_of(&mut bench, recorded, "PRINT_READY_RECORD", now + 1);
    assert!(references(&bench).fingers.len() > 1, "the centre decided otherwise: it is the record again");
}

/// Somebody else is recorded and sealed under the applicant's NIK; returns that visit, and who sat there. The applicant is back.
pub fn another_recorded_under_the_nik(mut bench: Bench) -> (Bench, PermohonanId, sim::Person) {
    for role in [devices::Role::Camera, devices::Role::FingerprintScanner, devices::Role::IrisScanner] {
        bench.until_present(role);
    }
    let applicant = bench.training.desk.person().get();
    let another = sim::Person { seed: applicant.seed + 1, ..applicant.clone() };
    bench.again();
    bench.training.desk.person().set(another.clone());
    let bench = recorded(bench);
    bench.training.desk.person().set(applicant);
    let second = PermohonanId::parse(&bench.id).unwrap();
    (bench, second, another)
}

#[test]
fn of_two_recordings_under_one_nik_the_one_that_the_centre_gave_another_nik_is_not_the_persons() {
    let (mut bench, second, another) = another_recorded_under_the_nik(sealed());
    let applicant = bench.training.desk.person().get();
    lost(&mut bench);
    let face = |bench: &Bench| bench.station.image(&format!("record:{}", bench.id)).unwrap();
    let (newest, of_another) = (references(&bench), face(&bench));
    let now = jiff::Timestamp::now().as_millisecond();
    says_of(&mut bench, second, "REQUEST_VALIDATION", now);
    let (check, own) = (references(&bench), face(&bench));
    assert!(check.recorded_at < newest.recorded_at, "the first: {check:?}, {newest:?}");
    assert_ne!(own, of_another, "and its face");
    let tries = |who: sim::Person| {
        bench.training.desk.person().set(who);
        bench.until_present(devices::Role::FingerVerifier);
        bench.training.desk.lines().unwrap().lay(domain::Finger::RightIndex);
        let state = || {
            bench.station.identity_finger(&bench.id, FingerName::RightIndex).unwrap().identity.unwrap().state
        };
        (0..3).any(|_| state() == HandoverFingerState::Matched)
    };
    assert!(!tries(another), "whoever sat there is not the owner of the NIK");
    assert!(tries(applicant), "who is");

    says_of(&mut bench, second, "CARD_ISSUED", now + 1);
    assert_eq!(references(&bench).recorded_at, check.recorded_at, "where a card of it went decides nothing");
    says_of(&mut bench, second, "PRINT_READY_RECORD", now + 2);
    assert_eq!(references(&bench).recorded_at, newest.recorded_at, "the centre gave it back");
}

#[test]
fn what_the_centre_gave_out_for_this_very_card_comes_before_a_recording_of_here() {
    let mut bench = sealed();
    let recorded = PermohonanId::parse(&bench.id).unwrap();
    let nik = bench.nik.clone();
    at_step_7(&mut bench);
    let face = format!("record:{}", bench.id);
    assert_ne!(bench.station.image(&face).unwrap(), portrait(), "the recording of here");
    let fingers = |bench: &Bench| {
        sits(bench, "rizal");
        bench.station.handover(&bench.id).unwrap().finger.fingers
    };
    assert_eq!(fingers(&bench).len(), 10, "with all its fingers");
    let visit = PermohonanId::parse(&bench.id).unwrap();
    let gives = |bench: &mut Bench, nik: &str| {
        meanwhile(bench, |store, ctx| {
            let prints = store.read(|view| view.finger_templates_of(recorded)).unwrap();
            let of_middle = prints.into_iter().find(|row| row.finger == domain::Finger::LeftMiddle.code());
            let finger = store::CardFinger {
                finger: domain::Finger::LeftMiddle.code(),
                format: "rekam-template/1".into(),
                template: of_middle.expect("ten fingers").template,
            };
            let data = store::CardData {
                source: "pusat".into(),
                as_of_ms: 1_795_000_000_000,
                biodata_json: serde_json::json!({ "nik": nik }).to_string(),
                portrait_type: "image/jpeg".into(),
                portrait: portrait(),
                fingers: vec![finger],
                ..store::CardData::default()
            };
            keep_card_data(store, ctx, visit, &data);
        });
    };
    gives(&mut bench, &nik);
    assert_eq!(fingers(&bench), [FingerName::LeftMiddle], "what the card is made of");
    sits(&bench, "dewi");
    assert_eq!(bench.station.image(&face).unwrap(), portrait(), "and its face");
    gives(&mut bench, &other_grown_up(&nik).nik);
    assert_eq!(fingers(&bench).len(), 10, "but nothing of another NIK");
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

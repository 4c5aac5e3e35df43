//! Another NIK in the form over what was begun under the first one: a recording, the centre's record, its status.

use domain::capture::{Missing, Warning};
use domain::ids::PermohonanId;
use domain::permohonan::Refusal;
use station::Error;
use station::view::{FingerName, HandoverFingerState, NoticeKind, StatusOutcome, Step};
use store::{CardData, CardFinger};

use crate::bench::{Bench, other_grown_up};
use crate::card_data::{keep_card_data, meanwhile, portrait};
use crate::identity::agreed;
use crate::mirror::centre_says;
use crate::suket::{at_step_7, letter};

/// Another NIK in the form, and through step 3 with it.
pub fn goes_on_under(bench: &Bench, nik: &str) {
    let (station, id) = (&bench.station, bench.id.as_str());
    station.go_back(id, Step::Form).unwrap();
    station.save_field(id, "nik", nik).unwrap();
    station.prefill(id, nik).unwrap();
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

/// Step 7 of a lost card under the NIK of somebody else, which was typed by mistake.
fn at_step_7_as_another(bench: &mut Bench) {
    bench.nik = other_grown_up(&bench.nik).nik;
    at_step_7(bench);
}

/// The form again under the right NIK, and step 3 but for who it is.
fn corrected(bench: &mut Bench, nik: &str) {
    bench.nik = nik.to_owned();
    let (station, id) = (&bench.station, bench.id.as_str());
    station.go_back(id, Step::Form).unwrap();
    station.save_field(id, "nik", nik).unwrap();
    station.prefill(id, nik).unwrap();
    station.submit_form(id).unwrap();
    agreed(bench);
}

/// From step 3 to step 7 on another officer's word.
fn requested(bench: &Bench) {
    let (station, id) = (&bench.station, bench.id.as_str());
    station.identity_witness(id, "wajah sesuai KK", "hendra", training::PASSWORD).unwrap();
    station.finish_verification(id).unwrap();
    station.submit_print_request(id).unwrap();
}

#[test]
fn the_centres_record_of_one_nik_is_neither_face_nor_finger_of_another() {
    let mut bench = Bench::before_step_4(|_, _| ());
    let right = bench.nik.clone();
    at_step_7_as_another(&mut bench);
    let visit = PermohonanId::parse(&bench.id).unwrap();
    let minutiae = (0..12u8).flat_map(|at| [at, 0x10 * (at % 4), 7 * at, 20 * at, 60]);
    let template = b"RK\x01\x0c".iter().copied().chain(minutiae).collect();
    let data = CardData {
        source: "pusat".into(),
        as_of_ms: 1_795_000_000_000,
        biodata_json: format!(r#"{{"nik":"{}","nama":"ORANG LAIN"}}"#, bench.nik),
        portrait_type: "image/jpeg".into(),
        portrait: portrait(),
        fingers: vec![CardFinger { finger: 2, format: "RK/1".into(), template }],
        ..CardData::default()
    };
    meanwhile(&mut bench, |store, ctx| keep_card_data(store, ctx, visit, &data));
    centre_says(&mut bench, "RECEIVED_AT_CENTRAL");
    let (_, with_face) = letter(&bench, "processing");
    bench.station.resume(&bench.id).unwrap();
    let face = format!("record:{visit}");
    assert_eq!(bench.station.image(&face).unwrap(), portrait(), "of whom it is, it is the face");
    bench.station.go_back(&bench.id, Step::Verification).unwrap();
    let asked = bench.station.verification(&bench.id).unwrap().identity.unwrap();
    assert_eq!(asked.fingers, [FingerName::RightIndex], "and the finger");

    corrected(&mut bench, &right);
    let (station, id) = (&bench.station, bench.id.as_str());
    let asked = station.verification(id).unwrap().identity.unwrap();
    assert_eq!(
        (asked.state, asked.fingers),
        (HandoverFingerState::NoReference, vec![]),
        "no finger of this one"
    );
    let none = station.identity_finger(id, FingerName::RightIndex);
    assert!(matches!(none, Err(Error::NotNow { key: "finger_not_on_record", .. })), "{none:?}");
    assert!(matches!(station.image(&face), Err(Error::NotFound { .. })), "and no face");
    requested(&bench);
    centre_says(&mut bench, "RECEIVED_AT_CENTRAL");
    let (words, without) = letter(&bench, "processing");
    assert!(words.replace(' ', "").contains(&right), "under the right NIK: {words}");
    assert_eq!(without, with_face - 1, "the letter has the office's pictures, and nobody's portrait");
}

#[test]
fn what_the_centre_said_of_one_nik_opens_nothing_for_another() {
    let mut bench = Bench::before_step_4(|_, config| config.sync.centre = "https://127.0.0.1:1".into());
    let right = bench.nik.clone();
    at_step_7_as_another(&mut bench);
    centre_says(&mut bench, "RECEIVED_AT_CENTRAL");
    let id = bench.id.clone();
    bench.station.issue_suket(&id, "processing").unwrap();
    bench.station.tell_applicant(&id, "processing").unwrap();
    bench.station.resume(&id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    bench.station.refresh_status(&id).unwrap();
    let seen = bench.station.status_check(&id).unwrap();
    assert!(seen.can_slip && seen.asked_at.is_some(), "as far as the first one goes: {:?}", seen.slip_why);
    assert!(seen.suket.is_some() && seen.told_slip.is_some(), "with its papers");

    corrected(&mut bench, &right);
    requested(&bench);
    let seen = bench.station.status_check(&id).unwrap();
    assert!(seen.now.is_none() && seen.asked_at.is_none(), "nobody has asked of this one, and nobody spoke");
    assert_eq!(seen.outcome, StatusOutcome::Open);
    assert!(seen.suket.is_none() && seen.told_slip.is_none() && seen.told.is_none(), "nor was a paper given");
    let slip = bench.station.give_pickup_slip(&id);
    assert!(matches!(slip, Err(Error::Refused(Refusal::StatusUnknown))), "{slip:?}");
    let suket = bench.station.issue_suket(&id, "listrik padam di kecamatan");
    assert!(matches!(suket, Err(Error::NotNow { key: "suket_not_recorded", .. })), "{suket:?}");
    centre_says(&mut bench, "PRINT_READY_RECORD");
    assert_eq!(bench.station.give_pickup_slip(&id).unwrap().outcome, StatusOutcome::Slip, "by its own word");
}

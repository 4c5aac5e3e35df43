//! A new photo, a new signature or both: only what was asked for is taken, and it comes to its seal.

use domain::ids::PermohonanId;
use domain::permohonan::Refusal;
use station::Error;
use station::view::{
    Answer, AnswerBy, BodyPart, FingerName, HandoverFingerState, Modality, OtherPart, Permanence, ReasonPart,
    Renewal, Step, TabState,
};
use store::CardData;

use crate::bench::Bench;
use crate::card_data::{keep_card_data, meanwhile, portrait};
use crate::exceptions::except;
use crate::identity::{as_far_as_step_3, comes_for};
use crate::mirror::centre_says;
use crate::printing::sits;
use crate::reports::said;
use crate::sealed::{attested, sealed};

/// What step 4 of this visit takes.
fn taken(bench: &Bench) -> Vec<Modality> {
    let tabs = bench.station.capture(&bench.id).unwrap().tabs;
    tabs.into_iter().filter(|tab| tab.state != TabState::NotNeeded).map(|tab| tab.modality).collect()
}

/// Who was recorded comes for a new one; the finger is that of the record, and step 4 begins.
fn at_step_4(what: Renewal) -> Bench {
    let mut bench = sealed();
    bench.id = bench.station.open_renewal(what).unwrap().id;
    as_far_as_step_3(&bench);
    let (station, id) = (&bench.station, bench.id.as_str());
    bench.training.desk.lines().unwrap().lay(domain::Finger::RightIndex);
    let state = || station.identity_finger(id, FingerName::RightIndex).unwrap().identity.unwrap().state;
    assert!((0..3).any(|_| state() == HandoverFingerState::Matched), "1:1 first");
    assert_eq!(station.finish_verification(id).unwrap().step, Step::Capture, "{what:?}");
    bench
}

#[test]
fn a_new_signature_asks_for_no_portrait_and_is_sealed_without_one() {
    let mut bench = at_step_4(Renewal::Signature);
    assert_eq!(taken(&bench), [Modality::Signature], "and nothing else");
    assert_eq!(bench.station.capture(&bench.id).unwrap().modality, Modality::Signature, "at once");
    bench.sign();
    bench.restart();
    let seen = bench.station.capture(&bench.id).unwrap();
    assert_eq!(seen.modality, Modality::Signature, "whole, it stays with what it is about");
    assert!(seen.can_finish, "{:?}", seen.why);
    bench.station.finish_capture(&bench.id).unwrap();
    attested(&bench);
    bench.station.render_form(&bench.id).unwrap();
    bench.station.seal(&bench.id).unwrap();
    assert_eq!(bench.station.permohonan(&bench.id).unwrap().step, Step::PrintRequest, "on to the card");
}

#[test]
fn a_new_photo_asks_for_no_signature_on_the_card_and_is_sealed_without_one() {
    let bench = at_step_4(Renewal::Portrait);
    assert_eq!(taken(&bench), [Modality::Portrait], "and nothing else");
    bench.approved();
    bench.station.finish_capture(&bench.id).unwrap();
    attested(&bench);
    assert!(form(&bench).contains("tidak direkam"), "what is signed under the form is no specimen");
    bench.station.seal(&bench.id).unwrap();
    assert_eq!(bench.station.permohonan(&bench.id).unwrap().step, Step::PrintRequest, "on to the card");
}

/// The words of the Formulir, which is made now.
fn form(bench: &Bench) -> String {
    let made = bench.station.render_form(&bench.id).unwrap().form.expect("a form");
    said(bench, &made.document_id)
}

#[test]
fn whoever_cannot_sign_and_comes_for_a_new_photo_alone_is_sealed_before_a_witness() {
    let mut bench = at_step_4(Renewal::Portrait);
    bench.approved();
    let (station, id) = (&bench.station, bench.id.as_str());
    let signing = BodyPart::Other(OtherPart::Signature);
    let mut offered = bench.seen().exception_reasons;
    offered.retain(|one| one.part == ReasonPart::Signature);
    let codes: Vec<&str> = offered.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["line", "empty"], "no thumb is laid down in this visit");
    let put =
        |part, reason| station.put_exception(id, part, reason, Permanence::Permanent, None, "").map(drop);
    let thumb = put(signing, "thumb_right");
    assert!(matches!(thumb, Err(Error::NotNow { key: "thumb_not_taken", .. })), "{thumb:?}");
    let finger = put(BodyPart::Finger(FingerName::LeftRing), "amputated");
    assert!(matches!(finger, Err(Error::Refused(Refusal::NotInScope { .. }))), "nor any finger: {finger:?}");

    assert!(except(&bench, signing, "empty").valid, "with the witness it counts");
    let seen = bench.seen();
    assert_eq!(seen.modality, Modality::Portrait, "the pad is no part of this visit");
    assert!(seen.can_finish, "{:?}", seen.why);
    station.finish_capture(id).unwrap();
    station.answer_data(id, Answer::Correct, "", AnswerBy::Operator).unwrap();
    station.mark_read_aloud(id).unwrap();
    station.sign_by_substitute(id).unwrap();
    let words = form(&bench);
    assert!(words.contains("tidak direkam") && words.contains("dikosongkan"), "{words}");
    assert!(station.seal(id).unwrap().packet.is_some(), "sealed");

    station.submit_print_request(id).unwrap();
    let visit = PermohonanId::parse(id).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    bench.station.give_pickup_slip(&bench.id).unwrap();
    let unsigned = |bench: &Bench| {
        bench.station.card_print(&bench.id).unwrap().missing.iter().any(|what| what == "signature")
    };
    sits(&bench, "rizal");
    assert!(unsigned(&bench), "only the photo is new: the signature of the record is waited for");
    let white = domain::image::GrayImage::new(300, 100, vec![255; 30_000]).unwrap();
    let data = CardData {
        source: "pusat".into(),
        as_of_ms: 1_795_000_000_000,
        biodata_json: "{}".into(),
        portrait_type: "image/jpeg".into(),
        portrait: portrait(),
        signature_type: "image/png".into(),
        signature: biometrics::codec::encode_png_gray(&white, Some(300)).unwrap(),
        ..CardData::default()
    };
    meanwhile(&mut bench, |store, ctx| keep_card_data(store, ctx, visit, &data));
    sits(&bench, "rizal");
    assert!(!unsigned(&bench), "and stays on the card");
}

#[test]
fn whoever_does_not_say_renews_both() {
    let bench = at_step_4(Renewal::Both);
    assert_eq!(taken(&bench), [Modality::Portrait, Modality::Signature]);
    let mut other = sealed();
    comes_for(&mut other, "foto_tanda_tangan");
    let plan = |bench: &Bench| bench.station.permohonan(&bench.id).unwrap().rail.len();
    assert_eq!(plan(&other), plan(&bench), "by the kind alone it is the same visit");
}

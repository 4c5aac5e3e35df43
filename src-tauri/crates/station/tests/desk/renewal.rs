//! A new photo, a new signature or both: only what was asked for is taken, and it comes to its seal.

use station::view::{FingerName, HandoverFingerState, Modality, Renewal, Step, TabState};

use crate::bench::Bench;
use crate::identity::{as_far_as_step_3, comes_for};
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
    bench.station.render_form(&bench.id).unwrap();
    bench.station.seal(&bench.id).unwrap();
    assert_eq!(bench.station.permohonan(&bench.id).unwrap().step, Step::PrintRequest, "on to the card");
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

//! The limits of step 4 are settings: raised after it has ended, they ask for more than it had.

use domain::capture::{Missing, Part, Target};
use domain::finger::{Finger, Slap};
use domain::permohonan::{Event, Refusal};
use domain::plan::{JenisPermohonan, Step};
use domain::steps::attestation::{AnsweredBy, AttestationEvent};
use domain::steps::capture::CaptureEvent;

use crate::desk::Desk;

/// At step 5, confirmed; the right hand was taken a second time, with a good score for all but the little finger.
fn confirmed() -> Desk {
    let mut desk = Desk::new(JenisPermohonan::BaruWni, "1990-01-01");
    desk.walk_steps_1_to_3(false);
    desk.photo().unwrap();
    desk.slap(Slap::RightFour, 45).unwrap();
    let good = Slap::RightFour.fingers().iter().map(|finger| (Part::Finger(*finger), 90));
    let second: Vec<(Part, u8)> = good
        .map(
            |(part, score)| {
                if part == Part::Finger(Finger::RightLittle) { (part, 30) } else { (part, score) }
            },
        )
        .collect();
    desk.attempt(Target::Slap(Slap::RightFour), &second).unwrap();
    desk.slap(Slap::LeftFour, 70).unwrap();
    desk.slap(Slap::Thumbs, 70).unwrap();
    desk.eyes().unwrap();
    desk.signature().unwrap();
    desk.rematch(Finger::RightIndex, 118).unwrap();
    desk.rematch(Finger::LeftIndex, 90).unwrap();
    desk.capture(CaptureEvent::Finished).unwrap();
    desk.attestation(AttestationEvent::ApplicantConfirmed { by: AnsweredBy::Screen }).unwrap();
    desk
}

#[test]
fn a_limit_that_is_raised_after_step_4_lets_nothing_be_signed_printed_or_sealed_until_step_4_stands_again() {
    let mut desk = confirmed();
    let limit = desk.rules.thresholds.finger;
    assert!((31..=45).contains(&limit), "by the limit of step 4 the first try counts: {limit}");
    let reopened = Err(Refusal::CaptureReopened {
        missing: vec![Missing::FingerQuality(Finger::RightLittle), Missing::Rematch(Finger::RightIndex)],
    });
    let raised = |desk: &mut Desk, act: fn(&mut Desk) -> Result<(), Refusal>| {
        desk.rules.thresholds.finger = 50;
        let before = desk.state.clone();
        assert_eq!(act(desk), reopened, "the other try counts now, and nobody has matched it");
        assert_eq!(desk.state, before);
        desk.rules.thresholds.finger = limit;
        act(desk).unwrap();
    };
    raised(&mut desk, Desk::sign);
    raised(&mut desk, Desk::rendered);
    desk.rules.thresholds.finger = 50;
    assert_eq!(desk.sealed(), reopened, "a finger of 30 is not sealed without a word");
    desk.does(Event::WentBack { to: Step::Capture }).unwrap();
    desk.slap(Slap::RightFour, 95).unwrap();
    desk.rematch(Finger::RightIndex, 118).unwrap();
    desk.capture(CaptureEvent::Finished).unwrap();
    desk.attestation(AttestationEvent::ApplicantConfirmed { by: AnsweredBy::Screen }).unwrap();
    desk.sign().unwrap();
    desk.rendered().unwrap();
    desk.sealed().unwrap();
}

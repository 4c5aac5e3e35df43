//! The papers of step 2: a return for one of them, and a paper of several pages.

use domain::document::Berkas;
use domain::ids::DocumentId;
use domain::permohonan::{Phase, ReturnReason};
use domain::steps::attestation::{AnsweredBy, AttestationEvent};
use domain::steps::capture::CaptureEvent;
use domain::steps::requirements::{Paper, RequirementsEvent};
use domain::steps::verification::VerificationEvent;
use domain::{Event, JenisPermohonan, Refusal, Step};
use uuid::Uuid;

use crate::desk::Desk;

fn desk() -> Desk {
    Desk::new(JenisPermohonan::BaruWni, "1990-01-01")
}

fn reason(berkas: Option<Berkas>) -> Vec<ReturnReason> {
    vec![ReturnReason { berkas, unsur: None, words: "Belum lengkap.".into() }]
}

#[test]
fn a_visit_that_is_returned_for_a_paper_passes_step_2_again_with_that_paper_asked_for() {
    let to_step_5 = |desk: &mut Desk| {
        desk.photo().unwrap();
        desk.biometrics().unwrap();
        desk.capture(CaptureEvent::Finished).unwrap();
        desk.attestation(AttestationEvent::ApplicantConfirmed { by: AnsweredBy::Screen }).unwrap();
    };
    for at in [Step::Verification, Step::Attestation] {
        let mut desk = desk();
        desk.walk_steps_1_to_3(false);
        match at {
            Step::Verification => desk.does(Event::WentBack { to: at }).unwrap(),
            _ => to_step_5(&mut desk),
        }
        let returned = |reasons| match at {
            Step::Verification => Event::Verification(VerificationEvent::Returned { reasons }),
            _ => Event::Attestation(AttestationEvent::Returned { reasons }),
        };
        desk.does(returned(reason(None))).unwrap();
        desk.does(Event::Resumed).unwrap();
        assert_eq!(desk.state.step, at, "no paper: at the same step");

        let taken = desk.state.capture.attempts.len();
        let before = desk.now();
        desk.does(returned(reason(Some(Berkas::KartuKeluarga)))).unwrap();
        desk.does(Event::Resumed).unwrap();
        assert_eq!((desk.state.step, desk.state.phase.clone()), (Step::Requirements, Phase::Open), "{at:?}");
        assert_eq!(desk.state.clock.current(), Some(Step::Requirements), "whose clock runs");
        let there = desk.state.requirements.received();
        assert!(there.contains(&(Berkas::FormulirPermohonan, false)), "the others are still here: {there:?}");
        let refused = desk.does(Event::Requirements(RequirementsEvent::Accepted));
        assert!(
            matches!(refused, Err(Refusal::PapersMissing { ref missing }) if missing.len() == 1),
            "the one that it was returned for is asked for: {refused:?}"
        );
        let counts = desk.state.requirements.is_in_force(Berkas::KartuKeluarga, 1, before);
        assert!(!counts, "pages of then are not this applicant's");
        desk.paper(Berkas::KartuKeluarga).unwrap();
        desk.does(Event::Requirements(RequirementsEvent::Accepted)).unwrap();
        assert_eq!(desk.state.step, Step::Verification, "and is looked through again from there");
        assert!(!desk.state.verification.verified);
        assert_eq!(desk.state.capture.attempts.len(), taken, "what was captured stays");
    }
}

#[test]
fn a_kind_of_paper_is_received_once_however_many_pages_it_has() {
    let mut desk = desk();
    desk.form().unwrap();
    desk.paper(Berkas::FormulirPermohonan).unwrap();
    for id in 1..=2 {
        desk.paper(Berkas::KartuKeluarga).unwrap();
        let document = Some(DocumentId::new(Uuid::from_u128(id)));
        let page = u32::try_from(id).unwrap();
        let paper = Paper { berkas: Berkas::KartuKeluarga, document, page };
        desk.does(Event::Requirements(RequirementsEvent::PaperReceived { paper })).unwrap();
    }
    let received = desk.state.requirements.received();
    assert_eq!(received, [(Berkas::FormulirPermohonan, false), (Berkas::KartuKeluarga, true)]);
}

#[test]
fn which_page_counts_is_said_by_its_number_whatever_the_clock_says() {
    let kk = Berkas::KartuKeluarga;
    let mut desk = desk();
    desk.form().unwrap();
    let page = |desk: &mut Desk, page: u32| {
        let document = Some(DocumentId::new(Uuid::from_u128(page.into())));
        let paper = Paper { berkas: kk, document, page };
        desk.does(Event::Requirements(RequirementsEvent::PaperReceived { paper })).unwrap();
    };
    page(&mut desk, 1);
    page(&mut desk, 2);
    desk.does(Event::Requirements(RequirementsEvent::PaperRemoved { berkas: kk })).unwrap();
    // The battery of the clock was empty; now it is set right.
    desk.second -= 400 * 86_400;
    page(&mut desk, 3);
    let now = desk.now();
    let counts = [1, 2, 3].map(|page| desk.state.requirements.is_in_force(kk, page, now));
    assert_eq!(counts, [false, false, true], "the new one, taken before the other was taken back");
    assert!(desk.state.requirements.is_in_force(kk, 4, now), "and one that step 6 adds to it");
    // Taken back again, with the pages that only step 6 took.
    desk.does(Event::Requirements(RequirementsEvent::PaperRemoved { berkas: kk })).unwrap();
    let counts = [3, 4].map(|page| desk.state.requirements.is_in_force(kk, page, now));
    assert_eq!(counts, [false, false], "nothing of it is this applicant's");
}

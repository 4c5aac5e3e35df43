//! The backdrop of a photo, when the year of birth or the citizenship is corrected after the photo was approved.

use domain::capture::{
    Approval, ApprovalBy, Attempt, Backdrop, JudgedCheck, Missing, Part, PartQuality, Target, completeness,
};
use domain::ids::CaptureId;
use domain::steps::capture::CaptureEvent;
use domain::steps::verification::VerificationEvent;
use domain::{Event, JenisPermohonan, Refusal, Step, Unsur};

use crate::desk::{Desk, biodata};

const RED: &str = "1991-01-01";
const BLUE: &str = "1990-01-01";

/// At step 4 with a photo that was judged beside red and approved.
fn approved_beside_red() -> (Desk, CaptureId) {
    let mut desk = Desk::new(JenisPermohonan::BaruWni, RED);
    desk.walk_steps_1_to_3(false);
    let photo = taken(&mut desk, Some(Backdrop::Red));
    approved(&mut desk, photo);
    (desk, photo)
}

fn taken(desk: &mut Desk, backdrop: Option<Backdrop>) -> CaptureId {
    let id = desk.capture_id();
    let attempt = Attempt {
        id,
        at: desk.now(),
        target: Target::Portrait,
        parts: vec![PartQuality { part: Part::Face, score: 80, reasons: vec![] }],
        device: "uji".into(),
        algorithm: "uji-1".into(),
        backdrop,
    };
    desk.capture(CaptureEvent::AttemptAccepted { attempt }).unwrap();
    id
}

fn approved(desk: &mut Desk, portrait: CaptureId) {
    for check in JudgedCheck::ALL {
        desk.capture(CaptureEvent::Judged { check, yes: true }).unwrap();
    }
    desk.capture(CaptureEvent::PortraitApproved { portrait, by: ApprovalBy::Oral }).unwrap();
}

/// Back to the form, `change` there, and through step 3 again.
fn corrected(desk: &mut Desk, change: impl FnOnce(&mut Desk)) {
    desk.does(Event::WentBack { to: Step::Form }).unwrap();
    change(desk);
    desk.form().unwrap();
    desk.compared(&[]).unwrap();
    let recorded = desk.state.facts.already_recorded.unwrap_or(false);
    desk.verification(VerificationEvent::RecordedBefore { recorded }).unwrap();
    desk.verification(VerificationEvent::ReadAloud).unwrap();
    if desk.state.plan.identity_check {
        desk.identified().unwrap();
    }
    desk.verification(VerificationEvent::Verified).unwrap();
    desk.capture(CaptureEvent::ApplicantSeen).unwrap();
}

fn born(year: &'static str) -> impl FnOnce(&mut Desk) {
    move |desk| desk.biodata = biodata(year)
}

/// What the photo lacks.
fn photo_lacks(desk: &Desk) -> Vec<Missing> {
    let (state, rules) = (&desk.state, &desk.rules);
    let missing = completeness(&state.capture, state.plan.capture, &rules.chip, &rules.thresholds);
    let of_photo = |missing: &Missing| missing.modality() == domain::capture::Modality::Portrait;
    missing.into_iter().filter(of_photo).collect()
}

fn counts(desk: &Desk) -> Option<CaptureId> {
    desk.state.capture.best(Target::Portrait, &desk.rules.thresholds).map(|photo| photo.id)
}

fn asked_beside(desk: &Desk) -> Option<Backdrop> {
    desk.state.capture.other_backdrop(&desk.rules.thresholds)
}

#[test]
fn a_colour_is_due_only_where_the_rule_gives_one() {
    let due = |born: &str, nation: &str, kind| {
        let mut biodata = biodata("1990-01-01");
        biodata.set(Unsur::TanggalLahir, born);
        biodata.set(Unsur::Kewarganegaraan, nation);
        Backdrop::due(kind, &biodata)
    };
    let wni = JenisPermohonan::BaruWni;
    assert_eq!(due("2008-03-14", "WNI", wni), Backdrop::Blue, "even");
    assert_eq!(due("2007-03-14", "WNI", wni), Backdrop::Red, "odd");
    assert_eq!(due("", "WNI", wni), Backdrop::Any, "without a year blue is not made up");
    assert_eq!(due("2007-03-14", " wna", wni), Backdrop::Any, "a citizen's rule");
    assert_eq!(due("2007-03-14", "", JenisPermohonan::BaruWna), Backdrop::Any);
}

#[test]
fn a_photo_is_asked_for_again_when_another_backdrop_is_due_than_it_was_judged_beside() {
    let (mut desk, red) = approved_beside_red();
    assert_eq!(photo_lacks(&desk), [], "judged, good, approved");
    corrected(&mut desk, |_| ());
    assert_eq!(photo_lacks(&desk), [], "nothing of the colour was corrected");

    corrected(&mut desk, born(BLUE));
    assert_eq!(photo_lacks(&desk), [Missing::PortraitQuality], "its quality was another colour's");
    assert_eq!((counts(&desk), asked_beside(&desk)), (Some(red), Some(Backdrop::Red)), "and whose");
    corrected(&mut desk, born(RED));
    assert_eq!(photo_lacks(&desk), [], "the first year is back");

    corrected(&mut desk, born(BLUE));
    let blue = taken(&mut desk, Some(Backdrop::Blue));
    assert_eq!(counts(&desk), Some(blue), "the one that was taken anew, though no better");
    assert_eq!(asked_beside(&desk), None);
    assert!(photo_lacks(&desk).contains(&Missing::PortraitApproval), "nobody has approved this one");
    approved(&mut desk, blue);
    assert_eq!(photo_lacks(&desk), []);
}

#[test]
fn the_citizenship_sets_the_backdrop_too_and_of_a_foreigner_no_colour_is_asked() {
    // The kinds of a first card are of one citizenship; this one is anybody's.
    let mut desk = Desk::new(JenisPermohonan::FotoTandaTangan, RED);
    for (unsur, value) in [
        (Unsur::Kewarganegaraan, "WNA"),
        (Unsur::Negara, "Timor-Leste"),
        (Unsur::Paspor, "C1234567"),
        (Unsur::NomorItap, "2D11XX0001-A"),
        (Unsur::ItapBerlaku, "2031-11-30"),
    ] {
        desk.biodata.set(unsur, value);
    }
    desk.walk_steps_1_to_3(true);
    assert_eq!(desk.state.step, Step::Capture, "a new photo");
    let photo = taken(&mut desk, Some(Backdrop::Any));
    approved(&mut desk, photo);
    assert_eq!(photo_lacks(&desk), []);
    let nation = |of: &'static str| {
        move |desk: &mut Desk| {
            desk.biodata.set(Unsur::Kewarganegaraan, of);
        }
    };
    corrected(&mut desk, nation("WNI"));
    assert_eq!(photo_lacks(&desk), [Missing::PortraitQuality], "nobody looked at the colour");
    corrected(&mut desk, nation("WNA"));
    assert_eq!(photo_lacks(&desk), [], "none is asked for again");
}

#[test]
fn a_note_accepts_the_photo_for_the_backdrop_of_now_and_for_no_other() {
    let (mut desk, red) = approved_beside_red();
    let accept = |note: &str| CaptureEvent::LowAccepted { target: Target::Portrait, note: note.into() };
    let low = desk.capture(accept("kain merah"));
    assert!(low.is_err(), "there is nothing to accept: {low:?}");
    for _ in 0..2 {
        taken(&mut desk, Some(Backdrop::Red));
    }
    assert_eq!(counts(&desk), Some(red), "what was approved");
    assert_eq!(desk.capture(accept("kain merah")), Err(Refusal::NothingLow { target: Target::Portrait }));
    corrected(&mut desk, born(BLUE));
    desk.capture(accept("kain biru belum ada")).unwrap();
    assert_eq!(photo_lacks(&desk), [], "accepted, and still approved");
    let kept = desk.state.capture.accepted_low.last().unwrap();
    assert_eq!((kept.attempt, kept.backdrop), (Some(red), Some(Backdrop::Blue)));
    corrected(&mut desk, |desk| {
        desk.biodata.set(Unsur::Kewarganegaraan, "WNI");
    });
    assert_eq!(photo_lacks(&desk), [], "once");
    let limits = desk.rules.thresholds;
    assert_eq!(desk.state.capture.low_note(Target::Portrait, &limits), Some("kain biru belum ada"));
}

#[test]
fn a_note_about_low_quality_says_nothing_of_the_backdrop() {
    let (mut desk, _) = approved_beside_red();
    desk.rules.thresholds.portrait = 90;
    for _ in 0..2 {
        taken(&mut desk, Some(Backdrop::Red));
    }
    let note = "lampu studio rusak".to_owned();
    desk.capture(CaptureEvent::LowAccepted { target: Target::Portrait, note }).unwrap();
    assert_eq!(photo_lacks(&desk), [], "its light was accepted");
    corrected(&mut desk, born(BLUE));
    assert_eq!(photo_lacks(&desk), [Missing::PortraitQuality], "not its colour");
}

#[test]
fn a_photo_of_before_the_colour_was_kept_stands_as_judged_until_something_is_corrected() {
    let (mut desk, red) = approved_beside_red();
    let mut old = serde_json::to_value(&desk.state).unwrap();
    let capture = old["capture"].as_object_mut().unwrap();
    capture.remove("backdrop").unwrap();
    capture["attempts"][0].as_object_mut().unwrap().remove("backdrop").unwrap();
    desk.state = serde_json::from_value(old).unwrap();
    assert_eq!(photo_lacks(&desk), [], "as it stood");
    corrected(&mut desk, |_| ());
    assert_eq!(photo_lacks(&desk), [], "nothing was corrected since");
    corrected(&mut desk, born(BLUE));
    assert_eq!(photo_lacks(&desk), [Missing::PortraitQuality], "judged beside what was due before it");
    let approval = desk.state.capture.approval.map(|Approval { portrait, .. }| portrait);
    assert_eq!(approval, Some(red), "nothing of it is lost");
}

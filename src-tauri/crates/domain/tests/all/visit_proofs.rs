//! What was shown or said at step 3 counts for whom, before whom and about what it was.

use std::collections::BTreeSet;

use domain::document::Berkas;
use domain::ids::OperatorId;
use domain::permohonan::ReturnReason;
use domain::steps::requirements::RequirementsEvent;
use domain::steps::verification::{Choice, RecordSource, RecordedAt, VerificationEvent};
use domain::{Event, Finger, JenisPermohonan, Refusal, Step, Unsur};

use crate::desk::Desk;

/// At step 3 of a damaged card, with these elements differing; asked, read aloud and identified.
fn at_step_3(differing: &[Unsur]) -> Desk {
    let mut desk = Desk::new(JenisPermohonan::Rusak, "1990-01-01");
    desk.form().unwrap();
    for berkas in [Berkas::FormulirPermohonan, Berkas::KartuKeluarga, Berkas::KtpRusak, Berkas::KtpLama] {
        desk.paper(berkas).unwrap();
    }
    desk.does(Event::Requirements(RequirementsEvent::Accepted)).unwrap();
    desk.compared(differing).unwrap();
    desk.verification(VerificationEvent::RecordedBefore { recorded: true }).unwrap();
    desk.verification(VerificationEvent::ReadAloud).unwrap();
    desk.identified().unwrap();
    desk
}

fn corrects(desk: &mut Desk, unsur: Unsur) {
    desk.verification(VerificationEvent::DifferenceResolved { unsur, choice: Choice::Form }).unwrap();
}

fn shows_finger(desk: &mut Desk, score: u32) {
    let finger = Finger::RightIndex;
    desk.verification(VerificationEvent::OperatorFingerTried { finger, score }).unwrap();
}

fn verified(desk: &mut Desk) -> Result<(), Refusal> {
    desk.verification(VerificationEvent::ReadAloud).unwrap();
    desk.verification(VerificationEvent::Verified)
}

#[test]
fn an_officers_finger_stands_for_the_own_corrections_and_no_later_ones() {
    let mut desk = at_step_3(&[Unsur::Agama, Unsur::Alamat]);
    corrects(&mut desk, Unsur::Agama);
    shows_finger(&mut desk, 60);
    corrects(&mut desk, Unsur::Alamat);
    assert_eq!(verified(&mut desk), Err(Refusal::OperatorFingerMissing), "one more was corrected since");
    shows_finger(&mut desk, 60);
    corrects(&mut desk, Unsur::Alamat);
    let at_desk = std::mem::replace(&mut desk.operator, OperatorId::parse("maya").unwrap());
    desk.identified().unwrap();
    assert_eq!(verified(&mut desk), Err(Refusal::OperatorFingerMissing), "it is another officer's");
    desk.operator = at_desk;
    desk.identified().unwrap();
    verified(&mut desk).expect("what was decided already asks for nothing again");
}

#[test]
fn who_was_shown_to_sit_here_counts_that_day_before_that_officer_and_until_the_visit_is_handed_back() {
    let mut desk = at_step_3(&[]);
    let today = desk.today;
    desk.today = today.tomorrow().unwrap();
    assert_eq!(verified(&mut desk), Err(Refusal::IdentityUnchecked), "the next day");
    desk.today = today;
    desk.operator = OperatorId::parse("maya").unwrap();
    assert_eq!(verified(&mut desk), Err(Refusal::IdentityUnchecked), "before another officer");
    desk.identified().unwrap();
    let reasons = vec![ReturnReason { berkas: None, unsur: None, words: "surat belum ada".into() }];
    desk.verification(VerificationEvent::Returned { reasons }).unwrap();
    desk.does(Event::Resumed).unwrap();
    assert_eq!(desk.verification(VerificationEvent::Verified), Err(Refusal::NotReadAloud), "heard again");
    assert_eq!(
        verified(&mut desk),
        Err(Refusal::IdentityUnchecked),
        "whoever comes again is looked at again"
    );
    desk.identified().unwrap();
    verified(&mut desk).unwrap();
}

#[test]
fn an_officers_misread_finger_is_not_the_applicants() {
    let mut desk = at_step_3(&[Unsur::Agama]);
    corrects(&mut desk, Unsur::Agama);
    shows_finger(&mut desk, 1);
    shows_finger(&mut desk, 2);
    assert_eq!(desk.state.verification.failed_matches, 0, "the applicant was not tried");
    assert_eq!(desk.state.verification.failed_proofs, 2);
    let finger = Finger::RightIndex;
    desk.verification(VerificationEvent::IdentityTried { finger, score: 1 }).unwrap();
    assert_eq!(desk.state.verification.failed_matches, 1);
    desk.does(Event::WentBack { to: Step::Form }).unwrap();
    let kept = &desk.state.verification;
    assert_eq!((kept.failed_matches, kept.failed_proofs), (0, 0), "another form may be another person");
}

#[test]
fn whether_somebody_was_recorded_before_is_asked_again_under_another_nik() {
    let mut desk = at_step_3(&[]);
    desk.does(Event::WentBack { to: Step::Form }).unwrap();
    desk.form().unwrap();
    assert_eq!(desk.state.verification.recorded_before, Some(true), "the same person said it");
    desk.does(Event::WentBack { to: Step::Form }).unwrap();
    let nik = desk.biodata.get(Unsur::Nik).unwrap().replace("9001", "9002");
    desk.biodata.set(Unsur::Nik, &nik);
    desk.form().unwrap();
    assert_eq!(desk.state.verification.recorded_before, None, "this one was not asked");
    assert_eq!(desk.state.facts.already_recorded, None, "and no step is left out for the other's answer");
}

/// At step 3 of a first card with a recording known at these places, answered "never" and read aloud.
fn never(known: &[RecordedAt]) -> Desk {
    let mut desk = Desk::new(JenisPermohonan::BaruWni, "1990-01-01");
    desk.form().unwrap();
    for berkas in [Berkas::FormulirPermohonan, Berkas::KartuKeluarga] {
        desk.paper(berkas).unwrap();
    }
    desk.does(Event::Requirements(RequirementsEvent::Accepted)).unwrap();
    desk.compared(&[]).unwrap();
    desk.state.verification.recorded_at = known.iter().copied().collect();
    desk.verification(VerificationEvent::RecordedBefore { recorded: false }).unwrap();
    desk
}

fn because(desk: &mut Desk, reason: &str) -> Result<(), Refusal> {
    desk.verification(VerificationEvent::NeverAgainst { reason: reason.into() })
}

#[test]
fn never_against_a_known_recording_needs_a_reason_and_a_later_one_another() {
    verified(&mut never(&[])).expect("nothing speaks against it");
    let mut desk = never(&[RecordedAt::Here]);
    assert_eq!(verified(&mut desk), Err(Refusal::NeverUnexplained), "recorded at this station");
    assert_eq!(because(&mut desk, " "), Err(Refusal::ReasonMissing));
    because(&mut desk, "NIK orang lain di KK lama").unwrap();
    desk.state.verification.recorded_at.insert(RecordedAt::Centre);
    assert_eq!(verified(&mut desk), Err(Refusal::NeverUnexplained), "of the centre's nothing was said");
    because(&mut desk, "NIK ganda, surat pusat ditunjukkan").unwrap();
    let said = desk.state.verification.never_against.clone().expect("kept");
    assert_eq!(
        (said.reason.as_str(), said.by),
        ("NIK ganda, surat pusat ditunjukkan", desk.operator.clone())
    );
    assert_eq!(said.known, BTreeSet::from([RecordedAt::Here, RecordedAt::Centre]), "about both");
    desk.does(Event::WentBack { to: Step::Form }).unwrap();
    desk.form().unwrap();
    assert!(desk.state.verification.never_against.is_some(), "the same NIK is the same question");
    desk.compared(&[]).unwrap();
    verified(&mut desk).unwrap();
}

#[test]
fn the_reason_of_never_goes_with_the_answer_and_with_its_nik() {
    let mut desk = never(&[RecordedAt::Here]);
    because(&mut desk, "NIK orang lain").unwrap();
    desk.verification(VerificationEvent::RecordedBefore { recorded: true }).unwrap();
    desk.verification(VerificationEvent::RecordedBefore { recorded: false }).unwrap();
    assert_eq!(verified(&mut desk), Err(Refusal::NeverUnexplained), "said anew, explained anew");
    because(&mut desk, "NIK orang lain").unwrap();
    desk.does(Event::WentBack { to: Step::Form }).unwrap();
    let nik = desk.biodata.get(Unsur::Nik).unwrap().replace("9001", "9002");
    desk.biodata.set(Unsur::Nik, &nik);
    desk.form().unwrap();
    let kept = &desk.state.verification;
    assert!(kept.never_against.is_none() && kept.recorded_at.is_empty(), "it was about another NIK");
}

/// Form and record held side by side, where only the record has a blood group.
fn compared() -> VerificationEvent {
    VerificationEvent::Compared {
        source: RecordSource::Online { as_of: None },
        differing: BTreeSet::new(),
        only_record: BTreeSet::from([Unsur::GolonganDarah]),
        stay_until: None,
        record: String::new(),
    }
}

#[test]
fn what_was_read_aloud_before_the_record_had_a_value_is_read_aloud_again() {
    let mut desk = at_step_3(&[]);
    desk.verification(compared()).unwrap();
    let unheard = desk.verification(VerificationEvent::Verified);
    assert_eq!(unheard, Err(Refusal::NotReadAloud), "nobody heard the blood group");
    verified(&mut desk).unwrap();
}

/// At step 3, where only the record has a blood group; what was read aloud before the comparison no longer stands there.
fn only_the_record_has_a_blood_group() -> Desk {
    let mut desk = at_step_3(&[]);
    desk.verification(compared()).unwrap();
    desk.verification(VerificationEvent::ReadAloud).unwrap();
    desk.verification(compared()).unwrap();
    let unread = desk.verification(VerificationEvent::Verified);
    assert_eq!(unread, Err(Refusal::NotReadAloud), "the record may say another one now");
    desk
}

#[test]
fn what_only_the_record_has_holds_nothing_up_and_is_left_blank_only_before_the_officers_finger() {
    let mut desk = only_the_record_has_a_blood_group();
    verified(&mut desk).unwrap();
    let mut desk = only_the_record_has_a_blood_group();
    assert_eq!(desk.state.verification.left_blank(), BTreeSet::new(), "nobody struck it");
    corrects(&mut desk, Unsur::GolonganDarah);
    let struck = BTreeSet::from([Unsur::GolonganDarah]);
    assert_eq!(desk.state.verification.left_blank(), struck, "nor does the card get it");
    assert_eq!(verified(&mut desk), Err(Refusal::OperatorFingerMissing), "a card without it is a correction");
    let back = VerificationEvent::DifferenceResolved { unsur: Unsur::GolonganDarah, choice: Choice::Record };
    desk.verification(back).unwrap();
    verified(&mut desk).unwrap();
    let mut desk = only_the_record_has_a_blood_group();
    let other = VerificationEvent::DifferenceResolved { unsur: Unsur::Disabilitas, choice: Choice::Form };
    assert_eq!(
        desk.verification(other),
        Err(Refusal::NoDifference { unsur: Unsur::Disabilitas }),
        "of what neither has there is nothing to choose"
    );
}

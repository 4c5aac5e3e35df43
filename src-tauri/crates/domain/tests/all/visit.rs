//! The nine steps and the other exit of each decision.

use domain::capture::{Missing, SignatureSubstitute, Warning};
use domain::document::Berkas;
use domain::permohonan::{CardNews, Phase, ReturnReason};
use domain::plan::PlanRefusal;
use domain::role::Witness;
use domain::steps::attestation::{AnsweredBy, AttestationEvent, AttestationSignature, DataAnswer};
use domain::steps::capture::CaptureEvent;
use domain::steps::form::FormEvent;
use domain::steps::handover::{HandoverEvent, HandoverLine};
use domain::steps::print::{ChipCheck, PrintEvent};
use domain::steps::requirements::RequirementsEvent;
use domain::steps::status::StatusEvent;
use domain::steps::verification::VerificationEvent;
use domain::{Action, Effect, Event, Finger, JenisPermohonan, Refusal, Role, Step, Unsur};
use jiff::civil::date;

use crate::desk::Desk;

fn reasons() -> Vec<ReturnReason> {
    vec![ReturnReason { berkas: Some(Berkas::KartuKeluarga), unsur: None, words: "Bawa fotokopi KK.".into() }]
}

pub fn desk() -> Desk {
    Desk::new(JenisPermohonan::BaruWni, "1990-01-01")
}

pub fn to_print_request() -> Desk {
    let mut desk = desk();
    desk.walk_steps_1_to_3(false);
    desk.photo().unwrap();
    desk.biometrics().unwrap();
    desk.capture(CaptureEvent::Finished).unwrap();
    desk.attestation(AttestationEvent::ApplicantConfirmed { by: AnsweredBy::Screen }).unwrap();
    desk.sign().unwrap();
    desk.rendered().unwrap();
    desk.sealed().unwrap();
    desk
}

pub fn status(desk: &mut Desk, event: StatusEvent) -> Result<(), Refusal> {
    desk.does(Event::Status(event))
}

pub fn print(desk: &mut Desk, event: PrintEvent) -> Result<(), Refusal> {
    desk.does(Event::Print(event))
}

pub fn to_print() -> Desk {
    let mut desk = to_print_request();
    desk.request().unwrap();
    let entry = desk.status("PRINT READY RECORD");
    status(&mut desk, StatusEvent::Seen { entry }).unwrap();
    status(&mut desk, StatusEvent::PickupSlipGiven { later: false }).unwrap();
    desk
}

pub fn news(desk: &Desk) -> Option<CardNews> {
    desk.effects.iter().find_map(|effect| match effect {
        Effect::NotifyCentre { news, .. } => Some(*news),
        _ => None,
    })
}

#[test]
fn one_applicant_walks_through_all_nine_steps() {
    let mut desk = to_print();
    assert!(desk.effects.contains(&Effect::PrintPickupSlip), "the slip is given at step 7");
    desk.start_print("0718-224-913").unwrap();
    let ordered = |effect: &Effect| matches!(effect, Effect::PrintCard { blangko, .. } if blangko.as_str() == "0718224913");
    assert!(desk.effects.iter().any(ordered), "the card is ordered");
    print(&mut desk, PrintEvent::Printed).unwrap();
    assert_eq!(desk.accept_card(), Err(Refusal::ChipUnchecked), "the chip is read back first");
    print(&mut desk, PrintEvent::ChipChecked { chip: ChipCheck::ReadBack }).unwrap();
    desk.accept_card().unwrap();
    assert!(desk.effects.contains(&Effect::ShelveCard { place: "B2-07".into() }), "the place is kept");
    assert_eq!(news(&desk), Some(CardNews::Issued), "the centre hears that it is printed");
    assert_eq!(desk.hand(HandoverEvent::HandedOver), Err(Refusal::FingerUnmatched), "finger first");
    desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 60 }).unwrap();
    assert_eq!(desk.hand(HandoverEvent::HandedOver), Err(Refusal::PhotoUnmatched), "then the photo");
    desk.hand(HandoverEvent::PhotoCompared { same: true, measured: true, unread: None }).unwrap();
    let lines = vec![HandoverLine::FaceSame, HandoverLine::DataRead];
    assert_eq!(
        desk.hand(HandoverEvent::HandedOver),
        Err(Refusal::LinesUnjudged { lines }),
        "what only eyes see"
    );
    desk.judge(HandoverLine::FaceSame).unwrap();
    desk.judge(HandoverLine::DataRead).unwrap();
    assert_eq!(desk.hand(HandoverEvent::HandedOver), Err(Refusal::ReceiptUnsigned), "then the receipt");
    desk.receipt().unwrap();
    assert_eq!(desk.hand(HandoverEvent::HandedOver), Err(Refusal::PersonUnconfirmed), "then photo and name");
    desk.hand(HandoverEvent::PersonConfirmed).unwrap();
    desk.hand(HandoverEvent::HandedOver).unwrap();
    assert_eq!(desk.state.phase, Phase::Closed, "the visit ends well");
    assert_eq!(news(&desk), Some(CardNews::Active), "and the centre is told");
    assert!(desk.effects.contains(&Effect::LeaveShelf), "the shelf is empty again");
    assert_eq!(desk.does(Event::Resumed), Err(Refusal::Ended), "nothing happens after the end");
}

#[test]
fn step_1_ends_only_with_a_whole_and_possible_form() {
    let mut desk = desk();
    desk.biodata.set(Unsur::Nama, "");
    assert_eq!(desk.form(), Err(Refusal::FieldsMissing { unsur: vec![Unsur::Nama] }), "blank");
    desk.biodata.set(Unsur::Nama, "Budi\u{202E} Contoh");
    assert_eq!(desk.form(), Err(Refusal::FieldsRefused { unsur: vec![Unsur::Nama] }), "hidden character");
    let mut child = Desk::new(JenisPermohonan::BaruWni, "2012-01-01");
    let plan = PlanRefusal::TooYoung { from: date(2028, 1, 1) };
    assert_eq!(child.form(), Err(Refusal::Plan { plan }), "14 years");
    child.biodata.set(Unsur::StatusPerkawinan, "2");
    assert_eq!(child.form(), Ok(()), "married");
}

#[test]
fn whoever_is_too_young_or_has_no_nik_is_returned_at_step_1_with_a_slip() {
    let mut child = Desk::new(JenisPermohonan::BaruWni, "2012-01-01");
    child.biodata.set(Unsur::Nik, "");
    let returned = |reasons| Event::Form(FormEvent::Returned { reasons });
    assert_eq!(child.does(returned(Vec::new())), Err(Refusal::ReasonMissing), "never without a reason");
    let why = vec![ReturnReason { berkas: None, unsur: None, words: "Belum 16 tahun.".into() }];
    child.does(returned(why.clone())).unwrap();
    assert_eq!(child.state.phase, Phase::Returned { reasons: why.clone() });
    assert!(child.effects.contains(&Effect::PrintReturnSlip { reasons: why }), "told on paper");
    child.does(Event::Resumed).unwrap();
    assert_eq!((&child.state.phase, child.state.step), (&Phase::Open, Step::Form), "taken up where it stood");
}

#[test]
fn step_2_accepts_with_all_papers_or_returns_with_reasons() {
    let mut desk = desk();
    desk.form().unwrap();
    desk.paper(Berkas::FormulirPermohonan).unwrap();
    let refused = desk.does(Event::Requirements(RequirementsEvent::Accepted));
    assert!(
        matches!(refused, Err(Refusal::PapersMissing { ref missing }) if missing.len() == 1),
        "{refused:?}"
    );
    let blank = desk.does(Event::Requirements(RequirementsEvent::Returned { reasons: vec![] }));
    assert_eq!(blank, Err(Refusal::ReasonMissing), "no return without a reason");
    desk.does(Event::Requirements(RequirementsEvent::Returned { reasons: reasons() })).unwrap();
    assert!(desk.effects.contains(&Effect::PrintReturnSlip { reasons: reasons() }), "a slip says why");
    assert_eq!(desk.paper(Berkas::KartuKeluarga), Err(Refusal::NotOpen), "first take the visit up again");
    desk.does(Event::Resumed).unwrap();
    desk.paper(Berkas::KartuKeluarga).unwrap();
    desk.does(Event::Requirements(RequirementsEvent::Accepted)).unwrap();
    assert_eq!(desk.state.step, Step::Verification, "what was brought before is still here");
}

#[test]
fn someone_already_recorded_skips_capture_and_attestation() {
    let mut desk = desk();
    desk.walk_steps_1_to_3(true);
    assert_eq!(desk.state.step, Step::PrintRequest, "recorded once in life");
    assert!(!desk.state.plan.has(Step::Capture), "the stored plan says so");
}

#[test]
fn a_lost_card_needs_the_finger_of_its_owner() {
    let mut desk = Desk::new(JenisPermohonan::Hilang, "1990-01-01");
    desk.form().unwrap();
    for berkas in [Berkas::FormulirPermohonan, Berkas::KartuKeluarga, Berkas::SuratKehilangan] {
        desk.paper(berkas).unwrap();
    }
    desk.does(Event::Requirements(RequirementsEvent::Accepted)).unwrap();
    desk.compared(&[]).unwrap();
    let never = desk.verification(VerificationEvent::RecordedBefore { recorded: false });
    let plan = PlanRefusal::NeverRecorded { kind: JenisPermohonan::Hilang };
    assert_eq!(never, Err(Refusal::Plan { plan }), "nothing to reprint");
    desk.verification(VerificationEvent::RecordedBefore { recorded: true }).unwrap();
    desk.verification(VerificationEvent::ReadAloud).unwrap();
    assert_eq!(desk.verification(VerificationEvent::Verified), Err(Refusal::IdentityUnchecked), "1:1 first");
    desk.verification(VerificationEvent::IdentityTried { finger: Finger::RightIndex, score: 80 }).unwrap();
    desk.verification(VerificationEvent::Verified).unwrap();
    assert_eq!(desk.state.step, Step::PrintRequest, "then straight to the print request");
}

#[test]
fn step_5_goes_in_its_order_and_seals_once() {
    let mut desk = desk();
    desk.walk_steps_1_to_3(false);
    desk.photo().unwrap();
    desk.biometrics().unwrap();
    desk.capture(CaptureEvent::Finished).unwrap();
    assert_eq!(desk.sign(), Err(Refusal::NotConfirmed), "confirm first");
    assert_eq!(desk.rendered(), Err(Refusal::NotSigned), "sign before the form");
    assert_eq!(desk.sealed(), Err(Refusal::NotRendered), "form before the seal");
    desk.attestation(AttestationEvent::ApplicantConfirmed { by: AnsweredBy::Screen }).unwrap();
    let thumb = AttestationSignature::Substitute {
        substitute: SignatureSubstitute::Empty,
        capture: None,
        witness: Witness::Family { name: "Ibu Uji".into(), relation: "ibu".into() },
    };
    assert_eq!(
        desk.attestation(AttestationEvent::Signed { signature: thumb.clone() }),
        Err(Refusal::NotReadAloud),
        "whoever cannot sign is read to"
    );
    desk.attestation(AttestationEvent::DataReadAloud).unwrap();
    desk.attestation(AttestationEvent::Signed { signature: thumb }).unwrap();
    assert_eq!(desk.state.pending(), [Effect::RenderForm], "after a power cut the form is rendered again");
    desk.rendered().unwrap();
    assert_eq!(desk.state.pending(), [Effect::SealPacket], "and the seal is ordered again");
    desk.sealed().unwrap();
    assert_eq!(desk.state.step, Step::PrintRequest, "step 6 follows");
    let packet = desk.state.attestation.packet.unwrap();
    assert!(desk.effects.contains(&Effect::EnqueuePacket { packet }), "the packet goes to the outbox");
    assert_eq!(
        desk.does(Event::WentBack { to: Step::Capture }),
        Err(Refusal::AlreadySealed { packet }),
        "frozen"
    );
}

#[test]
fn someone_of_sixteen_is_recorded_and_held_until_the_birthday() {
    let mut desk = Desk::new(JenisPermohonan::BaruWni, "2009-12-01");
    desk.walk_steps_1_to_3(true);
    let until = date(2026, 12, 1);
    assert_eq!(desk.state.phase, Phase::HeldForAge { until }, "nine days to go");
    assert!(desk.effects.contains(&Effect::HoldForAge { until }), "into the birthday queue");
    desk.today = date(2026, 11, 30);
    assert_eq!(desk.does(Event::Resumed), Err(Refusal::HeldForAge { until }), "one day to go");
    assert!(!desk.state.is_of_age_now(&desk.biodata, desk.today), "not yet");
    desk.today = until;
    assert!(desk.state.is_of_age_now(&desk.biodata, desk.today), "the day has come");
    desk.does(Event::Resumed).unwrap();
    assert!(!desk.state.is_of_age_now(&desk.biodata, desk.today), "nothing is held any more");
    assert!(desk.effects.contains(&Effect::LeavePrintQueue), "out of the birthday queue");
    desk.request().unwrap();
}

#[test]
fn whoever_is_held_for_a_birthday_and_gives_up_waits_for_no_print_any_more() {
    let mut desk = Desk::new(JenisPermohonan::BaruWni, "2010-06-01");
    desk.walk_steps_1_to_3(true);
    assert!(desk.queued, "in the birthday queue");
    desk.does(Event::Cancelled { reason: "pindah ke luar kabupaten".into() }).unwrap();
    assert!(!desk.queued, "out of it");
    let told = desk.effects.iter().any(|effect| matches!(effect, Effect::NotifyCentre { .. }));
    assert!(!told, "the centre knows of no request");
}

#[test]
fn a_marriage_ends_the_hold() {
    let mut desk = Desk::new(JenisPermohonan::BaruWni, "2010-06-01");
    desk.walk_steps_1_to_3(true);
    assert!(!desk.state.is_of_age_now(&desk.biodata, desk.today), "sixteen and single");
    desk.biodata.set(Unsur::StatusPerkawinan, "2");
    assert!(desk.state.is_of_age_now(&desk.biodata, desk.today), "sixteen and married");
    desk.does(Event::Resumed).unwrap();
    assert_eq!(desk.state.phase, Phase::Open, "married persons get the card");
}

#[test]
fn a_disputed_datum_voids_the_signature_and_keeps_whose_word_it_was() {
    let mut desk = desk();
    desk.walk_steps_1_to_3(false);
    desk.photo().unwrap();
    desk.biometrics().unwrap();
    desk.capture(CaptureEvent::Finished).unwrap();
    desk.attestation(AttestationEvent::ApplicantConfirmed { by: AnsweredBy::Operator }).unwrap();
    let aloud = DataAnswer::Correct { at: desk.now(), by: AnsweredBy::Operator };
    assert_eq!(desk.state.attestation.answer, Some(aloud), "an answer given aloud is not one of the screen");
    desk.sign().unwrap();
    assert_eq!(desk.state.attestation.signed_at, Some(desk.now()), "when it was signed stands on the form");
    desk.rendered().unwrap();
    let note = "Tempat lahir keliru".to_owned();
    desk.attestation(AttestationEvent::ApplicantDisputed { by: AnsweredBy::Screen, note: note.clone() })
        .unwrap();
    let wrong = DataAnswer::Wrong { at: desk.now(), by: AnsweredBy::Screen, note: note.clone() };
    assert_eq!(desk.state.attestation.answer, Some(wrong), "the applicant's words are kept");
    assert!(!format!("{:?}", desk.state.attestation).contains(&note), "and do not reach a log");
    assert_eq!(desk.sealed(), Err(Refusal::NotRendered), "nothing is sealed over disputed data");
    assert_eq!(desk.state.attestation.signed_at, None, "no signature stands");
    assert_eq!(desk.sign(), Err(Refusal::NotConfirmed), "nor signed");
    desk.attestation(AttestationEvent::ApplicantConfirmed { by: AnsweredBy::Screen }).unwrap();
    desk.sign().unwrap();
}

#[test]
fn a_second_yes_leaves_what_was_signed_as_it_is() {
    let mut desk = desk();
    desk.walk_steps_1_to_3(false);
    desk.photo().unwrap();
    desk.biometrics().unwrap();
    desk.capture(CaptureEvent::Finished).unwrap();
    desk.attestation(AttestationEvent::ApplicantConfirmed { by: AnsweredBy::Operator }).unwrap();
    desk.attestation(AttestationEvent::ApplicantConfirmed { by: AnsweredBy::Screen }).unwrap();
    let answer = DataAnswer::Correct { at: desk.now(), by: AnsweredBy::Screen };
    assert_eq!(desk.state.attestation.answer, Some(answer), "before the signature the last word counts");
    desk.sign().unwrap();
    desk.rendered().unwrap();
    let signed = desk.state.attestation.clone();
    desk.attestation(AttestationEvent::ApplicantConfirmed { by: AnsweredBy::Screen }).unwrap();
    assert_eq!(desk.state.attestation, signed, "the form names the moment of the answer that was signed");
    desk.sealed().unwrap();
}

#[test]
fn another_nik_over_a_recording_asks_whose_it_is_before_step_4_ends() {
    let mut desk = desk();
    desk.walk_steps_1_to_3(false);
    desk.photo().unwrap();
    desk.biometrics().unwrap();
    let again = |desk: &mut Desk, nik: &str| {
        desk.does(Event::WentBack { to: Step::Form }).unwrap();
        desk.biodata.set(Unsur::Nik, nik);
        desk.form().unwrap();
        desk.compared(&[]).unwrap();
        desk.verification(VerificationEvent::RecordedBefore { recorded: false }).unwrap();
        desk.verification(VerificationEvent::ReadAloud).unwrap();
        desk.verification(VerificationEvent::Verified).unwrap();
    };
    let (own, other) = ("1813010101909001", "1813010101909002");
    let asked = Err(Refusal::Incomplete { missing: vec![Missing::Answer(Warning::NikChanged)] });
    let seen = |desk: &Desk| !desk.state.must_be_seen(desk.now(), &desk.operator);
    again(&mut desk, own);
    assert!(desk.state.capture.warnings.is_empty() && seen(&desk), "the same NIK asks nothing");
    again(&mut desk, other);
    assert_eq!(desk.capture(CaptureEvent::Finished), asked, "whose photo and fingers are these?");
    assert!(!seen(&desk), "and who sits there now");
    assert_eq!(desk.signature(), Err(Refusal::ApplicantUnseen), "nothing is added meanwhile");
    again(&mut desk, other);
    assert_eq!(desk.capture(CaptureEvent::Finished), asked, "once more through step 3 answers nothing");
    again(&mut desk, own);
    assert!(desk.state.capture.warnings.is_empty(), "the first NIK is back");

    again(&mut desk, other);
    let answer = CaptureEvent::WarningAnswered { warning: Warning::NikChanged, note: "salah ketik".into() };
    desk.capture(answer.clone()).unwrap();
    assert!(seen(&desk), "whoever answered looked");
    again(&mut desk, other);
    let kept = &desk.state.capture.warnings;
    assert_eq!(
        (kept.len(), kept.iter().filter(|held| held.is_open()).count()),
        (1, 0),
        "answered for this NIK"
    );
    again(&mut desk, own);
    assert_eq!(desk.capture(CaptureEvent::Finished), asked, "of yet another one it is asked anew");
    desk.capture(answer).unwrap();
    desk.capture(CaptureEvent::Finished).unwrap();
}

#[test]
fn going_back_keeps_captures_and_asks_confirmations_again() {
    let mut desk = desk();
    desk.walk_steps_1_to_3(false);
    desk.photo().unwrap();
    desk.biometrics().unwrap();
    desk.capture(CaptureEvent::Finished).unwrap();
    desk.attestation(AttestationEvent::ApplicantConfirmed { by: AnsweredBy::Screen }).unwrap();
    desk.does(Event::WentBack { to: Step::Form }).unwrap();
    assert_eq!(desk.state.capture.attempts.len(), 7, "photo, three slaps, two eyes, signature");
    assert_eq!(desk.state.attestation.confirmed_at(), None, "other data need another yes");
    desk.form().unwrap();
    assert_eq!(desk.state.step, Step::Verification, "papers that were accepted stay accepted");
    desk.compared(&[]).unwrap();
    desk.verification(VerificationEvent::ReadAloud).unwrap();
    desk.verification(VerificationEvent::Verified).unwrap();
    desk.capture(CaptureEvent::Finished).unwrap();
    assert_eq!(
        desk.does(Event::WentBack { to: Step::Print }),
        Err(Refusal::NotBefore { to: Step::Print }),
        "not forward"
    );
}

#[test]
fn a_visit_expires_only_when_left_alone_and_never_once_sealed() {
    let mut desk = desk();
    desk.form().unwrap();
    desk.second += 89 * 86_400;
    assert!(matches!(desk.does(Event::Expired), Err(Refusal::NotExpired { .. })), "89 days");
    desk.second += 86_400;
    desk.does(Event::Expired).unwrap();
    assert_eq!(desk.state.phase, Phase::Expired, "90 days");
    let mut sealed = to_print_request();
    sealed.second += 400 * 86_400;
    let packet = sealed.state.attestation.packet.unwrap();
    assert_eq!(
        sealed.does(Event::Expired),
        Err(Refusal::AlreadySealed { packet }),
        "a recording is never lost"
    );
}

#[test]
fn the_role_is_asked_for_every_event() {
    let mut desk = desk();
    desk.roles = vec![Role::Printing];
    assert_eq!(desk.form(), Err(Refusal::Role { action: Action::FillForm }), "printing staff fill no forms");
    assert_eq!(
        desk.does(Event::WentBack { to: Step::Form }),
        Err(Refusal::Role { action: Action::FillForm }),
        "nor move them"
    );
    desk.roles = vec![Role::Operator];
    desk.form().unwrap();
    let accept = desk.does(Event::Requirements(RequirementsEvent::Accepted));
    assert_eq!(
        accept,
        Err(Refusal::Role { action: Action::CheckRequirements }),
        "papers belong to the register officer"
    );
}

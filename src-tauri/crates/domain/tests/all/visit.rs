//! The nine steps and the other exit of each decision.

use domain::capture::SignatureSubstitute;
use domain::document::Berkas;
use domain::finding::Rule;
use domain::ids::NomorPermohonan;
use domain::permohonan::{CardNews, Phase, ReturnReason};
use domain::plan::PlanRefusal;
use domain::role::Witness;
use domain::steps::attestation::{AnsweredBy, AttestationEvent, AttestationSignature, DataAnswer};
use domain::steps::capture::CaptureEvent;
use domain::steps::handover::{Collector, HandoverEvent, HandoverLine, OldCard, required_lines};
use domain::steps::print::{ChipCheck, PrintEvent, SpoilReason};
use domain::steps::print_request::{
    Obstacle, PrintRequestEvent, Priority, PriorityReason, RequestFacts, RequestWarning,
};
use domain::steps::requirements::RequirementsEvent;
use domain::steps::status::{NotReady, StatusEvent};
use domain::steps::verification::{Choice, VerificationEvent};
use domain::stock::NomorBlangko;
use domain::{Action, Effect, Event, Finger, JenisPermohonan, Refusal, Role, Step, Unsur};
use jiff::civil::date;

use crate::desk::Desk;

fn reasons() -> Vec<ReturnReason> {
    vec![ReturnReason { berkas: Some(Berkas::KartuKeluarga), unsur: None, words: "Bawa fotokopi KK.".into() }]
}

fn desk() -> Desk {
    Desk::new(JenisPermohonan::BaruWni, "1990-01-01")
}

fn to_print_request() -> Desk {
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

fn status(desk: &mut Desk, event: StatusEvent) -> Result<(), Refusal> {
    desk.does(Event::Status(event))
}

fn print(desk: &mut Desk, event: PrintEvent) -> Result<(), Refusal> {
    desk.does(Event::Print(event))
}

fn to_print() -> Desk {
    let mut desk = to_print_request();
    desk.request().unwrap();
    let entry = desk.status("PRINT READY RECORD");
    status(&mut desk, StatusEvent::Seen { entry }).unwrap();
    status(&mut desk, StatusEvent::PickupSlipGiven).unwrap();
    desk
}

fn news(desk: &Desk) -> Option<CardNews> {
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
    desk.hand(HandoverEvent::PhotoCompared { same: true, measured: true }).unwrap();
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
fn step_3_chooses_nothing_for_the_operator() {
    let mut desk = desk();
    desk.form().unwrap();
    desk.paper(Berkas::FormulirPermohonan).unwrap();
    desk.paper(Berkas::KartuKeluarga).unwrap();
    desk.does(Event::Requirements(RequirementsEvent::Accepted)).unwrap();
    use VerificationEvent as V;
    assert_eq!(desk.verification(V::Verified), Err(Refusal::NotCompared), "compare first");
    desk.compared(&[Unsur::Alamat]).unwrap();
    assert_eq!(
        desk.verification(V::Verified),
        Err(Refusal::DifferencesOpen { unsur: vec![Unsur::Alamat] }),
        "decide"
    );
    let wrong = V::DifferenceResolved { unsur: Unsur::Nama, choice: Choice::Form };
    assert_eq!(desk.verification(wrong), Err(Refusal::NoDifference { unsur: Unsur::Nama }), "names agree");
    desk.verification(V::ReadAloud).unwrap();
    desk.verification(V::DifferenceResolved { unsur: Unsur::Alamat, choice: Choice::Form }).unwrap();
    assert_eq!(
        desk.verification(V::Verified),
        Err(Refusal::RecordedBeforeUnanswered),
        "ask before any capture"
    );
    desk.verification(V::RecordedBefore { recorded: false }).unwrap();
    assert_eq!(
        desk.verification(V::Verified),
        Err(Refusal::NotReadAloud),
        "what was read is no longer what stands here"
    );
    desk.verification(V::ReadAloud).unwrap();
    assert_eq!(
        desk.verification(V::Verified),
        Err(Refusal::OperatorFingerMissing),
        "a correction needs the own finger"
    );
    desk.verification(V::OperatorFingerTried { finger: Finger::RightIndex, score: 12 }).unwrap();
    assert_eq!(desk.verification(V::Verified), Err(Refusal::OperatorFingerMissing), "12 is below the limit");
    let own = Witness::Officer { operator: desk.operator.clone() };
    let witnessed = V::OperatorFingerWitnessed { note: "pemindai rusak".into(), witness: own };
    assert_eq!(desk.verification(witnessed), Err(Refusal::WitnessIsOperator), "not oneself");
    desk.verification(V::OperatorFingerTried { finger: Finger::RightIndex, score: 55 }).unwrap();
    desk.biodata.set(Unsur::Nama, "Budi C0ntoh");
    let warnings = vec![(Unsur::Nama, Rule::NameDigit)];
    assert_eq!(
        desk.verification(V::Verified),
        Err(Refusal::WarningsUnconfirmed { warnings }),
        "a warning is confirmed"
    );
    let confirm =
        V::WarningConfirmed { unsur: Unsur::Nama, rule: Rule::NameDigit, reason: "sesuai KK".into() };
    desk.verification(confirm).unwrap();
    desk.verification(V::Verified).unwrap();
    assert_eq!(desk.state.step, Step::Capture, "now to the camera");
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
    desk.today = until;
    desk.does(Event::Resumed).unwrap();
    assert!(desk.effects.contains(&Effect::LeavePrintQueue), "out of the birthday queue");
    desk.request().unwrap();
}

#[test]
fn a_marriage_ends_the_hold() {
    let mut desk = Desk::new(JenisPermohonan::BaruWni, "2010-06-01");
    desk.walk_steps_1_to_3(true);
    desk.biodata.set(Unsur::StatusPerkawinan, "2");
    desk.does(Event::Resumed).unwrap();
    assert_eq!(desk.state.phase, Phase::Open, "married persons get the card");
}

#[test]
fn priority_has_a_reason() {
    let mut desk = to_print_request();
    let set = |why: &str| {
        let why = (!why.is_empty()).then_some(PriorityReason::Other);
        let reason = if why.is_some() { "rawat inap" } else { "" };
        Event::PrintRequest(PrintRequestEvent::PrioritySet {
            priority: Priority::Urgent,
            why,
            reason: reason.into(),
        })
    };
    assert_eq!(desk.does(set("")), Err(Refusal::ReasonMissing), "why");
    let blank = PrintRequestEvent::PrioritySet {
        priority: Priority::Urgent,
        why: Some(PriorityReason::Other),
        reason: " ".into(),
    };
    assert_eq!(
        desk.does(Event::PrintRequest(blank)),
        Err(Refusal::ReasonMissing),
        "another reason needs words"
    );
    desk.does(set("other")).unwrap();
    desk.request().unwrap();
    let joined = Effect::JoinPrintQueue { priority: Priority::Urgent, reason: "other: rawat inap".into() };
    assert!(desk.effects.contains(&joined), "forward");
    assert_eq!(news(&desk), Some(CardNews::Requested), "and the centre is asked");
}

#[test]
fn step_7_gives_a_slip_or_a_suket_or_the_reason() {
    let mut desk = to_print_request();
    desk.request().unwrap();
    assert_eq!(
        status(&mut desk, StatusEvent::PickupSlipGiven),
        Err(Refusal::StatusUnknown),
        "nothing is known"
    );
    let entry = desk.status("STATUS YANG BARU");
    status(&mut desk, StatusEvent::Seen { entry }).unwrap();
    assert_eq!(
        status(&mut desk, StatusEvent::PickupSlipGiven),
        Err(Refusal::NotPrintReady),
        "unknown is not ready"
    );
    status(&mut desk, StatusEvent::SuketChosen { reason: "masih diproses".into() }).unwrap();
    assert_eq!(desk.state.phase, Phase::Waiting { outcome: NotReady::Suket }, "waits with a Suket");
    status(&mut desk, StatusEvent::ReturnedToApplicant { reason: "masih diproses".into() }).unwrap();
    assert_eq!(desk.state.phase, Phase::Waiting { outcome: NotReady::Told }, "or was told");
    let entry = desk.status("PRR");
    status(&mut desk, StatusEvent::Seen { entry }).unwrap();
    let suket = status(&mut desk, StatusEvent::SuketChosen { reason: "x".into() });
    assert_eq!(suket, Err(Refusal::IsPrintReady), "ready: give the slip");
    desk.second += 8 * 86_400;
    let old = status(&mut desk, StatusEvent::PickupSlipGiven);
    assert!(matches!(old, Err(Refusal::StatusTooOld { .. })), "a week is too old to decide on: {old:?}");
    let entry = desk.status("PRINT_READY_RECORD");
    status(&mut desk, StatusEvent::Seen { entry }).unwrap();
    status(&mut desk, StatusEvent::PickupSlipGiven).unwrap();
    assert_eq!((desk.state.step, &desk.state.phase), (Step::Print, &Phase::Open), "on to the card");
}

#[test]
fn a_blangko_is_spent_spoiled_or_held_and_never_guessed() {
    let mut desk = to_print();
    let blangko = || NomorBlangko::parse("0718-009").unwrap();
    assert_eq!(print(&mut desk, PrintEvent::Printed), Err(Refusal::NothingUnderWay), "nothing was started");
    desk.start_print("0718-009").unwrap();
    print(&mut desk, PrintEvent::ResultUnknown).unwrap();
    let held = |desk: &Desk| desk.effects.iter().any(|effect| matches!(effect, Effect::HoldBlangko { .. }));
    assert!(held(&desk), "held, not counted");
    print(&mut desk, PrintEvent::ResultUnknown).unwrap();
    assert!(!held(&desk), "and not held twice");
    let again = desk.start_print("0718-010");
    assert_eq!(again, Err(Refusal::PrintUnderWay { blangko: blangko() }), "first find out");
    let cancel = desk.does(Event::Cancelled { reason: "batal".into() });
    assert_eq!(cancel, Err(Refusal::PrintUnderWay { blangko: blangko() }), "a card may be in the printer");
    let own = Witness::Officer { operator: desk.operator.clone() };
    let alone = PrintEvent::Spoiled { reason: SpoilReason::Misprint, note: String::new(), witness: own };
    assert_eq!(print(&mut desk, alone), Err(Refusal::WitnessIsOperator), "nobody voids a card alone");
    assert_eq!(
        desk.spoil(SpoilReason::Other, " "),
        Err(Refusal::ReasonMissing),
        "another reason needs words"
    );
    desk.spoil(SpoilReason::Misprint, "miring").unwrap();
    let spoiled =
        |effect: &Effect| matches!(effect, Effect::SpoilBlangko { blangko: of, .. } if *of == blangko());
    assert!(desk.effects.iter().any(spoiled), "for the Berita Acara");
    assert_eq!(desk.start_print("0718-009"), Err(Refusal::BlangkoUnusable), "spoiled stays spoiled");
    desk.start_print("0718-010").unwrap();
    print(&mut desk, PrintEvent::NotPrinted { note: "masih di baki".into() }).unwrap();
    assert!(
        desk.effects.iter().any(|effect| matches!(effect, Effect::PutBackBlangko { .. })),
        "back to the store"
    );
    desk.start_print("0718-010").unwrap();
    print(&mut desk, PrintEvent::Printed).unwrap();
    desk.spoil(SpoilReason::Damaged, "").unwrap();
    assert_eq!(desk.state.print.card, None, "found bad at the quality check");
    assert_eq!(desk.state.print.spoiled.len(), 2, "both are accounted for");
}

#[test]
fn a_damaged_card_is_taken_in_once() {
    let mut desk = Desk::new(JenisPermohonan::Rusak, "1990-01-01");
    desk.walk_steps_1_to_3(true);
    desk.state.step = Step::Handover;
    let old = |old_card| Event::Handover(HandoverEvent::OldCardSeen { old_card });
    let withdrawn =
        |condition: &str| OldCard::Withdrawn { condition: condition.into(), place: "Kotak 14".into() };
    assert_eq!(desk.does(old(withdrawn(" "))), Err(Refusal::ReasonMissing), "what is wrong with it");
    let again = |desk: &Desk| {
        desk.effects.iter().find_map(|effect| match effect {
            Effect::WithdrawOldCard { again, .. } => Some(*again),
            _ => None,
        })
    };
    desk.does(old(withdrawn("retak"))).unwrap();
    assert_eq!(again(&desk), Some(false), "into the destruction register");
    desk.does(old(withdrawn("retak, cip tidak terbaca"))).unwrap();
    assert_eq!(again(&desk), Some(true), "but only once");
    let absent = OldCard::Absent { note: "tertinggal".into() };
    assert_eq!(desk.does(old(absent)), Err(Refusal::OldCardIsHere), "what was taken in is here");
    assert_eq!(
        required_lines(&desk.state),
        [HandoverLine::FaceSame, HandoverLine::DataRead, HandoverLine::OldCardBoxed],
        "and it must lie in the box"
    );
}

fn to_handover() -> Desk {
    let mut desk = to_print();
    desk.start_print("0718-224-913").unwrap();
    print(&mut desk, PrintEvent::Printed).unwrap();
    print(&mut desk, PrintEvent::ChipChecked { chip: ChipCheck::ReadBack }).unwrap();
    desk.accept_card().unwrap();
    desk
}

#[test]
fn a_second_click_is_the_same_order() {
    let mut desk = to_print();
    let job = desk.job();
    let start = || PrintEvent::Started {
        job,
        blangko: NomorBlangko::parse("0718-224-913").unwrap(),
        printer: "uji".into(),
    };
    print(&mut desk, start()).unwrap();
    assert_eq!(print(&mut desk, start()), Err(Refusal::JobRepeated { job }), "while it runs");
    print(&mut desk, PrintEvent::NotPrinted { note: "pita habis".into() }).unwrap();
    assert_eq!(print(&mut desk, start()), Err(Refusal::JobRepeated { job }), "and when it is over");
}

#[test]
fn a_person_recorded_elsewhere_needs_the_centres_record_for_the_card() {
    let mut desk = Desk::new(JenisPermohonan::Rusak, "1990-01-01");
    desk.walk_steps_1_to_3(true);
    desk.request().unwrap();
    let entry = desk.status("PRR");
    status(&mut desk, StatusEvent::Seen { entry }).unwrap();
    status(&mut desk, StatusEvent::PickupSlipGiven).unwrap();
    assert_eq!(desk.start_print("0718-001"), Err(Refusal::CardDataMissing), "no photo, no card");
    let as_of = desk.now();
    print(&mut desk, PrintEvent::CardDataReceived { as_of }).unwrap();
    desk.start_print("0718-001").unwrap();
}

#[test]
fn everything_that_stands_in_the_way_of_a_request_is_said_at_once() {
    let mut desk = Desk::new(JenisPermohonan::Hilang, "2010-06-01");
    desk.walk_steps_1_to_3_unchecked();
    let ticket = NomorPermohonan::parse("A-003").unwrap();
    let facts =
        RequestFacts { running: Some(ticket.clone()), blangko_left: Some(2), queued: 2, reorder_point: 500 };
    let found = desk.eligibility(&facts);
    assert!(
        matches!(
            found.obstacles.as_slice(),
            [
                Obstacle::TooYoung { .. },
                Obstacle::IdentityUnchecked,
                Obstacle::PapersMissing { .. },
                Obstacle::RunningRequest { .. }
            ]
        ),
        "age, finger, papers, running request: {:?}",
        found.obstacles
    );
    assert_eq!(
        found.warnings,
        [RequestWarning::BlangkoOut { left: 2, queued: 2 }],
        "and the stock is only said"
    );
    assert_eq!(
        desk.request_with(facts),
        Err(Refusal::NotEligible { obstacles: found.obstacles }),
        "nobody is sent home twice"
    );
    let low = RequestFacts { blangko_left: Some(499), reorder_point: 500, ..RequestFacts::default() };
    assert_eq!(
        desk.eligibility(&low).warnings,
        [RequestWarning::BlangkoLow { left: 499 }],
        "below the point"
    );
}

#[test]
fn another_request_of_the_same_person_stops_this_one() {
    let mut desk = to_print_request();
    let ticket = NomorPermohonan::parse("A-003").unwrap();
    let refused =
        desk.request_with(RequestFacts { running: Some(ticket.clone()), ..RequestFacts::default() });
    let obstacles = vec![Obstacle::RunningRequest { ticket }];
    assert_eq!(refused, Err(Refusal::NotEligible { obstacles }), "one card at a time");
    desk.request().unwrap();
}

#[test]
fn somebody_else_collects_only_with_letter_witness_and_envelope() {
    let mut desk = to_handover();
    let other = |nik: &str, letter_seen| HandoverEvent::CollectorSet {
        collector: Collector::Other {
            name: "Wakil Contoh".into(),
            nik: nik.into(),
            relation: "anak".into(),
            letter_seen,
        },
    };
    assert_eq!(desk.hand(other("123", true)), Err(Refusal::CollectorIncomplete), "a NIK has 16 digits");
    desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 90 }).unwrap();
    desk.hand(HandoverEvent::PhotoCompared { same: true, measured: true }).unwrap();
    desk.hand(other("1813010101800001", false)).unwrap();
    assert!(!format!("{:?}", desk.state.handover.collector).contains("Wakil"), "no name in a log");
    assert_eq!(
        desk.hand(HandoverEvent::HandedOver),
        Err(Refusal::FingerUnmatched),
        "the finger was another's"
    );
    let tried = desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 90 });
    assert_eq!(tried, Err(Refusal::FingerMustBeWitnessed), "the applicant's finger is not here");
    let witness = desk.officer();
    desk.hand(HandoverEvent::FingerWitnessed { note: "sakit".into(), witness }).unwrap();
    assert_eq!(desk.hand(HandoverEvent::HandedOver), Err(Refusal::LetterMissing), "a letter of authority");
    desk.hand(other("1813010101800001", true)).unwrap();
    let witness = desk.officer();
    desk.hand(HandoverEvent::FingerWitnessed { note: "sakit".into(), witness }).unwrap();
    let lines = vec![HandoverLine::EnvelopeSealed];
    assert_eq!(
        desk.hand(HandoverEvent::HandedOver),
        Err(Refusal::LinesUnjudged { lines }),
        "a sealed envelope"
    );
    desk.judge(HandoverLine::EnvelopeSealed).unwrap();
    desk.receipt().unwrap();
    desk.hand(HandoverEvent::HandedOver).unwrap();
}

#[test]
fn a_finger_is_tried_four_times_and_then_an_officer_decides() {
    let mut desk = to_handover();
    for _ in 0..4 {
        desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 12 }).unwrap();
    }
    let fifth = desk.hand(HandoverEvent::FingerTried { finger: Finger::LeftIndex, score: 99 });
    assert_eq!(fifth, Err(Refusal::TriesSpent { limit: 4 }), "no fifth");
    assert_eq!(desk.state.handover.failed_matches(), 4, "each is kept");
    let witness = desk.officer();
    desk.hand(HandoverEvent::FingerWitnessed { note: "jari aus".into(), witness }).unwrap();
    assert!(desk.state.handover.finger.is_some(), "the way on");
}

#[test]
fn a_disputed_card_is_voided_and_the_visit_comes_back_to_print_again() {
    let mut desk = to_handover();
    let first = desk.state.print_request.job;
    assert_eq!(desk.dispute(" "), Err(Refusal::ReasonMissing), "what is wrong");
    desk.dispute("Tanggal lahir keliru").unwrap();
    let spoiled =
        |effect: &Effect| matches!(effect, Effect::SpoilBlangko { reason: SpoilReason::Disputed, .. });
    assert!(desk.effects.iter().any(spoiled), "the card is void");
    assert!(desk.effects.contains(&Effect::LeaveShelf), "and off the shelf");
    assert_eq!(news(&desk), Some(CardNews::Requested), "another card is asked for");
    assert_ne!(desk.state.print_request.job, first, "under another name");
    assert!(matches!(desk.state.phase, Phase::Returned { .. }), "with a slip that says why");
    desk.does(Event::Resumed).unwrap();
    assert_eq!(desk.state.step, Step::Print, "only to print again");
    assert!(
        desk.effects.iter().any(|effect| matches!(effect, Effect::JoinPrintQueue { .. })),
        "back in the queue"
    );
    assert_eq!(desk.start_print("0718-224-913"), Err(Refusal::BlangkoUnusable), "not on the voided one");
    desk.start_print("0718-224-914").unwrap();
}

#[test]
fn a_card_can_be_laid_into_another_place() {
    let mut desk = to_handover();
    desk.hand(HandoverEvent::ShelfSet { place: "C1-01".into() }).unwrap();
    assert_eq!(desk.state.print.shelf.as_ref().map(|shelf| shelf.place.as_str()), Some("C1-01"), "kept");
    desk.hand(HandoverEvent::ShelfSet { place: " ".into() }).unwrap();
    assert_eq!(desk.state.print.shelf, None, "or taken from the shelf");
    assert!(desk.effects.contains(&Effect::LeaveShelf), "which the shelf hears");
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
    desk.rendered().unwrap();
    let note = "Tempat lahir keliru".to_owned();
    desk.attestation(AttestationEvent::ApplicantDisputed { by: AnsweredBy::Screen, note: note.clone() })
        .unwrap();
    let wrong = DataAnswer::Wrong { at: desk.now(), by: AnsweredBy::Screen, note: note.clone() };
    assert_eq!(desk.state.attestation.answer, Some(wrong), "the applicant's words are kept");
    assert!(!format!("{:?}", desk.state.attestation).contains(&note), "and do not reach a log");
    assert_eq!(desk.sealed(), Err(Refusal::NotRendered), "nothing is sealed over disputed data");
    assert_eq!(desk.sign(), Err(Refusal::NotConfirmed), "nor signed");
    desk.attestation(AttestationEvent::ApplicantConfirmed { by: AnsweredBy::Screen }).unwrap();
    desk.sign().unwrap();
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

//! Steps 6–9: what a card needs, what becomes of a blangko, who receives it.

use domain::ids::{NomorPermohonan, OperatorId};
use domain::permohonan::{CardNews, Phase};
use domain::register::RegisterKind;
use domain::role::{Action, Role, Witness};
use domain::steps::handover::{
    CONFIRMED_FOR, Collector, HandoverEvent, HandoverLine, OldCard, Untried, required_lines,
};
use domain::steps::print::{ChipCheck, PrintEvent, SpoilReason};
use domain::steps::print_request::{
    Obstacle, PrintRequestEvent, Priority, PriorityReason, RequestFacts, RequestWarning,
};
use domain::steps::status::{NotReady, StatusEvent};
use domain::stock::NomorBlangko;
use domain::{Effect, Event, Finger, JenisPermohonan, Refusal, Step};

use crate::desk::Desk;
use crate::visit::{news, print, status, to_print, to_print_request};

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
fn somebody_who_falls_ill_after_the_request_still_goes_first_until_a_card_is_begun() {
    let ill = |desk: &mut Desk| {
        let why = Some(PriorityReason::Sick);
        let set = PrintRequestEvent::PrioritySet { priority: Priority::Urgent, why, reason: String::new() };
        desk.does(Event::PrintRequest(set))
    };
    let in_turn =
        PrintRequestEvent::PrioritySet { priority: Priority::Normal, why: None, reason: String::new() };
    let joined = |priority, reason: &str| Effect::JoinPrintQueue { priority, reason: reason.to_owned() };

    let mut desk = to_print_request();
    ill(&mut desk).unwrap();
    assert!(
        desk.effects.iter().all(|effect| !matches!(effect, Effect::JoinPrintQueue { .. })),
        "nobody is in the queue before the request"
    );
    desk.does(Event::PrintRequest(in_turn.clone())).unwrap();
    desk.request().unwrap();
    status(&mut desk, StatusEvent::SuketChosen { reason: "masih diproses".into() }).unwrap();
    ill(&mut desk).unwrap();
    assert!(desk.effects.contains(&joined(Priority::Urgent, "sick")), "while the centre is waited for");
    assert_eq!(desk.state.phase, Phase::Waiting { outcome: NotReady::Suket }, "which goes on");

    let mut desk = to_print();
    desk.roles = vec![Role::Printing];
    ill(&mut desk).unwrap();
    assert!(desk.effects.contains(&joined(Priority::Urgent, "sick")), "and at the printing desk");
    desk.does(Event::PrintRequest(in_turn)).unwrap();
    assert!(desk.effects.contains(&joined(Priority::Normal, "")), "and back in turn");
    desk.start_print("0718-009").unwrap();
    let blangko = NomorBlangko::parse("0718-009").unwrap();
    assert_eq!(ill(&mut desk), Err(Refusal::PrintUnderWay { blangko }), "the card is in the printer");
    print(&mut desk, PrintEvent::Printed).unwrap();
    assert_eq!(ill(&mut desk), Err(Refusal::CardExists), "and out of it");
    desk.spoil(SpoilReason::Misprint, "").unwrap();
    ill(&mut desk).unwrap();

    desk.roles = vec![Role::CustomerService];
    assert_eq!(
        ill(&mut desk),
        Err(Refusal::Role { action: Action::Prioritise }),
        "not everybody's to decide"
    );
    let mut early = Desk::new(JenisPermohonan::BaruWni, "1990-01-01");
    let at = early.state.step;
    assert_eq!(
        ill(&mut early),
        Err(Refusal::OtherStep { at, event: Step::PrintRequest }),
        "nor before step 6"
    );
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
    status(
        &mut desk,
        StatusEvent::ReturnedToApplicant { reason: "masih diproses".into(), code: "processing".into() },
    )
    .unwrap();
    assert_eq!(desk.state.phase, Phase::Waiting { outcome: NotReady::Told }, "or was told");
    let entry = desk.status("PRR");
    status(&mut desk, StatusEvent::Seen { entry }).unwrap();
    let suket = status(&mut desk, StatusEvent::SuketChosen { reason: "x".into() });
    assert_eq!(suket, Err(Refusal::IsPrintReady), "ready: give the slip");
    desk.second += 8 * 86_400;
    let old = status(&mut desk, StatusEvent::PickupSlipGiven);
    assert!(matches!(old, Err(Refusal::StatusTooOld { .. })), "a week is too old to decide on: {old:?}");
    let outdated =
        StatusEvent::ReturnedToApplicant { reason: "status terlalu lama".into(), code: "outdated".into() };
    status(&mut desk, outdated).expect("the other exit stays open");
    assert_eq!(desk.state.phase, Phase::Waiting { outcome: NotReady::Told }, "nobody is kept at the counter");
    assert!(desk.state.status.outdated.is_some(), "that old word calls nobody back");
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
    assert_eq!(news(&desk), None, "it never was a card");
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
    assert_eq!(news(&desk), Some(CardNews::Voided), "which the centre is told");
    assert_eq!(desk.state.print.spoiled.len(), 2, "both are accounted for");
}

#[test]
fn a_card_with_another_number_than_the_booked_one_gives_that_one_back_and_takes_its_own() {
    let mut desk = to_print();
    let number = |text| NomorBlangko::parse(text).unwrap();
    let other = |desk: &mut Desk, text| {
        let job = desk.job();
        print(desk, PrintEvent::OtherBlangko { job, blangko: number(text) })
    };
    assert_eq!(other(&mut desk, "0718-010"), Err(Refusal::NothingUnderWay), "no card is in the printer");
    desk.start_print("0718-009").unwrap();
    let booked = desk.state.print.job.clone().unwrap();
    assert_eq!(other(&mut desk, "0718-009"), Err(Refusal::BlangkoUnusable), "that is the booked one");
    other(&mut desk, "0718-010").unwrap();
    let back = desk.effects.iter().position(
        |effect| matches!(effect, Effect::PutBackBlangko { job, blangko } if *job == booked.job && *blangko == number("0718-009")),
    );
    let taken = desk.effects.iter().position(
        |effect| matches!(effect, Effect::PrintCard { job, blangko, .. } if *job != booked.job && *blangko == number("0718-010")),
    );
    assert!(back.is_some() && back < taken, "first the one back, then the other out: {:?}", desk.effects);
    print(&mut desk, PrintEvent::Printed).unwrap();
    assert_eq!(desk.state.print.card, Some(number("0718-010")), "the number that stands on the card");
    desk.spoil(SpoilReason::Misprint, "").unwrap();
    desk.start_print("0718-011").unwrap();
    assert_eq!(other(&mut desk, "0718-010"), Err(Refusal::BlangkoUnusable), "a spoiled one is no card");
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

pub fn to_handover() -> Desk {
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
    desk.hand(HandoverEvent::FingerWitnessed { note: "sakit".into(), witness, untried: None }).unwrap();
    assert_eq!(desk.hand(HandoverEvent::HandedOver), Err(Refusal::LetterMissing), "a letter of authority");
    desk.hand(other("1813010101800001", true)).unwrap();
    let witness = desk.officer();
    desk.hand(HandoverEvent::FingerWitnessed { note: "sakit".into(), witness, untried: None }).unwrap();
    let lines = vec![HandoverLine::EnvelopeSealed];
    assert_eq!(
        desk.hand(HandoverEvent::HandedOver),
        Err(Refusal::LinesUnjudged { lines }),
        "a sealed envelope"
    );
    desk.judge(HandoverLine::EnvelopeSealed).unwrap();
    desk.receipt().unwrap();
    desk.give().unwrap();
}

#[test]
fn photo_and_name_are_confirmed_last_by_who_gives_the_card_and_shortly_before() {
    let mut desk = to_handover();
    desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 90 }).unwrap();
    desk.hand(HandoverEvent::PhotoCompared { same: true, measured: true }).unwrap();
    desk.judge(HandoverLine::FaceSame).unwrap();
    desk.judge(HandoverLine::DataRead).unwrap();
    let early = desk.hand(HandoverEvent::PersonConfirmed);
    assert_eq!(early, Err(Refusal::ReceiptUnsigned), "only when all else is done");
    desk.receipt().unwrap();
    desk.hand(HandoverEvent::PersonConfirmed).unwrap();
    desk.second += CONFIRMED_FOR.as_secs();
    let stale = desk.hand(HandoverEvent::HandedOver);
    assert_eq!(stale, Err(Refusal::PersonUnconfirmed), "after lunch somebody else may stand there");
    desk.hand(HandoverEvent::PersonConfirmed).unwrap();
    desk.second -= 3_600;
    let early = desk.hand(HandoverEvent::HandedOver);
    assert_eq!(early, Err(Refusal::PersonUnconfirmed), "a clock that was set back proves nothing");
    desk.hand(HandoverEvent::PersonConfirmed).unwrap();
    let first = std::mem::replace(&mut desk.operator, OperatorId::parse("maya").unwrap());
    let other = desk.hand(HandoverEvent::HandedOver);
    assert_eq!(other, Err(Refusal::PersonUnconfirmed), "another officer looks for oneself");
    desk.operator = first;
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
    desk.hand(HandoverEvent::FingerWitnessed { note: "jari aus".into(), witness, untried: None }).unwrap();
    assert!(desk.state.handover.finger.is_some(), "the way on");
}

#[test]
fn another_officer_or_another_day_has_tries_of_its_own_and_the_old_ones_stay_as_evidence() {
    let mut desk = to_handover();
    let tries = |desk: &mut Desk, finger| desk.hand(HandoverEvent::FingerTried { finger, score: 12 });
    for _ in 0..4 {
        tries(&mut desk, Finger::RightIndex).unwrap();
    }
    let spent = Err(Refusal::TriesSpent { limit: 4 });
    assert_eq!(tries(&mut desk, Finger::RightIndex), spent, "whoever sat there has spent them");
    let first = std::mem::replace(&mut desk.operator, OperatorId::parse("maya").unwrap());
    tries(&mut desk, Finger::RightIndex).expect("another officer's sitting");
    desk.operator = first;
    assert_eq!(tries(&mut desk, Finger::RightIndex), spent, "the first officer's day is not over");
    desk.today = desk.today.tomorrow().unwrap();
    desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 90 })
        .expect("the owner comes the next day");
    assert!(desk.state.handover.finger.is_some(), "and the own finger opens the way");
    assert_eq!(desk.state.handover.tries.len(), 6, "nothing is forgotten");
}

#[test]
fn an_officer_answers_for_the_applicant_only_after_a_try_of_this_sitting_or_where_none_can_be_made() {
    let witnessed = |desk: &mut Desk, untried| {
        let witness = desk.officer();
        desk.hand(HandoverEvent::FingerWitnessed { note: "wajah sama".into(), witness, untried })
    };
    let mut desk = to_handover();
    assert_eq!(witnessed(&mut desk, None), Err(Refusal::FingerUntried), "a finger first");
    desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 12 }).unwrap();
    witnessed(&mut desk, Some(Untried::CannotLay)).unwrap();
    let says = |desk: &Desk, word: &str| {
        desk.effects.iter().any(|effect| match effect {
            Effect::RegisterLine { detail, .. } => detail.get("tanpa_jari").is_some_and(|why| why == word),
            _ => false,
        })
    };
    assert!(!says(&desk, "cannot_lay"), "a finger was laid down, so nothing else is written");
    desk.today = desk.today.tomorrow().unwrap();
    assert_eq!(
        witnessed(&mut desk, None),
        Err(Refusal::FingerUntried),
        "yesterday's may have been another's"
    );
    for why in [Untried::NoReference, Untried::NoDevice, Untried::CannotLay] {
        let mut desk = to_handover();
        witnessed(&mut desk, Some(why)).unwrap();
        assert!(says(&desk, why.key()), "the register says why: {why:?}");
    }
}

#[test]
fn a_card_is_kept_back_unharmed_and_whoever_comes_next_is_checked_anew() {
    let mut desk = to_handover();
    desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 90 }).unwrap();
    desk.hand(HandoverEvent::PhotoCompared { same: true, measured: false }).unwrap();
    desk.judge(HandoverLine::FaceSame).unwrap();
    desk.judge(HandoverLine::DataRead).unwrap();
    desk.receipt().unwrap();
    let card = desk.state.print.card.clone();
    assert_eq!(desk.hold(" "), Err(Refusal::ReasonMissing), "why");
    let nowhere = HandoverEvent::Held { reason: "ragu".into(), place: " ".into() };
    assert_eq!(desk.hand(nowhere), Err(Refusal::ShelfMissing), "and where it lies");
    desk.hold("jari milik orang lain").unwrap();
    let spoils =
        |effect: &Effect| matches!(effect, Effect::SpoilBlangko { .. } | Effect::NotifyCentre { .. });
    assert!(!desk.effects.iter().any(spoils), "nothing is void");
    assert!(desk.effects.contains(&Effect::ShelveCard { place: "C1-02".into() }), "it lies there");
    assert!((desk.state.print.card == card) && card.is_some(), "the card is good");
    assert_eq!((desk.state.step, &desk.state.phase), (Step::Handover, &Phase::Open), "and can be given");
    let handover = &desk.state.handover;
    assert_eq!(handover.held.as_ref().map(|held| held.reason.as_str()), Some("jari milik orang lain"));
    assert_eq!(handover.tries.len(), 1, "the try is evidence");
    assert!(handover.finger.is_none() && handover.receipt.is_none() && handover.judged.is_empty());
    assert!(handover.photo.is_none(), "an eye's word was about the person who left");
    assert_eq!(desk.hand(HandoverEvent::HandedOver), Err(Refusal::FingerUnmatched), "everything anew");
}

#[test]
fn a_card_that_agrees_with_the_signed_form_is_given_and_the_correction_is_noted() {
    let mut desk = to_handover();
    desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 90 }).unwrap();
    desk.hand(HandoverEvent::PhotoCompared { same: true, measured: true }).unwrap();
    desk.judge(HandoverLine::FaceSame).unwrap();
    desk.receipt().unwrap();
    let lines = vec![HandoverLine::DataRead];
    assert_eq!(desk.hand(HandoverEvent::PersonConfirmed), Err(Refusal::LinesUnjudged { lines }));
    let agrees = |note: &str| HandoverEvent::CardAgrees { note: note.into() };
    assert_eq!(desk.hand(agrees(" ")), Err(Refusal::ReasonMissing), "what is to be corrected");
    desk.hand(agrees("gelar belum tercantum")).unwrap();
    let noted = desk.effects.iter().find_map(|effect| match effect {
        Effect::RegisterLine { kind, detail } => Some((*kind, detail.clone())),
        _ => None,
    });
    let (kind, detail) = noted.expect("one line");
    assert_eq!(kind, RegisterKind::CorrectionNoted);
    assert!(!format!("{detail:?}{:?}", desk.state.handover.correction).contains("gelar"), "no data in it");
    desk.give().unwrap();
    assert_eq!(desk.state.phase, Phase::Closed, "the applicant has a card meanwhile");
    assert!(desk.state.print.spoiled.is_empty(), "and no blangko is lost");
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
    let again = desk.state.print_request.job;
    assert_ne!(again, first, "under another name");
    let told = desk.effects.iter().filter_map(|effect| match effect {
        Effect::NotifyCentre { news, job, blangko } => Some((*news, Some(*job), blangko.is_some())),
        _ => None,
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [(CardNews::Voided, first, true), (CardNews::Requested, again, false)],
        "the centre hears that the card is void, and is asked for another"
    );
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

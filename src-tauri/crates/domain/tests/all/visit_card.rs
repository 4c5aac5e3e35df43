//! Steps 6–8: what a card needs, and what becomes of a blangko.

use domain::ids::NomorPermohonan;
use domain::permohonan::{CardNews, Phase};
use domain::role::{Action, Role, Witness};
use domain::steps::handover::{HandoverEvent, HandoverLine, OldCard, required_lines};
use domain::steps::print::{PrintEvent, SpoilReason, exchange};
use domain::steps::print_request::{
    Obstacle, PrintRequestEvent, Priority, PriorityReason, RequestFacts, RequestWarning,
};
use domain::steps::status::{NotReady, StatusEvent};
use domain::stock::NomorBlangko;
use domain::{Effect, Event, JenisPermohonan, Refusal, Step};

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
    status(
        &mut desk,
        StatusEvent::SuketChosen { reason: "masih diproses".into(), no_blangko: false, elsewhere: false },
    )
    .unwrap();
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
        status(&mut desk, StatusEvent::PickupSlipGiven { later: false }),
        Err(Refusal::StatusUnknown),
        "nothing is known"
    );
    let entry = desk.status("STATUS YANG BARU");
    status(&mut desk, StatusEvent::Seen { entry }).unwrap();
    assert_eq!(
        status(&mut desk, StatusEvent::PickupSlipGiven { later: false }),
        Err(Refusal::NotPrintReady),
        "unknown is not ready"
    );
    status(
        &mut desk,
        StatusEvent::SuketChosen { reason: "masih diproses".into(), no_blangko: false, elsewhere: false },
    )
    .unwrap();
    assert_eq!(desk.state.phase, Phase::Waiting { outcome: NotReady::Suket }, "waits with a Suket");
    status(
        &mut desk,
        StatusEvent::ReturnedToApplicant {
            reason: "masih diproses".into(),
            code: "processing".into(),
            no_blangko: false,
            elsewhere: false,
        },
    )
    .unwrap();
    assert_eq!(desk.state.phase, Phase::Waiting { outcome: NotReady::Told }, "or was told");
    let entry = desk.status("PRR");
    status(&mut desk, StatusEvent::Seen { entry }).unwrap();
    let suket = status(
        &mut desk,
        StatusEvent::SuketChosen { reason: "x".into(), no_blangko: false, elsewhere: false },
    );
    assert_eq!(suket, Err(Refusal::IsPrintReady), "ready: give the slip");
    let (reason, no_blangko, elsewhere) = ("kartu lain".into(), false, true);
    let before = desk.state.clone();
    status(&mut desk, StatusEvent::SuketChosen { reason, no_blangko, elsewhere }).expect("none is made here");
    let waits = |desk: &Desk| (desk.state.status.for_blangko, desk.state.status.for_other);
    assert_eq!(waits(&desk), (false, true), "a blangko would not help, the end of the other card does");
    desk.state = before;
    let none_left =
        StatusEvent::SuketChosen { reason: "blangko kosong".into(), no_blangko: true, elsewhere: false };
    status(&mut desk, none_left).expect("a slip without a blangko helps nobody");
    assert_eq!(waits(&desk), (true, false), "which is what the applicant waits for");
    desk.second += 8 * 86_400;
    let old = status(&mut desk, StatusEvent::PickupSlipGiven { later: false });
    assert!(matches!(old, Err(Refusal::StatusTooOld { .. })), "a week is too old to decide on: {old:?}");
    let outdated = StatusEvent::ReturnedToApplicant {
        reason: "status terlalu lama".into(),
        code: "outdated".into(),
        no_blangko: false,
        elsewhere: false,
    };
    status(&mut desk, outdated).expect("the other exit stays open");
    assert_eq!(desk.state.phase, Phase::Waiting { outcome: NotReady::Told }, "nobody is kept at the counter");
    assert!(desk.state.status.outdated.is_some(), "that old word calls nobody back");
    assert_eq!(waits(&desk), (false, false), "and a blangko would not help");
    let entry = desk.status("PRINT_READY_RECORD");
    status(&mut desk, StatusEvent::Seen { entry }).unwrap();
    status(&mut desk, StatusEvent::PickupSlipGiven { later: false }).unwrap();
    assert_eq!((desk.state.step, &desk.state.phase), (Step::Print, &Phase::Open), "on to the card");
}

#[test]
fn a_word_that_is_known_to_stand_is_decided_on_however_long_ago_it_was_said() {
    let mut desk = to_print_request();
    desk.request().unwrap();
    let entry = desk.status("PRR");
    status(&mut desk, StatusEvent::Seen { entry }).unwrap();
    desk.second += 8 * 86_400;
    let slip = || StatusEvent::PickupSlipGiven { later: false };
    let old = status(&mut desk, slip());
    assert!(matches!(old, Err(Refusal::StatusTooOld { .. })), "nobody knows of it since: {old:?}");
    desk.whole = Some(desk.now());
    let suket = StatusEvent::SuketChosen { reason: "lama".into(), no_blangko: false, elsewhere: false };
    assert_eq!(status(&mut desk, suket), Err(Refusal::IsPrintReady), "it is not old any more");
    status(&mut desk, slip()).expect("the feed is whole and says nothing else");
}

#[test]
fn a_clock_that_is_behind_the_centre_dates_no_slip_no_letter_and_no_card_and_the_reason_can_still_be_told() {
    let behind = |outcome: Result<(), Refusal>| matches!(outcome, Err(Refusal::ClockBehind { .. }));
    let mut desk = to_print_request();
    desk.request().unwrap();
    let entry = desk.status("PRR");
    status(&mut desk, StatusEvent::Seen { entry }).unwrap();
    desk.second -= 30 * 86_400;
    assert!(
        behind(status(&mut desk, StatusEvent::PickupSlipGiven { later: false })),
        "how old the word is nobody knows"
    );
    let suket = StatusEvent::SuketChosen { reason: "gangguan".into(), no_blangko: true, elsewhere: false };
    assert!(behind(status(&mut desk, suket)), "a letter is valid from its date on");
    let told = StatusEvent::ReturnedToApplicant {
        reason: "gangguan".into(),
        code: "trouble".into(),
        no_blangko: false,
        elsewhere: false,
    };
    status(&mut desk, told).expect("nobody is kept at the counter for a battery");
    desk.second += 30 * 86_400;
    let entry = desk.status("PRR");
    status(&mut desk, StatusEvent::Seen { entry }).unwrap();
    status(&mut desk, StatusEvent::PickupSlipGiven { later: false }).expect("a clock that is right again");
    desk.second -= 30 * 86_400;
    assert!(behind(desk.start_print("0718-009")), "nor a card with that day of issue");
    assert!(desk.state.print.jobs.is_empty(), "no order");
    desk.second += 30 * 86_400;
    desk.start_print("0718-009").unwrap();
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
    let alone =
        PrintEvent::Spoiled { reason: SpoilReason::Misprint, note: String::new(), witness: own, said: None };
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
    let other = |desk: &mut Desk, text| print(desk, PrintEvent::OtherBlangko { blangko: number(text) });
    assert_eq!(other(&mut desk, "0718-010"), Err(Refusal::NothingUnderWay), "no card is in the printer");
    desk.start_print("0718-009").unwrap();
    let booked = desk.state.print.job.clone().unwrap();
    assert_eq!(other(&mut desk, "0718-009"), Err(Refusal::BlangkoUnusable), "that is the booked one");
    other(&mut desk, "0718-010").unwrap();
    let over =
        Effect::RenumberCard { job: booked.job, booked: number("0718-009"), blangko: number("0718-010") };
    assert!(desk.effects.contains(&over), "the same order, on the other piece: {:?}", desk.effects);
    print(&mut desk, PrintEvent::ResultUnknown).unwrap();
    other(&mut desk, "0718-012").unwrap();
    assert!(
        desk.state.print.job.as_ref().unwrap().unknown,
        "a number says nothing of what became of the card"
    );
    other(&mut desk, "0718-010").unwrap();
    print(&mut desk, PrintEvent::Printed).unwrap();
    assert_eq!(desk.state.print.card, Some(number("0718-010")), "the number that stands on the card");
    desk.spoil(SpoilReason::Misprint, "").unwrap();
    desk.start_print("0718-011").unwrap();
    assert_eq!(other(&mut desk, "0718-010"), Err(Refusal::BlangkoUnusable), "a spoiled one is no card");
}

#[test]
fn two_cards_on_each_others_blangko_change_numbers_in_one_deed_and_stay_asked_about() {
    let (mut own, mut other) = (to_print(), to_print());
    let number = |text| NomorBlangko::parse(text).unwrap();
    let both =
        |own: &Desk, other: &Desk| exchange((&own.state, &own.ctx()), (&other.state, &other.ctx()), "B-002");
    own.start_print("0718-001").unwrap();
    assert_eq!(both(&own, &other).unwrap_err(), Refusal::NothingUnderWay, "one card alone");
    other.job();
    other.start_print("0718-003").unwrap();
    print(&mut other, PrintEvent::ResultUnknown).unwrap();
    let (job, with) = (own.state.print.job.clone().unwrap(), other.state.print.job.clone().unwrap());
    let ([own_after, other_after], effects) = both(&own, &other).unwrap();
    let (own_job, other_job) = (own_after.print.job.unwrap(), other_after.print.job.unwrap());
    assert_eq!((own_job.job, own_job.blangko, own_job.unknown), (job.job, number("0718-003"), false));
    assert_eq!((other_job.job, other_job.blangko, other_job.unknown), (with.job, number("0718-001"), true));
    let lines = effects.iter().filter(|effect| matches!(effect, Effect::RegisterLine { .. })).count();
    assert_eq!((lines, effects.len()), (1, 2), "one deed: {effects:?}");
    assert!(effects.contains(&Effect::ExchangeCards { job: job.job, with: with.job }), "{effects:?}");

    other.state.print.job = None;
    other.start_print("0718-004").unwrap();
    own.spoil(SpoilReason::Misprint, "").unwrap();
    own.start_print("0718-005").unwrap();
    other.state.print.job.as_mut().unwrap().blangko = number("0718-001");
    assert_eq!(both(&own, &other).unwrap_err(), Refusal::BlangkoUnusable, "a spoiled one is no card");
}

#[test]
fn a_damaged_card_is_taken_in_once() {
    let mut desk = Desk::new(JenisPermohonan::Rusak, "1990-01-01");
    desk.walk_steps_1_to_3(true);
    desk.state.step = Step::Handover;
    desk.state.print_request.job = Some(desk.job());
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
    assert_eq!(
        news(&desk),
        Some(CardNews::OldWithdrawn),
        "the centre hears it now, whatever becomes of the visit"
    );
    desk.does(old(withdrawn("retak, cip tidak terbaca"))).unwrap();
    assert_eq!(again(&desk), Some(true), "but only once");
    let absent = OldCard::Absent { note: "tertinggal".into() };
    assert_eq!(desk.does(old(absent)), Err(Refusal::OldCardIsHere), "what was taken in is here");
    desk.does(Event::Cancelled { reason: "pemohon tidak jadi".into() }).unwrap();
    assert_eq!(news(&desk), None, "and its end tells nothing of it");
    assert_eq!(
        required_lines(&desk.state),
        [HandoverLine::FaceSame, HandoverLine::DataRead, HandoverLine::OldCardBoxed],
        "and it must lie in the box"
    );
}

#[test]
fn a_lost_card_that_was_found_again_is_taken_in_and_none_is_asked_for() {
    let mut desk = Desk::new(JenisPermohonan::Rusak, "1990-01-01");
    desk.walk_steps_1_to_3(true);
    desk.state.plan.kind = JenisPermohonan::Hilang;
    desk.state.step = Step::Handover;
    desk.state.print_request.job = Some(desk.job());
    let old = |old_card| Event::Handover(HandoverEvent::OldCardSeen { old_card });
    let absent = OldCard::Absent { note: "masih hilang".into() };
    assert_eq!(desk.does(old(absent)), Err(Refusal::NoOldCard), "it is known to be lost");
    assert!(!required_lines(&desk.state).contains(&HandoverLine::OldCardBoxed), "nothing is asked for");
    desk.does(old(OldCard::Withdrawn { condition: "baik".into(), place: "Kotak 14".into() })).unwrap();
    let taken =
        desk.effects.iter().any(|effect| matches!(effect, Effect::WithdrawOldCard { again: false, .. }));
    assert!(taken, "into the destruction register");
    assert_eq!(news(&desk), Some(CardNews::OldWithdrawn), "and the centre hears of it");
    assert!(required_lines(&desk.state).contains(&HandoverLine::OldCardBoxed), "it must lie in the box");
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
    status(&mut desk, StatusEvent::PickupSlipGiven { later: false }).unwrap();
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
fn a_request_that_comes_to_no_card_is_given_up_at_the_centre_too() {
    let ends = [
        ("called off", Event::Cancelled { reason: "kartu lama ditemukan".into() }),
        ("gone back", Event::WentBack { to: Step::PrintRequest }),
        ("left alone", Event::Expired),
    ];
    for (how, event) in ends {
        let mut desk = Desk::new(JenisPermohonan::Rusak, "1990-01-01");
        desk.walk_steps_1_to_3(true);
        desk.request().unwrap();
        let request = desk.state.print_request.job.unwrap();
        desk.second += 90 * 86_400;
        desk.does(event.clone()).unwrap();
        let given_up = Effect::NotifyCentre { news: CardNews::Withdrawn, job: request, blangko: None };
        let told = desk.effects.iter().filter(|effect| matches!(effect, Effect::NotifyCentre { .. }));
        assert_eq!(told.collect::<Vec<_>>(), [&given_up], "{how}: the centre holds no request for ever");
        assert!(desk.effects.contains(&Effect::LeavePrintQueue), "{how}: nor does the queue");

        let mut before = Desk::new(JenisPermohonan::Rusak, "1990-01-01");
        before.walk_steps_1_to_3(true);
        before.second += 90 * 86_400;
        let event = match event {
            Event::WentBack { .. } => Event::WentBack { to: Step::Form },
            other => other,
        };
        before.does(event).unwrap();
        assert_eq!(news(&before), None, "{how}: what was never asked for is not given up");
    }
}

//! Steps 8 and 9 after the centre took PRINT_READY_RECORD back.

use domain::central_status::{CentralStatus, KnownStatus};
use domain::permohonan::{CardNews, Phase};
use domain::steps::handover::HandoverEvent;
use domain::steps::print::{ChipCheck, PrintEvent};
use domain::steps::status::{StatusEvent, withdrawal};
use domain::{Effect, Event, Finger, Refusal, Step};

use crate::desk::Desk;
use crate::visit::{news, print, status, to_print, to_print_request};
use crate::visit_handover::to_handover;

fn says(desk: &mut Desk, text: &str) {
    let entry = desk.status(text);
    status(desk, StatusEvent::Seen { entry }).unwrap();
}

fn withdrawn<T: std::fmt::Debug>(outcome: Result<T, Refusal>) -> String {
    match outcome {
        Err(Refusal::PrintReadyWithdrawn { status, .. }) => status,
        other => panic!("not withdrawn: {other:?}"),
    }
}

#[test]
fn no_blangko_is_taken_at_any_status_but_print_ready_and_what_follows_it() {
    let later = [
        KnownStatus::PrintReadyRecord,
        KnownStatus::SentForCardPrinting,
        KnownStatus::CardPrinted,
        KnownStatus::CardShipped,
        KnownStatus::CardIssued,
    ];
    for known in KnownStatus::ALL {
        let mut desk = to_print();
        says(&mut desk, known.name());
        let started = desk.start_print("0718-224-913");
        if later.contains(&known) {
            assert_eq!(started, Ok(()), "{known:?} takes nothing back");
        } else {
            assert_eq!(withdrawn(started), known.name(), "as the centre wrote it");
            assert!(desk.state.print.job.is_none() && desk.state.print.jobs.is_empty(), "no order");
        }
    }
    for unknown in ["REVOKED", "dicabut pusat", "STATUS YANG BARU", ""] {
        let mut desk = to_print();
        says(&mut desk, unknown);
        assert_eq!(withdrawn(desk.start_print("0718-224-913")), unknown, "what is not known lets nothing be");
    }
    assert!(CentralStatus::received("print ready record").lets_card_be(), "spelling plays no part");
}

#[test]
fn a_stale_word_takes_nothing_back_and_an_older_one_that_comes_late_neither() {
    let mut desk = to_print();
    desk.second += 400 * 86_400;
    assert_eq!(withdrawal(&desk.state), None, "four hundred days old, and still print ready");
    let mut entry = desk.status("PROCESSING");
    entry.as_of = domain::Timestamp::from_second(1_000_000_000).unwrap();
    status(&mut desk, StatusEvent::Seen { entry }).unwrap();
    assert_eq!(withdrawal(&desk.state), None, "it was true before the slip");
    desk.start_print("0718-224-913").unwrap();
}

#[test]
fn no_card_is_begun_on_a_word_that_turned_out_to_be_of_another_recording() {
    let mut desk = to_print();
    let entry = desk.state.status.mirror.current().unwrap().clone();
    status(&mut desk, StatusEvent::Attributed { entry: entry.clone(), of_another: true }).unwrap();
    assert_eq!(withdrawal(&desk.state), None, "nobody took it back");
    assert_eq!(desk.start_print("0718-224-913"), Err(Refusal::StatusUnknown), "of this one nothing is known");
    status(&mut desk, StatusEvent::Attributed { entry, of_another: false }).unwrap();
    desk.start_print("0718-224-913").expect("it was of this one after all");
}

#[test]
fn the_centre_is_listened_to_from_step_7_on_at_the_desk_where_the_visit_stands() {
    let mut desk = to_print_request();
    let entry = desk.status("PRR");
    let early = status(&mut desk, StatusEvent::Seen { entry });
    assert_eq!(early, Err(Refusal::OtherStep { at: Step::PrintRequest, event: Step::Status }), "not before");
    let mut desk = to_print();
    desk.roles = vec![domain::Role::Printing];
    says(&mut desk, "DUPLICATE_RECORD");
    assert_eq!(desk.state.status.mirror.current().unwrap().status.raw(), "DUPLICATE_RECORD", "kept");
    desk.roles = vec![domain::Role::RegisterOfficer];
    let entry = desk.status("PRR");
    let foreign = status(&mut desk, StatusEvent::Seen { entry });
    assert!(matches!(foreign, Err(Refusal::Role { .. })), "nobody else's desk: {foreign:?}");
}

#[test]
fn a_visit_whose_print_ready_was_taken_back_goes_to_step_7_and_on_again_with_the_centre() {
    let mut desk = to_print();
    says(&mut desk, "DUPLICATE_RECORD");
    desk.does(Event::WentBack { to: Step::Status }).unwrap();
    assert!(!desk.state.status.slip_given, "the slip says nothing any more");
    status(
        &mut desk,
        StatusEvent::SuketChosen { reason: "data ganda".into(), no_blangko: false, elsewhere: false },
    )
    .unwrap();
    says(&mut desk, "PRINT_READY_RECORD");
    status(&mut desk, StatusEvent::PickupSlipGiven { later: false }).unwrap();
    desk.start_print("0718-224-913").unwrap();
}

#[test]
fn a_card_that_was_in_the_printer_then_is_finished_counted_and_kept_on_the_shelf() {
    let mut desk = to_print();
    desk.start_print("0718-224-913").unwrap();
    says(&mut desk, "DUPLICATE_RECORD");
    print(&mut desk, PrintEvent::Printed).unwrap();
    let spent = |effect: &Effect| matches!(effect, Effect::SpendBlangko { .. });
    assert!(desk.effects.iter().any(spent), "what came out is counted");
    print(&mut desk, PrintEvent::ChipChecked { chip: ChipCheck::ReadBack }).unwrap();
    let at_once = print(&mut desk, PrintEvent::QualityAccepted { place: " ".into() });
    assert_eq!(at_once, Err(Refusal::ShelfMissing), "not into the hand");
    desk.accept_card().unwrap();
    assert_eq!(desk.state.step, Step::Handover);
    assert_eq!(desk.state.print.shelf.as_ref().map(|shelf| shelf.place.as_str()), Some("B2-07"), "kept");
    assert_eq!(withdrawn(desk.hand(HandoverEvent::HandedOver)), "DUPLICATE_RECORD", "and not given");
}

#[test]
fn the_echo_of_a_printed_card_gives_nothing_back() {
    let mut desk = to_handover();
    says(&mut desk, "DUPLICATE_RECORD");
    for echo in ["SENT_FOR_CARD_PRINTING", "CARD_PRINTED", "CARD_SHIPPED", "CARD_ISSUED"] {
        says(&mut desk, echo);
        let back = withdrawal(&desk.state).map(|entry| entry.status.raw());
        assert_eq!(back, Some("DUPLICATE_RECORD"), "after {echo}");
    }
    says(&mut desk, "PRINT_READY_RECORD");
    says(&mut desk, "CARD_PRINTED");
    assert_eq!(withdrawal(&desk.state), None, "only the centre's own word does");
}

#[test]
fn a_card_on_the_shelf_is_not_given_until_the_centre_says_print_ready_again() {
    let mut desk = to_handover();
    desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 90 }).unwrap();
    desk.hand(HandoverEvent::PhotoCompared { same: true, measured: true, unread: None }).unwrap();
    for line in domain::steps::handover::required_lines(&desk.state) {
        desk.judge(line).unwrap();
    }
    desk.receipt().unwrap();
    says(&mut desk, "ADJUDICATE_RECORD");
    assert_eq!(withdrawn(desk.hand(HandoverEvent::PersonConfirmed)), "ADJUDICATE_RECORD");
    says(&mut desk, "PRINT_READY_RECORD");
    desk.give().unwrap();
    assert_eq!(desk.state.phase, Phase::Closed, "the same card, and nothing asked twice");
}

#[test]
fn a_card_that_the_centre_takes_back_is_voided_by_two_and_the_visit_waits_at_step_7() {
    let mut desk = to_handover();
    let request = desk.state.print_request.job;
    assert_eq!(desk.call_off("Pusat: ganda"), Err(Refusal::IsPrintReady), "not while print ready stands");
    says(&mut desk, "DUPLICATE_RECORD");
    assert_eq!(desk.call_off(" "), Err(Refusal::ReasonMissing), "why");
    let own = domain::role::Witness::Officer { operator: desk.operator.clone() };
    let alone = desk.hand(HandoverEvent::CalledOff { note: "Pusat: ganda".into(), witness: own });
    assert_eq!(alone, Err(Refusal::WitnessIsOperator), "nobody voids a card alone");
    desk.call_off("Pusat: ganda").unwrap();
    assert!(desk.effects.contains(&Effect::LeaveShelf), "off the shelf");
    assert!(desk.effects.iter().any(|effect| matches!(effect, Effect::SpoilBlangko { .. })), "accounted for");
    assert!(desk.effects.iter().any(|effect| matches!(effect, Effect::JoinPrintQueue { .. })), "it waits");
    assert_eq!(news(&desk), Some(CardNews::Voided), "the centre hears it");
    assert_eq!(desk.state.print_request.job, request, "the request stands");
    assert_eq!((desk.state.step, &desk.state.phase), (Step::Status, &Phase::Open), "step 7 decides again");
    let slip = status(&mut desk, StatusEvent::PickupSlipGiven { later: false });
    assert_eq!(slip, Err(Refusal::NotPrintReady), "with the same rule");
    desk.does(Event::Cancelled { reason: "data ganda".into() }).unwrap();
}

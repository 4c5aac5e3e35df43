//! Steps 8 and 9 while the applicant is at home: no time of the standard, until somebody stands at the counter for the card.

use domain::sop::PauseReason;
use domain::steps::handover::HandoverEvent;
use domain::steps::print::{ChipCheck, PrintEvent};
use domain::steps::status::StatusEvent;
use domain::{Event, Finger, Step};

use crate::desk::Desk;
use crate::visit::{print, status, to_print, to_print_request};
use crate::visit_handover::to_handover;

const HOURS: i64 = 6 * 3_600;

/// Seconds of work of a step, and whether it is late.
fn used(desk: &Desk, step: Step) -> (u64, bool) {
    let now = domain::Timestamp::from_second(desk.second).unwrap();
    (desk.state.clock.of(step, now).used_s, desk.state.clock.is_late(step, now))
}

#[test]
fn a_card_on_the_shelf_is_not_late_however_long_it_lies_there() {
    let mut desk = to_handover();
    assert_eq!(desk.state.clock.current(), Some(Step::Handover), "the step is step 9");
    desk.second += HOURS;
    assert_eq!(used(&desk, Step::Handover), (0, false), "nobody waits for it");
    desk.hand(HandoverEvent::ShelfSet { place: "C1-01".into() }).unwrap();
    assert_eq!(desk.state.clock.paused(), Some(PauseReason::Waiting), "nor when it is laid elsewhere");
    desk.second += HOURS;
    desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 90 }).unwrap();
    desk.second += 200;
    assert_eq!(used(&desk, Step::Handover), (200, true), "from the finger on somebody waits");
    desk.hand(HandoverEvent::Held { reason: "surat meragukan".into(), place: "C1-01".into() }).unwrap();
    let before = used(&desk, Step::Handover);
    desk.second += HOURS;
    assert_eq!(used(&desk, Step::Handover), before, "whoever came goes without it");
    desk.does(Event::Continued).unwrap();
    desk.second += 10;
    assert_eq!(used(&desk, Step::Handover).0, before.0 + 10, "taken over, it goes on");
}

#[test]
fn a_card_that_is_handed_over_at_once_is_waited_for() {
    let mut desk = to_print();
    desk.start_print("0718-224-913").unwrap();
    print(&mut desk, PrintEvent::Printed).unwrap();
    print(&mut desk, PrintEvent::ChipChecked { chip: ChipCheck::ReadBack }).unwrap();
    print(&mut desk, PrintEvent::QualityAccepted { place: String::new() }).unwrap();
    desk.second += HOURS;
    assert_eq!(used(&desk, Step::Handover), (u64::try_from(HOURS).unwrap(), true));
}

#[test]
fn a_slip_for_another_day_stops_the_clock_of_step_8_until_the_card_is_begun() {
    for later in [true, false] {
        let mut desk = to_print_request();
        desk.request().unwrap();
        let entry = desk.status("PRINT_READY_RECORD");
        status(&mut desk, StatusEvent::Seen { entry }).unwrap();
        status(&mut desk, StatusEvent::PickupSlipGiven { later }).unwrap();
        desk.second += HOURS;
        assert_eq!(used(&desk, Step::Print).1, !later, "{later}: only who waits at the counter");
        let before = used(&desk, Step::Print).0;
        desk.start_print("0718-224-913").unwrap();
        let begun = used(&desk, Step::Print).0;
        desk.second += 50;
        assert_eq!(used(&desk, Step::Print).0, begun + 50, "{later}: the printing is work");
        assert!(!later || before == 0, "{later}: the wait at home is none");
    }
}

#[test]
fn a_clock_that_an_officer_stopped_for_another_reason_stands_until_it_is_continued() {
    let mut desk = to_handover();
    desk.does(Event::Continued).unwrap();
    desk.does(Event::Paused { reason: PauseReason::Applicant }).unwrap();
    desk.hand(HandoverEvent::FingerTried { finger: Finger::RightIndex, score: 90 }).unwrap();
    assert_eq!(desk.state.clock.paused(), Some(PauseReason::Applicant));
}

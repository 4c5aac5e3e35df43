//! The centre takes PRINT_READY_RECORD back after the slip was given (proof.md fault 42): before the blangko is taken, while
//! the card is in the printer, and before it leaves the hand.

use std::sync::Arc;

use domain::permohonan::Refusal;
use jiff::{SignedDuration, Timestamp};
use station::Error;
use station::clock::HeldClock;
use station::view::{CardJobState, PrintResult, StatusOutcome, Step, VisitState, Why};

use crate::bench::{Bench, LONG};
use crate::handing_over::{given, signed, tick_all, witnessed};
use crate::mirror::centre_says;
use crate::printing::{FIRST, job, photographed, print_on, printable, printed, sits, stock, told};

/// The centre says it, and the printing desk sits down again.
fn centre_says_to_printing(bench: &mut Bench, status: &str) {
    centre_says(bench, status);
    bench.until(devices::Role::CardPrinter, "found", |state| state != station::view::DeviceState::Absent);
    sits(bench, "rizal");
}

fn printer_is_ready(bench: &Bench) {
    let began = std::time::Instant::now();
    while !bench.station.card_print(&bench.id).unwrap().can_start {
        assert!(began.elapsed() < LONG, "the printer becomes ready");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

/// What the page says: the key, and the status as the centre wrote it.
fn said(why: Option<Why>) -> Option<(String, String)> {
    why.map(|why| (why.key, why.args.get("status").cloned().unwrap_or_default()))
}

fn withdrawn_as(status: &str) -> Option<(String, String)> {
    Some(("print_ready_withdrawn".to_owned(), status.to_owned()))
}

fn is_withdrawn<T: std::fmt::Debug>(outcome: Result<T, Error>) {
    match outcome {
        Err(Error::Refused(Refusal::PrintReadyWithdrawn { .. })) => {}
        other => panic!("not refused for the centre's word: {other:?}"),
    }
}

#[test]
fn a_blangko_is_taken_only_while_print_ready_stands_and_the_visit_finds_its_way_back() {
    let mut bench = printable();
    let id = bench.id.clone();
    sits(&bench, "yuliana");
    let slip = bench.station.status_check(&id).unwrap().slip.expect("given at step 7");
    sits(&bench, "rizal");
    let table = [
        ("SENT_FOR_CARD_PRINTING", false),
        ("DUPLICATE_RECORD", true),
        ("PRINT_READY_RECORD", false),
        ("CARD_PRINTED", false),
        ("ADJUDICATE_RECORD", true),
        ("ENROLL_FAILURE_AT_CENTRAL", true),
        ("print ready record", false),
        ("DICABUT", true),
    ];
    for (status, takes_back) in table {
        centre_says_to_printing(&mut bench, status);
        let seen = bench.station.card_print(&id).unwrap();
        assert_eq!(said(seen.withdrawn), if takes_back { withdrawn_as(status) } else { None }, "{status}");
        if takes_back {
            assert!(!seen.can_start, "{status}");
            assert_eq!(said(seen.start_why), withdrawn_as(status), "with the reason");
            is_withdrawn(bench.station.start_print(&id, FIRST, &job()));
        }
    }
    assert_eq!(stock(&bench), (10, 0, 0, 0), "no blangko was taken");
    assert!(
        bench.training.desk.card_printer().last_printed().is_none(),
        "and nothing was sent to the printer"
    );

    let back = bench.station.go_back(&id, Step::Status).unwrap();
    assert_eq!(back.step, Step::Status, "step 7 decides again");
    sits(&bench, "yuliana");
    let seen = bench.station.status_check(&id).unwrap();
    assert_eq!(seen.now.unwrap().raw, "DICABUT", "as the centre wrote it");
    assert!(seen.can_refuse && !seen.can_slip, "the other exit is open");
    let fell = |bench: &Bench| {
        let again = bench.station.print_slip(&slip.document_id, "");
        assert!(matches!(again, Err(Error::NotFound { .. })), "it calls nobody any more: {again:?}");
    };
    assert_eq!(seen.slip, None, "the slip fell with the centre's word");
    fell(&bench);
    let untrue = bench.station.tell_applicant(&id, "duplicate");
    assert!(matches!(untrue, Err(Error::NotNow { key: "reason_untrue", .. })), "not that: {untrue:?}");
    let given = bench.station.issue_suket(&id, "siap cetak ditarik pusat").unwrap();
    assert_eq!((given.outcome, given.slip, given.suket.is_some()), (StatusOutcome::Suket, None, true));
    centre_says(&mut bench, "PRINT_READY_RECORD");
    let ready = bench.station.give_pickup_slip(&id).unwrap();
    assert_eq!(ready.outcome, StatusOutcome::Slip, "and with it a new slip");
    assert_ne!(ready.slip.expect("the new one").number, slip.number);
    fell(&bench);
    sits(&bench, "rizal");
    bench.until(devices::Role::CardPrinter, "found", |state| state != station::view::DeviceState::Absent);
    print_on(&bench, FIRST);
}

#[test]
fn what_was_said_before_a_slip_that_fell_is_no_outcome_any_more() {
    let mut bench = printable();
    let id = bench.id.clone();
    let falls = |bench: &mut Bench| {
        centre_says_to_printing(bench, "DUPLICATE_RECORD");
        bench.station.go_back(&id, Step::Status).unwrap();
        sits(bench, "yuliana");
    };
    let ready = |bench: &mut Bench| {
        centre_says(bench, "PRINT_READY_RECORD");
        assert_eq!(bench.station.give_pickup_slip(&id).unwrap().outcome, StatusOutcome::Slip);
    };
    falls(&mut bench);
    assert_eq!(bench.station.issue_suket(&id, "duplicate").unwrap().outcome, StatusOutcome::Suket);
    ready(&mut bench);
    falls(&mut bench);
    let seen = bench.station.status_check(&id).unwrap();
    assert_eq!((seen.outcome, seen.slip.is_none()), (StatusOutcome::Open, true), "step 7 decides anew");
    assert!(seen.suket.is_some() && seen.can_refuse, "the letter stays a letter, and the other exit is open");
    assert_eq!(bench.station.tell_applicant(&id, "duplicate").unwrap().outcome, StatusOutcome::Told);
    ready(&mut bench);
    falls(&mut bench);
    assert_eq!(bench.station.status_check(&id).unwrap().outcome, StatusOutcome::Open, "nor the reason");
    let told = bench.station.issue_suket(&id, "duplicate").unwrap();
    assert_eq!(told.outcome, StatusOutcome::Suket, "what is said since is one");
}

#[test]
fn months_without_a_line_are_no_word_of_the_centre_and_take_nothing_back() {
    let mut bench = printable();
    bench.restart_by(Arc::new(HeldClock::at(Timestamp::now() + SignedDuration::from_hours(60 * 24))));
    sits(&bench, "rizal");
    let seen = bench.station.card_print(&bench.id).unwrap();
    assert_eq!(seen.withdrawn, None, "a stale mirror takes nothing back");
    let why = seen.start_why.map(|why| why.key);
    assert_ne!(why.as_deref(), Some("print_ready_withdrawn"), "nor stands it in the way of the card");
}

#[test]
fn a_word_that_comes_between_the_page_and_the_button_stops_the_order_too() {
    let mut bench = printable();
    let id = bench.id.clone();
    printer_is_ready(&bench);
    // The page was read before; nothing reads it again.
    centre_says_to_printing(&mut bench, "DUPLICATE_RECORD");
    is_withdrawn(bench.station.start_print(&id, FIRST, &job()));
    assert_eq!(stock(&bench), (10, 0, 0, 0), "the blangko is where it was");
}

#[test]
fn a_card_that_is_in_the_printer_then_is_finished_and_kept_and_goes_out_when_the_centre_says_so_again() {
    let mut bench = printable();
    let id = bench.id.clone();
    printer_is_ready(&bench);
    bench.station.start_print(&id, FIRST, &job()).unwrap();
    assert_eq!(told(&bench).job.unwrap().state, CardJobState::Reported);

    centre_says_to_printing(&mut bench, "DUPLICATE_RECORD");
    let seen = bench.station.card_print(&id).unwrap();
    assert_eq!(
        said(seen.withdrawn),
        withdrawn_as("DUPLICATE_RECORD"),
        "said while the card is in the printer"
    );
    bench.station.print_result(&id, PrintResult::Printed, FIRST, None, None).unwrap();
    bench.station.leave_chip_out(&id, "penyandi belum ada di meja ini").unwrap();
    assert_eq!(stock(&bench), (9, 0, 0, 0), "what came out is counted");
    assert!(bench.station.card_print(&id).unwrap().can_accept, "and it is finished");
    let hand = bench.station.accept_card(&id, " ").unwrap_err().to_view();
    assert_eq!(hand.key, "refused_shelf_missing", "but it is not handed over at once");
    assert_eq!(bench.station.accept_card(&id, "B2-07").unwrap().step, Step::Handover);
    assert_eq!(bench.station.unclaimed().unwrap()[0].place, "B2-07", "it lies on the shelf");

    witnessed(&bench, "jari aus");
    bench.station.compare_handover_photo(&id, true).unwrap();
    tick_all(&bench);
    signed(&bench);
    let seen = bench.station.handover(&id).unwrap();
    assert!(!seen.can_close, "everything is done, and still");
    assert_eq!(said(seen.withdrawn), withdrawn_as("DUPLICATE_RECORD"));
    let (name, photo) = (seen.person.name, seen.person.photo_id);
    is_withdrawn(bench.station.confirm_handover(&id, &name, photo.as_deref()));
    is_withdrawn(bench.station.close_handover(&id));

    centre_says_to_printing(&mut bench, "PRINT_READY_RECORD");
    assert_eq!(bench.station.handover(&id).unwrap().withdrawn, None, "the centre gave its word again");
    assert_eq!(given(&bench).state, VisitState::Done, "and the same card goes out");
}

#[test]
fn a_card_that_the_centre_will_not_have_is_voided_by_two_and_the_visit_comes_to_step_7_under_its_request() {
    let mut bench = printed();
    let id = bench.id.clone();
    centre_says_to_printing(&mut bench, "DUPLICATE_RECORD");
    assert_eq!(said(bench.station.handover(&id).unwrap().withdrawn), withdrawn_as("DUPLICATE_RECORD"));
    let alone = bench.station.dispute_card(&id, "data ganda", "rizal", training::PASSWORD);
    assert!(matches!(alone, Err(Error::SamePerson)), "nobody voids a card alone: {alone:?}");
    let none =
        bench.station.dispute_card(&id, "data ganda", "maya", training::PASSWORD).unwrap_err().to_view();
    assert_eq!(none.key, "supervisor_needed", "one of the two is a supervisor");
    let off = bench.station.dispute_card(&id, "pusat: data ganda", "hendra", training::PASSWORD).unwrap();
    assert_eq!(
        (off.step, off.returned.is_none()),
        (Step::Status, true),
        "step 7 decides again, nobody was sent home"
    );
    assert_eq!(stock(&bench), (9, 0, 0, 1), "accounted for as spoiled");
    assert!(bench.station.unclaimed().unwrap().is_empty(), "off the shelf");
    sits(&bench, "yuliana");
    let seen = bench.station.status_check(&id).unwrap();
    assert!(!seen.can_slip && seen.can_refuse, "a Suket or the reason in words");
    let cancelled = bench.station.cancel(&id, "data ganda menurut pusat").unwrap();
    assert_eq!(cancelled.state, VisitState::Cancelled, "and the visit can be ended: no card is out");
}

/// What the centre says of a record that it gives again while a card of it lies printed: ready, and as far as its card.
fn given_again_with_its_card(bench: &mut Bench) {
    for word in ["PRINT_READY_RECORD", "CARD_PRINTED"] {
        centre_says_to_printing(bench, word);
    }
}

#[test]
fn a_card_on_the_shelf_goes_out_when_its_record_is_given_again_and_no_second_one_is_begun() {
    let mut bench = printed();
    let id = bench.id.clone();
    centre_says_to_printing(&mut bench, "DUPLICATE_RECORD");
    assert_eq!(said(bench.station.handover(&id).unwrap().withdrawn), withdrawn_as("DUPLICATE_RECORD"));
    given_again_with_its_card(&mut bench);
    assert_eq!(
        bench.station.handover(&id).unwrap().withdrawn,
        None,
        "the word of the card hides no other word"
    );
    let second = bench.station.start_print(&id, "0718224914", &job());
    assert!(matches!(second, Err(Error::Refused(Refusal::OtherStep { .. }))), "no second card: {second:?}");
    let queue = bench.station.print_queue().unwrap().rows;
    assert!(queue.iter().all(|row| row.id != id), "nothing of it waits for the printer");
    sits(&bench, "yuliana");
    let slip = bench.station.give_pickup_slip(&id);
    assert!(matches!(slip, Err(Error::Refused(Refusal::OtherStep { .. }))), "nor a second slip: {slip:?}");
    sits(&bench, "rizal");
    assert_eq!(stock(&bench), (9, 0, 0, 0), "one blangko was used");
    witnessed(&bench, "jari aus");
    bench.station.compare_handover_photo(&id, true).unwrap();
    tick_all(&bench);
    signed(&bench);
    assert_eq!(given(&bench).state, VisitState::Done, "the card that lay there goes out");
    assert!(bench.station.unclaimed().unwrap().is_empty(), "and nothing is left on the shelf");
}

#[test]
fn a_voided_card_that_the_centre_has_not_heard_of_yet_lets_no_slip_be_given_for_the_next_one() {
    let mut bench = printed();
    let id = bench.id.clone();
    centre_says_to_printing(&mut bench, "DUPLICATE_RECORD");
    bench.station.dispute_card(&id, "pusat: data ganda", "hendra", training::PASSWORD).unwrap();
    // The line is down; to the centre the voided card still is the card of this record.
    given_again_with_its_card(&mut bench);
    sits(&bench, "yuliana");
    let seen = bench.station.status_check(&id).unwrap();
    assert_eq!(seen.now.map(|now| now.raw).as_deref(), Some("CARD_PRINTED"), "as the centre has it");
    assert!(!seen.can_slip, "two cards of one record are not begun");
    // It hears of the void.
    centre_says(&mut bench, "PRINT_READY_RECORD");
    sits(&bench, "yuliana");
    assert_eq!(bench.station.give_pickup_slip(&id).unwrap().outcome, StatusOutcome::Slip, "the next one");
    sits(&bench, "rizal");
    bench.until(devices::Role::CardPrinter, "found", |state| state != station::view::DeviceState::Absent);
    photographed(&bench, FIRST);
    print_on(&bench, "0718224914");
    assert_eq!(stock(&bench), (8, 0, 0, 1), "one spoiled, one good");
}

//! A card printer behind a queue: what was called not printed does not come out later, on another card's blangko.

use devices::Role;
use sim::FaultPlan;
use sim::paper_printer::PaperPrinterSim;

use super::*;

/// `job-state` (RFC 8011 §5.3.7).
const PROCESSING: i32 = 5;
const STOPPED: i32 = 6;
const CANCELLED: i32 = 7;
const COMPLETED: i32 = 9;

/// The number after [`FIRST`].
const SECOND: &str = "0718224914";

/// A queue that takes hours for a card, and the printing desk that has given it one; then its cover was opened.
fn stands_still() -> (PaperPrinterSim, FaultPlan, Bench) {
    let (queue, plan, bench) = waiting_for(Duration::from_secs(36_000));
    plan.set(SimFault::CoverOpen);
    (queue, plan, bench)
}

/// The printing desk that has given a card to a printer which takes so long for one.
fn waiting_for(takes: Duration) -> (PaperPrinterSim, FaultPlan, Bench) {
    sent_to(takes, |_| ())
}

/// The same, with a printer that is set like that.
fn sent_to(takes: Duration, set: impl FnOnce(&PaperPrinterSim)) -> (PaperPrinterSim, FaultPlan, Bench) {
    let plan = FaultPlan::new();
    let queue = PaperPrinterSim::start_cards([0], takes, plan.clone()).unwrap();
    set(&queue);
    let mut bench = printable();
    beside(&mut bench, &queue);
    bench.station.start_print(&bench.id, FIRST, &job()).unwrap();
    assert_eq!(states(&queue).len(), 1, "it was sent");
    (queue, plan, bench)
}

/// The program starts again, and its card printer is this one.
fn beside(bench: &mut Bench, queue: &PaperPrinterSim) {
    let devices = &mut bench.training.config.devices;
    devices.card_printer = "ipp".into();
    devices.card_printer_address = queue.url();
    again(bench);
}

fn again(bench: &mut Bench) {
    bench.restart();
    bench.until(Role::CardPrinter, "found", |state| state != DeviceState::Absent);
    sits(bench, "rizal");
}

/// Its cable is out, and the desk has noticed.
fn cable_out(plan: &FaultPlan, bench: &Bench) {
    plan.set(SimFault::Absent);
    bench.until(Role::CardPrinter, "gone", |state| state == DeviceState::Absent);
}

/// It is there again.
fn cable_in(plan: &FaultPlan, bench: &Bench) {
    plan.clear();
    bench.until(Role::CardPrinter, "found", |state| state != DeviceState::Absent);
}

fn states(queue: &PaperPrinterSim) -> Vec<i32> {
    queue.jobs().into_iter().map(|(_, state)| state).collect()
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let began = std::time::Instant::now();
    while !done() {
        assert!(began.elapsed() < LONG, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Says that the card was not printed; the key of what that is refused with.
fn not_printed(bench: &Bench) -> Result<(), String> {
    let said = bench.station.print_result(&bench.id, PrintResult::NotPrinted, "blangko utuh", None, None);
    said.map(drop).map_err(|error| error.to_view().key)
}

fn spoiled(bench: &Bench) -> Result<(), String> {
    let (witness, password) = (Some("hendra"), Some(training::PASSWORD));
    let said = bench.station.print_result(&bench.id, PrintResult::Spoiled, "misprint", witness, password);
    said.map(drop).map_err(|error| error.to_view().key)
}

/// Sends the next card as soon as the printer is found again: what the desk is told, and of which blangko.
fn sends(bench: &Bench, serial: &str) -> Result<(), (String, String)> {
    let began = std::time::Instant::now();
    loop {
        let Err(error) = bench.station.start_print(&bench.id, serial, &job()) else { return Ok(()) };
        let told = error.to_view();
        let soon = ["no_card_printer", "printer_not_ready"].contains(&told.key.as_str());
        if !soon || began.elapsed() > LONG {
            return Err((told.key, told.args.get("serial").cloned().unwrap_or_default()));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn of_first(key: &str) -> Result<(), (String, String)> {
    Err((key.to_owned(), "0718-224-913".to_owned()))
}

#[test]
fn an_order_of_an_earlier_run_that_is_called_not_printed_is_called_off_first() {
    let (queue, _plan, mut bench) = stands_still();
    again(&mut bench);
    bench.station.card_print(&bench.id).unwrap();
    assert_eq!(stock(&bench), (9, 0, 1, 0), "held, as nobody knows");
    let first = not_printed(&bench);
    assert_eq!(first, Err("print_maybe_taken".into()), "it had begun: somebody looks at the blangko");
    assert_eq!(states(&queue), [CANCELLED], "before its blangko is anybody's again");
    assert_eq!(stock(&bench), (9, 0, 1, 0));
    let why = bench.station.card_print(&bench.id).unwrap().job.unwrap().why.map(|why| why.key);
    assert_eq!(
        why.as_deref(),
        Some("print_called_off_begun"),
        "which is said, and no printer is called paused"
    );
    not_printed(&bench).unwrap();
    assert_eq!(stock(&bench), (10, 0, 0, 0), "a person's word");
}

#[test]
fn a_held_blangko_is_released_only_when_its_order_is_called_off() {
    let (queue, _plan, mut bench) = stands_still();
    again(&mut bench);
    bench.station.card_print(&bench.id).unwrap();
    let begun = bench.station.release_stock(FIRST, "utuh di laci").unwrap_err().to_view().key;
    assert_eq!(begun, "print_maybe_taken", "looked at first");
    bench.station.release_stock(FIRST, "utuh di laci").unwrap();
    assert_eq!((states(&queue), stock(&bench)), (vec![CANCELLED], (10, 0, 0, 0)));
}

#[test]
fn a_card_that_had_begun_when_it_was_called_off_is_not_said_to_have_taken_no_blangko() {
    let (queue, _plan, bench) = stands_still();
    let job = bench.station.cancel_print(&bench.id).unwrap().job.unwrap();
    assert_eq!(states(&queue), [CANCELLED]);
    let why = job.why.map(|why| why.key);
    assert_eq!((job.state, why.as_deref()), (CardJobState::Stopped, Some("print_called_off_begun")));
    not_printed(&bench).expect("that was shown");
}

#[test]
fn an_order_that_was_called_not_printed_while_the_printer_was_off_is_called_off_once_it_is_there_again() {
    let (queue, plan, bench) = stands_still();
    cable_out(&plan, &bench);
    not_printed(&bench).unwrap();
    assert_eq!(stock(&bench), (10, 0, 0, 0), "a printer that is gone keeps nobody from going on");
    // On again, with the cover still open: the order waits, and would print as soon as it is closed.
    plan.set(SimFault::CoverOpen);
    until("by itself, as soon as anybody looks", || {
        bench.station.card_print(&bench.id).unwrap();
        states(&queue) == [CANCELLED]
    });
    plan.clear();
    assert_eq!(sends(&bench, SECOND), of_first("print_earlier_unsure"), "it had begun: told once");
    assert_eq!(states(&queue), [CANCELLED], "and nothing sent");
    assert_eq!(sends(&bench, SECOND), Ok(()));
    assert_eq!(states(&queue), [CANCELLED, PROCESSING], "one card comes out");
}

/// A card comes out behind the back of whoever called it not printed; `between` goes before they say so.
fn came_out_later(
    set: impl FnOnce(&PaperPrinterSim),
    between: impl FnOnce(&mut Bench),
) -> (PaperPrinterSim, Bench) {
    let (queue, plan, mut bench) = sent_to(Duration::from_secs(3), set);
    cable_out(&plan, &bench);
    between(&mut bench);
    not_printed(&bench).unwrap();
    assert_eq!(stock(&bench), (10, 0, 0, 0));
    until("it was at work all the while", || states(&queue) == [COMPLETED]);
    plan.clear();
    (queue, bench)
}

fn told_of_a_card_that_came_out(between: impl FnOnce(&mut Bench)) {
    let (queue, bench) = came_out_later(|_| (), between);
    assert_eq!(
        sends(&bench, SECOND),
        of_first("print_earlier_came_out"),
        "not in silence, and of which piece"
    );
    assert_eq!(queue.jobs().len(), 1, "nothing sent yet");
    assert_eq!(stock(&bench), (9, 0, 0, 0), "a piece with a face on it is no blank");
    let aside = bench.station.blangko().unwrap().aside;
    assert_eq!(aside.len(), 1, "set aside, to be written off by two");
    assert_eq!(sends(&bench, FIRST).unwrap_err().0, "stock_not_there", "and printed on by nobody");
    assert_eq!(sends(&bench, SECOND), Ok(()), "told once");
    assert_eq!(queue.jobs().len(), 2, "then the next card is sent");
}

#[test]
fn a_card_that_came_out_after_it_was_called_not_printed_is_told_before_the_next_one_is_sent() {
    told_of_a_card_that_came_out(|_| ());
}

#[test]
fn a_card_that_came_out_after_a_restart_and_not_printed_is_told_too() {
    told_of_a_card_that_came_out(|bench| {
        bench.restart();
        sits(bench, "rizal");
        bench.station.card_print(&bench.id).unwrap();
    });
}

#[test]
fn what_a_queue_of_cups_handed_on_after_it_was_called_not_printed_is_told_and_no_blangko_set_aside() {
    let (queue, bench) = came_out_later(PaperPrinterSim::call_itself_cups, |_| ());
    assert_eq!(sends(&bench, SECOND), of_first("print_earlier_handed_on"), "its printer has said nothing");
    assert_eq!(queue.jobs().len(), 1, "nothing sent yet");
    assert_eq!(stock(&bench), (10, 0, 0, 0), "it may be clean: a person looks at it");
    assert!(bench.station.blangko().unwrap().aside.is_empty());
    assert_eq!(sends(&bench, FIRST), Ok(()), "told once; whoever found it clean prints on it");
    assert_eq!(queue.jobs().len(), 2);
}

#[test]
fn a_card_that_a_queue_of_cups_has_handed_on_is_shown_before_it_counts_as_not_printed() {
    let (queue, _plan, bench) = sent_to(Duration::from_millis(300), PaperPrinterSim::call_itself_cups);
    until("it is handed on", || states(&queue) == [COMPLETED]);
    assert_eq!(not_printed(&bench), Err("print_handed_on".into()), "nobody had seen that");
    assert_eq!(stock(&bench), (9, 1, 0, 0));
    not_printed(&bench).expect("whose word it is then");
    assert_eq!(stock(&bench), (10, 0, 0, 0));
}

#[test]
fn what_is_left_of_the_order_of_a_spoiled_card_takes_no_further_blangko() {
    let (queue, plan, bench) = stands_still();
    queue.give_to("kantor");
    assert_eq!(spoiled(&bench), Err("print_still_there".into()), "it would begin its card anew");
    assert_eq!(stock(&bench), (9, 1, 0, 0), "nothing is booked");
    queue.give_to("rekam");

    // The crumpled card is pulled out while the printer cannot be asked.
    cable_out(&plan, &bench);
    bench.station.cancel_print(&bench.id).unwrap();
    spoiled(&bench).unwrap();
    photographed(&bench, FIRST);
    plan.set(SimFault::CoverOpen);
    until("by itself, as soon as anybody looks", || {
        bench.station.card_print(&bench.id).unwrap();
        states(&queue) == [CANCELLED]
    });
    plan.clear();
    assert_eq!(sends(&bench, SECOND), Ok(()));
    assert_eq!(states(&queue), [CANCELLED, PROCESSING], "the spoiled card's order takes no second one");
}

#[test]
fn an_order_that_is_finished_after_its_card_was_called_spoiled_is_told_once() {
    let (queue, plan, bench) = waiting_for(Duration::from_secs(3));
    cable_out(&plan, &bench);
    bench.station.cancel_print(&bench.id).unwrap();
    spoiled(&bench).unwrap();
    until("it goes on", || states(&queue) == [COMPLETED]);
    plan.clear();
    photographed(&bench, FIRST);
    assert_eq!(sends(&bench, SECOND), of_first("print_earlier_finished"), "one more may lie there");
    assert_eq!(stock(&bench), (9, 0, 0, 1), "as the book had it");
    assert_eq!(sends(&bench, SECOND), Ok(()));
}

#[test]
fn a_test_card_waits_for_what_is_still_in_the_printer() {
    let (queue, plan, bench) = stands_still();
    cable_out(&plan, &bench);
    not_printed(&bench).unwrap();
    cable_in(&plan, &bench);
    plan.set(SimFault::CoverOpen);
    let told = bench.station.print_calibration().unwrap_err().to_view().key;
    assert_eq!(told, "print_earlier_unsure", "or the card of before would come out on the plain one");
    assert_eq!(states(&queue), [CANCELLED], "called off, and no rulers sent");
    plan.clear();
    bench.station.print_calibration().unwrap();
    let busy = bench.station.print_calibration().unwrap_err().to_view();
    assert_eq!((busy.key.as_str(), busy.args["why"].as_str()), ("printer_not_ready", "printer_busy"));
    assert_eq!(states(&queue), [CANCELLED, PROCESSING], "a card at work is waited for, not called off");
    plan.set(SimFault::CoverOpen);
    bench.station.print_calibration().unwrap();
    assert_eq!(states(&queue), [CANCELLED, CANCELLED], "one that stands still is called off");
}

#[test]
fn a_printer_that_is_there_and_does_not_answer_leaves_the_blangko_booked() {
    let (queue, plan, bench) = waiting_for(Duration::from_secs(36_000));
    plan.set(SimFault::Busy);
    assert_eq!(not_printed(&bench), Err("print_unanswered".into()), "it is at work, and says only that");
    assert_eq!(spoiled(&bench), Err("print_unanswered".into()));
    assert_eq!(stock(&bench), (9, 1, 0, 0));
    plan.clear();
    assert_eq!(states(&queue), [PROCESSING], "and it goes on");
}

#[test]
fn a_printer_that_answers_and_comes_to_no_end_is_not_said_to_be_silent() {
    let plan = FaultPlan::new();
    let queue = PaperPrinterSim::start_cards([0], Duration::from_secs(36_000), plan.clone()).unwrap();
    let mut bench = printable();
    let devices = &mut bench.training.config.devices;
    devices.card_printer = "ipp".into();
    devices.card_printer_address = queue.url();
    let now = jiff::Timestamp::now();
    let clock = std::sync::Arc::new(station::clock::HeldClock::at(now));
    bench.restart_by(clock.clone());
    bench.until(Role::CardPrinter, "found", |state| state != DeviceState::Absent);
    sits(&bench, "rizal");
    bench.station.start_print(&bench.id, FIRST, &job()).unwrap();
    plan.set(SimFault::CoverOpen);
    assert_eq!(bench.station.card_print(&bench.id).unwrap().job.unwrap().state, CardJobState::Printing);
    clock.set(now + jiff::SignedDuration::from_mins(6));
    let job = bench.station.card_print(&bench.id).unwrap().job.unwrap();
    let why = job.why.map(|why| why.key);
    assert_eq!((job.state, why.as_deref()), (CardJobState::Unknown, Some("printer_unfinished")));
    // Only Rekam has given it up: its queue would print it on the next card.
    let next = bench.station.print_calibration().map(drop).unwrap_err().to_view().key;
    assert_eq!(next, "print_earlier_there", "so nothing is sent behind it");
    assert_eq!(queue.jobs().len(), 1);
}

#[test]
fn an_order_that_went_to_another_printer_is_not_taken_to_be_let_go_of_by_the_one_of_now() {
    let (first, _plan, mut bench) = stands_still();
    let second = PaperPrinterSim::start_cards([0], Duration::from_secs(36_000), FaultPlan::new()).unwrap();
    beside(&mut bench, &second);
    bench.station.card_print(&bench.id).unwrap();
    let called = bench.station.cancel_print(&bench.id).unwrap_err().to_view().key;
    assert_eq!(called, "print_other_printer", "it cannot be called off from here");
    assert_eq!(not_printed(&bench), Err("print_other_printer".into()), "said once");
    assert_eq!(stock(&bench), (9, 0, 1, 0), "held meanwhile");
    not_printed(&bench).expect("a person's word");
    assert_eq!((states(&first), states(&second)), (vec![STOPPED], vec![]), "it waits there still");
    assert_eq!(sends(&bench, SECOND), Ok(()), "which keeps nobody from this printer");

    beside(&mut bench, &first);
    until("once that one is here again it is called off", || {
        bench.station.card_print(&bench.id).unwrap();
        states(&first) == [CANCELLED]
    });
}

#[test]
fn a_card_that_went_out_before_it_was_printed_lies_in_no_other_printer() {
    let (_first, _plan, mut bench) = stands_still();
    let second = PaperPrinterSim::start_cards([0], Duration::from_secs(36_000), FaultPlan::new()).unwrap();
    beside(&mut bench, &second);
    faults::books(&bench, |store, ctx| {
        let order = store.read(|look| look.open_card_jobs()).unwrap().remove(0);
        let act = store::Act::CardJobMove {
            permohonan: order.permohonan,
            job: order.id,
            state: order.state.code().to_owned(),
        };
        store.transact(act, ctx, |tx| tx.report_card_job(order.id, order.state, "print_chip_out")).unwrap();
    });
    sits(&bench, "rizal");
    bench.until(Role::CardPrinter, "found", |state| state != DeviceState::Absent);
    not_printed(&bench).expect("its face was sent to none: nobody is told that it was");
    assert_eq!(stock(&bench), (10, 0, 0, 0));
}

#[test]
fn an_offset_is_the_printers_and_not_its_models() {
    let started = || PaperPrinterSim::start_cards([0], Duration::ZERO, FaultPlan::new()).unwrap();
    let (first, spare, mut bench) = (started(), started(), printable());
    beside(&mut bench, &first);
    let kept = |bench: &Bench| {
        let offset = bench.station.print_queue().unwrap().offset;
        (offset.x_mm, offset.y_mm)
    };
    bench.station.set_printer_offset(1.0, -0.5).unwrap();
    beside(&mut bench, &spare);
    assert_eq!(kept(&bench), (0.0, 0.0), "the spare of the same model was measured by nobody");
    beside(&mut bench, &first);
    assert_eq!(kept(&bench), (1.0, -0.5), "the first one was");
}

//! A card printer behind a queue: what was called not printed does not come out later, on another card's blangko.

use sim::FaultPlan;
use sim::paper_printer::PaperPrinterSim;

use super::*;

/// `job-state` (RFC 8011 §5.3.7).
const PROCESSING: i32 = 5;
const CANCELLED: i32 = 7;
const COMPLETED: i32 = 9;

/// A queue that takes hours for a card, and the printing desk that has given it one; then its cover was opened.
fn stands_still() -> (PaperPrinterSim, FaultPlan, Bench) {
    let (queue, plan, bench) = waiting_for(Duration::from_secs(36_000));
    plan.set(SimFault::CoverOpen);
    (queue, plan, bench)
}

/// The printing desk that has given a card to a queue which takes so long for one.
fn waiting_for(takes: Duration) -> (PaperPrinterSim, FaultPlan, Bench) {
    let plan = FaultPlan::new();
    let queue = PaperPrinterSim::start_cards([0], takes, plan.clone()).unwrap();
    let mut bench = printable();
    let devices = &mut bench.training.config.devices;
    devices.card_printer = "ipp".into();
    devices.card_printer_address = queue.url();
    again(&mut bench);
    bench.station.start_print(&bench.id, FIRST, &job()).unwrap();
    assert_eq!(states(&queue).len(), 1, "it was sent");
    (queue, plan, bench)
}

fn again(bench: &mut Bench) {
    bench.restart();
    bench.until(devices::Role::CardPrinter, "found", |state| state != DeviceState::Absent);
    sits(bench, "rizal");
}

fn states(queue: &PaperPrinterSim) -> Vec<i32> {
    queue.jobs().into_iter().map(|(_, state)| state).collect()
}

#[test]
fn an_order_of_an_earlier_run_that_is_called_not_printed_is_called_off_first() {
    let (queue, _plan, mut bench) = stands_still();
    again(&mut bench);
    bench.station.card_print(&bench.id).unwrap();
    assert_eq!(stock(&bench), (9, 0, 1, 0), "held, as nobody knows");
    bench.station.print_result(&bench.id, PrintResult::NotPrinted, "kartu putih", None, None).unwrap();
    assert_eq!(states(&queue), [CANCELLED], "before its blangko is anybody's again");
    assert_eq!(stock(&bench), (10, 0, 0, 0));
}

#[test]
fn a_held_blangko_is_released_only_when_its_order_is_called_off() {
    let (queue, _plan, mut bench) = stands_still();
    again(&mut bench);
    bench.station.card_print(&bench.id).unwrap();
    bench.station.release_stock(FIRST, "utuh di laci").unwrap();
    assert_eq!((states(&queue), stock(&bench)), (vec![CANCELLED], (10, 0, 0, 0)));
}

#[test]
fn an_order_that_was_called_not_printed_while_the_printer_was_off_is_called_off_once_it_is_there_again() {
    let (queue, plan, bench) = stands_still();
    plan.set(SimFault::Absent);
    bench.station.print_result(&bench.id, PrintResult::NotPrinted, "printer mati", None, None).unwrap();
    assert_eq!(stock(&bench), (10, 0, 0, 0), "a printer that is gone keeps nobody from going on");
    // On again, with the cover still open: the order waits, and would print as soon as it is closed.
    plan.set(SimFault::CoverOpen);
    let began = std::time::Instant::now();
    while states(&queue) != [CANCELLED] {
        bench.station.card_print(&bench.id).unwrap();
        assert!(began.elapsed() < LONG, "by itself, as soon as anybody looks");
        std::thread::sleep(Duration::from_millis(50));
    }
    plan.clear();
    while !bench.station.card_print(&bench.id).unwrap().can_start {
        assert!(began.elapsed() < LONG, "the printer becomes ready");
        std::thread::sleep(Duration::from_millis(50));
    }
    bench.station.start_print(&bench.id, "0718224914", &job()).unwrap();
    assert_eq!(states(&queue), [CANCELLED, PROCESSING], "one card comes out");
}

#[test]
fn a_card_that_came_out_after_it_was_called_not_printed_is_told_before_the_next_one_is_sent() {
    let (queue, plan, bench) = waiting_for(Duration::from_secs(3));
    plan.set(SimFault::Absent);
    bench.station.print_result(&bench.id, PrintResult::NotPrinted, "printer mati", None, None).unwrap();
    plan.clear();
    let began = std::time::Instant::now();
    while states(&queue) != [COMPLETED] {
        assert!(began.elapsed() < LONG, "it was at work all the while");
        std::thread::sleep(Duration::from_millis(50));
    }
    let sends = |serial: &str| loop {
        match bench.station.start_print(&bench.id, serial, &job()) {
            Err(error) if error.to_view().key != "print_earlier_came_out" => {
                assert!(began.elapsed() < LONG, "the printer is found again: {error}");
                std::thread::sleep(Duration::from_millis(50));
            }
            sent => break sent,
        }
    };
    let told = sends("0718224914").expect_err("not in silence").to_view();
    assert_eq!(told.key, "print_earlier_came_out");
    assert_eq!(told.args["serial"], "0718-224-913", "which piece has a face on it");
    sends("0718224914").expect("told once");
    assert_eq!(queue.jobs().len(), 2, "then the next card is sent");
}

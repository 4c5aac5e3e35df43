//! Two visits at one card printer: the end of one's card, or what is left of it, and the other's.

use devices::Role;
use sim::evolis::PanelOrder;
use station::view::CardOut;

use super::*;
use crate::bench::other_grown_up;
use crate::sealed::recorded;

/// The number after [`FIRST`].
const SECOND: &str = "0718224914";

/// Two visits at step 8 and ten blangko; the bench's own is the later one.
fn two() -> (Bench, String) {
    let mut bench = waiting();
    let first = bench.id.clone();
    bench.nik = other_grown_up(&bench.nik).nik;
    bench.training.seat(&bench.nik);
    for role in [Role::Camera, Role::FingerprintScanner, Role::IrisScanner] {
        bench.until_present(role);
    }
    bench.again();
    let mut bench = recorded(bench);
    let second = bench.id.clone();
    bench.station.submit_print_request(&second).unwrap();
    centre_says(&mut bench, "PRINT_READY_RECORD");
    bench.station.give_pickup_slip(&second).unwrap();
    (ready(bench), first)
}

fn ready_for(bench: &Bench, id: &str) {
    let began = std::time::Instant::now();
    while !bench.station.card_print(id).unwrap().can_start {
        assert!(began.elapsed() < LONG, "the printer becomes ready");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn until_reported(bench: &Bench, id: &str) {
    let began = std::time::Instant::now();
    while bench.station.card_print(id).unwrap().job.unwrap().state != CardJobState::Reported {
        assert!(began.elapsed() < LONG, "the printer comes to an end");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn refused(answer: station::Result<CardPrint>) -> String {
    answer.map(drop).expect_err("refused").to_view().key
}

#[test]
fn the_end_of_one_card_and_what_is_left_of_it_inside_are_seen_to_before_the_next_visits_card() {
    let (bench, first) = two();
    let (station, second) = (&bench.station, bench.id.as_str());
    let plan = bench.training.desk.plan(Role::CardPrinter);
    let panel = || bench.training.desk.card_printer().panel();

    // Its card drops out, and nobody is at its page any more.
    ready_for(&bench, &first);
    station.start_print(&first, FIRST, &job()).unwrap();
    let began = std::time::Instant::now();
    let sent = loop {
        match station.start_print(second, SECOND, &job()) {
            Err(error) if error.to_view().key == "printer_not_ready" && began.elapsed() < LONG => {
                std::thread::sleep(Duration::from_millis(50));
            }
            sent => break sent,
        }
    };
    sent.expect("the end of the first card is heard by itself");
    assert_eq!(told(&bench).job.unwrap().state, CardJobState::Reported);
    assert_eq!(station.card_print(&first).unwrap().job.unwrap().state, CardJobState::Reported, "kept for it");
    assert_eq!((panel().taken, panel().printed), (2, 2), "each its own card");
    let witness = (Some("hendra"), Some(training::PASSWORD));
    station.print_result(&first, PrintResult::Spoiled, "misprint", witness.0, witness.1).unwrap();
    bench.until_present(Role::Camera);
    station.photograph_spoiled(&first, FIRST).unwrap();
    station.print_result(second, PrintResult::Printed, SECOND, None, None).unwrap();

    // The ribbon ends in the middle; it is changed, and the card is still inside.
    ready_for(&bench, &first);
    plan.set(SimFault::RibbonOutMidJob);
    station.start_print(&first, "0718224915", &job()).unwrap();
    let began = std::time::Instant::now();
    while station.card_print(&first).unwrap().job.unwrap().state != CardJobState::Stopped {
        assert!(began.elapsed() < LONG, "it stops");
        std::thread::sleep(Duration::from_millis(50));
    }
    plan.clear();
    let before = bench.training.desk.card_printer().last_printed();
    let calibrated = station.print_calibration().map(drop).unwrap_err().to_view().key;
    assert_eq!(calibrated, "print_inside_first", "nor a test card: it would be printed on that one");
    let (witness, password) = (Some("hendra"), Some(training::PASSWORD));
    station.print_result(second, PrintResult::Spoiled, "misprint", witness, password).unwrap();
    station.photograph_spoiled(second, SECOND).unwrap();
    let why = station.card_print(second).unwrap().start_why.expect("said before the key");
    assert_eq!((why.key.as_str(), why.args["serial"].as_str()), ("print_inside_first", "0718-224-915"));
    assert_eq!(refused(station.start_print(second, "0718224916", &job())), "print_inside_first");
    assert!(bench.training.desk.card_printer().last_printed() == before, "nothing was printed on it");
    let taken = panel().taken;
    station.bring_card_out(&first, CardOut::Exit).unwrap();
    ready_for(&bench, second);
    station.start_print(second, "0718224916", &job()).unwrap();
    assert_eq!(panel().taken, taken + 1, "a piece of its own");

    // At work on the second visit's card: the first one's page moves nothing.
    match station.bring_card_out(&first, CardOut::RejectBox) {
        Err(error) => assert_eq!(error.to_view().key, "card_out_running"),
        // On a slow machine that card is out by now.
        Ok(_) => assert_eq!(told(&bench).job.unwrap().state, CardJobState::Reported),
    }
    assert_eq!(told(&bench).job.unwrap().state, CardJobState::Reported);
    assert_eq!(panel().rejected, 0, "the good card lies at the exit");
}

#[test]
fn of_two_cards_that_were_cut_off_only_the_one_that_may_be_inside_keeps_others_from_printing_and_is_named() {
    let (mut bench, first) = two();
    let second = bench.id.clone();
    ready_for(&bench, &first);
    bench.station.start_print(&first, FIRST, &job()).unwrap();
    until_reported(&bench, &first);
    faults::again(&mut bench);
    // The printer had called it done: it lies in the tray.
    ready_for(&bench, &second);
    bench.station.print_calibration().expect("and keeps no test card from the printer");

    ready_for(&bench, &second);
    bench.station.start_print(&second, SECOND, &job()).unwrap();
    faults::again(&mut bench);
    let witness = (Some("hendra"), Some(training::PASSWORD));
    bench.station.print_result(&first, PrintResult::Spoiled, "misprint", witness.0, witness.1).unwrap();
    bench.until_present(Role::Camera);
    bench.station.photograph_spoiled(&first, FIRST).unwrap();
    let told = bench.station.start_print(&first, "0718224915", &job()).map(drop).unwrap_err().to_view();
    assert_eq!((told.key.as_str(), told.args["serial"].as_str()), ("print_inside_first", "0718-224-914"));
    assert!(!told.args["ticket"].is_empty(), "and whose step 8 is to be looked at");
    let why = bench.station.card_print(&first).unwrap().start_why.map(|why| why.key);
    assert_eq!(why.as_deref(), Some("print_inside_first"));
    bench.station.print_result(&second, PrintResult::Printed, SECOND, None, None).unwrap();
    ready_for(&bench, &first);
    bench.station.start_print(&first, "0718224915", &job()).expect("answered, it keeps nobody");
}

#[test]
fn a_card_that_may_be_one_of_two_orders_is_brought_out_at_step_8_and_not_as_nobodys() {
    let (bench, first) = two();
    for (id, serial) in [(first.as_str(), FIRST), (bench.id.as_str(), SECOND)] {
        ready_for(&bench, id);
        bench.station.start_print(id, serial, &job()).unwrap();
        until_reported(&bench, id);
    }
    faults::books(&bench, |store, ctx| {
        for order in store.read(|look| look.open_card_jobs()).unwrap() {
            let (permohonan, state) = (order.permohonan, store::CardJobState::Unknown);
            let act = store::Act::CardJobMove { permohonan, job: order.id, state: state.code().to_owned() };
            store.transact(act, ctx, |tx| tx.report_card_job(order.id, state, "printer_silent")).unwrap();
        }
    });
    sits(&bench, "rizal");
    bench.until(Role::CardPrinter, "found", |state| state != DeviceState::Absent);
    let told = bench.station.clear_card_printer(CardOut::Exit).map(drop).unwrap_err().to_view();
    assert_eq!(told.key, "print_inside_first", "whose it is, is not known");
    bench.station.bring_card_out(&first, CardOut::Exit).unwrap();
    bench.station.clear_card_printer(CardOut::Exit).expect("then it can be one only");
}

#[test]
fn two_cards_that_came_out_on_each_others_blangko_change_numbers_once_both_tickets_were_named() {
    let (bench, first) = two();
    let (station, second) = (&bench.station, bench.id.as_str());
    ready_for(&bench, &first);
    station.start_print(&first, FIRST, &job()).unwrap();
    until_reported(&bench, &first);
    ready_for(&bench, second);
    station.start_print(second, SECOND, &job()).unwrap();
    let front = bench.training.desk.card_printer().front();
    let says = |word: &str| PanelOrder { says: Some(word.to_owned()), ..PanelOrder::default() };
    front.set(&says("INF_PRINTING_RUNNING")).unwrap();
    assert_eq!(
        refused(station.take_other_blangko(&first, SECOND)),
        "print_exchange_running",
        "of which nobody"
    );
    front.set(&says("")).unwrap();
    until_reported(&bench, second);

    let told = station.take_other_blangko(&first, SECOND).map(drop).unwrap_err().to_view();
    assert_eq!(told.key, "print_number_of_other", "the stock need not be counted");
    let tickets = [&told.args["ticket"], &told.args["other"]];
    assert!(tickets[0] != tickets[1] && tickets.iter().all(|ticket| !ticket.is_empty()), "{tickets:?}");
    assert_eq!(told.args["with"], second, "whose card it is booked for");
    station.print_result(second, PrintResult::Unknown, "", None, None).unwrap();
    assert_eq!(stock(&bench), (8, 1, 1, 0), "nothing moved by it");
    let stray = station.exchange_blangko(&first, "0718224915", second);
    assert_eq!(refused(stray), "print_exchange_over", "under which no card is under way");
    assert_eq!(
        refused(station.exchange_blangko(&first, SECOND, &first)),
        "print_exchange_over",
        "nor that visit's"
    );

    let seen = station.exchange_blangko(&first, SECOND, second).unwrap().job.expect("still to be judged");
    assert_eq!((seen.serial.as_str(), seen.state), ("0718-224-914", CardJobState::Reported));
    let seen = told_of(&bench, second);
    assert_eq!(
        (seen.serial.as_str(), seen.state),
        ("0718-224-913", CardJobState::Unknown),
        "asked as before"
    );
    assert_eq!(stock(&bench), (8, 1, 1, 0), "each piece at its card");
    station.print_result(&first, PrintResult::Printed, SECOND, None, None).unwrap();
    let good = station.print_result(second, PrintResult::Printed, FIRST, None, None).unwrap();
    assert_eq!(good.card.as_deref(), Some("0718-224-913"));
    assert_eq!(stock(&bench), (8, 0, 0, 0), "two good cards");
    let page = station.blangko().unwrap();
    assert!(page.agrees, "the book adds up: {:?}", page.disagreement);
    station.print_calibration().expect("and nothing is left at the printer");
    let named = faults::noted(&bench, "tiket_lain");
    assert!(matches!(named.as_slice(), [ticket] if ticket.ends_with(tickets[1].as_str())), "{named:?}");
}

fn told_of(bench: &Bench, id: &str) -> station::view::CardJob {
    bench.station.card_print(id).unwrap().job.expect("an order")
}

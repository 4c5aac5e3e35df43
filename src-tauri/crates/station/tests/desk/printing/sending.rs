//! An order on its way to the printer, and sending to the centre, which yields to a card as long as it is in there.

use domain::ids::OperatorId;
use store::{Act, OperatorStatus};

use super::faults::books;
use super::*;

/// Prints cards, and may look at the sync page too.
fn prints_and_sends(bench: &mut Bench) {
    books(bench, |store, ctx| {
        let rizal = OperatorId::parse("rizal").unwrap();
        let act = Act::OperatorAccount { operator: rizal.clone(), change: "peran".into() };
        let roles = r#"["printing","operator"]"#;
        store
            .transact(act, ctx, |tx| tx.put_operator(&rizal, "Rizal Fahmi", roles, OperatorStatus::Active))
            .unwrap();
    });
    bench.restart();
    sits(bench, "rizal");
    bench.until(devices::Role::CardPrinter, "found", |state| state != DeviceState::Absent);
}

fn paused(bench: &Bench) -> bool {
    bench.station.sync_status().unwrap().paused
}

fn until(bench: &Bench, wanted: bool, why: &str) {
    let began = std::time::Instant::now();
    while paused(bench) != wanted {
        assert!(began.elapsed() < LONG, "{why}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn nothing_is_sent_from_the_order_of_a_card_to_the_printers_last_word() {
    let mut bench = printable();
    prints_and_sends(&mut bench);
    let id = bench.id.clone();
    until(&bench, false, "nothing is in the printer");
    bench.station.start_print(&id, FIRST, &job()).unwrap();
    // Nobody asks the printer meanwhile: no device is at work, and still nothing is sent.
    until(&bench, true, "sending yields to the card");
    for _ in 0..30 {
        assert!(paused(&bench), "as long as the printer has not said its last word");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(told(&bench).job.unwrap().state, CardJobState::Reported, "the printer's own word");
    until(&bench, false, "then sending goes on");

    bench.station.print_result(&id, PrintResult::NotPrinted, "kartu tidak keluar", None, None).unwrap();
    bench.training.desk.plan(devices::Role::CardPrinter).set(SimFault::RibbonOutMidJob);
    bench.station.start_print(&id, FIRST, &job()).unwrap();
    until(&bench, true, "also for the next one");
    assert_eq!(told(&bench).job.unwrap().state, CardJobState::Stopped, "which the printer stops");
    until(&bench, false, "and does not hold sending up for ever");
}

#[test]
fn a_look_at_the_page_while_the_order_is_handed_over_leaves_the_order_as_it_is() {
    let bench = printable();
    let (station, id) = (&bench.station, bench.id.as_str());
    // The order is on the disk, and the printer has not heard of it yet.
    bench.training.desk.plan(devices::Role::CardPrinter).set(SimFault::Slow(150));
    let mut seen = Vec::new();
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| station.start_print(id, FIRST, &job()).map(drop));
        while !sending.is_finished() {
            // Without a pause: the order has its turn all the same.
            seen.extend(station.card_print(id).unwrap().job.map(|job| job.state));
        }
        sending.join().unwrap().unwrap();
    });
    bench.training.desk.plan(devices::Role::CardPrinter).clear();
    assert!(!seen.contains(&CardJobState::Unknown), "nobody is asked whether it came out: {seen:?}");
    assert_eq!(told(&bench).job.unwrap().state, CardJobState::Reported, "the printer's own word");
}

//! Sending yields to a card for as long as it is in the printer.

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

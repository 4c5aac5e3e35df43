//! Card orders in a queue that shows and gives a job to its owner alone, as CUPS does as it is shipped.

use std::time::Duration;

use devices::driver::card_printer::ipp::IppCardPrinter;
use devices::driver::card_printer::{CardFate, CardReason, Doubt, JobId, JobState};
use devices::{Budget, CardPrinter};
use sim::paper_printer::PaperPrinterSim;
use sim::{FaultPlan, SimFault};

use crate::card_printer::job;

/// `job-state` (RFC 8011 §5.3.7).
const PENDING: i32 = 3;
const PROCESSING: i32 = 5;
const STOPPED: i32 = 6;
const CANCELLED: i32 = 7;

fn within() -> Budget {
    Budget::of(Duration::from_secs(20))
}

/// One card is printed for hours, and another waits behind it.
fn queue() -> (PaperPrinterSim, IppCardPrinter) {
    queue_of(FaultPlan::new())
}

fn queue_of(plan: FaultPlan) -> (PaperPrinterSim, IppCardPrinter) {
    let sim = PaperPrinterSim::start_cards([0], Duration::from_secs(36_000), plan).unwrap();
    let driver = IppCardPrinter::new(&sim.url()).unwrap();
    for name in ["first", "second"] {
        assert_eq!(driver.submit(&job(name), &within()), Ok(JobState::Waiting), "{name}");
    }
    assert_eq!(sim.jobs(), [("rekam-first".into(), PROCESSING), ("rekam-second".into(), PENDING)]);
    (sim, driver)
}

fn id(name: &str) -> JobId {
    JobId::parse(name).unwrap()
}

#[test]
fn an_order_of_an_earlier_run_is_found_by_its_name_and_called_off_while_it_waits() {
    let (sim, _) = queue();
    let again = IppCardPrinter::new(&sim.url()).unwrap();
    assert_eq!(again.poll(&id("second"), &within()), Ok(JobState::Waiting), "it is known");
    assert_eq!(again.cancel(&id("second"), &within()), Ok(JobState::Cancelled), "surely no card");
    assert_eq!(sim.jobs()[1].1, CANCELLED);
}

#[test]
fn an_order_that_was_given_up_does_not_come_out_later() {
    let (sim, driver) = queue();
    let unknown = JobState::Unknown { doubt: Doubt::NoAnswer };
    assert_eq!(driver.give_up(&id("second"), Doubt::NoAnswer), unknown, "nobody waits for it");
    assert_eq!(sim.jobs()[1].1, PENDING, "and the queue has it still");
    assert_eq!(driver.let_go(&id("second"), &within()), Ok(JobState::Cancelled));
    assert_eq!(sim.jobs()[1].1, CANCELLED);
    let again = IppCardPrinter::new(&sim.url()).unwrap();
    let begun = JobState::Failed { reason: CardReason::JobCancelled, card: CardFate::Unsure };
    assert_eq!(again.let_go(&id("first"), &within()), Ok(begun), "a card of which one is looked for");
    let nobody = JobState::Unknown { doubt: Doubt::Forgotten };
    assert_eq!(again.let_go(&id("third"), &within()), Ok(nobody), "which was never sent");
}

#[test]
fn a_queue_that_will_not_call_an_order_off_is_not_said_to_have_printed_it() {
    let (sim, driver) = queue();
    sim.give_to("kantor");
    let still = Ok(JobState::Waiting);
    assert_eq!(driver.cancel(&id("second"), &within()), still, "somebody else's");
    assert_eq!(driver.let_go(&id("second"), &within()), still);
    assert_eq!(sim.jobs()[1].1, PENDING, "it waits there");
}

#[test]
fn a_printer_that_was_switched_off_has_forgotten_its_orders_and_says_so_of_each() {
    let (sim, driver) = queue();
    driver.give_up(&id("second"), Doubt::NoAnswer);
    sim.forget();
    let nobody = Ok(JobState::Unknown { doubt: Doubt::Forgotten });
    assert_eq!(driver.let_go(&id("second"), &within()), nobody, "it cannot come out any more");
    assert_eq!(driver.poll(&id("first"), &within()), nobody);
}

#[test]
fn an_order_that_stands_still_in_the_middle_is_not_said_to_have_taken_no_card() {
    let plan = FaultPlan::new();
    let (sim, driver) = queue_of(plan.clone());
    plan.set(SimFault::CoverOpen);
    assert_eq!(sim.jobs()[0].1, STOPPED, "its cover was opened");
    let begun = Ok(JobState::Failed { reason: CardReason::JobCancelled, card: CardFate::Unsure });
    assert_eq!(driver.cancel(&id("first"), &within()), begun, "called off, and somebody looks");
    assert_eq!(sim.jobs()[0].1, CANCELLED);
    assert_eq!(driver.cancel(&id("second"), &within()), Ok(JobState::Cancelled), "that one never began");
}

#[test]
fn an_order_that_somebody_cancelled_at_the_queue_before_it_began_took_no_card() {
    let (sim, driver) = queue();
    assert_eq!(driver.cancel(&id("second"), &within()), Ok(JobState::Cancelled));
    let again = IppCardPrinter::new(&sim.url()).unwrap();
    assert_eq!(again.let_go(&id("second"), &within()), Ok(JobState::Cancelled), "the queue says so itself");
}

#[test]
fn an_order_that_has_another_number_now_is_called_off_under_that_one() {
    let (sim, driver) = queue();
    sim.forget();
    let other = IppCardPrinter::new(&sim.url()).unwrap();
    for name in ["third", "second"] {
        assert_eq!(other.submit(&job(name), &within()), Ok(JobState::Waiting), "{name}");
    }
    assert_eq!(driver.let_go(&id("second"), &within()), Ok(JobState::Cancelled));
    assert_eq!(sim.jobs(), [("rekam-third".into(), PROCESSING), ("rekam-second".into(), CANCELLED)]);
}

//! What the printer only warns of: said at the printing desk, and in nobody's way.

use super::*;

#[test]
fn a_printer_that_asks_to_be_cleaned_is_named_before_the_card_and_prints_it_all_the_same() {
    let bench = printable();
    let (station, id) = (&bench.station, bench.id.as_str());
    assert_eq!(at_rest(&bench).printer_warnings, Vec::<String>::new(), "nothing to say");
    let plan = bench.training.desk.plan(devices::Role::CardPrinter);
    plan.set(SimFault::CleaningDue);
    assert_eq!(at_rest(&bench).printer_warnings, ["cleaning_due"], "at the print queue");
    let seen = station.card_print(id).unwrap();
    assert_eq!(seen.stock.printer_warnings, ["cleaning_due"], "and at step 8, before the blangko is taken");
    assert!(seen.can_start, "which it does not hinder: {:?}", seen.start_why.map(|why| why.key));
    print_on(&bench, FIRST);
    plan.clear();
    assert_eq!(at_rest(&bench).printer_warnings, Vec::<String>::new(), "cleaned");
}

use super::stock::job;
use crate::desk::{Desk, at};
use store::PrinterOrderKind;

#[test]
fn what_was_sent_to_a_printer_is_its_own_until_it_has_let_go_of_it() {
    let desk = Desk::new();
    desk.store
        .bookkeep(at(10), |ledger| {
            ledger.send_to_printer(job(1), PrinterOrderKind::Card, "one")?;
            ledger.send_to_printer(job(2), PrinterOrderKind::Test, "one")?;
            ledger.send_to_printer(job(3), PrinterOrderKind::Card, "other")
        })
        .unwrap();
    let held = |desk: &Desk, device| {
        let rows = desk.store.read(|v| v.held_by_printer(device)).unwrap();
        rows.into_iter().map(|row| (row.id, row.kind)).collect::<Vec<_>>()
    };
    let both = [(job(1), PrinterOrderKind::Card), (job(2), PrinterOrderKind::Test)];
    assert_eq!(held(&desk, "one"), both, "not what is in another printer");
    desk.store.bookkeep(at(12), |ledger| ledger.printer_let_go(job(1))).unwrap();
    let desk = desk.restart();
    assert_eq!(held(&desk, "one"), both[1..], "also after a restart");
    desk.store.bookkeep(at(13), |ledger| ledger.printer_let_go(job(1))).unwrap();
    let first = desk.store.read(|v| v.printer_order(job(1))).unwrap().unwrap();
    assert_eq!(first.let_go_ms, at(12).as_millisecond(), "the first word stands");
    let again = |ledger: &store::Ledger<'_>| ledger.send_to_printer(job(1), PrinterOrderKind::Card, "one");
    desk.store.bookkeep(at(14), again).unwrap();
    assert_eq!(held(&desk, "one").len(), 2, "sent again, held again");
}

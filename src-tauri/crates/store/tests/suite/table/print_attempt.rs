use crate::desk::{Desk, at, by, visit};
use store::{Act, NewPrintAttempt, PrintEnd};

fn sheet(paper: &str) -> NewPrintAttempt {
    NewPrintAttempt {
        paper: paper.into(),
        document: None,
        permohonan: Some(visit(1)),
        kind: "nomor_antrean".into(),
        roll: true,
        printer: "loket".into(),
        reason: " ".into(),
    }
}

#[test]
fn a_sheet_stands_in_the_book_from_before_it_is_sent_until_its_end_is_known() {
    let desk = Desk::with_visit();
    let send = |desk: &Desk, paper| desk.store.bookkeep(at(10), |ledger| ledger.send_sheet(&sheet(paper)));
    let first = send(&desk, "one").unwrap();
    let second = send(&desk, "one").unwrap();
    let other = send(&desk, "other").unwrap();
    // The program ends here; what it was doing does not.
    let desk = desk.restart();
    let open = |desk: &Desk, paper| {
        let rows = desk.store.read(|v| v.open_prints(paper)).unwrap();
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(open(&desk, "one"), [first, second], "of this paper alone, oldest first");
    let untold = |desk: &Desk| desk.store.read(|v| v.untold_prints()).unwrap().len();
    assert_eq!(untold(&desk), 3, "the register knows of none");

    desk.store.bookkeep(at(11), |ledger| ledger.no_sheet(second)).unwrap();
    assert!(desk.store.bookkeep(at(12), |ledger| ledger.no_sheet(second)).is_err(), "it has its end");
    let doubt = || Act::DocumentDoubt { permohonan: Some(visit(1)), kind: "nomor_antrean".into() };
    let told = |desk: &Desk| desk.store.transact(doubt(), &by("op-1", 20), |tx| tx.doubt_print(first));
    told(&desk).unwrap();
    assert!(told(&desk).is_err(), "the register is told once");
    assert_eq!((open(&desk, "one"), untold(&desk)), (vec![first], 1), "told, and still open");
    let said = Act::DocumentNone { permohonan: Some(visit(1)), kind: "nomor_antrean".into() };
    desk.store.transact(said, &by("op-2", 30), |tx| tx.end_print(first, PrintEnd::NoSheet)).unwrap();
    let row = desk.store.read(|v| v.print_attempt(first)).unwrap();
    assert_eq!((row.end, row.sent, row.told_ms > 0), (Some(PrintEnd::NoSheet), sheet_kept("one"), true));
    let nothing = desk.store.read(|v| v.print_attempt(second)).unwrap();
    assert_eq!(nothing.end, Some(PrintEnd::Nothing), "as its printer said");
    assert_eq!(open(&desk, "other"), [other], "of another paper nothing was said");
    let kinds: Vec<&str> = desk
        .store
        .read(|v| v.register_of(visit(1)))
        .unwrap()
        .iter()
        .map(|row| row.line.entry.kind.key())
        .filter(|key| key.starts_with("document"))
        .collect();
    assert_eq!(kinds, ["document_unknown", "document_not_out"], "a line each, and none for sending");
}

/// As it is read back: a reason of blanks is none.
fn sheet_kept(paper: &str) -> NewPrintAttempt {
    NewPrintAttempt { reason: String::new(), ..sheet(paper) }
}

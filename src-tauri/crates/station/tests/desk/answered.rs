//! An applicant with a Suket whom the centre answers later: the queue calls for it by itself.

use station::view::{QueueRow, QueueTab, RowState, StatusOutcome, Step, VisitState};

use crate::bench::Bench;
use crate::mirror::centre_says;
use crate::printing::sits;
use crate::sealed::sealed;

/// In whose list the visit stands for customer service, at which place, and how many wait there.
fn row(bench: &Bench) -> (bool, QueueRow, u32) {
    let seen = bench.station.queue(QueueTab::CustomerService).unwrap();
    let tab = seen.tabs.iter().find(|tab| tab.role == QueueTab::CustomerService).unwrap().count;
    let mine = seen.mine.iter().any(|row| row.id == bench.id);
    let row = seen.mine.into_iter().chain(seen.others).find(|row| row.id == bench.id).unwrap();
    (mine, row, tab)
}

/// The state of the row, and the answer's key with whether a slip can be given.
fn answered(bench: &Bench) -> (bool, RowState, Option<(String, bool)>) {
    let (mine, row, tab) = row(bench);
    assert_eq!(tab, u32::from(mine), "what calls is counted as work, and nothing else");
    assert_eq!(row.state == RowState::Answered, mine, "and stands in the desk's own list");
    (mine, row.state, row.answer.map(|answer| (answer.key, answer.ready)))
}

#[test]
fn a_visit_with_a_suket_comes_back_when_the_centre_says_print_ready_and_the_slip_is_given_from_the_queue() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    centre_says(&mut bench, "SENT_FOR_ENROLLMENT");
    assert_eq!(bench.station.issue_suket(&id, "not_arrived").unwrap().outcome, StatusOutcome::Suket);
    assert_eq!(answered(&bench), (false, RowState::Held, None), "waits for the centre");
    centre_says(&mut bench, "RECEIVED_AT_CENTRAL");
    assert_eq!(answered(&bench), (false, RowState::Held, None), "which is at work");

    centre_says(&mut bench, "PRINT_READY_RECORD");
    let ready = Some(("print_ready_record".to_owned(), true));
    assert_eq!(answered(&bench), (true, RowState::Answered, ready.clone()), "nobody had to look for it");
    let found = bench.station.search(&bench.nik).unwrap().rows;
    assert_eq!(found[0].state, RowState::Answered, "found by the number as well");

    sits(&bench, "rizal");
    assert!(!row(&bench).1.may_open, "the printing desk does not decide on the status");
    sits(&bench, "yuliana");
    assert!(row(&bench).1.may_open, "customer service does");
    let opened = bench.station.take(&id).unwrap();
    assert_eq!((opened.step, opened.state), (Step::Status, VisitState::Held), "opened at step 7");
    assert!(bench.station.status_check(&id).unwrap().can_slip, "where the slip can be given");
    assert_eq!(answered(&bench).2, ready, "looking alone takes nobody off the list");
    assert_eq!(bench.station.give_pickup_slip(&id).unwrap().outcome, StatusOutcome::Slip);
    let (_, on, _) = row(&bench);
    assert_eq!((on.step, on.answer.is_none()), (Step::Print, true), "and the card is next");
}

#[test]
fn an_answer_that_is_no_print_ready_comes_to_the_desk_until_the_applicant_is_told() {
    let mut bench = sealed();
    let id = bench.id.clone();
    bench.station.submit_print_request(&id).unwrap();
    bench.station.tell_applicant(&id, "not_arrived").unwrap();
    for (status, key, reason) in
        [("DUPLICATE_RECORD", "duplicate_record", "duplicate"), ("DITOLAK", "unknown", "ditolak pusat")]
    {
        centre_says(&mut bench, status);
        let wanted = Some((key.to_owned(), false));
        assert_eq!(answered(&bench), (true, RowState::Answered, wanted), "{status}");
        assert_eq!(row(&bench).1.answer.unwrap().raw, status, "as the centre wrote it");
        assert!(!bench.station.status_check(&id).unwrap().can_slip, "no slip for it");
        bench.station.tell_applicant(&id, reason).unwrap();
        assert_eq!(answered(&bench), (false, RowState::Held, None), "told, and waiting again");
    }
}

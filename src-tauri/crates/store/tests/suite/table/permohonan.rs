use crate::desk::{Desk, at, by, new_visit, operator, visit};
use domain::ids::PermohonanId;
use store::{Act, LocalStatus, NewPermohonan, QueueFilter};

#[test]
fn a_visit_resumes_on_the_step_and_state_it_was_left_on() {
    let desk = Desk::with_visit();
    let act = Act::PermohonanAssign { permohonan: visit(1) };
    desk.store
        .transact(act, &by("op-2", 20), |tx| {
            tx.set_state(
                visit(1),
                r#"{"step":"capture","done":["portrait"]}"#,
                "capture",
                LocalStatus::Draft,
            )?;
            tx.set_applicant(visit(1), "9901014100000001", "Siti Aminah")?;
            tx.assign(visit(1), Some(&operator("op-2")), 5)
        })
        .unwrap();
    let desk = desk.restart();
    let row = desk.store.read(|v| v.permohonan(visit(1))).unwrap().unwrap();
    assert_eq!((row.step.as_str(), row.priority), ("capture", 5), "same step after a restart");
    assert_eq!(row.state_json, r#"{"step":"capture","done":["portrait"]}"#, "same state, byte for byte");
    assert_eq!(row.operator, Some(operator("op-2")), "same operator");
    let shown = format!("{row:?}");
    assert!(!shown.contains("Siti") && !shown.contains("9901014100000001"), "masked: {shown}");
}

#[test]
fn the_open_part_of_a_visit_is_kept_without_a_line_and_closed_with_a_deed() {
    let desk = Desk::with_visit();
    let lines = || desk.store.read(|v| v.register_head()).unwrap().map(|head| head.row);
    let part = |desk: &Desk| desk.store.read(|v| v.open_part(visit(1))).unwrap();
    assert_eq!(part(&desk), None, "none is open");
    let before = lines();
    desk.store.bookkeep(at(20), |ledger| ledger.opens_part(visit(1), "irises")).unwrap();
    assert_eq!(lines(), before, "where somebody looks is no deed");
    assert!(desk.store.bookkeep(at(21), |ledger| ledger.opens_part(visit(1), "toes")).is_err());
    assert!(desk.store.bookkeep(at(22), |ledger| ledger.opens_part(visit(7), "irises")).is_err());
    let desk = desk.restart();
    assert_eq!(part(&desk).as_deref(), Some("irises"));
    let act = Act::PermohonanAssign { permohonan: visit(1) };
    desk.store.transact(act, &by("op-1", 30), |tx| tx.close_part(visit(1))).unwrap();
    assert_eq!(part(&desk), None);
}

#[test]
fn a_state_that_somebody_else_wrote_meanwhile_is_not_overwritten() {
    let desk = Desk::with_visit();
    let keep = |read: &str, state: &str| {
        let act = Act::PermohonanAssign { permohonan: visit(1) };
        desk.store.transact(act, &by("op-1", 30), |tx| {
            tx.expect_state(visit(1), read)?;
            tx.set_state(visit(1), state, "form", LocalStatus::Draft)
        })
    };
    let read = desk.store.read(|v| v.permohonan(visit(1))).unwrap().unwrap().state_json;
    keep(&read, r#"{"n":1}"#).unwrap();
    let stale = keep(&read, r#"{"n":2}"#);
    assert!(matches!(stale, Err(store::Error::ChangedMeanwhile)), "{stale:?}");
    let now = desk.store.read(|v| v.permohonan(visit(1))).unwrap().unwrap().state_json;
    assert_eq!(now, r#"{"n":1}"#, "the first stands");
    keep(&now, r#"{"n":2}"#).unwrap();
    let act = Act::PermohonanAssign { permohonan: visit(9) };
    let nobody = desk.store.transact(act, &by("op-1", 30), |tx| tx.expect_state(visit(9), "{}"));
    assert!(matches!(nobody, Err(store::Error::NoSuchRow { .. })), "{nobody:?}");
}

#[test]
fn every_step_of_the_core_fits_the_schema_and_no_other_word_does() {
    let desk = Desk::with_visit();
    let set = |step: &str| {
        let act = Act::PermohonanAssign { permohonan: visit(1) };
        desk.store.transact(act, &by("op-1", 30), |tx| tx.set_state(visit(1), "{}", step, LocalStatus::Draft))
    };
    for step in domain::Step::ALL {
        assert!(set(step.key()).is_ok(), "{} must fit", step.key());
    }
    assert!(set("langkah").is_err(), "an unknown step is refused by the CHECK");
}

#[test]
fn every_local_status_fits_the_schema() {
    let desk = Desk::with_visit();
    for status in LocalStatus::ALL {
        let act = Act::PermohonanAssign { permohonan: visit(1) };
        desk.store
            .transact(act, &by("op-1", 30), |tx| tx.set_state(visit(1), "{}", "form", *status))
            .unwrap();
        let row = desk.store.read(|v| v.permohonan(visit(1))).unwrap().unwrap();
        assert_eq!(row.status, *status, "comes back as it went in");
    }
}

#[test]
fn the_queue_shows_urgent_first_then_the_longest_waiting_and_no_ended_visit() {
    let desk = Desk::new();
    for n in 1..=4 {
        desk.open_visit(n);
    }
    let act = |n| Act::PermohonanAssign { permohonan: visit(n) };
    desk.store.transact(act(3), &by("op-1", 40), |tx| tx.assign(visit(3), None, 9)).unwrap();
    desk.store
        .transact(act(2), &by("op-1", 41), |tx| tx.set_state(visit(2), "{}", "form", LocalStatus::Cancelled))
        .unwrap();
    let ids: Vec<_> =
        desk.store.read(|v| v.queue(&QueueFilter::default())).unwrap().iter().map(|row| row.id).collect();
    assert_eq!(ids, [visit(3), visit(1), visit(4)], "urgent, then in order; the cancelled one is gone");
    let filter = QueueFilter { statuses: vec![LocalStatus::Cancelled], ..QueueFilter::default() };
    assert_eq!(desk.store.read(|v| v.queue(&filter)).unwrap().len(), 1, "but can be asked for");
    let filter = QueueFilter { steps: vec!["capture".into()], ..QueueFilter::default() };
    assert!(desk.store.read(|v| v.queue(&filter)).unwrap().is_empty(), "nobody is on capture");
}

#[test]
fn whoever_comes_last_is_in_the_queue_however_many_stand_open() {
    let desk = Desk::new();
    let id = |n: i64| PermohonanId::parse(&format!("01932f6e-0000-7000-8000-{n:012x}")).unwrap();
    for n in 1..=510 {
        let new = NewPermohonan { id: id(n), ..new_visit(1) };
        let act = Act::PermohonanOpen { permohonan: id(n) };
        desk.store.transact(act, &by("op-1", n), |tx| tx.open_permohonan(&new)).unwrap();
    }
    let all = desk.store.read(|v| v.queue(&QueueFilter::default())).unwrap();
    assert_eq!((all.len(), all.last().map(|row| row.id)), (510, Some(id(510))));
    let some = QueueFilter { limit: 3, ..QueueFilter::default() };
    assert_eq!(desk.store.read(|v| v.queue(&some)).unwrap().len(), 3, "unless less is asked for");
}

#[test]
fn an_act_on_a_visit_that_does_not_exist_is_refused() {
    let desk = Desk::new();
    let act = Act::PermohonanAssign { permohonan: visit(9) };
    let refused = desk.store.transact(act, &by("op-1", 1), |tx| tx.assign(visit(9), None, 1));
    assert!(matches!(refused, Err(store::Error::NoSuchRow { table: "permohonan" })), "{refused:?}");
}

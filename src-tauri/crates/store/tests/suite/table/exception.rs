use crate::desk::{Desk, by, operator, visit};
use store::{Act, Error, NewException};

fn act(change: &str) -> Act {
    Act::ExceptionChange { permohonan: visit(1), part: "right_thumb".into(), change: change.into() }
}

fn new() -> NewException {
    NewException {
        modality: "fingers".into(),
        part: "right_thumb".into(),
        kind: "amputated".into(),
        reason: "Kecelakaan kerja".into(),
        photo: vec![9; 100],
    }
}

#[test]
fn an_exception_needs_a_second_person() {
    let desk = Desk::with_visit();
    let id = desk
        .store
        .transact(act("recorded"), &by("op-1", 20), |tx| tx.add_exception(visit(1), &new()))
        .unwrap()
        .value;
    let same = desk
        .store
        .transact(act("confirmed"), &by("op-1", 30), |tx| tx.confirm_exception(id, &operator("op-1")));
    assert!(matches!(same, Err(Error::Sql { .. })), "who recorded it cannot confirm it: {same:?}");
    desk.store
        .transact(act("confirmed"), &by("op-1", 31), |tx| tx.confirm_exception(id, &operator("op-2")))
        .unwrap();
    let row = &desk.store.read(|v| v.exceptions(visit(1))).unwrap()[0];
    assert_eq!(row.confirmed_by, Some(operator("op-2")), "the second person stands in the row");
    assert_eq!(desk.store.read(|v| v.exception_photo(id)).unwrap(), vec![9; 100], "with the photograph");
    let whose = |row| desk.store.read(|v| v.visit_of_exception(row)).unwrap();
    assert_eq!((whose(id), whose(id + 1)), (Some(visit(1)), None), "and whose it is");
}

#[test]
fn a_confirmation_that_is_carried_over_keeps_its_time() {
    let desk = Desk::with_visit();
    let does = |what, ms, work: &dyn Fn(&store::Tx<'_>) -> store::Result<i64>| {
        desk.store.transact(act(what), &by("op-1", ms), |tx| work(tx)).unwrap().value
    };
    let second = operator("op-2");
    let first = does("recorded", 20, &|tx| tx.add_exception(visit(1), &new()));
    does("confirmed", 31, &|tx| tx.confirm_exception(first, &second).map(|()| 0));
    let row = |id| {
        let rows = desk.store.read(|v| v.exceptions(visit(1))).unwrap();
        rows.into_iter().find(|row| row.id == id).unwrap()
    };
    let given = row(first).confirmed_ms;
    let next = does("photo", 90_000, &|tx| {
        tx.withdraw_exception(first)?;
        let id = tx.add_exception(visit(1), &new())?;
        tx.carry_confirmation(id, &second, given).map(|()| id)
    });
    assert_eq!(row(next).confirmed_ms, given, "the second person confirmed then, not with the photograph");
    assert_eq!(row(next).confirmed_by, Some(second));
}

#[test]
fn a_part_has_one_standing_exception_and_a_withdrawn_one_stays_as_history() {
    let desk = Desk::with_visit();
    let add =
        || desk.store.transact(act("recorded"), &by("op-1", 20), |tx| tx.add_exception(visit(1), &new()));
    let id = add().unwrap().value;
    assert!(add().is_err(), "a second standing one is refused");
    desk.store.transact(act("withdrawn"), &by("op-1", 30), |tx| tx.withdraw_exception(id)).unwrap();
    let late = desk
        .store
        .transact(act("confirmed"), &by("op-1", 31), |tx| tx.confirm_exception(id, &operator("op-2")));
    assert!(matches!(late, Err(Error::NoSuchRow { .. })), "a withdrawn one cannot be confirmed");
    add().unwrap();
    assert_eq!(desk.store.read(|v| v.exceptions(visit(1))).unwrap().len(), 2, "both are kept");
}

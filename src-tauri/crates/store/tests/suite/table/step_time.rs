use crate::desk::{Desk, START_MS, by, visit};
use store::Act;

#[test]
fn a_visit_leaves_one_step_when_it_enters_the_next() {
    let desk = Desk::with_visit();
    let act = || Act::PermohonanAssign { permohonan: visit(1) };
    let enter = |ms, step| desk.store.transact(act(), &by("op-1", ms), |tx| tx.enter_step(visit(1), step));
    enter(50, "form").unwrap();
    enter(90, "requirements").unwrap();
    let times = || {
        let times = desk.store.read(|v| v.step_times(visit(1))).unwrap();
        times.into_iter().map(|t| (t.step, t.entered_ms, t.left_ms)).collect::<Vec<_>>()
    };
    let form = ("form".to_owned(), START_MS + 50, START_MS + 90);
    let on = |left| ("requirements".to_owned(), START_MS + 90, left);
    assert_eq!(times(), [form.clone(), on(0)], "40 ms on the form, now on requirements");
    desk.store.transact(act(), &by("op-1", 95), |tx| tx.leave_step(visit(1))).unwrap();
    desk.store.transact(act(), &by("op-1", 99), |tx| tx.leave_step(visit(1))).unwrap();
    assert_eq!(times(), [form, on(START_MS + 95)], "left once");
}

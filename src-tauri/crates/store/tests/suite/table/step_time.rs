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
        let conn = desk.raw();
        let mut stays = conn
            .prepare("SELECT step, entered_at, left_at FROM step_time WHERE permohonan = ?1 ORDER BY id")
            .unwrap();
        let rows = stays.query_map([visit(1).to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        rows.unwrap().collect::<Result<Vec<(String, i64, i64)>, _>>().unwrap()
    };
    let form = ("form".to_owned(), START_MS + 50, START_MS + 90);
    let on = |left| ("requirements".to_owned(), START_MS + 90, left);
    assert_eq!(times(), [form.clone(), on(0)], "40 ms on the form, now on requirements");
    desk.store.transact(act(), &by("op-1", 95), |tx| tx.leave_step(visit(1))).unwrap();
    desk.store.transact(act(), &by("op-1", 99), |tx| tx.leave_step(visit(1))).unwrap();
    assert_eq!(times(), [form, on(START_MS + 95)], "left once");
}

use crate::desk::{Desk, START_MS, at, by};
use store::{Act, SyncFinding};

fn found(desk: &Desk, kind: &str, subject: &str, after: i64) {
    desk.store.bookkeep(at(after), |books| books.found(kind, subject)).unwrap();
}

fn over(desk: &Desk, kind: &str, subject: &str, after: i64) {
    desk.store.bookkeep(at(after), |books| books.is_over(kind, subject)).unwrap();
}

fn all(desk: &Desk) -> Vec<SyncFinding> {
    desk.store.read(|v| v.sync_findings()).unwrap()
}

/// Kind, subject, and the three moments, in milliseconds after the start; 0 for none.
fn row(finding: &SyncFinding) -> (&str, &str, [i64; 3]) {
    let after = |ms: i64| if ms == 0 { 0 } else { ms - START_MS };
    let moments = [finding.found_ms, finding.seen_ms, finding.over_ms].map(after);
    (&finding.kind, &finding.subject, moments)
}

#[test]
fn nothing_compared_means_nothing_found() {
    let desk = Desk::new();
    assert!(all(&desk).is_empty());
    over(&desk, "gap", "12", 10);
    assert!(all(&desk).is_empty(), "what was never found is not over either");
}

#[test]
fn a_finding_seen_again_is_one_row_with_both_moments() {
    let desk = Desk::new();
    found(&desk, "gap", "12", 10);
    found(&desk, "gap", "12", 30);
    found(&desk, "gap", "13", 30);
    let desk = desk.restart();
    let rows = all(&desk);
    let rows: Vec<_> = rows.iter().map(row).collect();
    assert_eq!(
        rows,
        [("gap", "13", [30, 30, 0]), ("gap", "12", [10, 30, 0])],
        "first found stays, last seen moves"
    );
}

#[test]
fn a_finding_that_is_over_ends_once_and_stands_again_when_it_comes_back() {
    let desk = Desk::new();
    found(&desk, "lost", "p1", 10);
    over(&desk, "lost", "p1", 20);
    over(&desk, "lost", "p1", 40);
    assert_eq!(row(&all(&desk)[0]), ("lost", "p1", [10, 10, 20]), "over since the first time");
    found(&desk, "lost", "p1", 50);
    assert_eq!(row(&all(&desk)[0]), ("lost", "p1", [10, 50, 0]), "and it stands again");
}

#[test]
fn what_stands_is_read_before_what_is_over_the_newest_first() {
    let desk = Desk::new();
    for (subject, after) in [("a", 10), ("b", 20), ("c", 30), ("d", 30)] {
        found(&desk, "gap", subject, after);
    }
    over(&desk, "gap", "c", 40);
    let rows = all(&desk);
    let order: Vec<&str> = rows.iter().map(|finding| finding.subject.as_str()).collect();
    assert_eq!(order, ["d", "b", "a", "c"]);
}

#[test]
fn bookkeeping_that_fails_leaves_no_finding_and_none_leaves_a_register_line() {
    let desk = Desk::new();
    let head = desk.store.read(|v| v.register_head()).unwrap();
    let failed = desk.store.bookkeep(at(10), |books| {
        books.found("gap", "12")?;
        Err::<(), _>(store::Error::Abandoned { reason: "test" })
    });
    assert!(failed.is_err() && all(&desk).is_empty(), "all of it or nothing");
    found(&desk, "gap", "12", 20);
    let dropped = desk.store.bookkeep(at(30), |books| books.try_for_tests("DELETE FROM sync_finding"));
    assert!(dropped.is_err() && all(&desk).len() == 1, "a finding is ended, never thrown away");
    assert_eq!(desk.store.read(|v| v.register_head()).unwrap(), head, "no deed of anybody");
}

#[test]
fn a_finding_ends_with_the_act_that_does_what_it_asks_for_or_stands() {
    let desk = Desk::new();
    found(&desk, "gap", "12", 10);
    let act = || Act::SettingChange { name: "uji".into() };
    let failed = desk.store.transact(act(), &by("op-1", 20), |tx| {
        tx.finding_is_over("gap", "12")?;
        Err::<(), _>(store::Error::Abandoned { reason: "test" })
    });
    assert!(failed.is_err());
    assert_eq!(row(&all(&desk)[0]), ("gap", "12", [10, 10, 0]), "the act was undone");
    desk.store.transact(act(), &by("op-1", 30), |tx| tx.finding_is_over("gap", "12")).unwrap();
    assert_eq!(row(&all(&desk)[0]), ("gap", "12", [10, 10, 30]), "with the act");
}

//! Who waits at which step: oldest first, late ones marked and on top, by a clock that the test moves.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use station::clock::HeldClock;
use station::view::{DeviceState, Queue, QueueRow, QueueTab, Step};

use crate::bench::Bench;
use crate::printing::{FIRST, print_on, printable, sits};

/// The rows of a list: which visit, late or not, seconds at its step.
fn rows(list: &[QueueRow]) -> Vec<(&str, bool, u32)> {
    list.iter().map(|row| (row.id.as_str(), row.late, row.waiting_seconds)).collect()
}

/// Waiting and late at a step.
fn at_step(seen: &Queue, step: Step) -> (u32, u32) {
    let count = seen.per_step.iter().find(|count| count.step == step).expect("every step has its count");
    (count.count, count.late)
}

fn of_tab(seen: &Queue, tab: QueueTab) -> u32 {
    seen.tabs.iter().find(|count| count.role == tab).expect("every tab has its count").count
}

#[test]
fn who_is_late_stands_first_then_whoever_waits_longest_and_each_step_counts_its_own() {
    let mut bench = Bench::new();
    // The minute in which the program was closed keeps nobody waiting.
    let base = Timestamp::now() + SignedDuration::from_mins(1);
    let clock = Arc::new(HeldClock::at(base));
    bench.restart_by(clock.clone());
    let at = |seconds: i64| clock.set(base + SignedDuration::from_secs(seconds));
    let (station, captured) = (&bench.station, bench.id.as_str());
    let kind = station.kinds().unwrap()[0].kind.clone();
    let first = station.open(&kind).unwrap().id;
    at(120);
    let second = station.open(&kind).unwrap().id;

    at(300);
    let seen = station.queue(QueueTab::RegisterOfficer).unwrap();
    assert_eq!(
        rows(&seen.mine),
        [(first.as_str(), false, 300), (second.as_str(), false, 180)],
        "oldest first; five minutes are the standard, and not yet late"
    );
    assert_eq!((seen.serving, seen.late), (3, 0));
    assert!(seen.mine.iter().all(|row| row.standard_seconds == 300), "step 1 has five minutes");

    at(301);
    let seen = station.queue(QueueTab::RegisterOfficer).unwrap();
    assert_eq!(
        rows(&seen.mine),
        [(first.as_str(), true, 301), (second.as_str(), false, 181)],
        "a second more is late"
    );
    assert_eq!(seen.others.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), [captured], "not mine");
    assert_eq!(at_step(&seen, Step::Form), (2, 1), "of two in step 1 one is late");
    assert_eq!(at_step(&seen, Step::Capture), (1, 0), "step 4 has ten minutes");
    for step in [Step::Requirements, Step::Verification, Step::Print, Step::Handover] {
        assert_eq!(at_step(&seen, step), (0, 0), "nobody is there: {step:?}");
    }
    assert_eq!(seen.per_step.iter().map(|count| count.count).sum::<u32>(), seen.serving, "each counts once");
    let tabs = [QueueTab::RegisterOfficer, QueueTab::Operator, QueueTab::Printing, QueueTab::All];
    assert_eq!(tabs.map(|tab| of_tab(&seen, tab)), [2, 1, 0, 3], "by role");
    assert_eq!((seen.serving, seen.late), (3, 1));

    let seen = station.queue(QueueTab::All).unwrap();
    let order: Vec<_> = seen.mine.iter().map(|row| row.id.as_str()).collect();
    assert!((301..361).contains(&seen.mine[1].waiting_seconds), "the one before the camera waits as long");
    assert_eq!(order, [first.as_str(), captured, second.as_str()], "but is not late, and stands below");

    station.pause(&second).unwrap();
    at(3_600);
    let seen = station.queue(QueueTab::RegisterOfficer).unwrap();
    assert_eq!(
        rows(&seen.mine),
        [(first.as_str(), true, 3_600), (second.as_str(), false, 181)],
        "whoever left for an hour was not kept waiting by the desk"
    );
    assert_eq!(at_step(&seen, Step::Capture), (1, 1), "everybody else was");
    assert_eq!(seen.late, 2);
}

#[test]
fn a_card_on_the_shelf_keeps_nobody_waiting_until_somebody_comes_for_it() {
    let mut bench = printable();
    let base = Timestamp::now() + SignedDuration::from_mins(1);
    let clock = Arc::new(HeldClock::at(base));
    bench.restart_by(clock.clone());
    sits(&bench, "rizal");
    bench.until(devices::Role::CardPrinter, "found", |state| state != DeviceState::Absent);
    print_on(&bench, FIRST);
    let seen = |seconds: i64| {
        clock.set(base + SignedDuration::from_secs(seconds));
        let queue = bench.station.queue(QueueTab::All).unwrap();
        let row =
            queue.mine.iter().chain(&queue.others).find(|row| row.id == bench.id).expect("its row").late;
        let rail = bench.station.permohonan(&bench.id).unwrap().rail[8].clone();
        (row, queue.late, rail.late, rail.used_seconds.unwrap_or(0))
    };
    assert_eq!(seen(6 * 3_600), (false, 0, false, 0), "six hours on the shelf are no service");
    bench.station.take(&bench.id).unwrap();
    assert_eq!(seen(6 * 3_600 + 181), (true, 1, true, 181), "three minutes at the counter are");
}

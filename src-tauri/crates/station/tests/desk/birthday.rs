//! Somebody of 16: held until the 17th birthday, and called by the queue itself on the day; by a clock that the test moves.

use std::sync::Arc;

use domain::permohonan::Refusal;
use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};
use station::Error;
use station::clock::HeldClock;
use station::view::{QueueJob, QueueRow, QueueTab, RowState, Step, VisitState};

use crate::bench::Bench;
use crate::printing::sits;
use crate::sealed::recorded;

/// Half past midnight at the station (WIB), some days after `day`.
fn night(day: Date, days: i64) -> Timestamp {
    let wall = day.checked_add(Span::new().days(days)).unwrap().at(0, 30, 0, 0);
    jiff::tz::Offset::constant(7).to_timestamp(wall).unwrap()
}

fn row(bench: &Bench, tab: QueueTab) -> (bool, usize, QueueRow) {
    let seen = bench.station.queue(tab).unwrap();
    let mine = seen.mine.iter().position(|row| row.id == bench.id);
    let at = mine.or_else(|| seen.others.iter().position(|row| row.id == bench.id)).unwrap();
    (mine.is_some(), at, if mine.is_some() { seen.mine[at].clone() } else { seen.others[at].clone() })
}

fn waiting_for(bench: &Bench, role: QueueTab) -> u32 {
    bench.station.queue(role).unwrap().tabs.iter().find(|tab| tab.role == role).unwrap().count
}

fn in_print_queue(bench: &Bench) -> QueueJob {
    sits(bench, "rizal");
    let rows = bench.station.print_queue().unwrap().rows;
    sits(bench, "dewi");
    rows.into_iter().find(|row| row.id == bench.id).expect("in the print queue").state
}

#[test]
fn somebody_held_for_age_comes_back_on_the_birthday_by_itself_before_all_others_and_goes_on_at_step_6() {
    let today = jiff::tz::Offset::constant(7).to_datetime(Timestamp::now()).date();
    let day = today.checked_add(Span::new().days(40)).unwrap();
    let mut bench = recorded(Bench::turning_17(day));
    let id = bench.id.clone();
    // Somebody else waits at the same desk all the while, and gets late.
    let kind = bench.station.kinds().unwrap()[0].kind.clone();
    let other = bench.station.open(&kind).unwrap().id;

    for (moment, words) in
        [(Timestamp::now(), "recorded today"), (night(day, -1), "23½ hours before the day")]
    {
        bench.restart_by(Arc::new(HeldClock::at(moment)));
        let (mine, _, held) = row(&bench, QueueTab::Operator);
        assert!(!mine, "nothing to do yet: {words}");
        assert_eq!((held.state, held.step), (RowState::Held, Step::PrintRequest), "{words}");
        assert_eq!(held.print_from, Some(day.to_string()), "and from when it is");
        assert_eq!(waiting_for(&bench, QueueTab::Operator), 0, "nobody waits for the operator");
        let early = bench.station.resume(&id);
        assert!(
            matches!(early, Err(Error::Refused(Refusal::HeldForAge { until })) if until == day),
            "not before the day: {early:?}"
        );
        let asked = bench.station.submit_print_request(&id);
        assert!(matches!(asked, Err(Error::Refused(_))), "nor asked for: {asked:?}");
    }
    assert_eq!(in_print_queue(&bench), QueueJob::HeldForAge);

    for days in [0, 5] {
        let clock = Arc::new(HeldClock::at(night(day, days)));
        bench.restart_by(clock.clone());
        // Longer than the standard of step 1, of this morning alone.
        clock.set(night(day, days) + SignedDuration::from_mins(6));
        let (mine, at, due) = row(&bench, QueueTab::Operator);
        assert!(mine && at == 0, "in the operator's own work, {days} days after");
        assert_eq!((due.state, due.step), (RowState::Due, Step::PrintRequest));
        assert_eq!(due.print_from, Some(day.to_string()), "since when");
        let (_, first, _) = row(&bench, QueueTab::All);
        let all = bench.station.queue(QueueTab::All).unwrap();
        assert!(all.mine.iter().any(|row| row.id == other && row.late), "somebody else is late");
        assert_eq!(first, 0, "and the birthday comes before");
        assert_eq!(waiting_for(&bench, QueueTab::Operator), 1, "counted as work");
        let found = bench.station.search(&bench.nik).unwrap().rows;
        assert_eq!(found[0].state, RowState::Due, "found by the number as well");
    }
    assert_eq!(
        in_print_queue(&bench),
        QueueJob::OfAge,
        "and the printing desk is told that it is asked for next"
    );

    sits(&bench, "rizal");
    let foreign = bench.station.resume(&id);
    assert!(matches!(foreign, Err(Error::NotAllowed { .. })), "not the printing desk's: {foreign:?}");
    sits(&bench, "maya");
    let on = bench.station.resume(&id).unwrap();
    assert_eq!(
        (on.step, on.state),
        (Step::PrintRequest, VisitState::Sealed),
        "an operator takes it up at step 6"
    );
    assert!(bench.station.print_request(&id).unwrap().can_request, "nothing stands in the way any more");
    assert_eq!(
        bench.station.submit_print_request(&id).unwrap().step,
        Step::Status,
        "and the card is asked for"
    );
    assert_eq!(in_print_queue(&bench), QueueJob::AtCentre);
    let twice = bench.station.resume(&id);
    assert!(matches!(twice, Err(Error::Refused(Refusal::NotResumable))), "once: {twice:?}");
}

#[test]
fn who_is_held_for_a_birthday_and_gives_up_stands_in_no_queue() {
    let today = jiff::tz::Offset::constant(7).to_datetime(Timestamp::now()).date();
    let day = today.checked_add(Span::new().days(40)).unwrap();
    let bench = recorded(Bench::turning_17(day));
    assert_eq!(in_print_queue(&bench), QueueJob::HeldForAge);
    let gone = bench.station.cancel(&bench.id, "pindah ke luar kabupaten").unwrap();
    assert_eq!(gone.state, VisitState::Cancelled);
    sits(&bench, "rizal");
    let rows = bench.station.print_queue().unwrap().rows;
    assert!(rows.is_empty(), "nobody is printed for: {}", rows.len());
}

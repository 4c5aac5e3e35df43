//! Visits that nobody came back to, by a clock that the test moves.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use station::Error;
use station::clock::HeldClock;
use station::view::{DraftFor, Period, QueueTab, RegisterFilter, VisitState};

use crate::bench::Bench;
use crate::sealed::sealed;

fn days(n: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * n)
}

#[test]
fn a_visit_that_nobody_came_back_to_ends_by_itself_and_a_sealed_one_never() {
    let mut bench = sealed();
    let (began, done) = (Timestamp::now(), bench.id.clone());
    let kind = bench.station.kinds().unwrap()[0].kind.clone();
    let left = bench.station.open(&kind).unwrap();
    let at = |bench: &mut Bench, day: i64| {
        bench.restart_by(Arc::new(HeldClock::at(began + days(day) + SignedDuration::from_mins(1))));
    };
    let ended = |bench: &Bench| {
        let seen = bench.station.queue(QueueTab::All).unwrap();
        assert_eq!(seen.expire_days, 90, "as shipped");
        seen.expired.into_iter().map(|one| one.ticket).collect::<Vec<_>>()
    };
    let state = |bench: &Bench, id: &str| bench.station.permohonan(id).unwrap().state;

    at(&mut bench, 89);
    let young = bench.station.open(&kind).unwrap();
    assert_eq!(ended(&bench), [""; 0], "a day is missing");

    // The clock jumps, or the laptop comes back from the cupboard: whoever comes today is still served.
    at(&mut bench, 170);
    assert_eq!(ended(&bench), [""; 0], "not on the first day back");
    assert_eq!(state(&bench, &left.id), VisitState::Open);
    let third = bench.station.open(&kind).unwrap();

    at(&mut bench, 171);
    assert_eq!(
        ended(&bench),
        std::slice::from_ref(&left.ticket),
        "one day later it ended, and the queue says so"
    );
    assert_eq!(state(&bench, &left.id), VisitState::Expired);
    assert_eq!(state(&bench, &young.id), VisitState::Open, "82 days are no 90");
    assert_eq!(state(&bench, &third.id), VisitState::Open);
    assert_eq!(state(&bench, &done), VisitState::Sealed, "171 days without a touch, and sealed");
    let again = bench.station.go_back(&left.id, station::view::Step::Form);
    assert!(matches!(again, Err(Error::Refused(_))), "over is over: {again:?}");
    let seen = bench.station.queue(QueueTab::All).unwrap();
    assert!(seen.mine.iter().chain(&seen.others).all(|row| row.id != left.id), "out of the queue");

    let filter =
        RegisterFilter { period: Period::Today, from: None, to: None, text: String::new(), before: None };
    let book = bench.station.register(&filter).unwrap();
    let lines: Vec<_> = book.rows.iter().filter(|row| row.event_label == "Kedaluwarsa").collect();
    assert_eq!(lines.len(), 1, "one line for one deed");
    assert_eq!(lines[0].permohonan_id.as_deref(), Some(left.id.as_str()));
    assert_eq!(lines[0].officer, "station", "the program did it, and no officer is named");

    // Nobody else is looked for twice on one day, and the notice goes after a week.
    at(&mut bench, 180);
    assert_eq!(ended(&bench), [""; 0], "told for seven days");
    assert_eq!(state(&bench, &done), VisitState::Sealed);
}

#[test]
fn a_visit_opened_while_the_clock_stood_years_behind_lives_on_when_it_is_put_right() {
    let mut bench = Bench::before_step_4(|_, _| ());
    let began = Timestamp::now();
    let kind = bench.station.kinds().unwrap()[0].kind.clone();
    let at = |bench: &mut Bench, day: i64| {
        bench.restart_by(Arc::new(HeldClock::at(began + days(day) + SignedDuration::from_mins(1))));
    };
    let state = |bench: &Bench, id: &str| bench.station.permohonan(id).unwrap().state;

    // The battery is empty: the morning after the first day is years before it.
    at(&mut bench, -6 * 365);
    let morning = bench.station.open(&kind).unwrap();
    at(&mut bench, 1);
    assert_eq!(state(&bench, &morning.id), VisitState::Open, "at noon of that day");
    bench.station.open(&kind).unwrap();
    at(&mut bench, 2);
    assert_eq!(state(&bench, &morning.id), VisitState::Open, "and on the next one");

    at(&mut bench, 89);
    bench.station.open(&kind).unwrap();
    at(&mut bench, 90);
    assert_eq!(state(&bench, &morning.id), VisitState::Open, "89 days since the clock was put right");
    at(&mut bench, 91);
    assert_eq!(state(&bench, &morning.id), VisitState::Expired, "90 days, and nobody came back");
}

#[test]
fn what_is_typed_in_step_1_keeps_a_visit_from_ending() {
    let mut bench = Bench::before_step_4(|_, _| ());
    let began = Timestamp::now();
    let kind = bench.station.kinds().unwrap()[0].kind.clone();
    let (typed, left) = (bench.station.open(&kind).unwrap(), bench.station.open(&kind).unwrap());
    let at = |bench: &mut Bench, day: i64| {
        bench.restart_by(Arc::new(HeldClock::at(began + days(day) + SignedDuration::from_mins(1))));
    };
    let state = |bench: &Bench, id: &str| bench.station.permohonan(id).unwrap().state;

    at(&mut bench, 89);
    bench.station.save_field(&typed.id, "nama", "BUDI CONTOH").unwrap();
    bench.station.open(&kind).unwrap();
    at(&mut bench, 91);
    assert_eq!(state(&bench, &left.id), VisitState::Expired, "nobody came back to the other one");
    assert_eq!(state(&bench, &typed.id), VisitState::Open, "somebody was at it two days ago");

    at(&mut bench, 177);
    bench.station.open(&kind).unwrap();
    at(&mut bench, 178);
    assert_eq!(state(&bench, &typed.id), VisitState::Open, "89 days since");
    at(&mut bench, 179);
    assert_eq!(state(&bench, &typed.id), VisitState::Expired, "90 days");
}

#[test]
fn words_that_are_typed_and_not_sent_keep_a_visit_from_ending() {
    let mut bench = Bench::before_step_4(|_, _| ());
    let began = Timestamp::now();
    let kind = bench.station.kinds().unwrap()[0].kind.clone();
    let (typed, left) = (bench.id.clone(), bench.station.open(&kind).unwrap().id);
    let at = |bench: &mut Bench, day: i64| {
        bench.restart_by(Arc::new(HeldClock::at(began + days(day) + SignedDuration::from_mins(1))));
    };
    let state = |bench: &Bench, id: &str| bench.station.permohonan(id).unwrap().state;

    at(&mut bench, 89);
    bench.station.save_draft(&typed, DraftFor::NeverReason, "", "NIK di KK la").unwrap();
    bench.station.open(&kind).unwrap();
    at(&mut bench, 91);
    assert_eq!(state(&bench, &left), VisitState::Expired, "nobody came back to the other one");
    assert_eq!(state(&bench, &typed), VisitState::Open, "somebody was at it two days ago");

    at(&mut bench, 177);
    bench.station.open(&kind).unwrap();
    at(&mut bench, 178);
    assert_eq!(state(&bench, &typed), VisitState::Open, "89 days since");
    at(&mut bench, 179);
    assert_eq!(state(&bench, &typed), VisitState::Expired, "90 days");
}

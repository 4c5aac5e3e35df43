//! Who is at the desk, and who only left its windows open.

use std::time::{Duration, Instant};

use domain::ids::OperatorId;
use domain::register::RegisterKind;
use store::{Argon2Cost, KeySlots, Store, StoreOptions};

use crate::bench::{Bench, LONG};

/// The shortest time that the settings allow.
const IDLE: u32 = 10;

/// As the windows do it: the applicant's by the clock, the operator's after each piece of news.
fn windows_read(bench: &Bench) {
    bench.station.applicant_screen().unwrap();
    let _ = bench.station.queue(station::view::QueueTab::All);
    let _ = bench.station.strip();
    let _ = bench.station.permohonan(&bench.id);
}

fn is_open(bench: &Bench) -> bool {
    bench.station.station_state().unwrap().signed_in.is_some()
}

#[test]
fn windows_that_read_by_themselves_keep_no_desk_open() {
    let bench = Bench::before_step_4(|_, config| config.lock.idle_seconds = IDLE);
    bench.station.capture(&bench.id).unwrap();
    let seen = bench.station.applicant_screen().unwrap();
    assert_eq!(seen.id.as_deref(), Some(bench.id.as_str()), "a visit stands on the applicant's screen");
    let began = Instant::now();
    while is_open(&bench) {
        assert!(began.elapsed() < LONG, "nobody is here");
        windows_read(&bench);
        std::thread::sleep(Duration::from_millis(500));
    }
    let idle = bench.station.applicant_screen().unwrap();
    assert_eq!(idle.id, None, "and the applicant's screen shows nobody's data");
}

#[test]
fn a_hand_at_the_desk_keeps_it_open() {
    let bench = Bench::before_step_4(|_, config| config.lock.idle_seconds = IDLE);
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(u64::from(IDLE) + 3) {
        bench.station.touch().unwrap();
        std::thread::sleep(Duration::from_millis(500));
    }
    assert!(is_open(&bench), "longer than the limit, and somebody moved all the time");
}

#[test]
fn a_hand_on_the_applicants_screen_keeps_the_desk_open_while_that_screen_asks_something() {
    let bench = Bench::before_step_4(|_, config| config.lock.idle_seconds = IDLE);
    bench.station.capture(&bench.id).unwrap();
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(u64::from(IDLE) + 3) {
        bench.station.touch_by_applicant().unwrap();
        std::thread::sleep(Duration::from_millis(500));
    }
    assert!(is_open(&bench), "whoever reads and signs slowly is not locked out");
}

#[test]
fn a_hand_on_an_idle_second_screen_keeps_no_desk_open() {
    let bench = Bench::before_step_4(|_, config| config.lock.idle_seconds = IDLE);
    bench.station.clear_applicant().unwrap();
    let began = Instant::now();
    while is_open(&bench) {
        assert!(began.elapsed() < LONG, "it asks nothing of anybody");
        let _ = bench.station.touch_by_applicant();
        std::thread::sleep(Duration::from_millis(500));
    }
    let refused = bench.station.touch_by_applicant();
    assert!(matches!(refused, Err(station::Error::Locked)), "and opens none: {refused:?}");
}

#[test]
fn wrong_passwords_of_one_account_shut_out_nobody_else_and_who_locked_is_offered_first() {
    let bench = Bench::before_step_4(|_, _| ());
    let station = &bench.station;
    station.sign_in("hendra", training::PASSWORD).unwrap();
    station.lock().unwrap();
    for _ in 0..3 {
        let refused = station.sign_in("maya", "bukan kata sandinya");
        assert!(matches!(refused, Err(station::Error::WrongPassword { .. })), "{:?}", refused.err());
    }
    let state = station.station_state().unwrap();
    let tried: Vec<(&str, u32)> = state
        .operators
        .iter()
        .filter_map(|card| Some((card.id.as_str(), card.backoff.as_ref()?.attempts)))
        .collect();
    assert_eq!(tried, [("maya", 3)], "told at the account that was tried, and at no other");
    let on_duty: Vec<&str> =
        state.operators.iter().filter(|card| card.on_duty).map(|card| card.id.as_str()).collect();
    assert_eq!(on_duty, ["hendra"], "whoever locked comes back");
    station.sign_in("dewi", training::PASSWORD).expect("nobody else waits");
}

#[test]
fn a_second_sign_in_ends_the_first_one_with_a_line() {
    let bench = Bench::before_step_4(|_, _| ());
    bench.station.sign_in("hendra", training::PASSWORD).unwrap();
    assert_eq!(bench.station.station_state().unwrap().signed_in.unwrap().id, "hendra");
    bench.station.lock().unwrap();
    let database = bench.dir.path().join("rekam.db");
    let now = jiff::Timestamp::now();
    let dewi = OperatorId::parse("dewi").unwrap();
    let mut slots = KeySlots::open(&KeySlots::path_beside(&database), Argon2Cost::CHEAP_FOR_TESTS).unwrap();
    let key = slots.unlock(&dewi, training::PASSWORD, now).unwrap();
    let store = Store::open(&database, &key, StoreOptions::default(), now).unwrap();
    let lines = store.read(|look| look.register_between(0, u64::MAX)).unwrap();
    let sessions: Vec<RegisterKind> = lines
        .iter()
        .map(|line| line.entry.kind)
        .filter(|kind| matches!(kind, RegisterKind::SignedIn | RegisterKind::SignedOut))
        .collect();
    let pair = [RegisterKind::SignedIn, RegisterKind::SignedOut];
    assert_eq!(sessions, [pair, pair].concat(), "each session has its end before the next begins");
}

#[test]
fn a_night_between_two_sessions_is_no_work_on_the_step_that_waited() {
    let mut bench = Bench::before_step_4(|_, _| ());
    let before = bench.station.permohonan(&bench.id).unwrap().clock_seconds;
    let morning = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(16);
    bench.restart_by(std::sync::Arc::new(station::clock::HeldClock::at(morning)));
    bench.station.sign_in("dewi", training::PASSWORD).unwrap();
    let after = bench.station.permohonan(&bench.id).unwrap();
    assert!(after.clock_seconds <= before + 120, "{before} s, then {} s", after.clock_seconds);
    assert!(after.rail.iter().all(|step| !step.late), "nothing of it is late");
    let queue = bench.station.queue(station::view::QueueTab::All).unwrap();
    assert!(queue.mine.iter().chain(&queue.others).all(|row| !row.late), "nor in the queue");
}

/// The program starts again and nobody signs in.
fn start_locked(bench: &mut Bench) {
    let config = bench.training.config.clone();
    let start = station::Start {
        config,
        clock: std::sync::Arc::new(station::clock::SystemClock),
        training_hint: None,
        practice: None,
    };
    bench.station = station::Station::start(start).unwrap();
}

#[test]
fn a_locked_screen_tells_what_was_counted_as_it_was_locked_and_guesses_nothing_after_an_end_without_a_lock() {
    let mut bench = crate::sealed::sealed();
    let kind = &bench.station.kinds().unwrap()[0].kind;
    bench.station.open(kind).unwrap();
    bench.station.lock().unwrap();
    bench.station.sign_in("rizal", training::PASSWORD).unwrap();
    bench
        .station
        .receive_stock(station::view::StockItem::Blangko, 50, "0718-224-901", "SJ-2026/118")
        .unwrap();
    let told = |station: &station::Station| {
        let (seen, strip) = (station.station_state().unwrap(), station.strip().unwrap());
        let blangko = strip.blangko.map(|kinds| kinds.iter().map(|kind| kind.count).collect::<Vec<_>>());
        (seen.open_applications, strip.unsent.count, blangko)
    };
    let open = told(&bench.station);
    assert_eq!(open, (Some(2), Some(1), Some(vec![50])), "two visits, one sealed packet, the delivery");
    bench.station.lock().unwrap();
    assert_eq!(told(&bench.station), open, "the same behind the lock");
    assert_eq!(bench.station.strip().unwrap().unsent.oldest_days, Some(0), "and how old the oldest is");
    start_locked(&mut bench);
    assert_eq!(told(&bench.station), open, "and after a start");
    bench.station.sign_in("dewi", training::PASSWORD).unwrap();
    let roster = bench.dir.path().join("roster.json");
    let as_killed = std::fs::read(&roster).unwrap();
    bench.station.lock().unwrap();
    std::fs::write(&roster, as_killed).unwrap();
    start_locked(&mut bench);
    assert_eq!(told(&bench.station), (None, None, None), "nobody counted, and nothing is made up");
    bench.station.sign_in("dewi", training::PASSWORD).unwrap();
    assert_eq!(told(&bench.station), open, "the database knows");
}

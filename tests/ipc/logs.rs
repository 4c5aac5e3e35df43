//! The files of the log: so many days, so many bytes a day, and what is said when one is full.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use rekam::logs::{Bounded, DAY_BYTES, daily};
use serde_json::Value;
use station::clock::{Clock, HeldClock, SystemClock};

/// One line as the program writes it, 100 bytes long.
fn line(number: usize) -> String {
    format!("{:<99}\n", format!(r#"{{"level":"WARN","fields":{{"message":"alat {number}"}}}}"#))
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn messages(text: &[u8]) -> Vec<String> {
    let lines = std::str::from_utf8(text).unwrap().lines();
    lines
        .map(|line| {
            let line: Value = serde_json::from_str(line).expect("each line is JSON");
            line["fields"]["message"].as_str().unwrap().to_owned()
        })
        .collect()
}

#[test]
fn a_device_that_floods_the_log_fills_one_days_share_and_no_more() {
    let clock = Arc::new(HeldClock::at(Timestamp::now()));
    let mut text = Vec::new();
    let mut log = Bounded::new(&mut text, 1_000, 0, clock);
    for number in 0..10_000 {
        log.write_all(line(number).as_bytes()).expect("a full log is no fault for whoever writes");
    }
    log.write_all(b"{}\n").unwrap();
    let said = messages(&text);
    assert_eq!(said.len(), 11, "ten lines of a hundred bytes, and one about the log itself: {said:?}");
    assert_eq!(said[9], "alat 9");
    assert!(said[10].contains("full"), "it says so: {}", said[10]);
    assert!(text.len() < 1_000 + 300, "nothing after that: {}", text.len());
}

#[test]
fn the_next_day_begins_anew_and_says_how_many_lines_are_missing() {
    let clock = Arc::new(HeldClock::at("2026-11-28T23:59:00Z".parse().unwrap()));
    let mut text = Vec::new();
    let mut log = Bounded::new(&mut text, 1_000, 0, Arc::clone(&clock) as Arc<dyn Clock>);
    for number in 0..25 {
        log.write_all(line(number).as_bytes()).unwrap();
    }
    clock.set("2026-11-29T00:01:00Z".parse().unwrap());
    for number in 25..40 {
        log.write_all(line(number).as_bytes()).unwrap();
    }
    let said = messages(&text);
    assert!(said[11].contains("15 lines were left out"), "{}", said[11]);
    assert_eq!(
        said[12..22],
        (25..35).map(|n| format!("alat {n}")).collect::<Vec<_>>(),
        "a whole share again"
    );
    assert!(said[22].contains("full") && said.len() == 23, "and its own end: {said:?}");
}

#[test]
fn a_restart_gives_the_day_no_second_share() {
    let dir = tempfile::tempdir().unwrap();
    let open = || daily(dir.path(), 14, 1_000, Arc::new(SystemClock)).unwrap();
    for start in 0..5 {
        let mut log = open();
        for number in 0..8 {
            log.write_all(line(10 * start + number).as_bytes()).unwrap();
        }
    }
    let sizes: Vec<u64> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap().len())
        .collect();
    // Each start that finds it full says so once; a day that ends while this runs has a share of its own.
    assert!(sizes.iter().all(|size| (800..1_000 + 5 * 300).contains(size)), "{sizes:?}");
}

#[test]
fn so_many_days_are_kept_as_the_settings_say_and_what_is_no_log_stays() {
    for keep in [14, 3] {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("catatan-petugas.txt"), "").unwrap();
        for day in 1..=20 {
            std::fs::write(dir.path().join(format!("rekam.2026-01-{day:02}.log")), line(day)).unwrap();
        }
        drop(daily(dir.path(), keep, DAY_BYTES, Arc::new(SystemClock)).unwrap());
        let stand = names(dir.path());
        let logs = stand.iter().filter(|name| name.starts_with("rekam.")).count();
        assert_eq!(logs, keep, "with today's");
        assert!(stand.contains(&"catatan-petugas.txt".to_owned()), "it is none of ours");
    }
}

#[test]
fn a_restart_takes_nothing_of_today_away_also_where_one_day_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    for start in [1, 2] {
        let mut log = daily(dir.path(), 1, DAY_BYTES, Arc::new(SystemClock)).unwrap();
        log.write_all(line(start).as_bytes()).unwrap();
    }
    let texts: Vec<Vec<u8>> =
        names(dir.path()).iter().map(|name| std::fs::read(dir.path().join(name)).unwrap()).collect();
    assert_eq!(messages(&texts.concat()), ["alat 1", "alat 2"]);
}

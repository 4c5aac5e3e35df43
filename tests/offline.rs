//! The wire between a station and its centre, cut between any two lines of the walk: every visit goes on, and when the
//! wire is whole again everything is at the centre, once.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

#[path = "office/centre.rs"]
mod centre;
#[path = "office/counter.rs"]
mod counter;
mod two_stations;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use sim::network::Trouble;
use station::clock::{Clock, SystemClock};
use station::view::{NetworkState, TableVersion};

use centre::Kabupaten;
use counter::{Counter, LINES, Visit, grown_ups};

const STATION: &str = "LATIHAN-1813-01";
/// A packet is sealed, a card asked for, printed and handed over: what the centre can know once so many lines are done.
const SEALED: usize = 5;
const REQUESTED: usize = 6;
const PRINTED: usize = 8;
const HANDED_OVER: usize = 9;

/// The real time and some days more.
struct Later(i64);

impl Clock for Later {
    fn now(&self) -> Timestamp {
        SystemClock.now() + SignedDuration::from_hours(24 * self.0)
    }
}

/// Packets of the centre, each named once, with the numbers that one station gave them.
fn assert_once(kabupaten: &Kabupaten, count: usize, when: &str) {
    let all = kabupaten.received();
    let names: BTreeSet<_> = all.iter().map(|row| row.enrolment.clone()).collect();
    assert_eq!((all.len(), names.len()), (count, count), "{when}: each packet once: {all:?}");
    let numbers: Vec<i64> = all.iter().map(|row| row.sequence).collect();
    assert_eq!(numbers, (1..=count as i64).collect::<Vec<_>>(), "{when}: none is missing");
}

/// Cards at the centre, by how far they are.
fn cards(kabupaten: &Kabupaten) -> Vec<(String, i64)> {
    kabupaten.stats().cards.into_iter().collect()
}

/// What the centre must have heard of one visit once so many lines are done: packets, and how far the card is.
fn heard(lines: usize) -> (usize, Vec<(String, i64)>) {
    let card = |word: &str| vec![(word.to_owned(), 1)];
    let cards = match lines {
        HANDED_OVER => card("ACTIVE"),
        PRINTED => card("ISSUED"),
        REQUESTED..PRINTED => card("REQUESTED"),
        _ => Vec::new(),
    };
    (usize::from(lines >= SEALED), cards)
}

#[test]
fn wherever_the_wire_is_cut_every_visit_goes_on_and_everything_arrives_once() {
    let kabupaten = Kabupaten::open();
    let code = kabupaten.add(STATION);
    let mut counter = Counter::open(STATION, Arc::new(SystemClock));
    counter.officer("hendra").activate(&kabupaten.address(), &code).unwrap();
    let mut visit = Visit::of(&grown_ups(1)[0]);
    counter.walk(&mut visit, 1);
    // Between each line and the next: the wire is cut, the next line is done all the same, the wire is whole again.
    while visit.lines < LINES.len() {
        let (done, next) = (LINES[visit.lines - 1].0, LINES[visit.lines].0);
        let before = (kabupaten.received().len(), cards(&kabupaten));
        assert_eq!(before, heard(visit.lines), "after {done}: all of it is there");
        kabupaten.cut();
        assert!(counter.exchange().cause.is_some(), "cut after {done}: nobody is reached");
        let lines = visit.lines + 1;
        counter.walk(&mut visit, lines);
        assert_eq!((kabupaten.received().len(), cards(&kabupaten)), before, "cut: nothing gets through");
        if lines == SEALED {
            cut_in_the_middle(&kabupaten, &counter);
        }
        kabupaten.mend();
        counter.exchange_until(&format!("all of it, cut between {done} and {next}"), || {
            (kabupaten.received().len(), cards(&kabupaten)) == heard(lines)
        });
        assert_once(&kabupaten, heard(lines).0, next);
        if lines == SEALED {
            counter.exchange_until("print ready", || {
                let arrived = counter.page().arrived;
                arrived.first().is_some_and(|row| row.status.as_deref() == Some("PRINT_READY_RECORD"))
            });
        }
    }
    let page = counter.page();
    assert_eq!(
        (page.recorded, page.acknowledged, page.waiting.len()),
        (1, 1, 0),
        "and every receipt is here"
    );
    assert!(page.findings.iter().all(|row| !row.stands), "nothing is left for a person to see to");
    let whole = counter.station.register_verify().unwrap();
    assert!(whole.is_some_and(|verified| verified.intact), "the register is whole");
    retention(&kabupaten, &mut counter);
}

#[test]
fn a_table_that_the_centre_signs_while_the_wire_is_cut_is_in_force_as_soon_as_it_is_whole() {
    let kabupaten = Kabupaten::open();
    let code = kabupaten.add(STATION);
    let counter = Counter::open(STATION, Arc::new(SystemClock));
    counter.officer("hendra").activate(&kabupaten.address(), &code).unwrap();
    let codes = || counter.station.codes("agama").unwrap().len();
    let newer = || counter.station.devices().unwrap().computer.tables;
    assert_eq!((codes(), newer()), (7, vec![]), "as shipped");
    kabupaten.cut();
    let rows = serde_json::json!([{"code": "1", "label": "ISLAM"}, {"code": "8", "label": "KEPERCAYAAN"}]);
    let table =
        serde_json::json!({"id": "agama", "title": "Agama", "version": 2, "source": "Surat", "rows": rows});
    kabupaten.sets("codes.agama", &table);
    assert!(counter.exchange().cause.is_some(), "nobody is reached");
    assert_eq!(codes(), 7, "and nobody waits for it");
    kabupaten.mend();
    counter.exchange_until("the centre's table, without another sign-in", || codes() == 2);
    let expected = [TableVersion { key: "codes.agama".into(), version: 2 }];
    assert_eq!(newer(), expected, "the device page says so");
}

/// The packet waits and the strip says why; when the wire is whole it is cut in the middle of the packet, and in the
/// middle of answers. With TLS their first bytes are the handshake: some of these cuts fall behind it.
fn cut_in_the_middle(kabupaten: &Kabupaten, counter: &Counter) {
    let page = counter.page();
    assert_eq!((page.recorded, page.acknowledged, page.waiting.len()), (1, 0, 1), "all of it is here");
    let strip = counter.station.strip().unwrap();
    assert_eq!(strip.network.state, NetworkState::Offline, "and the strip says why");
    kabupaten.mend();
    let (up, _) = kabupaten.wire.bytes();
    let bytes: u64 = page.waiting[0].parts.iter().map(|part| u64::from(part.bytes)).sum();
    kabupaten.wire.cut_at((1..=3).map(|n| up + n * bytes / 4));
    for bytes in [1_700, 2_200, 2_700] {
        kabupaten.wire.next(Trouble::TruncateAnswer(bytes));
    }
}

/// Sealed files of received packets go when their time is over, and only theirs.
fn retention(kabupaten: &Kabupaten, counter: &mut Counter) {
    let keep = i64::from(station::Config::default().sync.keep_days);
    kabupaten.cut();
    // This one never saw a whole wire.
    let mut unsent = Visit::of(&grown_ups(2)[1]);
    counter.walk(&mut unsent, SEALED);
    let folders = |counter: &Counter| {
        let all = std::fs::read_dir(counter.dir.path().join("packets")).unwrap();
        all.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<BTreeSet<_>>()
    };
    let before = folders(counter);
    assert_eq!(before.len(), 2, "one received, one waits");
    let backup = tempfile::tempdir().unwrap();
    counter::copy(&counter.dir.path().join("packets"), backup.path());
    // Each pass is over when the exchange that the same watch begins after it has failed.
    let pass = |counter: &mut Counter, days| {
        counter.restart(Arc::new(Later(days)));
        counter.officer("hendra");
        let began = std::time::Instant::now();
        while counter.station.sync_status().unwrap().cause.is_none() {
            assert!(began.elapsed() < counter::LONG, "the watch works");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    };
    pass(counter, keep - 1);
    assert_eq!(folders(counter), before, "received, but the retention is not over");
    pass(counter, keep + 1);
    let left = folders(counter);
    let waiting = counter.page().waiting;
    assert_eq!(left.len(), 1, "what was received is gone");
    assert!(left.contains(&waiting[0].packet_id), "what was not received stays, whatever its age");
    assert_eq!(counter.page().arrived.len(), 1, "and its receipt stays");

    // As if the power had gone between the database's word and the files, and in the middle of a folder.
    counter::copy(backup.path(), &counter.dir.path().join("packets"));
    let half = before.iter().find(|name| !left.contains(*name)).unwrap();
    std::fs::remove_file(counter.dir.path().join("packets").join(half).join("bio.cms")).unwrap();
    pass(counter, keep + 1);
    assert_eq!(folders(counter), left, "what a cut left behind is swept at the next start");
    kabupaten.mend();
}

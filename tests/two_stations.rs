//! Two computers that are, or take themselves for, one another's: each is noticed, said in words, and nothing is
//! silently overwritten. What the engine does at each of these stands in `sync/tests/suite/counting.rs`, what the centre
//! decides in `pusat/tests/all/forged.rs`; here whole stations meet a whole centre.

use std::sync::Arc;

use station::clock::SystemClock;
use station::view::SyncStatus;

use crate::centre::{Kabupaten, Received};
use crate::counter::{Counter, Visit, copy, grown_ups};

const FIRST: &str = "LATIHAN-1813-01";
const SECOND: &str = "LATIHAN-1813-02";

/// Findings that stand: kind and subject. Each kind has its three sentences in both languages.
fn found(page: &SyncStatus) -> Vec<(&str, &str)> {
    let standing: Vec<_> = page
        .findings
        .iter()
        .filter(|row| row.stands)
        .map(|row| (row.kind.as_str(), row.subject.as_str()))
        .collect();
    for (kind, _) in &standing {
        assert_said(&format!("sync.finding.{kind}"));
    }
    standing
}

fn assert_said(key: &str) {
    for language in ["id", "en"] {
        let path = format!("{}/ui/src/strings/{language}/sync.ts", env!("CARGO_MANIFEST_DIR"));
        let words = std::fs::read_to_string(path).unwrap();
        for part in ["happened", "safe", "next"] {
            assert!(words.contains(&format!("'{key}.{part}'")), "{language} says {key}.{part}");
        }
    }
}

/// Status and reason of the only packet of a station, as its sync page shows them.
fn told(counter: &Counter) -> (String, String) {
    let page = counter.page();
    let packet = page.arrived.first().or(page.waiting.first()).expect("a packet");
    (packet.status.clone().unwrap_or_default(), packet.status_reason.clone().unwrap_or_default())
}

#[test]
fn two_stations_record_one_nik_offline_and_both_are_kept_until_a_person_decides() {
    let kabupaten = Kabupaten::open();
    let people = grown_ups(20);
    let nik = &people[0];
    // Somebody else of the same sex before the same backdrop shows the same KK at the other counter.
    let alike = |other: &&String| {
        let number = |nik: &str, at: std::ops::Range<usize>| nik[at].parse::<u32>().unwrap();
        (number(nik, 6..8) > 40) == (number(other, 6..8) > 40)
            && number(nik, 10..12) % 2 == number(other, 10..12) % 2
    };
    let other = people[1..].iter().find(alike).expect("somebody like that");
    let open = |code: &str| {
        let counter = Counter::open(code, Arc::new(SystemClock));
        let activation = kabupaten.add(code);
        counter.officer("hendra").activate(&kabupaten.address(), &activation).unwrap();
        counter
    };
    let counters = [open(FIRST), open(SECOND)];
    kabupaten.cut();
    for (counter, body) in counters.iter().zip([nik, other]) {
        // Neither knows of the other: both record, with nobody to ask.
        counter.walk(&mut Visit { body: body.clone(), ..Visit::of(nik) }, 5);
    }
    kabupaten.mend();
    for counter in &counters {
        counter.exchange_until("the receipt", || counter.page().acknowledged == 1);
        counter.exchange_until("the word of the centre", || {
            !["", "RECEIVED_AT_CENTRAL", "SENT_FOR_ENROLLMENT"].contains(&told(counter).0.as_str())
        });
    }
    let of = |station: &str, all: &[Received]| all.iter().filter(|row| row.station == station).count();
    let all = kabupaten.received();
    assert_eq!((of(FIRST, &all), of(SECOND, &all)), (1, 1), "both are kept");
    // Whoever arrives first, as each sends by itself.
    let mut words = [told(&counters[0]), told(&counters[1])];
    words.sort();
    let [waits, ready] = words;
    assert_eq!(
        waits,
        ("ADJUDICATE_RECORD".into(), "same_nik".into()),
        "one waits for a person; its desk says why"
    );
    assert_eq!(ready, ("PRINT_READY_RECORD".into(), String::new()), "the other goes on");
}

#[test]
fn a_cloned_disk_and_an_older_backup_are_noticed_and_nothing_is_overwritten() {
    let kabupaten = Kabupaten::open();
    let activation = kabupaten.add(FIRST);
    let original = Counter::open(FIRST, Arc::new(SystemClock));
    original.officer("hendra").activate(&kabupaten.address(), &activation).unwrap();
    let mut visit = Visit::of(&grown_ups(1)[0]);
    original.walk(&mut visit, 4);
    let clone = original.disk();
    let before = visit.copied();
    let backup = tempfile::tempdir().unwrap();
    copy(clone.path(), backup.path());

    original.walk(&mut visit, 5);
    original.exchange_until("the receipt", || original.page().acknowledged == 1);
    let first = kabupaten.received();
    assert_eq!(first.len(), 1, "the original's packet has number 1");
    assert!(found(&original.page()).is_empty(), "nothing is odd yet");

    // The clone goes on from the same moment without a network: the same number, another packet.
    kabupaten.cut();
    let clone = Counter::over(clone, FIRST, Arc::new(SystemClock));
    let mut copied = before.copied();
    clone.walk(&mut copied, 5);
    kabupaten.mend();
    clone.exchange_until("the comparison", || !clone.page().findings.is_empty());
    let page = clone.page();
    assert!(found(&page).contains(&("copied_disk", "1")), "one number, two packets: {:?}", found(&page));
    clone.exchange_until("the centre's word", || clone.page().waiting.iter().all(|row| row.cause.is_some()));
    let page = clone.page();
    assert_eq!((page.acknowledged, page.waiting.len()), (0, 1), "its packet waits for a person");
    assert_eq!(page.waiting[0].cause.as_deref(), Some("sequence_conflict"), "with its cause");
    assert_said("sync.cause.sequence_conflict");
    let files = clone.dir.path().join("packets").join(&page.waiting[0].packet_id);
    assert!(["id.cms", "bio.cms", "dok.cms"].iter().all(|part| files.join(part).exists()), "and its files");
    assert_eq!(kabupaten.received(), first, "the centre has what it had");
    original.exchange();
    assert_eq!(original.page().acknowledged, 1, "the original's receipt stands");
    drop(clone);

    // The computer dies and an older backup is put in its place: it does not know of packet 1.
    drop(original);
    let restored = Counter::over(backup, FIRST, Arc::new(SystemClock));
    restored.exchange();
    let page = restored.page();
    assert_eq!(found(&page), [("station_behind", "1")], "the centre has a packet that is not known here");
    let mut again = before.copied();
    restored.walk(&mut again, 5);
    restored.exchange_until("the receipt", || restored.page().acknowledged == 1);
    let all = kabupaten.received();
    assert_eq!(
        all.iter().map(|row| row.sequence).collect::<Vec<_>>(),
        [1, 2],
        "the number in use is skipped"
    );
    assert_eq!(all[0], first[0], "and what stood under it stands");
}

#[test]
fn a_station_whose_disk_is_lost_goes_on_under_its_code_and_the_disk_that_appears_again_is_refused() {
    let kabupaten = Kabupaten::open();
    let people = grown_ups(3);
    let lost = Counter::open(FIRST, Arc::new(SystemClock));
    lost.officer("hendra").activate(&kabupaten.address(), &kabupaten.add(FIRST)).unwrap();
    lost.walk(&mut Visit::of(&people[0]), 5);
    lost.exchange_until("the receipt", || lost.page().acknowledged == 1);
    kabupaten.cut();
    lost.walk(&mut Visit::of(&people[1]), 5);
    let disk = lost.disk();
    drop(lost);
    kabupaten.mend();

    // Another computer, an empty disk, the same code of the station.
    let new = Counter::open(FIRST, Arc::new(SystemClock));
    let activated = |counter: &Counter, code: &str| {
        let done = counter.officer("hendra").activate(&kabupaten.address(), code);
        done.map(drop).map_err(|error| error.to_view().key)
    };
    let refused = activated(&new, &kabupaten.add(FIRST)).expect_err("an ordinary code");
    assert_eq!(refused, "activation_register_other", "the centre knows another register");
    activated(&new, &kabupaten.replace(FIRST, "cakram rusak")).expect("a code for a replaced computer");
    new.walk(&mut Visit::of(&people[2]), 5);
    new.exchange_until("the word of the centre", || {
        let page = new.page();
        page.acknowledged == 1
            && !["", "RECEIVED_AT_CENTRAL", "SENT_FOR_ENROLLMENT"].contains(&told(&new).0.as_str())
    });
    assert_eq!(told(&new), ("PRINT_READY_RECORD".into(), String::new()), "its first recording is accepted");
    assert!(found(&new.page()).is_empty(), "nothing is odd: {:?}", found(&new.page()));
    let held = kabupaten.received();
    let numbers: Vec<i64> = held.iter().map(|row| row.sequence).collect();
    assert_eq!(numbers, [1, 20_001], "no number of the lost computer comes twice");

    let old = Counter::over(disk, FIRST, Arc::new(SystemClock));
    let report = old.exchange();
    assert_eq!(report.cause.as_deref(), Some("station_replaced"), "refused, with its reason");
    assert_said("sync.cause.station_replaced");
    let waiting = old.page().waiting;
    assert_eq!(waiting.len(), 1, "what it sealed and never sent stays");
    let files = old.dir.path().join("packets").join(&waiting[0].packet_id);
    assert!(["id.cms", "bio.cms", "dok.cms"].iter().all(|part| files.join(part).exists()), "with its files");
    let stick = tempfile::tempdir().unwrap();
    old.officer("hendra").courier_export(stick.path()).unwrap();
    let words = kabupaten.take_in(stick.path());
    assert!(words.len() == 1 && words[0].contains("revoked"), "nor by courier: {words:?}");
    let again = activated(&old, &kabupaten.replace(FIRST, "dicoba")).expect_err("a disk that is known");
    assert_eq!(again, "activation_register_known", "and no code lets it begin anew");
    assert_eq!(kabupaten.received(), held, "the centre has what it had");
}

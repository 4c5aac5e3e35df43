//! The permit to sign in without the centre: what is done once it is over, and who has none. A centre that is heard again
//! stands in `rekamctl/tests/permit`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::register::RegisterKind;
use domain::role::Role;
use jiff::{SignedDuration, Timestamp};
use packet::Document;
use packet::wire::{Change, Cursor, OperatorChange, REPLY_FOLDER, STATUS_FILE, write_feed_for};
use station::view::{QueueTab, StationState};
use station::{Provision, Start, Station};
use store::{Act, Argon2Cost, Ctx, KeySlots, Store, StoreOptions};

use crate::plain::{self, District, PASSWORD};

const ROLES: [Role; 2] = [Role::Supervisor, Role::Operator];

/// The real time and some days more.
struct Later(i64);

impl station::clock::Clock for Later {
    fn now(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_hours(24 * self.0)
    }
}

fn permit() -> i64 {
    i64::from(station::Config::default().lock.offline_lease_days)
}

/// The station of this folder, so many days from now; nobody is signed in.
fn after(dir: &Path, days: i64) -> Arc<Station> {
    let start = Start {
        config: plain::config(dir),
        clock: Arc::new(Later(days)),
        training_hint: None,
        practice: None,
    };
    Station::start(start).unwrap()
}

/// A clock that is set while the station runs, in days from the real time.
struct Adjusted(AtomicI64);

impl station::clock::Clock for Adjusted {
    fn now(&self) -> Timestamp {
        Later(self.0.load(Ordering::SeqCst)).now()
    }
}

/// As a centre has activated it; or, without, as a station that records and waits for its code.
fn provision(dir: &Path, activated: bool) {
    let district = District::new(false);
    if activated {
        let dewi = district.officer("dewi", &ROLES);
        return activated_by(dir, &district, vec![dewi]);
    }
    provide(dir, plain::provision(false, vec![plain::officer("dewi", &ROLES)]));
}

/// As this centre has activated it, with these officers.
fn activated_by(dir: &Path, district: &District, officers: Vec<station::NewOperator>) {
    provide(dir, Provision { issued: Some(district.issued()), ..plain::provision(false, officers) });
}

fn provide(dir: &Path, set: Provision) {
    station::provision::provision(&plain::config(dir), Timestamp::now(), set, None).unwrap();
}

/// Whether Dewi, who signs in so many days from now, can do nothing but the exchange.
fn exchange_only(dir: &Path, days: i64) -> bool {
    let station = after(dir, days);
    let seen = station.sign_in("dewi", PASSWORD).unwrap();
    assert!(seen.signed_in.is_some(), "a right password always opens");
    station.lock().unwrap();
    seen.exchange_only
}

/// A centre on this computer that has nothing to say, and says so by the right time; answers where it is.
fn quiet_centre() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || listener.incoming().map_while(Result::ok).for_each(answer));
    format!("http://{address}")
}

/// One question, one answer; a station that hangs up first asks again.
fn answer(mut stream: TcpStream) {
    let mut from = BufReader::new(stream.try_clone().unwrap());
    let (mut asked, mut length) = (String::new(), 0);
    from.read_line(&mut asked).unwrap_or_default();
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).unwrap_or_default() == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap();
        }
    }
    from.take(length).read_to_end(&mut Vec::new()).unwrap_or_default();
    let date = jiff::fmt::rfc2822::DateTimePrinter::new();
    let date = date.timestamp_to_rfc9110_string(&Timestamp::now()).unwrap();
    let counted =
        r#"{"received":0,"highest":0,"lost":[],"receipts":[],"gaps":[],"foreign":[],"next_sequence":1}"#;
    let (status, body) = match asked {
        asked if asked.contains("/inventory") => ("200 OK", counted),
        asked if asked.contains("/changes") => ("204 No Content", ""),
        _ => ("404 Not Found", ""),
    };
    let length = if body.is_empty() { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    let _ = write!(stream, "HTTP/1.1 {status}\r\ndate: {date}\r\n{length}connection: close\r\n\r\n{body}");
}

/// One exchange with this centre by a clock that is so many days ahead: whether there was nothing but the exchange before it, and
/// whether there still is.
fn hears(dir: &Path, centre: &str, days: i64) -> (bool, bool) {
    let mut config = plain::config(dir);
    centre.clone_into(&mut config.sync.centre);
    let start = Start { config, clock: Arc::new(Later(days)), training_hint: None, practice: None };
    let station = Station::start(start).unwrap();
    let before = station.sign_in("dewi", PASSWORD).unwrap().exchange_only;
    // One that runs by itself is waited for first.
    while let Err(error) = station.sync_now() {
        assert_eq!(error.to_view().key, "sync_running");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let after = station.station_state().unwrap().exchange_only;
    station.lock().unwrap();
    (before, after)
}

fn roster(dir: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(dir.join("roster.json")).unwrap()).unwrap()
}

fn key<T: std::fmt::Debug>(refused: station::Result<T>) -> String {
    refused.expect_err("refused").to_view().key
}

fn database(dir: &Path) -> Store {
    let database = dir.join("rekam.db");
    let now = Timestamp::now();
    let dewi = domain::ids::OperatorId::parse("dewi").unwrap();
    let slots = KeySlots::open(&KeySlots::path_beside(&database), Argon2Cost::CHEAP_FOR_TESTS).unwrap();
    let key = { slots }.unlock(&dewi, PASSWORD, now).unwrap();
    Store::open(&database, &key, StoreOptions::default(), now).unwrap()
}

#[test]
fn a_permit_that_is_over_leaves_the_exchange_and_activation_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    provision(dir.path(), true);
    assert!(!exchange_only(dir.path(), permit() - 1), "within the permit");

    let station = after(dir.path(), permit() + 1);
    let locked = station.station_state().unwrap();
    let lease = locked.lease.expect("the sign-in page tells of it");
    assert!(lease.over && lease.days_left < 0 && i64::from(lease.days) == permit(), "{lease:?}");
    assert_eq!(key(station.sign_in("dewi", "sandi yang salah")), "wrong_password", "no other way in");
    let seen: StationState = station.sign_in("dewi", PASSWORD).unwrap();
    assert!(seen.exchange_only, "nothing but the exchange");

    assert_eq!(key(station.queue(QueueTab::All)), "lease_over");
    let kind = station.kinds();
    assert_eq!(key(kind), "lease_over", "no visit is begun");
    assert_eq!(key(station.staff()), "lease_over");
    assert_eq!(key(station.wording()), "lease_over", "nor are other settings changed");
    let stick = tempfile::tempdir().unwrap();
    assert!(station.sync_status().unwrap().waiting.is_empty(), "the sync page opens");
    assert_eq!(
        station.courier_export(stick.path()).unwrap().packets,
        0,
        "the stick asks for the centre's word"
    );
    assert_eq!(
        key(station.activate("https://pusat.invalid", "bukan kode")),
        "activation_malformed",
        "and a code"
    );
    assert_eq!(key(station.courier_replies(stick.path())), "courier_no_replies", "which nobody has answered");
    assert!(station.station_state().unwrap().exchange_only, "none of which was the centre's word");
    station.lock().unwrap();

    let said = database(dir.path()).read(|view| view.register_between(0, 100)).unwrap();
    let sign_ins: Vec<Option<String>> = said
        .iter()
        .filter(|line| line.entry.kind == RegisterKind::SignedIn)
        .map(|line| line.entry.detail.get("izin_luring").cloned())
        .collect();
    assert_eq!(sign_ins, [None, Some("habis".to_owned())], "the register tells them apart");
    assert!(!exchange_only(dir.path(), permit() - 1), "nothing was lost by it");
}

#[test]
fn the_permit_stands_in_the_database_and_not_in_the_file_beside_it() {
    let dir = tempfile::tempdir().unwrap();
    provision(dir.path(), true);
    for tried in [serde_json::Value::Null, serde_json::json!("2099-01-01T00:00:00Z")] {
        let mut edited = roster(dir.path());
        edited["lease_from"] = tried.clone();
        std::fs::write(dir.path().join("roster.json"), edited.to_string()).unwrap();
        assert!(exchange_only(dir.path(), permit() + 1), "{tried} moves nothing");
        assert_ne!(roster(dir.path())["lease_from"], tried, "and the page shows what is true again");
    }
    std::fs::remove_file(dir.path().join("roster.json")).unwrap();
    assert!(exchange_only(dir.path(), permit() + 1), "nor does a file that is gone");
}

#[test]
fn a_station_that_no_centre_has_activated_has_no_permit_that_could_end() {
    let dir = tempfile::tempdir().unwrap();
    provision(dir.path(), false);
    // As an older program left it.
    let mut edited = roster(dir.path());
    assert_eq!(edited["lease_from"], serde_json::Value::Null, "nothing counts from the set-up");
    edited["lease_from"] = serde_json::json!(Timestamp::now().to_string());
    std::fs::write(dir.path().join("roster.json"), edited.to_string()).unwrap();
    let station = after(dir.path(), 400);
    let seen = station.sign_in("dewi", PASSWORD).unwrap();
    assert!(!seen.exchange_only && seen.lease.is_none(), "on day 400 like on the first");
    assert!(station.queue(QueueTab::All).is_ok(), "everything goes on");
    station.lock().unwrap();
    assert_eq!(roster(dir.path())["lease_from"], serde_json::Value::Null, "and what was shown is put right");
}

#[test]
fn the_permit_of_an_older_program_is_taken_over_once() {
    let dir = tempfile::tempdir().unwrap();
    provision(dir.path(), false);
    let ctx = Ctx { operator: None, now: Timestamp::now() };
    let store = database(dir.path());
    let act = Act::SettingChange { name: "credentials".into() };
    store.transact(act, &ctx, |tx| tx.set_setting("credentials", "{}")).unwrap();
    assert_eq!(store.read(|view| view.permit_from_ms()).unwrap(), None, "as before the upgrade");
    drop(store);
    let mut edited = roster(dir.path());
    edited["lease_from"] = serde_json::json!(Timestamp::now().to_string());
    std::fs::write(dir.path().join("roster.json"), edited.to_string()).unwrap();
    assert!(!exchange_only(dir.path(), permit() - 1), "it goes on where it stood");
    edited["lease_from"] = serde_json::json!((Timestamp::now() + SignedDuration::from_hours(48)).to_string());
    std::fs::write(dir.path().join("roster.json"), edited.to_string()).unwrap();
    assert!(exchange_only(dir.path(), permit() + 1), "from then on by the database");
}

#[test]
fn the_permit_counts_from_the_centre_s_own_time_however_wrong_the_clock_was_that_heard_it() {
    let dir = tempfile::tempdir().unwrap();
    provision(dir.path(), true);
    let centre = quiet_centre();
    let long_ago = Timestamp::now() - SignedDuration::from_hours(24 * (permit() + 10));
    let store = database(dir.path());
    store.bookkeep(Timestamp::now(), |ledger| ledger.permit_counts_from(long_ago.as_millisecond())).unwrap();
    drop(store);
    assert!(exchange_only(dir.path(), 0), "not heard for so long");
    assert_eq!(hears(dir.path(), &centre, -(permit() + 20)), (false, false), "by a battery that is empty");
    assert!(!exchange_only(dir.path(), 0), "the clock is right again: heard just now");
    assert!(!exchange_only(dir.path(), permit() - 1), "and for as long as the permit lasts");
    assert!(exchange_only(dir.path(), permit() + 1), "no day longer");

    assert_eq!(hears(dir.path(), &centre, 100), (false, false), "a hundred days ahead");
    assert!(exchange_only(dir.path(), permit() + 1), "gives no day more");
    assert_eq!(
        hears(dir.path(), &centre, permit() + 20),
        (true, false),
        "so far ahead that nothing is left of it: who answers now opens the station now"
    );
    assert!(!exchange_only(dir.path(), 0), "also by the right clock");
}

/// The permit counts from this many days ago.
fn last_counted(dir: &Path, days: i64) {
    let then = Timestamp::now() - SignedDuration::from_hours(24 * days);
    let kept = |ledger: &store::Ledger<'_>| ledger.permit_counts_from(then.as_millisecond());
    database(dir).bookkeep(Timestamp::now(), kept).unwrap();
}

#[test]
fn the_centre_s_word_counts_at_the_next_sign_in_though_a_cut_kept_it_from_the_permit() {
    let dir = tempfile::tempdir().unwrap();
    provision(dir.path(), true);
    last_counted(dir.path(), permit() + 10);
    let (now, store) = (Timestamp::now(), database(dir.path()));
    let ctx = Ctx { operator: None, now };
    store.transact(Act::CentralStatuses { count: 0 }, &ctx, |tx| tx.move_cursor("aaaa-1")).unwrap();
    let whole = |ms: i64| store.bookkeep(now, |ledger| ledger.feed_is_whole(ms)).unwrap();
    whole((now + SignedDuration::from_hours(24 * 400)).as_millisecond());
    drop(store);
    assert!(exchange_only(dir.path(), 0), "a word of a day to come is none");
    let store = database(dir.path());
    store.bookkeep(now, |ledger| ledger.feed_is_whole(now.as_millisecond())).unwrap();
    drop(store);
    assert!(!exchange_only(dir.path(), permit() - 1), "it is on the disk, whole");
    assert!(exchange_only(dir.path(), permit() + 1), "and is as old as any other");
}

/// A stick that Dewi wrote, and the folder of the centre's answers on it, which is empty.
fn stick_of(dir: &Path) -> (tempfile::TempDir, PathBuf) {
    let stick = tempfile::tempdir().unwrap();
    let station = after(dir, 0);
    station.sign_in("dewi", PASSWORD).unwrap();
    let batch = PathBuf::from(station.courier_export(stick.path()).unwrap().folder);
    station.lock().unwrap();
    let replies = batch.join(REPLY_FOLDER);
    std::fs::create_dir_all(&replies).unwrap();
    (stick, replies)
}

/// The same with all that the centre has to say upon it.
fn answered_stick(dir: &Path, district: &District, said: &[Change]) -> tempfile::TempDir {
    let (stick, replies) = stick_of(dir);
    let feed = write_feed_for("UJI-01", said, &Cursor::new("aaaa", 1), false);
    let signed = Document::sign(&feed, "rekam-feed/1", &district.centre_signer(), Timestamp::now());
    std::fs::write(replies.join(STATUS_FILE), signed.unwrap()).unwrap();
    stick
}

/// Takes a stick in by a clock that is so many days from the right one.
fn takes(dir: &Path, stick: &Path, days: i64) {
    let station = after(dir, days);
    assert!(!station.sign_in("dewi", PASSWORD).unwrap().exchange_only);
    assert_eq!(station.courier_replies(stick).unwrap().refused, 0);
    station.lock().unwrap();
}

#[test]
fn a_stick_that_says_nothing_does_not_move_the_permit_back_where_the_clock_is_behind() {
    let dir = tempfile::tempdir().unwrap();
    provision(dir.path(), true);
    let (stick, _) = stick_of(dir.path());
    let now = Timestamp::now();
    let whole = now - SignedDuration::from_hours(24 * (permit() + 10));
    let kept = |ledger: &store::Ledger<'_>| ledger.feed_is_whole(whole.as_millisecond());
    database(dir.path()).bookkeep(now, kept).unwrap();
    last_counted(dir.path(), 0);
    takes(dir.path(), stick.path(), -20);
    assert!(!exchange_only(dir.path(), 0), "the centre was heard a moment ago");
    assert!(!exchange_only(dir.path(), permit() - 1), "and for as long as the permit lasts");
}

#[test]
fn an_older_stick_does_not_move_the_permit_back_behind_what_was_heard_by_network_since() {
    let dir = tempfile::tempdir().unwrap();
    let district = District::new(false);
    activated_by(dir.path(), &district, vec![district.officer("dewi", &ROLES)]);
    let stick = answered_stick(dir.path(), &district, &[]);
    // By the centre's own time, twenty days after the stick was signed, while the clock here says that it is that day still.
    last_counted(dir.path(), -20);
    takes(dir.path(), stick.path(), 0);
    assert!(!exchange_only(dir.path(), permit() + 10), "it counts from the later word");
    assert!(exchange_only(dir.path(), permit() + 21), "no day longer");
}

#[test]
fn a_stick_that_a_wrong_clock_called_old_opens_the_same_session_once_the_clock_is_right() {
    let dir = tempfile::tempdir().unwrap();
    let district = District::new(false);
    activated_by(dir.path(), &district, vec![district.officer("dewi", &ROLES)]);
    let stick = answered_stick(dir.path(), &district, &[]);
    let clock = Arc::new(Adjusted(AtomicI64::new(permit() + 20)));
    let start = Start {
        config: plain::config(dir.path()),
        clock: Arc::clone(&clock) as Arc<dyn station::clock::Clock>,
        training_hint: None,
        practice: None,
    };
    let station = Station::start(start).unwrap();
    assert!(station.sign_in("dewi", PASSWORD).unwrap().exchange_only, "over, by this clock");
    let takes = || {
        let taken = station.courier_replies(stick.path()).unwrap();
        (taken.refused, station.station_state().unwrap().exchange_only)
    };
    assert_eq!(takes(), (0, true), "so is the answer, which is taken all the same");
    clock.0.store(0, Ordering::SeqCst);
    assert_eq!(takes(), (0, false), "the same answer, by the right clock");
    assert!(station.queue(QueueTab::All).is_ok(), "the whole station");
    station.lock().unwrap();
}

#[test]
fn a_stick_opens_the_session_also_where_the_list_beside_the_database_cannot_be_written() {
    let dir = tempfile::tempdir().unwrap();
    let district = District::new(false);
    let officers = ["dewi", "sari"].map(|id| district.officer(id, &ROLES));
    activated_by(dir.path(), &district, officers.into());
    let sari = OperatorChange {
        id: "sari".into(),
        name: "Petugas Uji".into(),
        roles: vec!["operator".into()],
        revoked: true,
        t: Timestamp::now(),
    };
    let stick = answered_stick(dir.path(), &district, &[Change::Operator(sari)]);
    last_counted(dir.path(), permit() + 10);
    let station = after(dir.path(), 0);
    assert!(station.sign_in("dewi", PASSWORD).unwrap().exchange_only, "over");
    // Where the new list would be written first.
    std::fs::create_dir(dir.path().join("roster.part")).unwrap();
    let taken = station.courier_replies(stick.path());
    assert!(!station.station_state().unwrap().exchange_only, "the centre was heard: {taken:?}");
    std::fs::remove_dir(dir.path().join("roster.part")).unwrap();
    station.lock().unwrap();
    let station = after(dir.path(), 0);
    assert!(station.sign_in("sari", PASSWORD).is_err(), "and whom it revoked is out");
}

//! The permit to sign in without the centre, once it is over, and a real centre that is heard again: by network, by stick,
//! by a new code. What is locked meanwhile stands in `station/tests/desk/permit.rs`.

use std::time::{Duration, Instant};

use domain::ids::{PacketId, PermohonanId};
use domain::plan::JenisPermohonan;
use jiff::SignedDuration;
use sim::network::{Network, Trouble};
use station::view::{QueueTab, StationState};
use store::Ctx;

use super::*;

const CODE: &str = "KRUI-05";
const PASSWORD: &str = "kata sandi panjang";
/// An exchange with a centre on the same computer takes far less.
const LONG: Duration = Duration::from_secs(60);

/// The real time and some days more.
struct Later(i64);

impl station::clock::Clock for Later {
    fn now(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_hours(24 * self.0)
    }
}

fn permit_days() -> i64 {
    i64::from(station::Config::default().lock.offline_lease_days)
}

/// A real centre behind a wire that can be cut, and a station that was activated there.
struct Office {
    runtime: Runtime,
    centre: Arc<Centre>,
    serving: Option<Serving>,
    wire: Network,
    _folder: tempfile::TempDir,
    data: tempfile::TempDir,
}

impl Office {
    fn open() -> Self {
        let (runtime, folder, centre, serving) = open_centre(false);
        let wire = Network::start(serving.address).unwrap();
        let data = tempfile::tempdir().unwrap();
        let office = Self { runtime, centre, serving: Some(serving), wire, _folder: folder, data };
        let code = office.code();
        let roles = ["operator".to_owned()];
        let added = pusat::add_operator(&office.centre, CODE, "dewi", "Dewi Anggraini", &roles);
        office.runtime.block_on(added).unwrap();
        let station = new_station(office.data.path());
        station.setup_activate(&office.address(), CODE, &code).unwrap();
        finish_setup(&station);
        assert_eq!(exchange(&station).cause, None, "the centre's word begins the permit");
        station.lock().unwrap();
        office
    }

    /// Where the station reaches it.
    fn address(&self) -> String {
        format!("https://{}", self.wire.address())
    }

    /// A code for the station, as a person brings it.
    fn code(&self) -> String {
        let added = pusat::add_station(&self.centre, CODE, "Krui 05", "18.13", 1);
        self.runtime.block_on(added).unwrap().text()
    }

    fn cut(&self) {
        self.wire.always(Some(Trouble::CutAfter(0)));
    }

    fn mend(&self) {
        self.wire.always(None);
    }

    /// The station's database, while nobody is signed in.
    fn database(&self) -> store::Store {
        open_database(self.data.path(), PASSWORD)
    }

    /// The centre was heard last so many days ago.
    fn last_heard(&self, days: i64) {
        let then = Timestamp::now() - SignedDuration::from_hours(24 * days);
        let kept = |ledger: &store::Ledger<'_>| {
            ledger.feed_is_whole(then.as_millisecond())?;
            ledger.permit_counts_from(then.as_millisecond())
        };
        self.database().bookkeep(Timestamp::now(), kept).unwrap();
    }

    /// A sealed packet waits for the centre, and for its next attempt until tomorrow.
    fn seal(&self) {
        let store = self.database();
        let now = Timestamp::now();
        let ctx = Ctx { operator: None, now };
        let id = PacketId::parse("0190f5a2-7b1c-7000-8000-000000000001").unwrap();
        let visit = PermohonanId::parse("0190f5a2-7b1c-7000-9000-000000000001").unwrap();
        noise::visit(&store, &ctx, visit, JenisPermohonan::Hilang, |_| Ok(()));
        noise::packet(1, &store, &ctx, self.data.path(), id, visit, |_| Ok(()));
        let tomorrow = now.as_millisecond() + 86_400_000;
        store.bookkeep(now, |ledger| ledger.set_attempt(id, 9, tomorrow, 86_400_000, "cut")).unwrap();
    }

    /// The station as its program has it, and Dewi signed in.
    fn sign_in(&self) -> (Arc<Station>, StationState) {
        let station = new_station(self.data.path());
        let seen = station.sign_in("dewi", PASSWORD).unwrap();
        (station, seen)
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        self.cut();
        if let Some(serving) = self.serving.take() {
            self.runtime.block_on(serving.stop());
        }
        let _ = self.runtime.block_on(self.centre.close());
    }
}

/// One exchange; one that runs by itself is waited for first.
fn exchange(station: &Station) -> station::view::SyncReport {
    loop {
        match station.sync_now() {
            Err(station::Error::NotNow { key: "sync_running", .. }) => std::thread::yield_now(),
            other => return other.unwrap(),
        }
    }
}

fn comes_to_be(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < LONG, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn exchange_only(station: &Station) -> bool {
    station.station_state().unwrap().exchange_only
}

fn refused<T: std::fmt::Debug>(answer: station::Result<T>) -> String {
    answer.expect_err("refused").to_view().key
}

fn rekamctl(office: &Office, what: &[&str]) -> (i32, String) {
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_rekamctl"))
        .args(what)
        .args(["--operator", "dewi", "--data"])
        .arg(office.data.path())
        .env("REKAM_PASSWORD", PASSWORD)
        .output()
        .expect("rekamctl starts");
    let said = [done.stdout, done.stderr].concat();
    (done.status.code().expect("it ended by itself"), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn a_permit_that_is_over_locks_the_work_and_the_centre_s_word_opens_it_by_itself_with_the_outbox_sent() {
    let office = Office::open();
    office.seal();
    office.cut();
    office.last_heard(permit_days() + 1);

    let (station, seen) = office.sign_in();
    assert!(seen.exchange_only, "a right password opens, for the exchange alone");
    assert!(seen.lease.is_some_and(|lease| lease.over), "and the page says why");
    assert_eq!(refused(station.queue(QueueTab::All)), "lease_over", "no work");
    assert!(exchange(&station).cause.is_some(), "nobody answers");
    let status = station.sync_status().unwrap();
    assert_eq!((status.waiting.len(), status.arrived.len()), (1, 0), "what waits is seen, and safe");
    assert!(exchange_only(&station), "a line that is away is no word of the centre");
    station.lock().unwrap();
    drop(station);

    office.mend();
    let (station, seen) = office.sign_in();
    assert!(seen.exchange_only, "the permit is still over");
    comes_to_be("the centre's word", || !exchange_only(&station));
    assert!(station.queue(QueueTab::All).is_ok(), "the whole station is back, in the same session");
    comes_to_be("the receipt", || station.sync_status().unwrap().waiting.is_empty());
    let arrived = station.sync_status().unwrap().arrived;
    assert_eq!(arrived.len(), 1, "the packet did not sleep on until tomorrow");
    let lease = station.station_state().unwrap().lease.expect("a permit");
    assert!(!lease.over && i64::from(lease.days_left) >= permit_days() - 1, "it counts anew: {lease:?}");
    station.lock().unwrap();
    drop(station);

    office.cut();
    let (station, seen) = office.sign_in();
    assert!(!seen.exchange_only, "also at the next sign-in, without a line");
    station.lock().unwrap();
}

#[test]
fn a_station_that_only_a_stick_reaches_keeps_its_permit_and_gets_back_one_that_is_over() {
    let office = Office::open();
    office.cut();
    office.last_heard(permit_days() + 1);
    let (station, seen) = office.sign_in();
    assert!(seen.exchange_only, "over");
    let stick = tempfile::tempdir().unwrap();
    assert_eq!(station.courier_export(stick.path()).unwrap().packets, 0, "nothing waits, and the stick asks");
    let imported = office.runtime.block_on(pusat::import_courier(&office.centre, stick.path())).unwrap();
    assert!(imported.refused.is_empty(), "the centre answers such a stick");
    assert_eq!(station.courier_replies(stick.path()).unwrap().refused, 0, "its answer holds");
    assert!(!exchange_only(&station), "which is the centre's word like any other");
    assert!(station.queue(QueueTab::All).is_ok(), "and opens the station at once");
    station.lock().unwrap();
    drop(station);

    // The same answer again, when the permit has run out once more.
    let station = station_by(office.data.path(), Arc::new(Later(permit_days() + 1)));
    assert!(station.sign_in("dewi", PASSWORD).unwrap().exchange_only, "over again");
    station.courier_replies(stick.path()).unwrap();
    assert!(exchange_only(&station), "it is as old as its signature");
    station.lock().unwrap();
    drop(station);

    // One that is taken within the permit moves it.
    office.last_heard(permit_days() - 1);
    let (station, seen) = office.sign_in();
    assert!(!seen.exchange_only, "a day is left");
    station.courier_export(stick.path()).unwrap();
    office.runtime.block_on(pusat::import_courier(&office.centre, stick.path())).unwrap();
    station.courier_replies(stick.path()).unwrap();
    let lease = station.station_state().unwrap().lease.expect("a permit");
    assert!(
        i64::from(lease.days_left) >= permit_days() - 1,
        "it counts from the centre's signature: {lease:?}"
    );
    station.lock().unwrap();
}

#[test]
fn a_stick_that_is_read_while_the_clock_is_behind_counts_from_when_the_centre_signed_it() {
    let office = Office::open();
    office.cut();
    let (station, _) = office.sign_in();
    let stick = tempfile::tempdir().unwrap();
    station.courier_export(stick.path()).unwrap();
    station.lock().unwrap();
    drop(station);
    office.runtime.block_on(pusat::import_courier(&office.centre, stick.path())).unwrap();
    office.last_heard(permit_days() + 10);

    let station = station_by(office.data.path(), Arc::new(Later(-(permit_days() + 20))));
    station.sign_in("dewi", PASSWORD).unwrap();
    assert_eq!(station.courier_replies(stick.path()).unwrap().refused, 0, "the answer holds");
    station.lock().unwrap();
    drop(station);
    let (station, seen) = office.sign_in();
    assert!(!seen.exchange_only, "the clock is right again, and the centre's word is of today");
    station.lock().unwrap();
}

#[test]
fn a_new_code_is_taken_while_the_permit_is_over() {
    let office = Office::open();
    office.cut();
    office.last_heard(permit_days() + 1);
    let (station, seen) = office.sign_in();
    assert!(seen.exchange_only, "over, and the way to the centre is closed");
    // The centre moved: its new address comes with a new code.
    let moved = format!("https://{}", office.serving.as_ref().unwrap().address);
    let status = station.activate(&moved, &office.code()).unwrap();
    assert!(status.activated && status.centre == moved, "taken");
    comes_to_be("the centre's word", || !exchange_only(&station));
    station.lock().unwrap();
}

#[test]
fn an_officer_whom_the_centre_revoked_meanwhile_does_not_come_in_by_the_exchange() {
    let office = Office::open();
    office.last_heard(permit_days() + 1);
    let since = Timestamp::now() - SignedDuration::from_hours(24);
    office.runtime.block_on(pusat::revoke_operator(&office.centre, CODE, "dewi", since)).unwrap();
    let (station, seen) = office.sign_in();
    assert!(seen.exchange_only, "nobody knows it here yet");
    comes_to_be("the revocation", || station.sync_status().is_err());
    let state = station.station_state().unwrap();
    assert!(state.signed_in.is_none() && !state.exchange_only, "shown out, and never let in");
    assert_eq!(state.lock_reason, Some(station::view::LockReason::Revoked), "with the reason");
}

#[test]
fn the_command_line_exchanges_while_the_permit_is_over_and_the_program_finds_it_renewed() {
    let office = Office::open();
    office.seal();
    office.last_heard(permit_days() + 1);
    let (code, said) = rekamctl(&office, &["sync", "now"]);
    assert_eq!(code, 0, "nothing is left to send: {said}");
    office.cut();
    let (station, seen) = office.sign_in();
    assert!(!seen.exchange_only, "renewed by it");
    assert!(station.sync_status().unwrap().waiting.is_empty(), "and the outbox is empty");
    station.lock().unwrap();
}

//! The permit to sign in without the centre: what is done once it is over, and who has none. A centre that is heard again
//! stands in `rekamctl/tests/permit`.

use std::path::Path;
use std::sync::Arc;

use domain::register::RegisterKind;
use domain::role::Role;
use jiff::{SignedDuration, Timestamp};
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

/// As a centre has activated it; or, without, as a station that records and waits for its code.
fn provision(dir: &Path, activated: bool) {
    let district = District::new(false);
    let (people, issued) = if activated {
        (vec![district.officer("dewi", &ROLES)], Some(district.issued()))
    } else {
        (vec![plain::officer("dewi", &ROLES)], None)
    };
    let set = Provision { issued, ..plain::provision(false, people) };
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

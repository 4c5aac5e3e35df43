//! The station's own certificate: renewed in time, not renewed, run out.

use packet::pki::{Certificate, Identity, Role, Validity};
use station::view::Unsettled;
use store::{Act, Ctx};

use super::*;

/// One statement on the centre's database, by its own command line.
fn at_centre(both: &Both, statement: &str) -> String {
    let url = both.centre.cluster.as_ref().unwrap().url();
    let done = std::process::Command::new("psql")
        .args(["-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-c", statement, &url])
        .output()
        .expect("psql stands beside PostgreSQL");
    assert!(done.status.success(), "{statement}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}

/// Gives the station a certificate of the centre's authority with so many days left, on both sides.
fn days_left(both: &Both, days: i64) -> Identity {
    let code = both.code();
    // Half a day more: the test itself takes its seconds.
    let from = Timestamp::now() - jiff::SignedDuration::from_hours(24 * 300 - 12);
    let validity = Validity::days(from, u32::try_from(300 + days).unwrap());
    let identity = both.centre.keys.authority.issue_identity(Role::Station, &code, validity).unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let certificate = text(&identity.certificate_ref().to_pem().unwrap());
    let serial = identity.certificate_ref().serial().unwrap();
    at_centre(
        both,
        &format!(
            "UPDATE station SET certificate = '{certificate}', certificate_key = '', serial = '{serial}', previous_serial = ''"
        ),
    );
    both.meanwhile(|store| {
        let json = store.read(|view| view.setting("credentials")).unwrap().expect("activated");
        let mut kept: serde_json::Value = serde_json::from_str(&json).unwrap();
        let key = text(&identity.key_pem().unwrap());
        kept["station"] = serde_json::json!({"key": key, "certificate": certificate});
        let ctx = Ctx { operator: None, now: Timestamp::now() };
        let act = Act::SettingChange { name: "credentials".into() };
        store.transact(act, &ctx, |tx| tx.set_setting("credentials", &kept.to_string())).unwrap();
    });
    identity
}

/// Days until the certificate that the station shows runs out.
fn days(both: &Both) -> i64 {
    let until: Timestamp = both.station.sync_status().unwrap().certificate_until.unwrap().parse().unwrap();
    (until.as_second() - Timestamp::now().as_second()) / 86_400
}

fn serial_at_centre(both: &Both) -> String {
    at_centre(both, "SELECT serial FROM station")
}

#[test]
fn a_certificate_that_runs_out_soon_is_renewed_by_itself_and_the_next_exchange_uses_the_new_one() {
    let both = Both::new();
    assert!(days(&both) > 300, "a year at first");
    let old = days_left(&both, 30);
    assert_eq!(days(&both), 30, "soon over");
    assert_eq!(both.sync().cause, None, "an exchange like any other");
    assert!(days(&both) > 300, "after it there is a new one");
    assert_ne!(serial_at_centre(&both), old.certificate_ref().serial().unwrap(), "of the centre's own");
    assert_eq!(
        at_centre(&both, "SELECT count(*) FROM event WHERE kind = 'station_renewed'"),
        "1",
        "asked for once"
    );
    let previous = "SELECT previous_serial FROM station";
    assert_eq!(
        at_centre(&both, previous),
        old.certificate_ref().serial().unwrap(),
        "the old one is good meanwhile"
    );
    assert_eq!(both.sync().cause, None, "the next exchange");
    assert_eq!(at_centre(&both, previous), "", "came with the new one: the old one is not needed any more");
    let kept = both.meanwhile(|store| store.read(|view| view.setting("credentials")).unwrap().unwrap());
    let kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
    let own = Certificate::from_pem(kept["station"]["certificate"].as_str().unwrap().as_bytes()).unwrap();
    assert_eq!(own.serial().unwrap(), serial_at_centre(&both), "both sides speak of the same one");
    let pem = |certificate: &Certificate| String::from_utf8(certificate.to_pem().unwrap()).unwrap();
    assert_eq!(
        both.station.certificates().unwrap(),
        [pem(&own), pem(old.certificate_ref())],
        "papers that were sealed under the one before can still be checked"
    );
    assert_eq!(both.sync().cause, None, "and nothing more is asked");
    assert_eq!(at_centre(&both, "SELECT count(*) FROM event WHERE kind = 'station_renewed'"), "1", "once");
}

#[test]
fn a_renewal_that_fails_is_shown_on_every_page_until_it_is_done_and_nothing_stops() {
    let both = Both::new();
    days_left(&both, 20);
    at_centre(&both, "ALTER TABLE event ADD CONSTRAINT broken CHECK (kind <> 'station_renewed') NOT VALID");
    assert_eq!(both.sync().cause, None, "sending goes on with the old one");
    assert_eq!(both.station.strip().unwrap().unsettled, [Unsettled::Renewal], "and the desk is told");
    assert_eq!(days(&both), 20, "the old one is as it was");
    assert_eq!(both.sync().cause, None, "asked again each time");
    at_centre(&both, "ALTER TABLE event DROP CONSTRAINT broken");
    assert_eq!(both.sync().cause, None, "the centre is well again");
    assert!(days(&both) > 300, "renewed");
    assert_eq!(both.station.strip().unwrap().unsettled, [], "nothing is open");
    assert_eq!(both.sync().cause, None, "and the new one is taken");
}

#[test]
fn a_certificate_that_ran_out_stops_the_sending_alone_and_a_new_code_brings_the_station_back() {
    let both = Both::new();
    let first = both.station.certificates().unwrap();
    let old = days_left(&both, -2);
    assert_eq!(
        both.sync().cause.as_deref(),
        Some("station_certificate_expired"),
        "told apart from everything else"
    );
    let person = grown(&both).remove(0);
    let id = both.at_verification(&person);
    assert!(both.station.verification(&id).unwrap().rows.len() > 5, "recording goes on");
    both.meanwhile(|store| counting::seal(&both, store, 0, true));
    assert_eq!(both.sync().cause.as_deref(), Some("station_certificate_expired"), "and what it seals waits");
    assert_eq!(both.station.sync_reconciliation().unwrap().waiting, 1, "here");

    let own = both.code();
    let again = pusat::add_station(&both.centre, &own, "Uji", "18.13", 1);
    let code = both.runtime.block_on(again).unwrap();
    both.station.lock().unwrap();
    both.station.sign_in(SUPERVISOR, training::PASSWORD).unwrap();
    let address = both.station.sync_status().unwrap().centre;
    both.station.activate(&address, &code.text()).expect("the same centre, a new code");
    let pem = |certificate: &Certificate| String::from_utf8(certificate.to_pem().unwrap()).unwrap();
    let kept = both.station.certificates().unwrap();
    assert_eq!(
        kept[1..],
        [pem(old.certificate_ref()), first[0].clone()],
        "papers that were sealed under those of before can still be checked, each is kept once: this disk's, then the centre's"
    );
    assert!(!kept[1..].contains(&kept[0]), "and a new one seals");
    assert_eq!(both.sync().cause, None, "the way is open again");
    let seen = both.station.sync_reconciliation().unwrap();
    assert_eq!((seen.waiting, seen.acknowledged), (0, 1), "and what waited is there");
    assert!(days(&both) > 300, "for a year");
}

//! Officers: added, suspended, taken back, their passwords and fingers, and the ways in when every password is lost.

use std::sync::Arc;

use jiff::Timestamp;
use station::clock::{Clock, SystemClock};
use station::view::{Language, Officer, Role, Settings, Staff, StaffState, StationState, Theme};
use station::{Error, Station};
use store::RecoveryCode;
use training::PASSWORD;

use crate::bench::Bench;

const FIRST: &str = "sandi-pertama-budi";
const NEXT: &str = "sandi-kedua-budi";

/// The real time and some hours more.
struct Later(i64);

impl Clock for Later {
    fn now(&self) -> Timestamp {
        SystemClock.now() + jiff::SignedDuration::from_hours(self.0)
    }
}

/// A station where a supervisor is signed in.
fn supervised() -> Bench {
    let bench = Bench::before_step_4(|_, _| ());
    supervise(&bench);
    bench
}

fn supervise(bench: &Bench) {
    bench.station.lock().unwrap();
    bench.station.sign_in("hendra", PASSWORD).unwrap();
}

fn officer(staff: &Staff, id: &str) -> Officer {
    staff.officers.iter().find(|one| one.id == id).cloned().unwrap_or_else(|| panic!("no {id}"))
}

fn key<T: std::fmt::Debug>(answer: Result<T, Error>) -> String {
    answer.expect_err("refused").to_view().key
}

fn add(station: &Station) -> Staff {
    station.add_officer("Budi Santoso", &[Role::Operator, Role::Operator], FIRST, PASSWORD).unwrap()
}

fn on_screen(station: &Station, id: &str) -> bool {
    station.station_state().unwrap().operators.iter().any(|card| card.id == id)
}

#[test]
fn the_page_lists_everybody_for_the_supervisor_and_only_oneself_for_others() {
    let bench = supervised();
    let staff = bench.station.staff().unwrap();
    assert_eq!(staff.officers.len(), 5, "everybody");
    let dewi = officer(&staff, "dewi");
    assert!(dewi.slot && dewi.finger && dewi.last_sign_in.is_some() && !dewi.me, "as training made her");
    assert_eq!(dewi.state, StaffState::Active);
    assert!(officer(&staff, "hendra").me && staff.can_manage);
    assert_eq!(staff.slots.len(), 1, "the recovery code");
    assert!(staff.slots[0].holder.is_some() && staff.slots[0].place.is_some(), "with its keeper");
    bench.station.lock().unwrap();
    bench.station.sign_in("dewi", PASSWORD).unwrap();
    let own = bench.station.staff().unwrap();
    assert!(!own.can_manage && own.slots.is_empty(), "where the code lies is not for everybody");
    assert_eq!(own.officers.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["dewi"]);
    assert_eq!(key(bench.station.suspend_officer("maya", PASSWORD)), "not_allowed");
}

#[test]
fn an_officer_who_was_added_signs_in_also_after_a_restart() {
    let mut bench = supervised();
    let station = &bench.station;
    assert_eq!(key(station.add_officer("Budi", &[], FIRST, PASSWORD)), "invalid", "nobody without a role");
    assert_eq!(
        key(station.add_officer("Budi", &[Role::Operator], "pendek", PASSWORD)),
        "weak_password_short"
    );
    assert_eq!(
        key(station.add_officer("Budi", &[Role::Operator], FIRST, "bukan sandinya")),
        "wrong_password",
        "a desk left open makes no accounts"
    );
    assert_eq!(station.staff().unwrap().officers.len(), 5, "nothing came of the refusals");
    let budi = officer(&add(station), "budi");
    assert!(budi.slot && !budi.finger && budi.roles == [Role::Operator], "{:?}", budi.roles);
    let second = station.add_officer("Budi Raharjo", &[Role::Printing], NEXT, PASSWORD).unwrap();
    assert!(officer(&second, "budi2").slot, "another person of that name gets another account");
    bench.restart();
    bench.station.lock().unwrap();
    assert!(on_screen(&bench.station, "budi"));
    assert!(bench.station.sign_in("budi", NEXT).is_err(), "only with the own password");
    let state = bench.station.sign_in("budi", FIRST).unwrap();
    assert_eq!(state.signed_in.unwrap().roles, [Role::Operator]);
}

#[test]
fn roles_change_for_others_only_and_hold_at_the_next_sign_in() {
    let bench = supervised();
    let station = &bench.station;
    assert_eq!(key(station.change_roles("hendra", &[Role::Operator], PASSWORD)), "own_account");
    let staff = station.change_roles("maya", &[Role::Printing, Role::Supervisor], PASSWORD).unwrap();
    assert_eq!(officer(&staff, "maya").roles, [Role::Printing, Role::Supervisor]);
    station.lock().unwrap();
    station.sign_in("maya", PASSWORD).unwrap();
    let staff = station.change_roles("hendra", &[Role::Operator], PASSWORD).unwrap();
    assert_eq!(officer(&staff, "hendra").roles, [Role::Operator], "another supervisor is left");
    assert_eq!(key(station.change_roles("maya", &[Role::Operator], PASSWORD)), "own_account");
    assert_eq!(key(station.suspend_officer("maya", PASSWORD)), "own_account", "so one always stays");
}

#[test]
fn a_suspended_officers_password_opens_nothing_until_taken_back_with_another() {
    let mut bench = supervised();
    add(&bench.station);
    let staff = bench.station.suspend_officer("budi", PASSWORD).unwrap();
    let budi = officer(&staff, "budi");
    assert!(budi.state == StaffState::Suspended && !budi.slot, "the slot is gone at once");
    assert_eq!(key(bench.station.suspend_officer("budi", PASSWORD)), "officer_suspended_already");
    let sidecar = std::fs::read_to_string(bench.station.data_dir().join("rekam.db.keys")).unwrap();
    assert!(!sidecar.contains("\"budi\""), "nothing that a password could open is on the disk");
    assert!(!on_screen(&bench.station, "budi"), "nor a name to choose");
    bench.restart();
    bench.station.lock().unwrap();
    assert_eq!(key(bench.station.sign_in("budi", FIRST)), "no_such_operator", "also after a restart");
    bench.station.sign_in("hendra", PASSWORD).unwrap();
    let staff = bench.station.reinstate_officer("budi", NEXT, PASSWORD).unwrap();
    assert_eq!(officer(&staff, "budi").state, StaffState::Active);
    assert_eq!(key(bench.station.reinstate_officer("budi", NEXT, PASSWORD)), "officer_active_already");
    bench.station.lock().unwrap();
    assert_eq!(key(bench.station.sign_in("budi", FIRST)), "wrong_password", "the old one stays dead");
    bench.station.sign_in("budi", NEXT).unwrap();
}

#[test]
fn a_slot_that_a_cut_left_behind_is_taken_away_at_the_next_sign_in() {
    let mut bench = supervised();
    add(&bench.station);
    let sidecar = bench.station.data_dir().join("rekam.db.keys");
    let before = std::fs::read(&sidecar).unwrap();
    bench.station.suspend_officer("budi", PASSWORD).unwrap();
    bench.station.lock().unwrap();
    // As if the power had gone between the line and the slot.
    std::fs::write(&sidecar, before).unwrap();
    let config = bench.training.config.clone();
    let start = station::Start { config, clock: Arc::new(SystemClock), training_hint: None, practice: None };
    bench.station = Station::start(start).unwrap();
    assert_eq!(key(bench.station.sign_in("budi", FIRST)), "operator_suspended", "the row refuses");
    bench.station.sign_in("hendra", PASSWORD).unwrap();
    assert!(!officer(&bench.station.staff().unwrap(), "budi").slot, "and the slot is gone now");
}

#[test]
fn an_officer_changes_the_own_password_with_the_old_one() {
    let mut bench = Bench::before_step_4(|_, _| ());
    bench.station.lock().unwrap();
    bench.station.sign_in("maya", PASSWORD).unwrap();
    let station = &bench.station;
    assert_eq!(key(station.change_own_password("bukan sandinya", NEXT)), "wrong_password");
    assert_eq!(key(station.change_own_password(PASSWORD, PASSWORD)), "weak_password_old");
    assert_eq!(key(station.change_own_password(PASSWORD, "aaaaaaaaaaaa")), "weak_password_same");
    station.change_own_password(PASSWORD, NEXT).unwrap();
    bench.restart();
    bench.station.lock().unwrap();
    assert_eq!(key(bench.station.sign_in("maya", PASSWORD)), "wrong_password");
    bench.station.sign_in("maya", NEXT).unwrap();
}

#[test]
fn a_finger_is_kept_after_two_captures_that_match() {
    let mut bench = supervised();
    bench.until_present(devices::Role::FingerVerifier);
    add(&bench.station);
    {
        let (station, training) = (&bench.station, &bench.training);
        assert_eq!(key(station.enrol_finger_again("budi")), "staff_finger_first", "one capture is none");
        assert_eq!(key(station.enrol_finger("budi", "bukan sandinya")), "wrong_password");
        let taken = training.while_staff_touches("budi", || station.enrol_finger("budi", PASSWORD)).unwrap();
        assert!(taken.minutiae >= 20, "{}", taken.minutiae);
        let other = training.while_staff_touches("rizal", || station.enrol_finger_again("budi"));
        assert_eq!(key(other), "staff_finger_other", "somebody else's finger");
        assert_eq!(key(station.enrol_finger_again("budi")), "staff_finger_first", "and then from the start");
        assert!(!officer(&station.staff().unwrap(), "budi").finger, "nothing was kept");
        let kept = (0..3).any(|_| {
            training.while_staff_touches("budi", || {
                station.enrol_finger("budi", PASSWORD).unwrap();
                station.enrol_finger_again("budi").is_ok()
            })
        });
        assert!(kept, "the same finger twice");
    }
    bench.restart();
    supervise(&bench);
    assert!(officer(&bench.station.staff().unwrap(), "budi").finger, "it stands after a restart");
    let station = &bench.station;
    bench.training.while_staff_touches("budi", || station.enrol_finger("budi", PASSWORD)).unwrap();
    supervise(&bench);
    assert_eq!(key(station.enrol_finger_again("budi")), "staff_finger_first", "a lock forgets the first one");
}

#[test]
fn the_recovery_code_sets_a_supervisors_password_and_wrong_codes_wait_over_a_restart() {
    let mut bench = supervised();
    let made = bench.station.renew_recovery("Camat", "Brankas kecamatan", PASSWORD).unwrap();
    assert_eq!(made.staff.slots[0].holder.as_deref(), Some("Camat"));
    let code = made.groups.join("-");
    assert_eq!(
        key(bench.station.recover_with_code(&code, "hendra", NEXT)),
        "recovery_open",
        "not at an open desk"
    );
    bench.station.lock().unwrap();
    let wrong = RecoveryCode::generate().unwrap().show();
    // One character short: the check character alone lets a few of the other typing errors through.
    let typo = code[..code.len() - 1].to_owned();
    assert_eq!(key(bench.station.recover_with_code(&typo, "hendra", NEXT)), "recovery_mistyped");
    for _ in 0..3 {
        assert_eq!(key(bench.station.recover_with_code(&wrong, "hendra", NEXT)), "recovery_wrong");
    }
    assert_eq!(
        key(bench.station.recover_with_code(&code, "hendra", NEXT)),
        "too_early",
        "even the right one"
    );
    bench.restart();
    bench.station.lock().unwrap();
    assert_eq!(key(bench.station.recover_with_code(&wrong, "hendra", NEXT)), "too_early", "nor by a restart");
    bench.restart_by(Arc::new(Later(2)));
    bench.station.lock().unwrap();
    let station = &bench.station;
    assert_eq!(key(station.recover_with_code(&code, "hendra", "pendek")), "weak_password_short");
    assert_eq!(key(station.recover_with_code(&code, "dewi", NEXT)), "recovery_supervisor", "for supervisors");
    let state = station.recover_with_code(&code, "hendra", NEXT).unwrap();
    assert!(state.signed_in.is_none(), "the new password is then used like any other");
    assert_eq!(key(station.sign_in("hendra", PASSWORD)), "wrong_password", "the lost one is dead");
    station.sign_in("hendra", NEXT).unwrap();
    let lines = register_details(station, NEXT);
    assert!(lines.iter().any(|line| line.contains("hendra password_by_code")), "in the register: {lines:?}");
    assert!(lines.iter().all(|line| !line.contains(&code)), "without the code");
}

#[test]
fn the_districts_private_key_opens_too_and_another_does_not() {
    let bench = supervised();
    let folder = tempfile::tempdir().unwrap();
    let validity = packet::pki::Validity::days(Timestamp::now(), 30);
    let authority = packet::pki::Authority::new("Uji", true, validity).unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_string_lossy().into_owned()
    };
    let pair = |name: &str| {
        let made = authority.issue_identity(packet::pki::Role::Escrow, name, validity).unwrap();
        let cert = made.certificate_ref().to_pem().unwrap();
        (
            file(&format!("{name}.key"), made.key_pem().unwrap().as_slice()),
            file(&format!("{name}.crt"), &cert),
        )
    };
    let (station, (secret, cert), (strange, stranger)) = (&bench.station, pair("kabupaten"), pair("lain"));
    assert_eq!(
        key(station.add_district_slot(&secret, "Kabid", "Dinas", PASSWORD)),
        "district_file",
        "a key is no certificate"
    );
    let staff = station.add_district_slot(&cert, "Kabid Dafduk", "Dinas kabupaten", PASSWORD).unwrap();
    let slot = staff.slots.iter().find(|slot| slot.fingerprint.is_some()).expect("it is listed");
    assert_eq!(slot.place.as_deref(), Some("Dinas kabupaten"));
    station.lock().unwrap();
    assert_eq!(key(station.recover_with_district(&strange, &stranger, "hendra", NEXT)), "district_wrong");
    assert_eq!(key(station.recover_with_district(&strange, &cert, "hendra", NEXT)), "district_wrong");
    assert_eq!(key(station.recover_with_district("/tidak/ada", &cert, "hendra", NEXT)), "district_file");
    station.recover_with_district(&secret, &cert, "hendra", NEXT).unwrap();
    station.sign_in("hendra", NEXT).unwrap();
    assert!(register_details(station, NEXT).iter().any(|line| line.contains("hendra password_by_district")));
}

#[test]
fn every_change_of_an_account_is_a_line_that_the_register_vouches_for() {
    let bench = supervised();
    let station = &bench.station;
    add(station);
    station.change_roles("budi", &[Role::Printing], PASSWORD).unwrap();
    station.suspend_officer("budi", PASSWORD).unwrap();
    station.reinstate_officer("budi", NEXT, PASSWORD).unwrap();
    let lines = register_details(station, PASSWORD);
    for wanted in ["budi added operator", "budi roles printing", "budi suspended", "budi reinstated"] {
        assert!(lines.iter().any(|line| line.contains(wanted)), "{wanted}: {lines:?}");
    }
    assert!(lines.iter().all(|line| !line.contains(NEXT) && !line.contains(FIRST)), "no password is in it");
}

#[test]
fn a_refused_password_is_a_line_in_the_name_that_was_tried_once_somebody_can_write_it() {
    let bench = supervised();
    let station = &bench.station;
    station.lock().unwrap();
    for _ in 0..2 {
        assert_eq!(key(station.sign_in("dewi", "bukan-sandinya")), "wrong_password");
    }
    supervise(&bench);
    supervise(&bench);
    let lines = register_details(station, PASSWORD);
    let refused: Vec<_> = lines.iter().filter(|line| line.contains("sign_in_refused")).collect();
    assert_eq!(refused.len(), 1, "by the next who signs in, and not again: {lines:?}");
    assert!(refused[0].contains("dewi 2 "), "whose, and how often: {refused:?}");
}

#[test]
fn who_opens_a_visit_of_somebody_else_stands_in_the_register_once_for_each_sign_in() {
    let bench = supervised();
    let station = &bench.station;
    let opened = || {
        let visit = domain::ids::PermohonanId::parse(&bench.id).unwrap();
        let store = books(station, PASSWORD);
        let lines = store.read(|look| look.register_of(visit)).unwrap();
        store.lock();
        let entries = lines.into_iter().map(|row| row.line.entry);
        entries
            .filter(|entry| entry.kind.key() == "resident_read" && entry.operator.as_str() == "hendra")
            .count()
    };
    assert_eq!(opened(), 0, "signing in opens nobody's data");
    supervise(&bench);
    station.permohonan(&bench.id).unwrap();
    station.permohonan(&bench.id).unwrap();
    assert_eq!(opened(), 1, "a look is a line, a second look the same one");
    supervise(&bench);
    station.permohonan(&bench.id).unwrap();
    assert_eq!(opened(), 2, "another sign-in, another line");
}

/// The database of the station, locked there, as a person with the password of `hendra` can open it.
fn books(station: &Station, password: &str) -> store::Store {
    station.lock().unwrap();
    let database = station.data_dir().join("rekam.db");
    let cost = store::Argon2Cost::CHEAP_FOR_TESTS;
    let mut slots = store::KeySlots::open(&store::KeySlots::path_beside(&database), cost).unwrap();
    let hendra = domain::ids::OperatorId::parse("hendra").unwrap();
    let now = Timestamp::now() + jiff::SignedDuration::from_hours(3);
    let key = slots.unlock(&hendra, password, now).unwrap();
    store::Store::open(&database, &key, store::StoreOptions::default(), now).unwrap()
}

/// What the lines of the register say beside their kind, read from [`books`].
fn register_details(station: &Station, password: &str) -> Vec<String> {
    let store = books(station, password);
    assert!(store.verify_register(&[]).unwrap().is_ok(), "the chain holds");
    let page = store.read(|view| view.register_page(&store::BookFilter::default())).unwrap();
    let texts = page.lines.iter().map(|line| format!("{:?}", line.row.line.entry.detail));
    let lines = texts.collect();
    store.lock();
    lines
}

#[test]
fn a_supervisor_gives_another_officer_a_new_password_before_anybody_signs_in() {
    let mut bench = supervised();
    add(&bench.station);
    bench.station.lock().unwrap();
    let station = &bench.station;
    let reset = |of, by, proof, new| key(station.reset_password_with_supervisor(of, by, proof, new));
    assert_eq!(reset("maya", "hendra", "bukan sandinya", NEXT), "wrong_password");
    assert_eq!(reset("maya", "dewi", PASSWORD, NEXT), "not_allowed", "an operator is no supervisor");
    assert_eq!(reset("hendra", "hendra", PASSWORD, NEXT), "same_person", "nobody on the own word");
    assert_eq!(reset("maya", "hendra", PASSWORD, "pendek"), "weak_password_short");
    station.sign_in("maya", PASSWORD).expect("the refusals changed nothing");
    station.lock().unwrap();

    let state = station.reset_password_with_supervisor("maya", "hendra", PASSWORD, NEXT).unwrap();
    assert!(state.signed_in.is_none(), "a new password signs nobody in");
    bench.restart();
    bench.station.lock().unwrap();
    assert_eq!(key(bench.station.sign_in("maya", PASSWORD)), "wrong_password", "the old one is dead");
    bench.station.sign_in("maya", NEXT).unwrap();
    let lines = register_details(&bench.station, PASSWORD);
    assert!(lines.iter().any(|line| line.contains("maya password_by_supervisor")), "{lines:?}");
    assert!(lines.iter().all(|line| !line.contains(NEXT)), "and not which");
}

#[test]
fn no_password_changes_without_a_line_that_says_so() {
    let bench = supervised();
    let station = &bench.station;
    fail::cfg("store::act::before_commit", "return").unwrap();
    let own = station.change_own_password(PASSWORD, NEXT);
    let others = station.reset_password_with_supervisor("maya", "hendra", PASSWORD, NEXT);
    fail::remove("store::act::before_commit");
    assert!(own.is_err() && others.is_err(), "the line cannot be written: {own:?} {others:?}");
    for officer in ["hendra", "maya"] {
        station.lock().unwrap();
        assert_eq!(key(station.sign_in(officer, NEXT)), "wrong_password", "{officer} has the old one");
        station.sign_in(officer, PASSWORD).unwrap();
    }
}

#[test]
fn a_supervisors_word_makes_no_way_in_for_a_suspended_officer() {
    let bench = supervised();
    let station = &bench.station;
    add(station);
    station.suspend_officer("budi", PASSWORD).unwrap();
    station.lock().unwrap();
    let refused = station.reset_password_with_supervisor("budi", "hendra", PASSWORD, NEXT);
    assert!(refused.is_err(), "taken back first: {refused:?}");
    assert!(station.sign_in("budi", NEXT).is_err(), "no password opens anything");
}

#[test]
fn language_and_theme_are_chosen_before_anybody_signs_in_and_kept() {
    let mut bench = Bench::before_step_4(|_, _| ());
    bench.station.lock().unwrap();
    let chosen = |state: StationState| (state.language, state.theme);
    let plain = chosen(bench.station.station_state().unwrap());
    assert_eq!(plain, (Language::Id, Theme::Light), "until somebody chooses");
    let settings = Settings { language: Language::En, theme: Theme::Dark };
    let saved = bench.station.save_settings(&settings).unwrap();
    assert_eq!(chosen(saved), (Language::En, Theme::Dark));
    bench.restart();
    bench.station.lock().unwrap();
    assert_eq!(
        chosen(bench.station.station_state().unwrap()),
        (Language::En, Theme::Dark),
        "for the next one"
    );
}

//! A desk and a real centre: the centre's record at step 3, the extract and its deltas, and the line away.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, where a panic is the report")]

mod carrying;
mod counting;
mod holding;
mod jpeg_2000;
mod judge;
#[path = "../../pusat/tests/station/noise.rs"]
mod noise;
mod permit;
#[path = "../../station/tests/desk/one_day.rs"]
mod one_day;
mod renewing;
mod replacing;

use std::sync::Arc;

use jiff::Timestamp;
use pusat::{Centre, Config, Limits, Serving};
use station::Station;
use station::view::{CentreAnswerState, DiffResult, NetworkState, PaperState, Verification};
use tokio::runtime::Runtime;

use crate::one_day::on_one_day;

const SUPERVISOR: &str = "hendra";

/// A centre on a database of its own, and a training station that is activated at it.
struct Both {
    runtime: Runtime,
    centre: Arc<Centre>,
    serving: Option<Serving>,
    station: Arc<Station>,
    residents: Vec<synth::resident::Resident>,
    _training: training::Training,
    /// Of the centre, and of the station.
    folders: (tempfile::TempDir, tempfile::TempDir),
}

/// The centre's line of one resident; `address` in place of the own.
fn line(resident: &synth::resident::Resident, address: Option<&str>) -> String {
    let mut line: serde_json::Map<String, serde_json::Value> = resident
        .elements()
        .iter()
        .map(|(key, value)| ((*key).to_owned(), serde_json::json!(value)))
        .collect();
    line.insert("kk".into(), serde_json::json!(resident.nomor_kk));
    if let Some(address) = address {
        line.insert("alamat".into(), serde_json::json!(address));
    }
    format!("{}\n", serde_json::Value::Object(line))
}

/// A centre on a database of its own, on any free port.
fn open_centre(training: bool) -> (Runtime, tempfile::TempDir, Arc<Centre>, Serving) {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::Builder::new().prefix("rekam-uji").tempdir().unwrap();
    #[cfg(unix)]
    {
        // PostgreSQL, which is never root, must be able to walk there.
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let config = Config {
        name: "Pusat uji".into(),
        training,
        listen: ([127, 0, 0, 1], 0).into(),
        operations: ([127, 0, 0, 1], 0).into(),
        hosts: vec!["localhost".into(), "127.0.0.1".into()],
        database: String::new(),
        connections: 4,
        s3: None,
        limits: Limits { free_megabytes: 1, ..Limits::default() },
        thresholds: domain::capture::Thresholds::default(),
        chip: domain::capture::ChipRule::default(),
    };
    Centre::init(folder.path(), &config).unwrap();
    let centre = runtime.block_on(Centre::open(folder.path())).unwrap();
    let serving = runtime.block_on(Serving::start(Arc::clone(&centre))).unwrap();
    (runtime, folder, centre, serving)
}

impl Both {
    fn new() -> Self {
        let (runtime, folder, centre, serving) = open_centre(true);
        let data = tempfile::tempdir().unwrap();
        let options =
            training::Options { dir: data.path().to_owned(), residents: 60, ..training::Options::default() };
        let training = training::start(&options).unwrap();
        let station = Station::start(station::Start {
            config: training.config.clone(),
            clock: Arc::new(station::clock::SystemClock),
            training_hint: None,
            practice: None,
        })
        .unwrap();
        let residents = training::residents(options.seed, options.residents, Timestamp::now()).unwrap();
        let code = station.station_state().unwrap().station_code;
        let activation = runtime
            .block_on(async {
                let activation = pusat::add_station(&centre, &code, "Uji", "18.13", 1).await?;
                for account in training::STAFF {
                    let roles = ["operator".to_owned()];
                    pusat::add_operator(&centre, &code, account.id, account.name, &roles).await?;
                }
                Ok::<_, pusat::Error>(activation)
            })
            .unwrap();
        station.sign_in(SUPERVISOR, training::PASSWORD).unwrap();
        let address = format!("https://{}", serving.address);
        station.activate(&address, &activation.text()).unwrap();
        station.lock().unwrap();
        station.sign_in("dewi", training::PASSWORD).unwrap();
        let both = Self {
            runtime,
            centre,
            serving: Some(serving),
            station,
            residents,
            _training: training,
            folders: (folder, data),
        };
        both.sync();
        both
    }

    fn import(&self, lines: &str) {
        let done = pusat::residents::import(&self.centre, lines.as_bytes(), "18.13");
        self.runtime.block_on(done).unwrap();
    }

    /// One exchange; one that runs by itself is waited for first.
    fn sync(&self) -> station::view::SyncReport {
        loop {
            match self.station.sync_now() {
                Err(station::Error::NotNow { key: "sync_running", .. }) => std::thread::yield_now(),
                other => return other.unwrap(),
            }
        }
    }

    /// An application of this resident, at step 3.
    fn at_verification(&self, resident: &synth::resident::Resident) -> String {
        self.at_verification_as(resident, |_| ())
    }

    /// The same, with something changed in the form before it is handed in.
    fn at_verification_as(&self, resident: &synth::resident::Resident, change: impl FnOnce(&str)) -> String {
        let station = &self.station;
        let kind = station.kinds().unwrap().remove(0).kind;
        let id = station.open(&kind).unwrap().id;
        station.save_field(&id, "nik", &resident.nik).unwrap();
        station.prefill(&id, &resident.nik).unwrap();
        change(&id);
        station.submit_form(&id).unwrap();
        for paper in station.requirements(&id).unwrap().items {
            if paper.state == PaperState::Missing {
                station.set_requirement(&id, &paper.id, true).unwrap();
            }
        }
        station.accept_requirements(&id).unwrap();
        id
    }

    /// The station's database while nobody is at the desk.
    fn meanwhile<T>(&self, work: impl FnOnce(&store::Store) -> T) -> T {
        self.station.lock().unwrap();
        let done = work(&self.database());
        self.station.sign_in("dewi", training::PASSWORD).unwrap();
        done
    }

    /// The database of the locked station.
    fn database(&self) -> store::Store {
        open_database(self.folders.1.path(), training::PASSWORD)
    }

    fn code(&self) -> String {
        self.station.station_state().unwrap().station_code
    }

    fn stop_centre(&mut self) {
        if let Some(serving) = self.serving.take() {
            self.runtime.block_on(serving.stop());
        }
    }
}

impl Drop for Both {
    fn drop(&mut self) {
        self.stop_centre();
        let _ = self.station.lock();
        let _ = self.runtime.block_on(self.centre.close());
    }
}

/// The database of a locked station, opened by Dewi's password as its own program does it.
fn open_database(dir: &std::path::Path, password: &str) -> store::Store {
    use store::{Argon2Cost, KeySlots, Store, StoreOptions};
    let database = dir.join("rekam.db");
    let now = Timestamp::now();
    let operator = domain::ids::OperatorId::parse("dewi").unwrap();
    let slots = KeySlots::open(&KeySlots::path_beside(&database), Argon2Cost::CHEAP_FOR_TESTS);
    let key = slots.unwrap().unlock(&operator, password, now).unwrap();
    Store::open(&database, &key, StoreOptions::default(), now).unwrap()
}

fn result(seen: &Verification, unsur: &str) -> (DiffResult, String) {
    let row = seen.rows.iter().find(|row| row.unsur == unsur).expect("the row stands there");
    (row.result, row.record.clone().unwrap_or_default())
}

fn grown(both: &Both) -> Vec<synth::resident::Resident> {
    let born =
        |resident: &&synth::resident::Resident| ("1975".."2000").contains(&&resident.tanggal_lahir[..4]);
    both.residents.iter().filter(born).cloned().collect()
}

#[test]
fn the_centre_s_record_stands_beside_the_form_and_the_extract_holds_when_the_line_is_away() {
    on_one_day(|| {
        let mut both = Both::new();
        let people = grown(&both);
        let (moved, unknown) = (&people[0], &people[1]);
        both.import(&line(moved, Some("Jalan Pusat No. 9")));

        let id = both.at_verification(moved);
        let before = both.station.verification(&id).unwrap();
        assert_eq!(before.centre.state, CentreAnswerState::NotAsked, "nobody asked yet");
        assert_eq!(result(&before, "alamat").0, DiffResult::Same, "the extract says what the form says");
        let asked = both.station.ask_centre(&id).unwrap();
        assert_eq!(asked.centre.state, CentreAnswerState::Found, "the centre knows the NIK");
        let (differs, record) = result(&asked, "alamat");
        assert_eq!((differs, record.as_str()), (DiffResult::Differs, "JALAN PUSAT NO. 9"), "side by side");
        assert_eq!(asked.recorded.centre_hit, Some(false), "and was asked whether the NIK was recorded");
        let chosen =
            both.station.choose_source(&id, "alamat", station::view::DiffSource::Record, "").unwrap();
        assert_eq!(result(&chosen, "alamat").0, DiffResult::Record, "the operator chooses per field");
        let again = both.station.ask_centre(&id).unwrap();
        assert_eq!(result(&again, "alamat").0, DiffResult::Record, "what was decided stays decided");

        let other = both.at_verification(unknown);
        both.station.verification(&other).unwrap();
        let absent = both.station.ask_centre(&other).unwrap();
        assert_eq!(absent.centre.state, CentreAnswerState::Absent, "the centre has no such resident");
        assert_eq!(result(&absent, "alamat").0, DiffResult::Same, "the extract goes on to hold");

        both.stop_centre();
        let third = both.at_verification(&people[2]);
        both.station.verification(&third).unwrap();
        let away = both.station.ask_centre(&third).expect("a line that is away is no error");
        assert_eq!(away.centre.state, CentreAnswerState::Unreached, "told as it is");
        assert!(away.centre.cause.is_some(), "with its cause");
        assert!(away.centre.asked_at.is_some(), "and when");
        let strip = both.station.strip().unwrap();
        assert_eq!(strip.network.state, NetworkState::Offline, "the strip says no other thing beside it");
        assert!(strip.network.since.is_some());
        let after = both.station.answer_recorded(&third, station::view::RecordedAnswer::Never, "").unwrap();
        assert_eq!(after.centre, away.centre, "the next answer of the desk wipes nothing of it");
        assert_eq!(
            both.station.verification(&third).unwrap().centre,
            away.centre,
            "nor does opening it again"
        );
        assert!(both.sync().cause.is_some(), "nor does an exchange reach it");
        let strip = both.station.strip().unwrap();
        assert_eq!(strip.network.state, NetworkState::Offline, "the strip says so");
        assert!(strip.network.since.is_some(), "and since when");
    });
}

#[test]
fn a_question_that_nobody_answered_is_not_noted_of_the_nik_that_was_typed_meanwhile() {
    let mut both = Both::new();
    let people = grown(&both);
    let id = both.at_verification(&people[0]);
    both.station.verification(&id).unwrap();
    // The next exchange by itself is a minute away: whoever calls below is the question.
    assert_eq!(both.sync().cause, None);
    let address = both.serving.as_ref().expect("it runs").address;
    both.stop_centre();
    let silent = std::net::TcpListener::bind(address).unwrap();
    let shown = std::thread::scope(|scope| {
        let (asking, of) = (Arc::clone(&both.station), id.clone());
        let question = scope.spawn(move || asking.ask_centre(&of));
        let line = silent.accept().unwrap();
        both.station.go_back(&id, station::view::Step::Form).unwrap();
        both.station.save_field(&id, "nik", &people[1].nik).unwrap();
        both.station.prefill(&id, &people[1].nik).unwrap();
        both.station.submit_form(&id).unwrap();
        drop(line);
        question.join().expect("no panic").expect("a line that is away is no error")
    });
    assert_eq!((shown.centre.state, shown.centre.cause), (CentreAnswerState::NotAsked, None));
    let seen = both.station.verification(&id).unwrap().centre;
    assert_eq!((seen.state, seen.cause), (CentreAnswerState::NotAsked, None), "of this NIK nobody asked");
}

#[test]
fn the_extract_comes_from_the_centre_and_its_deltas_follow() {
    let both = Both::new();
    let people = grown(&both);
    // The exchange of the activation found no residents at the centre; a day is not waited for here.
    let lines: String = both.residents.iter().map(|resident| line(resident, Some("Jalan Ekstrak"))).collect();
    both.import(&lines);
    both.station.sync_residents().unwrap();
    let id = both.at_verification(&people[0]);
    let form = both.station.form(&id).unwrap();
    let address = form.fields.iter().find(|field| field.unsur == "alamat").map(|field| field.value.clone());
    assert_eq!(address.as_deref(), Some("Jalan Ekstrak"), "the centre's extract took the older one's place");
    let seen = both.station.verification(&id).unwrap();
    let extract = seen.extract.expect("an extract");
    let centre = station::view::ExtractSource::Centre;
    assert_eq!((extract.source, extract.age_days), (centre, 0), "its source and age are shown");

    both.import(&line(&people[1], Some("Jalan Delta")));
    let report = both.sync();
    assert!(report.changes >= 1, "the feed tells of it: {report:?}");
    let id = both.at_verification(&people[1]);
    let form = both.station.form(&id).unwrap();
    let address = form.fields.iter().find(|field| field.unsur == "alamat").map(|field| field.value.clone());
    assert_eq!(address.as_deref(), Some("Jalan Delta"), "only what changed was sent, and it stands");

    // One more comes while the page stands open, and the centre then answers the same.
    let id = both.at_verification_as(&people[2], |id| {
        both.station.save_field(id, "alamat", "Jalan Formulir").unwrap();
    });
    both.station.verification(&id).unwrap();
    let chosen = both.station.choose_source(&id, "alamat", station::view::DiffSource::Record, "").unwrap();
    assert_eq!(result(&chosen, "alamat"), (DiffResult::Record, "JALAN EKSTRAK".to_owned()));
    both.import(&line(&people[2], Some("Jalan Baru")));
    both.sync();
    let asked = both.station.ask_centre(&id).unwrap();
    let open = (DiffResult::Differs, "JALAN BARU".to_owned());
    assert_eq!(result(&asked, "alamat"), open, "what was chosen was another text");
}

#[test]
fn an_officer_whom_the_centre_revokes_is_shown_out_at_the_next_act_and_the_visit_goes_on_with_another() {
    let both = Both::new();
    let person = grown(&both).remove(0);
    let id = both.at_verification(&person);
    let code = both.station.station_state().unwrap().station_code;
    let revoked = pusat::revoke_operator(&both.centre, &code, "dewi", Timestamp::now());
    both.runtime.block_on(revoked).unwrap();
    assert_eq!(both.sync().cause, None, "the centre's word comes with the exchange");
    let refused = both.station.verification(&id).expect_err("no further act").to_view().key;
    assert_eq!(refused, "session_revoked", "said in words");
    let state = both.station.station_state().unwrap();
    assert!(state.signed_in.is_none(), "the screen is locked");
    assert_eq!(state.lock_reason, Some(station::view::LockReason::Revoked), "and says why");
    assert!(!state.operators.iter().any(|card| card.id == "dewi"), "nor is the name offered any longer");
    let again = both.station.sign_in("dewi", training::PASSWORD).expect_err("the slot is gone").to_view().key;
    assert_eq!(again, "no_such_operator", "the password opens nothing");

    both.station.sign_in("maya", training::PASSWORD).unwrap();
    assert!(both.station.verification(&id).unwrap().rows.len() > 5, "the visit stands where it stood");
    assert_eq!(both.sync().cause, None, "the station itself goes on");
    let state = both.station.station_state().unwrap();
    assert_eq!(state.signed_in.map(|now| now.id), Some("maya".to_owned()), "and nobody else is shown out");
}

/// The start of a station without devices over an empty folder.
fn new_station(dir: &std::path::Path) -> Arc<Station> {
    station_by(dir, Arc::new(station::clock::SystemClock))
}

fn station_by(dir: &std::path::Path, clock: Arc<dyn station::clock::Clock>) -> Arc<Station> {
    let mut config = station::Config::default();
    config.station.data_dir = dir.to_string_lossy().into_owned();
    config.disk.refuse_below_mb = 10;
    config.disk.ballast_mb = 1;
    (config.devices.sbi_port_from, config.devices.sbi_port_to) = (0, 0);
    (config.devices.camera_usb, config.devices.card_reader_enabled) = (false, false);
    Station::start(station::Start { config, clock, training_hint: None, practice: None }).unwrap()
}

fn key(refused: station::Result<station::view::Setup>) -> String {
    refused.expect_err("refused").to_view().key
}

/// The parts of the first start between the activation and the first officer, as a person fills them in.
fn prove_recovery(station: &Station) {
    use station::view::StationKind;
    station.setup_station("Krui 03", "Loket 1", StationKind::Counter).unwrap();
    station.setup_wilayah("18.13", "Pekon").unwrap();
    let shown = station.setup_recovery().unwrap().recovery.expect("shown once");
    let wrong = ["AAAA".to_owned(), "AAAA".to_owned()];
    assert_eq!(
        key(station.setup_prove_recovery(&wrong, "Hendra", "Lemari")),
        "recovery_mismatch",
        "not written down"
    );
    let answers: Vec<String> =
        shown.ask.iter().map(|n| shown.groups[*n as usize].clone().unwrap().to_lowercase()).collect();
    station.setup_prove_recovery(&answers, "Hendra Saputra", "Lemari besi").unwrap();
}

/// All parts of the first start after the activation.
fn finish_setup(station: &Station) {
    use station::view::{Role, SetupPart};
    prove_recovery(station);
    let roles = [Role::Supervisor, Role::Operator];
    let done = station.setup_operator("Dewi Anggraini", &roles, "kata sandi panjang").unwrap();
    assert_eq!(done.current, SetupPart::Finished, "the station stands");
    station.sign_in("dewi", "kata sandi panjang").unwrap();
}

#[test]
fn the_first_start_activates_by_code_and_says_what_is_wrong_with_another() {
    let (runtime, _folder, centre, serving) = open_centre(false);
    let address = format!("https://{}", serving.address);
    let code = runtime
        .block_on(async {
            let code = pusat::add_station(&centre, "KRUI-03", "Krui 03", "18.13", 1).await?;
            pusat::add_operator(&centre, "KRUI-03", "dewi", "Dewi Anggraini", &["operator".to_owned()])
                .await?;
            Ok::<_, pusat::Error>(code)
        })
        .unwrap()
        .text();
    let data = tempfile::tempdir().unwrap();
    let station = new_station(data.path());
    assert_eq!(
        key(station.setup_activate(&address, "KRUI-03", "ABCD")),
        "activation_malformed",
        "no code at all"
    );
    assert_eq!(
        key(station.setup_activate(&address, "DISDUKCAPIL-PESISIR-BARAT-01", &code)),
        "station_code_long",
        "28 letters: no paper could be given a number"
    );
    let mut letters: Vec<char> = code.chars().collect();
    letters[0] = if letters[0] == '0' { '1' } else { '0' };
    let wrong: String = letters.iter().collect();
    assert_eq!(
        key(station.setup_activate(&address, "KRUI-03", &wrong)),
        "activation_refused",
        "a wrong secret"
    );
    let foreign = format!("{}0000", &code[..code.len() - 4]);
    assert_eq!(
        key(station.setup_activate(&address, "KRUI-03", &foreign)),
        "activation_other_centre",
        "a wrong pin"
    );
    let nobody = "https://127.0.0.1:9";
    assert_eq!(key(station.setup_activate(nobody, "KRUI-03", &code)), "sync_line", "no way to the centre");
    let joined = station.setup_activate(&address, "KRUI-03", &code).unwrap();
    assert!(joined.parts[0].done, "activated");
    drop(station);

    let station = new_station(data.path());
    assert!(station.setup().unwrap().parts[0].done, "a used code is not lost with the program");
    finish_setup(&station);
    assert!(!data.path().join("aktivasi.json").exists(), "the key stands in the database only");
    let report = loop {
        match station.sync_now() {
            Err(station::Error::NotNow { key: "sync_running", .. }) => std::thread::yield_now(),
            other => break other.unwrap(),
        }
    };
    assert_eq!(report.cause, None, "it speaks to its centre");
    let status = station.sync_status().unwrap();
    assert!(status.activated && status.certificate_until.is_some(), "for a year");
    station.lock().unwrap();
    runtime.block_on(async {
        serving.stop().await;
        centre.close().await.unwrap();
    });
}

#[test]
fn a_first_officer_who_is_no_supervisor_is_refused_and_nothing_is_made() {
    use station::view::{Role, SetupPart};
    let data = tempfile::tempdir().unwrap();
    let station = new_station(data.path());
    station.setup_activate("", "KRUI-04", "").unwrap();
    prove_recovery(&station);
    let roles = [Role::Operator, Role::RegisterOfficer, Role::CustomerService, Role::Printing];
    let refused = station.setup_operator("Dewi Anggraini", &roles, "kata sandi panjang");
    assert_eq!(key(refused), "setup_supervisor", "nobody could make a supervisor afterwards");
    assert_eq!(station.setup().unwrap().current, SetupPart::DevicesOperator, "what was given stands");
    let done = station.setup_operator("Dewi Anggraini", &[Role::Supervisor], "kata sandi panjang").unwrap();
    assert_eq!(done.current, SetupPart::Finished);
}

#[test]
fn the_first_start_goes_on_without_a_network_and_is_activated_later() {
    let data = tempfile::tempdir().unwrap();
    let station = new_station(data.path());
    station.setup_activate("", "KRUI-04", "").unwrap();
    finish_setup(&station);
    assert!(!station.sync_status().unwrap().activated, "nothing was activated");
    assert!(
        station.station_state().unwrap().lease.is_none(),
        "nor does a permit count that nobody could renew"
    );
    assert!(
        station.devices().unwrap().computer.certificate.is_none(),
        "and it says that there is no certificate"
    );
    let (runtime, _folder, centre, serving) = open_centre(false);
    let code = runtime.block_on(pusat::add_station(&centre, "KRUI-04", "Krui 04", "18.13", 1)).unwrap();
    let address = format!("https://{}", serving.address);
    let status = station.activate(&address, &code.text()).unwrap();
    assert!(status.activated, "later, from the sync page");
    assert!(station.station_state().unwrap().lease.is_some(), "with it the permit begins");
    station.lock().unwrap();
    runtime.block_on(async {
        serving.stop().await;
        centre.close().await.unwrap();
    });
}

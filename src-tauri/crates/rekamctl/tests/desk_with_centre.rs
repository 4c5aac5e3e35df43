//! A desk and a real centre: the centre's record at step 3, the extract and its deltas, and the line away.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, where a panic is the report")]

use std::sync::Arc;

use jiff::Timestamp;
use pusat::{Centre, Config, Limits, Serving};
use station::Station;
use station::view::{CentreAnswerState, DiffResult, NetworkState, PaperState, Verification};
use tokio::runtime::Runtime;

const SUPERVISOR: &str = "hendra";

/// A centre on a database of its own, and a training station that is activated at it.
struct Both {
    runtime: Runtime,
    centre: Arc<Centre>,
    serving: Option<Serving>,
    station: Arc<Station>,
    residents: Vec<synth::resident::Resident>,
    _training: training::Training,
    _folders: (tempfile::TempDir, tempfile::TempDir),
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

impl Both {
    fn new() -> Self {
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
            training: true,
            listen: ([127, 0, 0, 1], 0).into(),
            operations: ([127, 0, 0, 1], 0).into(),
            hosts: vec!["localhost".into(), "127.0.0.1".into()],
            database: String::new(),
            connections: 4,
            s3: None,
            limits: Limits { free_megabytes: 1, ..Limits::default() },
            thresholds: domain::capture::Thresholds::default(),
        };
        Centre::init(folder.path(), &config).unwrap();
        let centre = runtime.block_on(Centre::open(folder.path())).unwrap();
        let serving = runtime.block_on(Serving::start(Arc::clone(&centre))).unwrap();
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
                for account in training::STAFF {
                    let roles = ["operator".to_owned()];
                    let added = pusat::add_station(&centre, &code, "Uji", "18.13", 1).await?;
                    pusat::add_operator(&centre, &code, account.id, account.name, &roles).await?;
                    drop(added);
                }
                pusat::add_station(&centre, &code, "Uji", "18.13", 1).await
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
            _folders: (folder, data),
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
        let station = &self.station;
        let kind = station.kinds().unwrap().remove(0).kind;
        let id = station.open(&kind).unwrap().id;
        station.save_field(&id, "nik", &resident.nik).unwrap();
        station.prefill(&id, &resident.nik).unwrap();
        station.submit_form(&id).unwrap();
        for paper in station.requirements(&id).unwrap().items {
            if paper.state == PaperState::Missing {
                station.set_requirement(&id, &paper.id, true, "").unwrap();
            }
        }
        station.accept_requirements(&id).unwrap();
        id
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
    let chosen = both.station.choose_source(&id, "alamat", station::view::DiffSource::Record, "").unwrap();
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
    assert!(both.sync().cause.is_some(), "nor does an exchange reach it");
    let strip = both.station.strip().unwrap();
    assert_eq!(strip.network.state, NetworkState::Offline, "the strip says so");
    assert!(strip.network.since.is_some(), "and since when");
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
    assert_eq!(seen.extract.expect("an extract").age_days, 0, "its age is shown");

    both.import(&line(&people[1], Some("Jalan Delta")));
    let report = both.sync();
    assert!(report.changes >= 1, "the feed tells of it: {report:?}");
    let id = both.at_verification(&people[1]);
    let form = both.station.form(&id).unwrap();
    let address = form.fields.iter().find(|field| field.unsur == "alamat").map(|field| field.value.clone());
    assert_eq!(address.as_deref(), Some("Jalan Delta"), "only what changed was sent, and it stands");
}

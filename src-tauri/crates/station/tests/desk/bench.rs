//! One applicant who has come as far as step 4.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use devices::Role;
use station::view::{
    ApprovedBy, Capture, DeviceRole, DeviceState, DiffSource, EyeName, FingerName, Modality, OperatorFinger,
    RecordedAnswer, SignaturePurpose, SignatureSource, SlapName, StrokePoint,
};
use station::{Config, Error, Start, Station, clock};
use synth::resident::Resident;
use training::Training;

pub use crate::one_day::{on_one_day, today};

/// Plenty, for a loaded machine; no test waits for it to pass.
pub const LONG: Duration = Duration::from_secs(120);

/// A station over a simulated desk, with one application at step 4.
pub struct Bench {
    /// Where the station keeps everything.
    pub dir: tempfile::TempDir,
    /// The simulated desk.
    pub training: Training,
    /// The station, with an operator signed in.
    pub station: Arc<Station>,
    /// The application.
    pub id: String,
    /// The applicant's NIK.
    pub nik: String,
}

fn start(config: Config, clock: Arc<dyn clock::Clock>) -> Arc<Station> {
    let start = Start { config, clock, training_hint: None, practice: None };
    let station = Station::start(start).expect("the station starts over what training made");
    station.sign_in("dewi", training::PASSWORD).expect("the public password");
    station
}

fn start_training(dir: &Path, also: Vec<Resident>) -> Training {
    let options =
        training::Options { dir: dir.to_owned(), residents: 60, also, ..training::Options::default() };
    training::start(&options).expect("training starts over any writable folder")
}

/// A grown-up among the residents who is not `nik`.
pub fn other_grown_up(nik: &str) -> Resident {
    let residents = training::residents(1, 60, jiff::Timestamp::now()).unwrap();
    let mut grown_up =
        residents.into_iter().filter(|resident| ("1981".."2007").contains(&&resident.tanggal_lahir[..4]));
    grown_up.find(|resident| resident.nik != nik).expect("two grown-ups among sixty")
}

/// Closed before the process of the test ends: SQLCipher gives its memory back then, under the hands of whoever still reads.
impl Drop for Bench {
    fn drop(&mut self) {
        let _ = self.station.lock();
    }
}

impl Bench {
    /// Everything as in training mode.
    pub fn new() -> Self {
        Self::with(|_, _| ())
    }

    /// `set` may change the settings before the station starts.
    pub fn with(set: impl FnOnce(&Training, &mut Config)) -> Self {
        Self::before_step_4(set).at_step_4()
    }

    /// The same, with somebody at the desk who turns 17 on `day`.
    pub fn turning_17(day: jiff::civil::Date) -> Self {
        let young = training::turns_17(1, 60, day, jiff::Timestamp::now()).expect("somebody of that age");
        Self::of(Some(young), |_, _| ()).at_step_4()
    }

    fn at_step_4(self) -> Self {
        for role in [Role::Camera, Role::FingerprintScanner, Role::IrisScanner] {
            self.until_present(role);
        }
        self.verify();
        self
    }

    /// A station over a folder that a desk has used before, with the same applicant.
    pub fn over(dir: tempfile::TempDir, id: &str, nik: &str) -> Self {
        let mut training = start_training(dir.path(), Vec::new());
        training.config.devices.card_reader_enabled = false;
        training.seat(nik);
        let station = start(training.config.clone(), Arc::new(clock::SystemClock));
        Self { dir, training, station, id: id.to_owned(), nik: nik.to_owned() }
    }

    /// The same applicant in step 3.
    pub fn before_step_4(set: impl FnOnce(&Training, &mut Config)) -> Self {
        Self::of(None, set)
    }

    /// Step 3 of `resident`, who is then among those that the station knows; of a grown-up among the sixty for nobody.
    /// With this resident beside the others, who sits at the desk.
    pub fn of(resident: Option<Resident>, set: impl FnOnce(&Training, &mut Config)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut training = start_training(dir.path(), resident.clone().into_iter().collect());
        let mut config = training.config.clone();
        config.devices.card_reader_enabled = false;
        set(&training, &mut config);
        training.config = config.clone();
        let resident = resident.unwrap_or_else(|| other_grown_up(""));
        training.seat(&resident.nik);
        let station = start(config, Arc::new(clock::SystemClock));
        let mut bench = Self { dir, training, station, id: String::new(), nik: resident.nik };
        bench.form();
        bench
    }

    /// The same person comes again under the NIK of somebody else, as far as step 4.
    pub fn another_nik(mut self) -> Self {
        self.nik = other_grown_up(&self.nik).nik;
        self.again();
        self
    }

    /// A new visit under the same NIK, as far as step 4.
    pub fn again(&mut self) {
        self.form();
        self.verify();
    }

    /// Steps 1 and 2 of a new visit.
    pub fn form(&mut self) {
        let station = &self.station;
        let kind = &station.kinds().unwrap()[0].kind;
        self.id = station.open(kind).unwrap().id;
        let id = self.id.as_str();
        station.save_field(id, "nik", &self.nik).unwrap();
        station.prefill(id, &self.nik).unwrap();
        station.submit_form(id).unwrap();
        for paper in &station.requirements(id).unwrap().items {
            station.set_requirement(id, &paper.id, true).unwrap();
        }
        station.accept_requirements(id).unwrap();
    }

    /// Step 3, without a correction.
    pub fn verify(&self) {
        let (station, id) = (&self.station, self.id.as_str());
        let seen = station.verification(id).unwrap();
        for row in seen.rows.iter().filter(|row| row.result == station::view::DiffResult::Differs) {
            station.choose_source(id, &row.unsur, DiffSource::Record, "").unwrap();
        }
        let seen = station.verification(id).unwrap();
        for warning in seen.warnings.iter().filter(|warning| warning.confirmed.is_none()) {
            station.confirm_warning(id, &warning.rule, "sesuai KK").unwrap();
        }
        let seen =
            station.answer_recorded(id, RecordedAnswer::Never, "NIK di KK lama milik orang lain").unwrap();
        assert_eq!(seen.operator_finger, OperatorFinger::NotNeeded, "nothing was corrected");
        station.mark_read_aloud(id).unwrap();
        station.finish_verification(id).unwrap();
    }

    /// The program ends and starts again over the same folder; the simulated devices stay.
    pub fn restart(&mut self) {
        self.restart_by(Arc::new(clock::SystemClock));
    }

    /// The same, by another clock.
    pub fn restart_by(&mut self, clock: Arc<dyn clock::Clock>) {
        let config = self.training.config.clone();
        // The old station must be gone before the new one opens its database.
        self.station.lock().unwrap();
        self.station = start(config, clock);
        for role in [Role::Camera, Role::FingerprintScanner, Role::IrisScanner] {
            self.until_present(role);
        }
    }

    /// Waits until a role is played.
    pub fn until_present(&self, role: Role) {
        self.until(role, "present", |state| state != DeviceState::Absent && state != DeviceState::Faulted);
    }

    /// Waits until the device page says what is wanted of a role.
    pub fn until(&self, role: Role, what: &str, wanted: impl Fn(DeviceState) -> bool) {
        let shown = shown(role);
        let began = Instant::now();
        loop {
            let rows = self.station.devices().unwrap().rows;
            if rows.iter().any(|row| row.role == shown && wanted(row.state)) {
                return;
            }
            assert!(began.elapsed() < LONG, "{role:?} never became {what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// One line of the portrait that counts, ticked or not.
    pub fn judge(&self, line: &str, ticked: bool) -> Capture {
        let seen = self.seen();
        let best = seen.portrait.attempts.iter().find(|attempt| attempt.best).expect("one counts");
        self.station.judge_portrait(&self.id, &best.capture_id, line, ticked).unwrap()
    }

    /// A portrait that is judged and approved: biometrics may begin.
    pub fn approved(&self) -> Capture {
        let station = &self.station;
        let taken = station.take_portrait(&self.id).expect("a portrait");
        for line in &taken.portrait.judged {
            let word = serde_json::to_value(line.line).unwrap();
            self.judge(word.as_str().unwrap(), true);
        }
        let best = taken.portrait.attempts.iter().find(|attempt| attempt.best).expect("one counts");
        station.approve_portrait(&self.id, &best.capture_id, ApprovedBy::Applicant).unwrap()
    }

    /// All three slaps, as good as they come.
    pub fn slaps(&self) {
        for slap in [SlapName::RightFour, SlapName::LeftFour, SlapName::Thumbs] {
            let done = (0..3).any(|_| self.station.capture_slap(&self.id, slap).unwrap().accepted);
            assert!(done, "{slap:?} reaches the threshold");
        }
    }

    /// Both irises.
    pub fn irises(&self) -> Capture {
        self.station.answer_lens(&self.id, false).unwrap();
        self.station.capture_irises(&self.id, &[EyeName::Right, EyeName::Left]).unwrap()
    }

    /// The applicant signs in the window.
    pub fn sign(&self) -> Capture {
        let mut points = Vec::new();
        for stroke in synth::Person::new(self.training.desk.person().get().seed).signature() {
            let last = stroke.len().saturating_sub(1);
            points.extend(stroke.iter().enumerate().map(|(index, point)| StrokePoint {
                x: point.x,
                y: point.y * 0.4,
                t: point.t_ms,
                p: point.pressure,
                down: index != last,
            }));
        }
        self.station
            .save_signature(&self.id, SignaturePurpose::Specimen, SignatureSource::Pen, &points)
            .unwrap()
    }

    /// One chip finger once more; the applicant lays `laid`.
    pub fn rematch(&self, name: FingerName, laid: domain::Finger) -> Capture {
        self.until_present(Role::FingerVerifier);
        if let Some(lines) = self.training.desk.lines() {
            lines.lay(laid);
        }
        self.station.rematch(&self.id, name).unwrap()
    }

    /// Step 4 as the window is shown it.
    pub fn seen(&self) -> Capture {
        self.station.capture(&self.id).unwrap()
    }

    /// Where the station would go on by itself.
    pub fn current(&self) -> Modality {
        self.seen().modality
    }
}

/// The reason of a device error; panics on any other error.
pub fn fault_of<T>(result: Result<T, Error>) -> devices::Fault {
    match result {
        Err(Error::Device { source, .. }) => source.fault(),
        Err(other) => panic!("another error than the device's: {other:?}"),
        Ok(_) => panic!("the device should have failed"),
    }
}

fn shown(role: Role) -> DeviceRole {
    serde_json::from_value(serde_json::to_value(role).unwrap()).expect("the same words")
}

//! One counter of one office: a real station over simulated devices, and the nine lines of its walk.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use station::clock::Clock;
use station::view::{
    Answer, AnswerBy, ApprovedBy, CardJobState, DeviceRole, DeviceState, DiffResult, DiffSource, EyeName,
    FingerName, HandoverFingerState, HandoverLine, PrintResult, RecordedAnswer, RematchProgress,
    SignaturePurpose, SignatureSource, SlapName, Step, StockItem, StrokePoint, SyncReport, SyncStatus,
    VisitState,
};
use station::{Start, Station};
use training::Training;

/// Long enough for a loaded machine; nothing waits for it to pass.
pub const LONG: Duration = Duration::from_secs(300);
/// Made-up residents of the kabupaten.
pub const RESIDENTS: usize = 120;
/// The first blangko of the delivery.
const BLANGKO: &str = "0718224913";

/// A counter.
pub struct Counter {
    pub station: Arc<Station>,
    training: Training,
    pub dir: tempfile::TempDir,
}

/// One applicant's visit, and how many lines of the walk are behind it.
pub struct Visit {
    pub nik: String,
    /// NIK of whoever really sits there.
    pub body: String,
    pub id: String,
    pub lines: usize,
}

type Line = fn(&Counter, &mut Visit);

/// The walk: the nine steps of the SOP, in their order.
pub const LINES: [(&str, Line); 9] = [
    ("form", form),
    ("requirements", requirements),
    ("verification", verification),
    ("capture", capture),
    ("attestation", attestation),
    ("print_request", print_request),
    ("status", status),
    ("print", print),
    ("handover", handover),
];

/// NIK of so many grown-ups among the residents.
pub fn grown_ups(count: usize) -> Vec<String> {
    let everybody = training::residents(1, RESIDENTS, jiff::Timestamp::now()).unwrap();
    let grown: Vec<String> = everybody
        .into_iter()
        .filter(|resident| ("1981".."2007").contains(&&resident.tanggal_lahir[..4]))
        .map(|resident| resident.nik)
        .take(count)
        .collect();
    assert_eq!(grown.len(), count, "enough grown-ups among the residents");
    grown
}

impl Visit {
    /// Somebody comes to the counter.
    pub fn of(nik: &str) -> Self {
        Self { nik: nik.to_owned(), body: nik.to_owned(), id: String::new(), lines: 0 }
    }

    /// The same moment of the same visit, as another copy of the disk has it.
    pub fn copied(&self) -> Self {
        Self { nik: self.nik.clone(), body: self.body.clone(), id: self.id.clone(), lines: self.lines }
    }
}

impl Counter {
    /// A counter of a new station.
    pub fn open(code: &str, clock: Arc<dyn Clock>) -> Self {
        Self::over(tempfile::tempdir().unwrap(), code, clock)
    }

    /// A counter over a data folder.
    pub fn over(dir: tempfile::TempDir, code: &str, clock: Arc<dyn Clock>) -> Self {
        let options = training::Options {
            dir: dir.path().to_owned(),
            residents: RESIDENTS,
            station: code.to_owned(),
            ..training::Options::default()
        };
        let mut training = training::start(&options).unwrap();
        training.config.devices.card_reader_enabled = false;
        let station = started(&training, clock);
        Self { station, training, dir }
    }

    /// The program ends and starts again over the same folder.
    pub fn restart(&mut self, clock: Arc<dyn Clock>) {
        self.station.lock().unwrap();
        self.station = started(&self.training, clock);
    }

    /// What the disk holds now, as a backup or a clone has it: the screen is locked meanwhile.
    pub fn disk(&self) -> tempfile::TempDir {
        self.station.lock().unwrap();
        let copied = tempfile::tempdir().unwrap();
        copy(self.dir.path(), copied.path());
        copied
    }

    /// The officer of a desk sits down.
    pub fn officer(&self, account: &str) -> &Station {
        if self.station.station_state().unwrap().signed_in.is_none_or(|now| now.id != account) {
            self.station.lock().unwrap();
            self.station.sign_in(account, training::PASSWORD).unwrap();
        }
        &self.station
    }

    /// The visit goes on until so many lines are behind it.
    pub fn walk(&self, visit: &mut Visit, lines: usize) {
        while visit.lines < lines {
            LINES[visit.lines].1(self, visit);
            visit.lines += 1;
        }
    }

    /// One exchange by the supervisor's hand; one that runs by itself is waited for first.
    pub fn exchange(&self) -> SyncReport {
        let station = self.officer("hendra");
        loop {
            match station.sync_now() {
                Err(station::Error::NotNow { key: "sync_running", .. }) => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                other => return other.unwrap(),
            }
        }
    }

    /// The sync page.
    pub fn page(&self) -> SyncStatus {
        self.officer("hendra").sync_status().unwrap()
    }

    /// Exchanges until something holds.
    pub fn exchange_until(&self, what: &str, holds: impl Fn() -> bool) {
        let began = Instant::now();
        let mut last: Option<(Option<String>, String)> = None;
        while !holds() {
            let waiting = || {
                let rows = self.page().waiting.into_iter();
                rows.map(|row| (row.sequence, row.state, row.cause, row.argument)).collect::<Vec<_>>()
            };
            let statuses = || {
                let rows = self.page().arrived.into_iter();
                rows.map(|row| (row.sequence, row.status, row.status_reason)).collect::<Vec<_>>()
            };
            assert!(
                began.elapsed() < LONG,
                "never came: {what}; {last:?}; waits {:?}; arrived {:?}",
                waiting(),
                statuses()
            );
            let report = self.exchange();
            last = Some((report.cause, report.rest));
            // The centre works in this process too, and limits how often it is asked.
            std::thread::sleep(Duration::from_millis(300));
        }
    }

    fn device(&self, role: DeviceRole) {
        let began = Instant::now();
        let state = || {
            let rows = self.station.devices().unwrap().rows;
            rows.into_iter().find(|row| row.role == role).map(|row| row.state)
        };
        while state().is_none_or(|state| state == DeviceState::Absent) {
            assert!(began.elapsed() < LONG, "{role:?} is found");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn started(training: &Training, clock: Arc<dyn Clock>) -> Arc<Station> {
    let start = Start { config: training.config.clone(), clock, training_hint: None, practice: None };
    Station::start(start).unwrap()
}

/// Everything but what the simulated devices made for their own run.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let name = entry.file_name();
        if name == "alat" {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to.join(name));
        } else {
            std::fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

fn strokes() -> [StrokePoint; 4] {
    let at = |x: f32, t: f32, down| StrokePoint { x, y: 0.2, t, p: 0.5, down };
    [at(0.2, 0.0, true), at(0.6, 80.0, true), at(0.7, 160.0, true), at(0.7, 161.0, false)]
}

fn form(counter: &Counter, visit: &mut Visit) {
    let station = counter.officer("dewi");
    let kind = station.kinds().unwrap()[0].kind.clone();
    let id = station.open(&kind).unwrap().id;
    station.save_field(&id, "nik", &visit.nik).unwrap();
    station.prefill(&id, &visit.nik).unwrap();
    station.submit_form(&id).unwrap();
    visit.id = id;
}

fn requirements(counter: &Counter, visit: &mut Visit) {
    let (station, id) = (counter.officer("dewi"), visit.id.as_str());
    for paper in &station.requirements(id).unwrap().items {
        station.set_requirement(id, &paper.id, true).unwrap();
    }
    station.accept_requirements(id).unwrap();
}

fn verification(counter: &Counter, visit: &mut Visit) {
    let (station, id) = (counter.officer("dewi"), visit.id.as_str());
    let seen = station.verification(id).unwrap();
    for row in seen.rows.iter().filter(|row| row.result == DiffResult::Differs) {
        station.choose_source(id, &row.unsur, DiffSource::Record, "").unwrap();
    }
    let seen = station.verification(id).unwrap();
    for warning in seen.warnings.iter().filter(|warning| warning.confirmed.is_none()) {
        station.confirm_warning(id, &warning.rule, "sesuai KK yang ditunjukkan").unwrap();
    }
    station.answer_recorded(id, RecordedAnswer::Never, "NIK di KK lama milik orang lain").unwrap();
    station.mark_read_aloud(id).unwrap();
    station.finish_verification(id).unwrap();
}

fn capture(counter: &Counter, visit: &mut Visit) {
    let (station, id) = (counter.officer("dewi"), visit.id.as_str());
    counter.training.seat(&visit.body);
    for role in [DeviceRole::Camera, DeviceRole::FingerprintScanner, DeviceRole::IrisScanner] {
        counter.device(role);
    }
    let seen = station.take_portrait(id).unwrap();
    let shown = seen.portrait.attempts.iter().find(|attempt| attempt.best).unwrap().capture_id.clone();
    for line in seen.portrait.judged {
        let word = serde_json::to_value(line.line).unwrap();
        station.judge_portrait(id, &shown, word.as_str().unwrap(), true).unwrap();
    }
    station.approve_portrait(id, &shown, ApprovedBy::Applicant).unwrap();
    for slap in [SlapName::RightFour, SlapName::LeftFour, SlapName::Thumbs] {
        assert!((0..3).any(|_| station.capture_slap(id, slap).unwrap().accepted), "{slap:?}");
    }
    station.answer_lens(id, false).unwrap();
    station.capture_irises(id, &[EyeName::Right, EyeName::Left]).unwrap();
    station.save_signature(id, SignaturePurpose::Specimen, SignatureSource::Pen, &strokes()).unwrap();
    for (name, finger) in [
        (FingerName::RightIndex, domain::Finger::RightIndex),
        (FingerName::LeftIndex, domain::Finger::LeftIndex),
    ] {
        counter.training.desk.lines().unwrap().lay(finger);
        let matched = (0..3).any(|_| {
            let again = station.rematch(id, name).unwrap().rematch;
            again.iter().any(|one| one.finger == name && one.state == RematchProgress::Matched)
        });
        assert!(matched, "{name:?} is the finger that was recorded");
    }
    assert_eq!(station.finish_capture(id).unwrap().step, Step::Attestation);
}

fn attestation(counter: &Counter, visit: &mut Visit) {
    let (station, id) = (counter.officer("dewi"), visit.id.as_str());
    station.answer_data(id, Answer::Correct, "", AnswerBy::Operator).unwrap();
    station.save_signature(id, SignaturePurpose::Attestation, SignatureSource::Pen, &strokes()).unwrap();
    station.render_form(id).unwrap();
    assert!(station.seal(id).unwrap().packet.is_some(), "sealed");
}

fn print_request(counter: &Counter, visit: &mut Visit) {
    let (station, id) = (counter.officer("dewi"), visit.id.as_str());
    station.render_cover(id).unwrap();
    assert_eq!(station.submit_print_request(id).unwrap().step, Step::Status);
}

fn status(counter: &Counter, visit: &mut Visit) {
    let (station, id) = (counter.officer("dewi"), visit.id.as_str());
    assert!(station.status_check(id).unwrap().now.is_some_and(|now| now.ready), "the centre has said so");
    assert!(station.give_pickup_slip(id).unwrap().slip.is_some(), "the slip is given");
}

fn print(counter: &Counter, visit: &mut Visit) {
    /// One order of the window each.
    static ORDER: AtomicU32 = AtomicU32::new(1);
    let (station, id) = (counter.officer("rizal"), visit.id.as_str());
    counter.device(DeviceRole::CardPrinter);
    let mut seen = station.card_print(id).unwrap();
    if seen.next_serial.is_none() {
        station.receive_stock(StockItem::Blangko, 20, BLANGKO, "BAST 1/2026").unwrap();
        seen = station.card_print(id).unwrap();
    }
    let serial = seen.next_serial.clone().expect("a blangko of the stock");
    let began = Instant::now();
    while !seen.can_start {
        assert!(began.elapsed() < LONG, "the printer becomes ready: {:?}", seen.start_why);
        std::thread::sleep(Duration::from_millis(20));
        seen = station.card_print(id).unwrap();
    }
    let order = format!("00000000-0000-4000-8000-{:012}", ORDER.fetch_add(1, Ordering::Relaxed));
    station.start_print(id, &serial, &order).unwrap();
    while station.card_print(id).unwrap().job.is_some_and(|job| job.state == CardJobState::Printing) {
        assert!(began.elapsed() < LONG, "the printer comes to an end");
        std::thread::sleep(Duration::from_millis(20));
    }
    station.print_result(id, PrintResult::Printed, &serial, None, None).unwrap();
    station.leave_chip_out(id, "penyandi tidak ada di meja ini").unwrap();
    assert_eq!(station.accept_card(id, "B2-07").unwrap().step, Step::Handover);
}

fn handover(counter: &Counter, visit: &mut Visit) {
    let (station, id) = (counter.officer("dewi"), visit.id.as_str());
    counter.training.seat(&visit.body);
    counter.training.desk.lines().unwrap().lay(domain::Finger::RightIndex);
    let matched = (0..3).any(|_| {
        let seen = station.handover_finger(id, FingerName::RightIndex).unwrap();
        seen.finger.state == HandoverFingerState::Matched
    });
    assert!(matched, "the finger of the recording");
    station.compare_handover_photo(id, true).unwrap();
    for line in [HandoverLine::FaceSame, HandoverLine::DataRead] {
        station.judge_handover(id, line, true).unwrap();
    }
    station.save_receipt(id, SignatureSource::Pen, &strokes()).unwrap();
    let person = station.handover(id).unwrap().person;
    station.confirm_handover(id, &person.name, person.photo_id.as_deref()).unwrap();
    assert_eq!(station.close_handover(id).unwrap().state, VisitState::Done, "the card is in the hand");
}

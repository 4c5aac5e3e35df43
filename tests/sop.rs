//! The SOP of recording and issuing a KTP-el, as one counter does it, from top to bottom.
//!
//! Nine functions are its nine steps, in order; the tests below them are the other exit of each decision. A real station
//! works here over simulated devices that speak their real wire protocols, with a real centre behind a line that can be
//! away. What each step asserts is what an auditor would look for: on paper, in the stock, in the register.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

#[allow(dead_code, reason = "the walk in the window uses the rest")]
#[path = "e2e/district.rs"]
mod district;

use std::sync::Arc;
use std::time::{Duration, Instant};

use district::District;
use sim::vcard::{Pcscd, vpcd_port};
use station::view::{
    Answer, AnswerBy, ApprovedBy, CardJobState, ChipPhotoState, ChipState, DeviceRole, EyeName, FingerName,
    HandoverFingerState, HandoverLine, Period, PrintResult, RecordedAnswer, RegisterFilter, RematchProgress,
    SignaturePurpose, SignatureSource, SlapName, StatusOutcome, Step, StockItem, VisitState,
};
use station::{Start, Station, clock::SystemClock};
use training::Training;

/// Long enough for a loaded machine; nothing waits for it to pass.
const LONG: Duration = Duration::from_secs(120);
/// The first blangko of the delivery.
const BLANGKO: &str = "0718224913";

/// One counter of one office, and the applicant who sits there.
struct Counter {
    station: Arc<Station>,
    training: Training,
    nik: String,
    /// The visit.
    id: String,
    _folder: tempfile::TempDir,
    /// The smart card reader of the desk that prints.
    _reader: Option<Pcscd>,
}

impl Counter {
    /// The office opens; a grown-up comes to the counter.
    fn open() -> Self {
        Self::with(None)
    }

    /// The same office with everything that the SOP names, the smart card reader too.
    fn fully_equipped() -> Self {
        Self::with(Some(Pcscd::for_test().unwrap()))
    }

    fn with(reader: Option<Pcscd>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = training::Options {
            dir: folder.path().to_owned(),
            residents: 200,
            ..training::Options::default()
        };
        let mut training = training::start(&options).unwrap();
        training.config.devices.card_reader_enabled = reader.is_some();
        training.config.devices.card_reader = "Virtual PCD 00 00".into();
        let resident = training::grown(1, 200, jiff::Timestamp::now()).unwrap().swap_remove(0);
        training.seat(&resident.nik);
        let start = Start {
            config: training.config.clone(),
            clock: Arc::new(SystemClock),
            training_hint: None,
            practice: None,
        };
        let station = Station::start(start).unwrap();
        Self { station, training, nik: resident.nik, id: String::new(), _folder: folder, _reader: reader }
    }

    /// The card with this blangko's number is laid on the smart card reader, and `work` is done as soon as the reader has
    /// noticed it; then the card is taken away.
    fn on_the_reader<T>(&self, serial: &str, work: impl Fn() -> station::Result<Option<T>>) -> T {
        let lines = self.training.desk.lines().expect("a desk with lines");
        lines.insert_blangko(serial, vpcd_port().expect("a virtual reader")).unwrap();
        let began = Instant::now();
        let done = loop {
            match work() {
                Ok(Some(done)) => break done,
                unseen => assert!(began.elapsed() < LONG, "the reader notices the card: {:?}", unseen.err()),
            }
            std::thread::sleep(Duration::from_millis(50));
        };
        lines.remove_card();
        done
    }

    /// The officer of a desk sits down.
    fn officer(&self, account: &str) -> &Station {
        training::sits(&self.station, account).unwrap();
        &self.station
    }

    /// Until a device was found.
    fn device(&self, role: DeviceRole) {
        assert!(training::found(&self.station, role, LONG).unwrap(), "{role:?} is found");
    }

    /// The line carries what waits, both ways.
    fn exchange(&self) {
        training::exchange(&self.station).unwrap();
    }

    /// Every kind of line that the register has of this visit's day.
    fn register_kinds(&self) -> Vec<String> {
        let all =
            RegisterFilter { period: Period::Today, from: None, to: None, text: String::new(), before: None };
        let page = self.officer("hendra").register(&all).unwrap();
        page.rows.into_iter().map(|row| row.event).collect()
    }
}

/// Step 1. The applicant fills in the form; what the record knows need not be written again.
fn step_1_form(counter: &mut Counter) {
    let station = counter.officer("dewi");
    let kind = station.kinds().unwrap()[0].kind.clone();
    let id = station.open(&kind).unwrap().id;
    station.save_field(&id, "nik", &counter.nik).unwrap();
    station.prefill(&id, &counter.nik).unwrap();
    assert_eq!(station.submit_form(&id).unwrap().step, Step::Requirements);
    counter.id = id;
}

/// Step 2, decision. Form and papers are complete: they are received.
fn step_2_requirements(counter: &Counter) {
    let (station, id) = (counter.officer("dewi"), counter.id.as_str());
    for paper in &station.requirements(id).unwrap().items {
        station.set_requirement(id, &paper.id, true).unwrap();
    }
    assert_eq!(station.accept_requirements(id).unwrap().step, Step::Verification);
}

/// Step 3. The operator holds the form against the population record and reads it aloud.
fn step_3_entry_and_verification(counter: &Counter) {
    let (station, id) = (counter.officer("dewi"), counter.id.as_str());
    training::goes_by_the_record(station, id).unwrap();
    station.answer_recorded(id, RecordedAnswer::Never, "").unwrap();
    station.mark_read_aloud(id).unwrap();
    assert_eq!(station.finish_verification(id).unwrap().step, Step::Capture);
}

/// Step 4. Photo, ten fingers, both irises, signature; both chip fingers once more.
fn step_4_capture(counter: &Counter) {
    let (station, id) = (counter.officer("dewi"), counter.id.as_str());
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
    station
        .save_signature(id, SignaturePurpose::Specimen, SignatureSource::Pen, &counter.training.strokes())
        .unwrap();
    for (name, finger) in [
        (FingerName::RightIndex, domain::Finger::RightIndex),
        (FingerName::LeftIndex, domain::Finger::LeftIndex),
    ] {
        counter.training.lays(finger);
        let matched = (0..3).any(|_| {
            let again = station.rematch(id, name).unwrap().rematch;
            again.iter().any(|one| one.finger == name && one.state == RematchProgress::Matched)
        });
        assert!(matched, "{name:?} is the finger that was recorded");
    }
    assert_eq!(station.finish_capture(id).unwrap().step, Step::Attestation);
}

/// Step 5. The applicant confirms and signs the form; the recording is sealed.
fn step_5_attestation(counter: &Counter) {
    let (station, id) = (counter.officer("dewi"), counter.id.as_str());
    station.answer_data(id, Answer::Correct, "", AnswerBy::Operator).unwrap();
    station
        .save_signature(id, SignaturePurpose::Attestation, SignatureSource::Pen, &counter.training.strokes())
        .unwrap();
    let form = station.render_form(id).unwrap().form.expect("the form that was signed");
    assert_eq!(station.document_pdf(&form.document_id).unwrap()[..5], *b"%PDF-");
    let sealed = station.seal(id).unwrap();
    assert_eq!(sealed.packet.expect("a sealed packet").parts.len(), 3, "id, bio, dok");
}

/// Step 6. The print request is submitted with its Berkas Permohonan.
fn step_6_print_request(counter: &Counter) {
    let (station, id) = (counter.officer("dewi"), counter.id.as_str());
    assert!(station.render_cover(id).unwrap().cover.is_some(), "the cover of the papers");
    assert_eq!(station.submit_print_request(id).unwrap().step, Step::Status);
}

/// Step 7, decision. The centre says PRINT_READY_RECORD: the applicant gets the Tanda Pengambilan.
fn step_7_status(counter: &Counter) {
    let began = Instant::now();
    let id = counter.id.as_str();
    loop {
        counter.officer("hendra");
        counter.exchange();
        let seen = counter.officer("dewi").status_check(id).unwrap();
        if seen.now.is_some_and(|now| now.ready) {
            break;
        }
        assert!(began.elapsed() < LONG, "the centre decides");
        std::thread::sleep(Duration::from_millis(200));
    }
    let given = counter.officer("dewi").give_pickup_slip(id).unwrap();
    assert_eq!(given.outcome, StatusOutcome::Slip);
    assert!(given.slip.expect("the slip").number.starts_with("L-TP/"), "numbered, and training");
}

/// Step 8. One blangko of the stock becomes the card; it is counted when an officer has seen it, and its chip is written and
/// read back on the smart card reader.
fn step_8_print(counter: &Counter) {
    let (station, id) = (counter.officer("rizal"), counter.id.as_str());
    counter.device(DeviceRole::CardPrinter);
    station.receive_stock(StockItem::Blangko, 10, BLANGKO, "BAST 1/2026").unwrap();
    let job = "00000000-0000-4000-8000-000000000001";
    let stands = training::prints(station, id, BLANGKO, job, LONG).unwrap();
    assert_eq!(stands, Some(CardJobState::Reported), "the printer says that it is done");
    let done = station.print_result(id, PrintResult::Printed, BLANGKO, None, None).unwrap();
    assert_eq!(done.card.as_deref(), Some("0718-224-913"));
    assert_eq!(done.stock.blangko, 9, "one of ten is used");
    counter.device(DeviceRole::CardReader);
    assert!(
        station.accept_card(id, "B2-07").is_err(),
        "no card leaves the desk with a chip that nobody has read"
    );
    let chip = counter.on_the_reader(BLANGKO, || station.write_chip(id).map(|seen| Some(seen.chip)));
    assert_eq!(chip.state, ChipState::Verified, "written, and read back the same");
    assert_eq!(station.accept_card(id, "B2-07").unwrap().step, Step::Handover);
}

/// Step 9. The right person takes the card: finger, face, data read, receipt signed; the register closes.
fn step_9_handover(counter: &Counter) {
    let (station, id) = (counter.officer("dewi"), counter.id.as_str());
    counter.training.lays(domain::Finger::RightIndex);
    let matched = (0..3).any(|_| {
        let seen = station.handover_finger(id, FingerName::RightIndex).unwrap();
        seen.finger.state == HandoverFingerState::Matched
    });
    assert!(matched, "the finger of the recording");
    assert!(
        station.compare_handover_photo(id, true).is_err(),
        "an eye does not stand in for a chip that can be read"
    );
    let photo = counter.on_the_reader(BLANGKO, || {
        let photo = station.read_handover_card(id)?.photo;
        Ok(Some(photo).filter(|photo| photo.state != ChipPhotoState::NoCard))
    });
    assert_eq!(photo.state, ChipPhotoState::Identical, "the photograph on the chip is that of the record");
    for line in [HandoverLine::FaceSame, HandoverLine::DataRead] {
        station.judge_handover(id, line, true).unwrap();
    }
    station.save_receipt(id, SignatureSource::Pen, &counter.training.strokes()).unwrap();
    let person = station.handover(id).unwrap().person;
    station.confirm_handover(id, &person.name, person.photo_id.as_deref()).unwrap();
    let closed = station.close_handover(id).unwrap();
    assert_eq!(closed.state, VisitState::Done, "the visit is at its end");
}

#[test]
fn the_nine_steps_in_their_order() {
    let district = District::open();
    let mut counter = Counter::fully_equipped();
    counter.officer("hendra").activate(&district.address, &district.code).unwrap();
    step_1_form(&mut counter);
    step_2_requirements(&counter);
    step_3_entry_and_verification(&counter);
    step_4_capture(&counter);
    step_5_attestation(&counter);
    step_6_print_request(&counter);
    step_7_status(&counter);
    step_8_print(&counter);
    step_9_handover(&counter);

    assert!(
        counter.officer("hendra").register_verify().unwrap().is_some_and(|verified| verified.intact),
        "the register is whole"
    );
    let kinds = counter.register_kinds();
    for kind in ["print_requested", "card_printed", "card_handed_over"] {
        assert!(kinds.iter().any(|line| line == kind), "{kind} stands in the register: {kinds:?}");
    }
    assert!(counter.officer("dewi").unclaimed().unwrap().is_empty(), "nothing is left on the shelf");
}

#[test]
fn decision_of_step_2_no_the_papers_go_back_with_a_slip_and_may_come_again() {
    let mut counter = Counter::open();
    step_1_form(&mut counter);
    let (station, id) = (counter.officer("dewi"), counter.id.as_str());
    assert!(station.accept_requirements(id).is_err(), "without the papers nothing goes on");
    let papers = station.requirements(id).unwrap();
    let reason = papers.reasons.first().expect("reasons to choose from").code.clone();
    let back = station.return_to_applicant(id, &[reason], "").unwrap();
    assert_eq!(back.state, VisitState::Returned);
    let slip = back.returned.and_then(|returned| returned.document_id).expect("the slip says why");
    assert_eq!(station.document_pdf(&slip).unwrap()[..5], *b"%PDF-");
    assert_eq!(station.resume(id).unwrap().step, Step::Requirements, "the same visit goes on");
    step_2_requirements(&counter);
}

#[test]
fn decision_of_step_7_no_a_suket_or_the_reason_in_words_and_no_slip() {
    let mut counter = Counter::open();
    step_1_form(&mut counter);
    step_2_requirements(&counter);
    step_3_entry_and_verification(&counter);
    step_4_capture(&counter);
    step_5_attestation(&counter);
    step_6_print_request(&counter);
    let (station, id) = (counter.officer("dewi"), counter.id.as_str());
    assert!(station.give_pickup_slip(id).is_err(), "nothing is known, so nothing is promised");
    let told = station.tell_applicant(id, "not_arrived").unwrap();
    assert_eq!(told.outcome, StatusOutcome::Told, "the reason in words");
    station.resume(id).unwrap();
    let given = station.issue_suket(id, "not_arrived").unwrap();
    assert_eq!(given.outcome, StatusOutcome::Suket);
    assert!(given.suket.expect("the letter").valid_until.is_some(), "it holds for a time");
    assert!(counter.officer("rizal").card_print(id).is_ok_and(|seen| !seen.can_start), "no card is printed");
}

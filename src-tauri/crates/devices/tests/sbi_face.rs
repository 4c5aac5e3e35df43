//! A face device behind SBI in the place of the camera: every lawful portrait, and every lie with its refusal.

#![allow(clippy::expect_used)] // helpers of tests

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use devices::driver::sbi::{SbiFace, SbiFinder, SbiFingerprint, Session, Settings, probe};
use devices::protocol::sbi::check::Failed;
use devices::protocol::sbi::jws::Trust;
use devices::protocol::sbi::{BioType, chain, record};
use devices::registry::Registry;
use devices::{
    Budget, Camera, Device, DeviceState, Fact, FactKey, Fault, FingerprintScanner, Operation, Portrait, Role,
    SlapRequest,
};
use domain::Slap;
use sim::sbi::{Authority, SbiOptions, SbiSim};
use sim::{DeskPerson, FaultPlan, Look, Person, SimFault};

/// Plenty, for a loaded machine; no test waits for it to pass.
const LONG: Duration = Duration::from_secs(120);

fn authority() -> Authority {
    static ONE: OnceLock<Authority> = OnceLock::new();
    ONE.get_or_init(|| Authority::new("Test authority").expect("keys")).clone()
}

struct Bench {
    sim: SbiSim,
    person: DeskPerson,
    plan: FaultPlan,
    settings: Arc<Settings>,
    session: Arc<Session>,
}

impl Bench {
    fn new() -> Self {
        let (person, plan) = (DeskPerson::new(Person::new(5)), FaultPlan::new());
        let options = SbiOptions::new(BioType::Face);
        let sim = SbiSim::start(options, person.clone(), plan.clone(), authority()).expect("a free port");
        let mut settings = Settings::new(Trust::from_pem(&authority().ca_pem()).expect("a root"));
        let port = sim.address().port();
        settings.ports = port..=port;
        settings.env = "Developer".into();
        settings.capture_limit = Duration::from_secs(60);
        Self { sim, person, plan, settings: Arc::new(settings), session: Arc::default() }
    }

    fn face(&self) -> SbiFace {
        let found = probe(&self.settings, &Budget::of(LONG)).remove(0);
        SbiFace::new(found, self.settings.clone(), self.session.clone())
    }

    fn registry(&self) -> Registry {
        let finder = SbiFinder::new((*self.settings).clone(), self.session.clone());
        Registry::start(vec![Arc::new(finder)], BTreeMap::new())
    }

    fn refuse(&self, fault: SimFault) -> Fault {
        let face = self.face();
        self.plan.set_times(fault, 1);
        face.portrait(&Budget::of(LONG)).expect_err("the lie must be refused").fault()
    }
}

fn portrait(registry: &Registry) -> Result<Portrait, Fault> {
    registry
        .with_camera(Operation::Capture, &Budget::of(LONG), |camera, budget| camera.portrait(budget))
        .map_err(|error| error.fault())
}

#[test]
fn a_face_device_takes_the_role_of_the_camera_and_says_who_it_is() {
    let bench = Bench::new();
    let registry = bench.registry();
    registry.wait(Role::Camera, &Budget::of(LONG)).expect("found");
    let row = registry.table().role(Role::Camera).cloned().expect("a row");
    assert_eq!(row.id.0, "camera:sbi:SIM-FACE-0001", "its serial number is its name");
    assert_eq!(row.info.firmware.as_deref(), Some("sim-1"), "firmware as signed");
    assert_eq!(row.health.state, DeviceState::Ready);
    let report = registry.test(Role::Camera, &Budget::of(LONG)).expect("the test button works");
    assert!(report.findings.contains(&Fact::only(FactKey::Certificate)), "{report:?}");
}

#[test]
fn a_portrait_comes_with_its_record_its_signed_answer_and_a_link_of_the_chain() {
    let bench = Bench::new();
    let taken = bench.face().portrait(&Budget::of(LONG)).expect("a lawful capture");
    assert_eq!(taken.media_type, "image/jpeg");
    assert!(
        taken.image.starts_with(&[0xFF, 0xD8]) && taken.image.ends_with(&[0xFF, 0xD9]),
        "as in the record"
    );
    let signed = taken.signed.expect("a face device signs");
    let described = record::describe(&signed.record).expect("an ISO record");
    assert_eq!((described.width, described.height), (1280, 720));
    assert_eq!(signed.chain, hex::encode(chain::next(&chain::start(), &signed.record)));
    assert_eq!(signed.evidence.split('.').count(), 3, "the signed answer is kept whole");
    assert!(signed.device_score >= 60, "a good look scores well");
    assert_eq!(taken.provenance.device.0, "camera:sbi:SIM-FACE-0001");
}

#[test]
fn the_hash_chain_of_the_desk_goes_on_from_the_face_to_the_fingers() {
    let bench = Bench::new();
    let options = SbiOptions::new(BioType::Finger);
    let fingers =
        SbiSim::start(options, bench.person.clone(), FaultPlan::new(), authority()).expect("a free port");
    let taken = bench.face().portrait(&Budget::of(LONG)).expect("a face").signed.expect("signed");
    let mut settings = (*bench.settings).clone();
    settings.ports = fingers.address().port()..=fingers.address().port();
    let settings = Arc::new(settings);
    let found = probe(&settings, &Budget::of(LONG)).remove(0);
    let scanner = SbiFingerprint::new(found, settings, bench.session.clone());
    let request = SlapRequest { slap: Slap::Thumbs, exceptions: vec![], wanted_score: 40 };
    let slap = scanner.capture(&request, &Budget::of(LONG)).expect("thumbs");
    let before = chain::parse(&taken.chain).expect("hex");
    let after = hex::encode(chain::next(&before, &slap.fingers[0].record));
    assert_eq!(slap.fingers[0].chain, after, "one chain over all modalities");
}

#[test]
fn every_lie_of_a_face_device_is_refused_by_its_own_check() {
    let bench = Bench::new();
    let is = |fault: SimFault, right: fn(&Failed) -> bool| {
        let got = bench.refuse(fault);
        assert!(matches!(&got, Fault::Check(failed) if right(failed)), "{fault:?} gave {got:?}");
    };
    is(SimFault::BadSignature, |f| matches!(f, Failed::Signature { part, .. } if part == "data"));
    is(SimFault::WrongAuthority, |f| matches!(f, Failed::Trust { part, .. } if part == "data"));
    is(SimFault::WrongTransaction, |f| *f == Failed::Transaction);
    is(SimFault::WrongChain, |f| *f == Failed::Chain { index: 0 });
    is(SimFault::OldTimestamp, |f| matches!(f, Failed::Timestamp { off_s } if *off_s < -3000));
    is(SimFault::WrongVersion, |f| matches!(f, Failed::Version { got, .. } if got == "0.9.2"));
    is(SimFault::WrongScore, |f| matches!(f, Failed::Score { got } if got == "101"));
    is(SimFault::WrongRecord, |f| matches!(f, Failed::Record { .. }));
    is(SimFault::WrongSerial, |f| *f == Failed::Serial);
    assert_eq!(bench.session.last(), None, "nothing of all that began the chain");
    assert!(bench.face().portrait(&Budget::of(LONG)).is_ok(), "and the next honest portrait is taken");
}

#[test]
fn the_previous_persons_portrait_is_refused_as_a_replay() {
    let bench = Bench::new();
    let face = bench.face();
    face.portrait(&Budget::of(LONG)).expect("the first person");
    bench.person.set(Person::new(99));
    bench.plan.set_times(SimFault::StaleImage, 1);
    let fault = face.portrait(&Budget::of(LONG)).expect_err("a stale buffer").fault();
    assert_eq!(fault, Fault::Check(Failed::Replay), "signed, timely, chained, and still the old face");
    assert!(face.portrait(&Budget::of(LONG)).is_ok(), "the real second person is taken");
}

#[test]
fn busy_garbage_a_flood_and_nobody_before_the_lens_are_told_apart() {
    let mut bench = Bench::new();
    assert_eq!(bench.refuse(SimFault::Busy), Fault::Busy);
    assert!(matches!(bench.refuse(SimFault::Garbage), Fault::Garbage { .. } | Fault::Unplugged));
    assert!(matches!(bench.refuse(SimFault::HugeBody), Fault::TooLarge { .. }));
    assert_eq!(bench.refuse(SimFault::OneMissing), Fault::NothingPresented, "an answer without a face");
    bench.plan.clear();
    let mut settings = (*bench.settings).clone();
    settings.capture_limit = Duration::from_secs(1);
    bench.settings = Arc::new(settings);
    bench.person.set(Person { look: Look::Nobody, ..Person::new(5) });
    let nobody = bench.face().portrait(&Budget::of(LONG)).expect_err("an empty chair").fault();
    assert_eq!(nobody, Fault::NothingPresented);
}

#[test]
fn a_slow_device_costs_its_caller_the_budget_and_no_more() {
    let bench = Bench::new();
    let face = bench.face();
    bench.plan.set_times(SimFault::Slow(30_000), 1);
    let fault = face.portrait(&Budget::of(Duration::from_secs(1))).expect_err("too slow").fault();
    assert!(matches!(fault, Fault::TimedOut { .. }), "{fault:?}");
}

#[test]
fn a_poor_picture_comes_back_with_a_low_score_and_not_as_an_error() {
    let bench = Bench::new();
    let face = bench.face();
    bench.plan.set_times(SimFault::PoorQuality, 1);
    let taken = face.portrait(&Budget::of(LONG)).expect("judging quality is not the driver's");
    assert!(taken.signed.is_some_and(|signed| signed.device_score < 40), "the device's own word is kept");
}

#[test]
fn a_face_device_pulled_in_mid_capture_is_absent_and_works_in_place_when_it_is_back() {
    let bench = Bench::new();
    let registry = bench.registry();
    registry.wait(Role::Camera, &Budget::of(LONG)).expect("found");
    let mailbox = registry.camera().expect("a camera").preview();
    let last = mailbox.next(0, LONG).expect("a frame").sequence;
    bench.plan.set_times(SimFault::UnplugMidCapture, 1);
    assert_eq!(portrait(&registry), Err(Fault::Unplugged));
    registry.relist();
    let budget = Budget::of(LONG);
    while registry.table().state(Role::Camera) != DeviceState::Absent {
        budget.pause(Duration::from_millis(10)).expect("the listing sees that it is gone");
    }
    bench.plan.clear();
    registry.relist();
    while registry.table().state(Role::Camera) != DeviceState::Ready {
        budget.pause(Duration::from_millis(10)).expect("the listing sees it again");
    }
    assert!(portrait(&registry).is_ok(), "in place, with no restart");
    // Ended meanwhile, revived by the first new frame.
    while !mailbox.next(last, Duration::from_millis(50)).is_ok_and(|frame| frame.sequence > last) {
        budget.pause(Duration::from_millis(50)).expect("the same live picture goes on");
    }
}

#[test]
fn the_live_picture_outlives_the_capture() {
    let bench = Bench::new();
    let face = bench.face();
    let mailbox = face.preview();
    let first = mailbox.next(0, LONG).expect("a frame");
    face.portrait(&Budget::of(LONG)).expect("a capture beside the stream");
    let after = mailbox.latest().expect("a frame").sequence;
    assert!(mailbox.next(after, LONG).is_ok(), "the operator keeps looking at the applicant");
    assert!(first.jpeg.starts_with(&[0xFF, 0xD8]), "JPEG as sent");
}

#[test]
fn a_still_of_a_paper_is_a_frame_of_the_live_picture_and_carries_no_proof() {
    let bench = Bench::new();
    let still = bench.face().still(&Budget::of(LONG)).expect("a still");
    assert_eq!((still.width, still.height, still.original), (1280, 720, true));
    assert!(Portrait::from(still).signed.is_none(), "nobody signed it");
}

#[test]
fn a_black_or_frozen_live_picture_is_told() {
    let bench = Bench::new();
    let face = bench.face();
    face.preview().next(0, LONG).expect("a frame");
    let budget = Budget::of(LONG);
    bench.plan.set(SimFault::BlackFrame);
    while !matches!(face.state(), DeviceState::Faulted { reason: Fault::Blank { .. }, .. }) {
        budget.pause(Duration::from_millis(10)).expect("black is noticed");
    }
    bench.plan.set(SimFault::FrozenFrame);
    while !matches!(face.state(), DeviceState::Faulted { reason: Fault::Frozen { .. }, .. }) {
        budget.pause(Duration::from_millis(10)).expect("a frozen picture is noticed");
    }
    bench.plan.clear();
    while face.state() != DeviceState::Ready {
        budget.pause(Duration::from_millis(10)).expect("a living picture is well");
    }
}

#[test]
fn a_face_device_of_an_unknown_authority_is_listed_with_the_reason_and_never_used() {
    let mut bench = Bench::new();
    let mut settings = (*bench.settings).clone();
    let stranger = Authority::new("Another").expect("keys");
    settings.trust = Trust::from_pem(&stranger.ca_pem()).expect("a root");
    bench.settings = Arc::new(settings);
    let fault = bench.face().portrait(&Budget::of(LONG)).expect_err("not believed").fault();
    assert!(
        matches!(fault, Fault::Check(Failed::Trust { ref part, .. }) if part == "deviceInfo"),
        "{fault:?}"
    );
    assert!(bench.sim.address().port() > 0, "the service itself is there");
}

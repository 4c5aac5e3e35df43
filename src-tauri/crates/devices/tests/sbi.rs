//! The SBI client against the simulated service, over real sockets: every lawful capture, and every
//! lie of §3.11 with its own typed refusal.

#![allow(clippy::expect_used)] // helpers of tests

use std::io::{ErrorKind, Read};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use devices::driver::sbi::{SbiFinder, SbiFingerprint, SbiIris, Session, Settings, probe};
use devices::protocol::sbi::BioType;
use devices::protocol::sbi::check::Failed;
use devices::protocol::sbi::jws::Trust;
use devices::protocol::sbi::{chain, record};
use devices::registry::Finder;
use devices::{
    Budget, CancelToken, Device, Fault, FingerprintScanner, IrisRequest, IrisScanner, SlapRequest,
};
use domain::{Eye, Finger, Slap};
use sim::sbi::{Authority, SbiOptions, SbiSim};
use sim::{DeskPerson, FaultPlan, Person, SimFault};

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
    fn with(options: SbiOptions, person: Person) -> Self {
        let (person, plan) = (DeskPerson::new(person), FaultPlan::new());
        let sim = SbiSim::start(options, person.clone(), plan.clone(), authority()).expect("a free port");
        let mut settings = Settings::new(Trust::from_pem(&authority().ca_pem()).expect("a root"));
        let port = sim.address().port();
        settings.ports = port..=port;
        settings.env = "Developer".into();
        settings.capture_limit = Duration::from_secs(60);
        Self { sim, person, plan, settings: Arc::new(settings), session: Arc::default() }
    }

    fn fingers() -> Self {
        Self::with(SbiOptions::new(BioType::Finger), Person::new(5))
    }

    fn scanner(&self) -> SbiFingerprint {
        let found = probe(&self.settings, &Budget::of(LONG)).remove(0);
        SbiFingerprint::new(found, self.settings.clone(), self.session.clone())
    }

    fn refuse(&self, fault: SimFault) -> Fault {
        let scanner = self.scanner();
        self.plan.set_times(fault, 1);
        scanner.capture(&thumbs(), &Budget::of(LONG)).expect_err("the lie must be refused").fault()
    }
}

/// The same settings for a capture that nobody comes to: the device waits for a second, too short for any that is taken.
fn hasty(settings: &Settings) -> Arc<Settings> {
    Arc::new(Settings { capture_limit: Duration::from_secs(1), ..settings.clone() })
}

fn thumbs() -> SlapRequest {
    SlapRequest { slap: Slap::Thumbs, exceptions: vec![], wanted_score: 40 }
}

#[test]
fn a_service_is_found_and_believed_by_its_signed_device_info() {
    let bench = Bench::fingers();
    let found = probe(&bench.settings, &Budget::of(LONG));
    assert_eq!(found.len(), 1, "one port, one device");
    assert_eq!(found[0].kind, BioType::Finger);
    assert_eq!(found[0].who.serial, "SIM-FINGER-0001");
    assert_eq!(found[0].fault, None, "its chain ends at our root");
}

#[test]
fn a_capture_is_asked_for_in_the_environment_of_the_settings() {
    let bench = Bench::fingers();
    let ask = |env: &str| {
        let mut settings = (*bench.settings).clone();
        settings.env = env.into();
        let found = probe(&settings, &Budget::of(LONG)).remove(0);
        SbiFingerprint::new(found, Arc::new(settings), Arc::default()).capture(&thumbs(), &Budget::of(LONG))
    };
    let fault = ask("Production").expect_err("a device of developers").fault();
    assert!(matches!(&fault, Fault::Refused { code, .. } if code == "115"), "{fault:?}");
    ask("Developer").expect("the device's own");
}

#[test]
fn a_service_of_an_unknown_authority_is_listed_with_the_reason_and_not_believed() {
    let bench = Bench::fingers();
    let mut settings = (*bench.settings).clone();
    let stranger = Authority::new("Another").expect("keys");
    settings.trust = Trust::from_pem(&stranger.ca_pem()).expect("a root");
    let found = probe(&settings, &Budget::of(LONG));
    assert!(
        matches!(&found[0].fault, Some(Fault::Check(Failed::Trust { part, .. })) if part == "deviceInfo"),
        "{:?}",
        found[0].fault
    );
}

#[test]
fn a_port_that_accepts_and_stays_silent_holds_up_no_device_of_another() {
    let bench = Bench::fingers();
    let mut settings = (*bench.settings).clone();
    settings.ports = 4501..=4600;
    settings.extra_ports = vec![bench.sim.address().port()];
    let silent = settings.ports.clone().find_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok());
    let silent = silent.expect("a free port of the range");
    let finder = SbiFinder::new(settings, Arc::default());
    let budget = Budget::of(LONG);
    let lists = || {
        let listed = finder.list(&budget).expect("a list");
        listed.iter().any(|it| it.device().id().0 == "fingerprint_scanner:sbi:SIM-FINGER-0001")
    };
    // Again only where the machine is so busy that the device answers after a listing has ended.
    while !lists() {
        budget.check().expect("the device is listed");
    }
    let (mut asked, _) = silent.accept().expect("the silent port was asked too");
    silent.set_nonblocking(true).expect("a socket");
    while let Ok((again, _)) = silent.accept() {
        asked = again;
    }
    asked.set_nonblocking(true).expect("a socket");
    let mut request = [0; 4096];
    loop {
        match asked.read(&mut request) {
            Ok(0) => panic!("the device was listed only after the time of the silent port was over"),
            Ok(_) => {}
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::WouldBlock, "its question is still open");
                break;
            }
        }
    }
    assert!(lists(), "and it stays listed while the other one is silent");
}

#[test]
fn whoever_claims_the_serial_number_of_a_device_without_proof_does_not_stand_in_its_way() {
    let bench = Bench::fingers();
    let stranger = Authority::new("Another").expect("keys");
    let options = SbiOptions::new(BioType::Finger);
    let liar = SbiSim::start(options, bench.person.clone(), FaultPlan::new(), stranger).expect("a port");
    let mut settings = (*bench.settings).clone();
    let (lied, honest) = (liar.address().port(), bench.sim.address().port());
    settings.ports = lied..=lied;
    settings.extra_ports = vec![honest];
    let found = probe(&settings, &Budget::of(LONG));
    let lie = found.iter().find(|f| f.port == lied).cloned().expect("listed");
    assert!(matches!(lie.fault, Some(Fault::Check(_))), "{:?}", lie.fault);
    assert_eq!(lie.who.serial, "SIM-FINGER-0001", "the same number as of the honest one");
    let scanner = SbiFingerprint::new(lie, Arc::new(settings), bench.session.clone());
    let taken = scanner.capture(&thumbs(), &Budget::of(LONG)).expect("from the one that proves it");
    assert_eq!(taken.fingers.len(), 2);
}

#[test]
fn the_three_slaps_come_as_ten_records_in_one_hash_chain() {
    let bench = Bench::fingers();
    let scanner = bench.scanner();
    let mut link = chain::start();
    let mut fingers = Vec::new();
    for slap in Slap::ALL {
        let request = SlapRequest { slap, exceptions: vec![], wanted_score: 40 };
        let capture = scanner.capture(&request, &Budget::of(LONG)).expect("a lawful capture");
        for finger in capture.fingers {
            let described = record::describe(&finger.record).expect("an ISO record");
            assert!(described.width >= 200 && described.image_len > 0, "with an image: {described:?}");
            link = chain::next(&link, &finger.record);
            assert_eq!(finger.chain, hex::encode(link), "the chain goes on across slaps");
            assert!(finger.device_score >= 60, "a good touch scores well");
            assert_eq!(finger.evidence.split('.').count(), 3, "the signed answer is kept whole");
            fingers.push(finger.finger);
        }
    }
    fingers.sort();
    assert_eq!(fingers, Finger::ALL, "ten fingers, each once");
}

#[test]
fn an_excepted_finger_is_not_asked_for_and_the_other_three_are_taken() {
    let missing = Person { missing_fingers: vec![Finger::RightRing], ..Person::new(8) };
    let bench = Bench::with(SbiOptions::new(BioType::Finger), missing);
    let request =
        SlapRequest { slap: Slap::RightFour, exceptions: vec![Finger::RightRing], wanted_score: 40 };
    let capture = bench.scanner().capture(&request, &Budget::of(LONG)).expect("three fingers are lawful");
    let fingers: Vec<Finger> = capture.fingers.iter().map(|f| f.finger).collect();
    assert_eq!(fingers, [Finger::RightIndex, Finger::RightMiddle, Finger::RightLittle]);
}

#[test]
fn three_of_four_fingers_without_an_exception_name_the_fourth_and_the_scanner_stays_well() {
    let bench = Bench::fingers();
    let scanner = bench.scanner();
    bench.plan.set_times(SimFault::OneMissing, 1);
    let request = SlapRequest { slap: Slap::RightFour, exceptions: vec![], wanted_score: 40 };
    let fault = scanner.capture(&request, &Budget::of(LONG)).expect_err("one is missing").fault();
    assert_eq!(fault, Fault::Unread { fingers: vec![Finger::RightLittle], eyes: vec![] });
    assert_eq!(scanner.state(), devices::DeviceState::Ready, "it only could not see a finger");
    assert_eq!(bench.session.last(), None, "and nothing of the three is kept");
    bench.plan.set_times(SimFault::Unclear, 1);
    let fault = scanner.capture(&request, &Budget::of(LONG)).expect_err("nothing to be made of it").fault();
    assert!(matches!(&fault, Fault::Unclear { code, .. } if code == "102"), "{fault:?}");
    assert_eq!(scanner.state(), devices::DeviceState::Ready, "nor is this a fault of its own");
    assert!(scanner.capture(&request, &Budget::of(LONG)).is_ok(), "the next placement works");
}

#[test]
fn both_irises_are_taken_and_a_blind_eye_is_left_out() {
    let bench = Bench::with(SbiOptions::new(BioType::Iris), Person::new(3));
    let found = probe(&bench.settings, &Budget::of(LONG)).remove(0);
    let scanner = SbiIris::new(found, bench.settings.clone(), bench.session.clone());
    let request = IrisRequest { exceptions: vec![], wanted_score: 60 };
    let both = scanner.capture(&request, &Budget::of(LONG)).expect("two eyes");
    assert_eq!(both.eyes.iter().map(|e| e.eye).collect::<Vec<_>>(), Eye::ALL);
    assert_eq!(record::describe(&both.eyes[0].record).map(|d| (d.width, d.height)), Ok((640, 480)));

    bench.person.set(Person { blind_eyes: vec![Eye::Left], ..Person::new(3) });
    let request = IrisRequest { exceptions: vec![Eye::Left], wanted_score: 60 };
    let one = scanner.capture(&request, &Budget::of(LONG)).expect("one eye");
    assert_eq!(one.eyes.iter().map(|e| e.eye).collect::<Vec<_>>(), [Eye::Right]);
}

#[test]
fn every_lie_of_a_device_is_refused_by_its_own_check() {
    let bench = Bench::fingers();
    let is = |fault: SimFault, right: fn(&Failed) -> bool| {
        let got = bench.refuse(fault);
        assert!(matches!(&got, Fault::Check(failed) if right(failed)), "{fault:?} gave {got:?}");
    };
    is(SimFault::BadSignature, |f| matches!(f, Failed::Signature { part, .. } if part == "data"));
    is(SimFault::WrongAuthority, |f| matches!(f, Failed::Trust { part, .. } if part == "data"));
    is(SimFault::WrongTransaction, |f| *f == Failed::Transaction);
    is(SimFault::WrongChain, |f| *f == Failed::Chain { index: 0 });
    is(SimFault::OldTimestamp, |f| matches!(f, Failed::Timestamp { off_s } if *off_s < -3000));
    is(
        SimFault::WrongVersion,
        |f| matches!(f, Failed::Version { asked, got } if asked == "0.9.5" && got == "0.9.2"),
    );
    is(SimFault::WrongScore, |f| matches!(f, Failed::Score { got } if got == "101"));
    is(SimFault::WrongPart, |f| matches!(f, Failed::Part { got } if got == "UNKNOWN"));
    is(SimFault::WrongRecord, |f| matches!(f, Failed::Record { why } if why.starts_with("says ")));
    is(SimFault::WrongSerial, |f| *f == Failed::Serial);
}

/// What a device can lie about one sample, the others of the same answer being honest.
const OF_ONE_SAMPLE: [SimFault; 5] = [
    SimFault::WrongVersion,
    SimFault::WrongScore,
    SimFault::WrongPart,
    SimFault::WrongRecord,
    SimFault::WrongSerial,
];

#[test]
fn nothing_of_a_refused_answer_is_kept_neither_a_link_of_the_chain_nor_its_honest_samples() {
    let bench = Bench::fingers();
    let scanner = bench.scanner();
    let kept = scanner.capture(&thumbs(), &Budget::of(LONG)).expect("honest").fingers.pop().expect("a thumb");
    for lie in OF_ONE_SAMPLE {
        bench.plan.set_times(lie, 1);
        let refused =
            scanner.capture(&thumbs(), &Budget::of(LONG)).expect_err("the lie must be refused").fault();
        assert!(matches!(refused, Fault::Check(_)), "{lie:?} gave {refused:?}");
        let last = bench.session.last().map(hex::encode);
        assert_eq!(last.as_deref(), Some(kept.chain.as_str()), "{lie:?}: the chain stands where it stood");
    }
    // The very pictures of the refused answer, now told honestly: none of them was taken, so none is a replay.
    bench.plan.set_times(SimFault::StaleImage, 1);
    let taken = scanner.capture(&thumbs(), &Budget::of(LONG)).expect("what was refused is not remembered");
    let before = chain::parse(&kept.chain).expect("hex");
    let after = hex::encode(chain::next(&before, &taken.fingers[0].record));
    assert_eq!(taken.fingers[0].chain, after, "the chain goes on from the last honest answer");
}

#[test]
fn a_lie_about_one_eye_takes_neither_eye() {
    let bench = Bench::with(SbiOptions::new(BioType::Iris), Person::new(3));
    let found = probe(&bench.settings, &Budget::of(LONG)).remove(0);
    let scanner = SbiIris::new(found, bench.settings.clone(), bench.session.clone());
    let request = IrisRequest { exceptions: vec![], wanted_score: 60 };
    for lie in OF_ONE_SAMPLE {
        bench.plan.set_times(lie, 1);
        let refused =
            scanner.capture(&request, &Budget::of(LONG)).expect_err("the lie must be refused").fault();
        assert!(matches!(refused, Fault::Check(_)), "{lie:?} gave {refused:?}");
        assert_eq!(bench.session.last(), None, "{lie:?}: the chain has not begun");
    }
    assert_eq!(scanner.capture(&request, &Budget::of(LONG)).expect("the honest eyes").eyes.len(), 2);
}

#[test]
fn the_previous_persons_picture_is_refused_as_a_replay() {
    let bench = Bench::fingers();
    let scanner = bench.scanner();
    scanner.capture(&thumbs(), &Budget::of(LONG)).expect("the first person");
    bench.person.set(Person::new(99));
    bench.plan.set_times(SimFault::StaleImage, 1);
    let fault = scanner.capture(&thumbs(), &Budget::of(LONG)).expect_err("a stale buffer").fault();
    assert_eq!(fault, Fault::Check(Failed::Replay), "signed, timely, chained, and still the old picture");
    assert!(scanner.capture(&thumbs(), &Budget::of(LONG)).is_ok(), "the real second person is taken");
}

#[test]
fn a_body_of_fifty_megabytes_is_cut_off_at_the_cap() {
    let bench = Bench::fingers();
    let fault = bench.refuse(SimFault::HugeBody);
    let cap = bench.settings.body_cap;
    assert!(
        matches!(fault, Fault::TooLarge { limit, got } if limit == cap && got < cap + 1_000_000),
        "{fault:?}"
    );
}

#[test]
fn busy_garbage_no_finger_and_a_pulled_cable_are_told_apart() {
    let mut bench = Bench::fingers();
    assert_eq!(bench.refuse(SimFault::Busy), Fault::Busy);
    assert!(matches!(bench.refuse(SimFault::Garbage), Fault::Garbage { .. } | Fault::Unplugged));
    let patient = bench.settings.clone();
    bench.settings = hasty(&patient);
    assert_eq!(bench.refuse(SimFault::NoFinger), Fault::NothingPresented);
    bench.settings = patient;
    assert_eq!(bench.refuse(SimFault::UnplugMidCapture), Fault::Unplugged);
    bench.plan.clear();
    assert!(
        bench.scanner().capture(&thumbs(), &Budget::of(LONG)).is_ok(),
        "plugged in again, it works in place"
    );
}

#[test]
fn a_poor_touch_comes_back_with_a_low_score_and_not_as_an_error() {
    let bench = Bench::fingers();
    let scanner = bench.scanner();
    bench.plan.set_times(SimFault::PoorQuality, 1);
    let capture = scanner.capture(&thumbs(), &Budget::of(LONG)).expect("judging quality is not the driver's");
    assert!(capture.fingers.iter().all(|f| f.device_score < 40), "{capture:?}");
}

#[test]
fn a_server_that_knows_only_post_is_spoken_to_by_post() {
    let bench =
        Bench::with(SbiOptions { post_only: true, ..SbiOptions::new(BioType::Finger) }, Person::new(2));
    assert!(bench.scanner().capture(&thumbs(), &Budget::of(LONG)).is_ok(), "405 is answered with POST");
}

#[test]
fn a_capture_ends_at_once_when_it_is_cancelled() {
    let bench = Bench::fingers();
    let scanner = Arc::new(bench.scanner());
    let token = CancelToken::new();
    // Longer than any machine takes to hear of the end; used up by the request that reaches the device.
    bench.plan.set_times(SimFault::Slow(60_000), 1);
    let (asked, cancel) = (scanner.clone(), token.clone());
    let capture = std::thread::spawn(move || asked.capture(&thumbs(), &Budget::new(LONG, &cancel)));
    let patience = Budget::of(LONG);
    while bench.plan.now().is_some() {
        patience.pause(Duration::from_millis(5)).expect("the device is asked");
    }
    assert!(!capture.is_finished(), "the answer is waited for");
    token.cancel();
    let called_off = Instant::now();
    let fault = capture.join().expect("no panic").expect_err("cancelled").fault();
    assert_eq!(fault, Fault::Cancelled);
    assert!(called_off.elapsed() < Duration::from_secs(30), "the answer is not waited for any longer");
    assert_eq!(scanner.state(), devices::DeviceState::Ready, "calling off is no fault of the device");
    assert_eq!(bench.session.last(), None, "and nothing was taken");
    let taken = scanner.capture(&thumbs(), &Budget::of(LONG)).expect("the next press");
    let first = hex::encode(chain::next(&chain::start(), &taken.fingers[0].record));
    assert_eq!((taken.fingers.len(), &taken.fingers[0].chain), (2, &first), "the first of its chain");
}

#[test]
fn while_a_device_still_captures_what_was_called_off_it_is_busy_and_then_the_next_press_is_taken() {
    let mut bench = Bench::fingers();
    // Nobody lays a finger: the device waits for as long as it was told.
    let told = Settings { capture_limit: Duration::from_secs(5), ..(*bench.settings).clone() };
    let (next, patience) = (bench.scanner(), Budget::of(LONG));
    bench.settings = Arc::new(told);
    let scanner = Arc::new(bench.scanner());
    loop {
        let token = CancelToken::new();
        bench.plan.set_times(SimFault::NoFinger, 1);
        let (asked, cancel) = (scanner.clone(), token.clone());
        let capture = std::thread::spawn(move || asked.capture(&thumbs(), &Budget::new(LONG, &cancel)));
        while bench.plan.now().is_some() {
            patience.pause(Duration::from_millis(5)).expect("the device is asked");
        }
        token.cancel();
        let fault = capture.join().expect("no panic").expect_err("cancelled").fault();
        let busy = next.capture(&thumbs(), &Budget::of(LONG)).map_err(|error| error.fault());
        // On a machine that stood still the time of the device may be over by now: then once more.
        if fault == Fault::Cancelled && busy == Err(Fault::Busy) {
            break;
        }
        patience.check().expect("it is called off in mid-capture");
    }
    let taken = loop {
        match next.capture(&thumbs(), &Budget::of(LONG)).map_err(|error| error.fault()) {
            Err(Fault::Busy) => patience.pause(Duration::from_millis(50)).expect("it comes to its end"),
            taken => break taken,
        }
    };
    assert_eq!(taken.expect("the next press").fingers.len(), 2, "of whoever lies there now");
}

#[test]
fn the_device_is_found_again_when_it_comes_back_on_another_port() {
    let bench = Bench::fingers();
    let mut settings = (*bench.settings).clone();
    let plan = FaultPlan::new();
    let second =
        SbiSim::start(SbiOptions::new(BioType::Finger), bench.person.clone(), plan.clone(), authority())
            .expect("a free port");
    plan.set(SimFault::Absent);
    settings.extra_ports = vec![second.address().port()];
    let settings = Arc::new(settings);
    let found = probe(&settings, &Budget::of(LONG)).remove(0);
    let scanner = SbiFingerprint::new(found, settings, bench.session.clone());
    // The first service ends; the same device answers elsewhere.
    drop(bench.sim);
    plan.clear();
    assert!(scanner.capture(&thumbs(), &Budget::of(LONG)).is_ok(), "the serial number finds it");
}

#[test]
fn the_live_picture_flows_and_ends_with_the_capture() {
    let bench = Bench::fingers();
    let scanner = bench.scanner();
    let mailbox = scanner.preview(Slap::Thumbs, &Budget::of(LONG)).expect("a stream");
    let first = mailbox.next(0, LONG).expect("a frame");
    assert!(first.jpeg.starts_with(&[0xFF, 0xD8]), "JPEG as sent");
    assert!(mailbox.next(first.sequence, LONG).is_ok(), "and another");
    scanner.capture(&thumbs(), &Budget::of(LONG)).expect("a capture beside the stream");
    let mut last = first.sequence;
    let end = loop {
        match mailbox.next(last, LONG) {
            Ok(frame) => last = frame.sequence,
            Err(fault) => break fault,
        }
    };
    assert_eq!(end, Fault::Cancelled, "the preview ends with the capture");
}

#[test]
fn a_stream_cut_in_the_middle_of_a_frame_ends_with_a_reason_and_without_spinning() {
    let bench = Bench::fingers();
    let scanner = bench.scanner();
    bench.plan.set(SimFault::CutStream);
    let mailbox = scanner.preview(Slap::Thumbs, &Budget::of(LONG)).expect("a stream");
    assert_eq!(mailbox.next(0, LONG).err(), Some(Fault::Unplugged));
}

#[test]
fn a_slow_finger_device_costs_its_caller_the_budget_and_no_more() {
    let bench = Bench::fingers();
    let scanner = bench.scanner();
    bench.plan.set_times(SimFault::Slow(30_000), 1);
    let fault =
        scanner.capture(&thumbs(), &Budget::of(Duration::from_secs(1))).expect_err("too slow").fault();
    assert!(matches!(fault, Fault::TimedOut { .. }), "{fault:?}");
}

#[test]
fn each_fault_of_an_iris_device_has_its_own_name_and_the_next_capture_is_taken() {
    let bench = Bench::with(SbiOptions::new(BioType::Iris), Person::new(3));
    let with = |settings: &Arc<Settings>| {
        let found = probe(settings, &Budget::of(LONG)).remove(0);
        SbiIris::new(found, settings.clone(), bench.session.clone())
    };
    let (scanner, waits_for_nobody) = (with(&bench.settings), with(&hasty(&bench.settings)));
    let request = IrisRequest { exceptions: vec![], wanted_score: 60 };
    let taken = || scanner.capture(&request, &Budget::of(LONG)).map_err(|error| error.fault());
    taken().expect("the first person");
    type Is = fn(&Fault) -> bool;
    bench.plan.set_times(SimFault::NoFinger, 1);
    let nobody = waits_for_nobody.capture(&request, &Budget::of(LONG)).expect_err("no eye").fault();
    assert_eq!(nobody, Fault::NothingPresented);
    let cases: [(SimFault, Is); 8] = [
        (SimFault::Busy, |f| *f == Fault::Busy),
        (SimFault::Garbage, |f| matches!(f, Fault::Garbage { .. } | Fault::Unplugged)),
        (SimFault::OneMissing, |f| *f == Fault::Unread { fingers: vec![], eyes: vec![Eye::Left] }),
        (SimFault::Unclear, |f| matches!(f, Fault::Unclear { .. })),
        (SimFault::WrongTransaction, |f| *f == Fault::Check(Failed::Transaction)),
        (SimFault::WrongChain, |f| matches!(f, Fault::Check(Failed::Chain { .. }))),
        (SimFault::BadSignature, |f| matches!(f, Fault::Check(Failed::Signature { .. }))),
        (SimFault::StaleImage, |f| *f == Fault::Check(Failed::Replay)),
    ];
    for (fault, right) in cases {
        bench.plan.set_times(fault, 1);
        let got = taken().expect_err("the fault must be told");
        assert!(right(&got), "{fault:?} gave {got:?}");
        taken().unwrap_or_else(|error| panic!("after {fault:?} it works in place, not {error:?}"));
    }
    bench.plan.set_times(SimFault::PoorQuality, 1);
    let poor = taken().expect("judging quality is not the driver's");
    assert!(poor.eyes.iter().all(|eye| eye.device_score < 60), "{poor:?}");
    bench.plan.set_times(SimFault::Slow(30_000), 1);
    let slow = scanner.capture(&request, &Budget::of(Duration::from_secs(1))).expect_err("too slow").fault();
    assert!(matches!(slow, Fault::TimedOut { .. }), "{slow:?}");
    bench.plan.set_times(SimFault::UnplugMidCapture, 1);
    assert_eq!(taken().expect_err("pulled"), Fault::Unplugged);
    let away = taken().expect_err("away");
    assert!(matches!(away, Fault::Unplugged | Fault::Absent), "{away:?}");
    bench.plan.clear();
    assert_eq!(taken().expect("plugged in again").eyes.len(), 2);
}

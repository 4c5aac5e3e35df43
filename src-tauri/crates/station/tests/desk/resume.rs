//! Ended at any moment, the program goes on at the same part of step 4 with everything accepted so far.

use devices::Role;
use domain::permohonan::Refusal;
use domain::sop::PauseReason;
use sim::SimFault;
use station::Error;
use station::view::{
    BodyPart, EyeName, FingerName, Modality, PartState, SavedState, SignatureProgress, SlapName,
};

use crate::bench::Bench;
use crate::exceptions::except;
use crate::handing_over::books;

#[test]
fn after_each_part_a_restart_goes_on_where_it_was_with_everything_accepted() {
    let mut bench = Bench::new();
    assert_eq!(bench.current(), Modality::Portrait);
    bench.station.take_portrait(&bench.id).unwrap();
    bench.restart();
    let seen = bench.seen();
    assert_eq!(seen.modality, Modality::Portrait, "not approved yet");
    assert_eq!(seen.portrait.attempts.len(), 1, "the picture is there");

    bench.approved();
    let first = bench.station.capture_slap(&bench.id, SlapName::RightFour).unwrap();
    bench.restart();
    let seen = bench.seen();
    assert_eq!(seen.modality, Modality::Fingers, "in the middle of the fingers");
    let right = seen.fingers.iter().filter(|finger| finger.state != PartState::Pending).count();
    assert_eq!(right, 4, "four of ten were accepted before the end");
    let shown = &first.fingers[0].capture_id;
    assert!(bench.station.image(shown).is_ok(), "and their pictures are on the disk");

    bench.slaps();
    bench.restart();
    assert_eq!(bench.current(), Modality::Fingers, "whole, and nobody has gone on");
    bench.station.goto_modality(&bench.id, Modality::Irises).unwrap();
    bench.restart();
    assert_eq!(bench.current(), Modality::Irises, "gone on, and nothing is taken yet");
    bench.irises();
    bench.restart();
    assert_eq!(bench.current(), Modality::Irises);
    bench.sign();
    bench.restart();
    let seen = bench.seen();
    assert_eq!(seen.modality, Modality::Signature);
    assert_eq!(seen.signature.state, SignatureProgress::Done);
    bench.rematch(FingerName::RightIndex, domain::Finger::RightIndex);
    bench.restart();
    let seen = bench.seen();
    assert_eq!(seen.rematch.iter().filter(|one| !one.attempts.is_empty()).count(), 1, "one of two was tried");
    assert_eq!(seen.portrait.attempts.len(), 2, "nothing of before was lost or doubled");
}

#[test]
fn who_went_to_another_part_goes_on_there_after_a_restart_and_step_4_begins_anew_with_what_is_missing() {
    let mut bench = Bench::new();
    bench.approved();
    bench.station.capture_slap(&bench.id, SlapName::RightFour).unwrap();
    // The scanner is away: eyes first, then.
    bench.station.goto_modality(&bench.id, Modality::Irises).unwrap();
    bench.restart();
    assert_eq!(bench.current(), Modality::Irises, "not at the first part that lacks something");
    bench.slaps();
    bench.irises();
    bench.sign();
    let fingers = [
        (FingerName::RightIndex, domain::Finger::RightIndex),
        (FingerName::LeftIndex, domain::Finger::LeftIndex),
    ];
    for (name, finger) in fingers {
        while bench.rematch(name, finger).rematch.iter().any(|one| {
            one.finger == name
                && one.state == station::view::RematchProgress::NotYet
                && one.attempts.len() < 3
        }) {}
    }
    bench.station.goto_modality(&bench.id, Modality::Irises).unwrap();
    bench.station.finish_capture(&bench.id).unwrap();
    bench.station.go_back(&bench.id, station::view::Step::Capture).unwrap();
    bench.restart();
    assert_eq!(bench.current(), Modality::Rematch, "what was open when step 4 ended is not opened again");
}

/// Why the clock of the visit stands still, as it is kept; the same operator sits there afterwards.
fn clock_stands(bench: &Bench) -> Option<PauseReason> {
    let id = domain::ids::PermohonanId::parse(&bench.id).unwrap();
    let row = books(bench, |store, _| store.read(|look| look.permohonan(id)).unwrap().unwrap());
    bench.station.sign_in("dewi", training::PASSWORD).unwrap();
    let state: domain::permohonan::State = serde_json::from_str(&row.state_json).unwrap();
    state.clock.paused()
}

#[test]
fn a_scanner_pulled_in_mid_capture_is_told_with_what_is_safe_and_the_same_placement_goes_on() {
    let bench = Bench::new();
    bench.approved();
    placed(&bench, SlapName::RightFour);
    bench.training.desk.fault_once(Role::FingerprintScanner, SimFault::UnplugMidCapture);
    bench.station.capture_slap(&bench.id, SlapName::LeftFour).expect_err("pulled");
    bench.station.rescan_devices().unwrap();
    bench.until(Role::FingerprintScanner, "away", |state| {
        matches!(state, station::view::DeviceState::Absent | station::view::DeviceState::Faulted)
    });
    let seen = bench.seen();
    assert_eq!(seen.modality, Modality::Fingers, "the operator stays where they were");
    let trouble = seen.trouble.expect("what happened is on the screen");
    assert_eq!(trouble.saved, ["portrait", "right_four"], "and what is safe");
    assert_eq!(trouble.reason, "unplugged", "not only that it is missing");
    assert_eq!(
        (trouble.during.as_str(), trouble.next.as_str()),
        ("left_four", "left_four"),
        "and of which hand"
    );
    let waits: Vec<_> = seen.saved.iter().filter(|item| item.state == SavedState::Waiting).collect();
    assert_eq!(waits.iter().map(|item| item.label.as_str()).collect::<Vec<_>>(), ["left_four"]);
    assert_eq!(clock_stands(&bench), Some(PauseReason::DeviceTrouble), "the minutes are the scanner's");
    bench.station.goto_modality(&bench.id, Modality::Irises).unwrap();
    assert_eq!(clock_stands(&bench), None, "the irises can be taken meanwhile: that is work");
    bench.station.goto_modality(&bench.id, Modality::Fingers).unwrap();
    assert_eq!(clock_stands(&bench), Some(PauseReason::DeviceTrouble));
    bench.training.desk.replug(Role::FingerprintScanner);
    bench.until_present(Role::FingerprintScanner);
    let again = bench.station.capture_slap(&bench.id, SlapName::LeftFour).expect("in place");
    assert_eq!(again.attempt, 1, "the failed reading was not counted as an attempt");
    assert!(again.capture.trouble.is_none(), "nothing is wrong any more");
    assert_eq!(clock_stands(&bench), None, "and the clock runs");
    if !again.accepted {
        placed(&bench, SlapName::LeftFour);
    }
    away(&bench, Role::FingerprintScanner);
    let trouble = bench.seen().trouble.expect("away again");
    assert_eq!(
        (trouble.reason.as_str(), trouble.during.as_str()),
        ("absent", "thumbs"),
        "nothing was cut now"
    );
}

/// One placement, until it is good enough.
fn placed(bench: &Bench, slap: SlapName) {
    let done = (0..3).any(|_| bench.station.capture_slap(&bench.id, slap).unwrap().accepted);
    assert!(done, "{slap:?} reaches the threshold");
}

/// The device is unplugged while nothing reads it.
fn away(bench: &Bench, role: Role) {
    bench.training.desk.unplug(role);
    bench.station.rescan_devices().unwrap();
    bench.until(role, "away", |state| state == station::view::DeviceState::Absent);
}

#[test]
fn a_device_that_is_missing_is_told_with_what_it_would_read_and_one_pulled_while_it_reads_with_that_eye() {
    let bench = Bench::new();
    bench.approved();
    placed(&bench, SlapName::RightFour);
    away(&bench, Role::FingerprintScanner);
    let trouble = bench.seen().trouble.expect("the scanner is away");
    assert_eq!(trouble.reason, "absent", "no reading was cut");
    assert_eq!((trouble.during.as_str(), trouble.next.as_str()), ("left_four", "left_four"));

    bench.station.goto_modality(&bench.id, Modality::Irises).unwrap();
    bench.station.answer_lens(&bench.id, false).unwrap();
    bench.training.desk.fault_once(Role::IrisScanner, SimFault::UnplugMidCapture);
    bench.station.capture_irises(&bench.id, &[EyeName::Left]).expect_err("pulled");
    bench.station.rescan_devices().unwrap();
    bench.until(Role::IrisScanner, "away", |state| {
        matches!(state, station::view::DeviceState::Absent | station::view::DeviceState::Faulted)
    });
    let trouble = bench.seen().trouble.expect("and the iris scanner");
    assert_eq!((trouble.reason.as_str(), trouble.during.as_str()), ("unplugged", "eye_left"));
    assert_eq!(trouble.next, "irises", "neither eye is taken");
}

#[test]
fn an_excepted_eye_waits_for_no_scanner() {
    let bench = Bench::new();
    bench.approved();
    bench.station.goto_modality(&bench.id, Modality::Irises).unwrap();
    bench.station.answer_lens(&bench.id, false).unwrap();
    let waiting = |bench: &Bench| -> Vec<String> {
        let saved = bench.seen().saved;
        saved.into_iter().filter(|one| one.state == SavedState::Waiting).map(|one| one.label).collect()
    };
    away(&bench, Role::IrisScanner);
    assert_eq!(waiting(&bench), ["eye_right", "eye_left"], "both are due");
    bench.training.desk.replug(Role::IrisScanner);
    bench.until_present(Role::IrisScanner);
    except(&bench, BodyPart::Eye(EyeName::Left), "missing_or_blind");
    let right = (0..3).any(|_| {
        let seen = bench.station.capture_irises(&bench.id, &[EyeName::Right]).unwrap();
        seen.eyes.iter().any(|one| one.eye == EyeName::Right && one.state == PartState::Good)
    });
    assert!(right, "the right eye reaches the threshold");
    away(&bench, Role::IrisScanner);
    assert!(bench.seen().trouble.is_some());
    assert!(waiting(&bench).is_empty(), "{:?}", waiting(&bench));
}

/// The computer's clock, and how far it ran on while the program slept, in seconds.
#[derive(Default)]
struct Sleeper(std::sync::atomic::AtomicI64);

impl station::clock::Clock for Sleeper {
    fn now(&self) -> jiff::Timestamp {
        let slept = self.0.load(std::sync::atomic::Ordering::SeqCst);
        jiff::Timestamp::now() + jiff::SignedDuration::from_secs(slept)
    }
}

#[test]
fn a_computer_that_slept_in_mid_capture_wakes_up_locked_and_goes_on_with_the_same_placement() {
    let mut bench = Bench::new();
    bench.approved();
    bench.station.capture_slap(&bench.id, SlapName::RightFour).unwrap();
    let clock = std::sync::Arc::new(Sleeper::default());
    bench.restart_by(clock.clone());
    bench.training.desk.fault_once(Role::FingerprintScanner, SimFault::Slow(60_000));
    let broken = std::thread::scope(|scope| {
        let (station, id) = (bench.station.clone(), bench.id.clone());
        let reading = scope.spawn(move || station.capture_slap(&id, SlapName::LeftFour).map(drop));
        bench.until(Role::FingerprintScanner, "busy", |state| state == station::view::DeviceState::Busy);
        clock.0.store(3600, std::sync::atomic::Ordering::SeqCst);
        reading.join().expect("no panic")
    });
    assert!(broken.is_err(), "the reading is called off, not left hanging: {broken:?}");
    let began = std::time::Instant::now();
    while bench.station.capture(&bench.id).is_ok() {
        assert!(began.elapsed() < crate::bench::LONG, "whoever opens the lid must sign in");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    bench.station.sign_in("dewi", training::PASSWORD).expect("the same operator comes back");
    bench.until_present(Role::FingerprintScanner);
    let seen = bench.seen();
    assert_eq!(seen.modality, Modality::Fingers, "the same part of the step");
    let held = seen.fingers.iter().filter(|finger| finger.state != PartState::Pending).count();
    assert_eq!(held, 4, "what was accepted before the sleep is there, and nothing half");
    assert!(seen.must_look, "an hour later somebody else may sit there");
    let unseen = bench.station.capture_slap(&bench.id, SlapName::LeftFour);
    assert!(
        matches!(unseen, Err(Error::Refused(Refusal::ApplicantUnseen))),
        "the scanner is not started before somebody has looked: {:?}",
        unseen.map(drop)
    );
    assert!(!bench.station.see_applicant(&bench.id).unwrap().must_look, "the same one");
    bench.station.capture_slap(&bench.id, SlapName::LeftFour).expect("the devices are open again");
}

#[test]
fn a_hub_that_drops_every_device_at_once_takes_nothing_and_all_come_back_in_place() {
    let bench = Bench::new();
    bench.approved();
    bench.station.capture_slap(&bench.id, SlapName::RightFour).unwrap();
    let all = [
        Role::Camera,
        Role::FingerprintScanner,
        Role::IrisScanner,
        Role::SignaturePad,
        Role::FingerVerifier,
        Role::CardPrinter,
        Role::SlipPrinter,
        Role::DocumentPrinter,
    ];
    all.into_iter().for_each(|role| bench.training.desk.unplug(role));
    bench.station.rescan_devices().unwrap();
    for role in all {
        bench.until(role, "away", |state| {
            matches!(state, station::view::DeviceState::Absent | station::view::DeviceState::Faulted)
        });
    }
    assert_eq!(bench.station.strip().unwrap().devices.ready, 0, "the strip says so");
    assert!(bench.seen().trouble.is_some(), "and so does the page");
    all.into_iter().for_each(|role| bench.training.desk.replug(role));
    bench.station.rescan_devices().unwrap();
    all.into_iter().for_each(|role| bench.until_present(role));
    bench.station.capture_slap(&bench.id, SlapName::LeftFour).expect("in place, with no restart");
    bench.station.answer_lens(&bench.id, false).unwrap();
    bench.irises();
    bench.rematch(FingerName::RightIndex, domain::Finger::RightIndex);
}

#[test]
fn a_scanner_that_is_broken_for_good_holds_up_no_other_part_of_the_step() {
    let bench = Bench::new();
    bench.approved();
    bench.training.desk.fault(Role::FingerprintScanner, SimFault::Garbage);
    for _ in 0..3 {
        bench.station.capture_slap(&bench.id, SlapName::RightFour).expect_err("broken");
    }
    bench.station.goto_modality(&bench.id, Modality::Irises).expect("eyes first, then");
    bench.irises();
    bench.sign();
    let seen = bench.seen();
    assert!(!seen.can_finish, "the fingers are missing");
    assert!(seen.why.is_some(), "and that is said");
    assert!(seen.eyes.iter().all(|eye| eye.state == PartState::Good), "everything else is kept");
    bench.training.desk.heal(Role::FingerprintScanner);
    bench.until_present(Role::FingerprintScanner);
    bench.slaps();
    assert!(
        bench.seen().fingers.iter().all(|finger| finger.state == PartState::Good),
        "another scanner, later"
    );
}

#[test]
fn a_device_chosen_for_a_role_stays_chosen_over_a_restart() {
    let mut device = None;
    let mut bench = Bench::with(|training, config| {
        let sim = training.desk.face_device(false).unwrap();
        config.devices.sbi_extra_ports.push(sim.address().port());
        device = Some(sim);
    });
    let camera = |bench: &Bench| {
        let rows = bench.station.devices().unwrap().rows;
        rows.into_iter().find(|row| row.role == station::view::DeviceRole::Camera).expect("a row")
    };
    let choices: Vec<String> = camera(&bench).choices.iter().map(|choice| choice.identity.clone()).collect();
    assert_eq!(choices.len(), 2, "a network camera and a face device: {choices:?}");
    for wanted in choices {
        bench.station.sign_in("hendra", training::PASSWORD).expect("a supervisor");
        bench.station.bind_device(station::view::DeviceRole::Camera, &wanted).unwrap();
        assert_eq!(camera(&bench).identity, wanted, "as chosen");
        bench.restart();
        assert_eq!(camera(&bench).identity, wanted, "and after a restart");
    }
    assert!(device.is_some(), "the device was there all the time");
}

#[test]
fn the_slip_of_a_return_can_be_looked_at_and_printed_also_after_a_restart() {
    let mut bench = Bench::before_step_4(|_, _| ());
    let masthead = bench.station.return_to_applicant(&bench.id, &["kartu_keluarga".into()], "").unwrap();
    let slip = masthead.returned.expect("returned").document_id.expect("with a slip");
    assert_eq!(bench.station.document_pdf(&slip).unwrap()[..5], *b"%PDF-");
    bench.restart();
    let again = bench.station.permohonan(&bench.id).unwrap().returned.and_then(|it| it.document_id);
    assert_eq!(again.as_ref(), Some(&slip), "the row of the queue leads to the same paper");
    let page = bench.station.document_page(&slip, 1, 72).expect("it is drawn again from what is kept");
    assert_eq!(page[1..4], *b"PNG");
}

//! A one-finger module that is missing or broken: the slap scanner stands in for it, and says so.

use devices::Role;
use domain::ids::PermohonanId;
use domain::permohonan::Refusal;
use serde_json::Value;
use sim::SimFault;
use station::Error;
use station::view::{
    Capture, DeviceRole, DeviceState, FingerName, HandoverFingerState, Modality, RematchFinger,
    RematchProgress, Untried,
};

use crate::bench::{Bench, fault_of, on_one_day};
use crate::face::{file_of, open};
use crate::handing_over::books;
use crate::printing::{printed, sits};
use crate::sealed::attested;
use crate::test_button::pressed;

fn chip(seen: &Capture, finger: FingerName) -> &RematchFinger {
    seen.rematch.iter().find(|one| one.finger == finger).expect("a chip finger")
}

fn unplugged(bench: &Bench, role: Role) {
    bench.training.desk.unplug(role);
    bench.station.rescan_devices().unwrap();
    bench.until(role, "away", |state| matches!(state, DeviceState::Absent | DeviceState::Faulted));
}

/// Who reads the finger next, and why it is not the module.
fn next(seen: &Capture) -> (DeviceRole, bool, Option<&str>) {
    let one = chip(seen, FingerName::RightIndex);
    (one.device, one.below_enrolment, one.instead.as_deref())
}

/// The devices that the compared prints of this visit came from.
fn kept(bench: &Bench) -> Vec<String> {
    let id = PermohonanId::parse(&bench.id).unwrap();
    let rows = books(bench, |store, _| store.read(|look| look.rematches(id)).unwrap());
    rows.into_iter().map(|row| row.device_json).collect()
}

/// Until it matches; a good print does within the tries.
fn matched(bench: &Bench, finger: FingerName) {
    let done = (0..3).any(|_| {
        let seen = bench.station.rematch(&bench.id, finger).expect("the slap scanner is well");
        chip(&seen, finger).state == RematchProgress::Matched
    });
    assert!(done, "{finger:?}");
}

#[test]
fn an_unplugged_module_holds_nobody_up_and_takes_its_work_back_when_it_is_there_again() {
    let bench = Bench::new();
    bench.approved();
    bench.slaps();
    bench.until_present(Role::FingerVerifier);
    let module = (DeviceRole::FingerVerifier, true, None);
    assert_eq!(next(&bench.station.goto_modality(&bench.id, Modality::Rematch).unwrap()), module);
    unplugged(&bench, Role::FingerVerifier);
    let seen = bench.seen();
    assert!(seen.trouble.is_none(), "nobody waits for it: {:?}", seen.trouble);
    assert_eq!(next(&seen), (DeviceRole::FingerprintScanner, false, Some("absent")), "and it is said");
    matched(&bench, FingerName::RightIndex);
    bench.training.desk.replug(Role::FingerVerifier);
    bench.station.rescan_devices().unwrap();
    bench.until_present(Role::FingerVerifier);
    assert_eq!(next(&bench.seen()), module, "no test is asked of one that did nothing wrong");
    let seen = bench.rematch(FingerName::LeftIndex, domain::Finger::LeftIndex);
    assert!(!chip(&seen, FingerName::LeftIndex).attempts.is_empty());
    let devices = kept(&bench);
    let (scanner, module) = (devices.first().expect("a row"), devices.last().expect("a row"));
    assert!(scanner.contains("rekam-sbi"), "each print names the device it is of: {scanner}");
    assert!(module.contains("zfm"), "{module}");
}

#[test]
fn the_sealed_recording_says_which_second_print_is_below_enrolment_quality() {
    let bench = Bench::new();
    bench.approved();
    bench.slaps();
    bench.irises();
    bench.sign();
    bench.until_present(Role::FingerVerifier);
    unplugged(&bench, Role::FingerVerifier);
    matched(&bench, FingerName::RightIndex);
    bench.training.desk.replug(Role::FingerVerifier);
    bench.station.rescan_devices().unwrap();
    let by_module = (0..3).any(|_| {
        let seen = bench.rematch(FingerName::LeftIndex, domain::Finger::LeftIndex);
        chip(&seen, FingerName::LeftIndex).state == RematchProgress::Matched
    });
    assert!(by_module, "the finger of the record");
    bench.station.finish_capture(&bench.id).unwrap();
    attested(&bench);
    bench.station.render_form(&bench.id).unwrap();
    bench.station.seal(&bench.id).unwrap();
    open(&bench, "id");
    let evidence: Value = serde_json::from_slice(&file_of(&bench, "evidence.json")).unwrap();
    let tries = evidence["capture"]["rematches"].as_array().expect("both fingers of the chip");
    for (finger, device, levels) in
        [("right_index", "fingerprint_scanner:", None), ("left_index", "finger_verifier:", Some(16))]
    {
        let of: Vec<&Value> = tries.iter().filter(|one| one["finger"] == finger).collect();
        assert!(!of.is_empty(), "{finger} was compared: {tries:?}");
        for one in of {
            let read_by = one["device"].as_str().unwrap_or_default();
            assert!(read_by.starts_with(device), "{finger} by {read_by}");
            assert_eq!(one["levels"].as_u64(), levels, "{finger}: marked where it is below enrolment");
        }
    }
}

#[test]
fn a_broken_module_is_stood_in_for_until_its_test_succeeds() {
    let bench = Bench::with(|_, config| config.capture.timeout_seconds = 8);
    bench.approved();
    bench.slaps();
    bench.until_present(Role::FingerVerifier);
    bench.station.goto_modality(&bench.id, Modality::Rematch).unwrap();
    bench.training.desk.fault(Role::FingerVerifier, SimFault::Garbage);
    fault_of(bench.station.rematch(&bench.id, FingerName::RightIndex));
    let seen = bench.seen();
    let (device, below, why) = next(&seen);
    assert_eq!((device, below), (DeviceRole::FingerprintScanner, false), "from the next press on");
    assert!(why.is_some(), "and it is said why");
    assert!(chip(&seen, FingerName::RightIndex).attempts.is_empty(), "what failed is no try");
    assert!(seen.trouble.is_none());
    // Its fault is shown for a few seconds only; it stays unused all the same.
    bench.until_present(Role::FingerVerifier);
    matched(&bench, FingerName::RightIndex);
    assert_eq!(
        next(&bench.seen()).0,
        DeviceRole::FingerprintScanner,
        "one good reading of another proves nothing"
    );
    // Its test asks for no finger: it passes, and the next press shows that nothing is mended.
    assert!(pressed(&bench, DeviceRole::FingerVerifier).ok);
    assert_eq!(next(&bench.seen()).0, DeviceRole::FingerVerifier);
    fault_of(bench.station.rematch(&bench.id, FingerName::LeftIndex));
    assert_eq!(next(&bench.seen()).0, DeviceRole::FingerprintScanner, "and again nobody is held up");
    matched(&bench, FingerName::LeftIndex);
    bench.training.desk.replug(Role::FingerVerifier);
    bench.station.rescan_devices().unwrap();
    bench.until_present(Role::FingerVerifier);
    assert!(pressed(&bench, DeviceRole::FingerVerifier).ok, "mended");
    assert_eq!(next(&bench.seen()), (DeviceRole::FingerVerifier, true, None));
    assert!(kept(&bench).iter().all(|device| device.contains("rekam-sbi")), "every print was the scanner's");
}

#[test]
fn one_failed_press_of_the_scanner_that_stands_in_gives_nobody_over_to_the_broken_module() {
    let bench = Bench::with(|_, config| config.capture.timeout_seconds = 8);
    bench.approved();
    bench.slaps();
    bench.until_present(Role::FingerVerifier);
    bench.station.goto_modality(&bench.id, Modality::Rematch).unwrap();
    bench.training.desk.fault(Role::FingerVerifier, SimFault::Garbage);
    fault_of(bench.station.rematch(&bench.id, FingerName::RightIndex));
    bench.training.desk.fault_once(Role::FingerprintScanner, SimFault::Garbage);
    fault_of(bench.station.rematch(&bench.id, FingerName::RightIndex));
    // Both have failed by now; the scanner is well again, and within two presses it is asked.
    let pressed = (0..2).any(|_| bench.station.rematch(&bench.id, FingerName::RightIndex).is_ok());
    assert!(pressed, "a finger is compared");
    matched(&bench, FingerName::LeftIndex);
}

#[test]
fn without_module_and_scanner_the_page_waits_for_either() {
    let bench = Bench::new();
    bench.approved();
    bench.slaps();
    bench.until_present(Role::FingerVerifier);
    bench.station.goto_modality(&bench.id, Modality::Rematch).unwrap();
    unplugged(&bench, Role::FingerVerifier);
    unplugged(&bench, Role::FingerprintScanner);
    let trouble = bench.seen().trouble.expect("nothing reads a finger");
    assert_eq!(trouble.role, DeviceRole::FingerVerifier, "the module is what the desk has for it");
    bench.training.desk.replug(Role::FingerprintScanner);
    bench.station.rescan_devices().unwrap();
    bench.until_present(Role::FingerprintScanner);
    assert!(bench.seen().trouble.is_none(), "one is enough");
    matched(&bench, FingerName::RightIndex);
}

#[test]
fn at_the_hand_over_the_scanner_reads_the_finger_too_and_an_officer_stands_in_only_where_nothing_does() {
    let bench = printed();
    bench.until_present(Role::FingerVerifier);
    unplugged(&bench, Role::FingerVerifier);
    let seen = bench.station.handover(&bench.id).unwrap();
    assert_eq!(seen.finger.untried, None, "a finger can be tried");
    let done = (0..4).any(|_| {
        let seen = bench.station.handover_finger(&bench.id, FingerName::RightIndex).unwrap();
        seen.finger.state == HandoverFingerState::Matched
    });
    assert!(done, "the owner's finger on the slap scanner");
    unplugged(&bench, Role::FingerprintScanner);
    let seen = bench.station.handover(&bench.id).unwrap();
    assert_eq!(seen.finger.untried, Some(Untried::NoDevice));
}

#[test]
fn one_press_that_fails_at_the_hand_over_is_no_missing_device_and_opens_an_officers_word_in_its_sitting_alone()
 {
    on_one_day(|| {
        let bench = printed();
        let (station, id, desk) = (&bench.station, bench.id.as_str(), &bench.training.desk);
        bench.until_present(Role::FingerVerifier);
        unplugged(&bench, Role::FingerVerifier);
        let untried = || station.handover(id).unwrap().finger.untried;
        let word = || station.handover_witness(id, "wajah sama", false, "hendra", training::PASSWORD);
        let press = || station.handover_finger(id, FingerName::RightIndex);

        sits(&bench, "yuliana");
        desk.fault_once(Role::FingerprintScanner, SimFault::Garbage);
        fault_of(press());
        assert_eq!(untried(), Some(Untried::DeviceFailed), "it is there");
        assert!((0..2).any(|_| press().is_ok()), "and reads again");
        assert_eq!(untried(), None);

        desk.fault(Role::FingerprintScanner, SimFault::Garbage);
        sits(&bench, "dewi");
        fault_of(press());
        assert_eq!(untried(), Some(Untried::DeviceFailed));
        sits(&bench, "yuliana");
        assert_eq!(untried(), None, "what failed in another sitting is tried once more first");
        sits(&bench, "dewi");
        assert_eq!(untried(), Some(Untried::DeviceFailed), "the sitting goes on");
        word().expect("where nothing reads, another officer answers");
        let visit = PermohonanId::parse(id).unwrap();
        let lines = books(&bench, |store, _| store.read(|look| look.register_of(visit)).unwrap());
        let why = lines.iter().rev().find_map(|row| row.line.entry.detail.get("tanpa_jari"));
        assert_eq!(why.map(String::as_str), Some("device_failed"), "in its own word");
    });
}

#[test]
fn no_officer_answers_for_a_finger_before_a_press_of_the_own_sitting_where_the_reader_failed_before() {
    on_one_day(|| {
        let bench = printed();
        let (station, id) = (&bench.station, bench.id.as_str());
        bench.until_present(Role::FingerVerifier);
        unplugged(&bench, Role::FingerVerifier);
        bench.training.desk.fault(Role::FingerprintScanner, SimFault::Garbage);
        fault_of(station.handover_finger(id, FingerName::RightIndex));
        sits(&bench, "dewi");
        let early = station.handover_witness(id, "wajah sama", false, "hendra", training::PASSWORD);
        assert!(matches!(early, Err(Error::Refused(Refusal::FingerUntried))), "a press first: {early:?}");
    });
}

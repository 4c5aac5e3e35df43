//! Every fault of the simulated scanners, set over the control port, as the station meets it: a typed reason, no
//! half sample, and the next reading works.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use devices::protocol::sbi::check::Failed;
use devices::{Fault, Role};
use sim::topaz::Gesture;
use station::News;
use station::view::{
    Capture, DeviceState, EyeName, SignatureProgress, SignaturePurpose, SlapName, StrokePoint,
};

use crate::bench::{Bench, LONG, fault_of};

/// Sets a fault for one operation over the control port.
fn once(bench: &Bench, role: &str, kind: &str) {
    say(bench, &format!(r#"{{"fault":"{role}","kind":{kind},"times":1}}"#));
}

fn say(bench: &Bench, line: &str) {
    let mut socket = TcpStream::connect(bench.training.desk.endpoints().control).expect("the control port");
    socket.write_all(format!("{line}\n").as_bytes()).unwrap();
    let mut answer = String::new();
    BufReader::new(socket).read_line(&mut answer).unwrap();
    assert!(answer.contains(r#""ok":true"#), "{line} is obeyed: {answer}");
}

/// Fault word, and whether the station's reason is the right one.
type Case = (&'static str, fn(&Fault) -> bool);

const LIES: [Case; 13] = [
    (r#""bad_signature""#, |f| matches!(f, Fault::Check(Failed::Signature { .. }))),
    (r#""wrong_authority""#, |f| matches!(f, Fault::Check(Failed::Trust { .. }))),
    (r#""wrong_transaction""#, |f| *f == Fault::Check(Failed::Transaction)),
    (r#""wrong_chain""#, |f| matches!(f, Fault::Check(Failed::Chain { .. }))),
    (r#""old_timestamp""#, |f| matches!(f, Fault::Check(Failed::Timestamp { .. }))),
    (r#""wrong_version""#, |f| matches!(f, Fault::Check(Failed::Version { .. }))),
    (r#""wrong_score""#, |f| matches!(f, Fault::Check(Failed::Score { .. }))),
    (r#""wrong_part""#, |f| matches!(f, Fault::Check(Failed::Part { .. }))),
    (r#""wrong_record""#, |f| matches!(f, Fault::Check(Failed::Record { .. }))),
    (r#""wrong_serial""#, |f| *f == Fault::Check(Failed::Serial)),
    (r#""huge_body""#, |f| matches!(f, Fault::TooLarge { .. })),
    (r#""garbage""#, |f| matches!(f, Fault::Garbage { .. } | Fault::Unplugged)),
    (r#""busy""#, |f| *f == Fault::Busy),
];

/// A desk on which waiting for a device that says nothing takes a few seconds.
fn desk() -> Bench {
    Bench::with(|_, config| config.capture.timeout_seconds = 8)
}

fn every_lie<T>(bench: &Bench, role: Role, read: impl Fn() -> Result<T, station::Error>) {
    let word = serde_json::to_value(role).unwrap();
    let word = word.as_str().unwrap();
    for (kind, right) in LIES {
        once(bench, word, kind);
        let fault = fault_of(read());
        assert!(right(&fault), "{word} {kind} gave {fault:?}");
        bench.until_present(role);
    }
    // The last person's picture, honestly signed: only the memory of what was seen notices.
    read().unwrap_or_else(|error| panic!("{word} works after all that: {error:?}"));
    once(bench, word, r#""stale_image""#);
    assert_eq!(fault_of(read()), Fault::Check(Failed::Replay), "{word}: the same picture twice");
    bench.until_present(role);
    once(bench, word, r#"{"slow":60000}"#);
    let slow = fault_of(read());
    assert!(matches!(slow, Fault::TimedOut { .. }), "{word} does not hold the desk: {slow:?}");
    bench.until_present(role);
    once(bench, word, r#""unplug_mid_capture""#);
    assert_eq!(fault_of(read()), Fault::Unplugged, "{word} pulled in the middle");
    say(bench, &format!(r#"{{"unplug":"{word}"}}"#));
    bench.station.rescan_devices().unwrap();
    bench.until(role, "absent", |state| state == DeviceState::Absent);
    let away = fault_of(read());
    assert!(matches!(away, Fault::Absent | Fault::Unplugged), "{word} is not there: {away:?}");
    say(bench, &format!(r#"{{"replug":"{word}"}}"#));
    bench.station.rescan_devices().unwrap();
    bench.until_present(role);
    read().unwrap_or_else(|error| panic!("{word} works again in place: {error:?}"));
}

#[test]
fn every_fault_of_the_ten_print_scanner_has_its_reason_and_leaves_no_half_sample() {
    let bench = desk();
    bench.approved();
    let read = || bench.station.capture_slap(&bench.id, SlapName::Thumbs);
    every_lie(&bench, Role::FingerprintScanner, read);
    let seen = bench.seen();
    let slap = seen.slaps.iter().find(|slap| slap.slap == SlapName::Thumbs).expect("a row");
    assert_eq!((slap.attempts, slap.tries), (2, 2), "only the two honest readings were kept, and counted");
}

#[test]
fn every_fault_of_the_iris_scanner_has_its_reason_and_leaves_no_half_sample() {
    let bench = desk();
    bench.approved();
    bench.station.answer_lens(&bench.id, false).unwrap();
    let read = || bench.station.capture_irises(&bench.id, &[EyeName::Right, EyeName::Left]);
    every_lie(&bench, Role::IrisScanner, read);
    assert!(
        bench.seen().eyes.iter().all(|eye| eye.attempts.len() == 2),
        "only the two honest readings were kept"
    );
}

#[test]
fn every_fault_of_the_one_finger_module_has_its_reason_and_the_next_finger_is_compared() {
    let bench = desk();
    bench.approved();
    bench.slaps();
    let read = || bench.station.rematch(&bench.id, station::view::FingerName::RightIndex);
    let cases: [Case; 3] = [
        (r#""garbage""#, |f| {
            matches!(f, Fault::Garbage { .. } | Fault::Checksum { .. } | Fault::TimedOut { .. })
        }),
        (r#""wrong_checksum""#, |f| {
            matches!(f, Fault::Checksum { .. } | Fault::Garbage { .. } | Fault::TimedOut { .. })
        }),
        (r#""unplug_mid_capture""#, |f| {
            matches!(f, Fault::Unplugged | Fault::Absent | Fault::TimedOut { .. })
        }),
    ];
    for (kind, right) in cases {
        // The module is asked many times in one reading: the fault stays until it is taken away.
        say(&bench, &format!(r#"{{"fault":"finger_verifier","kind":{kind}}}"#));
        let fault = fault_of(read());
        assert!(right(&fault), "{kind} gave {fault:?}");
        say(&bench, r#"{"replug":"finger_verifier"}"#);
        bench.station.rescan_devices().unwrap();
        bench.until_present(Role::FingerVerifier);
        // Until then the slap scanner stands in for one that answered nonsense.
        let tested = bench.station.test_device(station::view::DeviceRole::FingerVerifier).unwrap();
        assert!(tested.ok, "mended: {:?}", tested.reason);
    }
    let before = bench.seen().rematch[0].attempts.len();
    assert_eq!(before, 0, "a reading that failed is no try");
    assert_eq!(read().expect("compared").rematch[0].attempts.len(), 1);
}

#[test]
fn a_signature_pad_that_is_silent_or_pulled_is_told_and_the_next_signature_is_kept() {
    let bench = Bench::with(|_, config| config.capture.timeout_seconds = 30);
    bench.approved();
    let read = || bench.station.pad_signature(&bench.id, SignaturePurpose::Specimen);
    let nobody = fault_of(read());
    assert_eq!(nobody, Fault::NothingPresented, "nobody signed, and the pad may be well");
    say(&bench, r#"{"unplug":"signature_pad"}"#);
    let away = fault_of(read());
    assert!(matches!(away, Fault::Absent | Fault::Unplugged), "{away:?}");
    say(&bench, r#"{"replug":"signature_pad"}"#);
    bench.station.rescan_devices().unwrap();
    bench.until_present(Role::SignaturePad);
    assert_eq!(bench.seen().signature.state, SignatureProgress::Pending, "nothing half was kept");
    assert_eq!(signs(&bench).expect("kept").signature.state, SignatureProgress::Done);
}

/// The applicant signs on the pad.
fn signs(bench: &Bench) -> station::Result<Capture> {
    std::thread::scope(|scope| {
        let (station, id) = (bench.station.clone(), bench.id.clone());
        let signing = scope.spawn(move || station.pad_signature(&id, SignaturePurpose::Specimen));
        bench.until(Role::SignaturePad, "busy", |state| state == DeviceState::Busy);
        // What was drawn before the pad listens belongs to nobody: then the applicant signs once more.
        while !signing.is_finished() {
            bench.training.desk.lines().expect("serial lines").draw(Gesture::Sign);
            let drawn = Instant::now();
            while !signing.is_finished() && drawn.elapsed() < Duration::from_secs(4) {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        signing.join().expect("no panic")
    })
}

/// Where the pen was since this was last asked.
fn strokes(news: &Receiver<News>) -> Vec<StrokePoint> {
    let points = news.try_iter().filter_map(|one| match one {
        News::PadStroke(points) => Some(points),
        _ => None,
    });
    points.flatten().collect()
}

/// The applicant begins to sign, and the pad is pulled in the middle. What the station says, and whether it had seen the
/// pen write.
fn pulled_while_signing(bench: &Bench) -> (station::Result<Capture>, bool) {
    let news = bench.station.news();
    let lines = bench.training.desk.lines().expect("serial lines");
    let told = std::thread::scope(|scope| {
        let (station, id) = (bench.station.clone(), bench.id.clone());
        let signing = scope.spawn(move || station.pad_signature(&id, SignaturePurpose::Specimen));
        // A pen that comes near shows that the pad is listened to.
        while strokes(&news).is_empty() && !signing.is_finished() {
            lines.draw(Gesture::Hover);
            std::thread::sleep(Duration::from_millis(20));
        }
        say(bench, r#"{"fault":"signature_pad","kind":"unplug_mid_capture"}"#);
        lines.draw(Gesture::Sign);
        signing.join().expect("no panic")
    });
    (told, strokes(&news).iter().any(|point| point.down))
}

#[test]
fn a_pad_pulled_in_the_middle_of_the_writing_is_told_and_the_next_signature_is_kept() {
    let bench = Bench::with(|_, config| config.capture.timeout_seconds = 60);
    bench.approved();
    let began = Instant::now();
    loop {
        bench.until_present(Role::SignaturePad);
        let (told, written) = pulled_while_signing(&bench);
        assert_eq!(bench.seen().signature.state, SignatureProgress::Pending, "half a signature is none");
        say(&bench, r#"{"replug":"signature_pad"}"#);
        bench.station.rescan_devices().unwrap();
        // On a machine that stood still the pen may have been away for too long before it wrote: then once more.
        if written {
            let shown = told.expect_err("pulled").to_view();
            assert_eq!(shown.key, "device_unplugged", "said as it is");
            assert_eq!(shown.args["role"], "signature_pad", "and of which device");
            break;
        }
        assert!(began.elapsed() < LONG, "the pad is never pulled in the middle");
    }
    bench.until_present(Role::SignaturePad);
    assert_eq!(signs(&bench).expect("kept").signature.state, SignatureProgress::Done);
}

#[test]
fn a_camera_pulled_while_the_portrait_is_taken_is_told_and_the_next_portrait_is_taken() {
    let bench = Bench::with(|_, config| config.capture.timeout_seconds = 5);
    // A portrait takes several frames: the camera is pulled before they have come.
    say(&bench, r#"{"fault":"camera","kind":{"slow":1000}}"#);
    let told = std::thread::scope(|scope| {
        let (station, id) = (bench.station.clone(), bench.id.clone());
        let taking = scope.spawn(move || station.take_portrait(&id));
        bench.until(Role::Camera, "busy", |state| state == DeviceState::Busy);
        say(&bench, r#"{"fault":"camera","kind":"unplug_mid_capture"}"#);
        taking.join().expect("no panic")
    });
    let shown = told.expect_err("pulled").to_view();
    let pulled = ["device_unplugged", "device_absent"].contains(&shown.key.as_str());
    assert!(pulled, "the reason, and not only that it took long: {}", shown.key);
    assert_eq!(shown.args["role"], "camera", "and of which device");
    assert!(bench.seen().portrait.attempts.is_empty(), "nothing half was kept, and nothing counted");
    say(&bench, r#"{"replug":"camera"}"#);
    bench.station.rescan_devices().unwrap();
    bench.until_present(Role::Camera);
    let seen = bench.station.take_portrait(&bench.id).expect("in place, with no restart");
    assert_eq!(seen.portrait.attempts.len(), 1, "the first that counts");
}

//! The table of devices and the camera, with a whole simulated desk behind them.

#![allow(clippy::expect_used)] // helpers of tests

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use devices::driver::camera::NetworkCameras;
use devices::driver::card_printer::folder::CardFolder;
use devices::driver::sbi::{SbiFinder, Session, Settings};
use devices::protocol::sbi::BioType;
use devices::protocol::sbi::jws::Trust;
use devices::registry::{Finder, Handle, Registry, Table};
use devices::{Budget, DeviceError, DeviceId, DeviceState, Fault, Operation, Role, SlapRequest};
use domain::Slap;
use sim::sbi::{Authority, SbiOptions, SbiSim};
use sim::{Desk, DeskOptions, FaultPlan, Person, SimFault};

/// Plenty, for a loaded machine; no test waits for it to pass.
const LONG: Duration = Duration::from_secs(120);

fn desk() -> Desk {
    let options = DeskOptions { size: (640, 360), ..DeskOptions::default() };
    Desk::start(Person::new(5), &options).expect("a desk")
}

fn registry(desk: &Desk, bindings: BTreeMap<Role, DeviceId>) -> Registry {
    let ends = desk.endpoints();
    let mut settings = Settings::new(Trust::from_pem(ends.sbi_ca.as_bytes()).expect("a root"));
    settings.env = "Developer".into();
    settings.ports = ends.sbi_ports[0]..=ends.sbi_ports[0];
    settings.extra_ports = ends.sbi_ports.clone();
    Registry::start(
        vec![
            Arc::new(SbiFinder::new(settings, Arc::new(Session::new()))),
            Arc::new(NetworkCameras::new(vec![ends.camera])),
        ],
        bindings,
    )
}

/// Watches the table until it is as wanted.
fn until(registry: &Registry, what: &str, wanted: impl Fn(&Table) -> bool) -> Table {
    let budget = Budget::of(LONG);
    loop {
        let table = registry.table();
        if wanted(&table) {
            return table;
        }
        budget.pause(Duration::from_millis(10)).unwrap_or_else(|_| panic!("never came: {what}: {table:?}"));
    }
}

fn thumbs() -> SlapRequest {
    SlapRequest { slap: Slap::Thumbs, exceptions: vec![], wanted_score: 40 }
}

#[test]
fn what_is_plugged_in_takes_its_role_and_a_success_is_noted() {
    let desk = desk();
    let registry = registry(&desk, BTreeMap::new());
    for role in [Role::Camera, Role::FingerprintScanner, Role::IrisScanner] {
        registry.wait(role, &Budget::of(LONG)).expect("found");
    }
    assert_eq!(registry.table().state(Role::SignaturePad), DeviceState::Absent, "nothing plays it");
    let capture = registry
        .with_fingerprint(Operation::Capture, &Budget::of(LONG), |s, b| s.capture(&thumbs(), b))
        .expect("a capture");
    assert_eq!(capture.fingers.len(), 2);
    let row = registry.table().role(Role::FingerprintScanner).cloned().expect("a row");
    assert!(row.health.last_success.is_some(), "the page shows when it last worked");
    assert!(registry.test(Role::IrisScanner, &Budget::of(LONG)).is_ok(), "the test button works");
}

#[test]
fn a_scanner_pulled_in_mid_capture_is_noticed_and_works_again_when_it_is_back() {
    let desk = desk();
    let registry = registry(&desk, BTreeMap::new());
    registry.wait(Role::FingerprintScanner, &Budget::of(LONG)).expect("found");
    desk.fault_once(Role::FingerprintScanner, SimFault::UnplugMidCapture);
    let capture = |r: &Registry| {
        r.with_fingerprint(Operation::Capture, &Budget::of(LONG), |s, b| s.capture(&thumbs(), b))
    };
    assert_eq!(capture(&registry).expect_err("pulled").fault(), Fault::Unplugged);
    registry.relist();
    let table = until(&registry, "absent", |t| t.state(Role::FingerprintScanner) == DeviceState::Absent);
    assert!(
        table.rows.iter().any(|r| matches!(&r.health.last_fault, Some((Fault::Unplugged, _)))),
        "the row stays and says why: {table:?}"
    );
    desk.replug(Role::FingerprintScanner);
    registry.relist();
    until(&registry, "ready", |t| t.state(Role::FingerprintScanner) == DeviceState::Ready);
    assert!(capture(&registry).is_ok(), "in place, with no restart");
}

#[test]
fn a_device_is_held_by_one_capture_at_a_time() {
    let desk = desk();
    let registry = Arc::new(registry(&desk, BTreeMap::new()));
    registry.wait(Role::FingerprintScanner, &Budget::of(LONG)).expect("found");
    let (inside, entered) = std::sync::mpsc::channel();
    let (leave, hold) = std::sync::mpsc::channel::<()>();
    let first = registry.clone();
    let thread = std::thread::spawn(move || {
        first.with_fingerprint(Operation::Capture, &Budget::of(LONG), move |_, _| {
            let _ = inside.send(());
            let _ = hold.recv();
            Ok(())
        })
    });
    entered.recv().expect("the first is inside");
    let second = registry.with_fingerprint(Operation::Capture, &Budget::of(LONG), |_, _| Ok(()));
    assert!(matches!(second, Err(DeviceError::InUse { .. })), "{second:?}");
    drop(leave);
    assert!(thread.join().expect("no panic").is_ok());
    let third = registry.with_fingerprint(Operation::Capture, &Budget::of(LONG), |_, _| Ok(()));
    assert!(third.is_ok(), "free again");
}

/// A finder that always finds one card printer: a folder.
struct Folder(tempfile::TempDir);

impl Finder for Folder {
    fn name(&self) -> &str {
        "folder"
    }

    fn list(&self, _: &Budget) -> Result<Vec<Handle>, Fault> {
        Ok(vec![Handle::CardPrinter(Arc::new(CardFolder::new(self.0.path())))])
    }
}

#[test]
fn an_order_to_a_printer_waits_while_the_printer_is_only_asked_where_it_stands() {
    let folder = Folder(tempfile::tempdir().expect("a folder"));
    let registry = Arc::new(Registry::start(vec![Arc::new(folder)], BTreeMap::new()));
    registry.wait(Role::CardPrinter, &Budget::of(LONG)).expect("found");
    let hold = |operation| {
        let (inside, entered) = std::sync::mpsc::channel();
        let (leave, hold) = std::sync::mpsc::channel::<()>();
        let first = registry.clone();
        let thread = std::thread::spawn(move || {
            first.with_card_printer(operation, &Budget::of(LONG), move |_, _| {
                let _ = inside.send(());
                let _ = hold.recv();
                Ok(())
            })
        });
        entered.recv().expect("inside");
        (leave, thread)
    };
    let order = |limit| registry.with_card_printer(Operation::Write, &Budget::of(limit), |_, _| Ok(()));

    let (leave, question) = hold(Operation::Read);
    assert_ne!(registry.table().state(Role::CardPrinter), DeviceState::Busy, "a question is no work");
    let hurried = order(Duration::from_millis(1));
    assert!(matches!(hurried, Err(DeviceError::InUse { .. })), "no longer than its budget: {hurried:?}");
    std::thread::scope(|scope| {
        let patient = scope.spawn(|| order(LONG));
        drop(leave);
        assert!(patient.join().expect("no panic").is_ok(), "it came after the question");
    });
    assert!(question.join().expect("no panic").is_ok());

    let (leave, work) = hold(Operation::Write);
    assert!(matches!(order(LONG), Err(DeviceError::InUse { .. })), "two orders never meet");
    drop(leave);
    assert!(work.join().expect("no panic").is_ok());
}

#[test]
fn a_driver_that_does_not_come_back_leaves_its_caller_in_doubt() {
    let desk = desk();
    let registry = registry(&desk, BTreeMap::new());
    registry.wait(Role::FingerprintScanner, &Budget::of(LONG)).expect("found");
    let (release, hold) = std::sync::mpsc::channel::<()>();
    let budget = Budget::of(Duration::from_millis(10)).with_grace(Duration::from_millis(10));
    let left = registry.with_fingerprint(Operation::Write, &budget, move |_, _| {
        let _ = hold.recv();
        Ok(())
    });
    assert!(left.as_ref().is_err_and(DeviceError::in_doubt), "it may have been done: {left:?}");
    let said = registry.with_fingerprint(Operation::Write, &Budget::of(LONG), |scanner, _| {
        Err::<(), _>(Fault::NotReady.on(scanner.id(), Operation::Write))
    });
    assert!(said.is_err_and(|error| !error.in_doubt()), "what a driver says itself is sure");
    drop(release);
}

#[test]
fn a_bound_role_is_played_by_no_other_device_while_its_own_is_absent() {
    let desk = desk();
    let other = DeviceId("fingerprint_scanner:sbi:ANOTHER".into());
    let registry = registry(&desk, BTreeMap::from([(Role::FingerprintScanner, other)]));
    registry.wait(Role::IrisScanner, &Budget::of(LONG)).expect("the desk is listed");
    until(&registry, "two SBI rows", |t| t.rows.iter().filter(|r| r.id.0.contains(":sbi:")).count() == 2);
    assert!(registry.handle(Role::FingerprintScanner).is_err(), "the chosen scanner is not there");
    let row = registry.table().rows.into_iter().find(|r| r.kind == Role::FingerprintScanner);
    registry.bind(Role::FingerprintScanner, row.expect("the other is listed").id);
    assert!(registry.handle(Role::FingerprintScanner).is_ok(), "until somebody chooses it");
}

#[test]
fn a_scanner_that_is_not_believed_takes_no_role_by_itself_and_the_reason_is_told() {
    let desk = desk();
    let stranger = Authority::new("Another").expect("keys");
    // By name it would come first.
    let options = SbiOptions { serial: "A".into(), ..SbiOptions::new(BioType::Finger) };
    let liar =
        SbiSim::start(options, desk.person().clone(), FaultPlan::new(), stranger).expect("a free port");
    let ends = desk.endpoints();
    let mut settings = Settings::new(Trust::from_pem(ends.sbi_ca.as_bytes()).expect("a root"));
    settings.env = "Developer".into();
    settings.ports = liar.address().port()..=liar.address().port();
    settings.extra_ports = ends.sbi_ports;
    let registry =
        Registry::start(vec![Arc::new(SbiFinder::new(settings, Arc::new(Session::new())))], BTreeMap::new());
    let table = until(&registry, "three SBI rows", |t| t.rows.len() == 3);
    let plays = table.role(Role::FingerprintScanner).expect("the honest one");
    assert_eq!(plays.id.0, "fingerprint_scanner:sbi:SIM-FINGER-0001");
    desk.unplug(Role::FingerprintScanner);
    until(&registry, "the honest one gone", |t| t.role(Role::FingerprintScanner).is_none());
    let state = registry.table().state(Role::FingerprintScanner);
    assert!(
        matches!(state, DeviceState::Faulted { reason: Fault::Check(_), .. }),
        "why the one that is there does not serve: {state:?}"
    );
    let taken = registry.with_fingerprint(Operation::Capture, &Budget::of(LONG), |s, b| {
        s.capture(&thumbs(), b).map(|taken| taken.fingers.len())
    });
    let said = taken.err().map(|error| error.fault());
    assert!(matches!(said, Some(Fault::Check(_))), "{said:?}");
    let id = DeviceId("fingerprint_scanner:sbi:A".into());
    registry.bind(Role::FingerprintScanner, id);
    let taken = registry.with_fingerprint(Operation::Capture, &Budget::of(LONG), |s, b| {
        s.capture(&thumbs(), b).map(|taken| taken.fingers.len())
    });
    let said = taken.err().map(|error| error.fault());
    assert!(matches!(said, Some(Fault::Check(_))), "nor is anything taken from it when chosen: {said:?}");
}

#[test]
fn the_camera_gives_frames_and_a_still_of_its_own_bytes_at_full_size() {
    let desk = desk();
    let registry = registry(&desk, BTreeMap::new());
    registry.wait(Role::Camera, &Budget::of(LONG)).expect("found");
    let camera = registry.camera().expect("a camera");
    let mailbox = camera.preview();
    let first = mailbox.next(0, LONG).expect("a frame");
    let second = mailbox.next(first.sequence, LONG).expect("another");
    assert!(second.sequence > first.sequence, "numbers go up");
    let still = camera.still(&Budget::of(LONG)).expect("a still");
    assert_eq!((still.width, still.height, still.original), (640, 360, true));
    assert!(still.jpeg.starts_with(&[0xFF, 0xD8]) && still.jpeg.ends_with(&[0xFF, 0xD9]), "as received");
}

#[test]
fn a_camera_pulled_in_the_middle_of_a_frame_is_told_and_goes_on_in_the_same_mailbox() {
    let desk = desk();
    let registry = registry(&desk, BTreeMap::new());
    registry.wait(Role::Camera, &Budget::of(LONG)).expect("found");
    let mailbox = registry.camera().expect("a camera").preview();
    let mut last = mailbox.next(0, LONG).expect("a frame").sequence;
    desk.fault(Role::Camera, SimFault::UnplugMidCapture);
    until(&registry, "faulted", |t| matches!(t.state(Role::Camera), DeviceState::Faulted { .. }));
    desk.replug(Role::Camera);
    until(&registry, "ready", |t| t.state(Role::Camera) == DeviceState::Ready);
    last = mailbox.latest().map_or(last, |f| f.sequence.max(last));
    assert!(mailbox.next(last, LONG).is_ok(), "the same mailbox goes on");
}

#[test]
fn black_and_frozen_pictures_are_told_and_no_still_is_taken_of_them() {
    let desk = desk();
    let registry = registry(&desk, BTreeMap::new());
    registry.wait(Role::Camera, &Budget::of(LONG)).expect("found");
    let camera = registry.camera().expect("a camera");
    camera.preview().next(0, LONG).expect("a frame");
    desk.fault(Role::Camera, SimFault::BlackFrame);
    until(&registry, "blank", |t| {
        matches!(t.state(Role::Camera), DeviceState::Faulted { reason: Fault::Blank { .. }, .. })
    });
    assert!(matches!(camera.still(&Budget::of(LONG)).map_err(|e| e.fault()), Err(Fault::Blank { .. })));
    desk.fault(Role::Camera, SimFault::FrozenFrame);
    until(&registry, "frozen", |t| {
        matches!(t.state(Role::Camera), DeviceState::Faulted { reason: Fault::Frozen { .. }, .. })
    });
    desk.heal(Role::Camera);
    until(&registry, "ready", |t| t.state(Role::Camera) == DeviceState::Ready);
    assert!(camera.still(&Budget::of(LONG)).is_ok(), "a living picture again");
}

#[test]
fn a_camera_that_falls_silent_is_told_opened_again_and_goes_on_in_the_same_mailbox() {
    let desk = desk();
    let registry = registry(&desk, BTreeMap::new());
    registry.wait(Role::Camera, &Budget::of(LONG)).expect("found");
    let mailbox = registry.camera().expect("a camera").preview();
    let last = mailbox.next(0, LONG).expect("a frame").sequence;
    // The connection stays, but no frame comes for ten seconds.
    desk.fault(Role::Camera, SimFault::Slow(10_000));
    until(&registry, "silent", |t| {
        matches!(t.state(Role::Camera), DeviceState::Faulted { reason: Fault::TimedOut { .. }, .. })
    });
    desk.heal(Role::Camera);
    until(&registry, "ready", |t| t.state(Role::Camera) == DeviceState::Ready);
    let budget = Budget::of(LONG);
    while !mailbox.next(last, Duration::from_millis(50)).is_ok_and(|frame| frame.sequence > last) {
        budget.pause(Duration::from_millis(20)).expect("the same mailbox goes on");
    }
}

#[test]
fn a_camera_in_use_elsewhere_or_sending_garbage_is_told_and_taken_when_it_is_free() {
    let desk = desk();
    let registry = registry(&desk, BTreeMap::new());
    registry.wait(Role::Camera, &Budget::of(LONG)).expect("found");
    let camera = registry.camera().expect("a camera");
    desk.fault(Role::Camera, SimFault::Busy);
    camera.preview();
    until(&registry, "busy", |t| {
        matches!(t.state(Role::Camera), DeviceState::Faulted { reason: Fault::Busy, .. })
    });
    desk.fault(Role::Camera, SimFault::Garbage);
    until(&registry, "garbage", |t| {
        matches!(
            t.state(Role::Camera),
            DeviceState::Faulted { reason: Fault::Garbage { .. } | Fault::Unplugged, .. }
        )
    });
    desk.heal(Role::Camera);
    until(&registry, "ready", |t| t.state(Role::Camera) == DeviceState::Ready);
    assert!(camera.still(&Budget::of(LONG)).is_ok(), "it is taken when it is free");
}

#[test]
fn frames_that_nobody_looked_at_are_counted_and_never_queued() {
    let desk = desk();
    let registry = registry(&desk, BTreeMap::new());
    registry.wait(Role::Camera, &Budget::of(LONG)).expect("found");
    let mailbox = registry.camera().expect("a camera").preview();
    let first = mailbox.next(0, LONG).expect("a frame");
    let budget = Budget::of(LONG);
    // Nobody reads until ten more have come.
    while mailbox.latest().is_none_or(|frame| frame.sequence < first.sequence + 10) {
        budget.pause(Duration::from_millis(500)).expect("the camera goes on");
    }
    let newest = mailbox.latest().expect("a frame");
    assert!(newest.dropped > 0, "gaps are counted: {newest:?}");
    assert!(newest.sequence > newest.dropped, "those that were looked at are not");
}

#[test]
fn a_device_keeps_its_name_when_the_system_gives_it_another_number() {
    use devices::{DeviceKind, Identity};
    let usb = |serial: Option<&str>, path: &str| {
        let serial = serial.map(str::to_owned);
        Identity::Usb { vid: 0x046d, pid: 0x0825, serial, path: path.into() }.id(DeviceKind::Camera)
    };
    assert_eq!(usb(Some("A1"), "1-2"), usb(Some("A1"), "3-4"), "another socket, the same camera");
    assert_ne!(usb(Some("A1"), "1-2"), usb(Some("B2"), "1-2"), "another camera in the same socket");
    assert_ne!(usb(None, "1-2"), usb(None, "3-4"), "without a serial number the socket is the name");
    let reader = |name: &str| Identity::Reader { name: name.into() }.id(DeviceKind::CardReader);
    assert_eq!(reader("ACS ACR122U"), reader("ACS ACR122U"), "readers by their name");
}

#[test]
fn the_control_port_changes_person_and_faults_while_the_desk_runs() {
    use std::io::{BufRead, BufReader, Write};
    let desk = desk();
    let socket = std::net::TcpStream::connect(desk.endpoints().control).expect("the port listens");
    let mut reader = BufReader::new(socket.try_clone().expect("a second handle"));
    let mut say = |line: &str| {
        (&socket).write_all(format!("{line}\n").as_bytes()).expect("written");
        let mut answer = String::new();
        reader.read_line(&mut answer).expect("an answer");
        answer
    };
    assert!(say(r#"{"person":{"seed":77,"missing_fingers":["right_index"]}}"#).contains("true"));
    assert!(say(r#"{"fault":"iris_scanner","kind":{"slow":500},"times":1}"#).contains("true"));
    assert_eq!(desk.person().get().seed, 77);
    assert_eq!(desk.plan(Role::IrisScanner).now(), Some(SimFault::Slow(500)));
    assert!(say("nonsense").contains("false"), "a bad line is answered, not obeyed");
}

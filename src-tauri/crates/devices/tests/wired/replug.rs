//! Serial devices that come back under another name, and others that take theirs: pseudo terminals in the place of the
//! devices, and a list of ports in the place of the system's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use devices::driver::fingerprint_verifier::zfm::{DEFAULT_BAUD, ZfmVerifier};
use devices::driver::line::{LineFinder, SerialLine};
use devices::driver::signature::topaz::TopazPad;
use devices::driver::slip_printer::escpos::EscPosPrinter;
use devices::protocol::topaz::Model;
use devices::registry::{Handle, Registry};
use devices::transport::ports::{Port, Ports, SystemPorts};
use devices::transport::serial::{ByteLink, Parity};
use devices::{Budget, DeviceId, DeviceState, Fault, Identity, Operation, Role};
use domain::image::GrayImage;
use sim::FaultPlan;
use sim::zfm::ZfmSim;

/// Generous: the machine that runs this may be very busy.
const LONG: Duration = Duration::from_secs(60);

/// A hub: what is plugged in, under the names of today.
#[derive(Clone, Default)]
struct Hub {
    ports: Arc<Mutex<Vec<Port>>>,
    broken: Arc<Mutex<bool>>,
}

impl Ports for Hub {
    fn list(&self) -> Result<Vec<Port>, Fault> {
        match *self.broken.lock().unwrap() {
            true => Err(Fault::Io { kind: "no list".into() }),
            false => Ok(self.ports.lock().unwrap().clone()),
        }
    }
}

fn usb(serial: Option<&str>, socket: &str) -> Identity {
    Identity::Usb { vid: 0x0403, pid: 0x6001, serial: serial.map(str::to_owned), path: socket.into() }
}

impl Hub {
    fn plug(&self, name: &Path, identity: Identity) {
        self.plug_interface(name, identity, None);
    }

    fn plug_interface(&self, name: &Path, identity: Identity, interface: Option<u8>) {
        self.ports.lock().unwrap().push(Port { name: name.display().to_string(), identity, interface });
    }

    fn pull(&self, name: &Path) {
        self.ports.lock().unwrap().retain(|port| Path::new(&port.name) != name);
    }

    fn line(&self, setting: &str) -> SerialLine {
        SerialLine::new(setting, Arc::new(self.clone()))
    }
}

/// The name of the port where the line finds its device.
fn at(line: &SerialLine) -> Option<String> {
    line.find().expect("the ports are listed").map(|port| port.name)
}

/// A module whose pictures are all of one shade but for a stripe that moves with every touch, also over a replug.
fn module(port: &Path, shade: u8) -> ZfmSim {
    static TOUCHES: AtomicU64 = AtomicU64::new(0);
    let source = Box::new(move |_| {
        let touch = TOUCHES.fetch_add(1, Ordering::Relaxed) % 256;
        let pixel = |i: u64| if i % 512 == touch { 255 } else { shade };
        GrayImage { width: 256, height: 288, pixels: (0..256 * 288).map(pixel).collect() }
    });
    ZfmSim::plug(port, None, source, FaultPlan::new()).unwrap()
}

struct Desk {
    dir: tempfile::TempDir,
    hub: Hub,
    registry: Registry,
}

impl Desk {
    fn new(setting: impl Fn(&Path) -> String, bindings: BTreeMap<Role, DeviceId>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let hub = Hub::default();
        let line = Arc::new(hub.line(&setting(dir.path())));
        let finder = LineFinder::new("verifier", line, |line, identity| {
            Handle::Verifier(Arc::new(ZfmVerifier::on_line(line, identity, DEFAULT_BAUD)))
        });
        Self { dir, hub, registry: Registry::start(vec![Arc::new(finder)], bindings) }
    }

    fn name(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Which simulated module answers: the shade of its picture.
    fn shade(&self) -> Result<u8, Fault> {
        let image = self
            .registry
            .with_verifier(Operation::Verify, &Budget::of(LONG), |module, budget| module.capture(budget));
        image.map(|seen| seen.image.pixels[300]).map_err(|error| error.fault())
    }

    fn until(&self, what: &str, wanted: impl Fn(&DeviceState) -> bool) {
        let budget = Budget::of(LONG);
        while !wanted(&self.registry.table().state(Role::FingerVerifier)) {
            self.registry.relist();
            budget
                .pause(Duration::from_millis(20))
                .unwrap_or_else(|_| panic!("never {what}: {:?}", self.registry.table()));
        }
    }
}

#[test]
fn a_module_that_comes_back_under_another_name_is_the_same_one_and_a_stranger_at_its_name_is_not() {
    let desk = Desk::new(|dir| dir.join("ttyUSB0").display().to_string(), BTreeMap::new());
    let (first, second) = (desk.name("ttyUSB0"), desk.name("ttyUSB1"));
    let sim = module(&first, 0x33);
    desk.hub.plug(&first, usb(Some("A1"), "1-2"));
    desk.until("present", |state| *state != DeviceState::Absent);
    assert_eq!(desk.shade(), Ok(0x33), "the module of the setting");
    let id = desk.registry.table().role(Role::FingerVerifier).map(|row| row.id.0.clone());
    assert_eq!(id.as_deref(), Some("finger_verifier:usb:0403:6001:A1"), "known by what it is");

    // Pulled, and another device of the same make gets its name first.
    drop(sim);
    desk.hub.pull(&first);
    let stranger = module(&first, 0x77);
    desk.hub.plug(&first, usb(Some("B2"), "1-3"));
    // A listing may have come first, then nothing plays the role any more.
    let ended = desk.shade();
    assert!(
        matches!(ended, Err(Fault::Unplugged | Fault::Absent)),
        "the open line ends with its device: {ended:?}"
    );
    assert_eq!(desk.shade(), Err(Fault::Absent), "the stranger is not asked in its place");
    desk.until("absent", |state| *state == DeviceState::Absent);

    // Back in another socket, under another name.
    let _back = module(&second, 0x33);
    desk.hub.plug(&second, usb(Some("A1"), "2-1"));
    desk.until("back", |state| *state != DeviceState::Absent);
    assert_eq!(desk.shade(), Ok(0x33), "the same module, in place, with no restart");
    let now = desk.registry.table().role(Role::FingerVerifier).map(|row| row.id.0.clone());
    assert_eq!(now, id, "under the same id, so that the chosen role is still its own");
    drop(stranger);
}

#[test]
fn a_name_that_changes_between_two_listings_leads_to_the_same_module() {
    let desk = Desk::new(|_| "usb:0403:6001:A1".into(), BTreeMap::new());
    let (first, second) = (desk.name("ttyUSB0"), desk.name("ttyUSB1"));
    let (_other, sim) = (module(&first, 0x77), module(&second, 0x33));
    desk.hub.plug(&first, usb(Some("B2"), "1-3"));
    desk.hub.plug(&second, usb(Some("A1"), "1-2"));
    desk.until("present", |state| *state != DeviceState::Absent);
    assert_eq!(desk.shade(), Ok(0x33), "the one of the setting");
    drop(sim);
    let third = desk.name("ttyUSB2");
    desk.hub.pull(&second);
    let _back = module(&third, 0x33);
    desk.hub.plug(&third, usb(Some("A1"), "1-2"));
    // Nothing was listed in between: the line is looked for where the device is opened.
    let ended = desk.shade();
    assert!(
        matches!(ended, Err(Fault::Unplugged | Fault::Absent) | Ok(0x33)),
        "never the other one: {ended:?}"
    );
    desk.until("present", |state| *state != DeviceState::Absent);
    assert_eq!(desk.shade(), Ok(0x33));
}

#[test]
fn a_device_that_was_chosen_is_found_wherever_it_is_and_not_where_the_setting_points() {
    let hub = Hub::default();
    hub.plug(Path::new("/dev/ttyUSB0"), usb(Some("B2"), "1-3"));
    hub.plug(Path::new("/dev/ttyUSB1"), usb(Some("A1"), "1-2"));
    let line = hub.line("/dev/ttyUSB0");
    let chosen = Identity::of_line("usb:0403:6001:A1").expect("as the table kept it");
    line.bind(chosen.clone());
    assert_eq!(at(&line).as_deref(), Some("/dev/ttyUSB1"));
    let id = line.find().unwrap().map(|port| port.identity.id(Role::FingerVerifier));
    assert_eq!(id, Some(chosen.id(Role::FingerVerifier)), "the id that was chosen");
    hub.pull(Path::new("/dev/ttyUSB1"));
    assert_eq!(at(&line), None, "absent, though the setting's path is there");
}

#[test]
fn without_a_serial_number_the_socket_tells_devices_apart() {
    let hub = Hub::default();
    hub.plug(Path::new("/dev/ttyUSB0"), usb(None, "1-2"));
    let line = hub.line("/dev/ttyUSB0");
    assert_eq!(at(&line).as_deref(), Some("/dev/ttyUSB0"));
    hub.pull(Path::new("/dev/ttyUSB0"));
    hub.plug(Path::new("/dev/ttyUSB0"), usb(None, "1-3"));
    assert_eq!(at(&line), None, "another socket");
    hub.plug(Path::new("/dev/ttyUSB1"), usb(None, "1-2"));
    assert_eq!(at(&line).as_deref(), Some("/dev/ttyUSB1"), "its own socket, whatever the name");
}

#[test]
fn twins_with_one_serial_number_are_told_apart_by_their_sockets() {
    let hub = Hub::default();
    // Cheap adapters all say 0001.
    hub.plug(Path::new("/dev/ttyUSB0"), usb(Some("0001"), "1-2"));
    hub.plug(Path::new("/dev/ttyUSB1"), usb(Some("0001"), "1-3"));
    let (pad, module) = (hub.line("/dev/ttyUSB0"), hub.line("/dev/ttyUSB1"));
    assert_eq!((at(&pad), at(&module)), (Some("/dev/ttyUSB0".into()), Some("/dev/ttyUSB1".into())));
    hub.pull(Path::new("/dev/ttyUSB0"));
    hub.pull(Path::new("/dev/ttyUSB1"));
    assert_eq!((at(&pad), at(&module)), (None, None));
    // Back in the other order.
    hub.plug(Path::new("/dev/ttyUSB0"), usb(Some("0001"), "1-3"));
    assert_eq!((at(&pad), at(&module)), (None, Some("/dev/ttyUSB0".into())), "one alone is not both");
    hub.plug(Path::new("/dev/ttyUSB1"), usb(Some("0001"), "1-2"));
    assert_eq!((at(&pad), at(&module)), (Some("/dev/ttyUSB1".into()), Some("/dev/ttyUSB0".into())));
    // Known by its number while it was alone; then a twin comes and it is pulled.
    let hub = Hub::default();
    hub.plug(Path::new("/dev/ttyUSB0"), usb(Some("0001"), "1-2"));
    let line = hub.line("/dev/ttyUSB0");
    assert_eq!(at(&line).as_deref(), Some("/dev/ttyUSB0"));
    hub.plug(Path::new("/dev/ttyUSB1"), usb(Some("0001"), "1-3"));
    assert_eq!(at(&line).as_deref(), Some("/dev/ttyUSB0"), "still itself beside its twin");
}

#[test]
fn a_device_with_two_ports_keeps_the_port_that_was_meant() {
    let hub = Hub::default();
    let two = |a: &str, b: &str| {
        hub.ports.lock().unwrap().clear();
        hub.plug_interface(Path::new(a), usb(Some("A1"), "1-2"), Some(0));
        hub.plug_interface(Path::new(b), usb(Some("A1"), "1-2"), Some(1));
    };
    two("/dev/ttyUSB0", "/dev/ttyUSB1");
    let line = hub.line("/dev/ttyUSB1");
    assert_eq!(at(&line).as_deref(), Some("/dev/ttyUSB1"));
    two("/dev/ttyUSB5", "/dev/ttyUSB4");
    assert_eq!(at(&line).as_deref(), Some("/dev/ttyUSB4"), "the second port of the device");
    assert_eq!(
        at(&hub.line("usb:0403:6001:A1")).as_deref(),
        Some("/dev/ttyUSB5"),
        "by identity alone the first"
    );
}

#[test]
fn a_line_that_is_no_usb_device_is_its_path() {
    let (hub, dir) = (Hub::default(), tempfile::tempdir().unwrap());
    let path = dir.path().join("ttyS9");
    let line = hub.line(&path.display().to_string());
    assert_eq!(at(&line), None, "not there");
    std::fs::write(&path, b"").unwrap();
    let found = line.find().unwrap().expect("there");
    assert_eq!(found.identity.text(), format!("line:{}", path.display()));
    // Links of the system are followed to the port behind.
    let link = dir.path().join("by-id");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    hub.plug(&path, usb(Some("A1"), "1-2"));
    let line = hub.line(&link.display().to_string());
    let found = line.find().unwrap().expect("there");
    assert_eq!((found.name, found.identity.text()), (path.display().to_string(), "usb:0403:6001:A1".into()));
}

#[test]
fn nothing_is_guessed_while_the_ports_cannot_be_listed() {
    let hub = Hub::default();
    hub.plug(Path::new("/dev/ttyUSB0"), usb(Some("A1"), "1-2"));
    let line = hub.line("/dev/ttyUSB0");
    *hub.broken.lock().unwrap() = true;
    assert!(matches!(line.find(), Err(Fault::Io { .. })), "said, not taken by its path");
    assert!(line.open(9600, Parity::None).is_err(), "and not opened");
    *hub.broken.lock().unwrap() = false;
    assert!(at(&line).is_some(), "and found when it can be said");
    assert!(SystemPorts.list().is_ok(), "this computer lists its ports, be it none");
}

#[test]
fn an_identity_is_read_back_as_it_is_written_and_nothing_else_is_one() {
    for identity in [usb(Some("A:1@x"), ""), usb(None, "1-2.3")] {
        assert_eq!(Identity::of_line(&identity.text()), Some(identity));
    }
    let line = Identity::SerialPath { path: "/dev/ttyS0".into() };
    assert_eq!(Identity::of_line(&line.text()), Some(line));
    for other in
        ["/dev/ttyUSB0", "COM3", "usb:", "usb:0403:6001", "usb:0403:6001:", "usb:04:é:1", "192.168.1.50:9100"]
    {
        assert_eq!(Identity::of_line(other), None, "{other}");
    }
}

#[test]
fn pad_and_slip_printer_are_found_the_same_way() {
    let hub = Hub::default();
    let line = Arc::new(hub.line("usb:0403:6001:P1"));
    let pad = TopazPad::on_line(line.clone(), usb(Some("P1"), ""), Model::SigLite);
    let slip = EscPosPrinter::on_line(line, usb(Some("P1"), ""), 9600);
    for device in [&pad as &dyn devices::Device, &slip] {
        assert_eq!(device.test(&Budget::of(LONG)).expect_err("not plugged in").fault(), Fault::Absent);
        assert!(device.id().0.ends_with(":usb:0403:6001:P1"), "{}", device.id());
    }
    let (dir, plan) = (tempfile::tempdir().unwrap(), FaultPlan::new());
    let name = dir.path().join("ttyUSB3");
    let _sim = sim::escpos::EscPosLine::plug(&name, plan).unwrap();
    hub.plug(&name, usb(Some("P1"), "1-4"));
    assert!(devices::Device::test(&slip, &Budget::of(LONG)).is_ok(), "under the name that it got");
}

#[test]
fn a_driver_that_hangs_twice_serves_again_without_a_restart() {
    let (dir, hub) = (tempfile::tempdir().unwrap(), Hub::default());
    let name = dir.path().join("ttyUSB0");
    let _sim = module(&name, 0x33);
    hub.plug(&name, usb(Some("A1"), "1-2"));
    let (releases, holds): (Vec<_>, Vec<_>) = (0..2).map(|_| std::sync::mpsc::channel::<()>()).unzip();
    let holds = Arc::new(Mutex::new(holds));
    let hangs = holds.clone();
    let line = Arc::new(hub.line("usb:0403:6001:A1"));
    let finder = LineFinder::new("verifier", line, move |line, identity| {
        let hangs = hangs.clone();
        Handle::Verifier(Arc::new(ZfmVerifier::over(identity, move || {
            let hang = hangs.lock().unwrap().pop();
            if let Some(hold) = hang {
                let _ = hold.recv();
                return Err(Fault::NotReady);
            }
            Ok(Box::new(line.open(DEFAULT_BAUD, Parity::None)?) as Box<dyn ByteLink>)
        })))
    });
    let registry = Registry::start(vec![Arc::new(finder)], BTreeMap::new());
    registry.wait(Role::FingerVerifier, &Budget::of(LONG)).expect("found");
    let budget = Budget::of(LONG);
    let capture = |budget: &Budget| {
        let image =
            registry.with_verifier(Operation::Verify, budget, |module, budget| module.capture(budget));
        image.map(|seen| seen.image.pixels[300])
    };
    let mut left_behind = 0;
    while !holds.lock().unwrap().is_empty() || left_behind < 2 {
        let hurried = Budget::of(Duration::from_millis(10)).with_grace(Duration::from_millis(10));
        let hung = capture(&hurried).expect_err("it hangs, or is in use by the one that does");
        left_behind += u32::from(hung.in_doubt());
        budget.pause(Duration::from_millis(20)).expect("each call comes back to its caller");
    }
    let seen = loop {
        match capture(&budget) {
            Ok(seen) => break seen,
            Err(error) => assert_ne!(error.fault(), Fault::NotReady, "the old threads are not heard"),
        }
        budget.pause(Duration::from_millis(20)).expect("it serves again");
    };
    assert_eq!(seen, 0x33);
    drop(releases);
}

//! The devices of this desk: finding them, one reading at a time, and calling a reading off.

mod card_printer;
mod card_reader;
mod encoder;
mod running;
mod slip_printer;
mod watch;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use devices::driver::camera::{FrameMailbox, NetworkCameras, Portrait, Still, SystemCameras};
use devices::driver::card_printer::{CardJob, Doubt, JobState as CardJobState};
use devices::driver::fingerprint_verifier::VerifierImage;
use devices::driver::fingerprint_verifier::zfm::ZfmVerifier;
use devices::driver::iris::{IrisCapture, IrisRequest};
use devices::driver::line::{LineFinder, SerialLine};
use devices::driver::printer::ipp::{IppPrinter, LAST_WORD};
use devices::driver::printer::{PrintOutcome, PrintRequest, Told};
use devices::driver::sbi::{SbiFinder, Session as SbiSession, Settings as SbiSettings};
use devices::driver::signature::PenRecording;
use devices::driver::signature::topaz::TopazPad;
use devices::driver::slip_printer::escpos::EscPosPrinter;
use devices::protocol::sbi::jws::Trust;
use devices::protocol::topaz::{Calibration, Model};
use devices::registry::{Finder, Handle, Registry, Standing, Table};
use devices::transport::ports::SystemPorts;
use devices::{Budget, CancelToken, Fault, Identity, Operation, Role, SlapCapture, SlapRequest, TestReport};
use domain::{Eye, Finger, Slap};

pub(crate) use self::card_reader::uid_of;
pub(crate) use self::encoder::AtStation;
use self::running::Running;
use self::slip_printer::SlipPlace;
use crate::config::{Config, DevicesSection, pad_model};
use crate::{Error, Result, held};

/// After a paper is called off its printer is asked what became of it; this long its driver is waited for.
const HEARD_WITHIN: Duration = LAST_WORD.saturating_add(Duration::from_secs(2));

/// Whoever writes on the pad when the time to begin is over is waited for so much longer.
const WRITES_ON: Duration = Duration::from_secs(60);

/// Makes a device when it is there.
type Make = Box<dyn Fn(&Budget) -> Option<Handle> + Send + Sync>;

/// Devices that are named in the settings and are there when their path, reader or address answers.
struct Named {
    name: &'static str,
    make: Make,
}

impl Finder for Named {
    fn name(&self) -> &str {
        self.name
    }

    fn list(&self, budget: &Budget) -> std::result::Result<Vec<Handle>, Fault> {
        Ok((self.make)(budget).into_iter().collect())
    }
}

/// The desk's devices.
pub(crate) struct Equipment {
    registry: Registry,
    /// Where the devices on serial lines are looked for.
    lines: BTreeMap<Role, Arc<SerialLine>>,
    /// Name of the card reader that a person chose, for the search.
    chosen_reader: card_reader::Chosen,
    running: Mutex<Running>,
    /// Chain and replay memory of the SBI devices; `None` where none is believed.
    sbi: Option<Arc<SbiSession>>,
    /// The one-finger module is among the devices of this desk.
    has_verifier: bool,
    /// Whether the slap scanner was read last, and not the one-finger module.
    scanner_was_last: AtomicBool,
    /// The chip station inside the card printer.
    encoder: Option<encoder::Encoder>,
    moves_cards: bool,
    finger_score: u8,
    iris_score: u8,
    /// Ends the writing on the pad that is under way.
    pen: Mutex<Option<CancelToken>>,
}

fn at(role: Role) -> impl FnOnce(devices::DeviceError) -> Error {
    move |source| Error::Device { role, source }
}

/// What is said of a job whose driver did not come back: it may be printed.
fn unless_in_doubt<T>(
    answer: std::result::Result<T, devices::DeviceError>,
    doubt: T,
) -> std::result::Result<T, devices::DeviceError> {
    match answer {
        Err(error) if error.in_doubt() => Ok(doubt),
        answer => answer,
    }
}

impl Equipment {
    pub(crate) fn start(config: &Config) -> Result<Self> {
        let set = &config.devices;
        let mut finders: Vec<Arc<dyn Finder>> = Vec::new();
        if !set.camera_url.is_empty() {
            finders.push(Arc::new(NetworkCameras::new(vec![set.camera_url.clone()])));
        }
        if set.camera_usb {
            finders.push(Arc::new(SystemCameras::default()));
        }
        let mut session = None;
        if !set.sbi_trust.is_empty() {
            let pem = std::fs::read(&set.sbi_trust)
                .map_err(|source| Error::File { doing: "read the trusted device providers", source })?;
            let trust = Trust::from_pem(&pem).ok_or(Error::Invalid { what: "sbi_trust" })?;
            let mut sbi = SbiSettings::new(trust);
            // From 0 to 0 is no port.
            sbi.ports = set.sbi_port_from.max(1)..=set.sbi_port_to;
            sbi.extra_ports.clone_from(&set.sbi_extra_ports);
            sbi.env.clone_from(&set.sbi_environment);
            let memory = session.insert(Arc::new(SbiSession::new()));
            finders.push(Arc::new(SbiFinder::new(sbi, Arc::clone(memory))));
        }
        let mut lines = BTreeMap::new();
        if !set.finger_verifier_port.is_empty() {
            let (line, baud) = (serial(&set.finger_verifier_port), set.finger_verifier_baud);
            lines.insert(Role::FingerVerifier, line.clone());
            finders.push(Arc::new(LineFinder::new("finger-verifier", line, move |line, identity| {
                Handle::Verifier(Arc::new(ZfmVerifier::on_line(line, identity, baud)))
            })));
        }
        if !set.signature_port.is_empty() {
            let line = serial(&set.signature_port);
            let model = pad_model(&set.signature_model).ok_or(Error::Invalid { what: "signature_model" })?;
            let calibration = calibration(set, model);
            lines.insert(Role::SignaturePad, line.clone());
            finders.push(Arc::new(LineFinder::new("signature-pad", line, move |line, identity| {
                Handle::Pad(Arc::new(TopazPad::on_line(line, identity, model).calibrated(calibration)))
            })));
        }
        let chosen_reader = card_reader::Chosen::default();
        if set.card_reader_enabled {
            finders.push(Arc::new(card_reader::Readers::of(set, Arc::clone(&chosen_reader))));
        }
        if !set.printer_url.is_empty() {
            let url = set.printer_url.clone();
            let driver = IppPrinter::new(&url).map_err(|fault| Error::Device {
                role: Role::DocumentPrinter,
                source: fault.on(&Identity::of_url(&url).id(Role::DocumentPrinter), Operation::Open),
            })?;
            let driver: Arc<dyn devices::Printer> = Arc::new(driver);
            finders.push(named("printer", move |budget| {
                there(driver.status(&budget.step(Duration::from_secs(3))))
                    .then(|| Handle::Printer(driver.clone()))
            }));
        }
        let card_printer = card_printer::of(set)?;
        let encoder = encoder::Encoder::of(set, card_printer.as_deref())?;
        let moves_cards = card_printer.as_ref().is_some_and(|printer| printer.abilities().moves_card);
        finders.extend(card_printer.map(card_printer::finder));
        match slip_printer::place(&set.slip_printer) {
            None => {}
            Some(SlipPlace::Network(address)) => finders.push(slip_printer::over_network(address)),
            Some(SlipPlace::Line(name)) => {
                let (line, baud) = (serial(name), set.slip_printer_baud);
                lines.insert(Role::SlipPrinter, line.clone());
                let finder = LineFinder::new("slip-printer", line, move |line, identity| {
                    Handle::SlipPrinter(Arc::new(EscPosPrinter::on_line(line, identity, baud)))
                });
                finders.push(Arc::new(finder.that(|handle, budget| match handle {
                    Handle::SlipPrinter(printer) => slip_printer::answers(printer.as_ref(), budget),
                    _ => false,
                })));
            }
        }
        Ok(Self {
            lines,
            chosen_reader,
            registry: Registry::start(finders, BTreeMap::new()),
            running: Mutex::default(),
            sbi: session,
            has_verifier: !set.finger_verifier_port.is_empty(),
            scanner_was_last: AtomicBool::new(false),
            encoder,
            moves_cards,
            finger_score: config.capture.finger_score,
            iris_score: config.capture.iris_score,
            pen: Mutex::default(),
        })
    }

    pub(crate) fn watch(&self) -> tokio::sync::watch::Receiver<Table> {
        self.registry.watch()
    }

    pub(crate) fn table(&self) -> Table {
        self.registry.table()
    }

    pub(crate) fn relist(&self) {
        self.registry.relist();
    }

    /// Gives a role to a device; a serial one is looked for under its identity from now on, whatever its port is called, and a card
    /// reader whatever number it has that day.
    pub(crate) fn bind(&self, role: Role, id: devices::DeviceId) {
        let identity = id.0.split_once(':').and_then(|(_, text)| Identity::of_line(text));
        if let (Some(line), Some(identity)) = (self.lines.get(&role), identity) {
            line.bind(identity);
            self.registry.relist();
        }
        if let Some(name) = card_reader::name_of(&id) {
            *held(&self.chosen_reader) = Some(name.to_owned());
            self.registry.relist();
        }
        self.registry.bind(role, id);
    }

    pub(crate) fn test(&self, role: Role, limit: Duration) -> Result<TestReport> {
        self.pressed(role, limit, |budget| self.registry.test(role, budget))
    }

    /// Calls off whatever runs on a role.
    pub(crate) fn cancel(&self, role: Role) {
        held(&self.running).of(role).for_each(CancelToken::cancel);
    }

    pub(crate) fn cancel_all(&self) {
        held(&self.running).all().for_each(CancelToken::cancel);
    }

    /// Records that were taken before this start of the program: none of them is taken again.
    pub(crate) fn remember(&self, digests: impl IntoIterator<Item = [u8; 32]>) {
        if let Some(session) = &self.sbi {
            session.remember(digests);
        }
    }

    /// The device that reads one finger now: the one-finger module where it can be counted on; else whichever of it and the
    /// slap scanner is the better, so that a module which is missing or broken holds nobody up. Of two that fail the other one than
    /// the last time: a fault of one press must not end the work of either.
    pub(crate) fn finger_reader(&self) -> Role {
        let table = self.table();
        let (module, scanner) =
            (table.standing(Role::FingerVerifier), table.standing(Role::FingerprintScanner));
        let both_fail = module == Standing::Failing && scanner == Standing::Failing;
        let prefers_module =
            if both_fail { self.scanner_was_last.load(Ordering::SeqCst) } else { module <= scanner };
        if self.has_verifier && prefers_module { Role::FingerVerifier } else { Role::FingerprintScanner }
    }

    /// Why the slap scanner stands in for the one-finger module now; `None` while it does not.
    pub(crate) fn stands_in(&self) -> Option<Fault> {
        let stands_in = self.has_verifier && self.finger_reader() == Role::FingerprintScanner;
        self.table().failure(Role::FingerVerifier).filter(|_| stands_in)
    }

    /// The device that reads one finger now, and whether it can be counted on.
    pub(crate) fn finger_standing(&self) -> (Role, Standing) {
        let reader = self.finger_reader();
        (reader, self.table().standing(reader))
    }

    /// True while a device is being read.
    pub(crate) fn is_busy(&self) -> bool {
        held(&self.running).all().next().is_some()
    }

    /// One operation that can be called off by [`Self::cancel`].
    fn reading<T>(
        &self,
        role: Role,
        limit: Duration,
        run: impl FnOnce(&Budget) -> std::result::Result<T, devices::DeviceError>,
    ) -> Result<T> {
        let (key, token) = held(&self.running).enter(role);
        let result = run(&Budget::new(limit, &token));
        held(&self.running).leave(key);
        result.map_err(at(role))
    }

    /// As [`Self::reading`], for what an officer presses: a device that was plugged in just now is looked for first.
    fn pressed<T>(
        &self,
        role: Role,
        limit: Duration,
        run: impl FnOnce(&Budget) -> std::result::Result<T, devices::DeviceError>,
    ) -> Result<T> {
        self.reading(role, limit, |budget| {
            self.registry.look_for(role, budget);
            run(budget)
        })
    }

    /// True while an operation of this program runs on a role.
    pub(crate) fn is_running(&self, role: Role) -> bool {
        held(&self.running).of(role).next().is_some()
    }

    /// The applicant's face: a camera's picture, or the signed capture of a face device.
    pub(crate) fn portrait(&self, limit: Duration) -> Result<Portrait> {
        self.pressed(Role::Camera, limit, |budget| {
            self.registry.with_camera(Operation::Capture, budget, |camera, budget| camera.portrait(budget))
        })
    }

    /// A picture of anything at full resolution.
    pub(crate) fn still(&self, limit: Duration) -> Result<Still> {
        self.pressed(Role::Camera, limit, |budget| {
            self.registry.with_camera(Operation::Capture, budget, |camera, budget| camera.still(budget))
        })
    }

    pub(crate) fn camera_preview(&self) -> Result<Arc<FrameMailbox>> {
        Ok(self.registry.camera().map_err(at(Role::Camera))?.preview())
    }

    /// The live picture of one placement.
    pub(crate) fn slap_preview(&self, slap: Slap, budget: &Budget) -> Result<Arc<FrameMailbox>> {
        match self.registry.handle(Role::FingerprintScanner).map_err(at(Role::FingerprintScanner))? {
            Handle::Fingerprint(device) => device.preview(slap, budget).map_err(at(Role::FingerprintScanner)),
            _ => Err(at(Role::FingerprintScanner)(devices::DeviceError::NoDevice {
                role: Role::FingerprintScanner,
            })),
        }
    }

    pub(crate) fn iris_preview(&self, budget: &Budget) -> Result<Arc<FrameMailbox>> {
        match self.registry.handle(Role::IrisScanner).map_err(at(Role::IrisScanner))? {
            Handle::Iris(device) => device.preview(budget).map_err(at(Role::IrisScanner)),
            _ => Err(at(Role::IrisScanner)(devices::DeviceError::NoDevice { role: Role::IrisScanner })),
        }
    }

    pub(crate) fn slap(&self, slap: Slap, exceptions: Vec<Finger>, limit: Duration) -> Result<SlapCapture> {
        let request = SlapRequest { slap, exceptions, wanted_score: self.finger_score };
        self.scanner_was_last.store(true, Ordering::SeqCst);
        self.pressed(Role::FingerprintScanner, limit, |budget| {
            self.registry.with_fingerprint(Operation::Capture, budget, move |scanner, budget| {
                scanner.capture(&request, budget)
            })
        })
    }

    pub(crate) fn irises(&self, exceptions: Vec<Eye>, limit: Duration) -> Result<IrisCapture> {
        let request = IrisRequest { exceptions, wanted_score: self.iris_score };
        self.pressed(Role::IrisScanner, limit, |budget| {
            self.registry.with_iris(Operation::Capture, budget, move |scanner, budget| {
                scanner.capture(&request, budget)
            })
        })
    }

    pub(crate) fn verifier_finger(&self, limit: Duration) -> Result<VerifierImage> {
        self.scanner_was_last.store(false, Ordering::SeqCst);
        self.pressed(Role::FingerVerifier, limit, |budget| {
            self.registry.with_verifier(Operation::Verify, budget, |module, budget| module.capture(budget))
        })
    }

    /// Prints one paper; `told` hears what keeps it from coming out. An error means that surely nothing was printed.
    pub(crate) fn print(&self, request: PrintRequest, told: Told, limit: Duration) -> Result<PrintOutcome> {
        self.pressed(Role::DocumentPrinter, limit, |budget| {
            let budget = budget.clone().with_grace(HEARD_WITHIN);
            let printed = self.registry.with_printer(Operation::Write, &budget, move |printer, budget| {
                printer.print_telling(&request, told, budget)
            });
            unless_in_doubt(printed, PrintOutcome::Unknown { job: None, reasons: Vec::new() })
        })
    }

    /// Hands one order to the card printer. An error means that surely nothing was printed.
    pub(crate) fn submit_card(&self, order: CardJob, limit: Duration) -> Result<CardJobState> {
        self.reading(Role::CardPrinter, limit, |budget| {
            let sent = self.registry.with_card_printer(Operation::Write, budget, move |printer, budget| {
                printer.submit(&order, budget)
            });
            unless_in_doubt(sent, CardJobState::Unknown { doubt: Doubt::NoAnswer })
        })
    }

    /// One operation on the card printer: status, supplies, feed, poll, cancel.
    pub(crate) fn card_printer<T: Send + 'static>(
        &self,
        operation: Operation,
        limit: Duration,
        run: impl FnOnce(&dyn devices::CardPrinter, &Budget) -> std::result::Result<T, devices::DeviceError>
        + Send
        + 'static,
    ) -> Result<T> {
        self.reading(Role::CardPrinter, limit, |budget| {
            self.registry.with_card_printer(operation, budget, run)
        })
    }

    /// Records the pen on the pad until `done` is thrown; each sample goes to `sink` at once. Whoever has begun within `limit`
    /// may finish.
    pub(crate) fn pen(
        &self,
        mut sink: impl FnMut(devices::driver::signature::PenSample, f32) + Send + 'static,
        done: CancelToken,
        limit: Duration,
    ) -> Result<PenRecording> {
        *held(&self.pen) = Some(done.clone());
        let recording = self.pressed(Role::SignaturePad, limit, |budget| {
            let budget = budget.clone().with_grace(WRITES_ON);
            self.registry.with_pad(Operation::Read, &budget, move |pad, budget| {
                let width = pad.width();
                pad.record(&mut |sample| sink(sample, width), &done, budget)
            })
        });
        *held(&self.pen) = None;
        recording
    }

    /// Whoever writes on the pad has finished.
    pub(crate) fn finish_pen(&self) {
        if let Some(done) = held(&self.pen).as_ref() {
            done.cancel();
        }
    }
}

/// The calibration of the pad: as it is shipped, with whatever the settings say was measured on this one.
fn calibration(set: &DevicesSection, model: Model) -> Calibration {
    let shipped = model.calibration();
    let measured = |value: f32, shipped: f32| if value > 0.0 { value } else { shipped };
    let edge = |value: i16, shipped: u16| u16::try_from(value).unwrap_or(shipped);
    Calibration {
        left: edge(set.signature_left, shipped.left),
        top: edge(set.signature_top, shipped.top),
        dpi: measured(set.signature_dpi, shipped.dpi),
        width_mm: measured(set.signature_width_mm, shipped.width_mm),
        height_mm: measured(set.signature_height_mm, shipped.height_mm),
    }
}

/// Whether a printer is there, by what came of asking it: one that is at work is, and one that answers anything at all.
fn there<T>(asked: std::result::Result<T, devices::DeviceError>) -> bool {
    asked.map_or_else(|error| matches!(error.fault(), Fault::Busy | Fault::Refused { .. }), |_| true)
}

/// The serial device of a setting: an identity or a path.
fn serial(setting: &str) -> Arc<SerialLine> {
    Arc::new(SerialLine::new(setting, Arc::new(SystemPorts)))
}

fn named(
    name: &'static str,
    make: impl Fn(&Budget) -> Option<Handle> + Send + Sync + 'static,
) -> Arc<dyn Finder> {
    Arc::new(Named { name, make: Box::new(make) })
}

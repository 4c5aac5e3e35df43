//! A whole desk of simulators in one process.

mod lines;
mod roles;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use lines::Lines;
pub use roles::Roles;

use devices::Role;
use devices::protocol::sbi::BioType;
use serde::{Deserialize, Serialize};

use crate::control::Control;
use crate::escpos::EscPosSim;
use crate::evolis::EvolisSim;
use crate::mjpeg_cam::{HeldUp, MjpegCam};
use crate::paper_printer::PaperPrinterSim;
use crate::sbi::{Authority, Coding, SbiOptions, SbiSim};
use crate::{DeskPerson, FaultPlan, Person, SimFault};

/// How a desk is set up.
#[derive(Clone, Debug)]
pub struct DeskOptions {
    /// SBI services take ports of the specification's range (4501–4600); tests leave this off.
    pub standard_ports: bool,
    /// Time of a biometric capture.
    pub capture_time: Duration,
    /// Time in which the document printer puts out a document.
    pub print_time: Duration,
    /// Frames a second of the camera.
    pub fps: u32,
    /// Picture of the camera, pixels.
    pub size: (u32, u32),
    /// Where `sbi-ca.pem` and the serial lines are put; without it there are no serial devices.
    pub run_dir: Option<PathBuf>,
    /// Serial devices keep to their real speed.
    pub paced: bool,
}

impl Default for DeskOptions {
    fn default() -> Self {
        Self {
            standard_ports: false,
            capture_time: Duration::ZERO,
            print_time: Duration::ZERO,
            fps: 25,
            size: (1280, 720),
            run_dir: None,
            paced: false,
        }
    }
}

/// Where the simulators are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoints {
    /// MJPEG address of the camera.
    pub camera: String,
    /// Ports of SBI services on 127.0.0.1.
    pub sbi_ports: Vec<u16>,
    /// PEM of the authority that signs for them.
    pub sbi_ca: String,
    /// Address of the control port.
    pub control: String,
    /// Serial lines and readers by role, as paths or names.
    pub lines: BTreeMap<Role, String>,
    /// `host:port` of the card printer's service.
    #[serde(default)]
    pub card_printer: String,
    /// `host:port` of the slip printer.
    #[serde(default)]
    pub slip_printer: String,
    /// IPP address of the document printer.
    #[serde(default)]
    pub printer: String,
}

/// Why a desk could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// No free port, no thread, no directory.
    #[error("cannot start the simulators")]
    Start(#[from] std::io::Error),
    /// Keys could not be made.
    #[error("cannot make the simulation's keys")]
    Keys(#[from] openssl::error::ErrorStack),
}

/// The simulators of one desk; dropping it ends them.
pub struct Desk {
    person: DeskPerson,
    held_up: HeldUp,
    roles: Roles,
    coding: Coding,
    camera: MjpegCam,
    finger: SbiSim,
    iris: SbiSim,
    control: Control,
    authority: Authority,
    ca_pem: String,
    card_printer: EvolisSim,
    slip_printer: EscPosSim,
    printer: PaperPrinterSim,
}

impl Desk {
    /// Starts camera, SBI finger and SBI iris, the control port and, with a `run_dir`, the serial devices.
    ///
    /// # Errors
    /// `DeskError` of the first stand-in that does not start; those before it end.
    pub fn start(person: Person, options: &DeskOptions) -> Result<Self, DeskError> {
        let person = DeskPerson::new(person);
        let plans: BTreeMap<Role, FaultPlan> = Role::ALL.into_iter().map(|r| (r, FaultPlan::new())).collect();
        let plan = |role: Role| plans.get(&role).cloned().unwrap_or_default();
        let authority = Authority::new("Rekam simulation authority")?;
        let ca_pem = String::from_utf8_lossy(&authority.ca_pem()).into_owned();
        let coding = Coding::default();
        let sbi = |kind, role| {
            let (capture_time, coding) = (options.capture_time, coding.clone());
            let mut set = SbiOptions { capture_time, coding, ..SbiOptions::new(kind) };
            if options.standard_ports {
                set.ports = (4501..=4600).collect();
            }
            SbiSim::start(set, person.clone(), plan(role), authority.clone())
        };
        let finger = sbi(BioType::Finger, Role::FingerprintScanner)?;
        let iris = sbi(BioType::Iris, Role::IrisScanner)?;
        let held_up = HeldUp::default();
        let (fps, size) = (options.fps, options.size);
        let camera =
            MjpegCam::start(vec![0], fps, size, person.clone(), held_up.clone(), plan(Role::Camera))?;
        let lines = match &options.run_dir {
            Some(dir) => {
                std::fs::create_dir_all(dir)?;
                std::fs::write(dir.join("sbi-ca.pem"), &ca_pem)?;
                let lines = Lines::plug_all(dir, options.paced, person.clone(), plans.clone())?;
                Some(Arc::new(lines))
            }
            None => None,
        };
        let card_printer = EvolisSim::start([0], plan(Role::CardPrinter))?;
        let slip_printer = EscPosSim::start([0], plan(Role::SlipPrinter))?;
        let printer = PaperPrinterSim::start([0], options.print_time, plan(Role::DocumentPrinter))?;
        let front = card_printer.front();
        let roles = Roles::new(plans, lines);
        let control = Control::start(person.clone(), held_up.clone(), roles.clone(), front)?;
        Ok(Self {
            person,
            held_up,
            roles,
            coding,
            camera,
            finger,
            iris,
            control,
            authority,
            ca_pem,
            card_printer,
            slip_printer,
            printer,
        })
    }

    /// Where everything is.
    pub fn endpoints(&self) -> Endpoints {
        Endpoints {
            camera: self.camera.url(),
            sbi_ports: vec![self.finger.address().port(), self.iris.address().port()],
            sbi_ca: self.ca_pem.clone(),
            control: self.control.address().to_string(),
            lines: self.lines().map(Lines::paths).unwrap_or_default(),
            card_printer: self.card_printer.address().to_string(),
            slip_printer: self.slip_printer.address().to_string(),
            printer: self.printer.url(),
        }
    }

    /// Starts a face device (SBI) beside the camera, under the camera's fault plan, which has its faults from then on; it ends
    /// when dropped.
    ///
    /// # Errors
    /// When no port is free, or no keys can be made.
    pub fn face_device(&self, standard_ports: bool) -> std::io::Result<SbiSim> {
        let mut set = SbiOptions::new(BioType::Face);
        if standard_ports {
            set.ports = (4501..=4600).collect();
        }
        let sim = SbiSim::start(set, self.person.clone(), self.plan(Role::Camera), self.authority.clone())?;
        self.roles.add_face_device();
        Ok(sim)
    }

    /// The chair.
    pub fn person(&self) -> &DeskPerson {
        &self.person
    }

    /// Somebody holds a paper before the camera, in place of the own face; `None` takes it away.
    pub fn hold_up(&self, picture: Option<domain::image::GrayImage>) {
        self.held_up.set(picture);
    }

    /// How the scanners of fingers and eyes code their pictures.
    pub fn coding(&self) -> &Coding {
        &self.coding
    }

    /// The fault plan of a role.
    pub fn plan(&self, role: Role) -> FaultPlan {
        self.roles.plan(role)
    }

    /// A device misbehaves from now on.
    ///
    /// # Errors
    /// As [`Roles::set`]: nothing is set then.
    pub fn try_fault(&self, role: Role, fault: SimFault) -> std::io::Result<()> {
        self.roles.set(role, fault, None)
    }

    /// The same; a fault that is refused shows in the log only, and by its absence.
    pub fn fault(&self, role: Role, fault: SimFault) {
        told(role, self.try_fault(role, fault));
    }

    /// A device misbehaves in its next operation only.
    pub fn fault_once(&self, role: Role, fault: SimFault) {
        told(role, self.roles.set(role, fault, Some(1)));
    }

    /// A device behaves again.
    pub fn heal(&self, role: Role) {
        told(role, self.roles.heal(role));
    }

    /// Pulls a device's cable.
    pub fn unplug(&self, role: Role) {
        self.roles.unplug(role);
    }

    /// Plugs it in again.
    pub fn replug(&self, role: Role) {
        told(role, self.roles.replug(role));
    }

    /// The slap scanner: which live pictures of it are open.
    pub fn slap_scanner(&self) -> &SbiSim {
        &self.finger
    }

    /// The card printer: what it shows and printed last.
    pub fn card_printer(&self) -> &EvolisSim {
        &self.card_printer
    }

    /// The slip printer: what it printed.
    pub fn slip_printer(&self) -> &EscPosSim {
        &self.slip_printer
    }

    /// The document printer: what it printed.
    pub fn printer(&self) -> &PaperPrinterSim {
        &self.printer
    }

    /// Serial devices and the card, when the desk has a `run_dir`.
    pub fn lines(&self) -> Option<&Lines> {
        self.roles.lines().map(Arc::as_ref)
    }

    /// The same, for a hand that moves while others go on.
    pub fn shared_lines(&self) -> Option<Arc<Lines>> {
        self.roles.lines().cloned()
    }
}

fn told(role: Role, done: std::io::Result<()>) {
    if let Err(error) = done {
        tracing::warn!(?role, %error, "the simulated device does not do that");
    }
}

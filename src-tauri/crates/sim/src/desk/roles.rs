//! The devices of a desk by role: what each does wrong, and whether it is plugged in.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use devices::Role;
use devices::protocol::sbi::BioType;

use super::Lines;
use crate::{FaultPlan, SimFault, Simulated};

/// Why `times` is refused of a port or a card that another program holds.
const UNCOUNTED: &str = "who holds a port or a card lets go of it at a replug, not after a number of tries";

/// Who plays which role; clones share it.
#[derive(Clone)]
pub struct Roles {
    plans: BTreeMap<Role, FaultPlan>,
    lines: Option<Arc<Lines>>,
    /// A face device stands beside the camera.
    face: Arc<AtomicBool>,
}

impl Roles {
    /// Devices that behave after `plans`; `lines` are the serial ones and the card reader, if the desk has them.
    pub fn new(plans: BTreeMap<Role, FaultPlan>, lines: Option<Arc<Lines>>) -> Self {
        Self { plans, lines, face: Arc::default() }
    }

    /// Serial devices and the card, if the desk has them.
    pub fn lines(&self) -> Option<&Arc<Lines>> {
        self.lines.as_ref()
    }

    /// The fault plan of a role.
    pub fn plan(&self, role: Role) -> FaultPlan {
        self.plans.get(&role).cloned().unwrap_or_default()
    }

    /// From now on a face device stands beside the camera, under the same plan.
    pub fn add_face_device(&self) {
        self.face.store(true, Ordering::SeqCst);
    }

    /// The faults of now.
    pub fn faults(&self) -> BTreeMap<Role, SimFault> {
        self.plans.iter().filter_map(|(role, plan)| Some((*role, plan.now()?))).collect()
    }

    /// A device misbehaves: in its next `times` operations, or from now on.
    ///
    /// # Errors
    /// What plays the role has no such fault, or none that counts operations; this desk has no such device; the device
    /// cannot be plugged in, or the card not be held, as the fault wants it.
    pub fn set(&self, role: Role, fault: SimFault, times: Option<u32>) -> io::Result<()> {
        self.check(role, fault)?;
        let plan = self.plan(role);
        match times {
            Some(_) if is_wired(role) && fault == SimFault::Busy => {
                return Err(io::Error::other(UNCOUNTED));
            }
            Some(times) => plan.set_times(fault, times),
            None => plan.set(fault),
        }
        self.follow(role)
    }

    /// A device behaves again.
    ///
    /// # Errors
    /// When it has to be plugged in anew for that, and cannot be.
    pub fn heal(&self, role: Role) -> io::Result<()> {
        self.plan(role).clear();
        self.follow(role)
    }

    /// Pulls a device's cable.
    pub fn unplug(&self, role: Role) {
        self.plan(role).set(SimFault::Absent);
        if let Some(lines) = &self.lines {
            lines.unplug(role);
        }
    }

    /// Plugs it in again; it behaves.
    ///
    /// # Errors
    /// When it cannot be plugged in.
    pub fn replug(&self, role: Role) -> io::Result<()> {
        self.plan(role).clear();
        self.lines.as_ref().map_or(Ok(()), |lines| lines.replug(role))
    }

    fn check(&self, role: Role, fault: SimFault) -> io::Result<()> {
        if is_wired(role) && self.lines.is_none() {
            return Err(io::Error::other("this desk has no serial devices and no card reader"));
        }
        let player = match role {
            Role::Camera => Simulated::MjpegCam,
            Role::FingerprintScanner => Simulated::Sbi(BioType::Finger),
            Role::IrisScanner => Simulated::Sbi(BioType::Iris),
            Role::SignaturePad => Simulated::Topaz,
            Role::FingerVerifier => Simulated::Zfm,
            Role::CardReader => Simulated::CardReader,
            Role::DocumentPrinter => Simulated::PaperPrinter,
            Role::CardPrinter => Simulated::Evolis,
            Role::SlipPrinter => Simulated::SlipPrinter,
        };
        let face = role == Role::Camera && self.face.load(Ordering::SeqCst);
        if face && Simulated::Sbi(BioType::Face).check(fault).is_ok() {
            return Ok(());
        }
        player.check(fault).map_err(io::Error::other)
    }

    fn follow(&self, role: Role) -> io::Result<()> {
        self.lines.as_ref().map_or(Ok(()), |lines| lines.follow(role))
    }
}

/// Whether the role is played on a line or a reader of the desk.
fn is_wired(role: Role) -> bool {
    matches!(role, Role::FingerVerifier | Role::SignaturePad | Role::CardReader)
}

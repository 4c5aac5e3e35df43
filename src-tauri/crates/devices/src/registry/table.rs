//! Rows of the table and how they come about.

use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime};

use serde::{Deserialize, Serialize};

use super::{Backoff, Handle, worker::Worker};
use crate::device::{DeviceId, DeviceInfo, DeviceKind, DeviceState, Health, Role};
use crate::error::{Fault, Operation};

/// One device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its stable name.
    pub id: DeviceId,
    /// What it can do.
    pub kind: DeviceKind,
    /// The role it plays now.
    pub role: Option<Role>,
    /// What it says about itself.
    pub info: DeviceInfo,
    /// Where it stands and its recent past.
    pub health: Health,
}

/// All devices, and every role with the device bound to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Every device ever seen since the start, by id.
    pub rows: Vec<Row>,
    /// The device chosen for a role, also while it is absent.
    pub bindings: BTreeMap<Role, DeviceId>,
}

impl Table {
    /// The row that plays a role, when a device does.
    pub fn role(&self, role: Role) -> Option<&Row> {
        self.rows.iter().find(|row| row.role == Some(role))
    }

    /// State of a role; absent when nothing plays it.
    pub fn state(&self, role: Role) -> DeviceState {
        self.role(role).map_or(DeviceState::Absent, |row| row.health.state.clone())
    }
}

/// What the registry keeps of one device.
pub(super) struct Entry {
    pub(super) handle: Handle,
    pub(super) present: bool,
    /// What it is being used for.
    pub(super) claimed: Option<Operation>,
    pub(super) worker: Option<Worker>,
    last_success: Option<SystemTime>,
    last_fault: Option<(Fault, SystemTime)>,
    /// A fault of the last operation, shown until its back-off is over or the next one succeeds.
    faulted: Option<(Fault, SystemTime, Instant)>,
    backoff: Backoff,
}

impl Entry {
    pub(super) fn new(handle: Handle) -> Self {
        Self {
            handle,
            present: true,
            claimed: None,
            worker: None,
            last_success: None,
            last_fault: None,
            faulted: None,
            backoff: Backoff::default(),
        }
    }

    pub(super) fn settle(&mut self, fault: Option<Fault>) {
        self.claimed = None;
        match fault {
            None => {
                self.last_success = Some(SystemTime::now());
                self.faulted = None;
                self.backoff.reset();
            }
            // Called off, or nobody put a finger there: the device is well.
            Some(Fault::Cancelled | Fault::NothingPresented | Fault::Busy) => {}
            Some(fault) => {
                let now = SystemTime::now();
                self.last_fault = Some((fault.clone(), now));
                self.faulted = Some((fault, now, Instant::now() + self.backoff.wait()));
            }
        }
    }

    /// The finder sees it again; a handle that was gone is replaced by the new one.
    pub(super) fn seen_again(&mut self, handle: Handle) {
        let sick = matches!(self.handle.device().state(), DeviceState::Absent | DeviceState::Faulted { .. });
        if self.heals_itself() {
            self.handle.device().met_again(&handle.device().state());
        } else if self.claimed.is_none() && (!self.present || sick) {
            self.handle = handle;
        }
        self.present = true;
        if self.faulted.as_ref().is_some_and(|(_, _, until)| Instant::now() >= *until) {
            self.faulted = None;
        }
    }

    pub(super) fn gone(&mut self) {
        if self.present && self.claimed.is_none() {
            self.present = false;
            self.last_fault = Some((Fault::Unplugged, SystemTime::now()));
            self.faulted = None;
            if !self.heals_itself() {
                self.handle.device().close();
            }
        }
    }

    /// A printer that is only asked where it stands: soon over, and no work.
    pub(super) fn is_asked(&self) -> bool {
        let printer =
            matches!(self.handle, Handle::Printer(_) | Handle::CardPrinter(_) | Handle::SlipPrinter(_));
        printer && self.claimed == Some(Operation::Read)
    }

    fn heals_itself(&self) -> bool {
        self.handle.device().heals_itself()
    }

    fn state(&self) -> DeviceState {
        if !self.present {
            return DeviceState::Absent;
        }
        if self.claimed.is_some() && !self.is_asked() {
            return DeviceState::Busy;
        }
        if let Some((reason, since, until)) = &self.faulted
            && Instant::now() < *until + Duration::from_secs(2)
        {
            return DeviceState::Faulted { reason: reason.clone(), since: *since };
        }
        self.handle.device().state()
    }
}

pub(super) fn build(entries: &BTreeMap<DeviceId, Entry>, bindings: &BTreeMap<Role, DeviceId>) -> Table {
    let plays = |role: Role| -> Option<&DeviceId> {
        match bindings.get(&role) {
            Some(id) => Some(id),
            None => {
                entries.iter().find(|(_, e)| e.present && e.handle.device().kind() == role).map(|(id, _)| id)
            }
        }
    };
    let rows = entries
        .iter()
        .map(|(id, entry)| {
            let device = entry.handle.device();
            let kind = device.kind();
            Row {
                id: id.clone(),
                kind,
                role: (plays(kind) == Some(id)).then_some(kind),
                info: device.info(),
                health: Health {
                    state: entry.state(),
                    last_success: entry.last_success,
                    last_fault: entry.last_fault.clone(),
                },
            }
        })
        .collect();
    Table { rows, bindings: bindings.clone() }
}

//! Lists SBI devices for the registry.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Found, SbiFace, SbiFingerprint, SbiIris, Session, Settings, probe};
use crate::budget::Budget;
use crate::error::Fault;
use crate::protocol::sbi::BioType;
use crate::registry::{Finder, Handle};

/// A listing waits this long for the ports; what answers later stands in the next one.
const SETTLE: Duration = Duration::from_millis(400);
/// How often a listing that waits looks at its cancel token.
const LOOK: Duration = Duration::from_millis(50);

/// Searches the ports of the settings.
pub struct SbiFinder {
    settings: Arc<Settings>,
    session: Arc<Session>,
    ports: Arc<Ports>,
}

impl SbiFinder {
    /// Devices found share `session`.
    pub fn new(settings: Settings, session: Arc<Session>) -> Self {
        Self { settings: Arc::new(settings), session, ports: Arc::default() }
    }

    fn handle(&self, found: Found) -> Handle {
        let (settings, session) = (self.settings.clone(), self.session.clone());
        match found.kind {
            BioType::Finger => Handle::Fingerprint(Arc::new(SbiFingerprint::new(found, settings, session))),
            BioType::Iris => Handle::Iris(Arc::new(SbiIris::new(found, settings, session))),
            BioType::Face => Handle::Camera(Arc::new(SbiFace::new(found, settings, session))),
        }
    }
}

/// What the ports answered last, with a bell for the next answer.
#[derive(Default)]
struct Ports {
    known: Mutex<BTreeMap<u16, Port>>,
    heard: Condvar,
}

#[derive(Default)]
struct Port {
    /// It has not answered yet: one that accepts and stays silent is asked once at a time.
    is_asked: bool,
    /// What it answered last.
    found: Vec<Found>,
}

impl Ports {
    fn known(&self) -> MutexGuard<'_, BTreeMap<u16, Port>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A question to one port. Its end is its answer, however it ends.
struct Question {
    ports: Arc<Ports>,
    port: u16,
    found: Vec<Found>,
}

impl Drop for Question {
    fn drop(&mut self) {
        let answered = Port { is_asked: false, found: std::mem::take(&mut self.found) };
        self.ports.known().insert(self.port, answered);
        self.ports.heard.notify_all();
    }
}

impl Finder for SbiFinder {
    fn name(&self) -> &str {
        "sbi"
    }

    /// A device stays listed until its port answers otherwise, or has been silent for as long as a port is asked.
    fn list(&self, budget: &Budget) -> Result<Vec<Handle>, Fault> {
        let mut due = self.settings.all_ports();
        {
            let mut known = self.ports.known();
            due.retain(|port| !std::mem::replace(&mut known.entry(*port).or_default().is_asked, true));
        }
        for port in due {
            let question = Question { ports: self.ports.clone(), port, found: Vec::new() };
            probe::ask_apart(port, &self.settings, budget, move |found| {
                let mut question = question;
                question.found = found;
            });
        }
        let settle = budget.step(SETTLE);
        let mut known = self.ports.known();
        while known.values().any(|port| port.is_asked) && settle.check().is_ok() {
            let woken = self.ports.heard.wait_timeout(known, settle.slice(LOOK));
            known = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        let mut found: Vec<Found> = known.values().flat_map(|port| port.found.clone()).collect();
        drop(known);
        found.sort_by_key(|f| f.port);
        Ok(found.into_iter().map(|found| self.handle(found)).collect())
    }
}

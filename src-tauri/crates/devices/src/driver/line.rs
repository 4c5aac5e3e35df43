//! Where a serial device is today: found by what it is, not by the name that its port has.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::budget::Budget;
use crate::device::{DeviceState, Identity};
use crate::error::Fault;
use crate::registry::{Finder, Handle};
use crate::transport::ports::{Port, Ports};
use crate::transport::serial::{Parity, SerialLink};

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wanted {
    /// Whatever is at this path when it is first seen.
    Path(String),
    /// This device, wherever it is.
    Device { identity: Identity, interface: Option<u8> },
}

/// A serial device that keeps its identity while its port changes names.
///
/// Named by a path, it is the USB device that was first seen there and no other: one that is later plugged in at the same
/// path is not taken for it. USB devices without a serial number, and those that share theirs with another one that is
/// plugged in, are told apart by their socket. A line that is no USB device is its path.
pub struct SerialLine {
    wanted: Mutex<Wanted>,
    ports: Arc<dyn Ports>,
}

impl SerialLine {
    /// The device of a setting: an identity (`usb:0403:6001:A1B2C3`, `usb:0403:6001@1-2.3`) or a path.
    pub fn new(setting: &str, ports: Arc<dyn Ports>) -> Self {
        let wanted = match Identity::of_line(setting) {
            Some(identity) => wanted(identity),
            None => Wanted::Path(setting.to_owned()),
        };
        Self { wanted: Mutex::new(wanted), ports }
    }

    /// From now on it is this device, as somebody chose it.
    pub fn bind(&self, identity: Identity) {
        *self.held() = wanted(identity);
    }

    /// The port that the device has now, under its own identity; `None` while it is not plugged in.
    ///
    /// # Errors
    /// [`Fault::Io`] when the ports cannot be listed: nothing is guessed then.
    pub fn find(&self) -> Result<Option<Port>, Fault> {
        let ports = self.ports.list()?;
        let mut now = self.held();
        match now.clone() {
            Wanted::Path(path) => {
                let place = real(&path);
                let listed = ports.iter().find(|port| real(&port.name) == place);
                if let Some((port, identity @ Identity::Usb { .. })) =
                    listed.map(|port| (port, own(port, &ports)))
                {
                    tracing::info!(
                        device = identity.text(),
                        "a serial device is known by its identity from now on"
                    );
                    *now = Wanted::Device { identity: identity.clone(), interface: port.interface };
                    return Ok(Some(Port { name: port.name.clone(), identity, interface: port.interface }));
                }
                let there = listed.is_some() || Path::new(&path).exists();
                let identity = Identity::SerialPath { path: path.clone() };
                Ok(there.then_some(Port { name: path, identity, interface: None }))
            }
            Wanted::Device { identity, interface } => {
                let found = pick(&identity, interface, &ports);
                Ok(found.map(|port| {
                    // The socket of today tells it from a twin that is plugged in later.
                    let identity = moved(identity, &port.identity);
                    *now = Wanted::Device { identity: identity.clone(), interface: port.interface };
                    Port { name: port.name.clone(), identity, interface: port.interface }
                }))
            }
        }
    }

    /// Opens the device at `baud`, 8 data bits and 1 stop bit, wherever it is now.
    ///
    /// # Errors
    /// [`Fault::Absent`] when it is not plugged in, or another one took its port in the meantime; faults of the port.
    pub fn open(&self, baud: u32, parity: Parity) -> Result<SerialLink, Fault> {
        let port = self.find()?.ok_or(Fault::Absent)?;
        let link = SerialLink::open(&port.name, baud, parity)?;
        match self.find()? {
            Some(again) if again.name == port.name => Ok(link),
            Some(_) | None => Err(Fault::Absent),
        }
    }

    fn held(&self) -> MutexGuard<'_, Wanted> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wanted(identity: Identity) -> Wanted {
    match identity {
        Identity::SerialPath { path } => Wanted::Path(path),
        identity => Wanted::Device { identity, interface: None },
    }
}

/// A path with its links followed: udev's own names (`/dev/serial/by-id/…`) are links.
fn real(path: &str) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| PathBuf::from(path))
}

/// The identity of a port; without its serial number where another socket holds a device with the same one.
fn own(port: &Port, ports: &[Port]) -> Identity {
    let twin =
        |other: &&Port| other.identity.text() == port.identity.text() && other.identity != port.identity;
    match (&port.identity, ports.iter().find(twin)) {
        (Identity::Usb { vid, pid, path, .. }, Some(_)) => {
            Identity::Usb { vid: *vid, pid: *pid, serial: None, path: path.clone() }
        }
        (identity, _) => identity.clone(),
    }
}

/// The port of a device. Of twins it is the one in the socket known last; of several ports the one with its interface.
fn pick<'a>(wanted: &Identity, interface: Option<u8>, ports: &'a [Port]) -> Option<&'a Port> {
    let same = |port: &&Port| match (wanted, &port.identity) {
        (
            Identity::Usb { vid, pid, serial: None, path },
            Identity::Usb { vid: its_vid, pid: its_pid, path: its_path, .. },
        ) => (vid, pid, path) == (its_vid, its_pid, its_path),
        _ => wanted.text() == port.identity.text(),
    };
    let mut found: Vec<&Port> = ports.iter().filter(same).collect();
    if found.iter().any(|port| port.identity != found[0].identity) {
        found.retain(|port| port.identity == *wanted);
    }
    found.sort_by_key(|port| port.interface);
    match interface {
        Some(_) => found.into_iter().find(|port| port.interface == interface),
        None => found.into_iter().next(),
    }
}

/// The identity with the socket of today.
fn moved(identity: Identity, seen: &Identity) -> Identity {
    match (identity, seen) {
        (Identity::Usb { vid, pid, serial: serial @ Some(_), .. }, Identity::Usb { path, .. }) => {
            Identity::Usb { vid, pid, serial, path: path.clone() }
        }
        (identity, _) => identity,
    }
}

type Make = Box<dyn Fn(Arc<SerialLine>, Identity) -> Handle + Send + Sync>;
type Answers = Box<dyn Fn(&Handle, &Budget) -> bool + Send + Sync>;

/// Looks for one serial device.
pub struct LineFinder {
    name: &'static str,
    line: Arc<SerialLine>,
    make: Make,
    answers: Answers,
    made: Mutex<Option<(String, Handle)>>,
}

impl LineFinder {
    /// A finder of the device of `line`; `make` gives its driver, and gives it anew once the last one lost its device.
    pub fn new(
        name: &'static str,
        line: Arc<SerialLine>,
        make: impl Fn(Arc<SerialLine>, Identity) -> Handle + Send + Sync + 'static,
    ) -> Self {
        let answers: Answers = Box::new(|_, _| true);
        Self { name, line, make: Box::new(make), answers, made: Mutex::new(None) }
    }

    /// Takes it for present only when it also answers.
    #[must_use]
    pub fn that(mut self, answers: impl Fn(&Handle, &Budget) -> bool + Send + Sync + 'static) -> Self {
        self.answers = Box::new(answers);
        self
    }

    fn handle(&self, identity: Identity) -> Handle {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let text = identity.text();
        if let Some((known, handle)) = &*made
            && *known == text
            && !matches!(handle.device().state(), DeviceState::Absent | DeviceState::Faulted { .. })
        {
            return handle.clone();
        }
        let handle = (self.make)(self.line.clone(), identity);
        *made = Some((text, handle.clone()));
        handle
    }
}

impl Finder for LineFinder {
    fn name(&self) -> &str {
        self.name
    }

    fn list(&self, budget: &Budget) -> Result<Vec<Handle>, Fault> {
        let Some(port) = self.line.find()? else { return Ok(Vec::new()) };
        let handle = self.handle(port.identity);
        Ok((self.answers)(&handle, budget).then_some(handle).into_iter().collect())
    }
}

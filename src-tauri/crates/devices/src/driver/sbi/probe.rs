//! Finds SBI services: every port at once, each believed only by its signed device info.

use std::sync::mpsc;
use std::time::Duration;

use super::{Settings, service};
use crate::budget::Budget;
use crate::error::Fault;
use crate::protocol::sbi::answer::{self, Discovered, Who};
use crate::protocol::sbi::{BioType, jws};

/// Time for one port to answer both questions.
const PORT_LIMIT: Duration = Duration::from_secs(5);

/// A device behind an SBI service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it answers now.
    pub port: u16,
    /// `deviceId` for later calls.
    pub device: String,
    /// What it captures.
    pub kind: BioType,
    /// Who it proved to be.
    pub who: Who,
    /// Firmware as signed.
    pub firmware: String,
    /// "Ready", "Busy", …
    pub status: String,
    /// Its own fault, or why it is not believed.
    pub fault: Option<Fault>,
}

/// Asks all ports in parallel and gives every device found, by port, when every port has answered or its time is over.
///
/// A closed port costs one refused connection; a device that is not believed is listed with its fault.
pub fn probe(settings: &Settings, budget: &Budget) -> Vec<Found> {
    probe_until(settings, budget, |_| false)
}

/// As [`probe`], and no longer than until what was found is `enough`: a port that is silent then holds nobody up.
pub(super) fn probe_until(
    settings: &Settings,
    budget: &Budget,
    enough: impl Fn(&[Found]) -> bool,
) -> Vec<Found> {
    let (send, receive) = mpsc::channel();
    for port in settings.all_ports() {
        let send = send.clone();
        ask_apart(port, settings, budget, move |found| {
            // The receiver is gone only when the caller has enough.
            let _ = send.send(found);
        });
    }
    drop(send);
    let mut found = Vec::new();
    for more in receive {
        found.extend(more);
        if enough(&found) {
            break;
        }
    }
    found.sort_by_key(|f| f.port);
    found
}

/// Asks one port on a thread of its own and tells what it found, nothing where nobody answers in time.
pub(super) fn ask_apart(
    port: u16,
    settings: &Settings,
    budget: &Budget,
    tell: impl FnOnce(Vec<Found>) + Send + 'static,
) {
    let (settings, budget) = (settings.clone(), budget.step(PORT_LIMIT));
    let thread = std::thread::Builder::new().name(format!("sbi-probe-{port}")).stack_size(256 * 1024);
    let spawned = thread.spawn(move || tell(ask(port, &settings, &budget).unwrap_or_default()));
    if let Err(error) = spawned {
        tracing::warn!(port, %error, "cannot start a probe");
    }
}

/// Asks one port; [`Fault::Absent`] when nobody listens there.
///
/// # Errors
/// [`Fault::Absent`]; [`Fault::Garbage`] or [`Fault::Refused`] when something else listens there; [`Fault::TimedOut`],
/// [`Fault::Cancelled`]. A device that proves nothing is no error: it is found as doubted.
pub fn ask(port: u16, settings: &Settings, budget: &Budget) -> Result<Vec<Found>, Fault> {
    let discovered =
        answer::discovery(&service::call(port, &settings.dialect.discover(), settings, budget)?)?;
    let now = jiff::Timestamp::now();
    let info = service::call(port, &settings.dialect.info(), settings, budget).and_then(|b| answer::info(&b));
    let proofs: Result<Vec<_>, Fault> = info.map(|texts| {
        texts.iter().map(|t| prove(t, settings, now)).collect::<Vec<Result<(String, Who, String), Fault>>>()
    });
    Ok(discovered.into_iter().filter_map(|d| judge(port, d, &proofs)).collect())
}

type Proof = Result<(String, Who, String), Fault>;

/// Verifies one `deviceInfo`: device id, who it is, firmware.
fn prove(text: &str, settings: &Settings, now: jiff::Timestamp) -> Proof {
    let info = jws::verify(text, "deviceInfo", &settings.trust, now).map_err(Fault::Check)?;
    let info = answer::unwrap_info(info);
    let id = answer::text(&info, "digitalId");
    let id = jws::verify(&id, "digitalId", &settings.trust, now).map_err(Fault::Check)?;
    let who = answer::who(&id);
    let device = ["deviceId", "serialNo", "deviceCode"]
        .iter()
        .map(|k| answer::text(&info, k))
        .find(|t| !t.is_empty())
        .unwrap_or_else(|| who.serial.clone());
    Ok((device, who, answer::text(&info, "firmware")))
}

/// Joins a discovered device with its proof. Devices of no known type are left out.
fn judge(port: u16, discovered: Discovered, proofs: &Result<Vec<Proof>, Fault>) -> Option<Found> {
    let Discovered { device, serial, kind, status, fault, callback, .. } = discovered;
    let doubted = |port, fault| {
        let who = Who { serial: serial.clone(), kind, ..Who::default() };
        let (device, status) = (device.clone(), status.clone());
        Some(Found { port, device, kind: kind?, who, firmware: String::new(), status, fault: Some(fault) })
    };
    // A base outside this machine is never followed; one on it may name another port.
    let port = match callback {
        Some(base) => match answer::local_port(&base) {
            Some(port) => port,
            None => {
                let info = "not on this machine".into();
                return doubted(port, Fault::Refused { code: "callbackId".into(), info });
            }
        },
        None => port,
    };
    let proof = match proofs {
        Ok(list) => list
            .iter()
            .find(|p| p.as_ref().is_ok_and(|(id, who, _)| *id == device || who.serial == serial))
            .or_else(|| list.iter().find(|p| p.is_err()))
            .cloned()
            .unwrap_or_else(|| Err(Fault::garbage("deviceInfo of this device"))),
        Err(fault) => Err(fault.clone()),
    };
    match proof {
        Ok((_, who, firmware)) => {
            let fault = fault.or_else(|| match status.to_ascii_lowercase().as_str() {
                "ready" | "busy" | "" => None,
                _ => Some(Fault::NotReady),
            });
            Some(Found { port, device, kind: who.kind.or(kind)?, who, firmware, status, fault })
        }
        Err(fault) => doubted(port, fault),
    }
}

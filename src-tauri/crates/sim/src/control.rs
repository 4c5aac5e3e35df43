//! The control port: one JSON command a line over TCP, one JSON answer a line.
//!
//! `{"person":{"seed":7,"missing_fingers":["right_index"]}}` · `{"fault":"camera","kind":"black_frame","times":1}` ·
//! `{"fault":"camera","kind":{"slow":500}}` · `{"unplug":"iris_scanner"}` · `{"replug":"iris_scanner"}` · `{"state":true}`

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use devices::Role;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::http::Server;
use crate::{DeskPerson, FaultPlan, Person, SimFault};

/// Longest command line.
const LINE: u64 = 64 * 1024;

/// One command.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Command {
    /// Somebody else sits down.
    Sit {
        /// Who.
        person: Person,
    },
    /// A device misbehaves.
    Fault {
        /// Which role.
        fault: Role,
        /// How.
        kind: SimFault,
        /// How often; for ever when absent.
        times: Option<u32>,
    },
    /// A cable is pulled.
    Unplug {
        /// Which role.
        unplug: Role,
    },
    /// A device is plugged in, and behaves.
    Replug {
        /// Which role.
        replug: Role,
    },
    /// Asks for person and faults.
    State {
        /// Any value.
        state: bool,
    },
}

/// A listening control port.
pub struct Control(Server);

impl Control {
    /// Listens on any free port of this machine.
    pub fn start(person: DeskPerson, plans: BTreeMap<Role, FaultPlan>) -> std::io::Result<Self> {
        Server::start("control", [0], move |socket, stop| {
            talk(&socket, stop, &person, &plans);
        })
        .map(Self)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.0.address()
    }
}

fn talk(socket: &TcpStream, stop: &AtomicBool, person: &DeskPerson, plans: &BTreeMap<Role, FaultPlan>) {
    let Ok(mut writer) = socket.try_clone() else { return };
    let _ = socket.set_read_timeout(Some(Duration::from_secs(600)));
    let mut reader = BufReader::new(socket);
    loop {
        let mut line = String::new();
        let read = reader.by_ref().take(LINE).read_line(&mut line);
        if read.is_err() || line.is_empty() || stop.load(Ordering::SeqCst) {
            return;
        }
        let answer = match serde_json::from_str::<Command>(&line) {
            Ok(command) => obey(command, person, plans),
            Err(error) => json!({"ok": false, "error": error.to_string()}),
        };
        if writer.write_all(format!("{answer}\n").as_bytes()).is_err() {
            return;
        }
    }
}

fn obey(command: Command, person: &DeskPerson, plans: &BTreeMap<Role, FaultPlan>) -> Value {
    let plan = |role: &Role| plans.get(role).cloned().unwrap_or_default();
    match command {
        Command::Sit { person: next } => person.set(next),
        Command::Fault { fault, kind, times: Some(times) } => plan(&fault).set_times(kind, times),
        Command::Fault { fault, kind, times: None } => plan(&fault).set(kind),
        Command::Unplug { unplug } => plan(&unplug).set(SimFault::Absent),
        Command::Replug { replug } => plan(&replug).clear(),
        Command::State { .. } => {
            let faults: BTreeMap<Role, SimFault> =
                plans.iter().filter_map(|(role, plan)| Some((*role, plan.now()?))).collect();
            return json!({"ok": true, "person": person.get(), "faults": faults});
        }
    }
    json!({"ok": true})
}

//! The control port: one JSON command a line over TCP, one JSON answer a line.
//!
//! `{"person":{"seed":7,"missing_fingers":["right_index"]}}` · `{"person":{"seed":7,"look":"two_faces"}}` · `{"fault":"camera","kind":"black_frame","times":1}` ·
//! `{"fault":"camera","kind":{"slow":500}}` · `{"unplug":"iris_scanner"}` · `{"replug":"iris_scanner"}` ·
//! `{"lay":"left_index"}` · `{"draw":"sign"}` · `{"card":true}` · `{"card":true,"temper":"not_jpeg"}` · `{"state":true}` ·
//! `{"blangko":"B0000001","trouble":{"torn":[40,"half"]}}` · `{"chip":"B0000001"}` ·
//! `{"hold_up":"/tmp/slip.png"}` · `{"card_printer":{"says":"INF_FEEDER_NEAR_EMPTY"}}` ·
//! `{"card_printer":{"says":"","feeder":4,"ribbon":9}}`

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use devices::Role;
use domain::Finger;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::desk::Roles;
use crate::evolis::{Front, PanelOrder};
use crate::http::Server;
use crate::mjpeg_cam::HeldUp;
use crate::topaz::Gesture;
use crate::vcard::{ChipTrouble, Temper, vpcd_port};
use crate::{DeskPerson, Person, SimFault};

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
    /// A device misbehaves; refused, with those that it has, where what plays the role has no such fault.
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
    /// A device is plugged in, and behaves. On a card reader lies what lay there when it was unplugged.
    Replug {
        /// Which role.
        replug: Role,
    },
    /// The person lays another finger on the one-finger module.
    Lay {
        /// Which.
        lay: Finger,
    },
    /// The person moves the pen on the pad.
    Draw {
        /// How.
        draw: Gesture,
    },
    /// The person's card on the virtual reader.
    Card {
        /// True: put on, false: taken away.
        card: bool,
        /// Port of the reader's slot; the package's first when absent.
        port: Option<u16>,
        /// How it behaves; a KTP-el when absent.
        temper: Option<Temper>,
    },
    /// A training card on the virtual reader, blank when its serial is new.
    Blangko {
        /// Serial of the blangko.
        blangko: String,
        /// Port of the reader's slot; the package's first when absent.
        port: Option<u16>,
        /// What it does wrong from now on; nothing new when absent.
        trouble: Option<ChipTrouble>,
    },
    /// Asks what stands in a training card.
    Chip {
        /// Serial of the blangko.
        chip: String,
    },
    /// Somebody holds a picture before the camera.
    HoldUp {
        /// File, PNG or JPEG; empty to take it away.
        hold_up: String,
    },
    /// The card printer shows one of its documented words from now on, or holds other cards and prints.
    CardPrinter {
        /// What is set.
        card_printer: PanelOrder,
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
    ///
    /// # Errors
    /// When no port is free, or the system gives no thread.
    pub fn start(
        person: DeskPerson,
        held_up: HeldUp,
        roles: Roles,
        card_printer: Front,
    ) -> std::io::Result<Self> {
        let desk = Reach { person, held_up, roles, card_printer };
        Server::start("control", [0], move |socket, stop| talk(&socket, stop, &desk)).map(Self)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.0.address()
    }
}

/// What commands reach.
struct Reach {
    person: DeskPerson,
    held_up: HeldUp,
    roles: Roles,
    card_printer: Front,
}

fn talk(socket: &TcpStream, stop: &AtomicBool, desk: &Reach) {
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
            Ok(command) => {
                obey(command, desk).unwrap_or_else(|e| json!({"ok": false, "error": e.to_string()}))
            }
            Err(error) => json!({"ok": false, "error": error.to_string()}),
        };
        if writer.write_all(format!("{answer}\n").as_bytes()).is_err() {
            return;
        }
    }
}

/// The slot that the command names, or the first of the virtual reader that is there.
fn slot(port: Option<u16>) -> std::io::Result<u16> {
    port.or_else(vpcd_port).ok_or_else(|| std::io::Error::other("no virtual reader"))
}

fn obey(command: Command, desk: &Reach) -> std::io::Result<Value> {
    let no_lines = || std::io::Error::other("this desk has no serial devices");
    let lines = || desk.roles.lines().ok_or_else(no_lines);
    match command {
        Command::Sit { person: next } => desk.person.set(next),
        Command::Fault { fault, kind, times } => desk.roles.set(fault, kind, times)?,
        Command::Unplug { unplug } => desk.roles.unplug(unplug),
        Command::Replug { replug } => desk.roles.replug(replug)?,
        Command::Lay { lay } => lines()?.lay(lay),
        Command::Draw { draw } => lines()?.draw(draw),
        Command::Card { card: true, port, temper } => {
            lines()?.insert_card(slot(port)?, temper.unwrap_or_default())?;
        }
        Command::Card { card: false, .. } => lines()?.remove_card(),
        Command::Blangko { blangko, port, trouble } => {
            if let Some(trouble) = trouble {
                lines()?.blangko(&blangko)?.trouble(trouble);
            }
            lines()?.insert_blangko(&blangko, slot(port)?)?;
        }
        Command::Chip { chip } => {
            return Ok(json!({"ok": true, "chip": lines()?.blangko(&chip)?.dump()}));
        }
        Command::HoldUp { hold_up } if hold_up.is_empty() => desk.held_up.set(None),
        Command::HoldUp { hold_up } => {
            let picture = image::open(&hold_up).map_err(std::io::Error::other)?.into_luma8();
            let (width, height) = picture.dimensions();
            desk.held_up.set(Some(domain::image::GrayImage { width, height, pixels: picture.into_raw() }));
        }
        Command::CardPrinter { card_printer } => {
            return Ok(json!({"ok": true, "panel": desk.card_printer.set(&card_printer)?}));
        }
        Command::State { .. } => {
            return Ok(json!({"ok": true, "person": desk.person.get(), "faults": desk.roles.faults()}));
        }
    }
    Ok(json!({"ok": true}))
}

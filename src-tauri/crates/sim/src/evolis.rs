//! An Evolis printer with its service: the real JSON-RPC on TCP, a feeder, a ribbon, a card that moves.

mod front;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine;
use devices::protocol::evolis::reply::{ServiceError, encode};
use devices::protocol::evolis::{CANVAS, bmp};
use serde::Deserialize;
use serde_json::Value;

pub use self::front::{BUSY_WORDS, Front, PanelOrder, WORDS};
use crate::http::Server;
use crate::{FaultPlan, SimFault};

/// Largest request that is read: a bitmap in base64 and some.
const REQUEST: usize = 8 * 1024 * 1024;
/// How often the state says "printing" after a card was printed.
const RUNNING: u8 = 2;
/// With so few cards the feeder says that it is near empty.
const FEW_CARDS: u32 = 5;
/// With so few prints the ribbon says that it is low.
const FEW_PRINTS: u32 = 10;

/// Where the card is inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CardAt {
    /// Station with contacts.
    Contact,
    /// Contactless station.
    Contactless,
    /// Under the head.
    Print,
}

/// What the printer shows from outside.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Panel {
    /// Cards in the feeder.
    pub feeder: u32,
    /// Prints left on the ribbon.
    pub ribbon: u32,
    /// Cards taken in since the factory.
    pub taken: u32,
    /// Cards printed since the factory.
    pub printed: u32,
    /// Cards in the output box.
    pub output: u32,
    /// Cards in the reject box.
    pub rejected: u32,
    /// The card inside.
    pub card: Option<CardAt>,
}

#[derive(Default)]
struct Session {
    name: String,
    settings: BTreeMap<String, String>,
    bitmap: Option<Vec<u8>>,
}

struct Machine {
    panel: Panel,
    session: Option<Session>,
    keep: bool,
    running: u8,
    event: Option<&'static str>,
    /// The state that it was told to show.
    says: Option<String>,
    /// Goes on with the last hindrance until it is told to forget it.
    sticks: bool,
    /// That hindrance.
    stuck: Option<String>,
    last: Option<Vec<u8>>,
    /// Knows no events, as an older service.
    no_events: bool,
    /// The next end of a session is not heard.
    deaf_end: bool,
    plan: FaultPlan,
}

/// Told where the card is, each time that it moves.
type Watcher = Box<dyn FnMut(Option<CardAt>) + Send>;

/// A running service; dropping it ends it.
pub struct EvolisSim {
    server: Server,
    machine: Arc<Mutex<Machine>>,
    watcher: Arc<Mutex<Option<Watcher>>>,
}

#[derive(Deserialize)]
struct Request {
    #[serde(default)]
    id: Value,
    method: String,
    #[serde(default)]
    params: BTreeMap<String, String>,
}

/// What goes back over the wire.
enum Answer {
    Reply(Result<String, ServiceError>),
    /// The connection is closed without an answer.
    Drop,
    /// Nothing comes, the connection stands.
    Silence,
}

fn lock(machine: &Mutex<Machine>) -> MutexGuard<'_, Machine> {
    machine.lock().unwrap_or_else(PoisonError::into_inner)
}

impl EvolisSim {
    /// Listens on the first free port of `ports` (0 = any), with 50 cards and a ribbon for 200.
    ///
    /// # Errors
    /// When no port is free, or the system gives no thread.
    pub fn start(ports: impl IntoIterator<Item = u16>, plan: FaultPlan) -> std::io::Result<Self> {
        let panel =
            Panel { feeder: 50, ribbon: 200, taken: 0, printed: 0, output: 0, rejected: 0, card: None };
        let machine = Arc::new(Mutex::new(Machine {
            panel,
            session: None,
            keep: false,
            running: 0,
            event: None,
            says: None,
            sticks: false,
            stuck: None,
            last: None,
            no_events: false,
            deaf_end: false,
            plan,
        }));
        let watcher: Arc<Mutex<Option<Watcher>>> = Arc::default();
        let (inside, told) = (machine.clone(), watcher.clone());
        let server = Server::start("evolis", ports, move |socket, stop| serve(socket, stop, &inside, &told))?;
        Ok(Self { server, machine, watcher })
    }

    /// Tells `watcher` where the card is, each time that it moves and before the printer answers: so that a chip can be
    /// laid on a reader while the card stands at its station.
    pub fn watch_card(&self, watcher: impl FnMut(Option<CardAt>) + Send + 'static) {
        *self.watcher.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(watcher));
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Its front.
    pub fn front(&self) -> Front {
        Front::of(&self.machine)
    }

    /// What the printer shows.
    pub fn panel(&self) -> Panel {
        lock(&self.machine).panel.clone()
    }

    /// Cards are put in and the ribbon is changed.
    pub fn refill(&self, feeder: u32, ribbon: u32) {
        let mut machine = lock(&self.machine);
        (machine.panel.feeder, machine.panel.ribbon) = (feeder, ribbon);
    }

    /// From now on the service knows no events.
    pub fn know_no_events(&self) {
        lock(&self.machine).no_events = true;
    }

    /// The next end of a session is lost on its way, and the session stays open.
    pub fn lose_next_end(&self) {
        lock(&self.machine).deaf_end = true;
    }

    /// The bitmap of the last card that was printed: RGB of [`CANVAS`], top line first.
    pub fn last_printed(&self) -> Option<Vec<u8>> {
        lock(&self.machine).last.clone()
    }
}

fn serve(
    mut socket: TcpStream,
    stop: &AtomicBool,
    machine: &Mutex<Machine>,
    watcher: &Mutex<Option<Watcher>>,
) {
    let _ = socket.set_read_timeout(Some(Duration::from_millis(100)));
    let mut bytes = Vec::new();
    let mut buffer = vec![0u8; 64 * 1024];
    let request = loop {
        match socket.read(&mut buffer) {
            Ok(0) => return,
            Ok(n) => bytes.extend_from_slice(&buffer[..n]),
            Err(e) if matches!(e.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                continue;
            }
            Err(_) => return,
        }
        if bytes.len() > REQUEST {
            return;
        }
        // There is no delimiter: a request is whole when it can be read.
        if bytes.ends_with(b"}")
            && let Ok(request) = serde_json::from_slice::<Request>(&bytes)
        {
            break request;
        }
    };
    let fault = lock(machine).plan.now();
    if let Some(SimFault::Slow(ms)) = fault {
        std::thread::sleep(Duration::from_millis(ms));
    }
    let id = request.id.as_str().unwrap_or_default().to_owned();
    match fault {
        Some(SimFault::Absent) => return,
        Some(SimFault::Garbage) => {
            let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
            return;
        }
        Some(SimFault::HugeBody) => {
            let _ = socket.write_all(b"{\"result\":\"");
            while socket.write_all(&[b'A'; 64 * 1024]).is_ok() && !stop.load(Ordering::SeqCst) {}
            return;
        }
        Some(SimFault::NeverAnswers) => return silence(&socket, stop),
        _ => {}
    }
    let (answer, before, after) = {
        let mut machine = lock(machine);
        let before = machine.panel.card;
        (machine.obey(&request), before, machine.panel.card)
    };
    if before != after
        && let Some(watcher) = watcher.lock().unwrap_or_else(PoisonError::into_inner).as_mut()
    {
        watcher(after);
    }
    match answer {
        Answer::Reply(result) => {
            let id = if fault == Some(SimFault::WrongTransaction) { format!("{id}0") } else { id };
            let mut bytes = encode(&id, &result);
            // The real one pads its answers with NULs.
            bytes.extend_from_slice(&[0; 8]);
            let _ = socket.write_all(&bytes);
        }
        Answer::Drop => {}
        Answer::Silence => silence(&socket, stop),
    }
}

/// Keeps the connection without a word until the other side or the desk has enough.
fn silence(socket: &TcpStream, stop: &AtomicBool) {
    let mut socket = socket;
    let mut byte = [0u8; 1];
    while !stop.load(Ordering::SeqCst) {
        match socket.read(&mut byte) {
            Ok(0) => return,
            Ok(_) => {}
            Err(e) if matches!(e.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {}
            Err(_) => return,
        }
    }
}

fn ok(text: impl Into<String>) -> Answer {
    Answer::Reply(Ok(text.into()))
}

fn no(message: &str) -> Answer {
    Answer::Reply(Err(ServiceError { code: -32_000, message: message.to_owned() }))
}

impl Machine {
    fn obey(&mut self, request: &Request) -> Answer {
        let text = |key: &str| request.params.get(key).map_or("", String::as_str);
        match request.method.as_str() {
            "SUPERVISION.GetState" => ok(self.state()),
            "SUPERVISION.List" => ok(format!("{},{}", text("device"), self.state())),
            "SUPERVISION.GetEvent" if self.no_events => no("Method not found"),
            "SUPERVISION.GetEvent" => ok(match self.event {
                Some(event) => format!("{event}:OK,CANCEL"),
                None => "NONE".to_owned(),
            }),
            "SUPERVISION.SetEvent" => {
                self.event = None;
                self.session = None;
                ok("OK")
            }
            "CMD.GetStatus" => ok("gAAAAAAAAAA="),
            "CMD.SendCommand" => self.command(text("command")),
            "PRINT.Begin" if self.plan.now() == Some(SimFault::Busy) => {
                no("Communication session already reserved")
            }
            "PRINT.Begin" if self.session.is_some() => {
                no("Printing session already in progress for the device")
            }
            "PRINT.Begin" => {
                self.session = Some(Session { name: text("session").to_owned(), ..Session::default() });
                ok("OK")
            }
            method if method.starts_with("PRINT.") => self.in_session(method, request),
            _ => no("Method not found"),
        }
    }

    fn in_session(&mut self, method: &str, request: &Request) -> Answer {
        let text = |key: &str| request.params.get(key).map_or("", String::as_str);
        let Some(session) = self.session.as_mut().filter(|s| s.name == text("session")) else {
            return no("Unknown session");
        };
        match method {
            "PRINT.Set" => {
                for (key, value) in text("data").split(';').filter_map(|pair| pair.split_once('=')) {
                    session.settings.insert(key.to_owned(), value.to_owned());
                }
                ok("OK")
            }
            "PRINT.SetBitmap" => {
                let bytes = text("data")
                    .strip_prefix("base64:")
                    .and_then(|t| base64::engine::general_purpose::STANDARD.decode(t).ok());
                match bytes.as_deref().and_then(bmp::decode) {
                    Some((w, h, rgb)) if (w, h) == CANVAS && text("face") == "front" => {
                        session.bitmap = Some(rgb);
                        ok("OK")
                    }
                    _ => no("Invalid bitmap"),
                }
            }
            "PRINT.Print" => self.print(),
            "PRINT.End" if std::mem::take(&mut self.deaf_end) => Answer::Drop,
            "PRINT.End" => {
                self.session = None;
                ok("OK")
            }
            _ => no("Method not found"),
        }
    }

    /// Takes a card from the feeder; false when there is none.
    fn take(&mut self) -> bool {
        if self.panel.feeder == 0 {
            return false;
        }
        self.panel.feeder -= 1;
        self.panel.taken += 1;
        true
    }

    fn print(&mut self) -> Answer {
        let Some(rgb) = self.session.as_ref().and_then(|s| s.bitmap.clone()) else {
            return no("No bitmap");
        };
        let fault = self.plan.now();
        if self.panel.card.is_none() && !self.take() {
            self.event = Some("DEF_FEEDER_EMPTY");
            return ok("OK");
        }
        self.panel.card = Some(CardAt::Print);
        let broken = match fault {
            Some(SimFault::JamMidJob) => Some("ERR_MECHANICAL"),
            Some(SimFault::RibbonOutMidJob) => Some("ERR_RIBBON_ENDED"),
            Some(SimFault::CoverOpenMidJob) => Some("ERR_COVER_OPEN"),
            Some(SimFault::PrintsNothing) => {
                self.plan.take();
                self.running = RUNNING;
                self.panel.card = None;
                return ok("OK");
            }
            _ => None,
        };
        if broken.is_some() {
            self.plan.take();
            self.event = broken;
            return ok("OK");
        }
        self.panel.ribbon = self.panel.ribbon.saturating_sub(1);
        self.panel.printed += 1;
        self.running = RUNNING;
        self.last = Some(rgb);
        if !self.keep {
            self.panel.card = None;
            self.panel.output += 1;
        }
        match fault {
            // The card comes out all the same; only the answer is lost.
            Some(SimFault::DropMidJob) => {
                self.plan.take();
                Answer::Drop
            }
            Some(SimFault::SilentMidJob) => {
                self.plan.take();
                Answer::Silence
            }
            _ => ok("OK"),
        }
    }

    fn state(&mut self) -> String {
        let now = self.state_now();
        if now.starts_with("ERROR") || now.starts_with("WARNING,DEF_") {
            self.stuck = self.sticks.then(|| now.clone());
        }
        self.stuck.clone().unwrap_or(now)
    }

    fn state_now(&mut self) -> String {
        let fault = self.plan.now();
        if let Some(event) = self.event {
            let major = if event.starts_with("ERR") { "ERROR" } else { "WARNING" };
            return format!("{major},{event}");
        }
        if self.running > 0 {
            self.running -= 1;
            return "READY,INF_PRINTING_RUNNING".to_owned();
        }
        if let Some(says) = &self.says {
            return says.clone();
        }
        match fault {
            Some(SimFault::Offline) => "OFF,PRINTER_OFFLINE",
            Some(SimFault::CoverOpen) => "WARNING,DEF_COVER_OPEN",
            Some(SimFault::Overheated) => "WARNING,DEF_COOLING",
            Some(SimFault::CardJam) => "ERROR,ERR_MECHANICAL",
            Some(SimFault::FilmOut) => "WARNING,DEF_CLEAR_ENDED",
            Some(SimFault::CleaningDue) => "READY,INF_CLEANING",
            Some(SimFault::RibbonOut) => "WARNING,DEF_RIBBON_ENDED",
            _ if self.panel.ribbon == 0 => "WARNING,DEF_RIBBON_ENDED",
            _ if self.panel.feeder == 0 && self.panel.card.is_none() => "WARNING,DEF_FEEDER_EMPTY",
            _ if self.panel.ribbon <= FEW_PRINTS => "WARNING,INF_RIBBON_LOW",
            _ if self.panel.feeder <= FEW_CARDS && self.panel.card.is_none() => {
                "WARNING,INF_FEEDER_NEAR_EMPTY"
            }
            _ if matches!(self.panel.card, Some(CardAt::Contact | CardAt::Contactless)) => {
                "READY,INF_ENCODING_RUNNING"
            }
            _ => "READY,PRINTER_READY",
        }
        .to_owned()
    }

    fn command(&mut self, command: &str) -> Answer {
        let to = match command {
            "Sic" => Some(CardAt::Contactless),
            "Sis" => Some(CardAt::Contact),
            "Si" => Some(CardAt::Print),
            _ => None,
        };
        if let Some(to) = to {
            if self.plan.now() == Some(SimFault::JamMidJob) {
                self.plan.take();
                self.take();
                self.event = Some("ERR_MECHANICAL");
                return ok("ERROR MECHANICAL");
            }
            if self.panel.card.is_none() && !self.take() {
                return ok("FEEDER EMPTY");
            }
            self.panel.card = Some(to);
            return ok("OK");
        }
        match command {
            "Se" | "Ser" => {
                if self.panel.card.take().is_some() {
                    let box_ =
                        if command == "Se" { &mut self.panel.output } else { &mut self.panel.rejected };
                    *box_ += 1;
                }
                ok("OK")
            }
            "Psoe;D" | "Psoe;E" => {
                self.keep = command == "Psoe;D";
                ok("OK")
            }
            "Rfv" => ok("1.0-SIM"),
            "Rsn" => ok("SIM0001"),
            "Rtp" => ok("Primacy 2"),
            "Rrt;count" if self.plan.now() == Some(SimFault::NoCounter) => ok("ERR RIB DETECTION"),
            "Rrt;count" => ok(self.panel.ribbon.to_string()),
            "Rco;i" => ok(self.panel.taken.to_string()),
            "Scs" => {
                (self.event, self.stuck) = (None, None);
                ok("OK")
            }
            _ => ok("ERROR COMMAND"),
        }
    }
}

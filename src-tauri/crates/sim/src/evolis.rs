//! An Evolis printer with its service: the real JSON-RPC on TCP, a feeder, a ribbon, a card that moves.

mod front;
mod machine;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use devices::protocol::evolis::reply::{ServiceError, encode};
use serde::Deserialize;
use serde_json::Value;

pub use self::front::{BUSY_WORDS, Front, PanelOrder, WORDS};
use crate::http::Server;
use crate::{FaultPlan, SimFault};

/// Largest request that is read: a bitmap in base64 and some.
const REQUEST: usize = 8 * 1024 * 1024;
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
    /// The next answer to this command of the printer is lost on its way.
    loses: Option<String>,
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
            loses: None,
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

    /// The next answer to this command of the printer (`Rsn`, `Rtp` …) is lost on its way.
    pub fn lose_next_answer(&self, command: &str) {
        lock(&self.machine).loses = Some(command.to_owned());
    }

    /// The bitmap of the last card that was printed: RGB of [`devices::protocol::evolis::CANVAS`], top line first.
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

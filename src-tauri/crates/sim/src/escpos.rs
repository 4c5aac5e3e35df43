//! An ESC/POS slip printer on TCP or a pty: keeps the bytes, answers about itself.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use devices::transport::serial::ByteLink;

use crate::http::Server;
use crate::pty::Pty;
use crate::{FaultPlan, SimFault};

/// Bytes kept; older ones go.
const KEPT: usize = 4 * 1024 * 1024;

struct Paper {
    bytes: Vec<u8>,
    plan: FaultPlan,
}

type Shared = Arc<Mutex<Paper>>;

fn lock(paper: &Shared) -> MutexGuard<'_, Paper> {
    paper.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Bytes of questions that came in part.
#[derive(Default)]
struct Parser(Vec<u8>);

/// How long a question is, and whether these bytes can still become one.
fn question(bytes: &[u8]) -> Option<usize> {
    let starts = [&[0x10u8, 0x04][..], &[0x1D, 0x72][..]];
    starts.iter().any(|s| s.starts_with(&bytes[..bytes.len().min(2)])).then_some(3)
}

impl Parser {
    /// Takes bytes; gives what is printed and what is answered.
    fn push(&mut self, bytes: &[u8], plan: &FaultPlan) -> (Vec<u8>, Vec<u8>) {
        self.0.extend_from_slice(bytes);
        let (mut printed, mut answers) = (Vec::new(), Vec::new());
        while !self.0.is_empty() {
            match question(&self.0) {
                Some(length) if self.0.len() < length => break,
                Some(length) => {
                    let asked: Vec<u8> = self.0.drain(..length).collect();
                    answers.extend(answer(&asked, plan));
                }
                None => printed.push(self.0.remove(0)),
            }
        }
        (printed, answers)
    }
}

fn answer(asked: &[u8], plan: &FaultPlan) -> Option<u8> {
    let fault = plan.now();
    if fault == Some(SimFault::NeverAnswers) {
        return None;
    }
    let (out, open) = (fault == Some(SimFault::PaperOut), fault == Some(SimFault::CoverOpen));
    let (low, off) = (fault == Some(SimFault::PaperLow), fault == Some(SimFault::Offline));
    if fault == Some(SimFault::Garbage) {
        return Some(0xFF);
    }
    match asked {
        [0x10, 0x04, 1] => Some(0x12 | if out || open || off { 0x08 } else { 0 }),
        [0x10, 0x04, 2] => Some(0x12 | if open { 0x04 } else { 0 } | if out { 0x20 } else { 0 }),
        [0x10, 0x04, 3] => Some(0x12),
        [0x10, 0x04, 4] => Some(
            0x12 | if out {
                0x6C
            } else if low {
                0x0C
            } else {
                0
            },
        ),
        // In its turn: a printer that stands still does not come to it.
        [0x1D, 0x72, _] if out || open || off => None,
        [0x1D, 0x72, _] => Some(if low { 0x03 } else { 0x00 }),
        _ => None,
    }
}

fn take(paper: &Shared, parser: &mut Parser, bytes: &[u8]) -> Vec<u8> {
    let mut paper = lock(paper);
    let mut answers = Vec::new();
    // One by one: what stops a slip stops it before the question that came in the same piece.
    for byte in bytes {
        let (printed, said) = parser.push(&[*byte], &paper.plan.clone());
        answers.extend(said);
        let stops = printed.iter().any(|b| *b > 0x20);
        paper.bytes.extend(printed);
        // The roll ends or the cover opens while the slip comes out.
        if stops {
            match paper.plan.now() {
                Some(SimFault::PaperOutMidJob) => paper.plan.set(SimFault::PaperOut),
                Some(SimFault::CoverOpenMidJob) => paper.plan.set(SimFault::CoverOpen),
                _ => {}
            }
        }
    }
    let over = paper.bytes.len().saturating_sub(KEPT);
    paper.bytes.drain(..over);
    answers
}

/// A slip printer on the network.
pub struct EscPosSim {
    server: Server,
    paper: Shared,
}

impl EscPosSim {
    /// Listens on the first free port of `ports` (0 = any).
    ///
    /// # Errors
    /// When no port is free, or the system gives no thread.
    pub fn start(ports: impl IntoIterator<Item = u16>, plan: FaultPlan) -> std::io::Result<Self> {
        let paper: Shared = Arc::new(Mutex::new(Paper { bytes: Vec::new(), plan }));
        let inside = paper.clone();
        let server = Server::start("escpos", ports, move |socket, stop| serve(socket, stop, &inside))?;
        Ok(Self { server, paper })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Everything that was printed, questions left out.
    pub fn printed(&self) -> Vec<u8> {
        lock(&self.paper).bytes.clone()
    }
}

fn serve(mut socket: TcpStream, stop: &AtomicBool, paper: &Shared) {
    let _ = socket.set_read_timeout(Some(Duration::from_millis(100)));
    let mut parser = Parser::default();
    let mut buffer = [0u8; 4096];
    while !stop.load(Ordering::SeqCst) {
        let n = match socket.read(&mut buffer) {
            Ok(0) => return,
            Ok(n) => n,
            Err(e) if matches!(e.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
                continue;
            }
            Err(_) => return,
        };
        let plan = lock(paper).plan.clone();
        if plan.absent() || plan.now() == Some(SimFault::DropMidJob) && buffer[..n].len() > 3 {
            return;
        }
        let answers = take(paper, &mut parser, &buffer[..n]);
        if socket.write_all(&answers).is_err() {
            return;
        }
    }
}

/// A slip printer on a serial line.
pub struct EscPosLine {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    paper: Shared,
}

impl EscPosLine {
    /// Plugs one in at `path`.
    ///
    /// # Errors
    /// When the system gives no pseudo-terminal, or `path` cannot be made to point to it.
    pub fn plug(path: &Path, plan: FaultPlan) -> std::io::Result<Self> {
        let mut link = Pty::plug(path, None)?;
        let paper: Shared = Arc::new(Mutex::new(Paper { bytes: Vec::new(), plan }));
        let stop = Arc::new(AtomicBool::new(false));
        let (inside, ending) = (paper.clone(), stop.clone());
        let thread = std::thread::Builder::new().name("sim_escpos".to_owned()).spawn(move || {
            let mut parser = Parser::default();
            let mut buffer = [0u8; 4096];
            while !ending.load(Ordering::Relaxed) {
                let Ok(n) = link.read(&mut buffer, Duration::from_millis(50)) else { return };
                let answers = take(&inside, &mut parser, &buffer[..n]);
                if !answers.is_empty() && link.write(&answers).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { stop, thread: Some(thread), paper })
    }

    /// Everything that was printed, questions left out.
    pub fn printed(&self) -> Vec<u8> {
        lock(&self.paper).bytes.clone()
    }
}

impl Drop for EscPosLine {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

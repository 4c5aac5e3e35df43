//! One program per data folder: a second start brings the first one's window to the front and ends, or says that it hangs.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use rand::TryRngCore as _;
use station::folder::{LISTENS, LOCK};

/// Longest that a caller is listened to, and longest that a second start waits to be heard.
const PATIENCE: Duration = Duration::from_secs(2);
/// Longest that a second start waits for one that does not answer, to be gone or to answer after all.
const ENDING: Duration = Duration::from_secs(4);
/// Pause before a folder whose holder says nothing is tried again.
const AGAIN: Duration = Duration::from_millis(50);
/// The first start's answer: its window was brought forward.
const SHOWN: &[u8] = b"1";
/// Length of the word: 128 bits in hexadecimal.
const WORD: usize = 32;

/// Holds the data folder for this process.
pub struct First {
    _lock: File,
    listener: TcpListener,
    word: String,
}

impl std::fmt::Debug for First {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("First").field("listener", &self.listener).finish_non_exhaustive()
    }
}

/// What the start found.
#[derive(Debug)]
pub enum Start {
    /// Nobody else works in this folder.
    First(First),
    /// Somebody does, and was asked to show its window.
    Second,
    /// Somebody does and does not answer: it hangs, or begins very slowly. The number of its process, where it said it.
    Hung(Option<u32>),
}

/// Claims `dir`, or asks the one who holds it to show itself, for some seconds.
///
/// The two speak over loopback, which every system has and whose address is never too long for a deep folder. Whoever can
/// read the data folder knows the word; another account of the computer reaches the port, but is not obeyed.
///
/// # Errors
/// When the folder cannot be written, nothing can listen on loopback, or the system has no chance to give.
pub fn claim(dir: &Path) -> std::io::Result<Start> {
    station::folder::make(dir)?;
    let lock = OpenOptions::new().create(true).truncate(false).write(true).open(dir.join(LOCK))?;
    let since = Instant::now();
    loop {
        match lock.try_lock() {
            Ok(()) => {
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
                let word = chance()?;
                let (port, process) = (listener.local_addr()?.port(), std::process::id());
                write_private(&dir.join(LISTENS), &format!("{port} {word} {process}"))?;
                return Ok(Start::First(First { _lock: lock, listener, word }));
            }
            // One that does not answer begins or ends just now. A killed program holds the folder, and the system answers in
            // its name, until its memory is given back; whoever starts it again then wants a window.
            Err(TryLockError::WouldBlock) => {
                if ask_to_show(&dir.join(LISTENS)).is_ok() {
                    return Ok(Start::Second);
                }
                if since.elapsed() > ENDING {
                    return Ok(Start::Hung(said(&dir.join(LISTENS)).ok().and_then(|said| said.process)));
                }
                std::thread::sleep(AGAIN);
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

/// What the first start said of itself: where it listens, the word that it obeys, and the number of its process,
/// "port word process" in one line.
struct Said {
    port: u16,
    word: String,
    process: Option<u32>,
}

/// Reads it; one that was torn, or was written before the number of the process stood there, says less.
fn said(listens: &Path) -> std::io::Result<Said> {
    let text = std::fs::read_to_string(listens)?;
    let mut words = text.split(' ');
    let port = words.next().and_then(|port| port.parse().ok()).ok_or(std::io::ErrorKind::InvalidData)?;
    let word = words.next().ok_or(std::io::ErrorKind::InvalidData)?.to_owned();
    let process = words.next().and_then(|process| process.trim().parse().ok());
    Ok(Said { port, word, process })
}

/// Says the word where the first start listens, and hears that it was heard: a connection alone is the system's doing.
fn ask_to_show(listens: &Path) -> std::io::Result<()> {
    let Said { port, word, .. } = said(listens)?;
    let mut first = TcpStream::connect_timeout(&(Ipv4Addr::LOCALHOST, port).into(), PATIENCE)?;
    first.set_write_timeout(Some(PATIENCE))?;
    first.set_read_timeout(Some(PATIENCE))?;
    first.write_all(word.as_bytes())?;
    first.read_exact(&mut [0; SHOWN.len()])
}

/// A word that nobody guesses, from the operating system's own source of chance.
fn chance() -> std::io::Result<String> {
    let mut bytes = [0; WORD / 2];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes).map_err(std::io::Error::other)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Readable by this account alone, also before anything stands in it.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let _ = std::fs::remove_file(path); // left over from a power cut; the lock says that nobody listens
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

impl First {
    /// Calls `show` for every later start, on a thread of its own.
    ///
    /// # Errors
    /// When no thread can be had.
    pub fn on_second(self, show: impl Fn() + Send + 'static) -> std::io::Result<()> {
        std::thread::Builder::new().name("second-start".into()).spawn(move || {
            // Taken whole: a closure keeps the fields that it names and drops the others, and the lock must live on.
            let first = self;
            for mut stream in first.listener.incoming().flatten() {
                if heard(&mut stream).is_ok_and(|said| said == first.word.as_bytes()) {
                    show();
                    let _ = stream.write_all(SHOWN); // one that no longer waits has been served all the same
                }
            }
        })?;
        Ok(())
    }
}

/// What a caller says; one that says nothing is not waited for.
fn heard(stream: &mut TcpStream) -> std::io::Result<[u8; WORD]> {
    let mut said = [0; WORD];
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.read_exact(&mut said)?;
    Ok(said)
}

//! The wire to the virtual reader (vpcd): the card connects, the reader asks.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::VirtualCard;

/// Port of the first slot in Debian's package; the second is one higher.
pub(super) const VPCD_PORT: u16 = 0x8C7B;

const POWER_OFF: u8 = 0x00;
const POWER_ON: u8 = 0x01;
const RESET: u8 = 0x02;
const SEND_ATR: u8 = 0x04;

/// A card lying on the reader. Dropping it takes it away.
pub struct VCard {
    socket: Arc<Mutex<Option<TcpStream>>>,
    thread: Option<JoinHandle<()>>,
}

impl VCard {
    /// Lays the card on the vpcd reader that listens on `port`, trying for at most `patience`.
    ///
    /// # Errors
    /// When nobody listens on `port` within `patience`.
    pub fn insert(port: u16, card: impl VirtualCard + 'static, patience: Duration) -> io::Result<Self> {
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let until = Instant::now() + patience;
        let stream = loop {
            match TcpStream::connect_timeout(&address, Duration::from_secs(1)) {
                Ok(stream) => break stream,
                Err(error) if Instant::now() >= until => return Err(error),
                Err(_) => std::thread::sleep(Duration::from_millis(20)),
            }
        };
        stream.set_nodelay(true)?;
        let socket = Arc::new(Mutex::new(Some(stream.try_clone()?)));
        let thread = std::thread::Builder::new().name("sim_vcard".to_owned()).spawn(move || {
            let _ = serve(stream, card);
        })?;
        Ok(Self { socket, thread: Some(thread) })
    }

    /// Takes the card away.
    pub fn remove(&self) {
        if let Some(socket) = self.socket.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for VCard {
    fn drop(&mut self) {
        self.remove();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// vpcd sends length and data apart; without a quick ACK each APDU then waits 40 ms for the delayed one.
fn quick(stream: &TcpStream) {
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(stream).set_tcp_quickack(true);
}

fn read(stream: &mut TcpStream, buffer: &mut [u8]) -> io::Result<()> {
    quick(stream);
    stream.read_exact(buffer)?;
    quick(stream);
    Ok(())
}

/// Lets the reader wait; false when the card is taken away meanwhile.
fn still_there(stream: &TcpStream, wait: Duration) -> io::Result<bool> {
    if wait.is_zero() {
        return Ok(true);
    }
    stream.set_read_timeout(Some(wait))?;
    let heard = stream.peek(&mut [0]);
    stream.set_read_timeout(None)?;
    match heard {
        Ok(bytes) => Ok(bytes > 0),
        Err(error) => Ok(matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)),
    }
}

fn serve(mut stream: TcpStream, mut card: impl VirtualCard) -> io::Result<()> {
    loop {
        let mut length = [0; 2];
        read(&mut stream, &mut length)?;
        let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
        read(&mut stream, &mut message)?;
        let reply = match *message.as_slice() {
            [POWER_OFF | POWER_ON | RESET] => {
                card.reset();
                continue;
            }
            [SEND_ATR] => card.atr(),
            _ if !still_there(&stream, card.late())? => return Ok(()),
            _ => match card.answer(&message) {
                Some(reply) => reply,
                None => {
                    let _ = stream.shutdown(Shutdown::Both);
                    return Ok(());
                }
            },
        };
        let mut framed = (reply.len() as u16).to_be_bytes().to_vec();
        framed.extend_from_slice(&reply);
        stream.write_all(&framed)?;
    }
}

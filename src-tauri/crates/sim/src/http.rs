//! A small HTTP server: any method, one thread per connection, ends with its owner.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// One request.
#[derive(Clone, Debug)]
pub struct Request {
    /// Method as sent.
    pub method: String,
    /// Path as sent.
    pub path: String,
    /// Body.
    pub body: Vec<u8>,
}

/// Largest request read.
const LIMIT: usize = 1024 * 1024;

/// A listening server.
pub struct Server {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens on the first free port of `ports` (0 = any) and gives each connection to `serve`.
    ///
    /// # Errors
    /// When no port is free, or the system gives no thread.
    pub fn start(
        name: &str,
        ports: impl IntoIterator<Item = u16>,
        serve: impl Fn(TcpStream, &AtomicBool) + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let mut last = std::io::Error::from(std::io::ErrorKind::AddrInUse);
        let mut bound = None;
        for port in ports {
            match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
                Ok(listener) => {
                    bound = Some(listener);
                    break;
                }
                Err(error) => last = error,
            }
        }
        let listener = bound.ok_or(last)?;
        let address = listener.local_addr()?;
        let stop = Arc::new(AtomicBool::new(false));
        let (ending, serve) = (stop.clone(), Arc::new(serve));
        let thread = std::thread::Builder::new().name(format!("sim-{name}")).spawn(move || {
            for socket in listener.incoming() {
                if ending.load(Ordering::SeqCst) {
                    break;
                }
                let Ok(socket) = socket else { continue };
                let (serve, ending) = (serve.clone(), ending.clone());
                // A connection that gets no thread is closed, as an overloaded device would.
                let _ = std::thread::Builder::new().name("sim-connection".into()).spawn(move || {
                    let _ = socket.set_nodelay(true);
                    let _ = socket.set_read_timeout(Some(Duration::from_secs(30)));
                    let _ = socket.set_write_timeout(Some(Duration::from_secs(30)));
                    serve(socket, &ending);
                });
            }
        })?;
        Ok(Self { address, stop, thread: Some(thread) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes `accept`, so that the thread sees the flag.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Reads one request; `None` when the bytes are none.
pub fn read(socket: &mut TcpStream) -> Option<Request> {
    read_up_to(socket, LIMIT)
}

/// The same with a body of at most `limit` bytes, which may also come in chunks (RFC 9112 §7.1). Whoever waits to be told
/// to send it is told.
pub fn read_up_to(socket: &mut TcpStream, limit: usize) -> Option<Request> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break end + 4;
        }
        if bytes.len() > LIMIT {
            return None;
        }
        more(socket, &mut bytes)?;
    };
    let mut body = bytes.split_off(end);
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let mut words = head.split_ascii_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let field = |wanted: &str| {
        let fields = head.lines().filter_map(|l| l.split_once(':'));
        let mut named = fields.filter(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
        named.next().map(|(_, value)| value.trim().to_ascii_lowercase())
    };
    if field("expect").as_deref() == Some("100-continue") {
        socket.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").ok()?;
    }
    if field("transfer-encoding").as_deref() == Some("chunked") {
        let body = read_chunks(socket, body, limit)?;
        return Some(Request { method, path, body });
    }
    let length = field("content-length").and_then(|length| length.parse::<usize>().ok()).unwrap_or(0);
    if length > limit {
        return None;
    }
    while body.len() < length {
        more(socket, &mut body)?;
    }
    Some(Request { method, path, body })
}

fn more(socket: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<()> {
    let mut buffer = [0u8; 64 * 1024];
    let n = socket.read(&mut buffer).ok().filter(|n| *n > 0)?;
    bytes.extend_from_slice(buffer.get(..n)?);
    Some(())
}

/// A body in chunks, of which `bytes` came already.
fn read_chunks(socket: &mut TcpStream, mut bytes: Vec<u8>, limit: usize) -> Option<Vec<u8>> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let line = loop {
            match bytes.get(at..)?.windows(2).position(|w| w == b"\r\n") {
                Some(length) => break at..at + length,
                None => more(socket, &mut bytes)?,
            }
        };
        at = line.end + 2;
        let size = std::str::from_utf8(bytes.get(line)?).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        if body.len().saturating_add(size) > limit {
            return None;
        }
        // The chunk with its line end; after the last one no trailer is expected.
        while bytes.len() < at + size + 2 {
            more(socket, &mut bytes)?;
        }
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(bytes.get(at..at + size)?);
        at += size + 2;
    }
}

/// Writes a whole answer in the style of SBI services; false when the reader is gone.
pub fn write(socket: &mut TcpStream, status: &str, kind: &str, body: &[u8]) -> bool {
    let head = format!(
        "HTTP/1.1 {status}\r\nCONTENT-TYPE:{kind}\r\nCACHE-CONTROL:no-store\r\nConnection: Closed\r\nCONTENT-LENGTH:{}\r\n\r\n",
        body.len()
    );
    socket.write_all(head.as_bytes()).and_then(|()| socket.write_all(body)).is_ok()
}

/// Writes the head of an MJPEG stream.
pub fn begin_stream(socket: &mut TcpStream) -> bool {
    let head =
        "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=--BoundaryString\r\n\r\n";
    socket.write_all(head.as_bytes()).is_ok()
}

/// Writes one part of an MJPEG stream.
pub fn write_part(socket: &mut TcpStream, jpeg: &[u8]) -> bool {
    let mut part =
        format!("--BoundaryString\r\nContent-Type:image/jpeg\r\nContent-Length:{}\r\n\r\n", jpeg.len())
            .into_bytes();
    part.extend_from_slice(jpeg);
    part.extend_from_slice(b"\r\n\r\n");
    socket.write_all(&part).is_ok()
}

//! HTTP/1.1 with any method, a deadline on every wait and a cap on every body.
//!
//! SBI uses methods of its own and servers that answer HTTP/1.0 with odd headers; this reads both.

use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Duration;

use super::tcp::TcpLink;
use crate::budget::Budget;
use crate::error::Fault;

const HEAD_LIMIT: usize = 16 * 1024;
const CONNECT: Duration = Duration::from_millis(1500);

/// One request; `Host`, `Content-Length` and `Connection: close` are added.
#[derive(Clone)]
pub struct Request<'a> {
    /// Any token.
    pub method: &'a str,
    /// Value of the Host header.
    pub host: &'a str,
    /// Path and query.
    pub path: &'a str,
    /// Further headers.
    pub headers: &'a [(&'a str, &'a str)],
    /// Body, may be empty.
    pub body: &'a [u8],
}

impl std::fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Request({} {}, {} bytes)", self.method, self.host, self.body.len())
    }
}

/// Status and headers of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Status code, 100–599.
    pub status: u16,
    /// Names in lower case, values trimmed.
    pub headers: Vec<(String, String)>,
}

impl Head {
    /// The first header of this lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// A whole answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// Status and headers.
    pub head: Head,
    /// Body without transfer coding.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Response({}, {} bytes)", self.head.status, self.body.len())
    }
}

/// An answer whose body is still arriving.
pub struct Stream {
    link: TcpLink,
    /// Status and headers.
    pub head: Head,
    pending: Vec<u8>,
    chunked: Option<Chunked>,
}

/// Parses a head that ends at its blank line; `None` when the bytes are not HTTP.
pub fn parse_head(bytes: &[u8]) -> Option<Head> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.split('\n').map(|l| l.trim_end_matches('\r'));
    let status_line = lines.next()?;
    let mut words = status_line.split_ascii_whitespace();
    if !words.next()?.get(..5)?.eq_ignore_ascii_case("HTTP/") {
        return None;
    }
    let status = words.next()?.parse().ok()?;
    let headers = lines
        .filter_map(|l| l.split_once(':'))
        .map(|(n, v)| (n.trim().to_ascii_lowercase(), v.trim().to_owned()))
        .collect();
    Some(Head { status, headers })
}

/// Length of the head including its blank line, when it is complete.
pub fn head_end(bytes: &[u8]) -> Option<usize> {
    let crlf = bytes.windows(4).position(|w| w == b"\r\n\r\n").map(|p| p + 4);
    let lf = bytes.windows(2).position(|w| w == b"\n\n").map(|p| p + 2);
    match (crlf, lf) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// Sends a request and reads the answer's head.
///
/// # Errors
/// [`Fault::Absent`] when nobody listens; [`Fault::Garbage`] for a head that is none or too long; [`Fault::Unplugged`]
/// when it ends; [`Fault::TimedOut`], [`Fault::Cancelled`].
pub fn open(address: SocketAddr, request: &Request<'_>, budget: &Budget) -> Result<Stream, Fault> {
    let mut link = TcpLink::connect(address, CONNECT, budget)?;
    let mut bytes = format!(
        "{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n",
        request.method,
        request.path,
        request.host,
        request.body.len()
    );
    for (name, value) in request.headers {
        bytes.push_str(&format!("{name}: {value}\r\n"));
    }
    bytes.push_str("\r\n");
    let mut bytes = bytes.into_bytes();
    bytes.extend_from_slice(request.body);
    link.write_all(&bytes, budget)?;
    let mut pending = Vec::new();
    let mut buffer = [0u8; 4096];
    loop {
        if let Some(end) = head_end(&pending) {
            let rest = pending.split_off(end);
            let head = parse_head(&pending).ok_or_else(|| Fault::garbage("HTTP status line"))?;
            let chunked = head
                .header("transfer-encoding")
                .is_some_and(|v| v.eq_ignore_ascii_case("chunked"))
                .then(Chunked::default);
            return Ok(Stream { link, head, pending: rest, chunked });
        }
        if pending.len() > HEAD_LIMIT || pending.get(..5).is_some_and(|p| !p.eq_ignore_ascii_case(b"HTTP/")) {
            return Err(Fault::garbage("HTTP head"));
        }
        match link.read(&mut buffer, budget)? {
            0 => return Err(Fault::Unplugged),
            n => pending.extend_from_slice(buffer.get(..n).unwrap_or_default()),
        }
    }
}

/// Sends a request and reads the whole answer; a body over `cap` bytes ends it with [`Fault::TooLarge`].
///
/// # Errors
/// As [`open`], and [`Fault::TooLarge`].
pub fn exchange(
    address: SocketAddr,
    request: &Request<'_>,
    cap: u64,
    budget: &Budget,
) -> Result<Response, Fault> {
    let mut stream = open(address, request, budget)?;
    let announced = match stream.head.header("content-length") {
        Some(v) => Some(v.parse::<u64>().map_err(|_| Fault::garbage("Content-Length"))?),
        None => None,
    };
    if let Some(got) = announced.filter(|n| *n > cap) {
        return Err(Fault::TooLarge { limit: cap, got });
    }
    let mut body = Vec::new();
    loop {
        if announced.is_some_and(|n| body.len() as u64 >= n) {
            body.truncate(announced.and_then(|n| usize::try_from(n).ok()).unwrap_or(body.len()));
            break;
        }
        match stream.read(budget)? {
            Some(bytes) => body.extend_from_slice(&bytes),
            None if announced.is_some() => return Err(Fault::Unplugged),
            None => break,
        }
        if body.len() as u64 > cap {
            return Err(Fault::TooLarge { limit: cap, got: body.len() as u64 });
        }
    }
    Ok(Response { head: stream.head, body })
}

impl Stream {
    /// Says whether more of the body lies there to be read without waiting.
    ///
    /// # Errors
    /// [`Fault::Io`].
    pub fn waits(&self) -> Result<bool, Fault> {
        Ok(!self.pending.is_empty() || self.link.waits()?)
    }

    /// The next bytes of the body; `None` at its end.
    ///
    /// # Errors
    /// [`Fault::Unplugged`] before the announced end; [`Fault::Garbage`] for chunks that are none; [`Fault::TimedOut`],
    /// [`Fault::Cancelled`].
    pub fn read(&mut self, budget: &Budget) -> Result<Option<Vec<u8>>, Fault> {
        let mut buffer = vec![0u8; 64 * 1024];
        loop {
            if let Some(chunked) = &mut self.chunked {
                let out = chunked.push(&std::mem::take(&mut self.pending))?;
                if !out.is_empty() {
                    return Ok(Some(out));
                }
                if chunked.ended {
                    return Ok(None);
                }
            } else if !self.pending.is_empty() {
                return Ok(Some(std::mem::take(&mut self.pending)));
            }
            match self.link.read(&mut buffer, budget)? {
                0 => return Ok(None),
                n => self.pending.extend_from_slice(buffer.get(..n).unwrap_or_default()),
            }
        }
    }
}

/// Undoes chunked transfer coding.
#[derive(Default)]
struct Chunked {
    buffer: Vec<u8>,
    left: usize,
    ended: bool,
}

impl Chunked {
    fn push(&mut self, bytes: &[u8]) -> Result<Vec<u8>, Fault> {
        self.buffer.extend_from_slice(bytes);
        let mut out = Vec::new();
        while !self.ended {
            if self.left > 0 {
                let n = self.left.min(self.buffer.len());
                out.extend(self.buffer.drain(..n));
                self.left -= n;
                if self.left > 0 {
                    break;
                }
            }
            let Some(end) = self.buffer.iter().position(|b| *b == b'\n') else {
                if self.buffer.len() > 1024 {
                    return Err(Fault::garbage("chunk size"));
                }
                break;
            };
            let line: Vec<u8> = self.buffer.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            let size = line.trim().split(';').next().unwrap_or_default();
            if size.is_empty() {
                continue;
            }
            self.left = usize::from_str_radix(size, 16).map_err(|_| Fault::garbage("chunk size"))?;
            self.ended = self.left == 0;
        }
        Ok(out)
    }
}

/// An `http://host[:port]/path` address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// Host name or address.
    pub host: String,
    /// Port, 80 when not written.
    pub port: u16,
    /// Path and query, `/` when not written.
    pub path: String,
}

impl Url {
    /// Reads an address; `None` for anything but plain http without credentials.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.trim().strip_prefix("http://")?;
        let (authority, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
        if authority.contains('@') || authority.is_empty() {
            return None;
        }
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().ok()?),
            None => (authority, 80),
        };
        (!host.is_empty()).then(|| Self { host: host.to_owned(), port, path: path.to_owned() })
    }

    /// Returns the value of the Host header: `host:port`, the port always said.
    pub fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// The first socket address; asks the system's resolver.
    ///
    /// # Errors
    /// [`Fault::Absent`] for a name without an address; [`Fault::Io`] when the resolver refuses.
    pub fn resolve(&self) -> Result<SocketAddr, Fault> {
        (self.host.as_str(), self.port).to_socket_addrs()?.next().ok_or(Fault::Absent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_without_blanks_and_in_any_case_is_read() {
        let head = parse_head(b"HTTP/1.0 200 OK\r\nContent-Type:image/jpeg\r\nCONTENT-LENGTH:7\r\n\r\n");
        let head = head.expect("it is a head");
        assert_eq!(head.status, 200);
        assert_eq!(head.header("content-length"), Some("7"), "names are case-insensitive, blanks optional");
    }

    #[test]
    fn chunks_split_anywhere_give_the_same_body() {
        let wire = b"4\r\nWiki\r\n5;x=y\r\npedia\r\n0\r\n\r\n";
        for at in 0..wire.len() {
            let mut chunked = Chunked::default();
            let mut body = chunked.push(&wire[..at]).expect("first part");
            body.extend(chunked.push(&wire[at..]).expect("second part"));
            assert_eq!(body, b"Wikipedia", "split at {at}");
            assert!(chunked.ended, "the zero chunk ends the body");
        }
    }

    #[test]
    fn only_plain_http_addresses_without_credentials_are_taken() {
        assert_eq!(
            Url::parse("http://10.0.0.7/video").map(|u| (u.port, u.path)),
            Some((80, "/video".into()))
        );
        for bad in ["https://a/", "http://u:p@a/", "http:///x", "rtsp://a"] {
            assert_eq!(Url::parse(bad), None, "{bad} is not for this transport");
        }
    }
}

//! What can go wrong between a station and its centre.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use openssl::ssl::{SslAcceptor, SslMethod};

/// First byte of a TLS connection. Source: RFC 8446 §5.1.
const TLS_HANDSHAKE: u8 = 22;

/// How the line is at its best.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Weather {
    /// Bytes a second in each direction of each connection; `None` for no limit.
    pub bytes_per_second: Option<u64>,
    /// Time that each piece of up to 2 KiB takes besides.
    pub delay: Duration,
    /// Up to this much time more for each piece, evenly spread. What comes behind a late piece is late as well: TCP keeps
    /// the order.
    pub jitter: Duration,
    /// Share of the pieces that are lost on the way, 0 to 1. TCP sends a lost one again after its retransmission time,
    /// doubled each time (RFC 6298 §5.5), so that a loss is seen as silence and as bytes that went twice; a piece that is
    /// lost [`Weather::GIVES_UP`] times in a row ends its connection.
    pub loss: f64,
}

impl Weather {
    /// Losses of one piece in a row after which the connection is given up. Linux takes 15 (`tcp_retries2`) and so
    /// minutes; ours.
    pub const GIVES_UP: u32 = 6;

    /// The first retransmission time: round trip and four times its variation, RFC 6298 §2, at least a millisecond, so
    /// that weather can be scaled in time.
    pub fn retransmission(&self) -> Duration {
        let round_trip = self.delay * 2 + self.jitter;
        (round_trip + self.jitter * 4).max(Duration::from_millis(1))
    }
}

/// What one connection meets.
#[derive(Clone)]
pub enum Trouble {
    /// Cut after so many bytes from the station.
    CutAfter(u64),
    /// The request goes through, the answer never comes: cut after the centre's commit.
    LoseAnswer,
    /// Only so many bytes of the answer come.
    TruncateAnswer(u64),
    /// Everything that the station sent arrives a second time, on a connection of its own, after it closed this one.
    Twice,
    /// One byte at a time.
    Drip(Duration),
    /// Taken, and then nothing.
    Silence,
    /// Somebody else answers with these bytes.
    Answer(Vec<u8>),
    /// Somebody in between shows this certificate and key.
    WrongCertificate(Arc<SslAcceptor>),
    /// A gateway before the centre, which ends TLS with this certificate and key, answers with these bytes in its place.
    Gateway(Arc<SslAcceptor>, Vec<u8>),
}

impl Trouble {
    /// An answer of a server that failed.
    pub fn status(status: u16, retry_after_s: Option<u32>) -> Self {
        let retry = retry_after_s.map(|s| format!("Retry-After: {s}\r\n")).unwrap_or_default();
        let text =
            format!("HTTP/1.1 {status} Failed\r\n{retry}Content-Length: 0\r\nConnection: close\r\n\r\n");
        Self::Answer(text.into_bytes())
    }

    /// The log-in page of a hotspot, with status 200.
    pub fn portal() -> Self {
        let page = "<html><title>Selamat datang</title>Masuk dulu</html>";
        let text = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}",
            page.len()
        );
        Self::Answer(text.into_bytes())
    }

    /// Somebody in between, with a certificate of another authority. `key` and `certificate` are PEM.
    ///
    /// # Errors
    /// OpenSSL's, when they cannot be used.
    pub fn wrong_certificate(key: &[u8], certificate: &[u8]) -> Result<Self, openssl::error::ErrorStack> {
        Ok(Self::WrongCertificate(acceptor(key, certificate)?))
    }

    /// The same answer from a gateway that ends TLS; any other trouble stays what it is. `key` and `certificate` are PEM.
    ///
    /// # Errors
    /// OpenSSL's, when they cannot be used.
    pub fn behind_tls(self, key: &[u8], certificate: &[u8]) -> Result<Self, openssl::error::ErrorStack> {
        match self {
            Self::Answer(bytes) => Ok(Self::Gateway(acceptor(key, certificate)?, bytes)),
            other => Ok(other),
        }
    }
}

fn acceptor(key: &[u8], certificate: &[u8]) -> Result<Arc<SslAcceptor>, openssl::error::ErrorStack> {
    let mut builder = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls())?;
    builder.set_private_key(openssl::pkey::PKey::private_key_from_pem(key)?.as_ref())?;
    builder.set_certificate(openssl::x509::X509::from_pem(certificate)?.as_ref())?;
    Ok(Arc::new(builder.build()))
}

/// Takes one request as the gateway does, and answers it.
pub(super) fn answer_behind_tls(client: TcpStream, identity: &SslAcceptor, answer: &[u8]) {
    let Ok(mut client) = identity.accept(client) else { return };
    let mut head = Vec::new();
    let mut buffer = [0u8; 1024];
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        match client.read(&mut buffer) {
            Ok(read @ 1..) => head.extend_from_slice(&buffer[..read]),
            _ => return,
        }
    }
    let _ = client.write_all(answer);
    let _ = client.shutdown();
    // What the station still sends of its body is read, so that the answer is not lost with a reset.
    while client.get_mut().read(&mut buffer).is_ok_and(|read| read > 0) {}
}

/// Takes the connection as somebody else.
pub(super) fn impersonate(client: TcpStream, identity: &SslAcceptor) {
    if let Ok(mut client) = identity.accept(client) {
        let mut buffer = [0u8; 1024];
        while client.read(&mut buffer).is_ok_and(|read| read > 0) {}
    }
}

/// Reads until the head of a request is there; of TLS, which has none to be read, the first bytes.
pub(super) fn read_request(client: &mut TcpStream) {
    let mut head = Vec::new();
    let mut buffer = [0u8; 1024];
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        match client.read(&mut buffer) {
            Ok(read) if read > 0 && buffer[0] != TLS_HANDSHAKE => head.extend_from_slice(&buffer[..read]),
            _ => return,
        }
    }
}

/// Reads and forgets until the other side ends.
pub(super) fn drain(client: &mut TcpStream) {
    let mut buffer = [0u8; 4096];
    while client.read(&mut buffer).is_ok_and(|read| read > 0) {}
}

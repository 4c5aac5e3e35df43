//! Ports for programs that must be told theirs, or that come back where they were.

use std::io;
use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the ports that systems give to whoever asks for any (RFC 6335 from 49152, Linux from 32768): one of those may
/// be another program's a moment after it was seen free.
const FIRST: u16 = 20_000;
const COUNT: u16 = 7_000;

/// A port of this computer where nobody listens, and where nobody will unless told to; each call gives another one.
///
/// # Errors
/// All of them are taken.
pub fn free_port() -> io::Result<u16> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Processes that run side by side begin far from each other.
    let own = (std::process::id().wrapping_mul(97) % u32::from(COUNT)) as u16;
    (0..COUNT)
        .map(|_| FIRST + (own + NEXT.fetch_add(1, Ordering::Relaxed) % COUNT) % COUNT)
        .find(|port| TcpListener::bind(("0.0.0.0", *port)).is_ok())
        .ok_or_else(|| io::Error::from(io::ErrorKind::AddrInUse))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_differ_and_a_taken_one_is_passed_over() {
        let first = free_port().unwrap();
        let _taken = TcpListener::bind(("127.0.0.1", first + 1)).ok();
        let second = free_port().unwrap();
        assert!(second != first && second != first + 1, "{first}, {second}");
        assert!((FIRST..FIRST + COUNT).contains(&second));
    }
}

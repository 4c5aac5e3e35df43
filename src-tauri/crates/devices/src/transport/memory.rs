//! Two ends of a link inside one process, for tests and for training mode without a pty.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use super::serial::ByteLink;
use crate::error::Fault;

/// One end. Dropping it is pulling the plug: the other end finds the device gone.
pub struct MemoryLink {
    out: Sender<Vec<u8>>,
    inn: Receiver<Vec<u8>>,
    rest: Vec<u8>,
}

impl std::fmt::Debug for MemoryLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MemoryLink({} bytes unread)", self.rest.len())
    }
}

impl MemoryLink {
    /// Two ends that hear each other.
    pub fn pair() -> (Self, Self) {
        let (a_out, b_in) = channel();
        let (b_out, a_in) = channel();
        (Self { out: a_out, inn: a_in, rest: Vec::new() }, Self { out: b_out, inn: b_in, rest: Vec::new() })
    }
}

impl ByteLink for MemoryLink {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.out.send(bytes.to_vec()).map_err(|_| Fault::Unplugged)
    }

    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> Result<usize, Fault> {
        if self.rest.is_empty() {
            match self.inn.recv_timeout(wait) {
                Ok(bytes) => self.rest = bytes,
                Err(RecvTimeoutError::Timeout) => return Ok(0),
                Err(RecvTimeoutError::Disconnected) => return Err(Fault::Unplugged),
            }
        }
        let n = self.rest.len().min(buffer.len());
        buffer[..n].copy_from_slice(&self.rest[..n]);
        self.rest.drain(..n);
        Ok(n)
    }
}

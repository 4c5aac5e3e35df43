//! Plain TCP links whose every wait is cut into slices, so that a cancel is heard at once.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::serial::ByteLink;
use crate::budget::Budget;
use crate::error::Fault;

/// How long one wait lasts before the budget is asked again.
const SLICE: Duration = Duration::from_millis(100);

/// A connected socket under budgets.
pub struct TcpLink(TcpStream);

impl TcpLink {
    /// Connects within `connect` and the budget. [`Fault::Absent`] when nobody listens.
    ///
    /// # Errors
    /// [`Fault::Absent`]; [`Fault::Cancelled`], [`Fault::TimedOut`]; [`Fault::Io`].
    pub fn connect(address: SocketAddr, connect: Duration, budget: &Budget) -> Result<Self, Fault> {
        budget.check()?;
        let socket =
            TcpStream::connect_timeout(&address, budget.slice(connect)).map_err(|e| match e.kind() {
                ErrorKind::TimedOut | ErrorKind::WouldBlock => Fault::Absent,
                _ => Fault::from(e),
            })?;
        socket.set_nodelay(true)?;
        Ok(Self(socket))
    }

    /// Writes all bytes.
    ///
    /// # Errors
    /// [`Fault::Unplugged`] when the other side has ended; [`Fault::Cancelled`], [`Fault::TimedOut`]; [`Fault::Io`].
    pub fn write_all(&mut self, mut bytes: &[u8], budget: &Budget) -> Result<(), Fault> {
        while !bytes.is_empty() {
            budget.check()?;
            self.0.set_write_timeout(Some(budget.slice(SLICE)))?;
            match self.0.write(bytes) {
                Ok(0) => return Err(Fault::Unplugged),
                Ok(n) => bytes = bytes.get(n..).unwrap_or_default(),
                Err(e) if waiting(e.kind()) => {}
                Err(e) => return Err(e.into()),
            }
        }
        Ok(())
    }

    /// Reads some bytes; 0 at the end of the stream.
    ///
    /// # Errors
    /// As [`Self::write_all`]; the end of the stream is no error.
    pub fn read(&mut self, buffer: &mut [u8], budget: &Budget) -> Result<usize, Fault> {
        loop {
            budget.check()?;
            self.0.set_read_timeout(Some(budget.slice(SLICE)))?;
            match self.0.read(buffer) {
                Ok(n) => return Ok(n),
                Err(e) if waiting(e.kind()) => {}
                Err(e) => return Err(e.into()),
            }
        }
    }

    /// Says whether bytes, or the end of the stream, lie there to be read without waiting.
    ///
    /// # Errors
    /// [`Fault::Io`].
    pub fn waits(&self) -> Result<bool, Fault> {
        self.0.set_nonblocking(true)?;
        let seen = self.0.peek(&mut [0u8; 1]);
        self.0.set_nonblocking(false)?;
        match seen {
            Ok(_) => Ok(true),
            Err(e) if waiting(e.kind()) => Ok(false),
            Err(e) => Err(e.into()),
        }
    }
}

/// Time for one piece to go out on a byte link.
const PIECE: Duration = Duration::from_secs(5);

impl ByteLink for TcpLink {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.write_all(bytes, &Budget::of(PIECE))
    }

    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> Result<usize, Fault> {
        self.0.set_read_timeout(Some(wait.max(Duration::from_millis(1))))?;
        match self.0.read(buffer) {
            Ok(0) if !buffer.is_empty() => Err(Fault::Unplugged),
            Ok(n) => Ok(n),
            Err(e) if waiting(e.kind()) => Ok(0),
            Err(e) => Err(e.into()),
        }
    }
}

fn waiting(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}

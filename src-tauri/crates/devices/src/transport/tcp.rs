//! Plain TCP links whose every wait is cut into slices, so that a cancel is heard at once.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::budget::Budget;
use crate::error::Fault;

/// How long one wait lasts before the budget is asked again.
const SLICE: Duration = Duration::from_millis(100);

/// A connected socket under budgets.
pub struct TcpLink(TcpStream);

impl TcpLink {
    /// Connects within `connect` and the budget. [`Fault::Absent`] when nobody listens.
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
}

fn waiting(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}

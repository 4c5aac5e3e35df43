//! One request, one connection, one answer.

use std::net::SocketAddr;
use std::time::Duration;

use crate::budget::Budget;
use crate::error::Fault;
use crate::protocol::evolis::reply::ServiceError;
use crate::protocol::evolis::{Accumulator, Call};
use crate::transport::tcp::TcpLink;

const CONNECT: Duration = Duration::from_millis(1500);
/// An answer about state or settings.
const ANSWER: Duration = Duration::from_secs(8);
/// An answer after moving or printing a card.
const MOVE: Duration = Duration::from_secs(90);

/// Why there is no result.
#[derive(Debug)]
pub(super) enum Asked {
    /// The request did not reach the service: surely nothing was done.
    Unsent(Fault),
    /// It was sent; what came of it is not known.
    Sent(Fault),
    /// The service answered with an error.
    Service(ServiceError),
}

impl Asked {
    pub(super) fn fault(self) -> Fault {
        match self {
            Self::Unsent(fault) | Self::Sent(fault) => fault,
            Self::Service(error) => error.into(),
        }
    }
}

pub(super) struct Line {
    service: SocketAddr,
    next: u64,
}

impl Line {
    pub(super) fn new(service: SocketAddr) -> Self {
        Self { service, next: 0 }
    }

    pub(super) fn ask(&mut self, call: &Call<'_>, budget: &Budget) -> Result<String, Asked> {
        self.next += 1;
        let id = self.next.to_string();
        let limit = match call {
            Call::Print { .. } | Call::Command { .. } => MOVE,
            _ => ANSWER,
        };
        let budget = budget.step(limit);
        let mut link = TcpLink::connect(self.service, CONNECT, &budget).map_err(Asked::Unsent)?;
        link.write_all(&call.encode(&id), &budget).map_err(Asked::Sent)?;
        let mut answer = Accumulator::new();
        let mut buffer = [0u8; 4096];
        loop {
            let n = link.read(&mut buffer, &budget).map_err(Asked::Sent)?;
            if n == 0 {
                return Err(Asked::Sent(Fault::Unplugged));
            }
            let Some(reply) = answer.push(buffer.get(..n).unwrap_or_default()).map_err(Asked::Sent)? else {
                continue;
            };
            if reply.id != id {
                return Err(Asked::Sent(Fault::garbage("JSON-RPC id")));
            }
            return reply.result.map_err(Asked::Service);
        }
    }
}

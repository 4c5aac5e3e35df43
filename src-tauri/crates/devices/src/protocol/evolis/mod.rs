//! Evolis services (Print Center, Premium Suite, Services Provider 2): JSON-RPC 2.0 over TCP, one request and one
//! answer a connection, and the printer's escape commands inside it. Facts and their sources: docs/protocols/evolis.md.

pub mod bmp;
pub mod request;
pub mod reply;
pub mod words;

pub use reply::{Accumulator, MAX_REPLY, Reply};
pub use request::{Call, EscapeCommand};
pub use words::{Major, State, reason_of};

/// Port of the service on this machine.
pub const PORT: u16 = 18_000;

/// The printable bitmap of a 300 dpi Evolis printer, pixels: 86 × 54 mm, a little over the card's edges.
pub const CANVAS: (u32, u32) = (1016, 648);

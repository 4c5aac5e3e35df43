//! What an ESC/POS printer is asked about itself, and its one-byte answers. What is printed is bytes of the caller's.

mod status;

pub use status::{SlipReason, StatusAnswer, StatusRequest, end_marker, read_end, reasons};

/// Port of raw printing ("JetDirect").
pub const PORT: u16 = 9100;

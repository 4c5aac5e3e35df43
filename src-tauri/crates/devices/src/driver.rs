//! One trait per capability, models behind.

pub mod camera;
pub mod card;
pub mod card_printer;
pub mod fingerprint;
pub mod fingerprint_verifier;
pub mod iris;
pub mod line;
pub mod printer;
pub mod sbi;
pub mod signature;
pub mod slip_printer;
mod worker;

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::device::DeviceId;

/// Where a sample came from; goes into the record with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The device.
    pub device: DeviceId,
    /// Our driver and its version.
    pub driver: String,
    /// When the capture ended by this machine's clock.
    pub taken_at: SystemTime,
    /// How long the capture took, milliseconds.
    pub took_ms: u64,
}

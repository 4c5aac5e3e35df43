//! Printers for slips: queue numbers, what the applicant takes along.

pub mod escpos;

pub use crate::protocol::escpos::SlipReason;

use serde::{Deserialize, Serialize};

use crate::budget::Budget;
use crate::device::Device;
use crate::error::DeviceError;

/// What a slip printer says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipStatus {
    /// It answers questions at all; many cheap ones do not.
    pub answers: bool,
    /// What it named. Empty and `answers` means ready.
    pub reasons: Vec<SlipReason>,
}

impl SlipStatus {
    /// The first reason that stops it.
    pub fn hindrance(&self) -> Option<SlipReason> {
        self.reasons.iter().copied().find(|reason| reason.stops())
    }
}

/// What became of a slip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum SlipOutcome {
    /// The printer came to the end of it and had paper.
    Printed,
    /// It stopped; part of the slip may be out.
    Stopped {
        /// Why.
        reason: SlipReason,
    },
    /// Sent, and the printer does not say what became of it.
    Unknown,
}

/// A slip printer. An `Err` means that nothing was sent.
///
/// # Errors
/// [`DeviceError`] with the operation and its [`Fault`](crate::Fault): the end of the budget, a
/// device that is gone, busy or not ready, else what it says.
pub trait SlipPrinter: Device {
    /// Asks for paper, cover and errors.
    fn status(&self, budget: &Budget) -> Result<SlipStatus, DeviceError>;

    /// Sends one slip of ESC/POS bytes, cut included, and waits for its end. `Refused` with [`SlipReason::key`] as
    /// code when the printer said beforehand that it cannot.
    fn print(&self, slip: &[u8], budget: &Budget) -> Result<SlipOutcome, DeviceError>;
}

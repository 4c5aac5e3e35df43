//! Signature pads.

pub mod ink;
pub mod series;
pub mod strokes;
pub mod topaz;

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::budget::Budget;
use crate::device::Device;
use crate::driver::Provenance;
use crate::error::DeviceError;

/// A pen that stays up this long after it wrote has finished.
pub const FINISHED_AFTER: Duration = Duration::from_secs(2);

/// One sample of the pen.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PenSample {
    /// Since the recording began, milliseconds.
    pub t_ms: u32,
    /// Pad units, left to right.
    pub x: i32,
    /// Pad units, top to bottom.
    pub y: i32,
    /// 0–1023; `None` where the pad does not measure it.
    pub pressure: Option<u16>,
    /// Tip on the surface.
    pub down: bool,
}

impl fmt::Debug for PenSample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PenSample(…)")
    }
}

/// What was written on the pad.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PenRecording {
    /// Samples in order of time.
    pub samples: Vec<PenSample>,
    /// Resolution of x and y, units per inch.
    pub dpi: u32,
    /// Samples that the pad marked bad and that were left out.
    pub dropped: u32,
    /// Where it came from.
    pub provenance: Provenance,
}

impl fmt::Debug for PenRecording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PenRecording({} samples)", self.samples.len())
    }
}

/// A pad that reports the pen over a wire.
///
/// # Errors
/// [`DeviceError`] with the operation and its [`Fault`](crate::Fault): the end of the budget, a
/// device that is gone, busy or not ready, else what it says.
pub trait SignaturePad: Device {
    /// Width of the signing area in pad units: what a share of the pad is counted by.
    fn width(&self) -> f32;
    /// Clears the pad's own surface.
    fn clear(&self, budget: &Budget) -> Result<(), DeviceError>;
    /// Records until `done` is thrown (the operator's "selesai"), telling each sample to `sink` as it comes.
    /// The budget is the time to begin in: at its end an empty surface is `Fault::NothingPresented`, and whoever writes
    /// may finish within its grace, until the pen has stayed up for [`FINISHED_AFTER`]. Its cancel throws the recording
    /// away with `Fault::Cancelled`.
    fn record(
        &self,
        sink: &mut dyn FnMut(PenSample),
        done: &crate::CancelToken,
        budget: &Budget,
    ) -> Result<PenRecording, DeviceError>;
}

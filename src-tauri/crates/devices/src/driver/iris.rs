//! Iris scanners.

use std::fmt;
use std::sync::Arc;

use domain::Eye;

use crate::budget::Budget;
use crate::device::Device;
use crate::driver::Provenance;
use crate::driver::camera::FrameMailbox;
use crate::error::DeviceError;

/// The eyes to capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IrisRequest {
    /// Eyes that the person does not have or cannot give.
    pub exceptions: Vec<Eye>,
    /// Score 0–100 at which the device may stop by itself.
    pub wanted_score: u8,
}

impl IrisRequest {
    /// The eyes that must come back, right first.
    pub fn expected(&self) -> Vec<Eye> {
        Eye::ALL.into_iter().filter(|e| !self.exceptions.contains(e)).collect()
    }
}

/// One eye.
#[derive(Clone, PartialEq, Eq)]
pub struct EyeCapture {
    /// Which eye.
    pub eye: Eye,
    /// ISO/IEC 19794-6 record as received, image inside.
    pub record: Vec<u8>,
    /// The device's own score 0–100.
    pub device_score: u8,
    /// The signed answer as received (compact JWS), kept as evidence.
    pub evidence: String,
    /// SHA-256 chain value over this sample, lower-case hex.
    pub chain: String,
}

impl fmt::Debug for EyeCapture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EyeCapture({:?}, score {}, {} bytes)", self.eye, self.device_score, self.record.len())
    }
}

/// One capture of the eyes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IrisCapture {
    /// The eyes asked for, right first.
    pub eyes: Vec<EyeCapture>,
    /// Transaction id of the request.
    pub transaction: String,
    /// Where it came from.
    pub provenance: Provenance,
}

/// An iris scanner.
///
/// # Errors
/// [`DeviceError`] with the operation and its [`Fault`](crate::Fault): the end of the budget, a
/// device that is gone, busy or not ready, else what it says. Nothing of a capture is kept then.
pub trait IrisScanner: Device {
    /// Starts the live picture; ends with the capture, on error or when the budget ends.
    fn preview(&self, budget: &Budget) -> Result<Arc<FrameMailbox>, DeviceError>;
    /// Captures the eyes asked for, all of them or an error: [`Fault::Unread`](crate::Fault::Unread) names the eyes that
    /// are missing.
    fn capture(&self, request: &IrisRequest, budget: &Budget) -> Result<IrisCapture, DeviceError>;
}

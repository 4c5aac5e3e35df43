//! Ten-print scanners: one slap at a time, already cut into fingers.

use std::fmt;
use std::sync::Arc;

use domain::{Finger, Slap};

use crate::budget::Budget;
use crate::device::Device;
use crate::driver::Provenance;
use crate::driver::camera::FrameMailbox;
use crate::error::DeviceError;

/// One placement to capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlapRequest {
    /// Which placement.
    pub slap: Slap,
    /// Fingers of it that the person does not have or cannot give.
    pub exceptions: Vec<Finger>,
    /// Score 0–100 at which the device may stop by itself.
    pub wanted_score: u8,
}

impl SlapRequest {
    /// The fingers that must come back, as they lie on the platen.
    pub fn expected(&self) -> Vec<Finger> {
        self.slap.fingers().iter().copied().filter(|f| !self.exceptions.contains(f)).collect()
    }
}

/// One finger of a slap.
#[derive(Clone, PartialEq, Eq)]
pub struct FingerCapture {
    /// Which finger.
    pub finger: Finger,
    /// ISO/IEC 19794-4 record as received, image inside.
    pub record: Vec<u8>,
    /// The device's own score 0–100 (NFIQ 2 at registration).
    pub device_score: u8,
    /// The signed answer as received (compact JWS), kept as evidence.
    pub evidence: String,
    /// SHA-256 chain value over this sample, lower-case hex.
    pub chain: String,
}

impl fmt::Debug for FingerCapture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "FingerCapture({:?}, score {}, {} bytes)",
            self.finger,
            self.device_score,
            self.record.len()
        )
    }
}

/// One captured slap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlapCapture {
    /// Which placement.
    pub slap: Slap,
    /// The fingers, as they lie on the platen.
    pub fingers: Vec<FingerCapture>,
    /// Transaction id of the request.
    pub transaction: String,
    /// Where it came from.
    pub provenance: Provenance,
}

/// A ten-print scanner of enrolment quality.
///
/// # Errors
/// [`DeviceError`] with the operation and its [`Fault`](crate::Fault): the end of the budget, a
/// device that is gone, busy or not ready, else what it says. Nothing of a capture is kept then.
pub trait FingerprintScanner: Device {
    /// Starts the live picture of a placement; it ends with the capture, on error or when the
    /// budget ends. The device draws segment marks into it.
    fn preview(&self, slap: Slap, budget: &Budget) -> Result<Arc<FrameMailbox>, DeviceError>;
    /// Captures one placement; every finger asked for, or an error: [`Fault::Unread`](crate::Fault::Unread) names the
    /// fingers that are missing.
    fn capture(&self, request: &SlapRequest, budget: &Budget) -> Result<SlapCapture, DeviceError>;
}

//! One-finger modules for 1:1 checks. Below enrolment quality: never used for the record.

pub mod session;
pub mod zfm;

use domain::image::GrayImage;

use crate::budget::Budget;
use crate::device::Device;
use crate::driver::Provenance;
use crate::error::DeviceError;

/// One finger as the module saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierImage {
    /// The picture, scaled to 8 bit.
    pub image: GrayImage,
    /// Pixels per inch of `image`.
    pub ppi: u16,
    /// Real grey levels of the sensor (16 for ZFM).
    pub levels: u16,
    /// Where it came from.
    pub provenance: Provenance,
}

/// A one-finger module.
///
/// # Errors
/// [`DeviceError`] with the operation and its [`Fault`](crate::Fault): the end of the budget, a
/// device that is gone, busy or not ready, else what it says. No finger in time is
/// [`Fault::NothingPresented`](crate::Fault::NothingPresented).
pub trait FingerVerifier: Device {
    /// Waits for a finger and takes its picture.
    fn capture(&self, budget: &Budget) -> Result<VerifierImage, DeviceError>;
}

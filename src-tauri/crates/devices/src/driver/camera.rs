//! Portrait cameras: live frames through a mailbox of one, stills at full resolution.

pub mod finder;
pub mod http;
pub mod live;
pub mod mailbox;
pub mod native;
pub mod sight;
pub mod source;

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

pub use finder::{NetworkCameras, SystemCameras};
pub use live::LiveCamera;
pub use mailbox::FrameMailbox;

use crate::budget::Budget;
use crate::device::Device;
use crate::driver::Provenance;
use crate::error::DeviceError;

/// One picture as the camera sent it.
#[derive(Clone)]
pub struct Frame {
    /// JPEG bytes as received; never re-encoded when the camera speaks MJPEG.
    pub jpeg: Arc<[u8]>,
    /// Number of this frame since the source was opened, starting at 1; one that was passed over has its number, too.
    pub sequence: u64,
    /// Frames that nobody could look at, since the source was opened: replaced here, or passed over on the way.
    pub dropped: u64,
    /// When the source was asked for it.
    pub asked: Instant,
    /// When its last byte arrived.
    pub arrived: Instant,
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frame(#{}, {} bytes)", self.sequence, self.jpeg.len())
    }
}

/// A picture for the record.
#[derive(Clone, PartialEq, Eq)]
pub struct Still {
    /// JPEG bytes; as received when `original`.
    pub jpeg: Vec<u8>,
    /// Pixels per row.
    pub width: u32,
    /// Number of rows.
    pub height: u32,
    /// True when these are the camera's own bytes, false when we encoded them from raw pixels.
    pub original: bool,
    /// Where it came from.
    pub provenance: Provenance,
}

impl fmt::Debug for Still {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Still({}×{}, {} bytes)", self.width, self.height, self.jpeg.len())
    }
}

/// What a certified face device (SBI) proves about its picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    /// ISO/IEC 19794-5 record as received, image inside.
    pub record: Vec<u8>,
    /// The device's own score 0–100.
    pub device_score: u8,
    /// The signed answer as received (compact JWS), kept as evidence.
    pub evidence: String,
    /// SHA-256 chain value over this sample, lower-case hex.
    pub chain: String,
    /// Transaction id of the request.
    pub transaction: String,
}

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signed(score {}, {} bytes)", self.device_score, self.record.len())
    }
}

/// A face for the record.
#[derive(Clone, PartialEq, Eq)]
pub struct Portrait {
    /// Coded picture, as the device sent it.
    pub image: Vec<u8>,
    /// `image/jpeg`, `image/png` or `image/jp2`.
    pub media_type: &'static str,
    /// The proof of a certified device; a plain camera has none.
    pub signed: Option<Signed>,
    /// Where it came from.
    pub provenance: Provenance,
}

impl fmt::Debug for Portrait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Portrait({}, {} bytes, {:?})", self.media_type, self.image.len(), self.signed)
    }
}

impl From<Still> for Portrait {
    fn from(still: Still) -> Self {
        Self { image: still.jpeg, media_type: "image/jpeg", signed: None, provenance: still.provenance }
    }
}

/// A portrait camera. Opens on first use and reconnects by itself until closed.
///
/// # Errors
/// [`DeviceError`] with the operation and its [`Fault`](crate::Fault): the end of the budget, a
/// device that is gone, busy or not ready, else what it says.
pub trait Camera: Device {
    /// The live picture; starts the source when it is not running.
    fn preview(&self) -> Arc<FrameMailbox>;
    /// A fresh full-resolution picture taken after this call, unmirrored: of a paper, a hand, anything.
    fn still(&self, budget: &Budget) -> Result<Still, DeviceError>;
    /// The face: a still, unless the device captures faces by a protocol of its own.
    fn portrait(&self, budget: &Budget) -> Result<Portrait, DeviceError> {
        self.still(budget).map(Portrait::from)
    }
}

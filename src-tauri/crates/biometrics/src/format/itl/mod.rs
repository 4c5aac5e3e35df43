//! ANSI/NIST-ITL 1-2011 Update 2015, traditional encoding: the transaction of one recording.
//!
//! Records 1, 2, 10 (portrait), 14 (each finger), 17 (each iris), 8 (signature). Missing fingers and eyes are records of
//! their own with the reason (AMP, DME) and no image.

mod read;
mod record;
mod signature;
mod write;

pub use read::{Record, read};
pub use signature::Vector;

/// Separators of the traditional encoding.
const FS: u8 = 0x1c;
const GS: u8 = 0x1d;
const RS: u8 = 0x1e;
const US: u8 = 0x1f;

use domain::{Eye, Finger};

/// Coding of an image, as its CGA field says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cga {
    /// Uncompressed (`NONE`).
    None,
    /// WSQ (`WSQ20`).
    Wsq,
    /// Baseline JPEG (`JPEGB`).
    Jpeg,
    /// JPEG 2000 lossy (`JP2`).
    Jpeg2000,
    /// JPEG 2000 lossless (`JP2L`).
    Jpeg2000Lossless,
    /// PNG (`PNG`).
    Png,
}

impl Cga {
    /// The code of the field.
    pub const fn code(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Wsq => "WSQ20",
            Self::Jpeg => "JPEGB",
            Self::Jpeg2000 => "JP2",
            Self::Jpeg2000Lossless => "JP2L",
            Self::Png => "PNG",
        }
    }
}

/// A score with who computed it (subfields of FQM 14.024 and of 17.024, SAP-independent).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    /// 0–100; 254 not attempted, 255 failed.
    pub value: u8,
    /// Registered CBEFF vendor; 0 none registered.
    pub vendor: u16,
    /// The vendor's algorithm, 1–65535.
    pub algorithm: u16,
}

/// An image ready to be carried.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Width in pixels.
    pub width: u16,
    /// Height in pixels.
    pub height: u16,
    /// Pixels per inch; 0 unknown (scale code "aspect only").
    pub ppi: u16,
    /// Coding.
    pub cga: Cga,
    /// Coded bytes.
    pub data: Vec<u8>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}×{}, {:?}, {} bytes)", self.width, self.height, self.cga, self.data.len())
    }
}

/// Why a finger has no image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FingerMissing {
    /// `XX`: amputated.
    Amputated,
    /// `UP`: unable to print, e.g. bandaged or unreadable.
    UnableToPrint,
}

/// Why an eye has no image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EyeMissing {
    /// `MD`: missing or destroyed.
    MissingOrDestroyed,
    /// `UC`: unable to capture.
    UnableToCapture,
}

/// One finger: an image, or the reason there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FingerEntry {
    /// Which finger.
    pub finger: Finger,
    /// Image or reason.
    pub content: Result<Picture, FingerMissing>,
    /// Impression type IMP: 0 live-scan plain, 28 live-scan other.
    pub impression: u8,
    /// Scores: the device's, ours.
    pub quality: Vec<Score>,
    /// Free remark (COM), e.g. why a low quality was accepted.
    pub comment: Option<String>,
}

/// One eye: an image, or the reason there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EyeEntry {
    /// Which eye.
    pub eye: Eye,
    /// Image or reason.
    pub content: Result<Picture, EyeMissing>,
    /// Scores: the device's, ours.
    pub quality: Vec<Score>,
    /// Iris diameter in pixels.
    pub diameter: Option<u16>,
    /// Free remark (COM).
    pub comment: Option<String>,
}

/// Everything one transaction file holds, as plain inputs.
#[derive(Clone, Default, PartialEq)]
pub struct Transaction {
    /// TOT, type of transaction, up to 16 letters.
    pub kind: String,
    /// TCN, control number: unique at the originator.
    pub control_number: String,
    /// DAI, destination agency.
    pub destination: String,
    /// ORI, originating agency.
    pub origin: String,
    /// SRC of the image records: who captured.
    pub source: String,
    /// Local date `YYYYMMDD` (DAT, PHD, FCD, ICD).
    pub date: String,
    /// GMT, `YYYYMMDDHHMMSSZ`.
    pub gmt: String,
    /// DOM: domain name and version of the Type-2 fields.
    pub domain: Option<(String, String)>,
    /// PRY 1 (urgent) … 9.
    pub priority: u8,
    /// Type-2 fields, numbers from 3; one value each.
    pub text: Vec<(u16, String)>,
    /// Portrait.
    pub portrait: Option<Picture>,
    /// Fingers.
    pub fingers: Vec<FingerEntry>,
    /// Eyes.
    pub eyes: Vec<EyeEntry>,
    /// Signature as pen movement; empty = no Type-8 record.
    pub signature: Vec<Vector>,
}

impl std::fmt::Debug for Transaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Transaction({} fingers, {} eyes)", self.fingers.len(), self.eyes.len())
    }
}

//! One picture that was taken and kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Backdrop, Part, Target};
use crate::ids::CaptureId;

/// Quality of one part in one attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartQuality {
    /// Which part.
    pub part: Part,
    /// 0–100, higher is better; of the algorithm named in the attempt.
    pub score: u8,
    /// Keys of what is wrong, the most useful first ("dry", "too_dark"); open list.
    pub reasons: Vec<String>,
}

/// One picture that was taken and kept. Every attempt is kept; none overwrites another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Names the picture.
    pub id: CaptureId,
    /// When it was taken.
    pub at: Timestamp,
    /// What it is of.
    pub target: Target,
    /// Quality by part; a finger that is absent here was not seen.
    pub parts: Vec<PartQuality>,
    /// The device: model and serial number.
    pub device: String,
    /// The quality algorithm with its version.
    pub algorithm: String,
    /// The backdrop that a photo was judged beside. `None` of everything else, and of a photo of before it was kept: it stands
    /// as judged until its visit goes back to step 3 or before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backdrop: Option<Backdrop>,
}

impl Attempt {
    /// Returns the quality of a part; `None` when the attempt does not show it.
    pub fn score_of(&self, part: Part) -> Option<u8> {
        self.parts.iter().find(|quality| quality.part == part).map(|quality| quality.score)
    }
}

//! Chip fingers: which they are, captured again and matched 1:1.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::finger::Finger;
use crate::ids::{CaptureId, OperatorId};
use crate::role::Witness;

/// The chip-finger rule: which fingers go on the chip, and who stands in for whom on each hand.
///
/// Source: both index fingers, Perpres 67/2011; the order of substitutes is not official and therefore data: `chip_fingers` of
/// the station's settings and `[chip]` of the centre's, which must be the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChipRule {
    /// Order on the right hand.
    pub right: Vec<Finger>,
    /// Order on the left hand.
    pub left: Vec<Finger>,
}

impl Default for ChipRule {
    fn default() -> Self {
        Self {
            right: vec![Finger::RightIndex, Finger::RightMiddle, Finger::RightRing, Finger::RightThumb],
            left: vec![Finger::LeftIndex, Finger::LeftMiddle, Finger::LeftRing, Finger::LeftThumb],
        }
    }
}

/// Grey levels of a fingerprint that may be enrolled: 8 bits. Source: ISO/IEC 19794-4; FBI Appendix F.
pub const ENROLMENT_LEVELS: u16 = 256;

/// One re-match of a chip finger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RematchAttempt {
    /// The finger.
    pub finger: Finger,
    /// Names the picture.
    pub id: CaptureId,
    /// When.
    pub at: Timestamp,
    /// Comparison score (BOZORTH3); higher is more alike.
    pub score: u32,
    /// The slap attempt it was compared with.
    pub against: CaptureId,
    /// What is weak about the picture, as of a [`crate::capture::PartQuality`]; a visit stored before this was kept has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// The device: model and serial number; empty in a visit stored before this was kept.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub device: String,
    /// Grey levels of a one-finger module's sensor. `None` of the scanner that the slaps come from, and in a visit stored
    /// before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<u16>,
}

impl RematchAttempt {
    /// Says whether its picture is below enrolment quality: fit for this comparison, never for the record.
    pub fn is_below_enrolment(&self) -> bool {
        self.levels.is_some_and(|levels| levels < ENROLMENT_LEVELS)
    }
}

/// The way on when a re-match does not succeed: recorded and reported, never a verdict about the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RematchExit {
    /// The finger.
    pub finger: Finger,
    /// Why, in words.
    pub note: String,
    /// The second person.
    pub witness: Witness,
    /// Who recorded it; `None` in a visit stored before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OperatorId>,
    /// When.
    pub at: Timestamp,
    /// The slap attempt that it was not matched with; `None` in a visit stored before this was kept: the one that counts when
    /// it is next changed.
    #[serde(default)]
    pub against: Option<CaptureId>,
}

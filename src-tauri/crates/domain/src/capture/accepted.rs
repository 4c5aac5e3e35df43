//! What counts although it is weak: quality accepted with a note, and a photo in which the program finds no face.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Backdrop, Target};
use crate::ids::{CaptureId, OperatorId};
use crate::role::Witness;

/// Low quality of one attempt, accepted with a note; of another attempt it says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LowAccepted {
    /// Of what.
    pub target: Target,
    /// The attempt that counted; `None` in a visit stored before this was kept: the one that counts when it is next changed.
    pub attempt: Option<CaptureId>,
    /// Why, in words.
    pub note: String,
    /// The backdrop that was due when a photo was accepted; of another one the note says nothing. `None` of everything else, and
    /// of before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backdrop: Option<Backdrop>,
}

/// Reads the acceptances of a stored visit: today's, or the pairs of target and note of before.
pub(super) fn accepted_low<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<LowAccepted>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stored {
        Whole(LowAccepted),
        Pair(Target, String),
    }
    let list = Vec::<Stored>::deserialize(from)?;
    Ok(list
        .into_iter()
        .map(|stored| match stored {
            Stored::Whole(low) => low,
            Stored::Pair(target, note) => LowAccepted { target, attempt: None, note, backdrop: None },
        })
        .collect())
}

/// A still in which no face is found: kept, counted as a try, and no photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacelessStill {
    /// Names the picture.
    pub id: CaptureId,
    /// When it was taken.
    pub at: Timestamp,
    /// The device: model and serial number.
    pub device: String,
}

/// How far a picture is turned, clockwise: a camera cannot be turned for everybody who lies. Stored as its degrees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "u16", try_from = "u16")]
pub enum QuarterTurn {
    /// As it came.
    #[default]
    None,
    /// A quarter to the right.
    Right,
    /// Upside down.
    Half,
    /// A quarter to the left.
    Left,
}

impl QuarterTurn {
    /// All four, each a quarter further than the one before.
    pub const ALL: [QuarterTurn; 4] =
        [QuarterTurn::None, QuarterTurn::Right, QuarterTurn::Half, QuarterTurn::Left];

    /// Returns 0, 90, 180 or 270.
    pub const fn degrees(self) -> u16 {
        match self {
            QuarterTurn::None => 0,
            QuarterTurn::Right => 90,
            QuarterTurn::Half => 180,
            QuarterTurn::Left => 270,
        }
    }

    /// Returns the turn of so many degrees; `None` when they are no quarters of one whole turn.
    pub fn of_degrees(degrees: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|turn| turn.degrees() == degrees)
    }

    /// Says whether the picture stays as it came.
    pub fn is_none(&self) -> bool {
        *self == QuarterTurn::None
    }
}

impl From<QuarterTurn> for u16 {
    fn from(turn: QuarterTurn) -> Self {
        turn.degrees()
    }
}

impl TryFrom<u16> for QuarterTurn {
    type Error = String;

    fn try_from(degrees: u16) -> Result<Self, Self::Error> {
        Self::of_degrees(degrees).ok_or_else(|| format!("{degrees} degrees are no quarter turn"))
    }
}

/// A photo that was cut by hand out of a still in which no face is found, before a second officer: nobody is left without a
/// photo because of a face that the program does not know as one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandCut {
    /// The photo.
    pub attempt: CaptureId,
    /// The still that it was cut from.
    pub still: CaptureId,
    /// How far the still was turned first; not at all in a visit stored before it could be.
    #[serde(default, skip_serializing_if = "QuarterTurn::is_none")]
    pub turn: QuarterTurn,
    /// Why no face is found, in words.
    pub note: String,
    /// The second person.
    pub witness: Witness,
    /// Who cut it.
    pub operator: OperatorId,
    /// When.
    pub at: Timestamp,
}

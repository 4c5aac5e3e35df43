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

/// A photo that was cut by hand out of a still in which no face is found, before a second officer: nobody is left without a
/// photo because of a face that the program does not know as one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandCut {
    /// The photo.
    pub attempt: CaptureId,
    /// The still that it was cut from.
    pub still: CaptureId,
    /// Why no face is found, in words.
    pub note: String,
    /// The second person.
    pub witness: Witness,
    /// Who cut it.
    pub operator: OperatorId,
    /// When.
    pub at: Timestamp,
}

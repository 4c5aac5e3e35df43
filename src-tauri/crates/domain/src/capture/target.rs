//! What step 4 captures: sub-steps, targets of an attempt, parts of a person.

use serde::{Deserialize, Serialize};

use crate::eye::Eye;
use crate::finger::{Finger, Slap};

/// The sub-steps of step 4 in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    /// The photo, approved by the applicant before anything else.
    Portrait,
    /// Ten fingers as 4-4-2.
    Fingers,
    /// Both irises.
    Irises,
    /// The signature on the pad.
    Signature,
    /// Both chip fingers captured again and matched 1:1.
    Rematch,
}

impl Modality {
    /// All sub-steps in order.
    pub const ALL: [Modality; 5] =
        [Modality::Portrait, Modality::Fingers, Modality::Irises, Modality::Signature, Modality::Rematch];
}

/// What one attempt is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "of", content = "which")]
pub enum Target {
    /// The face.
    Portrait,
    /// One placement of fingers.
    Slap(Slap),
    /// One iris.
    Eye(Eye),
    /// The signature.
    Signature,
}

impl Target {
    /// Returns the sub-step it belongs to.
    pub const fn modality(self) -> Modality {
        match self {
            Target::Portrait => Modality::Portrait,
            Target::Slap(_) => Modality::Fingers,
            Target::Eye(_) => Modality::Irises,
            Target::Signature => Modality::Signature,
        }
    }
}

/// A part of the person that is captured or excepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "part", content = "which")]
pub enum Part {
    /// The face; never excepted.
    Face,
    /// One finger.
    Finger(Finger),
    /// One eye.
    Eye(Eye),
    /// The signing hand.
    Signature,
}

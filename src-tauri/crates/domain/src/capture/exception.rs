//! A part that is not captured, and what makes that valid.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Part;
use crate::ids::{DocumentId, OperatorId};
use crate::role::Witness;

/// Why a part is not captured. Official codes are not known; these are ours, with an open end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason", content = "words")]
pub enum ExceptionReason {
    /// Finger missing.
    Amputated,
    /// Wound or bandage.
    Bandaged,
    /// Unreadable after the set number of attempts.
    Unreadable,
    /// Stiff: cannot be laid on the platen.
    Stiff,
    /// Eye missing or blind.
    MissingOrBlind,
    /// The lid cannot be opened.
    LidClosed,
    /// Cannot sign.
    CannotSign,
    /// Something else, in words.
    Other(String),
}

impl ExceptionReason {
    /// Says whether it can be a reason for this part.
    pub fn fits(&self, part: Part) -> bool {
        match (self, part) {
            (_, Part::Face) => false,
            (ExceptionReason::Amputated | ExceptionReason::Stiff, Part::Finger(_)) => true,
            (ExceptionReason::Bandaged | ExceptionReason::Unreadable, Part::Finger(_) | Part::Eye(_)) => true,
            (ExceptionReason::MissingOrBlind | ExceptionReason::LidClosed, Part::Eye(_)) => true,
            (ExceptionReason::CannotSign, Part::Signature) => true,
            (ExceptionReason::Other(words), Part::Finger(_) | Part::Eye(_) | Part::Signature) => {
                !words.trim().is_empty()
            }
            (ExceptionReason::Amputated | ExceptionReason::Stiff, Part::Eye(_) | Part::Signature)
            | (ExceptionReason::Bandaged | ExceptionReason::Unreadable, Part::Signature)
            | (
                ExceptionReason::MissingOrBlind | ExceptionReason::LidClosed,
                Part::Finger(_) | Part::Signature,
            )
            | (ExceptionReason::CannotSign, Part::Finger(_) | Part::Eye(_)) => false,
        }
    }

    /// Says whether a photograph of the part proves something and is therefore asked.
    pub fn photo_required(&self, part: Part) -> bool {
        matches!(part, Part::Finger(_))
            && matches!(self, ExceptionReason::Amputated | ExceptionReason::Bandaged | ExceptionReason::Stiff)
    }
}

/// How long an exception holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "lasts")]
pub enum Duration {
    /// For good.
    Permanent,
    /// Until it heals: the applicant comes again.
    Temporary {
        /// First day on which it may be tried again.
        return_on: Date,
    },
}

/// What stands in for a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureSubstitute {
    /// Right thumb print.
    ThumbRight,
    /// Left thumb print.
    ThumbLeft,
    /// A line on the pad.
    Line,
    /// Nothing, with a witness.
    Empty,
}

/// One part that is not captured, with everything that makes that valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// Which part.
    pub part: Part,
    /// Why.
    pub reason: ExceptionReason,
    /// For how long.
    pub duration: Duration,
    /// Photograph of the part, where the rule asks for one.
    pub photo: Option<DocumentId>,
    /// For a signature: what stands in.
    pub substitute: Option<SignatureSubstitute>,
    /// The second person.
    pub witness: Witness,
    /// Who recorded it.
    pub operator: OperatorId,
    /// When.
    pub at: Timestamp,
}

//! Where one finger or eye stands.

use serde::{Deserialize, Serialize};

/// The state of one finger as the two hands show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FingerState {
    /// Not captured yet.
    Waiting,
    /// Captured, below the limit, not accepted.
    Low,
    /// Captured, good.
    Ok,
    /// Low quality accepted after the set number of attempts.
    LowQualityAccepted,
    /// Missing.
    Amputated,
    /// Bandaged: comes again.
    Bandaged,
    /// Unreadable.
    Unreadable,
    /// Stiff.
    Stiff,
    /// Excepted for another reason.
    Other,
}

/// The state of one eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EyeState {
    /// Not captured yet.
    Waiting,
    /// Captured, below the limit, not accepted.
    Low,
    /// Captured, good.
    Ok,
    /// Low quality accepted after the set number of attempts.
    LowQualityAccepted,
    /// Missing or blind.
    MissingOrBlind,
    /// Bandaged: comes again.
    Bandaged,
    /// Unreadable.
    Unreadable,
    /// The lid cannot be opened.
    LidClosed,
    /// Excepted for another reason.
    Other,
}

//! What a person judges of the photo, and the applicant's approval of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::CaptureId;

/// What an operator looks at and confirms; never shown as measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgedCheck {
    /// Eyes open, looking at the camera.
    EyesOpen,
    /// No glasses, no contact lenses.
    NoGlassesOrLenses,
    /// Forehead, brows and eyes uncovered.
    FaceUncovered,
    /// Head upright, ordinary expression.
    HeadUpright,
}

impl JudgedCheck {
    /// All four, in the order of their digits on the screen.
    pub const ALL: [JudgedCheck; 4] = [
        JudgedCheck::EyesOpen,
        JudgedCheck::NoGlassesOrLenses,
        JudgedCheck::FaceUncovered,
        JudgedCheck::HeadUpright,
    ];
}

/// How the applicant approved the photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalBy {
    /// On the applicant's screen.
    Screen,
    /// In words; the operator notes it.
    Oral,
}

/// The approval of one photo. Source: Dirjen letter 400.8.1.2/13999/Dukcapil, 11-10-2024.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The photo.
    pub portrait: CaptureId,
    /// `disetujui_pada`.
    pub at: Timestamp,
    /// How.
    pub by: ApprovalBy,
}

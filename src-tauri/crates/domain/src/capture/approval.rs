//! What a person judges of the photo, and the applicant's approval of it.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use crate::ids::{CaptureId, OperatorId};
use crate::role::Witness;

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

    /// Returns the stable key, as the register writes it.
    pub const fn key(self) -> &'static str {
        match self {
            JudgedCheck::EyesOpen => "eyes_open",
            JudgedCheck::NoGlassesOrLenses => "no_glasses_or_lenses",
            JudgedCheck::FaceUncovered => "face_uncovered",
            JudgedCheck::HeadUpright => "head_upright",
        }
    }
}

/// Why a line cannot hold of whoever the photo shows, said before a second officer: nobody is left without a photo because of a
/// lid that does not open, and nobody has to tick what is not so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excuse {
    /// Why, in words.
    pub note: String,
    /// The second officer.
    pub witness: Witness,
}

/// A line as somebody judged it of one photo; a later word on the same line takes its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Of which photo; `None` in a visit stored before this was kept: of the photo that counted then.
    pub portrait: Option<CaptureId>,
    /// Which line.
    pub check: JudgedCheck,
    /// Ticked; `false` when the tick was taken back, and where it is excused: the line does not hold.
    pub yes: bool,
    /// By whom; `None` in a visit stored before this was kept. Nobody is named in their place.
    pub by: Option<OperatorId>,
    /// When; `None` in a visit stored before this was kept.
    pub at: Option<Timestamp>,
    /// Why it cannot hold; absent where it is only ticked or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excuse: Option<Excuse>,
}

impl Judged {
    /// Says whether nothing is asked about the line any more: it holds, or cannot and that was witnessed.
    pub const fn is_settled(&self) -> bool {
        self.yes || self.excuse.is_some()
    }
}

/// Reads the judged lines of a stored visit: today's, or the bare names of ticked lines of before.
pub(super) fn judged_lines<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Judged>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stored {
        Line(Judged),
        Bare(JudgedCheck),
    }
    let lines = Vec::<Stored>::deserialize(from)?;
    Ok(lines
        .into_iter()
        .map(|line| match line {
            Stored::Line(judged) => judged,
            Stored::Bare(check) => {
                Judged { portrait: None, check, yes: true, by: None, at: None, excuse: None }
            }
        })
        .collect())
}

/// Why another photo than the best by the rule is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChoiceReason {
    /// The applicant likes it better.
    Applicant,
    /// The face is more natural.
    Natural,
    /// The clothes sit better.
    Clothes,
}

impl ChoiceReason {
    /// Returns the stable key, as the register writes it.
    pub const fn key(self) -> &'static str {
        match self {
            ChoiceReason::Applicant => "pilihan_pemohon",
            ChoiceReason::Natural => "wajah_lebih_wajar",
            ChoiceReason::Clothes => "pakaian_lebih_rapi",
        }
    }
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

/// The applicant asked for another photo than this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortraitRefusal {
    /// The photo.
    pub portrait: CaptureId,
    /// When.
    pub at: Timestamp,
}

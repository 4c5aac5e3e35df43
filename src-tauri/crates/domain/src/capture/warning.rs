//! Something that a comparison noticed, and its answer.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::finger::Finger;
use crate::ids::{CaptureId, PermohonanId};
use crate::nik::Nik;

/// Something that a comparison noticed. It asks; it accuses no one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Warning {
    /// Two positions show the same finger.
    SameFingerTwice {
        /// First position.
        a: Finger,
        /// Second position.
        b: Finger,
    },
    /// The right-hand placement shows the left hand, or the other way round.
    HandsSwapped,
    /// Both eyes show the same iris.
    SameEyeTwice,
    /// Similar fingers are here under another NIK; the other NIK stays in the station's database.
    FoundUnderAnotherNik,
    /// The NIK in the form is another one than that under which the recording was begun.
    NikChanged,
}

/// A search among the recordings of this station. With other fingers, for another NIK, or with somebody else found, it is
/// another search.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Searched {
    /// The attempts that were searched for: in order, each once. None of them is in doubt.
    pub captures: Vec<CaptureId>,
    /// The applicant's NIK that it was made for; `None` in recordings of before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nik: Option<Nik>,
    /// The visits in which these fingers were found: in order, each once. Their NIK stays in the station's database.
    pub found: Vec<PermohonanId>,
}

impl Searched {
    /// Returns it with both lists in order, each entry once.
    pub fn in_order(mut self) -> Self {
        self.captures.sort_unstable();
        self.captures.dedup();
        self.found.sort_unstable();
        self.found.dedup();
        self
    }
}

/// What the operator answered to a warning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarningAnswer {
    /// The warning.
    pub warning: Warning,
    /// The attempts that may show something else than they are of: in order, each once. Empty for a warning about no
    /// attempt in particular, and in recordings of before they were named.
    #[serde(default)]
    pub attempts: Vec<CaptureId>,
    /// What was searched and found, of [`Warning::FoundUnderAnotherNik`]; `None` of every other warning, and in recordings of
    /// before it was kept.
    #[serde(default)]
    pub search: Option<Searched>,
    /// The note; empty while unanswered.
    pub note: String,
    /// When the warning came.
    pub at: Timestamp,
}

impl WarningAnswer {
    /// Says whether nobody has answered it yet.
    pub fn is_open(&self) -> bool {
        self.note.trim().is_empty()
    }
}

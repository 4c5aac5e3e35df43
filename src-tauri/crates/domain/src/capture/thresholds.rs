//! Limits of step 4.

use serde::{Deserialize, Serialize};

use super::Part;

/// Limits of step 4: `[capture]` of the station's settings, and `[thresholds]` of the centre's, which refuses a packet that was
/// recorded by lower ones. These are the defaults of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thresholds {
    /// Least quality of a photo, 0–100.
    pub portrait: u8,
    /// Least quality of a finger, 0–100.
    pub finger: u8,
    /// Least quality of an iris, 0–100.
    pub eye: u8,
    /// Attempts after which low quality, or "unreadable", may be accepted.
    pub tries: u8,
    /// Least comparison score of a re-match (BOZORTH3; higher is more alike).
    pub rematch_score: u32,
    /// Re-match attempts after which the witnessed exit opens.
    pub rematch_tries: u8,
    /// A companion of the applicant may witness exceptions of fingers and eyes (a desk with one officer). The centre's own limit:
    /// our station always asks for a second officer.
    pub family_may_witness: bool,
}

impl Default for Thresholds {
    /// Source: our choice, to be set by the office; 40 and 3 follow biometrics practice, no official number is known.
    fn default() -> Self {
        Self {
            portrait: 60,
            finger: 40,
            eye: 40,
            tries: 3,
            rematch_score: 40,
            rematch_tries: 3,
            family_may_witness: false,
        }
    }
}

impl Thresholds {
    /// Returns the least quality of a part; a signature has none.
    pub fn of(&self, part: Part) -> u8 {
        match part {
            Part::Face => self.portrait,
            Part::Finger(_) => self.finger,
            Part::Eye(_) => self.eye,
            Part::Signature => 0,
        }
    }
}

//! Fingers and eyes in SBI's words.

use domain::{Eye, Finger, Slap, sbi};

use super::BioType;

/// What one sample is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// A finger.
    Finger(Finger),
    /// An eye.
    Eye(Eye),
    /// The face.
    Face,
}

impl Part {
    /// The `bioSubType` on the wire; empty for the face.
    pub const fn word(self) -> &'static str {
        match self {
            Part::Finger(finger) => sbi::finger_word(finger),
            Part::Eye(eye) => sbi::eye_word(eye),
            Part::Face => "",
        }
    }

    /// Reads a `bioSubType`, tolerant of case and of a missing or extra blank.
    pub fn parse(kind: BioType, text: &str) -> Option<Self> {
        match kind {
            BioType::Face => Some(Part::Face),
            BioType::Finger => {
                Finger::ALL.into_iter().map(Part::Finger).find(|p| sbi::same_word(p.word(), text))
            }
            BioType::Iris => Eye::ALL.into_iter().map(Part::Eye).find(|p| sbi::same_word(p.word(), text)),
        }
    }
}

/// The `deviceSubId` of a placement: 1 left, 2 right, 3 both thumbs.
pub const fn slap_sub_id(slap: Slap) -> &'static str {
    match slap {
        Slap::LeftFour => "1",
        Slap::RightFour => "2",
        Slap::Thumbs => "3",
    }
}

/// The placement of a `deviceSubId`.
pub fn slap_of_sub_id(sub_id: &str) -> Option<Slap> {
    Slap::ALL.into_iter().find(|s| slap_sub_id(*s) == sub_id)
}

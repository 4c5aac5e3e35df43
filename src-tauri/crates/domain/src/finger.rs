//! Finger positions and the slaps they are captured in.

use serde::{Deserialize, Serialize};

/// A finger position of one person.
///
/// Source: ISO/IEC 19794-4:2011 table 5 and ANSI/NIST-ITL 1-2011 table 8 (same codes 1–10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finger {
    /// Code 1.
    RightThumb,
    /// Code 2.
    RightIndex,
    /// Code 3.
    RightMiddle,
    /// Code 4.
    RightRing,
    /// Code 5.
    RightLittle,
    /// Code 6.
    LeftThumb,
    /// Code 7.
    LeftIndex,
    /// Code 8.
    LeftMiddle,
    /// Code 9.
    LeftRing,
    /// Code 10.
    LeftLittle,
}

/// One placement on a ten-print scanner; KTP-el stations capture 4-4-2, right hand first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slap {
    /// Right index to little.
    RightFour,
    /// Left little to index.
    LeftFour,
    /// Both thumbs.
    Thumbs,
}

impl Finger {
    /// All ten, in code order (right thumb … left little).
    pub const ALL: [Finger; 10] = [
        Finger::RightThumb,
        Finger::RightIndex,
        Finger::RightMiddle,
        Finger::RightRing,
        Finger::RightLittle,
        Finger::LeftThumb,
        Finger::LeftIndex,
        Finger::LeftMiddle,
        Finger::LeftRing,
        Finger::LeftLittle,
    ];

    /// Returns the position code: 1 right thumb … 5 right little finger, 6 left thumb … 10 left little finger. Source:
    /// ISO/IEC 19794-2, ANSI/NIST-ITL.
    pub const fn code(self) -> u8 {
        self as u8 + 1
    }

    /// The finger of a position code, `None` outside 1–10.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code.checked_sub(1)?)).copied()
    }

    /// True for the five fingers of the right hand.
    pub const fn is_right(self) -> bool {
        (self as u8) < 5
    }

    /// The slap that this finger is captured in.
    pub const fn slap(self) -> Slap {
        match self {
            Finger::RightThumb | Finger::LeftThumb => Slap::Thumbs,
            Finger::RightIndex | Finger::RightMiddle | Finger::RightRing | Finger::RightLittle => {
                Slap::RightFour
            }
            Finger::LeftIndex | Finger::LeftMiddle | Finger::LeftRing | Finger::LeftLittle => Slap::LeftFour,
        }
    }
}

impl Slap {
    /// The three placements in the order of Indonesian practice.
    pub const ALL: [Slap; 3] = [Slap::RightFour, Slap::LeftFour, Slap::Thumbs];

    /// The fingers of this placement as they lie on the platen, left to right as the operator sees them.
    pub const fn fingers(self) -> &'static [Finger] {
        match self {
            Slap::RightFour => {
                &[Finger::RightIndex, Finger::RightMiddle, Finger::RightRing, Finger::RightLittle]
            }
            Slap::LeftFour => &[Finger::LeftLittle, Finger::LeftRing, Finger::LeftMiddle, Finger::LeftIndex],
            Slap::Thumbs => &[Finger::LeftThumb, Finger::RightThumb],
        }
    }
}

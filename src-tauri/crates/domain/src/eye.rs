//! The two eyes.

use serde::{Deserialize, Serialize};

/// One eye of a person, named from the person's own side.
///
/// Source: ISO/IEC 19794-6:2011 (1 right, 2 left).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Eye {
    /// Label 1.
    Right,
    /// Label 2.
    Left,
}

impl Eye {
    /// Both eyes, right first as they are captured.
    pub const ALL: [Eye; 2] = [Eye::Right, Eye::Left];

    /// ISO/IEC 19794-6 eye label: 1 right, 2 left.
    pub const fn code(self) -> u8 {
        match self {
            Eye::Right => 1,
            Eye::Left => 2,
        }
    }
}

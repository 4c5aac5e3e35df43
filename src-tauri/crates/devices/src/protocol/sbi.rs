//! MOSIP Secure Biometric Interface, message version 0.9.5 with 1.0 as a thin variant.
//!
//! Requests, answers, signatures, hash chain and the checks before a capture is believed; no I/O and
//! no clock. The server's side of each is here too, so that the simulator shares the layout but not
//! the judgement. Bytes: `docs/protocols/sbi.md`.

pub mod answer;
pub mod chain;
pub mod check;
pub mod code;
pub mod jws;
pub mod part;
pub mod record;
pub mod request;

use serde::{Deserialize, Serialize};

/// Biometric type of a device or sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BioType {
    /// Slap or single finger.
    Finger,
    /// One or both irises.
    Iris,
    /// Portrait.
    Face,
}

impl BioType {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            BioType::Finger => "Finger",
            BioType::Iris => "Iris",
            BioType::Face => "Face",
        }
    }

    /// Reads the word, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        [BioType::Finger, BioType::Iris, BioType::Face]
            .into_iter()
            .find(|t| t.word().eq_ignore_ascii_case(text))
    }
}

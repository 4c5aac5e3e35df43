//! Img2Tz (02): finds features in the module's own image; used only to ask whether the image is good.

use std::time::Duration;

use super::{Code, Command, ZfmError, answer, body};

/// Find features and keep them in a slot of the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Img2Tz {
    /// Slot 1 or 2.
    pub slot: u8,
}

impl Command for Img2Tz {
    const ID: u8 = 0x02;
    const NAME: &'static str = "Img2Tz";
    const TIMEOUT: Duration = Duration::from_secs(3);
    const MAX_ANSWER: usize = 1;
    const IDEMPOTENT: bool = true;
    /// `Done`, or why the image is poor (`Disorderly`, `TooFewFeatures`, `NoImage`).
    type Response = Code;

    fn encode(&self) -> Vec<u8> {
        vec![Self::ID, self.slot]
    }

    fn decode_response(payload: &[u8]) -> Result<Code, ZfmError> {
        Ok(answer(Self::NAME, payload, 0)?.0)
    }

    fn decode(payload: &[u8]) -> Result<Self, ZfmError> {
        Ok(Self { slot: body(Self::NAME, Self::ID, payload, 1)?[0] })
    }

    fn encode_response(response: &Code) -> Vec<u8> {
        vec![u8::from(*response)]
    }
}

//! GenImg (01): takes an image into the module's buffer, if a finger is there.

use std::time::Duration;

use super::{Code, Command, ZfmError, answer, body};

/// Take an image.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GenImg;

impl Command for GenImg {
    const ID: u8 = 0x01;
    const NAME: &'static str = "GenImg";
    const TIMEOUT: Duration = Duration::from_secs(2);
    const MAX_ANSWER: usize = 1;
    const IDEMPOTENT: bool = true;
    /// `Done` when an image was taken, `NoFinger` when the sensor is empty.
    type Response = Code;

    fn encode(&self) -> Vec<u8> {
        vec![Self::ID]
    }

    fn decode_response(payload: &[u8]) -> Result<Code, ZfmError> {
        Ok(answer(Self::NAME, payload, 0)?.0)
    }

    fn decode(payload: &[u8]) -> Result<Self, ZfmError> {
        body(Self::NAME, Self::ID, payload, 0).map(|_| Self)
    }

    fn encode_response(response: &Code) -> Vec<u8> {
        vec![u8::from(*response)]
    }
}

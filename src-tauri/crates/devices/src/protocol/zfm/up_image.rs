//! UpImage (0A): sends the image in the module's buffer as data packets after its answer.

use std::time::Duration;

use super::{Code, Command, ZfmError, answer, body};

/// Send the image.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UpImage;

/// Longest silence between two data packets of an upload.
pub const PACKET_TIMEOUT: Duration = Duration::from_millis(1500);

impl Command for UpImage {
    const ID: u8 = 0x0A;
    const NAME: &'static str = "UpImage";
    const TIMEOUT: Duration = Duration::from_millis(1500);
    const MAX_ANSWER: usize = 1;
    /// The image stays in the buffer, so asking again sends the same image.
    const IDEMPOTENT: bool = true;
    /// `Done` when packets follow, else `UploadFailed` or `NoImage`.
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

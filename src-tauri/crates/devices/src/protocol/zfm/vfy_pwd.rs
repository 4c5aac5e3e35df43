//! VfyPwd (13): opens the module with its password, and proves that a module is there.

use std::time::Duration;

use super::{Code, Command, ZfmError, answer, body};

/// Password check; the factory password is 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VfyPwd {
    /// The module's password. It guards nothing of a person; it is a wiring check.
    pub password: u32,
}

impl Command for VfyPwd {
    const ID: u8 = 0x13;
    const NAME: &'static str = "VfyPwd";
    const TIMEOUT: Duration = Duration::from_millis(1500);
    const MAX_ANSWER: usize = 1;
    const IDEMPOTENT: bool = true;
    /// `Done` or `WrongPassword`.
    type Response = Code;

    fn encode(&self) -> Vec<u8> {
        let mut payload = vec![Self::ID];
        payload.extend_from_slice(&self.password.to_be_bytes());
        payload
    }

    fn decode_response(payload: &[u8]) -> Result<Code, ZfmError> {
        Ok(answer(Self::NAME, payload, 0)?.0)
    }

    fn decode(payload: &[u8]) -> Result<Self, ZfmError> {
        let b = body(Self::NAME, Self::ID, payload, 4)?;
        Ok(Self { password: u32::from_be_bytes([b[0], b[1], b[2], b[3]]) })
    }

    fn encode_response(response: &Code) -> Vec<u8> {
        vec![u8::from(*response)]
    }
}

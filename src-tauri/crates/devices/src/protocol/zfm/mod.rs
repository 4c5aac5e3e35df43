//! ZFM-20 / R30x / AS608 serial fingerprint modules: frames `EF 01`, one file per command.
//!
//! Sans-IO: bytes in, events out; no clock, no thread, no port. Described in `docs/protocols/zfm.md`.

pub mod accumulator;
pub mod code;
pub mod frame;
pub mod gen_img;
pub mod image;
pub mod img2tz;
pub mod read_sys_para;
pub mod up_image;
pub mod vfy_pwd;

use std::time::Duration;

pub use accumulator::{Accumulator, Event};
pub use code::Code;
pub use frame::{Frame, Pid};
pub use image::{IMAGE_BYTES, ImageAssembler};

/// What can be wrong with an answer of the module.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ZfmError {
    /// The answer has another length than the command allows.
    #[error("{command}: answer of {got} bytes, expected {expected}")]
    Length {
        /// Name of the command.
        command: &'static str,
        /// Bytes the command's answer has.
        expected: usize,
        /// Bytes that came.
        got: usize,
    },
    /// The bytes are not this command.
    #[error("{command}: not this command")]
    OtherCommand {
        /// Name of the command that was tried.
        command: &'static str,
    },
    /// The module refused with a confirmation code.
    #[error("{command}: module answered {code:?}")]
    Refused {
        /// Name of the command.
        command: &'static str,
        /// The code of the answer.
        code: Code,
    },
    /// A frame came that has no place here.
    #[error("frame {pid:?} has no place here")]
    OutOfPlace {
        /// Kind of the frame.
        pid: Pid,
    },
    /// The upload ended with another number of bytes than one image.
    #[error("image of {got} bytes, expected {expected}")]
    ImageSize {
        /// Bytes of one image.
        expected: usize,
        /// Bytes that came.
        got: usize,
    },
}

/// One command of the module: what it sends, what it expects, and how long it may take.
///
/// `decode` and `encode_response` are the simulator's half, so both sides read the same file.
///
/// # Errors
/// [`ZfmError`] for a payload of another length or command, or with a code that refuses.
pub trait Command: Sized {
    /// The instruction byte.
    const ID: u8;
    /// Name in errors and logs.
    const NAME: &'static str;
    /// How long the module may take to answer, transfer of the answer frame included.
    const TIMEOUT: Duration;
    /// Most payload bytes an answer frame may have.
    const MAX_ANSWER: usize;
    /// Whether sending it twice does the same as once, so that a retry is safe.
    const IDEMPOTENT: bool;
    /// What the answer says.
    type Response;

    /// Payload of the command frame.
    fn encode(&self) -> Vec<u8>;
    /// Reads the payload of the answer frame.
    fn decode_response(payload: &[u8]) -> Result<Self::Response, ZfmError>;
    /// Reads the payload of a command frame.
    fn decode(payload: &[u8]) -> Result<Self, ZfmError>;
    /// Payload of the answer frame.
    fn encode_response(response: &Self::Response) -> Vec<u8>;
}

/// Splits an answer into its code and its data of exactly `len` bytes; a refusal needs no data.
fn answer<'a>(command: &'static str, payload: &'a [u8], len: usize) -> Result<(Code, &'a [u8]), ZfmError> {
    let Some((&code, data)) = payload.split_first() else {
        return Err(ZfmError::Length { command, expected: len + 1, got: 0 });
    };
    let code = Code::from(code);
    if code == Code::Done && data.len() != len {
        return Err(ZfmError::Length { command, expected: len + 1, got: payload.len() });
    }
    Ok((code, data))
}

/// Takes the body of a command frame of exactly `len` bytes after its instruction byte.
fn body<'a>(command: &'static str, id: u8, payload: &'a [u8], len: usize) -> Result<&'a [u8], ZfmError> {
    match payload.split_first() {
        Some((&first, rest)) if first == id && rest.len() == len => Ok(rest),
        Some((&first, _)) if first == id => {
            Err(ZfmError::Length { command, expected: len + 1, got: payload.len() })
        }
        _ => Err(ZfmError::OtherCommand { command }),
    }
}

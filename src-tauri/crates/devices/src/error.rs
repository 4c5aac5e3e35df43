//! What can go wrong, with operands; wording for the operator lives in the UI by key.

use domain::{Eye, Finger};
use serde::{Deserialize, Serialize};

use crate::device::{DeviceId, Role};
use crate::protocol::sbi::check::Failed;

/// Why a device did not do what was asked. Never holds personal data or biometric bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "fault")]
pub enum Fault {
    /// Nothing is plugged in or listening.
    #[error("not there")]
    Absent,
    /// It was there and went away during the operation.
    #[error("unplugged")]
    Unplugged,
    /// Somebody else, or another screen, holds it.
    #[error("busy")]
    Busy,
    /// It is there but says it is not ready.
    #[error("not ready")]
    NotReady,
    /// No permission to open it.
    #[error("no permission")]
    Denied,
    /// The operator or the program called it off.
    #[error("cancelled")]
    Cancelled,
    /// The time for the operation is over.
    #[error("no answer after {after_ms} ms")]
    TimedOut {
        /// The time that was allowed.
        after_ms: u64,
    },
    /// Bytes that are not of the protocol.
    #[error("cannot read the answer: {what}")]
    Garbage {
        /// What was expected there; never the bytes themselves.
        what: String,
    },
    /// A checksum over the wire did not agree.
    #[error("checksum is {got:#06x}, should be {expected:#06x}")]
    Checksum {
        /// Computed by us.
        expected: u32,
        /// Sent by the device.
        got: u32,
    },
    /// An answer larger than anything lawful.
    #[error("answer of {got} bytes, at most {limit} allowed")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
        /// Announced or received so far.
        got: u64,
    },
    /// The device answered with a code of its own.
    #[error("device says {code}: {info}")]
    Refused {
        /// The device's code.
        code: String,
        /// The device's words, shown as they are.
        info: String,
    },
    /// No finger, eye, card or pen was presented in time.
    #[error("nothing was presented")]
    NothingPresented,
    /// The scanner is in order and read fewer fingers or eyes than asked for; nothing of the answer is kept.
    #[error("fewer parts read than asked for")]
    Unread {
        /// The fingers that are missing in the answer, in the order asked.
        fingers: Vec<Finger>,
        /// The eyes that are missing in the answer.
        eyes: Vec<Eye>,
    },
    /// The scanner is in order, saw something and could make no picture of it.
    #[error("device could not read what it saw, {code}: {info}")]
    Unclear {
        /// The device's code.
        code: String,
        /// The device's words, shown as they are.
        info: String,
    },
    /// Frames arrive but do not change.
    #[error("picture is frozen: {same} equal frames")]
    Frozen {
        /// Equal frames in a row.
        same: u32,
    },
    /// Frames arrive but are one dark or one-coloured surface.
    #[error("picture is blank, mean level {level}")]
    Blank {
        /// Mean brightness 0–255.
        level: u8,
    },
    /// The device cannot do this.
    #[error("not supported: {what}")]
    Unsupported {
        /// What was asked.
        what: String,
    },
    /// An SBI answer failed one of the checks; the capture was refused.
    #[error("refused by check: {0}")]
    Check(Failed),
    /// The operating system's error.
    #[error("i/o: {kind}")]
    Io {
        /// Kind in the system's words.
        kind: String,
    },
}

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Looking for devices.
    List,
    /// Opening.
    Open,
    /// Asking who it is.
    Identify,
    /// Live preview.
    Preview,
    /// Taking a sample.
    Capture,
    /// Reading (card, pad).
    Read,
    /// Writing or printing.
    Write,
    /// 1:1 comparison in the device.
    Verify,
    /// The test button.
    Test,
}

/// A failed operation: on what, doing what, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum DeviceError {
    /// No device fills the role.
    #[error("no device for role {role:?}")]
    NoDevice {
        /// The empty role.
        role: Role,
    },
    /// A capture is already running on this device.
    #[error("{device}: already in use")]
    InUse {
        /// The device.
        device: DeviceId,
    },
    /// An operation on one device failed.
    #[error("{device}: {operation:?}")]
    Failed {
        /// The device.
        device: DeviceId,
        /// What was being done.
        operation: Operation,
        /// Why not.
        #[source]
        fault: Fault,
    },
    /// The driver did not come back after its time was over, or broke down: whether the device did it is not known.
    #[error("{device}: {operation:?}, left behind")]
    LeftBehind {
        /// The device.
        device: DeviceId,
        /// What was being done.
        operation: Operation,
        /// Why nobody waits any more.
        #[source]
        fault: Fault,
    },
}

impl DeviceError {
    /// True when the device may have done it all the same.
    pub fn in_doubt(&self) -> bool {
        matches!(self, DeviceError::LeftBehind { .. })
    }

    /// The reason, [`Fault::Absent`] for an empty role and [`Fault::Busy`] for a device in use.
    pub fn fault(&self) -> Fault {
        match self {
            DeviceError::NoDevice { .. } => Fault::Absent,
            DeviceError::InUse { .. } => Fault::Busy,
            DeviceError::Failed { fault, .. } | DeviceError::LeftBehind { fault, .. } => fault.clone(),
        }
    }
}

impl Fault {
    /// The error of `operation` on `device` for this reason.
    pub fn on(self, device: &DeviceId, operation: Operation) -> DeviceError {
        DeviceError::Failed { device: device.clone(), operation, fault: self }
    }

    /// Says whether the device answered as it should and only had nothing to give: nobody need look at the device.
    pub fn gave_nothing(&self) -> bool {
        matches!(self, Fault::NothingPresented | Fault::Unread { .. } | Fault::Unclear { .. })
    }

    /// Unreadable bytes, saying what was expected.
    pub fn garbage(what: impl Into<String>) -> Self {
        Fault::Garbage { what: what.into() }
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind as K;
        match error.kind() {
            K::NotFound | K::ConnectionRefused => Fault::Absent,
            K::BrokenPipe
            | K::ConnectionReset
            | K::ConnectionAborted
            | K::UnexpectedEof
            | K::NotConnected => Fault::Unplugged,
            K::PermissionDenied => Fault::Denied,
            kind => Fault::Io { kind: kind.to_string() },
        }
    }
}

//! The card's UID, from the reader (type A) or from the card (type B).

use super::KtpelError;
use crate::protocol::apdu::{CommandApdu, ResponseApdu, StatusWord};

/// Serial number of the contactless chip. It follows a person, so it is masked in logs.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Uid {
    /// ISO 14443 A: 4, 7 or 10 bytes.
    TypeA(Vec<u8>),
    /// ISO 14443 B: 8 bytes (`00 DD`).
    TypeB(Vec<u8>),
}

impl std::fmt::Debug for Uid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = if matches!(self, Self::TypeA(_)) { 'A' } else { 'B' };
        write!(f, "Uid({kind}, {} bytes)", self.bytes().len())
    }
}

impl Uid {
    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::TypeA(bytes) | Self::TypeB(bytes) => bytes,
        }
    }
}

/// The read on its way: type A first, then type B.
#[derive(Debug, Default)]
pub struct UidRead {
    type_b: bool,
}

impl UidRead {
    /// Starts with type A.
    pub fn new() -> Self {
        Self::default()
    }

    /// The command to send now: `FF CA 00 00 00`, then `00 DD 00 00 08`.
    pub fn command(&self) -> CommandApdu {
        if self.type_b {
            CommandApdu::new(0x00, 0xDD, 0x00, 0x00).le(8)
        } else {
            CommandApdu::new(0xFF, 0xCA, 0x00, 0x00).le(256)
        }
    }

    /// Takes the answer: the UID, or `None` to send the next command, or why there is none.
    ///
    /// # Errors
    /// [`KtpelError`]: the reader does not tell it.
    pub fn accept(&mut self, answer: &ResponseApdu) -> Result<Option<Uid>, KtpelError> {
        let (data, got) = (answer.data.clone(), answer.data.len());
        match (self.type_b, answer.status) {
            (false, StatusWord::Success) if matches!(got, 4 | 7 | 10) => Ok(Some(Uid::TypeA(data))),
            (false, StatusWord::Success) if got == 8 => Ok(Some(Uid::TypeB(data))),
            (true, StatusWord::Success) if got == 8 => Ok(Some(Uid::TypeB(data))),
            (_, StatusWord::Success) => Err(KtpelError::UidLength { got }),
            (false, _) => {
                self.type_b = true;
                Ok(None)
            }
            (true, status) => Err(KtpelError::NotKtpel { status }),
        }
    }
}

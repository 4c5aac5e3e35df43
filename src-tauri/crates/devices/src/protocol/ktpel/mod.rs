//! The files of a KTP-el card that can be read without a SAM: photograph, card control, UID.
//!
//! Sans-IO. Described in `docs/protocols/ktpel-card.md`. Biodata, signature and minutiae need Dukcapil's SAM
//! and are not read here.

pub mod photo;
pub mod uid;

pub use photo::{PhotoRead, Progress};
pub use uid::{Uid, UidRead};

use crate::protocol::apdu::StatusWord;

/// Directory of the KTP-el.
pub const DF_KTPEL: u16 = 0x7F0A;
/// Card control, free; not read at the desk, which needs nothing of it.
pub const EF_CARD_CONTROL: u16 = 0x6FF0;
/// Photograph, free.
pub const EF_PHOTO: u16 = 0x6FF2;
/// Bytes asked for in one READ BINARY of the photograph.
pub const PIECE: u16 = 253;
/// Largest photograph believed: the chip of 32 KB.
pub const PHOTO_MAX: usize = 32_000;

/// Why a card could not be read as a KTP-el.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KtpelError {
    /// The card has no KTP-el directory: another kind of card.
    #[error("no KTP-el directory ({status:?})")]
    NotKtpel {
        /// What the card answered.
        status: StatusWord,
    },
    /// A file of a KTP-el refused.
    #[error("file {fid:04X} refused ({status:?})")]
    Refused {
        /// The file.
        fid: u16,
        /// What the card answered.
        status: StatusWord,
    },
    /// The length in front of the photograph cannot be true.
    #[error("photograph of {length} bytes is out of bounds")]
    PhotoLength {
        /// Length that the card claims.
        length: usize,
    },
    /// A piece of another length than asked for.
    #[error("piece of {got} bytes at offset {offset}, asked for {asked}")]
    Piece {
        /// Offset in the file.
        offset: u16,
        /// Bytes asked for.
        asked: usize,
        /// Bytes that came.
        got: usize,
    },
    /// The bytes are not one whole JPEG (FF D8 … FF D9).
    #[error("photograph is not a whole JPEG")]
    NotJpeg,
    /// The UID has a length that does not exist.
    #[error("UID of {got} bytes")]
    UidLength {
        /// Bytes that came.
        got: usize,
    },
}

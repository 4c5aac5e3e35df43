//! GlobalPlatform Secure Channel Protocol 03 (Card Specification v2.3, Amendment D v1.2), host side, 8-byte mode.
//!
//! Sans-IO. Block cipher and CMAC are OpenSSL's: it is linked already, is maintained and audited, uses the
//! processor's AES and wipes its contexts. Our own copies of keys are wiped on drop and never shown.

pub mod channel;
pub mod crypto;
pub mod handshake;
pub mod key;

pub use channel::{Level, SecureChannel};
pub use handshake::{Handshake, Opening};
pub use key::{Key, KeySet, SessionKeys, diversify};

/// Why a secure channel was not opened or does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Scp03Error {
    /// A key is not 16, 24 or 32 bytes.
    #[error("AES key of {got} bytes")]
    KeyLength {
        /// Bytes that came.
        got: usize,
    },
    /// The answer to INITIALIZE UPDATE is not one of SCP03 in 8-byte mode.
    #[error("answer to INITIALIZE UPDATE of {got} bytes, protocol {protocol:02X}")]
    NotScp03 {
        /// Bytes that came.
        got: usize,
        /// Protocol byte, 0 when too short.
        protocol: u8,
    },
    /// The card's cryptogram is wrong: another key. No try has been used.
    #[error("card cryptogram does not verify")]
    CardCryptogram,
    /// The MAC of an answer is wrong or missing.
    #[error("answer does not verify")]
    AnswerMac,
    /// An answer that cannot be deciphered.
    #[error("answer cannot be deciphered")]
    Cipher,
    /// More data than one command can carry under protection.
    #[error("command of {data} data bytes is too long to be protected")]
    TooLong {
        /// Data bytes before protection.
        data: usize,
    },
    /// OpenSSL refused.
    #[error("cryptographic library refused")]
    Library,
}

impl From<openssl::error::ErrorStack> for Scp03Error {
    fn from(_: openssl::error::ErrorStack) -> Self {
        Self::Library
    }
}

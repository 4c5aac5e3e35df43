//! What a biometric device signs of its own capture: a compact JWS (RFC 7515, RS256, the chain of certificates in its
//! header) of the Secure Biometric Interface. Layout: `docs/protocols/sbi.md`.
//!
//! The station looks at it before it believes a capture (`devices`); the centre looks again (`pusat`), for a patched station
//! looked at nothing. Both must mean the same by "signed", and neither room may know the other: so the check stands here,
//! below both. It is pure: bytes and an instant come in, a verdict goes out.
#![forbid(unsafe_code)]

mod capture;
mod jws;
mod makers;
mod payload;

pub use capture::{DeviceCapture, verify_capture};
pub use jws::{Signed, open};
pub use makers::Makers;
pub use payload::{decode64, score, text};

/// Why a device's evidence is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// It is no JWS of the interface.
    #[error("the evidence is not a JWS of the interface: {0}")]
    Malformed(&'static str),
    /// The signature does not hold: what was signed is something else.
    #[error("the device's signature does not hold")]
    Signature,
    /// It was signed, but by nobody whom the trust names, or outside the time of the certificate.
    #[error("the device's certificate leads to no maker that is believed: {0}")]
    Untrusted(String),
}

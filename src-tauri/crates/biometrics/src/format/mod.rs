//! The record formats that carry samples: ISO/IEC 19794 and ANSI/NIST-ITL.
//!
//! All multi-byte values are big-endian. No reader goes past a declared length or trusts a count; layouts were read in
//! open implementations, not in the standards (docs/decisions).

mod bytes;
pub mod face;
pub mod finger;
pub mod iris;
pub mod itl;

pub use bytes::{FormatError, Quality, Stamp};

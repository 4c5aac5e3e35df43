//! Samples of the body: decoding, quality, matching on the station, and the record formats that carry them.
//!
//! Knows no device, no database and no packet. A score here is help for the operator; the centre decides identity.
//! The live index is our own and is not NFIQ 2. Nothing here detects a presentation attack.
#![forbid(unsafe_code)]

pub mod codec;
pub mod format;
pub mod iris;
pub mod matching;
pub mod portrait;
pub mod quality;

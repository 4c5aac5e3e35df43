//! Live quality of a print, cheap enough for every preview frame.
//!
//! Our own index, 0–100; it is not NFIQ 2 and is never called so. A score that a scanner reports is kept beside it.

mod finger;

pub use finger::{FingerQuality, FingerReason, measure_finger};

//! The pure core of Rekam: nouns, the nine steps of the SOP, the visit as a state machine, the register.
//!
//! No I/O, no clock, no randomness, no async: time and chance come in as arguments.

pub mod eye;
pub mod finger;
pub mod image;

pub use eye::Eye;
pub use finger::{Finger, Slap};

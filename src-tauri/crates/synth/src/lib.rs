//! Drawn people: fingerprints, irises, portraits, signatures and residents made by code from a seed.
//!
//! No picture or datum of a real person is used or needed. The same seed gives the same person on every
//! machine. Synthetic data prove geometry and code, never an error rate on people.
#![forbid(unsafe_code)]

mod chance;
mod finger;
mod iris;
mod noise;
mod person;
mod portrait;
pub mod resident;
mod signature;
mod slap;

pub use finger::{Impression, Pattern};
pub use iris::{Circle, IrisLook, IrisTruth};
pub use person::Person;
pub use portrait::{Backdrop, PortraitLook, PortraitTruth};
pub use signature::PenPoint;
pub use slap::{FingerBox, SlapLook, platen};

//! Irises: finding the ring, judging the picture, and telling whether two pictures show the same eye.
//!
//! In Daugman's manner, written here. Proven on drawn eyes only: geometry and code, never accuracy on people.

mod circles;
mod code;
mod measure;

pub use circles::Circle;
pub use code::{IrisCode, SAME_EYE, encode, hamming};
pub use measure::{IrisLimits, IrisMeasures, IrisReason, measure, measure_with};

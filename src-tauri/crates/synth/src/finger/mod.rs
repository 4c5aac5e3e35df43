//! Fingerprints: orientation field, grown ridges, impressions (500 ppi, 400×500).

mod field;
mod impression;
mod master;

pub use field::Pattern;
pub use impression::Impression;

/// Width of an impression in pixels at 500 ppi.
pub(crate) const WIDTH: u32 = 400;
/// Height of an impression in pixels at 500 ppi.
pub(crate) const HEIGHT: u32 = 500;

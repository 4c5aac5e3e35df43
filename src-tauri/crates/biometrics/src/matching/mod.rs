//! Minutiae on the station: is this the finger that was captured before?
//!
//! MINDTCT and BOZORTH3 in their Rust ports. A score helps the operator; the centre decides identity.

mod hands;
pub mod search;
mod template;

pub use hands::{SameFinger, hands_swapped, same_finger_twice};
pub use template::{Template, TemplateError, compare};

/// Score from which two prints are taken for one finger.
///
/// BOZORTH3's customary 40; unrelated prints of the few public samples stayed below 20. No error rate is claimed.
pub const SAME_FINGER: u32 = 40;

/// Score from which two positions of one person are asked about as one finger.
///
/// Higher than [`SAME_FINGER`], because ten fingers make 45 comparisons at once: among 585 drawn pairs of different
/// fingers three reached 40 and none 50, while one finger taken twice never fell below 190.
pub const SAME_FINGER_TWICE: u32 = 60;

//! Minutiae on the station: is this the finger that was captured before?
//!
//! MINDTCT and BOZORTH3 in their Rust ports. A score helps the operator; the centre decides identity.

mod hands;
mod template;

pub use hands::{SameFinger, hands_swapped, same_finger_twice};
pub use template::{Template, TemplateError, compare};

/// Score from which two prints are taken for one finger.
///
/// BOZORTH3's customary 40; unrelated prints of the few public samples stayed below 20. No error rate is claimed.
pub const SAME_FINGER: u32 = 40;

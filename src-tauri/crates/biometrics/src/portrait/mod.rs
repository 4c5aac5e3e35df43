//! Photo checks that a face box allows, and the crop to the rule.
//!
//! No landmarks: eyes, mouth, pose, glasses and head covering are for the operator to confirm by eye.

pub mod chip;
mod crop;
mod face;
mod measure;
mod verdict;

pub use domain::capture::Backdrop;

pub(crate) use crop::resample;
pub use crop::{CropRule, Place, SMALLEST_PLACE, crop, crop_at};
pub use face::{FaceBox, find_faces, find_near_faces};
pub use measure::{Expect, FrameWatch, PortraitMeasures, measure};
pub use verdict::{Advice, Check, HEAD_MIDDLE, Thresholds, Verdict};

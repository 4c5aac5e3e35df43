//! Limits, verdict per check, and the one piece of advice.

use serde::{Deserialize, Serialize};

/// One check of the photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Exactly one face.
    OneFace,
    /// Size of the head in the frame.
    Size,
    /// Place of the head in the frame.
    Centre,
    /// Mean light on the face.
    Light,
    /// Left against right half of the face.
    EvenLight,
    /// Clipped highlights and shadows.
    Exposure,
    /// Focus and motion.
    Sharpness,
    /// Colour behind the person.
    BackdropColour,
    /// Evenness behind the person.
    BackdropEven,
}

/// What to tell the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// Nobody is seen.
    NoFace,
    /// More than one person is seen.
    SeveralFaces,
    /// Come nearer.
    Closer,
    /// Go back.
    Farther,
    /// The head should move to the left of the picture.
    MoveLeft,
    /// The head should move to the right of the picture.
    MoveRight,
    /// The head should move up in the picture (lower the camera's aim).
    MoveUp,
    /// The head should move down in the picture.
    MoveDown,
    /// Too dark.
    MoreLight,
    /// Too bright.
    LessLight,
    /// The left half of the picture's face lies in shadow.
    LightFromLeft,
    /// The right half of the picture's face lies in shadow.
    LightFromRight,
    /// Blurred.
    HoldStill,
    /// Another backdrop colour is due.
    ChangeBackdrop,
    /// Folds, shadow or things behind the person.
    EvenBackdrop,
}

/// Outcome of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "advice")]
pub enum Verdict {
    /// Within the limits.
    Good,
    /// Outside; do this.
    Poor(Advice),
    /// Could not be judged, for want of a face.
    Unknown,
}

/// Where the middle of the head belongs, share of the picture's height from the top. Ours.
pub const HEAD_MIDDLE: f32 = 0.47;

/// Limits of the checks: `[portrait]` of the settings; these are the defaults.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Thresholds {
    /// Least head height as a share of the picture height.
    pub head_min: f32,
    /// Greatest head height as a share of the picture height.
    pub head_max: f32,
    /// Farthest the head may be from the middle, share of the width.
    pub off_x: f32,
    /// Farthest the middle of the head may be from [`HEAD_MIDDLE`], share of the height.
    pub off_y: f32,
    /// Least mean luma in the face box.
    pub luma_min: f32,
    /// Greatest mean luma in the face box.
    pub luma_max: f32,
    /// Greatest difference between the halves, share of their mean.
    pub uneven: f32,
    /// Greatest share of clipped pixels in the face box.
    pub clipped: f32,
    /// Least sharpness (see `PortraitMeasures::sharpness`).
    pub sharpness: f32,
    /// Farthest the backdrop's hue may be from the due one, degrees.
    pub hue: f32,
    /// Least saturation of a coloured backdrop, 0..1.
    pub saturation: f32,
    /// Greatest spread of the backdrop, grey levels.
    pub backdrop_spread: f32,
}

impl Thresholds {
    /// Crown and chin of a head that lies in the middle of the limits of size and place, shares of the picture's height from the top.
    pub fn crown_and_chin(&self) -> (f32, f32) {
        let half = f32::midpoint(self.head_min, self.head_max) / 2.0;
        ((HEAD_MIDDLE - half).max(0.0), (HEAD_MIDDLE + half).min(1.0))
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            head_min: 0.38,
            head_max: 0.80,
            off_x: 0.09,
            off_y: 0.12,
            luma_min: 48.0,
            luma_max: 205.0,
            uneven: 0.28,
            clipped: 0.06,
            sharpness: 0.52,
            hue: 28.0,
            saturation: 0.35,
            backdrop_spread: 20.0,
        }
    }
}

//! Checks of one picture of an eye.

use domain::image::GrayImage;
use serde::{Deserialize, Serialize};

use super::circles::{self, Circle, Plane, Ring};

/// Why a picture of an eye is not good enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IrisReason {
    /// No pupil with a ring around it was made out.
    NoEye,
    /// The iris is too small: come nearer.
    TooFar,
    /// Lids or lashes cover too much: open the eye wide.
    LidsCover,
    /// Out of focus, or the eye moved.
    Blurred,
    /// The pupil is very wide or very narrow: change the light.
    Pupil,
    /// The iris touches the edge of the picture.
    OffCentre,
}

/// Limits of the checks: `[iris]` of the settings; these are the defaults.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct IrisLimits {
    /// Least iris diameter in pixels.
    pub diameter: f32,
    /// Least share of the ring that must be free.
    pub usable: f32,
    /// Least sharpness (grey levels of the pupil's edge over 3 px).
    pub sharpness: f32,
    /// Greatest distance of pupil centre and iris centre, share of the iris radius: a ring that lies further off was not made
    /// out. The settings call it `gaze`; it tells nothing of where the eye looks.
    #[serde(rename = "gaze")]
    pub off_centre: f32,
}

impl Default for IrisLimits {
    fn default() -> Self {
        Self { diameter: 210.0, usable: 0.65, sharpness: 42.0, off_centre: 0.28 }
    }
}

/// Pupil radius as a share of the iris radius: narrower or wider, too little of the texture lies as it did before. Ours.
const DILATION: std::ops::RangeInclusive<f32> = 0.18..=0.72;

/// What was measured on one eye.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IrisMeasures {
    /// Edge between pupil and iris.
    pub pupil: Option<Circle>,
    /// Edge between iris and white.
    pub limbus: Option<Circle>,
    /// Iris diameter in pixels; 0 without an eye.
    pub diameter: f32,
    /// Share of the ring that neither lid nor glint covers, 0..1.
    pub usable: f32,
    /// Steepest rise at the pupil's edge, grey levels over 3 px.
    pub sharpness: f32,
    /// Offset of the pupil's centre from the iris's, share of the iris radius, right and down. Where the eye looks is not
    /// measured: an eye that turns takes its pupil along.
    pub pupil_offset: (f32, f32),
    /// 0 nothing … 100 good in every respect; our own index.
    pub score: u8,
    /// What to tell the operator, most useful first.
    pub reasons: Vec<IrisReason>,
}

/// Measures one eye with the default limits.
pub fn measure(image: &GrayImage) -> IrisMeasures {
    measure_with(image, &IrisLimits::default())
}

/// Measures one eye.
pub fn measure_with(image: &GrayImage, limits: &IrisLimits) -> IrisMeasures {
    let found = Plane::new(image).and_then(|plane| Some((circles::find(&plane)?, plane)));
    let Some((ring, plane)) = found else {
        return IrisMeasures {
            pupil: None,
            limbus: None,
            diameter: 0.0,
            usable: 0.0,
            sharpness: 0.0,
            pupil_offset: (0.0, 0.0),
            score: 0,
            reasons: vec![IrisReason::NoEye],
        };
    };
    let (pupil, limbus) = (ring.pupil, ring.limbus);
    let usable = usable(&plane, &ring);
    let sharpness = sharpness(&plane, &ring);
    let (w, h) = (image.width as f32, image.height as f32);
    let pupil_offset = ((pupil.x - limbus.x) / limbus.r, (pupil.y - limbus.y) / limbus.r);
    let diameter = limbus.r * 2.0;
    let dilation = pupil.r / limbus.r;
    let aside = pupil_offset.0.hypot(pupil_offset.1);
    let cut = limbus.x < limbus.r
        || limbus.x > w - limbus.r
        || limbus.y < limbus.r * 0.9
        || limbus.y > h - limbus.r * 0.9;
    let poor = [
        (ring.edge < 6.0 || aside > limits.off_centre, IrisReason::NoEye),
        (diameter < limits.diameter, IrisReason::TooFar),
        (cut, IrisReason::OffCentre),
        (usable < limits.usable, IrisReason::LidsCover),
        (sharpness < limits.sharpness, IrisReason::Blurred),
        (!DILATION.contains(&dilation), IrisReason::Pupil),
    ];
    let reasons: Vec<IrisReason> = poor.iter().filter(|(p, _)| *p).map(|(_, r)| *r).collect();
    let part = |v: f32, least: f32| (v / (least * 1.25)).clamp(0.0, 1.0);
    let score = part(diameter, limits.diameter)
        * part(usable, limits.usable)
        * part(sharpness, limits.sharpness)
        * (1.0 - (aside / limits.off_centre - 0.5).clamp(0.0, 1.0))
        * if cut { 0.5 } else { 1.0 };
    IrisMeasures {
        pupil: Some(pupil),
        limbus: Some(limbus),
        diameter,
        usable,
        sharpness,
        pupil_offset,
        score: (score * 100.0).round() as u8,
        reasons,
    }
}

fn usable(plane: &Plane<'_>, ring: &Ring) -> f32 {
    let (mut free, all) = (0u32, 1500u32);
    for i in 0..all {
        let angle = i as f32 * 2.399_963;
        let inner = ring.pupil.r / ring.limbus.r;
        let r = (inner * inner + (1.0 - inner * inner) * i as f32 / all as f32).sqrt() * ring.limbus.r;
        let (x, y) = (ring.limbus.x + r * angle.cos(), ring.limbus.y + r * angle.sin());
        free += u32::from(ring.is_open(x, y) && plane.at(x, y) < 235.0);
    }
    free as f32 / all as f32
}

/// Mean over the visible rim of the pupil of the steepest rise within 3 px.
fn sharpness(plane: &Plane<'_>, ring: &Ring) -> f32 {
    let (mut sum, mut n) = (0f32, 0f32);
    for i in 0..72 {
        let (sin, cos) = (i as f32 * std::f32::consts::PI / 36.0).sin_cos();
        let at = |d: f32| {
            plane.at(ring.pupil.x + (ring.pupil.r + d) * cos, ring.pupil.y + (ring.pupil.r + d) * sin)
        };
        if !ring.is_open(ring.pupil.x + ring.pupil.r * cos, ring.pupil.y + ring.pupil.r * sin) {
            continue;
        }
        let rise = (-5..=4).map(|d| at(d as f32 + 3.0) - at(d as f32)).fold(f32::MIN, f32::max);
        sum += rise;
        n += 1.0;
    }
    if n > 0.0 { sum / n } else { 0.0 }
}

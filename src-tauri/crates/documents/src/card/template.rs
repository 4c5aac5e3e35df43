use super::placement::Placement;
use super::{FIELDS, HEIGHT_MM, WIDTH_MM};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const TRAINING: &str = include_str!("../../../../../assets/print/kartu-training.toml");

/// Where a line begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// `x` is the left edge.
    #[default]
    Left,
    /// `x` is the middle.
    Center,
    /// `x` is the right edge.
    Right,
}

/// A rectangle in mm from the card's left and top edge.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Box {
    /// Left edge, mm.
    pub x: f64,
    /// Top edge, mm.
    pub y: f64,
    /// Width, mm.
    pub w: f64,
    /// Height, mm.
    pub h: f64,
}

/// The mark of training cards.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingMark {
    /// Middle, mm.
    pub x: f64,
    /// Middle, mm.
    pub y: f64,
    /// Size, pt.
    pub size: f64,
    /// Angle, degrees, clockwise.
    pub angle: f64,
}

/// Where a text stands.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Left edge, middle or right edge after `align`, mm.
    pub x: f64,
    /// Baseline of the first line, mm.
    pub y: f64,
    /// Width of the box, mm.
    pub w: f64,
    /// Size, pt.
    pub size: f64,
    /// Smallest size, pt; a text that needs less is refused.
    pub min: f64,
    /// 400, 600 or 700; mono has 500 and 600.
    pub weight: u16,
    /// `sans` or `mono`.
    #[serde(default)]
    pub font: String,
    /// Where a line begins.
    #[serde(default)]
    pub align: Align,
    /// Most lines.
    #[serde(default = "one")]
    pub lines: usize,
    /// Distance of baselines, mm.
    #[serde(default)]
    pub leading: f64,
}

fn one() -> usize {
    1
}

fn label_size() -> f64 {
    5.8
}

impl Field {
    /// True for the typeface whose digits have one width.
    pub fn is_mono(&self) -> bool {
        self.font == "mono"
    }
}

/// A word that the blank card already carries.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preprinted {
    /// The word.
    pub text: String,
    /// Left edge, mm.
    pub x: f64,
    /// Baseline, mm.
    pub y: f64,
    /// Size, pt.
    #[serde(default = "label_size")]
    pub size: f64,
}

/// Where everything stands on a card, in mm: data, one file per kind of blank card.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardTemplate {
    /// Name, for settings.
    pub name: String,
    /// Version of this template.
    pub version: u32,
    /// Portrait.
    pub photo: Box,
    /// Signature.
    pub signature: Box,
    /// Mark of training cards.
    pub training: TrainingMark,
    /// Texts by name.
    pub fields: BTreeMap<String, Field>,
    /// Words of the blank card, for preview and calibration.
    #[serde(default)]
    pub preprinted: Vec<Preprinted>,
}

impl CardTemplate {
    /// The shipped open template.
    ///
    /// # Errors
    /// `CardTemplate` for a fault of the program.
    pub fn training() -> Result<Self> {
        Self::from_toml(TRAINING)
    }

    /// Reads a template.
    ///
    /// # Errors
    /// `CardTemplate` when it is no TOML, a field is unknown or missing, or something lies outside the card.
    pub fn from_toml(text: &str) -> Result<Self> {
        let wrong = |reason: String| Error::CardTemplate { reason };
        let template: Self = toml::from_str(text).map_err(|e| wrong(e.message().to_owned()))?;
        for name in template.fields.keys() {
            if !FIELDS.contains(&name.as_str()) {
                return Err(wrong(format!("field {name} is not known")));
            }
        }
        for name in FIELDS {
            let field = template.fields.get(name).ok_or_else(|| wrong(format!("field {name} is missing")))?;
            let sizes = field.min > 0.0 && field.min <= field.size && field.size < 72.0 && field.w > 0.0;
            let spaced = field.lines == 1 || (field.lines > 1 && field.leading > 0.0);
            if !(sizes && spaced && (field.font.is_empty() || field.font == "sans" || field.is_mono())) {
                return Err(wrong(format!("field {name}: size, min, w, lines, leading or font")));
            }
        }
        template.stays_on_the_card(&Placement::default(), true)?;
        Ok(template)
    }

    /// Refuses a placement that would print a field beside the card.
    ///
    /// # Errors
    /// `CardTemplate`, which names what would leave it.
    pub fn stays_on_the_card(&self, place: &Placement, with_fields: bool) -> Result<()> {
        let outside = |what: &str, x: f64, y: f64, w: f64, h: f64| {
            let left = x * place.scale_x + place.dx_mm;
            let top = y * place.scale_y + place.dy_mm;
            let inside = left >= 0.0
                && top >= 0.0
                && left + w * place.scale_x <= WIDTH_MM
                && top + h * place.scale_y <= HEIGHT_MM;
            if inside {
                Ok(())
            } else {
                Err(Error::CardTemplate { reason: format!("{what} leaves the card") })
            }
        };
        if !with_fields {
            return Ok(());
        }
        outside("photo", self.photo.x, self.photo.y, self.photo.w, self.photo.h)?;
        outside("signature", self.signature.x, self.signature.y, self.signature.w, self.signature.h)?;
        for (name, field) in &self.fields {
            let left = match field.align {
                Align::Left => field.x,
                Align::Center => field.x - field.w / 2.0,
                Align::Right => field.x - field.w,
            };
            // Capitals rise about 0.72 of the size above the baseline.
            let rise = field.size * 0.72 * 25.4 / 72.0;
            let height = rise + (field.lines - 1) as f64 * field.leading;
            outside(name, left, field.y - rise, field.w, height)?;
        }
        Ok(())
    }
}

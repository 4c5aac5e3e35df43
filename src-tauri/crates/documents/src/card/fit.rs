//! Sets a text into its box: whole size, then smaller down to the template's floor, then refused. Never cut.

use super::template::Field;
use crate::error::{Error, Result};
use typst::text::{Font, FontWeight};

const STEP: f64 = 0.2;

/// A text in its lines.
pub(super) struct Set {
    pub(super) size: f64,
    pub(super) lines: Vec<Line>,
}

/// One line and its width, mm.
pub(super) struct Line {
    pub(super) text: String,
    pub(super) width: f64,
}

struct Ruler<'a> {
    face: ttf_parser::Face<'a>,
}

impl Ruler<'_> {
    /// Sum of advances, mm; kerning and ligatures are off on the card, so this is its width.
    fn width(&self, text: &str, size: f64) -> f64 {
        let face = &self.face;
        let units: f64 = text
            .chars()
            .filter_map(|c| face.glyph_index(c).and_then(|glyph| face.glyph_hor_advance(glyph)))
            .map(f64::from)
            .sum();
        units / f64::from(face.units_per_em()) * size * 25.4 / 72.0
    }
}

fn face_of<'a>(fonts: &'a [Font], field: &Field) -> Option<&'a Font> {
    let family = if field.is_mono() { "IBM Plex Mono" } else { "Plus Jakarta Sans" };
    let wanted = FontWeight::from_number(field.weight);
    fonts
        .iter()
        .filter(|f| f.info().family == family)
        .min_by_key(|f| f.info().variant.weight.distance(wanted))
}

pub(super) fn fit(fonts: &[Font], name: &str, field: &Field, text: &str) -> Result<Set> {
    let refuse = |reason: &'static str| Error::CardField { field: name.to_owned(), reason };
    let font = face_of(fonts, field).ok_or_else(|| refuse("typeface is missing"))?;
    let face =
        ttf_parser::Face::parse(font.data(), font.index()).map_err(|_| refuse("typeface is broken"))?;
    let ruler = Ruler { face };
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().any(|c| ruler.face.glyph_index(c).is_none()) {
        return Err(refuse("a letter that the typeface does not have"));
    }
    let mut size = field.size;
    loop {
        if let Some(lines) = broken(&ruler, &text, field, size) {
            let lines =
                lines.into_iter().map(|text| Line { width: ruler.width(&text, size), text }).collect();
            return Ok(Set { size, lines });
        }
        if size <= field.min {
            return Err(refuse("too long for its box at the smallest size"));
        }
        size = (size - STEP).max(field.min);
    }
}

/// Lines at this size, broken at spaces and after a slash or hyphen; `None` when they are too many or a word too long.
fn broken(ruler: &Ruler<'_>, text: &str, field: &Field, size: f64) -> Option<Vec<String>> {
    let mut lines = vec![String::new()];
    for piece in text.split_inclusive([' ', '/', '-']) {
        let line = lines.last_mut()?;
        let longer = format!("{line}{piece}");
        if ruler.width(longer.trim_end(), size) <= field.w {
            *line = longer;
        } else if !line.is_empty()
            && lines.len() < field.lines
            && ruler.width(piece.trim_end(), size) <= field.w
        {
            lines.push(piece.to_owned());
        } else {
            return None;
        }
    }
    Some(lines.into_iter().map(|line| line.trim_end().to_owned()).collect())
}

//! Pages of a kept PDF as pictures: what is shown is the paper that was kept, also years after it was made.

use std::sync::Arc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{RenderCache, RenderSettings, render};

use crate::error::{Error, Result};

/// PDF units an inch.
const UNITS: f32 = 72.0;

fn read(pdf: Vec<u8>) -> Result<Pdf> {
    Pdf::new(Arc::new(pdf)).map_err(|error| Error::PageImage { reason: format!("{error:?}") })
}

/// Number of pages of a PDF.
///
/// # Errors
/// `PageImage` when the bytes are no PDF.
pub fn pages(pdf: Vec<u8>) -> Result<usize> {
    Ok(read(pdf)?.pages().len())
}

/// Width and height of each page, points.
pub(crate) fn sizes(pdf: Vec<u8>) -> Result<Vec<(f32, f32)>> {
    Ok(read(pdf)?.pages().iter().map(hayro::hayro_syntax::page::Page::render_dimensions).collect())
}

/// One page as PNG on white. `page` counts from 1; 96 dpi is true size on a common screen, 24 to 600 are taken.
///
/// # Errors
/// `NoPage`; `PageImage` when the bytes are no PDF or the picture cannot be encoded.
pub fn page_png(pdf: Vec<u8>, page: usize, dpi: f32) -> Result<Vec<u8>> {
    let pdf = read(pdf)?;
    let pages = pdf.pages().len();
    let found = page.checked_sub(1).and_then(|index| pdf.pages().get(index));
    let found = found.ok_or(Error::NoPage { page, pages })?;
    let scale = dpi.clamp(24.0, 600.0) / UNITS;
    let settings =
        RenderSettings { x_scale: scale, y_scale: scale, bg_color: WHITE, ..RenderSettings::default() };
    let picture = render(found, &RenderCache::new(), &InterpreterSettings::default(), &settings);
    let wrong = |error: png::EncodingError| Error::PageImage { reason: error.to_string() };
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, u32::from(picture.width()), u32::from(picture.height()));
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(wrong)?;
    // On white nothing is transparent, so premultiplied and straight pixels are the same.
    writer.write_image_data(picture.data_as_u8_slice()).map_err(wrong)?;
    writer.finish().map_err(wrong)?;
    Ok(bytes)
}

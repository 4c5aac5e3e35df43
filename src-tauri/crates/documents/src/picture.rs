use crate::error::{Error, Result};
use domain::image::{GrayImage, RgbImage};
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder, ImageFormat, ImageReader};
use std::io::Cursor;

/// Larger pictures are refused before they are decoded.
const MAX_PIXELS: u64 = 50_000_000;
/// What is wrong with samples that are too few, too many, or none.
const UNFILLED: &str = "samples do not fill the picture";

/// A picture for a paper.
#[derive(Clone)]
pub enum Picture {
    /// PNG or JPEG as bytes.
    Encoded(Vec<u8>),
    /// Grey samples.
    Gray(GrayImage),
    /// Colour samples.
    Rgb(RgbImage),
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Picture::Encoded(bytes) => write!(f, "Picture({} bytes)", bytes.len()),
            Picture::Gray(image) => image.fmt(f),
            Picture::Rgb(image) => image.fmt(f),
        }
    }
}

impl Picture {
    /// The samples.
    pub(crate) fn decoded(&self, place: &'static str) -> Result<image::DynamicImage> {
        let refuse = |reason: String| Error::Picture { place, reason };
        let fits = |width: u32, height: u32, pixels: &[u8], channels: u64| {
            !pixels.is_empty() && u64::from(width) * u64::from(height) * channels == pixels.len() as u64
        };
        let whole = match self {
            Picture::Encoded(bytes) => {
                self.kind(place)?;
                return image::load_from_memory(bytes).map_err(|e| refuse(e.to_string()));
            }
            Picture::Gray(GrayImage { width, height, pixels }) if fits(*width, *height, pixels, 1) => {
                image::GrayImage::from_raw(*width, *height, pixels.clone())
                    .map(image::DynamicImage::ImageLuma8)
            }
            Picture::Rgb(RgbImage { width, height, pixels }) if fits(*width, *height, pixels, 3) => {
                image::RgbImage::from_raw(*width, *height, pixels.clone()).map(image::DynamicImage::ImageRgb8)
            }
            Picture::Gray(_) | Picture::Rgb(_) => None,
        };
        whole.ok_or_else(|| refuse(UNFILLED.to_owned()))
    }

    /// Extension of encoded bytes, from their beginning alone: neither kind nor size may surprise a decoder.
    fn kind(&self, place: &'static str) -> Result<&'static str> {
        let refuse = |reason: String| Error::Picture { place, reason };
        let Picture::Encoded(bytes) = self else { return Ok("png") };
        let reader =
            ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|e| refuse(e.to_string()))?;
        let extension = match reader.format() {
            Some(ImageFormat::Png) => "png",
            Some(ImageFormat::Jpeg) => "jpg",
            _ => return Err(refuse("neither PNG nor JPEG".to_owned())),
        };
        let (width, height) = reader.into_dimensions().map_err(|e| refuse(e.to_string()))?;
        if u64::from(width) * u64::from(height) > MAX_PIXELS {
            return Err(refuse(format!("{width}×{height} pixels")));
        }
        Ok(extension)
    }

    /// File extension and bytes for the typesetter, which decodes them itself.
    pub(crate) fn file(&self, place: &'static str) -> Result<(&'static str, Vec<u8>)> {
        let refuse = |reason: String| Error::Picture { place, reason };
        match self {
            Picture::Encoded(bytes) => Ok((self.kind(place)?, bytes.clone())),
            Picture::Gray(GrayImage { width, height, pixels }) => {
                encode(pixels, *width, *height, ExtendedColorType::L8).map_err(refuse)
            }
            Picture::Rgb(RgbImage { width, height, pixels }) => {
                encode(pixels, *width, *height, ExtendedColorType::Rgb8).map_err(refuse)
            }
        }
    }
}

fn encode(
    pixels: &[u8],
    width: u32,
    height: u32,
    color: ExtendedColorType,
) -> std::result::Result<(&'static str, Vec<u8>), String> {
    let samples = if color == ExtendedColorType::L8 { 1 } else { 3 };
    if u64::from(width) * u64::from(height) * samples != pixels.len() as u64 || pixels.is_empty() {
        return Err(UNFILLED.to_owned());
    }
    let mut png = Vec::new();
    PngEncoder::new(&mut png).write_image(pixels, width, height, color).map_err(|e| e.to_string())?;
    Ok(("png", png))
}

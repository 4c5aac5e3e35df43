//! Bounded decoding and encoding of pictures.
//!
//! Every size is read from the header and held against [`Limits`] before a pixel is allocated.

mod exif;
mod jp2;
mod jpeg;
mod page;
mod png_file;

use domain::image::{GrayImage, RgbImage};

pub use jpeg::encode_jpeg;
pub use page::{PAGE_BYTES, page_jpeg};
pub use png_file::{encode_png_gray, encode_png_gray_to_show, encode_png_rgb, png_ppi};

/// What a picture may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest file in bytes.
    pub bytes: usize,
    /// Longest side in pixels.
    pub side: u32,
    /// Most pixels.
    pub pixels: u64,
}

impl Default for Limits {
    /// 32 MB, 12 000 pixels a side, 40 megapixels: more than any camera on a desk gives.
    fn default() -> Self {
        Self { bytes: 32 << 20, side: 12_000, pixels: 40_000_000 }
    }
}

/// The coding of a picture, told from its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coding {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// JPEG 2000 in its JP2 box format.
    Jp2,
    /// JPEG 2000, bare codestream.
    J2c,
    /// WSQ; recognised, not decoded.
    Wsq,
}

/// Size and coding of a picture, read without decoding it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Coding.
    pub coding: Coding,
    /// Width in pixels as stored (before any EXIF turn).
    pub width: u32,
    /// Height in pixels as stored.
    pub height: u32,
}

/// Why a picture was not taken. Carries sizes only, never content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// No known signature.
    #[error("not a JPEG, PNG or JPEG 2000 picture")]
    Unknown,
    /// Recognised, but there is no decoder.
    #[error("{0:?} pictures cannot be decoded")]
    NoDecoder(Coding),
    /// The file is longer than allowed.
    #[error("picture of {actual} bytes, limit {limit}")]
    TooLong {
        /// Bytes given.
        actual: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// The header declares more pixels than allowed, or none.
    #[error("picture of {width}×{height} pixels is outside the limits")]
    TooLarge {
        /// Declared width.
        width: u32,
        /// Declared height.
        height: u32,
    },
    /// A colour model that is not grey or RGB (CMYK, YCCK, Lab …).
    #[error("{0:?} picture with a colour model other than grey or RGB")]
    Colour(Coding),
    /// Cut short or damaged.
    #[error("{coding:?} picture is damaged: {what}")]
    Damaged {
        /// Coding.
        coding: Coding,
        /// The decoder's words.
        what: String,
    },
    /// The picture could not be written.
    #[error("encoding {coding:?} of {width}×{height} failed")]
    Encode {
        /// Coding.
        coding: Coding,
        /// Width.
        width: u32,
        /// Height.
        height: u32,
    },
}

impl CodecError {
    fn damaged(coding: Coding, what: impl std::fmt::Debug) -> Self {
        let mut what = format!("{what:?}");
        what.truncate(what.char_indices().nth(120).map_or(what.len(), |(i, _)| i));
        Self::Damaged { coding, what }
    }
}

/// Pixels as the decoder gave them.
enum Pixels {
    Gray(GrayImage),
    Rgb(RgbImage),
}

/// Tells the coding from the first bytes.
pub fn sniff(bytes: &[u8]) -> Option<Coding> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some(Coding::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(Coding::Png),
        [0, 0, 0, 12, b'j', b'P', 0x20, 0x20, ..] => Some(Coding::Jp2),
        [0xff, 0x4f, 0xff, 0x51, ..] => Some(Coding::J2c),
        [0xff, 0xa0, 0xff, ..] => Some(Coding::Wsq),
        _ => None,
    }
}

/// Reads size and coding; refuses by the limits.
///
/// # Errors
/// `Unknown`, `NoDecoder`, `TooLong`, `TooLarge`, or `Damaged` when the header cannot be read.
pub fn probe(bytes: &[u8], limits: &Limits) -> Result<Probe, CodecError> {
    if bytes.len() > limits.bytes {
        return Err(CodecError::TooLong { actual: bytes.len(), limit: limits.bytes });
    }
    let coding = sniff(bytes).ok_or(CodecError::Unknown)?;
    let (width, height) = match coding {
        Coding::Jpeg => jpeg::size(bytes)?,
        Coding::Png => png_file::size(bytes)?,
        Coding::Jp2 | Coding::J2c => jp2::size(bytes, coding)?,
        Coding::Wsq => return Err(CodecError::NoDecoder(coding)),
    };
    let area = u64::from(width) * u64::from(height);
    if area == 0 || area > limits.pixels || width.max(height) > limits.side {
        return Err(CodecError::TooLarge { width, height });
    }
    Ok(Probe { coding, width, height })
}

fn decode(bytes: &[u8], limits: &Limits) -> Result<Pixels, CodecError> {
    let probe = probe(bytes, limits)?;
    match probe.coding {
        Coding::Jpeg => jpeg::decode(bytes, limits),
        Coding::Png => png_file::decode(bytes, limits),
        Coding::Jp2 | Coding::J2c => jp2::decode(bytes, probe),
        Coding::Wsq => Err(CodecError::NoDecoder(probe.coding)),
    }
}

/// Says whether a JPEG 2000 picture (file or bare codestream) may be called lossless: all its transforms are reversible.
///
/// The 9-7 transform always loses. A reversible stream from which a coder left layers out loses too and cannot be told from
/// a whole one; the device's word stands there. `false` for anything that is no readable codestream.
pub fn is_reversible_jpeg2000(bytes: &[u8]) -> bool {
    jp2::is_reversible(bytes)
}

/// Decodes to colour; grey is spread over the three channels; an EXIF turn is applied.
///
/// # Errors
/// As [`probe`], and `Colour` or `Damaged`.
pub fn decode_rgb(bytes: &[u8], limits: &Limits) -> Result<RgbImage, CodecError> {
    Ok(match decode(bytes, limits)? {
        Pixels::Rgb(rgb) => rgb,
        Pixels::Gray(gray) => {
            let pixels = gray.pixels.iter().flat_map(|v| [*v; 3]).collect();
            RgbImage { width: gray.width, height: gray.height, pixels }
        }
    })
}

/// Decodes to 8-bit grey; colour is turned into luma.
///
/// # Errors
/// As [`decode_rgb`].
pub fn decode_gray(bytes: &[u8], limits: &Limits) -> Result<GrayImage, CodecError> {
    Ok(match decode(bytes, limits)? {
        Pixels::Gray(gray) => gray,
        Pixels::Rgb(rgb) => luma(&rgb),
    })
}

/// Luma of a colour picture (BT.601 weights).
pub fn luma(rgb: &RgbImage) -> GrayImage {
    let pixels = rgb
        .pixels
        .chunks_exact(3)
        .map(|c| ((u32::from(c[0]) * 77 + u32::from(c[1]) * 150 + u32::from(c[2]) * 29) >> 8) as u8)
        .collect();
    GrayImage { width: rgb.width, height: rgb.height, pixels }
}

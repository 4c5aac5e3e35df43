//! JPEG 2000, decoding only, through hayro-jpeg2000.

use domain::image::{GrayImage, RgbImage};
use hayro_jpeg2000::{ColorSpace, DecodeSettings, DecoderContext, Image};

use super::{CodecError, Coding, Pixels, Probe};

/// Reads the size from the SIZ marker; nothing is allocated.
pub(super) fn size(bytes: &[u8], coding: Coding) -> Result<(u32, u32), CodecError> {
    let short = || CodecError::damaged(coding, "no SIZ marker");
    let start = bytes.windows(4).position(|w| w == [0xff, 0x4f, 0xff, 0x51]).ok_or_else(short)?;
    // SOC, SIZ, Lsiz, Rsiz, then Xsiz Ysiz XOsiz YOsiz.
    let siz = bytes.get(start + 8..start + 24).ok_or_else(short)?;
    let word = |at: usize| u32::from_be_bytes([siz[at], siz[at + 1], siz[at + 2], siz[at + 3]]);
    let side = |end: u32, offset: u32| end.checked_sub(offset).ok_or_else(short);
    Ok((side(word(0), word(8))?, side(word(4), word(12))?))
}

pub(super) fn decode(bytes: &[u8], probe: Probe) -> Result<Pixels, CodecError> {
    let coding = probe.coding;
    let settings = DecodeSettings { strict: true, ..DecodeSettings::default() };
    let image = Image::new(bytes, &settings).map_err(|e| CodecError::damaged(coding, e))?;
    // The boxes and the codestream may disagree; only what was held against the limits is decoded.
    if (image.width(), image.height()) != (probe.width, probe.height) {
        return Err(CodecError::damaged(coding, "two sizes"));
    }
    let gray = match (image.color_space(), image.has_alpha()) {
        (ColorSpace::Gray, false) => true,
        (ColorSpace::RGB, false) => false,
        (ColorSpace::Icc { num_channels, .. }, false) if *num_channels == 1 => true,
        (ColorSpace::Icc { num_channels, .. }, false) if *num_channels == 3 => false,
        _ => return Err(CodecError::Colour(coding)),
    };
    let mut context = DecoderContext::default();
    let pixels = image.decode(&mut context).map_err(|e| CodecError::damaged(coding, e))?.data_u8();
    let picture = if gray {
        GrayImage::new(probe.width, probe.height, pixels).map(Pixels::Gray)
    } else {
        RgbImage::new(probe.width, probe.height, pixels).map(Pixels::Rgb)
    };
    picture.ok_or_else(|| CodecError::damaged(coding, "wrong length"))
}

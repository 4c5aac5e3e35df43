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

/// Whether every wavelet transform that the codestream names is the reversible one (5-3).
///
/// Looks at the COD and COC markers of the main header and of each tile-part's; pixels are not touched. Source: ISO/IEC
/// 15444-1:2019 A.4.2 (SOT), A.6.1 (COD), A.6.2 (COC) and table A.20.
pub(super) fn is_reversible(bytes: &[u8]) -> bool {
    let Some(start) = bytes.windows(4).position(|w| w == [0xff, 0x4f, 0xff, 0x51]) else { return false };
    let mut walk = Walk { bytes, at: start + 2, components: 0, tile_end: None, coded: false };
    walk.run().is_some_and(|reversible| reversible && walk.coded)
}

/// A walk over the marker segments of a codestream.
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Components, by SIZ.
    components: u16,
    /// Where the tile-part under way ends; `Some(None)` for the last one, which may not say.
    tile_end: Option<Option<usize>>,
    /// A COD was met.
    coded: bool,
}

impl Walk<'_> {
    fn word(&self, at: usize) -> Option<u16> {
        Some(u16::from_be_bytes([*self.bytes.get(at)?, *self.bytes.get(at + 1)?]))
    }

    /// `None` when the stream breaks off or is not one.
    fn run(&mut self) -> Option<bool> {
        loop {
            let (marker, segment) = (self.word(self.at)?, self.at + 2);
            match marker {
                // EOC.
                0xffd9 => return Some(true),
                // SOD: the data of the tile-part, then the next one.
                0xff93 => match self.tile_end? {
                    Some(end) if end > self.at => self.at = end,
                    Some(_) => return None,
                    None => return Some(true),
                },
                _ => {
                    let length = usize::from(self.word(segment)?);
                    let transform = match marker {
                        // SIZ: the number of components stands behind the sizes.
                        0xff51 => {
                            self.components = self.word(segment + 36)?;
                            None
                        }
                        // SOT: length of the tile-part from the marker on; 0 up to the end.
                        0xff90 => {
                            let (high, low) = (self.word(segment + 4)?, self.word(segment + 6)?);
                            let part = (usize::from(high) << 16) | usize::from(low);
                            self.tile_end = Some((part > 0).then_some(self.at + part));
                            None
                        }
                        0xff52 => {
                            self.coded = true;
                            Some(segment + 11)
                        }
                        0xff53 => Some(segment + if self.components < 257 { 8 } else { 9 }),
                        _ => None,
                    };
                    if let Some(at) = transform
                        && *self.bytes.get(at)? != 1
                    {
                        return Some(false);
                    }
                    if length < 2 {
                        return None;
                    }
                    self.at = segment + length;
                }
            }
        }
    }
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

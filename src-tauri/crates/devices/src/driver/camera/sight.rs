//! Notices a picture that is black, one-coloured or frozen.

use std::hash::{DefaultHasher, Hash, Hasher};

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::error::Fault;

/// Equal frames in a row that count as frozen (more than a second at 30 fps).
const FROZEN: u32 = 45;
/// Every how many frames the brightness is looked at.
const EVERY: u64 = 8;
/// Largest side of a frame that is decoded.
const MAX_SIDE: usize = 8192;

/// Watches the frames of one source.
#[derive(Default)]
pub struct Sight {
    last: u64,
    same: u32,
    count: u64,
    blank: Option<u8>,
}

impl Sight {
    /// Looks at one JPEG; says what is wrong with the picture, if anything.
    pub fn look(&mut self, jpeg: &[u8]) -> Option<Fault> {
        let mut hasher = DefaultHasher::new();
        jpeg.hash(&mut hasher);
        let now = hasher.finish();
        self.same = if now == self.last { self.same + 1 } else { 0 };
        self.last = now;
        if self.count.is_multiple_of(EVERY) {
            self.blank = luma(jpeg).and_then(|(_, _, pixels)| blank(&pixels));
        }
        self.count += 1;
        if self.same >= FROZEN {
            return Some(Fault::Frozen { same: self.same });
        }
        self.blank.map(|level| Fault::Blank { level })
    }
}

/// Mean level when the picture is one surface: no detail at all. A dark room is not blank, it has grain.
pub fn blank(pixels: &[u8]) -> Option<u8> {
    let sample: Vec<f32> = pixels.iter().step_by(97).map(|p| f32::from(*p)).collect();
    if sample.is_empty() {
        return Some(0);
    }
    let n = sample.len() as f32;
    let mean = sample.iter().sum::<f32>() / n;
    let variance = sample.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>() / n;
    (variance < 2.0).then_some(mean as u8)
}

/// Decodes brightness: width, height, pixels. `None` when it is no JPEG of lawful size.
pub fn luma(jpeg: &[u8]) -> Option<(u32, u32, Vec<u8>)> {
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(ColorSpace::Luma)
        .set_max_width(MAX_SIDE)
        .set_max_height(MAX_SIDE);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(jpeg), options);
    let pixels = decoder.decode().ok()?;
    let (width, height) = decoder.dimensions()?;
    Some((u32::try_from(width).ok()?, u32::try_from(height).ok()?, pixels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_surface_is_blank_and_a_dark_room_with_grain_is_not() {
        assert_eq!(blank(&vec![0; 10_000]), Some(0), "black");
        assert_eq!(blank(&vec![120; 10_000]), Some(120), "the green frame of a starved camera");
        let dark: Vec<u8> = (0..10_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 29) as u8).collect();
        assert_eq!(blank(&dark), None, "grain is a living picture");
    }

    #[test]
    fn frames_that_never_change_are_frozen() {
        let mut sight = Sight { count: 1, ..Sight::default() };
        let found = (0..=FROZEN + 1)
            .filter_map(|_| sight.look(b"same bytes"))
            .any(|f| matches!(f, Fault::Frozen { .. }));
        assert!(found, "more than a second of equal frames");
    }
}

//! A photographed paper, as small as reading it allows.

use std::borrow::Cow;

use domain::image::RgbImage;

use super::{CodecError, Coding, Limits, decode_rgb, encode_jpeg, sniff};
use crate::portrait::resample;

/// Most bytes of a photographed page.
pub const PAGE_BYTES: usize = 1 << 20;

/// Longest sides in pixels, largest first; the first is A4 at 200 dots per inch. Ours.
const SIDES: [u32; 4] = [2_340, 1_760, 1_320, 990];
/// JPEG qualities, best first; below the last small print is not worth reading. Ours.
const QUALITIES: [u8; 3] = [80, 65, 50];

/// Returns a photographed page of at most [`PAGE_BYTES`] as JPEG: as it came where it is small enough, else a copy of at most
/// 2,340 pixels a side. The same picture gives the same bytes.
///
/// # Errors
/// As [`decode_rgb`] for one that is too large and no picture; `TooLong` when not even the smallest copy fits.
pub fn page_jpeg(picture: &[u8]) -> Result<Cow<'_, [u8]>, CodecError> {
    if picture.len() <= PAGE_BYTES && sniff(picture) == Some(Coding::Jpeg) {
        return Ok(Cow::Borrowed(picture));
    }
    let mut image = decode_rgb(picture, &Limits::default())?;
    let mut least = usize::MAX;
    for side in SIDES {
        if side < image.width.max(image.height) {
            image = within(&image, side);
        }
        for quality in QUALITIES {
            let jpeg = encode_jpeg(&image, quality)?;
            if jpeg.len() <= PAGE_BYTES {
                return Ok(Cow::Owned(jpeg));
            }
            least = least.min(jpeg.len());
        }
    }
    Err(CodecError::TooLong { actual: least, limit: PAGE_BYTES })
}

/// A smaller copy whose longest side is `side` pixels.
fn within(image: &RgbImage, side: u32) -> RgbImage {
    let scale = image.width.max(image.height) as f32 / side as f32;
    let short = |length: u32| ((length as f32 / scale).round() as u32).clamp(1, side);
    resample(image, 0.0, 0.0, scale, short(image.width), short(image.height))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pixels that no coder makes small: the worst that a camera gives.
    fn noise(width: u32, height: u32) -> RgbImage {
        let mut seed = 0x9E37_79B9_u32;
        let pixels = (0..width * height * 3)
            .map(|_| {
                seed ^= seed << 13;
                seed ^= seed >> 17;
                seed ^= seed << 5;
                (seed >> 24) as u8
            })
            .collect();
        RgbImage::new(width, height, pixels).unwrap()
    }

    #[test]
    fn a_page_of_a_large_camera_is_made_small_enough_and_keeps_its_shape() {
        let still = encode_jpeg(&noise(3_000, 2_000), 95).unwrap();
        assert!(still.len() > 5 << 20, "{} bytes", still.len());
        let page = page_jpeg(&still).unwrap();
        assert!(page.len() <= PAGE_BYTES, "{} bytes", page.len());
        let seen = decode_rgb(&page, &Limits::default()).unwrap();
        assert!(seen.width <= SIDES[0] && seen.width > seen.height, "{}×{}", seen.width, seen.height);
        assert!((seen.width * 2).abs_diff(seen.height * 3) <= 3, "three to two, as it was taken");
        assert_eq!(page, page_jpeg(&still).unwrap(), "the same bytes every time");
    }

    #[test]
    fn a_small_page_stays_as_the_camera_gave_it_and_what_is_no_picture_is_refused() {
        let still = encode_jpeg(&noise(320, 240), 95).unwrap();
        assert_eq!(page_jpeg(&still).unwrap(), still);
        assert!(page_jpeg(b"no picture").is_err());
    }
}

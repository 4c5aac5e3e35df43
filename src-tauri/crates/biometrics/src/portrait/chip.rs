//! Portrait and signature small enough for a chip. The same picture and room give the same bytes, so that what is read
//! from a chip can be held against the record.

use domain::image::{GrayImage, RgbImage};

use super::crop::resample;
use crate::codec::{CodecError, Limits, decode_gray, decode_rgb, encode_jpeg, encode_png_gray};

/// Widths in pixels, largest first: fewer pixels before a coarser picture.
const WIDTHS: [u32; 6] = [240, 200, 160, 128, 104, 88];
/// JPEG qualities, best first; below the last a face is not worth comparing.
const QUALITIES: [u8; 5] = [85, 75, 65, 55, 45];

/// Smaller copy of a portrait as JPEG of at most `room` bytes; `None` when not even the smallest fits.
///
/// # Errors
/// `CodecError` when the bytes are no picture.
pub fn chip_photo(portrait: &[u8], room: usize) -> Result<Option<Vec<u8>>, CodecError> {
    let image = decode_rgb(portrait, &Limits::default())?;
    for width in WIDTHS.into_iter().filter(|width| *width <= image.width) {
        let small = shrink(&image, width);
        for quality in QUALITIES {
            let jpeg = encode_jpeg(&small, quality)?;
            if jpeg.len() <= room {
                return Ok(Some(jpeg));
            }
        }
    }
    Ok(None)
}

/// Smaller copy of a signature as PNG of at most `room` bytes; `None` when not even the smallest fits.
///
/// # Errors
/// `CodecError` when the bytes are no picture.
pub fn chip_signature(signature: &[u8], room: usize) -> Result<Option<Vec<u8>>, CodecError> {
    let image = decode_gray(signature, &Limits::default())?;
    let rgb: Vec<u8> = image.pixels.iter().flat_map(|p| [*p; 3]).collect();
    let Some(image) = RgbImage::new(image.width, image.height, rgb) else { return Ok(None) };
    for width in WIDTHS.into_iter().filter(|width| *width <= image.width) {
        let small = shrink(&image, width);
        // Ink or paper: shades of the pen's edge would fill the chip.
        let ink: Vec<u8> =
            small.pixels.chunks_exact(3).map(|pixel| if pixel[0] < 160 { 0 } else { 255 }).collect();
        let Some(gray) = GrayImage::new(small.width, small.height, ink) else { continue };
        let png = encode_png_gray(&gray, None)?;
        if png.len() <= room {
            return Ok(Some(png));
        }
    }
    Ok(None)
}

fn shrink(image: &RgbImage, width: u32) -> RgbImage {
    let scale = image.width as f32 / width as f32;
    let height = ((image.height as f32 / scale).round() as u32).max(1);
    resample(image, 0.0, 0.0, scale, width, height)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portrait(width: u32, height: u32) -> Vec<u8> {
        let pixels = (0..width * height)
            .flat_map(|at| {
                let (x, y) = (at % width, at / width);
                [(x * 7 + y) as u8, (y * 3) as u8, ((x ^ y) % 251) as u8]
            })
            .collect();
        encode_jpeg(&RgbImage::new(width, height, pixels).unwrap(), 90).unwrap()
    }

    #[test]
    fn a_portrait_fits_the_room_of_the_chip_and_is_the_same_every_time() {
        let portrait = portrait(480, 640);
        let small = chip_photo(&portrait, 4606).unwrap().expect("it fits");
        assert!(small.len() <= 4606 && small.starts_with(&[0xFF, 0xD8]), "a JPEG within the room");
        let seen = decode_rgb(&small, &Limits::default()).unwrap();
        let ratio = f64::from(seen.width) / f64::from(seen.height);
        assert!((ratio - 0.75).abs() < 0.01 && seen.width >= 88, "the proportion stays: {ratio}");
        assert_eq!(chip_photo(&portrait, 4606).unwrap(), Some(small), "deterministic");
        assert_eq!(chip_photo(&portrait, 100).unwrap(), None, "no room is said, not squeezed");
        assert!(chip_photo(b"GIF89a", 4606).is_err(), "no picture");
    }

    #[test]
    fn a_signature_fits_the_room_of_the_chip() {
        let (width, height) = (600u32, 200u32);
        let line = |x: u32| (100.0 + 60.0 * (f64::from(x) / 40.0).sin()) as u32;
        let pixels = (0..width * height)
            .map(|at| if (at / width).abs_diff(line(at % width)) < 4 { 0 } else { 255 })
            .collect();
        let png = encode_png_gray(&GrayImage::new(width, height, pixels).unwrap(), None).unwrap();
        let small = chip_signature(&png, 1022).unwrap().expect("it fits");
        let seen = decode_gray(&small, &Limits::default()).unwrap();
        let dark = seen.pixels.iter().filter(|p| **p == 0).count();
        assert!(small.len() <= 1022 && dark > 100, "{} bytes with {dark} dark pixels", small.len());
    }
}

//! PNG.

use domain::image::{GrayImage, RgbImage};

use super::{CodecError, Coding, Limits, Pixels};

const CODING: Coding = Coding::Png;

pub(super) fn size(bytes: &[u8]) -> Result<(u32, u32), CodecError> {
    let head = bytes.get(16..24).ok_or_else(|| CodecError::damaged(CODING, "no header"))?;
    let word = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    Ok((word(0), word(4)))
}

pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Pixels, CodecError> {
    let mut decoder = png::Decoder::new_with_limits(
        std::io::Cursor::new(bytes),
        png::Limits { bytes: limits.pixels as usize * 8 },
    );
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|e| CodecError::damaged(CODING, e))?;
    let room = reader.output_buffer_size().ok_or_else(|| CodecError::damaged(CODING, "no size"))?;
    let mut buffer = vec![0; room];
    let info = reader.next_frame(&mut buffer).map_err(|e| CodecError::damaged(CODING, e))?;
    buffer.truncate(info.buffer_size());
    let (w, h) = (info.width, info.height);
    let picture = match info.color_type {
        png::ColorType::Grayscale => GrayImage::new(w, h, buffer).map(Pixels::Gray),
        png::ColorType::GrayscaleAlpha => {
            GrayImage::new(w, h, buffer.chunks_exact(2).map(|c| c[0]).collect()).map(Pixels::Gray)
        }
        png::ColorType::Rgb => RgbImage::new(w, h, buffer).map(Pixels::Rgb),
        png::ColorType::Rgba => {
            let rgb = buffer.chunks_exact(4).flat_map(|c| [c[0], c[1], c[2]]).collect();
            RgbImage::new(w, h, rgb).map(Pixels::Rgb)
        }
        png::ColorType::Indexed => return Err(CodecError::Colour(CODING)),
    };
    picture.ok_or_else(|| CodecError::damaged(CODING, "wrong length"))
}

fn encode(
    w: u32,
    h: u32,
    pixels: &[u8],
    colour: png::ColorType,
    ppi: Option<u32>,
    press: png::Compression,
) -> Result<Vec<u8>, CodecError> {
    let failed = |_| CodecError::Encode { coding: CODING, width: w, height: h };
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, w, h);
    encoder.set_color(colour);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(press);
    if let Some(ppi) = ppi {
        let per_metre = (f64::from(ppi) / 0.0254).round() as u32;
        let unit = png::Unit::Meter;
        encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit }));
    }
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(pixels).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(out)
}

/// Encodes 8-bit grey without loss; `ppi` goes into the resolution chunk.
///
/// # Errors
/// `Encode` when the pixels do not fit the size.
pub fn encode_png_gray(image: &GrayImage, ppi: Option<u32>) -> Result<Vec<u8>, CodecError> {
    encode(
        image.width,
        image.height,
        &image.pixels,
        png::ColorType::Grayscale,
        ppi,
        png::Compression::Balanced,
    )
}

/// The same picture in more bytes and a small part of the time: to be looked at, and not to be kept.
///
/// # Errors
/// `Encode` when the pixels do not fit the size.
pub fn encode_png_gray_to_show(image: &GrayImage, ppi: Option<u32>) -> Result<Vec<u8>, CodecError> {
    encode(image.width, image.height, &image.pixels, png::ColorType::Grayscale, ppi, png::Compression::Fast)
}

/// Encodes 24-bit colour without loss.
///
/// # Errors
/// `Encode` when the pixels do not fit the size.
pub fn encode_png_rgb(image: &RgbImage) -> Result<Vec<u8>, CodecError> {
    encode(image.width, image.height, &image.pixels, png::ColorType::Rgb, None, png::Compression::Balanced)
}

/// Reads the resolution that a PNG states (`pHYs`), in pixels per inch; `None` when it states none or is no PNG.
pub fn png_ppi(bytes: &[u8]) -> Option<u16> {
    let reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().ok()?;
    let stated = reader.info().pixel_dims.filter(|stated| stated.unit == png::Unit::Meter)?;
    let ppi = (f64::from(stated.xppu) * 0.0254).round();
    (1.0..=f64::from(u16::MAX)).contains(&ppi).then_some(ppi as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_png_says_its_resolution_again() {
        let image = GrayImage { width: 2, height: 1, pixels: vec![0, 255] };
        let stated = |ppi| png_ppi(&encode_png_gray(&image, ppi).unwrap());
        assert_eq!([Some(500), Some(1000), None].map(stated), [Some(500), Some(1000), None]);
        assert_eq!(png_ppi(b"\x89PNG"), None, "no PNG");
    }

    #[test]
    fn what_is_shown_is_the_picture_that_is_kept() {
        let pixels = (0..64u32 * 48).map(|at| (at * at % 251) as u8).collect();
        let image = GrayImage { width: 64, height: 48, pixels };
        let shown = encode_png_gray_to_show(&image, Some(500)).unwrap();
        assert_eq!(png_ppi(&shown), Some(500));
        let Pixels::Gray(read) = decode(&shown, &Limits::default()).unwrap() else {
            panic!("grey stays grey")
        };
        assert_eq!(read, image);
    }
}

//! JPEG through zune-jpeg and jpeg-encoder.

use domain::image::{GrayImage, RgbImage};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{CodecError, Coding, Limits, Pixels, exif};

const CODING: Coding = Coding::Jpeg;

/// Reads the size from the frame header by walking the markers; nothing is allocated.
pub(super) fn size(bytes: &[u8]) -> Result<(u32, u32), CodecError> {
    let short = || CodecError::damaged(CODING, "no frame header");
    let mut at = 2;
    loop {
        while *bytes.get(at).ok_or_else(short)? != 0xff {
            at += 1;
        }
        let marker = *bytes.get(at + 1).ok_or_else(short)?;
        match marker {
            0xff | 0x00 => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            0xd9 | 0xda => return Err(short()),
            _ => {
                let body = bytes.get(at + 2..).ok_or_else(short)?;
                let length = usize::from(u16::from_be_bytes([
                    *body.first().ok_or_else(short)?,
                    *body.get(1).ok_or_else(short)?,
                ]));
                let frame = (0xc0..=0xcf).contains(&marker) && ![0xc4, 0xc8, 0xcc].contains(&marker);
                if frame {
                    let b = body.get(3..7).ok_or_else(short)?;
                    let side = |hi: u8, lo: u8| u32::from(u16::from_be_bytes([hi, lo]));
                    return Ok((side(b[2], b[3]), side(b[0], b[1])));
                }
                at += 2 + length.max(2);
            }
        }
    }
}

pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Pixels, CodecError> {
    let damaged = |e| CodecError::damaged(CODING, e);
    // Strict: a picture that was cut short is refused, not filled with grey.
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(limits.side as usize)
        .set_max_height(limits.side as usize)
        .jpeg_set_max_scans(64);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(damaged)?;
    let gray = match decoder.input_colorspace() {
        Some(ColorSpace::Luma) => true,
        Some(ColorSpace::YCbCr | ColorSpace::RGB) => false,
        _ => return Err(CodecError::Colour(CODING)),
    };
    let wanted = if gray { ColorSpace::Luma } else { ColorSpace::RGB };
    decoder.set_options(options.jpeg_set_out_colorspace(wanted));
    let turn = decoder.exif().map_or(1, |block| exif::orientation(block));
    let (width, height) = decoder.dimensions().ok_or_else(|| CodecError::damaged(CODING, "no size"))?;
    let pixels = decoder.decode().map_err(damaged)?;
    let (width, height) = (width as u32, height as u32);
    let picture = if gray {
        GrayImage::new(width, height, pixels).map(Pixels::Gray)
    } else {
        RgbImage::new(width, height, pixels).map(Pixels::Rgb)
    };
    Ok(exif::upright(picture.ok_or_else(|| CodecError::damaged(CODING, "wrong length"))?, turn))
}

/// Encodes a final picture; `quality` 1–100.
///
/// # Errors
/// `Encode` when a side is longer than 65 535 or the pixels do not fit the size.
pub fn encode_jpeg(image: &RgbImage, quality: u8) -> Result<Vec<u8>, CodecError> {
    let failed = || CodecError::Encode { coding: CODING, width: image.width, height: image.height };
    let (w, h) = (
        u16::try_from(image.width).map_err(|_| failed())?,
        u16::try_from(image.height).map_err(|_| failed())?,
    );
    let mut out = Vec::new();
    jpeg_encoder::Encoder::new(&mut out, quality.clamp(1, 100))
        .encode(&image.pixels, w, h, jpeg_encoder::ColorType::Rgb)
        .map_err(|_| failed())?;
    Ok(out)
}

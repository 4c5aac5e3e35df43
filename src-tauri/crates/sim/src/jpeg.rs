//! JPEG encoding for streams.

use domain::image::{GrayImage, RgbImage};
use jpeg_encoder::{ColorType, Encoder};

/// Encodes a grey picture; empty when the sizes do not fit each other.
pub fn gray(image: &GrayImage, quality: u8) -> Vec<u8> {
    encode(&image.pixels, (image.width, image.height), ColorType::Luma, quality)
}

/// Encodes a colour picture; empty when the sizes do not fit each other.
pub fn rgb(image: &RgbImage, quality: u8) -> Vec<u8> {
    encode(&image.pixels, (image.width, image.height), ColorType::Rgb, quality)
}

/// Encodes a picture of four colours, four bytes a pixel, as a print shop's program does; empty when the sizes do not fit.
pub fn four_colours(pixels: &[u8], size: (u32, u32), quality: u8) -> Vec<u8> {
    encode(pixels, size, ColorType::Cmyk, quality)
}

fn encode(pixels: &[u8], (width, height): (u32, u32), color: ColorType, quality: u8) -> Vec<u8> {
    let (Ok(width), Ok(height)) = (u16::try_from(width), u16::try_from(height)) else { return Vec::new() };
    let mut out = Vec::new();
    match Encoder::new(&mut out, quality).encode(pixels, width, height, color) {
        Ok(()) => out,
        Err(_) => Vec::new(),
    }
}

/// The same picture with a counter in a comment segment, as no two frames of a live camera are equal bytes.
pub fn numbered(jpeg: &[u8], number: u64) -> Vec<u8> {
    let mut out = Vec::with_capacity(jpeg.len() + 12);
    let (start, rest) = jpeg.split_at(2.min(jpeg.len()));
    out.extend_from_slice(start);
    out.extend([0xFF, 0xFE, 0, 10]); // COM, 2 + 8 bytes
    // Seven bits a byte, so that no marker can appear inside.
    out.extend((0..8).map(|n| (number >> (7 * n)) as u8 & 0x7F));
    out.extend_from_slice(rest);
    out
}

/// Halves a grey picture in both directions.
pub fn half(image: &GrayImage) -> GrayImage {
    let (width, height) = (image.width / 2, image.height / 2);
    let row = image.width as usize;
    let mut pixels = Vec::with_capacity((width * height) as usize);
    for y in 0..height as usize {
        for x in 0..width as usize {
            let at = 2 * y * row + 2 * x;
            let sum: u16 = [at, at + 1, at + row, at + row + 1]
                .iter()
                .map(|i| image.pixels.get(*i).copied().map_or(0, u16::from))
                .sum();
            pixels.push((sum / 4) as u8);
        }
    }
    GrayImage { width, height, pixels }
}

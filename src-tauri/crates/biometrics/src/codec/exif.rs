//! The turn that a camera noted in EXIF.

use domain::image::{GrayImage, RgbImage};

use super::Pixels;

/// Orientation 1–8 from a TIFF block; 1 when absent or malformed.
pub(super) fn orientation(tiff: &[u8]) -> u8 {
    read(tiff.strip_prefix(b"Exif\0\0").unwrap_or(tiff)).filter(|o| (1..=8).contains(o)).unwrap_or(1)
}

fn read(tiff: &[u8]) -> Option<u8> {
    let little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let u16_at = |at: usize| {
        let b: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(b) } else { u16::from_be_bytes(b) })
    };
    let u32_at = |at: usize| {
        let b: [u8; 4] = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(b) } else { u32::from_be_bytes(b) })
    };
    let start = u32_at(4)? as usize;
    let count = usize::from(u16_at(start)?).min(200);
    (0..count).find_map(|n| {
        let entry = start.checked_add(2 + n * 12)?;
        (u16_at(entry)? == 0x0112).then(|| u16_at(entry + 8)).flatten().and_then(|v| u8::try_from(v).ok())
    })
}

/// Turns and mirrors so that the picture stands upright.
pub(super) fn upright(pixels: Pixels, orientation: u8) -> Pixels {
    if orientation <= 1 {
        return pixels;
    }
    match pixels {
        Pixels::Gray(g) => {
            let (width, height, pixels) =
                turn(&g.pixels, g.width as usize, g.height as usize, 1, orientation);
            Pixels::Gray(GrayImage { width, height, pixels })
        }
        Pixels::Rgb(c) => {
            let (width, height, pixels) =
                turn(&c.pixels, c.width as usize, c.height as usize, 3, orientation);
            Pixels::Rgb(RgbImage { width, height, pixels })
        }
    }
}

fn turn(from: &[u8], w: usize, h: usize, channels: usize, orientation: u8) -> (u32, u32, Vec<u8>) {
    let (out_w, out_h) = if orientation >= 5 { (h, w) } else { (w, h) };
    let mut out = Vec::with_capacity(from.len());
    for y in 0..out_h {
        for x in 0..out_w {
            let (sx, sy) = match orientation {
                2 => (w - 1 - x, y),
                3 => (w - 1 - x, h - 1 - y),
                4 => (x, h - 1 - y),
                5 => (y, x),
                6 => (y, h - 1 - x),
                7 => (w - 1 - y, h - 1 - x),
                8 => (w - 1 - y, x),
                _ => (x, y),
            };
            let at = (sy * w + sx) * channels;
            out.extend_from_slice(&from[at..at + channels]);
        }
    }
    (out_w as u32, out_h as u32, out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_puts_the_first_row_on_the_right_side() {
        let (w, h, out) = turn(&[1, 2, 3, 4, 5, 6], 3, 2, 1, 6);
        assert_eq!((w, h), (2, 3), "a quarter turn swaps the sides");
        assert_eq!(out, [4, 1, 5, 2, 6, 3], "orientation 6 is shown after a clockwise quarter turn");
    }

    #[test]
    fn garbage_in_exif_means_no_turn() {
        for bad in [&b""[..], b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff"] {
            assert_eq!(orientation(bad), 1, "a broken block must not turn or stop a picture");
        }
    }
}

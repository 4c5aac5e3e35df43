//! Raw camera pixels to RGB (BT.601, limited range). `None` when the bytes do not fit the size.

fn rgb(y: u8, u: u8, v: u8) -> [u8; 3] {
    let (y, u, v) = (i32::from(y) - 16, i32::from(u) - 128, i32::from(v) - 128);
    let y = 298 * y + 128;
    let clamp = |v: i32| (v >> 8).clamp(0, 255) as u8;
    [clamp(y + 409 * v), clamp(y - 100 * u - 208 * v), clamp(y + 516 * u)]
}

pub(super) fn yuyv(raw: &[u8], width: u32, height: u32) -> Option<Vec<u8>> {
    let raw = raw.get(..(width as usize * height as usize).checked_mul(2)?)?;
    let mut out = Vec::with_capacity(raw.len() / 2 * 3);
    for four in raw.chunks_exact(4) {
        let &[y0, u, y1, v] = four else { continue };
        out.extend(rgb(y0, u, v));
        out.extend(rgb(y1, u, v));
    }
    Some(out)
}

pub(super) fn nv12(raw: &[u8], width: u32, height: u32) -> Option<Vec<u8>> {
    let (w, h) = (width as usize, height as usize);
    let (luma, chroma) = raw.split_at_checked(w.checked_mul(h)?)?;
    let chroma = chroma.get(..w * h / 2)?;
    let mut out = Vec::with_capacity(w * h * 3);
    for (at, y) in luma.iter().enumerate() {
        let pair = (at / w / 2) * w + (at % w) / 2 * 2;
        let (u, v) = (*chroma.get(pair)?, *chroma.get(pair + 1)?);
        out.extend(rgb(*y, u, v));
    }
    Some(out)
}

pub(super) fn gray(raw: &[u8], width: u32, height: u32) -> Option<Vec<u8>> {
    let raw = raw.get(..width as usize * height as usize)?;
    Some(raw.iter().flat_map(|y| [*y; 3]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limited_range_white_black_and_red_are_right() {
        // Y U Y V: white white, then black black, in BT.601 limited range.
        let raw = [235, 128, 235, 128, 16, 128, 16, 128];
        assert_eq!(yuyv(&raw, 2, 2), Some([[255u8; 6], [0; 6]].concat()));
        assert_eq!(rgb(81, 90, 240), [255, 0, 0], "pure red of the standard");
    }

    #[test]
    fn a_short_frame_is_refused() {
        assert_eq!(yuyv(&[0; 7], 2, 2), None);
        assert_eq!(nv12(&[0; 5], 2, 2), None);
        assert_eq!(gray(&[0; 3], 2, 2), None);
    }
}

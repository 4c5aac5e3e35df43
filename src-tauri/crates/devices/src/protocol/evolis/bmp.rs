//! Windows bitmaps of 24 bits (BITMAPINFOHEADER), the form that `PRINT.SetBitmap` takes.

/// Bytes before the pixels.
const HEAD: usize = 54;
/// 300 dots per inch in dots per metre.
const DOTS_PER_METRE: u32 = 11_811;

/// Encodes `width × height × 3` bytes of RGB, top line first; `None` when they are not that many.
pub fn encode(width: u32, height: u32, rgb: &[u8]) -> Option<Vec<u8>> {
    let (w, h) = (usize::try_from(width).ok()?, usize::try_from(height).ok()?);
    if w == 0 || h == 0 || rgb.len() != w.checked_mul(h)?.checked_mul(3)? {
        return None;
    }
    let stride = (w * 3).next_multiple_of(4);
    let mut out = Vec::with_capacity(HEAD + stride * h);
    let le = |out: &mut Vec<u8>, value: u32| out.extend_from_slice(&value.to_le_bytes());
    out.extend_from_slice(b"BM");
    le(&mut out, u32::try_from(HEAD + stride * h).ok()?);
    le(&mut out, 0);
    le(&mut out, HEAD as u32);
    le(&mut out, 40);
    le(&mut out, width);
    le(&mut out, height);
    out.extend_from_slice(&1u16.to_le_bytes());
    out.extend_from_slice(&24u16.to_le_bytes());
    le(&mut out, 0); // no compression
    le(&mut out, u32::try_from(stride * h).ok()?);
    le(&mut out, DOTS_PER_METRE);
    le(&mut out, DOTS_PER_METRE);
    le(&mut out, 0);
    le(&mut out, 0);
    // Bottom line first, blue first, lines filled up to four bytes.
    for row in rgb.chunks_exact(w * 3).rev() {
        for pixel in row.chunks_exact(3) {
            out.extend_from_slice(&[pixel[2], pixel[1], pixel[0]]);
        }
        out.resize(out.len() + stride - w * 3, 0);
    }
    Some(out)
}

/// Reads such a bitmap: width, height and RGB, top line first. `None` for any other form or an odd size.
pub fn decode(bytes: &[u8]) -> Option<(u32, u32, Vec<u8>)> {
    let le = |at: usize| -> Option<u32> { Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)) };
    let depth = u16::from_le_bytes(bytes.get(28..30)?.try_into().ok()?);
    if !bytes.starts_with(b"BM") || le(14)? < 40 || depth != 24 || le(30)? != 0 {
        return None;
    }
    let (width, height, start) = (le(18)?, le(22)?, usize::try_from(le(10)?).ok()?);
    if !(1..=8192).contains(&width) || !(1..=8192).contains(&height) {
        return None;
    }
    let line = width as usize * 3;
    let stride = line.next_multiple_of(4);
    let pixels = bytes.get(start..start.checked_add(stride * height as usize)?)?;
    let mut rgb = Vec::with_capacity(line * height as usize);
    for row in pixels.chunks_exact(stride).rev() {
        for pixel in row.get(..line)?.chunks_exact(3) {
            rgb.extend_from_slice(&[pixel[2], pixel[1], pixel[0]]);
        }
    }
    Some((width, height, rgb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bitmap_of_any_width_comes_back_as_it_went() {
        for width in 1..=5u32 {
            let rgb: Vec<u8> = (0..width * 3 * 2).map(|i| (i * 7 % 251) as u8).collect();
            let bmp = encode(width, 2, &rgb).expect("the bytes fit");
            assert_eq!(decode(&bmp), Some((width, 2, rgb)), "width {width} with its padding");
        }
    }
}

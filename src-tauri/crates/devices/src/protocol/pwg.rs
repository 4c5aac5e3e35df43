//! PWG raster (PWG 5102.4-2012): one page of sRGB, 8 bits a colour, losslessly packed by lines.

/// Bytes of the page header (5102.4 §4.3).
pub const HEADER: usize = 1796;

/// `cupsColorSpace` / `ColorSpace` of sRGB (5102.4 table 3).
const SRGB: u32 = 19;

/// A page to encode.
#[derive(Clone, Copy)]
pub struct Page<'a> {
    /// Pixels across the feed.
    pub width: u32,
    /// Pixels along the feed.
    pub height: u32,
    /// Pixels per inch, both ways.
    pub dpi: u32,
    /// Page in points (1/72 inch), rounded.
    pub points: (u32, u32),
    /// PWG self-describing media name (5101.1), at most 63 bytes; longer is cut.
    pub media: &'a str,
    /// `width × height × 3` bytes, red first, top line first.
    pub rgb: &'a [u8],
}

impl std::fmt::Debug for Page<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Page({} × {}, {})", self.width, self.height, self.media)
    }
}

/// The whole stream: synchronisation word, header, packed lines. `None` when the pixels do not fill the page
/// exactly: nothing is padded or scaled here.
pub fn encode(page: &Page<'_>) -> Option<Vec<u8>> {
    let line = usize::try_from(page.width).ok()?.checked_mul(3)?;
    let lines = usize::try_from(page.height).ok()?;
    if line == 0 || lines == 0 || page.rgb.len() != line.checked_mul(lines)? {
        return None;
    }
    let mut out = Vec::with_capacity(4 + HEADER + page.rgb.len() / 4);
    out.extend_from_slice(b"RaS2");
    out.extend_from_slice(&header(page));
    let mut rows = page.rgb.chunks_exact(line).peekable();
    while let Some(row) = rows.next() {
        // The first byte tells how often the line comes again, at most 255 times more.
        let mut again = 0u8;
        while again < u8::MAX && rows.peek() == Some(&row) {
            rows.next();
            again += 1;
        }
        out.push(again);
        pack(row, &mut out);
    }
    Some(out)
}

fn header(page: &Page<'_>) -> [u8; HEADER] {
    let mut header = [0u8; HEADER];
    put_text(&mut header, 0, "PwgRaster");
    put(&mut header, 276, page.dpi);
    put(&mut header, 280, page.dpi);
    put(&mut header, 340, 1); // NumCopies
    put(&mut header, 352, page.points.0);
    put(&mut header, 356, page.points.1);
    put(&mut header, 372, page.width);
    put(&mut header, 376, page.height);
    put(&mut header, 384, 8); // BitsPerColor
    put(&mut header, 388, 24); // BitsPerPixel
    put(&mut header, 392, page.width.saturating_mul(3)); // BytesPerLine
    put(&mut header, 400, SRGB);
    put(&mut header, 420, 3); // NumColors
    put(&mut header, 452, 1); // TotalPageCount
    put(&mut header, 456, 1); // CrossFeedTransform
    put(&mut header, 460, 1); // FeedTransform
    put(&mut header, 472, page.width); // ImageBoxRight; left and top are 0
    put(&mut header, 476, page.height); // ImageBoxBottom
    put(&mut header, 480, 0x00FF_FFFF); // AlternatePrimary: white
    put(&mut header, 484, 5); // PrintQuality: high
    put_text(&mut header, 1732, page.media);
    header
}

fn put(header: &mut [u8; HEADER], at: usize, value: u32) {
    if let Some(place) = header.get_mut(at..at + 4) {
        place.copy_from_slice(&value.to_be_bytes());
    }
}

/// A NUL-terminated text of at most 63 bytes.
fn put_text(header: &mut [u8; HEADER], at: usize, text: &str) {
    let bytes = text.as_bytes();
    let bytes = bytes.get(..bytes.len().min(63)).unwrap_or_default();
    if let Some(place) = header.get_mut(at..at + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}

/// PackBits by pixels: 0–127 repeats the next pixel n + 1 times, 129–255 is followed by 257 − n pixels as they are.
fn pack(row: &[u8], out: &mut Vec<u8>) {
    let pixels: Vec<&[u8]> = row.chunks_exact(3).collect();
    let mut at = 0;
    while let Some(&pixel) = pixels.get(at) {
        let same = pixels[at..].iter().take(128).take_while(|p| **p == pixel).count();
        if same > 1 {
            out.push((same - 1) as u8);
            out.extend_from_slice(pixel);
            at += same;
            continue;
        }
        // As they are, until the next two that are equal.
        let rest = &pixels[at..];
        let most = rest.len().min(128);
        let run = (1..most).find(|&i| rest.get(i) == rest.get(i + 1)).unwrap_or(most);
        if run == 1 {
            out.push(0);
        } else {
            out.push((257 - run) as u8);
        }
        rest.iter().take(run).for_each(|p| out.extend_from_slice(p));
        at += run;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_that_do_not_fill_the_page_are_refused() {
        let page = Page { width: 2, height: 2, dpi: 300, points: (1, 1), media: "", rgb: &[0; 11] };
        assert_eq!(encode(&page), None, "nothing is padded");
    }

    #[test]
    fn the_example_of_the_standard_packs_to_its_bytes() {
        // 5102.4 §4.4.2: two white, one yellow, one blue, four green, and so on; here the same rules on one line.
        let (white, yellow, blue) = ([0xFF; 3], [0xFF, 0xFF, 0x00], [0x00, 0x00, 0xFF]);
        let row: Vec<u8> = [white, white, yellow, blue].concat();
        let mut out = Vec::new();
        pack(&row, &mut out);
        assert_eq!(
            out,
            [&[1][..], &white, &[255], &yellow, &blue].concat(),
            "a repeat, then two as they are"
        );
    }
}

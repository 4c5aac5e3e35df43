//! The face of a card as pixels: 85.60 × 53.98 mm (ISO/IEC 7810 ID-1) at 300 dpi, and nothing else.

use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::{Content, Filter, Finish as _, Name, Pdf, Rect, Ref};

use crate::error::Fault;

/// 300 dots per inch in dots per metre.
const DOTS_PER_METRE: u32 = 11_811;
/// 85.60 × 53.98 mm in points.
const PAGE: (f32, f32) = (242.646, 153.014);

/// An RGB picture of exactly [`CardRaster::WIDTH`] × [`CardRaster::HEIGHT`] pixels. Another size is refused, never
/// scaled: the fields must stand on the preprinted card.
#[derive(Clone, PartialEq, Eq)]
pub struct CardRaster {
    rgb: Vec<u8>,
}

impl std::fmt::Debug for CardRaster {
    /// Says nothing of the picture: it shows a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CardRaster(1011x638)")
    }
}

fn wrong(what: impl Into<String>) -> Fault {
    Fault::Unsupported { what: what.into() }
}

impl CardRaster {
    /// 85.60 mm at 300 dpi.
    pub const WIDTH: u32 = 1011;
    /// 53.98 mm at 300 dpi.
    pub const HEIGHT: u32 = 638;
    /// Pixels per inch.
    pub const DPI: u32 = 300;

    /// Takes `1011 × 638 × 3` bytes, red first, top line first; `Unsupported` for any other number.
    ///
    /// # Errors
    /// [`Fault::Unsupported`].
    pub fn new(rgb: Vec<u8>) -> Result<Self, Fault> {
        if rgb.len() != Self::WIDTH as usize * Self::HEIGHT as usize * 3 {
            return Err(wrong(format!("card face of {} bytes", rgb.len())));
        }
        Ok(Self { rgb })
    }

    /// Reads a PNG of exactly this size (grey, RGB, or with an alpha channel that is opaque everywhere).
    ///
    /// # Errors
    /// `Unsupported` for another size or see-through pixels, `Garbage` for bytes that are no PNG.
    pub fn from_png(bytes: &[u8]) -> Result<Self, Fault> {
        let mut reader = image::ImageReader::with_format(Cursor::new(bytes), image::ImageFormat::Png);
        let mut limits = image::Limits::default();
        (limits.max_image_width, limits.max_image_height) = (Some(4 * Self::WIDTH), Some(4 * Self::HEIGHT));
        limits.max_alloc = Some(64 * 1024 * 1024);
        reader.limits(limits);
        let picture = reader.decode().map_err(|_| Fault::garbage("PNG"))?;
        let (width, height) = (picture.width(), picture.height());
        if (width, height) != (Self::WIDTH, Self::HEIGHT) {
            return Err(wrong(format!("card face of {width} x {height} pixels, not 1011 x 638")));
        }
        if picture.color().has_alpha() && picture.to_rgba8().pixels().any(|p| p.0[3] != u8::MAX) {
            return Err(wrong("see-through card face"));
        }
        Self::new(picture.to_rgb8().into_raw())
    }

    /// The pixels, red first, top line first.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// The same picture turned by 90° clockwise: 638 wide, 1011 high, for printers that feed the short edge.
    pub fn turned(&self) -> Vec<u8> {
        let (w, h) = (Self::WIDTH as usize, Self::HEIGHT as usize);
        let mut out = Vec::with_capacity(self.rgb.len());
        for x in 0..w {
            for y in (0..h).rev() {
                let at = (y * w + x) * 3;
                out.extend_from_slice(self.rgb.get(at..at + 3).unwrap_or_default());
            }
        }
        out
    }

    /// The picture in the middle of a white canvas at least as large, unscaled.
    pub(super) fn centred(&self, width: u32, height: u32) -> Vec<u8> {
        let (w, h) = (width as usize, height as usize);
        let (cw, ch) = (Self::WIDTH as usize, Self::HEIGHT as usize);
        let (left, top) = (w.saturating_sub(cw) / 2, h.saturating_sub(ch) / 2);
        let mut out = vec![u8::MAX; w * h * 3];
        for (y, row) in self.rgb.chunks_exact(cw * 3).enumerate() {
            let at = ((top + y) * w + left) * 3;
            if let Some(place) = out.get_mut(at..at + cw * 3) {
                place.copy_from_slice(row);
            }
        }
        out
    }

    /// A PNG that carries its 300 dpi.
    ///
    /// # Errors
    /// [`Fault::Io`] when the encoder refuses.
    pub fn to_png(&self) -> Result<Vec<u8>, Fault> {
        png(Self::WIDTH, Self::HEIGHT, &self.rgb)
    }

    /// A PDF of one page of 85.60 × 53.98 mm that the picture fills, pixel for pixel.
    ///
    /// # Errors
    /// As [`Self::to_png`].
    pub fn to_pdf(&self) -> Result<Vec<u8>, Fault> {
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        packed.write_all(&self.rgb)?;
        let packed = packed.finish()?;
        let (catalog, pages, page, picture, content) =
            (Ref::new(1), Ref::new(2), Ref::new(3), Ref::new(4), Ref::new(5));
        let name = Name(b"Face");
        let mut pdf = Pdf::new();
        pdf.catalog(catalog).pages(pages);
        pdf.pages(pages).kids([page]).count(1);
        let mut sheet = pdf.page(page);
        sheet.media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1)).parent(pages).contents(content);
        sheet.resources().x_objects().pair(name, picture);
        sheet.finish();
        let mut image = pdf.image_xobject(picture, &packed);
        image.filter(Filter::FlateDecode);
        image.width(1011).height(638).bits_per_component(8);
        image.color_space().device_rgb();
        image.finish();
        let mut drawn = Content::new();
        drawn.save_state().transform([PAGE.0, 0.0, 0.0, PAGE.1, 0.0, 0.0]).x_object(name).restore_state();
        pdf.stream(content, &drawn.finish());
        Ok(pdf.finish())
    }
}

/// A PNG of RGB pixels that carries 300 dpi.
pub(super) fn png(width: u32, height: u32, rgb: &[u8]) -> Result<Vec<u8>, Fault> {
    let failed = |e: png::EncodingError| Fault::Io { kind: e.to_string() };
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: DOTS_PER_METRE,
        yppu: DOTS_PER_METRE,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(rgb).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(out)
}

/// A JPEG of the highest quality that carries 300 dpi; for printers that take nothing lossless.
pub(super) fn jpeg(width: u32, height: u32, rgb: &[u8]) -> Result<Vec<u8>, Fault> {
    use image::codecs::jpeg::{JpegEncoder, PixelDensity};
    let mut out = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut out, 100);
    encoder.set_pixel_density(PixelDensity::dpi(300));
    encoder
        .encode(rgb, width, height, image::ExtendedColorType::Rgb8)
        .map_err(|e| Fault::Io { kind: e.to_string() })?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face() -> CardRaster {
        let n = CardRaster::WIDTH as usize * CardRaster::HEIGHT as usize * 3;
        CardRaster::new((0..n).map(|i| (i * 31 % 251) as u8).collect()).expect("exact size")
    }

    #[test]
    fn a_face_comes_back_from_its_png_pixel_for_pixel() {
        let face = face();
        let png = face.to_png().expect("it encodes");
        assert_eq!(CardRaster::from_png(&png).as_ref(), Ok(&face), "lossless");
    }

    #[test]
    fn a_face_of_another_size_is_refused_and_not_scaled() {
        let other = png(1012, 638, &vec![0; 1012 * 638 * 3]).expect("it encodes");
        assert!(matches!(CardRaster::from_png(&other), Err(Fault::Unsupported { .. })), "one pixel too wide");
        assert!(matches!(CardRaster::from_png(b"GIF89a"), Err(Fault::Garbage { .. })), "no PNG");
    }

    #[test]
    fn turning_puts_the_lower_left_corner_at_the_upper_left() {
        let face = face();
        let turned = face.turned();
        let at = (CardRaster::HEIGHT as usize - 1) * CardRaster::WIDTH as usize * 3;
        assert_eq!(turned[..3], face.rgb()[at..at + 3], "clockwise");
        let last = turned.len() - 3;
        let upper_right = (CardRaster::WIDTH as usize - 1) * 3;
        assert_eq!(turned[last..], face.rgb()[upper_right..upper_right + 3], "and the upper right ends last");
    }
}

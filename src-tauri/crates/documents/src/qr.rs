use crate::error::{Error, Result};
use domain::image::GrayImage;
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write;

/// A QR code as SVG with a quiet zone of four modules; one path, so that no seams appear in print.
pub(crate) struct Drawn {
    pub(crate) svg: String,
    /// Modules per side, the quiet zone not counted.
    pub(crate) modules: usize,
}

/// Draws a text at level M.
pub(crate) fn draw(text: &str) -> Result<Drawn> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|e| Error::Qr { reason: e.to_string() })?;
    let width = code.width();
    let colors = code.to_colors();
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|c| **c == Color::Dark).count();
            if run > 0 {
                // Writing into a String does not fail.
                let _ = write!(path, "M{x} {y}h{run}v1h-{run}z");
            }
            x += run.max(1);
        }
    }
    let side = width + 8;
    let svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 {side} {side}"><path fill="#000" d="{path}"/></svg>"##
    );
    Ok(Drawn { svg, modules: width })
}

/// Texts of the QR codes in a picture, in no order; none when there are none or the samples do not fill the picture.
///
/// Shape: 8-bit grey, top row first; dark is low.
pub fn read_codes(picture: &GrayImage) -> Vec<String> {
    let (width, height) = (picture.width as usize, picture.height as usize);
    if width == 0 || height == 0 || picture.pixels.len() != width * height {
        return Vec::new();
    }
    // A skewed or torn pattern may not end the station; such a picture has no code, and the next frame comes.
    std::panic::catch_unwind(|| {
        let mut hints = rxing::DecodeHints {
            PossibleFormats: Some([rxing::BarcodeFormat::QR_CODE].into()),
            ..rxing::DecodeHints::default()
        };
        rxing::helpers::detect_multiple_in_luma_with_hints(
            picture.pixels.clone(),
            picture.width,
            picture.height,
            &mut hints,
        )
        .map(|found| found.iter().map(|code| code.getText().to_owned()).collect())
        .unwrap_or_default()
    })
    .unwrap_or_default()
}

/// Runs of 16 digits, also with spaces, dots or dashes between, look like a NIK.
pub(crate) fn carries_nik(text: &str, niks: &[&str]) -> bool {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
    niks.iter().any(|nik| nik.len() == 16 && digits.contains(nik))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nik_is_found_however_it_is_spaced() {
        let nik = ["1804015403089002"];
        for text in ["x1804015403089002y", "180401 540308 9002", "1804.0154.0308.9002"] {
            assert!(carries_nik(text, &nik), "{text} gives the NIK away");
        }
        assert!(!carries_nik("REKAM1:26-1123-016:9c4107be52d8e610", &nik), "a packet number is no NIK");
    }

    #[test]
    fn a_code_has_its_quiet_zone() {
        let svg = draw("REKAM1:26-1123-016").map(|drawn| drawn.svg).unwrap_or_default();
        assert!(svg.contains("viewBox=\"-4 -4 29 29\""), "21 modules and four on each side: {svg}");
    }

    #[test]
    fn a_picture_without_samples_or_without_a_code_has_none() {
        let picture = |width, height, count| GrayImage { width, height, pixels: vec![200; count] };
        for empty in [picture(0, 0, 0), picture(640, 480, 7), picture(640, 480, 640 * 480)] {
            assert!(read_codes(&empty).is_empty(), "{empty:?}");
        }
    }

    #[test]
    fn a_text_that_does_not_fit_is_refused() {
        assert!(
            matches!(draw(&"x".repeat(5000)), Err(Error::Qr { .. })),
            "a QR code holds about 2,300 bytes"
        );
    }
}

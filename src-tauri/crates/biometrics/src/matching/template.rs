//! The minutiae of one print.

use domain::image::GrayImage;
use fprint_bozorth3::Minutia as Bozorth;

/// At most this many minutiae take part: BOZORTH3's own default, and the cap on its work.
const MOST: usize = 150;
/// Minutiae below this reliability (0–100) are mostly noise of the edge.
const RELIABLE: i32 = 15;
const MAGIC: &[u8; 4] = b"RMT1";
/// First bytes of the compact form: letters and version.
const COMPACT: &[u8; 3] = b"RK\x01";

/// Minutiae of one print, best first, at most 150.
#[derive(Clone, PartialEq, Eq)]
pub struct Template {
    minutiae: Vec<Point>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Point {
    x: u16,
    y: u16,
    degrees: u16,
    quality: u8,
}

/// Why there is no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// The picture cannot be searched (too small, or wrong length).
    #[error("picture of {width}×{height} cannot be searched for minutiae")]
    Picture {
        /// Width.
        width: u32,
        /// Height.
        height: u32,
    },
    /// Stored bytes are no template.
    #[error("stored template of {0} bytes is malformed")]
    Stored(usize),
}

impl Template {
    /// Finds the minutiae of a print; about 25 ms for 400×500 at 500 ppi.
    ///
    /// # Errors
    /// `Picture` when it is smaller than the detector's window or its sides exceed 4096.
    pub fn extract(image: &GrayImage, ppi: u16) -> Result<Self, TemplateError> {
        let bad = || TemplateError::Picture { width: image.width, height: image.height };
        if image.width > 4096 || image.height > 4096 {
            return Err(bad());
        }
        let (w, h) = (image.width as usize, image.height as usize);
        let picture = fprint_mindtct::GrayImage::new(&image.pixels, w, h, ppi).map_err(|_| bad())?;
        let mut minutiae: Vec<Point> = fprint_mindtct::detect_minutiae(picture)
            .iter()
            .filter(|m| m.quality >= RELIABLE)
            .map(|m| Point {
                x: m.x.clamp(0, 4095) as u16,
                y: m.y.clamp(0, 4095) as u16,
                degrees: m.theta.rem_euclid(360) as u16,
                quality: m.quality.clamp(0, 100) as u8,
            })
            .collect();
        minutiae.sort_by_key(|m| std::cmp::Reverse(m.quality));
        minutiae.truncate(MOST);
        Ok(Self { minutiae })
    }

    /// Returns the number of minutiae, from 0.
    pub fn len(&self) -> usize {
        self.minutiae.len()
    }

    /// True when nothing was found.
    pub fn is_empty(&self) -> bool {
        self.minutiae.is_empty()
    }

    /// Too few minutiae to say anything: BOZORTH3 needs 10.
    pub fn is_comparable(&self) -> bool {
        self.len() >= fprint_bozorth3::MIN_COMPUTABLE_BOZORTH_MINUTIAE
    }

    /// Bytes to keep: magic, count u16, then x u16, y u16, degrees u16, quality u8 each; big-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend((self.minutiae.len() as u16).to_be_bytes());
        for m in &self.minutiae {
            for word in [m.x, m.y, m.degrees] {
                out.extend(word.to_be_bytes());
            }
            out.push(m.quality);
        }
        out
    }

    /// Reads what [`Template::to_bytes`] wrote.
    ///
    /// # Errors
    /// `Stored` for any other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TemplateError> {
        let bad = || TemplateError::Stored(bytes.len());
        let body = bytes.strip_prefix(MAGIC).ok_or_else(bad)?;
        let (count, points) = body.split_at_checked(2).ok_or_else(bad)?;
        let count = usize::from(u16::from_be_bytes([count[0], count[1]]));
        if count > MOST || points.len() != count * 7 {
            return Err(bad());
        }
        let word = |c: &[u8], at: usize| u16::from_be_bytes([c[at], c[at + 1]]);
        let minutiae: Vec<Point> = points
            .chunks_exact(7)
            .map(|c| Point { x: word(c, 0), y: word(c, 2), degrees: word(c, 4), quality: c[6] })
            .collect();
        let sane = minutiae.iter().all(|m| m.x < 4096 && m.y < 4096 && m.degrees < 360 && m.quality <= 100);
        if sane { Ok(Self { minutiae }) } else { Err(bad()) }
    }

    /// The compact form for records of many people, at most 754 bytes: `RK`, version 1, count u8, then five bytes a
    /// minutia: x 12 bits, y 12 bits, angle u8 in 1/256 turn, quality u8.
    ///
    /// MINDTCT knows 32 directions, so its angles survive exactly.
    pub fn to_compact(&self) -> Vec<u8> {
        let mut out = COMPACT.to_vec();
        out.push(self.minutiae.len() as u8);
        for m in &self.minutiae {
            let place = u32::from(m.x) << 12 | u32::from(m.y);
            out.extend(&place.to_be_bytes()[1..]);
            out.push(((u32::from(m.degrees) * 256 + 180) / 360) as u8);
            out.push(m.quality);
        }
        out
    }

    /// Reads what [`Template::to_compact`] wrote.
    ///
    /// # Errors
    /// `Stored` for any other bytes.
    pub fn from_compact(bytes: &[u8]) -> Result<Self, TemplateError> {
        let bad = || TemplateError::Stored(bytes.len());
        let (count, points) = bytes.strip_prefix(COMPACT).and_then(<[u8]>::split_first).ok_or_else(bad)?;
        let count = usize::from(*count);
        if count > MOST || points.len() != count * 5 || points.chunks_exact(5).any(|c| c[4] > 100) {
            return Err(bad());
        }
        let point = |c: &[u8]| {
            let place = u32::from_be_bytes([0, c[0], c[1], c[2]]);
            // As MINDTCT rounds: 270° less a whole number of degrees.
            let back = ((192 - i32::from(c[3])).rem_euclid(256) * 360 + 128) / 256;
            let degrees = (270 - back).rem_euclid(360) as u16;
            Point { x: (place >> 12) as u16, y: (place & 0xfff) as u16, degrees, quality: c[4] }
        };
        Ok(Self { minutiae: points.chunks_exact(5).map(point).collect() })
    }

    /// Minutiae as (x, y, degrees, quality), best first; y upwards, degrees counter-clockwise from east.
    pub(super) fn points(&self) -> impl Iterator<Item = (u16, u16, u16, u8)> + '_ {
        self.minutiae.iter().map(|m| (m.x, m.y, m.degrees, m.quality))
    }

    fn bozorth(&self) -> Vec<Bozorth> {
        self.minutiae
            .iter()
            .map(|m| Bozorth { x: i32::from(m.x), y: i32::from(m.y), theta: i32::from(m.degrees) })
            .collect()
    }
}

impl std::fmt::Debug for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Template({} minutiae)", self.minutiae.len())
    }
}

/// BOZORTH3 score of two prints; 0 when either has fewer than 10 minutiae. Takes up to about 20 ms on a true match.
pub fn compare(probe: &Template, gallery: &Template) -> u32 {
    fprint_bozorth3::match_score(&probe.bozorth(), &gallery.bozorth())
}

//! Headers of the ISO records inside `bioValue`: enough to know that they are sane and of the right part.
//!
//! ISO/IEC 19794-4:2011 (finger), 19794-6:2011 (iris), 19794-5:2011 (face). One representation per
//! record. The image inside is not decoded here.

use domain::{Eye, Finger};

use super::part::Part;

/// What a record says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Described {
    /// Whose image it is.
    pub part: Part,
    /// Pixels per row, 1 to 8000.
    pub width: u16,
    /// Number of rows, 1 to 8000.
    pub height: u16,
    /// Compression code (finger), format code (iris) or image data type (face).
    pub format: u8,
    /// Where the image starts, bytes from the beginning of the record.
    pub image_at: usize,
    /// Length of the image, bytes.
    pub image_len: usize,
}

/// Largest side that any scanner delivers, pixels.
const MAX_SIDE: u16 = 8000;

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], String> {
        let end = self.at.checked_add(n).ok_or("length overflows")?;
        let piece =
            self.bytes.get(self.at..end).ok_or_else(|| format!("ends at byte {}", self.bytes.len()))?;
        self.at = end;
        Ok(piece)
    }
    fn number(&mut self, n: usize) -> Result<u32, String> {
        Ok(self.take(n)?.iter().fold(0u32, |acc, b| (acc << 8) | u32::from(*b)))
    }
    fn u8(&mut self) -> Result<u8, String> {
        Ok(self.take(1)?.first().copied().unwrap_or_default())
    }
    fn u16(&mut self) -> Result<u16, String> {
        Ok(u16::try_from(self.number(2)?).unwrap_or(u16::MAX))
    }
    fn length(&mut self) -> Result<usize, String> {
        usize::try_from(self.number(4)?).map_err(|e| e.to_string())
    }
}

/// Reads the headers of a finger, iris or face record.
///
/// # Errors
/// What is wrong, in words for the log and without any of its bytes.
pub fn describe(record: &[u8]) -> Result<Described, String> {
    let mut r = Reader { bytes: record, at: 0 };
    let magic = r.take(4)?;
    let version = r.take(4)?;
    if version != b"020\0" && version != b"030\0" {
        return Err("version is not 2011's".into());
    }
    let length = r.length()?;
    if length != record.len() {
        return Err(format!("says {length} bytes, has {}", record.len()));
    }
    if r.u16()? != 1 {
        return Err("not one representation".into());
    }
    let certified = r.u8()?;
    // Fingers or eyes in the record; of a face the temporal semantics.
    r.take(if magic == b"FAC\0" { 2 } else { 1 })?;
    let rest = record.len() - r.at;
    if r.length()? != rest {
        return Err("representation length".into());
    }
    r.take(9 + 1 + 2 + 2)?; // capture time, technology, vendor, type
    let blocks = usize::from(r.u8()?);
    r.take(blocks * 5)?;
    let described = match magic {
        b"FIR\0" => {
            if certified == 1 {
                let blocks = usize::from(r.u8()?);
                r.take(blocks * 3)?;
            }
            finger(&mut r)?
        }
        b"IIR\0" => iris(&mut r)?,
        b"FAC\0" => {
            if certified == 1 {
                let blocks = usize::from(r.u8()?);
                r.take(blocks * 3)?;
            }
            face(&mut r)?
        }
        _ => return Err("magic".into()),
    };
    if described.width == 0
        || described.height == 0
        || described.width > MAX_SIDE
        || described.height > MAX_SIDE
    {
        return Err(format!("size {}x{}", described.width, described.height));
    }
    if described.image_len == 0 {
        return Err("no image".into());
    }
    Ok(described)
}

fn finger(r: &mut Reader<'_>) -> Result<Described, String> {
    let position = r.u8()?;
    let finger = Finger::from_code(position).ok_or_else(|| format!("position {position}"))?;
    r.u8()?; // representation number
    let scale = r.u8()?;
    r.take(4)?; // scan resolution
    let resolution = [r.u16()?, r.u16()?];
    let lawful = if scale == 2 { 193..=398 } else { 490..=1010 };
    if resolution.iter().any(|v| !lawful.contains(v)) {
        return Err(format!("resolution {}x{} in unit {scale}", resolution[0], resolution[1]));
    }
    if r.u8()? != 8 {
        return Err("depth is not 8".into());
    }
    let format = r.u8()?;
    r.u8()?; // impression
    let (width, height) = (r.u16()?, r.u16()?);
    let image_len = r.length()?;
    let image_at = r.at;
    r.take(image_len)?;
    Ok(Described { part: Part::Finger(finger), width, height, format, image_at, image_len })
}

fn iris(r: &mut Reader<'_>) -> Result<Described, String> {
    r.u16()?; // representation number
    let label = r.u8()?;
    let eye = Eye::ALL.into_iter().find(|e| e.code() == label).ok_or_else(|| format!("eye {label}"))?;
    r.u8()?; // image type
    let format = r.u8()?;
    r.u8()?; // properties
    let (width, height) = (r.u16()?, r.u16()?);
    if r.u8()? != 8 {
        return Err("depth is not 8".into());
    }
    r.take(2 * 9)?; // range, roll, uncertainty, centre, diameter
    let image_len = r.length()?;
    let image_at = r.at;
    r.take(image_len)?;
    Ok(Described { part: Part::Eye(eye), width, height, format, image_at, image_len })
}

fn face(r: &mut Reader<'_>) -> Result<Described, String> {
    let landmarks = usize::from(r.u16()?);
    r.take(4 + 3 + 2 + 6)?; // gender, eyes, hair, height; features; expression; pose and its uncertainty
    r.take(landmarks * 8)?;
    r.u8()?; // face image type
    let format = r.u8()?;
    if format > 3 {
        return Err(format!("image data type {format}"));
    }
    let (width, height) = (r.u16()?, r.u16()?);
    r.take(1 + 2 + 1 + 1)?; // sampling, post-processing, cross reference, colour
    let image_len = r.length()?;
    let image_at = r.at;
    r.take(image_len)?;
    Ok(Described { part: Part::Face, width, height, format, image_at, image_len })
}

/// Media type of a face image by its data type code.
pub const fn face_media_type(format: u8) -> &'static str {
    match format {
        0 => "image/jpeg",
        3 => "image/png",
        _ => "image/jp2",
    }
}

/// Image and its facts for [`encode`].
#[derive(Clone, Copy)]
pub struct Image<'a> {
    /// Whose image.
    pub part: Part,
    /// Pixels per row.
    pub width: u16,
    /// Number of rows.
    pub height: u16,
    /// Compression code (finger: 0 raw, 5 JPEG 2000 lossless, 6 PNG), format code (iris: 2 mono raw, 0x0A mono JPEG 2000,
    /// 0x0E mono PNG) or image data type (face: 0 JPEG, 2 JPEG 2000 lossless, 3 PNG).
    pub format: u8,
    /// Quality 0–100 as it goes into the record; higher is better.
    pub score: u8,
    /// Image bytes in that format.
    pub bytes: &'a [u8],
}

impl std::fmt::Debug for Image<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Image({:?}, {} × {}, {} bytes)", self.part, self.width, self.height, self.bytes.len())
    }
}

/// Writes a record with one quality block, no certification block and no landmarks.
pub fn encode(image: &Image<'_>, at: jiff::Timestamp) -> Vec<u8> {
    let len32 = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).to_be_bytes();
    let mut body = Vec::with_capacity(image.bytes.len() + 64);
    let civil = at.to_zoned(jiff::tz::TimeZone::UTC);
    body.extend(u16::try_from(civil.year()).unwrap_or_default().to_be_bytes());
    for small in [civil.month(), civil.day(), civil.hour(), civil.minute(), civil.second()] {
        body.push(u8::try_from(small).unwrap_or_default());
    }
    body.extend(u16::try_from(civil.millisecond()).unwrap_or_default().to_be_bytes());
    body.extend([0, 0, 0, 0, 0]); // technology, vendor, type: unknown
    body.extend([1, image.score, 0, 0, 0, 0]); // one quality block
    let magic = match image.part {
        Part::Finger(finger) => {
            body.extend([finger.code(), 1, 1]);
            for _ in 0..4 {
                body.extend(500u16.to_be_bytes());
            }
            body.extend([8, image.format, 0]); // live-scan plain
            body.extend(image.width.to_be_bytes());
            body.extend(image.height.to_be_bytes());
            b"FIR\0"
        }
        Part::Eye(eye) => {
            body.extend([0, 1, eye.code(), 2, image.format, 0]); // number, eye, VGA, format, properties
            body.extend(image.width.to_be_bytes());
            body.extend(image.height.to_be_bytes());
            body.push(8);
            body.extend([0, 0, 0, 0, 0xFF, 0xFF]); // range, roll, uncertainty unknown
            body.extend([0u8; 12]); // centre and diameter not given
            b"IIR\0"
        }
        Part::Face => {
            body.extend([0u8; 2 + 4 + 3 + 2 + 6]); // landmarks, properties, features, expression, pose
            body.extend([1, image.format]); // full frontal
            body.extend(image.width.to_be_bytes());
            body.extend(image.height.to_be_bytes());
            body.extend([0, 0, 0, 0, 1]); // sampling, post-processing, cross reference; 24-bit RGB
            b"FAC\0"
        }
    };
    body.extend(len32(image.bytes.len()));
    body.extend(image.bytes);
    let face = image.part == Part::Face;
    let head = if face { 17 } else { 16 };
    let mut record = Vec::with_capacity(body.len() + head + 4);
    record.extend(magic);
    record.extend(if face { b"030\0" } else { b"020\0" });
    record.extend(len32(body.len() + head + 4));
    record.extend([0, 1, 0]);
    record.extend(if face { &[0u8, 0][..] } else { &[1] });
    record.extend(len32(body.len() + 4));
    record.extend(body);
    record
}

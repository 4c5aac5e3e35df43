//! Face image record: ISO/IEC 19794-5:2011.

use super::bytes::{FormatError, Quality, Reader, Stamp, set_length};

/// Coding of the face image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaceData {
    /// JPEG.
    Jpeg,
    /// JPEG 2000, lossy.
    Jpeg2000,
    /// JPEG 2000, lossless.
    Jpeg2000Lossless,
    /// PNG.
    Png,
}

impl FaceData {
    const ALL: [Self; 4] = [Self::Jpeg, Self::Jpeg2000, Self::Jpeg2000Lossless, Self::Png];
}

/// One face image as a record carries it.
#[derive(Clone, PartialEq, Eq)]
pub struct FaceRecord {
    /// Coding of `image`.
    pub data: FaceData,
    /// Width in pixels.
    pub width: u16,
    /// Height in pixels.
    pub height: u16,
    /// Face image type: 1 full frontal.
    pub face_type: u8,
    /// When it was captured.
    pub captured: Option<Stamp>,
    /// The device's own score.
    pub quality: Option<Quality>,
    /// Coded image, byte for byte.
    pub image: Vec<u8>,
}

impl std::fmt::Debug for FaceRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FaceRecord({:?}, {}×{}, {} bytes)", self.data, self.width, self.height, self.image.len())
    }
}

/// Reads the first representation.
///
/// # Errors
/// `FormatError` for anything that is not a whole record.
pub fn read(bytes: &[u8]) -> Result<FaceRecord, FormatError> {
    let mut head = Reader::new(bytes);
    head.magic("face image", b"FAC\x00030\x00")?;
    let total = head.u32()? as usize;
    head.total("record length", total)?;
    if head.u16()? == 0 {
        return Err(FormatError::Code { field: "representations", value: 0 });
    }
    let certified = head.u8()?;
    head.take(2)?; // temporal semantics
    let mut r = head.part("representation length")?;
    let captured = Stamp::read(&mut r)?;
    r.take(5)?;
    let quality = r.quality()?;
    if certified == 1 {
        let blocks = usize::from(r.u8()?);
        r.take(blocks * 3)?;
    }
    let landmarks = usize::from(r.u16()?);
    r.take(4 + 3 + 2 + 6)?; // gender, eyes, hair, height; features; expression; pose and its uncertainty
    r.take(landmarks * 8)?;
    let face_type = r.u8()?;
    let code = r.u8()?;
    let data = FaceData::ALL.get(usize::from(code)).copied();
    let data = data.ok_or(FormatError::Code { field: "image data type", value: u32::from(code) })?;
    let (width, height) = (r.u16()?, r.u16()?);
    r.take(1 + 2 + 1 + 1)?; // sampling, post-processing, cross reference, colour space
    let length = r.u32()? as usize;
    let image = r.take(length)?.to_vec();
    Ok(FaceRecord { data, width, height, face_type, captured, quality, image })
}

/// Writes one representation without landmarks.
///
/// # Errors
/// `Range` when the image is longer than the length field.
pub fn write(record: &FaceRecord) -> Result<Vec<u8>, FormatError> {
    let mut out = b"FAC\x00030\x00".to_vec();
    out.extend([0; 4]);
    out.extend(1u16.to_be_bytes());
    out.extend([0, 0, 0]);
    let start = out.len();
    out.extend([0; 4]);
    Stamp::write(record.captured, &mut out);
    out.extend([0; 5]);
    Quality::write(record.quality, &mut out);
    out.extend([0; 2 + 4 + 3 + 2 + 6]);
    let code = FaceData::ALL.iter().position(|d| *d == record.data).unwrap_or(0) as u8;
    out.extend([record.face_type, code]);
    out.extend(record.width.to_be_bytes());
    out.extend(record.height.to_be_bytes());
    out.extend([0, 0, 0, 0, 1]); // sampling, post-processing, cross reference; 24-bit RGB
    let at = out.len();
    out.extend([0; 4]);
    set_length(&mut out, at, record.image.len())?;
    out.extend(&record.image);
    let end = out.len();
    set_length(&mut out, start, end - start)?;
    set_length(&mut out, 8, end)?;
    Ok(out)
}

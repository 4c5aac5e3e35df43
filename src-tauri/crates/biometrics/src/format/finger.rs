//! Finger image records: ISO/IEC 19794-4:2011 (read and write) and :2005 (read).

use domain::Finger;

use super::bytes::{FormatError, Quality, Reader, Stamp, set_length};

/// How the pixels are coded inside the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compression {
    /// Uncompressed 8-bit samples.
    Raw,
    /// WSQ.
    Wsq,
    /// JPEG, lossy.
    Jpeg,
    /// JPEG 2000, lossy.
    Jpeg2000,
    /// JPEG 2000, lossless.
    Jpeg2000Lossless,
    /// PNG.
    Png,
}

impl Compression {
    const ALL: [(u8, Self); 6] = [
        (0, Self::Raw),
        (2, Self::Wsq),
        (3, Self::Jpeg),
        (4, Self::Jpeg2000),
        (5, Self::Jpeg2000Lossless),
        (6, Self::Png),
    ];

    /// Code of the record's compression field.
    pub fn code(self) -> u8 {
        Self::ALL.iter().find(|(_, c)| *c == self).map_or(0, |(code, _)| *code)
    }

    fn from_code(code: u8) -> Result<Self, FormatError> {
        let known = Self::ALL.iter().find(|(c, _)| *c == code).map(|(_, c)| *c);
        known.ok_or(FormatError::Code { field: "compression", value: u32::from(code) })
    }
}

/// One finger's image as a record carries it.
#[derive(Clone, PartialEq, Eq)]
pub struct FingerRecord {
    /// Position code: 1–10 a finger, 0 unknown, 13–15 slaps.
    pub position: u8,
    /// Coding of `image`.
    pub compression: Compression,
    /// Width in pixels.
    pub width: u16,
    /// Height in pixels.
    pub height: u16,
    /// Image resolution in pixels per inch.
    pub ppi: u16,
    /// Impression type: 0 live-scan plain.
    pub impression: u8,
    /// When it was captured.
    pub captured: Option<Stamp>,
    /// The device's own score.
    pub quality: Option<Quality>,
    /// Coded image, byte for byte.
    pub image: Vec<u8>,
}

impl FingerRecord {
    /// The finger, when the position is a single one.
    pub fn finger(&self) -> Option<Finger> {
        Finger::from_code(self.position)
    }
}

impl std::fmt::Debug for FingerRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "FingerRecord({}, {:?}, {}×{}, {} bytes)",
            self.position,
            self.compression,
            self.width,
            self.height,
            self.image.len()
        )
    }
}

/// Reads either edition; the first representation counts.
///
/// # Errors
/// `FormatError` for anything that is not a whole record of one of the two editions.
pub fn read(bytes: &[u8]) -> Result<FingerRecord, FormatError> {
    match bytes.get(4..8) {
        Some(b"010\0") => read_2005(bytes),
        _ => read_2011(bytes),
    }
}

fn to_ppi(scale: u8, resolution: u16) -> Result<u16, FormatError> {
    let value = match scale {
        1 => u32::from(resolution),
        2 => (u32::from(resolution) * 254 + 50) / 100,
        _ => return Err(FormatError::Code { field: "scale units", value: u32::from(scale) }),
    };
    u16::try_from(value).map_err(|_| FormatError::Range { field: "resolution", value: u64::from(value) })
}

fn read_2011(bytes: &[u8]) -> Result<FingerRecord, FormatError> {
    let mut head = Reader::new(bytes);
    head.magic("finger image", b"FIR\x00020\x00")?;
    let total = head.u32()? as usize;
    head.total("record length", total)?;
    let representations = head.u16()?;
    let certified = head.u8()?;
    let _fingers = head.u8()?;
    if representations == 0 {
        return Err(FormatError::Code { field: "representations", value: 0 });
    }
    let mut r = head.part("representation length")?;
    let captured = Stamp::read(&mut r)?;
    r.take(5)?; // device technology, vendor, type
    let quality = r.quality()?;
    if certified == 1 {
        let blocks = usize::from(r.u8()?);
        r.take(blocks * 3)?;
    }
    let position = r.u8()?;
    let _number = r.u8()?;
    let scale = r.u8()?;
    r.take(4)?; // capture resolution
    let (across, _down) = (r.u16()?, r.u16()?);
    let depth = r.u8()?;
    if depth != 8 {
        return Err(FormatError::Code { field: "bit depth", value: u32::from(depth) });
    }
    let compression = Compression::from_code(r.u8()?)?;
    let impression = r.u8()?;
    let (width, height) = (r.u16()?, r.u16()?);
    let length = r.u32()? as usize;
    let image = r.take(length)?.to_vec();
    let ppi = to_ppi(scale, across)?;
    check_raw(compression, width, height, &image)?;
    Ok(FingerRecord { position, compression, width, height, ppi, impression, captured, quality, image })
}

fn read_2005(bytes: &[u8]) -> Result<FingerRecord, FormatError> {
    let mut r = Reader::new(bytes);
    r.magic("finger image", b"FIR\x00010\x00")?;
    let (high, low) = (r.u16()?, r.u32()?);
    let total = (u64::from(high) << 32) | u64::from(low);
    r.total("record length", usize::try_from(total).unwrap_or(usize::MAX))?;
    r.take(4)?; // device, acquisition level
    if r.u8()? == 0 {
        return Err(FormatError::Code { field: "fingers", value: 0 });
    }
    let scale = r.u8()?;
    r.take(4)?; // scan resolution
    let (across, _down) = (r.u16()?, r.u16()?);
    let depth = r.u8()?;
    if depth != 8 {
        return Err(FormatError::Code { field: "bit depth", value: u32::from(depth) });
    }
    let compression = match r.u8()? {
        code @ (0 | 1) => Compression::from_code(if code == 1 { u8::MAX } else { 0 })?,
        code => Compression::from_code(code)?,
    };
    r.take(2)?;
    let mut view = r.part("finger block length")?;
    let position = view.u8()?;
    view.take(2)?; // view count, view number
    let score = view.u8()?;
    let impression = view.u8()?;
    let (width, height) = (view.u16()?, view.u16()?);
    view.take(1)?;
    let image = view.take(view.left())?.to_vec();
    let quality = (score <= 100).then_some(Quality { score, vendor: 0, algorithm: 0 });
    let ppi = to_ppi(scale, across)?;
    check_raw(compression, width, height, &image)?;
    Ok(FingerRecord { position, compression, width, height, ppi, impression, captured: None, quality, image })
}

fn check_raw(compression: Compression, width: u16, height: u16, image: &[u8]) -> Result<(), FormatError> {
    let declared = usize::from(width) * usize::from(height);
    if compression == Compression::Raw && declared != image.len() {
        return Err(FormatError::Length { field: "raw image", declared, actual: image.len() });
    }
    Ok(())
}

/// Writes the 2011 edition with one representation.
///
/// # Errors
/// `Range` when the image is longer than the length field, `Length` when raw pixels do not fit the size.
pub fn write(record: &FingerRecord) -> Result<Vec<u8>, FormatError> {
    check_raw(record.compression, record.width, record.height, &record.image)?;
    let mut out = b"FIR\x00020\x00".to_vec();
    out.extend([0; 4]);
    out.extend(1u16.to_be_bytes());
    out.extend([0, 1]);
    let start = out.len();
    out.extend([0; 4]);
    Stamp::write(record.captured, &mut out);
    out.extend([0; 5]);
    Quality::write(record.quality, &mut out);
    out.extend([record.position, 0, 1]);
    for _ in 0..4 {
        out.extend(record.ppi.to_be_bytes());
    }
    out.extend([8, record.compression.code(), record.impression]);
    out.extend(record.width.to_be_bytes());
    out.extend(record.height.to_be_bytes());
    let at = out.len();
    out.extend([0; 4]);
    set_length(&mut out, at, record.image.len())?;
    out.extend(&record.image);
    let end = out.len();
    set_length(&mut out, start, end - start)?;
    set_length(&mut out, 8, end)?;
    Ok(out)
}

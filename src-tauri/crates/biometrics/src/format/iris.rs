//! Iris image record: ISO/IEC 19794-6:2011.

use domain::Eye;

use super::bytes::{FormatError, Quality, Reader, Stamp, set_length};

/// Image format code of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IrisData {
    /// 2: mono, uncompressed.
    Raw,
    /// 10: mono, JPEG 2000.
    Jpeg2000,
    /// 14: mono, PNG.
    Png,
}

impl IrisData {
    const ALL: [(u8, Self); 3] = [(0x02, Self::Raw), (0x0a, Self::Jpeg2000), (0x0e, Self::Png)];

    fn code(self) -> u8 {
        Self::ALL.iter().find(|(_, d)| *d == self).map_or(2, |(code, _)| *code)
    }
}

/// One iris image as a record carries it.
#[derive(Clone, PartialEq, Eq)]
pub struct IrisRecord {
    /// Which eye; `None` undefined.
    pub eye: Option<Eye>,
    /// Image type: 2 VGA, 3 cropped, 7 cropped and masked.
    pub kind: u8,
    /// Coding of `image`.
    pub data: IrisData,
    /// Width in pixels.
    pub width: u16,
    /// Height in pixels.
    pub height: u16,
    /// Least and greatest iris diameter in pixels, when the device tells.
    pub diameter: Option<(u16, u16)>,
    /// When it was captured.
    pub captured: Option<Stamp>,
    /// The device's own score.
    pub quality: Option<Quality>,
    /// Coded image, byte for byte.
    pub image: Vec<u8>,
}

impl std::fmt::Debug for IrisRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "IrisRecord({:?}, {:?}, {}×{}, {} bytes)",
            self.eye,
            self.data,
            self.width,
            self.height,
            self.image.len()
        )
    }
}

/// Reads the first representation.
///
/// # Errors
/// `FormatError` for anything that is not a whole record.
pub fn read(bytes: &[u8]) -> Result<IrisRecord, FormatError> {
    let mut head = Reader::new(bytes);
    head.magic("iris image", b"IIR\x00020\x00")?;
    let total = head.u32()? as usize;
    head.total("record length", total)?;
    if head.u16()? == 0 {
        return Err(FormatError::Code { field: "representations", value: 0 });
    }
    let certified = head.u8()?;
    let _eyes = head.u8()?;
    let mut r = head.part("representation length")?;
    let captured = Stamp::read(&mut r)?;
    r.take(5)?;
    let quality = r.quality()?;
    if certified == 1 {
        let blocks = usize::from(r.u8()?);
        r.take(blocks * 3)?;
    }
    let _number = r.u16()?;
    let eye = match r.u8()? {
        0 => None,
        1 => Some(Eye::Right),
        2 => Some(Eye::Left),
        other => return Err(FormatError::Code { field: "eye", value: u32::from(other) }),
    };
    let kind = r.u8()?;
    let code = r.u8()?;
    let data = IrisData::ALL.iter().find(|(c, _)| *c == code).map(|(_, d)| *d);
    let data = data.ok_or(FormatError::Code { field: "image format", value: u32::from(code) })?;
    r.take(1)?;
    let (width, height) = (r.u16()?, r.u16()?);
    let depth = r.u8()?;
    if depth != 8 {
        return Err(FormatError::Code { field: "bit depth", value: u32::from(depth) });
    }
    r.take(2 + 2 + 2 + 8)?; // range, roll and its uncertainty, centre
    let (least, most) = (r.u16()?, r.u16()?);
    let length = r.u32()? as usize;
    let image = r.take(length)?.to_vec();
    let declared = usize::from(width) * usize::from(height);
    if data == IrisData::Raw && declared != image.len() {
        return Err(FormatError::Length { field: "raw image", declared, actual: image.len() });
    }
    let diameter = (least > 0 && most >= least && most < u16::MAX).then_some((least, most));
    Ok(IrisRecord { eye, kind, data, width, height, diameter, captured, quality, image })
}

/// Writes one representation.
///
/// # Errors
/// `Range` when the image is longer than the length field.
pub fn write(record: &IrisRecord) -> Result<Vec<u8>, FormatError> {
    let mut out = b"IIR\x00020\x00".to_vec();
    out.extend([0; 4]);
    out.extend(1u16.to_be_bytes());
    out.extend([0, 1]);
    let start = out.len();
    out.extend([0; 4]);
    Stamp::write(record.captured, &mut out);
    out.extend([0; 5]);
    Quality::write(record.quality, &mut out);
    out.extend(1u16.to_be_bytes());
    // Properties 0x01|0x04: upright, not mirrored; compression undefined.
    out.extend([record.eye.map_or(0, Eye::code), record.kind, record.data.code(), 0x05]);
    out.extend(record.width.to_be_bytes());
    out.extend(record.height.to_be_bytes());
    out.push(8);
    out.extend([0; 2]); // range unassigned
    out.extend([0xff; 4]); // roll and its uncertainty unknown
    out.extend([0; 8]); // centre unknown
    let (least, most) = record.diameter.unwrap_or((0, 0));
    out.extend(least.to_be_bytes());
    out.extend(most.to_be_bytes());
    let at = out.len();
    out.extend([0; 4]);
    set_length(&mut out, at, record.image.len())?;
    out.extend(&record.image);
    let end = out.len();
    set_length(&mut out, start, end - start)?;
    set_length(&mut out, 8, end)?;
    Ok(out)
}

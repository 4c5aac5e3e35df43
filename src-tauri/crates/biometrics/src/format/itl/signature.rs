//! Type-8: the signature as vectors (binary record).

use super::super::bytes::FormatError;

/// One vector of a Type-8 record: where the pen is, in units of 0.001 inch from the lower left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vector {
    /// To the right, 0.0254 mm.
    pub x: u16,
    /// Upwards, 0.0254 mm.
    pub y: u16,
    /// 0 pen up; 1 pen down, force not known; 2–254 force; 255 greatest force.
    pub pressure: u8,
}

/// LEN 4, IDC 1, SIG 1 (0 subject), SRT 1 (2 vector), ISR 1 (0), HLL 2, VLL 2 (0 for vectors), then 5 bytes a vector.
pub(super) fn write(idc: u8, vectors: &[Vector]) -> Result<Vec<u8>, FormatError> {
    let length = 12 + vectors.len() * 5;
    let declared =
        u32::try_from(length).map_err(|_| FormatError::Range { field: "8.001", value: length as u64 })?;
    let mut out = declared.to_be_bytes().to_vec();
    out.extend([idc, 0, 2, 0, 0, 0, 0, 0]);
    for v in vectors {
        out.extend(v.x.to_be_bytes());
        out.extend(v.y.to_be_bytes());
        out.push(v.pressure);
    }
    Ok(out)
}

/// The vectors of a Type-8 body (after LEN and IDC); `None` for another representation than vectors.
pub(super) fn vectors(body: &[u8]) -> Option<Vec<Vector>> {
    let data = body.get(7..)?;
    if body[1] != 2 || data.len() % 5 != 0 {
        return None;
    }
    let word = |c: &[u8], at: usize| u16::from_be_bytes([c[at], c[at + 1]]);
    Some(data.chunks_exact(5).map(|c| Vector { x: word(c, 0), y: word(c, 2), pressure: c[4] }).collect())
}

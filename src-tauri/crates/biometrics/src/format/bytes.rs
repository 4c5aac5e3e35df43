//! Bounded reading and the fields that the ISO records share.

/// Why a record was not taken. Carries offsets and lengths, never content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Other magic or version than expected.
    #[error("{record} record with another magic or version")]
    Magic {
        /// Name of the record kind.
        record: &'static str,
    },
    /// A field would lie beyond the end.
    #[error("record of {len} bytes ends inside the field at {at}")]
    Short {
        /// Offset of the field.
        at: usize,
        /// Bytes there are.
        len: usize,
    },
    /// A declared length is not the real one.
    #[error("{field} declares {declared} bytes, there are {actual}")]
    Length {
        /// Which length.
        field: &'static str,
        /// Declared.
        declared: usize,
        /// Real.
        actual: usize,
    },
    /// A coded field holds a value outside its table.
    #[error("{field} holds {value}, which is no known code")]
    Code {
        /// Field name.
        field: &'static str,
        /// Value found.
        value: u32,
    },
    /// A text field cannot be carried (separator or control character, empty, or too long).
    #[error("{field} cannot be carried in the record")]
    Text {
        /// Field name.
        field: &'static str,
    },
    /// A value does not fit its field.
    #[error("{field} does not fit: {value}")]
    Range {
        /// Field name.
        field: &'static str,
        /// Value.
        value: u64,
    },
}

/// Capture date-time of the 2011 editions, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Year.
    pub year: u16,
    /// 1–12.
    pub month: u8,
    /// 1–31.
    pub day: u8,
    /// 0–23.
    pub hour: u8,
    /// 0–59.
    pub minute: u8,
    /// 0–60.
    pub second: u8,
    /// 0–999.
    pub millis: u16,
}

impl Stamp {
    pub(super) fn write(stamp: Option<Self>, out: &mut Vec<u8>) {
        match stamp {
            Some(s) => {
                out.extend(s.year.to_be_bytes());
                out.extend([s.month, s.day, s.hour, s.minute, s.second]);
                out.extend(s.millis.to_be_bytes());
            }
            None => out.extend([0xff; 9]),
        }
    }

    /// Some writers put a month of 13 or a 0-based one there: an impossible time is read as none.
    pub(super) fn read(from: &mut Reader<'_>) -> Result<Option<Self>, FormatError> {
        let (year, month, day) = (from.u16()?, from.u8()?, from.u8()?);
        let (hour, minute, second, millis) = (from.u8()?, from.u8()?, from.u8()?, from.u16()?);
        let real = year < 10_000
            && (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && hour < 24
            && minute < 60
            && second <= 60
            && millis < 1000;
        Ok(real.then_some(Self { year, month, day, hour, minute, second, millis }))
    }
}

/// A cursor that cannot leave its slice.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn take(&mut self, n: usize) -> Result<&'a [u8], FormatError> {
        let short = FormatError::Short { at: self.at, len: self.bytes.len() };
        let end = self.at.checked_add(n).ok_or_else(|| short.clone())?;
        let piece = self.bytes.get(self.at..end).ok_or(short)?;
        self.at = end;
        Ok(piece)
    }

    pub(super) fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    pub(super) fn u8(&mut self) -> Result<u8, FormatError> {
        Ok(self.take(1)?[0])
    }

    pub(super) fn u16(&mut self) -> Result<u16, FormatError> {
        let b = self.take(2)?;
        Ok(u16::from_be_bytes([b[0], b[1]]))
    }

    pub(super) fn u32(&mut self) -> Result<u32, FormatError> {
        let b = self.take(4)?;
        Ok(u32::from_be_bytes([b[0], b[1], b[2], b[3]]))
    }

    /// Checks magic and version, 4 bytes each.
    pub(super) fn magic(&mut self, record: &'static str, want: &[u8; 8]) -> Result<(), FormatError> {
        if self.left() < 8 || self.take(8)? != want { Err(FormatError::Magic { record }) } else { Ok(()) }
    }

    /// A length that counts the whole slice.
    pub(super) fn total(&self, field: &'static str, declared: usize) -> Result<(), FormatError> {
        let actual = self.bytes.len();
        if declared == actual { Ok(()) } else { Err(FormatError::Length { field, declared, actual }) }
    }

    /// Opens a representation: its length counts the four bytes of the length itself.
    pub(super) fn part(&mut self, field: &'static str) -> Result<Reader<'a>, FormatError> {
        let declared = self.u32()? as usize;
        let actual = self.left() + 4;
        let body = declared.checked_sub(4).filter(|n| *n <= self.left());
        let body = body.ok_or(FormatError::Length { field, declared, actual })?;
        Ok(Reader::new(self.take(body)?))
    }

    /// Quality blocks of the 2011 editions: the first score 0–100, 255 (failed) and none as `None`.
    pub(super) fn quality(&mut self) -> Result<Option<Quality>, FormatError> {
        let count = self.u8()?;
        let mut first = None;
        for _ in 0..count {
            let block = Quality { score: self.u8()?, vendor: self.u16()?, algorithm: self.u16()? };
            if first.is_none() && block.score <= 100 {
                first = Some(block);
            }
        }
        Ok(first)
    }
}

/// A quality score with who computed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quality {
    /// 0–100.
    pub score: u8,
    /// Registered vendor of the algorithm; 0 unknown.
    pub vendor: u16,
    /// The vendor's number of the algorithm.
    pub algorithm: u16,
}

impl Quality {
    pub(super) fn write(quality: Option<Self>, out: &mut Vec<u8>) {
        match quality {
            Some(q) => {
                out.extend([1, q.score]);
                out.extend(q.vendor.to_be_bytes());
                out.extend(q.algorithm.to_be_bytes());
            }
            None => out.push(0),
        }
    }
}

/// Puts a length as u32 at an offset.
pub(super) fn set_length(out: &mut [u8], at: usize, value: usize) -> Result<(), FormatError> {
    let value =
        u32::try_from(value).map_err(|_| FormatError::Range { field: "length", value: value as u64 })?;
    if let Some(room) = out.get_mut(at..at + 4) {
        room.copy_from_slice(&value.to_be_bytes());
    }
    Ok(())
}

//! Reading a transaction file back.

use std::collections::BTreeMap;

use super::super::bytes::FormatError;
use super::signature::{self, Vector};
use super::{FS, GS, RS, US};

/// One record of a file.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// Record type.
    pub kind: u8,
    /// Information designation character; 0 for Type-1, which has none.
    pub idc: u8,
    /// Fields of a tagged record by number, raw; empty for a binary one.
    pub fields: BTreeMap<u16, Vec<u8>>,
    /// Body of a binary record (Type-8) after LEN and IDC.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Record(Type-{}, {} fields)", self.kind, self.fields.len())
    }
}

impl Record {
    /// A field as text; `None` when absent or not UTF-8.
    pub fn text(&self, number: u16) -> Option<&str> {
        self.fields.get(&number).and_then(|v| std::str::from_utf8(v).ok())
    }

    /// A field as groups (RS) of items (US).
    pub fn groups(&self, number: u16) -> Vec<Vec<&str>> {
        let split = |c: char| c == char::from(RS);
        self.text(number)
            .map(|t| t.split(split).map(|g| g.split(char::from(US)).collect()).collect())
            .unwrap_or_default()
    }

    /// The image of a tagged record.
    pub fn image(&self) -> Option<&[u8]> {
        self.fields.get(&999).map(Vec::as_slice)
    }

    /// The pen movement of a Type-8 record.
    pub fn vectors(&self) -> Option<Vec<Vector>> {
        (self.kind == 8).then(|| signature::vectors(&self.body)).flatten()
    }
}

/// Reads a whole file; CNT and every LEN must agree with what is there.
///
/// # Errors
/// `FormatError` for anything else.
pub fn read(bytes: &[u8]) -> Result<Vec<Record>, FormatError> {
    let first = length(bytes, 1)?;
    let header = tagged(1, bytes.get(..first).unwrap_or_default())?;
    let listed: Vec<(u8, u8)> = header
        .groups(3)
        .iter()
        .map(|row| Some((row.first()?.parse().ok()?, row.get(1)?.parse().ok()?)))
        .collect::<Option<_>>()
        .ok_or(FormatError::Text { field: "1.003 CNT" })?;
    let Some(((1, count), rest)) = listed.split_first().map(|(a, b)| (*a, b)) else {
        return Err(FormatError::Text { field: "1.003 CNT" });
    };
    if usize::from(count) != rest.len() {
        return Err(FormatError::Length {
            field: "1.003 CNT",
            declared: usize::from(count),
            actual: rest.len(),
        });
    }
    let mut records = vec![header];
    let mut at = first;
    for (kind, idc) in rest {
        let left = bytes.get(at..).unwrap_or_default();
        let (size, record) = match kind {
            3..=6 | 8 => binary(*kind, left)?,
            0 | 1 | 7 => return Err(FormatError::Code { field: "record type", value: u32::from(*kind) }),
            _ => {
                let size = length(left, *kind)?;
                (size, tagged(*kind, left.get(..size).unwrap_or_default())?)
            }
        };
        if record.idc != *idc {
            return Err(FormatError::Code { field: "IDC", value: u32::from(record.idc) });
        }
        records.push(record);
        at += size;
    }
    if at != bytes.len() {
        return Err(FormatError::Length { field: "file", declared: at, actual: bytes.len() });
    }
    Ok(records)
}

/// LEN of a tagged record, held against what is left.
fn length(bytes: &[u8], kind: u8) -> Result<usize, FormatError> {
    let head = format!("{kind}.001:");
    let text = bytes.strip_prefix(head.as_bytes()).ok_or(FormatError::Magic { record: "ANSI/NIST-ITL" })?;
    let digits = text.iter().take(10).take_while(|b| b.is_ascii_digit()).count();
    let declared = std::str::from_utf8(&text[..digits]).ok().and_then(|t| t.parse::<usize>().ok());
    let declared = declared.ok_or(FormatError::Text { field: "LEN" })?;
    if declared < head.len() + digits + 1 || declared > bytes.len() {
        return Err(FormatError::Length { field: "LEN", declared, actual: bytes.len() });
    }
    Ok(declared)
}

fn tagged(kind: u8, bytes: &[u8]) -> Result<Record, FormatError> {
    let Some((&FS, body)) = bytes.split_last() else {
        return Err(FormatError::Text { field: "record end" });
    };
    let mut fields = BTreeMap::new();
    let prefix = format!("{kind}.");
    let mut rest = Some(body);
    while let Some(field) = rest {
        let colon =
            field.iter().take(12).position(|b| *b == b':').ok_or(FormatError::Text { field: "tag" })?;
        let number = std::str::from_utf8(&field[..colon])
            .ok()
            .and_then(|t| t.strip_prefix(&prefix))
            .and_then(|t| t.parse::<u16>().ok())
            .ok_or(FormatError::Text { field: "tag" })?;
        // An image may hold separators; it runs to the end of the record.
        let end = if number == 999 { None } else { field.iter().position(|b| *b == GS) };
        let value = &field[colon + 1..end.unwrap_or(field.len())];
        if fields.insert(number, value.to_vec()).is_some() {
            return Err(FormatError::Code { field: "repeated field", value: u32::from(number) });
        }
        rest = end.map(|e| &field[e + 1..]);
    }
    let mut record = Record { kind, idc: 0, fields, body: Vec::new() };
    if kind != 1 {
        let idc = record.text(2).and_then(|t| t.parse().ok());
        record.idc = idc.ok_or(FormatError::Text { field: "IDC" })?;
    }
    Ok(record)
}

fn binary(kind: u8, bytes: &[u8]) -> Result<(usize, Record), FormatError> {
    let short = FormatError::Short { at: 0, len: bytes.len() };
    let head: [u8; 5] = bytes.get(..5).and_then(|b| b.try_into().ok()).ok_or(short)?;
    let declared = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
    if declared < 5 || declared > bytes.len() {
        return Err(FormatError::Length { field: "binary LEN", declared, actual: bytes.len() });
    }
    let body = bytes[5..declared].to_vec();
    Ok((declared, Record { kind, idc: head[4], fields: BTreeMap::new(), body }))
}

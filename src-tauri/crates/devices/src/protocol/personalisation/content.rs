//! From the bytes of a file back to its fields.

use super::data::{CardData, Field};
use super::profile::{ChipFile, Layout};
use crate::protocol::apdu::{TlvError, tlv};

/// Why a file's bytes are not what the profile says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ContentError {
    /// No TLV.
    #[error(transparent)]
    Tlv(#[from] TlvError),
    /// A length in front that is longer than the file.
    #[error("counted value of {length} bytes in a file of {size}")]
    Count {
        /// Length claimed.
        length: usize,
        /// Bytes there are.
        size: usize,
    },
}

/// Reads one field out of a whole file; `None` when it is not there or empty.
///
/// # Errors
/// [`ContentError`] for a file that is not built as its profile says.
pub fn field_of(file: &ChipFile, bytes: &[u8], field: Field) -> Result<Option<Vec<u8>>, ContentError> {
    let Some(rule) = file.fields.iter().find(|rule| rule.field == field) else { return Ok(None) };
    let value = match (file.layout, rule.tag) {
        (Layout::Tlv, Some(tag)) => tlv::find(&tlv::parse(bytes)?, tag).map(<[u8]>::to_vec),
        (Layout::Counted, _) => {
            let Some((head, rest)) = bytes.split_first_chunk::<2>() else { return Ok(None) };
            let length = usize::from(u16::from_be_bytes(*head));
            let value = rest.get(..length).ok_or(ContentError::Count { length, size: bytes.len() })?;
            Some(value.to_vec())
        }
        _ => None,
    };
    Ok(value.filter(|value| !value.is_empty()))
}

/// Adds every field of a whole file to `data`.
///
/// # Errors
/// As [`field_of`].
pub fn fields_of(file: &ChipFile, bytes: &[u8], mut data: CardData) -> Result<CardData, ContentError> {
    for rule in &file.fields {
        if let Some(value) = field_of(file, bytes, rule.field)? {
            data = data.bytes(rule.field, value);
        }
    }
    Ok(data)
}

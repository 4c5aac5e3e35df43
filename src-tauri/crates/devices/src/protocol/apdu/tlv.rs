//! BER-TLV as ISO 7816-4 §5.2.2 uses it: tags of 1–3 bytes, lengths of 1–4 bytes, bounded by the input.

/// A tag as its bytes, big-endian: `0x80`, `0x5F2D`.
pub type Tag = u32;

/// Bytes that are no BER-TLV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TlvError {
    /// The input ends inside a tag or a length.
    #[error("TLV ends in its head at {at}")]
    Head {
        /// Offset of the data object.
        at: usize,
    },
    /// A value longer than what is left.
    #[error("TLV value of {length} bytes at {at}, only {left} left")]
    Value {
        /// Offset of the data object.
        at: usize,
        /// Length it claims.
        length: usize,
        /// Bytes left.
        left: usize,
    },
}

/// Writes one data object; lengths above 16 MB cannot be said and give `None`.
pub fn encode(tag: Tag, value: &[u8]) -> Option<Vec<u8>> {
    let mut out: Vec<u8> = tag.to_be_bytes().into_iter().skip_while(|b| *b == 0).collect();
    let [_, a, b, c] = u32::try_from(value.len()).ok().filter(|n| *n < 1 << 24)?.to_be_bytes();
    match (a, b, c) {
        (0, 0, c) if c < 0x80 => out.push(c),
        (0, 0, c) => out.extend([0x81, c]),
        (0, b, c) => out.extend([0x82, b, c]),
        (a, b, c) => out.extend([0x83, a, b, c]),
    }
    out.extend_from_slice(value);
    Some(out)
}

/// Reads data objects one after another; `00` and `FF` between them are padding.
///
/// # Errors
/// [`TlvError`] with the offset of the object that does not end.
pub fn parse(bytes: &[u8]) -> Result<Vec<(Tag, &[u8])>, TlvError> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = bytes.get(at) {
        if matches!(first, 0x00 | 0xFF) {
            at += 1;
            continue;
        }
        let (tag, length, begin) = head(bytes, at).ok_or(TlvError::Head { at })?;
        let left = bytes.len() - begin;
        let value = bytes.get(begin..begin.saturating_add(length));
        found.push((tag, value.ok_or(TlvError::Value { at, length, left })?));
        at = begin + length;
    }
    Ok(found)
}

/// The value of the first object with `tag`.
pub fn find<'a>(objects: &[(Tag, &'a [u8])], tag: Tag) -> Option<&'a [u8]> {
    objects.iter().find(|(t, _)| *t == tag).map(|(_, value)| *value)
}

/// Tag, length and where the value begins.
fn head(bytes: &[u8], at: usize) -> Option<(Tag, usize, usize)> {
    let mut next = at + 1;
    let mut tag = Tag::from(*bytes.get(at)?);
    if tag & 0x1F == 0x1F {
        for n in 0.. {
            let byte = *bytes.get(next)?;
            next += 1;
            tag = tag << 8 | Tag::from(byte);
            match (byte & 0x80, n) {
                (0, _) => break,
                (_, 1..) => return None, // four bytes and more
                _ => {}
            }
        }
    }
    let first = *bytes.get(next)?;
    next += 1;
    let more = match first {
        0..=0x7F => return Some((tag, usize::from(first), next)),
        0x81..=0x83 => usize::from(first & 0x7F),
        _ => return None,
    };
    let length = bytes.get(next..next + more)?.iter().fold(0, |n, b| n << 8 | usize::from(*b));
    Some((tag, length, next + more))
}

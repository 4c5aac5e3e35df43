//! A strict, deterministic POSIX ustar: flat, plain files only, the manifest first.

use crate::error::{Error, Result};
use crate::header::Header;
use crate::manifest::Manifest;
use crate::part::Part;
use openssl::sha::Sha256;
use std::borrow::Cow;
use std::collections::HashSet;

/// Largest archive that is sealed or opened, in bytes (50 MiB).
pub const MAX_PART_BYTES: u64 = 50 * 1024 * 1024;
/// Most files in one part, the manifest not counted.
pub const MAX_ENTRIES: usize = 256;

const MANIFEST_NAME: &str = "manifest.json";
const BLOCK: usize = 512;

/// One file of a part.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// File name: `[a-z0-9][a-z0-9._-]{0,63}`, no folders.
    pub name: String,
    /// Media type, for example `application/json`.
    pub media_type: String,
    /// Content.
    pub bytes: Vec<u8>,
}

impl Entry {
    /// An entry of a name, a media type and bytes; checked when the packet is made.
    pub fn new(name: impl Into<String>, media_type: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), media_type: media_type.into(), bytes: bytes.into() }
    }
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Entry({}, {} bytes)", self.name, self.bytes.len())
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        crate::signed::wipe::wipe(&mut self.bytes);
    }
}

/// Puts entries into archive order and refuses names, doubles and sizes that the format does not have.
pub(crate) fn arrange(mut entries: Vec<Entry>) -> Result<Vec<Entry>> {
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    check_names(entries.iter().map(|entry| entry.name.as_str()))?;
    let total: u64 = entries.iter().map(|entry| entry.bytes.len() as u64 + 2 * BLOCK as u64).sum();
    if total > MAX_PART_BYTES {
        return Err(Error::TooLarge { bytes: total, limit: MAX_PART_BYTES });
    }
    Ok(entries)
}

fn check_names<'a>(names: impl Iterator<Item = &'a str>) -> Result<()> {
    let mut seen = HashSet::new();
    for name in names {
        check_name(name)?;
        if !seen.insert(name) {
            return Err(Error::EntryTwice { name: name.to_owned() });
        }
    }
    if seen.len() > MAX_ENTRIES {
        return Err(Error::Archive { reason: "too many files" });
    }
    Ok(())
}

fn check_name(name: &str) -> Result<()> {
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let good = name.len() <= 64
        && name.bytes().next().is_some_and(plain)
        && name.bytes().all(|c| plain(c) || matches!(c, b'.' | b'_' | b'-'))
        && name != MANIFEST_NAME;
    if good {
        Ok(())
    } else {
        let name = name.chars().take(80).flat_map(char::escape_default).collect();
        Err(Error::EntryName { name })
    }
}

/// The plain bytes of one part: the same input gives the same bytes. The files are borrowed, so that no second copy of
/// personal data is made to be signed, sealed and wiped.
pub(crate) struct Archive<'a> {
    pieces: Vec<Cow<'a, [u8]>>,
}

impl<'a> Archive<'a> {
    /// Lays out the entries (already in archive order) behind their manifest.
    pub(crate) fn new(header: &Header, part: Part, entries: &'a [Entry]) -> Result<Self> {
        let manifest = Manifest::describe(header, part, entries).to_bytes()?;
        let time = u64::try_from(header.created.as_second())
            .map_err(|_| Error::Manifest { reason: "created before 1970".to_owned() })?;
        let mut archive = Self { pieces: Vec::with_capacity(3 * entries.len() + 4) };
        archive.append(MANIFEST_NAME, Cow::Owned(manifest), time);
        for entry in entries {
            archive.append(&entry.name, Cow::Borrowed(&entry.bytes), time);
        }
        archive.pieces.push(Cow::Borrowed(&[0; 2 * BLOCK]));
        let bytes = archive.len() as u64;
        if bytes > MAX_PART_BYTES {
            return Err(Error::TooLarge { bytes, limit: MAX_PART_BYTES });
        }
        Ok(archive)
    }

    fn append(&mut self, name: &str, bytes: Cow<'a, [u8]>, time: u64) {
        let size = bytes.len();
        let padding = vec![0; size.next_multiple_of(BLOCK) - size];
        self.pieces.push(Cow::Owned(file_header(name, size as u64, time).to_vec()));
        self.pieces.push(bytes);
        self.pieces.push(Cow::Owned(padding));
    }

    /// The bytes, in pieces.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        self.pieces.iter().map(AsRef::as_ref)
    }

    /// Length in bytes.
    pub(crate) fn len(&self) -> usize {
        self.pieces().map(<[u8]>::len).sum()
    }

    /// SHA-256 of the bytes.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        self.pieces().for_each(|piece| hash.update(piece));
        hash.finish()
    }

    /// Whether these are its bytes.
    pub(crate) fn is(&self, bytes: &[u8]) -> bool {
        let rest = self.pieces().try_fold(bytes, |rest, piece| rest.strip_prefix(piece));
        rest.is_some_and(<[u8]>::is_empty)
    }

    /// The bytes in one.
    pub(crate) fn to_vec(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.len());
        self.pieces().for_each(|piece| out.extend_from_slice(piece));
        out
    }
}

fn file_header(name: &str, size: u64, time: u64) -> [u8; BLOCK] {
    let mut block = [0u8; BLOCK];
    let mut put = |at: usize, text: &str| block[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, name);
    put(100, "0000644\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, &format!("{size:011o}\0"));
    put(136, &format!("{time:011o}\0"));
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\x0000");
    put(329, "0000000\0");
    put(337, "0000000\0");
    let sum: u32 = block.iter().map(|b| u32::from(*b)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// Reads an archive and holds it against its manifest; anything but the exact layout is refused.
pub(crate) fn read(archive: &[u8]) -> Result<(Manifest, Vec<Entry>)> {
    if archive.len() as u64 > MAX_PART_BYTES {
        return Err(Error::TooLarge { bytes: archive.len() as u64, limit: MAX_PART_BYTES });
    }
    let mut files = split(archive)?.into_iter();
    let (name, bytes, time) = files.next().ok_or(Error::Archive { reason: "empty" })?;
    if name != MANIFEST_NAME {
        return Err(Error::Archive { reason: "manifest is not first" });
    }
    let manifest = Manifest::from_bytes(bytes)?;
    let files: Vec<_> = files.collect();
    check_names(files.iter().map(|(name, ..)| *name))?;
    if i64::try_from(time).ok() != Some(manifest.created.as_second()) || files.iter().any(|f| f.2 != time) {
        return Err(Error::Manifest { reason: "file times differ".to_owned() });
    }
    if files.len() != manifest.entries.len() {
        return Err(Error::Manifest { reason: "number of files differs".to_owned() });
    }
    let mut entries = Vec::with_capacity(files.len());
    for ((name, bytes, _), listed) in files.into_iter().zip(&manifest.entries) {
        let digest = hex::encode(openssl::sha::sha256(bytes));
        if name != listed.name || bytes.len() as u64 != listed.size || digest != listed.sha256 {
            return Err(Error::Manifest { reason: format!("file {name} differs") });
        }
        entries.push(Entry::new(name, listed.media_type.clone(), bytes));
    }
    Ok((manifest, entries))
}

type File<'a> = (&'a str, &'a [u8], u64);

fn split(archive: &[u8]) -> Result<Vec<File<'_>>> {
    let refuse = |reason| Error::Archive { reason };
    let mut files = Vec::new();
    let mut rest = archive;
    loop {
        let (block, after) = rest.split_at_checked(BLOCK).ok_or(refuse("cut off"))?;
        if block.iter().all(|b| *b == 0) {
            return match after.len() == BLOCK && after.iter().all(|b| *b == 0) {
                true => Ok(files),
                false => Err(refuse("bytes after the end")),
            };
        }
        let name = block[..100].split(|b| *b == 0).next().unwrap_or_default();
        let name = std::str::from_utf8(name).map_err(|_| refuse("name is not text"))?;
        let size = octal(&block[124..136]).ok_or(refuse("bad size"))?;
        let time = octal(&block[136..148]).ok_or(refuse("bad time"))?;
        if name.len() > 64 || name != MANIFEST_NAME {
            check_name(name)?;
        }
        // The header must be the one that the writer makes: no links, owners, prefixes or dialects.
        if block != file_header(name, size, time) {
            return Err(refuse("header is not the specified one"));
        }
        let size = usize::try_from(size).map_err(|_| refuse("bad size"))?;
        let (data, after) = after.split_at_checked(size).ok_or(refuse("cut off"))?;
        let (padding, after) =
            after.split_at_checked(size.next_multiple_of(BLOCK) - size).ok_or(refuse("cut off"))?;
        if padding.iter().any(|b| *b != 0) {
            return Err(refuse("padding is not empty"));
        }
        files.push((name, data, time));
        if files.len() > MAX_ENTRIES + 1 {
            return Err(refuse("too many files"));
        }
        rest = after;
    }
}

fn octal(field: &[u8]) -> Option<u64> {
    let digits = field.strip_suffix(b"\0")?;
    digits.iter().try_fold(0u64, |sum, d| match d {
        b'0'..=b'7' => Some(sum * 8 + u64::from(d - b'0')),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::Suite;

    #[test]
    fn the_archive_in_pieces_is_the_archive_in_one() {
        let header = Header {
            packet: "01939a2e-7c00-7000-8000-0123456789ab".parse().unwrap(),
            station: "18.13-02".to_owned(),
            sequence: 1,
            created: "2026-11-23T03:40:00Z".parse().unwrap(),
            training: true,
            suite: Suite::P256,
        };
        for sizes in [&[][..], &[0], &[1], &[511, 512, 513]] {
            let entry = |(at, size): (usize, &usize)| Entry::new(format!("f{at}"), "x/y", vec![7; *size]);
            let entries = arrange(sizes.iter().enumerate().map(entry).collect()).unwrap();
            let archive = Archive::new(&header, Part::Dok, &entries).unwrap();
            let mut whole = archive.to_vec();
            assert_eq!(whole.len(), archive.len(), "{sizes:?}");
            assert_eq!(openssl::sha::sha256(&whole), archive.digest(), "{sizes:?}");
            assert_eq!(read(&whole).unwrap().1, entries, "{sizes:?}: what is read back");
            assert!(archive.is(&whole), "{sizes:?}: its own bytes");
            assert!(!archive.is(&whole[1..]), "{sizes:?}: cut at the start");
            assert!(!archive.is(&whole[..whole.len() - 1]), "{sizes:?}: cut at the end");
            whole.push(0);
            assert!(!archive.is(&whole), "{sizes:?}: a byte more");
            whole.pop();
            for at in (0..whole.len()).step_by(61) {
                whole[at] ^= 1;
                assert!(!archive.is(&whole), "{sizes:?}: byte {at} differs");
                whole[at] ^= 1;
            }
        }
    }
}

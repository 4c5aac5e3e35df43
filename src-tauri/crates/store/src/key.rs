//! The data key: 32 random bytes that open the database, held only in memory.

use crate::{Error, Result};
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use std::sync::Arc;
use zeroize::Zeroizing;

/// 32 bytes that stay where they are: a value that is moved would leave its old bytes behind on the stack.
pub(crate) type Pinned = Arc<Zeroizing<[u8; 32]>>;

/// The raw 256-bit key of one database. Its clones share the same bytes, which are wiped with the last of them; its
/// `Debug` shows nothing.
#[derive(Clone)]
pub struct DataKey {
    bytes: Pinned,
    /// A slot held it: when it does not open the database, the database is at fault.
    proven: bool,
}

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(••••)")
    }
}

impl DataKey {
    /// Makes a new key from the system's random source.
    ///
    /// # Errors
    /// [`Error::Crypto`] when there is no random source.
    pub fn generate() -> Result<DataKey> {
        pinned(|bytes| openssl::rand::rand_bytes(bytes).map_err(Error::crypto("make a data key")))
            .map(|bytes| DataKey { bytes, proven: false })
    }

    /// Takes 32 bytes as the key (a test, or a recovery that was unwrapped elsewhere). The caller wipes its own copy.
    pub fn from_bytes(bytes: [u8; 32]) -> DataKey {
        let bytes = Zeroizing::new(bytes);
        let mut key = Pinned::default();
        Arc::make_mut(&mut key).copy_from_slice(&bytes[..]);
        DataKey { bytes: key, proven: false }
    }

    /// Takes what an authenticated slot held, which proves it; `None` when it is not 32 bytes.
    pub(crate) fn from_slice(opened: &[u8]) -> Option<DataKey> {
        let opened: &[u8; 32] = opened.try_into().ok()?;
        let mut key = Pinned::default();
        Arc::make_mut(&mut key).copy_from_slice(opened);
        Some(DataKey { bytes: key, proven: true })
    }

    /// Whether a slot has proven that this is the key of the database beside it.
    pub(crate) fn is_proven(&self) -> bool {
        self.proven
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// `x'…'` as `PRAGMA key` wants a raw key (SQLCipher API, "Raw Key Data"). The one place that writes the key as text.
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        // Large enough from the start: a text that grows leaves its shorter self behind.
        let mut text = Zeroizing::new(String::with_capacity(96));
        text.push_str("PRAGMA key = \"x'");
        for byte in self.bytes.iter() {
            for nibble in [byte >> 4, byte & 15] {
                text.push(char::from(b"0123456789abcdef"[usize::from(nibble)]));
            }
        }
        text.push_str("'\";");
        text
    }

    /// Derives the key of the register's content digests, so that a digest tells nothing to who lacks the data key.
    pub(crate) fn register_key(&self) -> Result<Pinned> {
        pinned(|out| hmac_into(&self.bytes[..], &[b"rekam register digest v1"], out))
    }
}

/// Fills 32 bytes where they will stay.
fn pinned(fill: impl FnOnce(&mut [u8]) -> Result<()>) -> Result<Pinned> {
    let mut bytes = Pinned::default();
    fill(&mut Arc::make_mut(&mut bytes)[..])?;
    Ok(bytes)
}

/// HMAC-SHA-256 over the concatenation of `parts`.
pub(crate) fn hmac(key: &[u8], parts: &[&[u8]]) -> Result<[u8; 32]> {
    let mut out = [0u8; 32];
    hmac_into(key, parts, &mut out)?;
    Ok(out)
}

fn hmac_into(key: &[u8], parts: &[&[u8]], out: &mut [u8]) -> Result<()> {
    let keyed = PKey::hmac(key).map_err(Error::crypto("digest"))?;
    let mut signer = Signer::new(MessageDigest::sha256(), &keyed).map_err(Error::crypto("digest"))?;
    for part in parts {
        signer.update(part).map_err(Error::crypto("digest"))?;
    }
    signer.sign(out).map_err(Error::crypto("digest"))?;
    Ok(())
}

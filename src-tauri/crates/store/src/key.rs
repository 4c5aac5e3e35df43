//! The data key: 32 random bytes that open the database, held only in memory.

use crate::{Error, Result};
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use zeroize::Zeroizing;

/// The raw 256-bit key of one database. Wiped from memory when dropped; its `Debug` shows nothing.
#[derive(Clone)]
pub struct DataKey(Zeroizing<[u8; 32]>);

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
        let mut bytes = Zeroizing::new([0u8; 32]);
        openssl::rand::rand_bytes(bytes.as_mut()).map_err(Error::crypto("make a data key"))?;
        Ok(DataKey(bytes))
    }

    /// Takes 32 bytes as the key (a test, or a recovery that was unwrapped elsewhere).
    pub fn from_bytes(bytes: [u8; 32]) -> DataKey {
        DataKey(Zeroizing::new(bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// `x'…'` as `PRAGMA key` wants a raw key (SQLCipher API, "Raw Key Data").
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(96));
        text.push_str("PRAGMA key = \"x'");
        for byte in self.0.iter() {
            for nibble in [byte >> 4, byte & 15] {
                text.push(char::from(b"0123456789abcdef"[usize::from(nibble)]));
            }
        }
        text.push_str("'\";");
        text
    }

    /// Derives the key of the register's content digests, so that a digest tells nothing to who lacks the data key.
    pub(crate) fn register_key(&self) -> Result<Zeroizing<[u8; 32]>> {
        hmac(&self.0[..], &[b"rekam register digest v1"])
    }
}

/// HMAC-SHA-256 over the concatenation of `parts`.
pub(crate) fn hmac(key: &[u8], parts: &[&[u8]]) -> Result<Zeroizing<[u8; 32]>> {
    let keyed = PKey::hmac(key).map_err(Error::crypto("digest"))?;
    let mut signer = Signer::new(MessageDigest::sha256(), &keyed).map_err(Error::crypto("digest"))?;
    for part in parts {
        signer.update(part).map_err(Error::crypto("digest"))?;
    }
    let mut out = Zeroizing::new([0u8; 32]);
    signer.sign(out.as_mut()).map_err(Error::crypto("digest"))?;
    Ok(out)
}

//! Wrapping the data key: under a password (Argon2id, AES-256-GCM) and under a certificate (CMS).

use crate::wiping::overwrite_given_back;
use crate::{DataKey, Error, Result};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::prelude::{BASE64_STANDARD, Engine};
use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::hash::MessageDigest;
use openssl::pkey::{PKeyRef, Private};
use openssl::stack::Stack;
use openssl::symm::{Cipher, decrypt_aead, encrypt_aead};
use openssl::x509::{X509, X509Ref};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

/// What one guess costs. Stored in each slot, so a later default does not strand an older slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argon2Cost {
    /// Memory of one guess, KiB.
    pub memory_kib: u32,
    /// Passes over the memory (t of RFC 9106), at least 1.
    pub passes: u32,
    /// Lanes (p of RFC 9106), at least 1.
    pub lanes: u32,
}

impl Argon2Cost {
    /// What a station uses: 64 MiB, three passes, one lane. Source: issue "Foundation" §3; RFC 9106 §4 second choice, with one lane for
    /// the slow machines of a desk.
    pub const PRODUCTION: Argon2Cost = Argon2Cost { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
    /// For tests only: protects nothing.
    pub const CHEAP_FOR_TESTS: Argon2Cost = Argon2Cost { memory_kib: 8, passes: 1, lanes: 1 };
}

/// The key wrapped under a password or code.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Wrapped {
    pub made_ms: i64,
    pub argon2id: Argon2Cost,
    salt: Base64,
    nonce: Base64,
    sealed: Base64,
}

impl Wrapped {
    pub fn wrap(key: &DataKey, name: &str, secret: &[u8], cost: Argon2Cost, made_ms: i64) -> Result<Wrapped> {
        let mut salt = [0u8; 16];
        let mut nonce = [0u8; 12];
        openssl::rand::rand_bytes(&mut salt).map_err(Error::crypto("wrap the key"))?;
        openssl::rand::rand_bytes(&mut nonce).map_err(Error::crypto("wrap the key"))?;
        let mut wrapping = Zeroizing::new([0u8; 32]);
        derive(secret, &salt, cost, &mut wrapping)?;
        let mut tag = [0u8; 16];
        let mut sealed = encrypt_aead(
            Cipher::aes_256_gcm(),
            &wrapping[..],
            Some(&nonce),
            &bound(name, cost),
            key.bytes(),
            &mut tag,
        )
        .map_err(Error::crypto("wrap the key"))?;
        sealed.extend_from_slice(&tag);
        Ok(Wrapped {
            made_ms,
            argon2id: cost,
            salt: Base64(salt.to_vec()),
            nonce: Base64(nonce.to_vec()),
            sealed: Base64(sealed),
        })
    }

    /// A seal that does not open means a wrong password; the caller fills in the wait.
    pub fn unwrap(&self, name: &str, secret: &[u8]) -> Result<DataKey> {
        let wrong = || Error::WrongPassword { wait_ms: 0 };
        let mut wrapping = Zeroizing::new([0u8; 32]);
        derive(secret, &self.salt.0, self.argon2id, &mut wrapping)?;
        let (sealed, tag) = self.sealed.0.split_at_checked(32).ok_or_else(wrong)?;
        let opened = decrypt_aead(
            Cipher::aes_256_gcm(),
            &wrapping[..],
            Some(&self.nonce.0),
            &bound(name, self.argon2id),
            sealed,
            tag,
        );
        let opened = Zeroizing::new(opened.map_err(|_| wrong())?);
        DataKey::from_slice(&opened).ok_or_else(wrong)
    }
}

/// What the seal is bound to: a slot cannot be moved to another name or given a cheaper cost.
fn bound(name: &str, cost: Argon2Cost) -> Vec<u8> {
    format!("rekam key slot v1\0{name}\0{}\0{}\0{}", cost.memory_kib, cost.passes, cost.lanes).into_bytes()
}

/// Fills `key` in place.
fn derive(secret: &[u8], salt: &[u8], cost: Argon2Cost, key: &mut [u8; 32]) -> Result<()> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).map_err(Error::Derive)?;
    // Wiped: from the last blocks anybody could go on to the key without the password.
    let mut blocks = Zeroizing::new(vec![Block::default(); params.block_count()]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(secret, salt, key, &mut blocks[..])
        .map_err(Error::Derive)
}

/// The key wrapped to a certificate.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct CertWrapped {
    pub made_ms: i64,
    /// DER of the CMS AuthEnvelopedData; `openssl cms -decrypt -inform DER` opens it.
    cms: Base64,
}

impl CertWrapped {
    pub fn wrap(key: &DataKey, cert: &X509, made_ms: i64) -> Result<CertWrapped> {
        let operation = "wrap the key to the certificate";
        let mut recipients = Stack::new().map_err(Error::crypto(operation))?;
        recipients.push(cert.clone()).map_err(Error::crypto(operation))?;
        let cms =
            CmsContentInfo::encrypt(&recipients, key.bytes(), Cipher::aes_256_gcm(), CMSOptions::BINARY)
                .and_then(|cms| cms.to_der());
        overwrite_given_back();
        let cms = cms.map_err(Error::crypto(operation))?;
        Ok(CertWrapped { made_ms, cms: Base64(cms) })
    }

    pub fn unwrap(&self, cert: &X509Ref, key: &PKeyRef<Private>) -> Result<DataKey> {
        let operation = "unwrap the key with the certificate";
        let opened = CmsContentInfo::from_der(&self.cms.0)
            .and_then(|cms| cms.decrypt(key, &cert.to_owned()))
            .map(Zeroizing::new);
        overwrite_given_back();
        let opened = opened.map_err(Error::crypto(operation))?;
        DataKey::from_slice(&opened).ok_or(Error::NoSuchSlot)
    }
}

/// SHA-256 of the certificate's DER, in hex.
pub(super) fn fingerprint(cert: &X509Ref) -> Result<String> {
    cert.digest(MessageDigest::sha256()).map(hex::encode).map_err(Error::crypto("read the certificate"))
}

/// Bytes that stand as base64 in JSON.
#[derive(Clone)]
struct Base64(Vec<u8>);

impl std::fmt::Debug for Base64 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64_STANDARD.decode(text).map(Base64).map_err(serde::de::Error::custom)
    }
}

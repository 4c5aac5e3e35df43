//! The content key for one recipient: ephemeral-static ECDH on P-256 (RFC 5753 §3.1.1) and AES-256 key wrap (RFC 3394).

use crate::error::{Result, Step};
use crate::pki::Certificate;
use crate::signed::not_a_part;
use cms::cert::IssuerAndSerialNumber;
use cms::content_info::CmsVersion;
use cms::enveloped_data::{
    KeyAgreeRecipientIdentifier, KeyAgreeRecipientInfo, OriginatorIdentifierOrKey, OriginatorPublicKey,
    RecipientEncryptedKey,
};
use der::asn1::{Any, BitString, ObjectIdentifier, OctetString, OctetStringRef};
use der::{Decode, Encode, Sequence};
use openssl::bn::BigNumContext;
use openssl::cipher::Cipher;
use openssl::cipher_ctx::{CipherCtx, CipherCtxFlags};
use openssl::derive::Deriver;
use openssl::ec::{EcGroup, EcKey, PointConversionForm};
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::sha::Sha256;
use x509_cert::spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

/// `dhSinglePass-stdDH-sha256kdf-scheme` (RFC 5753 §7.1.4).
const STD_DH_SHA256_KDF: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.1.11.1");
const AES_256_WRAP: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.45");
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// Length of a content key and of a key that wraps it, in bytes.
const KEY: usize = 32;
/// RFC 3394 adds one half-block.
const WRAPPED: usize = KEY + 8;

/// `ECC-CMS-SharedInfo` (RFC 5753 §7.2), without user keying material: the ephemeral key is new each time.
#[derive(Sequence)]
struct SharedInfo<'a> {
    key_info: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT")]
    key_bits: OctetStringRef<'a>,
}

/// Wraps a content key so that only the recipient's key opens it.
///
/// # Errors
/// `Crypto` when the recipient's key is none of P-256, or for a fault of the library.
pub(super) fn wrap(key: &[u8; KEY], recipient: &Certificate) -> Result<KeyAgreeRecipientInfo> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).step("curve")?;
    let ephemeral = EcKey::generate(&group).step("ephemeral key")?;
    let mut numbers = BigNumContext::new().step("ephemeral key")?;
    let point = ephemeral
        .public_key()
        .to_bytes(&group, PointConversionForm::UNCOMPRESSED, &mut numbers)
        .step("ephemeral key")?;
    let ephemeral = PKey::from_ec_key(ephemeral).step("ephemeral key")?;
    let theirs = recipient.x509().public_key().step("recipient's key")?;
    let mut deriver = Deriver::new(&ephemeral).step("key agreement")?;
    deriver.set_peer(&theirs).step("key agreement")?;
    let secret = Zeroizing::new(deriver.derive_to_vec().step("key agreement")?);

    let wrapping = derived(&secret).map_err(not_a_part)?;
    let mut cipher = CipherCtx::new().step("key wrap")?;
    cipher.set_flags(CipherCtxFlags::FLAG_WRAP_ALLOW);
    cipher.encrypt_init(Some(Cipher::aes_256_wrap()), Some(&*wrapping), None).step("key wrap")?;
    let mut wrapped = Vec::with_capacity(WRAPPED);
    cipher.cipher_update_vec(key, &mut wrapped).step("key wrap")?;
    describe(recipient, &point, &wrapped)
}

/// The key derivation of ANSI X9.63 with SHA-256 (SEC 1 §3.6.1); one block of it is a whole key.
fn derived(secret: &[u8]) -> der::Result<Zeroizing<[u8; KEY]>> {
    let bits = (8 * KEY as u32).to_be_bytes();
    let info = SharedInfo { key_info: key_wrap(), key_bits: OctetStringRef::new(&bits)? }.to_der()?;
    let mut hash = Sha256::new();
    hash.update(secret);
    hash.update(&1u32.to_be_bytes());
    hash.update(&info);
    Ok(Zeroizing::new(hash.finish()))
}

fn describe(recipient: &Certificate, point: &[u8], wrapped: &[u8]) -> Result<KeyAgreeRecipientInfo> {
    let own = x509_cert::Certificate::from_der(&recipient.to_der()?).map_err(not_a_part)?.tbs_certificate;
    let info = || -> der::Result<KeyAgreeRecipientInfo> {
        Ok(KeyAgreeRecipientInfo {
            version: CmsVersion::V3,
            originator: OriginatorIdentifierOrKey::OriginatorKey(OriginatorPublicKey {
                algorithm: AlgorithmIdentifierOwned { oid: EC_PUBLIC_KEY, parameters: None },
                public_key: BitString::from_bytes(point)?,
            }),
            ukm: None,
            key_enc_alg: AlgorithmIdentifierOwned {
                oid: STD_DH_SHA256_KDF,
                parameters: Some(Any::encode_from(&key_wrap())?),
            },
            recipient_enc_keys: vec![RecipientEncryptedKey {
                rid: KeyAgreeRecipientIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                    issuer: own.issuer,
                    serial_number: own.serial_number,
                }),
                enc_key: OctetString::new(wrapped)?,
            }],
        })
    };
    info().map_err(not_a_part)
}

/// RFC 3565 §2.3.2: the identifier of the key wrap has no parameters.
fn key_wrap() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: AES_256_WRAP, parameters: None }
}

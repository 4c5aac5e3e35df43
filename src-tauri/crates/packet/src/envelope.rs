//! CMS AuthEnvelopedData (RFC 5083, RFC 5084): AES-256-GCM, one key agreement per recipient. Written here over OpenSSL's
//! ciphers, since its own CMS writer takes three times the cipher's time for a part; opened by OpenSSL's CMS alone.

mod agreement;

use crate::archive::MAX_PART_BYTES;
use crate::error::{Error, Result, Step};
use crate::pki::{Certificate, Identity};
use crate::signed::view::{InfoView, Octets};
use crate::signed::wipe::Wiped;
use crate::signed::{ID_DATA, SignedPart, not_a_part};
use cms::cert::IssuerAndSerialNumber;
use cms::content_info::CmsVersion;
use cms::enveloped_data::{EncryptedContentInfo, KeyAgreeRecipientIdentifier, RecipientInfo, RecipientInfos};
use der::asn1::{Any, ObjectIdentifier, OctetString, OctetStringRef};
use der::{Decode, Encode, Sequence};
use openssl::cipher::Cipher;
use openssl::cipher_ctx::CipherCtx;
use openssl::cms::CmsContentInfo;
use x509_cert::spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

const ID_AUTH_ENVELOPED: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.23");
const AES_256_GCM: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.46");
/// Length of a content key in bytes.
const KEY: usize = 32;
/// Length of a GCM nonce in bytes (RFC 5084 §3.2 recommends 12). A content key is used once, so any nonce is fresh.
const NONCE: usize = 12;
/// Length of a GCM tag in bytes.
const TAG: usize = 16;
/// Length of the tag and the length that stand before it, in bytes.
const TAG_HEAD: usize = 2;
/// Signatures, certificates and envelope around an archive stay far below this.
const OVERHEAD: u64 = 64 * 1024;

#[derive(Sequence)]
struct Outer {
    content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: AuthEnveloped,
}

/// As the station writes it: no originator information, no attributes.
#[derive(Sequence)]
struct AuthEnveloped {
    version: CmsVersion,
    recipients: RecipientInfos,
    content: EncryptedContentInfo,
    mac: OctetString,
}

/// `GCMParameters` (RFC 5084 §3.2).
#[derive(Sequence)]
struct GcmParameters<'a> {
    nonce: OctetStringRef<'a>,
    tag_length: u8,
}

/// [`Outer`] around octets that stand elsewhere, so that megabytes are written once.
#[derive(Sequence)]
struct OuterView<'a> {
    content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: AuthEnvelopedView<'a>,
}

#[derive(Sequence)]
struct AuthEnvelopedView<'a> {
    version: CmsVersion,
    recipients: RecipientInfos,
    content: EncryptedView<'a>,
    mac: OctetStringRef<'a>,
}

#[derive(Sequence)]
struct EncryptedView<'a> {
    content_type: ObjectIdentifier,
    algorithm: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    ciphertext: Octets<'a>,
}

/// Encrypts one signed part to all recipients, after `check` saw its very bytes; returns DER.
///
/// The plain bytes are written once, into their place, and encrypted there: no other copy of them is made.
pub(crate) fn seal(
    signed: &InfoView<'_>,
    check: impl FnOnce(&[u8]) -> Result<()>,
    recipients: &[&Certificate],
) -> Result<Vec<u8>> {
    let mut key = Zeroizing::new([0; KEY]);
    let mut nonce = [0; NONCE];
    openssl::rand::rand_bytes(&mut *key).step("content key")?;
    openssl::rand::rand_bytes(&mut nonce).step("nonce")?;
    let infos = recipients
        .iter()
        .map(|recipient| agreement::wrap(&key, recipient).map(RecipientInfo::Kari))
        .collect::<Result<Vec<_>>>()?;
    let mut out = Wiped(Vec::new());
    let plain = write(signed, infos, &nonce, &mut out.0).map_err(not_a_part)?;

    // Content and tag end the structure; between them stand the tag's own two bytes.
    let starts = out.0.len().saturating_sub(plain + TAG_HEAD + TAG);
    let (content, end) = out.0.split_at_mut(starts).1.split_at_mut(plain);
    let (_, tag) = end.split_at_mut(TAG_HEAD);
    check(content)?;
    let step = "encrypt part";
    let mut cipher = CipherCtx::new().step(step)?;
    cipher.encrypt_init(Some(Cipher::aes_256_gcm()), Some(&*key), Some(&nonce)).step(step)?;
    cipher.cipher_update_inplace(content, plain).step(step)?;
    cipher.cipher_final(&mut []).step(step)?;
    cipher.tag(tag).step(step)?;
    Ok(std::mem::take(&mut out.0))
}

/// Writes the whole structure with the content still plain and the tag still zero; answers the content's length.
fn write(
    signed: &InfoView<'_>,
    recipients: Vec<RecipientInfo>,
    nonce: &[u8],
    out: &mut Vec<u8>,
) -> der::Result<usize> {
    let parameters = GcmParameters { nonce: OctetStringRef::new(nonce)?, tag_length: TAG as u8 };
    let content = AuthEnvelopedView {
        version: CmsVersion::V0,
        recipients: RecipientInfos::try_from(recipients)?,
        content: EncryptedView {
            content_type: ID_DATA,
            algorithm: AlgorithmIdentifierOwned {
                oid: AES_256_GCM,
                parameters: Some(Any::encode_from(&parameters)?),
            },
            ciphertext: Octets::Signed(signed),
        },
        mac: OctetStringRef::new(&[0; TAG])?,
    };
    let outer = OuterView { content_type: ID_AUTH_ENVELOPED, content };
    // Room for all of it: what grew while it is written would leave plain bytes behind in memory.
    out.reserve_exact(usize::try_from(outer.encoded_len()?)?);
    outer.encode(out)?;
    usize::try_from(signed.encoded_len()?)
}

/// Opens one sealed part with a recipient's key. The result is authentic ciphertext, not yet a believed part:
/// call [`SignedPart::verify`].
///
/// # Errors
/// `TooLarge`, `NotAPart`, `WrongRecipient`, `Tampered`.
pub fn open(sealed: &[u8], recipient: &Identity) -> Result<SignedPart> {
    let limit = MAX_PART_BYTES + OVERHEAD;
    if sealed.len() as u64 > limit {
        return Err(Error::TooLarge { bytes: sealed.len() as u64, limit });
    }
    let outer = Outer::from_der(sealed).map_err(not_a_part)?;
    if outer.content_type != ID_AUTH_ENVELOPED || outer.content.content.content_enc_alg.oid != AES_256_GCM {
        return Err(Error::NotAPart { reason: "not AES-256-GCM AuthEnvelopedData".to_owned() });
    }
    if outer.content.mac.as_bytes().len() != TAG {
        return Err(Error::NotAPart { reason: "authentication tag is not 16 bytes".to_owned() });
    }
    if !addressed_to(&outer.content.recipients, recipient.certificate_ref())? {
        return Err(Error::WrongRecipient);
    }
    let tampered = |_| Error::Tampered { what: "envelope" };
    let der = CmsContentInfo::from_der(sealed)
        .and_then(|cms| cms.decrypt(recipient.key(), recipient.certificate_ref().x509()))
        .map_err(tampered)?;
    Ok(SignedPart::from_der(der))
}

fn addressed_to(recipients: &RecipientInfos, certificate: &Certificate) -> Result<bool> {
    let own = x509_cert::Certificate::from_der(&certificate.to_der()?).map_err(not_a_part)?.tbs_certificate;
    let own = IssuerAndSerialNumber { issuer: own.issuer, serial_number: own.serial_number };
    Ok(recipients.0.iter().any(|info| match info {
        RecipientInfo::Kari(kari) => kari.recipient_enc_keys.iter().any(
            |key| matches!(&key.rid, KeyAgreeRecipientIdentifier::IssuerAndSerialNumber(id) if *id == own),
        ),
        _ => false,
    }))
}

//! CMS AuthEnvelopedData (RFC 5083, RFC 5084) by OpenSSL: AES-256-GCM, one key agreement per recipient.

use crate::archive::MAX_PART_BYTES;
use crate::error::{Error, Result, Step};
use crate::pki::{Certificate, Identity};
use crate::signed::{SignedPart, not_a_part};
use cms::cert::IssuerAndSerialNumber;
use cms::content_info::CmsVersion;
use cms::enveloped_data::{EncryptedContentInfo, KeyAgreeRecipientIdentifier, RecipientInfo, RecipientInfos};
use der::asn1::{ObjectIdentifier, OctetString};
use der::{Decode, Sequence};
use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::stack::Stack;
use openssl::symm::Cipher;

const ID_AUTH_ENVELOPED: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.23");
const AES_256_GCM: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.46");
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

/// Encrypts one signed part to all recipients; returns DER.
pub(crate) fn seal(signed: &SignedPart, recipients: &[&Certificate]) -> Result<Vec<u8>> {
    let mut stack = Stack::new().step("recipients")?;
    for recipient in recipients {
        stack.push(recipient.x509().clone()).step("recipients")?;
    }
    CmsContentInfo::encrypt(&stack, signed.der(), Cipher::aes_256_gcm(), CMSOptions::BINARY)
        .step("encrypt part")?
        .to_der()
        .step("encode part")
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
    if outer.content.mac.as_bytes().len() != 16 {
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

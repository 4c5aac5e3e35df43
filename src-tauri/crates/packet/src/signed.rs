//! CMS SignedData (RFC 5652) with exactly two signers: the station and the operator.

pub(crate) mod view;
pub(crate) mod wipe;

use self::view::{ContentView, InfoView, Octets, SignedView};
use crate::error::{Error, Result};
use crate::header::Header;
use crate::part::Part;
use crate::pki::Certificate;
use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::CmsVersion;
use cms::signed_data::{CertificateSet, SignerIdentifier, SignerInfo, SignerInfos};
use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode, Encode};
use jiff::Timestamp;
use x509_cert::attr::Attribute;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

pub(crate) const ID_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
pub(crate) const ID_SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
pub(crate) const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
pub(crate) const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
pub(crate) const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
/// RFC 2634 §2.7 `contentIdentifier`: an octet string of the signer's choosing.
pub(crate) const CONTENT_IDENTIFIER: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.7");
pub(crate) const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
pub(crate) const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

/// Whose signature it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignerRole {
    /// The recording station.
    Station,
    /// The operator who recorded.
    Operator,
}

impl SignerRole {
    /// Word in the binding: `station` or `operator`.
    pub const fn name(self) -> &'static str {
        match self {
            SignerRole::Station => "station",
            SignerRole::Operator => "operator",
        }
    }
}

impl std::fmt::Display for SignerRole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Something that holds a P-256 key: in memory ([`crate::pki::Identity`]), in a TPM or on a card. Two parts of a packet are
/// sealed at the same time, so it may be asked from two threads; a token that answers one at a time lets the other wait.
pub trait Signer: Sync {
    /// The certificate of the key.
    fn certificate(&self) -> &Certificate;
    /// ECDSA over SHA-256 of `message`, as DER `ECDSA-Sig-Value`; the error is a reason without secrets.
    fn sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, String>;
}

/// A part that is signed but not (or no longer) encrypted: DER of CMS SignedData. Holds personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedPart {
    der: Vec<u8>,
}

impl SignedPart {
    /// Takes bytes as they come out of decryption; nothing is checked yet.
    pub fn from_der(der: Vec<u8>) -> Self {
        Self { der }
    }

    /// Returns the DER of the CMS `ContentInfo`, as it goes into the seal.
    pub fn der(&self) -> &[u8] {
        &self.der
    }
}

impl std::fmt::Debug for SignedPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignedPart({} bytes)", self.der.len())
    }
}

impl Drop for SignedPart {
    fn drop(&mut self) {
        wipe::wipe(&mut self.der);
    }
}

/// Signs one archive, whose SHA-256 is `digest`, twice. `at` becomes the signing time of both.
pub(crate) fn sign<'a>(
    archive: Octets<'a>,
    digest: &[u8; 32],
    header: &Header,
    part: Part,
    signers: [(SignerRole, &dyn Signer); 2],
    at: Timestamp,
) -> Result<InfoView<'a>> {
    let mut infos = Vec::with_capacity(2);
    let mut certificates = Vec::with_capacity(2);
    for (role, signer) in signers {
        let binding = header.binding(part, digest, role);
        let failed = |reason| Error::SignerFailed { role, reason };
        let (info, choice) = sign_one(digest, &binding, signer, at)?.map_err(failed)?;
        infos.push(info);
        if !certificates.contains(&choice) {
            certificates.push(choice);
        }
    }
    assemble(archive, infos, certificates).map_err(not_a_part)
}

/// One signature over the attributes; the inner error is the signer's own reason.
pub(crate) fn sign_one(
    digest: &[u8; 32],
    binding: &str,
    signer: &dyn Signer,
    at: Timestamp,
) -> Result<std::result::Result<(SignerInfo, CertificateChoices), String>> {
    let certificate =
        x509_cert::Certificate::from_der(&signer.certificate().to_der()?).map_err(not_a_part)?;
    let attributes = attributes(digest, binding, at).map_err(not_a_part)?;
    let signature = match signer.sign(&attributes.to_der().map_err(not_a_part)?) {
        Ok(signature) => signature,
        Err(reason) => return Ok(Err(reason)),
    };
    let info = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: certificate.tbs_certificate.issuer.clone(),
            serial_number: certificate.tbs_certificate.serial_number.clone(),
        }),
        digest_alg: algorithm(SHA256),
        signed_attrs: Some(attributes),
        signature_algorithm: algorithm(ECDSA_SHA256),
        signature: OctetString::new(signature).map_err(not_a_part)?,
        unsigned_attrs: None,
    };
    Ok(Ok((info, CertificateChoices::Certificate(certificate))))
}

pub(crate) fn assemble(
    content: Octets<'_>,
    infos: Vec<SignerInfo>,
    certificates: Vec<CertificateChoices>,
) -> der::Result<InfoView<'_>> {
    let content = SignedView {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![algorithm(SHA256)])?,
        encap_content_info: ContentView { econtent_type: ID_DATA, econtent: Some(content) },
        certificates: Some(CertificateSet::try_from(certificates)?),
        crls: None,
        signer_infos: SignerInfos::try_from(infos)?,
    };
    Ok(InfoView { content_type: ID_SIGNED_DATA, content })
}

fn attributes(digest: &[u8; 32], binding: &str, at: Timestamp) -> der::Result<SetOfVec<Attribute>> {
    let seconds = u64::try_from(at.as_second()).map_err(|_| der::ErrorKind::DateTime)?;
    let time = Time::try_from(std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds))?;
    let one = |oid, value: Any| -> der::Result<Attribute> {
        Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
    };
    SetOfVec::try_from(vec![
        one(CONTENT_TYPE, Any::encode_from(&ID_DATA)?)?,
        one(SIGNING_TIME, Any::encode_from(&time)?)?,
        one(MESSAGE_DIGEST, Any::encode_from(&OctetString::new(digest.as_slice())?)?)?,
        one(CONTENT_IDENTIFIER, Any::encode_from(&OctetString::new(binding.as_bytes())?)?)?,
    ])
}

/// RFC 5754: SHA-256 and ECDSA identifiers are written without parameters.
fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}

pub(crate) fn not_a_part(error: der::Error) -> Error {
    Error::NotAPart { reason: error.to_string() }
}

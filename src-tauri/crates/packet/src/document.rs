//! A document signed once: receipt, courier manifest, change feed on a stick, revocation notice.
//!
//! CMS SignedData with one SignerInfo and the attributes of a packet's signatures (`docs/protocols/packet.md` §3); the
//! binding is `rekam-document/1 <format> <asli|latihan> sha256:<digest>`, so that a document of one kind cannot stand
//! for another. `openssl cms -verify -inform DER -purpose any -binary` reads it.

use crate::error::{Error, Result};
use crate::pki::{Certificate, Role};
use crate::signed::view::Octets;
use crate::signed::{self, Signer, not_a_part};
use crate::verify::{self, Path, Trust};
use der::Encode as _;
use jiff::Timestamp;

/// A signed document that passed every check.
#[derive(Clone)]
pub struct Document {
    /// The signed bytes.
    pub content: Vec<u8>,
    /// Who signed.
    pub signer: Certificate,
    /// When, by the signer's clock; whole seconds, UTC.
    pub signed_at: Timestamp,
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Document({} bytes, {:?})", self.content.len(), self.signer)
    }
}

fn binding(format: &str, training: bool, digest: &[u8; 32]) -> String {
    let mark = if training { "latihan" } else { "asli" };
    format!("rekam-document/1 {format} {mark} sha256:{}", hex::encode(digest))
}

impl Document {
    /// Signs `content` as a document of `format` (a word such as `rekam-receipt/1`); answers DER.
    ///
    /// # Errors
    /// `Document` when the signer could not sign, `NotAPart` when the structure cannot be written.
    pub fn sign(content: &[u8], format: &str, signer: &dyn Signer, at: Timestamp) -> Result<Vec<u8>> {
        let digest = openssl::sha::sha256(content);
        let binding = binding(format, signer.certificate().is_training(), &digest);
        let (info, certificate) = signed::sign_one(&digest, &binding, signer, at)?
            .map_err(|reason| Error::Document { reason: format!("signer: {reason}") })?;
        signed::assemble(Octets::Whole(content), vec![info], vec![certificate])
            .and_then(|info| info.to_der())
            .map_err(not_a_part)
    }

    /// Believes a document of `format` that was signed by a certificate of `role` under `trust`, at its signing time.
    ///
    /// Revocation is the caller's, who has the list.
    ///
    /// # Errors
    /// `NotAPart`, `Tampered`, `Document`, `CertificateRole`, `TrainingMixed`.
    pub fn verify(der: &[u8], format: &str, role: Role, trust: &Trust) -> Result<Self> {
        let (content, mut whole) = verify::signatures(der)?;
        let (Some(signature), true) = (whole.pop(), whole.is_empty()) else {
            return Err(Error::Document { reason: "exactly one signature belongs here".to_owned() });
        };
        let content = content.to_vec();
        let digest = openssl::sha::sha256(&content);
        if signature.binding != binding(format, trust.training, &digest) {
            return Err(Error::Document { reason: "bound to something else".to_owned() });
        }
        if signature.certificate.is_training() != trust.training {
            return Err(Error::TrainingMixed { what: "document and certificate" });
        }
        signature.certificate.require(role)?;
        match verify::path(&signature.certificate, signature.signed_at, trust)? {
            Path::Sound => {}
            Path::OutOfTime => {
                return Err(Error::Document { reason: "certificate not valid at signing".to_owned() });
            }
            Path::Broken(reason) => return Err(Error::Document { reason }),
        }
        Ok(Self { content, signer: signature.certificate, signed_at: signature.signed_at })
    }
}

/// The certificate that came with a detached signature. Whether the signature holds is another question; this one is
/// whether the right one signed.
///
/// # Errors
/// `Document` when there is not exactly one.
pub fn signer_of_detached(der: &[u8]) -> Result<Certificate> {
    use ::cms::cert::CertificateChoices;
    use ::cms::content_info::ContentInfo;
    use ::cms::signed_data::SignedData;
    use ::der::Decode as _;
    let none = || Error::Document { reason: "no single signer".to_owned() };
    let info = ContentInfo::from_der(der).map_err(|_| none())?;
    let data = info.content.decode_as::<SignedData>().map_err(|_| none())?;
    let certificates = data.certificates.ok_or_else(none)?;
    match certificates.0.as_slice() {
        [CertificateChoices::Certificate(one)] => Certificate::from_der(&one.to_der().map_err(|_| none())?),
        _ => Err(none()),
    }
}

/// Signs bytes that travel apart from their signature: DER of a detached CMS SignedData with the system's signing time.
///
/// # Errors
/// `Crypto`.
pub fn sign_detached(content: &[u8], signer: &crate::pki::Identity) -> Result<Vec<u8>> {
    use crate::error::Step as _;
    use openssl::cms::{CMSOptions, CmsContentInfo};
    CmsContentInfo::sign(
        Some(signer.certificate().x509()),
        Some(signer.key()),
        None,
        Some(content),
        CMSOptions::BINARY | CMSOptions::DETACHED,
    )
    .and_then(|signed| signed.to_der())
    .step("sign an extract")
}

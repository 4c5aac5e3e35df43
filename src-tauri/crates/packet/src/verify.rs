//! Belief in an opened part: digests, both signatures, their bindings, certificates, manifest, files.

use crate::archive::{self, Archive, Entry};
use crate::error::{Error, Result, Step};
use crate::header::BINDING_FIELDS;
use crate::manifest::Manifest;
use crate::part::Part;
use crate::pki::{Certificate, Role};
use crate::signed::view::{InfoView, Octets, SignedView};
use crate::signed::*;
use cms::cert::CertificateChoices;
use cms::signed_data::{SignerIdentifier, SignerInfo};
use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{Decode, Encode};
use jiff::Timestamp;
use openssl::hash::MessageDigest;
use openssl::sign::Verifier;
use openssl::stack::Stack;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::X509VerifyParam;
use openssl::x509::{X509StoreContext, X509VerifyResult};
use x509_cert::time::Time;

/// Clocks of one desk may differ by this much between freezing and signing.
const SIGNING_WINDOW_SECONDS: i64 = 24 * 3600;
const X509_V_ERR_CERT_NOT_YET_VALID: i32 = 9;
const X509_V_ERR_CERT_HAS_EXPIRED: i32 = 10;

/// What a verifier believes in.
#[derive(Clone, Debug)]
pub struct Trust {
    /// Self-signed certificates of the authorities.
    pub authorities: Vec<Certificate>,
    /// True only for a training centre: it then refuses real packets, and a real one refuses training.
    pub training: bool,
}

/// A part that passed every check.
#[derive(Debug)]
pub struct VerifiedPart {
    /// The manifest.
    pub manifest: Manifest,
    /// The files, in the manifest's order.
    pub entries: Vec<Entry>,
    /// Certificate of the station that signed.
    pub station: Certificate,
    /// Certificate of the operator who signed.
    pub operator: Certificate,
    /// The station's signing time, UTC. A claim of the station's clock, not a proof.
    pub signed_at: Timestamp,
}

impl VerifiedPart {
    /// Returns the file of this name; `None` when the part has none.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name)
    }
}

struct Sound {
    role: SignerRole,
    binding: String,
    certificate: Certificate,
    signed_at: Timestamp,
}

/// A signature that holds over its attributes, and its attributes over the content; nobody is believed yet.
pub(crate) struct Whole {
    pub binding: String,
    pub certificate: Certificate,
    pub signed_at: Timestamp,
}

impl SignedPart {
    /// Checks everything that can be checked without other records: structure, digests, exactly one signature each
    /// of station and operator bound to this part, certificates at their signing time, roles, training mark,
    /// manifest and every file. Revocation is the caller's, who has the list.
    ///
    /// # Errors
    /// Every verification error of [`Error`].
    pub fn verify(&self, part: Part, trust: &Trust) -> Result<VerifiedPart> {
        let info = read(self.der())?;
        let content = octets(&info)?;
        let digest = openssl::sha::sha256(content);
        let sound = sound(&info, &digest)?;
        let (manifest, entries) = archive::read(content)?;
        let header = manifest.header();
        for signature in &sound {
            same_binding(&header.binding(manifest.part, &digest, signature.role), signature)?;
        }
        if manifest.part != part {
            return Err(Error::WrongPart { expected: part, found: manifest.part });
        }
        if manifest.training != trust.training {
            return Err(Error::TrainingMixed { what: "packet and verifier" });
        }
        let [station, operator] = pair(sound)?;
        for (signature, needed) in [(&station, Role::Station), (&operator, Role::Operator)] {
            let Sound { role, certificate, signed_at, .. } = signature;
            trusted(certificate, *role, *signed_at, trust)?;
            certificate.require(needed)?;
            if certificate.is_training() != manifest.training {
                return Err(Error::TrainingMixed { what: "packet and certificate" });
            }
            if (signed_at.as_second() - manifest.created.as_second()).abs() > SIGNING_WINDOW_SECONDS {
                return Err(Error::SigningTime { role: *role });
            }
        }
        Ok(VerifiedPart {
            manifest,
            entries,
            signed_at: station.signed_at,
            station: station.certificate,
            operator: operator.certificate,
        })
    }
}

/// The station's own check of what is about to be encrypted: content unchanged and both signatures sound over `digest`, the
/// SHA-256 of `archive`. The content is compared byte by byte, so it need not be hashed again.
pub(crate) fn check_before_sealing(der: &[u8], archive: &Archive<'_>, digest: &[u8; 32]) -> Result<()> {
    let info = read(der)?;
    if !archive.is(octets(&info)?) {
        return Err(Error::Tampered { what: "content" });
    }
    pair(sound(&info, digest)?).map(drop)
}

/// The signatures of a part, which name a role each.
fn sound(info: &InfoView<'_>, digest: &[u8; 32]) -> Result<Vec<Sound>> {
    let role = |whole: Whole| {
        let role = match whole.binding.rsplit(' ').next() {
            Some("station") => SignerRole::Station,
            Some("operator") => SignerRole::Operator,
            _ => return Err(Error::NotAPart { reason: "role in the binding".to_owned() }),
        };
        let Whole { binding, certificate, signed_at } = whole;
        Ok(Sound { role, binding, certificate, signed_at })
    };
    whole(info, digest)?.into_iter().map(role).collect()
}

/// Content and every signature of a SignedData; each signature holds.
pub(crate) fn signatures(der: &[u8]) -> Result<(&[u8], Vec<Whole>)> {
    let info = read(der)?;
    let content = octets(&info)?;
    let whole = whole(&info, &openssl::sha::sha256(content))?;
    Ok((content, whole))
}

fn read(der: &[u8]) -> Result<InfoView<'_>> {
    let info = InfoView::from_der(der).map_err(not_a_part)?;
    if info.content_type != ID_SIGNED_DATA {
        return Err(Error::NotAPart { reason: "not SignedData".to_owned() });
    }
    Ok(info)
}

fn octets<'a>(info: &InfoView<'a>) -> Result<&'a [u8]> {
    let encapsulated = &info.content.encap_content_info;
    match encapsulated.econtent.and_then(Octets::whole) {
        Some(content) if encapsulated.econtent_type == ID_DATA => Ok(content),
        _ => Err(Error::NotAPart { reason: "no content".to_owned() }),
    }
}

fn whole(info: &InfoView<'_>, digest: &[u8; 32]) -> Result<Vec<Whole>> {
    let data = &info.content;
    data.signer_infos.0.iter().map(|signer| signature(signer, data, digest)).collect()
}

fn pair(sound: Vec<Sound>) -> Result<[Sound; 2]> {
    for role in [SignerRole::Station, SignerRole::Operator] {
        if !sound.iter().any(|signature| signature.role == role) {
            return Err(Error::SignatureMissing { role });
        }
    }
    let count = sound.len();
    let (station, operator): (Vec<_>, Vec<_>) =
        sound.into_iter().partition(|s| s.role == SignerRole::Station);
    match (<[Sound; 1]>::try_from(station), <[Sound; 1]>::try_from(operator)) {
        (Ok([station]), Ok([operator])) => Ok([station, operator]),
        _ => Err(Error::SignatureCount { count }),
    }
}

fn signature(info: &SignerInfo, data: &SignedView<'_>, digest: &[u8; 32]) -> Result<Whole> {
    let malformed = |reason: &str| Error::NotAPart { reason: reason.to_owned() };
    let certificate = signer_certificate(info, data)?.ok_or(malformed("no certificate for a signature"))?;
    if info.digest_alg.oid != SHA256 || info.signature_algorithm.oid != ECDSA_SHA256 {
        return Err(malformed("algorithm outside the suite"));
    }
    let attributes = info.signed_attrs.as_ref().ok_or(malformed("no signed attributes"))?;
    let message = attributes.to_der().map_err(not_a_part)?;
    let key = certificate.x509().public_key().step("signer key")?;
    let mut verifier = Verifier::new(MessageDigest::sha256(), &key).step("signature")?;
    // A malformed signature is an error of OpenSSL, a wrong one is `false`: both are tampering.
    if !verifier.verify_oneshot(info.signature.as_bytes(), &message).unwrap_or(false) {
        return Err(Error::Tampered { what: "signature" });
    }
    let value = |oid: ObjectIdentifier| {
        let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
        match (found.next(), found.next()) {
            (Some(one), None) if one.values.len() == 1 => one.values.get(0),
            _ => None,
        }
    };
    let octets = |oid| value(oid).and_then(|any| any.decode_as::<OctetStringRef<'_>>().ok());
    if value(CONTENT_TYPE).and_then(|any| any.decode_as::<ObjectIdentifier>().ok()) != Some(ID_DATA) {
        return Err(malformed("content type"));
    }
    if octets(MESSAGE_DIGEST).map(|d| d.as_bytes()) != Some(digest.as_slice()) {
        return Err(Error::Tampered { what: "content digest" });
    }
    let time: Time = value(SIGNING_TIME)
        .and_then(|any| Time::from_der(&any.to_der().ok()?).ok())
        .ok_or(malformed("signing time"))?;
    let signed_at = i64::try_from(time.to_unix_duration().as_secs())
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .ok_or(malformed("signing time"))?;
    let binding = octets(CONTENT_IDENTIFIER)
        .and_then(|octets| String::from_utf8(octets.as_bytes().to_vec()).ok())
        .ok_or(malformed("binding"))?;
    Ok(Whole { binding, certificate, signed_at })
}

fn signer_certificate(info: &SignerInfo, data: &SignedView<'_>) -> Result<Option<Certificate>> {
    let SignerIdentifier::IssuerAndSerialNumber(id) = &info.sid else { return Ok(None) };
    for choice in data.certificates.iter().flat_map(|set| set.0.iter()) {
        if let CertificateChoices::Certificate(certificate) = choice {
            let tbs = &certificate.tbs_certificate;
            if tbs.issuer == id.issuer && tbs.serial_number == id.serial_number {
                return Certificate::from_der(&certificate.to_der().map_err(not_a_part)?).map(Some);
            }
        }
    }
    Ok(None)
}

fn same_binding(expected: &str, signature: &Sound) -> Result<()> {
    if expected == signature.binding {
        return Ok(());
    }
    let differs = expected.split(' ').zip(signature.binding.split(' ')).position(|(a, b)| a != b);
    let field = differs.and_then(|at| BINDING_FIELDS.get(at)).copied().unwrap_or("length");
    Err(Error::WrongBinding { role: signature.role, field })
}

fn trusted(certificate: &Certificate, role: SignerRole, at: Timestamp, trust: &Trust) -> Result<()> {
    match path(certificate, at, trust)? {
        Path::Sound => Ok(()),
        Path::OutOfTime => Err(Error::CertificateExpired { role }),
        Path::Broken(reason) => Err(Error::CertificateUntrusted { role, reason }),
    }
}

/// Whether a certificate leads to a trusted authority at a moment.
pub(crate) enum Path {
    Sound,
    OutOfTime,
    Broken(String),
}

pub(crate) fn path(certificate: &Certificate, at: Timestamp, trust: &Trust) -> Result<Path> {
    let step = "certificate path";
    let mut builder = X509StoreBuilder::new().step(step)?;
    for authority in &trust.authorities {
        if authority.is_training() == trust.training {
            builder.add_cert(authority.x509().clone()).step(step)?;
        }
    }
    let mut parameters = X509VerifyParam::new().step(step)?;
    parameters.set_time(at.as_second());
    builder.set_param(&parameters).step(step)?;
    let store = builder.build();
    let chain = Stack::new().step(step)?;
    let mut context = X509StoreContext::new().step(step)?;
    let (good, reason) = context
        .init(&store, certificate.x509(), &chain, |context| Ok((context.verify_cert()?, context.error())))
        .step(step)?;
    Ok(match (good, reason.as_raw()) {
        (true, _) if reason == X509VerifyResult::OK => Path::Sound,
        (_, X509_V_ERR_CERT_HAS_EXPIRED | X509_V_ERR_CERT_NOT_YET_VALID) => Path::OutOfTime,
        _ => Path::Broken(reason.error_string().to_owned()),
    })
}

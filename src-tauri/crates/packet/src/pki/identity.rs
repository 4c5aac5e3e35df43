use super::certificate::Certificate;
use crate::error::{Error, Result, Step};
use crate::signed::Signer;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private, Public};
use openssl::x509::{X509NameBuilder, X509Req, X509ReqBuilder};
use zeroize::Zeroizing;

/// A P-256 key in memory; OpenSSL wipes it when dropped.
#[derive(Clone)]
pub struct KeyPair {
    key: PKey<Private>,
}

impl KeyPair {
    /// Makes a new key from the system's randomness.
    ///
    /// # Errors
    /// `Crypto`.
    pub fn generate() -> Result<Self> {
        let make =
            || PKey::from_ec_key(EcKey::generate(EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?.as_ref())?);
        make().map(|key| Self { key }).step("make key")
    }

    /// Reads PKCS#8 or SEC 1 PEM without password.
    ///
    /// # Errors
    /// `Crypto` when it is no private key, `Request` when it is not P-256.
    pub fn from_pem(pem: &[u8]) -> Result<Self> {
        let key = PKey::private_key_from_pem(pem).step("read key")?;
        let curve = key.ec_key().ok().and_then(|key| key.group().curve_name());
        if curve != Some(Nid::X9_62_PRIME256V1) {
            return Err(Error::Request { reason: "key is not P-256" });
        }
        Ok(Self { key })
    }

    /// PKCS#8 PEM, wiped when dropped.
    ///
    /// # Errors
    /// `Crypto`.
    pub fn to_pem(&self) -> Result<Zeroizing<Vec<u8>>> {
        self.key.private_key_to_pem_pkcs8().map(Zeroizing::new).step("write key")
    }

    /// A certificate request under a common name, signed with this key; the authority decides the rest.
    ///
    /// # Errors
    /// `Crypto`.
    pub fn request(&self, common_name: &str) -> Result<CertificateRequest> {
        let build = || {
            let mut name = X509NameBuilder::new()?;
            name.append_entry_by_nid(Nid::COMMONNAME, common_name)?;
            let mut request = X509ReqBuilder::new()?;
            request.set_version(0)?;
            request.set_subject_name(&name.build())?;
            request.set_pubkey(&self.key)?;
            request.sign(&self.key, MessageDigest::sha256())?;
            Ok(request.build())
        };
        build().map(|request| CertificateRequest { request }).step("make request")
    }

    pub(super) fn key(&self) -> &PKey<Private> {
        &self.key
    }

    pub(super) fn public(&self) -> Result<PKey<Public>> {
        self.key.public_key_to_der().and_then(|der| PKey::public_key_from_der(&der)).step("public key")
    }
}

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyPair(…)")
    }
}

/// A certificate request (PKCS#10).
pub struct CertificateRequest {
    request: X509Req,
}

impl CertificateRequest {
    /// Reads PEM; proof of possession is checked when a certificate is issued.
    ///
    /// # Errors
    /// `Crypto`.
    pub fn from_pem(pem: &[u8]) -> Result<Self> {
        X509Req::from_pem(pem).map(|request| Self { request }).step("read request")
    }

    /// SHA-256 of the requested public key (SubjectPublicKeyInfo, DER), lower-case hexadecimal: tells whether two
    /// requests are for one key.
    ///
    /// # Errors
    /// `Request` when the request is not signed with its own P-256 key.
    pub fn key_fingerprint(&self) -> Result<String> {
        Ok(crate::file::digest_hex(&self.proven_key()?.public_key_to_der().step("request key")?))
    }

    /// PEM text.
    ///
    /// # Errors
    /// `Crypto`.
    pub fn to_pem(&self) -> Result<Vec<u8>> {
        self.request.to_pem().step("write request")
    }

    pub(super) fn proven_key(&self) -> Result<PKey<Public>> {
        let key = self.request.public_key().step("request key")?;
        let curve = key.ec_key().ok().and_then(|key| key.group().curve_name());
        if curve != Some(Nid::X9_62_PRIME256V1) {
            return Err(Error::Request { reason: "key is not P-256" });
        }
        match self.request.verify(&key) {
            Ok(true) => Ok(key),
            _ => Err(Error::Request { reason: "not signed with its own key" }),
        }
    }
}

impl std::fmt::Debug for CertificateRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CertificateRequest")
    }
}

/// A key in memory with its certificate (`assurance=soft`).
#[derive(Clone, Debug)]
pub struct Identity {
    pair: KeyPair,
    certificate: Certificate,
}

impl Identity {
    /// Joins a key and its certificate.
    ///
    /// # Errors
    /// `Request` when the certificate belongs to another key.
    pub fn new(pair: KeyPair, certificate: Certificate) -> Result<Self> {
        let theirs = certificate.x509().public_key().step("certificate key")?;
        if !theirs.public_eq(pair.key()) {
            return Err(Error::Request { reason: "certificate belongs to another key" });
        }
        Ok(Self { pair, certificate })
    }

    /// Reads key and certificate from PEM.
    ///
    /// # Errors
    /// As [`KeyPair::from_pem`], [`Certificate::from_pem`] and [`Self::new`].
    pub fn from_pem(key: &[u8], certificate: &[u8]) -> Result<Self> {
        Self::new(KeyPair::from_pem(key)?, Certificate::from_pem(certificate)?)
    }

    /// The key as PKCS#8 PEM, wiped when dropped.
    ///
    /// # Errors
    /// `Crypto`.
    pub fn key_pem(&self) -> Result<Zeroizing<Vec<u8>>> {
        self.pair.to_pem()
    }

    /// Returns the certificate whose public key belongs to the private one; what its role allows is not judged here.
    pub fn certificate_ref(&self) -> &Certificate {
        &self.certificate
    }

    pub(crate) fn key(&self) -> &PKey<Private> {
        self.pair.key()
    }
}

impl Signer for Identity {
    fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    fn sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, String> {
        openssl::sign::Signer::new(MessageDigest::sha256(), self.key())
            .and_then(|mut signer| signer.sign_oneshot_to_vec(message))
            .map_err(|e| e.to_string())
    }
}

use crate::error::{Error, Result, Step};
use openssl::nid::Nid;
use openssl::x509::{X509, X509VerifyResult};

pub(super) const TRAINING_UNIT: &str = "LATIHAN";

/// What a certificate is issued for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Issues the others.
    Authority,
    /// The centre: packets are sealed to it.
    Centre,
    /// The escrow: packets are sealed to it as well.
    Escrow,
    /// The centre's signing key: receipts, extracts, settings and revocation notices.
    CentreSigner,
    /// The centre's TLS server.
    Server,
    /// A recording station: signs packets and opens TLS connections.
    Station,
    /// An operator: signs packets.
    Operator,
}

impl Role {
    /// Organisational unit in the subject.
    pub const fn unit(self) -> &'static str {
        match self {
            Role::Authority => "OTORITAS",
            Role::Centre => "PUSAT",
            Role::Escrow => "ESKRO",
            Role::CentreSigner => "PUSAT-TTD",
            Role::Server => "LAYANAN",
            Role::Station => "STASIUN",
            Role::Operator => "PETUGAS",
        }
    }
}

/// A certificate (X.509 v3).
#[derive(Clone)]
pub struct Certificate {
    x509: X509,
}

impl Certificate {
    pub(super) fn from_x509(x509: X509) -> Self {
        Self { x509 }
    }

    pub(crate) fn x509(&self) -> &X509 {
        &self.x509
    }

    /// Reads a certificate from DER; whether it is valid or trusted is not looked at.
    ///
    /// # Errors
    /// `Crypto` when it is no certificate.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        X509::from_der(der).map(Self::from_x509).step("read certificate")
    }

    /// Reads the first certificate of a PEM text.
    ///
    /// # Errors
    /// `Crypto` when there is none.
    pub fn from_pem(pem: &[u8]) -> Result<Self> {
        X509::from_pem(pem).map(Self::from_x509).step("read certificate")
    }

    /// Returns the DER, byte for byte as it was signed.
    ///
    /// # Errors
    /// `Crypto` when OpenSSL is out of memory.
    pub fn to_der(&self) -> Result<Vec<u8>> {
        self.x509.to_der().step("write certificate")
    }

    /// Returns the PEM text with its line feeds.
    ///
    /// # Errors
    /// `Crypto` when OpenSSL is out of memory.
    pub fn to_pem(&self) -> Result<Vec<u8>> {
        self.x509.to_pem().step("write certificate")
    }

    /// Common name of the subject: station code, operator id or the name of a service.
    pub fn common_name(&self) -> String {
        self.names(Nid::COMMONNAME).next().unwrap_or_default()
    }

    /// True when the subject carries `OU=LATIHAN`.
    pub fn is_training(&self) -> bool {
        self.names(Nid::ORGANIZATIONALUNITNAME).any(|unit| unit == TRAINING_UNIT)
    }

    /// Returns the last second in which it is valid, UTC.
    ///
    /// # Errors
    /// `Crypto` when OpenSSL cannot tell it.
    pub fn valid_until(&self) -> Result<jiff::Timestamp> {
        let epoch = openssl::asn1::Asn1Time::from_unix(0).step("read certificate")?;
        let since = epoch.diff(self.x509.not_after()).step("read certificate")?;
        let seconds = i64::from(since.days) * 86_400 + i64::from(since.secs);
        Ok(jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::MAX))
    }

    /// Serial number, lower-case hexadecimal without leading zeros: what a revocation list names.
    ///
    /// # Errors
    /// `Crypto` when OpenSSL is out of memory.
    pub fn serial(&self) -> Result<String> {
        let number = self.x509.serial_number().to_bn().step("read certificate")?;
        Ok(number.to_hex_str().step("read certificate")?.trim_start_matches('0').to_ascii_lowercase())
    }

    /// Subject key identifier; empty when the certificate has none.
    pub(super) fn key_identifier(&self) -> Vec<u8> {
        self.x509.subject_key_id().map(|id| id.as_slice().to_vec()).unwrap_or_default()
    }

    /// Returns the first second in which it is valid, UTC.
    ///
    /// # Errors
    /// `Crypto` when OpenSSL cannot tell it.
    pub fn valid_from(&self) -> Result<jiff::Timestamp> {
        let epoch = openssl::asn1::Asn1Time::from_unix(0).step("read certificate")?;
        let since = epoch.diff(self.x509.not_before()).step("read certificate")?;
        let seconds = i64::from(since.days) * 86_400 + i64::from(since.secs);
        Ok(jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::MIN))
    }

    /// SHA-256 of the DER, lower-case hexadecimal.
    ///
    /// # Errors
    /// As [`Self::to_der`].
    pub fn fingerprint(&self) -> Result<String> {
        Ok(crate::file::digest_hex(&self.to_der()?))
    }

    /// Whether this authority signed it, at whatever time.
    ///
    /// # Errors
    /// `Crypto` when the authority's key cannot be read.
    pub fn is_issued_by(&self, authority: &Certificate) -> Result<bool> {
        let key = authority.x509.public_key().step("certificate key")?;
        let names = authority.x509.issued(&self.x509) == X509VerifyResult::OK;
        // What is no signature at all is nobody's.
        Ok(names && self.x509.verify(&key).unwrap_or(false))
    }

    /// Refuses a certificate that was not issued for this role.
    ///
    /// # Errors
    /// `CertificateRole`.
    pub fn require(&self, role: Role) -> Result<()> {
        if self.names(Nid::ORGANIZATIONALUNITNAME).any(|unit| unit == role.unit()) {
            return Ok(());
        }
        Err(Error::CertificateRole { name: self.common_name(), needed: role.unit() })
    }

    fn names(&self, nid: Nid) -> impl Iterator<Item = String> {
        self.x509.subject_name().entries_by_nid(nid).filter_map(|entry| entry.data().to_string().ok())
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        matches!((self.to_der(), other.to_der()), (Ok(a), Ok(b)) if a == b)
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({})", self.common_name())
    }
}

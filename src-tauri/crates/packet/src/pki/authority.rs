use super::certificate::{Certificate, Role, TRAINING_UNIT};
use super::identity::{CertificateRequest, Identity, KeyPair};
use crate::error::{Error, Result, Step};
use jiff::Timestamp;
use openssl::asn1::Asn1Time;
use openssl::bn::{BigNum, MsbOption};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Public};
use openssl::x509::extension::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName,
    SubjectKeyIdentifier,
};
use openssl::x509::{X509, X509Builder, X509NameBuilder};
use zeroize::Zeroizing;

/// From when until when a certificate is valid, both ends included, whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// First moment.
    pub from: Timestamp,
    /// Last moment.
    pub until: Timestamp,
}

impl Validity {
    /// So many days from a moment.
    pub fn days(from: Timestamp, days: u32) -> Self {
        let until = from.as_second() + i64::from(days) * 86_400;
        Self { from, until: Timestamp::from_second(until).unwrap_or(Timestamp::MAX) }
    }
}

/// An authority that issues certificates: for training and tests, and for a district's own pilot.
#[derive(Clone, Debug)]
pub struct Authority {
    identity: Identity,
}

struct Subject<'a> {
    role: Role,
    name: &'a str,
    training: bool,
    /// DNS names and IP addresses; only a server has them.
    hosts: &'a [String],
}

impl Authority {
    /// Makes a new authority. A training one issues only training certificates.
    ///
    /// # Errors
    /// `Crypto`.
    pub fn new(name: &str, training: bool, validity: Validity) -> Result<Self> {
        let pair = KeyPair::generate()?;
        let subject = Subject { role: Role::Authority, name, training, hosts: &[] };
        let certificate = build(&subject, &pair.public()?, None, &pair, validity).step("make authority")?;
        Ok(Self { identity: Identity::new(pair, Certificate::from_x509(certificate))? })
    }

    /// Reads an authority back from PEM.
    ///
    /// # Errors
    /// As [`Identity::from_pem`]; `CertificateRole` when the certificate is no authority's.
    pub fn from_pem(key: &[u8], certificate: &[u8]) -> Result<Self> {
        let identity = Identity::from_pem(key, certificate)?;
        identity.certificate_ref().require(Role::Authority)?;
        Ok(Self { identity })
    }

    /// The self-signed certificate that others trust.
    pub fn certificate(&self) -> &Certificate {
        self.identity.certificate_ref()
    }

    pub(super) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The key as PKCS#8 PEM, wiped when dropped.
    ///
    /// # Errors
    /// `Crypto`.
    pub fn key_pem(&self) -> Result<Zeroizing<Vec<u8>>> {
        self.identity.key_pem()
    }

    /// Makes a key and its certificate.
    ///
    /// # Errors
    /// `Crypto`; `Request` for [`Role::Authority`], which is never issued below another.
    pub fn issue_identity(&self, role: Role, name: &str, validity: Validity) -> Result<Identity> {
        let pair = KeyPair::generate()?;
        let certificate = self.issue(role, name, &pair.public()?, validity, &[])?;
        Identity::new(pair, certificate)
    }

    /// Makes the key and certificate of the centre's TLS server for DNS names and IP addresses.
    ///
    /// # Errors
    /// `Crypto`; `Request` without a host.
    pub fn issue_server(&self, name: &str, hosts: &[String], validity: Validity) -> Result<Identity> {
        if hosts.is_empty() {
            return Err(Error::Request { reason: "a server needs a host name or address" });
        }
        let pair = KeyPair::generate()?;
        let certificate = self.issue(Role::Server, name, &pair.public()?, validity, hosts)?;
        Identity::new(pair, certificate)
    }

    /// Issues a certificate on a request; role and name come from the authority's own records, not from the request.
    ///
    /// # Errors
    /// `Request` when the request is not signed with its own P-256 key.
    pub fn issue_for_request(
        &self,
        request: &CertificateRequest,
        role: Role,
        name: &str,
        validity: Validity,
    ) -> Result<Certificate> {
        self.issue(role, name, &request.proven_key()?, validity, &[])
    }

    fn issue(
        &self,
        role: Role,
        name: &str,
        key: &PKey<Public>,
        validity: Validity,
        hosts: &[String],
    ) -> Result<Certificate> {
        if role == Role::Authority {
            return Err(Error::Request { reason: "an authority is not issued below another" });
        }
        let own = self.certificate();
        let subject = Subject { role, name, training: own.is_training(), hosts };
        let pair = KeyPair::from_pem(&self.key_pem()?)?;
        build(&subject, key, Some(own.x509()), &pair, validity)
            .map(Certificate::from_x509)
            .step("issue certificate")
    }
}

fn build(
    subject: &Subject<'_>,
    key: &PKey<Public>,
    issuer: Option<&X509>,
    issuer_key: &KeyPair,
    validity: Validity,
) -> std::result::Result<X509, ErrorStack> {
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_nid(Nid::COUNTRYNAME, "ID")?;
    name.append_entry_by_nid(Nid::ORGANIZATIONNAME, "Rekam")?;
    name.append_entry_by_nid(Nid::ORGANIZATIONALUNITNAME, subject.role.unit())?;
    if subject.training {
        name.append_entry_by_nid(Nid::ORGANIZATIONALUNITNAME, TRAINING_UNIT)?;
    }
    name.append_entry_by_nid(Nid::COMMONNAME, subject.name)?;
    let name = name.build();

    let mut builder = X509::builder()?;
    builder.set_version(2)?;
    let mut serial = BigNum::new()?;
    serial.rand(127, MsbOption::ONE, false)?;
    let serial = serial.to_asn1_integer()?;
    builder.set_serial_number(&serial)?;
    builder.set_subject_name(&name)?;
    builder.set_issuer_name(issuer.map_or(&*name, |issuer| issuer.subject_name()))?;
    builder.set_pubkey(key)?;
    let from = Asn1Time::from_unix(validity.from.as_second())?;
    let until = Asn1Time::from_unix(validity.until.as_second())?;
    builder.set_not_before(&from)?;
    builder.set_not_after(&until)?;
    extend(&mut builder, subject, issuer)?;
    builder.sign(issuer_key.key(), MessageDigest::sha256())?;
    Ok(builder.build())
}

fn extend(
    builder: &mut X509Builder,
    subject: &Subject<'_>,
    issuer: Option<&X509>,
) -> std::result::Result<(), ErrorStack> {
    let role = subject.role;
    let mut basic = BasicConstraints::new();
    basic.critical();
    let mut usage = KeyUsage::new();
    usage.critical();
    match role {
        Role::Authority => {
            basic.ca().pathlen(0);
            usage.key_cert_sign().crl_sign();
        }
        Role::Centre | Role::Escrow => {
            usage.key_agreement();
        }
        Role::Station | Role::Operator | Role::CentreSigner | Role::Server => {
            usage.digital_signature();
        }
    }
    builder.append_extension(basic.build()?)?;
    builder.append_extension(usage.build()?)?;
    match role {
        Role::Station => {
            builder.append_extension(ExtendedKeyUsage::new().email_protection().client_auth().build()?)?
        }
        Role::Server => {
            builder.append_extension(ExtendedKeyUsage::new().server_auth().build()?)?;
            let mut names = SubjectAlternativeName::new();
            for host in subject.hosts {
                match host.parse::<std::net::IpAddr>() {
                    Ok(_) => names.ip(host),
                    Err(_) => names.dns(host),
                };
            }
            let names = names.build(&builder.x509v3_context(issuer.map(|i| &**i), None))?;
            builder.append_extension(names)?;
        }
        Role::Operator | Role::Centre | Role::Escrow | Role::CentreSigner => {
            builder.append_extension(ExtendedKeyUsage::new().email_protection().build()?)?;
        }
        Role::Authority => {}
    }
    let identifier =
        SubjectKeyIdentifier::new().build(&builder.x509v3_context(issuer.map(|i| &**i), None))?;
    builder.append_extension(identifier)?;
    if let Some(issuer) = issuer {
        let context = builder.x509v3_context(Some(issuer), None);
        let identifier = AuthorityKeyIdentifier::new().keyid(true).build(&context)?;
        builder.append_extension(identifier)?;
    }
    Ok(())
}

//! Revocation list: X.509 CRL version 2 (RFC 5280 §5), ECDSA P-256 with SHA-256.

use super::authority::Authority;
use crate::error::Result;
use crate::signed::{ECDSA_SHA256, Signer as _, not_a_part};
use der::asn1::{BitString, ObjectIdentifier, UintRef};
use der::{Decode, Encode};
use jiff::Timestamp;
use x509_cert::crl::{CertificateList, RevokedCert, TbsCertList};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

impl Authority {
    /// Signs the list of revoked serial numbers (hexadecimal, as [`super::Certificate::serial`]) with their times; DER.
    ///
    /// # Errors
    /// `NotAPart` for a malformed number or a time before 1970; `Document` when the key cannot sign.
    pub fn revocation_list(
        &self,
        revoked: &[(String, Timestamp)],
        at: Timestamp,
        next: Timestamp,
    ) -> Result<Vec<u8>> {
        let own = x509_cert::Certificate::from_der(&self.certificate().to_der()?).map_err(not_a_part)?;
        let algorithm = AlgorithmIdentifierOwned { oid: ECDSA_SHA256, parameters: None };
        let mut rows = Vec::with_capacity(revoked.len());
        for (serial, since) in revoked {
            rows.push(RevokedCert {
                serial_number: number(serial).map_err(not_a_part)?,
                revocation_date: time(*since).map_err(not_a_part)?,
                crl_entry_extensions: None,
            });
        }
        let tbs = TbsCertList {
            version: x509_cert::Version::V2,
            signature: algorithm.clone(),
            issuer: own.tbs_certificate.subject,
            this_update: time(at).map_err(not_a_part)?,
            next_update: Some(time(next).map_err(not_a_part)?),
            // RFC 5280: an empty list is absent, not empty.
            revoked_certificates: (!rows.is_empty()).then_some(rows),
            crl_extensions: Some(extensions(at, &self.certificate().key_identifier()).map_err(not_a_part)?),
        };
        let message = tbs.to_der().map_err(not_a_part)?;
        let signature = self.identity().sign(&message).map_err(|reason| crate::Error::Document { reason })?;
        let list = CertificateList {
            tbs_cert_list: tbs,
            signature_algorithm: algorithm,
            signature: BitString::from_bytes(&signature).map_err(not_a_part)?,
        };
        list.to_der().map_err(not_a_part)
    }
}

/// The two extensions that RFC 5280 §5.2 requires: the authority's key identifier, and a number that only grows (the
/// time in milliseconds).
fn extensions(at: Timestamp, key: &[u8]) -> der::Result<x509_cert::ext::Extensions> {
    use der::asn1::OctetString;
    use x509_cert::ext::Extension;
    let count = u64::try_from(at.as_millisecond()).map_err(|_| der::ErrorKind::DateTime)?;
    let identifier = x509_cert::ext::pkix::AuthorityKeyIdentifier {
        key_identifier: Some(OctetString::new(key)?),
        ..Default::default()
    };
    let extension = |oid: &str, value: Vec<u8>| -> der::Result<Extension> {
        Ok(Extension {
            extn_id: ObjectIdentifier::new(oid).map_err(|_| der::ErrorKind::Failed)?,
            critical: false,
            extn_value: OctetString::new(value)?,
        })
    };
    let count = count.to_be_bytes();
    Ok(vec![
        extension("2.5.29.35", identifier.to_der()?)?,
        extension("2.5.29.20", UintRef::new(&count)?.to_der()?)?,
    ])
}

fn number(hexadecimal: &str) -> der::Result<SerialNumber> {
    let even = if hexadecimal.len() % 2 == 1 { format!("0{hexadecimal}") } else { hexadecimal.to_owned() };
    let bytes = hex::decode(even).map_err(|_| der::ErrorKind::Failed)?;
    SerialNumber::new(&bytes)
}

fn time(at: Timestamp) -> der::Result<Time> {
    let seconds = u64::try_from(at.as_second()).map_err(|_| der::ErrorKind::DateTime)?;
    Time::try_from(std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds))
}

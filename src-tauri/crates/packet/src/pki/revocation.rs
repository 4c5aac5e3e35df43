//! Revocation list: X.509 CRL version 2 (RFC 5280 §5), ECDSA P-256 with SHA-256.

use super::authority::Authority;
use super::certificate::Certificate;
use crate::error::{Error, Result, Step as _};
use crate::signed::{ECDSA_SHA256, Signer as _, not_a_part};
use der::asn1::{BitString, ObjectIdentifier, UintRef};
use der::{Decode, Encode};
use jiff::Timestamp;
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::x509::X509Crl;
use std::collections::BTreeMap;
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
        let signature = self.identity().sign(&message).map_err(|reason| Error::Document { reason })?;
        let list = CertificateList {
            tbs_cert_list: tbs,
            signature_algorithm: algorithm,
            signature: BitString::from_bytes(&signature).map_err(not_a_part)?,
        };
        list.to_der().map_err(not_a_part)
    }
}

/// What an authority revoked, by its own word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationList {
    /// When it was made, UTC.
    pub issued_at: Timestamp,
    /// Serial numbers as [`Certificate::serial`], each with the moment since which it is revoked.
    pub revoked: BTreeMap<String, Timestamp>,
}

impl RevocationList {
    /// Believes a list (DER) that one of these authorities signed. A list past its time is believed still: what was revoked
    /// stays so.
    ///
    /// # Errors
    /// `NotAPart` for what is no list; `Document` when none of them signed it.
    pub fn verify(der: &[u8], authorities: &[Certificate]) -> Result<Self> {
        let list = X509Crl::from_der(der)
            .map_err(|_| Error::NotAPart { reason: "no revocation list".to_owned() })?;
        let signed = |authority: &Certificate| {
            let same = list.issuer_name().try_cmp(authority.x509().subject_name());
            let key = authority.x509().public_key();
            same.is_ok_and(|order| order.is_eq()) && key.is_ok_and(|key| list.verify(&key).unwrap_or(false))
        };
        if !authorities.iter().any(signed) {
            return Err(Error::Document { reason: "no authority of ours signed this list".to_owned() });
        }
        let mut revoked = BTreeMap::new();
        for row in list.get_revoked().into_iter().flatten() {
            let number =
                row.serial_number().to_bn().and_then(|number| number.to_hex_str().map(|hex| hex.to_string()));
            let number = number.step("read revocation list")?;
            revoked
                .insert(number.trim_start_matches('0').to_ascii_lowercase(), moment(row.revocation_date())?);
        }
        Ok(Self { issued_at: moment(list.last_update())?, revoked })
    }
}

fn moment(time: &Asn1TimeRef) -> Result<Timestamp> {
    let epoch = Asn1Time::from_unix(0).step("read revocation list")?;
    let since = epoch.diff(time).step("read revocation list")?;
    let seconds = i64::from(since.days) * 86_400 + i64::from(since.secs);
    Ok(Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX))
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

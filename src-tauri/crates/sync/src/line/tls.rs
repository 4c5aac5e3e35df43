//! The TLS side of the line: whom we trust, who we are, at what time.

use std::sync::Arc;

use jiff::Timestamp;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::{ClientConfig, RootCertStore};

use crate::{Clock, Error, Result};

/// The clock that certificates are judged by.
pub(super) struct Judge(pub Clock);

impl std::fmt::Debug for Judge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Judge")
    }
}

impl rustls::time_provider::TimeProvider for Judge {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from((self.0)().as_second()).ok()?;
        Some(UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds)))
    }
}

/// Key and certificate of the station, PEM.
#[derive(Clone)]
pub struct ClientIdentity {
    /// Certificate, PEM.
    pub certificate: Vec<u8>,
    /// PKCS#8 key, PEM.
    pub key: packet::pki::KeyPair,
}

impl std::fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientIdentity(…)")
    }
}

/// Trusts exactly one authority; shows the station's certificate when it has one.
pub(super) fn config(
    authority_pem: &[u8],
    own: Option<&ClientIdentity>,
    clock: Clock,
) -> Result<ClientConfig> {
    let bad = |what| Error::Setting { what };
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from_pem_slice(authority_pem).map_err(|_| bad("authority"))?;
    roots.add(authority).map_err(|_| bad("authority"))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_details(provider, Arc::new(Judge(clock)))
        .with_safe_default_protocol_versions()
        .map_err(|_| bad("tls"))?
        .with_root_certificates(roots);
    match own {
        None => Ok(builder.with_no_client_auth()),
        Some(own) => {
            let certificate =
                CertificateDer::from_pem_slice(&own.certificate).map_err(|_| bad("certificate"))?;
            let key = PrivateKeyDer::from_pem_slice(&own.key.to_pem()?).map_err(|_| bad("key"))?;
            builder.with_client_auth_cert(vec![certificate], key).map_err(|_| bad("key"))
        }
    }
}

/// A time at which the certificate that was refused for its time would hold.
pub(super) fn time_of_validity(error: &rustls::CertificateError) -> Option<Timestamp> {
    let at = |time: &UnixTime, by: i64| {
        let seconds = i64::try_from(time.as_secs()).ok()?.checked_add(by)?;
        Timestamp::from_second(seconds).ok()
    };
    match error {
        rustls::CertificateError::ExpiredContext { not_after, .. } => at(not_after, -1),
        rustls::CertificateError::NotValidYetContext { not_before, .. } => at(not_before, 1),
        _ => None,
    }
}

/// Believes any certificate. For one call: the authority's certificate, which is proven by the pin of the activation code.
pub(super) fn blind() -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Arc::new(Blind(Arc::clone(&provider)));
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| Error::Setting { what: "tls" })?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth())
}

#[derive(Debug)]
struct Blind(Arc<rustls::crypto::CryptoProvider>);

impl rustls::client::danger::ServerCertVerifier for Blind {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &rustls::pki_types::ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> std::result::Result<rustls::client::danger::ServerCertVerified, rustls::Error> {
        Ok(rustls::client::danger::ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &rustls::DigitallySignedStruct,
    ) -> std::result::Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &rustls::DigitallySignedStruct,
    ) -> std::result::Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

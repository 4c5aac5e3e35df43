//! The keys and certificates of this station, kept inside the encrypted database (`assurance=soft`, no TPM yet).

use std::collections::BTreeMap;

use packet::Recipients;
use packet::pki::{Certificate, Identity};
use packet::seal::SealKey;
use serde::{Deserialize, Serialize};
use zeroize::Zeroize as _;

use crate::{Error, Result};

/// Name of the setting that holds them.
pub(crate) const SETTING: &str = "credentials";

/// One key with its certificate, PEM.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct KeyAndCertificate {
    pub key: String,
    pub certificate: String,
}

impl Drop for KeyAndCertificate {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl KeyAndCertificate {
    pub(crate) fn of(identity: &Identity) -> Result<Self> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(Self {
            key: text(identity.key_pem()?.as_slice()),
            certificate: text(&packet::Signer::certificate(identity).to_pem()?),
        })
    }

    pub(crate) fn identity(&self) -> Result<Identity> {
        Ok(Identity::from_pem(self.key.as_bytes(), self.certificate.as_bytes())?)
    }
}

/// Everything that sealing needs.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Credentials {
    /// Certificate of the authority.
    pub authority: String,
    /// Encryption certificate of the centre.
    pub centre: String,
    /// Encryption certificate of the escrow.
    pub escrow: String,
    /// The station's own.
    pub station: KeyAndCertificate,
    /// Each operator's, by id.
    pub operators: BTreeMap<String, KeyAndCertificate>,
    /// The station's certificates before this one that this computer had, PEM, newest first: papers that were sealed under them
    /// are still in people's hands, and whoever checks their codes needs them. They hold nothing secret.
    #[serde(default)]
    pub earlier: Vec<String>,
    /// Those of computers in whose place this one came, as the centre tells them. What was sealed under them is genuine, and none of
    /// it is in this computer: its numbers may be another visit's here.
    #[serde(default)]
    pub replaced: Vec<String>,
}

impl Credentials {
    pub(crate) fn read(view: &store::View<'_>) -> store::Result<Option<String>> {
        view.setting(SETTING)
    }

    pub(crate) fn parse(json: &str) -> Result<Self> {
        serde_json::from_str(json).map_err(|source| Error::Stored { what: "credentials", source })
    }

    /// The station's certificate becomes one of the earlier ones.
    pub(crate) fn succeed(&mut self, station: KeyAndCertificate) {
        let before = std::mem::replace(&mut self.station, station);
        self.earlier.insert(0, before.certificate.clone());
    }

    /// Takes over what this computer had under its credentials of before.
    pub(crate) fn had_before(&mut self, old: &Self) {
        let own = std::iter::once(&old.station.certificate).chain(&old.earlier);
        self.earlier = own.filter(|pem| **pem != self.station.certificate).cloned().collect();
        self.replaced = old.replaced.clone();
    }

    /// Takes over what the centre tells of this station's certificates: those that this computer never had are of others.
    pub(crate) fn centre_knows(&mut self, earlier: impl IntoIterator<Item = String>) {
        for certificate in earlier {
            if !self.certificates().contains(&certificate) {
                self.replaced.push(certificate);
            }
        }
    }

    /// The keys under which a code of this station's papers may be sealed.
    pub(crate) fn seal_keys(&self) -> Result<Vec<SealKey>> {
        keys(self.certificates().iter())
    }

    /// Those of them that this computer itself had.
    pub(crate) fn own_seal_keys(&self) -> Result<Vec<SealKey>> {
        keys(std::iter::once(&self.station.certificate).chain(&self.earlier))
    }

    /// Every certificate under which a paper of this station may be sealed, PEM, the present one first.
    pub(crate) fn certificates(&self) -> Vec<String> {
        let own = std::iter::once(&self.station.certificate).chain(&self.earlier);
        own.chain(&self.replaced).cloned().collect()
    }

    pub(crate) fn recipients(&self) -> Result<Recipients> {
        Ok(Recipients {
            centre: Certificate::from_pem(self.centre.as_bytes())?,
            escrow: Certificate::from_pem(self.escrow.as_bytes())?,
        })
    }
}

fn keys<'a>(certificates: impl Iterator<Item = &'a String>) -> Result<Vec<SealKey>> {
    certificates.map(|pem| Ok(SealKey::from_pem(pem.as_bytes())?)).collect()
}

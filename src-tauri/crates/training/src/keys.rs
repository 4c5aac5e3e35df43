//! The training authority and what it issues.

use std::path::Path;

use jiff::Timestamp;
use packet::pki::{Authority, Identity, Role, Validity};

use crate::{TrainingError, file};

/// Ten years: a training folder outlives a course.
const DAYS: u32 = 3650;

/// Everything with a key, before it is handed out.
pub(crate) struct Keys {
    pub authority: Authority,
    pub centre: Identity,
    pub escrow: Identity,
    pub station: Identity,
    /// Signs the extract of residents.
    pub register: Identity,
    validity: Validity,
}

pub(crate) fn make(now: Timestamp, station: &str) -> Result<Keys, TrainingError> {
    // A clock that is set back a little must not make the certificates invalid.
    let from = now.checked_sub(jiff::SignedDuration::from_hours(24)).unwrap_or(now);
    let validity = Validity::days(from, DAYS);
    let authority = Authority::new("Otoritas Latihan Rekam", true, validity)?;
    Ok(Keys {
        centre: authority.issue_identity(Role::Centre, "Pusat Latihan", validity)?,
        escrow: authority.issue_identity(Role::Escrow, "Eskro Latihan", validity)?,
        station: authority.issue_identity(Role::Station, station, validity)?,
        register: authority.issue_identity(Role::Operator, "data.penduduk", validity)?,
        authority,
        validity,
    })
}

impl Keys {
    /// A signing key for one account.
    pub(crate) fn operator(&self, account: &str) -> Result<Identity, TrainingError> {
        Ok(self.authority.issue_identity(Role::Operator, account, self.validity)?)
    }

    /// Writes what a course needs to open a packet: the authority and the recipients with their keys.
    pub(crate) fn write(&self, dir: &Path) -> Result<(), TrainingError> {
        std::fs::create_dir_all(dir).map_err(file(dir))?;
        let put = |name: &str, bytes: &[u8]| {
            let path = dir.join(name);
            std::fs::write(&path, bytes).map_err(file(&path))
        };
        put("ca.pem", &self.authority.certificate().to_pem()?)?;
        for (name, identity) in [("centre", &self.centre), ("escrow", &self.escrow)] {
            put(&format!("{name}.key.pem"), &identity.key_pem()?)?;
            put(&format!("{name}.crt.pem"), &identity.certificate_ref().to_pem()?)?;
        }
        Ok(())
    }
}

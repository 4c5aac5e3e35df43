//! What a centre gave a station that is still being set up.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ::sync::Clock;
use ::sync::activation::{self, Ask};
use packet::pki::{Certificate, Identity, KeyPair};
use packet::wire::{ActivationCode, Certificates, RegisterClaim};
use serde::{Deserialize, Serialize};
use zeroize::Zeroize as _;

use crate::provision::Issued;
use crate::sync::{runtime, told};
use crate::{Error, Result};

/// Silence longer than this is a time-out; a person waits before the screen.
const PATIENCE: Duration = Duration::from_secs(20);

/// Station code, and the centre's certificates unless that is left for later.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Joined {
    pub station: String,
    centre: String,
    key: String,
    certificates: Option<Certificates>,
}

impl Drop for Joined {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

fn path(dir: &Path) -> PathBuf {
    dir.join("aktivasi.json")
}

impl Joined {
    /// Recording without a centre, until a code comes.
    pub(super) fn later(station: &str) -> Self {
        let nothing = String::new();
        Self { station: station.to_owned(), centre: nothing.clone(), key: nothing, certificates: None }
    }

    /// Activates; the key is on the disk before anybody hears of it.
    pub(super) fn join(
        dir: &Path,
        centre: &str,
        station: &str,
        code: &ActivationCode,
        proxy: &str,
        clock: Clock,
    ) -> Result<Self> {
        let earlier = Self::read(dir)?.filter(|held| held.station == station && !held.key.is_empty());
        let key = match &earlier {
            Some(held) => KeyPair::from_pem(held.key.as_bytes())?,
            None => KeyPair::generate()?,
        };
        let mut joined = Self {
            station: station.to_owned(),
            centre: centre.to_owned(),
            key: String::from_utf8_lossy(&key.to_pem()?).into_owned(),
            certificates: None,
        };
        joined.write(dir)?;
        let ask = Ask {
            centre: centre.to_owned(),
            station: station.to_owned(),
            proxy: proxy.to_owned(),
            patience: PATIENCE,
            register: RegisterClaim::none_yet(),
        };
        let own = runtime()?.block_on(activation::activate(&ask, code, key, clock)).map_err(told)?;
        joined.certificates = Some(own.certificates);
        joined.write(dir)?;
        Ok(joined)
    }

    /// An activation that was finished before the program ended.
    pub(super) fn kept(dir: &Path) -> Result<Option<Self>> {
        Ok(Self::read(dir)?.filter(|held| held.certificates.is_some()))
    }

    fn read(dir: &Path) -> Result<Option<Self>> {
        match std::fs::read(path(dir)) {
            // Torn by a power cut: as if it had never been; a used code must then be asked for anew.
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(Error::File { doing: "read the activation", source }),
        }
    }

    fn write(&self, dir: &Path) -> Result<()> {
        use std::io::Write as _;
        let bytes =
            serde_json::to_vec(self).map_err(|source| Error::Stored { what: "activation", source })?;
        let mut options = std::fs::OpenOptions::new();
        options.create(true).truncate(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let done = options.open(path(dir)).and_then(|mut file| {
            file.write_all(&bytes)?;
            file.sync_all()
        });
        done.map_err(|source| Error::File { doing: "keep the activation", source })
    }

    /// The station stands: what it was given is in its encrypted database.
    pub(super) fn forget(dir: &Path) -> Result<()> {
        match std::fs::remove_file(path(dir)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::File { doing: "remove the activation", source: error })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn summary(&self) -> Vec<String> {
        let centre = Some(self.centre.clone()).filter(|_| self.certificates.is_some());
        std::iter::once(self.station.clone()).chain(centre).collect()
    }

    pub(super) fn address(&self) -> Option<String> {
        self.certificates.as_ref().map(|_| self.centre.clone())
    }

    /// Where the centre lets this station's numbers begin.
    pub(super) fn first_sequence(&self) -> u64 {
        self.certificates.as_ref().and_then(|given| given.first_sequence).unwrap_or(1)
    }

    pub(super) fn issued(&self) -> Result<Option<Issued>> {
        let Some(given) = &self.certificates else { return Ok(None) };
        let read = |pem: &str| Certificate::from_pem(pem.as_bytes());
        Ok(Some(Issued {
            authority: read(&given.authority)?,
            centre: read(&given.centre)?,
            escrow: read(&given.escrow)?,
            station: Identity::from_pem(self.key.as_bytes(), given.certificate.as_bytes())?,
            earlier: given.earlier.iter().map(|pem| read(pem)).collect::<packet::Result<_>>()?,
        }))
    }
}

/// The wilayah in the station's settings; a file that somebody wrote by hand stays as it is.
pub(super) fn write_settings(dir: &Path, regency: &str, village: &str) -> Result<()> {
    let path = dir.join("rekam.toml");
    if path.exists() {
        return Ok(());
    }
    let village: String = village.chars().filter(|c| c.is_alphabetic() || *c == ' ').take(20).collect();
    let text = format!("[office]\nregency_code = \"{regency}\"\nvillage_word = \"{village}\"\n");
    crate::roster::write_whole(&path, text.as_bytes())
}

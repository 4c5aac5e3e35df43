//! Who may sign in, readable while the database is locked: names and roles of staff, nothing of applicants.
//!
//! It is only for display. Whether somebody may sign in is decided by the key slots, what they may do by the database.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use domain::ids::OperatorId;
use domain::role::Role;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// One person on the sign-in screen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Card {
    pub id: OperatorId,
    pub name: String,
    pub roles: Vec<Role>,
    pub last_sign_in: Option<Timestamp>,
    /// Not on the sign-in screen for now.
    #[serde(default)]
    pub suspended: bool,
}

/// The sidecar.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Roster {
    pub training: bool,
    pub station_name: String,
    pub station_code: String,
    pub place: String,
    /// From when the permit to sign in without the centre counts, as the database says it; none before the activation.
    pub lease_from: Option<Timestamp>,
    /// Address of the centre that this station was activated at.
    #[serde(default)]
    pub centre: Option<String>,
    /// What the window is set to.
    pub language: Option<crate::view::Language>,
    pub theme: Option<crate::view::Theme>,
    pub cards: Vec<Card>,
    /// Counted as the screen was locked; `None` while somebody is signed in, and after an end without a lock.
    #[serde(default)]
    pub left: Option<crate::left::Left>,
}

impl Roster {
    fn path(dir: &Path) -> PathBuf {
        dir.join("roster.json")
    }

    pub(crate) fn read(dir: &Path) -> Result<Self> {
        match std::fs::read(Self::path(dir)) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|source| Error::Stored { what: "roster", source })
            }
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(Error::File { doing: "read the roster", source }),
        }
    }

    /// `File`; `Store` when the disk is full. The list is as before then.
    pub(crate) fn write(&self, dir: &Path) -> Result<()> {
        let bytes =
            serde_json::to_vec_pretty(self).map_err(|source| Error::Stored { what: "roster", source })?;
        write_whole(&Self::path(dir), &bytes).map_err(|error| match error {
            Error::File { source, .. }
                if matches!(source.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) =>
            {
                store::Error::Full { ballast_freed: false }.into()
            }
            other => other,
        })
    }
}

/// Writes a small file so that a power cut leaves the old or the new one.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    use std::io::Write as _;
    let step = |doing| move |source| Error::File { doing, source };
    let temporary = path.with_extension("part");
    let mut file = std::fs::File::create(&temporary).map_err(step("write a file"))?;
    file.write_all(bytes).map_err(step("write a file"))?;
    fail::fail_point!("station::file::written");
    file.sync_all().map_err(step("flush a file"))?;
    fail::fail_point!("station::file::flushed");
    std::fs::rename(&temporary, path).map_err(step("rename a file"))?;
    fail::fail_point!("station::file::renamed");
    if let Some(dir) = path.parent()
        && let Ok(dir) = std::fs::File::open(dir)
    {
        dir.sync_all().map_err(step("flush a folder"))?;
    }
    Ok(())
}

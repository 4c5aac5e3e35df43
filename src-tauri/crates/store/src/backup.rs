//! A durable copy of the database file before a migration changes it.

use crate::{Error, Result};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Copies `path` to `<path>.before-<migration>`, still encrypted with the same key.
///
/// The caller holds the write lock and has moved the WAL into the file, so the copy is the whole database.
pub(crate) fn before(path: &Path, migration: &str) -> Result<PathBuf> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    // Somebody wrote between the moving and the lock; the next start tries again.
    if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        return Err(Error::Abandoned { reason: "log not empty" });
    }
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".before-{migration}"));
    let target = PathBuf::from(name);
    let mut partial = target.as_os_str().to_owned();
    partial.push(".part");
    let partial = PathBuf::from(partial);
    fs::copy(path, &partial).map_err(Error::file("copy", &partial))?;
    fail::fail_point!("store::backup::copied");
    File::open(&partial).and_then(|f| f.sync_all()).map_err(Error::file("flush", &partial))?;
    fail::fail_point!("store::backup::flushed");
    fs::rename(&partial, &target).map_err(Error::file("rename", &target))?;
    fail::fail_point!("store::backup::renamed");
    sync_folder(&target)?;
    fail::fail_point!("store::backup::durable");
    Ok(target)
}

/// Makes a rename or a new name in the folder of `path` durable.
pub(crate) fn sync_folder(path: &Path) -> Result<()> {
    if cfg!(windows) {
        return Ok(()); // NTFS journals names by itself, and a folder cannot be opened as a file.
    }
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    File::open(folder).and_then(|f| f.sync_all()).map_err(Error::file("flush the folder of", path))
}

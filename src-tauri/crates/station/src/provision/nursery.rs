//! Where a new station is made, apart from its data folder, so that a cut while it is set up leaves nothing to clear by
//! hand.
//!
//! The files are made in `menyiapkan/`. Renaming that folder to `siap/` is the one moment at which there is a station;
//! before it the next start throws everything away, after it the next start moves the files to where they belong.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::session::database_in;
use crate::{Error, Result};

fn making(dir: &Path) -> PathBuf {
    dir.join("menyiapkan")
}

fn ready(dir: &Path) -> PathBuf {
    dir.join("siap")
}

fn file(doing: &'static str) -> impl Fn(io::Error) -> Error {
    move |source| Error::File { doing, source }
}

/// Whether a whole station waits to be moved into place.
pub(crate) fn is_ready(dir: &Path) -> bool {
    ready(dir).exists()
}

/// An empty folder to make the station in.
pub(crate) fn open(dir: &Path) -> Result<PathBuf> {
    let folder = making(dir);
    fs::create_dir_all(&folder).map_err(file("make the folder of a new station"))?;
    Ok(folder)
}

/// Everything is made: from here on it is a station.
pub(crate) fn close(dir: &Path) -> Result<()> {
    flush(&making(dir))?;
    fail::fail_point!("station::provision::made");
    fs::rename(making(dir), ready(dir)).map_err(file("put a new station into place"))?;
    fail::fail_point!("station::provision::ready");
    flush(dir)?;
    settle(dir)
}

/// Ends what a cut interrupted: half a station goes, a whole one is moved into place. Without either does nothing.
///
/// # Errors
/// `File`; the next start tries again.
pub(crate) fn settle(dir: &Path) -> Result<()> {
    let half = making(dir);
    if half.exists() {
        fs::remove_dir_all(&half).map_err(file("remove half a station"))?;
    }
    let whole = ready(dir);
    if !whole.exists() {
        return Ok(());
    }
    let database = database_in(&whole);
    let mut files = Vec::new();
    for entry in fs::read_dir(&whole).map_err(file("put a new station into place"))? {
        files.push(entry.map_err(file("put a new station into place"))?.path());
    }
    // The database last: where it stands, the rest stands too.
    files.sort_by_key(|path| *path == database);
    for path in files {
        if let Some(name) = path.file_name() {
            fs::rename(&path, dir.join(name)).map_err(file("put a new station into place"))?;
        }
        fail::fail_point!("station::provision::moved");
    }
    flush(dir)?;
    fs::remove_dir(&whole).map_err(file("put a new station into place"))
}

/// Makes the names in a folder durable.
fn flush(dir: &Path) -> Result<()> {
    if cfg!(windows) {
        return Ok(()); // NTFS journals names by itself, and a folder cannot be opened as a file.
    }
    fs::File::open(dir).and_then(|dir| dir.sync_all()).map_err(file("flush a folder"))
}

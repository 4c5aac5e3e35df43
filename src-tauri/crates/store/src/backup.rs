//! A durable copy of the database file before a migration changes it, and its end.

use crate::{Act, Ctx, Error, Result, Store};
use domain::Timestamp;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// What stands between the database's name and the upgrade's in the name of a copy.
const BEFORE: &str = ".before-";

impl Store {
    /// Removes the copies that upgrades made before `before`: whatever a rule of retention empties in the database would stay
    /// readable in them. Each leaves one line of the register first, known by its upgrade and the second that it was made in; a cut
    /// in between leaves the line, and the copy to the next call, which tells no second one. Answers how many.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Sql`], [`Error::Locked`].
    pub fn purge_copies(&self, before: Timestamp, ctx: &Ctx) -> Result<usize> {
        let folder = self.path().parent().unwrap_or(Path::new("."));
        let own = self.path().file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut removed = 0;
        for entry in fs::read_dir(folder).map_err(looking(folder))? {
            let path = entry.map_err(looking(folder))?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let Some(upgrade) = name.strip_prefix(&own).and_then(|rest| rest.strip_prefix(BEFORE)) else {
                continue;
            };
            let made = fs::metadata(&path).and_then(|data| data.modified()).map_err(looking(&path))?;
            let made = Timestamp::try_from(made).unwrap_or(Timestamp::UNIX_EPOCH);
            if made >= before {
                continue;
            }
            let made = Timestamp::from_second(made.as_second()).unwrap_or(Timestamp::UNIX_EPOCH).to_string();
            if !self.read(|view| view.copy_told(upgrade, &made))? {
                self.transact(Act::CopyPurge { before: upgrade.to_owned() }, ctx, |tx| {
                    tx.note("dibuat", &made);
                    Ok(())
                })?;
            }
            fail::fail_point!("store::backup::said");
            fs::remove_file(&path).map_err(Error::file("remove an old copy", &path))?;
            sync_folder(&path)?;
            removed += 1;
        }
        Ok(removed)
    }
}

fn looking(path: &Path) -> impl FnOnce(std::io::Error) -> Error + use<> {
    Error::file("look for old copies", path)
}

/// Copies `path` to `<path>.before-<migration>`, still encrypted with the same key.
///
/// The caller holds the write lock and has moved the WAL into the file, so the copy is the whole database. One that fails
/// leaves nothing of itself.
pub(crate) fn before(path: &Path, migration: &str) -> Result<PathBuf> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    // Somebody wrote between the moving and the lock; the next start tries again.
    if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        return Err(Error::Abandoned { reason: "log not empty" });
    }
    let mut name = path.as_os_str().to_owned();
    name.push(format!("{BEFORE}{migration}"));
    let target = PathBuf::from(name);
    let mut partial = target.as_os_str().to_owned();
    partial.push(".part");
    let partial = PathBuf::from(partial);
    if let Err(error) = copy(path, &partial, &target) {
        let _ = fs::remove_file(&partial); // Half a copy is none, and takes the room that somebody makes for the whole one.
        return Err(error);
    }
    fail::fail_point!("store::backup::renamed");
    sync_folder(&target)?;
    fail::fail_point!("store::backup::durable");
    Ok(target)
}

/// Copies to `partial` and flushes it; only a whole one gets the name `target`.
fn copy(path: &Path, partial: &Path, target: &Path) -> Result<()> {
    fs::copy(path, partial).map_err(Error::file("copy", partial))?;
    fail::fail_point!("store::backup::copied");
    File::open(partial).and_then(|f| f.sync_all()).map_err(Error::file("flush", partial))?;
    fail::fail_point!("store::backup::flushed");
    fs::rename(partial, target).map_err(Error::file("rename", target))
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

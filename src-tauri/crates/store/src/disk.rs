//! How long the disk lasts.

use crate::{Error, Result, View, file};
use std::path::Path;

/// What a recording takes before there is one to measure: 2 MiB sealed, and the same again in the database.
const ASSUMED_RECORDING_BYTES: u64 = 4 << 20;

/// How much room is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// Free bytes on the disk of the database.
    pub free_bytes: u64,
    /// Average bytes that one recording took so far; at least 1.
    pub recording_bytes: u64,
    /// Recordings that fit above the threshold.
    pub recordings_left: u64,
    /// Whether no new recording may start. What was begun may be finished.
    pub refuse_new: bool,
    /// Whether the ballast stands ready.
    pub ballast_ready: bool,
}

/// Computes the forecast from free bytes, those of the free pages in the database's file, the average size of a recording and the
/// threshold, all in bytes.
pub fn forecast(
    free_bytes: u64,
    reusable_bytes: u64,
    recording_bytes: u64,
    threshold_bytes: u64,
) -> Forecast {
    let recording_bytes = recording_bytes.max(1);
    let usable = free_bytes.saturating_sub(threshold_bytes);
    // Half of a recording is sealed in files of its own, which free pages are no room for.
    let sealed = usable.saturating_mul(2) / recording_bytes;
    let recordings_left = sealed.min(usable.saturating_add(reusable_bytes) / recording_bytes);
    Forecast {
        free_bytes,
        recording_bytes,
        recordings_left,
        refuse_new: free_bytes < threshold_bytes || recordings_left == 0,
        ballast_ready: true,
    }
}

/// Returns the bytes that an unprivileged program may still write at `path`: in that folder, or beside that file, which need
/// not exist yet.
///
/// # Errors
/// [`Error::File`] when the file system cannot be asked.
pub fn free_bytes(path: &Path) -> Result<u64> {
    let folder = folder_of(path);
    fs4::available_space(folder).map_err(Error::file("ask for free room at", folder))
}

/// Returns the bytes of the free pages in the database's file: what is written next goes there before the file grows.
///
/// # Errors
/// [`Error::Sql`].
pub(crate) fn reusable_bytes(view: &View<'_>) -> Result<u64> {
    let pages: i64 = view
        .conn
        .query_row("PRAGMA freelist_count", [], |row| row.get(0))
        .map_err(Error::sql("count the free pages"))?;
    Ok(pages.unsigned_abs().saturating_mul(u64::from(file::PAGE_BYTES)))
}

/// Returns the bytes by which the database's file at `path` grows once the log is moved into it.
///
/// # Errors
/// [`Error::Sql`]; [`Error::File`] when the file cannot be asked for its length.
pub(crate) fn waiting_bytes(view: &View<'_>, path: &Path) -> Result<u64> {
    let pages: i64 = view
        .conn
        .query_row("PRAGMA page_count", [], |row| row.get(0))
        .map_err(Error::sql("count the pages"))?;
    let whole = pages.unsigned_abs().saturating_mul(u64::from(file::PAGE_BYTES));
    Ok(whole.saturating_sub(std::fs::metadata(path).map_err(Error::file("look at", path))?.len()))
}

/// The folder itself, not the one above it: a data folder or a stick may be a disk of its own.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        _ if path.is_dir() => path,
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Returns the average bytes of a recording so far: pictures, papers and sealed parts.
///
/// # Errors
/// [`Error::Sql`].
pub fn average_recording_bytes(view: &View<'_>) -> Result<u64> {
    let operation = "measure the recordings";
    let (sealed, recordings): (i64, i64) = view
        .conn
        .query_row("SELECT coalesce(sum(bytes), 0), count(DISTINCT packet) FROM packet_part", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .map_err(Error::sql(operation))?;
    if recordings == 0 {
        return Ok(ASSUMED_RECORDING_BYTES);
    }
    // The same pictures stand once in the database and once sealed.
    Ok((2 * sealed / recordings).unsigned_abs().max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_asked_of_the_folder_itself_and_of_the_folder_of_a_file() {
        let data = tempfile::tempdir().unwrap();
        assert_eq!(folder_of(data.path()), data.path(), "a folder may be a disk of its own");
        assert_eq!(folder_of(&data.path().join("rekam.db")), data.path(), "a file that is still to be made");
        assert_eq!(folder_of(Path::new("rekam.db")), Path::new("."), "a bare name stands here");
    }
}

//! The data folder: made so that it lasts, and one program at a time over it.

use std::fs::{File, OpenOptions, TryLockError, remove_file};
use std::io::{ErrorKind, Result};
use std::path::Path;

/// Held by the program as long as it lives; the system frees it when the program is killed.
pub const LOCK: &str = "rekam.lock";
/// Where the program that holds the folder listens, and the number of its process; it stays behind when that ends.
pub const LISTENS: &str = "rekam.first";

/// Makes a folder and those above it that are missing; once this has come back, a power cut takes none of their names away.
///
/// # Errors
/// What the system says.
pub fn make(folder: &Path) -> Result<()> {
    if !packet::make_folder(folder)?.is_empty() {
        return Ok(());
    }
    match packet::flush_name(folder) {
        // Where this user may not read, this program never made it.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(()),
        flushed => flushed,
    }
}

/// Who holds a data folder.
#[derive(Debug)]
pub enum Holder {
    /// Nobody else: it is held for as long as this lives. Nothing is in it where no program was ever started.
    Nobody(Option<File>),
    /// The program is open over it.
    Program,
}

/// Holds a data folder against the program, when that is not open over it. Nothing is written.
///
/// # Errors
/// When the lock is there and cannot be asked.
pub fn hold(dir: &Path) -> Result<Holder> {
    let lock = match File::open(dir.join(LOCK)) {
        Ok(lock) => lock,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Holder::Nobody(None)),
        Err(error) => return Err(error),
    };
    locked(lock)
}

/// Holds a data folder for writing, as the program does: the lock is made where no program was ever started. What the last
/// program said of itself is taken away, or a start meanwhile would name its process, whose number is another's by now.
///
/// # Errors
/// When the folder cannot be written, or the lock cannot be asked.
pub fn take(dir: &Path) -> Result<Holder> {
    let lock = OpenOptions::new().create(true).truncate(false).write(true).open(dir.join(LOCK))?;
    let holder = locked(lock)?;
    if let Holder::Nobody(_) = holder {
        match remove_file(dir.join(LISTENS)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(holder)
}

fn locked(lock: File) -> Result<Holder> {
    match lock.try_lock() {
        Ok(()) => Ok(Holder::Nobody(Some(lock))),
        Err(TryLockError::WouldBlock) => Ok(Holder::Program),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

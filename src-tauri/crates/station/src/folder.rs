//! One program at a time over a data folder.

use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Result};
use std::path::Path;

/// Held by the program as long as it lives; the system frees it when the program is killed.
pub const LOCK: &str = "rekam.lock";

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
    match lock.try_lock() {
        Ok(()) => Ok(Holder::Nobody(Some(lock))),
        Err(TryLockError::WouldBlock) => Ok(Holder::Program),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

//! Room kept aside, because on a full disk even a deletion needs some.

use crate::{Error, Result};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// A file of known size beside the database that is given up when the disk is full.
#[derive(Debug)]
pub struct Ballast {
    path: PathBuf,
    bytes: u64,
}

impl Ballast {
    /// Names the ballast of a database; nothing is written.
    pub fn beside(database: &Path, bytes: u64) -> Ballast {
        let mut name = database.as_os_str().to_owned();
        name.push(".ballast");
        Ballast { path: PathBuf::from(name), bytes }
    }

    /// Writes the ballast if it is not there. Real bytes, because a sparse file reserves nothing. A disk without room
    /// for it is not an error here: the forecast says so.
    ///
    /// # Errors
    /// [`Error::File`] when the folder cannot be written for another reason than room.
    pub fn reserve(&self) -> Result<()> {
        if self.is_reserved() {
            return Ok(());
        }
        let written = File::create(&self.path).and_then(|mut file| {
            let chunk = vec![0x5a_u8; 1 << 16];
            let mut left = self.bytes;
            while left > 0 {
                fail::fail_point!("store::ballast::growing");
                let n = left.min(chunk.len() as u64);
                file.write_all(&chunk[..usize::try_from(n).unwrap_or(chunk.len())])?;
                left -= n;
            }
            file.sync_all()
        });
        match written {
            Ok(()) => Ok(()),
            Err(error) => {
                let _ = fs::remove_file(&self.path); // Half a ballast would only take room.
                if crate::error::is_out_of_room(&error) {
                    Ok(())
                } else {
                    Err(Error::file("reserve", &self.path)(error))
                }
            }
        }
    }

    /// Returns whether the whole ballast stands on the disk.
    pub fn is_reserved(&self) -> bool {
        self.bytes == 0 || fs::metadata(&self.path).is_ok_and(|m| m.len() >= self.bytes)
    }

    /// Gives the ballast up. Returns whether there was one.
    ///
    /// # Errors
    /// [`Error::File`] when it is there and cannot be removed.
    pub fn free(&self) -> Result<bool> {
        match fs::remove_file(&self.path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(Error::file("give up", &self.path)(error)),
        }
    }
}

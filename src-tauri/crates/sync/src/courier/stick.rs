//! What a medium does with files: the seam at which tests fill a stick, wear it out, or pull it out.

use std::io::{Result, Write as _};
use std::path::Path;

/// Files on a medium.
pub(super) trait Medium {
    /// Makes a folder and those above it.
    fn make_folder(&self, folder: &Path) -> Result<()>;
    /// Writes a whole file and does not come back before the medium has it.
    fn write(&self, file: &Path, bytes: &[u8]) -> Result<()>;
    /// Reads a whole file.
    fn read(&self, file: &Path) -> Result<Vec<u8>>;
    /// Gives a folder its name.
    fn name(&self, from: &Path, to: &Path) -> Result<()>;
}

/// A medium as the system has it.
pub(super) struct Stick;

impl Medium for Stick {
    fn make_folder(&self, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder)
    }

    fn write(&self, file: &Path, bytes: &[u8]) -> Result<()> {
        let mut file = std::fs::File::create(file)?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn read(&self, file: &Path) -> Result<Vec<u8>> {
        std::fs::read(file)
    }

    fn name(&self, from: &Path, to: &Path) -> Result<()> {
        std::fs::rename(from, to)
    }
}

use crate::error::{Error, Result};
use crate::packet::SealedPart;
use crate::part::Part;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A sealed part that is safely on disk; what the outbox row holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedFile {
    /// Which part.
    pub part: Part,
    /// `<folder>/<part>.cms`.
    pub path: PathBuf,
    /// Length of the file, bytes.
    pub bytes: u64,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
}

impl SealedFile {
    /// Temporary file, fsync, read back and compare the digest, rename, fsync of the folder.
    ///
    /// # Errors
    /// `File` with the failed step, `ReadBack`; the temporary file is removed then.
    pub fn write(folder: &Path, sealed: &SealedPart) -> Result<Self> {
        let part = sealed.part;
        let path = folder.join(format!("{part}.cms"));
        let temporary = folder.join(format!(".{part}.cms.part"));
        let written = write_checked(folder, &temporary, &path, sealed);
        if written.is_err() {
            // Best effort: a left-over temporary file is overwritten by the next attempt anyway.
            let _ = fs::remove_file(&temporary);
        }
        written?;
        Ok(Self { part, path, bytes: sealed.der.len() as u64, sha256: sealed.sha256.clone() })
    }

    /// Reads the file again and compares its digest; `false` when it changed.
    ///
    /// # Errors
    /// `File` when it cannot be read.
    pub fn is_intact(&self) -> Result<bool> {
        let bytes = fs::read(&self.path).map_err(step(self.part, "read"))?;
        Ok(digest_hex(&bytes) == self.sha256)
    }
}

fn write_checked(folder: &Path, temporary: &Path, path: &Path, sealed: &SealedPart) -> Result<()> {
    let part = sealed.part;
    fs::create_dir_all(folder).map_err(step(part, "create folder"))?;
    fail::fail_point!("packet::part::folder_made");
    let mut file = File::create(temporary).map_err(step(part, "create"))?;
    fail::fail_point!("packet::part::created");
    file.write_all(&sealed.der).map_err(step(part, "write"))?;
    fail::fail_point!("packet::part::written");
    file.sync_all().map_err(step(part, "sync"))?;
    drop(file);
    fail::fail_point!("packet::part::flushed");
    let back = fs::read(temporary).map_err(step(part, "read back"))?;
    if digest_hex(&back) != sealed.sha256 {
        return Err(Error::ReadBack { part });
    }
    fail::fail_point!("packet::part::read_back");
    fs::rename(temporary, path).map_err(step(part, "rename"))?;
    fail::fail_point!("packet::part::renamed");
    sync_folder(folder).map_err(step(part, "sync folder"))?;
    fail::fail_point!("packet::part::durable");
    folder.parent().map_or(Ok(()), sync_folder).map_err(step(part, "sync folder"))
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Windows has no fsync of folders; NTFS journals the rename.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

fn step(part: Part, step: &'static str) -> impl Fn(io::Error) -> Error {
    move |source| Error::File { part, step, source }
}

/// SHA-256 in lower-case hexadecimal, as in manifests, outbox rows and receipts.
pub fn digest_hex(bytes: &[u8]) -> String {
    hex::encode(openssl::sha::sha256(bytes))
}

/// SHA-1, which tus names for the checksum of a chunk; it protects nothing here.
pub fn sha1(bytes: &[u8]) -> [u8; 20] {
    openssl::sha::sha1(bytes)
}

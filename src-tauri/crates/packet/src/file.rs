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

/// Answers the folders that were flushed, in their order.
fn write_checked(folder: &Path, temporary: &Path, path: &Path, sealed: &SealedPart) -> Result<Vec<PathBuf>> {
    let part = sealed.part;
    let mut flushed = make_folder(folder).map_err(step(part, "create folder"))?;
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
    flush(folder, &mut flushed).map_err(step(part, "sync folder"))?;
    fail::fail_point!("packet::part::durable");
    if let Some(above) = folder.parent() {
        flush(above, &mut flushed).map_err(step(part, "sync folder"))?;
    }
    Ok(flushed)
}

/// Makes a folder and those above it that are missing, and comes back when their names are on the disk: flushing a file does not
/// keep the name of a folder that was made for it. Answers the folders that were flushed for that, from the top; none where the
/// folder was there.
///
/// # Errors
/// What the system says; folders that were made until then stay, except the one whose name did not come to the disk: the next call
/// makes it anew.
pub fn make_folder(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut flushed = Vec::new();
    make(folder, &mut |above: &Path| flush(above, &mut flushed))?;
    Ok(flushed)
}

/// Brings the name of a folder that stands there to the disk: whoever made it may have been killed before.
///
/// # Errors
/// What the system says.
pub fn flush_name(folder: &Path) -> io::Result<()> {
    sync_folder(above(folder))
}

fn above(folder: &Path) -> &Path {
    match folder.parent() {
        Some(above) if !above.as_os_str().is_empty() => above,
        _ => Path::new("."),
    }
}

fn make(folder: &Path, flush: &mut dyn FnMut(&Path) -> io::Result<()>) -> io::Result<()> {
    let above = above(folder);
    let mut own = true;
    match fs::create_dir(folder) {
        Ok(()) => {}
        Err(_) if folder.is_dir() => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !above.is_dir() => {
            make(above, flush)?;
            // Another program may have made it meanwhile.
            if let Err(error) = fs::create_dir(folder) {
                if !folder.is_dir() {
                    return Err(error);
                }
                own = false;
            }
        }
        Err(error) => return Err(error),
    }
    let kept = flush(above);
    if kept.is_err() && own {
        // Best effort: else the next call finds it there, and takes its name for kept.
        let _ = fs::remove_dir(folder);
    }
    kept
}

fn flush(folder: &Path, flushed: &mut Vec<PathBuf>) -> io::Result<()> {
    sync_folder(folder)?;
    flushed.push(folder.to_owned());
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_packet_flushes_the_name_of_every_folder_that_is_made_for_it() {
        let data = tempfile::tempdir().unwrap();
        let station = data.path().join("rekam");
        let packets = station.join("packets");
        let (first, second) = (packets.join("first"), packets.join("second"));
        let write = |folder: &Path| {
            let der = b"sealed".to_vec();
            let sealed = SealedPart { part: Part::Id, sha256: digest_hex(&der), der };
            let (temporary, path) = (folder.join(".id.cms.part"), folder.join("id.cms"));
            let flushed = write_checked(folder, &temporary, &path, &sealed).unwrap();
            assert_eq!(fs::read(path).unwrap(), sealed.der);
            flushed
        };
        let top = data.path().to_owned();
        let all = [top, station, packets.clone(), first.clone(), packets.clone()];
        assert_eq!(write(&first), all, "whose names are new");
        let own = [packets.clone(), second.clone(), packets.clone()];
        assert_eq!(write(&second), own, "the folder of packets was there");
        assert_eq!(write(&second), [second.clone(), packets], "and so was its own");
    }

    #[test]
    fn a_folder_whose_name_does_not_come_to_the_disk_is_made_anew_by_the_next_call() {
        let data = tempfile::tempdir().unwrap();
        let station = data.path().join("rekam");
        let packets = station.join("packets");
        let mut full =
            |above: &Path| if above == station { Err(io::Error::other("disk full")) } else { Ok(()) };
        assert!(make(&packets, &mut full).is_err());
        assert!(station.is_dir() && !packets.exists(), "what is kept stays, what is not goes");
        assert_eq!(make_folder(&packets).unwrap(), [station], "and is flushed then");
    }

    #[test]
    fn the_name_of_a_folder_that_stands_there_can_be_flushed_again() {
        let data = tempfile::tempdir().unwrap();
        flush_name(&data.path().join("rekam")).unwrap();
        #[cfg(unix)]
        assert!(flush_name(&data.path().join("none").join("below")).is_err());
    }

    #[test]
    fn a_folder_that_cannot_be_made_says_so() {
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("file");
        fs::write(&file, b"no folder").unwrap();
        for folder in [file.clone(), file.join("below"), PathBuf::new()] {
            assert!(make_folder(&folder).is_err(), "{}", folder.display());
        }
        assert!(make_folder(data.path()).unwrap().is_empty(), "one that is there is as it was");
    }
}

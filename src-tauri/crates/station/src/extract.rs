//! An extract of residents from a file, for a station that the centre's network does not reach.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use domain::role::Action;
use openssl::error::ErrorStack;
use packet::pki::{Certificate, Role};

use crate::credentials::Credentials;
use crate::session::Presence;
use crate::{Error, News, Result, Station, view};

/// A detached signature is some kilobytes; more is none.
const LONGEST_SIGNATURE: u64 = 1 << 20;

/// How an extract's name ends, and what its signature's name has after that.
const EXTRACT: &str = "ndjson";
const SIGNATURE: &str = ".p7s";

/// The signature of an extract stands beside it.
fn signature_beside(extract: &Path) -> PathBuf {
    let mut name = extract.as_os_str().to_owned();
    name.push(SIGNATURE);
    PathBuf::from(name)
}

/// The signed extracts that lie in a folder, without those below it.
fn extracts_in(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let extract = |path: &PathBuf| path.extension().is_some_and(|kind| kind == EXTRACT);
    entries
        .map(|entry| entry.path())
        .filter(extract)
        .filter(|path| signature_beside(path).is_file())
        .collect()
}

/// A file that tells how far it was read. Whoever waits for it is at the desk: the screen would lock and end the import.
struct Told<'a> {
    file: File,
    bytes: u64,
    read: u64,
    percent: u32,
    board: &'a crate::news::Board,
    presence: Option<&'a Presence>,
}

impl<'a> Told<'a> {
    fn new(file: File, board: &'a crate::news::Board, presence: Option<&'a Presence>) -> Self {
        let bytes = file.metadata().map(|about| about.len()).unwrap_or(0);
        Self { file, bytes, read: 0, percent: 0, board, presence }
    }
}

impl Read for Told<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let got = self.file.read(buffer)?;
        self.read += got as u64;
        let percent =
            (self.read * 100).checked_div(self.bytes).and_then(|p| u32::try_from(p).ok()).unwrap_or(100);
        if percent > self.percent {
            self.percent = percent;
            if let Some(presence) = self.presence {
                presence.is_here();
            }
            self.board.tell(News::ResidentsRead(percent.min(100)));
        }
        Ok(got)
    }
}

impl Station {
    /// The signed extracts on the media that are plugged in, and how old the one in use is.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Store`.
    pub fn residents_files(&self) -> Result<view::ResidentsFiles> {
        let desk = self.desk(Action::ImportResidents)?;
        let mut files: Vec<PathBuf> =
            self.removable_media().iter().flat_map(|medium| extracts_in(medium)).collect();
        files.sort();
        let files = files.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        Ok(view::ResidentsFiles { files, extract: self.extract(&desk, None)? })
    }

    /// As [`Self::import_residents`], with the signature in the file of the same name and `.p7s` after it. Tells how far it
    /// has read ([`News::ResidentsRead`]).
    ///
    /// # Errors
    /// As [`Self::import_residents`]; `NotNow` when the file is not there, or has no signature beside it.
    pub fn take_residents(&self, file: &str) -> Result<view::ResidentsTaken> {
        let _desk = self.desk(Action::ImportResidents)?;
        let extract = PathBuf::from(file.trim());
        if !extract.is_file() {
            return Err(Error::not_now("extract_no_file"));
        }
        let signature = signature_beside(&extract);
        if !signature.is_file() {
            return Err(Error::not_now("extract_unsigned"));
        }
        self.import_residents(&extract, &signature)
    }

    /// Takes a signed extract of residents from a file, in place of the older one of its wilayah. Only the signing key of
    /// this station's own centre is believed; the form is that of `store::Store::import_residents`.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`; `NotNow` while the station has no centre, or too little room beside that of recordings; `File` when
    /// one of the two cannot be read; `Store` (`extract_untrusted`, `extract_altered`, `extract_older`, or `locked` where the lock
    /// came meanwhile): nothing was taken and the extract before is as it was.
    pub fn import_residents(&self, extract: &Path, signature: &Path) -> Result<view::ResidentsTaken> {
        let desk = self.desk(Action::ImportResidents)?;
        let json = desk.store.read(Credentials::read)?.ok_or(Error::not_now("no_centre"))?;
        let authority = Certificate::from_pem(Credentials::parse(&json)?.authority.as_bytes())?;
        let open = |path: &Path| {
            File::open(path).map_err(|source| Error::File { doing: "read the extract of residents", source })
        };
        let mut cms = Vec::new();
        open(signature)?
            .take(LONGEST_SIGNATURE)
            .read_to_end(&mut cms)
            .map_err(|source| Error::File { doing: "read the signature of residents", source })?;
        // A signature of anybody else of the same authority, a station's say, is as good as none.
        packet::signer_of_detached(&cms)
            .and_then(|signer| signer.require(Role::CentreSigner))
            .map_err(|_| store::Error::ExtractSignature(ErrorStack::get()))?;
        let ca =
            openssl::x509::X509::from_der(&authority.to_der()?).map_err(store::Error::ExtractSignature)?;
        let signature = store::ExtractSignature { cms: &cms, ca: &ca };
        let board = self.news_board();
        let lines = BufReader::new(Told::new(open(extract)?, &board, desk.presence.as_ref()));
        let taken = match desk.store.import_residents(lines, signature, &desk.ctx()) {
            // Not yet full: what is left is for recordings.
            Err(store::Error::Full { .. }) => return Err(Error::not_now("extract_no_room")),
            taken => taken?.value,
        };
        tracing::info!(count = taken.count, "residents imported from a file");
        self.news.tell(News::Strip);
        Ok(view::ResidentsTaken {
            wilayah: taken.wilayah,
            taken_at: taken.taken_at,
            count: u32::try_from(taken.count).unwrap_or(u32::MAX),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_extracts_with_their_signature_are_offered() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.ndjson", "a.ndjson.p7s", "b.ndjson", "c.json", "c.json.p7s"] {
            std::fs::write(folder.path().join(name), b"x").unwrap();
        }
        let found = extracts_in(&folder.path().to_string_lossy());
        assert_eq!(found, [folder.path().join("a.ndjson")], "b is unsigned, c is no extract");
        assert!(extracts_in("/tidak/ada").is_empty(), "a stick that was pulled has none");
    }
}

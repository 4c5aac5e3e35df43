//! The courier: the same sealed files on a stick, and the centre's answers back from it.
//!
//! What lies on a medium is hostile until proven: names are taken from nowhere but our own table and a strict pattern,
//! links are not followed, sizes and counts are bounded, and every content is believed by its signature alone.

mod export;
mod replies;
mod stick;

pub use export::{Exported, export};
pub use replies::{Taken, take_replies};

use std::path::{Path, PathBuf};

use store::Store;

/// Why a medium, or something on it, is refused. Nothing here is lost by it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The folder is not there, or is no folder.
    #[error("no such folder")]
    NoFolder,
    /// There is not enough room.
    #[error("{needed} bytes are needed, {free} are free")]
    NoRoom {
        /// Bytes to be written.
        needed: u64,
        /// Bytes free.
        free: u64,
    },
    /// The medium became full while it was written.
    #[error("the medium is full")]
    Full,
    /// The medium was pulled out, or its connection failed, while it was in use.
    #[error("the medium went away: {doing}")]
    Gone {
        /// What was being done.
        doing: &'static str,
    },
    /// The medium lets nothing be written.
    #[error("the medium is write-protected")]
    Protected,
    /// The medium does not take or give the bytes, for another reason.
    #[error("the medium does not take or give the bytes: {doing}")]
    Medium {
        /// What was being done.
        doing: &'static str,
    },
    /// What was read back is not what was written.
    #[error("the medium gives back other bytes than were written")]
    ReadBack,
    /// A link stands where a file or folder belongs.
    #[error("a link stands where a file belongs")]
    Link,
    /// More entries, or a longer file, than the protocol allows.
    #[error("more than the protocol allows")]
    TooMuch,
    /// There are no answers for this station on the medium.
    #[error("no answers for this station")]
    NoReplies,
    /// A signature does not hold.
    #[error("the signature does not hold")]
    NotProven,
    /// What the centre signed is for another station.
    #[error("signed for another station")]
    OtherStation,
    /// A receipt of a recording that this station does not know.
    #[error("a receipt of a recording that is not known here")]
    UnknownPacket,
}

impl Refusal {
    /// The stable code, also the key of the words: `errors.courier_<code>`.
    pub const fn code(&self) -> &'static str {
        match self {
            Refusal::NoFolder => "no_folder",
            Refusal::NoRoom { .. } => "no_room",
            Refusal::Full => "full",
            Refusal::Gone { .. } => "gone",
            Refusal::Protected => "protected",
            Refusal::Medium { .. } => "medium",
            Refusal::ReadBack => "read_back",
            Refusal::Link => "link",
            Refusal::TooMuch => "too_much",
            Refusal::NoReplies => "no_replies",
            Refusal::NotProven => "not_proven",
            Refusal::OtherStation => "other_station",
            Refusal::UnknownPacket => "unknown_packet",
        }
    }
}

/// What the courier works with at the station.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The station's database.
    pub store: &'a Store,
    /// Folder of the sealed packets.
    pub packets: &'a Path,
    /// Station code.
    pub station: &'a str,
    /// Whose word is believed.
    pub trust: &'a packet::Trust,
    /// Who does it, and when.
    pub ctx: &'a store::Ctx,
}

/// What a failure of the medium means. One that is pulled out answers EIO at first, then as if it had never been there.
fn medium(doing: &'static str) -> impl Fn(std::io::Error) -> Refusal {
    use std::io::ErrorKind as K;
    /// `EIO`, `ENXIO`, `ENODEV` of errno(3): the device does not answer any more.
    #[cfg(unix)]
    const GONE: [i32; 3] = [5, 6, 19];
    /// `ERROR_NOT_READY`, `ERROR_GEN_FAILURE`, `ERROR_DEVICE_NOT_CONNECTED`: the same on Windows.
    #[cfg(windows)]
    const GONE: [i32; 3] = [21, 31, 1167];
    move |error| match error.kind() {
        K::StorageFull | K::QuotaExceeded | K::FileTooLarge => Refusal::Full,
        K::ReadOnlyFilesystem | K::PermissionDenied => Refusal::Protected,
        K::NotFound | K::StaleNetworkFileHandle => Refusal::Gone { doing },
        _ if error.raw_os_error().is_some_and(|code| GONE.contains(&code)) => Refusal::Gone { doing },
        _ => Refusal::Medium { doing },
    }
}

/// A real folder, not a link to one.
fn real_folder(path: PathBuf) -> Result<PathBuf, Refusal> {
    match std::fs::symlink_metadata(&path) {
        Ok(found) if found.file_type().is_symlink() => Err(Refusal::Link),
        Ok(found) if found.is_dir() => Ok(path),
        _ => Err(Refusal::NoFolder),
    }
}

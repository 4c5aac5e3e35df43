//! Sealed files that no packet of the database speaks of. What a cut left between the files and the outbox row goes: the visit
//! is here and sealed anew. A whole packet of no visit of this database may be the only recording of a person, as when a copy of
//! the database was put back: it is set aside and never removed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use domain::ids::PacketId;
use store::Store;

use crate::view::Unsettled;
use crate::{Error, Result, Station, held};

/// Where whole packets go that the database does not know, beside the known ones.
const UNKNOWN: &str = "unknown";
/// The files of a whole packet.
const PARTS: [&str; 3] = ["id.cms", "bio.cms", "dok.cms"];

/// What was found.
#[derive(Debug, Default)]
struct Found {
    /// Folders of half packets that were removed.
    removed: usize,
    /// Whole packets that are set aside now; `None` where nobody could look.
    aside: Option<usize>,
    /// The first thing that could not be read; it is as it was.
    unread: Option<Error>,
}

impl Station {
    /// Looks through the sealed files; whole packets that nobody knows are told on every page as long as they are there, and so is
    /// what cannot be read.
    pub(crate) fn settle_packets(&self, store: &Arc<Store>) {
        let _whole = held(&self.sealing);
        let found = clear(store, &self.dir.join("packets"));
        let aside = found.aside.unwrap_or(0);
        if found.removed > 0 || aside > 0 {
            tracing::warn!(removed = found.removed, aside, "sealed files without a packet in the database");
        }
        // Where nobody could look, what was told before stays told.
        if found.aside.is_some() {
            let told = if aside > 0 { Err(Error::NotFound { what: "packet" }) } else { Ok(()) };
            self.note_settled(Unsettled::UnknownPackets, told);
        }
        self.note_settled(Unsettled::UnreadPackets, found.unread.map_or(Ok(()), Err));
    }

    /// Looks at once: the program itself does so at a sign-in, and at a desk that was left alone for a while.
    #[doc(hidden)]
    pub fn settle_packets_for_tests(&self) {
        let store = held(&self.door).open.as_ref().map(|open| Arc::clone(&open.store));
        if let Some(store) = store {
            self.settle_packets(&store);
        }
    }

    /// Removes the files of a packet whose row was not kept; what the database knows stays. What cannot be removed is found at the
    /// next sign-in.
    pub(super) fn drop_files(&self, store: &Store, packet: PacketId) {
        if !matches!(store.read(|view| view.packet(packet)), Ok(None)) {
            return;
        }
        if let Err(error) = fs::remove_dir_all(self.dir.join("packets").join(packet.to_string())) {
            tracing::warn!(%error, %packet, "the files of a packet that was not kept stay for now");
        }
    }
}

fn step(source: io::Error) -> Error {
    Error::File { doing: "clear left-over sealed files", source }
}

/// Removes from `packets` what a cut left of a visit of this database, and halves of packets; whole ones that the database does
/// not know are set aside. Nothing that a packet speaks of is ever touched, nor what cannot be read: of that nobody knows what it
/// is. One that cannot be read does not keep the others from being looked at.
fn clear(store: &Store, packets: &Path) -> Found {
    let mut found = Found::default();
    let unknown = packets.join(UNKNOWN);
    let folders = match entries(packets) {
        Ok(folders) => folders,
        Err(source) => return Found { unread: Some(step(source)), ..found },
    };
    for folder in folders {
        match clear_one(store, &folder, &unknown) {
            Ok(removed) => found.removed += usize::from(removed),
            Err(error) => found.unread = found.unread.or(Some(error)),
        }
    }
    match entries(&unknown) {
        Ok(aside) => found.aside = Some(aside.len()),
        Err(source) => found.unread = found.unread.or(Some(step(source))),
    }
    found
}

/// Whether it was removed.
fn clear_one(store: &Store, folder: &Path, unknown: &Path) -> Result<bool> {
    // Only what this program would have made itself.
    let Some(id) = packet_of(folder) else { return Ok(false) };
    let (known, visit) = store.read(|view| Ok((view.packet(id)?, view.permohonan_of_form(id)?)))?;
    if known.is_some() {
        return Ok(false);
    }
    // A visit of ours is sealed anew from what the database holds, or was ended otherwise.
    if visit.is_some() || !is_whole(folder).map_err(step)? {
        fs::remove_dir_all(folder).map_err(step)?;
        return Ok(true);
    }
    crate::folder::make(unknown).map_err(step)?;
    fs::rename(folder, free_name(unknown, id)).map_err(step)?;
    Ok(false)
}

/// Whether all parts are there. A part that the disk does not give is not one that is missing.
fn is_whole(folder: &Path) -> io::Result<bool> {
    for part in PARTS {
        match fs::metadata(folder.join(part)) {
            Ok(about) if about.is_file() => {}
            Ok(_) => return Ok(false),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// What stands in a folder; nothing where there is none.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn packet_of(folder: &Path) -> Option<PacketId> {
    folder.file_name().and_then(|name| name.to_str()).and_then(|name| PacketId::parse(name).ok())
}

/// A packet that was sealed twice is kept twice.
fn free_name(unknown: &Path, id: PacketId) -> PathBuf {
    let mut path = unknown.join(id.to_string());
    let mut more = 2;
    while path.exists() {
        path = unknown.join(format!("{id}-{more}"));
        more += 1;
    }
    path
}

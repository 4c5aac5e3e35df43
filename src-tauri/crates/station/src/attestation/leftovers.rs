//! Sealed files that no packet of the database speaks of. What a cut left between the files and the outbox row goes: the visit
//! is here and sealed anew. A whole packet of no visit of this database may be the only recording of a person, as when a copy of
//! the database was put back: it is set aside and never removed.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use domain::ids::PacketId;
use store::Store;

use crate::view::Unsettled;
use crate::{Error, Result, Station};

/// Where whole packets go that the database does not know, beside the known ones.
const UNKNOWN: &str = "unknown";
/// The files of a whole packet.
const PARTS: [&str; 3] = ["id.cms", "bio.cms", "dok.cms"];

/// What was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// Folders of half packets that were removed.
    pub removed: usize,
    /// Whole packets that are set aside now.
    pub aside: usize,
}

impl Station {
    /// Looks through the sealed files; whole packets that nobody knows are told on every page as long as they are there.
    pub(crate) fn settle_packets(&self, store: &Arc<Store>) {
        let found = match clear(store, &self.dir.join("packets")) {
            Ok(found) => found,
            Err(error) => {
                // What was told before stays told: nobody has seen that it is over.
                tracing::warn!(%error, "sealed files without a packet could not be looked through");
                return;
            }
        };
        if found != Found::default() {
            let Found { removed, aside } = found;
            tracing::warn!(removed, aside, "sealed files without a packet in the database");
        }
        let told = if found.aside > 0 { Err(Error::NotFound { what: "packet" }) } else { Ok(()) };
        self.note_settled(Unsettled::UnknownPackets, told);
    }
}

/// Removes from `packets` what a cut left of a visit of this database, and halves of packets; whole ones that the database does
/// not know are set aside.
///
/// # Errors
/// `Store`, `File`; nothing that a packet speaks of is ever touched.
fn clear(store: &Store, packets: &Path) -> Result<Found> {
    let step = |source| Error::File { doing: "clear left-over sealed files", source };
    let mut found = Found::default();
    if !packets.exists() {
        return Ok(found);
    }
    let unknown = packets.join(UNKNOWN);
    for folder in fs::read_dir(packets).map_err(step)? {
        let folder = folder.map_err(step)?.path();
        // Only what this program would have made itself.
        let Some(id) = packet_of(&folder) else { continue };
        let (known, visit) = store.read(|view| Ok((view.packet(id)?, view.permohonan_of_form(id)?)))?;
        if known.is_some() {
            continue;
        }
        // A visit of ours is sealed anew from what the database holds, or was ended otherwise.
        if visit.is_some() || PARTS.iter().any(|part| !folder.join(part).is_file()) {
            fs::remove_dir_all(&folder).map_err(step)?;
            found.removed += 1;
            continue;
        }
        fs::create_dir_all(&unknown).map_err(step)?;
        fs::rename(&folder, free_name(&unknown, id)).map_err(step)?;
    }
    if unknown.exists() {
        found.aside = fs::read_dir(&unknown).map_err(step)?.count();
    }
    Ok(found)
}

fn packet_of(folder: &Path) -> Option<PacketId> {
    folder.file_name().and_then(|name| name.to_str()).and_then(|name| PacketId::parse(name).ok())
}

/// A packet that was sealed twice is kept twice.
fn free_name(unknown: &Path, id: PacketId) -> std::path::PathBuf {
    let mut path = unknown.join(id.to_string());
    let mut more = 2;
    while path.exists() {
        path = unknown.join(format!("{id}-{more}"));
        more += 1;
    }
    path
}

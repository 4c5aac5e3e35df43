//! Sealed files that no packet speaks of: a cut between writing them and the outbox row, of a visit that was then ended
//! otherwise. They hold a person's sealed data and would stay for ever.

use std::fs;
use std::path::Path;

use domain::ids::PacketId;
use store::Store;

use crate::{Error, Result};

/// Removes from `packets` the folders of packets that are not in the database. Returns how many.
///
/// # Errors
/// `Store`, `File`; nothing that a packet speaks of is ever touched.
pub(crate) fn clear(store: &Store, packets: &Path) -> Result<usize> {
    let step = |source| Error::File { doing: "clear left-over sealed files", source };
    if !packets.exists() {
        return Ok(0);
    }
    let mut cleared = 0;
    for folder in fs::read_dir(packets).map_err(step)? {
        let folder = folder.map_err(step)?.path();
        // Only what this program would have made itself.
        let Some(id) =
            folder.file_name().and_then(|name| name.to_str()).and_then(|name| PacketId::parse(name).ok())
        else {
            continue;
        };
        if store.read(|view| view.packet(id))?.is_none() {
            fs::remove_dir_all(&folder).map_err(step)?;
            cleared += 1;
        }
    }
    Ok(cleared)
}

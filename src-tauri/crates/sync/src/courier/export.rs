//! Everything that waits, onto a medium: written beside, read back, then named; the mark comes last.

use std::path::{Path, PathBuf};

use packet::wire::{CourierManifest, Cursor, Finalise, MANIFEST_FILE, MARK_FILE, ROOT_FOLDER};
use packet::{Part, Signer};
use store::{Act, OutboxState, Packet, SyncRun};
use uuid::Uuid;

use super::stick::{Medium, Stick};
use super::{Desk, Refusal, medium, real_folder};
use crate::engine::{finalise_of, inventory, judge_file};
use crate::{Cause, Result};

/// Room that must stay for the file system's own books, bytes.
const MARGIN: u64 = 1 << 20;

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Names the batch.
    pub batch: Uuid,
    /// Its folder on the medium.
    pub folder: PathBuf,
    /// Packets that were written whole.
    pub packets: usize,
    /// Length of all sealed files that were written, bytes.
    pub bytes: u64,
    /// Packets left out because their file here is gone or changed.
    pub left_out: usize,
}

/// Writes every packet that waits, with a manifest signed by the station. The outbox is as before: whichever way arrives
/// first counts, and both together are one record. Where nothing waits the manifest alone travels: it asks for the centre's
/// word, without which a station that only a stick reaches would lose its permit to sign in.
///
/// # Errors
/// `Medium` with what is wrong with the medium (full, pulled out, write-protected, other bytes read back); a half-written
/// batch is removed, or has no mark and counts as nothing.
pub fn export(desk: Desk<'_>, signer: &dyn Signer, folder: &Path) -> Result<Exported> {
    let folder = real_folder(folder.to_owned())?;
    let (sound, left_out) = sound_packets(desk)?;
    let bytes: u64 =
        sound.iter().flat_map(|(packet, _)| &packet.parts).map(|part| part.bytes.cast_unsigned()).sum();
    let free = store::free_bytes(&folder).map_err(|_| Refusal::Medium { doing: "look at the medium" })?;
    if free < bytes + MARGIN {
        return Err(Refusal::NoRoom { needed: bytes + MARGIN, free }.into());
    }
    let batch = Uuid::now_v7();
    let (cursor, inventory) = desk.store.read(|view| Ok((view.change_cursor()?, inventory(view)?)))?;
    let manifest = CourierManifest {
        format: CourierManifest::FORMAT.to_owned(),
        batch,
        station: desk.station.to_owned(),
        created: desk.ctx.now,
        training: desk.trust.training,
        cursor: cursor.and_then(|text| text.parse().ok()).unwrap_or_else(Cursor::start),
        inventory,
        packets: sound.iter().map(|(_, body)| body.clone()).collect(),
    };
    let signed = manifest.sign(signer, desk.ctx.now)?;
    let station = folder.join(ROOT_FOLDER).join(desk.station);
    std::fs::create_dir_all(&station).map_err(medium("make a folder"))?;
    real_folder(folder.join(ROOT_FOLDER))?;
    let station = real_folder(station)?;
    let place = put(&Stick, desk.packets, &station, batch, &sound, &signed)?;
    remember(desk, sound.len(), bytes)?;
    Ok(Exported { batch, folder: place, packets: sound.len(), bytes, left_out })
}

/// What waits and is still what was sealed, oldest first.
fn sound_packets(desk: Desk<'_>) -> Result<(Vec<(Packet, Finalise)>, usize)> {
    let waiting = desk.store.read(|view| {
        let mut found = Vec::new();
        for row in view.outbox()?.into_iter().filter(|row| row.state != OutboxState::Refused) {
            found.extend(view.packet(row.packet)?.map(|packet| (packet, row.priority > 0)));
        }
        Ok(found)
    })?;
    let all = waiting.len();
    let mut sound: Vec<(Packet, Finalise)> = waiting
        .into_iter()
        .filter_map(|(packet, urgent)| {
            let whole = packet
                .parts
                .iter()
                .all(|part| judge_file(desk.packets, &part.path, &part.sha256, part.bytes).is_ok());
            let body = finalise_of(&packet, desk.station, desk.trust.training, urgent)?;
            whole.then_some((packet, body))
        })
        .collect();
    sound.sort_by_key(|(packet, _)| packet.sequence);
    let left_out = all - sound.len();
    Ok((sound, left_out))
}

/// Writes one batch beside its place, names it, marks it; answers where it lies. After a failure nothing of it counts.
fn put(
    stick: &dyn Medium,
    packets: &Path,
    station: &Path,
    batch: Uuid,
    sound: &[(Packet, Finalise)],
    manifest: &[u8],
) -> Result<PathBuf, Refusal> {
    let beside = station.join(format!(".{}.part", batch.hyphenated()));
    let place = station.join(batch.hyphenated().to_string());
    let written = write(stick, packets, &beside, &place, sound, manifest);
    if written.is_err() {
        // Best effort: a stick that was pulled out cannot be cleaned, and a batch without its mark counts as nothing.
        let _ = std::fs::remove_dir_all(&beside);
        let _ = std::fs::remove_file(place.join(MARK_FILE));
    }
    written.map(|()| place)
}

fn write(
    stick: &dyn Medium,
    packets: &Path,
    beside: &Path,
    place: &Path,
    sound: &[(Packet, Finalise)],
    manifest: &[u8],
) -> Result<(), Refusal> {
    stick.make_folder(beside).map_err(medium("make a folder"))?;
    for (packet, body) in sound {
        let folder = beside.join(packet.id.to_string());
        stick.make_folder(&folder).map_err(medium("make a folder"))?;
        for part in Part::ALL {
            let Some(row) = packet.parts.iter().find(|row| row.part == part.name()) else { continue };
            let bytes = std::fs::read(packets.join(&row.path))
                .map_err(|_| Refusal::Medium { doing: "read a sealed file" })?;
            let target = folder.join(format!("{part}.cms"));
            stick.write(&target, &bytes).map_err(medium("write"))?;
            let back = stick.read(&target).map_err(medium("read back"))?;
            if packet::digest_hex(&back) != body.parts.of(part).sha256 {
                return Err(Refusal::ReadBack);
            }
        }
    }
    stick.write(&beside.join(MANIFEST_FILE), manifest).map_err(medium("write"))?;
    stick.name(beside, place).map_err(medium("name the batch"))?;
    sync_folder(place)?;
    stick.write(&place.join(MARK_FILE), b"").map_err(medium("write"))?;
    sync_folder(place)?;
    place.parent().map_or(Ok(()), sync_folder)
}

/// FAT and exFAT know no sync of a folder; then the mark's own sync is what there is.
fn sync_folder(folder: &Path) -> Result<(), Refusal> {
    if let Ok(folder) = std::fs::File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

fn remember(desk: Desk<'_>, packets: usize, bytes: u64) -> Result<()> {
    let kind = domain::register::RegisterKind::DataMoved;
    desk.store.transact(Act::Deed { kind }, desk.ctx, |tx| {
        tx.note("paket", &packets.to_string());
        Ok(())
    })?;
    let at = desk.ctx.now.as_millisecond();
    let run = SyncRun {
        began_ms: at,
        ended_ms: at,
        path: "courier".into(),
        cause: String::new(),
        packets: 0,
        bytes: bytes.cast_signed(),
        changes: 0,
    };
    desk.store.bookkeep(desk.ctx.now, |ledger| ledger.add_sync_run(&run)).map_err(|_| Cause::Store)?;
    Ok(())
}

#[cfg(test)]
mod tests;

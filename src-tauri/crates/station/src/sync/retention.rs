//! What the centre has acknowledged need not stay for ever: sealed files and pictures go after the retention of the
//! settings, and what a visit that is over has left goes as long after its end, what its papers with the face say with it. So do
//! the pictures of a recording that the centre refused for good, or that was made anew: its sealed files stay, because only the
//! centre can open them and a person may still send them; and the photographs of spoiled pieces as long after their Berita Acara,
//! or after they went back to the supplier. Receipts, digests, scores, the register line and the finger templates of the search at
//! the desk stay.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use domain::ids::PacketId;
use jiff::Timestamp;
use packet::wire::CentralSetting;
use store::{Act, Ctx, Store};

use crate::visit::parse_state;
use crate::{Error, Result, Station, held};

/// Received packets are looked through this often, milliseconds. Ours.
const EVERY_MS: i64 = 3_600_000;
const DAY_MS: i64 = 86_400_000;

impl Station {
    /// Called with the other things that happen by themselves; does nothing while a device is being read.
    pub(super) fn purge_when_due(&self, now: i64) {
        self.forget_faces_when_due(now);
        if now < self.exchange.purge_ms.load(Ordering::SeqCst) || self.equipment.is_busy() {
            return;
        }
        let Some(store) = held(&self.door).open.as_ref().map(|open| Arc::clone(&open.store)) else { return };
        self.exchange.purge_ms.store(now.saturating_add(EVERY_MS), Ordering::SeqCst);
        match self.purge(&store, self.clock.now()) {
            Ok(0) => {}
            Ok(purged) => {
                tracing::info!(purged, "sealed files and pictures were removed by the retention rule")
            }
            Err(error) => tracing::warn!(%error, "the retention rule was not followed; it is tried again"),
        }
    }

    /// What a power cut left of closed orders in the folder of a card printer; it is found a moment after the start.
    fn forget_faces_when_due(&self, now: i64) {
        let due = now >= self.exchange.faces_ms.load(Ordering::SeqCst);
        if !due || !self.keeps_faces() || self.equipment.is_busy() {
            return;
        }
        let Some(store) = held(&self.door).open.as_ref().map(|open| Arc::clone(&open.store)) else { return };
        self.exchange.faces_ms.store(now.saturating_add(EVERY_MS), Ordering::SeqCst);
        self.forget_faces(&store);
    }

    /// Purges every packet whose receipt is older than the retention, every visit that ended longer ago than that, the photographs of
    /// spoiled pieces that were accounted for longer ago, and each copy of the database that an upgrade made before; answers how many
    /// of all. The database says so first: files that a power cut
    /// then leaves behind are swept here the next time.
    pub(crate) fn purge(&self, store: &Store, now: Timestamp) -> Result<usize> {
        let keep = Self::central_or(store, CentralSetting::KEEP_DAYS, self.config.sync.keep_days)?;
        let before = now.as_millisecond() - i64::from(keep) * DAY_MS;
        let due = store.read(|view| view.purgeable(before))?;
        let ctx = Ctx { operator: None, now };
        for packet in &due {
            let Some(row) = store.read(|view| view.packet(*packet))? else { continue };
            let visit = store.read(|view| view.permohonan(row.permohonan))?;
            // The photograph is needed until the card is in the hand.
            let ended = match &visit {
                Some(visit) => parse_state(&visit.state_json)?.phase.is_final(),
                None => true,
            };
            store.transact(Act::Purge { permohonan: row.permohonan }, &ctx, |tx| {
                tx.purge_parts(*packet)?;
                if ended {
                    tx.purge_samples(row.permohonan)?;
                    tx.purge_papers(row.permohonan)?;
                }
                Ok(())
            })?;
            fail::fail_point!("station::retention::said");
        }
        // Of a card that was collected later, of a visit without a packet, or of a packet that the centre refused, the pictures
        // are still here. They are in the database alone: no file is written or removed, and a cut leaves all or none.
        let over = store.read(|view| view.purgeable_visits(before))?;
        for permohonan in &over {
            store.transact(Act::Purge { permohonan: *permohonan }, &ctx, |tx| {
                tx.purge_samples(*permohonan)?;
                tx.purge_papers(*permohonan)?;
                tx.purge_card_data(*permohonan)?;
                tx.purge_handover(*permohonan)?;
                tx.forget_drafts(*permohonan)
            })?;
        }
        let photos = store.read(|view| view.old_spoiled_photos(before))?;
        if photos > 0 {
            store.transact(Act::PhotoPurge { pieces: photos }, &ctx, |tx| tx.purge_spoiled_photos(before))?;
        }
        self.sweep(store)?;
        let before = Timestamp::from_millisecond(before).unwrap_or(Timestamp::UNIX_EPOCH);
        let copies = store.purge_copies(before, &ctx)?;
        let photos = usize::try_from(photos).unwrap_or(usize::MAX);
        Ok(due.len().saturating_add(over.len()).saturating_add(copies).saturating_add(photos))
    }

    /// Removes the folders of packets whose files the database calls purged.
    fn sweep(&self, store: &Store) -> Result<()> {
        let step = |source| Error::File { doing: "remove sealed files of received packets", source };
        let packets = self.dir.join("packets");
        if !packets.exists() {
            return Ok(());
        }
        for folder in std::fs::read_dir(&packets).map_err(step)? {
            let folder = folder.map_err(step)?.path();
            let named = folder.file_name().and_then(|name| name.to_str());
            let Some(id) = named.and_then(|name| PacketId::parse(name).ok()) else { continue };
            let row = store.read(|view| view.packet(id))?;
            if row.is_some_and(|row| row.parts.iter().all(|part| part.path.is_empty())) {
                std::fs::remove_dir_all(&folder).map_err(step)?;
                fail::fail_point!("station::retention::removed");
            }
        }
        Ok(())
    }
}

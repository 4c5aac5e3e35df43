//! Packets on their way. One leaves only on a verified receipt.

use super::document::HOLDS_FACE;
use super::{codes, many, one, packet_id, permohonan_id, run, run_one};
use crate::{Result, Tx, View};
use domain::ids::{PacketId, PermohonanId};
use rusqlite::{Row, params};

codes!(
    /// How far a packet has come.
    OutboxState {
        /// Waits for its turn or for the network.
        Waiting = "waiting",
        /// Being sent.
        Sending = "sending",
        /// Everything arrived; the receipt is not here yet.
        Sent = "sent",
        /// The receipt is here and was verified.
        Acked = "acked",
        /// The centre refused it for good: a person's task.
        Refused = "refused",
    }
);

/// One row of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// The packet.
    pub packet: PacketId,
    /// How far it has come.
    pub state: OutboxState,
    /// Higher goes first; 0 is the plain one.
    pub priority: i64,
    /// Attempts so far, from 0; 0 again once a person has let it go on.
    pub attempts: i64,
    /// Not tried before this instant, UTC milliseconds; 0 at once.
    pub next_ms: i64,
    /// Code of what holds it up; empty when nothing does.
    pub cause: String,
    /// How long the last wait was, milliseconds; the next one grows from it.
    pub wait_ms: i64,
    /// Receipt verified, UTC milliseconds; 0 when not yet.
    pub acked_ms: i64,
    /// When the centre itself refused it for good, UTC milliseconds; 0 when it did not.
    pub refused_ms: i64,
}

/// A receipt of the centre as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The centre's CMS SignedData, DER.
    pub cms: Vec<u8>,
    /// When the centre received the packet, as the receipt says, UTC milliseconds.
    pub received_ms: i64,
    /// `network` or `courier`.
    pub path: String,
    /// When it was applied here, UTC milliseconds; set by the store.
    pub applied_ms: i64,
}

impl std::fmt::Debug for Receipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Receipt({} bytes, {}, {})", self.cms.len(), self.path, self.received_ms)
    }
}

const COLUMNS: &str = "packet, state, priority, attempts, next_at, cause, acked_at, wait_ms, refused_at";

fn row_to_outbox(row: &Row<'_>) -> rusqlite::Result<OutboxRow> {
    Ok(OutboxRow {
        packet: packet_id(row, 0)?,
        state: OutboxState::column(row, 1)?,
        priority: row.get(2)?,
        attempts: row.get(3)?,
        next_ms: row.get(4)?,
        cause: row.get(5)?,
        acked_ms: row.get(6)?,
        wait_ms: row.get(7)?,
        refused_ms: row.get(8)?,
    })
}

impl View<'_> {
    /// Returns one packet's row.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn outbox_row(&self, packet: PacketId) -> Result<Option<OutboxRow>> {
        let sql = format!("SELECT {COLUMNS} FROM outbox WHERE packet = ?1");
        one(self.conn, "read the outbox", &sql, [packet.to_string()], row_to_outbox)
    }

    /// Returns the receipt of a packet; it stays when the packet's files are purged.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn receipt(&self, packet: PacketId) -> Result<Option<Receipt>> {
        let sql = "SELECT cms, received_at, path, applied_at FROM receipt WHERE packet = ?1";
        one(self.conn, "read a receipt", sql, [packet.to_string()], |row| {
            Ok(Receipt {
                cms: row.get(0)?,
                received_ms: row.get(1)?,
                path: row.get(2)?,
                applied_ms: row.get(3)?,
            })
        })
    }

    /// Returns packets whose receipt is older than `before_ms` and whose sealed files were not purged yet.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn purgeable(&self, before_ms: i64) -> Result<Vec<PacketId>> {
        let sql = "SELECT o.packet FROM outbox o JOIN receipt r ON r.packet = o.packet
                   WHERE o.state = 'acked' AND r.applied_at < ?1
                     AND EXISTS (SELECT 1 FROM packet_part p WHERE p.packet = o.packet AND p.path <> '')
                   ORDER BY o.packet";
        many(self.conn, "find what may be purged", sql, [before_ms], |row| packet_id(row, 0))
    }

    /// Returns the visits of which pictures, papers with the face or finger templates of the centre's record are still here and
    /// nobody needs them any more since before `before_ms`, UTC milliseconds:
    ///
    /// * it is over, and the centre has what was sealed, or refused it for good; what it may not have stays;
    /// * its packet is refused, by the centre or for want of its files, and the person was recorded anew: the centre has the later
    ///   packet of the same NIK, and that visit is over. This one may still wait at step 6 or 7 then; no card will come of it.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn purgeable_visits(&self, before_ms: i64) -> Result<Vec<PermohonanId>> {
        let sql = format!(
            "WITH over AS (SELECT id, nik FROM permohonan
                                 WHERE status IN ('closed', 'cancelled', 'expired') AND updated_at < ?1),
                        had AS (SELECT o.packet FROM outbox o JOIN receipt r ON r.packet = o.packet
                                WHERE o.state = 'acked' AND r.applied_at < ?1),
                        refused AS (SELECT packet FROM outbox
                                    WHERE state = 'refused' AND refused_at > 0 AND refused_at < ?1),
                        anew AS (SELECT o.packet FROM outbox o JOIN packet k ON k.id = o.packet
                                   JOIN permohonan p ON p.id = k.permohonan
                                 WHERE o.state = 'refused' AND p.nik <> ''
                                   AND EXISTS (SELECT 1 FROM over v JOIN packet n ON n.permohonan = v.id
                                               WHERE v.nik = p.nik AND n.sequence > k.sequence
                                                 AND n.id IN (SELECT packet FROM had)))
                   SELECT p.id FROM permohonan p
                   WHERE CASE WHEN p.id IN (SELECT id FROM over)
                         THEN NOT EXISTS (SELECT 1 FROM packet k JOIN outbox o ON o.packet = k.id WHERE k.permohonan = p.id
                                            AND k.id NOT IN (SELECT packet FROM had)
                                            AND k.id NOT IN (SELECT packet FROM refused)
                                            AND k.id NOT IN (SELECT packet FROM anew))
                         ELSE p.step IN ('print_request', 'status')
                              AND EXISTS (SELECT 1 FROM packet k WHERE k.permohonan = p.id)
                              AND NOT EXISTS (SELECT 1 FROM packet k WHERE k.permohonan = p.id
                                                AND k.id NOT IN (SELECT packet FROM anew)) END
                     AND (EXISTS (SELECT 1 FROM sample s JOIN sample_image i ON i.sample = s.id
                                  WHERE s.permohonan = p.id AND length(i.image) > 0)
                       OR EXISTS (SELECT 1 FROM rematch m WHERE m.permohonan = p.id AND length(m.image) > 0)
                       OR EXISTS (SELECT 1 FROM exception e WHERE e.permohonan = p.id AND length(e.photo) > 0)
                       OR EXISTS (SELECT 1 FROM signature g
                                  WHERE g.permohonan = p.id AND g.kind = 'thumbprint' AND length(g.image) > 0)
                       OR EXISTS (SELECT 1 FROM berkas b JOIN berkas_halaman h ON h.berkas = b.id
                                  WHERE b.permohonan = p.id AND b.code = 'card_photo' AND length(h.image) > 0)
                       OR EXISTS (SELECT 1 FROM card_data d WHERE d.permohonan = p.id
                                    AND length(d.portrait) + length(d.signature) > 0)
                       OR EXISTS (SELECT 1 FROM card_finger f WHERE f.permohonan = p.id)
                       OR EXISTS (SELECT 1 FROM handover_try t WHERE t.permohonan = p.id AND length(t.image) > 0)
                       OR EXISTS (SELECT 1 FROM handover h WHERE h.permohonan = p.id AND length(h.chip_photo) > 0)
                       OR EXISTS (SELECT 1 FROM document d WHERE d.permohonan = p.id AND {HOLDS_FACE}))
                   ORDER BY p.id"
        );
        many(self.conn, "find what may be purged", &sql, [before_ms], |row| permohonan_id(row, 0))
    }

    /// Returns everything that was not acknowledged yet, urgent first, then oldest first.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn outbox(&self) -> Result<Vec<OutboxRow>> {
        let sql =
            format!("SELECT {COLUMNS} FROM outbox WHERE state <> 'acked' ORDER BY priority DESC, packet");
        many(self.conn, "read the outbox", &sql, [], row_to_outbox)
    }
}

impl View<'_> {
    /// Returns the newest packets that the centre acknowledged, newest first.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn acknowledged(&self, limit: u32) -> Result<Vec<OutboxRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM outbox WHERE state = 'acked' ORDER BY acked_at DESC, packet DESC LIMIT ?1"
        );
        many(self.conn, "read the receipts", &sql, [limit], row_to_outbox)
    }
}

impl Tx<'_> {
    /// Keeps the state of a packet that is on its way, with the cause that holds it up and the next attempt's time.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`] when it is not in the outbox or acknowledged already; [`crate::Error::Sql`] for
    /// [`OutboxState::Acked`], which needs [`Tx::apply_receipt`].
    pub fn set_outbox(
        &self,
        packet: PacketId,
        state: OutboxState,
        attempts: i64,
        next_ms: i64,
        cause: &str,
    ) -> Result<()> {
        let id = packet.to_string();
        self.seal_content("outbox", &[id.as_bytes(), state.code().as_bytes(), cause.as_bytes()]);
        run_one(
            self.conn,
            "outbox",
            "move a packet in the outbox",
            "UPDATE outbox SET state = ?2, attempts = ?3, next_at = ?4, cause = ?5, refused_at = 0
             WHERE packet = ?1 AND state <> 'acked'",
            params![id, state.code(), attempts, next_ms, cause],
        )
    }

    /// Notes that it was the centre that refused a packet for good, now: how long the pictures of its visit stay counts from here.
    /// Whatever moves the packet afterwards ends it.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`] when it does not stand there as refused; [`crate::Error::Sql`].
    pub fn refused_by_centre(&self, packet: PacketId) -> Result<()> {
        let id = packet.to_string();
        self.seal_content("outbox", &[id.as_bytes(), b"refused_by_centre"]);
        run_one(
            self.conn,
            "outbox",
            "note the centre's refusal",
            "UPDATE outbox SET refused_at = ?2 WHERE packet = ?1 AND state = 'refused'",
            params![id, self.now_ms()],
        )
    }

    /// Applies a receipt that the caller has verified. Twice is the same as once; it is kept for ever.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`], [`crate::Error::Sql`] for an empty receipt or an unknown `path`.
    pub fn apply_receipt(&self, packet: PacketId, receipt: &Receipt) -> Result<()> {
        let id = packet.to_string();
        self.seal_content("outbox", &[id.as_bytes(), b"acked", &receipt.cms]);
        run_one(
            self.conn,
            "outbox",
            "apply a receipt",
            "UPDATE outbox SET state = 'acked', cause = '', receipt = ?2,
                    acked_at = CASE acked_at WHEN 0 THEN ?3 ELSE acked_at END WHERE packet = ?1",
            params![id, receipt.cms, self.now_ms()],
        )?;
        run(
            self.conn,
            "keep a receipt",
            "INSERT INTO receipt (packet, cms, received_at, path, applied_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (packet) DO NOTHING",
            params![id, receipt.cms, receipt.received_ms, receipt.path, self.now_ms()],
        )
        .map(drop)
    }

    /// Puts an acknowledged packet back into the outbox, because the centre has lost it. Its receipts stay.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`], [`crate::Error::Sql`].
    pub fn offer_again(&self, packet: PacketId) -> Result<()> {
        let id = packet.to_string();
        self.seal_content("outbox", &[id.as_bytes(), b"waiting"]);
        run_one(
            self.conn,
            "outbox",
            "offer a packet again",
            "UPDATE outbox SET state = 'waiting', attempts = 0, next_at = 0, wait_ms = 0, cause = '', acked_at = 0
             WHERE packet = ?1",
            [&id],
        )?;
        run(
            self.conn,
            "offer a packet again",
            "UPDATE packet_part SET location = '', sent = 0 WHERE packet = ?1",
            [&id],
        )
        .map(drop)
    }

    /// Says that the sealed files of a received packet are gone from this disk; digests and receipt stay.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`] without a receipt; [`crate::Error::Sql`].
    pub fn purge_parts(&self, packet: PacketId) -> Result<()> {
        let id = packet.to_string();
        self.seal_content("packet_part", &[id.as_bytes(), b"purged"]);
        run_one(
            self.conn,
            "receipt",
            "purge a packet's parts",
            "UPDATE packet_part SET path = '' WHERE packet = ?1
               AND EXISTS (SELECT 1 FROM receipt WHERE packet = ?1)
               AND EXISTS (SELECT 1 FROM outbox WHERE packet = ?1 AND state = 'acked')",
            [id],
        )
    }
}

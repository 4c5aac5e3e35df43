//! Packets on their way. One leaves only on a verified receipt.

use super::{codes, many, one, packet_id, run_one};
use crate::{Result, Tx, View};
use domain::ids::PacketId;
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
    /// Higher goes first.
    pub priority: i64,
    /// Attempts so far.
    pub attempts: i64,
    /// Not before, UTC milliseconds.
    pub next_ms: i64,
    /// Code of what holds it up; empty when nothing does.
    pub cause: String,
    /// Receipt verified, UTC milliseconds; 0 when not yet.
    pub acked_ms: i64,
}

const COLUMNS: &str = "packet, state, priority, attempts, next_at, cause, acked_at";

fn row_to_outbox(row: &Row<'_>) -> rusqlite::Result<OutboxRow> {
    Ok(OutboxRow {
        packet: packet_id(row, 0)?,
        state: OutboxState::column(row, 1)?,
        priority: row.get(2)?,
        attempts: row.get(3)?,
        next_ms: row.get(4)?,
        cause: row.get(5)?,
        acked_ms: row.get(6)?,
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
            "UPDATE outbox SET state = ?2, attempts = ?3, next_at = ?4, cause = ?5 WHERE packet = ?1 AND state <> 'acked'",
            params![id, state.code(), attempts, next_ms, cause],
        )
    }

    /// Applies a receipt that the caller has verified. Twice is the same as once.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`], [`crate::Error::Sql`] for an empty receipt.
    pub fn apply_receipt(&self, packet: PacketId, receipt: &[u8]) -> Result<()> {
        let id = packet.to_string();
        self.seal_content("outbox", &[id.as_bytes(), b"acked", receipt]);
        run_one(
            self.conn,
            "outbox",
            "apply a receipt",
            "UPDATE outbox SET state = 'acked', cause = '', receipt = ?2,
                    acked_at = CASE acked_at WHEN 0 THEN ?3 ELSE acked_at END WHERE packet = ?1",
            params![id, receipt, self.now_ms()],
        )
    }
}

//! History of the exchange with the centre, and how far uploads have come. Bookkeeping, not deeds.

use super::{many, run, run_one};
use crate::{Ledger, Result, View};
use domain::ids::PacketId;
use rusqlite::params;

/// One exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncRun {
    /// Began, UTC milliseconds.
    pub began_ms: i64,
    /// Ended, UTC milliseconds.
    pub ended_ms: i64,
    /// `network` or `courier`.
    pub path: String,
    /// What ended it early; empty when it came to its end.
    pub cause: String,
    /// Packets whose receipt came and was verified.
    pub packets: i64,
    /// Bytes of sealed parts that were sent.
    pub bytes: i64,
    /// Changes of the centre's feed that were applied.
    pub changes: i64,
}

impl View<'_> {
    /// Returns the newest exchanges, newest first.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn sync_runs(&self, limit: u32) -> Result<Vec<SyncRun>> {
        let sql = "SELECT began_at, ended_at, path, cause, packets, bytes, changes FROM sync_run
                   ORDER BY id DESC LIMIT ?1";
        many(self.conn, "read the history of sync", sql, [limit], |row| {
            Ok(SyncRun {
                began_ms: row.get(0)?,
                ended_ms: row.get(1)?,
                path: row.get(2)?,
                cause: row.get(3)?,
                packets: row.get(4)?,
                bytes: row.get(5)?,
                changes: row.get(6)?,
            })
        })
    }
}

impl Ledger<'_> {
    /// Adds one exchange to the history.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn add_sync_run(&self, done: &SyncRun) -> Result<()> {
        run(
            self.conn,
            "keep the history of sync",
            "INSERT INTO sync_run (began_at, ended_at, path, cause, packets, bytes, changes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                done.began_ms,
                done.ended_ms,
                done.path,
                done.cause,
                done.packets,
                done.bytes,
                done.changes
            ],
        )
        .map(drop)
    }

    /// Keeps how far a part's upload has come; an empty `location` begins it again.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`], [`crate::Error::Sql`] when `sent` is beyond the part's length.
    pub fn set_part_progress(&self, packet: PacketId, part: &str, location: &str, sent: i64) -> Result<()> {
        run_one(
            self.conn,
            "packet_part",
            "keep an upload's progress",
            "UPDATE packet_part SET location = ?3, sent = ?4 WHERE packet = ?1 AND part = ?2",
            params![packet.to_string(), part, location, sent],
        )
    }

    /// Keeps what holds a packet up and when it is tried again; an empty cause and zeros when nothing does.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`] when it is not in the outbox or acknowledged; [`crate::Error::Sql`].
    pub fn set_attempt(
        &self,
        packet: PacketId,
        attempts: i64,
        next_ms: i64,
        wait_ms: i64,
        cause: &str,
    ) -> Result<()> {
        run_one(
            self.conn,
            "outbox",
            "keep an attempt",
            "UPDATE outbox SET attempts = ?2, next_at = ?3, wait_ms = ?4, cause = ?5
             WHERE packet = ?1 AND state <> 'acked'",
            params![packet.to_string(), attempts, next_ms, wait_ms, cause],
        )
    }
}

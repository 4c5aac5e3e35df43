//! The mirror of the centre's statuses: append-only, unknown values kept as they came.

use super::{many, one, run};
use crate::masked::masked;
use crate::{Ledger, Result, Tx, View};
use rusqlite::params;

/// One status as the centre reported it.
#[derive(Clone, PartialEq, Eq)]
pub struct CentralStatusRow {
    /// Whose.
    pub nik: String,
    /// The centre's text, unchanged.
    pub status: String,
    /// As of when the centre says so, UTC milliseconds.
    pub as_of_ms: i64,
    /// When it came here, UTC milliseconds; set by the store.
    pub received_ms: i64,
    /// By which way: sync, courier, look-up, typed in.
    pub source: String,
    /// The packet that the centre speaks of; empty when it speaks of the NIK alone.
    pub packet: String,
    /// What the centre adds, for example why it refuses; its own words.
    pub detail: String,
}
masked!(CentralStatusRow: status, as_of_ms, source);

impl View<'_> {
    /// Returns the history of one NIK, newest first; the first is the mirror's present answer.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn central_statuses(&self, nik: &str) -> Result<Vec<CentralStatusRow>> {
        self.statuses_where("nik = ?1", nik)
    }

    /// Returns the history of one packet, newest first.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn central_statuses_of(&self, packet: domain::ids::PacketId) -> Result<Vec<CentralStatusRow>> {
        self.statuses_where("packet <> '' AND packet = ?1", &packet.to_string())
    }

    fn statuses_where(&self, condition: &str, value: &str) -> Result<Vec<CentralStatusRow>> {
        let sql = format!(
            "SELECT nik, status, as_of, received_at, source, packet, detail FROM central_status
             WHERE {condition} ORDER BY as_of DESC, id DESC"
        );
        many(self.conn, "read central statuses", &sql, [value], |row| {
            Ok(CentralStatusRow {
                nik: row.get(0)?,
                status: row.get(1)?,
                as_of_ms: row.get(2)?,
                received_ms: row.get(3)?,
                source: row.get(4)?,
                packet: row.get(5)?,
                detail: row.get(6)?,
            })
        })
    }

    /// Returns where the change feed stands, in the centre's own words; `None` before the first answer.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn change_cursor(&self) -> Result<Option<String>> {
        one(self.conn, "read the cursor", "SELECT cursor FROM sync_cursor WHERE id = 1", [], |row| row.get(0))
    }

    /// Returns until when everything that the centre's feed had to say is here, UTC milliseconds; `None` when nobody knows.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn feed_whole_ms(&self) -> Result<Option<i64>> {
        let sql = "SELECT whole_at FROM sync_cursor WHERE id = 1 AND whole_at > 0";
        one(self.conn, "read how far the feed is whole", sql, [], |row| row.get(0))
    }
}

impl Ledger<'_> {
    /// Keeps until when the feed is whole, UTC milliseconds. Nothing before its first answer: then nothing of it is here.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn feed_is_whole(&self, at_ms: i64) -> Result<()> {
        let sql = "UPDATE sync_cursor SET whole_at = ?1 WHERE id = 1";
        run(self.conn, "keep how far the feed is whole", sql, [at_ms]).map(drop)
    }
}

impl View<'_> {
    /// Returns the newest notices of the centre, newest first: body as it came (JSON), received (UTC milliseconds).
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn newest_central_notices(&self, limit: u32) -> Result<Vec<(String, i64)>> {
        let sql = "SELECT body, received_at FROM central_notice ORDER BY id DESC LIMIT ?1";
        many(self.conn, "read the notices of the centre", sql, [limit], |row| Ok((row.get(0)?, row.get(1)?)))
    }
}

impl View<'_> {
    /// Says whether this very line of the centre is kept already.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn has_central_notice(&self, line_json: &str) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM central_notice WHERE body = ?1)";
        let found = one(self.conn, "look for a notice", sql, [line_json], |row| row.get(0))?;
        Ok(found.unwrap_or(false))
    }
}

impl Tx<'_> {
    /// Adds one reported status; `received_ms` of the argument is ignored. Answers whether it is new: a change that came
    /// before, by whichever way, is not added again.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn add_central_status(&self, row: &CentralStatusRow) -> Result<bool> {
        self.seal_content(
            "central_status",
            &[
                row.nik.as_bytes(),
                row.status.as_bytes(),
                &row.as_of_ms.to_be_bytes(),
                row.source.as_bytes(),
                row.packet.as_bytes(),
                row.detail.as_bytes(),
            ],
        );
        let added = run(
            self.conn,
            "mirror a central status",
            "INSERT INTO central_status (nik, status, as_of, received_at, source, packet, detail)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (packet, as_of, status, detail) WHERE packet <> '' DO NOTHING",
            params![row.nik, row.status, row.as_of_ms, self.now_ms(), row.source, row.packet, row.detail],
        )?;
        Ok(added == 1)
    }

    /// Keeps a line of the feed that is no status, also of a kind that this program does not know; the same line is kept
    /// once.
    ///
    /// # Errors
    /// [`crate::Error::Sql`], also when `line_json` is not JSON.
    pub fn add_central_notice(&self, line_json: &str, source: &str) -> Result<()> {
        self.seal_content("central_notice", &[line_json.as_bytes(), source.as_bytes()]);
        run(
            self.conn,
            "keep a notice of the centre",
            "INSERT INTO central_notice (body, received_at, source) VALUES (?1, ?2, ?3) ON CONFLICT (body) DO NOTHING",
            params![line_json, self.now_ms(), source],
        )
        .map(drop)
    }

    /// Moves the cursor of the change feed, in the transaction that applies the rows.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn move_cursor(&self, cursor: &str) -> Result<()> {
        self.seal_content("sync_cursor", &[cursor.as_bytes()]);
        run(
            self.conn,
            "move the cursor",
            "INSERT INTO sync_cursor (id, cursor, moved_at) VALUES (1, ?1, ?2)
             ON CONFLICT (id) DO UPDATE SET cursor = ?1, moved_at = ?2",
            params![cursor, self.now_ms()],
        )
        .map(drop)
    }
}

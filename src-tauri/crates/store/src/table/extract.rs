//! What has arrived of an extract of residents, and when the centre was asked for it. Bookkeeping, not deeds.

use super::{many, one, run};
use crate::{Ledger, Result, View};
use rusqlite::params;

/// How far the download of an extract has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExtractProgress {
    /// The centre's name for the version that is being fetched; empty when nothing is.
    pub tag: String,
    /// Bytes of the extract that are here, from 0 to `total`.
    pub have: i64,
    /// Bytes of the whole extract, as the centre announced it.
    pub total: i64,
}

/// When the centre was asked for its extract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExtractCheck {
    /// Asked last, UTC milliseconds; 0 when never.
    pub checked_ms: i64,
    /// Known to be current then, UTC milliseconds; 0 when never.
    pub current_ms: i64,
}

impl View<'_> {
    /// How far the download has come.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn extract_progress(&self) -> Result<ExtractProgress> {
        let sql = "SELECT max(tag), sum(length(body)), max(total) FROM extract_piece HAVING count(*) > 0";
        let found = one(self.conn, "read the download of residents", sql, [], |row| {
            Ok(ExtractProgress { tag: row.get(0)?, have: row.get(1)?, total: row.get(2)? })
        })?;
        Ok(found.unwrap_or_default())
    }

    /// The bytes that are here, in their order.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn extract_bytes(&self) -> Result<Vec<u8>> {
        // Held once: a kabupaten has hundreds of megabytes.
        let have = usize::try_from(self.extract_progress()?.have).unwrap_or(0);
        let mut bytes = Vec::with_capacity(have);
        let sql = "SELECT body FROM extract_piece ORDER BY start";
        many(self.conn, "read the download of residents", sql, [], |row| {
            bytes.extend_from_slice(&row.get::<_, Vec<u8>>(0)?);
            Ok(())
        })?;
        Ok(bytes)
    }

    /// The first piece; empty when none is here.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn extract_beginning(&self) -> Result<Vec<u8>> {
        let sql = "SELECT body FROM extract_piece WHERE start = 0";
        let found = one(self.conn, "read the download of residents", sql, [], |row| row.get(0))?;
        Ok(found.unwrap_or_default())
    }

    /// When the centre was asked for its extract.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn extract_check(&self) -> Result<ExtractCheck> {
        let sql = "SELECT checked_at, current_at FROM extract_check";
        let found = one(self.conn, "read when residents were asked for", sql, [], |row| {
            Ok(ExtractCheck { checked_ms: row.get(0)?, current_ms: row.get(1)? })
        })?;
        Ok(found.unwrap_or_default())
    }

    /// The newest version of the centre's extract that is here; 0 when none came from a centre.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn extract_version(&self) -> Result<u64> {
        let sql = "SELECT coalesce(max(version), 0) FROM resident_extract";
        let found: Option<i64> =
            one(self.conn, "read the version of the extract", sql, [], |row| row.get(0))?;
        Ok(found.unwrap_or(0).unsigned_abs())
    }
}

impl Ledger<'_> {
    /// Keeps one piece of a download, that begins at byte `start`.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn add_extract_piece(&self, tag: &str, start: i64, total: i64, body: &[u8]) -> Result<()> {
        run(
            self.conn,
            "keep a piece of the residents",
            "INSERT INTO extract_piece (start, tag, total, body) VALUES (?1, ?2, ?3, ?4)",
            params![start, tag, total, body],
        )
        .map(drop)
    }

    /// Throws the pieces away: they were imported, or belong to a version that is gone.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn drop_extract_pieces(&self) -> Result<()> {
        run(self.conn, "clear the pieces of the residents", "DELETE FROM extract_piece WHERE start >= 0", [])
            .map(drop)
    }

    /// Asks the centre again with the next exchange; since when the residents are current stays known.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn forget_extract_check(&self) -> Result<()> {
        run(self.conn, "ask for residents again", "UPDATE extract_check SET checked_at = 0 WHERE id = 1", [])
            .map(drop)
    }

    /// Notes that the centre was asked, and whether what is here was current then.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn note_extract_check(&self, current: bool) -> Result<()> {
        let now = self.now_ms();
        run(
            self.conn,
            "note when residents were asked for",
            "INSERT INTO extract_check (id, checked_at, current_at) VALUES (1, ?1, ?2)
             ON CONFLICT (id) DO UPDATE SET checked_at = ?1,
                current_at = CASE WHEN ?2 > 0 THEN ?2 ELSE current_at END",
            params![now, if current { now } else { 0 }],
        )
        .map(drop)
    }
}

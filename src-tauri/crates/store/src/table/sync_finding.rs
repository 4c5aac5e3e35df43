//! What a comparison of both sides brought to light: gaps, an old backup on either side, a copied disk.

use super::{many, run};
use crate::{Ledger, Result, View};
use rusqlite::params;

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncFinding {
    /// `gap`, `centre_behind`, `station_behind`, `copied_disk` or `lost`.
    pub kind: String,
    /// Sequence number or packet that it is about.
    pub subject: String,
    /// First found, UTC milliseconds.
    pub found_ms: i64,
    /// Last seen, UTC milliseconds.
    pub seen_ms: i64,
    /// Found to be over, UTC milliseconds; 0 while it stands.
    pub over_ms: i64,
}

impl View<'_> {
    /// Returns all findings, standing ones first.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn sync_findings(&self) -> Result<Vec<SyncFinding>> {
        let sql = "SELECT kind, subject, found_at, seen_at, over_at FROM sync_finding
                   ORDER BY over_at > 0, found_at DESC, kind, subject";
        many(self.conn, "read findings", sql, [], |row| {
            Ok(SyncFinding {
                kind: row.get(0)?,
                subject: row.get(1)?,
                found_ms: row.get(2)?,
                seen_ms: row.get(3)?,
                over_ms: row.get(4)?,
            })
        })
    }
}

impl Ledger<'_> {
    /// Keeps a finding; seen again, it stands again.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn found(&self, kind: &str, subject: &str) -> Result<()> {
        run(
            self.conn,
            "keep a finding",
            "INSERT INTO sync_finding (kind, subject, found_at, seen_at) VALUES (?1, ?2, ?3, ?3)
             ON CONFLICT (kind, subject) DO UPDATE SET seen_at = ?3, over_at = 0",
            params![kind, subject, self.now_ms()],
        )
        .map(drop)
    }

    /// Says that a finding is over, when it stands.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn is_over(&self, kind: &str, subject: &str) -> Result<()> {
        run(
            self.conn,
            "end a finding",
            "UPDATE sync_finding SET over_at = ?3 WHERE kind = ?1 AND subject = ?2 AND over_at = 0",
            params![kind, subject, self.now_ms()],
        )
        .map(drop)
    }
}

//! What a comparison of both sides brought to light: gaps, an old backup on either side, a copied disk.

use super::{many, run};
use crate::{Ledger, Result, Tx, View};
use rusqlite::{Connection, params};

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
        end(self.conn, kind, subject, self.now_ms())
    }
}

impl Tx<'_> {
    /// As [`Ledger::is_over`], in the act that does what the finding asks for: a cut leaves neither without the other.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn finding_is_over(&self, kind: &str, subject: &str) -> Result<()> {
        self.seal_content("sync_finding", &[kind.as_bytes(), subject.as_bytes()]);
        end(self.conn, kind, subject, self.now_ms())
    }
}

fn end(conn: &Connection, kind: &str, subject: &str, now_ms: i64) -> Result<()> {
    let sql = "UPDATE sync_finding SET over_at = ?3 WHERE kind = ?1 AND subject = ?2 AND over_at = 0";
    run(conn, "end a finding", sql, params![kind, subject, now_ms]).map(drop)
}

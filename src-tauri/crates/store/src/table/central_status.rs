//! The mirror of the centre's statuses: append-only, unknown values kept as they came.

use super::{many, run};
use crate::masked::masked;
use crate::{Result, Tx, View};
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
}
masked!(CentralStatusRow: status, as_of_ms, source);

impl View<'_> {
    /// Returns the history of one NIK, newest first; the first is the mirror's present answer.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn central_statuses(&self, nik: &str) -> Result<Vec<CentralStatusRow>> {
        let sql = "SELECT nik, status, as_of, received_at, source FROM central_status
                   WHERE nik = ?1 ORDER BY as_of DESC, id DESC";
        many(self.conn, "read central statuses", sql, [nik], |row| {
            Ok(CentralStatusRow {
                nik: row.get(0)?,
                status: row.get(1)?,
                as_of_ms: row.get(2)?,
                received_ms: row.get(3)?,
                source: row.get(4)?,
            })
        })
    }
}

impl Tx<'_> {
    /// Adds one reported status; `received_ms` of the argument is ignored.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn add_central_status(&self, row: &CentralStatusRow) -> Result<()> {
        self.seal_content(
            "central_status",
            &[row.nik.as_bytes(), row.status.as_bytes(), &row.as_of_ms.to_be_bytes(), row.source.as_bytes()],
        );
        run(
            self.conn,
            "mirror a central status",
            "INSERT INTO central_status (nik, status, as_of, received_at, source) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![row.nik, row.status, row.as_of_ms, self.now_ms(), row.source],
        )
        .map(drop)
    }
}

//! NIKs known to be recorded already, to warn before somebody is recorded twice.

use super::{one, run};
use crate::{Result, Tx, View};
use rusqlite::params;

impl View<'_> {
    /// Returns when and from which source (`station`, `centre`, `card`, `extract`) a NIK is known as recorded.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn recorded_nik(&self, nik: &str) -> Result<Option<(i64, String)>> {
        let sql = "SELECT recorded_at, source FROM recorded_nik WHERE nik = ?1";
        one(self.conn, "read a recorded NIK", sql, [nik], |row| Ok((row.get(0)?, row.get(1)?)))
    }
}

impl Tx<'_> {
    /// Notes a NIK as recorded; the first source stays.
    ///
    /// # Errors
    /// [`crate::Error::Sql`], also for an unknown source.
    pub fn add_recorded_nik(&self, nik: &str, source: &str) -> Result<()> {
        self.seal_content("recorded_nik", &[nik.as_bytes(), source.as_bytes()]);
        run(
            self.conn,
            "note a recorded NIK",
            "INSERT INTO recorded_nik (nik, recorded_at, source) VALUES (?1, ?2, ?3) ON CONFLICT (nik) DO NOTHING",
            params![nik, self.now_ms(), source],
        )
        .map(drop)
    }
}

//! What the database is: whose, and whether it is for training.

use super::{one, run};
use crate::{Error, Result, Tx, View};
use rusqlite::params;

/// The one row of `meta`; written once, when the database is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// Station code, may be empty until activation (then it stands in the settings).
    pub station: String,
    /// A training database never becomes a real one.
    pub training: bool,
    /// When it was made, UTC milliseconds.
    pub created_ms: i64,
}

impl View<'_> {
    /// Returns what the database is.
    ///
    /// # Errors
    /// [`Error::Sql`], [`Error::NoSuchRow`] when making it was interrupted.
    pub fn meta(&self) -> Result<Meta> {
        one(self.conn, "read meta", "SELECT station, training, created_at FROM meta", [], |row| {
            Ok(Meta { station: row.get(0)?, training: row.get(1)?, created_ms: row.get(2)? })
        })?
        .ok_or(Error::NoSuchRow { table: "meta" })
    }
}

impl Tx<'_> {
    pub(crate) fn set_meta(&self, station: &str, training: bool) -> Result<()> {
        self.seal_content("meta", &[station.as_bytes(), &[u8::from(training)]]);
        run(
            self.conn,
            "write meta",
            "INSERT INTO meta (id, station, training, created_at) VALUES (1, ?1, ?2, ?3)",
            params![station, training, self.now_ms()],
        )
        .map(drop)
    }
}

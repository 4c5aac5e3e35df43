//! Places of the register that were written down, to notice when its end is cut off.

use super::{many, run};
use crate::register::{hash32, row_number};
use crate::{Result, Tx, View};
use domain::register::Checkpoint;
use rusqlite::params;

impl View<'_> {
    /// Returns the checkpoints, oldest first.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn checkpoints(&self) -> Result<Vec<Checkpoint>> {
        many(self.conn, "read the checkpoints", "SELECT seq, hash FROM checkpoint ORDER BY id", [], |row| {
            Ok(Checkpoint { row: row_number(row, 0)?, hash: hash32(row, 1)? })
        })
    }
}

impl Tx<'_> {
    /// Writes down the last line before this act, with evidence of where else it was put (a signed packet, a receipt).
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`] while the register is empty; [`crate::Error::Sql`].
    pub fn add_checkpoint(&self, evidence: &[u8]) -> Result<Checkpoint> {
        let head = self.register_head()?.ok_or(crate::Error::NoSuchRow { table: "register" })?;
        self.seal_content("checkpoint", &[&head.row.to_be_bytes(), head.hash.bytes(), evidence]);
        run(
            self.conn,
            "make a checkpoint",
            "INSERT INTO checkpoint (seq, hash, made_at, evidence) VALUES (?1, ?2, ?3, ?4)",
            params![head.row.cast_signed(), &head.hash.bytes()[..], self.now_ms(), evidence],
        )?;
        Ok(head)
    }
}

//! From when the permit to sign in without the centre counts: bookkeeping, not a deed.

use super::{one, run};
use crate::{Ledger, Result, View};

impl View<'_> {
    /// Returns from when the permit counts, UTC milliseconds; `None` before a centre has given one.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn permit_from_ms(&self) -> Result<Option<i64>> {
        let sql = "SELECT counts_from FROM permit WHERE id = 1";
        one(self.conn, "read the permit", sql, [], |row| row.get(0))
    }
}

impl Ledger<'_> {
    /// Keeps from when the permit counts, UTC milliseconds.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn permit_counts_from(&self, at_ms: i64) -> Result<()> {
        let sql = "INSERT INTO permit (id, counts_from) VALUES (1, ?1)
                   ON CONFLICT (id) DO UPDATE SET counts_from = ?1";
        run(self.conn, "keep the permit", sql, [at_ms]).map(drop)
    }
}

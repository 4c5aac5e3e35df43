//! Numbers that are never given twice: tickets of a day, packet sequences.

use super::returned;
use crate::{Result, Tx};

impl Tx<'_> {
    /// Returns the next ticket number of `day` (local civil date, `YYYY-MM-DD`), from 1.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn next_ticket(&self, day: &str) -> Result<u32> {
        returned(
            self.conn,
            "give a ticket number",
            "INSERT INTO ticket_counter (day, last) VALUES (?1, 1)
             ON CONFLICT (day) DO UPDATE SET last = last + 1 RETURNING last",
            [day],
            |row| row.get(0),
        )
    }

    /// Returns the next number of the named sequence: 1 when it was never counted, else one above the last, without gaps (a
    /// number comes back when its act fails). `packet` begins higher where the centre knows earlier numbers
    /// ([`Tx::skip_sequences`]).
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn next_sequence(&self, name: &str) -> Result<i64> {
        returned(
            self.conn,
            "give a sequence number",
            "INSERT INTO sequence (name, last) VALUES (?1, 1)
             ON CONFLICT (name) DO UPDATE SET last = last + 1 RETURNING last",
            [name],
            |row| row.get(0),
        )
    }
}

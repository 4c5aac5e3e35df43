//! Numbers that are never given twice: tickets of a day, packet sequences.

use super::one;
use crate::{Error, Result, Tx};

impl Tx<'_> {
    /// Returns the next ticket number of `day` (local civil date, `YYYY-MM-DD`), from 1.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn next_ticket(&self, day: &str) -> Result<u32> {
        one(
            self.conn,
            "give a ticket number",
            "INSERT INTO ticket_counter (day, last) VALUES (?1, 1)
             ON CONFLICT (day) DO UPDATE SET last = last + 1 RETURNING last",
            [day],
            |row| row.get(0),
        )?
        .ok_or(Error::NoSuchRow { table: "ticket_counter" })
    }

    /// Returns the next number of the named sequence (for example `packet`), from 1, without gaps.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn next_sequence(&self, name: &str) -> Result<i64> {
        one(
            self.conn,
            "give a sequence number",
            "INSERT INTO sequence (name, last) VALUES (?1, 1)
             ON CONFLICT (name) DO UPDATE SET last = last + 1 RETURNING last",
            [name],
            |row| row.get(0),
        )?
        .ok_or(Error::NoSuchRow { table: "sequence" })
    }
}

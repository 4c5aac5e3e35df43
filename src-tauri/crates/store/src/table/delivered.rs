//! Digests of the records that devices delivered and the station took: none of them is taken a second time.

use super::{many, run};
use crate::{Error, Result, Tx, View};

/// SHA-256 of a record, byte for byte as the device sent it.
pub type Digest = [u8; 32];

impl View<'_> {
    /// Returns the newest `most` digests, the oldest of them first.
    ///
    /// # Errors
    /// [`Error::Sql`]; [`Error::Stored`] for one of another length.
    pub fn delivered(&self, most: usize) -> Result<Vec<Digest>> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let sql = "SELECT sha256 FROM delivered ORDER BY id DESC LIMIT ?1";
        let mut rows: Vec<Vec<u8>> =
            many(self.conn, "read what devices delivered", sql, [most], |row| row.get(0))?;
        rows.reverse();
        let digest =
            |row: Vec<u8>| row.try_into().map_err(|_| Error::Stored { table: "delivered", column: "sha256" });
        rows.into_iter().map(digest).collect()
    }
}

impl Tx<'_> {
    /// Keeps the digests of records that are taken in this act; one that is known already stays where it is.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn add_delivered(&self, digests: &[Digest]) -> Result<()> {
        for digest in digests {
            self.seal_content("delivered", &[digest.as_slice()]);
            let sql = "INSERT INTO delivered (sha256) VALUES (?1) ON CONFLICT (sha256) DO NOTHING";
            run(self.conn, "keep what a device delivered", sql, [digest.as_slice()])?;
        }
        Ok(())
    }
}

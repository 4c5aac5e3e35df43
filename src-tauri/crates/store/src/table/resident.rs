//! Residents of the station's own wilayah: exact look-ups. Names are searched in `residents`.

use super::{many, one};
use crate::masked::masked;
use crate::{Result, View};
use rusqlite::Row;

/// One resident of the extract.
#[derive(Clone, PartialEq, Eq)]
pub struct Resident {
    /// Row.
    pub id: i64,
    /// NIK.
    pub nik: String,
    /// Family card number.
    pub kk: String,
    /// Name as in the extract.
    pub name: String,
    /// The extract's line, whole, as JSON.
    pub data_json: String,
}
masked!(Resident: id);

/// One extract that was imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResidentExtract {
    /// Row.
    pub id: i64,
    /// Wilayah code.
    pub wilayah: String,
    /// As the extract says; ISO 8601.
    pub taken_at: String,
    /// Number of residents.
    pub count: i64,
    /// SHA-256 of its signature file, in hex.
    pub signer: String,
    /// Imported, UTC milliseconds.
    pub imported_ms: i64,
    /// The centre's version; 0 of a file that somebody brought.
    pub version: u64,
}

pub(crate) fn row_to_resident(row: &Row<'_>) -> rusqlite::Result<Resident> {
    Ok(Resident {
        id: row.get(0)?,
        nik: row.get(1)?,
        kk: row.get(2)?,
        name: row.get(3)?,
        data_json: row.get(4)?,
    })
}

impl View<'_> {
    /// Returns the residents with this NIK: none, one, or more when two extracts overlap; the newest first.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn resident_by_nik(&self, nik: &str) -> Result<Vec<Resident>> {
        let sql = "SELECT id, nik, kk, name, data FROM resident WHERE nik = ?1 ORDER BY id DESC";
        many(self.conn, "look up a NIK", sql, [nik], row_to_resident)
    }

    /// Returns the members of one family card in the extract's order.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn residents_by_kk(&self, kk: &str) -> Result<Vec<Resident>> {
        let sql = "SELECT id, nik, kk, name, data FROM resident WHERE kk = ?1 ORDER BY id";
        many(self.conn, "look up a family card", sql, [kk], row_to_resident)
    }

    pub(crate) fn resident(&self, id: i64) -> Result<Option<Resident>> {
        let sql = "SELECT id, nik, kk, name, data FROM resident WHERE id = ?1";
        one(self.conn, "read a resident", sql, [id], row_to_resident)
    }

    /// Returns the imported extracts by wilayah.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn resident_extracts(&self) -> Result<Vec<ResidentExtract>> {
        let sql = "SELECT id, wilayah, taken_at, count, signer, imported_at, version FROM resident_extract ORDER BY wilayah";
        many(self.conn, "read the extracts", sql, [], row_to_extract)
    }

    /// Returns the extract that the record of a NIK comes from: of the row that [`Self::resident_by_nik`] names first.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn extract_of(&self, nik: &str) -> Result<Option<ResidentExtract>> {
        let sql =
            "SELECT e.id, e.wilayah, e.taken_at, e.count, e.signer, e.imported_at, e.version FROM resident r
                   JOIN resident_extract e ON e.id = r.extract WHERE r.nik = ?1 ORDER BY r.id DESC LIMIT 1";
        one(self.conn, "read the extract of a NIK", sql, [nik], row_to_extract)
    }
}

fn row_to_extract(row: &Row<'_>) -> rusqlite::Result<ResidentExtract> {
    Ok(ResidentExtract {
        id: row.get(0)?,
        wilayah: row.get(1)?,
        taken_at: row.get(2)?,
        count: row.get(3)?,
        signer: row.get(4)?,
        imported_ms: row.get(5)?,
        version: row.get::<_, i64>(6)?.unsigned_abs(),
    })
}

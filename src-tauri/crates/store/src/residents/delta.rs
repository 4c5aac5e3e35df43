//! What changed among the residents since an extract was taken; applied in the transaction that moves the cursor.

use super::index;
use crate::{Result, Tx, table};
use rusqlite::params;

/// One resident that is new or changed.
#[derive(Clone)]
pub struct ResidentUpsert {
    /// NIK.
    pub nik: String,
    /// Family card number.
    pub kk: String,
    /// Name.
    pub name: String,
    /// The whole line, as JSON.
    pub data_json: String,
}
crate::masked::masked!(ResidentUpsert:);

impl Tx<'_> {
    /// Applies one delta to the extract of `wilayah`; false when there is none of the centre, or it holds the version. What an
    /// extract of a part of `wilayah` says of the same people goes, and what one around it says of them as living in `wilayah`:
    /// the centre's word of now is about them too. Call [`Self::outdate_name_index`] once after the last one.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn apply_residents(
        &self,
        wilayah: &str,
        version: u64,
        upsert: &[ResidentUpsert],
        remove: &[String],
    ) -> Result<bool> {
        let operation = "apply changed residents";
        let sql = "SELECT id FROM resident_extract WHERE wilayah = ?1 AND version > 0 AND version < ?2";
        let found: Option<i64> =
            table::one(self.conn, operation, sql, params![wilayah, version.cast_signed()], |row| row.get(0))?;
        let Some(extract) = found else { return Ok(false) };
        self.seal_content("resident", &[wilayah.as_bytes(), &version.to_be_bytes()]);
        let delete = |nik: &str| {
            let sql = "DELETE FROM resident WHERE nik = ?1 AND extract IN
                (SELECT id FROM resident_extract WHERE id = ?2 OR substr(wilayah, 1, length(?3) + 1) = ?3 || '.'
                    OR substr(?3, 1, length(wilayah) + 1) = wilayah || '.'
                       AND substr(json_extract(data, '$.kode_wilayah') || '.', 1, length(?3) + 1) = ?3 || '.')";
            table::run(self.conn, operation, sql, params![nik, extract, wilayah])
        };
        for gone in remove {
            delete(gone)?;
        }
        for one in upsert {
            delete(&one.nik)?;
            table::run(
                self.conn,
                operation,
                "INSERT INTO resident (extract, nik, kk, name, data) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![extract, one.nik, one.kk, one.name, one.data_json],
            )?;
        }
        Ok(true)
    }

    /// Says that residents changed since the name index was built. [`crate::Store::refresh_names`] builds the next one once the act
    /// has ended.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn outdate_name_index(&self) -> Result<()> {
        index::outdate(self.conn)
    }
}

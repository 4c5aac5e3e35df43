//! Residents of the station's own wilayah: exact look-ups. Names are searched in `residents`.

use super::{many, one};
use crate::masked::masked;
use crate::{Result, View};
use domain::Timestamp;
use rusqlite::Row;
use serde::Deserialize;

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

impl Resident {
    /// The wilayah that somebody lives in, down to where the line says; without it that of the extract.
    fn domicile(&self, extract: &str) -> String {
        #[derive(Deserialize)]
        struct Line {
            kode_wilayah: String,
        }
        serde_json::from_str(&self.data_json)
            .map_or_else(|_| extract.to_owned(), |line: Line| line.kode_wilayah)
    }
}

/// Whether the wilayah `part` lies in `whole`: `18.13.01` in `18.13`.
pub(crate) fn is_part(part: &str, whole: &str) -> bool {
    part.strip_prefix(whole).is_some_and(|rest| rest.starts_with('.'))
}

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
    /// How young its records are, UTC milliseconds: when it was taken, or, of the centre's newest, the centre's last word that
    /// nothing newer is there. When it was imported, where it does not say.
    pub as_of_ms: i64,
}

fn row_to_resident(row: &Row<'_>) -> rusqlite::Result<Resident> {
    row_to_resident_from(row, 0)
}

/// Reads a resident whose columns begin at `first`.
fn row_to_resident_from(row: &Row<'_>, first: usize) -> rusqlite::Result<Resident> {
    Ok(Resident {
        id: row.get(first)?,
        nik: row.get(first + 1)?,
        kk: row.get(first + 2)?,
        name: row.get(first + 3)?,
        data_json: row.get(first + 4)?,
    })
}

/// Of `resident_extract e`: whether anybody sees it. One that is on its way in or out has a name of its own that begins so, which
/// no wilayah does, and no version.
pub(crate) const SHOWN: &str = "substr(e.wilayah, 1, 1) <> '-'";

/// What [`row_to_extract`] reads of `resident_extract e`. The centre's last word is about its newest version alone: of a file
/// that somebody brought it said nothing.
const EXTRACT: &str = "e.id, e.wilayah, e.taken_at, e.count, e.signer, e.imported_at, e.version,
    CASE WHEN e.version > 0 AND e.version = (SELECT max(version) FROM resident_extract)
         THEN coalesce((SELECT current_at FROM extract_check), 0) ELSE 0 END";

impl View<'_> {
    /// Returns the record of a NIK: where extracts overlap, the one of the extract that is the youngest. None of whom a younger
    /// extract of the wilayah that they live in does not name: they moved away or died.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn resident_by_nik(&self, nik: &str) -> Result<Option<Resident>> {
        Ok(self.youngest(nik)?.map(|(resident, _)| resident))
    }

    /// Returns the members of one family card in the extract's order, each once. Whom a younger record has on another card is
    /// none of them.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn residents_by_kk(&self, kk: &str) -> Result<Vec<Resident>> {
        let sql = "SELECT id, nik, kk, name, data FROM resident WHERE kk = ?1 ORDER BY id";
        let found = many(self.conn, "look up a family card", sql, [kk], row_to_resident)?;
        let mut family = Vec::with_capacity(found.len());
        for one in found {
            if self.is_youngest(&one)? {
                family.push(one);
            }
        }
        Ok(family)
    }

    /// Whether this record of a NIK is the one that counts.
    pub(crate) fn is_youngest(&self, resident: &Resident) -> Result<bool> {
        Ok(self.youngest(&resident.nik)?.is_some_and(|(youngest, _)| youngest.id == resident.id))
    }

    /// The record of a NIK that counts, and its extract. Of two that are equally young the one imported last.
    fn youngest(&self, nik: &str) -> Result<Option<(Resident, ResidentExtract)>> {
        let sql = format!(
            "SELECT {EXTRACT}, r.id, r.nik, r.kk, r.name, r.data FROM resident r
             JOIN resident_extract e ON e.id = r.extract WHERE r.nik = ?1 AND {SHOWN}"
        );
        let found = many(self.conn, "look up a NIK", &sql, [nik], |row| {
            Ok((row_to_resident_from(row, 8)?, row_to_extract(row)?))
        })?;
        let youngest = found.into_iter().max_by_key(|(resident, extract)| (extract.as_of_ms, resident.id));
        let Some((resident, extract)) = youngest else { return Ok(None) };
        let dropped = self.is_dropped(&resident, &extract)?;
        Ok((!dropped).then_some((resident, extract)))
    }

    /// Whether an extract that is younger than every one that names this resident should name them too. Whom the centre's extract
    /// names, its deltas keep current: only the centre's of a part says otherwise.
    fn is_dropped(&self, resident: &Resident, extract: &ResidentExtract) -> Result<bool> {
        let domicile = resident.domicile(&extract.wilayah);
        let speaks = |other: &ResidentExtract| {
            let may = extract.version == 0 || other.version > 0 && is_part(&other.wilayah, &extract.wilayah);
            may && (domicile == other.wilayah || is_part(&domicile, &other.wilayah))
        };
        Ok(self.resident_extracts()?.iter().any(|other| other.as_of_ms > extract.as_of_ms && speaks(other)))
    }

    /// Whether a NIK may stand in more than one extract.
    pub(crate) fn may_overlap(&self) -> Result<bool> {
        let sql = format!("SELECT count(*) > 1 FROM resident_extract e WHERE {SHOWN}");
        Ok(one(self.conn, "count the extracts", &sql, [], |row| row.get(0))?.unwrap_or(false))
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
        let sql = format!("SELECT {EXTRACT} FROM resident_extract e WHERE {SHOWN} ORDER BY e.wilayah");
        many(self.conn, "read the extracts", &sql, [], row_to_extract)
    }

    /// Returns the extract that the record of a NIK comes from: the one that [`Self::resident_by_nik`] answers.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn extract_of(&self, nik: &str) -> Result<Option<ResidentExtract>> {
        Ok(self.youngest(nik)?.map(|(_, extract)| extract))
    }
}

fn row_to_extract(row: &Row<'_>) -> rusqlite::Result<ResidentExtract> {
    let taken_at: String = row.get(2)?;
    let imported_ms: i64 = row.get(5)?;
    let current_ms: i64 = row.get(7)?;
    // One of a program that did not look at it may say anything.
    let taken_ms = taken_at.parse::<Timestamp>().map_or(imported_ms, |taken| taken.as_millisecond());
    Ok(ResidentExtract {
        id: row.get(0)?,
        wilayah: row.get(1)?,
        taken_at,
        count: row.get(3)?,
        signer: row.get(4)?,
        imported_ms,
        version: row.get::<_, i64>(6)?.unsigned_abs(),
        as_of_ms: taken_ms.max(current_ms),
    })
}

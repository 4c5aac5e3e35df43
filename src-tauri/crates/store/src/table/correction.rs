//! What applicants want corrected on cards that were given all the same, until an application takes it up.

use super::{many, one, operator_id, permohonan_id, run, run_one};
use crate::masked::masked;
use crate::{Result, Tx, View};
use domain::ids::{OperatorId, PermohonanId};
use rusqlite::{Row, params};

/// One wanted correction.
#[derive(Clone, PartialEq, Eq)]
pub struct Correction {
    /// The visit whose card was given.
    pub permohonan: PermohonanId,
    /// What is wrong in the applicant's words; personal.
    pub note: String,
    /// Who noted it; `None` when the station did.
    pub operator: Option<OperatorId>,
    /// When, UTC milliseconds.
    pub noted_ms: i64,
    /// The application that takes it up; `None` before there is one, and when that one was cancelled or expired unfinished.
    pub follow_up: Option<PermohonanId>,
    /// When it was handed in or noted as ended, UTC milliseconds; 0 while it is open.
    pub closed_ms: i64,
}
masked!(Correction: permohonan, noted_ms, follow_up, closed_ms);

/// A follow-up that ended before the form was handed in takes nothing up any more.
const SELECT: &str = "SELECT c.permohonan, c.note, c.operator, c.noted_at, coalesce(f.id, ''), c.closed_at
    FROM correction c LEFT JOIN permohonan f
        ON f.id = c.follow_up AND (c.closed_at > 0 OR f.status NOT IN ('cancelled', 'expired'))";

fn row_to_correction(row: &Row<'_>) -> rusqlite::Result<Correction> {
    let follow_up: String = row.get(4)?;
    Ok(Correction {
        permohonan: permohonan_id(row, 0)?,
        note: row.get(1)?,
        operator: operator_id(row, 2)?,
        noted_ms: row.get(3)?,
        follow_up: if follow_up.is_empty() { None } else { Some(permohonan_id(row, 4)?) },
        closed_ms: row.get(5)?,
    })
}

impl View<'_> {
    /// Returns the corrections that nothing has closed, the oldest first.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn open_corrections(&self) -> Result<Vec<Correction>> {
        let sql = format!("{SELECT} WHERE c.closed_at = 0 ORDER BY c.noted_at, c.permohonan");
        many(self.conn, "read the open corrections", &sql, [], row_to_correction)
    }

    /// Returns the correction that was noted at a visit.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn correction(&self, permohonan: PermohonanId) -> Result<Option<Correction>> {
        let sql = format!("{SELECT} WHERE c.permohonan = ?1");
        one(self.conn, "read a correction", &sql, [permohonan.to_string()], row_to_correction)
    }

    /// Returns the correction that an application takes up.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn correction_taken_up_by(&self, follow_up: PermohonanId) -> Result<Option<Correction>> {
        let sql = format!("{SELECT} WHERE c.follow_up = ?1 AND c.follow_up <> ''");
        one(self.conn, "read a correction", &sql, [follow_up.to_string()], row_to_correction)
    }
}

impl Tx<'_> {
    /// Keeps what is to be corrected; noted again, the newer words stand, and it is open again.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn note_correction(&self, permohonan: PermohonanId, note: &str) -> Result<()> {
        let id = permohonan.to_string();
        self.seal_content("correction", &[id.as_bytes(), note.as_bytes()]);
        run(
            self.conn,
            "keep a correction",
            "INSERT INTO correction (permohonan, note, operator, noted_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (permohonan) DO UPDATE SET note = ?2, operator = ?3, noted_at = ?4,
                 follow_up = iif(closed_at > 0, '', follow_up), closed_at = 0",
            params![id, note, self.operator(), self.now_ms()],
        )
        .map(drop)
    }

    /// Says which application takes an open correction up.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`] when none is open there; [`crate::Error::Sql`].
    pub fn take_up_correction(&self, permohonan: PermohonanId, follow_up: PermohonanId) -> Result<()> {
        let (id, by) = (permohonan.to_string(), follow_up.to_string());
        self.seal_content("correction", &[id.as_bytes(), by.as_bytes()]);
        run_one(
            self.conn,
            "correction",
            "take a correction up",
            "UPDATE correction SET follow_up = ?2 WHERE permohonan = ?1 AND closed_at = 0",
            params![id, by],
        )
    }

    /// Closes the correction that this application takes up, if it takes one up.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn hand_in_correction(&self, follow_up: PermohonanId) -> Result<()> {
        let by = follow_up.to_string();
        let sql =
            "UPDATE correction SET closed_at = ?2 WHERE follow_up = ?1 AND follow_up <> '' AND closed_at = 0";
        if run(self.conn, "close a correction", sql, params![by, self.now_ms()])? > 0 {
            self.seal_content("correction", &[b"handed_in", by.as_bytes()]);
        }
        Ok(())
    }

    /// Closes an open correction without an application.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`] when none is open there; [`crate::Error::Sql`].
    pub fn settle_correction(&self, permohonan: PermohonanId) -> Result<()> {
        let id = permohonan.to_string();
        self.seal_content("correction", &[b"settled", id.as_bytes()]);
        run_one(
            self.conn,
            "correction",
            "settle a correction",
            "UPDATE correction SET closed_at = ?2 WHERE permohonan = ?1 AND closed_at = 0",
            params![id, self.now_ms()],
        )
    }
}

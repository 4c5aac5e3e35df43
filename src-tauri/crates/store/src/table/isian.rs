//! The form's fields as they were typed, and every value they ever had.

use super::{many, operator_id, run};
use crate::masked::masked;
use crate::{Result, Tx, View};
use domain::ids::{OperatorId, PermohonanId};
use rusqlite::{Row, params};

/// One field.
#[derive(Clone, PartialEq, Eq)]
pub struct Isian {
    /// The core's word for the field.
    pub unsur: String,
    /// What was typed.
    pub value: String,
    /// When, UTC milliseconds.
    pub saved_ms: i64,
    /// By whom.
    pub operator: Option<OperatorId>,
}
masked!(Isian: unsur, saved_ms);

fn row_to_isian(row: &Row<'_>) -> rusqlite::Result<Isian> {
    Ok(Isian {
        unsur: row.get(0)?,
        value: row.get(1)?,
        saved_ms: row.get(2)?,
        operator: operator_id(row, 3)?,
    })
}

impl View<'_> {
    /// Returns the fields of a visit as they stand, by name.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn isian(&self, permohonan: PermohonanId) -> Result<Vec<Isian>> {
        let sql = "SELECT unsur, value, saved_at, operator FROM isian WHERE permohonan = ?1 ORDER BY unsur";
        many(self.conn, "read the form", sql, [permohonan.to_string()], row_to_isian)
    }

    /// Returns every value that one field had, oldest first.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn isian_riwayat(&self, permohonan: PermohonanId, unsur: &str) -> Result<Vec<Isian>> {
        let sql = "SELECT unsur, value, saved_at, operator FROM isian_riwayat
                   WHERE permohonan = ?1 AND unsur = ?2 ORDER BY id";
        many(self.conn, "read a field's history", sql, params![permohonan.to_string(), unsur], row_to_isian)
    }
}

impl Tx<'_> {
    /// Saves one field and adds it to the history.
    ///
    /// # Errors
    /// [`crate::Error::Sql`], also when there is no such visit.
    pub fn save_isian(&self, permohonan: PermohonanId, unsur: &str, value: &str) -> Result<()> {
        let id = permohonan.to_string();
        self.seal_content("isian", &[id.as_bytes(), unsur.as_bytes(), value.as_bytes()]);
        let fields = params![id, unsur, value, self.now_ms(), self.operator()];
        run(
            self.conn,
            "save a field",
            "INSERT INTO isian (permohonan, unsur, value, saved_at, operator) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (permohonan, unsur) DO UPDATE SET value = ?3, saved_at = ?4, operator = ?5",
            fields,
        )?;
        run(
            self.conn,
            "add to a field's history",
            "INSERT INTO isian_riwayat (permohonan, unsur, value, saved_at, operator) VALUES (?1, ?2, ?3, ?4, ?5)",
            fields,
        )
        .map(drop)
    }
}

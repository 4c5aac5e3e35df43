//! The SOP's clock: when a visit entered and left each step.

use super::{many, run};
use crate::{Result, Tx, View};
use domain::ids::PermohonanId;
use rusqlite::params;

/// One stay on a step. A step that was returned to has several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepTime {
    /// The step's word.
    pub step: String,
    /// Entered, UTC milliseconds.
    pub entered_ms: i64,
    /// Left, UTC milliseconds; 0 while it is there.
    pub left_ms: i64,
}

impl View<'_> {
    /// Returns the stays of a visit, oldest first.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn step_times(&self, permohonan: PermohonanId) -> Result<Vec<StepTime>> {
        let sql = "SELECT step, entered_at, left_at FROM step_time WHERE permohonan = ?1 ORDER BY id";
        many(self.conn, "read the step times", sql, [permohonan.to_string()], |row| {
            Ok(StepTime { step: row.get(0)?, entered_ms: row.get(1)?, left_ms: row.get(2)? })
        })
    }
}

impl Tx<'_> {
    /// Leaves the step the visit stands on and enters `step`, at the act's instant.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn enter_step(&self, permohonan: PermohonanId, step: &str) -> Result<()> {
        self.leave_step(permohonan)?;
        run(
            self.conn,
            "enter a step",
            "INSERT INTO step_time (permohonan, step, entered_at, operator) VALUES (?1, ?2, ?3, ?4)",
            params![permohonan.to_string(), step, self.now_ms(), self.operator()],
        )
        .map(drop)
    }

    /// Leaves the step the visit stands on, if any.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn leave_step(&self, permohonan: PermohonanId) -> Result<()> {
        run(
            self.conn,
            "leave a step",
            "UPDATE step_time SET left_at = ?2 WHERE permohonan = ?1 AND left_at = 0",
            params![permohonan.to_string(), self.now_ms()],
        )
        .map(drop)
    }
}

//! The SOP's clock: when a visit entered and left each step.

use super::run;
use crate::{Result, Tx};
use domain::ids::PermohonanId;
use rusqlite::params;

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

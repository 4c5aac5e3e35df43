//! Step 3: what differed, what was warned of, what the look-up answered, and what a person decided.

use super::{many, operator_id, run};
use crate::masked::masked;
use crate::{Result, Tx, View};
use domain::ids::{OperatorId, PermohonanId};
use rusqlite::params;

/// One decision or answer. A later row about the same field counts.
#[derive(Clone, PartialEq, Eq)]
pub struct VerificationRow {
    /// `difference`, `warning` or `answer`.
    pub kind: String,
    /// The field, or the code of the warning; empty for an answer.
    pub unsur: String,
    /// What was found, as JSON.
    pub found_json: String,
    /// The core's word for what was decided.
    pub decision: String,
    /// In the operator's words.
    pub reason: String,
    /// Who; set by the store.
    pub operator: Option<OperatorId>,
    /// When, UTC milliseconds; set by the store.
    pub decided_ms: i64,
}
masked!(VerificationRow: kind, unsur, decision);

impl View<'_> {
    /// Returns everything decided on step 3 of a visit, oldest first.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn verifications(&self, permohonan: PermohonanId) -> Result<Vec<VerificationRow>> {
        let sql = "SELECT kind, unsur, found, decision, reason, operator, decided_at
                   FROM verification WHERE permohonan = ?1 ORDER BY id";
        many(self.conn, "read the verification", sql, [permohonan.to_string()], |row| {
            Ok(VerificationRow {
                kind: row.get(0)?,
                unsur: row.get(1)?,
                found_json: row.get(2)?,
                decision: row.get(3)?,
                reason: row.get(4)?,
                operator: operator_id(row, 5)?,
                decided_ms: row.get(6)?,
            })
        })
    }
}

impl Tx<'_> {
    /// Keeps a decision; `operator` and `decided_ms` of the argument are ignored.
    ///
    /// # Errors
    /// [`crate::Error::Sql`], also for an unknown kind.
    pub fn add_verification(&self, permohonan: PermohonanId, new: &VerificationRow) -> Result<()> {
        let id = permohonan.to_string();
        self.seal_content(
            "verification",
            &[
                id.as_bytes(),
                new.kind.as_bytes(),
                new.unsur.as_bytes(),
                new.found_json.as_bytes(),
                new.decision.as_bytes(),
                new.reason.as_bytes(),
            ],
        );
        run(
            self.conn,
            "keep a decision",
            "INSERT INTO verification (permohonan, kind, unsur, found, decision, reason, operator, decided_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                id,
                new.kind,
                new.unsur,
                new.found_json,
                new.decision,
                new.reason,
                self.operator(),
                self.now_ms()
            ],
        )
        .map(drop)
    }
}

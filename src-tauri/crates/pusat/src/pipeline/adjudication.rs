//! Packets that wait for a person, and the person's word.

use super::{StageName, set_status, wake};
use crate::centre::Centre;
use crate::error::{Error, Result};
use uuid::Uuid;

/// One packet that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Enrolment id.
    pub enrolment: Uuid,
    /// Station code.
    pub station: String,
    /// Why.
    pub reason: String,
    /// Since when, UTC milliseconds.
    pub since_ms: i64,
}

/// Lists what waits, oldest first.
///
/// # Errors
/// `Database`.
pub async fn waiting(centre: &Centre) -> Result<Vec<Waiting>> {
    let rows: Vec<(Uuid, String, String, i64)> = sqlx::query_as(
        "SELECT id, station, reason, status_ms FROM enrolment WHERE stage = 'adjudication' ORDER BY status_ms",
    )
    .fetch_all(&centre.pool)
    .await?;
    let row = |(enrolment, station, reason, since_ms)| Waiting { enrolment, station, reason, since_ms };
    Ok(rows.into_iter().map(row).collect())
}

/// Decides one packet that waits: any status of the centre, with a reason.
///
/// # Errors
/// `Settings` when it does not wait; `Database`.
pub async fn decide(centre: &Centre, enrolment: Uuid, status: &str, reason: &str) -> Result<()> {
    let mut tx = centre.pool.begin().await?;
    let moved = sqlx::query("UPDATE enrolment SET stage = $2 WHERE id = $1 AND stage = 'adjudication'")
        .bind(enrolment)
        .bind(StageName::Done.name())
        .execute(&mut *tx)
        .await?;
    if moved.rows_affected() == 0 {
        return Err(Error::Settings("this enrolment does not wait for a decision".to_owned()));
    }
    let touched = set_status(centre, &mut tx, enrolment, status, reason).await?;
    tx.commit().await?;
    wake(centre, &touched);
    Ok(())
}

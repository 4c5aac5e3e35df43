//! What the centre says of itself to those who run it.

use crate::centre::{Centre, time};
use crate::error::Result;
use jiff::Timestamp;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Stats {
    /// Stations known.
    pub stations: i64,
    /// Residents known.
    pub residents: i64,
    /// Packets finalised.
    pub received: i64,
    /// Uploads on their way.
    pub uploads: i64,
    /// Packets by central status and reason.
    pub statuses: BTreeMap<String, i64>,
    /// Packets by stage of the pipeline.
    pub stages: BTreeMap<String, i64>,
    /// Cards asked for, by how far they are.
    pub cards: BTreeMap<String, i64>,
}

/// Counts everything.
///
/// # Errors
/// `Database`.
pub async fn stats(centre: &Centre) -> Result<Stats> {
    let (stations, residents, received, uploads): (i64, i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM station), (SELECT count(*) FROM resident WHERE NOT gone),
                (SELECT count(*) FROM enrolment),
                (SELECT count(*) FROM upload u WHERE NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.id = u.enrolment))",
    )
    .fetch_one(&centre.pool)
    .await?;
    let statuses: Vec<(String, i64)> = sqlx::query_as(
        "SELECT status || CASE reason WHEN '' THEN '' ELSE ' ' || reason END, count(*) FROM enrolment GROUP BY 1",
    )
    .fetch_all(&centre.pool)
    .await?;
    let stages: Vec<(String, i64)> =
        sqlx::query_as("SELECT stage, count(*) FROM enrolment GROUP BY 1").fetch_all(&centre.pool).await?;
    let cards: Vec<(String, i64)> =
        sqlx::query_as("SELECT status, count(*) FROM credential GROUP BY 1").fetch_all(&centre.pool).await?;
    let (statuses, stages) = (statuses.into_iter().collect(), stages.into_iter().collect());
    let cards = cards.into_iter().collect();
    Ok(Stats { stations, residents, received, uploads, statuses, stages, cards })
}

/// Receipts given, newest first: enrolment, station, sequence, time, way.
///
/// # Errors
/// `Database`.
pub async fn receipts(
    centre: &Centre,
    station: Option<&str>,
    limit: i64,
) -> Result<Vec<(Uuid, String, i64, Timestamp, String)>> {
    let rows: Vec<(Uuid, String, i64, i64, String)> = sqlx::query_as(
        "SELECT id, station, sequence, received_ms, via FROM enrolment WHERE $1::text IS NULL OR station = $1
         ORDER BY received_ms DESC, id DESC LIMIT $2",
    )
    .bind(station)
    .bind(limit)
    .fetch_all(&centre.pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(id, station, sequence, ms, via)| (id, station, sequence, time(ms), via))
        .collect())
}

//! From "received" to a status: stages over batches.
//!
//! A batch is claimed with `FOR UPDATE SKIP LOCKED`, worked on, and decided in **one** transaction: a process that dies
//! gives its batch back by dying, and replicas never take the same row. Each stage answers one [`Verdict`] a packet.

pub mod adjudication;
pub mod dedup;
mod devices;
mod nik;
mod opened;
mod pictures;
mod validate;
mod verify;

pub use opened::{Evidence, Opened, open, open_parts};

use crate::centre::{Centre, new_id};
use crate::error::{Error, Result};
use crate::feed;
use crate::metrics::Decided;
use crate::record;
use domain::central_status::CentralStatus;
use packet::wire::Digests;
use sqlx::types::Json;
use sqlx::{PgConnection, Postgres, Transaction};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Packets in one claim.
const BATCH: i64 = 32;
/// Without a call the pipeline looks for work this often.
const LOOK: Duration = Duration::from_secs(2);
/// A packet whose stage failed by itself is tried again after so long, doubled each time.
const RETRY_MS: i64 = 5_000;

/// The stages in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageName {
    /// Both signatures, the register's lines, times, sequence; opens the packet.
    Verify,
    /// The ANSI/NIST file, thresholds, exceptions, the devices' evidence, the pictures measured again.
    Validate,
    /// NIK against the residents.
    Nik,
    /// Demographic and fingerprint comparison with everybody.
    Dedup,
    /// Waits for a person.
    Adjudication,
    /// Decided.
    Done,
}

impl StageName {
    /// The stages that work by themselves.
    pub const WORKING: [StageName; 4] =
        [StageName::Verify, StageName::Validate, StageName::Nik, StageName::Dedup];

    /// Word in the table.
    pub const fn name(self) -> &'static str {
        match self {
            StageName::Verify => "verify",
            StageName::Validate => "validate",
            StageName::Nik => "nik",
            StageName::Dedup => "dedup",
            StageName::Adjudication => "adjudication",
            StageName::Done => "done",
        }
    }

    const fn next(self) -> StageName {
        match self {
            StageName::Verify => StageName::Validate,
            StageName::Validate => StageName::Nik,
            StageName::Nik => StageName::Dedup,
            StageName::Dedup | StageName::Adjudication | StageName::Done => StageName::Done,
        }
    }
}

/// One packet of a claimed batch; its row is locked until the batch is decided.
#[derive(Clone)]
pub struct Claimed {
    /// Enrolment id.
    pub enrolment: Uuid,
    /// Station code.
    pub station: String,
    /// The station's running number.
    pub sequence: i64,
    /// When it was frozen, as the station announced it.
    pub created_ms: i64,
    /// When it was finalised.
    pub received_ms: i64,
    /// Digests of the sealed parts.
    pub parts: Digests,
    /// NIK, once the packet was opened.
    pub nik: Option<String>,
    /// Central status now.
    pub status: String,
    /// Its reason.
    pub reason: String,
}

impl std::fmt::Debug for Claimed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Claimed({}, {} {})", self.enrolment, self.station, self.sequence)
    }
}

/// What a stage says of one packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// On to the next stage; after the last one `PRINT_READY_RECORD`.
    Pass,
    /// Decided: a status with its reason; the packet leaves the pipeline.
    Decide(&'static str, &'static str),
    /// A person decides: `ADJUDICATE_RECORD` with a reason.
    Ask(&'static str),
    /// Not yet: a status with its reason; the same stage looks again after so many milliseconds.
    Wait(&'static str, &'static str, i64),
}

/// Works until told to stop.
pub(crate) async fn run(centre: Arc<Centre>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let worked = match turn(&centre).await {
            Ok(worked) => worked,
            Err(error) => {
                tracing::warn!(target: "pusat::pipeline", %error, "a turn failed");
                0
            }
        };
        if worked == 0 {
            tokio::select! {
                () = stop.cancelled() => return,
                () = centre.work.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }
}

/// One batch of every stage; answers how many packets moved.
///
/// # Errors
/// `Database`: nothing of the failed batch is decided.
pub async fn turn(centre: &Arc<Centre>) -> Result<usize> {
    turn_of(centre, BATCH).await
}

/// One batch of every stage with at most so many packets.
///
/// # Errors
/// As [`turn`].
pub async fn turn_of(centre: &Arc<Centre>, most: i64) -> Result<usize> {
    let mut worked = 0;
    for stage in StageName::WORKING {
        worked += match batch(centre, stage, most).await {
            Ok(count) => count,
            // One bad packet must not hold the others: alone it fails alone.
            Err(error) => {
                tracing::warn!(target: "pusat::pipeline", stage = stage.name(), %error, "a batch failed; one by one");
                one_by_one(centre, stage).await?
            }
        };
    }
    Ok(worked)
}

async fn one_by_one(centre: &Arc<Centre>, stage: StageName) -> Result<usize> {
    let mut worked = 0;
    for _ in 0..BATCH {
        match batch(centre, stage, 1).await {
            Ok(0) => break,
            Ok(count) => worked += count,
            Err(error) => {
                tracing::error!(target: "pusat::pipeline", stage = stage.name(), %error, "a packet failed; put back");
                let put_back = sqlx::query(
                    "UPDATE enrolment SET attempts = attempts + 1, stage_after_ms = $2 + $3 * (1 << least(attempts, 8))
                     WHERE id = (SELECT id FROM enrolment WHERE stage = $1 AND stage_after_ms <= $2
                                 ORDER BY urgent DESC, received_ms LIMIT 1)",
                )
                .bind(stage.name())
                .bind(centre.now_ms())
                .bind(RETRY_MS)
                .execute(&centre.pool)
                .await?;
                if put_back.rows_affected() == 0 {
                    break;
                }
            }
        }
    }
    Ok(worked)
}

type Row = (Uuid, String, i64, i64, i64, Json<Digests>, Option<String>, String, String);

async fn claim(tx: &mut PgConnection, stage: StageName, now_ms: i64, limit: i64) -> Result<Vec<Claimed>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, station, sequence, created_ms, received_ms, parts, nik, status, reason FROM enrolment
         WHERE stage = $1 AND stage_after_ms <= $2 ORDER BY urgent DESC, received_ms LIMIT $3
         FOR UPDATE SKIP LOCKED",
    )
    .bind(stage.name())
    .bind(now_ms)
    .bind(limit)
    .fetch_all(tx)
    .await?;
    let claimed = |row: Row| {
        let (enrolment, station, sequence, created_ms, received_ms, Json(parts), nik, status, reason) = row;
        Claimed { enrolment, station, sequence, created_ms, received_ms, parts, nik, status, reason }
    };
    Ok(rows.into_iter().map(claimed).collect())
}

async fn batch(centre: &Arc<Centre>, stage: StageName, limit: i64) -> Result<usize> {
    let mut tx = centre.pool.begin().await?;
    let batch = claim(&mut tx, stage, centre.now_ms(), limit).await?;
    if batch.is_empty() {
        return Ok(0);
    }
    let verdicts = match stage {
        StageName::Verify => verify::run(centre, &mut tx, &batch).await?,
        StageName::Validate => validate::run(centre, &mut tx, &batch).await?,
        StageName::Nik => nik::run(centre, &mut tx, &batch).await?,
        StageName::Dedup => dedup::run(centre, &mut tx, &batch).await?,
        StageName::Adjudication | StageName::Done => Vec::new(),
    };
    if verdicts.len() != batch.len() {
        return Err(Error::Stored { what: "verdicts" });
    }
    let moved = decide(centre, tx, stage, &batch, &verdicts).await?;
    Ok(moved)
}

/// Writes the verdicts, tells the stations, commits. Answers how many packets left this stage.
async fn decide(
    centre: &Centre,
    mut tx: Transaction<'_, Postgres>,
    stage: StageName,
    batch: &[Claimed],
    verdicts: &[Verdict],
) -> Result<usize> {
    let now_ms = centre.now_ms();
    let mut moved = 0;
    let mut told = feed::Told::default();
    for (packet, verdict) in batch.iter().zip(verdicts) {
        let (next, after_ms, status) = match verdict {
            Verdict::Pass if stage.next() == StageName::Done => {
                (StageName::Done, 0, Some(("PRINT_READY_RECORD", "")))
            }
            Verdict::Pass => (stage.next(), 0, None),
            Verdict::Decide(status, reason) => (StageName::Done, 0, Some((*status, *reason))),
            Verdict::Ask(reason) => (StageName::Adjudication, 0, Some(("ADJUDICATE_RECORD", *reason))),
            Verdict::Wait(status, reason, ms) => (stage, now_ms + ms, Some((*status, *reason))),
        };
        moved += usize::from(next != stage);
        sqlx::query("UPDATE enrolment SET stage = $2, stage_after_ms = $3, attempts = 0 WHERE id = $1")
            .bind(packet.enrolment)
            .bind(next.name())
            .bind(after_ms)
            .execute(&mut *tx)
            .await?;
        if let Some((status, reason)) = status
            && (status, reason) != (packet.status.as_str(), packet.reason.as_str())
        {
            project(&mut tx, packet.enrolment, &packet.station, status, reason, now_ms).await?;
            centre
                .metrics
                .decided
                .get_or_create(&Decided { status: status.to_owned(), reason: reason.to_owned() })
                .inc();
            tracing::info!(target: "pusat::pipeline", enrolment = %packet.enrolment, stage = stage.name(), status, reason);
            let line = feed::Status {
                sequence: packet.sequence.cast_unsigned(),
                status: status.to_owned(),
                reason: reason.to_owned(),
                at_ms: now_ms,
            };
            told.add(&packet.station, line.change());
        }
    }
    let touched = told.write(&mut tx).await?;
    tx.commit().await?;
    wake(centre, &touched);
    Ok(moved)
}

/// Writes a status of a recording and its event.
///
/// # Errors
/// `Database`.
pub(crate) async fn project(
    tx: &mut PgConnection,
    enrolment: Uuid,
    station: &str,
    status: &str,
    reason: &str,
    at_ms: i64,
) -> Result<()> {
    sqlx::query("UPDATE enrolment SET status = $2, reason = $3, status_ms = $4 WHERE id = $1")
        .bind(enrolment)
        .bind(status)
        .bind(reason)
        .bind(at_ms)
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "INSERT INTO event (id, at_ms, kind, station, enrolment, detail) VALUES ($1, $2, 'status', $3, $4, $5)",
    )
    .bind(new_id())
    .bind(at_ms)
    .bind(station)
    .bind(enrolment)
    .bind(Json(serde_json::json!({"status": status, "reason": reason})))
    .execute(tx)
    .await?;
    Ok(())
}

/// Wakes the long polls of stations whose feed grew.
pub fn wake(centre: &Centre, stations: &[String]) {
    for station in stations {
        centre.watcher(station).notify_waiters();
    }
}

/// Training only: gives one enrolment any status and takes it out of the pipeline.
///
/// # Errors
/// `Settings` at a real centre, for an unknown enrolment, or without a status; `Database`.
pub async fn simulate(centre: &Centre, enrolment: Uuid, status: &str, reason: &str) -> Result<()> {
    if !centre.config.training {
        return Err(Error::Settings("only a training centre simulates outcomes".to_owned()));
    }
    if status.trim().is_empty() {
        return Err(Error::Settings("a status has a name".to_owned()));
    }
    let mut tx = centre.pool.begin().await?;
    record::stands(&mut tx, enrolment, &CentralStatus::received(status)).await?;
    let known = sqlx::query("UPDATE enrolment SET stage = 'done' WHERE id = $1")
        .bind(enrolment)
        .execute(&mut *tx)
        .await?;
    if known.rows_affected() == 0 {
        return Err(Error::Settings("no such enrolment".to_owned()));
    }
    let mut told = feed::Told::default();
    record::say(centre, &mut tx, &mut told, enrolment, (status, reason)).await?;
    let touched = told.write(&mut tx).await?;
    tx.commit().await?;
    wake(centre, &touched);
    Ok(())
}

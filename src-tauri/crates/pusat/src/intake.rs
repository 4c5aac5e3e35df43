//! Taking packets in: uploads, finalisation, receipts. Both ways, network and courier, go through here.

use crate::centre::{Centre, Station, new_id, time};
use crate::error::{Error, Result};
use crate::feed;
use crate::parts::blocking;
use crate::pipeline::StageName;
use packet::Part;
use packet::wire::{Code, Finalise, Receipt, UploadMetadata, Via};
use sqlx::types::Json;
use uuid::Uuid;

const DAY_MS: i64 = 86_400_000;

/// One part on its way.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Names it in its Location.
    pub id: Uuid,
    /// Enrolment.
    pub enrolment: Uuid,
    /// Which part.
    pub part: Part,
    /// Announced SHA-256, hexadecimal.
    pub sha256: String,
    /// Announced length.
    pub bytes: u64,
    /// Whose.
    pub station: String,
    /// Thrown away afterwards.
    pub expires_ms: i64,
    /// Its bytes belong to a finalised packet.
    pub finalised: bool,
}

type Row = (Uuid, Uuid, String, String, i64, String, i64, bool);

const COLUMNS: &str = "SELECT u.id, u.enrolment, u.part, u.sha256, u.bytes, u.station, u.expires_ms,
    coalesce(e.parts -> u.part ->> 'sha256' = u.sha256, false)
    FROM upload u LEFT JOIN enrolment e ON e.id = u.enrolment";

fn read(row: Row) -> Result<Upload> {
    let (id, enrolment, part, sha256, bytes, station, expires_ms, finalised) = row;
    let part = part.parse().map_err(|()| Error::Stored { what: "part" })?;
    Ok(Upload { id, enrolment, part, sha256, bytes: bytes.cast_unsigned(), station, expires_ms, finalised })
}

async fn select(centre: &Centre, condition: &'static str, id: Uuid) -> Result<Vec<Upload>> {
    let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE {condition} ORDER BY u.part, u.id"));
    let rows: Vec<Row> = sqlx::query_as(sql).bind(id).fetch_all(&centre.pool).await?;
    rows.into_iter().map(read).collect()
}

/// Finds an upload.
pub(crate) async fn upload(centre: &Centre, id: Uuid) -> Result<Option<Upload>> {
    Ok(select(centre, "u.id = $1", id).await?.pop())
}

/// All uploads of an enrolment.
pub(crate) async fn uploads_of(centre: &Centre, enrolment: Uuid) -> Result<Vec<Upload>> {
    select(centre, "u.enrolment = $1", enrolment).await
}

/// Creates the upload of a part, or finds it again: the same enrolment, part and digest are one upload.
pub(crate) async fn create_upload(
    centre: &Centre,
    station: &Station,
    enrolment: Uuid,
    metadata: &UploadMetadata,
    bytes: u64,
) -> Result<Upload> {
    let others = uploads_of(centre, enrolment).await?;
    if others.iter().any(|upload| upload.station != station.code) {
        return Err(Error::refuse(Code::OtherStation, ""));
    }
    let same = |upload: &&Upload| upload.part == metadata.part && upload.sha256 == metadata.sha256;
    let expires_ms = centre.now_ms() + i64::from(centre.config.limits.upload_days) * DAY_MS;
    if let Some(found) = others.iter().find(same) {
        if found.bytes != bytes {
            return Err(Error::refuse(Code::OtherDigests, "another length"));
        }
        sqlx::query("UPDATE upload SET expires_ms = $2 WHERE id = $1")
            .bind(found.id)
            .bind(expires_ms)
            .execute(&centre.pool)
            .await?;
        return Ok(Upload { expires_ms, ..found.clone() });
    }
    if centre.parts.free_megabytes()? < centre.config.limits.free_megabytes {
        return Err(Error::refuse(Code::Full, ""));
    }
    sqlx::query(
        "INSERT INTO upload (id, enrolment, part, sha256, bytes, station, expires_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (enrolment, part, sha256) DO NOTHING",
    )
    .bind(new_id())
    .bind(enrolment)
    .bind(metadata.part.name())
    .bind(&metadata.sha256)
    .bind(bytes.cast_signed())
    .bind(&station.code)
    .bind(expires_ms)
    .execute(&centre.pool)
    .await?;
    // Of two that came at the same time one row stands; both answer it.
    let found = uploads_of(centre, enrolment).await?;
    found.into_iter().find(|upload| same(&upload)).ok_or(Error::Stored { what: "upload" })
}

/// Throws an upload away.
pub(crate) async fn forget(centre: &Centre, id: Uuid) -> Result<()> {
    sqlx::query("DELETE FROM upload WHERE id = $1").bind(id).execute(&centre.pool).await?;
    centre.parts.discard(id)
}

/// Makes a packet whole and answers its receipt (DER); the same digests again answer the same receipt.
///
/// # Errors
/// `Refused` with `malformed`, `training_mixed`, `other_station`, `other_digests`, `sequence_taken`, `incomplete`,
/// `digest_mismatch`; `File`, `Store`, `Database`: nothing was acknowledged, everything may be asked again.
pub async fn finalise(centre: &Centre, station: &Station, body: &Finalise, via: Via) -> Result<Vec<u8>> {
    body.check().map_err(|error| Error::refuse(Code::Malformed, error.what))?;
    if body.station != station.code {
        return Err(Error::refuse(Code::OtherStation, "station"));
    }
    if body.training != centre.config.training {
        return Err(Error::refuse(Code::TrainingMixed, ""));
    }
    if let Some(receipt) = held(centre, body).await? {
        return Ok(receipt);
    }
    let uploads = chosen(centre, station, body).await?;
    for upload in &uploads {
        let _turn = centre.uploads.turn(upload.id).await;
        let arrived = centre.parts.offset(upload.id)?;
        if arrived < upload.bytes {
            return Err(Error::refuse(
                Code::Incomplete,
                format!("{} {arrived}/{}", upload.part, upload.bytes),
            ));
        }
        let (parts, id) = (centre.parts.clone(), upload.id);
        let sha256 = blocking(move || parts.settle(id)).await?;
        if sha256 != upload.sha256 {
            forget(centre, upload.id).await?;
            return Err(Error::refuse(Code::DigestMismatch, upload.part.name()));
        }
        centre.parts.keep(upload.id, body.enrolment, upload.part, &sha256).await?;
    }
    let receipt = commit(centre, body, via).await?;
    for upload in &uploads {
        // A file that stays in the spool is swept later; the packet is safe already.
        if let Err(error) = centre.parts.discard(upload.id) {
            tracing::warn!(target: "pusat::intake", %error, "spool");
        }
    }
    centre.work.notify_one();
    Ok(receipt)
}

/// The receipt when these very digests are held; a refusal when others are.
async fn held(centre: &Centre, body: &Finalise) -> Result<Option<Vec<u8>>> {
    type Held = (String, Json<packet::wire::Digests>, Vec<u8>);
    let found: Option<Held> = sqlx::query_as("SELECT station, parts, receipt FROM enrolment WHERE id = $1")
        .bind(body.enrolment)
        .fetch_optional(&centre.pool)
        .await?;
    let Some((station, Json(parts), receipt)) = found else { return Ok(None) };
    if station != body.station {
        return Err(Error::refuse(Code::OtherStation, ""));
    }
    if parts != body.parts {
        let differing: Vec<&str> = Part::ALL
            .into_iter()
            .filter(|part| parts.of(*part) != body.parts.of(*part))
            .map(Part::name)
            .collect();
        return Err(Error::refuse(Code::OtherDigests, differing.join(" ")));
    }
    Ok(Some(receipt))
}

/// The three uploads whose digests the finalisation names.
async fn chosen(centre: &Centre, station: &Station, body: &Finalise) -> Result<Vec<Upload>> {
    let uploads = uploads_of(centre, body.enrolment).await?;
    if uploads.iter().any(|upload| upload.station != station.code) {
        return Err(Error::refuse(Code::OtherStation, ""));
    }
    let mut found = Vec::with_capacity(3);
    for part in Part::ALL {
        let wanted = body.parts.of(part);
        let one = uploads.iter().find(|upload| {
            upload.part == part && upload.sha256 == wanted.sha256 && upload.bytes == wanted.bytes
        });
        let missing = || Error::refuse(Code::Incomplete, format!("{part} 0/{}", wanted.bytes));
        found.push(one.cloned().ok_or_else(missing)?);
    }
    Ok(found)
}

async fn commit(centre: &Centre, body: &Finalise, via: Via) -> Result<Vec<u8>> {
    let now_ms = centre.now_ms();
    let receipt = Receipt::of(body, new_id(), time(now_ms), via).sign(&centre.keys.signer, time(now_ms))?;
    let via = match via {
        Via::Network => "network",
        Via::Courier => "courier",
    };
    let mut tx = centre.pool.begin().await?;
    let added = sqlx::query(
        "INSERT INTO enrolment (id, station, sequence, created_ms, training, urgent, parts, receipt, via, received_ms,
                                stage, status, status_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'RECEIVED_AT_CENTRAL', $10) ON CONFLICT DO NOTHING",
    )
    .bind(body.enrolment)
    .bind(&body.station)
    .bind(body.sequence.cast_signed())
    .bind(body.created.as_millisecond())
    .bind(body.training)
    .bind(body.urgent)
    .bind(Json(&body.parts))
    .bind(&receipt)
    .bind(via)
    .bind(now_ms)
    .bind(StageName::Verify.name())
    .execute(&mut *tx)
    .await?;
    if added.rows_affected() == 0 {
        tx.rollback().await?;
        // Either the same packet at the same time by another way, or another packet under this number.
        if let Some(receipt) = held(centre, body).await? {
            return Ok(receipt);
        }
        event(&centre.pool, centre.now_ms(), "sequence_taken", Some(&body.station), Some(body.enrolment))
            .await?;
        return Err(Error::refuse(Code::SequenceTaken, body.sequence.to_string()));
    }
    event(&mut *tx, now_ms, "received", Some(&body.station), Some(body.enrolment)).await?;
    let status = feed::Status {
        sequence: body.sequence,
        status: "RECEIVED_AT_CENTRAL".to_owned(),
        reason: String::new(),
        at_ms: now_ms,
    };
    feed::append(&mut tx, &body.station, &[status.change()]).await?;
    tx.commit().await?;
    centre.metrics.finalised.inc();
    centre.watcher(&body.station).notify_waiters();
    Ok(receipt)
}

/// Adds one line to the event table.
pub(crate) async fn event(
    to: impl sqlx::PgExecutor<'_>,
    at_ms: i64,
    kind: &str,
    station: Option<&str>,
    enrolment: Option<Uuid>,
) -> Result<()> {
    sqlx::query("INSERT INTO event (id, at_ms, kind, station, enrolment) VALUES ($1, $2, $3, $4, $5)")
        .bind(new_id())
        .bind(at_ms)
        .bind(kind)
        .bind(station)
        .bind(enrolment)
        .execute(to)
        .await?;
    Ok(())
}

/// Throws away uploads without progress, and answers how many. Called now and then.
///
/// # Errors
/// `Database`, `File`.
pub async fn sweep(centre: &Centre) -> Result<usize> {
    let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE u.expires_ms < $1"));
    let rows: Vec<Row> = sqlx::query_as(sql).bind(centre.now_ms()).fetch_all(&centre.pool).await?;
    let count = rows.len();
    for row in rows {
        forget(centre, read(row)?.id).await?;
    }
    Ok(count)
}

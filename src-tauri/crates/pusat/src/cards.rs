//! Cards for people who may have been recorded elsewhere or long ago: what a request rests on, and what a card needs.

mod content;
mod one_request;

pub(crate) use content::content;
pub(crate) use one_request::{give_up_own, running, withdraw};

use crate::centre::{Centre, new_id};
use crate::error::{Error, Result};
use crate::feed::Told;
use crate::record;
use domain::central_status::CentralStatus;
use jiff::Timestamp;
use packet::wire::{CardProgress, CardRequest, Code, Reprint};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

/// Statuses of a card that is out of the printer: a lost, damaged or outdated one is printed again from here.
const OUT: [&str; 3] = ["CARD_PRINTED", "CARD_SHIPPED", "CARD_ISSUED"];

/// The recording that a request rests on, and, when its card is printed again, the kind and the status so far. One that no longer
/// stands for its person does not hide the one that does. A card that is made already rests on the recording whatever has
/// become of it since.
///
/// # Errors
/// `Refused` with `not_now`; `Database`.
pub(crate) async fn resting_on(
    tx: &mut PgConnection,
    nik: &str,
    body: &CardRequest,
) -> Result<(Uuid, Option<(Reprint, String)>)> {
    let ready: Option<(Uuid,)> = sqlx::query_as(
        "SELECT id FROM enrolment WHERE nik = $1 AND status = 'PRINT_READY_RECORD' AND ($2::uuid IS NULL OR id = $2)
         ORDER BY status_ms DESC LIMIT 1",
    )
    .bind(nik)
    .bind(body.enrolment)
    .fetch_optional(&mut *tx)
    .await?;
    if let Some((enrolment,)) = ready {
        return Ok((enrolment, None));
    }
    match (record::of_nik(tx, nik, body.enrolment).await?, body.kind) {
        (Some((enrolment, status)), Some(kind)) if OUT.contains(&status.as_str()) => {
            Ok((enrolment, Some((kind, status))))
        }
        (Some((enrolment, status)), None) if body.made && OUT.contains(&status.as_str()) => {
            Ok((enrolment, None))
        }
        (Some((_, status)), _) => Err(Error::refuse(Code::NotNow, status)),
        (None, _) => Err(Error::refuse(Code::NotNow, "UNREGISTERED")),
    }
}

/// Leaves the event that a card is printed again, for whom, why, at whose asking, and where the record stood.
///
/// # Errors
/// `Database`.
pub(crate) async fn note_reprint(
    centre: &Centre,
    tx: &mut PgConnection,
    station: &str,
    enrolment: Uuid,
    job: Uuid,
    (kind, was): (Reprint, &str),
) -> Result<()> {
    sqlx::query(
        "INSERT INTO event (id, at_ms, kind, station, enrolment, detail) VALUES ($1, $2, 'card_reprint', $3, $4, $5)",
    )
    .bind(new_id())
    .bind(centre.now_ms())
    .bind(station)
    .bind(enrolment)
    .bind(Json(serde_json::json!({"job": job, "kind": kind.word(), "was": was})))
    .execute(tx)
    .await?;
    Ok(())
}

/// Holds the records under a NIK until the commit.
///
/// Rows are locked in one order everywhere, so that nobody waits for one who waits for them: the records of a person by id, that
/// person's cards, and last the stations by code ([`Told::write`]). The gallery's lock comes before all of these; only the
/// pipeline takes it with records in hand, and it waits for no record: it passes over one that is held. What it writes beside one
/// points at others, and that waits for `FOR UPDATE`; their keys stay, so they are held `FOR NO KEY UPDATE`.
///
/// # Errors
/// `Database`.
pub(crate) async fn hold_records(tx: &mut PgConnection, nik: &str) -> Result<()> {
    sqlx::query("SELECT id FROM enrolment WHERE nik = $1 ORDER BY id FOR NO KEY UPDATE")
        .bind(nik)
        .execute(tx)
        .await?;
    Ok(())
}

/// As [`hold_records`], of a card's person: before the card itself is held.
///
/// # Errors
/// `Database`.
pub(crate) async fn hold_person(tx: &mut PgConnection, job: Uuid) -> Result<()> {
    let nik: Option<(String,)> = sqlx::query_as("SELECT nik FROM credential WHERE job = $1")
        .bind(job)
        .fetch_optional(&mut *tx)
        .await?;
    match nik {
        Some((nik,)) => hold_records(tx, &nik).await,
        None => Ok(()),
    }
}

/// What stands of the same person's other cards later than a report, by what the reports say and not by when they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Later {
    /// Nothing: the report is the newest.
    Nothing,
    /// Another card was printed after it.
    Printed,
    /// Another card was handed over after it.
    HandedOver(Uuid),
}

/// When a step happened, UTC milliseconds: the station's word, but never later than now, so that a clock that is ahead does
/// not make its card the newest for years.
pub(crate) fn happened_ms(centre: &Centre, at: Option<Timestamp>) -> i64 {
    let now_ms = centre.now_ms();
    at.map_or(now_ms, |at| at.as_millisecond().min(now_ms))
}

/// Looks for a later card of the same person; of two at the same time the higher number is the later one.
///
/// # Errors
/// `Database`.
pub(crate) async fn later(tx: &mut PgConnection, job: Uuid, at_ms: i64, serial: &str) -> Result<Later> {
    let other: Option<(Uuid, String)> = sqlx::query_as(
        "SELECT other.job, other.status FROM credential own JOIN credential other
           ON other.nik = own.nik AND other.job <> own.job AND other.status IN ('ISSUED', 'ACTIVE')
         WHERE own.job = $1 AND (coalesce(other.happened_ms, other.at_ms), other.serial) > ($2, $3)
         ORDER BY other.status = 'ACTIVE' DESC LIMIT 1",
    )
    .bind(job)
    .bind(at_ms)
    .bind(serial)
    .fetch_optional(tx)
    .await?;
    Ok(match other {
        None => Later::Nothing,
        Some((other, status)) if status == "ACTIVE" => Later::HandedOver(other),
        Some(_) => Later::Printed,
    })
}

/// Leaves the event that a card ended by another one.
///
/// # Errors
/// `Database`.
pub(crate) async fn note_ended(
    centre: &Centre,
    tx: &mut PgConnection,
    (old, enrolment, station): (Uuid, Option<Uuid>, &str),
    status: &str,
    by: Uuid,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO event (id, at_ms, kind, station, enrolment, detail) VALUES ($1, $2, 'card_ended', $3, $4, $5)",
    )
    .bind(new_id())
    .bind(centre.now_ms())
    .bind(station)
    .bind(enrolment)
    .bind(Json(serde_json::json!({"job": old, "status": status, "by": by})))
    .execute(tx)
    .await?;
    Ok(())
}

/// A card of the same person that is out is none any more: `LOST` from the day that is reported, `REPLACED` once it was taken
/// in or the next one is in the hand, unless it was printed or handed over after that. A station elsewhere that has it on its
/// shelf hears so, and does not hand it over.
///
/// # Errors
/// `Database`.
pub(crate) async fn no_longer(
    centre: &Centre,
    tx: &mut PgConnection,
    told: &mut Told,
    job: Uuid,
    status: &'static str,
) -> Result<()> {
    // A request has no number yet: of what happened at the same moment the card that is out is the earlier one.
    let ended: Vec<(Uuid, Option<Uuid>, String, bool)> = sqlx::query_as(
        "UPDATE credential old SET status = $2, at_ms = $3 FROM credential new, credential was
         WHERE new.job = $1 AND old.nik = new.nik AND old.job <> new.job AND old.status IN ('ISSUED', 'ACTIVE')
           AND was.job = old.job
           AND (coalesce(old.happened_ms, old.at_ms), CASE $2 WHEN 'LOST' THEN '' ELSE old.serial END)
             <= (coalesce(new.happened_ms, new.at_ms), new.serial)
         RETURNING old.job, old.enrolment, old.station, was.status = 'ISSUED' AND old.station <> new.station",
    )
    .bind(job)
    .bind(status)
    .bind(centre.now_ms())
    .fetch_all(&mut *tx)
    .await?;
    for (old, enrolment, station, waits) in ended {
        note_ended(centre, tx, (old, enrolment, &station), status, job).await?;
        if waits {
            record::tell_holder(centre, tx, told, old, &[&format!("CARD_{status}")]).await?;
        }
    }
    Ok(())
}

/// Whether the record still lets a card be: it is ready, or a card of it is on its way.
///
/// # Errors
/// `Database`.
pub(crate) async fn may_be(tx: &mut PgConnection, enrolment: Uuid) -> Result<bool> {
    Ok(CentralStatus::received(record::status(tx, enrolment).await?).lets_card_be())
}

/// Leaves the event that a card is printed or handed over, with its number and the station's own time.
///
/// # Errors
/// `Database`.
pub(crate) async fn note_progress(
    centre: &Centre,
    tx: &mut PgConnection,
    station: &str,
    enrolment: Option<Uuid>,
    job: Uuid,
    body: &CardProgress,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO event (id, at_ms, kind, station, enrolment, detail) VALUES ($1, $2, 'card_progress', $3, $4, $5)",
    )
    .bind(new_id())
    .bind(centre.now_ms())
    .bind(station)
    .bind(enrolment)
    .bind(Json(serde_json::json!({"job": job, "status": body.status, "serial": body.serial, "at": body.at,
        "reason": body.reason, "old": body.old})))
    .execute(tx)
    .await?;
    Ok(())
}

/// As [`note_progress`], of a card that has ended by another one's word: once, however often it is told.
///
/// # Errors
/// `Database`.
pub(crate) async fn note_late(
    centre: &Centre,
    tx: &mut PgConnection,
    (station, enrolment): (&str, Option<Uuid>),
    job: Uuid,
    body: &CardProgress,
) -> Result<()> {
    if is_told(tx, (job, enrolment), &body.status).await? {
        return Ok(());
    }
    note_progress(centre, tx, station, enrolment, job, body).await
}

/// Whether a report of a card has left its event already. Looked for among those of its record, on which every card rests: they
/// are few and have an index.
async fn is_told(
    tx: &mut PgConnection,
    (job, enrolment): (Uuid, Option<Uuid>),
    status: &str,
) -> Result<bool> {
    let (told,): (bool,) = sqlx::query_as(
        "SELECT EXISTS (SELECT 1 FROM event WHERE enrolment = $3 AND kind = 'card_progress'
           AND detail ->> 'job' = $1::text AND detail ->> 'status' = $2)",
    )
    .bind(job)
    .bind(status)
    .bind(enrolment)
    .fetch_one(tx)
    .await?;
    Ok(told)
}

/// Whether a word of a report is one: at most 40 letters, digits and `_`, never what a person wrote.
pub(crate) fn is_plain(word: &str) -> bool {
    word.len() <= 40 && word.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
}

/// A printed card is void: each blank card once, however often it is told. The request stands, so that the next card is
/// printed under it; the recording is ready again when no other card of it is out.
///
/// # Errors
/// `Refused` with `malformed` (no number, or a reason of more than 40 plain letters), `not_found`, `other_station`,
/// `not_now` (that very card was handed over); `Database`.
pub(crate) async fn void(centre: &Centre, station: &str, job: Uuid, body: &CardProgress) -> Result<()> {
    if body.serial.is_empty() {
        return Err(Error::refuse(Code::Malformed, "serial"));
    }
    if !is_plain(&body.reason) {
        return Err(Error::refuse(Code::Malformed, "reason"));
    }
    let mut tx = centre.pool.begin().await?;
    hold_person(&mut tx, job).await?;
    type Row = (String, String, Option<Uuid>, String);
    let row: Option<Row> =
        sqlx::query_as("SELECT status, station, enrolment, serial FROM credential WHERE job = $1 FOR UPDATE")
            .bind(job)
            .fetch_optional(&mut *tx)
            .await?;
    let (status, of, enrolment, serial) = row.ok_or_else(|| Error::refuse(Code::NotFound, "card"))?;
    if of != station {
        return Err(Error::refuse(Code::OtherStation, ""));
    }
    let this_one = serial == body.serial;
    if this_one && status == "ACTIVE" {
        return Err(Error::refuse(Code::NotNow, status));
    }
    let now_ms = centre.now_ms();
    let added = sqlx::query(
        "INSERT INTO voided_card (job, serial, reason, happened_ms, at_ms) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
    )
    .bind(job)
    .bind(&body.serial)
    .bind(&body.reason)
    .bind(body.at.map(|at| at.as_millisecond()))
    .bind(now_ms)
    .execute(&mut *tx)
    .await?;
    if added.rows_affected() == 0 {
        return Ok(());
    }
    note_progress(centre, &mut tx, station, enrolment, job, body).await?;
    let mut told = Told::default();
    if this_one && status == "ISSUED" {
        sqlx::query("UPDATE credential SET status = 'REQUESTED', serial = '', at_ms = $2 WHERE job = $1")
            .bind(job)
            .bind(now_ms)
            .execute(&mut *tx)
            .await?;
        if let Some(enrolment) = enrolment {
            ready_again(centre, &mut tx, &mut told, enrolment, job).await?;
        }
    }
    let touched = told.write(&mut tx).await?;
    tx.commit().await?;
    crate::pipeline::wake(centre, &touched);
    Ok(())
}

/// The card that this one replaces was taken in, whatever becomes of the visit: it is `REPLACED` from then on, and its holder
/// has none until the next one is handed over. One event for each job, however often it is told.
///
/// # Errors
/// `Refused` with `malformed` (`old` is no plain word), `not_found`, `other_station`; `Database`.
pub(crate) async fn old_withdrawn(
    centre: &Centre,
    station: &str,
    job: Uuid,
    body: &CardProgress,
) -> Result<()> {
    if !is_plain(&body.old) {
        return Err(Error::refuse(Code::Malformed, "old"));
    }
    let mut tx = centre.pool.begin().await?;
    hold_person(&mut tx, job).await?;
    let row: Option<(String, Option<Uuid>)> =
        sqlx::query_as("SELECT station, enrolment FROM credential WHERE job = $1 FOR UPDATE")
            .bind(job)
            .fetch_optional(&mut *tx)
            .await?;
    let (of, enrolment) = row.ok_or_else(|| Error::refuse(Code::NotFound, "card"))?;
    if of != station {
        return Err(Error::refuse(Code::OtherStation, ""));
    }
    if !is_told(&mut tx, (job, enrolment), "OLD_WITHDRAWN").await? {
        note_progress(centre, &mut tx, station, enrolment, job, body).await?;
        let mut told = Told::default();
        no_longer(centre, &mut tx, &mut told, job, "REPLACED").await?;
        let touched = told.write(&mut tx).await?;
        tx.commit().await?;
        crate::pipeline::wake(centre, &touched);
    }
    Ok(())
}

/// The recording of a voided card is ready for the next one, unless another card of it is out. The one in the hand that this
/// was to replace is no other one.
async fn ready_again(
    centre: &Centre,
    tx: &mut PgConnection,
    told: &mut Told,
    enrolment: Uuid,
    job: Uuid,
) -> Result<()> {
    let out: Option<(String,)> = sqlx::query_as(
        "SELECT e.status FROM enrolment e WHERE e.id = $1 AND e.status = 'CARD_PRINTED'
           AND NOT EXISTS (SELECT 1 FROM credential c WHERE c.enrolment = e.id AND c.job <> $2
             AND (c.status = 'ISSUED' OR c.status = 'ACTIVE' AND NOT EXISTS (SELECT 1 FROM event r
               WHERE r.kind = 'card_reprint' AND r.enrolment = e.id AND r.detail ->> 'job' = $2::text)))",
    )
    .bind(enrolment)
    .bind(job)
    .fetch_optional(&mut *tx)
    .await?;
    if out.is_none() {
        return Ok(());
    }
    record::say_of_card(centre, tx, told, (enrolment, job), ("PRINT_READY_RECORD", "voided")).await
}

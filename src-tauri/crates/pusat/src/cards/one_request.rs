//! One running request for each person: what stands in the way of another, and what becomes of one that is given up.

use super::{hold_person, note_ended, note_late, note_progress};
use crate::centre::Centre;
use crate::error::{Error, Result};
use crate::feed::Told;
use crate::{pipeline, record};
use domain::central_status::CentralStatus;
use packet::wire::{CardProgress, CardRequest, Code, Reprint};
use sqlx::PgConnection;
use uuid::Uuid;

/// How far another card of the person is that is not in the hand yet, `REQUESTED` or `ISSUED`; `None` when there is none.
/// A card that is reported lost is no other one, nor is one of a station that was revoked: nobody there finishes it. One that
/// was printed or handed over (`CARD_ISSUED`) after `asked_ms`, when this one was asked for, is not the one that was missed then.
/// A card that is made already is a fact, and taken whatever else runs.
///
/// # Errors
/// `Database`.
pub(crate) async fn running(
    tx: &mut PgConnection,
    nik: &str,
    job: Uuid,
    (body, asked_ms): (&CardRequest, i64),
) -> Result<Option<String>> {
    if body.made {
        return Ok(None);
    }
    let other: Option<(String,)> = sqlx::query_as(
        "SELECT c.status FROM credential c JOIN station s ON s.code = c.station
         WHERE c.nik = $1 AND c.job <> $2 AND s.revoked_ms IS NULL
           AND (c.status = 'REQUESTED' OR c.status = 'ISSUED' AND NOT $3
             OR c.status IN ('ISSUED', 'ACTIVE') AND $3 AND coalesce(c.happened_ms, c.at_ms) > $4)
         ORDER BY c.status = 'ACTIVE', c.status LIMIT 1",
    )
    .bind(nik)
    .bind(job)
    .bind(body.kind == Some(Reprint::Lost))
    .bind(asked_ms)
    .fetch_optional(tx)
    .await?;
    Ok(other.map(|(status,)| if status == "ACTIVE" { "CARD_ISSUED".to_owned() } else { status }))
}

/// Ends what this station asked for the person before and made no card of: whoever asks anew has given it up, also where that
/// was never told (a lost disk, an older program).
///
/// # Errors
/// `Database`.
pub(crate) async fn give_up_own(
    centre: &Centre,
    tx: &mut PgConnection,
    told: &mut Told,
    (station, nik): (&str, &str),
    job: Uuid,
) -> Result<()> {
    let before: Vec<(Uuid, Option<Uuid>)> = sqlx::query_as(
        "SELECT job, enrolment FROM credential
         WHERE nik = $1 AND job <> $2 AND station = $3 AND status = 'REQUESTED' ORDER BY job FOR UPDATE",
    )
    .bind(nik)
    .bind(job)
    .bind(station)
    .fetch_all(&mut *tx)
    .await?;
    for (old, enrolment) in before {
        note_ended(centre, tx, (old, enrolment, station), "WITHDRAWN", job).await?;
        end(centre, tx, told, old, enrolment).await?;
    }
    Ok(())
}

/// The request is given up before there is a card: it is `WITHDRAWN`, and what it changed of the person's other card and of
/// the record is as it was before it. One that ended otherwise stays as it ended.
///
/// # Errors
/// `Refused` with `not_found`, `other_station`, `not_now` (there is a card: it is voided first); `Database`.
pub(crate) async fn withdraw(centre: &Centre, station: &str, job: Uuid, body: &CardProgress) -> Result<()> {
    let mut tx = centre.pool.begin().await?;
    hold_person(&mut tx, job).await?;
    let row: Option<(String, String, Option<Uuid>)> =
        sqlx::query_as("SELECT status, station, enrolment FROM credential WHERE job = $1 FOR UPDATE")
            .bind(job)
            .fetch_optional(&mut *tx)
            .await?;
    let (status, of, enrolment) = row.ok_or_else(|| Error::refuse(Code::NotFound, "card"))?;
    if of != station {
        return Err(Error::refuse(Code::OtherStation, ""));
    }
    match status.as_str() {
        "REQUESTED" => {}
        "ISSUED" | "ACTIVE" => return Err(Error::refuse(Code::NotNow, status)),
        // It ended by another one's word. Should that be taken back, nobody holds this one any more.
        "LOST" | "REPLACED" => {
            note_late(centre, &mut tx, (station, enrolment), job, body).await?;
            tx.commit().await?;
            return Ok(());
        }
        _ => return Ok(()),
    }
    note_progress(centre, &mut tx, station, enrolment, job, body).await?;
    let mut told = Told::default();
    end(centre, &mut tx, &mut told, job, enrolment).await?;
    let touched = told.write(&mut tx).await?;
    tx.commit().await?;
    pipeline::wake(centre, &touched);
    Ok(())
}

async fn end(
    centre: &Centre,
    tx: &mut PgConnection,
    told: &mut Told,
    job: Uuid,
    enrolment: Option<Uuid>,
) -> Result<()> {
    sqlx::query("UPDATE credential SET status = 'WITHDRAWN', at_ms = $2 WHERE job = $1")
        .bind(job)
        .bind(centre.now_ms())
        .execute(&mut *tx)
        .await?;
    if let Some(enrolment) = enrolment {
        record_as_before(centre, tx, told, enrolment, job).await?;
    }
    give_back(centre, tx, told, job).await
}

/// The card that was `LOST` by this request is what it was, or what became of it meanwhile: in the hand, voided (its request
/// stands), or given up. Whoever still misses it asks anew. The record of a voided one is ready again, as where nothing was
/// lost. One that was found and taken in waits for its destruction and stays as it is. A station elsewhere that has it on its
/// shelf hears that it may go on; where its record was taken back by then it hears that, and the loss is over for it all the
/// same: else it would go on to be lost there when the record is given again.
async fn give_back(centre: &Centre, tx: &mut PgConnection, told: &mut Told, job: Uuid) -> Result<()> {
    let reported = |status: &str| {
        format!(
            "EXISTS (SELECT 1 FROM event told WHERE told.enrolment = old.enrolment AND told.kind = 'card_progress'
               AND told.detail ->> 'job' = old.job::text AND told.detail ->> 'status' = '{status}')"
        )
    };
    let voided = "EXISTS (SELECT 1 FROM voided_card v WHERE v.job = old.job AND v.serial = old.serial)";
    let (active, withdrawn) = (reported("ACTIVE"), reported("WITHDRAWN"));
    let sql = format!(
        "UPDATE credential old SET at_ms = $2, serial = CASE WHEN {voided} THEN '' ELSE old.serial END,
           status = CASE WHEN {active} THEN 'ACTIVE' WHEN {withdrawn} THEN 'WITHDRAWN' WHEN {voided} THEN 'REQUESTED' ELSE 'ISSUED' END
         FROM credential own
         WHERE own.job = $1 AND old.nik = own.nik AND old.status = 'LOST' AND EXISTS (
             SELECT 1 FROM event ended WHERE ended.enrolment = old.enrolment AND ended.kind = 'card_ended'
               AND ended.detail ->> 'job' = old.job::text AND ended.detail ->> 'by' = $1::text)
           AND NOT EXISTS (SELECT 1 FROM event taken WHERE taken.enrolment = own.enrolment
             AND taken.kind = 'card_progress' AND taken.detail ->> 'job' = $1::text AND taken.detail ->> 'status' = 'OLD_WITHDRAWN')
         RETURNING old.job, old.enrolment, old.status, old.serial = '', old.station <> own.station"
    );
    type Back = (Uuid, Option<Uuid>, String, bool, bool);
    let back: Vec<Back> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(job).bind(centre.now_ms()).fetch_all(&mut *tx).await?;
    for (old, enrolment, status, void, elsewhere) in back {
        let Some(enrolment) = enrolment else { continue };
        let words: &[&str] = match status.as_str() {
            "ISSUED" => &["PRINT_READY_RECORD", "CARD_PRINTED"],
            "REQUESTED" => &["PRINT_READY_RECORD"],
            _ => &[],
        };
        // The record says that a card is printed, and there is none: whoever asks next is a first one again.
        if void && ["REQUESTED", "WITHDRAWN"].contains(&status.as_str()) {
            super::ready_again(centre, tx, told, enrolment, old).await?;
        }
        if status == "WITHDRAWN" {
            record_as_before(centre, tx, told, enrolment, old).await?;
        }
        if words.is_empty() || !elsewhere {
            continue;
        }
        let of_record = record::status(tx, enrolment).await?;
        let stands = CentralStatus::received(of_record.as_str()).lets_card_be();
        let taken_back = [of_record.as_str()];
        record::tell_holder(centre, tx, told, old, if stands { words } else { &taken_back }).await?;
    }
    Ok(())
}

/// A record that this request made ready anew stands where it stood, unless the old card was taken in or another request of
/// the record runs.
async fn record_as_before(
    centre: &Centre,
    tx: &mut PgConnection,
    told: &mut Told,
    enrolment: Uuid,
    job: Uuid,
) -> Result<()> {
    let before: Option<(Option<String>,)> = sqlx::query_as(
        "SELECT asked.detail ->> 'was' FROM event asked JOIN enrolment e ON e.id = asked.enrolment
         WHERE asked.enrolment = $1 AND asked.kind = 'card_reprint' AND asked.detail ->> 'job' = $2::text
           AND e.status = 'PRINT_READY_RECORD'
           AND NOT EXISTS (SELECT 1 FROM credential c WHERE c.enrolment = $1 AND c.status = 'REQUESTED')
           AND NOT EXISTS (SELECT 1 FROM event taken WHERE taken.enrolment = $1 AND taken.kind = 'card_progress'
             AND taken.detail ->> 'job' = $2::text AND taken.detail ->> 'status' = 'OLD_WITHDRAWN')
         ORDER BY asked.at_ms DESC LIMIT 1",
    )
    .bind(enrolment)
    .bind(job)
    .fetch_optional(&mut *tx)
    .await?;
    let Some((was,)) = before else { return Ok(()) };
    // Requests of before this was kept: their card was handed over as a rule.
    let was = was.unwrap_or_else(|| "CARD_ISSUED".to_owned());
    record::say_of_card(centre, tx, told, (enrolment, job), (&was, "withdrawn")).await
}

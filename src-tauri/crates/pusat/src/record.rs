//! What the centre says of a record in its own name: not ready, ready, taken back, given again.

use crate::centre::{Centre, time};
use crate::error::{Error, Result};
use crate::feed::{self, Told};
use crate::gallery;
use crate::pipeline::project;
use domain::central_status::{CentralStatus, KnownStatus};
use packet::wire::{Change, PrintChange};
use sqlx::PgConnection;
use uuid::Uuid;

/// The recording that speaks for a NIK, or the one that is named, with its status: the newest one, but none that does not stand
/// for its person while another one does.
///
/// # Errors
/// `Database`.
pub(crate) async fn of_nik(
    tx: &mut PgConnection,
    nik: &str,
    named: Option<Uuid>,
) -> Result<Option<(Uuid, String)>> {
    let all: Vec<(Uuid, String)> = sqlx::query_as(
        "SELECT id, status FROM enrolment WHERE nik = $1 AND ($2::uuid IS NULL OR id = $2)
         ORDER BY status_ms DESC, received_ms DESC",
    )
    .bind(nik)
    .bind(named)
    .fetch_all(tx)
    .await?;
    let stands = |(_, status): &&(Uuid, String)| CentralStatus::received(status).stands() != Some(false);
    Ok(all.iter().find(stands).or(all.first()).cloned())
}

/// A record that is refused leaves the gallery; one that is ready (again) stands in it. Takes the gallery's lock, so it
/// comes before any row.
///
/// # Errors
/// `Database`.
pub(crate) async fn stands(tx: &mut PgConnection, enrolment: Uuid, status: &CentralStatus) -> Result<()> {
    match status.stands() {
        Some(false) => {
            gallery::lock(tx).await?;
            gallery::leave(tx, enrolment).await
        }
        Some(true) => {
            gallery::lock(tx).await?;
            gallery::come_back(tx, enrolment).await
        }
        None => Ok(()),
    }
}

/// Says a status of a record: to the station that recorded it, and to one elsewhere that was to make a card of it.
///
/// A record may be given again while a card of it lies printed, or was handed over where nobody knew better. What its newest
/// card has come to then follows at once: PRINT_READY_RECORD lets that card go on, and CARD_PRINTED or CARD_ISSUED let no
/// other one be begun. Source: ktp-el §4.2 (12 → 14 → 16); ours is that both are said.
///
/// # Errors
/// `Database`, `Stored` when there is no such enrolment.
pub(crate) async fn say(
    centre: &Centre,
    tx: &mut PgConnection,
    told: &mut Told,
    enrolment: Uuid,
    (status, reason): (&str, &str),
) -> Result<()> {
    let (station, sequence, nik) = held(tx, enrolment).await?;
    let mut words = vec![(status, reason)];
    if CentralStatus::received(status).is_print_ready() {
        words.extend(of_its_card(tx, enrolment).await?.map(|status| (status.name(), "")));
    }
    let elsewhere = elsewhere(tx, enrolment, &station).await?;
    let at_ms = centre.now_ms();
    for (status, reason) in words {
        project(tx, enrolment, &station, status, reason, at_ms).await?;
        told.add(&station, line(sequence, (status, reason), at_ms));
        for (holder, job) in &elsewhere {
            let change = PrintChange {
                job: *job,
                nik: nik.clone().unwrap_or_default(),
                enrolment: Some(enrolment),
                s: status.to_owned(),
                t: time(at_ms),
            };
            told.add(holder, Change::Print(change));
        }
    }
    Ok(())
}

/// Says what the way of a card makes of its record, to the station that recorded it and to the one that makes the card: the feed
/// of the latter says nothing else of it.
///
/// # Errors
/// `Database`, `Stored` when there is no such enrolment or card.
pub(crate) async fn say_of_card(
    centre: &Centre,
    tx: &mut PgConnection,
    told: &mut Told,
    (enrolment, job): (Uuid, Uuid),
    (status, reason): (&str, &str),
) -> Result<()> {
    let (station, sequence, _) = held(tx, enrolment).await?;
    let at_ms = centre.now_ms();
    project(tx, enrolment, &station, status, reason, at_ms).await?;
    tell_maker(centre, tx, told, enrolment, job).await?;
    told.add(&station, line(sequence, (status, reason), at_ms));
    Ok(())
}

/// How a record stands, which nobody else changes until the commit.
///
/// # Errors
/// `Database`.
pub(crate) async fn status(tx: &mut PgConnection, enrolment: Uuid) -> Result<String> {
    let (status,): (String,) = sqlx::query_as("SELECT status FROM enrolment WHERE id = $1 FOR NO KEY UPDATE")
        .bind(enrolment)
        .fetch_one(tx)
        .await?;
    Ok(status)
}

/// The station, the place in its feed, and the NIK of a record, which nobody else changes until the commit.
async fn held(tx: &mut PgConnection, enrolment: Uuid) -> Result<(String, i64, Option<String>)> {
    let row = sqlx::query_as("SELECT station, sequence, nik FROM enrolment WHERE id = $1 FOR NO KEY UPDATE")
        .bind(enrolment)
        .fetch_optional(tx)
        .await?;
    row.ok_or(Error::Stored { what: "enrolment" })
}

/// A status as the station hears it that recorded.
fn line(sequence: i64, (status, reason): (&str, &str), at_ms: i64) -> Change {
    let (status, reason) = (status.to_owned(), reason.to_owned());
    feed::Status { sequence: sequence.cast_unsigned(), status, reason, at_ms }.change()
}

/// Tells a station that asked for a card of a record of another station how the record stands, which may be what its applicant
/// waits for.
///
/// # Errors
/// As [`say_of_card`].
pub(crate) async fn tell_maker(
    centre: &Centre,
    tx: &mut PgConnection,
    told: &mut Told,
    enrolment: Uuid,
    job: Uuid,
) -> Result<()> {
    if let Some((station, change)) = for_maker(centre, tx, enrolment, job).await? {
        told.add(&station, change);
    }
    Ok(())
}

/// Tells a station that has a card of somebody on its shelf how that card stands, in the order of `words`: under its job, for the
/// record says the same of each of its cards.
///
/// # Errors
/// `Database`.
pub(crate) async fn tell_holder(
    centre: &Centre,
    tx: &mut PgConnection,
    told: &mut Told,
    job: Uuid,
    words: &[&str],
) -> Result<()> {
    let row: Option<(String, String)> = sqlx::query_as("SELECT station, nik FROM credential WHERE job = $1")
        .bind(job)
        .fetch_optional(&mut *tx)
        .await?;
    let Some((station, nik)) = row else { return Ok(()) };
    let t = time(centre.now_ms());
    for word in words {
        let s = (*word).to_owned();
        told.add(&station, Change::Print(PrintChange { job, nik: nik.clone(), enrolment: None, s, t }));
    }
    Ok(())
}

/// The line of the station that makes a card of a record, where it is not the one that recorded it.
async fn for_maker(
    centre: &Centre,
    tx: &mut PgConnection,
    enrolment: Uuid,
    job: Uuid,
) -> Result<Option<(String, Change)>> {
    let row: Option<(String, String, String, Option<String>)> = sqlx::query_as(
        "SELECT e.station, c.station, e.status, e.nik FROM enrolment e JOIN credential c ON c.job = $2 WHERE e.id = $1",
    )
    .bind(enrolment)
    .bind(job)
    .fetch_optional(tx)
    .await?;
    let (recorder, maker, status, nik) = row.ok_or(Error::Stored { what: "card" })?;
    let change = Change::Print(PrintChange {
        job,
        nik: nik.unwrap_or_default(),
        enrolment: Some(enrolment),
        s: status,
        t: time(centre.now_ms()),
    });
    Ok((maker != recorder).then_some((maker, change)))
}

/// What a record's newest card that is out has come to; `None` when none is out, or another one was asked for in its place.
async fn of_its_card(tx: &mut PgConnection, enrolment: Uuid) -> Result<Option<KnownStatus>> {
    let out: Option<(String,)> = sqlx::query_as(
        "SELECT status FROM credential WHERE enrolment = $1 AND status IN ('ISSUED', 'ACTIVE')
           AND NOT EXISTS (SELECT 1 FROM credential next JOIN event asked
             ON asked.enrolment = next.enrolment AND asked.kind = 'card_reprint' AND asked.detail ->> 'job' = next.job::text
             WHERE next.enrolment = $1 AND next.status = 'REQUESTED')
         ORDER BY coalesce(happened_ms, at_ms) DESC, serial DESC LIMIT 1",
    )
    .bind(enrolment)
    .fetch_optional(tx)
    .await?;
    Ok(out.map(|(status,)| match status.as_str() {
        "ACTIVE" => KnownStatus::CardIssued,
        _ => KnownStatus::CardPrinted,
    }))
}

/// Stations other than the one that recorded it that hold a card of the record not yet handed over, each with its job.
async fn elsewhere(tx: &mut PgConnection, enrolment: Uuid, station: &str) -> Result<Vec<(String, Uuid)>> {
    let rows = sqlx::query_as(
        "SELECT DISTINCT ON (station) station, job FROM credential
         WHERE enrolment = $1 AND station <> $2 AND status IN ('REQUESTED', 'ISSUED')
         ORDER BY station, status, at_ms DESC",
    )
    .bind(enrolment)
    .bind(station)
    .fetch_all(tx)
    .await?;
    Ok(rows)
}

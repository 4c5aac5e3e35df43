//! Cards for people who may have been recorded elsewhere or long ago: what a request rests on, and what a card needs.

mod one_request;

pub(crate) use one_request::{give_up_own, running, withdraw};

use crate::centre::{Centre, new_id};
use crate::error::{Error, Result};
use crate::intake::event;
use crate::pipeline::{Opened, open_parts};
use crate::record;
use base64::Engine as _;
use biometrics::matching::Template;
use domain::capture::Thresholds;
use domain::central_status::CentralStatus;
use domain::{Finger, Unsur};
use jiff::Timestamp;
use packet::wire::{Attributes, CardContent, CardProgress, CardRequest, ChipFinger, Code, Digests, Reprint};
use sqlx::PgConnection;
use sqlx::types::Json;
use std::sync::Arc;
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
/// shelf hears so, and does not hand it over; answers the stations to wake after the commit.
///
/// # Errors
/// `Database`.
pub(crate) async fn no_longer(
    centre: &Centre,
    tx: &mut PgConnection,
    job: Uuid,
    status: &'static str,
) -> Result<Vec<String>> {
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
    let mut touched = Vec::new();
    for (old, enrolment, station, waits) in ended {
        note_ended(centre, tx, (old, enrolment, &station), status, job).await?;
        if waits {
            touched.extend(record::tell_holder(centre, tx, old, &[&format!("CARD_{status}")]).await?);
        }
    }
    Ok(touched)
}

/// Whether the record still lets a card be: it is ready, or a card of it is on its way.
///
/// # Errors
/// `Database`.
pub(crate) async fn may_be(tx: &mut PgConnection, enrolment: Uuid) -> Result<bool> {
    let (status,): (String,) = sqlx::query_as("SELECT status FROM enrolment WHERE id = $1 FOR UPDATE")
        .bind(enrolment)
        .fetch_one(&mut *tx)
        .await?;
    Ok(CentralStatus::received(&status).lets_card_be())
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
    if is_told(tx, job, &body.status).await? {
        return Ok(());
    }
    note_progress(centre, tx, station, enrolment, job, body).await
}

/// Whether a report of a card has left its event already.
async fn is_told(tx: &mut PgConnection, job: Uuid, status: &str) -> Result<bool> {
    let (told,): (bool,) = sqlx::query_as(
        "SELECT EXISTS (SELECT 1 FROM event WHERE kind = 'card_progress' AND detail ->> 'job' = $1::text
           AND detail ->> 'status' = $2)",
    )
    .bind(job)
    .bind(status)
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
    let mut touched = Vec::new();
    if this_one && status == "ISSUED" {
        sqlx::query("UPDATE credential SET status = 'REQUESTED', serial = '', at_ms = $2 WHERE job = $1")
            .bind(job)
            .bind(now_ms)
            .execute(&mut *tx)
            .await?;
        if let Some(enrolment) = enrolment {
            touched = ready_again(centre, &mut tx, enrolment, job).await?;
        }
    }
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
    let row: Option<(String, Option<Uuid>)> =
        sqlx::query_as("SELECT station, enrolment FROM credential WHERE job = $1 FOR UPDATE")
            .bind(job)
            .fetch_optional(&mut *tx)
            .await?;
    let (of, enrolment) = row.ok_or_else(|| Error::refuse(Code::NotFound, "card"))?;
    if of != station {
        return Err(Error::refuse(Code::OtherStation, ""));
    }
    if !is_told(&mut tx, job, "OLD_WITHDRAWN").await? {
        note_progress(centre, &mut tx, station, enrolment, job, body).await?;
        let touched = no_longer(centre, &mut tx, job, "REPLACED").await?;
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
    enrolment: Uuid,
    job: Uuid,
) -> Result<Vec<String>> {
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
        return Ok(Vec::new());
    }
    record::say_of_card(centre, tx, (enrolment, job), ("PRINT_READY_RECORD", "voided")).await
}

/// The attested biodata under what the population register says today. An address is one thing: where the register has one,
/// nothing of the old one stays beside it.
fn as_of_today(mut attested: Attributes, register: Attributes) -> Attributes {
    const ADDRESS: [Unsur; 5] = [Unsur::Alamat, Unsur::Rt, Unsur::Rw, Unsur::Kelurahan, Unsur::Kodepos];
    let says = |unsur: &Unsur| register.get(unsur.key()).is_some_and(|text| !text.trim().is_empty());
    if ADDRESS.iter().any(says) {
        attested.retain(|key, _| !ADDRESS.iter().any(|unsur| unsur.key() == key));
    }
    let said = register.into_iter();
    attested.extend(said.filter(|(key, text)| Unsur::from_key(key).is_some() && !text.trim().is_empty()));
    attested
}

/// What a card needs: pictures and fingers as they were recorded, biodata as the population register has them today. A recording
/// that only brought a new photo or signature is completed by the one that holds the NIK.
///
/// # Errors
/// `Refused` with `not_found`, `other_station`, `not_now` (printed already, or no portrait on record); `Database`,
/// `Store`.
pub(crate) async fn content(centre: &Arc<Centre>, station: &str, job: Uuid) -> Result<CardContent> {
    type Row = (String, String, Option<Uuid>, String);
    let row: Option<Row> =
        sqlx::query_as("SELECT nik, station, enrolment, status FROM credential WHERE job = $1")
            .bind(job)
            .fetch_optional(&centre.pool)
            .await?;
    let (nik, of, enrolment, status) = row.ok_or_else(|| Error::refuse(Code::NotFound, "card"))?;
    if of != station {
        return Err(Error::refuse(Code::OtherStation, ""));
    }
    if status != "REQUESTED" {
        return Err(Error::refuse(Code::NotNow, status));
    }
    let enrolment = enrolment.ok_or_else(|| Error::refuse(Code::NotNow, "recording"))?;
    let own = opened(centre, enrolment).await?;
    let holder: Option<(Uuid,)> = sqlx::query_as("SELECT enrolment FROM nik_holder WHERE nik = $1")
        .bind(&nik)
        .fetch_optional(&centre.pool)
        .await?;
    let whole = holder.map_or(enrolment, |row| row.0);
    let other = if whole == enrolment { None } else { Some(opened(centre, whole).await?) };
    let all: Vec<&Opened> = std::iter::once(&own).chain(&other).collect();
    let portrait = all.iter().find_map(|opened| opened.portrait());
    let portrait = portrait.ok_or_else(|| Error::refuse(Code::NotNow, "no portrait on record"))?;
    let signature = all.iter().find_map(|opened| opened.signature()).unwrap_or_default();
    let attested = own.attested().ok_or(Error::Stored { what: "biodata" })?.biodata;
    let biodata = as_of_today(attested, crate::residents::registered(centre, &nik).await?);
    let mut fingers = Vec::new();
    for (enrolment, opened) in [(Some(enrolment), Some(&own)), (holder.map(|row| row.0), other.as_ref())] {
        if let (Some(enrolment), Some(opened), true) = (enrolment, opened, fingers.is_empty()) {
            fingers = chip_fingers(centre, enrolment, opened).await?;
        }
    }
    event(&centre.pool, centre.now_ms(), "card_read", Some(station), Some(enrolment)).await?;
    let encode = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    Ok(CardContent {
        job,
        enrolment,
        nik,
        biodata,
        portrait: encode(portrait),
        signature: encode(signature),
        fingers,
    })
}

async fn opened(centre: &Arc<Centre>, enrolment: Uuid) -> Result<Opened> {
    let row: Option<(Json<Digests>,)> = sqlx::query_as("SELECT parts FROM enrolment WHERE id = $1")
        .bind(enrolment)
        .fetch_optional(&centre.pool)
        .await?;
    let (Json(parts),) = row.ok_or(Error::Stored { what: "enrolment" })?;
    Ok(open_parts(centre, enrolment, &parts).await??)
}

/// The two fingers that the recording chose for the chip, by the limits that the station used.
async fn chip_fingers(centre: &Centre, enrolment: Uuid, opened: &Opened) -> Result<Vec<ChipFinger>> {
    let Some(evidence) = opened.evidence() else { return Ok(Vec::new()) };
    let limits: Thresholds = evidence.thresholds;
    let Some(capture) = evidence.captures() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for finger in capture.chip_fingers(&centre.config.chip, &limits) {
        found.extend(template(centre, enrolment, finger).await?);
    }
    Ok(found)
}

async fn template(centre: &Centre, enrolment: Uuid, finger: Finger) -> Result<Option<ChipFinger>> {
    let row: Option<(Vec<u8>,)> =
        sqlx::query_as("SELECT template FROM finger_template WHERE enrolment = $1 AND finger = $2")
            .bind(enrolment)
            .bind(i16::from(finger.code()))
            .fetch_optional(&centre.pool)
            .await?;
    let Some((bytes,)) = row else { return Ok(None) };
    let template = Template::from_bytes(&bytes).map_err(|_| Error::Stored { what: "template" })?;
    let template = base64::engine::general_purpose::STANDARD.encode(template.to_compact());
    Ok(Some(ChipFinger { position: finger.code(), template }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(pairs: &[(&str, &str)]) -> Attributes {
        pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn an_address_of_the_register_takes_the_place_of_the_attested_one_whole() {
        let attested =
            [("nama", "ORANG"), ("alamat", "JL. LAMA 1"), ("rt", "1"), ("rw", "2"), ("agama", "1")];
        let moved =
            as_of_today(data(&attested), data(&[("alamat", "DUSUN III"), ("agama", " "), ("asal", "x")]));
        assert_eq!(
            moved,
            data(&[("nama", "ORANG"), ("alamat", "DUSUN III"), ("agama", "1")]),
            "no half of it"
        );
        let silent = as_of_today(data(&attested), data(&[("nama", "ORANG LAIN"), ("alamat", "")]));
        assert_eq!(
            (silent["alamat"].as_str(), silent["nama"].as_str()),
            ("JL. LAMA 1", "ORANG LAIN"),
            "of what it has"
        );
    }
}

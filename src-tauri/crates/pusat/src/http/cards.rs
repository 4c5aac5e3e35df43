use super::Peer;
use super::answer::{Answer, Body, Path, Refusal};
use crate::cards::{self, Later};
use crate::centre::Centre;
use crate::feed::Told;
use crate::intake::event;
use crate::{pipeline, record};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use packet::wire::{CardContent, CardProgress, CardRequest, CardState, Code, Reprint};
use std::sync::Arc;
use uuid::Uuid;

/// Asks for a card: step 6. For a NIK whose newest status is PRINT_READY_RECORD, or, with `kind`, for one whose card was
/// printed, shipped or handed over: that recording becomes PRINT_READY_RECORD anew. While another request of the person runs,
/// `not_now` says how far its card is.
#[utoipa::path(post, path = "/v1/credentialRequests/{job}", tag = "cards", params(("job" = Uuid, Path)),
    request_body = CardRequest,
    responses((status = 201), (status = 200, description = "asked before"), (status = 409, description = "not_now")))]
pub(super) async fn request(
    State(centre): State<Arc<Centre>>,
    Extension(peer): Extension<Peer>,
    Path(job): Path<Uuid>,
    Body(body): Body<CardRequest>,
) -> Answer<Response> {
    let station = peer.station(&centre).await?;
    let nik = domain::nik::Nik::parse(&body.nik).map_err(|_| Refusal::new(Code::Malformed, "nik"))?;
    if let Some((_, of)) = held(&centre, job).await? {
        return asked_before(&of, &station.code);
    }
    let mut tx = centre.pool.begin().await?;
    // Two requests for one NIK at the same time: the second one sees what became of it.
    cards::hold_records(&mut tx, nik.as_str()).await?;
    let mut told = Told::default();
    cards::give_up_own(&centre, &mut tx, &mut told, (&station.code, nik.as_str()), job).await?;
    let (enrolment, again) = cards::resting_on(&mut tx, nik.as_str(), &body).await?;
    let happened_ms = cards::happened_ms(&centre, body.at);
    if let Some(status) = cards::running(&mut tx, nik.as_str(), job, (&body, happened_ms)).await? {
        return Err(Refusal::new(Code::NotNow, status));
    }
    let added = sqlx::query(
        "INSERT INTO credential (job, nik, enrolment, station, status, at_ms, happened_ms)
         VALUES ($1, $2, $3, $4, 'REQUESTED', $5, $6) ON CONFLICT DO NOTHING",
    )
    .bind(job)
    .bind(nik.as_str())
    .bind(enrolment)
    .bind(&station.code)
    .bind(centre.now_ms())
    .bind(happened_ms)
    .execute(&mut *tx)
    .await?;
    if added.rows_affected() == 0 {
        tx.rollback().await?;
        let (_, of) = held(&centre, job).await?.ok_or(Refusal::new(Code::NotFound, "card"))?;
        return asked_before(&of, &station.code);
    }
    event(&mut *tx, centre.now_ms(), "card_requested", Some(&station.code), Some(enrolment)).await?;
    if let Some((kind, was)) = again {
        cards::note_reprint(&centre, &mut tx, &station.code, enrolment, job, (kind, &was)).await?;
        let ready = ("PRINT_READY_RECORD", kind.word());
        record::say_of_card(&centre, &mut tx, &mut told, (enrolment, job), ready).await?;
        // After that: whoever has the old one on the shelf may also be the one that recorded.
        if kind == Reprint::Lost {
            cards::no_longer(&centre, &mut tx, &mut told, job, "LOST").await?;
        }
    } else {
        record::tell_maker(&centre, &mut tx, &mut told, enrolment, job).await?;
    }
    let touched = told.write(&mut tx).await?;
    tx.commit().await?;
    pipeline::wake(&centre, &touched);
    Ok(StatusCode::CREATED.into_response())
}

fn asked_before(of: &str, station: &str) -> Answer<Response> {
    if of == station { Ok(StatusCode::OK.into_response()) } else { Err(Refusal::new(Code::OtherStation, "")) }
}

/// What a card needs, for the station that holds its job, until the card is printed. Each reading is an event.
#[utoipa::path(get, path = "/v1/credentialRequests/{job}/card", tag = "cards", params(("job" = Uuid, Path)),
    responses((status = 200, body = CardContent), (status = 403, description = "other_station"), (status = 404),
        (status = 409, description = "not_now")))]
pub(super) async fn content(
    State(centre): State<Arc<Centre>>,
    Extension(peer): Extension<Peer>,
    Path(job): Path<Uuid>,
) -> Answer<Response> {
    let station = peer.station(&centre).await?;
    let content = cards::content(&centre, &station.code, job).await?;
    // Personal data: nothing on the way keeps it.
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(content)).into_response())
}

async fn held(centre: &Centre, job: Uuid) -> Answer<Option<(String, String)>> {
    Ok(sqlx::query_as("SELECT status, station FROM credential WHERE job = $1")
        .bind(job)
        .fetch_optional(&centre.pool)
        .await?)
}

/// Where a card stands.
#[utoipa::path(get, operation_id = "card_state", path = "/v1/credentialRequests/{job}", tag = "cards",
    params(("job" = Uuid, Path)),
    responses((status = 200, body = CardState), (status = 404)))]
pub(super) async fn look(
    State(centre): State<Arc<Centre>>,
    Extension(peer): Extension<Peer>,
    Path(job): Path<Uuid>,
) -> Answer<Response> {
    let station = peer.station(&centre).await?;
    match held(&centre, job).await? {
        Some((status, of)) if of == station.code => Ok(Json(CardState { job, status }).into_response()),
        Some(_) => Err(Refusal::new(Code::OtherStation, "")),
        None => Err(Refusal::new(Code::NotFound, "card")),
    }
}

/// The card is printed: step 8.
#[utoipa::path(put, path = "/v1/credentialRequests/{job}", tag = "cards", params(("job" = Uuid, Path)),
    request_body(content = CardProgress, description = "status ISSUED, serial"),
    responses((status = 204), (status = 404), (status = 409, description = "not_now")))]
pub(super) async fn issued(
    State(centre): State<Arc<Centre>>,
    Extension(peer): Extension<Peer>,
    Path(job): Path<Uuid>,
    Body(body): Body<CardProgress>,
) -> Answer<Response> {
    let allowed = ["REQUESTED", "ISSUED"];
    progress(&centre, &peer, job, &body, ("ISSUED", "CARD_PRINTED"), &allowed).await
}

/// The card is handed over (step 9), a printed one is void, the one that it replaces was taken in, or the request is given up.
#[utoipa::path(post, path = "/v1/credentials/{job}/status", tag = "cards", params(("job" = Uuid, Path)),
    request_body(content = CardProgress, description = "status ACTIVE, VOIDED, OLD_WITHDRAWN or WITHDRAWN, serial, reason, old"),
    responses((status = 204), (status = 404), (status = 409, description = "not_now")))]
pub(super) async fn handed_over(
    State(centre): State<Arc<Centre>>,
    Extension(peer): Extension<Peer>,
    Path(job): Path<Uuid>,
    Body(body): Body<CardProgress>,
) -> Answer<Response> {
    if body.status == "VOIDED" {
        let station = peer.station(&centre).await?;
        cards::void(&centre, &station.code, job, &body).await?;
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    if body.status == "OLD_WITHDRAWN" {
        let station = peer.station(&centre).await?;
        cards::old_withdrawn(&centre, &station.code, job, &body).await?;
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    if body.status == "WITHDRAWN" {
        let station = peer.station(&centre).await?;
        if !cards::is_plain(&body.old) || !cards::is_plain(&body.reason) {
            return Err(Refusal::new(Code::Malformed, "reason"));
        }
        cards::withdraw(&centre, &station.code, job, &body).await?;
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    progress(&centre, &peer, job, &body, ("ACTIVE", "CARD_ISSUED"), &["ISSUED", "ACTIVE"]).await
}

async fn progress(
    centre: &Centre,
    peer: &Peer,
    job: Uuid,
    body: &CardProgress,
    (word, central): (&str, &str),
    allowed: &[&str],
) -> Answer<Response> {
    let station = peer.station(centre).await?;
    if body.status != word {
        return Err(Refusal::new(Code::Malformed, "status"));
    }
    if !cards::is_plain(&body.old) {
        return Err(Refusal::new(Code::Malformed, "old"));
    }
    let mut tx = centre.pool.begin().await?;
    cards::hold_person(&mut tx, job).await?;
    let row: Option<(String, String, Option<Uuid>, String)> =
        sqlx::query_as("SELECT status, station, enrolment, serial FROM credential WHERE job = $1 FOR UPDATE")
            .bind(job)
            .fetch_optional(&mut *tx)
            .await?;
    let (status, of, enrolment, kept) = row.ok_or(Refusal::new(Code::NotFound, "card"))?;
    if of != station.code {
        return Err(Refusal::new(Code::OtherStation, ""));
    }
    if status == word {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    // It ended by another one's word while this report was on its way: what happened is to be known, and changes nothing.
    if ["LOST", "REPLACED"].contains(&status.as_str()) {
        // Another piece than the one that ended: a card was made under a job that nobody may make one of.
        if word == "ISSUED" && ![kept.as_str(), ""].contains(&body.serial.as_str()) {
            return Err(Refusal::new(Code::NotNow, "OTHER_CARD"));
        }
        cards::note_late(centre, &mut tx, (&station.code, enrolment), job, body).await?;
        tx.commit().await?;
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    if !allowed.contains(&status.as_str()) {
        return Err(Refusal::new(Code::NotNow, status));
    }
    let happened_ms = cards::happened_ms(centre, body.at);
    let (serial,): (String,) = sqlx::query_as(
        "UPDATE credential SET status = $2, serial = CASE $3 WHEN '' THEN serial ELSE $3 END, at_ms = $4, happened_ms = $5
         WHERE job = $1 RETURNING serial",
    )
    .bind(job)
    .bind(word)
    .bind(&body.serial)
    .bind(centre.now_ms())
    .bind(happened_ms)
    .fetch_one(&mut *tx)
    .await?;
    cards::note_progress(centre, &mut tx, &station.code, enrolment, job, body).await?;
    // A report may come after one of a card that was given out later: what happened later stands.
    let later = cards::later(&mut tx, job, happened_ms, &serial).await?;
    let mut told = Told::default();
    match (word, later) {
        ("ACTIVE", Later::HandedOver(newer)) => {
            sqlx::query("UPDATE credential SET status = 'REPLACED' WHERE job = $1")
                .bind(job)
                .execute(&mut *tx)
                .await?;
            let own = (job, enrolment, station.code.as_str());
            cards::note_ended(centre, &mut tx, own, "REPLACED", newer).await?;
        }
        ("ACTIVE", Later::Nothing | Later::Printed) => {
            cards::no_longer(centre, &mut tx, &mut told, job, "REPLACED").await?;
        }
        _ => {}
    }
    match enrolment {
        // A record that was taken back meanwhile stays so: the card is known, and nothing more.
        Some(enrolment) if later == Later::Nothing && cards::may_be(&mut tx, enrolment).await? => {
            record::say_of_card(centre, &mut tx, &mut told, (enrolment, job), (central, "")).await?;
        }
        _ => {}
    }
    let touched = told.write(&mut tx).await?;
    tx.commit().await?;
    pipeline::wake(centre, &touched);
    Ok(StatusCode::NO_CONTENT.into_response())
}

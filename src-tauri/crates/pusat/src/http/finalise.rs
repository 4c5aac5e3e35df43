use super::Peer;
use super::answer::{Answer, Body, Path, Query, Refusal};
use crate::centre::{Centre, time};
use crate::intake;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use jiff::Timestamp;
use packet::wire::{Code, Finalise, Via};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

const RECEIPT: &str = "application/pkcs7-mime; smime-type=signed-data";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asked {
    finalize: Option<bool>,
    transaction_id: Option<Uuid>,
}

/// Makes a packet whole: checks the digests, makes the bytes durable, gives the receipt.
#[utoipa::path(post, path = "/v1/enrollments/{enrolment}", tag = "enrolment",
    params(("enrolment" = Uuid, Path), ("finalize" = bool, Query), ("transactionId" = Uuid, Query)),
    request_body(content = Finalise, description = "rekam-finalise/1"),
    responses((status = 204, description = "held; Content-Location of the receipt"),
        (status = 200, description = "the receipt, with Prefer: return=representation", content_type = "application/pkcs7-mime"),
        (status = 409, description = "other_digests, sequence_taken"), (status = 422, description = "incomplete, digest_mismatch, training_mixed")))]
pub(super) async fn finalise(
    State(centre): State<Arc<Centre>>,
    Extension(peer): Extension<Peer>,
    Path(enrolment): Path<Uuid>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    Body(body): Body<Finalise>,
) -> Answer<Response> {
    let station = peer.station(&centre).await?;
    if asked.finalize != Some(true) {
        return Err(Refusal::new(Code::Malformed, "finalize=true"));
    }
    let transaction = asked.transaction_id.ok_or(Refusal::new(Code::Malformed, "transactionId"))?;
    if body.enrolment != enrolment {
        return Err(Refusal::new(Code::Malformed, "enrolment"));
    }
    let began = std::time::Instant::now();
    let receipt = intake::finalise(&centre, &station, &body, Via::Network).await?;
    centre.metrics.finalise_seconds.observe(began.elapsed().as_secs_f64());
    tracing::info!(target: "pusat::intake", %enrolment, %transaction, station = station.code, sequence = body.sequence, "finalised");
    let wants_it = headers
        .get_all("prefer")
        .iter()
        .any(|value| value.to_str().is_ok_and(|text| text.contains("return=representation")));
    let place = [(header::CONTENT_LOCATION, format!("/v1/enrollments/{enrolment}/receipt"))];
    if wants_it {
        return Ok((place, [(header::CONTENT_TYPE, RECEIPT)], receipt).into_response());
    }
    Ok((StatusCode::NO_CONTENT, place).into_response())
}

/// The receipt.
#[utoipa::path(get, path = "/v1/enrollments/{enrolment}/receipt", tag = "enrolment", params(("enrolment" = Uuid, Path)),
    responses((status = 200, content_type = "application/pkcs7-mime"), (status = 404)))]
pub(super) async fn receipt(
    State(centre): State<Arc<Centre>>,
    Extension(peer): Extension<Peer>,
    Path(enrolment): Path<Uuid>,
) -> Answer<Response> {
    let station = peer.station(&centre).await?;
    let found: Option<(String, Vec<u8>)> =
        sqlx::query_as("SELECT station, receipt FROM enrolment WHERE id = $1")
            .bind(enrolment)
            .fetch_optional(&centre.pool)
            .await?;
    let (of, receipt) = found.ok_or(Refusal::new(Code::NotFound, "receipt"))?;
    if of != station.code {
        return Err(Refusal::new(Code::OtherStation, ""));
    }
    Ok(([(header::CONTENT_TYPE, RECEIPT)], receipt).into_response())
}

/// Where an enrolment stands.
#[derive(Serialize, ToSchema)]
pub(super) struct EnrolmentState {
    /// Enrolment id.
    enrolment: Uuid,
    /// True once the receipt is given.
    finalised: bool,
    /// What arrived, by `id`, `bio`, `dok`.
    parts: BTreeMap<String, PartState>,
    /// Central status, open text; empty before the finalisation.
    status: String,
    /// Its reason.
    reason: String,
    /// Since when, UTC.
    status_at: Option<Timestamp>,
}

/// How far one part is.
#[derive(Serialize, ToSchema)]
pub(super) struct PartState {
    /// Announced SHA-256, lower-case hexadecimal.
    sha256: String,
    /// Announced length.
    bytes: u64,
    /// Bytes that arrived.
    offset: u64,
}

/// Where an enrolment stands.
#[utoipa::path(get, operation_id = "enrolment_state", path = "/v1/enrollments/{enrolment}", tag = "enrolment",
    params(("enrolment" = Uuid, Path)),
    responses((status = 200, body = EnrolmentState), (status = 404)))]
pub(super) async fn look(
    State(centre): State<Arc<Centre>>,
    Extension(peer): Extension<Peer>,
    Path(enrolment): Path<Uuid>,
) -> Answer<Response> {
    let station = peer.station(&centre).await?;
    type Held = (String, String, String, i64);
    let held: Option<Held> =
        sqlx::query_as("SELECT station, status, reason, status_ms FROM enrolment WHERE id = $1")
            .bind(enrolment)
            .fetch_optional(&centre.pool)
            .await?;
    let uploads = intake::uploads_of(&centre, enrolment).await?;
    let owner = held.as_ref().map(|held| held.0.as_str());
    let owner = owner.or(uploads.first().map(|upload| upload.station.as_str()));
    if owner.ok_or(Refusal::new(Code::NotFound, "enrolment"))? != station.code {
        return Err(Refusal::new(Code::OtherStation, ""));
    }
    let mut parts = BTreeMap::new();
    for upload in uploads {
        let offset = if upload.finalised { upload.bytes } else { centre.parts.offset(upload.id)? };
        let state = PartState { sha256: upload.sha256, bytes: upload.bytes, offset };
        parts.insert(upload.part.to_string(), state);
    }
    let finalised = held.is_some();
    let (status, reason, status_at) = match held {
        Some((_, status, reason, ms)) => (status, reason, Some(time(ms))),
        None => (String::new(), String::new(), None),
    };
    Ok(Json(EnrolmentState { enrolment, finalised, parts, status, reason, status_at }).into_response())
}

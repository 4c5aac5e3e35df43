use super::Peer;
use super::answer::{Answer, Body, Path, Refusal};
use crate::centre::Centre;
use crate::{identity, inventory};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use packet::wire::{Activation, Certificates, Code, Comparison, Inventory};
use std::sync::Arc;

/// The authority; the only thing a station asks before it trusts.
#[utoipa::path(get, path = "/v1/authority", tag = "identity",
    responses((status = 200, content_type = "application/x-pem-file")))]
pub(super) async fn authority(State(centre): State<Arc<Centre>>) -> Answer<Response> {
    let pem = centre.keys.authority.certificate().to_pem()?;
    Ok(([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response())
}

/// The revocation list.
#[utoipa::path(get, path = "/v1/revocations", tag = "identity",
    responses((status = 200, content_type = "application/pkix-crl")))]
pub(super) async fn revocations(State(centre): State<Arc<Centre>>) -> Answer<Response> {
    let list = identity::revocation_list(&centre).await?;
    Ok(([(header::CONTENT_TYPE, "application/pkix-crl")], list).into_response())
}

/// Makes a station known by its activation code.
#[utoipa::path(post, path = "/v1/stations/{code}/activation", tag = "identity", params(("code" = String, Path)),
    request_body = Activation,
    responses((status = 201, body = Certificates), (status = 403, description = "activation_refused"), (status = 409, description = "activation_used, register_other, register_known")))]
pub(super) async fn activate(
    State(centre): State<Arc<Centre>>,
    Path(code): Path<String>,
    Body(body): Body<Activation>,
) -> Answer<Response> {
    if !centre.pace.may_activate() {
        return Err(Refusal::new(Code::TooMany, "").with("retry-after", 2));
    }
    let certificates = identity::activate(&centre, &code, &body).await?;
    Ok((StatusCode::CREATED, Json(certificates)).into_response())
}

/// Renews a station's certificate.
#[utoipa::path(post, path = "/v1/stations/{code}/renewal", tag = "identity", params(("code" = String, Path)),
    request_body = Activation, responses((status = 201, body = Certificates)))]
pub(super) async fn renew(
    State(centre): State<Arc<Centre>>,
    Extension(peer): Extension<Peer>,
    Path(code): Path<String>,
    Body(body): Body<Activation>,
) -> Answer<Response> {
    let station = peer.own(&centre, &code).await?;
    let certificates = identity::renew(&centre, &station.code, &body).await?;
    Ok((StatusCode::CREATED, Json(certificates)).into_response())
}

/// Certifies an operator of the station.
#[utoipa::path(post, path = "/v1/stations/{code}/operators/{operator}/certificate", tag = "identity",
    params(("code" = String, Path), ("operator" = String, Path)),
    request_body = Activation,
    responses((status = 201, body = Certificates), (status = 404, description = "not added at the centre")))]
pub(super) async fn operator(
    State(centre): State<Arc<Centre>>,
    Extension(peer): Extension<Peer>,
    Path((code, operator)): Path<(String, String)>,
    Body(body): Body<Activation>,
) -> Answer<Response> {
    let station = peer.own(&centre, &code).await?;
    let certificates = identity::certify_operator(&centre, &station.code, &operator, &body).await?;
    Ok((StatusCode::CREATED, Json(certificates)).into_response())
}

/// Holds the station's packets against the centre's.
#[utoipa::path(post, path = "/v1/stations/{code}/inventory", tag = "enrolment", params(("code" = String, Path)),
    request_body(content = Inventory, description = "rekam-inventory/1"), responses((status = 200, body = Comparison)))]
pub(super) async fn inventory(
    State(centre): State<Arc<Centre>>,
    Extension(peer): Extension<Peer>,
    Path(code): Path<String>,
    Body(body): Body<Inventory>,
) -> Answer<Response> {
    let station = peer.own(&centre, &code).await?;
    Ok(Json(inventory::compare(&centre, &station, &body).await?).into_response())
}

use super::{cards, changes, finalise, health, people, station, tus};
use axum::Json;
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "pusat",
        description = "Reference centre of Rekam; the words are in docs/protocols/sync.md"
    ),
    paths(
        station::authority,
        station::revocations,
        station::activate,
        station::renew,
        station::operator,
        station::inventory,
        changes::changes,
        changes::own_changes,
        tus::options,
        tus::create,
        tus::head,
        tus::patch,
        tus::delete,
        finalise::finalise,
        finalise::receipt,
        finalise::look,
        people::person,
        people::residents,
        people::signature,
        cards::request,
        cards::look,
        cards::content,
        cards::issued,
        cards::handed_over,
        health::live,
        health::ready,
    )
)]
struct Described;

/// The OpenAPI document, generated from the handlers.
pub fn document() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

pub(super) async fn serve() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}

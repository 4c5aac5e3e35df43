//! The protocol of `docs/protocols/sync.md` over HTTP. Handlers parse and answer; the work is in the modules beside.

mod answer;
mod cards;
mod changes;
mod finalise;
mod health;
mod openapi;
pub(crate) mod pace;
mod peer;
mod people;
mod station;
pub(crate) mod tus;

pub use openapi::document;
pub(crate) use peer::Peer;

use crate::centre::Centre;
use crate::metrics::Answered;
use answer::Refusal;
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use packet::wire::Code;
use std::sync::Arc;
use std::time::Duration;

/// Largest JSON body.
const JSON_LIMIT: usize = 2 * 1024 * 1024;

/// What stations may ask.
pub(crate) fn router(centre: Arc<Centre>) -> Router {
    let buffer = "/v1/enrollments/{enrolment}/buffer";
    Router::new()
        .route("/v1/authority", get(station::authority))
        .route("/v1/revocations", get(station::revocations))
        .route("/v1/stations/{code}/activation", post(station::activate))
        .route("/v1/stations/{code}/renewal", post(station::renew))
        .route("/v1/stations/{code}/operators/{operator}/certificate", post(station::operator))
        .route("/v1/stations/{code}/inventory", post(station::inventory))
        .route("/v1/stations/{code}/changes", get(changes::changes))
        .route("/v1/changes/{after}", get(changes::own_changes))
        .route(buffer, post(tus::create).options(tus::options))
        .route(
            "/v1/enrollments/{enrolment}/buffer/{upload}",
            axum::routing::patch(tus::patch).head(tus::head).delete(tus::delete).options(tus::options),
        )
        .route("/v1/enrollments/{enrolment}", post(finalise::finalise).get(finalise::look))
        .route("/v1/enrollments/{enrolment}/receipt", get(finalise::receipt))
        .route("/v1/persons/{nik}", get(people::person))
        .route("/v1/residents/{wilayah}", get(people::residents))
        .route("/v1/residents/{wilayah}/signature", get(people::signature))
        .route("/v1/credentialRequests/{job}", post(cards::request).put(cards::issued).get(cards::look))
        .route("/v1/credentialRequests/{job}/card", get(cards::content))
        .route("/v1/credentials/{job}/status", post(cards::handed_over))
        .route("/v1/openapi.json", get(openapi::serve))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .fallback(|| async { Refusal::new(Code::NotFound, "no such resource") })
        .method_not_allowed_fallback(|| async { Refusal::new(Code::Malformed, "method") })
        .layer(axum::extract::DefaultBodyLimit::max(JSON_LIMIT))
        .layer(middleware::from_fn_with_state(centre.clone(), around))
        .with_state(centre)
}

/// Health and metrics, for the operations address.
pub(crate) fn operations(centre: Arc<Centre>) -> Router {
    Router::new()
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(health::metrics))
        .with_state(centre)
}

/// Time limit, counting and the log line of every request: the route's template, never the path.
async fn around(State(centre): State<Arc<Centre>>, request: Request, next: Next) -> Response {
    let method = request.method().to_string();
    let route =
        request.extensions().get::<MatchedPath>().map_or("none".to_owned(), |path| path.as_str().to_owned());
    let station = request
        .extensions()
        .get::<Peer>()
        .and_then(|peer| peer.certificate())
        .map_or(String::new(), packet::pki::Certificate::common_name);
    let limit = Duration::from_secs(centre.config.limits.request_seconds);
    let began = std::time::Instant::now();
    let answer = match tokio::time::timeout(limit, next.run(request)).await {
        Ok(answer) => answer,
        Err(_) => Refusal::new(Code::TooSlow, "").into_response(),
    };
    let status = answer.status().as_u16();
    let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    tracing::info!(target: "pusat::http", method, route, station, status, micros);
    centre.metrics.requests.get_or_create(&Answered { method, route, status }).inc();
    answer
}

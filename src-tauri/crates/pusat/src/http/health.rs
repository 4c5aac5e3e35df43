use crate::centre::Centre;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;
use std::time::Duration;

/// The process answers.
#[utoipa::path(get, path = "/health/live", tag = "operations", responses((status = 204)))]
pub(super) async fn live() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Longest wait for the database and for the store, each.
const PATIENCE: Duration = Duration::from_secs(3);

/// Database, store of parts and disk are there; if not, the answer has one line for each that is not.
#[utoipa::path(get, path = "/health/ready", tag = "operations",
    responses((status = 204), (status = 503, content_type = "text/plain", body = String)))]
pub(super) async fn ready(State(centre): State<Arc<Centre>>) -> Response {
    let (database, store) = tokio::join!(
        tokio::time::timeout(PATIENCE, sqlx::query("SELECT 1").execute(&centre.pool)),
        tokio::time::timeout(PATIENCE, centre.parts.answers()),
    );
    let least = centre.config.limits.free_megabytes;
    let mut missing = Vec::new();
    if !matches!(database, Ok(Ok(_))) {
        missing.push("database: does not answer; nothing can be acknowledged\n".to_owned());
    }
    if !matches!(store, Ok(Ok(()))) {
        missing.push("store of parts: does not answer; uploads go on, nothing can be finalised\n".to_owned());
    }
    if !centre.parts.free_megabytes().is_ok_and(|free| free >= least) {
        missing.push(format!("disk of the spool: less than {least} MB free; new uploads are refused\n"));
    }
    if missing.is_empty() {
        return StatusCode::NO_CONTENT.into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, missing.concat()).into_response()
}

/// Counters.
pub(super) async fn metrics(State(centre): State<Arc<Centre>>) -> Response {
    let media = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, media)], centre.metrics.text()).into_response()
}

use crate::centre::Centre;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;

/// The process answers.
#[utoipa::path(get, path = "/health/live", tag = "operations", responses((status = 204)))]
pub(super) async fn live() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Database and disk are there.
#[utoipa::path(get, path = "/health/ready", tag = "operations", responses((status = 204), (status = 503)))]
pub(super) async fn ready(State(centre): State<Arc<Centre>>) -> StatusCode {
    let database = sqlx::query("SELECT 1").execute(&centre.pool).await.is_ok();
    let room = centre.parts.free_megabytes().is_ok_and(|free| free >= centre.config.limits.free_megabytes);
    if database && room { StatusCode::NO_CONTENT } else { StatusCode::SERVICE_UNAVAILABLE }
}

/// Counters.
pub(super) async fn metrics(State(centre): State<Arc<Centre>>) -> Response {
    let media = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, media)], centre.metrics.text()).into_response()
}

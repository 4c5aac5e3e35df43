use super::Peer;
use super::answer::{Answer, Path, Query, Refusal};
use super::changes::compressed;
use crate::centre::Centre;
use crate::residents;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use packet::wire::Code;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wanted {
    attribute_names: Option<String>,
}

/// A resident by NIK.
#[utoipa::path(get, path = "/v1/persons/{nik}", tag = "people", params(("nik" = String, Path), ("attributeNames" = Option<String>, Query)),
    responses((status = 200, body = serde_json::Value), (status = 404)))]
pub(super) async fn person(
    State(centre): State<Arc<Centre>>,
    Extension(peer): Extension<Peer>,
    Path(nik): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer<Response> {
    let station = peer.station(&centre).await?;
    let nik = domain::nik::Nik::parse(&nik).map_err(|_| Refusal::new(Code::Malformed, "nik"))?;
    let names: Vec<&str> = wanted.attribute_names.as_deref().unwrap_or_default().split(',').collect();
    let found = residents::look_up(&centre, &station, nik.as_str(), &names).await?;
    Ok(Json(found.ok_or(Refusal::new(Code::NotFound, "person"))?).into_response())
}

/// The signed extract of a wilayah.
#[utoipa::path(get, path = "/v1/residents/{wilayah}", tag = "people", params(("wilayah" = String, Path)),
    responses((status = 200, content_type = "application/x-ndjson"), (status = 304), (status = 403), (status = 404)))]
pub(super) async fn residents(
    State(centre): State<Arc<Centre>>,
    Extension(peer): Extension<Peer>,
    Path(wilayah): Path<String>,
    headers: HeaderMap,
) -> Answer<Response> {
    let station = peer.station(&centre).await?;
    let extract = residents::extract(&centre, &station, &wilayah).await?;
    let tag = format!("\"{}\"", extract.version);
    if headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let link = format!(
        "</v1/residents/{}/signature?version={}>; rel=\"signature\"",
        extract.wilayah, extract.version
    );
    let body = extract.plain()?;
    Ok(([(header::ETAG, tag), (header::LINK, link)], compressed(&headers, body, "application/x-ndjson"))
        .into_response())
}

#[derive(Deserialize)]
pub(super) struct Version {
    version: i64,
}

/// The detached signature over an extract's header line.
#[utoipa::path(get, path = "/v1/residents/{wilayah}/signature", tag = "people", params(("wilayah" = String, Path), ("version" = i64, Query)),
    responses((status = 200, content_type = "application/pkcs7-signature"), (status = 404)))]
pub(super) async fn signature(
    State(centre): State<Arc<Centre>>,
    Extension(peer): Extension<Peer>,
    Path(wilayah): Path<String>,
    Query(Version { version }): Query<Version>,
) -> Answer<Response> {
    peer.station(&centre).await?;
    let found: Option<(Vec<u8>,)> =
        sqlx::query_as("SELECT signature FROM extract WHERE wilayah = $1 AND version = $2")
            .bind(wilayah)
            .bind(version)
            .fetch_optional(&centre.pool)
            .await?;
    let (signature,) = found.ok_or(Refusal::new(Code::NotFound, "extract"))?;
    Ok(([(header::CONTENT_TYPE, "application/pkcs7-signature")], signature).into_response())
}

use super::Peer;
use super::answer::{Answer, Path, Query, Refusal};
use super::changes::compressed;
use crate::centre::{Centre, Station};
use crate::residents;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use packet::wire::{Code, PersonAnswer};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wanted {
    attribute_names: Option<String>,
}

/// A resident by NIK.
#[utoipa::path(get, path = "/v1/persons/{nik}", tag = "people", params(("nik" = String, Path), ("attributeNames" = Option<String>, Query)),
    responses((status = 200, body = PersonAnswer), (status = 404)))]
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
    let extract = residents::extract(&centre, &station, own(&station, &wilayah)).await?;
    let tag = format!("\"{}\"", extract.version);
    if headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let link = format!(
        "</v1/residents/{}/signature?version={}>; rel=\"signature\"",
        extract.wilayah, extract.version
    );
    let wants = headers.get(header::ACCEPT).is_some_and(|value| value.as_bytes() == PACKED.as_bytes());
    if wants {
        return Ok(piece(&headers, &tag, &link, extract.packed()));
    }
    let body = extract.plain()?;
    Ok(([(header::ETAG, tag), (header::LINK, link)], compressed(&headers, body, "application/x-ndjson"))
        .into_response())
}

/// The extract as it is kept, for whoever fetches it piece by piece.
const PACKED: &str = "application/zstd";

/// `own` stands for the station's own wilayah, which it need not know.
fn own<'a>(station: &'a Station, wilayah: &'a str) -> &'a str {
    if wilayah == "own" { &station.wilayah } else { wilayah }
}

/// The piece that `Range` asks for (RFC 9110 §14), of the version that `If-Match` names; without a range the whole.
fn piece(headers: &HeaderMap, tag: &str, link: &str, packed: &[u8]) -> Response {
    let common = [
        (header::ETAG, tag.to_owned()),
        (header::LINK, link.to_owned()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CONTENT_TYPE, PACKED.to_owned()),
    ];
    if headers.get(header::IF_MATCH).is_some_and(|value| value.as_bytes() != tag.as_bytes()) {
        return (StatusCode::PRECONDITION_FAILED, common).into_response();
    }
    let asked = headers.get(header::RANGE).and_then(|value| value.to_str().ok()).and_then(|text| {
        let (from, to) = text.strip_prefix("bytes=")?.split_once('-')?;
        let last = packed.len().checked_sub(1)?;
        let to = if to.is_empty() { last } else { to.parse::<usize>().ok()?.min(last) };
        from.parse::<usize>().ok().map(|from| (from, to))
    });
    let whole = format!("bytes */{}", packed.len());
    match asked {
        None => (common, packed.to_vec()).into_response(),
        Some((from, to)) => match packed.get(from..=to) {
            Some(body) if from <= to => {
                let place = format!("bytes {from}-{to}/{}", packed.len());
                let headers = [(header::CONTENT_RANGE, place)];
                (StatusCode::PARTIAL_CONTENT, common, headers, body.to_vec()).into_response()
            }
            _ => (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, whole)]).into_response(),
        },
    }
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
    let station = peer.station(&centre).await?;
    let wilayah = own(&station, &wilayah).to_owned();
    let found: Option<(Vec<u8>,)> =
        sqlx::query_as("SELECT signature FROM extract WHERE wilayah = $1 AND version = $2")
            .bind(wilayah)
            .bind(version)
            .fetch_optional(&centre.pool)
            .await?;
    let (signature,) = found.ok_or(Refusal::new(Code::NotFound, "extract"))?;
    Ok(([(header::CONTENT_TYPE, "application/pkcs7-signature")], signature).into_response())
}

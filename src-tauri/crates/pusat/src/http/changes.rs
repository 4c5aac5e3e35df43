use super::Peer;
use super::answer::{Answer, Path, Query, Refusal};
use crate::centre::{Centre, Station};
use crate::feed;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use packet::wire::{Change, Code, Cursor, write_feed};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

const LONGEST_WAIT: u64 = 55;
const MOST_LINES: i64 = 5_000;
/// Another process of the centre (adjudication) may have added something: looked for this often while waiting.
const LOOK: Duration = Duration::from_secs(3);

#[derive(Deserialize)]
pub(super) struct Asked {
    after: String,
    #[serde(default)]
    wait: u64,
    limit: Option<i64>,
}

#[derive(Deserialize)]
pub(super) struct OwnAsked {
    #[serde(default)]
    wait: u64,
    limit: Option<i64>,
}

/// What changed for a station since a cursor.
#[utoipa::path(get, path = "/v1/stations/{code}/changes", tag = "changes",
    params(("code" = String, Path), ("after" = String, Query), ("wait" = Option<u64>, Query), ("limit" = Option<i64>, Query)),
    responses((status = 200, description = "lines, each a Change; the last one is {k: end, cursor, more}", body = Change, content_type = "application/x-ndjson"),
        (status = 204, description = "nothing changed"), (status = 409, description = "cursor_ahead")))]
pub(super) async fn changes(
    State(centre): State<Arc<Centre>>,
    Extension(peer): Extension<Peer>,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Answer<Response> {
    let station = peer.own(&centre, &code).await?;
    let packed = takes_zstd(&headers);
    answer(&centre, &station, asked, packed).await
}

/// The same for whoever the certificate names, in fewer bytes: an idle station asks this and nothing else. A body is always
/// zstd, which therefore need not be asked for.
#[utoipa::path(get, path = "/v1/changes/{after}", tag = "changes",
    params(("after" = String, Path), ("wait" = Option<u64>, Query), ("limit" = Option<i64>, Query)),
    responses((status = 200, description = "the same lines, Content-Encoding: zstd", body = Change, content_type = "application/x-ndjson"),
        (status = 204, description = "nothing changed"), (status = 409, description = "cursor_ahead")))]
pub(super) async fn own_changes(
    State(centre): State<Arc<Centre>>,
    Extension(peer): Extension<Peer>,
    Path(after): Path<String>,
    Query(own): Query<OwnAsked>,
) -> Answer<Response> {
    let station = peer.station(&centre).await?;
    answer(&centre, &station, Asked { after, wait: own.wait, limit: own.limit }, true).await
}

async fn answer(centre: &Centre, station: &Station, asked: Asked, packed: bool) -> Answer<Response> {
    let after: Cursor = asked.after.parse().map_err(|_| Refusal::new(Code::Malformed, "after"))?;
    let limit = asked.limit.unwrap_or(MOST_LINES).clamp(1, MOST_LINES);
    let until = Instant::now() + Duration::from_secs(asked.wait.min(LONGEST_WAIT));
    let watcher = centre.watcher(&station.code);
    loop {
        // Registered before the look, so that nothing falls between the two.
        let woken = watcher.notified();
        tokio::pin!(woken);
        woken.as_mut().enable();
        let feed = feed::read(centre, &station.code, &after, limit).await?;
        if !feed.changes.is_empty() {
            let body = write_feed(&feed.changes, &feed.cursor, feed.more);
            return Ok(encoded(packed, body, "application/x-ndjson"));
        }
        let now = Instant::now();
        if now >= until {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        tokio::select! {
            () = woken => {}
            () = tokio::time::sleep_until(until.min(now + LOOK)) => {}
        }
    }
}

/// The body, as zstd when the other side takes it.
pub(super) fn compressed(headers: &HeaderMap, body: Vec<u8>, media: &'static str) -> Response {
    encoded(takes_zstd(headers), body, media)
}

fn takes_zstd(headers: &HeaderMap) -> bool {
    headers.get_all(header::ACCEPT_ENCODING).iter().any(|value| {
        value.to_str().is_ok_and(|text| text.split(',').any(|name| name.trim().starts_with("zstd")))
    })
}

fn encoded(packed: bool, body: Vec<u8>, media: &'static str) -> Response {
    if packed && let Ok(packed) = zstd::encode_all(&body[..], 9) {
        let names = [(header::CONTENT_TYPE, media), (header::CONTENT_ENCODING, "zstd")];
        return (names, packed).into_response();
    }
    ([(header::CONTENT_TYPE, media)], body).into_response()
}

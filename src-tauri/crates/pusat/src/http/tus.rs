//! tus 1.0: creation, checksum, expiration, termination. The file in the spool is the offset.

use super::Peer;
use super::answer::{Answer, Path, Refusal};
use crate::centre::{Centre, Station, time};
use crate::error::Error;
use crate::intake::{self, Upload};
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use http_body_util::BodyExt as _;
use packet::wire::{Code, TUS_VERSION, UploadMetadata};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::OwnedMutexGuard;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Largest sealed part: `docs/protocols/packet.md` §6.
const MAX_BYTES: u64 = packet::MAX_PART_BYTES + 64 * 1024;
/// Largest chunk with a checksum, which must be held until it is checked.
const MAX_CHECKED: u64 = 1024 * 1024;

/// Who writes which upload.
#[derive(Default)]
pub struct Uploads {
    writers: Mutex<HashMap<Uuid, Arc<Writer>>>,
}

impl std::fmt::Debug for Uploads {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Uploads")
    }
}

#[derive(Default)]
struct Writer {
    turn: Arc<tokio::sync::Mutex<()>>,
    present: Mutex<CancellationToken>,
}

/// The right to touch an upload's file, until a newer request takes it.
pub(crate) struct Turn {
    /// Fires when a newer request wants the upload.
    pub wanted: CancellationToken,
    _guard: OwnedMutexGuard<()>,
}

impl Uploads {
    /// Ends whoever holds this upload and takes its place.
    pub(crate) async fn turn(&self, upload: Uuid) -> Turn {
        let writer = {
            let mut writers = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
            if writers.len() > 50_000 {
                writers.retain(|_, writer| Arc::strong_count(writer) > 1);
            }
            writers.entry(upload).or_default().clone()
        };
        let wanted = CancellationToken::new();
        let before = std::mem::replace(
            &mut *writer.present.lock().unwrap_or_else(PoisonError::into_inner),
            wanted.clone(),
        );
        before.cancel();
        let guard = writer.turn.clone().lock_owned().await;
        Turn { wanted, _guard: guard }
    }
}

fn tus(status: StatusCode, headers: &[(&'static str, String)]) -> Response {
    let mut response = status.into_response();
    response.headers_mut().insert("tus-resumable", HeaderValue::from_static(TUS_VERSION));
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(*name, value);
        }
    }
    response
}

fn refuse(code: Code, detail: impl Into<String>) -> Refusal {
    Refusal::new(code, detail).with("tus-resumable", TUS_VERSION)
}

fn version(headers: &HeaderMap) -> Answer<()> {
    match headers.get("tus-resumable").and_then(|value| value.to_str().ok()) {
        Some(TUS_VERSION) => Ok(()),
        _ => Err(refuse(Code::TusVersion, "Tus-Resumable").with("tus-version", TUS_VERSION)),
    }
}

fn number(headers: &HeaderMap, name: &'static str) -> Answer<u64> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse().ok())
        .ok_or(refuse(Code::Malformed, name))
}

/// IMF-fixdate of RFC 9110.
fn http_date(ms: i64) -> String {
    jiff::fmt::rfc2822::to_string(&time(ms).to_zoned(jiff::tz::TimeZone::UTC))
        .map(|text| text.replace("+0000", "GMT"))
        .unwrap_or_default()
}

/// What the centre speaks of tus.
#[utoipa::path(options, path = "/v1/enrollments/{enrolment}/buffer", tag = "upload",
    params(("enrolment" = Uuid, Path)), responses((status = 204, description = "Tus-Version, Tus-Extension, Tus-Max-Size")))]
pub(super) async fn options() -> Response {
    tus(
        StatusCode::NO_CONTENT,
        &[
            ("tus-version", TUS_VERSION.to_owned()),
            ("tus-extension", "creation,checksum,expiration,termination".to_owned()),
            ("tus-max-size", MAX_BYTES.to_string()),
            ("tus-checksum-algorithm", "sha1,sha256".to_owned()),
        ],
    )
}

/// Creates the upload of one part, or finds it again.
#[utoipa::path(post, path = "/v1/enrollments/{enrolment}/buffer", tag = "upload",
    params(("enrolment" = Uuid, Path), ("Tus-Resumable" = String, Header), ("Upload-Length" = u64, Header),
        ("Upload-Metadata" = String, Header, description = "part and sha256, base64")),
    responses((status = 201, description = "Location, Upload-Offset, Upload-Expires"),
        (status = 403, description = "other_station"), (status = 409, description = "other_digests"),
        (status = 413, description = "too_large"), (status = 507, description = "full")))]
pub(super) async fn create(
    State(centre): State<Arc<Centre>>,
    Extension(peer): Extension<Peer>,
    Path(enrolment): Path<Uuid>,
    headers: HeaderMap,
) -> Answer<Response> {
    version(&headers)?;
    let station = peer.station(&centre).await?;
    let bytes = number(&headers, "upload-length")?;
    if bytes > MAX_BYTES {
        return Err(refuse(Code::TooLarge, format!("at most {MAX_BYTES} bytes")));
    }
    if bytes == 0 {
        return Err(refuse(Code::Malformed, "upload-length"));
    }
    let metadata = headers.get("upload-metadata").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let metadata =
        UploadMetadata::from_header(metadata).map_err(|error| refuse(Code::Malformed, error.to_string()))?;
    let upload = intake::create_upload(&centre, &station, enrolment, &metadata, bytes).await?;
    let offset = offset(&centre, &upload).await?;
    Ok(tus(
        StatusCode::CREATED,
        &[
            ("location", location(&upload)),
            ("upload-offset", offset.to_string()),
            ("upload-expires", http_date(upload.expires_ms)),
        ],
    ))
}

fn location(upload: &Upload) -> String {
    format!("/v1/enrollments/{}/buffer/{}", upload.enrolment.hyphenated(), upload.id.hyphenated())
}

/// A finalised upload is whole, wherever its bytes are now.
async fn offset(centre: &Centre, upload: &Upload) -> crate::Result<u64> {
    if upload.finalised { Ok(upload.bytes) } else { centre.parts.offset(upload.id) }
}

async fn find(centre: &Centre, station: &Station, enrolment: Uuid, id: Uuid) -> Answer<Upload> {
    let upload = intake::upload(centre, id).await?.filter(|upload| upload.enrolment == enrolment);
    let upload = upload.ok_or(refuse(Code::NotFound, "upload"))?;
    if upload.station != station.code {
        return Err(refuse(Code::OtherStation, ""));
    }
    if upload.expires_ms < centre.now_ms() && !upload.finalised {
        return Err(refuse(Code::UploadGone, ""));
    }
    Ok(upload)
}

/// How far an upload has come.
#[utoipa::path(head, path = "/v1/enrollments/{enrolment}/buffer/{upload}", tag = "upload",
    params(("enrolment" = Uuid, Path), ("upload" = Uuid, Path), ("Tus-Resumable" = String, Header)),
    responses((status = 200, description = "Upload-Offset, Upload-Length"), (status = 404), (status = 410)))]
pub(super) async fn head(
    State(centre): State<Arc<Centre>>,
    Extension(peer): Extension<Peer>,
    Path((enrolment, id)): Path<(Uuid, Uuid)>,
    headers: HeaderMap,
) -> Answer<Response> {
    version(&headers)?;
    let station = peer.station(&centre).await?;
    let upload = find(&centre, &station, enrolment, id).await?;
    // The bytes of a cut PATCH may still be on their way into the file.
    let _turn = centre.uploads.turn(id).await;
    let offset = offset(&centre, &upload).await?;
    Ok(tus(
        StatusCode::OK,
        &[
            ("upload-offset", offset.to_string()),
            ("upload-length", upload.bytes.to_string()),
            ("upload-expires", http_date(upload.expires_ms)),
            ("cache-control", "no-store".to_owned()),
        ],
    ))
}

/// Takes bytes at the offset; what arrived counts also when the rest does not.
#[utoipa::path(patch, path = "/v1/enrollments/{enrolment}/buffer/{upload}", tag = "upload",
    params(("enrolment" = Uuid, Path), ("upload" = Uuid, Path), ("Tus-Resumable" = String, Header),
        ("Upload-Offset" = u64, Header), ("Upload-Checksum" = Option<String>, Header)),
    request_body(content_type = "application/offset+octet-stream"),
    responses((status = 204, description = "Upload-Offset"), (status = 409, description = "offset_mismatch, with Upload-Offset"),
        (status = 415), (status = 460, description = "checksum")))]
pub(super) async fn patch(
    State(centre): State<Arc<Centre>>,
    Extension(peer): Extension<Peer>,
    Path((enrolment, id)): Path<(Uuid, Uuid)>,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    version(&headers)?;
    let station = peer.station(&centre).await?;
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if media != Some("application/offset+octet-stream") {
        return Err(refuse(Code::MediaType, "application/offset+octet-stream"));
    }
    let claimed = number(&headers, "upload-offset")?;
    let checksum = headers.get("upload-checksum").map(|value| value.to_str().unwrap_or_default().to_owned());
    let upload = find(&centre, &station, enrolment, id).await?;
    let turn = centre.uploads.turn(id).await;
    let at = offset(&centre, &upload).await?;
    if claimed != at {
        return Err(refuse(Code::OffsetMismatch, "").with("upload-offset", at));
    }
    let room = upload.bytes - at;
    let idle = Duration::from_secs(centre.config.limits.idle_seconds);
    let taken = match checksum {
        Some(checksum) => checked(&centre, id, body, room, idle, &turn, &checksum).await,
        None => streamed(&centre, id, body, room, idle, &turn).await,
    };
    let written = centre.parts.offset(id)?.saturating_sub(at);
    centre.metrics.bytes.inc_by(written);
    taken?;
    Ok(tus(StatusCode::NO_CONTENT, &[("upload-offset", (at + written).to_string())]))
}

async fn next(body: &mut Body, idle: Duration, turn: &Turn) -> Answer<Option<bytes::Bytes>> {
    loop {
        let frame = tokio::select! {
            () = turn.wanted.cancelled() => return Err(refuse(Code::OffsetMismatch, "a newer request took over")),
            frame = tokio::time::timeout(idle, body.frame()) => frame,
        };
        match frame {
            Err(_) => return Err(refuse(Code::TooSlow, "").with("connection", "close")),
            Ok(None) => return Ok(None),
            Ok(Some(Err(_))) => return Err(refuse(Code::Malformed, "the body was cut")),
            Ok(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
        }
    }
}

async fn open(centre: &Centre, id: Uuid) -> Answer<tokio::fs::File> {
    let path = centre.parts.spooled(id);
    let file = tokio::fs::OpenOptions::new().create(true).append(true).open(path).await;
    Ok(file.map_err(Error::file("open an upload"))?)
}

async fn streamed(
    centre: &Centre,
    id: Uuid,
    mut body: Body,
    room: u64,
    idle: Duration,
    turn: &Turn,
) -> Answer<()> {
    let mut file = open(centre, id).await?;
    let mut left = room;
    let result = loop {
        match next(&mut body, idle, turn).await {
            Ok(None) => break Ok(()),
            Err(refusal) => break Err(refusal),
            Ok(Some(data)) if data.len() as u64 > left => {
                break Err(refuse(Code::TooLarge, "more than Upload-Length"));
            }
            Ok(Some(data)) => {
                left -= data.len() as u64;
                if let Err(source) = file.write_all(&data).await {
                    break Err(Error::File { doing: "write an upload", source }.into());
                }
            }
        }
    };
    // Tokio's file keeps bytes of its own: they belong to what arrived, whatever came after.
    file.flush().await.map_err(Error::file("write an upload"))?;
    result
}

async fn checked(
    centre: &Centre,
    id: Uuid,
    mut body: Body,
    room: u64,
    idle: Duration,
    turn: &Turn,
    checksum: &str,
) -> Answer<()> {
    use sha2::Digest as _;
    let (algorithm, value) = checksum.split_once(' ').unwrap_or_default();
    let wanted = base64::engine::general_purpose::STANDARD
        .decode(value)
        .map_err(|_| refuse(Code::Malformed, "upload-checksum"))?;
    let mut chunk = Vec::new();
    while let Some(data) = next(&mut body, idle, turn).await? {
        if (chunk.len() + data.len()) as u64 > room.min(MAX_CHECKED) {
            return Err(refuse(Code::TooLarge, "chunk with a checksum"));
        }
        chunk.extend_from_slice(&data);
    }
    let found = match algorithm {
        "sha256" => sha2::Sha256::digest(&chunk).to_vec(),
        "sha1" => packet::sha1(&chunk).to_vec(),
        _ => return Err(refuse(Code::Malformed, "checksum algorithm")),
    };
    if found != wanted {
        return Err(refuse(Code::Checksum, ""));
    }
    let mut file = open(centre, id).await?;
    file.write_all(&chunk).await.map_err(Error::file("write an upload"))?;
    file.flush().await.map_err(Error::file("write an upload"))?;
    Ok(())
}

/// Throws an upload away.
#[utoipa::path(delete, path = "/v1/enrollments/{enrolment}/buffer/{upload}", tag = "upload",
    params(("enrolment" = Uuid, Path), ("upload" = Uuid, Path), ("Tus-Resumable" = String, Header)),
    responses((status = 204), (status = 404)))]
pub(super) async fn delete(
    State(centre): State<Arc<Centre>>,
    Extension(peer): Extension<Peer>,
    Path((enrolment, id)): Path<(Uuid, Uuid)>,
    headers: HeaderMap,
) -> Answer<Response> {
    version(&headers)?;
    let station = peer.station(&centre).await?;
    let upload = find(&centre, &station, enrolment, id).await?;
    if upload.finalised {
        return Err(refuse(Code::NotNow, "finalised"));
    }
    let _turn = centre.uploads.turn(id).await;
    intake::forget(&centre, id).await?;
    Ok(tus(StatusCode::NO_CONTENT, &[]))
}

//! Residents: import, look-up by NIK, signed extract of a wilayah, deltas in the change feed.

mod import;

pub use import::{Imported, import, import_whole};

use crate::centre::{Centre, Station, time};
use crate::error::{Error, Result};
use crate::intake::event;
use crate::record;
use domain::wilayah::KodeWilayah;
use packet::wire::{Attributes, Code, PersonAnswer};
use sqlx::types::Json;
use uuid::Uuid;

/// Looks one NIK up for a station, and leaves an event of it.
///
/// # Errors
/// `Database`.
pub async fn look_up(
    centre: &Centre,
    station: &Station,
    nik: &str,
    names: &[&str],
) -> Result<Option<PersonAnswer>> {
    event(&centre.pool, centre.now_ms(), "person_read", Some(&station.code), None).await?;
    let mut conn = centre.pool.acquire().await?;
    let recording = record::of_nik(&mut conn, nik, None).await?;
    type Row = (String, Json<Attributes>, Option<String>, Option<i64>, Option<Uuid>);
    let row: Option<Row> = sqlx::query_as(
        // Somebody recorded whom the residents lack stands there by the attested biodata.
        "SELECT coalesce(r.kk, e.biodata ->> 'nomor_kk', ''), coalesce(r.data, e.biodata), e.status, e.status_ms, e.id
         FROM (SELECT 1) one
         LEFT JOIN resident r ON r.nik = $1 AND NOT r.gone
         LEFT JOIN LATERAL (
            SELECT e.id, e.status, e.status_ms, c.biodata FROM enrolment e LEFT JOIN recording c ON c.enrolment = e.id
            WHERE e.id = $2) e ON true
         WHERE r.nik IS NOT NULL OR e.biodata IS NOT NULL",
    )
    .bind(nik)
    .bind(recording.map(|(id, _)| id))
    .fetch_optional(&mut *conn)
    .await?;
    let Some((kk, Json(data), status, status_ms, enrolment)) = row else { return Ok(None) };
    let names: Vec<&str> = names.iter().copied().filter(|name| !name.is_empty()).collect();
    let wanted = |key: &String| names.is_empty() || names.contains(&key.as_str());
    Ok(Some(PersonAnswer {
        nik: nik.to_owned(),
        kk,
        attributes: data.into_iter().filter(|(key, _)| wanted(key)).collect(),
        status: status.unwrap_or_else(|| "UNREGISTERED".to_owned()),
        status_at: status_ms.map(time),
        enrolment,
        as_of: centre.now(),
    }))
}

/// What the population register holds of a NIK; empty for one that it does not hold, or no longer.
///
/// # Errors
/// `Database`.
pub(crate) async fn registered(centre: &Centre, nik: &str) -> Result<Attributes> {
    let row: Option<(Json<Attributes>,)> =
        sqlx::query_as("SELECT data FROM resident WHERE nik = $1 AND NOT gone")
            .bind(nik)
            .fetch_optional(&centre.pool)
            .await?;
    Ok(row.map(|(Json(data),)| data).unwrap_or_default())
}

/// One signed extract.
pub struct Extract {
    /// Wilayah, dotted.
    pub wilayah: String,
    /// Version of the residents in it.
    pub version: i64,
    packed: Vec<u8>,
}

impl std::fmt::Debug for Extract {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Extract({}, version {}, {} bytes)", self.wilayah, self.version, self.packed.len())
    }
}

impl Extract {
    /// As it is kept: zstd. Personal data.
    pub fn packed(&self) -> &[u8] {
        &self.packed
    }

    /// NDJSON with its header line. Personal data.
    ///
    /// # Errors
    /// `Stored`.
    pub fn plain(&self) -> Result<Vec<u8>> {
        zstd::decode_all(&self.packed[..]).map_err(|_| Error::Stored { what: "extract" })
    }
}

/// The newest extract of a wilayah at or below the station's own; made when there is none of the present version.
///
/// # Errors
/// `Refused` with `malformed`, `forbidden`, `not_found`.
pub async fn extract(centre: &Centre, station: &Station, wilayah: &str) -> Result<Extract> {
    let code = KodeWilayah::parse(wilayah).ok_or_else(|| Error::refuse(Code::Malformed, "wilayah"))?;
    let own = KodeWilayah::parse(&station.wilayah).ok_or(Error::Stored { what: "wilayah" })?;
    if !code.is_within(own) {
        return Err(Error::refuse(Code::Forbidden, "wilayah"));
    }
    let wilayah = code.dotted();
    let (version,): (Option<i64>,) =
        sqlx::query_as("SELECT max(version) FROM resident WHERE wilayah = $1 OR wilayah LIKE $1 || '.%'")
            .bind(&wilayah)
            .fetch_one(&centre.pool)
            .await?;
    let version = version.ok_or_else(|| Error::refuse(Code::NotFound, "no residents"))?;
    let held: Option<(Vec<u8>,)> =
        sqlx::query_as("SELECT body FROM extract WHERE wilayah = $1 AND version = $2")
            .bind(&wilayah)
            .bind(version)
            .fetch_optional(&centre.pool)
            .await?;
    if let Some((packed,)) = held {
        return Ok(Extract { wilayah, version, packed });
    }
    make_extract(centre, wilayah, version).await
}

async fn make_extract(centre: &Centre, wilayah: String, version: i64) -> Result<Extract> {
    let rows: Vec<(Json<Attributes>,)> = sqlx::query_as(
        "SELECT data FROM resident WHERE NOT gone AND (wilayah = $1 OR wilayah LIKE $1 || '.%') ORDER BY nik",
    )
    .bind(&wilayah)
    .fetch_all(&centre.pool)
    .await?;
    let mut body = Vec::new();
    for (Json(data),) in &rows {
        serde_json::to_writer(&mut body, data).map_err(|_| Error::Stored { what: "resident" })?;
        body.push(b'\n');
    }
    let now_ms = centre.now_ms();
    let header = serde_json::json!({
        "format": "rekam-residents", "version": 1, "wilayah": wilayah,
        "taken_at": time(now_ms - now_ms.rem_euclid(1000)), "count": rows.len(), "sha256": packet::digest_hex(&body),
    })
    .to_string();
    let signature = packet::sign_detached(header.as_bytes(), &centre.keys.signer)?;
    let mut plain = header.into_bytes();
    plain.push(b'\n');
    plain.append(&mut body);
    let packed = zstd::encode_all(&plain[..], 9).map_err(Error::file("pack an extract"))?;
    sqlx::query(
        "INSERT INTO extract (wilayah, version, body, signature, made_ms) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
    )
    .bind(&wilayah)
    .bind(version)
    .bind(&packed)
    .bind(signature)
    .bind(now_ms)
    .execute(&centre.pool)
    .await?;
    // Of two that were made at the same time the kept one counts: body and signature belong together.
    let (packed,): (Vec<u8>,) =
        sqlx::query_as("SELECT body FROM extract WHERE wilayah = $1 AND version = $2")
            .bind(&wilayah)
            .bind(version)
            .fetch_one(&centre.pool)
            .await?;
    Ok(Extract { wilayah, version, packed })
}

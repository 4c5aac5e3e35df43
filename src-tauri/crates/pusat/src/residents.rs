//! Residents: import, look-up by NIK, signed extract of a wilayah, deltas in the change feed.

use crate::centre::{Centre, Station, time};
use crate::error::{Error, Result};
use crate::feed;
use crate::intake::event;
use domain::nik::Nik;
use domain::wilayah::KodeWilayah;
use packet::wire::{Attributes, Change, Code, PersonAnswer, ResidentsChange};
use sqlx::types::Json;
use std::io::BufRead;

/// Residents in one round trip of an import.
const BATCH: usize = 1_000;
/// Residents in one line of the change feed.
const LINE: usize = 100;

/// What an import brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Lines read.
    pub lines: u64,
    /// Residents that are new or differ from before.
    pub changed: u64,
}

/// Imports NDJSON: one resident a line, an object of texts with at least `nik`, `kk` and `nama`. A header line of an extract
/// is passed over. `wilayah` is taken where a line has no `kode_wilayah`.
///
/// # Errors
/// `Line` for a line that is none; what was imported before it stays, and importing again is harmless.
pub async fn import(centre: &Centre, input: impl BufRead, wilayah: &str) -> Result<Imported> {
    let fallback = KodeWilayah::parse(wilayah)
        .ok_or_else(|| Error::Settings("wilayah: a code such as 18.13.01".to_owned()))?
        .dotted();
    let version = next_version(centre).await?;
    let mut imported = Imported::default();
    let mut rows: Vec<(String, String, String, Attributes)> = Vec::with_capacity(BATCH);
    for (line, text) in (1u64..).zip(input.lines()) {
        let text = text.map_err(Error::file("read residents"))?;
        if text.trim().is_empty() || (line == 1 && text.contains("\"rekam-residents\"")) {
            continue;
        }
        let bad = |reason| Error::Line { line, reason };
        let data: Attributes = serde_json::from_str(&text).map_err(|_| bad("not an object of texts"))?;
        let get = |key: &str| data.get(key).cloned().unwrap_or_default();
        let nik = Nik::parse(&get("nik")).map_err(|_| bad("nik"))?.as_str().to_owned();
        if get("nama").is_empty() {
            return Err(bad("nama"));
        }
        let wilayah = data.get("kode_wilayah").and_then(|code| KodeWilayah::parse(code));
        let wilayah = wilayah.map_or_else(|| fallback.clone(), KodeWilayah::dotted);
        rows.push((nik, get("kk"), wilayah, data));
        imported.lines += 1;
        if rows.len() == BATCH {
            imported.changed += write(centre, &mut rows, version).await?;
        }
    }
    imported.changed += write(centre, &mut rows, version).await?;
    if imported.changed > 0 {
        tell(centre, version).await?;
    }
    event(&centre.pool, centre.now_ms(), "residents_imported", None, None).await?;
    Ok(imported)
}

async fn next_version(centre: &Centre) -> Result<i64> {
    let (version,): (String,) = sqlx::query_as(
        "INSERT INTO meta (key, value) VALUES ('residents', '1')
         ON CONFLICT (key) DO UPDATE SET value = (meta.value::bigint + 1)::text RETURNING value",
    )
    .fetch_one(&centre.pool)
    .await?;
    version.parse().map_err(|_| Error::Stored { what: "version" })
}

async fn write(
    centre: &Centre,
    rows: &mut Vec<(String, String, String, Attributes)>,
    version: i64,
) -> Result<u64> {
    // One statement may not touch a row twice: of doubled lines the last one counts.
    let unique: std::collections::BTreeMap<String, (String, String, Attributes)> =
        rows.drain(..).map(|(nik, kk, wilayah, data)| (nik, (kk, wilayah, data))).collect();
    let (mut niks, mut kks, mut wilayahs, mut datas) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (nik, (kk, wilayah, data)) in unique {
        niks.push(nik);
        kks.push(kk);
        wilayahs.push(wilayah);
        datas.push(serde_json::to_value(data).map_err(|_| Error::Stored { what: "resident" })?);
    }
    let done = sqlx::query(
        "INSERT INTO resident AS r (nik, kk, wilayah, data, version)
         SELECT a, b, c, d, $5 FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[]) AS t(a, b, c, d)
         ON CONFLICT (nik) DO UPDATE SET kk = excluded.kk, wilayah = excluded.wilayah, data = excluded.data,
                version = excluded.version, gone = false
         WHERE (r.kk, r.wilayah, r.data, r.gone) IS DISTINCT FROM (excluded.kk, excluded.wilayah, excluded.data, false)",
    )
    .bind(niks)
    .bind(kks)
    .bind(wilayahs)
    .bind(datas)
    .bind(version)
    .execute(&centre.pool)
    .await?;
    Ok(done.rows_affected())
}

/// Tells the stations of the touched wilayah that took an extract before; the others take a whole one.
async fn tell(centre: &Centre, version: i64) -> Result<()> {
    let stations: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT s.code, s.wilayah, max(x.version) FROM station s JOIN extract x ON x.wilayah = s.wilayah GROUP BY 1, 2",
    )
    .fetch_all(&centre.pool)
    .await?;
    for (station, wilayah, _) in stations {
        let mut tx = centre.pool.begin().await?;
        let rows: Vec<(Json<Attributes>,)> = sqlx::query_as(
            "SELECT data FROM resident WHERE version = $1 AND (wilayah = $2 OR wilayah LIKE $2 || '.%') ORDER BY nik",
        )
        .bind(version)
        .bind(&wilayah)
        .fetch_all(&mut *tx)
        .await?;
        let people: Vec<Attributes> = rows.into_iter().map(|row| row.0.0).collect();
        let changes: Vec<Change> = people
            .chunks(LINE)
            .map(|chunk| {
                Change::Residents(ResidentsChange {
                    wilayah: wilayah.clone(),
                    version: version.cast_unsigned(),
                    upsert: chunk.to_vec(),
                    remove: Vec::new(),
                })
            })
            .collect();
        feed::append(&mut tx, &station, &changes).await?;
        tx.commit().await?;
        centre.watcher(&station).notify_waiters();
    }
    Ok(())
}

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
    type Row = (String, Json<Attributes>, Option<String>, Option<i64>);
    let row: Option<Row> = sqlx::query_as(
        // Somebody recorded whom the residents lack stands there by the attested biodata.
        "SELECT coalesce(r.kk, e.biodata ->> 'nomor_kk', ''), coalesce(r.data, e.biodata), e.status, e.status_ms
         FROM (SELECT 1) one
         LEFT JOIN resident r ON r.nik = $1 AND NOT r.gone
         LEFT JOIN LATERAL (
            SELECT e.status, e.status_ms, c.biodata FROM enrolment e LEFT JOIN recording c ON c.enrolment = e.id
            WHERE e.nik = $1 ORDER BY e.status_ms DESC, e.received_ms DESC LIMIT 1) e ON true
         WHERE r.nik IS NOT NULL OR e.biodata IS NOT NULL",
    )
    .bind(nik)
    .fetch_optional(&centre.pool)
    .await?;
    let Some((kk, Json(data), status, status_ms)) = row else { return Ok(None) };
    let names: Vec<&str> = names.iter().copied().filter(|name| !name.is_empty()).collect();
    let wanted = |key: &String| names.is_empty() || names.contains(&key.as_str());
    Ok(Some(PersonAnswer {
        nik: nik.to_owned(),
        kk,
        attributes: data.into_iter().filter(|(key, _)| wanted(key)).collect(),
        status: status.unwrap_or_else(|| "UNREGISTERED".to_owned()),
        status_at: status_ms.map(time),
        as_of: centre.now(),
    }))
}

/// One signed extract.
#[derive(Debug)]
pub struct Extract {
    /// Wilayah, dotted.
    pub wilayah: String,
    /// Version of the residents in it.
    pub version: i64,
    packed: Vec<u8>,
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

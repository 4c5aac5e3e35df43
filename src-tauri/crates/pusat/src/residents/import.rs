//! Import: added to what is held, or instead of it. All of a file or nothing; the stations are told what changed for them
//! in the same transaction.

use crate::centre::Centre;
use crate::error::{Error, Result};
use crate::feed;
use crate::intake::event;
use domain::nik::Nik;
use domain::wilayah::KodeWilayah;
use packet::wire::{Attributes, Change, ResidentsChange};
use serde::Deserialize;
use sha2::Digest as _;
use sqlx::PgConnection;
use sqlx::types::Json;
use std::collections::{BTreeMap, HashSet};
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
    /// Residents who are no longer held; always 0 unless the file was the whole of its wilayah.
    pub gone: u64,
}

/// Imports NDJSON: one resident a line, an object of texts with at least `nik`, `kk` and `nama`. A header line of an extract
/// is held against what follows it. `wilayah` is taken where a line has no `kode_wilayah`. Who is not in the file stays.
///
/// # Errors
/// `Line` for a line that is none; `Settings` when the header speaks of other residents; `File`, `Database`. Nothing of
/// the file is kept then.
pub async fn import(centre: &Centre, input: impl BufRead, wilayah: &str) -> Result<Imported> {
    take(centre, input, wilayah, false).await
}

/// As [`import`], but the file is the whole of `wilayah`: who is held there and is not in it is gone, and the stations
/// that follow their extract are told to remove them.
///
/// # Errors
/// As [`import`]; `Line` also for a resident of another wilayah, `Settings` for a file without residents.
pub async fn import_whole(centre: &Centre, input: impl BufRead, wilayah: &str) -> Result<Imported> {
    take(centre, input, wilayah, true).await
}

/// Header line of an extract: docs/protocols/sync.md §7.
#[derive(Deserialize)]
struct Header {
    count: u64,
    sha256: String,
}

/// One line that was read.
struct Row {
    kk: String,
    wilayah: String,
    data: Attributes,
}

/// Who left a wilayah: NIK and where it was held.
type Left = (String, String);

async fn take(centre: &Centre, mut input: impl BufRead, wilayah: &str, whole: bool) -> Result<Imported> {
    let own = KodeWilayah::parse(wilayah)
        .ok_or_else(|| Error::Settings("wilayah: a code such as 18.13.01".to_owned()))?;
    let mut tx = centre.pool.begin().await?;
    sqlx::raw_sql("CREATE TEMPORARY TABLE seen (nik text PRIMARY KEY) ON COMMIT DROP")
        .execute(&mut *tx)
        .await?;
    let version = next_version(&mut tx).await?;
    let (mut imported, mut left) = (Imported::default(), Vec::new());
    let (mut header, mut sum) = (None, sha2::Sha256::new());
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let mut bytes = Vec::new();
    for line in 1u64.. {
        bytes.clear();
        if input.read_until(b'\n', &mut bytes).map_err(Error::file("read residents"))? == 0 {
            break;
        }
        let bad = |reason| Error::Line { line, reason };
        let text = std::str::from_utf8(&bytes).map_err(|_| bad("not UTF-8"))?.trim();
        if line == 1 && text.contains("\"rekam-residents\"") {
            header = Some(serde_json::from_str::<Header>(text).map_err(|_| bad("header"))?);
            continue;
        }
        sum.update(&bytes);
        if text.is_empty() {
            continue;
        }
        let (nik, row) = read(text, own, whole).map_err(bad)?;
        // One statement may not touch a row twice: of doubled lines the last one counts.
        rows.insert(nik, row);
        imported.lines += 1;
        if rows.len() == BATCH {
            imported.changed += write(&mut tx, std::mem::take(&mut rows), version, &mut left).await?;
        }
    }
    imported.changed += write(&mut tx, rows, version, &mut left).await?;
    if header.is_some_and(|said| said.count != imported.lines || said.sha256 != hex::encode(sum.finalize())) {
        return Err(Error::Settings(
            "the header speaks of other residents: the file is cut or changed".to_owned(),
        ));
    }
    if whole {
        if imported.lines == 0 {
            return Err(Error::Settings("a whole file without residents would remove everybody".to_owned()));
        }
        imported.gone = forget_others(&mut tx, &own.dotted(), version).await?;
    }
    event(&mut *tx, centre.now_ms(), "residents_imported", None, None).await?;
    let told =
        if imported.changed + imported.gone > 0 { tell(&mut tx, version, &left).await? } else { Vec::new() };
    tx.commit().await?;
    crate::pipeline::wake(centre, &told);
    Ok(imported)
}

/// One resident; the reason names what is wrong and no value.
fn read(text: &str, own: KodeWilayah, whole: bool) -> std::result::Result<(String, Row), &'static str> {
    let data: Attributes = serde_json::from_str(text).map_err(|_| "not an object of texts")?;
    let get = |key: &str| data.get(key).cloned().unwrap_or_default();
    let nik = Nik::parse(&get("nik")).map_err(|_| "nik")?.as_str().to_owned();
    if get("nama").is_empty() {
        return Err("nama");
    }
    let wilayah = data.get("kode_wilayah").and_then(|code| KodeWilayah::parse(code)).unwrap_or(own);
    if whole && !wilayah.is_within(own) {
        return Err("kode_wilayah outside the wilayah of the file");
    }
    let row = Row { kk: get("kk"), wilayah: wilayah.dotted(), data };
    Ok((nik, row))
}

async fn next_version(tx: &mut PgConnection) -> Result<i64> {
    let (version,): (String,) = sqlx::query_as(
        "INSERT INTO meta (key, value) VALUES ('residents', '1')
         ON CONFLICT (key) DO UPDATE SET value = (meta.value::bigint + 1)::text RETURNING value",
    )
    .fetch_one(tx)
    .await?;
    version.parse().map_err(|_| Error::Stored { what: "version" })
}

/// Writes a batch; answers how many are new or differ, and adds who moved from one wilayah to another.
async fn write(
    tx: &mut PgConnection,
    rows: BTreeMap<String, Row>,
    version: i64,
    left: &mut Vec<Left>,
) -> Result<u64> {
    let (mut niks, mut kks, mut wilayahs, mut datas) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (nik, row) in rows {
        niks.push(nik);
        kks.push(row.kk);
        wilayahs.push(row.wilayah);
        datas.push(serde_json::to_value(row.data).map_err(|_| Error::Stored { what: "resident" })?);
    }
    let moved: Vec<Left> = sqlx::query_as(
        "SELECT r.nik, r.wilayah FROM unnest($1::text[], $2::text[]) AS t(nik, wilayah) JOIN resident r ON r.nik = t.nik
         WHERE NOT r.gone AND r.wilayah <> t.wilayah",
    )
    .bind(&niks)
    .bind(&wilayahs)
    .fetch_all(&mut *tx)
    .await?;
    left.extend(moved);
    sqlx::query("INSERT INTO seen SELECT * FROM unnest($1::text[]) ON CONFLICT DO NOTHING")
        .bind(&niks)
        .execute(&mut *tx)
        .await?;
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
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}

/// Who is held in the wilayah and was not in the file is gone; the row stays, so that a later import brings them back.
async fn forget_others(tx: &mut PgConnection, wilayah: &str, version: i64) -> Result<u64> {
    let done = sqlx::query(
        "UPDATE resident r SET gone = true, version = $2
         WHERE NOT r.gone AND (r.wilayah = $1 OR r.wilayah LIKE $1 || '.%')
           AND NOT EXISTS (SELECT 1 FROM seen s WHERE s.nik = r.nik)",
    )
    .bind(wilayah)
    .bind(version)
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}

/// Tells the stations of the touched wilayah that took an extract before; the others take a whole one. Answers whom.
async fn tell(tx: &mut PgConnection, version: i64, left: &[Left]) -> Result<Vec<String>> {
    let stations: Vec<(String, String)> = sqlx::query_as(
        "SELECT DISTINCT s.code, s.wilayah FROM station s JOIN extract x ON x.wilayah = s.wilayah ORDER BY 1",
    )
    .fetch_all(&mut *tx)
    .await?;
    let mut told = Vec::new();
    for (station, wilayah) in stations {
        let rows: Vec<(String, bool, Json<Attributes>)> = sqlx::query_as(
            "SELECT nik, gone, data FROM resident
             WHERE version = $1 AND (wilayah = $2 OR wilayah LIKE $2 || '.%') ORDER BY nik",
        )
        .bind(version)
        .bind(&wilayah)
        .fetch_all(&mut *tx)
        .await?;
        let below = format!("{wilayah}.");
        let (mut upsert, mut remove): (Vec<Attributes>, Vec<String>) = (Vec::new(), Vec::new());
        for (nik, gone, Json(data)) in rows {
            if gone { remove.push(nik) } else { upsert.push(data) }
        }
        let here = |of: &str| of == wilayah || of.starts_with(&below);
        let stay: HashSet<&str> =
            upsert.iter().filter_map(|data| data.get("nik").map(String::as_str)).collect();
        let moved = left.iter().filter(|(nik, of)| here(of) && !stay.contains(nik.as_str()));
        remove.extend(moved.map(|(nik, _)| nik.clone()));
        let change = |upsert: &[Attributes], remove: &[String]| {
            Change::Residents(ResidentsChange {
                wilayah: wilayah.clone(),
                version: version.cast_unsigned(),
                upsert: upsert.to_vec(),
                remove: remove.to_vec(),
            })
        };
        let changes: Vec<Change> = remove
            .chunks(LINE)
            .map(|chunk| change(&[], chunk))
            .chain(upsert.chunks(LINE).map(|chunk| change(chunk, &[])))
            .collect();
        if !changes.is_empty() {
            feed::append(tx, &station, &changes).await?;
            told.push(station);
        }
    }
    Ok(told)
}

//! The NIK against the residents, and against who holds it already.

use super::verify::VALIDATE;
use super::{Claimed, Verdict, adjudication, dedup};
use crate::centre::Centre;
use crate::error::Result;
use domain::biodata::compare_key;
use packet::wire::Attributes;
use sqlx::PgConnection;
use sqlx::types::Json;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

pub(super) async fn run(
    centre: &Arc<Centre>,
    tx: &mut PgConnection,
    batch: &[Claimed],
) -> Result<Vec<Verdict>> {
    // In the order of NIK, so that two batches never wait for each other.
    let mut order: Vec<&Claimed> = batch.iter().collect();
    order.sort_by(|a, b| a.nik.cmp(&b.nik));
    let mut verdicts: BTreeMap<Uuid, Verdict> = BTreeMap::new();
    for packet in order {
        verdicts.insert(packet.enrolment, one(tx, packet, centre.now_ms()).await?);
    }
    Ok(batch.iter().filter_map(|packet| verdicts.remove(&packet.enrolment)).collect())
}

async fn one(tx: &mut PgConnection, packet: &Claimed, now_ms: i64) -> Result<Verdict> {
    let Some(nik) = packet.nik.as_deref() else {
        return Ok(Verdict::Decide(super::verify::FAILED, "nik_malformed"));
    };
    let accepted = adjudication::accepted(tx, packet.enrolment).await?;
    let resident: Option<(Json<Attributes>,)> =
        sqlx::query_as("SELECT data FROM resident WHERE nik = $1 AND NOT gone")
            .bind(nik)
            .fetch_optional(&mut *tx)
            .await?;
    let (Json(attested),): (Json<Attributes>,) =
        sqlx::query_as("SELECT biodata FROM recording WHERE enrolment = $1")
            .bind(packet.enrolment)
            .fetch_one(&mut *tx)
            .await?;
    match resident {
        Some((Json(resident),)) => {
            let key = |data: &Attributes, name: &str| compare_key(data.get(name).map_or("", String::as_str));
            let same = |name: &&str| key(&resident, name) == key(&attested, name);
            let decisive = ["nama", "tanggal_lahir", "jenis_kelamin"];
            let decided = accepted.iter().any(|asked| asked == "biodata_differ");
            if !decided && !decisive.iter().filter(|name| resident.contains_key(**name)).all(same) {
                return Ok(Verdict::Ask("biodata_differ"));
            }
        }
        // A centre without residents cannot say that one is unknown.
        None => {
            let any: Option<(i32,)> =
                sqlx::query_as("SELECT 1 FROM resident LIMIT 1").fetch_optional(&mut *tx).await?;
            if any.is_some() {
                return Ok(Verdict::Decide(VALIDATE, "nik_unknown"));
            }
        }
    }
    // Only a full recording takes the NIK; of two at the same time one inserts and the other one sees it.
    let (holder,): (Uuid,) = sqlx::query_as(
        "INSERT INTO nik_holder AS h (nik, enrolment) VALUES ($1, $2)
         ON CONFLICT (nik) DO UPDATE SET enrolment = CASE
            WHEN (SELECT status FROM enrolment WHERE id = h.enrolment) IN ('ENROLL_FAILURE_AT_CENTRAL', 'DUPLICATE_RECORD')
            THEN excluded.enrolment ELSE h.enrolment END
         RETURNING enrolment",
    )
    .bind(nik)
    .bind(packet.enrolment)
    .fetch_one(&mut *tx)
    .await?;
    if holder == packet.enrolment {
        return Ok(Verdict::Pass);
    }
    let (whole,): (bool,) = sqlx::query_as("SELECT whole FROM recording WHERE enrolment = $1")
        .bind(packet.enrolment)
        .fetch_one(&mut *tx)
        .await?;
    // A new photo or signature belongs to the recording that is there; a second whole recording, also one without a single
    // finger, is a person's decision.
    if !whole {
        return Ok(Verdict::Pass);
    }
    if accepted.iter().any(|asked| asked == "same_nik") {
        sqlx::query("UPDATE nik_holder SET enrolment = $2 WHERE nik = $1")
            .bind(nik)
            .bind(packet.enrolment)
            .execute(tx)
            .await?;
        return Ok(Verdict::Pass);
    }
    dedup::note_same_nik(tx, packet.enrolment, holder, now_ms).await?;
    Ok(Verdict::Ask("same_nik"))
}

//! What a card needs: pictures and fingers of the recording, biodata of today.

use crate::centre::Centre;
use crate::error::{Error, Result};
use crate::intake::event;
use crate::pipeline::{Opened, open_parts};
use base64::Engine as _;
use biometrics::matching::Template;
use domain::capture::Thresholds;
use domain::{Finger, Unsur};
use packet::wire::{Attributes, CardContent, ChipFinger, Code, Digests};
use sqlx::types::Json;
use std::sync::Arc;
use uuid::Uuid;

/// The attested biodata under what the population register says today. An address is one thing: where the register has one,
/// nothing of the old one stays beside it.
fn as_of_today(mut attested: Attributes, register: Attributes) -> Attributes {
    const ADDRESS: [Unsur; 5] = [Unsur::Alamat, Unsur::Rt, Unsur::Rw, Unsur::Kelurahan, Unsur::Kodepos];
    let says = |unsur: &Unsur| register.get(unsur.key()).is_some_and(|text| !text.trim().is_empty());
    if ADDRESS.iter().any(says) {
        attested.retain(|key, _| !ADDRESS.iter().any(|unsur| unsur.key() == key));
    }
    let said = register.into_iter();
    attested.extend(said.filter(|(key, text)| Unsur::from_key(key).is_some() && !text.trim().is_empty()));
    attested
}

/// What a card needs: pictures and fingers as they were recorded, biodata as the population register has them today. A recording
/// that only brought a new photo or signature is completed by the one that holds the NIK.
///
/// # Errors
/// `Refused` with `not_found`, `other_station`, `not_now` (printed already, or no portrait on record); `Database`,
/// `Store`.
pub(crate) async fn content(centre: &Arc<Centre>, station: &str, job: Uuid) -> Result<CardContent> {
    type Row = (String, String, Option<Uuid>, String);
    let row: Option<Row> =
        sqlx::query_as("SELECT nik, station, enrolment, status FROM credential WHERE job = $1")
            .bind(job)
            .fetch_optional(&centre.pool)
            .await?;
    let (nik, of, enrolment, status) = row.ok_or_else(|| Error::refuse(Code::NotFound, "card"))?;
    if of != station {
        return Err(Error::refuse(Code::OtherStation, ""));
    }
    if status != "REQUESTED" {
        return Err(Error::refuse(Code::NotNow, status));
    }
    let enrolment = enrolment.ok_or_else(|| Error::refuse(Code::NotNow, "recording"))?;
    let own = opened(centre, enrolment).await?;
    let holder: Option<(Uuid,)> = sqlx::query_as("SELECT enrolment FROM nik_holder WHERE nik = $1")
        .bind(&nik)
        .fetch_optional(&centre.pool)
        .await?;
    let whole = holder.map_or(enrolment, |row| row.0);
    let other = if whole == enrolment { None } else { Some(opened(centre, whole).await?) };
    let all: Vec<&Opened> = std::iter::once(&own).chain(&other).collect();
    let portrait = all.iter().find_map(|opened| opened.portrait());
    let portrait = portrait.ok_or_else(|| Error::refuse(Code::NotNow, "no portrait on record"))?;
    let signature = all.iter().find_map(|opened| opened.signature()).unwrap_or_default();
    let attested = own.attested().ok_or(Error::Stored { what: "biodata" })?.biodata;
    let biodata = as_of_today(attested, crate::residents::registered(centre, &nik).await?);
    let mut fingers = Vec::new();
    for (enrolment, opened) in [(Some(enrolment), Some(&own)), (holder.map(|row| row.0), other.as_ref())] {
        if let (Some(enrolment), Some(opened), true) = (enrolment, opened, fingers.is_empty()) {
            fingers = chip_fingers(centre, enrolment, opened).await?;
        }
    }
    event(&centre.pool, centre.now_ms(), "card_read", Some(station), Some(enrolment)).await?;
    let encode = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    Ok(CardContent {
        job,
        enrolment,
        nik,
        biodata,
        portrait: encode(portrait),
        signature: encode(signature),
        fingers,
    })
}

async fn opened(centre: &Arc<Centre>, enrolment: Uuid) -> Result<Opened> {
    let row: Option<(Json<Digests>,)> = sqlx::query_as("SELECT parts FROM enrolment WHERE id = $1")
        .bind(enrolment)
        .fetch_optional(&centre.pool)
        .await?;
    let (Json(parts),) = row.ok_or(Error::Stored { what: "enrolment" })?;
    Ok(open_parts(centre, enrolment, &parts).await??)
}

/// The two fingers that the recording chose for the chip, by the limits that the station used.
async fn chip_fingers(centre: &Centre, enrolment: Uuid, opened: &Opened) -> Result<Vec<ChipFinger>> {
    let Some(evidence) = opened.evidence() else { return Ok(Vec::new()) };
    let limits: Thresholds = evidence.thresholds;
    let Some(capture) = evidence.captures() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for finger in capture.chip_fingers(&centre.config.chip, &limits) {
        found.extend(template(centre, enrolment, finger).await?);
    }
    Ok(found)
}

async fn template(centre: &Centre, enrolment: Uuid, finger: Finger) -> Result<Option<ChipFinger>> {
    let row: Option<(Vec<u8>,)> =
        sqlx::query_as("SELECT template FROM finger_template WHERE enrolment = $1 AND finger = $2")
            .bind(enrolment)
            .bind(i16::from(finger.code()))
            .fetch_optional(&centre.pool)
            .await?;
    let Some((bytes,)) = row else { return Ok(None) };
    let template = Template::from_bytes(&bytes).map_err(|_| Error::Stored { what: "template" })?;
    let template = base64::engine::general_purpose::STANDARD.encode(template.to_compact());
    Ok(Some(ChipFinger { position: finger.code(), template }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(pairs: &[(&str, &str)]) -> Attributes {
        pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn an_address_of_the_register_takes_the_place_of_the_attested_one_whole() {
        let attested =
            [("nama", "ORANG"), ("alamat", "JL. LAMA 1"), ("rt", "1"), ("rw", "2"), ("agama", "1")];
        let moved =
            as_of_today(data(&attested), data(&[("alamat", "DUSUN III"), ("agama", " "), ("asal", "x")]));
        assert_eq!(
            moved,
            data(&[("nama", "ORANG"), ("alamat", "DUSUN III"), ("agama", "1")]),
            "no half of it"
        );
        let silent = as_of_today(data(&attested), data(&[("nama", "ORANG LAIN"), ("alamat", "")]));
        assert_eq!(
            (silent["alamat"].as_str(), silent["nama"].as_str()),
            ("JL. LAMA 1", "ORANG LAIN"),
            "of what it has"
        );
    }
}

//! What was captured, judged again by the centre's own limits: the ANSI/NIST file, exceptions, scores, images.

use super::opened::{Attested, Opened, open};
use super::pictures::{self, Measured, claim};
use super::verify::{FAILED, VALIDATE};
use super::{Claimed, Verdict, adjudication, devices};
use crate::centre::{Centre, new_id};
use crate::error::Result;
use crate::parts::blocking;
use biometrics::format::itl::{self, Record};
use domain::capture::{CaptureState, ChipRule, Missing, Part, Target, Thresholds, completeness};
use domain::ids::OperatorId;
use domain::nik::Nik;
use domain::plan::CaptureScope;
use domain::role::Witness;
use domain::{Eye, Finger};
use sqlx::PgConnection;
use sqlx::types::Json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Something that a second person must confirm was confirmed by nobody, by who recorded it, or by somebody unknown.
const NOT_WITNESSED: &str = "exception_without_witness";

/// What is kept of a sound packet.
struct Found {
    nik: String,
    attested: Attested,
    scope: CaptureScope,
    /// Accounts that witnessed exceptions.
    witnesses: Vec<String>,
    /// SHA-256 of each image with what it shows.
    images: BTreeMap<String, String>,
    templates: Vec<(u8, Vec<u8>)>,
    /// What a person should look at.
    doubts: Vec<pictures::Doubt>,
    /// Claims that lie far above the measure.
    overstated: Vec<Measured>,
}

pub(super) async fn run(
    centre: &Arc<Centre>,
    tx: &mut PgConnection,
    batch: &[Claimed],
) -> Result<Vec<Verdict>> {
    let mut verdicts = Vec::with_capacity(batch.len());
    for packet in batch {
        let verdict = match open(centre, packet).await? {
            Err(_) => Verdict::Decide(FAILED, "changed_after_signing"),
            Ok(opened) => {
                let own = centre.clone();
                match blocking(move || Ok(judge(&own, &opened))).await? {
                    Err(reason) => Verdict::Decide(FAILED, reason),
                    Ok(found) => weigh(centre, tx, packet, found).await?,
                }
            }
        };
        verdicts.push(verdict);
    }
    Ok(verdicts)
}

/// What an enrolment's pictures and evidence say, without the other recordings.
fn judge(centre: &Centre, opened: &Opened) -> std::result::Result<Found, &'static str> {
    let limits = &centre.config.thresholds;
    let (Some(evidence), Some(attested), Some(itl)) = (opened.evidence(), opened.attested(), opened.itl())
    else {
        return Err("evidence_missing");
    };
    if is_lower(&evidence.thresholds, limits) {
        return Err("thresholds_lowered");
    }
    let nik = attested.biodata.get("nik").and_then(|nik| Nik::parse(nik).ok()).ok_or("nik_malformed")?;
    let records = itl::read(itl).map_err(|_| "itl_malformed")?;
    let witnessed = |exceptions: &[serde_json::Value]| {
        exceptions.iter().all(|exception| exception.get("witness").is_some_and(serde_json::Value::is_object))
    };
    let raw = evidence.capture.get("exceptions").and_then(serde_json::Value::as_array);
    if raw.is_some_and(|exceptions| !witnessed(exceptions)) {
        return Err(NOT_WITNESSED);
    }
    let capture = evidence.captures().ok_or("evidence_missing")?;
    let witnesses = witnesses(&capture, &evidence.operator, limits)?;
    let scope = scope(&attested, &records);
    complete(&capture, scope, &centre.config.chip, limits)?;
    agree(&records, &capture, scope, nik.as_str(), limits)?;
    if scope.portrait() {
        // The face on the card is the one that was judged and approved, and the one in the file.
        let portrait = records.iter().find(|record| record.kind == 10).and_then(Record::image);
        if portrait.is_none() || portrait != opened.portrait() {
            return Err("itl_differs");
        }
    }
    let signed = opened.devices().ok_or("evidence_missing")?;
    devices::check(&signed, &capture, &records, limits, centre.keys.devices.as_ref())?;
    let pictures = pictures::look(&records, limits)?;
    Ok(Found {
        nik: nik.as_str().to_owned(),
        attested,
        scope,
        witnesses,
        doubts: pictures.doubts(),
        images: pictures.digests,
        templates: pictures.templates,
        overstated: pictures.overstated,
    })
}

/// Keeps a sound packet, and asks a person about what is doubted and was not accepted before.
async fn weigh(centre: &Centre, tx: &mut PgConnection, packet: &Claimed, found: Found) -> Result<Verdict> {
    let (doubts, overstated) = (found.doubts.clone(), found.overstated.clone());
    let kept = keep(tx, packet, found).await?;
    if kept != Verdict::Pass || doubts.is_empty() {
        return Ok(kept);
    }
    let accepted = adjudication::accepted(tx, packet.enrolment).await?;
    let open = doubts.iter().map(|doubt| doubt.reason()).find(|reason| !accepted.iter().any(|a| a == reason));
    let Some(reason) = open else { return Ok(Verdict::Pass) };
    let measured: BTreeMap<&str, [u8; 2]> =
        overstated.iter().map(|one| (one.what.as_str(), [one.claimed, one.measured])).collect();
    sqlx::query(
        "INSERT INTO event (id, at_ms, kind, station, enrolment, detail) VALUES ($1, $2, 'measured', $3, $4, $5)",
    )
    .bind(new_id())
    .bind(centre.now_ms())
    .bind(&packet.station)
    .bind(packet.enrolment)
    .bind(Json(measured))
    .execute(tx)
    .await?;
    Ok(Verdict::Ask(reason))
}

fn is_lower(used: &Thresholds, ours: &Thresholds) -> bool {
    used.portrait < ours.portrait
        || used.finger < ours.finger
        || used.eye < ours.eye
        || used.tries < ours.tries
        || used.rematch_score < ours.rematch_score
        || used.rematch_tries < ours.rematch_tries
        || (used.family_may_witness && !ours.family_may_witness)
}

/// The officers behind the exceptions, the photo that was cut by hand and its lines that cannot hold, and the second matches
/// that did not succeed: each another person than who recorded that one thing, and family only where the limits allow it.
///
/// Whoever seals may be one of them: shifts change between the recording and the seal. The recorder's name is then the
/// sealer's word alone, so that the centre must know it too.
fn witnesses(
    capture: &CaptureState,
    sealer: &str,
    limits: &Thresholds,
) -> std::result::Result<Vec<String>, &'static str> {
    let mut officers = Vec::new();
    let mut seen = |witness: &Witness, recorder: Option<&OperatorId>| {
        let Witness::Officer { operator } = witness else { return Err(NOT_WITNESSED) };
        if Some(operator) == recorder {
            return Err(NOT_WITNESSED);
        }
        officers.push(operator.as_str().to_owned());
        if operator.as_str() == sealer {
            officers.extend(recorder.map(|recorder| recorder.as_str().to_owned()));
        }
        Ok(())
    };
    for exception in &capture.exceptions {
        match &exception.witness {
            Witness::Family { name, .. }
                if !name.trim().is_empty()
                    && (exception.part == Part::Signature || limits.family_may_witness) => {}
            witness => seen(witness, Some(&exception.operator))?,
        }
        if !exception.reason.fits(exception.part) {
            return Err("capture_incomplete");
        }
    }
    // A face is nobody's to witness but an officer's.
    for cut in &capture.hand_cuts {
        seen(&cut.witness, Some(&cut.operator))?;
    }
    for judged in &capture.judged {
        let Some(excuse) = &judged.excuse else { continue };
        if judged.by.is_none() || excuse.note.trim().is_empty() {
            return Err(NOT_WITNESSED);
        }
        seen(&excuse.witness, judged.by.as_ref())?;
    }
    // Who recorded such an exit was not kept at first, and nobody was asked about its witness then.
    for exit in capture.rematch_exits.iter().filter(|exit| exit.by.is_some()) {
        if exit.note.trim().is_empty() {
            return Err(NOT_WITNESSED);
        }
        seen(&exit.witness, exit.by.as_ref())?;
    }
    Ok(officers)
}

/// A first card needs everything, whatever the station says; another visit what it brings.
fn scope(attested: &Attested, records: &[Record]) -> CaptureScope {
    let body = records.iter().any(|record| record.kind == 14 || record.kind == 17);
    let portrait = records.iter().any(|record| record.kind == 10);
    let signature = records.iter().any(|record| record.kind == 8);
    match (body || attested.kind.starts_with("baru"), portrait, signature) {
        (true, ..) => CaptureScope::Full,
        (false, true, true) => CaptureScope::PortraitAndSignature,
        (false, true, false) => CaptureScope::Portrait,
        (false, false, true) => CaptureScope::Signature,
        (false, false, false) => CaptureScope::None,
    }
}

fn complete(
    capture: &CaptureState,
    scope: CaptureScope,
    chip: &ChipRule,
    limits: &Thresholds,
) -> std::result::Result<(), &'static str> {
    match completeness(capture, scope, chip, limits).first() {
        None => Ok(()),
        Some(Missing::PortraitQuality | Missing::FingerQuality(_) | Missing::EyeQuality(_)) => {
            Err("quality_below_threshold")
        }
        Some(_) => Err("capture_incomplete"),
    }
}

/// The file and the evidence speak of the same NIK, fingers, eyes and scores.
fn agree(
    records: &[Record],
    capture: &CaptureState,
    scope: CaptureScope,
    nik: &str,
    limits: &Thresholds,
) -> std::result::Result<(), &'static str> {
    let differs = Err("itl_differs");
    if !records.iter().any(|record| record.kind == 2 && record.text(3) == Some(nik)) {
        return differs;
    }
    if !scope.biometrics() {
        return Ok(());
    }
    for finger in Finger::ALL {
        let code = finger.code().to_string();
        let mut found = records.iter().filter(|record| record.kind == 14 && record.text(13) == Some(&code));
        let (Some(record), None) = (found.next(), found.next()) else { return differs };
        let part = Part::Finger(finger);
        let score = capture
            .best(Target::Slap(finger.slap()), limits)
            .and_then(|attempt| attempt.score_of(part))
            .filter(|_| capture.exception(part).is_none());
        let excepted = capture.exception(part).is_some();
        if record.image().is_some() == excepted || (!excepted && claim(record, 1) != score) {
            return differs;
        }
    }
    for eye in Eye::ALL {
        let code = eye.code().to_string();
        let mut found = records.iter().filter(|record| record.kind == 17 && record.text(3) == Some(&code));
        let (Some(record), None) = (found.next(), found.next()) else { return differs };
        let part = Part::Eye(eye);
        let score = capture.best(Target::Eye(eye), limits).and_then(|attempt| attempt.score_of(part));
        let excepted = capture.exception(part).is_some();
        if record.image().is_some() == excepted || (!excepted && claim(record, 0) != score) {
            return differs;
        }
    }
    Ok(())
}

/// Checks what needs the other recordings, and keeps what the next stages compare.
async fn keep(tx: &mut PgConnection, packet: &Claimed, found: Found) -> Result<Verdict> {
    for witness in &found.witnesses {
        let known: Option<(String,)> =
            sqlx::query_as("SELECT id FROM operator WHERE station = $1 AND id = $2")
                .bind(&packet.station)
                .bind(witness)
                .fetch_optional(&mut *tx)
                .await?;
        if known.is_none() {
            return Ok(Verdict::Decide(FAILED, NOT_WITNESSED));
        }
    }
    if !found.scope.biometrics() {
        let before: Option<(uuid::Uuid,)> = sqlx::query_as("SELECT enrolment FROM nik_holder WHERE nik = $1")
            .bind(&found.nik)
            .fetch_optional(&mut *tx)
            .await?;
        if before.is_none() {
            return Ok(Verdict::Decide(VALIDATE, "capture_incomplete"));
        }
    }
    let digests: Vec<String> = found.images.keys().cloned().collect();
    let whats: Vec<String> = found.images.values().cloned().collect();
    let (others,): (i64,) = sqlx::query_as(
        "WITH added AS (
            INSERT INTO image_digest (sha256, enrolment, what) SELECT a, $1, b FROM unnest($2::text[], $3::text[]) AS t(a, b)
            ON CONFLICT (sha256) DO UPDATE SET what = image_digest.what RETURNING enrolment)
         SELECT count(*) FROM added WHERE enrolment <> $1",
    )
    .bind(packet.enrolment)
    .bind(digests)
    .bind(whats)
    .fetch_one(&mut *tx)
    .await?;
    if others > 0 {
        return Ok(Verdict::Decide(FAILED, "image_reused"));
    }
    let (fingers, templates): (Vec<i16>, Vec<Vec<u8>>) =
        found.templates.into_iter().map(|(finger, bytes)| (i16::from(finger), bytes)).unzip();
    sqlx::query(
        "INSERT INTO finger_template (enrolment, finger, template) SELECT $1, * FROM unnest($2::smallint[], $3::bytea[])
         ON CONFLICT (enrolment, finger) DO UPDATE SET template = excluded.template",
    )
    .bind(packet.enrolment)
    .bind(fingers)
    .bind(templates)
    .execute(&mut *tx)
    .await?;
    let get = |key: &str| found.attested.biodata.get(key).cloned().unwrap_or_default();
    sqlx::query(
        "UPDATE recording SET name_key = $2, born = $3, sex = $4, biodata = $5, mother_key = $6, whole = $7
         WHERE enrolment = $1",
    )
    .bind(packet.enrolment)
    .bind(domain::biodata::compare_key(&get("nama")))
    .bind(get("tanggal_lahir"))
    .bind(get("jenis_kelamin"))
    .bind(Json(&found.attested.biodata))
    .bind(domain::biodata::compare_key(&get("nama_ibu")))
    .bind(found.scope.biometrics())
    .execute(&mut *tx)
    .await?;
    sqlx::query("UPDATE enrolment SET nik = $2 WHERE id = $1")
        .bind(packet.enrolment)
        .bind(&found.nik)
        .execute(tx)
        .await?;
    Ok(Verdict::Pass)
}

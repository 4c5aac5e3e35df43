//! Nothing is taken on the station's word: seals, signatures, who signed, sequence, register position, times.

use super::opened::{Opened, open};
use super::{Claimed, Verdict, adjudication};
use crate::centre::Centre;
use crate::error::Result;
use crate::{inventory, registers};
use domain::ids::PermohonanId;
use domain::register::{Checkpoint, Hash32};
use jiff::SignedDuration;
use packet::{Error as Refused, Part, SignerRole, StretchError, StretchOf};
use sqlx::PgConnection;
use std::sync::Arc;

pub(super) const FAILED: &str = "ENROLL_FAILURE_AT_CENTRAL";
pub(super) const VALIDATE: &str = "REQUEST_VALIDATION";
/// A skipped number is looked for again so often; an inventory wakes it at once.
const LOOK_AGAIN_MS: i64 = 60_000;

pub(super) async fn run(
    centre: &Arc<Centre>,
    tx: &mut PgConnection,
    batch: &[Claimed],
) -> Result<Vec<Verdict>> {
    let mut verdicts = Vec::with_capacity(batch.len());
    for packet in batch {
        let verdict = match open(centre, packet).await? {
            Err(error) => Verdict::Decide(FAILED, reason(&error)),
            Ok(opened) => match believe(centre, tx, packet, &opened).await? {
                Some(verdict) => verdict,
                None => Verdict::Pass,
            },
        };
        verdicts.push(verdict);
    }
    Ok(verdicts)
}

fn reason(error: &Refused) -> &'static str {
    match error {
        Refused::Tampered { .. } | Refused::Manifest { .. } => "changed_after_signing",
        Refused::WrongRecipient => "wrong_recipient",
        Refused::SignatureMissing { .. } | Refused::SignatureCount { .. } => "signature_missing",
        Refused::CertificateUntrusted { .. } | Refused::CertificateRole { .. } => "certificate_untrusted",
        Refused::CertificateExpired { .. } => "certificate_time",
        Refused::SigningTime { .. } => "time_impossible",
        Refused::TrainingMixed { .. } => "training_mark",
        Refused::WrongBinding { .. } | Refused::WrongPart { .. } => "header_differs",
        _ => "not_a_packet",
    }
}

/// What does not fit; `None` when everything does.
async fn believe(
    centre: &Centre,
    tx: &mut PgConnection,
    packet: &Claimed,
    opened: &Opened,
) -> Result<Option<Verdict>> {
    let refuse = |reason| Ok(Some(Verdict::Decide(FAILED, reason)));
    let first = opened.part(Part::Id);
    for part in Part::ALL {
        let part = opened.part(part);
        let header = part.manifest.header();
        if header.station != packet.station || part.station.common_name() != packet.station {
            return refuse("other_station");
        }
        let announced = (packet.enrolment, packet.sequence.cast_unsigned(), packet.created_ms / 1000);
        if (header.packet, header.sequence, header.created.as_second()) != announced {
            return refuse("header_differs");
        }
        if part.station != first.station || part.operator != first.operator {
            return refuse("header_differs");
        }
    }
    if let Some(verdict) = times(centre, packet, opened) {
        return Ok(Some(verdict));
    }
    for (role, certificate) in
        [(SignerRole::Station, &first.station), (SignerRole::Operator, &first.operator)]
    {
        let revoked: Option<(i64,)> = sqlx::query_as("SELECT at_ms FROM revocation WHERE serial = $1")
            .bind(certificate.serial()?)
            .fetch_optional(&mut *tx)
            .await?;
        if let Some(verdict) = revoked_at(revoked.map(|row| row.0), role, packet, opened) {
            return Ok(Some(verdict));
        }
    }
    let operator: Option<(Option<i64>,)> =
        sqlx::query_as("SELECT revoked_ms FROM operator WHERE station = $1 AND id = $2")
            .bind(&packet.station)
            .bind(first.operator.common_name())
            .fetch_optional(&mut *tx)
            .await?;
    let Some((revoked,)) = operator else { return refuse("operator_unknown") };
    if let Some(verdict) = revoked_at(revoked, SignerRole::Operator, packet, opened) {
        return Ok(Some(verdict));
    }
    let Some(evidence) = opened.evidence() else { return refuse("evidence_missing") };
    if evidence.operator != first.operator.common_name() {
        return refuse("header_differs");
    }
    let (Some(head), Some(stretch)) = (evidence.register, opened.register()) else {
        return refuse("evidence_missing");
    };
    let visit = opened.attested().and_then(|attested| PermohonanId::parse(&attested.permohonan).ok());
    let Some(visit) = visit else { return refuse("evidence_missing") };
    let slack = SignedDuration::from_secs(centre.config.limits.clock_ahead_seconds);
    match stretch.check(StretchOf { head, station: &packet.station, visit, slack }) {
        Ok(()) => {}
        // A clock that was put right in the middle of a visit looks like this as well: a person looks.
        Err(StretchError::TimeBack { .. }) => {
            let accepted = adjudication::accepted(tx, packet.enrolment).await?;
            if !accepted.iter().any(|asked| asked == "register_time") {
                return Ok(Some(Verdict::Ask("register_time")));
            }
        }
        Err(_) => return refuse("chain_broken"),
    }
    let before = stretch.after.unwrap_or(Checkpoint { row: 0, hash: Hash32::GENESIS });
    if !chain_fits(tx, packet, head, before).await? {
        return refuse("chain_position");
    }
    if let (0, Some(first)) = (before.row, stretch.lines.first()) {
        registers::begun_with(tx, &packet.station, packet.sequence, &first.hash.hex()).await?;
    }
    if !inventory::is_complete_before(tx, &packet.station, packet.sequence).await? {
        return Ok(Some(Verdict::Wait(VALIDATE, "sequence_skipped", LOOK_AGAIN_MS)));
    }
    sqlx::query(
        "INSERT INTO recording (enrolment, operator, register_row, register_hash, register_after_row, register_after_hash)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (enrolment) DO NOTHING",
    )
    .bind(packet.enrolment)
    .bind(first.operator.common_name())
    .bind(head.row.cast_signed())
    .bind(head.hash.hex())
    .bind(before.row.cast_signed())
    .bind(before.hash.hex())
    .execute(tx)
    .await?;
    Ok(None)
}

/// Times that cannot be: later than the centre's own clock allows.
fn times(centre: &Centre, packet: &Claimed, opened: &Opened) -> Option<Verdict> {
    let latest = packet.received_ms + centre.config.limits.clock_ahead_seconds * 1000;
    let signed = Part::ALL.map(|part| opened.part(part).signed_at.as_millisecond());
    let impossible = packet.created_ms > latest || signed.iter().any(|ms| *ms > latest);
    impossible.then_some(Verdict::Decide(FAILED, "time_impossible"))
}

/// A signature from the time after the revocation is worthless. One from before is a claim of the station's clock when the
/// packet came later: a person looks at it.
fn revoked_at(
    revoked_ms: Option<i64>,
    role: SignerRole,
    packet: &Claimed,
    opened: &Opened,
) -> Option<Verdict> {
    let revoked_ms = revoked_ms?;
    let reason = match role {
        SignerRole::Station => "station_revoked",
        SignerRole::Operator => "operator_revoked",
    };
    if opened.part(Part::Id).signed_at.as_millisecond() >= revoked_ms {
        return Some(Verdict::Decide(FAILED, reason));
    }
    (packet.received_ms >= revoked_ms).then_some(Verdict::Decide(VALIDATE, reason))
}

/// The register only grows: a higher number of the station has a higher row, a row has one hash, and the lines of a packet go
/// on where those of the packet before it ended, whichever of the two came first. Of a replaced computer the packets before
/// belong to another register; the first one of the new register begins it.
async fn chain_fits(
    tx: &mut PgConnection,
    packet: &Claimed,
    head: Checkpoint,
    before: Checkpoint,
) -> Result<bool> {
    let (Ok(row), Ok(before_row)) = (i64::try_from(head.row), i64::try_from(before.row)) else {
        return Ok(false);
    };
    let (from, below, opens) = registers::bounds(tx, &packet.station, packet.sequence).await?;
    if opens && before_row > 0 {
        return Ok(false);
    }
    let (against,): (i64,) = sqlx::query_as(
        "SELECT count(*) FROM recording r JOIN enrolment e ON e.id = r.enrolment
         WHERE e.station = $1 AND e.id <> $5 AND e.sequence >= $8 AND e.sequence < $9
           AND ((e.sequence < $2 AND r.register_row >= $3) OR (e.sequence > $2 AND r.register_row <= $3)
             OR (r.register_row = $3 AND r.register_hash <> $4)
             OR (e.sequence = $2 - 1 AND (r.register_row <> $6 OR r.register_hash <> $7))
             OR (e.sequence = $2 + 1 AND (r.register_after_row <> $3 OR r.register_after_hash <> $4)))",
    )
    .bind(&packet.station)
    .bind(packet.sequence)
    .bind(row)
    .bind(head.hash.hex())
    .bind(packet.enrolment)
    .bind(before_row)
    .bind(before.hash.hex())
    .bind(from)
    .bind(below)
    .fetch_one(tx)
    .await?;
    Ok(against == 0 && row > 0)
}

//! A station's registers: the one that goes on, and those that ended with the computer that held them.
//!
//! A computer that begins anew under a known code is let in by a code for a replaced computer alone, which a person at the
//! centre gives. A restored or copied disk is told by the first line of its register, which is known already.

use crate::centre::{Centre, new_id, time};
use crate::error::{Error, Result};
use jiff::Timestamp;
use packet::wire::{ActivationCode, Code, RegisterClaim, SequenceRange};
use sqlx::PgConnection;
use sqlx::types::Json;

/// Numbers left free between two registers: as many as one inventory may announce, so that no packet that waits on the
/// lost disk ever shares its number with one of the new register. Source: docs/protocols/sync.md §2.
const APART: i64 = 10_000;

/// One register of a station, and how it stands at the centre.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct StationRegister {
    /// 1 for the first one, 2 for that of the computer that took its place, and so on.
    pub generation: i32,
    /// First sequence number.
    pub first_sequence: i64,
    /// Since when, by the centre's clock.
    pub opened: Timestamp,
    /// Until when; absent for the one that goes on.
    pub closed: Option<Timestamp>,
    /// Why it was closed, in the words of the person who did it; empty for the one that goes on.
    pub reason: String,
    /// Packets received.
    pub received: i64,
    /// Highest number received; absent when there is none.
    pub last_sequence: Option<i64>,
    /// The last row that a believed packet spoke of.
    pub last_row: Option<i64>,
    /// Its hash, 64 hexadecimal digits.
    pub last_hash: Option<String>,
    /// Numbers that were announced, or lie below one that was, and never came: of a closed register these recordings are lost
    /// with the computer and have to be made again.
    pub missing: Vec<SequenceRange>,
}

/// Gives the code for a computer that takes the place of a station's lost one. The register that goes on is closed when the
/// code is used, not before; the reason stays with it. A station that was revoked, because its computer was stolen, is
/// admitted again by it.
///
/// # Errors
/// `Settings` for an unknown station or an empty reason; `Database`.
pub async fn replace_station(centre: &Centre, code: &str, reason: &str) -> Result<ActivationCode> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::Settings("a reason for replacing the computer".to_owned()));
    }
    let activation = centre.activation_code()?;
    let now_ms = centre.now_ms();
    let mut tx = centre.pool.begin().await?;
    let known = sqlx::query(
        "UPDATE station SET activation_hash = $2, activation_until_ms = $3, activation_replaces = $4 WHERE code = $1",
    )
    .bind(code)
    .bind(crate::identity::hash(&activation.secret()))
    .bind(now_ms + crate::identity::CODE_MS)
    .bind(reason)
    .execute(&mut *tx)
    .await?;
    if known.rows_affected() == 0 {
        return Err(Error::unknown_station(code));
    }
    crate::intake::event(&mut *tx, now_ms, "station_replacement_allowed", Some(code), None).await?;
    tx.commit().await?;
    Ok(activation)
}

/// The first register of a station that is added; a known one keeps those it has.
pub(crate) async fn begin(
    tx: &mut PgConnection,
    station: &str,
    first_sequence: i64,
    now_ms: i64,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO station_register (station, generation, first_sequence, opened_ms) VALUES ($1, 1, $2, $3)
         ON CONFLICT DO NOTHING",
    )
    .bind(station)
    .bind(first_sequence)
    .bind(now_ms)
    .execute(tx)
    .await?;
    Ok(())
}

/// Lets the register of an activation go on, or begins a new one; answers its first sequence number. The station's row is
/// locked by the caller. `replaces` is the reason of a code for a replaced computer, empty for any other code. Where a computer
/// was `admitted_before`, what it gave its packets and papers may be about, though nothing was heard of it.
///
/// # Errors
/// `Refused` with `register_other` or `register_known`: the code is not used up. `Database`.
pub(crate) async fn admit(
    tx: &mut PgConnection,
    station: &str,
    (replaces, admitted_before): (&str, bool),
    claim: Option<&RegisterClaim>,
    now_ms: i64,
) -> Result<i64> {
    let (generation, first_sequence, known): (i32, i64, String) = sqlx::query_as(
        "SELECT generation, first_sequence, first_hash FROM station_register WHERE station = $1
         ORDER BY generation DESC LIMIT 1",
    )
    .bind(station)
    .fetch_one(&mut *tx)
    .await?;
    // Announced is enough: what was sealed and never came would share its number with a packet of the new register.
    let (highest,): (Option<i64>,) = sqlx::query_as(
        "SELECT max(sequence) FROM (SELECT sequence FROM enrolment WHERE station = $1
                                    UNION ALL SELECT sequence FROM announced WHERE station = $1) AS used
         WHERE sequence >= $2",
    )
    .bind(station)
    .bind(first_sequence)
    .fetch_one(&mut *tx)
    .await?;
    // Without a word about the disk the code decides, and the first packet shows where the register begins.
    if let Some(claim) = claim {
        let (is_closed,): (bool,) = sqlx::query_as(
            "SELECT EXISTS (SELECT 1 FROM station_register
                            WHERE station = $1 AND generation < $2 AND first_hash = $3 AND $3 <> '')",
        )
        .bind(station)
        .bind(generation)
        .bind(&claim.first)
        .fetch_one(&mut *tx)
        .await?;
        let is_known = claim.row > 0 && !known.is_empty() && claim.first == known;
        let is_other = claim.row == 0 || (!known.is_empty() && claim.first != known);
        match (highest, replaces.is_empty()) {
            _ if is_closed => return Err(Error::refuse(Code::RegisterKnown, "")),
            (Some(_), false) if is_known => return Err(Error::refuse(Code::RegisterKnown, "")),
            (Some(_), true) if is_other => return Err(Error::refuse(Code::RegisterOther, "")),
            _ => {}
        }
    }
    let first = claim.map(|claim| claim.first.as_str()).unwrap_or_default();
    // A disk that has a book of its own goes on in it.
    let is_new = claim.is_none_or(|claim| claim.row == 0);
    let unheard = (admitted_before && is_new).then_some(first_sequence - 1);
    let Some(used) = highest.or(unheard).filter(|_| !replaces.is_empty()) else {
        // The register that goes on is known by its first line from now on; one of which nothing is here may be another.
        sqlx::query(
            "UPDATE station_register SET first_hash = $3
             WHERE station = $1 AND generation = $2 AND ($3 <> '' OR $4)",
        )
        .bind(station)
        .bind(generation)
        .bind(first)
        .bind(highest.is_none())
        .execute(&mut *tx)
        .await?;
        return Ok(first_sequence);
    };
    let next = (used / APART + 2) * APART + 1;
    sqlx::query(
        "INSERT INTO station_register (station, generation, first_sequence, first_hash, opened_ms, reason)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(station)
    .bind(generation + 1)
    .bind(next)
    .bind(first)
    .bind(now_ms)
    .bind(replaces)
    .execute(&mut *tx)
    .await?;
    sqlx::query("UPDATE station SET first_sequence = $2 WHERE code = $1")
        .bind(station)
        .bind(next)
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "INSERT INTO event (id, at_ms, kind, station, detail) VALUES ($1, $2, 'register_closed', $3, $4)",
    )
    .bind(new_id())
    .bind(now_ms)
    .bind(station)
    .bind(Json(
        serde_json::json!({"generation": generation, "highest": used, "next": next, "reason": replaces}),
    ))
    .execute(tx)
    .await?;
    Ok(next)
}

/// Keeps the first line of the register that a packet opens, the first time it is seen.
pub(crate) async fn begun_with(
    tx: &mut PgConnection,
    station: &str,
    sequence: i64,
    first_hash: &str,
) -> Result<()> {
    sqlx::query(
        "UPDATE station_register SET first_hash = $3 WHERE first_hash = '' AND (station, generation) =
            (SELECT station, max(generation) FROM station_register WHERE station = $1 AND first_sequence <= $2
             GROUP BY station)",
    )
    .bind(station)
    .bind(sequence)
    .bind(first_hash)
    .execute(tx)
    .await?;
    Ok(())
}

/// The numbers of the register that `sequence` belongs to, from and below; and whether it opens a register that took the
/// place of another one.
pub(crate) async fn bounds(tx: &mut PgConnection, station: &str, sequence: i64) -> Result<(i64, i64, bool)> {
    let (from, below): (Option<i64>, Option<i64>) = sqlx::query_as(
        "SELECT max(first_sequence) FILTER (WHERE first_sequence <= $2), min(first_sequence) FILTER (WHERE first_sequence > $2)
         FROM station_register WHERE station = $1 AND generation > 1",
    )
    .bind(station)
    .bind(sequence)
    .fetch_one(tx)
    .await?;
    Ok((from.unwrap_or(0), below.unwrap_or(i64::MAX), from == Some(sequence)))
}

/// The numbers from `first` to `last` that are not among the received ones, which ascend.
fn missing(first: i64, received: impl Iterator<Item = i64>, last: i64) -> Vec<SequenceRange> {
    let mut absent = Vec::new();
    let mut from = first;
    for number in received.chain([last.saturating_add(1)]) {
        if number > from {
            absent.push((from.cast_unsigned(), (number - 1).cast_unsigned()));
        }
        from = from.max(number.saturating_add(1));
    }
    absent
}

/// Every register of a station, the first one first.
///
/// # Errors
/// `Settings` for an unknown station; `Database`.
pub async fn registers(centre: &Centre, station: &str) -> Result<Vec<StationRegister>> {
    type Row = (i32, i64, i64, String);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT generation, first_sequence, opened_ms, reason FROM station_register WHERE station = $1
         ORDER BY generation",
    )
    .bind(station)
    .fetch_all(&centre.pool)
    .await?;
    if rows.is_empty() {
        return Err(Error::unknown_station(station));
    }
    let mut all = Vec::with_capacity(rows.len());
    for (number, (generation, first_sequence, opened_ms, _)) in rows.iter().enumerate() {
        let next = rows.get(number + 1);
        let below = next.map_or(i64::MAX, |row| row.1);
        // What a station sent below its first number counts as of its first register.
        let from = if *generation == 1 { 0 } else { *first_sequence };
        let numbers = |table: &str| {
            sqlx::AssertSqlSafe(format!(
                "SELECT sequence FROM {table} WHERE station = $1 AND sequence >= $2 AND sequence < $3 ORDER BY sequence"
            ))
        };
        let received: Vec<(i64,)> = sqlx::query_as(numbers("enrolment"))
            .bind(station)
            .bind(from)
            .bind(below)
            .fetch_all(&centre.pool)
            .await?;
        let announced: Vec<(i64,)> = sqlx::query_as(numbers("announced"))
            .bind(station)
            .bind(from)
            .bind(below)
            .fetch_all(&centre.pool)
            .await?;
        let last: Option<(i64, String)> = sqlx::query_as(
            "SELECT r.register_row, r.register_hash FROM recording r JOIN enrolment e ON e.id = r.enrolment
             WHERE e.station = $1 AND e.sequence >= $2 AND e.sequence < $3 ORDER BY e.sequence DESC LIMIT 1",
        )
        .bind(station)
        .bind(from)
        .bind(below)
        .fetch_optional(&centre.pool)
        .await?;
        let last_sequence = received.last().map(|row| row.0);
        let known = last_sequence.max(announced.last().map(|row| row.0)).unwrap_or(0);
        all.push(StationRegister {
            generation: *generation,
            first_sequence: *first_sequence,
            opened: time(*opened_ms),
            closed: next.map(|row| time(row.2)),
            reason: next.map(|row| row.3.clone()).unwrap_or_default(),
            received: i64::try_from(received.len()).unwrap_or(i64::MAX),
            last_sequence,
            last_row: last.as_ref().map(|row| row.0),
            last_hash: last.map(|row| row.1),
            missing: missing(*first_sequence, received.iter().map(|row| row.0), known),
        });
    }
    Ok(all)
}

//! Counts compared on both sides: what was lost, what was skipped, what is not the station's own.

use crate::centre::{Centre, Station};
use crate::error::{Error, Result};
use packet::wire::{Code, Comparison, Inventory, InventoryRow, ranges};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Most packets that one inventory may announce.
const MOST: usize = 10_000;

/// Announces the waiting packets and answers what differs.
///
/// # Errors
/// `Refused` with `malformed`; `Database`.
pub async fn compare(centre: &Centre, station: &Station, body: &Inventory) -> Result<Comparison> {
    if body.format != Inventory::FORMAT || body.waiting.len() > MOST || body.acknowledged.len() > MOST {
        return Err(Error::refuse(Code::Malformed, "inventory"));
    }
    let sane = |number: u64| number > 0 && number < 1 << 40;
    let ranges_sane =
        body.acknowledged.iter().all(|(from, to)| sane(*from) && from <= to && *to <= body.highest);
    if !ranges_sane || !body.waiting.iter().all(|row| sane(row.sequence)) || body.highest >= 1 << 40 {
        return Err(Error::refuse(Code::Malformed, "sequence numbers"));
    }
    let (numbers, ids): (Vec<i64>, Vec<Uuid>) =
        body.waiting.iter().map(|row| (row.sequence.cast_signed(), row.enrolment)).unzip();
    sqlx::query(
        "INSERT INTO announced (station, sequence, enrolment) SELECT $1, * FROM unnest($2::bigint[], $3::uuid[])
         ON CONFLICT (station, sequence) DO NOTHING",
    )
    .bind(&station.code)
    .bind(numbers)
    .bind(ids)
    .execute(&centre.pool)
    .await?;
    // A computer that took the place of a lost one knows nothing of the register before, nor need it.
    let received: Vec<(i64, Uuid)> = sqlx::query_as(
        "SELECT sequence, id FROM enrolment WHERE station = $1 AND sequence >=
            (SELECT coalesce(max(first_sequence), 0) FROM station_register WHERE station = $1 AND generation > 1)
         ORDER BY sequence",
    )
    .bind(&station.code)
    .fetch_all(&centre.pool)
    .await?;
    let received: BTreeMap<u64, Uuid> =
        received.into_iter().map(|(number, id)| (number.cast_unsigned(), id)).collect();
    // Whoever waited for an announcement is looked at again.
    sqlx::query("UPDATE enrolment SET stage_after_ms = 0 WHERE station = $1 AND reason = 'sequence_skipped'")
        .bind(&station.code)
        .execute(&centre.pool)
        .await?;
    centre.work.notify_one();
    Ok(judge(&received, body, station.first_sequence.cast_unsigned()))
}

fn judge(received: &BTreeMap<u64, Uuid>, body: &Inventory, first: u64) -> Comparison {
    let waiting: BTreeMap<u64, Uuid> = body.waiting.iter().map(|row| (row.sequence, row.enrolment)).collect();
    let acknowledged =
        |number: u64| body.acknowledged.iter().any(|(from, to)| (*from..=*to).contains(&number));
    let highest = received.keys().next_back().copied().unwrap_or(0);
    let top = highest.max(body.highest).max(waiting.keys().next_back().copied().unwrap_or(0));
    let known: BTreeSet<u64> = received.keys().chain(waiting.keys()).copied().collect();
    let mut missing = Vec::new();
    let mut from = first;
    for number in known.iter().copied().chain([top + 1]) {
        if number > from {
            missing.push((from, number - 1));
        }
        from = from.max(number + 1);
    }
    let mut lost = Vec::new();
    let mut gaps = Vec::new();
    for (from, to) in missing {
        // A range may be partly acknowledged: it is cut at the borders of the acknowledged ranges.
        let mut at = from;
        while at <= to {
            let held = acknowledged(at);
            let border = body
                .acknowledged
                .iter()
                .flat_map(|(a, b)| [*a, b + 1])
                .filter(|border| *border > at)
                .min()
                .unwrap_or(to + 1);
            let end = (border - 1).min(to);
            if held {
                lost.push((at, end))
            } else {
                gaps.push((at, end))
            }
            at = end + 1;
        }
    }
    let row =
        |(sequence, enrolment): (&u64, &Uuid)| InventoryRow { sequence: *sequence, enrolment: *enrolment };
    let doubled = |number: &u64, id: &Uuid| waiting.get(number).is_some_and(|other| other != id);
    Comparison {
        received: received.len() as u64,
        highest,
        lost,
        receipts: received
            .iter()
            .filter(|(number, id)| {
                !acknowledged(**number) && **number <= body.highest && !doubled(number, id)
            })
            .map(row)
            .collect(),
        gaps,
        foreign: received
            .iter()
            .filter(|(number, id)| **number > body.highest || doubled(number, id))
            .map(row)
            .collect(),
        next_sequence: (top + 1).max(first),
    }
}

/// True when every number before `sequence` is received or announced.
pub(crate) async fn is_complete_before(
    tx: &mut sqlx::PgConnection,
    station: &str,
    sequence: i64,
) -> Result<bool> {
    let (known, first): (i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM (
                    SELECT sequence FROM enrolment WHERE station = $1 AND sequence < $2 AND sequence >= s.first_sequence
                    UNION SELECT sequence FROM announced WHERE station = $1 AND sequence < $2 AND sequence >= s.first_sequence
                 ) AS all_known), s.first_sequence
         FROM station s WHERE s.code = $1",
    )
    .bind(station)
    .bind(sequence)
    .fetch_one(tx)
    .await?;
    Ok(known >= sequence - first)
}

/// Numbers received of one station, as ranges; for the report.
///
/// # Errors
/// `Database`.
pub async fn received(centre: &Centre, station: &str) -> Result<Vec<packet::wire::SequenceRange>> {
    let rows: Vec<(i64,)> =
        sqlx::query_as("SELECT sequence FROM enrolment WHERE station = $1 ORDER BY sequence")
            .bind(station)
            .fetch_all(&centre.pool)
            .await?;
    Ok(ranges(rows.into_iter().map(|row| row.0.cast_unsigned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    #[test]
    fn lost_skipped_and_foreign_packets_are_told_apart() {
        let received = BTreeMap::from([(1, id(1)), (2, id(2)), (5, id(5)), (6, id(6)), (12, id(12))]);
        let body = Inventory {
            format: Inventory::FORMAT.into(),
            highest: 10,
            acknowledged: vec![(1, 3)],
            waiting: vec![
                InventoryRow { sequence: 6, enrolment: id(66) },
                InventoryRow { sequence: 8, enrolment: id(8) },
            ],
        };
        let answer = judge(&received, &body, 1);
        assert_eq!(answer.lost, [(3, 3)], "acknowledged but not here: the centre was restored");
        assert_eq!(answer.gaps, [(4, 4), (7, 7), (9, 11)], "neither received nor announced");
        let numbers = |rows: &[InventoryRow]| rows.iter().map(|row| row.sequence).collect::<Vec<_>>();
        assert_eq!(numbers(&answer.receipts), [5], "received, and the station has no receipt");
        assert_eq!(numbers(&answer.foreign), [6, 12], "another enrolment's number, and one beyond its own");
        assert_eq!((answer.received, answer.highest, answer.next_sequence), (5, 12, 13), "counts");
    }

    #[test]
    fn a_station_and_a_centre_that_agree_have_nothing_to_say() {
        let received = BTreeMap::from([(1, id(1)), (2, id(2))]);
        let body = Inventory {
            format: Inventory::FORMAT.into(),
            highest: 3,
            acknowledged: vec![(1, 2)],
            waiting: vec![InventoryRow { sequence: 3, enrolment: id(3) }],
        };
        let expected = Comparison { received: 2, highest: 2, next_sequence: 4, ..Comparison::default() };
        assert_eq!(judge(&received, &body, 1), expected, "all quiet");
    }
}

//! The change feed: rows numbered per station under the lock of its row, so that the order of numbers is that of commits.

use crate::centre::{Centre, time};
use crate::error::{Error, Result};
use packet::wire::{Change, Code, Cursor, Feed, StatusChange};
use sqlx::PgConnection;
use sqlx::types::Json;
use std::collections::BTreeMap;

/// One status of one recording, before neighbours are joined.
#[derive(Clone, Debug)]
pub(crate) struct Status {
    pub sequence: u64,
    pub status: String,
    pub reason: String,
    pub at_ms: i64,
}

impl Status {
    pub fn change(&self) -> Change {
        Change::Status(StatusChange {
            s: self.status.clone(),
            // Whole seconds: half the bytes on the wire, and neighbours join.
            t: time(self.at_ms - self.at_ms.rem_euclid(1000)),
            q: vec![(self.sequence, self.sequence)],
            r: self.reason.clone(),
            e: Vec::new(),
        })
    }
}

/// What one transaction says to stations, to each in its order. It is collected and written last: whoever held a station's row
/// and went on to ask for another could wait for a transaction that waits for it.
#[derive(Debug, Default)]
pub(crate) struct Told(BTreeMap<String, Vec<Change>>);

impl Told {
    /// Says it to a station, after what was said to it before.
    pub fn add(&mut self, station: &str, change: Change) {
        self.0.entry(station.to_owned()).or_default().push(change);
    }

    /// Writes everything, right before the commit and in the order of codes, so that no two transactions ever wait for each
    /// other's station. Answers the stations to wake after the commit.
    ///
    /// # Errors
    /// `Database`.
    pub async fn write(self, tx: &mut PgConnection) -> Result<Vec<String>> {
        for (station, changes) in &self.0 {
            append(tx, station, changes).await?;
        }
        Ok(self.0.into_keys().collect())
    }
}

/// Adds changes to a station's feed within the caller's transaction; locks the station's row until its end. Who has more than
/// one station to tell collects in [`Told`].
pub(crate) async fn append(tx: &mut PgConnection, station: &str, changes: &[Change]) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let count = i64::try_from(changes.len()).unwrap_or(i64::MAX);
    let (last,): (i64,) = sqlx::query_as(
        "UPDATE station SET feed_number = feed_number + $2 WHERE code = $1 RETURNING feed_number",
    )
    .bind(station)
    .bind(count)
    .fetch_one(&mut *tx)
    .await?;
    let (numbers, bodies): (Vec<i64>, Vec<serde_json::Value>) = (last - count + 1..=last)
        .zip(changes)
        .filter_map(|(number, change)| Some((number, serde_json::to_value(change).ok()?)))
        .unzip();
    sqlx::query(
        "INSERT INTO feed (station, number, change) SELECT $1, * FROM unnest($2::bigint[], $3::jsonb[])",
    )
    .bind(station)
    .bind(numbers)
    .bind(bodies)
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Digits of the database's name in a cursor, and of the digest of the change that stands under its number.
const NAME: usize = 8;
const MARK: usize = 8;

/// What a cursor says of the change under its number: the start of SHA-256 over station, number and text. A database that
/// was restored from an older backup has the same name and reaches the same numbers again, with other changes.
fn mark(station: &str, number: i64, text: &str) -> String {
    let mut mark = packet::digest_hex(format!("{station} {number} {text}").as_bytes());
    mark.truncate(MARK);
    mark
}

/// The cursor after the change of this number; before the first one there is nothing to mark.
async fn cursor(centre: &Centre, station: &str, number: i64) -> Result<Cursor> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT change::text FROM feed WHERE station = $1 AND number = $2")
            .bind(station)
            .bind(number)
            .fetch_optional(&centre.pool)
            .await?;
    let mark = row.map_or(String::new(), |(text,)| mark(station, number, &text));
    let name = centre.history.get(..NAME).unwrap_or(&centre.history);
    Ok(Cursor::new(&format!("{name}{mark}"), number.cast_unsigned()))
}

/// True when this database gave the cursor, or when it begins before everything.
async fn is_ours(centre: &Centre, station: &str, after: &Cursor) -> Result<bool> {
    let number = i64::try_from(after.number()).unwrap_or(i64::MAX);
    if number == 0 {
        let name = centre.history.get(..NAME).unwrap_or(&centre.history);
        return Ok(after.history().is_empty() || after.history().starts_with(name));
    }
    Ok(*after == cursor(centre, station, number).await?)
}

/// The changes after a cursor, neighbours joined.
///
/// # Errors
/// `Refused` with `cursor_ahead`; `Database`.
pub async fn read(centre: &Centre, station: &str, after: &Cursor, limit: i64) -> Result<Feed> {
    let (head,): (i64,) = sqlx::query_as("SELECT feed_number FROM station WHERE code = $1")
        .bind(station)
        .fetch_one(&centre.pool)
        .await?;
    let number = i64::try_from(after.number()).unwrap_or(i64::MAX);
    if number > head || !is_ours(centre, station, after).await? {
        let head = cursor(centre, station, head).await?;
        return Err(Error::refuse(Code::CursorAhead, head.to_string()));
    }
    type Line = (i64, Json<Change>);
    let rows: Vec<Line> = sqlx::query_as(
        "SELECT number, change FROM feed WHERE station = $1 AND number > $2 ORDER BY number LIMIT $3",
    )
    .bind(station)
    .bind(number)
    .bind(limit)
    .fetch_all(&centre.pool)
    .await?;
    let last = rows.last().map_or(number, |row| row.0);
    let changes = join(rows.into_iter().map(|row| row.1.0));
    let lines = changes.iter().filter_map(|change| serde_json::to_string(change).ok()).collect();
    let cursor = cursor(centre, station, last).await?;
    Ok(Feed { changes, lines, cursor, more: last < head, station: station.to_owned() })
}

/// Joins neighbouring statuses of equal text, reason and second. Order is kept: only neighbours join, and never a number
/// that the line holds already.
fn join(changes: impl Iterator<Item = Change>) -> Vec<Change> {
    let mut out: Vec<Change> = Vec::new();
    for change in changes {
        if let (Some(Change::Status(last)), Change::Status(next)) = (out.last_mut(), &change)
            && (&last.s, &last.r, last.t) == (&next.s, &next.r, next.t)
            && last.e.is_empty()
            && next.e.is_empty()
        {
            last.q.extend(&next.q);
            continue;
        }
        out.push(change);
    }
    for change in &mut out {
        if let Change::Status(status) = change {
            status.q.sort_unstable();
            let numbers: Vec<u64> = status.q.iter().flat_map(|(from, to)| *from..=*to).collect();
            status.q = packet::wire::ranges(numbers);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(sequence: u64, text: &str, at_ms: i64) -> Change {
        Status { sequence, status: text.into(), reason: String::new(), at_ms }.change()
    }

    #[test]
    fn neighbours_of_one_second_join_and_order_stays() {
        let joined = join(
            [
                status(3, "PRINT_READY_RECORD", 5_000),
                status(1, "PRINT_READY_RECORD", 5_900),
                status(2, "PRINT_READY_RECORD", 5_100),
                status(3, "DUPLICATE_RECORD", 5_200),
                status(9, "PRINT_READY_RECORD", 5_300),
            ]
            .into_iter(),
        );
        let ranges: Vec<_> = joined
            .iter()
            .filter_map(|change| match change {
                Change::Status(status) => Some((status.s.as_str(), status.q.clone())),
                _ => None,
            })
            .collect();
        let expected = [
            ("PRINT_READY_RECORD", vec![(1, 3)]),
            ("DUPLICATE_RECORD", vec![(3, 3)]),
            ("PRINT_READY_RECORD", vec![(9, 9)]),
        ];
        assert_eq!(ranges, expected, "a later status never moves before an earlier one");
    }

    #[test]
    fn a_status_costs_at_most_four_bytes_on_the_wire() {
        // Batches of twenty, as the pipeline decides them; every eighth of them fails.
        let changes = (0..2_000u64).map(|n| {
            let text = if n % 8 == 3 { "ENROLL_FAILURE_AT_CENTRAL" } else { "PRINT_READY_RECORD" };
            let second = 1_795_000_000_000 + i64::try_from(n / 20).unwrap_or(0) * 3_000;
            status(11_000 + n, text, second)
        });
        let mut by_batch: Vec<Change> = changes.collect();
        by_batch
            .chunks_mut(20)
            .for_each(|batch| batch.sort_by_key(|change| format!("{change:?}").contains("PRINT")));
        let body =
            packet::wire::write_feed(&join(by_batch.into_iter()), &Cursor::new("7f3a91c2", 2_000), false);
        let wire = zstd::encode_all(&body[..], 9).map(|bytes| bytes.len()).unwrap_or(usize::MAX);
        assert!(wire <= 4 * 2_000, "{wire} bytes for 2,000 statuses");
    }
}

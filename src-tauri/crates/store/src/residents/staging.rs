//! Residents on their way in and out, whom nobody sees.
//!
//! A million rows are written, and removed, in seconds, and whoever saves a typed field waits for the writer. So both go in batches,
//! each a transaction of its own, and everybody else writes between two. The extract is hidden meanwhile: one short act shows the
//! new one and hides the old. What a cut leaves is hidden too, and is cleared away later.

use crate::table::resident::SHOWN;
use crate::{Error, Result, Store, table};
use rusqlite::{Connection, TransactionBehavior, params};
use std::time::Duration;

/// The name of the one extract that comes in; those on their way out are called by their rows.
const COMING: &str = "-coming";
/// A batch ends with so many rows, or so many bytes of lines: some tens of milliseconds of the writer.
const BATCH_ROWS: usize = 4096;
const BATCH_BYTES: usize = 2 << 20;
/// What the log may grow by for one batch: the pages of the lines and of three indexes.
pub(super) const BATCH_LOG: u64 = 2 * BATCH_BYTES as u64;
/// What a resident takes in the file beside the line: its columns, and its places in three indexes and in that of names. Ours.
const ROW_BYTES: u64 = 192;
/// Between two batches, so that whoever waits for the writer has it first: a lock is given to the one who comes, not to the one who
/// has waited.
const PAUSE: Duration = Duration::from_millis(2);

/// One line of an extract.
pub(super) struct Row {
    pub nik: String,
    pub kk: String,
    pub name: String,
    /// The line, whole.
    pub data: String,
}

/// Rows that wait for their batch.
#[derive(Default)]
pub(super) struct Batch {
    rows: Vec<Row>,
    bytes: usize,
}

impl Batch {
    /// Adds a row; true when the batch is to be written now.
    pub(super) fn add(&mut self, row: Row) -> bool {
        self.bytes += row.data.len();
        self.rows.push(row);
        self.rows.len() >= BATCH_ROWS || self.bytes >= BATCH_BYTES
    }
}

/// About what residents take in the file, of whom there are `count`, and whose lines have `bytes` together.
pub(super) fn room_of(count: u64, bytes: u64) -> u64 {
    count.saturating_mul(ROW_BYTES).saturating_add(bytes)
}

impl Store {
    /// Clears away what imports have left that were cut, and stores the name index where that is still to be done. For a quiet
    /// moment of a thread of its own; does nothing while an import is under way.
    ///
    /// # Errors
    /// [`Error::Locked`]; [`Error::Full`], with the ballast untouched; those of [`Store::refresh_names`]. What is left, nobody sees.
    pub fn tidy_residents(&self) -> Result<()> {
        let Some(_moving) = self.may_move_residents() else { return Ok(()) };
        // First, for the index may need the room; and neither waits until the other can be done.
        let cleared = self.clear_hidden();
        let kept = self.refresh_names();
        cleared.and(kept.map(drop))
    }

    /// Begins an extract that nobody sees; answers its row.
    pub(super) fn begin_hidden(&self) -> Result<i64> {
        let operation = "begin an import of residents";
        self.with_writer(|conn| {
            in_one(conn, operation, |conn| {
                let sql = "INSERT INTO resident_extract (wilayah) VALUES (?1) RETURNING id";
                table::returned(conn, operation, sql, [COMING], |row| row.get(0))
            })
        })
    }

    /// Writes a batch of a hidden extract and empties it. Refused where new visits would be held for want of the room that it takes
    /// with what comes after it, about `to_come` bytes of the file: what does not fit to its end is not begun.
    pub(super) fn write_hidden(&self, extract: i64, batch: &mut Batch, to_come: u64) -> Result<()> {
        if batch.rows.is_empty() {
            return Ok(());
        }
        let room = room_of(batch.rows.len() as u64, batch.bytes as u64).saturating_add(to_come);
        self.room_beside_recordings(BATCH_LOG, room)?;
        let operation = "import residents";
        self.with_writer(|conn| {
            in_one(conn, operation, |conn| {
                let sql = "INSERT INTO resident (extract, nik, kk, name, data) VALUES (?1, ?2, ?3, ?4, ?5)";
                let mut insert = conn.prepare_cached(sql).map_err(Error::sql(operation))?;
                for row in &batch.rows {
                    insert
                        .execute(params![extract, row.nik, row.kk, row.name, row.data])
                        .map_err(Error::sql(operation))?;
                }
                Ok(())
            })
        })?;
        fail::fail_point!("store::residents::staged");
        *batch = Batch::default();
        std::thread::sleep(PAUSE);
        Ok(())
    }

    /// Removes every hidden extract. The caller holds the right to move residents.
    pub(super) fn clear_hidden(&self) -> Result<()> {
        let sql = format!("SELECT e.id FROM resident_extract e WHERE NOT ({SHOWN})");
        let hidden: Vec<i64> =
            self.read(|view| table::many(view.conn, "look for hidden extracts", &sql, [], |row| row.get(0)))?;
        for extract in hidden {
            while self.with_writer(|conn| clear_some(conn, extract)).map_err(|error| error.full(false))? {
                std::thread::sleep(PAUSE);
            }
        }
        Ok(())
    }
}

/// Hides an extract inside the act that shows the one in its place.
pub(super) fn hide(conn: &Connection, extract: i64) -> Result<()> {
    let sql = "UPDATE resident_extract SET wilayah = '-' || id, version = 0 WHERE id = ?1";
    table::run(conn, "import residents", sql, [extract]).map(drop)
}

/// Removes one batch of a hidden extract, and at last the extract; false when it is gone.
fn clear_some(conn: &mut Connection, extract: i64) -> Result<bool> {
    let operation = "clear residents whom nobody sees";
    in_one(conn, operation, |conn| {
        let sql = format!(
            "DELETE FROM resident WHERE id IN (SELECT id FROM resident WHERE extract = ?1 LIMIT {BATCH_ROWS})"
        );
        if table::run(conn, operation, &sql, [extract])? > 0 {
            return Ok(true);
        }
        table::run(conn, operation, "DELETE FROM resident_extract WHERE id = ?1", [extract])?;
        Ok(false)
    })
}

fn in_one<T>(
    conn: &mut Connection,
    operation: &'static str,
    work: impl FnOnce(&Connection) -> Result<T>,
) -> Result<T> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Error::sql(operation))?;
    let value = work(&tx)?;
    tx.commit().map_err(Error::sql(operation))?;
    Ok(value)
}

//! Counts of the stock, with what explains a difference.

use super::stock::item;
use super::{MovementNote, many, run};
use crate::{Error, Result, Tx, View};
use domain::stock::{Account, Item, Movement};
use rusqlite::params;

/// A count as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockCount {
    /// What was counted.
    pub item: Item,
    /// What the book said of the store: pieces of blangko, prints' worth of ribbon or film.
    pub booked: u32,
    /// What lay in the store when it was counted, in the same unit.
    pub counted: u32,
    /// `domain::stock::CountDifference` as JSON; `{}` for ribbon and film.
    pub difference_json: String,
    /// Why they differ; needed when they do.
    pub explanation: String,
    /// When, UTC milliseconds; set by the store.
    pub at_ms: i64,
}

impl View<'_> {
    /// Returns the counts from `from_ms` until before `to_ms` (UTC milliseconds), oldest first.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn stock_counts_between(&self, from_ms: i64, to_ms: i64) -> Result<Vec<StockCount>> {
        let sql = "SELECT item, booked, counted, difference, explanation, at FROM stock_count
                   WHERE at >= ?1 AND at < ?2 ORDER BY id";
        many(self.conn, "read the counts", sql, [from_ms, to_ms], |row| {
            Ok(StockCount {
                item: item(row, 0)?,
                booked: row.get(1)?,
                counted: row.get(2)?,
                difference_json: row.get(3)?,
                explanation: row.get(4)?,
                at_ms: row.get(5)?,
            })
        })
    }
}

impl Tx<'_> {
    /// Writes a count down with the movements that explain its difference (`domain::stock::CountDifference::movements`).
    ///
    /// # Errors
    /// Those of [`Tx::move_stock`]; [`Error::Stored`] when the difference is not explained in words, or the movements do not bring the
    /// book to what was counted; [`Error::Sql`].
    pub fn count_stock(&self, count: &StockCount, movements: &[Movement]) -> Result<()> {
        if count.booked != count.counted && count.explanation.trim().is_empty() {
            return Err(Error::Stored { table: "stock_count", column: "explanation" });
        }
        let booked = self.stock_balance(count.item, Account::Store)?;
        if booked != i64::from(count.booked) {
            return Err(Error::Stored { table: "stock_count", column: "booked" });
        }
        for movement in movements {
            let beside = MovementNote { note: count.explanation.clone(), ..MovementNote::default() };
            self.move_stock(movement, &beside)?;
        }
        if self.stock_balance(count.item, Account::Store)? != i64::from(count.counted) {
            return Err(Error::Stored { table: "stock_count", column: "counted" });
        }
        self.seal_content(
            "stock_count",
            &[
                count.item.key().as_bytes(),
                &count.booked.to_be_bytes(),
                &count.counted.to_be_bytes(),
                count.difference_json.as_bytes(),
                count.explanation.as_bytes(),
            ],
        );
        run(
            self.conn,
            "keep a count",
            "INSERT INTO stock_count (at, item, booked, counted, difference, explanation, operator)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                self.now_ms(),
                count.item.key(),
                count.booked,
                count.counted,
                count.difference_json,
                count.explanation,
                self.operator()
            ],
        )
        .map(drop)
    }
}

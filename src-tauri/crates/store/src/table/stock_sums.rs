//! The stock book summed up: what the stock page, the Berita Acara and the stock report say of it.

use super::stock::{COLUMNS, row_to_line};
use super::{StockCount, StockLine, many, one, unreadable};
use crate::{Error, Result, View};
use domain::stock::{Account, Item, MovementKind, SerialRange};
use rusqlite::params;

impl View<'_> {
    /// Returns the newest line of an item and kind.
    ///
    /// # Errors
    /// [`Error::Sql`], [`Error::Stored`].
    pub fn last_stock_line(&self, item: Item, kind: MovementKind) -> Result<Option<StockLine>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM stock_movement WHERE item = ?1 AND kind = ?2 ORDER BY id DESC LIMIT 1"
        );
        one(self.conn, "read the stock book", &sql, [item.key(), kind.key()], row_to_line)?
            .map(|line| line.map_err(|_| Error::Stored { table: "stock_movement", column: "kind" }))
            .transpose()
    }

    /// Returns row of the newest line of an item; 0 when there is none. A count is held against the book up to here.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn stock_head(&self, item: Item) -> Result<i64> {
        let sql = "SELECT coalesce(max(id), 0) FROM stock_movement WHERE item = ?1";
        Ok(one(self.conn, "read the stock book", sql, [item.key()], |row| row.get(0))?.unwrap_or(0))
    }

    /// Returns when the first line of an item was written, UTC milliseconds; `None` when it has none.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn first_stock_ms(&self, item: Item) -> Result<Option<i64>> {
        let sql = "SELECT at FROM stock_movement WHERE item = ?1 ORDER BY id LIMIT 1";
        one(self.conn, "read the stock book", sql, [item.key()], |row| row.get(0))
    }

    /// Returns the newest count of an item.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn last_stock_count(&self, item: Item) -> Result<Option<StockCount>> {
        let sql = "SELECT booked, counted, difference, explanation, at FROM stock_count WHERE item = ?1
                   ORDER BY id DESC LIMIT 1";
        one(self.conn, "read the counts", sql, [item.key()], |row| {
            Ok(StockCount {
                item,
                booked: row.get(0)?,
                counted: row.get(1)?,
                difference_json: row.get(2)?,
                explanation: row.get(3)?,
                at_ms: row.get(4)?,
            })
        })
    }

    /// Returns how many of the pieces of a range are known here as this kind, wherever they are now: what of an allotment arrived.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn stock_arrived(&self, item: Item, range: &SerialRange) -> Result<u32> {
        let sql = "SELECT count(*) FROM blangko
                   WHERE serial BETWEEN ?1 AND ?2 AND length(serial) = length(?1) AND item = ?3";
        let values = [range.first().as_str(), range.last().as_str(), item.key()];
        Ok(one(self.conn, "count the blangko", sql, values, |row| row.get(0))?.unwrap_or(0))
    }

    /// Returns how much of an item came in with a paper.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn stock_received_with(&self, item: Item, document: &str) -> Result<u32> {
        let sql = "SELECT coalesce(sum(quantity), 0) FROM stock_movement
                   WHERE item = ?1 AND kind = 'received' AND document = ?2";
        Ok(one(self.conn, "read the stock book", sql, [item.key(), document], |row| row.get(0))?.unwrap_or(0))
    }

    /// Returns how much of an item moved in each way from `from_ms` on, before `to_ms`.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn stock_sums(&self, item: Item, from_ms: i64, to_ms: i64) -> Result<Vec<(MovementKind, u32)>> {
        let sql = "SELECT kind, sum(quantity) FROM stock_movement WHERE item = ?1 AND at >= ?2 AND at < ?3
                   GROUP BY kind ORDER BY kind";
        many(self.conn, "sum up the stock book", sql, params![item.key(), from_ms, to_ms], |row| {
            let kind = MovementKind::from_key(&row.get::<_, String>(0)?).ok_or_else(|| unreadable(0))?;
            Ok((kind, row.get(1)?))
        })
    }

    /// Returns what an account held at a moment, from the movements before it.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn stock_balance_at(&self, item: Item, account: Account, at_ms: i64) -> Result<i64> {
        let sql = "SELECT coalesce(sum(CASE WHEN target = ?2 THEN quantity ELSE -quantity END), 0)
                   FROM stock_movement WHERE item = ?1 AND at < ?3 AND (source = ?2 OR target = ?2)";
        let values = params![item.key(), account.key(), at_ms];
        Ok(one(self.conn, "sum up the stock book", sql, values, |row| row.get(0))?.unwrap_or(0))
    }
}

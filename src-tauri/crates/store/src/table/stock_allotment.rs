//! Notices that pieces will come; nothing of them is in the book yet.

use super::stock::item;
use super::{many, one, run};
use crate::{Result, Tx, View};
use domain::stock::Item;
use rusqlite::params;

/// A notice that pieces will come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allotment {
    /// What.
    pub item: Item,
    /// How many are to come: pieces of blangko, prints' worth of ribbon or film.
    pub quantity: u32,
    /// Number of the letter.
    pub document: String,
    /// In words.
    pub note: String,
    /// When, UTC milliseconds; set by the store.
    pub at_ms: i64,
}

impl View<'_> {
    /// Returns the notices of allotment, newest first, at most `limit`.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn allotments(&self, limit: u32) -> Result<Vec<Allotment>> {
        let sql = "SELECT item, quantity, document, note, at FROM stock_allotment ORDER BY id DESC LIMIT ?1";
        many(self.conn, "read the allotments", sql, [limit], |row| {
            Ok(Allotment {
                item: item(row, 0)?,
                quantity: row.get(1)?,
                document: row.get(2)?,
                note: row.get(3)?,
                at_ms: row.get(4)?,
            })
        })
    }

    /// Says whether an allotment of this paper was noted.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn has_allotment(&self, item: Item, document: &str) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM stock_allotment WHERE item = ?1 AND document = ?2)";
        let found = one(self.conn, "look for an allotment", sql, [item.key(), document], |row| row.get(0))?;
        Ok(found.unwrap_or(false))
    }
}

impl Tx<'_> {
    /// Keeps a notice of allotment; `at_ms` of the argument is ignored.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn add_allotment(&self, new: &Allotment) -> Result<()> {
        self.seal_content(
            "stock_allotment",
            &[
                new.item.key().as_bytes(),
                &new.quantity.to_be_bytes(),
                new.document.as_bytes(),
                new.note.as_bytes(),
            ],
        );
        run(
            self.conn,
            "keep an allotment",
            "INSERT INTO stock_allotment (at, item, quantity, document, note, operator) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![self.now_ms(), new.item.key(), new.quantity, new.document, new.note, self.operator()],
        )
        .map(drop)
    }
}

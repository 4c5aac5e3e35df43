//! Words that are typed for a deed that nobody has confirmed yet: bookkeeping until they are said, and gone with the deed.

use super::{one, run};
use crate::masked::masked;
use crate::{Ledger, Result, Tx, View};
use domain::ids::PermohonanId;
use rusqlite::params;

/// Words that were typed and not sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// As they were typed.
    pub words: String,
    /// When, UTC milliseconds.
    pub saved_ms: i64,
}
masked!(Draft: saved_ms);

impl View<'_> {
    /// Returns the words that were typed for one thing; `what` and `about` as they were kept.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn draft(&self, permohonan: PermohonanId, what: &str, about: &str) -> Result<Option<Draft>> {
        let sql = "SELECT words, saved_at FROM draft WHERE permohonan = ?1 AND what = ?2 AND about = ?3";
        one(self.conn, "read a draft", sql, params![permohonan.to_string(), what, about], |row| {
            Ok(Draft { words: row.get(0)?, saved_ms: row.get(1)? })
        })
    }
}

impl Ledger<'_> {
    /// Keeps the words that are being typed for one thing in the place of those before; none once they are blank.
    ///
    /// # Errors
    /// [`crate::Error::Sql`], also when there is no such visit.
    pub fn save_draft(&self, permohonan: PermohonanId, what: &str, about: &str, words: &str) -> Result<()> {
        let id = permohonan.to_string();
        if words.trim().is_empty() {
            return forget(self.conn, &id, what, about);
        }
        run(
            self.conn,
            "keep a draft",
            "INSERT INTO draft (permohonan, what, about, words, saved_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (permohonan, what, about) DO UPDATE SET words = ?4, saved_at = ?5",
            params![id, what, about, words, self.now_ms()],
        )
        .map(drop)
    }
}

impl Tx<'_> {
    /// Forgets the words of one thing: they are said.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn forget_draft(&self, permohonan: PermohonanId, what: &str, about: &str) -> Result<()> {
        forget(self.conn, &permohonan.to_string(), what, about)
    }

    /// Forgets every draft of a visit.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn forget_drafts(&self, permohonan: PermohonanId) -> Result<()> {
        let sql = "DELETE FROM draft WHERE permohonan = ?1";
        run(self.conn, "forget the drafts of a visit", sql, [permohonan.to_string()]).map(drop)
    }
}

fn forget(conn: &rusqlite::Connection, id: &str, what: &str, about: &str) -> Result<()> {
    let sql = "DELETE FROM draft WHERE permohonan = ?1 AND what = ?2 AND about = ?3";
    run(conn, "forget a draft", sql, params![id, what, about]).map(drop)
}

//! What was sent to a card printer, until it has let go of it. Bookkeeping, not deeds: what a person decided about a card stands
//! in its order and in the register.

use super::{codes, many, one, run};
use crate::{Ledger, Result, View};
use domain::ids::JobId;
use rusqlite::{Row, params};

codes!(
    /// What was sent.
    PrinterOrderKind {
        /// The card of a visit; its order has the same id.
        Card = "card",
        /// A test card, which is nobody's.
        Test = "test",
    }
);

/// One thing that was sent to a printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrinterOrder {
    /// Its name at the printer.
    pub id: JobId,
    /// What it is.
    pub kind: PrinterOrderKind,
    /// The printer it went to, by its stable name; empty where an older program sent it.
    pub device: String,
    /// Sent, UTC milliseconds.
    pub sent_ms: i64,
    /// Known to hold nothing of it any more, UTC milliseconds; 0 when not yet.
    pub let_go_ms: i64,
}

const COLUMNS: &str = "id, kind, device, sent_at, let_go_at";

fn row_to_order(row: &Row<'_>) -> rusqlite::Result<PrinterOrder> {
    Ok(PrinterOrder {
        id: JobId::parse(&row.get::<_, String>(0)?).map_err(|_| super::unreadable(0))?,
        kind: PrinterOrderKind::column(row, 1)?,
        device: row.get(2)?,
        sent_ms: row.get(3)?,
        let_go_ms: row.get(4)?,
    })
}

impl View<'_> {
    /// Returns what was sent under this name.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn printer_order(&self, id: JobId) -> Result<Option<PrinterOrder>> {
        let sql = format!("SELECT {COLUMNS} FROM printer_order WHERE id = ?1");
        one(self.conn, "read what was sent to a printer", &sql, [id.to_string()], row_to_order)
    }

    /// Returns what this printer may still hold, oldest first; what an older program sent may be in any printer.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn held_by_printer(&self, device: &str) -> Result<Vec<PrinterOrder>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM printer_order WHERE let_go_at = 0 AND device IN ('', ?1) ORDER BY sent_at, id"
        );
        many(self.conn, "read what a printer holds", &sql, [device], row_to_order)
    }
}

impl Ledger<'_> {
    /// Notes what is about to be sent, before the printer hears of it. What is sent again is held again.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn send_to_printer(&self, id: JobId, kind: PrinterOrderKind, device: &str) -> Result<()> {
        run(
            self.conn,
            "note what is sent to a printer",
            "INSERT INTO printer_order (id, kind, device, sent_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET device = ?3, sent_at = ?4, let_go_at = 0",
            params![id.to_string(), kind.code(), device, self.now_ms()],
        )
        .map(drop)
    }

    /// Notes that the printer holds nothing of this any more; what was never sent is let go of.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn printer_let_go(&self, id: JobId) -> Result<()> {
        run(
            self.conn,
            "note what a printer let go of",
            "UPDATE printer_order SET let_go_at = max(?2, 1) WHERE id = ?1 AND let_go_at = 0",
            params![id.to_string(), self.now_ms()],
        )
        .map(drop)
    }
}

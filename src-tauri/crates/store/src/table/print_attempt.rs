//! What was sent to a printer of papers, until it is known whether a sheet came out.
//!
//! That a sheet is about to be sent, or that its printer said that nothing came out, is bookkeeping. That nobody knows the end, and
//! what an officer says of it, are deeds.

use super::{codes, many, one, returned, run_one};
use crate::{Error, Ledger, Result, Tx, View};
use domain::ids::PermohonanId;
use rusqlite::{Row, params};

codes!(
    /// How an attempt ended.
    PrintEnd {
        /// The printer said that nothing came out.
        Nothing = "nothing",
        /// A sheet came out, as the printer or an officer said.
        Out = "out",
        /// None came out, as an officer said.
        NoSheet = "none",
    }
);

/// A sheet that is about to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPrintAttempt {
    /// What counts as one paper, however often it is set.
    pub paper: String,
    /// Its row; `None` for a paper that is kept only once it came out.
    pub document: Option<i64>,
    /// Its visit.
    pub permohonan: Option<PermohonanId>,
    /// The core's word for the paper.
    pub kind: String,
    /// It goes to the roll of the slip printer.
    pub roll: bool,
    /// The printer, as the desk names it.
    pub printer: String,
    /// Why it is printed again; empty for the first print.
    pub reason: String,
}

/// A sheet that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintAttempt {
    /// Row.
    pub id: i64,
    /// What was noted before it was sent.
    pub sent: NewPrintAttempt,
    /// When, UTC milliseconds.
    pub sent_ms: i64,
    /// The register was told that its end is not known, UTC milliseconds; 0 when not.
    pub told_ms: i64,
    /// How it ended; `None` while nobody knows.
    pub end: Option<PrintEnd>,
}

const COLUMNS: &str = "id, paper, document, permohonan, kind, roll, printer, reason, sent_at, told_at, ended";

fn row_to_attempt(row: &Row<'_>) -> rusqlite::Result<PrintAttempt> {
    let open = row.get::<_, String>(10)?.is_empty();
    Ok(PrintAttempt {
        id: row.get(0)?,
        sent: NewPrintAttempt {
            paper: row.get(1)?,
            document: row.get(2)?,
            permohonan: PermohonanId::parse(&row.get::<_, String>(3)?).ok(),
            kind: row.get(4)?,
            roll: row.get(5)?,
            printer: row.get(6)?,
            reason: row.get(7)?,
        },
        sent_ms: row.get(8)?,
        told_ms: row.get(9)?,
        end: if open { None } else { Some(PrintEnd::column(row, 10)?) },
    })
}

impl View<'_> {
    /// Returns one attempt.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`], [`Error::Sql`].
    pub fn print_attempt(&self, id: i64) -> Result<PrintAttempt> {
        let sql = format!("SELECT {COLUMNS} FROM print_attempt WHERE id = ?1");
        one(self.conn, "read a print", &sql, [id], row_to_attempt)?
            .ok_or(Error::NoSuchRow { table: "print_attempt" })
    }

    /// Returns the attempts of a paper whose end is not known, oldest first; also one that is under way.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn open_prints(&self, paper: &str) -> Result<Vec<PrintAttempt>> {
        let sql =
            format!("SELECT {COLUMNS} FROM print_attempt WHERE paper = ?1 AND ended_at = 0 ORDER BY id");
        many(self.conn, "look for prints without an end", &sql, [paper], row_to_attempt)
    }

    /// Returns the attempts whose end is not known and of which the register has not been told, oldest first.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn untold_prints(&self) -> Result<Vec<PrintAttempt>> {
        let sql =
            format!("SELECT {COLUMNS} FROM print_attempt WHERE ended_at = 0 AND told_at = 0 ORDER BY id");
        many(self.conn, "look for prints without an end", &sql, [], row_to_attempt)
    }
}

impl Ledger<'_> {
    /// Notes a sheet before the printer hears of it. Returns the attempt.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn send_sheet(&self, new: &NewPrintAttempt) -> Result<i64> {
        returned(
            self.conn,
            "note what is sent to a printer",
            "INSERT INTO print_attempt (paper, document, permohonan, kind, roll, printer, reason, sent_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, trim(?7), ?8) RETURNING id",
            params![
                new.paper,
                new.document,
                new.permohonan.map(|id| id.to_string()).unwrap_or_default(),
                new.kind,
                new.roll,
                new.printer,
                new.reason,
                self.now_ms(),
            ],
            |row| row.get(0),
        )
    }

    /// Notes that the printer said that nothing came out.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`] for one that has ended, [`Error::Sql`].
    pub fn no_sheet(&self, id: i64) -> Result<()> {
        end(self.conn, id, PrintEnd::Nothing, self.now_ms())
    }
}

impl Tx<'_> {
    /// Says that nobody knows whether a sheet came out.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`] for one that was told or has ended, [`Error::Sql`].
    pub fn doubt_print(&self, id: i64) -> Result<()> {
        self.seal_content("print_attempt", &[&id.to_be_bytes(), b"doubt"]);
        run_one(
            self.conn,
            "print_attempt",
            "say that the end of a print is not known",
            "UPDATE print_attempt SET told_at = max(?2, 1) WHERE id = ?1 AND told_at = 0 AND ended_at = 0",
            params![id, self.now_ms()],
        )
    }

    /// Says how an attempt ended.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`] for one that has ended, [`Error::Sql`].
    pub fn end_print(&self, id: i64, how: PrintEnd) -> Result<()> {
        self.seal_content("print_attempt", &[&id.to_be_bytes(), how.code().as_bytes()]);
        end(self.conn, id, how, self.now_ms())
    }
}

fn end(conn: &rusqlite::Connection, id: i64, how: PrintEnd, now_ms: i64) -> Result<()> {
    run_one(
        conn,
        "print_attempt",
        "say how a print ended",
        "UPDATE print_attempt SET ended = ?2, ended_at = max(?3, 1) WHERE id = ?1 AND ended_at = 0",
        params![id, how.code(), now_ms],
    )
}

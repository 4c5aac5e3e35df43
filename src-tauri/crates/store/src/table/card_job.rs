//! Orders to print one card on one blangko.

use super::{codes, many, one, permohonan_id, run, run_one};
use crate::{Result, Tx, View};
use domain::ids::{JobId, PermohonanId};
use domain::stock::NomorBlangko;
use rusqlite::{Row, params};

codes!(
    /// How far an order is.
    CardJobState {
        /// Given to the printer.
        Started = "started",
        /// The printer says it is done; a person has not looked yet.
        ReportedDone = "reported_done",
        /// The printer stopped (ribbon, jam, lid); the order is kept.
        Stopped = "stopped",
        /// Nobody knows whether the card came out.
        Unknown = "unknown",
        /// A person has said what became of it.
        Closed = "closed",
    }
);

codes!(
    /// What became of an order, as a person said.
    CardOutcome {
        /// A good card.
        Printed = "printed",
        /// A bad card, or a blangko that was spoiled on the way to one.
        Spoiled = "spoiled",
        /// Neither card nor blangko was anywhere.
        Missing = "missing",
        /// The blangko was not touched.
        NotPrinted = "not_printed",
    }
);

/// One order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardJob {
    /// Its id.
    pub id: JobId,
    /// The visit.
    pub permohonan: PermohonanId,
    /// The blangko.
    pub blangko: NomorBlangko,
    /// The printer, as the desk names it.
    pub printer: String,
    /// How far it is.
    pub state: CardJobState,
    /// What became of it; `None` while it is open.
    pub outcome: Option<CardOutcome>,
    /// The device's own words, last heard.
    pub words: String,
    /// Given, UTC milliseconds.
    pub started_ms: i64,
    /// Last word of the printer, UTC milliseconds; 0 for none.
    pub reported_ms: i64,
    /// Closed, UTC milliseconds; 0 when not yet.
    pub closed_ms: i64,
    /// How far it was when a person closed it; `None` while it is open, and where an older program closed it.
    pub seen: Option<CardJobState>,
}

const COLUMNS: &str =
    "id, permohonan, blangko, printer, state, outcome, words, started_at, reported_at, closed_at, seen";

fn row_to_job(row: &Row<'_>) -> rusqlite::Result<CardJob> {
    Ok(CardJob {
        id: JobId::parse(&row.get::<_, String>(0)?).map_err(|_| super::unreadable(0))?,
        permohonan: permohonan_id(row, 1)?,
        blangko: NomorBlangko::parse(&row.get::<_, String>(2)?).map_err(|_| super::unreadable(2))?,
        printer: row.get(3)?,
        state: CardJobState::column(row, 4)?,
        outcome: match row.get::<_, String>(5)?.as_str() {
            "" => None,
            _ => Some(CardOutcome::column(row, 5)?),
        },
        words: row.get(6)?,
        started_ms: row.get(7)?,
        reported_ms: row.get(8)?,
        closed_ms: row.get(9)?,
        seen: match row.get::<_, String>(10)?.as_str() {
            "" => None,
            _ => Some(CardJobState::column(row, 10)?),
        },
    })
}

impl View<'_> {
    /// Returns one order.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn card_job(&self, id: JobId) -> Result<Option<CardJob>> {
        let sql = format!("SELECT {COLUMNS} FROM card_job WHERE id = ?1");
        one(self.conn, "read an order", &sql, [id.to_string()], row_to_job)
    }

    /// Returns the orders of a visit, oldest first.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn card_jobs(&self, permohonan: PermohonanId) -> Result<Vec<CardJob>> {
        let sql = format!("SELECT {COLUMNS} FROM card_job WHERE permohonan = ?1 ORDER BY started_at, id");
        many(self.conn, "read the orders", &sql, [permohonan.to_string()], row_to_job)
    }

    /// Says whether this piece went through a printer and did not come back untouched: it may carry somebody's data, wherever
    /// the book has it.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn may_be_printed(&self, blangko: &NomorBlangko) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM card_job
                   WHERE blangko = ?1 AND outcome IN ('printed', 'spoiled', 'missing'))";
        let found = one(self.conn, "read the orders", sql, [blangko.as_str()], |row| row.get(0))?;
        Ok(found.unwrap_or(false))
    }

    /// Returns every order that nobody has closed, oldest first. At the start of the program those `Started`, `ReportedDone`
    /// or `Stopped` were cut off: the core hears `ResultUnknown` of each.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn open_card_jobs(&self) -> Result<Vec<CardJob>> {
        let sql = format!("SELECT {COLUMNS} FROM card_job WHERE state <> 'closed' ORDER BY started_at, id");
        many(self.conn, "read the open orders", &sql, [], row_to_job)
    }
}

impl Tx<'_> {
    /// Writes an order down before the printer hears of it.
    ///
    /// # Errors
    /// [`crate::Error::Sql`] when this order exists, or the visit or the blangko has another open one.
    pub fn start_card_job(
        &self,
        id: JobId,
        permohonan: PermohonanId,
        blangko: &NomorBlangko,
        printer: &str,
    ) -> Result<()> {
        let (job, visit) = (id.to_string(), permohonan.to_string());
        self.seal_content(
            "card_job",
            &[job.as_bytes(), visit.as_bytes(), blangko.as_str().as_bytes(), printer.as_bytes()],
        );
        run(
            self.conn,
            "write an order down",
            "INSERT INTO card_job (id, permohonan, blangko, printer, state, operator, started_at)
             VALUES (?1, ?2, ?3, ?4, 'started', ?5, ?6)",
            params![job, visit, blangko.as_str(), printer, self.operator(), self.now_ms()],
        )
        .map(drop)
    }

    /// Keeps what the printer said of an open order.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`] when it is closed or unknown here; [`crate::Error::Sql`] for `Closed`, which needs an outcome.
    pub fn report_card_job(&self, id: JobId, state: CardJobState, words: &str) -> Result<()> {
        let job = id.to_string();
        self.seal_content("card_job", &[job.as_bytes(), state.code().as_bytes(), words.as_bytes()]);
        run_one(
            self.conn,
            "card_job",
            "keep a printer's word",
            "UPDATE card_job SET state = ?2, words = CASE ?3 WHEN '' THEN words ELSE ?3 END, reported_at = ?4
             WHERE id = ?1 AND state <> 'closed'",
            params![job, state.code(), words, self.now_ms()],
        )
    }

    /// Closes an open order with what a person said became of it.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`] when it is closed or unknown here; [`crate::Error::Sql`].
    pub fn close_card_job(&self, id: JobId, outcome: CardOutcome) -> Result<()> {
        let job = id.to_string();
        self.seal_content("card_job", &[job.as_bytes(), b"closed", outcome.code().as_bytes()]);
        run_one(
            self.conn,
            "card_job",
            "close an order",
            "UPDATE card_job SET seen = state, state = 'closed', outcome = ?2, closed_at = ?3
             WHERE id = ?1 AND state <> 'closed'",
            params![job, outcome.code(), self.now_ms()],
        )
    }

    /// Says that the card of an open order carries another number than was booked.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`] when it is closed or unknown here; [`crate::Error::Sql`], also when that number has an open
    /// order.
    pub(crate) fn renumber_card_job(&self, id: JobId, blangko: &NomorBlangko) -> Result<()> {
        let job = id.to_string();
        self.seal_content("card_job", &[job.as_bytes(), b"blangko", blangko.as_str().as_bytes()]);
        run_one(
            self.conn,
            "card_job",
            "keep the number on a card",
            "UPDATE card_job SET blangko = ?2 WHERE id = ?1 AND state <> 'closed'",
            params![job, blangko.as_str()],
        )
    }

    /// Lets two open orders change numbers. No number has two open orders at any moment, so that one steps aside meanwhile.
    ///
    /// # Errors
    /// As [`Self::renumber_card_job`].
    pub(crate) fn exchange_card_jobs(&self, own: &CardJob, other: &CardJob) -> Result<()> {
        let job = own.id.to_string();
        run_one(
            self.conn,
            "card_job",
            "exchange two numbers",
            "UPDATE card_job SET state = 'closed', outcome = 'not_printed' WHERE id = ?1 AND state <> 'closed'",
            [&job],
        )?;
        self.renumber_card_job(other.id, &own.blangko)?;
        self.seal_content("card_job", &[job.as_bytes(), b"blangko", other.blangko.as_str().as_bytes()]);
        run_one(
            self.conn,
            "card_job",
            "exchange two numbers",
            "UPDATE card_job SET blangko = ?2, state = ?3, outcome = '' WHERE id = ?1",
            params![job, other.blangko.as_str(), own.state.code()],
        )
    }

    /// Closes the open order on a blangko, if there is one.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub(crate) fn close_job_on(&self, blangko: &NomorBlangko, outcome: CardOutcome) -> Result<()> {
        let sql = format!("SELECT {COLUMNS} FROM card_job WHERE blangko = ?1 AND state <> 'closed'");
        match one(self.conn, "read an order", &sql, [blangko.as_str()], row_to_job)? {
            Some(job) => self.close_card_job(job.id, outcome),
            None => Ok(()),
        }
    }
}

//! What the centre is to be told of cards: steps 6, 8 and 9.

use super::{codes, many, one, permohonan_id, run, run_one};
use crate::masked::masked;
use crate::{Ledger, Result, Tx, View};
use domain::ids::{JobId, PermohonanId};
use domain::permohonan::CardNews;
use domain::stock::NomorBlangko;
use rusqlite::{Row, params};

codes!(
    /// How far a report is.
    CardReportState {
        /// Waits for its turn or for the network.
        Waiting = "waiting",
        /// The centre has taken it.
        Told = "told",
        /// The centre refused it for good: a person's task.
        Refused = "refused",
    }
);

/// One report.
#[derive(Clone, PartialEq, Eq)]
pub struct CardReport {
    /// Row; reports of one request are told in this order.
    pub id: i64,
    /// The request's id at the centre.
    pub job: JobId,
    /// The visit.
    pub permohonan: PermohonanId,
    /// What is told.
    pub news: CardNews,
    /// NIK of the card's holder, 16 digits.
    pub nik: String,
    /// Packet of the recording, UUID; empty when it was recorded elsewhere.
    pub enrolment: String,
    /// Number of the blangko, plain; empty before there is a card.
    pub serial: String,
    /// When it happened, UTC milliseconds.
    pub happened_ms: i64,
    /// How far it is.
    pub state: CardReportState,
    /// Attempts that failed so far, from 0.
    pub attempts: i64,
    /// Not tried before this instant, UTC milliseconds; 0 at once.
    pub next_ms: i64,
    /// How long the last wait was, milliseconds.
    pub wait_ms: i64,
    /// Code of what holds it up; empty when nothing does.
    pub cause: String,
    /// What the centre answered last while it waits, code and operand as in `cause`; empty before it spoke. An attempt that came
    /// to no answer leaves it.
    pub answer: String,
}
masked!(CardReport: id, job, news, state, attempts, cause, answer);

const COLUMNS: &str = "id, job, permohonan, kind, nik, enrolment, serial, happened, state, attempts, next_at, wait_ms, cause, \
                       answer";

fn row_to_report(row: &Row<'_>) -> rusqlite::Result<CardReport> {
    let kind: String = row.get(3)?;
    Ok(CardReport {
        id: row.get(0)?,
        job: JobId::parse(&row.get::<_, String>(1)?).map_err(|_| super::unreadable(1))?,
        permohonan: permohonan_id(row, 2)?,
        news: CardNews::ALL
            .into_iter()
            .find(|news| news.key() == kind)
            .ok_or_else(|| super::unreadable(3))?,
        nik: row.get(4)?,
        enrolment: row.get(5)?,
        serial: row.get(6)?,
        happened_ms: row.get(7)?,
        state: CardReportState::column(row, 8)?,
        attempts: row.get(9)?,
        next_ms: row.get(10)?,
        wait_ms: row.get(11)?,
        cause: row.get(12)?,
        answer: row.get(13)?,
    })
}

impl View<'_> {
    /// Returns the reports that can be sent now, oldest first: of each request only the first that was not told yet, and
    /// none behind a refused one. An old card that the centre refused to hear of keeps no news of the new one back. A request waits
    /// for what the centre is still to hear of an earlier one of the visit or of the person, which it would end.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn card_reports_pending(&self, now_ms: i64, limit: u32) -> Result<Vec<CardReport>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM card_report r WHERE state = 'waiting' AND next_at <= ?1
               AND NOT EXISTS (SELECT 1 FROM card_report e WHERE e.job = r.job AND e.id < r.id AND e.state <> 'told'
                 AND NOT (e.kind = 'old_withdrawn' AND e.state = 'refused'))
               AND NOT (r.kind = 'requested' AND EXISTS (SELECT 1 FROM card_report e
                 WHERE (e.permohonan = r.permohonan OR e.nik = r.nik) AND e.job <> r.job AND e.id < r.id AND e.state = 'waiting'
                   AND NOT EXISTS (SELECT 1 FROM card_report f WHERE f.job = e.job AND f.id < e.id AND f.state = 'refused'
                     AND f.kind <> 'old_withdrawn')))
             ORDER BY id LIMIT ?2"
        );
        many(self.conn, "read the card reports", &sql, params![now_ms, limit], row_to_report)
    }

    /// Returns every report that the centre has not taken, oldest first.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn card_reports_open(&self) -> Result<Vec<CardReport>> {
        let sql = format!("SELECT {COLUMNS} FROM card_report WHERE state <> 'told' ORDER BY id");
        many(self.conn, "read the card reports", &sql, [], row_to_report)
    }

    /// Says whether this is the job of a card that this station asked for.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn is_card_job(&self, job: &str) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM card_report WHERE job = ?1)";
        Ok(one(self.conn, "look for a card's job", sql, [job], |row| row.get(0))?.unwrap_or(false))
    }

    /// Returns the reports of a visit, oldest first.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn card_reports_of(&self, permohonan: PermohonanId) -> Result<Vec<CardReport>> {
        let sql = format!("SELECT {COLUMNS} FROM card_report WHERE permohonan = ?1 ORDER BY id");
        many(self.conn, "read the card reports", &sql, [permohonan.to_string()], row_to_report)
    }
}

impl Tx<'_> {
    /// Puts a report into the outbox; the same of one blangko twice is one. NIK and packet are taken from the visit. A request
    /// that is given up need not be taken any more: one that the centre refused or that waits holds nothing back.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn add_card_report(
        &self,
        permohonan: PermohonanId,
        job: JobId,
        news: CardNews,
        blangko: Option<&NomorBlangko>,
    ) -> Result<()> {
        let (visit, job) = (permohonan.to_string(), job.to_string());
        let serial = blangko.map_or("", NomorBlangko::as_str);
        self.seal_content(
            "card_report",
            &[visit.as_bytes(), job.as_bytes(), news.key().as_bytes(), serial.as_bytes()],
        );
        run(
            self.conn,
            "keep a card report",
            "INSERT INTO card_report (job, permohonan, kind, nik, enrolment, serial, happened)
             SELECT ?1, p.id, ?3, p.nik,
                    coalesce((SELECT k.id FROM packet k WHERE k.permohonan = p.id ORDER BY k.sequence DESC LIMIT 1), ''), ?4, ?5
             FROM permohonan p WHERE p.id = ?2
             ON CONFLICT (job, kind, serial) DO NOTHING",
            params![job, visit, news.key(), serial, self.now_ms()],
        )?;
        if news != CardNews::Withdrawn {
            return Ok(());
        }
        run(
            self.conn,
            "make a given up request due",
            "UPDATE card_report SET state = 'waiting', next_at = 0, cause = '', answer = ''
             WHERE job = ?1 AND kind = 'requested' AND state <> 'told'",
            [job],
        )
        .map(drop)
    }

    /// Keeps the centre's answer to a report: taken, or refused for good with a cause.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`] when it was told already; [`crate::Error::Sql`].
    pub fn settle_card_report(&self, id: i64, state: CardReportState, cause: &str) -> Result<()> {
        self.seal_content("card_report", &[&id.to_be_bytes(), state.code().as_bytes(), cause.as_bytes()]);
        run_one(
            self.conn,
            "card_report",
            "settle a card report",
            "UPDATE card_report SET state = ?2, cause = ?3, answer = '', settled_at = ?4 WHERE id = ?1 AND state <> 'told'",
            params![id, state.code(), cause, self.now_ms()],
        )
    }
}

impl Tx<'_> {
    /// Tells a refused report again because a person has seen to it. A request is one of now: what stood in its way then was made
    /// since, and a person says that this one is missed all the same.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`] when it was not refused; [`crate::Error::Sql`].
    pub fn tell_card_report_again(&self, id: i64) -> Result<()> {
        self.seal_content("card_report", &[&id.to_be_bytes(), b"again"]);
        run_one(
            self.conn,
            "card_report",
            "tell a card report again",
            "UPDATE card_report SET state = 'waiting', cause = '', answer = '', settled_at = ?2,
               happened = CASE kind WHEN 'requested' THEN ?2 ELSE happened END WHERE id = ?1 AND state = 'refused'",
            params![id, self.now_ms()],
        )
    }
}

impl Ledger<'_> {
    /// Keeps a failed attempt: its cause, whether that is the centre's answer to the report, and when to try again. What is no
    /// answer leaves the last one standing: a line that failed says nothing of the request.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`] when it does not wait; [`crate::Error::Sql`].
    pub fn card_report_failed(
        &self,
        id: i64,
        cause: &str,
        is_answer: bool,
        (next_ms, wait_ms): (i64, i64),
    ) -> Result<()> {
        run_one(
            self.conn,
            "card_report",
            "keep a failed attempt",
            "UPDATE card_report SET attempts = attempts + 1, cause = ?2, next_at = ?3, wait_ms = ?4,
                    answer = CASE WHEN ?5 THEN ?2 ELSE answer END
             WHERE id = ?1 AND state = 'waiting'",
            params![id, cause, next_ms, wait_ms, is_answer],
        )
    }
}

impl Ledger<'_> {
    /// Makes waiting reports due now to which the centre's last answer begins with this; an empty one is every waiting report.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn hurry_card_reports(&self, answer: &str) -> Result<()> {
        run(
            self.conn,
            "make card reports due",
            "UPDATE card_report SET next_at = 0
             WHERE state = 'waiting' AND next_at > 0 AND substr(answer, 1, length(?1)) = ?1",
            [answer],
        )
        .map(drop)
    }
}

//! Visits: the queue's rows and the core's state.

use super::{codes, many, one, operator_id, permohonan_id, run, run_one};
use crate::masked::masked;
use crate::{Ledger, Result, Tx, View};
use domain::ids::{NomorPermohonan, OperatorId, PacketId, PermohonanId};
use rusqlite::{Row, params};

codes!(
    /// The station's own machine (ktp-el.md §4.3) and the ways a visit ends. Never a central status.
    LocalStatus {
        /// Being filled in.
        Draft = "draft",
        /// Step 4 is done.
        Captured = "captured",
        /// The applicant confirmed and signed.
        Attested = "attested",
        /// Sealed, in the outbox.
        Sealed = "sealed",
        /// Every part arrived at the centre.
        Sent = "sent",
        /// The centre's receipt was verified.
        Acked = "acked",
        /// Given back to the applicant at a decision; may resume.
        Returned = "returned",
        /// The card was handed over, or nothing more is to do.
        Closed = "closed",
        /// Given up, with a reason in the register.
        Cancelled = "cancelled",
        /// Lay too long.
        Expired = "expired",
    }
);

impl LocalStatus {
    /// Whether nothing more can happen to the visit.
    pub const fn is_ended(self) -> bool {
        matches!(self, LocalStatus::Closed | LocalStatus::Cancelled | LocalStatus::Expired)
    }
}

/// One visit.
#[derive(Clone, PartialEq)]
pub struct PermohonanRow {
    /// Id, UUIDv7.
    pub id: PermohonanId,
    /// Ticket with its day, for example `2026-11-23/A-016`.
    pub ticket: String,
    /// Kind of application, the core's word.
    pub kind: String,
    /// The plan as JSON.
    pub plan_json: String,
    /// The core's state as JSON.
    pub state_json: String,
    /// The SOP step it stands on: `form` … `handover`.
    pub step: String,
    /// The station's machine.
    pub status: LocalStatus,
    /// NIK once it is known, else empty.
    pub nik: String,
    /// Applicant's name once it is known, else empty.
    pub name: String,
    /// Higher comes first.
    pub priority: i64,
    /// Who has it.
    pub operator: Option<OperatorId>,
    /// Opened, UTC milliseconds.
    pub opened_ms: i64,
    /// Last change, UTC milliseconds.
    pub updated_ms: i64,
}
masked!(PermohonanRow: id, ticket, kind, step, status);

/// A visit that is about to be opened. Its operator and times come from the act.
#[derive(Clone)]
pub struct NewPermohonan {
    /// Id, UUIDv7, made by the caller.
    pub id: PermohonanId,
    /// Local civil date `YYYY-MM-DD` that tickets are counted by.
    pub day: String,
    /// Letter of the ticket's series.
    pub series: char,
    /// Kind of application.
    pub kind: String,
    /// The plan as JSON.
    pub plan_json: String,
    /// The first state as JSON.
    pub state_json: String,
    /// Higher comes first.
    pub priority: i64,
}
masked!(NewPermohonan: id, kind);

/// Which visits the queue shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueFilter {
    /// Only these; empty means all that are not ended (closed, cancelled, expired).
    pub statuses: Vec<LocalStatus>,
    /// Only these steps; empty means all.
    pub steps: Vec<String>,
    /// At most so many; 0 means all: whoever has come must be found, however many wait for the centre or for a birthday.
    pub limit: u32,
}

const COLUMNS: &str =
    "id, ticket, kind, plan, state, step, status, nik, name, priority, operator, opened_at, updated_at";

fn row_to_permohonan(row: &Row<'_>) -> rusqlite::Result<PermohonanRow> {
    Ok(PermohonanRow {
        id: permohonan_id(row, 0)?,
        ticket: row.get(1)?,
        kind: row.get(2)?,
        plan_json: row.get(3)?,
        state_json: row.get(4)?,
        step: row.get(5)?,
        status: LocalStatus::column(row, 6)?,
        nik: row.get(7)?,
        name: row.get(8)?,
        priority: row.get(9)?,
        operator: operator_id(row, 10)?,
        opened_ms: row.get(11)?,
        updated_ms: row.get(12)?,
    })
}

impl View<'_> {
    /// Returns one visit.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn permohonan(&self, id: PermohonanId) -> Result<Option<PermohonanRow>> {
        let sql = format!("SELECT {COLUMNS} FROM permohonan WHERE id = ?1");
        one(self.conn, "read a visit", &sql, [id.to_string()], row_to_permohonan)
    }

    /// Returns every visit of one NIK, newest first.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn permohonan_of_nik(&self, nik: &str) -> Result<Vec<PermohonanRow>> {
        let sql = format!("SELECT {COLUMNS} FROM permohonan WHERE nik = ?1 ORDER BY opened_at DESC");
        many(self.conn, "read visits of a NIK", &sql, [nik], row_to_permohonan)
    }

    /// Returns the visit whose form was made for this packet, sealed or not.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn permohonan_of_form(&self, packet: PacketId) -> Result<Option<PermohonanRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM permohonan WHERE json_extract(state, '$.attestation.form.packet') = ?1"
        );
        one(self.conn, "read the visit of a form", &sql, [packet.to_string()], row_to_permohonan)
    }

    /// Returns the queue: urgent first, then the longest waiting.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn queue(&self, filter: &QueueFilter) -> Result<Vec<PermohonanRow>> {
        let statuses: Vec<&str> = if filter.statuses.is_empty() {
            LocalStatus::ALL.iter().filter(|s| !s.is_ended()).map(|s| s.code()).collect()
        } else {
            filter.statuses.iter().map(|s| s.code()).collect()
        };
        let limit = if filter.limit == 0 { -1 } else { i64::from(filter.limit) };
        let sql = format!(
            "SELECT {COLUMNS} FROM permohonan
             WHERE status IN (SELECT value FROM json_each(?1))
               AND (?2 = '[]' OR step IN (SELECT value FROM json_each(?2)))
             ORDER BY priority DESC, opened_at LIMIT ?3"
        );
        let json = |codes: &[&str]| serde_json::Value::from(codes).to_string();
        let steps: Vec<&str> = filter.steps.iter().map(String::as_str).collect();
        many(
            self.conn,
            "read the queue",
            &sql,
            params![json(&statuses), json(&steps), limit],
            row_to_permohonan,
        )
    }
}

impl View<'_> {
    /// Returns the part of step 4 that is open on the desk, in the core's word; `None` while none is, or for no such visit.
    ///
    /// # Errors
    /// [`crate::Error::Sql`].
    pub fn open_part(&self, id: PermohonanId) -> Result<Option<String>> {
        let sql = "SELECT open_part FROM permohonan WHERE id = ?1";
        let part: Option<String> =
            one(self.conn, "read the open part", sql, [id.to_string()], |row| row.get(0))?;
        Ok(part.filter(|part| !part.is_empty()))
    }
}

impl Ledger<'_> {
    /// Notes the part of step 4 that is open on the desk from now on.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`], [`crate::Error::Sql`] (also when `part` is none of the five).
    pub fn opens_part(&self, id: PermohonanId, part: &str) -> Result<()> {
        let sql = "UPDATE permohonan SET open_part = ?2 WHERE id = ?1";
        run_one(self.conn, "permohonan", "note the open part", sql, params![id.to_string(), part])
    }
}

impl Tx<'_> {
    /// No part of step 4 is open any more: whoever comes back to it begins with what is missing then.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`], [`crate::Error::Sql`].
    pub fn close_part(&self, id: PermohonanId) -> Result<()> {
        let sql = "UPDATE permohonan SET open_part = '' WHERE id = ?1";
        run_one(self.conn, "permohonan", "close the open part", sql, [id.to_string()])
    }

    /// Opens a visit on step 1 and gives it the next ticket of its day.
    ///
    /// # Errors
    /// [`crate::Error::Sql`], [`crate::Error::Stored`] when the series is no letter.
    pub fn open_permohonan(&self, new: &NewPermohonan) -> Result<NomorPermohonan> {
        let number = self.next_ticket(&format!("{}/{}", new.day, new.series))?;
        let ticket = NomorPermohonan::of(new.series, number)
            .map_err(|_| crate::Error::Stored { table: "permohonan", column: "ticket" })?;
        let id = new.id.to_string();
        self.seal_content(
            "permohonan",
            &[
                id.as_bytes(),
                ticket.as_str().as_bytes(),
                new.kind.as_bytes(),
                new.plan_json.as_bytes(),
                new.state_json.as_bytes(),
            ],
        );
        run(
            self.conn,
            "open a visit",
            "INSERT INTO permohonan (id, ticket, kind, plan, state, priority, operator, opened_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
            params![
                id,
                format!("{}/{}", new.day, ticket),
                new.kind,
                new.plan_json,
                new.state_json,
                new.priority,
                self.operator(),
                self.now_ms()
            ],
        )?;
        crate::search::index_visit(self.conn, &id)?;
        Ok(ticket)
    }

    /// Says whether the visit still stands as `state_json` says it was read, to the byte. Asked before
    /// [`set_state`](Self::set_state) in the same transaction, so that a stale state never overwrites a newer one.
    ///
    /// # Errors
    /// [`crate::Error::ChangedMeanwhile`] when it does not; [`crate::Error::NoSuchRow`], [`crate::Error::Sql`].
    pub fn expect_state(&self, id: PermohonanId, state_json: &str) -> Result<()> {
        let now = self.permohonan(id)?.ok_or(crate::Error::NoSuchRow { table: "permohonan" })?;
        if now.state_json == state_json { Ok(()) } else { Err(crate::Error::ChangedMeanwhile) }
    }

    /// Keeps the core's new state with the step and status that the queue finds it by. Where one of these becomes another, the
    /// drafts of the visit go.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`], [`crate::Error::Sql`] (also when `step` is none of the nine).
    pub fn set_state(
        &self,
        id: PermohonanId,
        state_json: &str,
        step: &str,
        status: LocalStatus,
    ) -> Result<()> {
        let text = id.to_string();
        self.seal_content(
            "permohonan",
            &[text.as_bytes(), state_json.as_bytes(), step.as_bytes(), status.code().as_bytes()],
        );
        // Words that were typed for a deed of before are nobody's any more.
        run(
            self.conn,
            "forget the drafts of a step",
            "DELETE FROM draft WHERE permohonan = ?1
               AND EXISTS (SELECT 1 FROM permohonan WHERE id = ?1 AND (step <> ?2 OR status <> ?3))",
            params![text, step, status.code()],
        )?;
        run_one(
            self.conn,
            "permohonan",
            "keep a visit's state",
            "UPDATE permohonan SET state = ?2, step = ?3, status = ?4, updated_at = ?5 WHERE id = ?1",
            params![text, state_json, step, status.code(), self.now_ms()],
        )
    }

    /// Keeps another plan (the kind was corrected on step 2 or 3).
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`], [`crate::Error::Sql`].
    pub fn set_plan(&self, id: PermohonanId, kind: &str, plan_json: &str) -> Result<()> {
        let text = id.to_string();
        self.seal_content("permohonan", &[text.as_bytes(), kind.as_bytes(), plan_json.as_bytes()]);
        run_one(
            self.conn,
            "permohonan",
            "keep a visit's plan",
            "UPDATE permohonan SET kind = ?2, plan = ?3, updated_at = ?4 WHERE id = ?1",
            params![text, kind, plan_json, self.now_ms()],
        )
    }

    /// Keeps NIK and name that the queue shows and finds by.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`], [`crate::Error::Sql`].
    pub fn set_applicant(&self, id: PermohonanId, nik: &str, name: &str) -> Result<()> {
        let text = id.to_string();
        self.seal_content("permohonan", &[text.as_bytes(), nik.as_bytes(), name.as_bytes()]);
        run_one(
            self.conn,
            "permohonan",
            "keep a visit's applicant",
            "UPDATE permohonan SET nik = ?2, name = ?3, updated_at = ?4 WHERE id = ?1",
            params![text, nik, name, self.now_ms()],
        )?;
        crate::search::index_visit(self.conn, &text)
    }

    /// Gives the visit to an operator with a priority.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchRow`], [`crate::Error::Sql`].
    pub fn assign(&self, id: PermohonanId, operator: Option<&OperatorId>, priority: i64) -> Result<()> {
        let text = id.to_string();
        let operator = operator.map_or("", OperatorId::as_str);
        self.seal_content("permohonan", &[text.as_bytes(), operator.as_bytes(), &priority.to_be_bytes()]);
        run_one(
            self.conn,
            "permohonan",
            "assign a visit",
            "UPDATE permohonan SET operator = ?2, priority = ?3, updated_at = ?4 WHERE id = ?1",
            params![text, operator, priority, self.now_ms()],
        )
    }
}

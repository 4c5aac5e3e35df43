//! Exceptions: a finger, eye or signature that is not there or cannot be read, and who confirmed it.

use super::{many, one, operator_id, permohonan_id, returned, run_one};
use crate::masked::masked;
use crate::{Error, Result, Tx, View};
use domain::ids::{OperatorId, PermohonanId};
use rusqlite::{Row, params};

/// An exception that is about to be recorded.
#[derive(Clone)]
pub struct NewException {
    /// `portrait`, `fingers`, `irises` or `signature`.
    pub modality: String,
    /// Which finger or eye, in the core's words.
    pub part: String,
    /// The core's word for what is the matter.
    pub kind: String,
    /// In the operator's words.
    pub reason: String,
    /// Photograph where the rule asks for one, else empty.
    pub photo: Vec<u8>,
}
masked!(NewException: modality, part, kind);

/// One exception.
#[derive(Clone, PartialEq, Eq)]
pub struct ExceptionRow {
    /// Row.
    pub id: i64,
    /// `portrait`, `fingers`, `irises` or `signature`.
    pub modality: String,
    /// Which finger or eye.
    pub part: String,
    /// What is the matter.
    pub kind: String,
    /// In the operator's words.
    pub reason: String,
    /// Who recorded it.
    pub recorded_by: Option<OperatorId>,
    /// When, UTC milliseconds.
    pub recorded_ms: i64,
    /// The second person; never the one who recorded it.
    pub confirmed_by: Option<OperatorId>,
    /// When, UTC milliseconds; 0 when not yet.
    pub confirmed_ms: i64,
    /// When it was withdrawn, UTC milliseconds; 0 while it stands.
    pub withdrawn_ms: i64,
    /// Bytes of the photograph; 0 when there is none.
    pub photo_bytes: i64,
}
masked!(ExceptionRow: id, modality, part, kind);

const COLUMNS: &str =
    "e.id, e.modality, e.part, e.kind, e.reason, e.recorded_by, e.recorded_at, e.confirmed_by,
    e.confirmed_at, e.withdrawn_at, length(e.photo)";

fn row_to_exception(row: &Row<'_>) -> rusqlite::Result<ExceptionRow> {
    Ok(ExceptionRow {
        id: row.get(0)?,
        modality: row.get(1)?,
        part: row.get(2)?,
        kind: row.get(3)?,
        reason: row.get(4)?,
        recorded_by: operator_id(row, 5)?,
        recorded_ms: row.get(6)?,
        confirmed_by: operator_id(row, 7)?,
        confirmed_ms: row.get(8)?,
        withdrawn_ms: row.get(9)?,
        photo_bytes: row.get(10)?,
    })
}

impl View<'_> {
    /// Returns the exceptions of a visit, withdrawn ones too, oldest first.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn exceptions(&self, permohonan: PermohonanId) -> Result<Vec<ExceptionRow>> {
        let sql = format!("SELECT {COLUMNS} FROM exception e WHERE e.permohonan = ?1 ORDER BY e.id");
        many(self.conn, "read the exceptions", &sql, [permohonan.to_string()], row_to_exception)
    }

    /// Returns every exception that stands and that a second person confirmed, with its visit, oldest first; without those of
    /// visits that were cancelled or expired.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn standing_exceptions(&self) -> Result<Vec<(PermohonanId, ExceptionRow)>> {
        let sql = format!(
            "SELECT {COLUMNS}, e.permohonan FROM exception e JOIN permohonan p ON p.id = e.permohonan
             WHERE e.withdrawn_at = 0 AND e.confirmed_at <> 0 AND p.status NOT IN ('cancelled', 'expired')
             ORDER BY e.id"
        );
        many(self.conn, "read the standing exceptions", &sql, [], |row| {
            Ok((permohonan_id(row, 11)?, row_to_exception(row)?))
        })
    }

    /// Returns the visit of an exception; `None` for no such row.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn visit_of_exception(&self, exception: i64) -> Result<Option<PermohonanId>> {
        let sql = "SELECT permohonan FROM exception WHERE id = ?1";
        one(self.conn, "look whose exception it is", sql, [exception], |row| permohonan_id(row, 0))
    }

    /// Returns the photograph of an exception; empty when there is none.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`], [`Error::Sql`].
    pub fn exception_photo(&self, id: i64) -> Result<Vec<u8>> {
        one(
            self.conn,
            "read an exception's photograph",
            "SELECT photo FROM exception WHERE id = ?1",
            [id],
            |row| row.get(0),
        )?
        .ok_or(Error::NoSuchRow { table: "exception" })
    }
}

impl Tx<'_> {
    /// Records an exception. A part has one standing exception: withdraw the older one first. Returns its row.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn add_exception(&self, permohonan: PermohonanId, new: &NewException) -> Result<i64> {
        let id = permohonan.to_string();
        self.seal_content(
            "exception",
            &[
                id.as_bytes(),
                new.modality.as_bytes(),
                new.part.as_bytes(),
                new.kind.as_bytes(),
                new.reason.as_bytes(),
                &new.photo,
            ],
        );
        returned(
            self.conn,
            "record an exception",
            "INSERT INTO exception (permohonan, modality, part, kind, reason, recorded_by, recorded_at, photo)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id",
            params![id, new.modality, new.part, new.kind, new.reason, self.operator(), self.now_ms(), new.photo],
            |row| row.get(0),
        )
    }

    /// Changes the operator's words of a standing exception that nobody confirmed; its photograph stays. Whoever writes them
    /// records it.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`] when it does not stand or is confirmed; [`Error::Sql`].
    pub fn reword_exception(&self, id: i64, reason: &str) -> Result<()> {
        self.seal_content("exception", &[&id.to_be_bytes(), reason.as_bytes()]);
        run_one(
            self.conn,
            "exception",
            "change the words of an exception",
            "UPDATE exception SET reason = ?2, recorded_by = ?3, recorded_at = ?4
             WHERE id = ?1 AND withdrawn_at = 0 AND confirmed_by = ''",
            params![id, reason, self.operator(), self.now_ms()],
        )
    }

    /// Confirms a standing exception as a second person.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`] when it does not stand; [`Error::Sql`] when it is the same person (a `CHECK`).
    pub fn confirm_exception(&self, id: i64, second: &OperatorId) -> Result<()> {
        self.seal_content("exception", &[&id.to_be_bytes(), second.as_str().as_bytes()]);
        run_one(
            self.conn,
            "exception",
            "confirm an exception",
            "UPDATE exception SET confirmed_by = ?2, confirmed_at = ?3 WHERE id = ?1 AND withdrawn_at = 0",
            params![id, second.as_str(), self.now_ms()],
        )
    }

    /// Carries a confirmation that was given before over to the row that follows, with its own time.
    ///
    /// # Errors
    /// As [`Self::confirm_exception`].
    pub fn carry_confirmation(&self, id: i64, second: &OperatorId, given_ms: i64) -> Result<()> {
        self.seal_content(
            "exception",
            &[&id.to_be_bytes(), second.as_str().as_bytes(), &given_ms.to_be_bytes()],
        );
        run_one(
            self.conn,
            "exception",
            "carry a confirmation over",
            "UPDATE exception SET confirmed_by = ?2, confirmed_at = ?3 WHERE id = ?1 AND withdrawn_at = 0",
            params![id, second.as_str(), given_ms],
        )
    }

    /// Withdraws a standing exception (the finger could be read after all); the row stays.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`] when it does not stand, [`Error::Sql`].
    pub fn withdraw_exception(&self, id: i64) -> Result<()> {
        self.seal_content("exception", &[&id.to_be_bytes(), b"withdrawn"]);
        run_one(
            self.conn,
            "exception",
            "withdraw an exception",
            "UPDATE exception SET withdrawn_at = ?2 WHERE id = ?1 AND withdrawn_at = 0",
            params![id, self.now_ms()],
        )
    }
}

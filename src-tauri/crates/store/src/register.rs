//! The register: one line for each act, in the core's form, each bound to the one before it.

use crate::{Act, Ctx, DataKey, Error, MIGRATIONS, Result, Store, View, table};
use domain::Timestamp;
use domain::ids::{NomorPermohonan, OperatorId, PermohonanId, StationCode};
use domain::register::{
    BreakKind, ChainBreak, ChainVerdict, Checkpoint, Hash32, RegisterEntry, RegisterKind, RegisterLine,
    verify_chain,
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;

/// What a line names when the station acts by itself.
const STATION_ITSELF: &str = "station";

/// One line with where it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterRow {
    /// The core's line. Its `detail` always holds `act` and `digest`, and `of` when the act has operands.
    pub line: RegisterLine,
    /// Whether it shows in the Buku Register.
    pub in_book: bool,
}

impl RegisterRow {
    /// The column `book` is not part of the hashed bytes; it must follow from the act that is.
    fn is_shown_rightly(&self) -> bool {
        self.line.entry.detail.get("act").is_some_and(|act| crate::act::in_book(act) == self.in_book)
    }
}

/// Appends the act's line; returns its row number.
pub(crate) fn append(
    conn: &Connection,
    act: &Act,
    ctx: &Ctx,
    corrects: Option<u64>,
    detail: BTreeMap<String, String>,
) -> Result<u64> {
    let unreadable = |column| Error::Stored { table: "register", column };
    let permohonan = act.permohonan();
    let ticket = match permohonan {
        None => None,
        // The day in front makes the column unique; the line has a time of its own.
        Some(id) => {
            let sql = "SELECT ticket FROM permohonan WHERE id = ?1";
            table::one(conn, "read a ticket", sql, [id.to_string()], |row| row.get::<_, String>(0))?
                .and_then(|text| NomorPermohonan::parse(text.rsplit('/').next().unwrap_or_default()).ok())
        }
    };
    let station: String = table::one(conn, "read meta", "SELECT station FROM meta", [], |row| row.get(0))?
        .ok_or(Error::NoSuchRow { table: "meta" })?;
    let operator = match &ctx.operator {
        Some(operator) => operator.clone(),
        None => OperatorId::parse(STATION_ITSELF).map_err(|_| unreadable("operator"))?,
    };
    let entry = RegisterEntry {
        at: ctx.now,
        station: StationCode::parse(&station).map_err(|_| unreadable("station"))?,
        operator,
        kind: act.register_kind(),
        permohonan,
        ticket,
        corrects,
        detail,
    };
    let before = View { conn }.register_head()?.map(|head| (head.row, head.hash));
    let line = RegisterLine::chain(before, entry);
    let detail = serde_json::to_string(&line.entry.detail).map_err(|_| unreadable("detail"))?;
    let at = i64::try_from(line.entry.at.as_nanosecond()).map_err(|_| unreadable("at"))?;
    table::run(
        conn,
        "append a register line",
        "INSERT INTO register (seq, at, station, operator, kind, permohonan, ticket, corrects, detail, book, prev, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            line.row.cast_signed(),
            at,
            line.entry.station.as_str(),
            line.entry.operator.as_str(),
            line.entry.kind.key(),
            permohonan.map(|id| id.to_string()).unwrap_or_default(),
            line.entry.ticket.as_ref().map(NomorPermohonan::as_str).unwrap_or_default(),
            corrects.unwrap_or(0).cast_signed(),
            detail,
            act.in_book(),
            &line.previous.bytes()[..],
            &line.hash.bytes()[..]
        ],
    )?;
    if act.in_book() {
        crate::search::index_line(conn, line.row, &line.entry.detail)?;
    }
    Ok(line.row)
}

pub(crate) const COLUMNS: &str =
    "seq, at, station, operator, kind, permohonan, ticket, corrects, detail, prev, hash, book";

pub(crate) fn row_number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::cast_unsigned)
}

pub(crate) fn hash32(row: &Row<'_>, column: usize) -> rusqlite::Result<Hash32> {
    row.get::<_, [u8; 32]>(column).map(Hash32::new)
}

/// The line as stored; `None` when a column cannot even be understood, which only tampering does.
pub(crate) fn row_to_line(row: &Row<'_>) -> rusqlite::Result<Option<RegisterRow>> {
    let entry = || -> Option<RegisterEntry> {
        let text = |column: usize| row.get::<_, String>(column).ok();
        let maybe = |text: String| Some(text).filter(|text| !text.is_empty());
        Some(RegisterEntry {
            at: Timestamp::from_nanosecond(i128::from(row.get::<_, i64>(1).ok()?)).ok()?,
            station: StationCode::parse(&text(2)?).ok()?,
            operator: OperatorId::parse(&text(3)?).ok()?,
            kind: RegisterKind::from_key(&text(4)?)?,
            permohonan: maybe(text(5)?).map(|id| PermohonanId::parse(&id)).transpose().ok()?,
            ticket: maybe(text(6)?).map(|ticket| NomorPermohonan::parse(&ticket)).transpose().ok()?,
            corrects: Some(row_number(row, 7).ok()?).filter(|row| *row != 0),
            detail: serde_json::from_str(&text(8)?).ok()?,
        })
    };
    let (Some(entry), Ok(previous), Ok(hash)) = (entry(), hash32(row, 9), hash32(row, 10)) else {
        return Ok(None);
    };
    Ok(Some(RegisterRow {
        line: RegisterLine { row: row_number(row, 0)?, entry, previous, hash },
        in_book: row.get(11)?,
    }))
}

impl View<'_> {
    /// Returns lines of the Buku Register, newest first, before row `before` (`u64::MAX` for the newest), at most
    /// `limit`.
    ///
    /// # Errors
    /// [`Error::Sql`], [`Error::Stored`] for a line that was tampered with.
    pub fn buku_register(&self, before: u64, limit: u32) -> Result<Vec<RegisterRow>> {
        let before = i64::try_from(before).unwrap_or(i64::MAX);
        self.lines(
            &format!("SELECT {COLUMNS} FROM register WHERE book = 1 AND seq < ?1 ORDER BY seq DESC LIMIT ?2"),
            params![before, limit],
        )
    }

    /// Returns every line of one visit, oldest first, with the small ones too.
    ///
    /// # Errors
    /// [`Error::Sql`], [`Error::Stored`] for a line that was tampered with.
    pub fn register_of(&self, permohonan: PermohonanId) -> Result<Vec<RegisterRow>> {
        self.lines(
            &format!("SELECT {COLUMNS} FROM register WHERE permohonan = ?1 ORDER BY seq"),
            params![permohonan.to_string()],
        )
    }

    /// Returns when the last line of this kind about a visit was written; `None` without one.
    ///
    /// # Errors
    /// [`Error::Sql`], [`Error::Stored`] for a line that was tampered with.
    pub fn register_last(&self, permohonan: PermohonanId, kind: RegisterKind) -> Result<Option<Timestamp>> {
        let sql = "SELECT at FROM register WHERE permohonan = ?1 AND kind = ?2 ORDER BY seq DESC LIMIT 1";
        let asked = params![permohonan.to_string(), kind.key()];
        let at: Option<i64> = table::one(self.conn, "ask the register", sql, asked, |row| row.get(0))?;
        let unreadable = |_| Error::Stored { table: "register", column: "at" };
        at.map(|at| Timestamp::from_nanosecond(i128::from(at)).map_err(unreadable)).transpose()
    }

    /// Says whether somebody worked on another visit since the line that this one has of the moment `at`: opened or took one up,
    /// ended step 3 of one or recorded for one. A look at one is no work, nor is what the program does by itself. The order of
    /// the lines decides, which no clock changes.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn worked_elsewhere(&self, permohonan: PermohonanId, at: Timestamp) -> Result<bool> {
        let sql = "SELECT EXISTS (
                     SELECT 1 FROM register
                     WHERE seq > (SELECT COALESCE(MAX(seq), 0) FROM register WHERE permohonan = ?1 AND at = ?2)
                       AND permohonan NOT IN ('', ?1) AND operator <> ?3
                       AND (kind IN (?4, ?5)
                            OR json_extract(detail, '$.act') IN ('permohonan.open', 'permohonan.assign', 'sample.accept')))";
        let at = i64::try_from(at.as_nanosecond()).unwrap_or(i64::MAX);
        let (taken_up, verified) = (RegisterKind::VisitResumed.key(), RegisterKind::Verified.key());
        let asked = params![permohonan.to_string(), at, STATION_ITSELF, taken_up, verified];
        Ok(table::one(self.conn, "ask the register", sql, asked, |row| row.get(0))?.unwrap_or(false))
    }

    /// Returns since when nobody has touched a visit: done something of it (the last event was at `touched`) or typed in it. The
    /// order of the lines decides, because a clock may stand years behind: where an earlier line is of a later moment, the touch
    /// counts from the first line after it that is past that moment, and `None` says that there is none by `now`. Lines of a
    /// clock that stood ahead of `now` say nothing. A look is no touch. Where the register knows no touch it is `touched`.
    /// Drafts have no line: they count by the moment at which they were kept.
    ///
    /// # Errors
    /// [`Error::Sql`], [`Error::Stored`] for a line or a draft that was tampered with.
    pub fn untouched_since(
        &self,
        permohonan: PermohonanId,
        touched: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Timestamp>> {
        let Some(since) = self.unwritten_since(permohonan, touched, now)? else { return Ok(None) };
        let sql = "SELECT MAX(saved_at) FROM draft WHERE permohonan = ?1 AND saved_at <= ?2";
        let asked = params![permohonan.to_string(), now.as_millisecond()];
        let typed = table::one(self.conn, "ask the drafts", sql, asked, |row| row.get::<_, Option<i64>>(0))?;
        let unreadable = |_| Error::Stored { table: "draft", column: "saved_at" };
        let typed = typed.flatten().map(Timestamp::from_millisecond).transpose().map_err(unreadable)?;
        Ok(typed.max(Some(since)))
    }

    /// As [`Self::untouched_since`], by the lines alone.
    fn unwritten_since(
        &self,
        permohonan: PermohonanId,
        touched: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Timestamp>> {
        let operation = "ask the register";
        let nanoseconds = |at: Timestamp| i64::try_from(at.as_nanosecond()).unwrap_or(i64::MAX);
        let (event, until) = (nanoseconds(touched), nanoseconds(now));
        let sql = "SELECT seq, at FROM register
                   WHERE permohonan = ?1 AND (at = ?2 OR json_extract(detail, '$.act') = 'field.save')
                   ORDER BY seq DESC LIMIT 1";
        let last: Option<(i64, i64)> =
            table::one(self.conn, operation, sql, params![permohonan.to_string(), event], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let Some((seq, at)) = last else { return Ok(Some(touched)) };
        let sql = "SELECT at FROM register INDEXED BY register_book_at
                   WHERE book = 1 AND at > ?1 AND at <= ?2 AND seq < ?3 ORDER BY at DESC LIMIT 1";
        let ahead: Option<i64> =
            table::one(self.conn, operation, sql, params![at, until, seq], |row| row.get(0))?;
        let since: Option<i64> = match ahead.max(Some(event).filter(|event| *event > at)) {
            None => Some(at),
            Some(ahead) => {
                let sql =
                    "SELECT at FROM register WHERE seq > ?1 AND at >= ?2 AND at <= ?3 ORDER BY seq LIMIT 1";
                table::one(self.conn, operation, sql, params![seq, ahead, until], |row| row.get(0))?
            }
        };
        let unreadable = |_| Error::Stored { table: "register", column: "at" };
        since.map(|at| Timestamp::from_nanosecond(i128::from(at)).map_err(unreadable)).transpose()
    }

    /// Says whether the register tells already of the removal of the copy that was made at this second before this upgrade.
    pub(crate) fn copy_told(&self, before: &str, made: &str) -> Result<bool> {
        let sql =
            "SELECT EXISTS (SELECT 1 FROM register WHERE kind = ?1 AND json_extract(detail, '$.of') = ?2
                                    AND json_extract(detail, '$.dibuat') = ?3)";
        let asked = params![RegisterKind::DataPurged.key(), before, made];
        Ok(table::one(self.conn, "ask the register", sql, asked, |row| row.get(0))?.unwrap_or(false))
    }

    /// Returns the lines behind row `after` up to row `last`, oldest first.
    ///
    /// # Errors
    /// [`Error::Sql`], [`Error::Stored`] for a line that was tampered with.
    pub fn register_between(&self, after: u64, last: u64) -> Result<Vec<RegisterLine>> {
        let row = |row: u64| i64::try_from(row).unwrap_or(i64::MAX);
        let rows = self.lines(
            &format!("SELECT {COLUMNS} FROM register WHERE seq > ?1 AND seq <= ?2 ORDER BY seq"),
            params![row(after), row(last)],
        )?;
        Ok(rows.into_iter().map(|row| row.line).collect())
    }

    fn lines(&self, sql: &str, params: impl rusqlite::Params) -> Result<Vec<RegisterRow>> {
        table::many(self.conn, "read the register", sql, params, row_to_line)?
            .into_iter()
            .map(|row| row.ok_or(Error::Stored { table: "register", column: "kind" }))
            .collect()
    }

    /// Returns the last line's row and hash: write it down elsewhere to notice a later cut. `None` when there is none.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn register_head(&self) -> Result<Option<Checkpoint>> {
        let sql = "SELECT seq, hash FROM register ORDER BY seq DESC LIMIT 1";
        table::one(self.conn, "read the end of the register", sql, [], |row| {
            Ok(Checkpoint { row: row_number(row, 0)?, hash: hash32(row, 1)? })
        })
    }

    /// Checks every line in order, one at a time, and against checkpoints that were written down. Without one, only a
    /// clumsy cut is seen: SQLite's own counter knows how many lines there ever were. `go_on` is asked before each line,
    /// with its number.
    ///
    /// # Errors
    /// [`Error::Sql`]; [`Error::Abandoned`] when `go_on` says no. A chain that does not hold is `Ok(Err(ChainBreak))` and
    /// names the first bad row.
    pub fn verify_register(
        &self,
        checkpoints: &[Checkpoint],
        go_on: &mut dyn FnMut(u64) -> bool,
    ) -> Result<std::result::Result<ChainVerdict, ChainBreak>> {
        let operation = "verify the register";
        let mut statement = self
            .conn
            .prepare(&format!("SELECT {COLUMNS} FROM register ORDER BY seq"))
            .map_err(Error::sql(operation))?;
        let failed = Cell::new(None);
        let unreadable = Cell::new(None);
        let called_off = Cell::new(false);
        let rows = statement.query_map([], |row| Ok((row_number(row, 0)?, row_to_line(row)?)));
        let lines = rows.map_err(Error::sql(operation))?.map_while(|row| match row {
            Ok((row, _)) if !go_on(row) => {
                called_off.set(true);
                None
            }
            Ok((_, Some(row))) if row.is_shown_rightly() => Some(row.line),
            // No program of ours wrote this row; the lines before it are judged first.
            Ok((row, _)) => {
                unreadable.set(Some(row));
                None
            }
            Err(error) => {
                failed.set(Some(error));
                None
            }
        });
        let verdict = verify_chain(lines, checkpoints);
        if called_off.get() {
            return Err(Error::Abandoned { reason: "called off" });
        }
        if let Some(source) = failed.into_inner() {
            return Err(Error::Sql { operation, source });
        }
        if let Some(first_row) = unreadable.get() {
            return Ok(Err(match verdict {
                Err(broken) if broken.first_row < first_row => broken,
                _ => ChainBreak { first_row, kind: BreakKind::Edited, up_to: first_row.saturating_sub(1) },
            }));
        }
        let ever: u64 = self
            .conn
            .query_row("SELECT seq FROM sqlite_sequence WHERE name = 'register'", [], |row| {
                row_number(row, 0)
            })
            .optional()
            .map_err(Error::sql(operation))?
            .unwrap_or(0);
        Ok(match verdict {
            Ok(verdict) if verdict.rows < ever => {
                Err(ChainBreak { first_row: verdict.rows + 1, kind: BreakKind::CutOff, up_to: verdict.rows })
            }
            other => other,
        })
    }
}

impl Store {
    /// Checks the whole register against what was written down elsewhere and against every checkpoint in the file: the newest
    /// alone may have been made over changed lines.
    ///
    /// # Errors
    /// [`Error::Sql`], [`Error::Locked`].
    pub fn verify_register(
        &self,
        written_elsewhere: &[Checkpoint],
    ) -> Result<std::result::Result<ChainVerdict, ChainBreak>> {
        self.verify_register_while(written_elsewhere, &mut |_| true)
    }

    /// As [`Self::verify_register`]; `go_on` is asked before each line, with its number, and the check ends when it says no.
    ///
    /// # Errors
    /// Those of [`Store::read`], [`Error::Sql`]; [`Error::Abandoned`] when `go_on` says no. A broken chain is no error: it is
    /// the inner answer.
    pub fn verify_register_while(
        &self,
        written_elsewhere: &[Checkpoint],
        go_on: &mut dyn FnMut(u64) -> bool,
    ) -> Result<std::result::Result<ChainVerdict, ChainBreak>> {
        self.read(|view| held_against(view, written_elsewhere, go_on))
    }
}

fn held_against(
    view: &View<'_>,
    written_elsewhere: &[Checkpoint],
    go_on: &mut dyn FnMut(u64) -> bool,
) -> Result<std::result::Result<ChainVerdict, ChainBreak>> {
    let mut checkpoints = view.checkpoints()?;
    checkpoints.extend_from_slice(written_elsewhere);
    view.verify_register(&checkpoints, go_on)
}

/// As [`Store::verify_register`], of a database that nobody has open: its file is opened without the right to write. Nothing is
/// upgraded, backed up, moved or reserved.
///
/// # Errors
/// [`Error::WrongKey`], [`Error::NewerDatabase`], [`Error::OlderDatabase`], [`Error::Damaged`], [`Error::Open`], [`Error::Sql`].
pub fn verify_register_in(
    database: &Path,
    key: &DataKey,
    written_elsewhere: &[Checkpoint],
) -> Result<std::result::Result<ChainVerdict, ChainBreak>> {
    let conn = crate::file::open_unchanged(database, key)?;
    crate::migration::refuse_newer(&conn, MIGRATIONS)?;
    if !crate::migration::is_ours(&conn)? {
        return Err(Error::Damaged { findings: 1, first: "none of the tables is there".into() });
    }
    if crate::migration::is_pending(&conn, MIGRATIONS)? {
        return Err(Error::OlderDatabase);
    }
    // One moment for the checkpoint and for all rows, whoever writes meanwhile.
    let look = conn.unchecked_transaction().map_err(Error::sql("begin to read"))?;
    held_against(&View { conn: &look }, written_elsewhere, &mut |_| true).map_err(Error::named)
}

//! Pages of the Buku Register with what a reader wants beside each line, and its corrections.

use crate::register::{COLUMNS, RegisterRow, row_number, row_to_line};
use crate::search::Question;
use crate::table::{many, one};
use crate::{Error, Result, Tx, View};
use rusqlite::types::Value;

/// Lines of an open period above which they are counted no further: "more than so many".
pub const COUNTED: u64 = 100_000;
/// The same for lines that answer to a text.
pub const COUNTED_HITS: u64 = 1_000;
/// Visits found up to which their lines are gathered; above, the lines are walked from the newest.
const GATHERED: i64 = 500;

/// What is asked of the book.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct BookFilter {
    /// Piece of a name, NIK, ticket, number of a paper or blangko, or the number of a line; empty for all lines.
    pub text: String,
    /// From, UTC milliseconds.
    pub from_ms: i64,
    /// Before, UTC milliseconds; 0 for no end.
    pub to_ms: i64,
    /// Only lines before this one; 0 for the newest.
    pub before: u64,
    /// At most so many; 0 means 200.
    pub limit: u32,
}
crate::masked::masked!(BookFilter: from_ms, to_ms, before, limit);

/// One line with its visit.
#[derive(Clone, PartialEq, Eq)]
pub struct BookLine {
    /// The line.
    pub row: RegisterRow,
    /// NIK of the visit as it stands now; empty without a visit.
    pub nik: String,
    /// Name of the applicant as it stands now.
    pub name: String,
    /// Kind of application, the core's word.
    pub kind: String,
    /// Name of the officer; the account where it has none.
    pub officer: String,
    /// Address element of the visit (`alamat`), for the printed page.
    pub address: String,
    /// Blangko of the line, grouped as noted; empty when it names none.
    pub blangko: String,
}
crate::masked::masked!(BookLine: row);

/// A page of the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookPage {
    /// Lines, newest first.
    pub lines: Vec<BookLine>,
    /// Lines that answer to text and period in all.
    pub total: u64,
    /// There are more than `total`: counting stopped there.
    pub more: bool,
    /// First and last row of the period, whatever the text; 0 when it has none.
    pub rows: (u64, u64),
}

const JOINED: &str = "coalesce(p.nik, ''), coalesce(p.name, ''), coalesce(p.kind, ''), coalesce(o.name, ''),
    coalesce((SELECT i.value FROM isian i WHERE i.permohonan = r.permohonan AND i.unsur = 'alamat'), '')";
const JOINS: &str = "LEFT JOIN permohonan p ON p.id = r.permohonan LEFT JOIN operator o ON o.id = r.operator";

fn columns() -> String {
    let own = COLUMNS.split(", ").map(|column| format!("r.{column}")).collect::<Vec<_>>().join(", ");
    format!("{own}, {JOINED}")
}

fn nanoseconds(ms: i64) -> i64 {
    ms.saturating_mul(1_000_000)
}

impl View<'_> {
    /// Returns a page of the Buku Register.
    ///
    /// # Errors
    /// [`Error::Sql`], [`Error::Stored`] for a line that was tampered with.
    pub fn register_page(&self, filter: &BookFilter) -> Result<BookPage> {
        let from = nanoseconds(filter.from_ms);
        let to = if filter.to_ms == 0 { i64::MAX } else { nanoseconds(filter.to_ms) };
        let question = Question::parse(&filter.text);
        let (all, first, last) = self.measure(filter, question.is_none(), (from, to))?;
        let before = if filter.before == 0 { u64::MAX } else { filter.before };
        let limit = if filter.limit == 0 { 200 } else { filter.limit };
        let span = Span { from, to, first, last, before, limit };
        let Some(question) = question else {
            let page = format!("SELECT {} FROM register r {JOINS} WHERE {WITHIN}", columns());
            let lines = self.book_lines(&page, &[], &span)?;
            return Ok(BookPage { lines, total: all.min(COUNTED), more: all > COUNTED, rows: (first, last) });
        };
        let hits = self.hits(&question, &filter.text)?;
        let counted = format!(
            "SELECT count(*) FROM (SELECT 1 FROM register r WHERE r.book = 1 AND r.at >= ? AND r.at < ?
               AND {} LIMIT {})",
            hits.sql,
            COUNTED_HITS + 1
        );
        let mut values = vec![Value::Integer(from), Value::Integer(to)];
        values.extend(hits.values.iter().cloned());
        let total = one(self.conn, "count lines", &counted, rusqlite::params_from_iter(values), |row| {
            row_number(row, 0)
        })?
        .unwrap_or(0);
        let page = format!("SELECT {} FROM register r {JOINS} WHERE {} AND {WITHIN}", columns(), hits.sql);
        let lines = self.book_lines(&page, &hits.values, &span)?;
        Ok(BookPage {
            lines,
            total: total.min(COUNTED_HITS),
            more: total > COUNTED_HITS,
            rows: (first, last),
        })
    }

    /// How many lines a period has, its first and its last. A clock that was set back makes rows and times disagree, so the
    /// rows of a bounded period are all looked at, in the index alone; an open one is counted only so far.
    fn measure(&self, filter: &BookFilter, counted: bool, (from, to): (i64, i64)) -> Result<(u64, u64, u64)> {
        let numbers =
            |row: &rusqlite::Row<'_>| Ok((row_number(row, 0)?, row_number(row, 1)?, row_number(row, 2)?));
        let operation = "measure a period";
        let found = if filter.from_ms <= 0 && filter.to_ms == 0 {
            let sql = "SELECT (SELECT count(*) FROM (SELECT 1 FROM register WHERE book = 1 AND ?1 LIMIT ?2)),
                       coalesce((SELECT seq FROM register WHERE book = 1 ORDER BY seq LIMIT 1), 0),
                       coalesce((SELECT seq FROM register WHERE book = 1 ORDER BY seq DESC LIMIT 1), 0)";
            let limit = i64::try_from(COUNTED + 1).unwrap_or(i64::MAX);
            one(self.conn, operation, sql, rusqlite::params![counted, limit], numbers)?
        } else {
            let sql = "SELECT count(*), coalesce(min(seq), 0), coalesce(max(seq), 0)
                       FROM register INDEXED BY register_book_at WHERE book = 1 AND at >= ?1 AND at < ?2";
            one(self.conn, operation, sql, [from, to], numbers)?
        };
        Ok(found.unwrap_or_default())
    }

    /// The condition under which a line answers to the question.
    fn hits(&self, question: &Question, text: &str) -> Result<Hits> {
        let (visits, visit_values) = question.select("permohonan", "permohonan", "id");
        let (lines, line_values) = question.select("register", "seq", "seq");
        let probe = format!("SELECT count(*) FROM ({visits} LIMIT {})", GATHERED + 1);
        let found: i64 = one(
            self.conn,
            "probe a search",
            &probe,
            rusqlite::params_from_iter(visit_values.iter().cloned()),
            |row| row.get(0),
        )?
        .unwrap_or(0);
        // The number of a line is a whole number, not a piece of one.
        let number: i64 = text.trim().replace('.', "").parse().unwrap_or(0);
        let mut values = visit_values;
        values.extend(line_values);
        values.push(Value::Integer(number));
        let sql = if found <= GATHERED {
            format!(
                "r.seq IN (SELECT g.seq FROM register g WHERE g.permohonan IN ({visits}) UNION {lines} UNION SELECT ?)"
            )
        } else {
            // Unary plus keeps SQLite on the walk from the newest line.
            format!("(+r.permohonan IN ({visits}) OR +r.seq IN ({lines}) OR +r.seq = ?)")
        };
        Ok(Hits { sql, values })
    }

    fn book_lines(&self, sql: &str, values: &[Value], span: &Span) -> Result<Vec<BookLine>> {
        let mut all = values.to_vec();
        let highest = span.last.min(span.before.saturating_sub(1));
        all.extend([
            Value::Integer(span.first.cast_signed()),
            Value::Integer(i64::try_from(highest).unwrap_or(i64::MAX)),
            Value::Integer(span.from),
            Value::Integer(span.to),
            Value::Integer(i64::from(span.limit)),
        ]);
        many(self.conn, "read the book", sql, rusqlite::params_from_iter(all), |row| {
            let Some(line) = row_to_line(row)? else { return Ok(None) };
            let officer: String = row.get(15)?;
            Ok(Some(BookLine {
                nik: row.get(12)?,
                name: row.get(13)?,
                kind: row.get(14)?,
                officer: if officer.is_empty() { line.line.entry.operator.to_string() } else { officer },
                address: row.get(16)?,
                blangko: line.line.entry.detail.get("blangko").cloned().unwrap_or_default(),
                row: line,
            }))
        })?
        .into_iter()
        .map(|line| line.ok_or(Error::Stored { table: "register", column: "kind" }))
        .collect()
    }

    /// Returns one line of the book; `None` when there is none of that number in it.
    ///
    /// # Errors
    /// [`Error::Sql`], [`Error::Stored`] for a line that was tampered with.
    pub fn book_line(&self, row: u64) -> Result<Option<BookLine>> {
        let sql = format!("SELECT {} FROM register r {JOINS} WHERE {WITHIN}", columns());
        let span = Span { from: i64::MIN, to: i64::MAX, first: row, last: row, before: u64::MAX, limit: 1 };
        Ok(self.book_lines(&sql, &[], &span)?.into_iter().next())
    }
}

const WITHIN: &str =
    "r.book = 1 AND r.seq BETWEEN ? AND ? AND r.at >= ? AND r.at < ? ORDER BY r.seq DESC LIMIT ?";

struct Span {
    from: i64,
    to: i64,
    first: u64,
    last: u64,
    before: u64,
    limit: u32,
}

struct Hits {
    sql: String,
    values: Vec<Value>,
}

impl Tx<'_> {
    /// Says that the act's line corrects a line of the book, in words. The old line stays as it is.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`] when the book has no such line; [`Error::Stored`] for blank words; [`Error::Sql`].
    pub fn correct(&self, row: u64, words: &str) -> Result<()> {
        if self.book_line(row)?.is_none() {
            return Err(Error::NoSuchRow { table: "register" });
        }
        if words.trim().is_empty() {
            return Err(Error::Stored { table: "register", column: "detail" });
        }
        self.corrects(row);
        self.note("pembetulan", words.trim());
        Ok(())
    }
}

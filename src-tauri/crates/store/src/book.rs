//! Pages of the Buku Register with what a reader wants beside each line, and its corrections.

use crate::register::{COLUMNS, RegisterRow, row_number, row_to_line};
use crate::search::Question;
use crate::table::{many, one};
use crate::{Error, Result, Tx, View};
use rusqlite::types::Value;

/// Lines that are counted from the newest down, and again from the oldest up; what lies between is not.
pub const COUNTED: u64 = 100_000;
/// The same for lines that answer to a text.
pub const COUNTED_HITS: u64 = 2_000;
/// Lines from one mark to the next: what a jump passes over at most, in the index alone.
const APART: u64 = 1_000;
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
    /// Only lines from this one on, so that what lies below a period is not walked; 0 for all.
    pub from_row: u64,
    /// Only lines before this one; 0 for the newest.
    pub before: u64,
    /// Passes over so many of them: from [`BookMark::before`] to the place that is wanted.
    pub skip: u32,
    /// At most so many; 0 means 200.
    pub limit: u32,
}
crate::masked::masked!(BookFilter: from_ms, to_ms, from_row, before, skip, limit);

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

/// Where a place of the list is read from. Holds while the book grows: new lines stand above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BookMark {
    /// Place in the list, newest first from 0.
    pub place: u64,
    /// The line at that place is the first one before this number: [`BookFilter::before`].
    pub before: u64,
}

/// A page of the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookPage {
    /// Lines, newest first.
    pub lines: Vec<BookLine>,
    /// Lines of the list: those that answer to text and period, as far as they were counted.
    pub total: u64,
    /// The place at which the lines counted from the oldest up begin; between it and the place before there are lines that were
    /// not counted. `None` when the list is whole. A multiple of 1,000.
    pub gap: Option<u64>,
    /// Marks of the list, the newest first; one at place 0 unless the list is empty. No place is further than
    /// [`COUNTED_HITS`] from its mark.
    pub marks: Vec<BookMark>,
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

fn integer(number: u64) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

impl View<'_> {
    /// Returns a page of the Buku Register and the count of its whole list. The period is counted in the index alone; further
    /// pieces of the same list are read by [`View::register_lines`], which counts nothing.
    ///
    /// # Errors
    /// [`Error::Sql`], [`Error::Stored`] for a line that was tampered with.
    pub fn register_page(&self, filter: &BookFilter) -> Result<BookPage> {
        let asked = self.asked(filter)?;
        let rows = self.bounds(filter, &asked)?;
        let page = self.count(&asked, rows)?;
        let lines = self.piece(&asked, filter, rows)?;
        Ok(BookPage { lines, ..page })
    }

    /// Returns lines of the Buku Register, newest first, without counting: at most [`BookFilter::skip`] numbers are passed over
    /// in the index, and only the lines that are returned are read.
    ///
    /// # Errors
    /// [`Error::Sql`], [`Error::Stored`] for a line that was tampered with.
    pub fn register_lines(&self, filter: &BookFilter) -> Result<Vec<BookLine>> {
        let asked = self.asked(filter)?;
        self.piece(&asked, filter, (0, u64::MAX))
    }

    fn asked(&self, filter: &BookFilter) -> Result<Asked> {
        let from = nanoseconds(filter.from_ms);
        let to = if filter.to_ms == 0 { i64::MAX } else { nanoseconds(filter.to_ms) };
        let Some(question) = Question::parse(&filter.text) else {
            return Ok(Asked { from, to, sql: "1".to_owned(), values: Vec::new(), ways: Ways::All });
        };
        self.hits(&question, &filter.text, (from, to))
    }

    /// First and last line of a period. A clock that was set back makes rows and times disagree, so the rows of a bounded
    /// period are all looked at, in the index alone.
    fn bounds(&self, filter: &BookFilter, asked: &Asked) -> Result<(u64, u64)> {
        let numbers = |row: &rusqlite::Row<'_>| Ok((row_number(row, 0)?, row_number(row, 1)?));
        let operation = "measure a period";
        let found = if filter.from_ms <= 0 && filter.to_ms == 0 {
            let sql = "SELECT coalesce((SELECT seq FROM register WHERE book = 1 ORDER BY seq LIMIT 1), 0),
                       coalesce((SELECT seq FROM register WHERE book = 1 ORDER BY seq DESC LIMIT 1), 0)";
            one(self.conn, operation, sql, [], numbers)?
        } else {
            let sql = "SELECT coalesce(min(seq), 0), coalesce(max(seq), 0)
                       FROM register INDEXED BY register_book_at WHERE book = 1 AND at >= ?1 AND at < ?2";
            one(self.conn, operation, sql, [asked.from, asked.to], numbers)?
        };
        Ok(found.unwrap_or_default())
    }

    /// Counts the list from the newest line down, and where that leaves lines over, from the oldest up.
    fn count(&self, asked: &Asked, (first, last): (u64, u64)) -> Result<BookPage> {
        let (apart, most) = match asked.ways {
            Ways::All => (APART, COUNTED),
            Ways::Gathered | Ways::Walked => (COUNTED_HITS, COUNTED_HITS),
        };
        let mut page =
            BookPage { lines: Vec::new(), total: 0, gap: None, marks: Vec::new(), rows: (first, last) };
        let mut highest = last;
        while page.total < most {
            let Some((lines, lowest)) = self.block(asked, "DESC", (first, highest), apart)? else {
                return Ok(page);
            };
            page.marks.push(BookMark { place: page.total, before: highest.saturating_add(1) });
            page.total += lines;
            highest = lowest.saturating_sub(1);
        }
        let (mut lowest, mut counted, mut above) = (first, 0, Vec::new());
        while counted < most {
            let Some((lines, top)) = self.block(asked, "ASC", (lowest, highest), apart)? else { break };
            above.push((lines, top));
            counted += lines;
            lowest = top.saturating_add(1);
        }
        if counted >= most && self.block(asked, "ASC", (lowest, highest), 1)?.is_some() {
            page.gap = Some(page.total);
        }
        for (lines, top) in above.into_iter().rev() {
            page.marks.push(BookMark { place: page.total, before: top.saturating_add(1) });
            page.total += lines;
        }
        Ok(page)
    }

    /// How many lines there are from one end of `rows` on, at most `most`, and the last one that was counted; `None` for none.
    fn block(
        &self,
        asked: &Asked,
        order: &'static str,
        rows: (u64, u64),
        most: u64,
    ) -> Result<Option<(u64, u64)>> {
        let edge = if order == "DESC" { "min" } else { "max" };
        let sql = format!(
            "SELECT count(*), coalesce({edge}(seq), 0) FROM ({} ORDER BY r.seq {order} LIMIT ?)",
            asked.numbers()
        );
        let mut values = asked.within(rows);
        values.push(integer(most));
        let counted = one(self.conn, "count lines", &sql, rusqlite::params_from_iter(values), |row| {
            Ok((row_number(row, 0)?, row_number(row, 1)?))
        })?;
        Ok(counted.filter(|(lines, _)| *lines > 0))
    }

    /// The condition under which a line answers to the question.
    fn hits(&self, question: &Question, text: &str, (from, to): (i64, i64)) -> Result<Asked> {
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
        let (ways, sql) = if found <= GATHERED {
            let gathered = format!(
                "r.seq IN (SELECT g.seq FROM register g WHERE g.permohonan IN ({visits}) UNION {lines} UNION SELECT ?)"
            );
            (Ways::Gathered, gathered)
        } else {
            // Unary plus keeps SQLite on the walk of the index.
            (Ways::Walked, format!("(+r.permohonan IN ({visits}) OR +r.seq IN ({lines}) OR +r.seq = ?)"))
        };
        Ok(Asked { from, to, sql, values, ways })
    }

    /// The lines that the filter asks for, of those within `rows`.
    fn piece(&self, asked: &Asked, filter: &BookFilter, (first, last): (u64, u64)) -> Result<Vec<BookLine>> {
        // The numbers are found in the index; only the lines themselves are read.
        let sql = format!(
            "SELECT {} FROM ({} ORDER BY r.seq DESC LIMIT ? OFFSET ?) place
             CROSS JOIN register r ON r.seq = place.seq {JOINS} ORDER BY r.seq DESC",
            columns(),
            asked.numbers()
        );
        let before = if filter.before == 0 { u64::MAX } else { filter.before };
        let highest = last.min(before.saturating_sub(1));
        let mut values = asked.within((first.max(filter.from_row), highest));
        let limit = if filter.limit == 0 { 200 } else { filter.limit };
        values.extend([Value::Integer(i64::from(limit)), Value::Integer(i64::from(filter.skip))]);
        self.book_lines(&sql, values)
    }

    fn book_lines(&self, sql: &str, values: Vec<Value>) -> Result<Vec<BookLine>> {
        many(self.conn, "read the book", sql, rusqlite::params_from_iter(values), |row| {
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
        let sql = format!("SELECT {} FROM register r {JOINS} WHERE r.book = 1 AND r.seq = ?", columns());
        Ok(self.book_lines(&sql, vec![integer(row)])?.into_iter().next())
    }

    /// How SQLite would look for a piece of the list and count it, a line for each step; for tests.
    #[doc(hidden)]
    pub fn book_plan_for_tests(&self, filter: &BookFilter) -> Result<Vec<String>> {
        let asked = self.asked(filter)?;
        let mut values = asked.within((1, u64::MAX));
        values.extend([Value::Integer(100), Value::Integer(0)]);
        let sql = format!("EXPLAIN QUERY PLAN {} ORDER BY r.seq DESC LIMIT ? OFFSET ?", asked.numbers());
        many(self.conn, "explain", &sql, rusqlite::params_from_iter(values), |row| row.get(3))
    }
}

/// How the lines of a question are found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ways {
    /// Every line of the period.
    All,
    /// Those of few visits, gathered.
    Gathered,
    /// Those of many visits: the index is walked and each line is looked up among them.
    Walked,
}

/// A question, ready to be asked.
struct Asked {
    /// UTC nanoseconds, the first included and the second not.
    from: i64,
    to: i64,
    /// Condition on `register r`, and its values.
    sql: String,
    values: Vec<Value>,
    ways: Ways,
}

impl Asked {
    /// The numbers of the lines that answer, found in the index alone. Parameters: [`Asked::within`].
    fn numbers(&self) -> String {
        // Unary plus: what was gathered leads, not the bounds.
        let seq = if self.ways == Ways::Gathered { "+r.seq" } else { "r.seq" };
        format!(
            "SELECT r.seq AS seq FROM register r INDEXED BY register_book WHERE r.book = 1 AND {} AND {seq} BETWEEN ? AND ?
               AND r.at >= ? AND r.at < ?",
            self.sql
        )
    }

    fn within(&self, (lowest, highest): (u64, u64)) -> Vec<Value> {
        let mut values = self.values.clone();
        values.extend([
            integer(lowest),
            integer(highest),
            Value::Integer(self.from),
            Value::Integer(self.to),
        ]);
        values
    }
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

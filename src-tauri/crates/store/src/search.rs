//! Search in the Buku Register and among visits: words normalised here, found by SQLite's trigram index.
//!
//! The index is derived data. It is written in the act that it follows from, is no part of the chain, and is built anew
//! when [`RULE`] changes.

use crate::table::{one, run};
use crate::{Error, Result, Store};
use domain::biodata::compare_key;
use rusqlite::types::Value;
use rusqlite::{Connection, TransactionBehavior, params};
use std::collections::BTreeMap;

/// Version of the rule by which words are made; another one builds the index anew.
const RULE: i64 = 1;
/// Characters below which a trigram index finds nothing.
const GRAM: usize = 3;
/// Columns of a register line that nobody searches by.
const UNSEARCHED: [&str; 4] = ["act", "digest", "of", "sha256"];

/// Folds a text into words as the index holds them: upper case, composed letters, apostrophes out; a word with a digit
/// (NIK, ticket, number, blangko) loses its dashes, dots and slashes too.
pub(crate) fn fold(text: &str) -> String {
    let words = text.split_whitespace().flat_map(|word| {
        if word.chars().any(char::is_numeric) {
            let joined: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
            compare_key(&joined)
        } else {
            compare_key(word).replace('\'', "")
        }
        .split(' ')
        .map(str::to_owned)
        .collect::<Vec<_>>()
    });
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The words of a question: those the index finds, and those that are too short for it.
pub(crate) struct Question {
    /// FTS5 expression; empty when every word is too short.
    pub matching: String,
    /// Words that must stand anywhere in the text.
    pub short: Vec<String>,
}

impl Question {
    /// Reads what was typed; `None` when it holds no word.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let folded = fold(text);
        if folded.is_empty() {
            return None;
        }
        let (long, short): (Vec<&str>, Vec<&str>) =
            folded.split(' ').partition(|word| word.chars().count() >= GRAM);
        // Always quoted: AND, OR, NOT, NEAR and * are names and letters here.
        let matching = long
            .iter()
            .map(|word| format!("\"{}\"", word.replace('"', "\"\"")))
            .collect::<Vec<_>>()
            .join(" AND ");
        Some(Self { matching, short: short.into_iter().map(str::to_owned).collect() })
    }

    /// SQL that selects `column` of every entry of `kind` (`permohonan` or `register`) that holds all words, and its
    /// parameters.
    pub(crate) fn select(&self, kind: &str, column: &str, id: &str) -> (String, Vec<Value>) {
        let mut values = Vec::new();
        let mut sql = if self.matching.is_empty() {
            format!("SELECT s.{column} FROM {kind}_search s WHERE 1")
        } else {
            values.push(Value::Text(self.matching.clone()));
            format!(
                "SELECT s.{column} FROM {kind}_fts f CROSS JOIN {kind}_search s ON s.{id} = f.rowid WHERE {kind}_fts MATCH ?"
            )
        };
        for word in &self.short {
            sql.push_str(" AND instr(s.words, ?) > 0");
            values.push(Value::Text(word.clone()));
        }
        (sql, values)
    }
}

/// Keeps the words of a visit.
pub(crate) fn index_visit(conn: &Connection, id: &str) -> Result<()> {
    let sql = "SELECT nik, name, ticket FROM permohonan WHERE id = ?1";
    let found: Option<(String, String, String)> =
        one(conn, "read a visit", sql, [id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let Some((nik, name, ticket)) = found else { return Ok(()) };
    let ticket = ticket.rsplit('/').next().unwrap_or_default();
    let words = fold(&format!("{name} {nik} {ticket}"));
    run(
        conn,
        "index a visit",
        "INSERT INTO permohonan_search (permohonan, words) VALUES (?1, ?2)
         ON CONFLICT (permohonan) DO UPDATE SET words = excluded.words WHERE words <> excluded.words",
        params![id, words],
    )
    .map(drop)
}

/// Keeps the words of a line of the book, when it has any of its own.
pub(crate) fn index_line(conn: &Connection, row: u64, detail: &BTreeMap<String, String>) -> Result<()> {
    let kept = |key: &&String| !UNSEARCHED.contains(&key.as_str());
    let mut text: Vec<&str> =
        detail.iter().filter(|(key, _)| kept(key)).map(|(_, value)| value.as_str()).collect();
    // Of the operands only those of deeds without a visit are numbers and papers.
    if detail
        .get("act")
        .is_some_and(|act| ["stock.", "blangko.", "document."].iter().any(|head| act.starts_with(head)))
    {
        text.extend(detail.get("of").map(String::as_str));
    }
    let words = fold(&text.join(" "));
    if words.is_empty() {
        return Ok(());
    }
    run(
        conn,
        "index a register line",
        "INSERT INTO register_search (seq, words) VALUES (?1, ?2)",
        params![row.cast_signed(), words],
    )
    .map(drop)
}

/// Builds the index anew when it was made by another rule, or by none.
pub(crate) fn rebuild_if_behind(conn: &mut Connection) -> Result<()> {
    let rule = conn.query_row("SELECT rule FROM search_rule", [], |row| row.get::<_, i64>(0));
    match rule {
        Ok(RULE) => Ok(()),
        Ok(_) => rebuild(conn),
        // A list of migrations without it, as tests have.
        Err(rusqlite::Error::SqliteFailure(..)) => Ok(()),
        Err(source) => Err(Error::Sql { operation: "read the search rule", source }),
    }
}

fn rebuild(conn: &mut Connection) -> Result<()> {
    let operation = "build the search index";
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Error::sql(operation))?;
    tx.execute_batch(
        "DELETE FROM permohonan_search; DELETE FROM register_search;
         INSERT INTO permohonan_fts (permohonan_fts) VALUES ('delete-all');
         INSERT INTO register_fts (register_fts) VALUES ('delete-all');",
    )
    .map_err(Error::sql(operation))?;
    {
        let mut visits = tx.prepare("SELECT id FROM permohonan").map_err(Error::sql(operation))?;
        let mut rows = visits.query([]).map_err(Error::sql(operation))?;
        while let Some(row) = rows.next().map_err(Error::sql(operation))? {
            index_visit(&tx, &row.get::<_, String>(0).map_err(Error::sql(operation))?)?;
        }
        let mut lines =
            tx.prepare("SELECT seq, detail FROM register WHERE book = 1").map_err(Error::sql(operation))?;
        let mut rows = lines.query([]).map_err(Error::sql(operation))?;
        while let Some(row) = rows.next().map_err(Error::sql(operation))? {
            let seq: i64 = row.get(0).map_err(Error::sql(operation))?;
            let detail: String = row.get(1).map_err(Error::sql(operation))?;
            // A line that was tampered with is found by the verification; here it only has no words.
            if let Ok(detail) = serde_json::from_str(&detail) {
                index_line(&tx, seq.cast_unsigned(), &detail)?;
            }
        }
    }
    tx.execute("UPDATE search_rule SET rule = ?1", [RULE]).map_err(Error::sql(operation))?;
    tx.commit().map_err(Error::sql(operation))
}

impl Store {
    /// Builds the search index anew from visits and register. Changes no datum, so it leaves no line.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Sql`].
    pub fn rebuild_search(&self) -> Result<()> {
        self.with_writer(rebuild)
    }
}

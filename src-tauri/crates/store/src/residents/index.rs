//! The name index in memory: a vocabulary (`fst`) and, for each word, the residents who carry it.
//!
//! Why not FTS5: with two typos a word stands for some hundred others, and an OR of hundreds of lists that is
//! joined row by row costs tens of milliseconds; the same lists added up in memory cost one or two. It takes about
//! 14 bytes for each resident.

use crate::table::resident::SHOWN;
use crate::{Error, Result, Store, View};
use fst::{Map, Streamer};
use rusqlite::Connection;
use std::collections::BTreeMap;

/// After so many rows or words it is looked whether nobody waits for the index any more.
const LOOK_EVERY: usize = 4096;

/// The index of one generation.
pub(crate) struct NameIndex {
    pub generation: i64,
    /// Word → offset of its list in `postings`.
    pub words: Map<Vec<u8>>,
    postings: Vec<u8>,
    /// Document number → row of `resident`, ascending.
    pub rows: Vec<i64>,
    /// Document number → how many different words the name has.
    word_counts: Vec<u8>,
}

/// Builds the blobs from every resident's name, in order of rows.
#[derive(Default)]
struct Builder {
    lists: BTreeMap<String, List>,
    rows: Vec<u8>,
    documents: u32,
    last_row: i64,
}

#[derive(Default)]
struct List {
    count: u32,
    last: u32,
    deltas: Vec<u8>,
}

impl Builder {
    pub fn add(&mut self, row: i64, mut words: Vec<String>) {
        let document = self.documents;
        self.documents += 1;
        push_varint(&mut self.rows, (row - self.last_row).unsigned_abs());
        self.last_row = row;
        words.sort();
        words.dedup();
        for word in words {
            let list = self.lists.entry(word).or_default();
            push_varint(&mut list.deltas, u64::from(document - list.last));
            list.last = document;
            list.count += 1;
        }
    }

    /// Returns the blobs: words, postings, rows.
    pub fn finish(self) -> Result<(Vec<u8>, Vec<u8>, Vec<u8>)> {
        let mut words = fst::MapBuilder::memory();
        let mut postings = Vec::new();
        for (word, list) in &self.lists {
            words.insert(word, postings.len() as u64).map_err(|_| Error::NameIndex)?;
            push_varint(&mut postings, u64::from(list.count));
            postings.extend_from_slice(&list.deltas);
        }
        Ok((words.into_inner().map_err(|_| Error::NameIndex)?, postings, self.rows))
    }
}

impl NameIndex {
    /// Reads the stored index, or builds one where residents changed and nobody has stored it yet; an empty one when nothing was
    /// imported. [`Error::Locked`] as soon as it sees `called_off`.
    pub fn load(view: &View<'_>, called_off: &dyn Fn() -> bool) -> Result<NameIndex> {
        let stored = crate::table::one(
            view.conn,
            "read the name index",
            "SELECT generation, words, postings, rows FROM resident_index",
            [],
            |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, Vec<u8>>(1)?,
                    row.get::<_, Vec<u8>>(2)?,
                    row.get::<_, Vec<u8>>(3)?,
                ))
            },
        )?;
        let Some((generation, words, postings, packed)) = stored else {
            return Ok(NameIndex {
                generation: 0,
                words: Map::default(),
                postings: Vec::new(),
                rows: Vec::new(),
                word_counts: Vec::new(),
            });
        };
        let (words, postings, packed) = if words.is_empty() {
            let built = build(view.conn, called_off)?;
            (built.words, built.postings, built.rows)
        } else {
            (words, postings, packed)
        };
        let mut rows = Vec::new();
        let (mut at, mut row) = (0, 0);
        while at < packed.len() {
            if rows.len().is_multiple_of(LOOK_EVERY) && called_off() {
                return Err(Error::Locked);
            }
            row += read_varint(&packed, &mut at).ok_or(Error::NameIndex)?.cast_signed();
            rows.push(row);
        }
        let words = Map::new(words).map_err(|_| Error::NameIndex)?;
        let word_counts = vec![0; rows.len()];
        let mut index = NameIndex { generation, words, postings, rows, word_counts };
        index.count_words(called_off)?;
        Ok(index)
    }

    /// The rows as they are stored.
    fn packed_rows(&self) -> Vec<u8> {
        let mut packed = Vec::new();
        let mut last = 0i64;
        for &row in &self.rows {
            push_varint(&mut packed, (row - last).unsigned_abs());
            last = row;
        }
        packed
    }

    fn count_words(&mut self, called_off: &dyn Fn() -> bool) -> Result<()> {
        let mut counts = std::mem::take(&mut self.word_counts);
        let mut stream = self.words.stream();
        let mut words = 0usize;
        while let Some((_, offset)) = stream.next() {
            words += 1;
            if words.is_multiple_of(LOOK_EVERY) && called_off() {
                return Err(Error::Locked);
            }
            self.each(offset, |document| {
                counts[document] = counts[document].saturating_add(1);
                true
            });
        }
        self.word_counts = counts;
        Ok(())
    }

    /// How many different words the name of a document has.
    pub fn word_count(&self, document: usize) -> usize {
        self.word_counts.get(document).copied().map_or(0, usize::from)
    }

    /// Returns the stored generation without reading the index.
    pub fn stored_generation(view: &View<'_>) -> Result<i64> {
        let sql = "SELECT generation FROM resident_index";
        Ok(crate::table::one(view.conn, "read the name index", sql, [], |row| row.get(0))?.unwrap_or(0))
    }

    /// Number of residents who carry the word at `offset`.
    pub fn count(&self, offset: u64) -> u64 {
        let mut at = usize::try_from(offset).unwrap_or(usize::MAX);
        read_varint(&self.postings, &mut at).unwrap_or(0)
    }

    /// Calls `each` with the document numbers of the word at `offset`, ascending, until it answers `false`.
    pub fn each(&self, offset: u64, mut each: impl FnMut(usize) -> bool) {
        let mut at = usize::try_from(offset).unwrap_or(usize::MAX);
        let count = read_varint(&self.postings, &mut at).unwrap_or(0);
        let mut document = 0usize;
        for _ in 0..count {
            let Some(delta) = read_varint(&self.postings, &mut at) else { return };
            document += usize::try_from(delta).unwrap_or(usize::MAX / 2);
            if document >= self.rows.len() || !each(document) {
                return;
            }
        }
    }
}

impl Store {
    /// Stores the name index where residents changed since, out of memory, or builds it there. Nobody who writes waits while it is
    /// built; a search that comes meanwhile waits for this one. False where there is nothing to do, or residents have changed again.
    ///
    /// # Errors
    /// [`Error::Locked`], also when the lock comes meanwhile; [`Error::Full`], with the ballast and the room of new visits untouched;
    /// [`Error::File`] when the file system cannot be asked; [`Error::NameIndex`], [`Error::Stored`], [`Error::Sql`]. Names are found
    /// as before; only each sign-in builds the index for itself.
    pub fn refresh_names(&self) -> Result<bool> {
        let due = self
            .read(|view| if is_due(view)? { self.read_names(view, &|| false).map(Some) } else { Ok(None) })?;
        let Some(index) = due else { return Ok(false) };
        let rows = index.packed_rows();
        let bytes = (index.words.as_fst().as_bytes().len() + index.postings.len() + rows.len()) as u64;
        self.room_beside_recordings(bytes, bytes)?;
        self.with_writer(|conn| keep(conn, &index, &rows)).map_err(|error| error.full(false))
    }
}

/// An index as it is stored.
struct Built {
    words: Vec<u8>,
    postings: Vec<u8>,
    rows: Vec<u8>,
}

/// Throws the stored index away in the act that changes residents: whoever searches, and [`Store::refresh_names`], builds the next
/// one apart from the act, which would hold up everybody who writes.
pub(crate) fn outdate(conn: &Connection) -> Result<()> {
    let sql = "INSERT INTO resident_index (id, generation) VALUES (1, 1)
         ON CONFLICT (id) DO UPDATE SET generation = generation + 1, words = x'', postings = x'', rows = x''";
    crate::table::run(conn, "outdate the name index", sql, []).map(drop)
}

/// Whether the stored index was thrown away.
fn is_due(view: &View<'_>) -> Result<bool> {
    // An index of nobody has some bytes too.
    let sql = "SELECT 1 FROM resident_index WHERE length(words) = 0";
    let found: Option<i64> = crate::table::one(view.conn, "read the name index", sql, [], |row| row.get(0))?;
    Ok(found.is_some())
}

/// Stores an index with its packed rows; false when residents have changed since.
fn keep(conn: &Connection, index: &NameIndex, rows: &[u8]) -> Result<bool> {
    let sql = "UPDATE resident_index SET words = ?2, postings = ?3, rows = ?4
         WHERE generation = ?1 AND length(words) = 0";
    let words = index.words.as_fst().as_bytes();
    let values = rusqlite::params![index.generation, words, index.postings, rows];
    Ok(crate::table::run(conn, "keep the name index", sql, values)? > 0)
}

/// Builds an index of every resident whom somebody sees. [`Error::Locked`] as soon as it sees `called_off`.
fn build(conn: &Connection, called_off: &dyn Fn() -> bool) -> Result<Built> {
    let operation = "build the name index";
    let mut builder = Builder::default();
    // The plus keeps SQLite in the order of rows, which it would otherwise sort.
    let sql = format!(
        "SELECT id, name FROM resident
         WHERE +extract IN (SELECT e.id FROM resident_extract e WHERE {SHOWN}) ORDER BY id"
    );
    let mut statement = conn.prepare(&sql).map_err(Error::sql(operation))?;
    let mut rows = statement.query([]).map_err(Error::sql(operation))?;
    let mut seen = 0usize;
    while let Some(row) = rows.next().map_err(Error::sql(operation))? {
        if seen.is_multiple_of(LOOK_EVERY) && called_off() {
            return Err(Error::Locked);
        }
        seen += 1;
        let id: i64 = row.get(0).map_err(Error::sql(operation))?;
        let name = row.get_ref(1).map_err(Error::sql(operation))?;
        let name = name.as_str().map_err(|_| Error::Stored { table: "resident", column: "name" })?;
        builder.add(id, super::words::words(name));
    }
    let (words, postings, rows) = builder.finish()?;
    Ok(Built { words, postings, rows })
}

fn push_varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

#[inline]
fn read_varint(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut value = 0;
    let mut shift = 0;
    loop {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
        shift += 7;
        if shift > 63 {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_that_nobody_waits_for_any_more_is_not_read_to_its_end() {
        let conn = Connection::open_in_memory().unwrap();
        let table = "CREATE TABLE resident_index (generation INTEGER, words BLOB, postings BLOB, rows BLOB)";
        conn.execute_batch(table).unwrap();
        let mut builder = Builder::default();
        for row in 1..=3 {
            builder.add(row, vec![format!("NAMA{row}"), "SAMA".into()]);
        }
        let (words, postings, rows) = builder.finish().unwrap();
        let sql = "INSERT INTO resident_index VALUES (7, ?1, ?2, ?3)";
        conn.execute(sql, rusqlite::params![words, postings, rows]).unwrap();
        let view = View { conn: &conn };
        let whole = NameIndex::load(&view, &|| false).unwrap();
        assert_eq!((whole.generation, whole.rows.len(), whole.word_count(0)), (7, 3, 2), "read whole");
        assert!(matches!(NameIndex::load(&view, &|| true), Err(Error::Locked)), "called off");
    }
}

//! Opening one connection: key first, then the pragmas that the promises rest on.

use crate::{DataKey, Error, Result};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// Bytes of a page. 3 MiB commits are 2.8 times faster than with 4 KiB (stack.md §7).
pub(crate) const PAGE_BYTES: u32 = 16_384;

/// More than SQLite has pieces of small memory for one connection (SQLITE_DEFAULT_LOOKASIDE 1200,40: 93 and 30).
const PIECES: usize = 256;

/// How long one connection waits for another one's write.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Opens the file for writing; creates it when `create`.
pub(crate) fn open(path: &Path, key: &DataKey, create: bool) -> Result<Connection> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if create {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let conn = keyed(path, key, flags)?;
    // FULL: a commit returns only after the WAL is on the disk. NORMAL loses acknowledged recordings (proof.md §2.3).
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA wal_autocheckpoint = 2000; PRAGMA cache_size = -16000;",
    )
    .map_err(open_error(path, key))?;
    Ok(conn)
}

/// Opens the file for reading only.
pub(crate) fn open_reader(path: &Path, key: &DataKey) -> Result<Connection> {
    let conn = keyed(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -48000;")
        .map_err(open_error(path, key))?;
    Ok(conn)
}

/// Opens the file without any right to write: neither it nor its log is changed, also when this is the last to close it.
pub(crate) fn open_unchanged(path: &Path, key: &DataKey) -> Result<Connection> {
    keyed(path, key, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

/// Opens with the key and says whether it fits.
fn keyed(path: &Path, key: &DataKey, flags: OpenFlags) -> Result<Connection> {
    let conn = Connection::open_with_flags(path, flags).map_err(open_error(path, key))?;
    conn.busy_timeout(PATIENCE).map_err(open_error(path, key))?;
    conn.set_prepared_statement_cache_capacity(128);
    conn.execute_batch(&key.pragma()).map_err(open_error(path, key))?;
    // HMAC-SHA-256 instead of SQLCipher's default SHA-512: as strong for this use, twice as fast where the
    // processor has SHA instructions, and every page that is read or written pays for it.
    conn.execute_batch(&format!(
        "PRAGMA cipher_page_size = {PAGE_BYTES}; PRAGMA cipher_hmac_algorithm = HMAC_SHA256;
         PRAGMA cipher_log_level = NONE; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;"
    ))
    .map_err(open_error(path, key))?;
    // The first real read is where a wrong key shows.
    conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))
        .map_err(open_error(path, key))?;
    overwrite_small_memory(&conn).map_err(open_error(path, key))?;
    Ok(conn)
}

/// SQLite keeps the statement that carried the key, and its words, in small pieces of memory that it lends out again and
/// does not wipe ("lookaside", 123 pieces as it is built). A statement of many words takes all of them at once.
///
/// `cipher_memory_security` would wipe every piece that is ever freed: the pages of a 2 MiB recording then cost twice the
/// processor time, and it cannot be switched off again (docs/decisions/2026-11-28-key-in-memory.md).
fn overwrite_small_memory(conn: &Connection) -> rusqlite::Result<()> {
    // A word of 55 bytes and the 72 of its node fill the 128 bytes of a piece.
    let word = format!("'{}',", "0".repeat(53));
    conn.prepare(&format!("SELECT {}0", word.repeat(PIECES))).map(drop)
}

/// SQLCipher says "not a database" of a wrong key and of a damaged first page alike; a key that a slot has proven leaves
/// only the page.
fn open_error(path: &Path, key: &DataKey) -> impl Fn(rusqlite::Error) -> Error {
    let (path, proven) = (path.to_owned(), key.is_proven());
    move |source| match source.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) if !proven => Error::WrongKey { path: path.clone() },
        _ => Error::Open { path: path.clone(), source },
    }
}

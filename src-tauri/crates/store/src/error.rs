//! Everything that can go wrong in the store, one variant per operation.

use std::io;
use std::path::PathBuf;

/// A failure of the store. Never holds a NIK, a name or a field's value.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store was locked; open it again with a key. Nothing was written.
    #[error("the store is locked")]
    Locked,
    /// The key does not open this file, or the file is not a database of ours. Said only of a key that no slot has
    /// proven: with one from a slot the same answer of SQLCipher is [`Error::Damaged`].
    #[error("the key does not open {path}")]
    WrongKey {
        /// The database file.
        path: PathBuf,
    },
    /// The database file could not be opened or created.
    #[error("could not open {path}")]
    Open {
        /// The database file.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        source: rusqlite::Error,
    },
    /// `create` found a file where the new database should stand. It was left untouched.
    #[error("{path} already exists")]
    Exists {
        /// The database file.
        path: PathBuf,
    },
    /// A file operation beside the database failed.
    #[error("could not {doing} {path}")]
    File {
        /// What was being done.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The file was written by a newer program. It was left untouched; install the newer program.
    #[error("the database has schema version {found}, this program knows {known}")]
    NewerDatabase {
        /// Version in the file.
        found: i64,
        /// Newest version that this program knows.
        known: i64,
    },
    /// The file waits for an upgrade, which whoever only reads it does not make. It was left untouched.
    #[error("the database is of an older version: the program upgrades it when somebody signs in")]
    OlderDatabase,
    /// A migration failed; the whole upgrade was rolled back and the file is as before.
    #[error("migration {name} failed and was rolled back")]
    Migrate {
        /// Name of the migration.
        name: String,
        /// What SQLite said.
        #[source]
        source: rusqlite::Error,
    },
    /// The file holds pages that are not what was written, or that the disk no longer gives. Nothing was written to it.
    #[error("the database is damaged: {findings} findings, first: {first}")]
    Damaged {
        /// How many findings, from 1.
        findings: usize,
        /// The first one, in SQLite's words (page and table names only).
        first: String,
    },
    /// A statement failed; the transaction was rolled back.
    #[error("could not {operation}")]
    Sql {
        /// Which operation of which table.
        operation: &'static str,
        /// What SQLite said.
        #[source]
        source: rusqlite::Error,
    },
    /// The disk is full. The transaction was rolled back; everything acknowledged before is safe.
    #[error("the disk is full (ballast freed: {ballast_freed})")]
    Full {
        /// Whether the ballast was given up in vain.
        ballast_freed: bool,
    },
    /// Fewer free bytes than the threshold, or no room for the ballast: no new recording may start.
    #[error("{free_bytes} bytes free, {threshold_bytes} needed to start a recording")]
    NearlyFull {
        /// Free bytes on the disk of the database.
        free_bytes: u64,
        /// Configured threshold, and the ballast where that is still to be taken again.
        threshold_bytes: u64,
    },
    /// The row that an act speaks of does not exist (or is not in the needed state).
    #[error("{table}: no such row")]
    NoSuchRow {
        /// The table.
        table: &'static str,
    },
    /// A visit is not as the caller read it: somebody was faster. The transaction was rolled back.
    #[error("the visit was changed since it was read")]
    ChangedMeanwhile,
    /// The caller gave up inside the transaction; it was rolled back.
    #[error("the act was abandoned: {reason}")]
    Abandoned {
        /// A short code of the caller.
        reason: &'static str,
    },
    /// Cryptography failed (library or random source).
    #[error("could not {operation}")]
    Crypto {
        /// What was being done.
        operation: &'static str,
        /// What OpenSSL said.
        #[source]
        source: openssl::error::ErrorStack,
    },
    /// Argon2 refused its parameters.
    #[error("could not derive a key: {0}")]
    Derive(argon2::Error),
    /// Password or recovery code was wrong. Counted.
    #[error("wrong password; next attempt in {wait_ms} ms")]
    WrongPassword {
        /// Milliseconds until the next attempt is allowed; 0 at once.
        wait_ms: u64,
    },
    /// Too early after wrong passwords. Not tried, not counted.
    #[error("wait {wait_ms} ms before the next attempt")]
    TooEarly {
        /// Milliseconds until the next attempt is allowed.
        wait_ms: u64,
    },
    /// There is no such key slot.
    #[error("no such key slot")]
    NoSuchSlot,
    /// A slot with that name exists; change or revoke it.
    #[error("the key slot exists already")]
    SlotExists,
    /// Revoking it would leave nobody who can open the database.
    #[error("the last key slot cannot be revoked")]
    LastSlot,
    /// The recovery code has a typing mistake (wrong length, character or check character). Not counted.
    #[error("the recovery code is mistyped")]
    MistypedCode,
    /// The sidecar of key slots was written by a newer program. It was left untouched; install the newer program.
    #[error("the key slots have format {found}, this program knows {known}")]
    NewerSlots {
        /// Format of the file.
        found: u32,
        /// Newest format that this program knows.
        known: u32,
    },
    /// The sidecar of key slots cannot be understood.
    #[error("the key slots in {path} cannot be read")]
    SlotFile {
        /// The sidecar.
        path: PathBuf,
        /// Where parsing stopped.
        #[source]
        source: serde_json::Error,
    },
    /// The extract's signature does not hold, or its signer is not trusted. Nothing was imported.
    #[error("the signature of the extract is not valid")]
    ExtractSignature(#[source] openssl::error::ErrorStack),
    /// The extract is signed correctly but its body is not what was signed. Nothing was imported.
    #[error("the extract is not what was signed: {what}")]
    ExtractAltered {
        /// `sha256`, `count` or `rest`.
        what: &'static str,
    },
    /// A line of the extract cannot be understood. Nothing was imported.
    #[error("line {line} of the extract cannot be read")]
    ExtractLine {
        /// Line number, the header being 1.
        line: u64,
    },
    /// What is here of this wilayah, or for a file of a greater one around it, is newer. Nothing was imported.
    #[error("the extract is older than what is here")]
    ExtractOlder,
    /// The extract could not be read to its end. Nothing was imported.
    #[error("could not read the extract")]
    ExtractRead(#[source] io::Error),
    /// The stored name index cannot be understood; import the extract again.
    #[error("the name index is damaged")]
    NameIndex,
    /// A stored value is not what its column promises.
    #[error("{table}.{column} holds a value that cannot be understood")]
    Stored {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// The stock ledger does not allow the movement. Nothing was written.
    #[error("the stock does not allow it")]
    Stock {
        /// Why.
        #[source]
        refusal: domain::stock::StockRefusal,
    },
}

impl Error {
    pub(crate) fn sql(operation: &'static str) -> impl FnOnce(rusqlite::Error) -> Error {
        move |source| Error::Sql { operation, source }
    }

    pub(crate) fn file(
        doing: &'static str,
        path: &std::path::Path,
    ) -> impl FnOnce(io::Error) -> Error + use<> {
        let path = path.to_owned();
        move |source| Error::File { doing, path, source }
    }

    pub(crate) fn crypto(operation: &'static str) -> impl FnOnce(openssl::error::ErrorStack) -> Error {
        move |source| Error::Crypto { operation, source }
    }

    /// Whether the same attempt can succeed later without anybody repairing anything.
    pub fn is_permanent(&self) -> bool {
        match self {
            Error::Full { .. }
            | Error::NearlyFull { .. }
            | Error::TooEarly { .. }
            | Error::WrongPassword { .. }
            | Error::Locked => false,
            Error::Sql { source, .. } | Error::Open { source, .. } => !is_busy(source),
            _ => true,
        }
    }

    /// Whether stored pages are damaged or can no longer be read: trying again does not help, and what stood in them is
    /// not safe.
    pub fn is_damage(&self) -> bool {
        match self {
            Error::Damaged { .. } => true,
            Error::Sql { source, .. } | Error::Open { source, .. } | Error::Migrate { source, .. } => {
                is_damage(source)
            }
            _ => false,
        }
    }

    /// The same failure as [`Error::Damaged`] when it [is one](Error::is_damage).
    pub(crate) fn named(self) -> Error {
        let source = match &self {
            Error::Sql { source, .. } | Error::Open { source, .. } | Error::Migrate { source, .. } => source,
            _ => return self,
        };
        if is_damage(source) {
            return Error::Damaged { findings: 1, first: format!("{self}: {source}") };
        }
        self
    }

    /// Whether somebody stopped the statement while it ran.
    pub(crate) fn is_stopped(&self) -> bool {
        let (Error::Sql { source, .. } | Error::Open { source, .. }) = self else { return false };
        source.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted)
    }

    /// Whether the disk had no room: SQLite ran out of it, or the system for a file beside the database.
    pub(crate) fn is_full(&self) -> bool {
        match self {
            Error::Sql { source, .. } | Error::Open { source, .. } | Error::Migrate { source, .. } => {
                is_full(source)
            }
            Error::File { source, .. } => is_out_of_room(source),
            Error::Full { .. } => true,
            _ => false,
        }
    }

    /// The same failure as [`Error::Full`] when the disk had no room.
    pub(crate) fn full(self, ballast_freed: bool) -> Error {
        if self.is_full() { Error::Full { ballast_freed } } else { self }
    }
}

/// ENOSPC, or the share of this account is used up.
pub(crate) fn is_out_of_room(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// SQLITE_FULL, or the shared-memory file of the WAL could not grow (SQLITE_IOERR_SHMSIZE = 4874).
fn is_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|e| e.code == rusqlite::ErrorCode::DiskFull || e.extended_code == 4874)
}

/// Reading failed below SQLite: SQLITE_IOERR itself and its READ, SHORT_READ, FSTAT, SEEK, MMAP, DATA and CORRUPTFS
/// (sqlite.org/rescode.html). Of a failed write nothing was acknowledged, so it is no damage.
const UNREADABLE: [i32; 8] = [10, 266, 522, 1802, 5642, 6154, 8202, 8458];

fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode as C;
    let Some(told) = error.sqlite_error() else { return false };
    match told.code {
        // With a key that no slot has proven, not a database at all is answered as a wrong key before it comes here.
        C::DatabaseCorrupt | C::NotADatabase => true,
        C::SystemIoFailure => UNREADABLE.contains(&told.extended_code),
        // An index of words (a virtual table) says it in words, under a code of its own.
        _ => error.to_string().contains("malformed"),
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)
    )
}

//! The open database: one writer, a few readers, and the lock that closes them all.

use crate::ballast::Ballast;
use crate::key::Pinned;
use crate::migration::{self, MIGRATIONS, Migration};
use crate::reads::{self, Reads};
use crate::residents::NameIndex;
use crate::transact::{self, Changed, Ctx, Tx, View};
use crate::{Act, DataKey, Error, Result, backup, disk, file};
use domain::Timestamp;
use domain::ids::StationCode;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

/// What is said once, when the database is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StationIdentity {
    /// Station code as the centre knows it, or a provisional one until activation.
    pub station: StationCode,
    /// A training database; it can never become a real one.
    pub training: bool,
    /// When it is made.
    pub now: Timestamp,
}

/// Knobs of the store.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// Bytes that the ballast file reserves; 0 for none. Source: ours (two recordings and room for SQLite's work).
    pub ballast_bytes: u64,
    /// Below this many free bytes no new recording starts.
    pub threshold_bytes: u64,
    /// The schema; only tests give another list than [`MIGRATIONS`].
    pub migrations: &'static [Migration],
}

impl Default for StoreOptions {
    fn default() -> StoreOptions {
        StoreOptions { ballast_bytes: 64 << 20, threshold_bytes: 500_000_000, migrations: MIGRATIONS }
    }
}

/// The station's database, open. Cheap to share behind an `Arc`; every method takes `&self`.
pub struct Store {
    path: PathBuf,
    options: StoreOptions,
    /// Apart from the writer, so that a reader never waits for a commit.
    key: Mutex<Option<DataKey>>,
    writer: Mutex<Option<Open>>,
    readers: Mutex<Vec<Connection>>,
    index: Mutex<Option<Arc<NameIndex>>>,
    /// Held by the one who reads the index; never by who locks.
    names: Mutex<()>,
    /// Held by the one who takes residents in or clears them away; never by who locks, nor with the writer in hand.
    residents: Mutex<()>,
    /// Reads that are under way, each with a connection and so with the key.
    reads: Reads,
}

/// What is gone after [`Store::lock`].
struct Open {
    conn: Connection,
    register_key: Pinned,
    ballast: Ballast,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("path", &self.path).finish_non_exhaustive()
    }
}

/// How many idle readers are kept.
const IDLE_READERS: usize = 3;

impl Store {
    /// Makes a new database and opens it. Its first register line is [`Act::StationSetUp`].
    ///
    /// # Errors
    /// [`Error::Exists`] when the file is there already (left untouched); [`Error::Open`], [`Error::Migrate`],
    /// [`Error::File`].
    pub fn create(
        path: &Path,
        key: &DataKey,
        identity: &StationIdentity,
        options: StoreOptions,
    ) -> Result<Store> {
        if path.exists() {
            return Err(Error::Exists { path: path.to_owned() });
        }
        let store = Store::start(path, key, options, identity.now, true)?;
        fail::fail_point!("store::database::made");
        backup::sync_folder(path)?;
        let ctx = Ctx { operator: None, now: identity.now };
        store.transact(Act::StationSetUp, &ctx, |tx| {
            tx.set_meta(identity.station.as_str(), identity.training)
        })?;
        Ok(store)
    }

    /// Opens an existing database: refuses a newer one, runs `quick_check`, backs up and upgrades an older one. Where the disk
    /// has no room for that, the ballast is given up and it is tried once more; in vain, the ballast is taken again.
    ///
    /// # Errors
    /// [`Error::Full`] without room even so;
    /// [`Error::WrongKey`], [`Error::NewerDatabase`], [`Error::Damaged`] (all three leave the file untouched),
    /// [`Error::Migrate`] (rolled back, the backup stays), [`Error::Open`], [`Error::File`].
    pub fn open(path: &Path, key: &DataKey, options: StoreOptions, now: Timestamp) -> Result<Store> {
        match Store::start(path, key, options.clone(), now, false) {
            Err(error) if error.is_full() => {
                let ballast = Ballast::beside(path, options.ballast_bytes);
                if !ballast.free()? {
                    return Err(Error::Full { ballast_freed: false });
                }
                match Store::start(path, key, options, now, false) {
                    // Without it not even a password could be tried once more, and it has helped nobody.
                    Err(error) if error.is_full() => {
                        let kept = ballast.reserve().is_ok() && ballast.is_reserved();
                        Err(Error::Full { ballast_freed: !kept })
                    }
                    other => other.map_err(Error::named),
                }
            }
            other => other.map_err(Error::named),
        }
    }

    fn start(
        path: &Path,
        key: &DataKey,
        options: StoreOptions,
        now: Timestamp,
        create: bool,
    ) -> Result<Store> {
        let mut readers = Vec::new();
        if !create {
            // Looked at without any right to change it, so that a newer file, and a damaged one, is left exactly as it was.
            let look = file::open_reader(path, key)?;
            migration::refuse_newer(&look, options.migrations)?;
            if !migration::is_ours(&look)? {
                // Cut to nothing: SQLite takes an empty file for a new database.
                return Err(Error::Damaged { findings: 1, first: "none of the tables is there".into() });
            }
            check(&look)?;
            readers.push(look);
        }
        let mut conn = file::open(path, key, create)?;
        // Only when there is something to run: an old database must open on a full disk too.
        if migration::is_pending(&conn, options.migrations)? {
            // The WAL is moved into the file first, so that the backup is a copy of one file.
            conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
                .map_err(Error::sql("move the log into the file"))?;
            migration::upgrade(&mut conn, options.migrations, now.as_millisecond(), |name| {
                backup::before(path, name).map(drop)
            })?;
        }
        crate::search::rebuild_if_behind(&mut conn)?;
        let ballast = Ballast::beside(path, options.ballast_bytes);
        ballast.reserve()?;
        let open = Open { conn, register_key: key.register_key()?, ballast };
        Ok(Store {
            path: path.to_owned(),
            options,
            key: Mutex::new(Some(key.clone())),
            writer: Mutex::new(Some(open)),
            readers: Mutex::new(readers),
            index: Mutex::new(None),
            names: Mutex::new(()),
            residents: Mutex::new(()),
            reads: Reads::default(),
        })
    }

    /// Does `work` under the name of `act`, with exactly one register line, all or nothing. When it has returned, the
    /// change is on the disk. On a full disk the ballast is given up and `work` runs a second time; not for residents, whom
    /// nobody waits for at the desk.
    ///
    /// # Errors
    /// Whatever `work` returns (rolled back), [`Error::Full`], [`Error::Locked`], [`Error::Sql`].
    pub fn transact<T>(
        &self,
        act: Act,
        ctx: &Ctx,
        mut work: impl FnMut(&Tx<'_>) -> Result<T>,
    ) -> Result<Changed<T>> {
        let mut guard = self.writer();
        let open = guard.as_mut().ok_or(Error::Locked)?;
        let first = transact::transact(&mut open.conn, &open.register_key[..], &act, ctx, &mut work);
        match first {
            Err(error) if error.is_full() && act.may_take_the_ballast() => {
                let ballast_freed = open.ballast.free()?;
                if !ballast_freed {
                    return Err(Error::Full { ballast_freed });
                }
                match transact::transact(&mut open.conn, &open.register_key[..], &act, ctx, &mut work) {
                    Ok(changed) => Ok(Changed { ballast_freed, ..changed }),
                    Err(error) if error.is_full() => Err(Error::Full { ballast_freed }),
                    Err(error) => Err(error),
                }
            }
            other => other.map_err(|error| error.full(false)),
        }
    }

    /// Keeps bookkeeping, without a register line. See [`crate::Ledger`].
    ///
    /// # Errors
    /// Whatever `work` returns (rolled back), [`Error::Full`], [`Error::Locked`], [`Error::Sql`].
    pub fn bookkeep<T>(
        &self,
        now: Timestamp,
        work: impl FnOnce(&crate::Ledger<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut guard = self.writer();
        let open = guard.as_mut().ok_or(Error::Locked)?;
        crate::ledger::bookkeep(&mut open.conn, now.as_millisecond(), work).map_err(|error| {
            // The ballast is for recordings; a progress mark that is not kept costs only bytes sent twice.
            if error.is_full() { Error::Full { ballast_freed: false } } else { error }
        })
    }

    /// As [`Store::bookkeep`], for what a device must not hear of before it stands in the books: on a full disk the ballast is
    /// given up and `work` runs a second time. Returns also whether that was needed.
    ///
    /// # Errors
    /// Those of [`Store::bookkeep`].
    pub fn bookkeep_surely<T>(
        &self,
        now: Timestamp,
        mut work: impl FnMut(&crate::Ledger<'_>) -> Result<T>,
    ) -> Result<(T, bool)> {
        let mut guard = self.writer();
        let open = guard.as_mut().ok_or(Error::Locked)?;
        let now_ms = now.as_millisecond();
        match crate::ledger::bookkeep(&mut open.conn, now_ms, &mut work) {
            Err(error) if error.is_full() => {
                let ballast_freed = open.ballast.free()?;
                if !ballast_freed {
                    return Err(Error::Full { ballast_freed });
                }
                let kept = crate::ledger::bookkeep(&mut open.conn, now_ms, &mut work);
                kept.map(|value| (value, ballast_freed)).map_err(|error| error.full(ballast_freed))
            }
            other => Ok((other?, false)),
        }
    }

    /// Reads with a connection of its own, in one consistent look; never waits for a writer.
    ///
    /// # Errors
    /// Whatever `work` returns; [`Error::Locked`]; [`Error::Open`] or [`Error::WrongKey`] when no connection can be had.
    pub fn read<T>(&self, work: impl FnOnce(&View<'_>) -> Result<T>) -> Result<T> {
        // Counted before the look whether it is locked: a lock that comes later waits for this one.
        let under_way = self.reads.begin();
        if self.is_locked() {
            return Err(Error::Locked);
        }
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match idle {
            Some(conn) => conn,
            None => file::open_reader(&self.path, &self.data_key()?)?,
        };
        let result = (|| {
            let look = conn.unchecked_transaction().map_err(Error::sql("begin to read"))?;
            let mut held = reads::held(&look)?;
            let _active = reads::hold(&mut held)?;
            under_way.can_be_stopped(&look);
            // Whoever locks takes the key first and stops then: a stop that came too early for this one is seen here.
            if self.is_locked() {
                return Err(Error::Locked);
            }
            work(&View { conn: &look })
        })();
        // After a lock the connection is closed here instead of going back. Looked at with the list in hand: locking takes the
        // key first and clears the list then, so that no connection comes back after it was cleared.
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.is_locked() && readers.len() < IDLE_READERS {
            readers.push(conn);
        }
        match result {
            Err(error) if error.is_stopped() && self.is_locked() => Err(Error::Locked),
            other => other,
        }
    }

    /// Wipes the key and closes every connection that rests. Everything after it answers [`Error::Locked`], and so does a
    /// read that is under way, at its next step; see [`Store::is_let_go`]. A write that is under way is never stopped: it
    /// is waited for, and what it acknowledges is on the disk.
    pub fn lock(&self) {
        *self.key.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.reads.stop();
        *self.writer() = None;
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        *self.index.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Waits until the reads that [`Store::lock`] has stopped have ended, and their connections with them: from then on nothing
    /// in memory holds the key. False when one did not end `within` the time: it asks the database nothing any more, and
    /// has not come back from what it does with the answers.
    pub fn is_let_go(&self, within: Duration) -> bool {
        self.reads.wait_for_none(within)
    }

    /// Returns whether [`Store::lock`] was called.
    pub fn is_locked(&self) -> bool {
        self.key.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// Moves the log into the file and reserves the ballast again; meant for an idle moment.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Sql`], [`Error::File`] when there is no room for the ballast yet.
    pub fn tidy(&self) -> Result<()> {
        let mut guard = self.writer();
        let open = guard.as_mut().ok_or(Error::Locked)?;
        fail::fail_point!("store::log::before_move");
        open.conn
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
            .map_err(Error::sql("move the log into the file"))?;
        fail::fail_point!("store::log::moved");
        open.ballast.reserve()
    }

    /// Tells how many recordings still fit on the disk and whether a new one may start.
    ///
    /// # Errors
    /// [`Error::File`] when the file system cannot be asked, [`Error::Sql`], [`Error::Locked`].
    pub fn forecast(&self) -> Result<disk::Forecast> {
        let free = disk::free_bytes(&self.path)?;
        let (reusable, average) =
            self.read(|view| Ok((disk::reusable_bytes(view)?, disk::average_recording_bytes(view)?)))?;
        let mut forecast = disk::forecast(free, reusable, average, self.options.threshold_bytes);
        forecast.ballast_ready = self.writer().as_ref().ok_or(Error::Locked)?.ballast.is_reserved();
        Ok(forecast)
    }

    /// Refuses when a new recording must not start for want of room. A ballast that was given up is taken again first: without
    /// it a recording could come to a disk on which nothing can be kept.
    ///
    /// # Errors
    /// [`Error::NearlyFull`] below the threshold, or when the ballast does not fit; [`Error::File`] when it cannot be
    /// written; those of [`Store::forecast`].
    pub fn room_for_recording(&self) -> Result<disk::Forecast> {
        let mut forecast = self.forecast()?;
        if !forecast.refuse_new && !forecast.ballast_ready {
            self.writer().as_ref().ok_or(Error::Locked)?.ballast.reserve()?;
            forecast = self.forecast()?;
        }
        if forecast.refuse_new || !forecast.ballast_ready {
            let reserve = if forecast.ballast_ready { 0 } else { self.options.ballast_bytes };
            return Err(Error::NearlyFull {
                free_bytes: forecast.free_bytes,
                threshold_bytes: self.options.threshold_bytes.saturating_add(reserve),
            });
        }
        Ok(forecast)
    }

    /// Refuses what no recording waits for where it would take the disk below the threshold: new visits would be held for it.
    /// It takes `log` bytes of the log and `file` bytes of the file, which has its free pages for them first.
    ///
    /// # Errors
    /// [`Error::Full`], with the ballast untouched; [`Error::File`] when the file system cannot be asked; [`Error::Locked`],
    /// [`Error::Sql`].
    pub(crate) fn room_beside_recordings(&self, log: u64, file: u64) -> Result<()> {
        let (reusable, waits) =
            self.read(|view| Ok((disk::reusable_bytes(view)?, disk::waiting_bytes(view, &self.path)?)))?;
        let grows = file.saturating_sub(reusable).saturating_add(waits);
        let needed = self.options.threshold_bytes.saturating_add(log).saturating_add(grows);
        if disk::free_bytes(&self.path)? < needed {
            return Err(Error::Full { ballast_freed: false });
        }
        Ok(())
    }

    /// Moves the log into the file and gives its room back to the disk; where somebody reads from it, only moves what can be
    /// moved, and waits for nobody.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Sql`].
    pub(crate) fn give_log_back(&self) -> Result<()> {
        let operation = "give the log's room back";
        self.with_writer(|conn| {
            conn.busy_timeout(Duration::ZERO).map_err(Error::sql(operation))?;
            let moved = conn
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
                .map_err(Error::sql(operation));
            conn.busy_timeout(file::PATIENCE).map_err(Error::sql(operation))?;
            moved
        })
    }

    /// Returns the data key, to wrap it for another operator.
    ///
    /// # Errors
    /// [`Error::Locked`].
    pub fn data_key(&self) -> Result<DataKey> {
        self.key.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or(Error::Locked)
    }

    /// Returns the database file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Lends the writer's connection for what changes no datum, and for residents whom nobody sees yet or any more.
    pub(crate) fn with_writer<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        let mut guard = self.writer();
        work(&mut guard.as_mut().ok_or(Error::Locked)?.conn)
    }

    fn writer(&self) -> MutexGuard<'_, Option<Open>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn reading_names(&self) -> MutexGuard<'_, ()> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The right to take residents in or to clear them away; waited for.
    pub(crate) fn moving_residents(&self) -> MutexGuard<'_, ()> {
        self.residents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same, or none while somebody else has it.
    pub(crate) fn may_move_residents(&self) -> Option<MutexGuard<'_, ()>> {
        match self.residents.try_lock() {
            Ok(guard) => Some(guard),
            Err(TryLockError::Poisoned(guard)) => Some(guard.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    pub(crate) fn index_cell(&self) -> MutexGuard<'_, Option<Arc<NameIndex>>> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs SQLite's `quick_check` over the whole file. A check that cannot come to its end is a finding too.
fn check(conn: &Connection) -> Result<()> {
    let findings = (|| {
        let mut statement = conn.prepare("PRAGMA quick_check(100)")?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        rows.collect::<rusqlite::Result<Vec<String>>>()
    })()
    .map_err(|source| Error::sql("check the database")(source).named())?;
    match findings.first() {
        Some(first) if first != "ok" => {
            Err(Error::Damaged { findings: findings.len(), first: first.clone() })
        }
        _ => Ok(()),
    }
}

/// For tests of what stops a read.
#[doc(hidden)]
impl View<'_> {
    /// Reads until it is stopped.
    pub fn read_without_end_for_tests(&self) -> Result<i64> {
        let sql = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n";
        self.conn.query_row(sql, [], |row| row.get(0)).map_err(Error::sql("read without end"))
    }
}

/// For tests of a full disk; changes nothing in the file.
#[doc(hidden)]
impl Store {
    /// Lets the file grow by at most `more` pages until it is opened again.
    pub fn limit_pages_for_tests(&self, more: u32) -> Result<()> {
        let guard = self.writer();
        let open = guard.as_ref().ok_or(Error::Locked)?;
        let operation = "limit the pages";
        let pages: u32 =
            open.conn.query_row("PRAGMA page_count", [], |row| row.get(0)).map_err(Error::sql(operation))?;
        open.conn
            .query_row(&format!("PRAGMA max_page_count = {}", pages + more), [], |_| Ok(()))
            .map_err(Error::sql(operation))
    }
}

/// For tests of what a question costs.
#[doc(hidden)]
impl Store {
    /// Reads as [`Store::read`], and returns how many steps SQLite's machine took: several for each row that it looked at.
    pub fn steps_for_tests<T>(&self, work: impl Fn(&View<'_>) -> Result<T>) -> Result<(T, u64)> {
        let mut conn = file::open_reader(&self.path, &self.data_key()?)?;
        // Once before, so that learning the schema is not counted.
        work(&View { conn: &conn })?;
        let steps = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&steps);
        let count = move || {
            counted.fetch_add(1, Ordering::Relaxed);
            false
        };
        conn.progress_handler(1, Some(count)).map_err(Error::sql("count steps"))?;
        let value = work(&View { conn: &conn })?;
        Ok((value, steps.load(Ordering::Relaxed)))
    }
}

/// For tests of the pragmas that durability rests on.
#[doc(hidden)]
impl Store {
    /// Returns `synchronous` (2 is FULL) and `foreign_keys` of the writer.
    pub fn durability_for_tests(&self) -> Result<(i64, i64)> {
        let guard = self.writer();
        let open = guard.as_ref().ok_or(Error::Locked)?;
        let ask = |pragma: &str| {
            open.conn
                .query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0))
                .map_err(Error::sql("ask for a pragma"))
        };
        Ok((ask("synchronous")?, ask("foreign_keys")?))
    }
}

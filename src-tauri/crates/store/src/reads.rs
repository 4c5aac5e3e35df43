//! The reads that are under way, and how they are stopped.
//!
//! `sqlite3_interrupt` stops what runs, and what begins after it as long as one statement of the connection is active
//! (sqlite.org/c3ref/interrupt.html). So each read keeps one statement open from its begin to its end: whether it is
//! stopped in the middle of a question or between two of them, it comes no further. A connection that writes never
//! stands here.

use crate::{Error, Result};
use rusqlite::{Connection, InterruptHandle, Rows, Statement};
use std::collections::HashMap;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Gives one row and has another: active until it is dropped. It touches no page.
const HELD: &str = "VALUES (1), (2)";

/// Counts them, so that whoever locks can stop them all and wait for the last.
#[derive(Default)]
pub(crate) struct Reads {
    all: Mutex<All>,
    fewer: Condvar,
}

#[derive(Default)]
struct All {
    count: usize,
    last: u64,
    stops: HashMap<u64, InterruptHandle>,
}

/// One read, until it is dropped.
pub(crate) struct UnderWay<'a> {
    reads: &'a Reads,
    number: u64,
}

impl Reads {
    pub(crate) fn begin(&self) -> UnderWay<'_> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.count += 1;
        all.last += 1;
        UnderWay { reads: self, number: all.last }
    }

    /// Stops every read that [can be stopped](UnderWay::can_be_stopped) now.
    pub(crate) fn stop(&self) {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.stops.values().for_each(InterruptHandle::interrupt);
    }

    /// True once none is under way; false when `within` is over before.
    pub(crate) fn wait_for_none(&self, within: Duration) -> bool {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let (all, _) = self
            .fewer
            .wait_timeout_while(all, within, |all| all.count > 0)
            .unwrap_or_else(PoisonError::into_inner);
        all.count == 0
    }
}

impl UnderWay<'_> {
    /// From now on [`Reads::stop`] stops this read, which holds a statement by [`hold`] on `conn`.
    pub(crate) fn can_be_stopped(&self, conn: &Connection) {
        let mut all = self.reads.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.stops.insert(self.number, conn.get_interrupt_handle());
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let mut all = self.reads.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.count -= 1;
        all.stops.remove(&self.number);
        self.reads.fewer.notify_all();
    }
}

/// The statement that a read keeps open.
pub(crate) fn held(conn: &Connection) -> Result<rusqlite::CachedStatement<'_>> {
    conn.prepare_cached(HELD).map_err(Error::sql("begin to read"))
}

/// Makes it active until the answer is dropped.
pub(crate) fn hold<'s>(held: &'s mut Statement<'_>) -> Result<Rows<'s>> {
    let mut rows = held.query([]).map_err(Error::sql("begin to read"))?;
    rows.next().map_err(Error::sql("begin to read"))?;
    Ok(rows)
}

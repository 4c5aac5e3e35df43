//! The reads that are under way.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Counts them, so that whoever locks can wait for the last.
#[derive(Default)]
pub(crate) struct Reads {
    count: Mutex<usize>,
    fewer: Condvar,
}

/// One read, until it is dropped.
pub(crate) struct UnderWay<'a>(&'a Reads);

impl Reads {
    pub(crate) fn begin(&self) -> UnderWay<'_> {
        *self.count.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        UnderWay(self)
    }

    /// True once none is under way; false when `within` is over before.
    pub(crate) fn wait_for_none(&self, within: Duration) -> bool {
        let count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, _) = self
            .fewer
            .wait_timeout_while(count, within, |count| *count > 0)
            .unwrap_or_else(PoisonError::into_inner);
        *count == 0
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        *self.0.count.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.fewer.notify_all();
    }
}

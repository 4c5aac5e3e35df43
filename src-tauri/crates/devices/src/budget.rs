//! How long an operation may take, and whether anybody still wants it.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::Fault;

/// A switch that is thrown once; clones share it.
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<(Mutex<bool>, Condvar)>);

impl CancelToken {
    /// A token that nobody has cancelled.
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancels; wakes everyone who waits. Calling it again changes nothing.
    pub fn cancel(&self) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.1.notify_all();
    }

    /// True once `cancel` was called.
    pub fn is_cancelled(&self) -> bool {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until cancelled or until `limit` has passed; true when cancelled.
    pub fn wait(&self, limit: Duration) -> bool {
        let guard = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (guard, _) =
            self.0.1.wait_timeout_while(guard, limit, |done| !*done).unwrap_or_else(PoisonError::into_inner);
        *guard
    }
}

/// The overall deadline of a task together with its cancel token.
///
/// Every blocking call takes one; a step inside it asks for `step(limit)` so that its own
/// deadline never outlives the whole task's.
#[derive(Clone, Debug)]
pub struct Budget {
    started: Instant,
    deadline: Instant,
    cancel: CancelToken,
    grace: Duration,
}

/// After its budget is over a driver gets this long to come back by itself, unless more is granted.
const GRACE: Duration = Duration::from_secs(2);

impl Budget {
    /// A task that may take `limit` from now and ends early when `cancel` is thrown.
    pub fn new(limit: Duration, cancel: &CancelToken) -> Self {
        let started = Instant::now();
        Self { started, deadline: started + limit, cancel: cancel.clone(), grace: GRACE }
    }

    /// A task with a limit and nobody to cancel it.
    pub fn of(limit: Duration) -> Self {
        Self::new(limit, &CancelToken::new())
    }

    /// The same task, whose driver may take `grace` after its end to find out what became of it.
    #[must_use]
    pub fn with_grace(self, grace: Duration) -> Self {
        Self { grace, ..self }
    }

    /// How long the driver may take after the end.
    pub fn grace(&self) -> Duration {
        self.grace
    }

    /// A part of this task: at most `limit`, never longer than what is left.
    pub fn step(&self, limit: Duration) -> Self {
        let started = Instant::now();
        let deadline = self.deadline.min(started + limit);
        Self { started, deadline, cancel: self.cancel.clone(), grace: self.grace }
    }

    /// What is left, zero when over.
    pub fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// What is left, as a socket or port time-out: at most `slice`, never zero.
    pub fn slice(&self, slice: Duration) -> Duration {
        self.left().min(slice).max(Duration::from_millis(1))
    }

    /// The token that ends this task.
    pub fn cancel(&self) -> &CancelToken {
        &self.cancel
    }

    /// Ok while the task may go on; [`Fault::Cancelled`] or [`Fault::TimedOut`] otherwise.
    ///
    /// # Errors
    /// [`Fault::Cancelled`], [`Fault::TimedOut`].
    pub fn check(&self) -> Result<(), Fault> {
        if self.cancel.is_cancelled() {
            return Err(Fault::Cancelled);
        }
        if self.left().is_zero() {
            return Err(Fault::TimedOut { after_ms: millis(self.deadline - self.started) });
        }
        Ok(())
    }

    /// Waits `pause`, or less when the task ends first; then as `check`.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn pause(&self, pause: Duration) -> Result<(), Fault> {
        self.cancel.wait(self.left().min(pause));
        self.check()
    }
}

/// Whole milliseconds of a duration, saturating.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancelled_budget_says_cancelled_even_when_time_is_left() {
        let token = CancelToken::new();
        let budget = Budget::new(Duration::from_secs(600), &token);
        assert_eq!(budget.check(), Ok(()), "nothing has happened yet");
        token.cancel();
        assert_eq!(budget.check(), Err(Fault::Cancelled), "the token is shared with its budget");
    }

    #[test]
    fn a_step_never_outlives_the_task() {
        let budget = Budget::of(Duration::ZERO);
        let step = budget.step(Duration::from_secs(600));
        assert!(
            matches!(step.check(), Err(Fault::TimedOut { .. })),
            "the task's time is over, so is the step's"
        );
    }
}

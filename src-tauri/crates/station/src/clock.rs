//! The one place where time and chance enter; tests put their own clock here.

use std::sync::Mutex;

use jiff::Timestamp;
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present instant, UTC.
    fn now(&self) -> Timestamp;

    /// Whether somebody sets it at will: then its jumps are no sleep of the computer.
    fn is_set_by_hand(&self) -> bool {
        false
    }
}

/// The computer's own clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct HeldClock(Mutex<Timestamp>);

impl HeldClock {
    /// A clock that says `at`.
    pub fn at(at: Timestamp) -> Self {
        Self(Mutex::new(at))
    }

    /// Sets it to `at`, forwards or back; it does not run by itself.
    pub fn set(&self, at: Timestamp) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = at;
    }
}

impl Clock for HeldClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn is_set_by_hand(&self) -> bool {
        true
    }
}

/// A jump of the clock over this much more than the time that really ran is a sleep of the computer.
const SLEEP: std::time::Duration = std::time::Duration::from_secs(30);

/// Notices that the computer slept: the clock went on and the program did not.
///
/// A clock that is put forward looks the same; then the screen is locked once too often, and nothing else happens.
pub(crate) struct Slept {
    wall: Timestamp,
    ran: std::time::Instant,
}

impl Slept {
    pub(crate) fn since(now: Timestamp) -> Self {
        Self { wall: now, ran: std::time::Instant::now() }
    }

    /// True once for every sleep since the last question.
    pub(crate) fn noticed(&mut self, now: Timestamp) -> bool {
        let (wall, ran) = (now.duration_since(self.wall), self.ran.elapsed());
        *self = Self::since(now);
        std::time::Duration::try_from(wall).is_ok_and(|wall| wall > ran + SLEEP)
    }
}

/// A new id, sortable by the time it was made (UUIDv7).
pub(crate) fn new_uuid() -> Uuid {
    Uuid::now_v7()
}

//! Waiting after wrong passwords.

use serde::{Deserialize, Serialize};

/// Wrong passwords that cost nothing: fingers slip.
const FREE: u32 = 2;
/// The wait after the third wrong one. Source: ours.
const FIRST_WAIT_MS: u64 = 5_000;
/// No wait is longer than an hour, or a prankster could close the desk for a day.
const LONGEST_WAIT_MS: u64 = 3_600_000;

/// How often in a row a slot was tried in vain, kept in the sidecar so that a restart forgets nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Backoff {
    /// Wrong attempts in a row.
    pub wrong: u32,
    /// When the last one was, or when the clock was found behind it. UTC milliseconds.
    pub since_ms: i64,
}

impl Backoff {
    /// Milliseconds still to wait. A clock that stands before the last attempt has been set back: the whole wait
    /// begins again from there (the caller saves `self`), so turning the clock back never shortens it.
    pub fn wait_ms(&mut self, now_ms: i64) -> u64 {
        if self.wrong <= FREE {
            return 0;
        }
        if now_ms < self.since_ms {
            self.since_ms = now_ms;
        }
        let whole = whole_wait_ms(self.wrong);
        whole.saturating_sub(now_ms.abs_diff(self.since_ms))
    }

    /// Counts an attempt before it is made, so that pulling the plug during it does not help.
    pub fn count(&mut self, now_ms: i64) {
        self.wrong = self.wrong.saturating_add(1);
        self.since_ms = now_ms;
    }
}

/// 0, 0, 5 s, 10 s, 20 s … one hour.
pub(crate) fn whole_wait_ms(wrong: u32) -> u64 {
    if wrong <= FREE {
        return 0;
    }
    let doublings = (wrong - FREE - 1).min(20);
    (FIRST_WAIT_MS << doublings).min(LONGEST_WAIT_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_from_the_third_wrong_password() {
        let waits: Vec<u64> = (1..=6).map(whole_wait_ms).collect();
        assert_eq!(waits, [0, 0, 5_000, 10_000, 20_000, 40_000], "two slips are free, then it doubles");
        assert_eq!(whole_wait_ms(u32::MAX), LONGEST_WAIT_MS, "an hour at most, without overflow");
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_shorten_the_wait() {
        let mut backoff = Backoff { wrong: 3, since_ms: 1_000_000 };
        assert_eq!(backoff.wait_ms(1_004_000), 1_000, "four of five seconds have passed");
        assert_eq!(backoff.wait_ms(500_000), 5_000, "before the last attempt the whole wait stands");
        assert_eq!(
            backoff.wait_ms(503_000),
            2_000,
            "and runs from the new clock, so nobody is locked out for ever"
        );
    }
}

//! How long to wait after a fault before trying again by oneself.

use std::time::Duration;

/// 0.5 s, doubling to 8 s.
#[derive(Clone, Debug, Default)]
pub struct Backoff(u32);

impl Backoff {
    /// Returns the next wait: 0.5 s after the first fault, twice as long each time, never more than 8 s.
    pub fn wait(&mut self) -> Duration {
        let wait = Duration::from_millis(500 << self.0.min(4));
        self.0 = self.0.saturating_add(1);
        wait
    }

    /// It went well: start from 0.5 s again.
    pub fn reset(&mut self) {
        self.0 = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_half_a_second_to_eight_and_start_again_after_success() {
        let mut backoff = Backoff::default();
        let waits: Vec<u128> = (0..6).map(|_| backoff.wait().as_millis()).collect();
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 8000]);
        backoff.reset();
        assert_eq!(backoff.wait().as_millis(), 500, "a success forgets the faults before it");
    }
}

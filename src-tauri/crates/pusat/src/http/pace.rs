//! How often each station may ask, and how often a code may be tried.

use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;

/// Codes that all who have no certificate yet may try together in a second.
const ACTIVATIONS: u32 = 5;
/// A burst is this many seconds' worth.
const BURST_S: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

/// The rates of one centre; each kind of asking has its own.
pub struct Pace {
    stations: DefaultKeyedRateLimiter<String>,
    activations: DefaultDirectRateLimiter,
}

impl std::fmt::Debug for Pace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pace")
    }
}

impl Pace {
    /// `requests_per_second` for each station; zero counts as one.
    pub fn new(requests_per_second: u32) -> Self {
        Self {
            stations: RateLimiter::keyed(quota(requests_per_second)),
            activations: RateLimiter::direct(quota(ACTIVATIONS)),
        }
    }

    /// Whether this station may ask once more now.
    pub(crate) fn may_ask(&self, station: &str) -> bool {
        self.stations.check_key(&station.to_owned()).is_ok()
    }

    /// Whether one more code may be tried now.
    pub(crate) fn may_activate(&self) -> bool {
        self.activations.check().is_ok()
    }
}

fn quota(per_second: u32) -> Quota {
    let rate = NonZeroU32::new(per_second).unwrap_or(NonZeroU32::MIN);
    Quota::per_second(rate).allow_burst(rate.saturating_mul(BURST_S))
}

#[cfg(test)]
mod tests {
    use super::Pace;

    #[test]
    fn an_activation_does_not_slow_the_stations_down() {
        let pace = Pace::new(200);
        assert!(pace.may_activate(), "the first thing that the centre is asked after its start");
        let answered = (0..2_000).filter(|_| pace.may_ask("uji")).count();
        assert_eq!(answered, 2_000, "stations keep their own rate and its burst");
        let tried = (0..2_000).filter(|_| pace.may_activate()).count();
        assert!(tried < 2_000, "codes cannot be guessed at that pace");
    }
}

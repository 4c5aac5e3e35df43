//! Sending yields to the desk, keeps to its share of the line, and stops when it is told to.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::ids::PacketId;
use futures_util::Stream;
use tokio::sync::Notify;

#[derive(Debug, Default)]
struct Shared {
    pauses: AtomicUsize,
    stopped: AtomicBool,
    bytes_per_second: AtomicU64,
    metered: AtomicBool,
    bulk_on_metered: AtomicBool,
    set_aside: Mutex<BTreeSet<PacketId>>,
    changed: Notify,
}

/// The hands on the valve; clones are the same valve.
#[derive(Clone, Debug, Default)]
pub struct Pace(Arc<Shared>);

/// While it lives nothing is sent; dropping it lets sending go on.
#[derive(Debug)]
pub struct Pause(Arc<Shared>);

impl Drop for Pause {
    fn drop(&mut self) {
        self.0.pauses.fetch_sub(1, Ordering::SeqCst);
        self.0.changed.notify_waiters();
    }
}

/// Why a request was given up in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interrupt {
    Paused,
    Stopped,
    /// A person took this one packet out of the exchange.
    SetAside,
}

impl Pace {
    /// Holds sending back, for a capture or a print.
    pub fn pause(&self) -> Pause {
        self.0.pauses.fetch_add(1, Ordering::SeqCst);
        self.0.changed.notify_waiters();
        Pause(Arc::clone(&self.0))
    }

    /// Whether somebody holds it back.
    pub fn is_paused(&self) -> bool {
        self.0.pauses.load(Ordering::SeqCst) > 0
    }

    /// Ends the exchange that runs; what has arrived stays there.
    pub fn stop(&self) {
        self.0.stopped.store(true, Ordering::SeqCst);
        self.0.changed.notify_waiters();
    }

    /// Lets the next exchange begin.
    pub fn resume(&self) {
        self.0.stopped.store(false, Ordering::SeqCst);
    }

    /// Whether it was told to end.
    pub fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::SeqCst)
    }

    /// Takes one packet out of the exchange that runs, also in the middle of a chunk; the others go on.
    pub fn set_aside(&self, packet: PacketId) {
        self.0.set_aside.lock().unwrap_or_else(PoisonError::into_inner).insert(packet);
        self.0.changed.notify_waiters();
    }

    /// Lets a packet that was set aside go with the others again.
    pub fn take_back(&self, packet: PacketId) {
        self.0.set_aside.lock().unwrap_or_else(PoisonError::into_inner).remove(&packet);
    }

    /// Whether a person set this packet aside.
    pub fn is_set_aside(&self, packet: PacketId) -> bool {
        self.0.set_aside.lock().unwrap_or_else(PoisonError::into_inner).contains(&packet)
    }

    /// Sets the share of the line, bytes a second; 0 for all of it.
    pub fn set_cap(&self, bytes_per_second: u64) {
        self.0.bytes_per_second.store(bytes_per_second, Ordering::SeqCst);
    }

    pub(crate) fn cap(&self) -> u64 {
        self.0.bytes_per_second.load(Ordering::SeqCst)
    }

    /// Says whether the line is paid for by the byte, and whether large parts may go all the same.
    pub fn set_metered(&self, metered: bool, bulk: bool) {
        self.0.metered.store(metered, Ordering::SeqCst);
        self.0.bulk_on_metered.store(bulk, Ordering::SeqCst);
    }

    pub(crate) fn metered(&self) -> (bool, bool) {
        (self.0.metered.load(Ordering::SeqCst), self.0.bulk_on_metered.load(Ordering::SeqCst))
    }

    /// Waits until sending this packet must yield.
    pub(crate) async fn interrupted(&self, packet: PacketId) -> Interrupt {
        loop {
            let changed = self.0.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if self.is_stopped() {
                return Interrupt::Stopped;
            }
            if self.is_paused() {
                return Interrupt::Paused;
            }
            if self.is_set_aside(packet) {
                return Interrupt::SetAside;
            }
            changed.await;
        }
    }

    /// Bytes of one slice, and the time that it may not be faster than.
    pub(crate) fn slice(&self) -> (usize, Duration) {
        const SLICE: u64 = 8 << 10;
        match self.cap() {
            0 => (usize::try_from(SLICE).unwrap_or(8192), Duration::ZERO),
            cap => {
                let slice = SLICE.min(cap).max(1);
                let time = Duration::from_micros(slice.saturating_mul(1_000_000) / cap);
                (usize::try_from(slice).unwrap_or(8192), time)
            }
        }
    }
}

/// The bytes as a body that keeps to the pace.
pub(crate) fn body(bytes: Vec<u8>, pace: &Pace) -> reqwest::Body {
    if pace.cap() == 0 {
        return reqwest::Body::from(bytes);
    }
    reqwest::Body::wrap_stream(paced(bytes, pace, tokio::time::sleep))
}

/// The bytes slice by slice, each after the time that it may not be faster than.
fn paced<S, F>(
    bytes: Vec<u8>,
    pace: &Pace,
    sleep: S,
) -> impl Stream<Item = Result<bytes::Bytes, std::io::Error>> + Send + 'static
where
    S: Fn(Duration) -> F + Clone + Send + 'static,
    F: Future<Output = ()> + Send,
{
    let pace = pace.clone();
    futures_util::stream::unfold(bytes::Bytes::from(bytes), move |mut rest| {
        let (pace, sleep) = (pace.clone(), sleep.clone());
        async move {
            if rest.is_empty() {
                return None;
            }
            let (length, time) = pace.slice();
            let slice = rest.split_to(length.min(rest.len()));
            sleep(time).await;
            Some((Ok(slice), rest))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::{FutureExt as _, StreamExt as _};

    #[test]
    fn two_who_hold_it_back_must_both_let_go() {
        let pace = Pace::default();
        let (one, two) = (pace.pause(), pace.pause());
        drop(one);
        assert!(pace.is_paused(), "the print goes on after the capture ended");
        drop(two);
        assert!(!pace.is_paused(), "then sending goes on by itself");
    }

    /// What goes over the line, each slice with the simulated time at which it went.
    fn sent(pace: &Pace, bytes: usize, mut meanwhile: impl FnMut(usize)) -> Vec<(Duration, usize)> {
        let clock = Arc::new(Mutex::new(Duration::ZERO));
        let own = Arc::clone(&clock);
        let sleep = move |time| {
            *own.lock().unwrap() += time;
            std::future::ready(())
        };
        let mut stream = Box::pin(paced(vec![7; bytes], pace, sleep));
        let (mut went, mut total) = (Vec::new(), 0);
        while let Some(slice) = stream.next().now_or_never().expect("only the simulated time passes") {
            total += slice.unwrap().len();
            went.push((*clock.lock().unwrap(), total));
            meanwhile(total);
        }
        went
    }

    #[test]
    fn a_capped_line_never_carries_more_than_its_share_and_wastes_no_more_than_a_slice() {
        for cap in [1_000_u64, 4_096, 8_192, 100_000] {
            let pace = Pace::default();
            pace.set_cap(cap);
            let went = sent(&pace, 262_144, |_| ());
            for (at, total) in &went {
                let allowed = at.as_secs_f64() * cap as f64;
                assert!(*total as f64 <= allowed * 1.001 + 1.0, "{total} bytes at {at:?} of {cap} a second");
            }
            let (end, total) = went.last().copied().unwrap();
            assert_eq!(total, 262_144, "all of it");
            let least = Duration::from_secs_f64(262_144.0 / cap as f64);
            let slice = Duration::from_secs_f64(8_192.0_f64.min(cap as f64) / cap as f64);
            assert!(end <= least + slice + Duration::from_millis(1), "in {end:?}, not much above {least:?}");
        }
    }

    #[test]
    fn a_share_that_is_changed_holds_from_the_next_slice_on() {
        let pace = Pace::default();
        pace.set_cap(8_192);
        let hand = pace.clone();
        let went = sent(&pace, 81_920, |total| {
            if total == 40_960 {
                hand.set_cap(81_920)
            }
        });
        assert_eq!(went[4].0, Duration::from_secs(5), "five slices, a second each");
        assert_eq!(
            went.last().unwrap().0,
            Duration::from_millis(5_500),
            "and five, a tenth of a second each"
        );
    }

    #[test]
    fn the_share_of_the_line_is_kept_slice_by_slice() {
        let pace = Pace::default();
        pace.set_cap(4096);
        assert_eq!(pace.slice(), (4096, Duration::from_secs(1)), "one slice a second");
        pace.set_cap(0);
        assert_eq!(pace.slice().1, Duration::ZERO, "no cap, no wait");
    }
}

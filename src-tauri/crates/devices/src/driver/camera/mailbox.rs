//! A mailbox for the newest frame only: a slow reader never makes a queue.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Frame;
use crate::error::Fault;

#[derive(Default)]
struct Slot {
    latest: Option<Frame>,
    seen: u64,
    dropped: u64,
    sequence: u64,
    ended: Option<Fault>,
}

/// Holds the latest frame. One writer, any number of readers; readers name the last
/// sequence they saw, so none steals from another.
#[derive(Default)]
pub struct FrameMailbox {
    slot: Mutex<Slot>,
    changed: Condvar,
}

impl FrameMailbox {
    /// An empty mailbox.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Puts a frame that just came; as [`Self::put_asked`].
    pub fn put(&self, jpeg: Vec<u8>) -> u64 {
        self.put_asked(jpeg, Instant::now(), 0)
    }

    /// Puts a frame with the time when it was asked for and the number of those passed over before it; replaces the one
    /// nobody looked at and counts it as dropped. Clears an earlier end.
    pub fn put_asked(&self, jpeg: Vec<u8>, asked: Instant, passed_over: u64) -> u64 {
        let mut slot = self.lock();
        slot.dropped += passed_over;
        if slot.latest.as_ref().is_some_and(|f| f.sequence > slot.seen) {
            slot.dropped += 1;
        }
        slot.sequence += passed_over + 1;
        slot.ended = None;
        let frame = Frame {
            jpeg: jpeg.into(),
            sequence: slot.sequence,
            dropped: slot.dropped,
            asked,
            arrived: Instant::now(),
        };
        slot.latest = Some(frame);
        let sequence = slot.sequence;
        drop(slot);
        self.changed.notify_all();
        sequence
    }

    /// Ends the stream, with the reason; readers wake with it. A later `put` revives it.
    pub fn end(&self, reason: Fault) {
        self.lock().ended = Some(reason);
        self.changed.notify_all();
    }

    /// The newest frame, if any ever came.
    pub fn latest(&self) -> Option<Frame> {
        let mut slot = self.lock();
        slot.seen = slot.sequence;
        slot.latest.clone()
    }

    /// Waits for a frame newer than `after` (0 = any). `Fault::TimedOut` after `limit`, the reason of
    /// the end when the stream ended.
    ///
    /// # Errors
    /// [`Fault::TimedOut`]; the [`Fault`] with which the stream ended.
    pub fn next(&self, after: u64, limit: Duration) -> Result<Frame, Fault> {
        let guard = self.lock();
        let (mut slot, _) = self
            .changed
            .wait_timeout_while(guard, limit, |s| s.sequence <= after && s.ended.is_none())
            .unwrap_or_else(PoisonError::into_inner);
        match (&slot.latest, &slot.ended) {
            (Some(frame), _) if frame.sequence > after => {
                let frame = frame.clone();
                slot.seen = slot.sequence;
                Ok(frame)
            }
            (_, Some(reason)) => Err(reason.clone()),
            _ => Err(Fault::TimedOut { after_ms: crate::budget::millis(limit) }),
        }
    }

    /// Why the stream ended, `None` while it runs.
    pub fn ended(&self) -> Option<Fault> {
        self.lock().ended.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_reader_gets_the_newest_frame_and_the_count_of_those_it_missed() {
        let mailbox = FrameMailbox::new();
        for n in 1..=3u8 {
            mailbox.put(vec![n]);
        }
        let frame = mailbox.next(0, Duration::from_secs(60)).expect("three frames were put");
        assert_eq!(&frame.jpeg[..], [3], "only the newest is kept");
        assert_eq!((frame.sequence, frame.dropped), (3, 2), "two were replaced before anyone looked");
    }

    #[test]
    fn frames_that_were_passed_over_on_the_way_are_a_gap_in_the_numbers_and_counted() {
        let mailbox = FrameMailbox::new();
        mailbox.put(vec![1]);
        assert!(mailbox.latest().is_some(), "looked at");
        mailbox.put_asked(vec![2], Instant::now(), 4);
        let frame = mailbox.next(1, Duration::from_secs(60)).expect("the next one that came");
        assert_eq!((frame.sequence, frame.dropped), (6, 4), "numbers 2 to 5 were never here");
    }

    #[test]
    fn a_reader_that_waits_is_woken_by_the_end_of_the_stream() {
        let mailbox = FrameMailbox::new();
        let writer = mailbox.clone();
        let thread = std::thread::spawn(move || writer.end(Fault::Unplugged));
        let got = mailbox.next(0, Duration::from_secs(60));
        thread.join().expect("writer ends");
        assert_eq!(got.err(), Some(Fault::Unplugged), "the reason reaches the reader");
    }
}

//! What all SBI devices of one desk share: the running hash chain and the memory of samples seen.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::protocol::sbi::chain::Link;
use crate::protocol::sbi::check::Sample;

#[derive(Default)]
struct Memory {
    last: Option<Link>,
    seen: HashSet<Link>,
    order: std::collections::VecDeque<Link>,
}

/// Samples remembered against replay (32 bytes each).
pub const REMEMBERED: usize = 100_000;

/// Chain and replay memory of one desk.
#[derive(Default)]
pub struct Session(Mutex<Memory>);

impl Session {
    /// A desk that has captured nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The link that the next request must carry.
    pub fn last(&self) -> Option<Link> {
        self.lock().last
    }

    /// True when a sample of this SHA-256 was accepted before.
    pub fn seen(&self, digest: &Link) -> bool {
        self.lock().seen.contains(digest)
    }

    /// Remembers digests of samples accepted before this start of the program.
    pub fn remember(&self, digests: impl IntoIterator<Item = Link>) {
        let mut memory = self.lock();
        for digest in digests {
            memory.add(digest);
        }
    }

    /// Takes accepted samples into the chain and the memory.
    pub fn accept(&self, samples: &[Sample], last: Option<Link>) {
        let mut memory = self.lock();
        for sample in samples {
            memory.add(sample.digest);
        }
        memory.last = last.or(memory.last);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn add(&mut self, digest: Link) {
        if self.seen.insert(digest) {
            self.order.push_back(digest);
        }
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.seen.remove(&oldest);
        }
    }
}

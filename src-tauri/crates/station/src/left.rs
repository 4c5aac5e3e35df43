//! What a locked screen may say of the work behind it: numbers, counted as it was locked, and nothing of applicants.
//!
//! The database is closed while nobody is signed in, and nothing in it changes then, so the numbers hold until the next sign-in.
//! A station that ended without being locked has none, and says so.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{QueueFilter, Store};

use crate::session::Door;
use crate::{Result, Station, view};

/// The numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Left {
    /// Applications that are open.
    pub open: u32,
    pub unsent: Unsent,
    /// Each kind of blangko that was ever booked, citizens' first.
    pub blangko: Vec<view::BlangkoStrip>,
}

/// Packets that the centre has not acknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Unsent {
    pub count: u32,
    /// When the oldest of them was sealed, milliseconds since 1970 UTC; `None` where there is none.
    pub oldest_ms: Option<i64>,
}

impl Unsent {
    /// Whole days since the oldest was sealed.
    pub(crate) fn oldest_days(self, now: Timestamp) -> Option<u32> {
        let oldest = self.oldest_ms?;
        Some(u32::try_from((now.as_millisecond() - oldest).max(0) / 86_400_000).unwrap_or(u32::MAX))
    }
}

/// How many applications are open.
pub(crate) fn open_in(store: &Store) -> Result<u32> {
    let rows = store.read(|view| view.queue(&QueueFilter::default()))?;
    Ok(u32::try_from(rows.len()).unwrap_or(u32::MAX))
}

/// What waits in the outbox.
pub(crate) fn unsent_in(store: &Store) -> Result<Unsent> {
    Ok(store.read(|view| {
        let mut unsent = Unsent::default();
        for row in view.outbox()?.into_iter().filter(|row| row.state != store::OutboxState::Acked) {
            unsent.count = unsent.count.saturating_add(1);
            if let Some(packet) = view.packet(row.packet)? {
                let oldest = unsent.oldest_ms.map_or(packet.sealed_ms, |ms| ms.min(packet.sealed_ms));
                unsent.oldest_ms = Some(oldest);
            }
        }
        Ok(unsent)
    })?)
}

impl Door {
    /// What a locked screen may say; before the set-up there is nothing to count.
    pub(crate) fn left(&self) -> Option<Left> {
        match self.slots {
            Some(_) => self.roster.left.clone(),
            None => Some(Left::default()),
        }
    }
}

impl Station {
    /// The numbers of a database that is about to be locked; none where they cannot be read.
    pub(crate) fn left_in(&self, store: &Store) -> Option<Left> {
        let counted = || -> Result<Left> {
            Ok(Left { open: open_in(store)?, unsent: unsent_in(store)?, blangko: self.blangko_strip(store)? })
        };
        counted().inspect_err(|error| tracing::warn!(%error, "the locked screen gets no numbers")).ok()
    }
}

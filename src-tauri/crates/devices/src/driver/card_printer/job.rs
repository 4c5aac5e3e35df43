//! One card to print, and what became of it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::{CardRaster, CardReason};
use crate::error::Fault;

/// Name of a job: 1–40 letters, digits or hyphens, chosen by the caller, with nothing personal in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct JobId(String);

impl JobId {
    /// Takes a name of that form; `None` for any other.
    pub fn parse(text: &str) -> Option<Self> {
        let fits =
            (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        fits.then(|| Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for JobId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("a job id is 1 to 40 letters, digits or hyphens")
    }
}

impl From<JobId> for String {
    fn from(id: JobId) -> Self {
        id.0
    }
}

/// One card to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardJob {
    /// Its name: the same name is the same card.
    pub id: JobId,
    /// The front.
    pub front: CardRaster,
    /// The card stays in the printer afterwards, to be moved by [`super::CardPrinter::move_card`]. Only where
    /// the printer moves cards.
    pub keep_inside: bool,
}

/// Where the card is that a failed job was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardFate {
    /// None was taken from the feeder.
    Untouched,
    /// One was taken; it may be printed in part. Somebody takes it out and looks at it.
    Taken,
    /// The printer does not show it.
    Unsure,
}

/// Why the outcome is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// This way of printing never reports: a file, a queue of the operating system.
    NotReported,
    /// The printer did not answer in time.
    NoAnswer,
    /// The connection broke after printing was asked for.
    ConnectionLost,
    /// It answers, and the job has come to no end in the time that one takes.
    Unfinished,
    /// What it answered could not be read.
    Unreadable,
    /// Nobody knows the job any more: the program or the printer was started anew.
    Forgotten,
    /// The printer says it is ready and nothing shows that a card was printed.
    NoEvidence,
}

impl Doubt {
    /// What a fault after sending leaves open.
    pub fn of(fault: &Fault) -> Self {
        match fault {
            Fault::Absent | Fault::Unplugged | Fault::Io { .. } => Self::ConnectionLost,
            Fault::Garbage { .. } | Fault::TooLarge { .. } | Fault::Checksum { .. } => Self::Unreadable,
            _ => Self::NoAnswer,
        }
    }
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum JobState {
    /// Sent; no card moved yet as far as is known.
    Waiting,
    /// Being printed.
    Printing,
    /// Printed, and the printer showed it.
    Printed,
    /// Not printed.
    Failed {
        /// Why.
        reason: CardReason,
        /// Where the card is.
        card: CardFate,
    },
    /// Nobody can tell without looking.
    Unknown {
        /// Why not.
        doubt: Doubt,
    },
    /// Called off before a card was taken.
    Cancelled,
}

impl JobState {
    /// Nothing more will become known of it by asking.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Waiting | Self::Printing)
    }
}

/// The jobs that printing was asked for, with what a driver keeps of each.
pub(super) struct Jobs<T>(Mutex<BTreeMap<JobId, (JobState, T)>>);

/// How many are kept: more than a day of cards.
const KEPT: usize = 2_000;

impl<T> Default for Jobs<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Jobs<T> {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<JobId, (JobState, T)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of a job.
    pub(super) fn get(&self, id: &JobId) -> Option<(JobState, T)> {
        self.lock().get(id).cloned()
    }

    /// Notes a job and its state. The oldest names that are final make room.
    pub(super) fn put(&self, id: &JobId, state: JobState, memo: T) {
        let mut jobs = self.lock();
        if jobs.len() >= KEPT
            && let Some(old) = jobs.iter().find(|(_, (s, _))| s.is_final()).map(|(id, _)| id.clone())
        {
            jobs.remove(&old);
        }
        jobs.insert(id.clone(), (state, memo));
    }

    /// The jobs that are not at their end yet.
    pub(super) fn under_way(&self) -> Vec<JobId> {
        let open = |(_, (state, _)): &(&JobId, &(JobState, T))| !state.is_final();
        self.lock().iter().filter(open).map(|(id, _)| id.clone()).collect()
    }

    /// Frees an id for which nothing was printed.
    pub(super) fn free(&self, id: &JobId) {
        self.lock().remove(id);
    }

    /// Notes a state; gives the one that counts: a final state is never changed.
    pub(super) fn settle(&self, id: &JobId, state: JobState) -> JobState {
        match self.lock().get_mut(id) {
            Some((known, _)) if !known.is_final() => {
                *known = state;
                state
            }
            Some((known, _)) => *known,
            None => state,
        }
    }
}

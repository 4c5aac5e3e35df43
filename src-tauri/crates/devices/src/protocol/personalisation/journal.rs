//! The journal of writes: every step is recorded before and after, so that a torn card can be resumed or voided.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A card by its UID, as hex. It follows a person, so it is masked in logs.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CardId(pub String);

impl std::fmt::Debug for CardId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CardId(••••{})", self.0.get(self.0.len().saturating_sub(2)..).unwrap_or_default())
    }
}

impl CardId {
    /// The card with this UID.
    pub fn of(uid: &[u8]) -> Self {
        Self(hex::encode_upper(uid))
    }
}

/// What is done to a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum JournalStep {
    /// One piece of one file.
    Write {
        /// Place in the plan, from 0.
        index: u32,
        /// File identifier.
        fid: u16,
        /// Offset in the file.
        offset: u32,
        /// Bytes.
        length: u32,
    },
    /// The card is finalised: nothing can be written afterwards.
    Lock,
    /// The card is made unusable for ever.
    Void,
}

/// Before or after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// About to be done; whether it was is unknown until it is confirmed.
    Intent,
    /// Done, read back and found equal.
    Confirmed,
}

/// One line of the journal. Holds no personal data but the UID of the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// The card.
    pub card: CardId,
    /// Digest of the plan ([`super::Plan::id`]).
    pub plan: String,
    /// What.
    #[serde(flatten)]
    pub step: JournalStep,
    /// Before or after.
    pub phase: Phase,
}

/// The journal did not take an entry; the step is then not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("journal refused: {0}")]
pub struct JournalError(pub String);

/// Where entries go. `record` returns only when the entry is on disk.
///
/// # Errors
/// [`JournalError`]: nothing more is written to the card.
pub trait Journal: Send + Sync {
    /// Keeps one entry. Called on the reader's thread, between two commands to the card.
    fn record(&self, entry: &JournalEntry) -> Result<(), JournalError>;

    /// Keeps several entries in their order, where the book can with one wait for the disk. When it fails, the first of
    /// them may be kept.
    ///
    /// # Errors
    /// As [`Journal::record`].
    fn record_all(&self, entries: &[JournalEntry]) -> Result<(), JournalError> {
        entries.iter().try_for_each(|entry| self.record(entry))
    }
}

/// What earlier attempts of one print job left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The card that was begun and neither finalised nor voided.
    pub open: Option<CardId>,
    /// The card whose lock was confirmed, until it is voided.
    pub finished: Option<CardId>,
    /// The plan it was begun with.
    pub plan: Option<String>,
    /// Writes that were read back and found equal.
    pub confirmed: BTreeSet<u32>,
    /// Cards that were voided.
    pub voided: BTreeSet<CardId>,
}

impl History {
    /// Reads a job's entries in the order in which they were recorded.
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a JournalEntry>) -> Self {
        let mut history = Self::default();
        for entry in entries {
            if history.card() != Some(&entry.card) || history.plan.as_ref() != Some(&entry.plan) {
                history.confirmed.clear();
                history.finished = None;
                history.open = Some(entry.card.clone());
                history.plan = Some(entry.plan.clone());
            }
            match (&entry.step, entry.phase) {
                (JournalStep::Write { index, .. }, Phase::Confirmed) => {
                    history.confirmed.insert(*index);
                }
                (JournalStep::Lock, Phase::Confirmed) => {
                    history.open = None;
                    history.finished = Some(entry.card.clone());
                }
                (JournalStep::Void, Phase::Confirmed) => {
                    history.voided.insert(entry.card.clone());
                    (history.open, history.finished, history.plan) = (None, None, None);
                    history.confirmed.clear();
                }
                (JournalStep::Write { .. }, Phase::Intent) => {
                    // A card that is written once more is finished no longer.
                    history.open = history.open.take().or(history.finished.take());
                }
                (JournalStep::Lock | JournalStep::Void, Phase::Intent) => {}
            }
        }
        history
    }

    /// The card of the job: the one that it has begun or finished, and not voided. A job has one at a time.
    pub fn card(&self) -> Option<&CardId> {
        self.open.as_ref().or(self.finished.as_ref())
    }
}

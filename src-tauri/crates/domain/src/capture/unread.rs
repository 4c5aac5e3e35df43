//! Presses that gave nothing: the scanner answered, and could not read what was laid on it (failure to acquire, ISO/IEC
//! 2382-37).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Attempt, CaptureState, Part, RematchAttempt, Target, Thresholds};
use crate::finger::Finger;
use crate::ids::CaptureId;

/// What the scanner said of a press that gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnreadWhy {
    /// It saw no finger or eye in the time it had.
    NothingSeen,
    /// It read others, and not these.
    PartsMissing,
    /// It saw something and could make no picture of it.
    Unclear,
}

impl UnreadWhy {
    /// Returns the stable key.
    pub const fn key(self) -> &'static str {
        match self {
            UnreadWhy::NothingSeen => "nothing_seen",
            UnreadWhy::PartsMissing => "parts_missing",
            UnreadWhy::Unclear => "unclear",
        }
    }
}

/// A press for a slap or an eye that gave nothing: a try, and no attempt. Nothing of it is kept but that it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// Of what.
    pub target: Target,
    /// The fingers or the eye that were not read, as the scanner counts them: at least one.
    pub parts: Vec<Part>,
    /// What the scanner said.
    pub why: UnreadWhy,
    /// The device: model and serial number.
    pub device: String,
    /// When.
    pub at: Timestamp,
    /// The newest attempt of the target at that time.
    pub after: Option<CaptureId>,
}

/// A second press of a chip finger that gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadAgain {
    /// The finger.
    pub finger: Finger,
    /// The slap attempt that it would have been compared with.
    pub against: CaptureId,
    /// What the scanner said.
    pub why: UnreadWhy,
    /// The device: model and serial number.
    pub device: String,
    /// When.
    pub at: Timestamp,
    /// The newest re-match of the finger with that slap at that time.
    pub after: Option<CaptureId>,
}

/// One try of a slap or an eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Try<'a> {
    /// It gave a picture.
    Taken(&'a Attempt),
    /// It gave nothing.
    Unread(&'a Unread),
}

/// One try of a re-match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RematchTry<'a> {
    /// The finger was read and compared.
    Compared(&'a RematchAttempt),
    /// It gave nothing.
    Unread(&'a UnreadAgain),
}

impl CaptureState {
    /// Returns the presses of a target that gave nothing, oldest first.
    pub fn unread_of(&self, target: Target) -> impl Iterator<Item = &Unread> {
        self.unread.iter().filter(move |press| press.target == target)
    }

    /// Returns the presses of a chip finger that gave nothing while it was to be compared with the slap that counts now,
    /// oldest first.
    pub fn unread_again_of(&self, finger: Finger, limits: &Thresholds) -> impl Iterator<Item = &UnreadAgain> {
        let held = self.best(Target::Slap(finger.slap()), limits).map(|attempt| attempt.id);
        self.unread_again.iter().filter(move |press| press.finger == finger && Some(press.against) == held)
    }

    /// Returns every try of a target in the order in which they were made; of the face only those that gave a photo.
    pub fn tries_of(&self, target: Target) -> Vec<Try<'_>> {
        let after = |id: Option<CaptureId>| self.unread_of(target).filter(move |press| press.after == id);
        let mut list: Vec<Try<'_>> = after(None).map(Try::Unread).collect();
        for attempt in self.attempts_of(target) {
            list.push(Try::Taken(attempt));
            list.extend(after(Some(attempt.id)).map(Try::Unread));
        }
        list
    }

    /// Returns every try of a chip finger with the slap that counts now, in the order in which they were made.
    pub fn rematch_tries_of(&self, finger: Finger, limits: &Thresholds) -> Vec<RematchTry<'_>> {
        let after = |id: Option<CaptureId>| {
            self.unread_again_of(finger, limits).filter(move |press| press.after == id)
        };
        let mut list: Vec<RematchTry<'_>> = after(None).map(RematchTry::Unread).collect();
        for attempt in self.rematches_of(finger, limits) {
            list.push(RematchTry::Compared(attempt));
            list.extend(after(Some(attempt.id)).map(RematchTry::Unread));
        }
        list
    }
}

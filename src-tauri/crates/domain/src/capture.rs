//! Step 4 as data: attempts, the best of them, exceptions, re-match, and what is still missing.
//!
//! Pictures are not here: an attempt names its picture by [`CaptureId`]. Matching and quality are computed elsewhere.

mod accepted;
mod approval;
mod attempt;
mod backdrop;
mod exception;
mod missing;
mod part_state;
mod rematch;
mod target;
mod thresholds;
mod unread;
mod warning;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use accepted::{FacelessStill, HandCut, LowAccepted, QuarterTurn};
pub use approval::{Approval, ApprovalBy, ChoiceReason, Excuse, Judged, JudgedCheck, PortraitRefusal};
pub use attempt::{Attempt, PartQuality};
pub use backdrop::Backdrop;
pub use exception::{Duration, Exception, ExceptionReason, SignatureSubstitute};
pub use missing::{Missing, completeness};
pub use part_state::{EyeState, FingerState};
pub use rematch::{ChipRule, ENROLMENT_LEVELS, RematchAttempt, RematchExit};
pub use target::{Modality, Part, Target};
pub use thresholds::Thresholds;
pub use unread::{RematchTry, Try, Unread, UnreadAgain, UnreadWhy};
pub use warning::{Searched, Warning, WarningAnswer};

use crate::eye::Eye;
use crate::finger::Finger;
use crate::ids::CaptureId;
use crate::nik::Nik;
use crate::plan::CaptureScope;

/// Everything captured in one visit. Plain data: stored as it is, resumed as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptureState {
    /// The NIK under which the recording was begun, or was said to belong to the same person; `None` before step 3 ended and
    /// in recordings of before it was kept.
    #[serde(default)]
    pub nik: Option<Nik>,
    /// The backdrop that is due since step 3 last ended; `None` before that, and in recordings of before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backdrop: Option<Backdrop>,
    /// All attempts in the order in which they came.
    pub attempts: Vec<Attempt>,
    /// The operator's choice where it is not the best by the rule.
    pub chosen: Vec<(Target, CaptureId)>,
    /// What a person judged, at most one entry for each photo and line.
    #[serde(deserialize_with = "approval::judged_lines")]
    pub judged: Vec<Judged>,
    /// The approval of the chosen photo.
    pub approval: Option<Approval>,
    /// Photos that the applicant refused and has not approved since; at most one entry for each.
    #[serde(default)]
    pub refused: Vec<PortraitRefusal>,
    /// Attempts whose low quality was accepted with a note; at most one entry for each.
    #[serde(deserialize_with = "accepted::accepted_low")]
    pub accepted_low: Vec<LowAccepted>,
    /// Stills in which no face is found, oldest first.
    #[serde(default)]
    pub faceless: Vec<FacelessStill>,
    /// Photos that were cut by hand out of such a still.
    #[serde(default)]
    pub hand_cuts: Vec<HandCut>,
    /// Presses for a slap or an eye that gave nothing, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Unread>,
    /// Second presses of a chip finger that gave nothing, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread_again: Vec<UnreadAgain>,
    /// Parts that are not captured; at most one per part.
    pub exceptions: Vec<Exception>,
    /// Re-match attempts.
    pub rematches: Vec<RematchAttempt>,
    /// Witnessed exits of the re-match; at most one for each finger of a slap.
    pub rematch_exits: Vec<RematchExit>,
    /// Warnings and their answers.
    pub warnings: Vec<WarningAnswer>,
    /// Other chip fingers than the rule gives, chosen by the operator.
    pub chip_override: BTreeMap<Finger, Finger>,
}

/// Which attempt is better: the explicit rule, compared field by field.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// Expected parts at or above the limit.
    good: usize,
    /// Expected parts that were seen at all.
    seen: usize,
    /// The weakest expected part.
    weakest: u8,
    /// Sum over the expected parts.
    sum: u32,
}

impl CaptureState {
    /// Returns the exception of a part.
    pub fn exception(&self, part: Part) -> Option<&Exception> {
        self.exceptions.iter().find(|exception| exception.part == part)
    }

    /// Returns the parts that an attempt of this target should show: excepted ones are not expected.
    pub fn expected(&self, target: Target) -> Vec<Part> {
        let all: Vec<Part> = match target {
            Target::Portrait => vec![Part::Face],
            Target::Slap(slap) => slap.fingers().iter().copied().map(Part::Finger).collect(),
            Target::Eye(eye) => vec![Part::Eye(eye)],
            Target::Signature => vec![Part::Signature],
        };
        all.into_iter().filter(|part| self.exception(*part).is_none()).collect()
    }

    /// Returns the attempts of a target, oldest first.
    pub fn attempts_of(&self, target: Target) -> impl Iterator<Item = &Attempt> {
        self.attempts.iter().filter(move |attempt| attempt.target == target)
    }

    /// Returns the attempts of a target that may count, oldest first: one that a warning names, answered or not, counts no
    /// more once the target was captured again.
    pub fn countable(&self, target: Target) -> impl Iterator<Item = &Attempt> {
        let newest = self.attempts_of(target).last().map(|attempt| attempt.id);
        let named = |id: CaptureId| self.warnings.iter().any(|answer| answer.attempts.contains(&id));
        self.attempts_of(target).filter(move |attempt| Some(attempt.id) == newest || !named(attempt.id))
    }

    /// Returns the attempt that counts: the operator's choice, else the best by the rule.
    ///
    /// The rule, in this order: most expected parts at or above the limit; most expected parts seen; best weakest part;
    /// highest sum; of equals the earlier one. One whole attempt counts per slap: fingers of different slaps are never
    /// mixed. A photo that the applicant refused, or that was judged beside another backdrop than is due, counts only while
    /// there is no other, an attempt that a warning names only while it is the newest: a wrong hand may well score higher
    /// than the right one. Nobody measures a signature: the newest counts, because the applicant signed again to have it so.
    pub fn best(&self, target: Target, limits: &Thresholds) -> Option<&Attempt> {
        if let Some((_, id)) = self.chosen.iter().find(|(of, _)| *of == target)
            && let Some(attempt) = self.countable(target).find(|attempt| attempt.id == *id)
        {
            return Some(attempt);
        }
        if target == Target::Signature {
            return self.attempts_of(target).last();
        }
        let expected = self.expected(target);
        let mut best: Option<(Rank, &Attempt)> = None;
        let wanted = |attempt: &&Attempt| self.refusal(attempt.id).is_none() && self.fits_backdrop(attempt);
        let any_wanted = self.countable(target).any(|attempt| wanted(&attempt));
        for attempt in self.countable(target).filter(|attempt| !any_wanted || wanted(attempt)) {
            let rank = rank(attempt, &expected, limits);
            if best.as_ref().is_none_or(|(held, _)| rank > *held) {
                best = Some((rank, attempt));
            }
        }
        best.map(|(_, attempt)| attempt)
    }

    /// From now on this attempt counts for its target, whatever the rule says.
    pub(crate) fn choose(&mut self, target: Target, attempt: CaptureId) {
        self.chosen.retain(|(of, _)| *of != target);
        self.chosen.push((target, attempt));
    }

    /// Returns the number of tries of a target, also of those that gave no attempt.
    pub fn tries(&self, target: Target) -> usize {
        let in_vain = match target {
            Target::Portrait => self.faceless.len(),
            Target::Slap(_) | Target::Eye(_) | Target::Signature => self.unread_of(target).count(),
        };
        self.attempts_of(target).count() + in_vain
    }

    /// Returns the note with which the low quality of the attempt that counts was accepted; `None` while it is not.
    pub fn low_note(&self, target: Target, limits: &Thresholds) -> Option<&str> {
        let held = self.best(target, limits)?.id;
        self.accepted_low
            .iter()
            .find(|low| low.target == target && low.attempt.is_none_or(|of| of == held))
            .map(|low| low.note.as_str())
    }

    /// Says whether a part that the attempt that counts shows is below its limit. Of a part that it does not show nothing can
    /// be accepted.
    pub fn is_low(&self, target: Target, limits: &Thresholds) -> bool {
        let best = self.best(target, limits);
        let low =
            |attempt: &Attempt, part| attempt.score_of(part).is_some_and(|score| score < limits.of(part));
        best.is_some_and(|attempt| self.expected(target).into_iter().any(|part| low(attempt, part)))
    }

    /// Returns the backdrop that a photo was judged beside, when another one is due; `None` where no colour is due or either is
    /// not known.
    pub fn judged_beside_another(&self, photo: &Attempt) -> Option<Backdrop> {
        let due = self.backdrop.filter(|due| *due != Backdrop::Any)?;
        photo.backdrop.filter(|judged| *judged != due)
    }

    /// Says whether nothing is to be asked about the backdrop of a photo: it was judged beside the one that is due, or accepted
    /// with a note since that one is.
    fn fits_backdrop(&self, photo: &Attempt) -> bool {
        let accepted = |low: &LowAccepted| low.attempt == Some(photo.id) && low.backdrop == self.backdrop;
        self.judged_beside_another(photo).is_none() || self.accepted_low.iter().any(accepted)
    }

    /// Returns the backdrop that the photo that counts was judged beside, when another one is due and nobody has accepted the
    /// photo since.
    pub fn other_backdrop(&self, limits: &Thresholds) -> Option<Backdrop> {
        let best = self.best(Target::Portrait, limits)?;
        self.judged_beside_another(best).filter(|_| !self.fits_backdrop(best))
    }

    /// Photos that an earlier program kept without the backdrop that was due were judged beside the one that is due now, before
    /// anything is corrected. Which one was due when they were taken is kept nowhere: a correction of before then is not seen.
    pub(crate) fn judged_beside(&mut self, due: Backdrop) {
        for photo in self.attempts.iter_mut().filter(|attempt| attempt.target == Target::Portrait) {
            photo.backdrop = photo.backdrop.or(Some(due));
        }
    }

    /// Returns how the photo that counts was cut by hand; `None` when the program found its face.
    pub fn hand_cut(&self, limits: &Thresholds) -> Option<&HandCut> {
        let held = self.best(Target::Portrait, limits)?.id;
        self.hand_cuts.iter().find(|cut| cut.attempt == held)
    }

    /// Binds what an earlier program kept without its attempt to the one that counts, before anything else is captured.
    pub(crate) fn bind_to_what_counts(&mut self, limits: &Thresholds) {
        let counts = |target| self.best(target, limits).map(|attempt| attempt.id);
        let accepted: Vec<_> =
            self.accepted_low.iter().map(|low| low.attempt.or_else(|| counts(low.target))).collect();
        let exits: Vec<_> = self
            .rematch_exits
            .iter()
            .map(|exit| exit.against.or_else(|| counts(Target::Slap(exit.finger.slap()))))
            .collect();
        for (low, attempt) in self.accepted_low.iter_mut().zip(accepted) {
            low.attempt = attempt;
        }
        for (exit, against) in self.rematch_exits.iter_mut().zip(exits) {
            exit.against = against;
        }
    }

    /// Returns the state of one finger.
    pub fn finger_state(&self, finger: Finger, limits: &Thresholds) -> FingerState {
        if let Some(exception) = self.exception(Part::Finger(finger)) {
            return match exception.reason {
                ExceptionReason::Amputated => FingerState::Amputated,
                ExceptionReason::Bandaged => FingerState::Bandaged,
                ExceptionReason::Unreadable => FingerState::Unreadable,
                ExceptionReason::Stiff => FingerState::Stiff,
                ExceptionReason::MissingOrBlind
                | ExceptionReason::LidClosed
                | ExceptionReason::CannotSign
                | ExceptionReason::Other(_) => FingerState::Other,
            };
        }
        let target = Target::Slap(finger.slap());
        match self.best(target, limits).and_then(|attempt| attempt.score_of(Part::Finger(finger))) {
            None => FingerState::Waiting,
            Some(score) if score >= limits.finger => FingerState::Ok,
            Some(_) if self.low_note(target, limits).is_some() => FingerState::LowQualityAccepted,
            Some(_) => FingerState::Low,
        }
    }

    /// Returns the state of one eye.
    pub fn eye_state(&self, eye: Eye, limits: &Thresholds) -> EyeState {
        if let Some(exception) = self.exception(Part::Eye(eye)) {
            return match exception.reason {
                ExceptionReason::MissingOrBlind => EyeState::MissingOrBlind,
                ExceptionReason::Bandaged => EyeState::Bandaged,
                ExceptionReason::Unreadable => EyeState::Unreadable,
                ExceptionReason::LidClosed => EyeState::LidClosed,
                ExceptionReason::Amputated
                | ExceptionReason::Stiff
                | ExceptionReason::CannotSign
                | ExceptionReason::Other(_) => EyeState::Other,
            };
        }
        let target = Target::Eye(eye);
        match self.best(target, limits).and_then(|attempt| attempt.score_of(Part::Eye(eye))) {
            None => EyeState::Waiting,
            Some(score) if score >= limits.eye => EyeState::Ok,
            Some(_) if self.low_note(target, limits).is_some() => EyeState::LowQualityAccepted,
            Some(_) => EyeState::Low,
        }
    }

    /// Returns the fingers for the chip: one per hand, the first of the rule that was captured; fewer when a hand has none.
    pub fn chip_fingers(&self, rule: &ChipRule, limits: &Thresholds) -> Vec<Finger> {
        [&rule.right, &rule.left]
            .into_iter()
            .filter_map(|hand| {
                let usable = |finger: &Finger| {
                    matches!(
                        self.finger_state(*finger, limits),
                        FingerState::Ok | FingerState::LowQualityAccepted
                    )
                };
                let first = hand.iter().copied().find(usable)?;
                Some(self.chip_override.get(&first).copied().filter(usable).unwrap_or(first))
            })
            .collect()
    }

    /// Says whether a chip finger is settled: a score at or above the limit against the slap that counts now, or an exit that
    /// was about it.
    pub fn is_rematched(&self, finger: Finger, limits: &Thresholds) -> bool {
        self.is_matched(finger, limits) || self.rematch_exit(finger, limits).is_some()
    }

    /// Says whether a chip finger reached the limit against the slap that counts now, whatever a further try scored.
    pub fn is_matched(&self, finger: Finger, limits: &Thresholds) -> bool {
        self.rematches_of(finger, limits).any(|attempt| attempt.score >= limits.rematch_score)
    }

    /// Returns the witnessed exit of a finger from the re-match with the slap that counts now.
    pub fn rematch_exit(&self, finger: Finger, limits: &Thresholds) -> Option<&RematchExit> {
        let held = self.best(Target::Slap(finger.slap()), limits).map(|attempt| attempt.id);
        self.rematch_exits
            .iter()
            .find(|exit| exit.finger == finger && (exit.against.is_none() || exit.against == held))
    }

    /// Returns the re-matches with the slap that counts now, oldest first.
    pub fn rematches_of(&self, finger: Finger, limits: &Thresholds) -> impl Iterator<Item = &RematchAttempt> {
        let held = self.best(Target::Slap(finger.slap()), limits).map(|attempt| attempt.id);
        self.rematches.iter().filter(move |attempt| attempt.finger == finger && Some(attempt.against) == held)
    }

    /// Returns the number of tries against the slap that counts now, also of those that gave no print.
    pub fn rematch_tries(&self, finger: Finger, limits: &Thresholds) -> usize {
        self.rematches_of(finger, limits).count() + self.unread_again_of(finger, limits).count()
    }

    /// Step 3 ended under this NIK. Whatever was captured under another one is asked about once, until that is answered or the
    /// first NIK is back; returns whether it is asked now.
    pub(crate) fn goes_on_under(&mut self, nik: Option<Nik>, at: Timestamp) -> bool {
        // Who is "under another NIK" is asked of the NIK of now, when the search has run for it.
        let of_now = |held: &WarningAnswer| held.search.as_ref().is_some_and(|search| search.nik == nik);
        self.warnings
            .retain(|held| held.warning != Warning::FoundUnderAnotherNik || !held.is_open() || of_now(held));
        let warning = Warning::NikChanged;
        let begun = !self.attempts.is_empty() || !self.exceptions.is_empty() || !self.faceless.is_empty();
        if !begun || self.nik.is_none() || self.nik == nik {
            self.nik = nik;
            self.warnings.retain(|held| held.warning != warning || !held.is_open());
            return false;
        }
        if !self.warnings.iter().any(|held| held.warning == warning && held.is_open()) {
            // It is about all that was captured, whatever is captured again.
            let (attempts, note) = (Vec::new(), String::new());
            self.warnings.push(WarningAnswer { warning, attempts, search: None, note, at });
        }
        true
    }

    /// Says whether the photo that counts is approved.
    pub fn is_portrait_approved(&self, limits: &Thresholds) -> bool {
        let held = self.best(Target::Portrait, limits).map(|attempt| attempt.id);
        held.is_some() && self.approval.map(|approval| approval.portrait) == held
    }

    /// Returns how a line was judged of a photo; `None` while nobody has.
    pub fn judgement(&self, portrait: CaptureId, check: JudgedCheck) -> Option<&Judged> {
        self.judged
            .iter()
            .find(|judged| judged.check == check && judged.portrait.is_none_or(|of| of == portrait))
    }

    /// Says whether a line is ticked for a photo.
    pub fn is_ticked(&self, portrait: CaptureId, check: JudgedCheck) -> bool {
        self.judgement(portrait, check).is_some_and(|judged| judged.yes)
    }

    /// Says whether a photo can be approved as far as a person judges it: every line is ticked, or excused before a second
    /// officer.
    pub fn is_judged(&self, portrait: CaptureId) -> bool {
        JudgedCheck::ALL.into_iter().all(|check| self.is_settled(portrait, check))
    }

    /// Says whether nothing is asked about a line of a photo any more.
    pub(crate) fn is_settled(&self, portrait: CaptureId, check: JudgedCheck) -> bool {
        self.judgement(portrait, check).is_some_and(Judged::is_settled)
    }

    /// Returns the lines of the photo that counts which cannot hold, with why, in the order of their digits.
    pub fn excused(&self, limits: &Thresholds) -> Vec<(&Judged, &Excuse)> {
        let Some(held) = self.best(Target::Portrait, limits).map(|attempt| attempt.id) else {
            return Vec::new();
        };
        let judged = JudgedCheck::ALL.into_iter().filter_map(|check| self.judgement(held, check));
        judged.filter_map(|judged| Some((judged, judged.excuse.as_ref()?))).collect()
    }

    /// Returns the applicant's refusal of a photo, unless it was approved since.
    pub fn refusal(&self, portrait: CaptureId) -> Option<&PortraitRefusal> {
        self.refused.iter().find(|refusal| refusal.portrait == portrait)
    }

    /// Returns the sub-step to go on with; `None` when nothing is missing.
    pub fn current(&self, scope: CaptureScope, rule: &ChipRule, limits: &Thresholds) -> Option<Modality> {
        completeness(self, scope, rule, limits).into_iter().map(Missing::modality).min()
    }

    /// Returns the earliest day on which a temporary exception ends.
    pub fn return_on(&self) -> Option<Date> {
        self.exceptions
            .iter()
            .filter_map(|exception| match exception.duration {
                Duration::Permanent => None,
                Duration::Temporary { return_on } => Some(return_on),
            })
            .min()
    }
}

fn rank(attempt: &Attempt, expected: &[Part], limits: &Thresholds) -> Rank {
    let scores: Vec<(Part, u8)> =
        expected.iter().filter_map(|part| attempt.score_of(*part).map(|score| (*part, score))).collect();
    Rank {
        good: scores.iter().filter(|(part, score)| *score >= limits.of(*part)).count(),
        seen: scores.len(),
        weakest: if scores.len() == expected.len() {
            scores.iter().map(|(_, score)| *score).min().unwrap_or(0)
        } else {
            0
        },
        sum: scores.iter().map(|(_, score)| u32::from(*score)).sum(),
    }
}

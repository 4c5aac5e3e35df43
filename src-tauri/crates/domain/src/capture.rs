//! Step 4 as data: attempts, the best of them, exceptions, re-match, and what is still missing.
//!
//! Pictures are not here: an attempt names its picture by [`CaptureId`]. Matching and quality are computed elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::eye::Eye;
use crate::finger::{Finger, Slap};
use crate::ids::{CaptureId, DocumentId, OperatorId};
use crate::plan::CaptureScope;
use crate::role::Witness;

/// The sub-steps of step 4 in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    /// The photo, approved by the applicant before anything else.
    Portrait,
    /// Ten fingers as 4-4-2.
    Fingers,
    /// Both irises.
    Irises,
    /// The signature on the pad.
    Signature,
    /// Both chip fingers captured again and matched 1:1.
    Rematch,
}

impl Modality {
    /// All sub-steps in order.
    pub const ALL: [Modality; 5] =
        [Modality::Portrait, Modality::Fingers, Modality::Irises, Modality::Signature, Modality::Rematch];
}

/// What one attempt is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "of", content = "which")]
pub enum Target {
    /// The face.
    Portrait,
    /// One placement of fingers.
    Slap(Slap),
    /// One iris.
    Eye(Eye),
    /// The signature.
    Signature,
}

impl Target {
    /// Returns the sub-step it belongs to.
    pub const fn modality(self) -> Modality {
        match self {
            Target::Portrait => Modality::Portrait,
            Target::Slap(_) => Modality::Fingers,
            Target::Eye(_) => Modality::Irises,
            Target::Signature => Modality::Signature,
        }
    }
}

/// A part of the person that is captured or excepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "part", content = "which")]
pub enum Part {
    /// The face; never excepted.
    Face,
    /// One finger.
    Finger(Finger),
    /// One eye.
    Eye(Eye),
    /// The signing hand.
    Signature,
}

/// Quality of one part in one attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartQuality {
    /// Which part.
    pub part: Part,
    /// 0–100, higher is better; of the algorithm named in the attempt.
    pub score: u8,
    /// Keys of what is wrong, the most useful first ("dry", "too_dark"); open list.
    pub reasons: Vec<String>,
}

/// One picture that was taken and kept. Every attempt is kept; none overwrites another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Names the picture.
    pub id: CaptureId,
    /// When it was taken.
    pub at: Timestamp,
    /// What it is of.
    pub target: Target,
    /// Quality by part; a finger that is absent here was not seen.
    pub parts: Vec<PartQuality>,
    /// The device: model and serial number.
    pub device: String,
    /// The quality algorithm with its version.
    pub algorithm: String,
}

/// Limits of step 4. They come from signed settings; these are the defaults until such settings exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thresholds {
    /// Least quality of a photo, 0–100.
    pub portrait: u8,
    /// Least quality of a finger, 0–100.
    pub finger: u8,
    /// Least quality of an iris, 0–100.
    pub eye: u8,
    /// Attempts after which low quality, or "unreadable", may be accepted.
    pub tries: u8,
    /// Least comparison score of a re-match (BOZORTH3; higher is more alike).
    pub rematch_score: u32,
    /// Re-match attempts after which the witnessed exit opens.
    pub rematch_tries: u8,
    /// A companion of the applicant may witness exceptions of fingers and eyes (a desk with one officer).
    pub family_may_witness: bool,
}

impl Default for Thresholds {
    /// Source: our choice, to be set by the office; 40 and 3 follow biometrics practice, no official number is known.
    fn default() -> Self {
        Self {
            portrait: 60,
            finger: 40,
            eye: 40,
            tries: 3,
            rematch_score: 40,
            rematch_tries: 3,
            family_may_witness: false,
        }
    }
}

/// Why a part is not captured. Official codes are not known; these are ours, with an open end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason", content = "words")]
pub enum ExceptionReason {
    /// Finger missing.
    Amputated,
    /// Wound or bandage.
    Bandaged,
    /// Unreadable after the set number of attempts.
    Unreadable,
    /// Stiff: cannot be laid on the platen.
    Stiff,
    /// Eye missing or blind.
    MissingOrBlind,
    /// The lid cannot be opened.
    LidClosed,
    /// Cannot sign.
    CannotSign,
    /// Something else, in words.
    Other(String),
}

impl ExceptionReason {
    /// Says whether it can be a reason for this part.
    pub fn fits(&self, part: Part) -> bool {
        match (self, part) {
            (_, Part::Face) => false,
            (ExceptionReason::Amputated | ExceptionReason::Stiff, Part::Finger(_)) => true,
            (ExceptionReason::Bandaged | ExceptionReason::Unreadable, Part::Finger(_) | Part::Eye(_)) => true,
            (ExceptionReason::MissingOrBlind | ExceptionReason::LidClosed, Part::Eye(_)) => true,
            (ExceptionReason::CannotSign, Part::Signature) => true,
            (ExceptionReason::Other(words), Part::Finger(_) | Part::Eye(_) | Part::Signature) => {
                !words.trim().is_empty()
            }
            (ExceptionReason::Amputated | ExceptionReason::Stiff, Part::Eye(_) | Part::Signature)
            | (ExceptionReason::Bandaged | ExceptionReason::Unreadable, Part::Signature)
            | (
                ExceptionReason::MissingOrBlind | ExceptionReason::LidClosed,
                Part::Finger(_) | Part::Signature,
            )
            | (ExceptionReason::CannotSign, Part::Finger(_) | Part::Eye(_)) => false,
        }
    }

    /// Says whether a photograph of the part proves something and is therefore asked.
    pub fn photo_required(&self, part: Part) -> bool {
        matches!(part, Part::Finger(_))
            && matches!(self, ExceptionReason::Amputated | ExceptionReason::Bandaged | ExceptionReason::Stiff)
    }
}

/// How long an exception holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "lasts")]
pub enum Duration {
    /// For good.
    Permanent,
    /// Until it heals: the applicant comes again.
    Temporary {
        /// First day on which it may be tried again.
        return_on: Date,
    },
}

/// What stands in for a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureSubstitute {
    /// Right thumb print.
    ThumbRight,
    /// Left thumb print.
    ThumbLeft,
    /// A line on the pad.
    Line,
    /// Nothing, with a witness.
    Empty,
}

/// One part that is not captured, with everything that makes that valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// Which part.
    pub part: Part,
    /// Why.
    pub reason: ExceptionReason,
    /// For how long.
    pub duration: Duration,
    /// Photograph of the part, where the rule asks for one.
    pub photo: Option<DocumentId>,
    /// For a signature: what stands in.
    pub substitute: Option<SignatureSubstitute>,
    /// The second person.
    pub witness: Witness,
    /// Who recorded it.
    pub operator: OperatorId,
    /// When.
    pub at: Timestamp,
}

/// What an operator looks at and confirms; never shown as measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgedCheck {
    /// Eyes open, looking at the camera.
    EyesOpen,
    /// No glasses, no contact lenses.
    NoGlassesOrLenses,
    /// Forehead, brows and eyes uncovered.
    FaceUncovered,
    /// Head upright, ordinary expression.
    HeadUpright,
}

impl JudgedCheck {
    /// All four, in the order of their digits on the screen.
    pub const ALL: [JudgedCheck; 4] = [
        JudgedCheck::EyesOpen,
        JudgedCheck::NoGlassesOrLenses,
        JudgedCheck::FaceUncovered,
        JudgedCheck::HeadUpright,
    ];
}

/// How the applicant approved the photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalBy {
    /// On the applicant's screen.
    Screen,
    /// In words; the operator notes it.
    Oral,
}

/// The approval of one photo. Source: Dirjen letter 400.8.1.2/13999/Dukcapil, 11-10-2024.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The photo.
    pub portrait: CaptureId,
    /// `disetujui_pada`.
    pub at: Timestamp,
    /// How.
    pub by: ApprovalBy,
}

/// One re-match of a chip finger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RematchAttempt {
    /// The finger.
    pub finger: Finger,
    /// Names the picture.
    pub id: CaptureId,
    /// When.
    pub at: Timestamp,
    /// Comparison score (BOZORTH3); higher is more alike.
    pub score: u32,
    /// The slap attempt it was compared with.
    pub against: CaptureId,
}

/// The way on when a re-match does not succeed: recorded and reported, never a verdict about the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RematchExit {
    /// The finger.
    pub finger: Finger,
    /// Why, in words.
    pub note: String,
    /// The second person.
    pub witness: Witness,
    /// When.
    pub at: Timestamp,
}

/// Something that a comparison noticed. It asks; it accuses no one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Warning {
    /// Two positions show the same finger.
    SameFingerTwice {
        /// First position.
        a: Finger,
        /// Second position.
        b: Finger,
    },
    /// The right-hand placement shows the left hand, or the other way round.
    HandsSwapped,
    /// Both eyes show the same iris.
    SameEyeTwice,
    /// Similar fingers are here under another NIK; the other NIK stays in the station's database.
    FoundUnderAnotherNik,
}

/// What the operator answered to a warning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarningAnswer {
    /// The warning.
    pub warning: Warning,
    /// The note; empty while unanswered.
    pub note: String,
    /// When the warning came.
    pub at: Timestamp,
}

/// The state of one finger as the two hands show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FingerState {
    /// Not captured yet.
    Waiting,
    /// Captured, below the limit, not accepted.
    Low,
    /// Captured, good.
    Ok,
    /// Low quality accepted after the set number of attempts.
    LowQualityAccepted,
    /// Missing.
    Amputated,
    /// Bandaged: comes again.
    Bandaged,
    /// Unreadable.
    Unreadable,
    /// Stiff.
    Stiff,
    /// Excepted for another reason.
    Other,
}

/// The state of one eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EyeState {
    /// Not captured yet.
    Waiting,
    /// Captured, below the limit, not accepted.
    Low,
    /// Captured, good.
    Ok,
    /// Low quality accepted after the set number of attempts.
    LowQualityAccepted,
    /// Missing or blind.
    MissingOrBlind,
    /// Bandaged: comes again.
    Bandaged,
    /// Unreadable.
    Unreadable,
    /// The lid cannot be opened.
    LidClosed,
    /// Excepted for another reason.
    Other,
}

/// What step 4 still lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "missing", content = "which")]
pub enum Missing {
    /// No photo.
    Portrait,
    /// The photo is below the limit and the operator has not accepted it.
    PortraitQuality,
    /// A judged line of the chosen photo is not ticked.
    Judged(JudgedCheck),
    /// The chosen photo is not approved.
    PortraitApproval,
    /// A finger is neither captured nor excepted.
    Finger(Finger),
    /// A finger is of low quality and not accepted.
    FingerQuality(Finger),
    /// An eye is neither captured nor excepted.
    Eye(Eye),
    /// An eye is of low quality and not accepted.
    EyeQuality(Eye),
    /// No signature and no substitute.
    Signature,
    /// A chip finger is not re-matched.
    Rematch(Finger),
    /// A warning has no answer.
    Answer(Warning),
}

impl Missing {
    /// Returns the sub-step that takes care of it.
    pub const fn modality(self) -> Modality {
        match self {
            Missing::Portrait | Missing::PortraitQuality | Missing::Judged(_) | Missing::PortraitApproval => {
                Modality::Portrait
            }
            Missing::Finger(_) | Missing::FingerQuality(_) => Modality::Fingers,
            Missing::Eye(_) | Missing::EyeQuality(_) => Modality::Irises,
            Missing::Signature => Modality::Signature,
            Missing::Rematch(_) | Missing::Answer(_) => Modality::Rematch,
        }
    }
}

/// The chip-finger rule: which fingers go on the chip, and who stands in for whom on each hand.
///
/// Source: both index fingers, Perpres 67/2011; the order of substitutes is not official and therefore data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChipRule {
    /// Order on the right hand.
    pub right: Vec<Finger>,
    /// Order on the left hand.
    pub left: Vec<Finger>,
}

impl Default for ChipRule {
    fn default() -> Self {
        Self {
            right: vec![Finger::RightIndex, Finger::RightMiddle, Finger::RightRing, Finger::RightThumb],
            left: vec![Finger::LeftIndex, Finger::LeftMiddle, Finger::LeftRing, Finger::LeftThumb],
        }
    }
}

/// Everything captured in one visit. Plain data: stored as it is, resumed as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptureState {
    /// All attempts in the order in which they came.
    pub attempts: Vec<Attempt>,
    /// The operator's choice where it is not the best by the rule.
    pub chosen: Vec<(Target, CaptureId)>,
    /// Judged lines ticked for the chosen photo.
    pub judged: BTreeSet<JudgedCheck>,
    /// The approval of the chosen photo.
    pub approval: Option<Approval>,
    /// Targets whose low quality was accepted with a note.
    pub accepted_low: Vec<(Target, String)>,
    /// Parts that are not captured; at most one per part.
    pub exceptions: Vec<Exception>,
    /// Re-match attempts.
    pub rematches: Vec<RematchAttempt>,
    /// Witnessed exits of the re-match; at most one per finger.
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

    /// Returns the attempt that counts: the operator's choice, else the best by the rule.
    ///
    /// The rule, in this order: most expected parts at or above the limit; most expected parts seen; best weakest part;
    /// highest sum; of equals the earlier one. One whole attempt counts per slap: fingers of different slaps are never
    /// mixed.
    pub fn best(&self, target: Target, limits: &Thresholds) -> Option<&Attempt> {
        if let Some((_, id)) = self.chosen.iter().find(|(of, _)| *of == target)
            && let Some(attempt) = self.attempts_of(target).find(|attempt| attempt.id == *id)
        {
            return Some(attempt);
        }
        let expected = self.expected(target);
        let mut best: Option<(Rank, &Attempt)> = None;
        for attempt in self.attempts_of(target) {
            let rank = rank(attempt, &expected, limits);
            if best.as_ref().is_none_or(|(held, _)| rank > *held) {
                best = Some((rank, attempt));
            }
        }
        best.map(|(_, attempt)| attempt)
    }

    fn low_accepted(&self, target: Target) -> bool {
        self.accepted_low.iter().any(|(of, _)| *of == target)
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
            Some(_) if self.low_accepted(target) => FingerState::LowQualityAccepted,
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
            Some(_) if self.low_accepted(target) => EyeState::LowQualityAccepted,
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

    /// Says whether a chip finger is settled: a score at or above the limit against the slap that counts now, or an exit.
    pub fn is_rematched(&self, finger: Finger, limits: &Thresholds) -> bool {
        let held = self.best(Target::Slap(finger.slap()), limits).map(|attempt| attempt.id);
        self.rematch_exits.iter().any(|exit| exit.finger == finger)
            || self.rematches.iter().any(|attempt| {
                attempt.finger == finger
                    && Some(attempt.against) == held
                    && attempt.score >= limits.rematch_score
            })
    }

    /// Returns the number of re-match attempts against the slap that counts now.
    pub fn rematch_tries(&self, finger: Finger, limits: &Thresholds) -> usize {
        let held = self.best(Target::Slap(finger.slap()), limits).map(|attempt| attempt.id);
        self.rematches
            .iter()
            .filter(|attempt| attempt.finger == finger && Some(attempt.against) == held)
            .count()
    }

    /// Says whether the photo that counts is approved.
    pub fn is_portrait_approved(&self, limits: &Thresholds) -> bool {
        let held = self.best(Target::Portrait, limits).map(|attempt| attempt.id);
        held.is_some() && self.approval.map(|approval| approval.portrait) == held
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

impl Thresholds {
    /// Returns the least quality of a part; a signature has none.
    pub fn of(&self, part: Part) -> u8 {
        match part {
            Part::Face => self.portrait,
            Part::Finger(_) => self.finger,
            Part::Eye(_) => self.eye,
            Part::Signature => 0,
        }
    }
}

impl Attempt {
    /// Returns the quality of a part; `None` when the attempt does not show it.
    pub fn score_of(&self, part: Part) -> Option<u8> {
        self.parts.iter().find(|quality| quality.part == part).map(|quality| quality.score)
    }
}

/// Returns everything that step 4 still lacks, in the order of work; empty means that it may finish.
pub fn completeness(
    state: &CaptureState,
    scope: CaptureScope,
    rule: &ChipRule,
    limits: &Thresholds,
) -> Vec<Missing> {
    let mut list = Vec::new();
    if scope.portrait() {
        portrait_missing(state, limits, &mut list);
    }
    if scope.biometrics() {
        // Scan order, not code order: right hand, left hand, thumbs.
        for finger in Slap::ALL.iter().flat_map(|slap| slap.fingers()) {
            match state.finger_state(*finger, limits) {
                FingerState::Waiting => list.push(Missing::Finger(*finger)),
                FingerState::Low => list.push(Missing::FingerQuality(*finger)),
                FingerState::Ok
                | FingerState::LowQualityAccepted
                | FingerState::Amputated
                | FingerState::Bandaged
                | FingerState::Unreadable
                | FingerState::Stiff
                | FingerState::Other => {}
            }
        }
        for eye in Eye::ALL {
            match state.eye_state(eye, limits) {
                EyeState::Waiting => list.push(Missing::Eye(eye)),
                EyeState::Low => list.push(Missing::EyeQuality(eye)),
                EyeState::Ok
                | EyeState::LowQualityAccepted
                | EyeState::MissingOrBlind
                | EyeState::Bandaged
                | EyeState::Unreadable
                | EyeState::LidClosed
                | EyeState::Other => {}
            }
        }
    }
    if scope.signature()
        && state.exception(Part::Signature).is_none()
        && state.attempts_of(Target::Signature).next().is_none()
    {
        list.push(Missing::Signature);
    }
    if scope.biometrics() {
        let unsettled =
            state.chip_fingers(rule, limits).into_iter().filter(|f| !state.is_rematched(*f, limits));
        list.extend(unsettled.map(Missing::Rematch));
    }
    let unanswered = state.warnings.iter().filter(|answer| answer.note.trim().is_empty());
    list.extend(unanswered.map(|answer| Missing::Answer(answer.warning)));
    list
}

fn portrait_missing(state: &CaptureState, limits: &Thresholds, list: &mut Vec<Missing>) {
    let Some(best) = state.best(Target::Portrait, limits) else {
        list.push(Missing::Portrait);
        return;
    };
    if best.score_of(Part::Face).unwrap_or(0) < limits.portrait && !state.low_accepted(Target::Portrait) {
        list.push(Missing::PortraitQuality);
    }
    list.extend(JudgedCheck::ALL.into_iter().filter(|c| !state.judged.contains(c)).map(Missing::Judged));
    if !state.is_portrait_approved(limits) {
        list.push(Missing::PortraitApproval);
    }
}

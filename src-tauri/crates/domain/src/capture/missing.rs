//! What step 4 still lacks.

use serde::{Deserialize, Serialize};

use super::{
    CaptureState, ChipRule, EyeState, FingerState, JudgedCheck, Modality, Part, Target, Thresholds, Warning,
};
use crate::eye::Eye;
use crate::finger::{Finger, Slap};
use crate::plan::CaptureScope;

/// What step 4 still lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "missing", content = "which")]
pub enum Missing {
    /// No photo.
    Portrait,
    /// The photo is below the limit, or was judged beside another backdrop than is due since, and the operator has not accepted
    /// it.
    PortraitQuality,
    /// A judged line of the chosen photo is neither ticked nor excused.
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
    // The same question about several captures is one question.
    for answer in state.warnings.iter().filter(|answer| answer.is_open()) {
        let missing = Missing::Answer(answer.warning);
        if !list.contains(&missing) {
            list.push(missing);
        }
    }
    list
}

fn portrait_missing(state: &CaptureState, limits: &Thresholds, list: &mut Vec<Missing>) {
    let Some(best) = state.best(Target::Portrait, limits) else {
        list.push(Missing::Portrait);
        return;
    };
    let low = best.score_of(Part::Face).unwrap_or(0) < limits.portrait;
    if (low && state.low_note(Target::Portrait, limits).is_none()) || state.other_backdrop(limits).is_some() {
        list.push(Missing::PortraitQuality);
    }
    let open = |check: &JudgedCheck| !state.is_settled(best.id, *check);
    list.extend(JudgedCheck::ALL.into_iter().filter(open).map(Missing::Judged));
    if !state.is_portrait_approved(limits) {
        list.push(Missing::PortraitApproval);
    }
}

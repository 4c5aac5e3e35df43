//! Chip fingers at step 4: which they are, compared again, and the witnessed way on.

use super::{biometric_witness, enough_tries, seen};
use crate::capture::{FingerState as F, Modality, RematchAttempt, RematchExit, Target};
use crate::finger::Finger;
use crate::permohonan::{Ctx, Effect, Refusal, State, line};
use crate::register::RegisterKind;
use crate::steps::{Outcome, reason};

pub(super) fn chip_finger(state: &State, finger: Finger, ctx: &Ctx<'_>) -> Result<(), Refusal> {
    let chip = state.capture.chip_fingers(&ctx.rules.chip, &ctx.rules.thresholds);
    if chip.contains(&finger) { Ok(()) } else { Err(Refusal::NotAChipFinger { finger }) }
}

pub(super) fn rematch(
    state: &mut State,
    attempt: RematchAttempt,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    let limits = &ctx.rules.thresholds;
    let finger = attempt.finger;
    seen(state, ctx)?;
    if !state.plan.capture.biometrics() {
        return Err(Refusal::NotInScope { modality: Modality::Rematch });
    }
    chip_finger(state, finger, ctx)?;
    let held = state.capture.best(Target::Slap(finger.slap()), limits).map(|held| held.id);
    if held != Some(attempt.against) {
        return Err(Refusal::StaleRematch { finger });
    }
    if state.capture.rematches.iter().any(|held| held.id == attempt.id) {
        return Err(Refusal::AttemptExists { attempt: attempt.id });
    }
    let matched = attempt.score >= limits.rematch_score;
    state.capture.rematches.push(attempt);
    state.is_seen(ctx);
    effects.push(line(RegisterKind::Rematched, [("cocok", matched.to_string())]));
    Ok(Outcome::Stay)
}

/// It is about the slap that counts now; of another one the finger is asked again.
pub(super) fn exit_rematch(
    state: &mut State,
    exit: RematchExit,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    let limits = &ctx.rules.thresholds;
    let finger = exit.finger;
    reason(&exit.note)?;
    biometric_witness(&exit.witness, ctx)?;
    chip_finger(state, finger, ctx)?;
    let held = state.capture.best(Target::Slap(finger.slap()), limits).map(|held| held.id);
    if exit.against != held {
        return Err(Refusal::StaleRematch { finger });
    }
    enough_tries(state.capture.rematch_tries(finger, limits), limits.rematch_tries)?;
    state.capture.rematch_exits.retain(|held| held.finger != finger || held.against != exit.against);
    state.capture.rematch_exits.push(exit);
    effects.push(line(RegisterKind::Rematched, [("saksi", "ya".into())]));
    Ok(Outcome::Stay)
}

pub(super) fn other_chip_finger(
    state: &mut State,
    from: Finger,
    to: Finger,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    let limits = &ctx.rules.thresholds;
    chip_finger(state, from, ctx)?;
    let captured = |finger| match state.capture.finger_state(finger, limits) {
        F::Ok | F::LowQualityAccepted => true,
        F::Waiting | F::Low | F::Amputated | F::Bandaged | F::Unreadable | F::Stiff | F::Other => false,
    };
    if from.is_right() != to.is_right() || !captured(to) {
        return Err(Refusal::NotAChipFinger { finger: to });
    }
    // A second change names the finger on screen; the stored key stays the finger by the rule.
    let by_rule = state.capture.chip_override.iter().find(|(_, held)| **held == from).map(|(key, _)| *key);
    state.capture.chip_override.insert(by_rule.unwrap_or(from), to);
    effects.push(line(RegisterKind::FieldSaved, [("jari_cip", to.code().to_string())]));
    Ok(Outcome::Stay)
}

//! A press that gave nothing at step 4: it counts as a try, so that a part which no scanner reads has its way on.
//!
//! Nobody was recorded by it: who sits there is asked about as before.

use super::rematch::chip_finger;
use super::{after_approval, in_scope, seen};
use crate::capture::{Modality, Part, Target, Unread, UnreadAgain, UnreadWhy};
use crate::finger::Finger;
use crate::ids::CaptureId;
use crate::permohonan::{Ctx, Effect, Refusal, State, line};
use crate::register::RegisterKind;
use crate::steps::Outcome;

pub(super) fn press(
    state: &mut State,
    (target, parts): (Target, Vec<Part>),
    (why, device): (UnreadWhy, String),
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    in_scope(state.plan.capture, target)?;
    after_approval(state, ctx, target)?;
    seen(state, ctx)?;
    let pressed = match target {
        Target::Slap(_) | Target::Eye(_) => true,
        // A face that is not found is kept with its still; of a signature there is no press.
        Target::Portrait | Target::Signature => false,
    };
    let expected = state.capture.expected(target);
    if !pressed || parts.is_empty() || parts.iter().any(|part| !expected.contains(part)) {
        return Err(Refusal::ForeignPart { target });
    }
    let after = state.capture.attempts_of(target).last().map(|attempt| attempt.id);
    state.capture.unread.push(Unread { target, parts, why, device, at: ctx.now, after });
    effects.push(line(RegisterKind::CaptureNotRead, [("sebab", why.key().into())]));
    Ok(Outcome::Stay)
}

pub(super) fn press_again(
    state: &mut State,
    (finger, against): (Finger, CaptureId),
    (why, device): (UnreadWhy, String),
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    let limits = &ctx.rules.thresholds;
    seen(state, ctx)?;
    if !state.plan.capture.biometrics() {
        return Err(Refusal::NotInScope { modality: Modality::Rematch });
    }
    chip_finger(state, finger, ctx)?;
    let held = state.capture.best(Target::Slap(finger.slap()), limits).map(|held| held.id);
    if held != Some(against) {
        return Err(Refusal::StaleRematch { finger });
    }
    let after = state.capture.rematches_of(finger, limits).last().map(|attempt| attempt.id);
    state.capture.unread_again.push(UnreadAgain { finger, against, why, device, at: ctx.now, after });
    effects.push(line(RegisterKind::CaptureNotRead, [("sebab", why.key().into())]));
    Ok(Outcome::Stay)
}

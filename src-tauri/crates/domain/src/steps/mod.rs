//! The nine steps, one file each, in the order of the SOP; `any` holds what can happen at every step.

pub mod form;
pub mod requirements;
pub mod verification;
pub mod capture;
pub mod attestation;
pub mod print_request;
pub mod status;
pub mod print;
pub mod handover;
pub(crate) mod any;

use crate::permohonan::{Ctx, Effect, Phase, Refusal, State};
use crate::plan::Step;
use crate::sop::PauseReason;

/// Whether a step goes on after an event, or is done.
pub(crate) enum Outcome {
    /// The step goes on.
    Stay,
    /// The step is done.
    Done,
    /// The step is done and nobody waits at the counter for the next one: its clock stands still until somebody takes it up.
    DoneForLater,
}

/// Moves to the following step of the plan; holds for age before the print request; closes after the last.
pub(crate) fn advance(state: &mut State, ctx: &Ctx<'_>, effects: &mut Vec<Effect>) {
    let Some(mut to) = state.plan.after(state.step) else {
        state.phase = Phase::Closed;
        state.clock.stop(ctx.now);
        return;
    };
    // Papers that were accepted stay accepted when only the form was edited.
    if to == Step::Requirements
        && state.requirements.accepted
        && requirements::missing(state, ctx).is_empty()
        && let Some(after) = state.plan.after(to)
    {
        to = after;
    }
    state.step = to;
    if to == Step::PrintRequest
        && let Some(until) = ctx.print_from()
    {
        state.phase = Phase::HeldForAge { until };
        state.clock.pause(PauseReason::Waiting, ctx.now);
        effects.push(Effect::HoldForAge { until });
    }
}

/// Refuses a blank reason.
pub(crate) fn reason(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() { Err(Refusal::ReasonMissing) } else { Ok(()) }
}

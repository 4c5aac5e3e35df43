//! What can happen at every step: back, resume, pause, cancel, expiry.

use jiff::{SignedDuration, Timestamp};

use super::{Outcome, reason};
use crate::capture::Backdrop;
use crate::permohonan::{Ctx, Effect, Phase, Refusal, State, line};
use crate::plan::Step;
use crate::register::RegisterKind;
use crate::sop::PauseReason;
use crate::steps::attestation::AttestationState;
use crate::steps::print_request::{PrintRequestState, give_up_request, join_queue};

/// Goes back before the sealing; captures are kept, confirmations of later steps are asked again.
pub(crate) fn went_back(
    state: &mut State,
    to: Step,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    if state.phase != Phase::Open {
        return Err(Refusal::NotOpen);
    }
    if to >= state.step || !state.plan.has(to) {
        return Err(Refusal::NotBefore { to });
    }
    state.print.refuse_if_under_way()?;
    if state.print.card.is_some() {
        return Err(Refusal::CardExists);
    }
    if let Some(packet) = state.attestation.packet
        && to <= Step::Attestation
    {
        return Err(Refusal::AlreadySealed { packet });
    }
    let from = state.step;
    ask_again(state, to, ctx);
    if to <= Step::PrintRequest && state.print_request.requested {
        give_up_request(state, effects);
        state.print_request = PrintRequestState::default();
        // What the centre gave out was for that request.
        state.print.source = None;
    }
    state.status.slip_given = state.status.slip_given && to > Step::Status;
    state.status.slip_at = state.status.slip_at.filter(|_| state.status.slip_given);
    effects.push(line(RegisterKind::VisitWentBack, [("dari", from.key().into()), ("ke", to.key().into())]));
    Ok(Outcome::Stay)
}

/// Stands at the earlier step `to`: what steps 1 to 5 had confirmed from there on is asked again.
fn ask_again(state: &mut State, to: Step, ctx: &Ctx<'_>) {
    if to <= Step::Form {
        state.form.completed_at = None;
        state.verification.forget_comparison();
    }
    if to == Step::Requirements {
        state.requirements.accepted = false;
    }
    if to <= Step::Verification {
        state.verification.verified = false;
        // Whoever finds the data right now may print what was disputed.
        state.print.disputed = None;
        if state.step > Step::Verification {
            state.capture.judged_beside(Backdrop::due(state.plan.kind, ctx.biodata));
        }
    }
    if to <= Step::Attestation {
        state.attestation = AttestationState::default();
    }
    state.step = to;
}

/// Says whether a visit was returned for a paper after step 2: that paper is looked at there once more.
fn waits_for_papers(state: &State) -> bool {
    let later = state.step > Step::Requirements && state.step <= Step::Attestation;
    later && state.attestation.packet.is_none() && !state.requirements.accepted
}

/// Takes up a returned, held or waiting visit at the same step; one that was returned for a paper at step 2.
pub(crate) fn resumed(
    state: &mut State,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    match &state.phase {
        Phase::Returned { .. } | Phase::Waiting { .. } => {}
        Phase::HeldForAge { .. } => {
            // A marriage or a corrected date of birth may have changed the day.
            if let Some(until) = ctx.print_from() {
                return Err(Refusal::HeldForAge { until });
            }
        }
        Phase::Open | Phase::Cancelled { .. } | Phase::Expired | Phase::Closed => {
            return Err(Refusal::NotResumable);
        }
    }
    let was_held = matches!(state.phase, Phase::HeldForAge { .. });
    state.phase = Phase::Open;
    state.clock.resume(ctx.now);
    if waits_for_papers(state) {
        ask_again(state, Step::Requirements, ctx);
    }
    effects.push(line(RegisterKind::VisitResumed, [("langkah", state.step.key().into())]));
    if was_held {
        // Out of the birthday queue; the request puts it into the queue of prints.
        effects.push(Effect::LeavePrintQueue);
    }
    if state.step == Step::Print && state.print.card.is_none() {
        // A disputed card was voided: another one is to be printed.
        effects.push(join_queue(state));
    }
    Ok(Outcome::Stay)
}

/// Lets the clock stand still.
pub(crate) fn paused(
    state: &mut State,
    why: PauseReason,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    if state.phase != Phase::Open {
        return Err(Refusal::NotOpen);
    }
    state.clock.pause(why, ctx.now);
    let word = match why {
        PauseReason::Applicant => "applicant",
        PauseReason::DeviceTrouble => "device_trouble",
        PauseReason::Waiting => "waiting",
    };
    effects.push(line(RegisterKind::ClockChanged, [("jeda", word.into())]));
    Ok(Outcome::Stay)
}

/// Lets the clock run again.
pub(crate) fn continued(
    state: &mut State,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    if state.phase != Phase::Open {
        return Err(Refusal::NotOpen);
    }
    state.clock.resume(ctx.now);
    effects.push(line(RegisterKind::ClockChanged, [("jeda", "selesai".into())]));
    Ok(Outcome::Stay)
}

/// Ends the visit. A card that exists or may exist must be accounted for first.
pub(crate) fn cancelled(
    state: &mut State,
    why: String,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    reason(&why)?;
    state.print.refuse_if_under_way()?;
    if state.print.card.is_some() {
        return Err(Refusal::CardExists);
    }
    give_up_request(state, effects);
    effects.push(line(RegisterKind::VisitCancelled, [("alasan", why.clone())]));
    state.phase = Phase::Cancelled { reason: why };
    state.clock.stop(ctx.now);
    Ok(Outcome::Stay)
}

/// Ends a visit that nobody came back to; never one that is sealed, so no recording is lost.
pub(crate) fn expired(
    state: &mut State,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    if let Some(packet) = state.attestation.packet {
        return Err(Refusal::AlreadySealed { packet });
    }
    state.print.refuse_if_under_way()?;
    if state.print.card.is_some() {
        return Err(Refusal::CardExists);
    }
    let span = SignedDuration::from_hours(i64::from(ctx.rules.expiry_days) * 24);
    let not_before = state.touched_at.checked_add(span).unwrap_or(Timestamp::MAX);
    if ctx.now < not_before {
        return Err(Refusal::NotExpired { not_before });
    }
    give_up_request(state, effects);
    effects.push(line(RegisterKind::VisitExpired, [("langkah", state.step.key().into())]));
    state.phase = Phase::Expired;
    state.clock.stop(ctx.now);
    Ok(Outcome::Stay)
}

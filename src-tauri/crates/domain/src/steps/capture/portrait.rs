//! The photo at step 4: which one counts, judged and approved; or cut by hand where the program finds no face.

use super::{belongs, enough_tries, in_scope, new_picture, seen};
use crate::capture::{
    Approval, ApprovalBy, Attempt, ChoiceReason, Excuse, FacelessStill, HandCut, Judged, JudgedCheck,
    LowAccepted, Part, PortraitRefusal, QuarterTurn, Target,
};
use crate::ids::CaptureId;
use crate::permohonan::{Ctx, Effect, Refusal, State, line};
use crate::register::RegisterKind;
use crate::role::Witness;
use crate::steps::verification::officer;
use crate::steps::{Outcome, reason};

/// `counts` is the photo that counts now.
pub(super) fn choose(
    state: &mut State,
    (target, attempt, why): (Target, CaptureId, Option<ChoiceReason>),
    counts: Option<CaptureId>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    if !state.capture.countable(target).any(|held| held.id == attempt) {
        return Err(Refusal::NoSuchAttempt { attempt });
    }
    if target == Target::Portrait && counts != Some(attempt) && why.is_none() {
        return Err(Refusal::ReasonMissing);
    }
    state.capture.choose(target, attempt);
    let kind = RegisterKind::CaptureAccepted;
    effects.push(match why {
        Some(why) => line(kind, [("dipilih", attempt.to_string()), ("alasan", why.key().into())]),
        None => line(kind, [("dipilih", attempt.to_string())]),
    });
    Ok(Outcome::Stay)
}

pub(super) fn judge(
    state: &mut State,
    counts: Option<CaptureId>,
    (check, yes): (JudgedCheck, bool),
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    in_scope(state.plan.capture, Target::Portrait)?;
    let portrait = counts.ok_or(Refusal::OtherPortrait)?;
    say(state, (portrait, check, yes), None, ctx);
    effects.push(line(
        RegisterKind::FieldSaved,
        [(check.key(), yes.to_string()), ("foto", portrait.to_string())],
    ));
    Ok(Outcome::Stay)
}

/// One word for a line of a photo: the one before it goes.
fn say(
    state: &mut State,
    (portrait, check, yes): (CaptureId, JudgedCheck, bool),
    excuse: Option<Excuse>,
    ctx: &Ctx<'_>,
) {
    let judged = &mut state.capture.judged;
    judged.retain(|held| held.check != check || held.portrait.is_some_and(|of| of != portrait));
    let (by, at) = (Some(ctx.operator.clone()), Some(ctx.now));
    judged.push(Judged { portrait: Some(portrait), check, yes, by, at, excuse });
}

/// Of the photo that counts and of no other: the next one is looked at anew.
pub(super) fn excuse(
    state: &mut State,
    counts: Option<CaptureId>,
    (check, note, witness): (JudgedCheck, String, Witness),
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    in_scope(state.plan.capture, Target::Portrait)?;
    reason(&note)?;
    officer(&witness, ctx)?;
    let portrait = counts.ok_or(Refusal::OtherPortrait)?;
    say(state, (portrait, check, false), Some(Excuse { note, witness }), ctx);
    effects.push(line(
        RegisterKind::ExceptionMade,
        [(check.key(), "tidak dapat".into()), ("foto", portrait.to_string()), ("saksi", "ya".into())],
    ));
    Ok(Outcome::Stay)
}

pub(super) fn approve(
    state: &mut State,
    counts: Option<CaptureId>,
    (shown, by): (CaptureId, ApprovalBy),
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    in_scope(state.plan.capture, Target::Portrait)?;
    if counts != Some(shown) {
        return Err(Refusal::OtherPortrait);
    }
    if !state.capture.is_judged(shown) {
        return Err(Refusal::PortraitNotJudged);
    }
    state.capture.approval = Some(Approval { portrait: shown, at: ctx.now, by });
    state.capture.refused.retain(|refusal| refusal.portrait != shown);
    // What the applicant approved stays, even when a later picture scores higher.
    state.capture.choose(Target::Portrait, shown);
    effects.push(line(RegisterKind::PortraitApproved, [("foto", shown.to_string())]));
    Ok(Outcome::Stay)
}

/// The ticks and excuses go with the photo: it can be approved after all only when an officer looks at it anew.
pub(super) fn refuse(
    state: &mut State,
    counts: Option<CaptureId>,
    shown: CaptureId,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    in_scope(state.plan.capture, Target::Portrait)?;
    if counts != Some(shown) {
        return Err(Refusal::OtherPortrait);
    }
    let capture = &mut state.capture;
    capture.refused.retain(|refusal| refusal.portrait != shown);
    capture.refused.push(PortraitRefusal { portrait: shown, at: ctx.now });
    capture.judged.retain(|judged| !judged.is_settled() || judged.portrait.is_some_and(|of| of != shown));
    capture.approval = capture.approval.filter(|approval| approval.portrait != shown);
    capture.chosen.retain(|held| *held != (Target::Portrait, shown));
    effects.push(line(RegisterKind::PortraitRefused, [("foto", shown.to_string())]));
    Ok(Outcome::Stay)
}

/// A photo that was approved beside another backdrop than is due now no longer stands before one that is taken anew.
pub(super) fn give_way(state: &mut State, ctx: &Ctx<'_>) {
    let capture = &mut state.capture;
    if capture.other_backdrop(&ctx.rules.thresholds).is_some() {
        capture.chosen.retain(|(of, _)| *of != Target::Portrait);
    }
}

/// The applicant sat there and a picture was taken: that it shows no face may lie with the face.
pub(super) fn face_not_found(
    state: &mut State,
    still: FacelessStill,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    in_scope(state.plan.capture, Target::Portrait)?;
    seen(state, ctx)?;
    new_picture(state, still.id)?;
    effects.push(line(
        RegisterKind::CaptureAccepted,
        [("pengambilan", still.id.to_string()), ("wajah", "tidak ditemukan".into())],
    ));
    state.capture.faceless.push(still);
    state.is_seen(ctx);
    Ok(Outcome::Stay)
}

/// Nobody measures such a photo: its quality is accepted with the same note.
pub(super) fn cut_by_hand(
    state: &mut State,
    attempt: Attempt,
    (still, turn, note, witness): (CaptureId, QuarterTurn, String, Witness),
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    in_scope(state.plan.capture, Target::Portrait)?;
    reason(&note)?;
    officer(&witness, ctx)?;
    enough_tries(state.capture.tries(Target::Portrait), ctx.rules.thresholds.tries)?;
    if !state.capture.faceless.iter().any(|held| held.id == still) {
        return Err(Refusal::NoSuchAttempt { attempt: still });
    }
    new_picture(state, attempt.id)?;
    if attempt.target != Target::Portrait
        || attempt.score_of(Part::Face).is_none()
        || attempt.parts.iter().any(|quality| !belongs(quality.part, Target::Portrait))
    {
        return Err(Refusal::ForeignPart { target: Target::Portrait });
    }
    let (id, backdrop) = (attempt.id, attempt.backdrop);
    effects.push(line(
        RegisterKind::CaptureAccepted,
        [
            ("pengambilan", id.to_string()),
            ("dipotong_dari", still.to_string()),
            ("diputar", turn.degrees().to_string()),
            ("saksi", "ya".into()),
        ],
    ));
    let capture = &mut state.capture;
    capture.attempts.push(attempt);
    capture.accepted_low.push(LowAccepted {
        target: Target::Portrait,
        attempt: Some(id),
        note: note.clone(),
        backdrop,
    });
    capture.hand_cuts.push(HandCut {
        attempt: id,
        still,
        turn,
        note,
        witness,
        operator: ctx.operator.clone(),
        at: ctx.now,
    });
    capture.choose(Target::Portrait, id);
    Ok(Outcome::Stay)
}

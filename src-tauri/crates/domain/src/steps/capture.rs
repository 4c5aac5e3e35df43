//! Step 4: photo, fingers, irises, signature, re-match. Never a dead end; a re-take never overwrites the better one.

use serde::{Deserialize, Serialize};

use super::verification::officer;
use super::{Outcome, reason};
use crate::capture::{
    Approval, ApprovalBy, Attempt, ChoiceReason, Duration, Exception, ExceptionReason, Judged, JudgedCheck,
    Part, PortraitRefusal, RematchAttempt, RematchExit, Target, Warning, WarningAnswer, completeness,
};
use crate::finger::Finger;
use crate::ids::CaptureId;
use crate::permohonan::{Ctx, Effect, Refusal, State, line};
use crate::plan::CaptureScope;
use crate::register::RegisterKind;

/// What can happen at step 4.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum CaptureEvent {
    /// A picture was taken and is kept.
    AttemptAccepted {
        /// It.
        attempt: Attempt,
    },
    /// The operator chose another attempt than the best by the rule.
    Chosen {
        /// Of what.
        target: Target,
        /// Which.
        attempt: CaptureId,
        /// Why; needed for another photo than the one that counts.
        reason: Option<ChoiceReason>,
    },
    /// A judged line of the photo was ticked or unticked.
    Judged {
        /// Which line.
        check: JudgedCheck,
        /// Ticked.
        yes: bool,
    },
    /// The applicant approved the photo that counts.
    PortraitApproved {
        /// The photo that was shown.
        portrait: CaptureId,
        /// How.
        by: ApprovalBy,
    },
    /// The applicant wants another photo than the one that counts. It stays, and loses its ticks and its approval.
    PortraitRefused {
        /// The photo that was shown.
        portrait: CaptureId,
    },
    /// Low quality is accepted after the set number of attempts.
    LowAccepted {
        /// Of what.
        target: Target,
        /// Why.
        note: String,
    },
    /// A part is not captured; replaces an earlier exception of the same part.
    ExceptionMade {
        /// It.
        exception: Exception,
    },
    /// The part is captured after all.
    ExceptionWithdrawn {
        /// Which.
        part: Part,
    },
    /// A chip finger was captured again and compared.
    RematchTried {
        /// It.
        attempt: RematchAttempt,
    },
    /// The witnessed way on.
    RematchExited {
        /// It.
        exit: RematchExit,
    },
    /// Another finger of the same hand goes on the chip.
    ChipFingerChanged {
        /// The finger by the rule.
        from: Finger,
        /// The other one.
        to: Finger,
    },
    /// A comparison noticed something.
    WarningRaised {
        /// What.
        warning: Warning,
        /// The attempts that may show something else than they are of.
        #[serde(default)]
        attempts: Vec<CaptureId>,
    },
    /// The operator answered a warning, about whichever attempts it is open.
    WarningAnswered {
        /// Which.
        warning: Warning,
        /// With what.
        note: String,
    },
    /// The officer looked: the applicant at the desk is the one on the screen.
    ApplicantSeen,
    /// The step is done.
    Finished,
}

fn in_scope(scope: CaptureScope, target: Target) -> Result<(), Refusal> {
    let yes = match target {
        Target::Portrait => scope.portrait(),
        Target::Slap(_) | Target::Eye(_) => scope.biometrics(),
        Target::Signature => scope.signature(),
    };
    if yes { Ok(()) } else { Err(Refusal::NotInScope { modality: target.modality() }) }
}

/// The target that a part is captured in.
fn target_of(part: Part) -> Target {
    match part {
        Part::Face => Target::Portrait,
        Part::Finger(finger) => Target::Slap(finger.slap()),
        Part::Eye(eye) => Target::Eye(eye),
        Part::Signature => Target::Signature,
    }
}

fn belongs(part: Part, target: Target) -> bool {
    target_of(part) == target
}

/// Biometrics begin only when the applicant has approved the photo.
fn after_approval(state: &State, ctx: &Ctx<'_>, target: Target) -> Result<(), Refusal> {
    let gated = match target {
        Target::Portrait => false,
        Target::Slap(_) | Target::Eye(_) | Target::Signature => state.plan.capture.portrait(),
    };
    if gated && !state.capture.is_portrait_approved(&ctx.rules.thresholds) {
        return Err(Refusal::PortraitNotApproved);
    }
    Ok(())
}

pub(crate) fn on(
    state: &mut State,
    event: CaptureEvent,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    let limits = &ctx.rules.thresholds;
    let portrait = state.capture.best(Target::Portrait, limits).map(|attempt| attempt.id);
    let outcome = match event {
        CaptureEvent::AttemptAccepted { attempt } => accept(state, attempt, ctx, effects),
        CaptureEvent::Chosen { target, attempt, reason } => {
            choose(state, (target, attempt, reason), portrait, effects)
        }
        CaptureEvent::Judged { check, yes } => judge(state, portrait, (check, yes), ctx, effects),
        CaptureEvent::PortraitApproved { portrait: shown, by } => {
            approve(state, portrait, (shown, by), ctx, effects)
        }
        CaptureEvent::PortraitRefused { portrait: shown } => refuse(state, portrait, shown, ctx, effects),
        CaptureEvent::LowAccepted { target, note } => {
            reason(&note)?;
            let done = state.capture.attempts_of(target).count();
            let needed = usize::from(limits.tries);
            if done < needed {
                return Err(Refusal::MoreTriesNeeded { done, needed });
            }
            state.capture.accepted_low.retain(|(of, _)| *of != target);
            state.capture.accepted_low.push((target, note));
            effects.push(line(RegisterKind::CaptureAccepted, [("dengan_catatan", "ya".into())]));
            Ok(Outcome::Stay)
        }
        CaptureEvent::ExceptionMade { exception } => except(state, exception, ctx, effects),
        CaptureEvent::ExceptionWithdrawn { part } => {
            if state.capture.exception(part).is_none() {
                return Err(Refusal::NotExcepted { part });
            }
            state.capture.exceptions.retain(|exception| exception.part != part);
            effects.push(line(RegisterKind::ExceptionWithdrawn, []));
            Ok(Outcome::Stay)
        }
        CaptureEvent::RematchTried { attempt } => rematch(state, attempt, ctx, effects),
        CaptureEvent::RematchExited { exit } => {
            reason(&exit.note)?;
            biometric_witness(&exit.witness, ctx)?;
            chip_finger(state, exit.finger, ctx)?;
            let done = state.capture.rematch_tries(exit.finger, limits);
            let needed = usize::from(limits.rematch_tries);
            if done < needed {
                return Err(Refusal::MoreTriesNeeded { done, needed });
            }
            state.capture.rematch_exits.retain(|held| held.finger != exit.finger);
            state.capture.rematch_exits.push(exit);
            effects.push(line(RegisterKind::Rematched, [("saksi", "ya".into())]));
            Ok(Outcome::Stay)
        }
        CaptureEvent::ChipFingerChanged { from, to } => {
            chip_finger(state, from, ctx)?;
            let captured = |finger| {
                use crate::capture::FingerState as F;
                match state.capture.finger_state(finger, limits) {
                    F::Ok | F::LowQualityAccepted => true,
                    F::Waiting
                    | F::Low
                    | F::Amputated
                    | F::Bandaged
                    | F::Unreadable
                    | F::Stiff
                    | F::Other => false,
                }
            };
            if from.is_right() != to.is_right() || !captured(to) {
                return Err(Refusal::NotAChipFinger { finger: to });
            }
            // A second change names the finger on screen; the stored key stays the finger by the rule.
            let by_rule =
                state.capture.chip_override.iter().find(|(_, held)| **held == from).map(|(key, _)| *key);
            state.capture.chip_override.insert(by_rule.unwrap_or(from), to);
            effects.push(line(RegisterKind::FieldSaved, [("jari_cip", to.code().to_string())]));
            Ok(Outcome::Stay)
        }
        CaptureEvent::WarningRaised { warning, attempts } => warn(state, warning, attempts, ctx, effects),
        CaptureEvent::WarningAnswered { warning, note } => answer(state, warning, &note, ctx, effects),
        CaptureEvent::ApplicantSeen => {
            state.is_seen(ctx);
            effects.push(line(RegisterKind::IdentityChecked, [("orang_dan_nama", "ya".into())]));
            Ok(Outcome::Stay)
        }
        CaptureEvent::Finished => {
            let missing = completeness(&state.capture, state.plan.capture, &ctx.rules.chip, limits);
            if !missing.is_empty() {
                return Err(Refusal::Incomplete { missing });
            }
            effects.push(line(
                RegisterKind::CaptureFinished,
                [("pengecualian", state.capture.exceptions.len().to_string())],
            ));
            Ok(Outcome::Done)
        }
    }?;
    // Ticks that name no photo were about the one that counted; of another one they say nothing.
    if state.capture.best(Target::Portrait, limits).map(|attempt| attempt.id) != portrait {
        state.capture.judged.retain(|judged| judged.portrait.is_some());
    }
    Ok(outcome)
}

/// `counts` is the photo that counts now.
fn choose(
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

fn judge(
    state: &mut State,
    counts: Option<CaptureId>,
    (check, yes): (JudgedCheck, bool),
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    in_scope(state.plan.capture, Target::Portrait)?;
    let portrait = counts.ok_or(Refusal::OtherPortrait)?;
    let judged = &mut state.capture.judged;
    judged.retain(|held| held.check != check || held.portrait.is_some_and(|of| of != portrait));
    judged.push(Judged {
        portrait: Some(portrait),
        check,
        yes,
        by: Some(ctx.operator.clone()),
        at: Some(ctx.now),
    });
    effects.push(line(
        RegisterKind::FieldSaved,
        [(check.key(), yes.to_string()), ("foto", portrait.to_string())],
    ));
    Ok(Outcome::Stay)
}

fn approve(
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
    if !JudgedCheck::ALL.iter().all(|check| state.capture.is_ticked(shown, *check)) {
        return Err(Refusal::PortraitNotJudged);
    }
    state.capture.approval = Some(Approval { portrait: shown, at: ctx.now, by });
    state.capture.refused.retain(|refusal| refusal.portrait != shown);
    // What the applicant approved stays, even when a later picture scores higher.
    state.capture.choose(Target::Portrait, shown);
    effects.push(line(RegisterKind::PortraitApproved, [("foto", shown.to_string())]));
    Ok(Outcome::Stay)
}

/// The ticks go with the photo: it can be approved after all only when an officer looks at it anew.
fn refuse(
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
    capture.judged.retain(|judged| !judged.yes || judged.portrait.is_some_and(|of| of != shown));
    capture.approval = capture.approval.filter(|approval| approval.portrait != shown);
    capture.chosen.retain(|held| *held != (Target::Portrait, shown));
    effects.push(line(RegisterKind::PortraitRefused, [("foto", shown.to_string())]));
    Ok(Outcome::Stay)
}

/// After a while somebody else may sit there, and another officer does not know who sat there before.
fn seen(state: &State, ctx: &Ctx<'_>) -> Result<(), Refusal> {
    if state.must_be_seen(ctx.now, ctx.operator) { Err(Refusal::ApplicantUnseen) } else { Ok(()) }
}

fn accept(
    state: &mut State,
    attempt: Attempt,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    in_scope(state.plan.capture, attempt.target)?;
    after_approval(state, ctx, attempt.target)?;
    seen(state, ctx)?;
    if state.capture.attempts.iter().any(|held| held.id == attempt.id) {
        return Err(Refusal::AttemptExists { attempt: attempt.id });
    }
    if attempt.parts.iter().any(|quality| !belongs(quality.part, attempt.target)) {
        return Err(Refusal::ForeignPart { target: attempt.target });
    }
    if state.capture.expected(attempt.target).is_empty() {
        let part = attempt.parts.first().map_or(Part::Face, |quality| quality.part);
        return Err(Refusal::Excepted { part });
    }
    effects.push(line(RegisterKind::CaptureAccepted, [("pengambilan", attempt.id.to_string())]));
    state.capture.attempts.push(attempt);
    state.is_seen(ctx);
    Ok(Outcome::Stay)
}

fn biometric_witness(witness: &crate::role::Witness, ctx: &Ctx<'_>) -> Result<(), Refusal> {
    if ctx.rules.thresholds.family_may_witness { ctx.witness(witness) } else { officer(witness, ctx) }
}

fn except(
    state: &mut State,
    exception: Exception,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    let part = exception.part;
    let target = target_of(part);
    in_scope(state.plan.capture, target)?;
    if !exception.reason.fits(part) {
        return Err(Refusal::ReasonDoesNotFit { part });
    }
    after_approval(state, ctx, target)?;
    match part {
        Part::Signature => ctx.witness(&exception.witness)?,
        Part::Face | Part::Finger(_) | Part::Eye(_) => biometric_witness(&exception.witness, ctx)?,
    }
    if exception.reason == ExceptionReason::Unreadable {
        let done = state.capture.attempts_of(target).count();
        let needed = usize::from(ctx.rules.thresholds.tries);
        if done < needed {
            return Err(Refusal::MoreTriesNeeded { done, needed });
        }
    }
    if exception.reason.photo_required(part) && exception.photo.is_none() {
        return Err(Refusal::ExceptionPhotoMissing { part });
    }
    if part == Part::Signature && exception.substitute.is_none() {
        return Err(Refusal::SubstituteMissing);
    }
    if let Duration::Temporary { return_on } = exception.duration
        && return_on <= ctx.today
    {
        return Err(Refusal::ReturnDatePassed { return_on });
    }
    state.capture.exceptions.retain(|held| held.part != part);
    state.capture.exceptions.push(exception);
    effects.push(line(RegisterKind::ExceptionMade, [("jumlah", state.capture.exceptions.len().to_string())]));
    Ok(Outcome::Stay)
}

fn chip_finger(state: &State, finger: Finger, ctx: &Ctx<'_>) -> Result<(), Refusal> {
    let chip = state.capture.chip_fingers(&ctx.rules.chip, &ctx.rules.thresholds);
    if chip.contains(&finger) { Ok(()) } else { Err(Refusal::NotAChipFinger { finger }) }
}

/// The same question about other attempts is another one: an answer was about what stood there then.
fn warn(
    state: &mut State,
    warning: Warning,
    mut attempts: Vec<CaptureId>,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    attempts.sort_unstable();
    attempts.dedup();
    let capture = &mut state.capture;
    let known = |id: &CaptureId| capture.attempts.iter().any(|attempt| attempt.id == *id);
    if let Some(attempt) = attempts.iter().copied().find(|id| !known(id)) {
        return Err(Refusal::NoSuchAttempt { attempt });
    }
    // Asked or answered, it stands: a line for nothing would be a deed that nobody did.
    if capture.warnings.iter().any(|held| held.warning == warning && held.attempts == attempts) {
        return Err(Refusal::CaptureWarningKnown { warning });
    }
    capture.warnings.push(WarningAnswer { warning, attempts, note: String::new(), at: ctx.now });
    effects.push(line(RegisterKind::CaptureWarningAnswered, [("dijawab", "belum".into())]));
    Ok(Outcome::Stay)
}

/// An answer that was given stays as it was given.
fn answer(
    state: &mut State,
    warning: Warning,
    note: &str,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    reason(note)?;
    let mut open =
        state.capture.warnings.iter_mut().filter(|held| held.warning == warning && held.is_open()).peekable();
    if open.peek().is_none() {
        return Err(Refusal::NoSuchCaptureWarning { warning });
    }
    open.for_each(|held| note.clone_into(&mut held.note));
    if warning == Warning::NikChanged {
        // Answered with the photo held against the person: from now on all of it is of this NIK.
        state.capture.nik = ctx.biodata.nik();
        state.is_seen(ctx);
    }
    effects.push(line(RegisterKind::CaptureWarningAnswered, [("dijawab", "ya".into())]));
    Ok(Outcome::Stay)
}

fn rematch(
    state: &mut State,
    attempt: RematchAttempt,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    let limits = &ctx.rules.thresholds;
    let finger = attempt.finger;
    seen(state, ctx)?;
    if !state.plan.capture.biometrics() {
        return Err(Refusal::NotInScope { modality: crate::capture::Modality::Rematch });
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

//! Step 4: photo, fingers, irises, signature, re-match. Never a dead end; a re-take never overwrites the better one.

mod portrait;
mod rematch;
mod unread;
mod warning;

use serde::{Deserialize, Serialize};

use super::verification::officer;
use super::{Outcome, reason};
use crate::capture::{
    ApprovalBy, Attempt, ChoiceReason, Duration, Exception, ExceptionReason, FacelessStill, JudgedCheck,
    LowAccepted, Modality, Part, QuarterTurn, RematchAttempt, RematchExit, Searched, SignatureSubstitute,
    Target, UnreadWhy, Warning, completeness,
};
use crate::finger::Finger;
use crate::ids::CaptureId;
use crate::permohonan::{Ctx, Effect, Refusal, State, line};
use crate::plan::{CaptureScope, Plan, Step};
use crate::register::RegisterKind;
use crate::role::Witness;
use crate::sop::PauseReason;

/// What can happen at step 4.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum CaptureEvent {
    /// A picture was taken and is kept.
    AttemptAccepted {
        /// It.
        attempt: Attempt,
    },
    /// A still was taken in which no face is found: it counts as a try, and is no photo.
    FaceNotFound {
        /// It.
        still: FacelessStill,
    },
    /// The scanner answered a press for a slap or an eye, and read nothing that can be kept: it counts as a try.
    NothingRead {
        /// Of what.
        target: Target,
        /// The parts that were not read: at least one, all of them expected.
        parts: Vec<Part>,
        /// What the scanner said.
        why: UnreadWhy,
        /// The device: model and serial number.
        device: String,
    },
    /// After the set number of tries the photo is cut by hand out of such a still, before a second officer; it counts from now on.
    CutByHand {
        /// The photo.
        attempt: Attempt,
        /// The still that it was cut from.
        still: CaptureId,
        /// How far the still was turned first.
        #[serde(default)]
        turn: QuarterTurn,
        /// Why no face is found.
        note: String,
        /// The second officer.
        witness: Witness,
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
    /// A judged line cannot hold of whoever the photo shows; it takes the place of a tick, and a later word its own.
    Excused {
        /// Which line.
        check: JudgedCheck,
        /// Why it cannot.
        note: String,
        /// The second officer.
        witness: Witness,
    },
    /// The applicant approved the photo that counts.
    PortraitApproved {
        /// The photo that was shown.
        portrait: CaptureId,
        /// How.
        by: ApprovalBy,
    },
    /// The applicant wants another photo than the one that counts. It stays, and loses its ticks, excuses and approval.
    PortraitRefused {
        /// The photo that was shown.
        portrait: CaptureId,
    },
    /// Low quality of the attempt that counts is accepted after the set number of tries.
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
    /// The scanner answered the second press of a chip finger, and read nothing that can be compared: it counts as a try.
    NothingReadAgain {
        /// The finger.
        finger: Finger,
        /// The slap attempt that counts.
        against: CaptureId,
        /// What the scanner said.
        why: UnreadWhy,
        /// The device: model and serial number.
        device: String,
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
    /// Fingers like these are here under another NIK. A question of another search that is still open is dropped.
    FoundUnderAnotherNik {
        /// What was searched and found.
        search: Searched,
    },
    /// A search ended with nothing new to ask, and a question of another one is still open: it is dropped.
    NothingNewFound {
        /// What was searched and found.
        search: Searched,
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
    if scope.takes(target) { Ok(()) } else { Err(Refusal::NotInScope { modality: target.modality() }) }
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
    state.capture.bind_to_what_counts(limits);
    let portrait = state.capture.best(Target::Portrait, limits).map(|attempt| attempt.id);
    let delivered = matches!(
        event,
        CaptureEvent::AttemptAccepted { .. }
            | CaptureEvent::FaceNotFound { .. }
            | CaptureEvent::RematchTried { .. }
    );
    let outcome = match event {
        CaptureEvent::AttemptAccepted { attempt } => accept(state, attempt, ctx, effects),
        CaptureEvent::FaceNotFound { still } => portrait::face_not_found(state, still, ctx, effects),
        CaptureEvent::NothingRead { target, parts, why, device } => {
            unread::press(state, (target, parts), (why, device), ctx, effects)
        }
        CaptureEvent::CutByHand { attempt, still, turn, note, witness } => {
            portrait::cut_by_hand(state, attempt, (still, turn, note, witness), ctx, effects)
        }
        CaptureEvent::Chosen { target, attempt, reason } => {
            portrait::choose(state, (target, attempt, reason), portrait, effects)
        }
        CaptureEvent::Judged { check, yes } => portrait::judge(state, portrait, (check, yes), ctx, effects),
        CaptureEvent::Excused { check, note, witness } => {
            portrait::excuse(state, portrait, (check, note, witness), ctx, effects)
        }
        CaptureEvent::PortraitApproved { portrait: shown, by } => {
            portrait::approve(state, portrait, (shown, by), ctx, effects)
        }
        CaptureEvent::PortraitRefused { portrait: shown } => {
            portrait::refuse(state, portrait, shown, ctx, effects)
        }
        CaptureEvent::LowAccepted { target, note } => accept_low(state, target, note, ctx, effects),
        CaptureEvent::ExceptionMade { exception } => except(state, exception, ctx, effects),
        CaptureEvent::ExceptionWithdrawn { part } => {
            if state.capture.exception(part).is_none() {
                return Err(Refusal::NotExcepted { part });
            }
            state.capture.exceptions.retain(|exception| exception.part != part);
            effects.push(line(RegisterKind::ExceptionWithdrawn, []));
            Ok(Outcome::Stay)
        }
        CaptureEvent::RematchTried { attempt } => rematch::rematch(state, attempt, ctx, effects),
        CaptureEvent::NothingReadAgain { finger, against, why, device } => {
            unread::press_again(state, (finger, against), (why, device), ctx, effects)
        }
        CaptureEvent::RematchExited { exit } => rematch::exit_rematch(state, exit, ctx, effects),
        CaptureEvent::ChipFingerChanged { from, to } => {
            rematch::other_chip_finger(state, from, to, ctx, effects)
        }
        CaptureEvent::WarningRaised { warning, attempts } => {
            warning::warn(state, warning, (attempts, None), ctx, effects)
        }
        CaptureEvent::FoundUnderAnotherNik { search } => {
            let search = Some(search.in_order());
            warning::warn(state, Warning::FoundUnderAnotherNik, (Vec::new(), search), ctx, effects)
        }
        CaptureEvent::NothingNewFound { search } => warning::nothing_new(state, &search.in_order(), effects),
        CaptureEvent::WarningAnswered { warning, note } => {
            warning::answer(state, warning, &note, ctx, effects)
        }
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
    // What a device delivered ends the time that was lost to devices.
    if delivered && state.clock.paused() == Some(PauseReason::DeviceTrouble) {
        state.clock.resume(ctx.now);
    }
    // Ticks that name no photo were about the one that counted; of another one they say nothing.
    if state.capture.best(Target::Portrait, limits).map(|attempt| attempt.id) != portrait {
        state.capture.judged.retain(|judged| judged.portrait.is_some());
    }
    Ok(outcome)
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
    new_picture(state, attempt.id)?;
    if attempt.parts.iter().any(|quality| !belongs(quality.part, attempt.target)) {
        return Err(Refusal::ForeignPart { target: attempt.target });
    }
    if state.capture.expected(attempt.target).is_empty() {
        let part = attempt.parts.first().map_or(Part::Face, |quality| quality.part);
        return Err(Refusal::Excepted { part });
    }
    if attempt.target == Target::Portrait {
        portrait::give_way(state, ctx);
    }
    effects.push(line(RegisterKind::CaptureAccepted, [("pengambilan", attempt.id.to_string())]));
    state.capture.attempts.push(attempt);
    state.is_seen(ctx);
    Ok(Outcome::Stay)
}

/// A picture is kept under a name of its own.
fn new_picture(state: &State, id: CaptureId) -> Result<(), Refusal> {
    let capture = &state.capture;
    let mut known =
        capture.attempts.iter().map(|held| held.id).chain(capture.faceless.iter().map(|held| held.id));
    if known.any(|held| held == id) { Err(Refusal::AttemptExists { attempt: id }) } else { Ok(()) }
}

fn enough_tries(done: usize, needed: u8) -> Result<(), Refusal> {
    let needed = usize::from(needed);
    if done < needed { Err(Refusal::MoreTriesNeeded { done, needed }) } else { Ok(()) }
}

/// It is about the attempt that counts now, and about nothing that is captured later.
fn accept_low(
    state: &mut State,
    target: Target,
    note: String,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    let limits = &ctx.rules.thresholds;
    in_scope(state.plan.capture, target)?;
    reason(&note)?;
    after_approval(state, ctx, target)?;
    enough_tries(state.capture.tries(target), limits.tries)?;
    let counts = state.capture.best(target, limits).map(|attempt| attempt.id);
    let photo = target == Target::Portrait;
    let other_backdrop = photo && state.capture.other_backdrop(limits).is_some();
    let Some(attempt) = counts.filter(|_| other_backdrop || state.capture.is_low(target, limits)) else {
        return Err(Refusal::NothingLow { target });
    };
    let backdrop = state.capture.backdrop.filter(|_| photo);
    state.capture.accepted_low.retain(|low| low.target != target || low.attempt != Some(attempt));
    state.capture.accepted_low.push(LowAccepted { target, attempt: Some(attempt), note, backdrop });
    effects.push(line(
        RegisterKind::CaptureAccepted,
        [("dengan_catatan", "ya".into()), ("pengambilan", attempt.to_string())],
    ));
    Ok(Outcome::Stay)
}

fn biometric_witness(witness: &Witness, ctx: &Ctx<'_>) -> Result<(), Refusal> {
    if ctx.rules.thresholds.family_may_witness { ctx.witness(witness) } else { officer(witness, ctx) }
}

/// Every visit that is attested to is signed for, also where no specimen is taken: what stands in then is settled here.
fn may_be_excepted(plan: &Plan, part: Part) -> Result<(), Refusal> {
    match part {
        Part::Signature if plan.has(Step::Attestation) => Ok(()),
        Part::Signature | Part::Face | Part::Finger(_) | Part::Eye(_) => {
            in_scope(plan.capture, target_of(part))
        }
    }
}

fn except(
    state: &mut State,
    exception: Exception,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    let part = exception.part;
    let target = target_of(part);
    may_be_excepted(&state.plan, part)?;
    if !exception.reason.fits(part) {
        return Err(Refusal::ReasonDoesNotFit { part });
    }
    after_approval(state, ctx, target)?;
    match part {
        Part::Signature => ctx.witness(&exception.witness)?,
        Part::Face | Part::Finger(_) | Part::Eye(_) => biometric_witness(&exception.witness, ctx)?,
    }
    if exception.reason == ExceptionReason::Unreadable {
        enough_tries(state.capture.tries(target), ctx.rules.thresholds.tries)?;
    }
    if exception.reason.photo_required(part) && exception.photo.is_none() {
        return Err(Refusal::ExceptionPhotoMissing { part });
    }
    if part == Part::Signature && exception.substitute.is_none() {
        return Err(Refusal::SubstituteMissing);
    }
    match exception.substitute {
        // The print is that of the slap of this visit.
        Some(SignatureSubstitute::ThumbRight | SignatureSubstitute::ThumbLeft)
            if !state.plan.capture.biometrics() =>
        {
            return Err(Refusal::NotInScope { modality: Modality::Fingers });
        }
        Some(_) | None => {}
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

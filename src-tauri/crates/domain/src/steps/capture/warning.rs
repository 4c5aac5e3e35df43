//! Questions at step 4: what a comparison noticed, and the operator's answer.

use crate::capture::{Searched, Warning, WarningAnswer};
use crate::ids::CaptureId;
use crate::permohonan::{Ctx, Effect, Refusal, State, line};
use crate::register::RegisterKind;
use crate::steps::{Outcome, reason};

/// The same question about other attempts is another one: an answer was about what stood there then.
pub(super) fn warn(
    state: &mut State,
    warning: Warning,
    (mut attempts, search): (Vec<CaptureId>, Option<Searched>),
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    attempts.sort_unstable();
    attempts.dedup();
    let capture = &mut state.capture;
    let known = |id: &CaptureId| capture.attempts.iter().any(|attempt| attempt.id == *id);
    let searched = search.iter().flat_map(|search| &search.captures);
    if let Some(attempt) = attempts.iter().chain(searched).copied().find(|id| !known(id)) {
        return Err(Refusal::NoSuchAttempt { attempt });
    }
    // Asked or answered, it stands: a line for nothing would be a deed that nobody did.
    let same =
        |held: &WarningAnswer| held.warning == warning && held.attempts == attempts && held.search == search;
    if capture.warnings.iter().any(same) {
        return Err(Refusal::CaptureWarningKnown { warning });
    }
    capture.warnings.push(WarningAnswer { warning, attempts, search, note: String::new(), at: ctx.now });
    effects.push(line(RegisterKind::CaptureWarningAnswered, [("dijawab", "belum".into())]));
    Ok(Outcome::Stay)
}

/// An answer that was given stays as it was given.
pub(super) fn answer(
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

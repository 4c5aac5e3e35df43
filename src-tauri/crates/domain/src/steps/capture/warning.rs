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
    let searched = search.iter().flat_map(|search| &search.captures);
    all_known(state, attempts.iter().chain(searched))?;
    // Asked or answered, it stands: a line for nothing would be a deed that nobody did.
    let same =
        |held: &WarningAnswer| held.warning == warning && held.attempts == attempts && held.search == search;
    if state.capture.warnings.iter().any(same) {
        return Err(Refusal::CaptureWarningKnown { warning });
    }
    if let Some(search) = &search {
        let _ = only_of(state, search);
    }
    let (note, at) = (String::new(), ctx.now);
    state.capture.warnings.push(WarningAnswer { warning, attempts, search, note, at });
    effects.push(line(RegisterKind::CaptureWarningAnswered, [("dijawab", "belum".into())]));
    Ok(Outcome::Stay)
}

fn all_known<'a>(state: &State, ids: impl Iterator<Item = &'a CaptureId>) -> Result<(), Refusal> {
    let known = |id: &CaptureId| state.capture.attempts.iter().any(|attempt| attempt.id == *id);
    match ids.copied().find(|id| !known(id)) {
        Some(attempt) => Err(Refusal::NoSuchAttempt { attempt }),
        None => Ok(()),
    }
}

/// A question of another search that nobody has answered was about fingers that count no more, or about people who are shown no
/// more: what is asked now is asked by the newest one. Returns whether there was such a question.
fn only_of(state: &mut State, search: &Searched) -> bool {
    let warnings = &mut state.capture.warnings;
    let before = warnings.len();
    warnings.retain(|held| {
        let asks = held.warning == Warning::FoundUnderAnotherNik && held.is_open();
        !asks || held.search.as_ref() == Some(search)
    });
    warnings.len() != before
}

/// A search ended with nothing new to ask.
pub(super) fn nothing_new(
    state: &mut State,
    search: &Searched,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    all_known(state, search.captures.iter())?;
    if !only_of(state, search) {
        return Err(Refusal::NoSuchCaptureWarning { warning: Warning::FoundUnderAnotherNik });
    }
    effects.push(line(RegisterKind::CaptureWarningAnswered, [("dijawab", "gugur".into())]));
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

//! "Recorded before?": the answer, and why "never" stands against a recording that is known.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::VerificationState;
use crate::ids::OperatorId;
use crate::nik::Nik;
use crate::permohonan::{Ctx, Effect, Refusal, State, line};
use crate::register::RegisterKind;
use crate::steps::{Outcome, reason};

/// Where a recording of the applicant's NIK is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordedAt {
    /// Another visit was sealed at this station.
    Here,
    /// The centre has one.
    Centre,
}

/// Why "never recorded before" stands although a recording is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeverAgainst {
    /// The recordings that were known when it was said; of a later one nothing was said.
    pub known: BTreeSet<RecordedAt>,
    /// Why.
    pub reason: String,
    /// Whose word it is.
    pub by: OperatorId,
    /// When.
    pub at: Timestamp,
}

impl VerificationState {
    /// Forgets an answer to "recorded before?" that was given under another NIK. Returns whether it was.
    pub(crate) fn forget_answer_of_another(&mut self, nik: Option<Nik>) -> bool {
        let other = self.recorded_before.is_some() && self.answered_of.is_some() && self.answered_of != nik;
        if other {
            (self.recorded_before, self.answered_of, self.never_against) = (None, None, None);
            self.recorded_at.clear();
        }
        other
    }

    /// Whether the answer "never" meets a recording of which nobody said why it is none of this person.
    pub fn is_never_unexplained(&self) -> bool {
        let known = self.never_against.as_ref().map(|said| &said.known);
        self.recorded_before == Some(false)
            && self.recorded_at.iter().any(|at| known.is_none_or(|known| !known.contains(at)))
    }
}

/// Takes an answer to "recorded before?"; what was said of another one is forgotten.
fn answered(state: &mut State, recorded: bool, ctx: &Ctx<'_>) -> Result<(), Refusal> {
    state.facts.already_recorded = Some(recorded);
    state.replan(ctx)?;
    state.verification.recorded_before = Some(recorded);
    state.verification.answered_of = ctx.biodata.nik();
    state.verification.never_against = None;
    Ok(())
}

/// Takes the answer as it was given.
pub(super) fn before(
    state: &mut State,
    recorded: bool,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    answered(state, recorded, ctx)?;
    effects.push(line(RegisterKind::RecordedBeforeAnswered, [("pernah", recorded.to_string())]));
    Ok(Outcome::Stay)
}

/// Takes "never" with the reason why the recordings that are known are none of this person.
pub(super) fn never_against(
    state: &mut State,
    why: String,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    reason(&why)?;
    answered(state, false, ctx)?;
    effects.push(line(
        RegisterKind::RecordedBeforeAnswered,
        [("pernah", "false".into()), ("alasan", why.clone())],
    ));
    let known = state.verification.recorded_at.clone();
    let (by, at) = (ctx.operator.clone(), ctx.now);
    state.verification.never_against = Some(NeverAgainst { known, reason: why, by, at });
    Ok(Outcome::Stay)
}

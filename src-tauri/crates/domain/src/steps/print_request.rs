//! Step 6: the print request is submitted with its file of papers.

use serde::{Deserialize, Serialize};

use super::{Outcome, reason};
use crate::permohonan::{Ctx, Effect, Refusal, State, line};
use crate::register::RegisterKind;
use crate::role::{Action, allowed};

/// How urgent a print is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// In turn.
    #[default]
    Normal,
    /// Before the others (illness, BPJS, school), with a reason.
    Urgent,
}

/// Step 6 as data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintRequestState {
    /// How urgent.
    pub priority: Priority,
    /// Why, when it is not in turn.
    pub reason: String,
    /// Submitted.
    pub requested: bool,
}

/// What can happen at step 6.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum PrintRequestEvent {
    /// The priority was set.
    PrioritySet {
        /// How urgent.
        priority: Priority,
        /// Why; may be blank for `Normal`.
        reason: String,
    },
    /// The request is submitted.
    Requested,
}

pub(crate) fn on(
    state: &mut State,
    event: PrintRequestEvent,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    match event {
        PrintRequestEvent::PrioritySet { priority, reason: why } => {
            if !allowed(ctx.roles, Action::Prioritise) {
                return Err(Refusal::Role { action: Action::Prioritise });
            }
            if priority == Priority::Urgent {
                reason(&why)?;
            }
            state.print_request.priority = priority;
            state.print_request.reason = why;
            effects.push(line(
                RegisterKind::Prioritised,
                [("mendesak", (priority == Priority::Urgent).to_string())],
            ));
            Ok(Outcome::Stay)
        }
        PrintRequestEvent::Requested => {
            if let Some(until) = ctx.print_from() {
                return Err(Refusal::HeldForAge { until });
            }
            state.print_request.requested = true;
            effects.push(line(RegisterKind::PrintRequested, []));
            effects.push(Effect::JoinPrintQueue { priority: state.print_request.priority });
            Ok(Outcome::Done)
        }
    }
}

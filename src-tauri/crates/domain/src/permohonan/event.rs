//! What can happen to a visit.

use serde::{Deserialize, Serialize};

use crate::plan::Step;
use crate::role::Action;
use crate::sop::PauseReason;
use crate::steps::attestation::AttestationEvent;
use crate::steps::capture::CaptureEvent;
use crate::steps::form::FormEvent;
use crate::steps::handover::HandoverEvent;
use crate::steps::print::PrintEvent;
use crate::steps::print_request::PrintRequestEvent;
use crate::steps::requirements::RequirementsEvent;
use crate::steps::status::StatusEvent;
use crate::steps::verification::VerificationEvent;

/// What can happen to a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "at", content = "event")]
pub enum Event {
    /// Step 1.
    Form(FormEvent),
    /// Step 2.
    Requirements(RequirementsEvent),
    /// Step 3.
    Verification(VerificationEvent),
    /// Step 4.
    Capture(CaptureEvent),
    /// Step 5.
    Attestation(AttestationEvent),
    /// Step 6.
    PrintRequest(PrintRequestEvent),
    /// Step 7.
    Status(StatusEvent),
    /// Step 8.
    Print(PrintEvent),
    /// Step 9.
    Handover(HandoverEvent),
    /// Back to an earlier step; what was captured is kept.
    WentBack {
        /// The step to go to.
        to: Step,
    },
    /// A returned or held visit is taken up again.
    Resumed,
    /// The clock stands still.
    Paused {
        /// Why.
        reason: PauseReason,
    },
    /// The clock runs again.
    Continued,
    /// Somebody ends the visit.
    Cancelled {
        /// Why.
        reason: String,
    },
    /// Nobody came back in time.
    Expired,
}

impl Event {
    /// Returns the step it belongs to; `None` for what can happen at any step.
    pub const fn step(&self) -> Option<Step> {
        match self {
            Event::Form(_) => Some(Step::Form),
            Event::Requirements(_) => Some(Step::Requirements),
            Event::Verification(_) => Some(Step::Verification),
            Event::Capture(_) => Some(Step::Capture),
            Event::Attestation(_) => Some(Step::Attestation),
            // Somebody may fall ill after the request; step 6 says until when the turn can be changed.
            Event::PrintRequest(PrintRequestEvent::PrioritySet { .. }) => None,
            Event::PrintRequest(_) => Some(Step::PrintRequest),
            // The centre does not ask where a visit stands; step 7 says from when on it is listened to.
            Event::Status(StatusEvent::Seen { .. } | StatusEvent::Attributed { .. }) => None,
            Event::Status(_) => Some(Step::Status),
            Event::Print(_) => Some(Step::Print),
            Event::Handover(_) => Some(Step::Handover),
            Event::WentBack { .. }
            | Event::Resumed
            | Event::Paused { .. }
            | Event::Continued
            | Event::Cancelled { .. }
            | Event::Expired => None,
        }
    }

    /// Returns the permission it needs; `at` is the step of the visit.
    pub const fn action(&self, at: Step) -> Action {
        match self {
            Event::Form(_) => Action::FillForm,
            Event::Requirements(_) => Action::CheckRequirements,
            Event::Verification(_) => Action::Verify,
            Event::Capture(_) => Action::Capture,
            Event::Attestation(_) => Action::Attest,
            Event::PrintRequest(PrintRequestEvent::PrioritySet { .. }) => Action::Prioritise,
            Event::PrintRequest(_) => Action::RequestPrint,
            Event::Status(StatusEvent::Seen { .. } | StatusEvent::Attributed { .. }) => step_action(at),
            Event::Status(_) => Action::CheckStatus,
            Event::Print(_) => Action::PrintCard,
            Event::Handover(_) => Action::HandOver,
            Event::WentBack { .. } | Event::Paused { .. } | Event::Continued => step_action(at),
            Event::Resumed => Action::Resume,
            Event::Cancelled { .. } => Action::Cancel,
            Event::Expired => Action::Expire,
        }
    }
}

/// Returns the permission that a step needs.
pub const fn step_action(step: Step) -> Action {
    match step {
        Step::Form => Action::FillForm,
        Step::Requirements => Action::CheckRequirements,
        Step::Verification => Action::Verify,
        Step::Capture => Action::Capture,
        Step::Attestation => Action::Attest,
        Step::PrintRequest => Action::RequestPrint,
        Step::Status => Action::CheckStatus,
        Step::Print => Action::PrintCard,
        Step::Handover => Action::HandOver,
    }
}

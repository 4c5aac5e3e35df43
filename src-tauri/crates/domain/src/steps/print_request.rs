//! Step 6: the print request is submitted with its file of papers.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Outcome, reason, requirements};
use crate::document::Requirement;
use crate::ids::{JobId, NomorPermohonan};
use crate::permohonan::{CardNews, Ctx, Effect, Phase, Refusal, State, line};
use crate::plan::Step;
use crate::register::RegisterKind;

/// How urgent a print is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// In turn.
    #[default]
    Normal,
    /// Before the others, with a reason.
    Urgent,
}

/// Why a print goes before the others. Source: practice of offices with a quota (ktp-el §8.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriorityReason {
    /// Ill, or in hospital.
    Sick,
    /// Needs it for BPJS.
    Bpjs,
    /// School or examination.
    School,
    /// Old age.
    Elderly,
    /// A disability.
    Disability,
    /// A journey or pilgrimage with a date.
    Travel,
    /// Another reason, in words.
    Other,
}

impl PriorityReason {
    /// All reasons in the order of the list.
    pub const ALL: [PriorityReason; 7] = [
        PriorityReason::Sick,
        PriorityReason::Bpjs,
        PriorityReason::School,
        PriorityReason::Elderly,
        PriorityReason::Disability,
        PriorityReason::Travel,
        PriorityReason::Other,
    ];

    /// Returns the stable key, as in JSON, register and queue.
    pub const fn key(self) -> &'static str {
        match self {
            PriorityReason::Sick => "sick",
            PriorityReason::Bpjs => "bpjs",
            PriorityReason::School => "school",
            PriorityReason::Elderly => "elderly",
            PriorityReason::Disability => "disability",
            PriorityReason::Travel => "travel",
            PriorityReason::Other => "other",
        }
    }
}

/// What the core cannot know about a print request: it stands outside the visit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestFacts {
    /// Ticket of another running request for the same NIK.
    pub running: Option<NomorPermohonan>,
    /// Usable blangko in the store; `None` when the stock is not kept here.
    pub blangko_left: Option<u32>,
    /// Cards that wait in the print queue before this one, of all visits.
    pub queued: u32,
    /// Usable blangko below which the office orders more.
    pub reorder_point: u32,
}

/// What stands in the way of a print request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "obstacle")]
pub enum Obstacle {
    /// Under 17 on the day and never married. Source: UU 24/2013 Ps. 63(1).
    TooYoung {
        /// First day of printing.
        until: Date,
    },
    /// This kind needs the fingerprint 1:1 against the record first (lost card, new photo or signature).
    IdentityUnchecked,
    /// The Berkas Permohonan is not complete.
    PapersMissing {
        /// Lines of the checklist that no paper meets.
        missing: Vec<Requirement>,
    },
    /// Another request of the same person runs.
    RunningRequest {
        /// Its ticket.
        ticket: NomorPermohonan,
    },
}

/// What does not stand in the way, but should be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "warning")]
pub enum RequestWarning {
    /// No blangko is left for this card: it will wait.
    BlangkoOut {
        /// Usable blangko.
        left: u32,
        /// Cards before this one.
        queued: u32,
    },
    /// The stock is below the re-order point.
    BlangkoLow {
        /// Usable blangko.
        left: u32,
    },
}

/// Everything at once, so that nobody is sent home twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Eligibility {
    /// What must be put right first.
    pub obstacles: Vec<Obstacle>,
    /// What is only said.
    pub warnings: Vec<RequestWarning>,
}

/// Judges whether a card may be asked for, naming all obstacles at once.
pub fn eligibility(state: &State, ctx: &Ctx<'_>, facts: &RequestFacts) -> Eligibility {
    let mut obstacles = Vec::new();
    if let Some(until) = ctx.print_from() {
        obstacles.push(Obstacle::TooYoung { until });
    }
    if state.plan.identity_check && state.verification.identity.is_none() {
        obstacles.push(Obstacle::IdentityUnchecked);
    }
    let missing = requirements::missing(state, ctx);
    if !missing.is_empty() {
        obstacles.push(Obstacle::PapersMissing { missing });
    }
    if let Some(ticket) = &facts.running {
        obstacles.push(Obstacle::RunningRequest { ticket: ticket.clone() });
    }
    let warnings = match facts.blangko_left {
        Some(left) if left <= facts.queued => {
            vec![RequestWarning::BlangkoOut { left, queued: facts.queued }]
        }
        Some(left) if crate::stock::must_reorder(left, facts.reorder_point) => {
            vec![RequestWarning::BlangkoLow { left }]
        }
        Some(_) | None => Vec::new(),
    };
    Eligibility { obstacles, warnings }
}

/// Step 6 as data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintRequestState {
    /// How urgent.
    pub priority: Priority,
    /// Why, when it is not in turn.
    #[serde(default)]
    pub why: Option<PriorityReason>,
    /// The reason in words; needed for `Other`.
    pub reason: String,
    /// Submitted.
    pub requested: bool,
    /// When.
    #[serde(default)]
    pub requested_at: Option<Timestamp>,
    /// Names the request at the centre.
    #[serde(default)]
    pub job: Option<JobId>,
}

/// What can happen at step 6.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum PrintRequestEvent {
    /// The priority was set: at step 6, or after it as long as no card was begun.
    PrioritySet {
        /// How urgent.
        priority: Priority,
        /// Why; none for `Normal`.
        why: Option<PriorityReason>,
        /// In words; needed for `Other`.
        reason: String,
    },
    /// The request is submitted.
    Requested {
        /// Names the request at the centre.
        job: JobId,
        /// What stands outside the visit.
        facts: RequestFacts,
    },
}

/// Says whether a visit can still get another turn: from step 6 on, until its card is begun.
///
/// # Errors
/// [`Refusal`] that says what stands in the way.
pub fn may_be_prioritised(state: &State) -> Result<(), Refusal> {
    if state.step < Step::PrintRequest {
        return Err(Refusal::OtherStep { at: state.step, event: Step::PrintRequest });
    }
    match state.phase {
        Phase::Open | Phase::Waiting { .. } => {}
        Phase::Returned { .. }
        | Phase::HeldForAge { .. }
        | Phase::Cancelled { .. }
        | Phase::Expired
        | Phase::Closed => return Err(Refusal::NotOpen),
    }
    state.print.refuse_if_under_way()?;
    if state.print.card.is_some() {
        return Err(Refusal::CardExists);
    }
    Ok(())
}

pub(crate) fn on(
    state: &mut State,
    event: PrintRequestEvent,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    match event {
        PrintRequestEvent::PrioritySet { priority, why, reason: words } => {
            may_be_prioritised(state)?;
            let (why, words) = match priority {
                Priority::Normal => (None, String::new()),
                Priority::Urgent => {
                    let Some(why) = why else { return Err(Refusal::ReasonMissing) };
                    if why == PriorityReason::Other {
                        reason(&words)?;
                    }
                    (Some(why), words)
                }
            };
            effects.push(line(
                RegisterKind::Prioritised,
                [
                    ("mendesak", (priority == Priority::Urgent).to_string()),
                    ("alasan", why.map_or("", PriorityReason::key).to_owned()),
                ],
            ));
            let request = &mut state.print_request;
            (request.priority, request.why, request.reason) = (priority, why, words);
            if request.requested {
                // Already in the queue: another turn, and the same time of joining.
                effects.push(join_queue(state));
            }
            Ok(Outcome::Stay)
        }
        PrintRequestEvent::Requested { job, facts } => {
            let obstacles = eligibility(state, ctx, &facts).obstacles;
            if !obstacles.is_empty() {
                return Err(Refusal::NotEligible { obstacles });
            }
            let request = &mut state.print_request;
            request.requested = true;
            request.requested_at = Some(ctx.now);
            request.job = Some(job);
            effects.push(line(RegisterKind::PrintRequested, [("permintaan", job.to_string())]));
            effects.push(join_queue(state));
            effects.push(Effect::NotifyCentre { news: CardNews::Requested, job, blangko: None });
            Ok(Outcome::Done)
        }
    }
}

/// Gives a request up that came to no card: out of the queue here, that of birthdays too, and no running request at the centre
/// any more.
pub(crate) fn give_up_request(state: &State, effects: &mut Vec<Effect>) {
    let held = matches!(state.phase, Phase::HeldForAge { .. });
    if state.print_request.requested || held {
        effects.push(Effect::LeavePrintQueue);
    }
    if state.print_request.requested {
        effects.extend(withdrawn(state));
    }
}

/// What tells the centre that the request is given up; `None` where none was made.
pub(crate) fn withdrawn(state: &State) -> Option<Effect> {
    let job = state.print_request.job?;
    Some(Effect::NotifyCentre { news: CardNews::Withdrawn, job, blangko: None })
}

/// Puts the visit into the print queue as it was asked for.
pub(crate) fn join_queue(state: &State) -> Effect {
    let request = &state.print_request;
    let why = request.why.map_or("", PriorityReason::key);
    let reason =
        if request.reason.is_empty() { why.to_owned() } else { format!("{why}: {}", request.reason) };
    Effect::JoinPrintQueue { priority: request.priority, reason }
}

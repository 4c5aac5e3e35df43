//! One visit: its state, what can happen to it, what follows, and why something is refused.
//!
//! [`next`] is pure and total over the nine steps. Every accepted event yields exactly one register line.

mod effect;
mod event;
mod refusal;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub(crate) use effect::line;
pub use effect::{CardNews, Effect};
pub use event::{Event, step_action};
pub use refusal::Refusal;

use crate::biodata::{Biodata, FieldCtx, Unsur};
use crate::capture::{CaptureState, ChipRule, Thresholds};
use crate::codes::CodeTables;
use crate::document::Berkas;
use crate::ids::OperatorId;
use crate::plan::{JenisPermohonan, Plan, PlanFacts, PlanRefusal, Step, plan};
use crate::role::{Role, Witness, allowed};
use crate::sop::{PauseReason, SopClock};
use crate::steps::attestation::AttestationState;
use crate::steps::form::FormState;
use crate::steps::handover::HandoverState;
use crate::steps::print::PrintState;
use crate::steps::print_request::PrintRequestState;
use crate::steps::requirements::RequirementsState;
use crate::steps::status::{NotReady, StatusState};
use crate::steps::verification::VerificationState;
use crate::steps::{self, Outcome};
use crate::usia;
use crate::wilayah::Wilayah;

/// Why a visit was handed back to the applicant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnReason {
    /// The paper it is about, if any.
    pub berkas: Option<Berkas>,
    /// The element it is about, if any.
    pub unsur: Option<Unsur>,
    /// What to bring or put right, in words for the applicant.
    pub words: String,
}

/// Whether a visit can go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "phase")]
pub enum Phase {
    /// Work goes on at the current step.
    Open,
    /// Handed back to the applicant; everything so far is kept.
    Returned {
        /// Why.
        reasons: Vec<ReturnReason>,
    },
    /// Recorded; the card waits for the 17th birthday.
    HeldForAge {
        /// First day of printing.
        until: Date,
    },
    /// The centre is not ready; the applicant has a Suket or was told why.
    Waiting {
        /// Which of the two.
        outcome: NotReady,
    },
    /// Ended by somebody, with a reason.
    Cancelled {
        /// Why.
        reason: String,
    },
    /// Ended because nobody came back.
    Expired,
    /// Ended well: the card is in the hand.
    Closed,
}

impl Phase {
    /// Says whether nothing can happen any more.
    pub const fn is_final(&self) -> bool {
        match self {
            Phase::Cancelled { .. } | Phase::Expired | Phase::Closed => true,
            Phase::Open | Phase::Returned { .. } | Phase::HeldForAge { .. } | Phase::Waiting { .. } => false,
        }
    }
}

/// One visit as plain data. The biodata stand beside it, saved field by field as they are typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The plan, stored.
    pub plan: Plan,
    /// What the plan was made from.
    pub facts: PlanFacts,
    /// The step the visit is at.
    pub step: Step,
    /// Whether it can go on.
    pub phase: Phase,
    /// When an event last happened; what is typed in step 1 is none.
    pub touched_at: Timestamp,
    /// The SOP clock.
    pub clock: SopClock,
    /// When the applicant was last known to sit there: verified, captured or looked at.
    #[serde(default)]
    pub seen_at: Option<Timestamp>,
    /// Who was at the desk then; `None` in visits of before it was kept.
    #[serde(default)]
    pub seen_by: Option<OperatorId>,
    /// Step 1.
    pub form: FormState,
    /// Step 2.
    pub requirements: RequirementsState,
    /// Step 3.
    pub verification: VerificationState,
    /// Step 4.
    pub capture: CaptureState,
    /// Step 5.
    pub attestation: AttestationState,
    /// Step 6.
    pub print_request: PrintRequestState,
    /// Step 7.
    pub status: StatusState,
    /// Step 8.
    pub print: PrintState,
    /// Step 9.
    pub handover: HandoverState,
}

/// Limits and rules of the office: plain data, from the settings of the station.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Limits of step 4.
    pub thresholds: Thresholds,
    /// Fingers of the chip.
    pub chip: ChipRule,
    /// Days without a touch after which an unsealed visit may expire.
    pub expiry_days: u16,
    /// Seconds after which a status of the mirror is too old to decide on.
    pub status_max_age_s: u64,
    /// Tries of a finger at the hand-over. Source: BPPT demonstration, a reader gives at most 4 (ktp-el §9.2).
    #[serde(default = "handover_tries")]
    pub handover_tries: u8,
}

const fn handover_tries() -> u8 {
    4
}

impl Default for Rules {
    /// Source: our choice, until the office sets them.
    fn default() -> Self {
        Self {
            thresholds: Thresholds::default(),
            chip: ChipRule::default(),
            expiry_days: 90,
            status_max_age_s: 7 * 86_400,
            handover_tries: handover_tries(),
        }
    }
}

/// What an event is judged beside. Time comes in here; the core reads no clock.
#[derive(Clone, Copy)]
pub struct Ctx<'a> {
    /// The moment.
    pub now: Timestamp,
    /// The civil day at the station.
    pub today: Date,
    /// Who acts.
    pub operator: &'a OperatorId,
    /// With which roles.
    pub roles: &'a [Role],
    /// The biodata as stored.
    pub biodata: &'a Biodata,
    /// Regions.
    pub wilayah: &'a Wilayah,
    /// Code tables.
    pub codes: &'a CodeTables,
    /// Rules of the office.
    pub rules: &'a Rules,
    /// Until when everything that the centre says of this visit's record is known to be here; `None` where its feed does not
    /// speak of it, or nobody knows.
    pub whole: Option<Timestamp>,
}

impl<'a> Ctx<'a> {
    /// What the fields of an application of this kind are judged beside.
    pub(crate) fn fields(&self, kind: JenisPermohonan) -> FieldCtx<'a> {
        FieldCtx { kind, today: self.today, wilayah: self.wilayah, codes: self.codes, biodata: self.biodata }
    }

    /// Refuses a witness who is the operator.
    pub(crate) fn witness(&self, witness: &Witness) -> Result<(), Refusal> {
        if witness.is_another_than(self.operator) { Ok(()) } else { Err(Refusal::WitnessIsOperator) }
    }

    /// Returns the first day of printing by the biodata as they stand, when it lies ahead.
    pub(crate) fn print_from(&self) -> Option<Date> {
        print_from(self.biodata, self.today)
    }
}

fn print_from(biodata: &Biodata, today: Date) -> Option<Date> {
    let born = biodata.born_latest()?;
    usia::print_from(born, biodata.married_ever()).filter(|from| today < *from)
}

/// How long after the last picture nobody need look again whom it is taken of; our choice: a capture takes less, a meal
/// more.
pub const SEEN_FOR: SignedDuration = SignedDuration::from_mins(10);

impl State {
    /// Begins a visit at step 1.
    ///
    /// # Errors
    /// `PlanRefusal` when the kind makes no sense for what is known; nothing is to be stored.
    pub fn start(kind: JenisPermohonan, facts: PlanFacts, now: Timestamp) -> Result<Self, PlanRefusal> {
        let plan = plan(kind, &facts)?;
        let mut clock = SopClock::default();
        clock.start(Step::Form, now);
        Ok(Self {
            plan,
            facts,
            step: Step::Form,
            phase: Phase::Open,
            touched_at: now,
            clock,
            seen_at: None,
            seen_by: None,
            form: FormState::default(),
            requirements: RequirementsState::default(),
            verification: VerificationState::default(),
            capture: CaptureState::default(),
            attestation: AttestationState::default(),
            print_request: PrintRequestState::default(),
            status: StatusState::default(),
            print: PrintState::default(),
            handover: HandoverState::default(),
        })
    }

    /// Says whether a visit that was held for age can go on at step 6: the 17th birthday has come, or a marriage or a corrected
    /// date of birth ended the hold. [`Event::Resumed`] takes it up. Source: UU 24/2013 Ps. 63(1).
    pub fn is_of_age_now(&self, biodata: &Biodata, today: Date) -> bool {
        matches!(self.phase, Phase::HeldForAge { .. }) && print_from(biodata, today).is_none()
    }

    /// Makes the plan anew from what is known now.
    pub(crate) fn replan(&mut self, ctx: &Ctx<'_>) -> Result<(), Refusal> {
        self.facts.born = ctx.biodata.born_latest();
        self.facts.married_ever = ctx.biodata.married_ever();
        self.facts.today = ctx.today;
        self.plan = plan(self.plan.kind, &self.facts).map_err(|plan| Refusal::Plan { plan })?;
        Ok(())
    }

    /// Says whether somebody must look first if the applicant on the screen is the one at the desk: nobody was seen for
    /// [`SEEN_FOR`] or since another visit was worked on ([`State::made_room`]), another officer saw the applicant, or the clock
    /// went back since.
    pub fn must_be_seen(&self, now: Timestamp, operator: &OperatorId) -> bool {
        let age = self.seen_at.map(|at| now.duration_since(at));
        self.seen_by.as_ref() != Some(operator) || age.is_none_or(|age| age.is_negative() || age > SEEN_FOR)
    }

    /// The applicant sits there now, before this officer.
    pub(crate) fn is_seen(&mut self, ctx: &Ctx<'_>) {
        self.seen_at = Some(ctx.now);
        self.seen_by = Some(ctx.operator.clone());
    }

    /// Another visit was worked on at this desk since: whoever was seen may have left the chair to somebody else.
    pub fn made_room(&mut self) {
        (self.seen_at, self.seen_by) = (None, None);
    }

    /// The work began anew at `since`, a sign-in: what lies between the last deed on this visit and then is no work. The program
    /// was locked or closed, or the power was away. Source: SOP 2018, the standard of a step is time of service.
    pub fn taken_up(&mut self, since: Timestamp) {
        self.clock.away(self.touched_at, since);
    }

    /// Returns the effects that were ordered and not yet reported done: what to do again after a power cut.
    pub fn pending(&self) -> Vec<Effect> {
        match (&self.phase, self.step) {
            (Phase::Open, Step::Attestation) => self.attestation.pending(),
            (Phase::Open, _)
            | (
                Phase::Returned { .. }
                | Phase::HeldForAge { .. }
                | Phase::Waiting { .. }
                | Phase::Cancelled { .. }
                | Phase::Expired
                | Phase::Closed,
                _,
            ) => Vec::new(),
        }
    }
}

/// Performs one event: the new state and what follows, or a refusal and the state as it was.
///
/// # Errors
/// [`Refusal`]; always "not now", never a fault, and nothing has changed.
pub fn next(state: &State, event: Event, ctx: &Ctx<'_>) -> Result<(State, Vec<Effect>), Refusal> {
    if state.phase.is_final() {
        return Err(Refusal::Ended);
    }
    let action = event.action(state.step);
    if !allowed(ctx.roles, action) {
        return Err(Refusal::Role { action });
    }
    if let Some(step) = event.step() {
        if step != state.step {
            return Err(Refusal::OtherStep { at: state.step, event: step });
        }
        let answers = matches!(state.phase, Phase::Waiting { .. }) && step == Step::Status;
        if state.phase != Phase::Open && !answers {
            return Err(Refusal::NotOpen);
        }
    }
    let mut new = state.clone();
    let mut effects = Vec::new();
    let outcome = match event {
        Event::Form(event) => steps::form::on(&mut new, event, ctx, &mut effects)?,
        Event::Requirements(event) => steps::requirements::on(&mut new, event, ctx, &mut effects)?,
        Event::Verification(event) => steps::verification::on(&mut new, event, ctx, &mut effects)?,
        Event::Capture(event) => steps::capture::on(&mut new, event, ctx, &mut effects)?,
        Event::Attestation(event) => steps::attestation::on(&mut new, event, ctx, &mut effects)?,
        Event::PrintRequest(event) => steps::print_request::on(&mut new, event, ctx, &mut effects)?,
        Event::Status(event) => steps::status::on(&mut new, event, ctx, &mut effects)?,
        Event::Print(event) => steps::print::on(&mut new, event, ctx, &mut effects)?,
        Event::Handover(event) => steps::handover::on(&mut new, event, ctx, &mut effects)?,
        Event::WentBack { to } => steps::any::went_back(&mut new, to, ctx, &mut effects)?,
        Event::Resumed => steps::any::resumed(&mut new, ctx, &mut effects)?,
        Event::Paused { reason } => steps::any::paused(&mut new, reason, ctx, &mut effects)?,
        Event::Continued => steps::any::continued(&mut new, ctx, &mut effects)?,
        Event::Cancelled { reason } => steps::any::cancelled(&mut new, reason, ctx, &mut effects)?,
        Event::Expired => steps::any::expired(&mut new, ctx, &mut effects)?,
    };
    new.touched_at = ctx.now;
    match outcome {
        Outcome::Stay => {}
        Outcome::Done | Outcome::DoneForLater => steps::advance(&mut new, ctx, &mut effects),
    }
    if new.phase == Phase::Open && new.clock.current() != Some(new.step) {
        new.clock.start(new.step, ctx.now);
    }
    if matches!(outcome, Outcome::DoneForLater) && new.phase == Phase::Open {
        new.clock.pause(PauseReason::Waiting, ctx.now);
    }
    Ok((new, effects))
}

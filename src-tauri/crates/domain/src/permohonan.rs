//! One visit: its state, what can happen to it, what follows, and why something is refused.
//!
//! [`next`] is pure and total over the nine steps. Every accepted event yields exactly one register line.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::biodata::{Biodata, Unsur};
use crate::capture::{CaptureState, ChipRule, Missing, Modality, Part, Target, Thresholds, Warning};
use crate::codes::CodeTables;
use crate::document::{Berkas, Requirement};
use crate::finding::Rule;
use crate::finger::Finger;
use crate::ids::{CaptureId, OperatorId, PacketId};
use crate::plan::{JenisPermohonan, Plan, PlanFacts, PlanRefusal, Step, plan};
use crate::register::RegisterKind;
use crate::role::{Action, Role, Witness, allowed};
use crate::sop::{PauseReason, SopClock};
use crate::steps::attestation::{AttestationEvent, AttestationState};
use crate::steps::capture::CaptureEvent;
use crate::steps::form::{FormEvent, FormState};
use crate::steps::handover::{HandoverEvent, HandoverState};
use crate::steps::print::{PrintEvent, PrintState};
use crate::steps::print_request::{PrintRequestEvent, PrintRequestState, Priority};
use crate::steps::requirements::{RequirementsEvent, RequirementsState};
use crate::steps::status::{NotReady, StatusEvent, StatusState};
use crate::steps::verification::{VerificationEvent, VerificationState};
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
    /// When something last happened.
    pub touched_at: Timestamp,
    /// The SOP clock.
    pub clock: SopClock,
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
            Event::PrintRequest(_) => Some(Step::PrintRequest),
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
            Event::PrintRequest(_) => Action::RequestPrint,
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

/// What the application layer has to do when an event was accepted, in this order and in one transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "effect")]
pub enum Effect {
    /// Append one line to the Buku Register; the caller adds ticket, NIK and name. Exactly one per event.
    RegisterLine {
        /// What happened.
        kind: RegisterKind,
        /// Columns without personal data.
        detail: BTreeMap<String, String>,
    },
    /// Print the slip that says why the visit was returned.
    PrintReturnSlip {
        /// The reasons.
        reasons: Vec<ReturnReason>,
    },
    /// Render the Formulir Permohonan Perekaman, then report `FormRendered`.
    RenderForm,
    /// Seal the recording into a packet, then report `Sealed`.
    SealPacket,
    /// Put the packet into the outbox.
    EnqueuePacket {
        /// Which.
        packet: PacketId,
    },
    /// Put the visit into the birthday queue.
    HoldForAge {
        /// First day of printing.
        until: Date,
    },
    /// Put the visit into the print queue.
    JoinPrintQueue {
        /// How urgent.
        priority: Priority,
    },
    /// Take the visit out of the print queue.
    LeavePrintQueue,
    /// Print the Tanda Pengambilan.
    PrintPickupSlip,
    /// Print the Surat Keterangan Perekaman.
    IssueSuket {
        /// The reason in words.
        reason: String,
    },
    /// Print the card on this blangko, then report the result.
    PrintCard {
        /// Serial number of the blangko.
        blangko: String,
    },
    /// Account the blangko as used.
    SpendBlangko {
        /// Serial number.
        blangko: String,
    },
    /// Account the blangko as spoiled, for the Berita Acara.
    SpoilBlangko {
        /// Serial number.
        blangko: String,
        /// Why.
        reason: String,
    },
    /// Hold the blangko until somebody has looked.
    HoldBlangko {
        /// Serial number.
        blangko: String,
    },
    /// Put the old card into the destruction register.
    WithdrawOldCard,
    /// Tell the centre that the card is in the hand.
    NotifyCentre,
}

/// Why an event was not accepted; the state is as before. Everything here is "not now", nothing is broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "refusal")]
#[allow(missing_docs, reason = "the operands are named after what they hold; the variants are documented")]
pub enum Refusal {
    /// The roles do not allow it.
    #[error("no role for {action:?}")]
    Role { action: Action },
    /// The visit has ended.
    #[error("the visit has ended")]
    Ended,
    /// The visit is returned, held or waiting.
    #[error("the visit is not open")]
    NotOpen,
    /// The event belongs to another step.
    #[error("the visit is at step {at:?}, the event belongs to {event:?}")]
    OtherStep { at: Step, event: Step },
    /// No plan is possible.
    #[error(transparent)]
    Plan { plan: PlanRefusal },
    /// Required elements are blank.
    #[error("{} elements are blank", unsur.len())]
    FieldsMissing { unsur: Vec<Unsur> },
    /// Elements break a HARD rule.
    #[error("{} elements are refused", unsur.len())]
    FieldsRefused { unsur: Vec<Unsur> },
    /// WARN findings wait for a confirmation with a reason.
    #[error("{} warnings are not confirmed", warnings.len())]
    WarningsUnconfirmed { warnings: Vec<(Unsur, Rule)> },
    /// There is no such warning to confirm.
    #[error("no such warning on {unsur:?}")]
    NoSuchWarning { unsur: Unsur, rule: Rule },
    /// A reason or note is blank.
    #[error("a reason is needed")]
    ReasonMissing,
    /// Papers are missing.
    #[error("{} requirements are not met", missing.len())]
    PapersMissing { missing: Vec<Requirement> },
    /// That paper was not received.
    #[error("paper {berkas:?} was not received")]
    NoSuchPaper { berkas: Berkas },
    /// Form and record were not held side by side.
    #[error("not compared with the record")]
    NotCompared,
    /// Differences are not decided.
    #[error("{} differences are open", unsur.len())]
    DifferencesOpen { unsur: Vec<Unsur> },
    /// That element does not differ.
    #[error("{unsur:?} does not differ")]
    NoDifference { unsur: Unsur },
    /// "Recorded before?" has no answer.
    #[error("recorded-before is not answered")]
    RecordedBeforeUnanswered,
    /// The biodata were not read aloud.
    #[error("biodata were not read aloud")]
    NotReadAloud,
    /// The operator corrected biodata and must show the own finger.
    #[error("the operator's own finger is needed")]
    OperatorFingerMissing,
    /// The 1:1 check against the record is missing.
    #[error("the identity check is missing")]
    IdentityUnchecked,
    /// The witness is the operator, or has no name.
    #[error("the witness must be another person")]
    WitnessIsOperator,
    /// For this part the witness must be an officer.
    #[error("the witness must be an officer")]
    WitnessMustBeOfficer,
    /// The plan does not capture this.
    #[error("{modality:?} is not part of this visit")]
    NotInScope { modality: Modality },
    /// The photo must be approved before biometrics begin.
    #[error("the photo is not approved")]
    PortraitNotApproved,
    /// The photo may not be approved yet.
    #[error("lines of the photo are not judged")]
    PortraitNotJudged,
    /// The approval names another photo than the one that counts.
    #[error("another photo counts now")]
    OtherPortrait,
    /// The attempt id exists already.
    #[error("attempt {attempt} exists already")]
    AttemptExists { attempt: CaptureId },
    /// There is no such attempt of that target.
    #[error("no attempt {attempt}")]
    NoSuchAttempt { attempt: CaptureId },
    /// The attempt shows parts that do not belong to its target.
    #[error("the attempt shows foreign parts")]
    ForeignPart { target: Target },
    /// The part is excepted; withdraw the exception first.
    #[error("{part:?} is excepted")]
    Excepted { part: Part },
    /// There is no exception of that part.
    #[error("{part:?} is not excepted")]
    NotExcepted { part: Part },
    /// The reason does not fit the part.
    #[error("the reason does not fit {part:?}")]
    ReasonDoesNotFit { part: Part },
    /// A photograph of the part is asked.
    #[error("a photograph of {part:?} is needed")]
    ExceptionPhotoMissing { part: Part },
    /// What stands in for the signature is missing.
    #[error("a substitute for the signature is needed")]
    SubstituteMissing,
    /// The return date is not in the future.
    #[error("the return date {return_on} has passed")]
    ReturnDatePassed { return_on: Date },
    /// More attempts are needed first.
    #[error("{done} of {needed} attempts")]
    MoreTriesNeeded { done: usize, needed: usize },
    /// That finger is not a chip finger now.
    #[error("{finger:?} is not a chip finger")]
    NotAChipFinger { finger: Finger },
    /// The re-match was against a slap that no longer counts.
    #[error("the re-match was against an older capture")]
    StaleRematch { finger: Finger },
    /// There is no such warning of capture.
    #[error("no such warning")]
    NoSuchCaptureWarning { warning: Warning },
    /// Capture is not complete.
    #[error("{} things are missing", missing.len())]
    Incomplete { missing: Vec<Missing> },
    /// The applicant has not confirmed the data.
    #[error("data are not confirmed")]
    NotConfirmed,
    /// Nobody has signed.
    #[error("not signed")]
    NotSigned,
    /// The form is not rendered.
    #[error("form is not rendered")]
    NotRendered,
    /// The recording is sealed; it cannot be changed.
    #[error("sealed in packet {packet}")]
    AlreadySealed { packet: PacketId },
    /// The card waits for the birthday.
    #[error("held for age until {until}")]
    HeldForAge { until: Date },
    /// Step to go back to is not before the current one, or not in the plan.
    #[error("cannot go back to {to:?}")]
    NotBefore { to: Step },
    /// Nothing to resume.
    #[error("nothing to resume")]
    NotResumable,
    /// The mirror does not say PRINT_READY_RECORD.
    #[error("the centre does not say print ready")]
    NotPrintReady,
    /// The mirror says PRINT_READY_RECORD: give the slip instead.
    #[error("the centre says print ready")]
    IsPrintReady,
    /// Nothing is known from the centre.
    #[error("no status is known")]
    StatusUnknown,
    /// What is known is too old to decide on.
    #[error("status is {age_s} s old, limit {limit_s} s")]
    StatusTooOld { age_s: u64, limit_s: u64 },
    /// A card is in the printer, or its result is not known.
    #[error("blangko {blangko} is under way")]
    PrintUnderWay { blangko: String },
    /// No card is in the printer.
    #[error("no card is under way")]
    NothingUnderWay,
    /// The blangko has no number, or is already spoiled.
    #[error("this blangko cannot be used")]
    BlangkoUnusable,
    /// A card exists already; spoil it first.
    #[error("a card exists already")]
    CardExists,
    /// No card exists.
    #[error("no card exists")]
    NoCard,
    /// The chip was neither read back nor left out with a note.
    #[error("the chip is not checked")]
    ChipUnchecked,
    /// The finger is neither matched nor witnessed.
    #[error("the finger is not matched")]
    FingerUnmatched,
    /// The photo was not compared, or differs.
    #[error("the photo is not compared or differs")]
    PhotoUnmatched,
    /// The old card is not taken in.
    #[error("the old card is not taken in")]
    OldCardMissing,
    /// This kind takes no old card.
    #[error("no old card in this kind")]
    NoOldCard,
    /// The receipt is not signed.
    #[error("the receipt is not signed")]
    ReceiptUnsigned,
    /// The visit has not been left alone long enough, or cannot expire any more.
    #[error("not expired before {not_before}")]
    NotExpired { not_before: Timestamp },
}

/// Limits and rules of the office. Plain data from settings.
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
}

impl Default for Rules {
    /// Source: our choice, until the office sets them.
    fn default() -> Self {
        Self {
            thresholds: Thresholds::default(),
            chip: ChipRule::default(),
            expiry_days: 90,
            status_max_age_s: 7 * 86_400,
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
}

impl Ctx<'_> {
    /// Refuses a witness who is the operator.
    pub(crate) fn witness(&self, witness: &Witness) -> Result<(), Refusal> {
        if witness.is_another_than(self.operator) { Ok(()) } else { Err(Refusal::WitnessIsOperator) }
    }

    /// Returns the first day of printing by the biodata as they stand, when it lies ahead.
    pub(crate) fn print_from(&self) -> Option<Date> {
        let born = self.biodata.born_latest()?;
        usia::print_from(born, self.biodata.married_ever()).filter(|from| self.today < *from)
    }
}

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

    /// Makes the plan anew from what is known now.
    pub(crate) fn replan(&mut self, ctx: &Ctx<'_>) -> Result<(), Refusal> {
        self.facts.born = ctx.biodata.born_latest();
        self.facts.married_ever = ctx.biodata.married_ever();
        self.facts.today = ctx.today;
        self.plan = plan(self.plan.kind, &self.facts).map_err(|plan| Refusal::Plan { plan })?;
        Ok(())
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

/// Makes the one register line of an event.
pub(crate) fn line<const N: usize>(kind: RegisterKind, detail: [(&str, String); N]) -> Effect {
    let detail = detail.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    Effect::RegisterLine { kind, detail }
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
        Event::WentBack { to } => steps::any::went_back(&mut new, to, &mut effects)?,
        Event::Resumed => steps::any::resumed(&mut new, ctx, &mut effects)?,
        Event::Paused { reason } => steps::any::paused(&mut new, reason, ctx, &mut effects)?,
        Event::Continued => steps::any::continued(&mut new, ctx, &mut effects)?,
        Event::Cancelled { reason } => steps::any::cancelled(&mut new, reason, ctx, &mut effects)?,
        Event::Expired => steps::any::expired(&mut new, ctx, &mut effects)?,
    };
    new.touched_at = ctx.now;
    match outcome {
        Outcome::Stay => {}
        Outcome::Done => steps::advance(&mut new, ctx, &mut effects),
    }
    if new.phase == Phase::Open && new.clock.current() != Some(new.step) {
        new.clock.start(new.step, ctx.now);
    }
    Ok((new, effects))
}

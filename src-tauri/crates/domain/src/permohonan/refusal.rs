//! Why an event is not accepted.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::biodata::Unsur;
use crate::capture::{Missing, Modality, Part, Target, Warning};
use crate::document::{Berkas, Requirement};
use crate::finding::Rule;
use crate::finger::Finger;
use crate::ids::{CaptureId, JobId, PacketId};
use crate::plan::{PlanRefusal, Step};
use crate::role::Action;
use crate::steps::handover::HandoverLine;
use crate::steps::print_request::Obstacle;
use crate::stock::NomorBlangko;

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
    /// The form's side of an element is chosen in a kind of application that changes no data.
    #[error("this kind changes no data, and {unsur:?} would be changed")]
    KindChangesNoData { unsur: Unsur },
    /// "Recorded before?" has no answer.
    #[error("recorded-before is not answered")]
    RecordedBeforeUnanswered,
    /// "Never recorded" was answered although a recording of this NIK is known, and nobody said why.
    #[error("a recording is known, and nobody said why it is none of this person")]
    NeverUnexplained,
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
    /// What counts of that target is not below its limit, or nothing was captured: there is nothing to accept with a note.
    #[error("nothing of {target:?} is low")]
    NothingLow { target: Target },
    /// That finger is not a chip finger now.
    #[error("{finger:?} is not a chip finger")]
    NotAChipFinger { finger: Finger },
    /// The re-match was against a slap that no longer counts.
    #[error("the re-match was against an older capture")]
    StaleRematch { finger: Finger },
    /// There is no such warning of capture.
    #[error("no such warning")]
    NoSuchCaptureWarning { warning: Warning },
    /// That warning about these attempts was raised before.
    #[error("the warning stands already")]
    CaptureWarningKnown { warning: Warning },
    /// Capture is not complete.
    #[error("{} things are missing", missing.len())]
    Incomplete { missing: Vec<Missing> },
    /// Capture was complete when step 4 ended, and is not under the limits of now.
    #[error("{} things are missing by now", missing.len())]
    CaptureReopened { missing: Vec<Missing> },
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
    /// The mirror says PRINT_READY_RECORD, and lately enough: give the slip instead.
    #[error("the centre says print ready")]
    IsPrintReady,
    /// Nothing is known from the centre.
    #[error("no status is known")]
    StatusUnknown,
    /// What is known is too old to decide on.
    #[error("status is {age_s} s old, limit {limit_s} s")]
    StatusTooOld { age_s: u64, limit_s: u64 },
    /// The clock of this computer is behind what the centre said: no paper and no card may bear its date.
    #[error("this clock is behind the centre's word of {as_of}")]
    ClockBehind { as_of: Timestamp },
    /// The slip was given at PRINT_READY_RECORD, and the centre has taken that back since: no card, and no hand-over.
    #[error("print ready was withdrawn as of {as_of}")]
    PrintReadyWithdrawn { status: String, as_of: Timestamp },
    /// A card that may not be handed over needs a place on the shelf.
    #[error("a place on the shelf is needed")]
    ShelfMissing,
    /// A card is in the printer, or its result is not known.
    #[error("blangko {blangko} is under way")]
    PrintUnderWay { blangko: NomorBlangko },
    /// No card is in the printer.
    #[error("no card is under way")]
    NothingUnderWay,
    /// A card cannot be asked for yet; everything that is missing stands here.
    #[error("{} obstacles", obstacles.len())]
    NotEligible { obstacles: Vec<Obstacle> },
    /// This order was carried out already: a second click.
    #[error("order {job} was given before")]
    JobRepeated { job: JobId },
    /// The person was recorded elsewhere, and the centre's record for the card is not here.
    #[error("the data of the card are not here")]
    CardDataMissing,
    /// The blangko is already spoiled on this visit.
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
    /// Another officer answers for the applicant only after a finger was tried, or where it is said why none can be.
    #[error("no finger was tried yet")]
    FingerUntried,
    /// Somebody else collects: an officer must stand in for the finger.
    #[error("somebody else collects; an officer must witness")]
    FingerMustBeWitnessed,
    /// All tries of the finger in this sitting are spent: an officer must stand in, or the card is withheld.
    #[error("all {limit} tries are spent")]
    TriesSpent { limit: u8 },
    /// Name, NIK or relation of the collector is missing.
    #[error("the collector is not complete")]
    CollectorIncomplete,
    /// The letter of authority was not seen.
    #[error("the letter of authority was not seen")]
    LetterMissing,
    /// Somebody else collects the card without the Tanda Pengambilan, and nobody has said why.
    #[error("the slip was not seen and no reason is given")]
    SlipMissing,
    /// Lines that a person must judge are open, or judged with no.
    #[error("{} lines are not judged", lines.len())]
    LinesUnjudged { lines: Vec<HandoverLine> },
    /// The old card was taken in already.
    #[error("the old card was taken in")]
    OldCardIsHere,
    /// The photo was not compared, or differs.
    #[error("the photo is not compared or differs")]
    PhotoUnmatched,
    /// The old card is not taken in.
    #[error("the old card is not taken in")]
    OldCardMissing,
    /// This kind asks for no old card, so that none is missing.
    #[error("no old card is asked for in this kind")]
    NoOldCard,
    /// The receipt is not signed.
    #[error("the receipt is not signed")]
    ReceiptUnsigned,
    /// Photo and name were not held against the person who takes the card, or too long ago, or by somebody else.
    #[error("photo and name are not confirmed")]
    PersonUnconfirmed,
    /// Nobody looked whether the applicant at the desk is still the one on the screen.
    #[error("the applicant was not looked at for a while")]
    ApplicantUnseen,
    /// The visit has not been left alone long enough, or cannot expire any more.
    #[error("not expired before {not_before}")]
    NotExpired { not_before: Timestamp },
}

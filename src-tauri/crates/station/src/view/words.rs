//! Closed words of the window: steps, modalities, body parts, states.

use serde::{Deserialize, Serialize};
use specta::Type;

macro_rules! words {
    ($($(#[$meta:meta])* $name:ident { $($word:ident),+ $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
        #[serde(rename_all = "snake_case")]
        #[allow(missing_docs)]
        pub enum $name { $($word),+ }
    )+};
}

words! {
    /// The nine steps of the SOP.
    Step { Form, Requirements, Verification, Capture, Attestation, PrintRequest, Status, Print, Handover }
    /// What is taken in step 4.
    Modality { Portrait, Fingers, Irises, Signature, Rematch }
    /// Who works at the desk.
    Role { RegisterOfficer, Operator, CustomerService, Printing, Supervisor }
    /// Whether an officer may sign in: yes, not for now, never again.
    StaffState { Active, Suspended, Revoked }
    /// Tabs of the queue.
    QueueTab { RegisterOfficer, Operator, CustomerService, Printing, Supervisor, All }
    /// What a device is used for.
    DeviceRole { Camera, SignaturePad, FingerprintScanner, IrisScanner, CardReader, DocumentPrinter, FingerVerifier, CardPrinter, SlipPrinter }
    /// State of a device, ISO-like life cycle of devices.md §1.2.
    DeviceState { Absent, Present, Opening, Ready, Busy, Faulted }
    /// Finger positions.
    FingerName {
        RightThumb, RightIndex, RightMiddle, RightRing, RightLittle,
        LeftThumb, LeftIndex, LeftMiddle, LeftRing, LeftLittle,
    }
    /// Eyes, from the person's own side.
    EyeName { Right, Left }
    /// Placements on the ten-print scanner.
    SlapName { RightFour, LeftFour, Thumbs }
    /// Weight of a finding.
    Level { Ok, Info, Warn, Hard }
    /// How the chain of the register is broken: a line says something else, is gone, was put in, stands elsewhere, or the last
    /// ones are gone.
    RegisterBreak { Edited, Deleted, Inserted, Reordered, CutOff }
    /// Tone of a message: `hold` is "not now", `bad` is "broken".
    Tone { Hold, Bad }
    /// Whether the station can be used.
    Phase { New, Locked, Open }
    /// Why the screen is locked.
    LockReason { Start, Idle, Asked, Revoked }
    /// Interface language.
    Language { Id, En }
    /// Interface theme.
    Theme { Light, Dark, System }
    /// Zones of Indonesia: UTC+7, +8 and +9, without summer time.
    TimeZone { Wib, Wita, Wit }
    /// Sex as a word beside an age or a NIK.
    SexWord { Male, Female }
    /// What a part of a NIK is, where it is no region.
    NikWord { Sex, Serial, OldCode, Unknown }
    /// Where the resident data came from: the centre's own, over the line, or a signed file that somebody brought.
    ExtractSource { Centre, File }
    /// Where the data key is kept.
    KeyPlace { Password, TpmAndPassword }
    /// Network as the station sees it.
    NetworkState { Online, Offline }
    /// What the program has to do by itself and could not yet.
    Unsettled { CutOff, Revocations, Looks, Renewal, UnknownPackets, UnreadPackets }
    /// Free room on the disk.
    DiskLevel { Ok, Low, Full }
    /// One step on the rail.
    RailState { Done, Current, Todo, Skipped, Held }
    /// State of a queue row; `due` was held for age, and the day has come: its card can be asked for; `answered` waited for
    /// the centre, and the centre has said what is for this office to act on.
    RowState { Open, Returned, Held, Due, Answered, Sealed }
    /// State of an application as shown.
    VisitState { Open, Returned, Cancelled, Expired, Held, Sealed, Done }
    /// What words are typed for that nobody has confirmed yet: the reasons and notes of steps 1 to 5, and of a visit that is
    /// cancelled; `ReturnCodes` is the reasons that are ticked, a space between.
    DraftFor {
        ReturnReason, ReturnCodes, CancelReason, WarningReason, ProofNote, NeverReason, OperatorWitness, IdentityWitness,
        PortraitNote, BackdropNote, CutNote, ExcuseNote, SlapNote, EyeNote, RematchNote, NoticeAnswer, DisputeNote,
    }
    /// Kind of input of a form field.
    InputKind { Text, Nik, Kk, Date, Code, Wilayah, Rt }
    /// Whether a required paper is there.
    PaperState { Missing, Seen, Attached }
    /// Outcome of one compared line; what only the record has is taken over unless the form is chosen.
    DiffResult { Same, Differs, Form, Record, OnlyRecord, NoRecord }
    /// Whether the centre was asked about this NIK: no centre is set, not yet, it knows the NIK, it does not, it was not reached.
    CentreAnswerState { NoCentre, NotAsked, Found, Absent, Unreached }
    /// Which side of a difference is used.
    DiffSource { Form, Record }
    /// Answer to "have you been recorded before?".
    RecordedAnswer { Never, Elsewhere }
    /// What the card reader told.
    CardCheck { NotRead, NoCard, HasCard }
    /// Whether the operator's own finger is asked for.
    OperatorFinger { NotNeeded, Needed, Done }
    /// One tab of step 4.
    TabState { Done, Current, Todo, Blocked, NotNeeded }
    /// What the program measures on a portrait.
    Check { SingleFace, SizePosition, Light, Sharpness, Exposure, Backdrop }
    /// What a person judges on a portrait.
    JudgedLine { EyesOpen, NoGlasses, ForeheadVisible, HeadUpright }
    /// Backdrop by birth-year parity; `bebas` where that sets none (a foreigner, an unknown year).
    BackdropColour { Biru, Merah, Bebas }
    /// The applicant's word on the portrait.
    ApprovalState { None, Waiting, Approved, Verbal, Refused }
    /// How the approval was given.
    ApprovedBy { Applicant, Verbal }
    /// Why another portrait than the best by the rule is taken.
    ChoiceReason { Applicant, Natural, Clothes }
    /// State of one finger or eye.
    PartState { Pending, Reading, Good, Weak, AcceptedLow, Exception }
    /// State of one slap.
    SlapProgress { Pending, Current, Done, Excepted }
    /// How a slap was accepted.
    Accepted { Good, WithNote }
    /// Who computed a quality score.
    QualitySource { Rekam, Device }
    /// State of a signature.
    SignatureProgress { Pending, Done, Exception }
    /// What the signature was made with.
    SignatureSource { Pen, Touch, Mouse, Topaz }
    /// Why a signature is asked for.
    SignaturePurpose { Specimen, Attestation, Receipt }
    /// State of one finger in the second capture.
    RematchProgress { Pending, Matched, NotYet, Noted, Exception }
    /// How long an exception lasts.
    Permanence { Permanent, Temporary }
    /// Whether an exception needs a photograph.
    PhotoState { NotNeeded, Needed, Taken }
    /// The one part that is neither finger nor eye.
    OtherPart { Signature }
    /// What an exception reason belongs to.
    ReasonPart { Finger, Eye, Signature }
    /// Something that deserves a second look.
    NoticeKind { SameFingerTwice, HandsSwapped, SameEyeTwice, FoundUnderAnotherNik, NikChanged }
    /// The portrait of a recording: kept here, removed by the retention rule once the centre had it, or none was taken.
    RecordedPhoto { Kept, Removed, NotTaken }
    /// State of a kept item.
    SavedState { Saved, Waiting, Todo }
    /// The applicant's word on the data.
    AnswerState { None, Correct, Wrong }
    /// The applicant's answer as given.
    Answer { Correct, Wrong }
    /// Where the answer was given.
    AnswerBy { Screen, Operator }
    /// Parts of a packet.
    PartName { Id, Bio, Dok }
    /// State of a print job; `done` only when the printer said so.
    PrintState { Sent, Printing, Done, Stopped, Cancelled, Unknown }
    /// What the applicant's screen shows.
    ApplicantView { Idle, Wait, ConfirmData, ApprovePhoto, FingerGuide, IrisGuide, Sign, Done }
    /// Trust in the computer's clock.
    ClockState { Trusted, Unchecked, Suspect }
    /// Protection of the station key.
    Assurance { Soft, Tpm }
    /// Parts of the first start.
    SetupPart { Activation, Station, Wilayah, Recovery, DevicesOperator, Finished }
    /// Counter or mobile team.
    StationKind { Counter, Mobile }
    /// A status at the centre that stands still: it only waits, or the NIK was likely recorded before.
    SyncStuck { None, Waiting, RecordedBefore }
    /// Period of the register page.
    Period { Today, Week, Month, Range }
    /// Place in the print queue.
    Priority { Normal, Urgent }
    /// One condition of a print request.
    RequestCondition { Papers, Age, Identity, OneRequest, Blangko, CardText }
    /// How a condition stands; `hold` waits and is nobody's fault, `unknown` cannot be told here.
    ConditionState { Met, Hold, Unmet, Unknown }
    /// Where a line of the status history comes from.
    StatusSource { Centre, Courier, Station }
    /// Whether the mirror is fresh enough to decide on; `clock_behind`: it is of a later time than this computer's clock says.
    Freshness { Fresh, Stale, ClockBehind, Nothing }
    /// What the applicant got in step 7.
    StatusOutcome { Open, Slip, Suket, Told }
    /// Where the request of step 6 stands at the centre: not told yet, taken, behind another card of the same person, refused.
    RequestStanding { Waiting, Taken, Elsewhere, Refused }
    /// State of a row of the print queue; `of_age` was held for age, and the card can be asked for now.
    QueueJob { Waiting, HeldForAge, OfAge, AtCentre, Printing, Unknown, Printed }
    /// State of the card under way; `reported` is the printer's own word and counts nothing.
    CardJobState { Sent, Printing, Reported, Stopped, Unknown }
    /// How far a card has come in the printer that writes its chip too.
    CardStage { Taking, Writing, Printing }
    /// Where the printer brings a card out.
    CardOut { Exit, RejectBox }
    /// Where the chip of a spoiled card is ended: on the reader of the desk, or at the chip station inside the printer.
    ChipPlace { Reader, Printer }
    /// What a person says of a card that went to the printer.
    PrintResult { Printed, Spoiled, Unknown, NotPrinted, NotFound }
    /// State of the chip.
    ChipState { NotYet, Writing, Torn, Verified, LeftOut, NotPossible }
    /// The chip of a spoiled card: nothing was written on it; it lives; nobody knows; it is unusable; it went with its card,
    /// which was destroyed.
    SpoiledChip { None, Alive, InDoubt, Ended, Destroyed }
    /// What an application for a new photo or signature renews.
    Renewal { Both, Portrait, Signature }
    /// What is kept in stock: blangko of citizens and of foreigners, ribbon, film.
    StockItem { Blangko, BlangkoWna, Ribbon, Film }
    /// What happened to stock.
    MovementKind { Received, Printing, Used, Spoiled, Held, Released, Returned, Missing, Found, Aside, Destroyed }
    /// How a stock stands.
    StockLevel { Ok, Low, Empty, Unknown }
    /// What is to be said of ribbon or film beside the printer: few prints are left; the book has run out and the printer
    /// does not tell; the book has run out and the printer has some. None of them keeps a card from being printed.
    SupplyNote { Low, Unbooked, Differs }
    /// Who collects the card.
    CollectorKind { Own, Other }
    /// The finger at the hand-over; `no_reference` when no print of this person is at hand.
    HandoverFingerState { NotTried, NotYet, Matched, Witnessed, NoReference }
    /// Why no finger can be tried, or was said not to be, before another officer answers for the applicant.
    Untried { NoReference, NoDevice, DeviceFailed, CannotLay }
    /// Why the chip that was written here cannot be read at the hand-over, so that an eye may compare.
    Unread { NoReader, ReaderFailed }
    /// The photograph on the chip beside that of the record; `unmeasured` was read and waits for an eye, `seen_…` is an
    /// officer's word.
    ChipPhotoState { NotRead, Identical, Differs, NoPhoto, NoCard, Unmeasured, SeenSame, SeenDiffers }
    /// The old card.
    OldCardState { NotNeeded, Needed, Withdrawn, Absent }
    /// What a person judges at the hand-over.
    HandoverLine { FaceSame, DataRead, OldCardBoxed, EnvelopeSealed }
    /// What stands in for the signature of a receipt.
    ReceiptSubstitute { ThumbRight, ThumbLeft, Empty }
    /// Period of a report.
    ReportPeriod { Day, Week, Month, Year }
    /// A letter that goes out in the office's name.
    OfficialLetter { Suket, SuketElsewhere, BeritaAcara }
    /// Why a line of a letter is not ready: the shipped sample, empty, with something left open in it, a number that
    /// would come twice, or one that the code of its paper does not hold.
    WordingGapWhy { Sample, Empty, LeftOpen, Number, Unsealable }
    /// Form of a saved table.
    TableFormat { Csv, Xlsx, Pdf }
}

impl From<domain::Finger> for FingerName {
    fn from(f: domain::Finger) -> Self {
        use domain::Finger as F;
        match f {
            F::RightThumb => Self::RightThumb,
            F::RightIndex => Self::RightIndex,
            F::RightMiddle => Self::RightMiddle,
            F::RightRing => Self::RightRing,
            F::RightLittle => Self::RightLittle,
            F::LeftThumb => Self::LeftThumb,
            F::LeftIndex => Self::LeftIndex,
            F::LeftMiddle => Self::LeftMiddle,
            F::LeftRing => Self::LeftRing,
            F::LeftLittle => Self::LeftLittle,
        }
    }
}

impl From<FingerName> for domain::Finger {
    fn from(f: FingerName) -> Self {
        use domain::Finger as F;
        match f {
            FingerName::RightThumb => F::RightThumb,
            FingerName::RightIndex => F::RightIndex,
            FingerName::RightMiddle => F::RightMiddle,
            FingerName::RightRing => F::RightRing,
            FingerName::RightLittle => F::RightLittle,
            FingerName::LeftThumb => F::LeftThumb,
            FingerName::LeftIndex => F::LeftIndex,
            FingerName::LeftMiddle => F::LeftMiddle,
            FingerName::LeftRing => F::LeftRing,
            FingerName::LeftLittle => F::LeftLittle,
        }
    }
}

impl From<domain::Eye> for EyeName {
    fn from(e: domain::Eye) -> Self {
        match e {
            domain::Eye::Right => Self::Right,
            domain::Eye::Left => Self::Left,
        }
    }
}

impl From<EyeName> for domain::Eye {
    fn from(e: EyeName) -> Self {
        match e {
            EyeName::Right => Self::Right,
            EyeName::Left => Self::Left,
        }
    }
}

impl From<domain::Slap> for SlapName {
    fn from(s: domain::Slap) -> Self {
        match s {
            domain::Slap::RightFour => Self::RightFour,
            domain::Slap::LeftFour => Self::LeftFour,
            domain::Slap::Thumbs => Self::Thumbs,
        }
    }
}

impl From<SlapName> for domain::Slap {
    fn from(s: SlapName) -> Self {
        match s {
            SlapName::RightFour => Self::RightFour,
            SlapName::LeftFour => Self::LeftFour,
            SlapName::Thumbs => Self::Thumbs,
        }
    }
}

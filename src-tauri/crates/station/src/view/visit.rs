//! One application: masthead, rail, and steps 1 to 3.

use super::desk::{RailStep, Why};
use super::handover::HandoverCorrection;
use super::words::*;
use std::collections::BTreeMap;

view! {
    /// What was kept over a restart.
    ResumedFrom { key: String, args: BTreeMap<String, String> }
    /// Why the papers went back.
    Returned {
        reasons: Vec<String>, note: String, at: String,
        /// The slip that says why, to be printed for the applicant.
        document_id: Option<String>,
        /// Whether the slip can come out of a roll too.
        has_slip_printer: bool,
    }
    /// The application as masthead and rail show it.
    Permohonan {
        id: String, ticket: String, name: String,
        /// What the applicant is called by behind Bapak or Ibu: `Luh` of Ni Luh Sartini; empty without a name.
        called: String,
        nik: String, kind: String, kind_label: String, state: VisitState,
        step: Step, rail: Vec<RailStep>, clock_seconds: u32, standard_seconds: u32, applicant_screen: String,
        resumed_from: Option<ResumedFrom>, returned: Option<Returned>,
        /// Whether the step that comes now is the signed-in officer's; else it goes on at another desk.
        yours: bool,
    }
    /// One finding on one field.
    Finding { level: Level, rule: String, text: String }
    /// One field of the form.
    FormField {
        unsur: String, label: String, value: String, shown: String, input: InputKind, table: Option<String>,
        required: bool, findings: Vec<Finding>, saved_at: Option<String>,
    }
    /// Where pre-filled values came from.
    Source { source: ExtractSource, taken_at: String }
    /// Step 1. `correction`: what the applicant wanted corrected at an earlier hand-over, where this application takes it up.
    Form {
        id: String, kind: String, kind_label: String, fields: Vec<FormField>, prefilled_from: Option<Source>,
        can_submit: bool, why: Option<Why>, correction: Option<HandoverCorrection>,
    }
    /// F-1.02 filled from the application, as it is kept; `prints` counts what printers confirmed.
    ApplicationForm { document_id: String, pages: u32, prints: u32 }
    /// Answer to a saved field.
    FieldSaved { field: FormField, saved_at: String, can_submit: bool, why: Option<Why>, name: String, nik: String }
    /// Words that were typed and not confirmed yet, and when they were kept.
    Draft { text: String, saved_at: String }
    /// One row of a code table.
    CodeRow { code: String, label: String }
    /// One region.
    WilayahRow { code: String, name: String, path: String }
    /// One resident in a list.
    ResidentRow { nik: String, masked_nik: String, name: String, born: String, place: String }
    /// Answer to a search from the queue.
    SearchResult { rows: Vec<super::desk::QueueRow>, residents: Vec<ResidentRow> }
    /// One stored page.
    PageRef { capture_id: String }
    /// One required paper. `line` is its place in the checklist: where one of several papers will do, they share it and `others`
    /// names the rest. Not `required` once another one of its line is there.
    RequirementItem {
        id: String, line: u32, label: String, others: Vec<String>, required: bool, state: PaperState, pages: Vec<PageRef>, note: String,
    }
    /// A ready-made reason.
    ReasonText { code: String, text: String }
    /// Age and what it allows.
    Age { years: u32, months: u32, may_print: bool, may_record: bool }
    /// Step 2. `from_abroad` is absent for a kind that shows the same papers wherever the applicant comes from.
    Requirements {
        items: Vec<RequirementItem>, from_abroad: Option<bool>, can_accept: bool, why: Option<Why>, reasons: Vec<ReasonText>, age: Option<Age>,
    }
    /// One compared element.
    DiffRow {
        unsur: String, label: String, form: String, record: Option<String>, result: DiffResult, note: String,
        needs_proof: bool,
    }
    /// One decoded part of a NIK.
    NikPart { digits: String, text: String, word: Option<NikWord>, sex: Option<SexWord>, mark: bool }
    /// The NIK explained.
    NikView { level: Level, parts: Vec<NikPart>, findings: Vec<Finding> }
    /// "Already recorded?"
    RecordedView {
        here: u32, here_hit: bool, centre_list_at: Option<String>, centre_hit: Option<bool>,
        answer: Option<RecordedAnswer>,
        /// Why "never" stands although a recording is known.
        never_because: Option<String>,
        card: CardCheck, card_photo_id: Option<String>,
        /// Number of the chip in hexadecimal; absent where the card tells none.
        card_uid: Option<String>,
        /// The portrait on record of this person, to hold the card's beside it; absent while no card was read, and where
        /// none is here.
        record_photo_id: Option<String>,
    }
    /// Age of the resident extract.
    ExtractView { source: ExtractSource, taken_at: String, age_days: u32, stale: bool }
    /// One paper as seen in step 3.
    PaperLine { label: String, ok: bool, state: PaperState }
    /// One warning that asks for a reason.
    WarningView { rule: String, text: String, confirmed: Option<String> }
    /// What the centre said about this NIK, or what stands between (`cause`, key of `sync.cause`).
    CentreAnswer { state: CentreAnswerState, asked_at: Option<String>, cause: Option<String>, status: Option<String> }
    /// The applicant's own finger held against the record; `score` of the match, `tries` below the limit so far.
    IdentityCheck {
        state: HandoverFingerState, finger: Option<FingerName>, fingers: Vec<FingerName>, score: Option<u32>, limit: u32,
        tries: u32, recorded_at: Option<String>,
    }
    /// Step 3; `next` is the step that follows in this visit's plan.
    Verification {
        rows: Vec<DiffRow>, open: u32, done: u32,
        /// The form's side of a difference may be chosen; not away from home.
        may_change: bool, nik: NikView, recorded: RecordedView, extract: Option<ExtractView>, centre: CentreAnswer,
        papers: Vec<PaperLine>, warnings: Vec<WarningView>, operator_finger: OperatorFinger,
        identity: Option<IdentityCheck>, read_aloud_at: Option<String>, next: Step, can_go_on: bool, why: Option<Why>,
    }
}

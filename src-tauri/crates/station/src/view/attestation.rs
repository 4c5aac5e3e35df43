//! Step 5 and the applicant's own screen.

use super::capture::{ExceptionState, SignatureState};
use super::desk::Why;
use super::words::*;

view! {
    /// One point of a signature: shares of the field's width and height, milliseconds, pressure 0–1.
    StrokePoint { #[specta(type = u32)] x: f32, #[specta(type = u32)] y: f32, #[specta(type = u32)] t: f32, #[specta(type = u32)] p: f32, down: bool }
    /// One line of data.
    DataLine { unsur: String, label: String, value: String }
    /// The applicant's word on the data.
    DataAnswer { state: AnswerState, at: Option<String>, note: String, by: Option<AnswerBy> }
    /// The rendered form.
    FormDocument { document_id: String, pages: u32, rendered_at: String, printed_at: Option<String> }
    /// One sealed part.
    PartView { part: PartName, bytes: u32, sha256: String }
    /// The sealed packet.
    PacketView { packet_id: String, sealed_at: String, sequence: u32, parts: Vec<PartView>, training: bool }
    /// Step 5.
    Attestation {
        lines: Vec<DataLine>, portrait_id: Option<String>, photo_approved_at: Option<String>, answer: DataAnswer,
        read_aloud_at: Option<String>, signature: SignatureState, substitute: Option<ExceptionState>,
        form: Option<FormDocument>, packet: Option<PacketView>, exceptions: Vec<ExceptionState>,
        /// What the form names beside them of the photo: cut by hand, lines that cannot hold.
        photo_exceptions: u32, can_seal: bool,
        why: Option<Why>,
    }
    /// A print job; never called done unless the printer said so.
    PrintJob { state: PrintState, reason: Option<String>, printer: String }
    /// A print whose end nobody told; an officer looks whether it came out.
    UnknownPrint { attempt: String, sent_at: String, printer: String }
    /// What is known of the prints of one paper. `again`: it came out before, and a reprint says why.
    PaperPrints { again: bool, unknown: Option<UnknownPrint> }
    /// One line on the applicant's screen.
    ApplicantLine { unsur: String, label: String, value: String }
    /// Which hand or finger to place.
    Guide { slap: Option<SlapName>, finger: Option<FingerName>, missing: Vec<FingerName> }
    /// The applicant's screen.
    ApplicantScreen {
        view: ApplicantView, salutation: String, step: u32, lines: Vec<ApplicantLine>, portrait_id: Option<String>,
        photo_approved: bool,
        /// The officer has looked at the photo that waits for approval: a yes counts.
        photo_judged: bool, guide: Option<Guide>, answered: AnswerState, next: String,
        /// The application on this screen and what a signature on it is for.
        id: Option<String>, purpose: Option<SignaturePurpose>,
        /// A line stands in for the signature: a short stroke is enough.
        line: bool,
        /// Which signature of what is asked for is kept; another one once it was signed anew.
        signed: Option<String>,
    }
}

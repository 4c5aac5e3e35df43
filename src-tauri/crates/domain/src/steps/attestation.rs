//! Step 5: the applicant confirms and signs; the form is rendered; the recording is sealed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Outcome, reason};
use crate::capture::{SignatureSubstitute, completeness};
use crate::ids::{CaptureId, DocumentId, PacketId};
use crate::permohonan::{Ctx, Effect, Refusal, ReturnReason, State, line};
use crate::register::{Hash32, RegisterKind};
use crate::role::Witness;
use crate::steps::requirements::hand_back;

/// How the attestation was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum AttestationSignature {
    /// By pen on the pad.
    Pen {
        /// Names the strokes and the picture.
        capture: CaptureId,
    },
    /// By thumb, by a line, or not at all, before a witness.
    Substitute {
        /// What stands in.
        substitute: SignatureSubstitute,
        /// Names the print or the line; `None` when it stays empty.
        capture: Option<CaptureId>,
        /// The second person.
        witness: Witness,
    },
}

/// The rendered form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderedForm {
    /// Names the PDF.
    pub document: DocumentId,
    /// SHA-256 of its bytes.
    pub sha256: Hash32,
    /// The packet that it names and will lie in; `None` in a form of before it was kept here.
    #[serde(default)]
    pub packet: Option<PacketId>,
}

/// Where the applicant's word on the data was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredBy {
    /// By the applicant's own hand, on the applicant's screen.
    Screen,
    /// Aloud; the operator noted it.
    Operator,
}

/// The applicant's word on the data.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum DataAnswer {
    /// All data are right.
    Correct {
        /// When.
        at: Timestamp,
        /// Where.
        by: AnsweredBy,
    },
    /// Something is wrong.
    Wrong {
        /// When.
        at: Timestamp,
        /// Where.
        by: AnsweredBy,
        /// What, in the applicant's words; may be empty. Can hold personal data.
        note: String,
    },
}

impl std::fmt::Debug for DataAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DataAnswer::Correct { at, by } => {
                f.debug_struct("Correct").field("at", at).field("by", by).finish()
            }
            DataAnswer::Wrong { at, by, note } => f
                .debug_struct("Wrong")
                .field("at", at)
                .field("by", by)
                .field("note", &format_args!("<{} letters>", note.chars().count()))
                .finish(),
        }
    }
}

/// Step 5 as data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttestationState {
    /// When the data were read aloud, where the applicant cannot read.
    pub read_aloud_at: Option<Timestamp>,
    /// The applicant's last word on the data.
    pub answer: Option<DataAnswer>,
    /// The signature.
    pub signature: Option<AttestationSignature>,
    /// When it was given; `None` without one, and in signatures of before it was kept.
    #[serde(default)]
    pub signed_at: Option<Timestamp>,
    /// The form.
    pub form: Option<RenderedForm>,
    /// The packet.
    pub packet: Option<PacketId>,
}

impl AttestationState {
    /// When the applicant confirmed the data; `None` while there is no answer, or something is wrong.
    pub fn confirmed_at(&self) -> Option<Timestamp> {
        match &self.answer {
            Some(DataAnswer::Correct { at, .. }) => Some(*at),
            Some(DataAnswer::Wrong { .. }) | None => None,
        }
    }

    /// Returns what was ordered and not reported done.
    pub(crate) fn pending(&self) -> Vec<Effect> {
        match (&self.signature, &self.form, self.packet) {
            (Some(_), None, None) => vec![Effect::RenderForm],
            (Some(_), Some(_), None) => vec![Effect::SealPacket],
            (None, _, _) | (Some(_), _, Some(_)) => Vec::new(),
        }
    }
}

/// What can happen at step 5.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum AttestationEvent {
    /// The data were read aloud.
    DataReadAloud,
    /// The applicant confirmed the data.
    ApplicantConfirmed {
        /// On the own screen, or in words.
        by: AnsweredBy,
    },
    /// The applicant says that something is wrong. What was signed over these data does not stand any more.
    ApplicantDisputed {
        /// On the own screen, or in words.
        by: AnsweredBy,
        /// What is wrong, in the applicant's words; may be empty.
        note: String,
    },
    /// The visit is handed back. To correct at once, go back a step.
    Returned {
        /// What is wrong.
        reasons: Vec<ReturnReason>,
    },
    /// The attestation was signed; signing again replaces the signature and the form.
    Signed {
        /// How.
        signature: AttestationSignature,
    },
    /// The form was rendered; rendering again replaces it.
    FormRendered {
        /// It.
        form: RenderedForm,
    },
    /// The sealing failed, or the program was closed before its report: order it again.
    SealRetried {
        /// What happened.
        note: String,
    },
    /// The packet is on disk and verified.
    Sealed {
        /// Which.
        packet: PacketId,
    },
}

/// The register's word for where an answer was given.
fn place(by: AnsweredBy) -> &'static str {
    match by {
        AnsweredBy::Screen => "layar",
        AnsweredBy::Operator => "lisan",
    }
}

/// Step 4 once more: its limits are settings, and may have been raised since it ended. What counts by the new ones was perhaps
/// neither matched again nor accepted, and nobody may sign for it.
fn capture_stands(state: &State, ctx: &Ctx<'_>) -> Result<(), Refusal> {
    let rules = ctx.rules;
    let missing = completeness(&state.capture, state.plan.capture, &rules.chip, &rules.thresholds);
    if missing.is_empty() { Ok(()) } else { Err(Refusal::CaptureReopened { missing }) }
}

pub(crate) fn on(
    state: &mut State,
    event: AttestationEvent,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    match event {
        AttestationEvent::Signed { .. }
        | AttestationEvent::FormRendered { .. }
        | AttestationEvent::Sealed { .. } => capture_stands(state, ctx)?,
        AttestationEvent::DataReadAloud
        | AttestationEvent::ApplicantConfirmed { .. }
        | AttestationEvent::ApplicantDisputed { .. }
        | AttestationEvent::Returned { .. }
        | AttestationEvent::SealRetried { .. } => {}
    }
    let attestation = &mut state.attestation;
    match event {
        AttestationEvent::DataReadAloud => {
            attestation.read_aloud_at = Some(ctx.now);
            effects.push(line(RegisterKind::FieldSaved, [("dibacakan", "ya".into())]));
            Ok(Outcome::Stay)
        }
        AttestationEvent::ApplicantConfirmed { by } => {
            // What was signed names the moment of the answer (the form, the recording's date): a second "Benar" keeps it.
            if attestation.signature.is_none() {
                attestation.answer = Some(DataAnswer::Correct { at: ctx.now, by });
            }
            effects.push(line(RegisterKind::DataConfirmed, [("di", place(by).into())]));
            Ok(Outcome::Stay)
        }
        AttestationEvent::ApplicantDisputed { by, note } => {
            attestation.answer = Some(DataAnswer::Wrong { at: ctx.now, by, note });
            attestation.signature = None;
            attestation.signed_at = None;
            attestation.form = None;
            effects.push(line(RegisterKind::DataDisputed, [("di", place(by).into())]));
            Ok(Outcome::Stay)
        }
        AttestationEvent::Returned { reasons } => {
            let outcome = hand_back(state, reasons, ctx, effects)?;
            state.attestation = AttestationState::default();
            Ok(outcome)
        }
        AttestationEvent::Signed { signature } => {
            if attestation.confirmed_at().is_none() {
                return Err(Refusal::NotConfirmed);
            }
            match &signature {
                AttestationSignature::Pen { .. } => {}
                AttestationSignature::Substitute { substitute, capture, witness } => {
                    ctx.witness(witness)?;
                    // Whoever cannot sign may not be able to read either: the data are read aloud first.
                    if attestation.read_aloud_at.is_none() {
                        return Err(Refusal::NotReadAloud);
                    }
                    if capture.is_none() && *substitute != SignatureSubstitute::Empty {
                        return Err(Refusal::SubstituteMissing);
                    }
                }
            }
            attestation.signature = Some(signature);
            attestation.signed_at = Some(ctx.now);
            attestation.form = None;
            effects.push(line(RegisterKind::AttestationSigned, []));
            effects.push(Effect::RenderForm);
            Ok(Outcome::Stay)
        }
        AttestationEvent::FormRendered { form } => {
            if attestation.signature.is_none() {
                return Err(Refusal::NotSigned);
            }
            attestation.form = Some(form);
            effects.push(line(RegisterKind::FormRendered, [("sha256", form.sha256.hex())]));
            effects.push(Effect::SealPacket);
            Ok(Outcome::Stay)
        }
        AttestationEvent::SealRetried { note } => {
            reason(&note)?;
            if attestation.form.is_none() {
                return Err(Refusal::NotRendered);
            }
            effects.push(line(RegisterKind::FieldSaved, [("segel_diulang", "ya".into())]));
            effects.push(Effect::SealPacket);
            Ok(Outcome::Stay)
        }
        AttestationEvent::Sealed { packet } => {
            if attestation.form.is_none() {
                return Err(Refusal::NotRendered);
            }
            attestation.packet = Some(packet);
            effects.push(line(RegisterKind::PacketSealed, [("paket", packet.to_string())]));
            effects.push(Effect::EnqueuePacket { packet });
            Ok(Outcome::Done)
        }
    }
}

//! Step 5: the applicant confirms and signs; the form is rendered; the recording is sealed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Outcome, reason};
use crate::capture::SignatureSubstitute;
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
}

/// Step 5 as data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttestationState {
    /// When the data were read aloud, where the applicant cannot read.
    pub read_aloud_at: Option<Timestamp>,
    /// When the applicant confirmed the data.
    pub confirmed_at: Option<Timestamp>,
    /// The signature.
    pub signature: Option<AttestationSignature>,
    /// The form.
    pub form: Option<RenderedForm>,
    /// The packet.
    pub packet: Option<PacketId>,
}

impl AttestationState {
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
    /// The applicant confirmed the data on the own screen, or in words.
    ApplicantConfirmed,
    /// The applicant says that something is wrong; the visit is handed back. To correct at once, go back a step.
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

pub(crate) fn on(
    state: &mut State,
    event: AttestationEvent,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    let attestation = &mut state.attestation;
    match event {
        AttestationEvent::DataReadAloud => {
            attestation.read_aloud_at = Some(ctx.now);
            effects.push(line(RegisterKind::FieldSaved, [("dibacakan", "ya".into())]));
            Ok(Outcome::Stay)
        }
        AttestationEvent::ApplicantConfirmed => {
            attestation.confirmed_at = Some(ctx.now);
            effects.push(line(RegisterKind::DataConfirmed, []));
            Ok(Outcome::Stay)
        }
        AttestationEvent::Returned { reasons } => {
            let outcome = hand_back(state, reasons, ctx, effects)?;
            state.attestation = AttestationState::default();
            Ok(outcome)
        }
        AttestationEvent::Signed { signature } => {
            if attestation.confirmed_at.is_none() {
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

//! What must hold before a card leaves the hand.

use super::{CONFIRMED_FOR, Collector, HandoverLine, PersonConfirmed, Sitting, required_lines};
use crate::capture::SignatureSubstitute;
use crate::nik::Nik;
use crate::permohonan::{Ctx, Refusal, State};
use crate::steps::attestation::AttestationSignature;
use crate::steps::status::refuse_if_withdrawn;
use crate::steps::verification::FingerProof;

pub(super) fn collector(collector: &Collector) -> Result<(), Refusal> {
    match collector {
        Collector::Own => Ok(()),
        Collector::Other { name, nik, relation, .. } => {
            if name.trim().is_empty() || relation.trim().is_empty() || Nik::parse(nik).is_err() {
                return Err(Refusal::CollectorIncomplete);
            }
            Ok(())
        }
    }
}

pub(super) fn receipt(signature: &AttestationSignature, ctx: &Ctx<'_>) -> Result<(), Refusal> {
    match signature {
        AttestationSignature::Pen { .. } => Ok(()),
        AttestationSignature::Substitute { substitute, capture, witness } => {
            ctx.witness(witness)?;
            if capture.is_none() && *substitute != SignatureSubstitute::Empty {
                return Err(Refusal::SubstituteMissing);
            }
            Ok(())
        }
    }
}

pub(super) fn ready(state: &State, ctx: &Ctx<'_>) -> Result<(), Refusal> {
    refuse_if_withdrawn(state)?;
    let handover = state.handover.in_sitting(&Sitting::of(ctx));
    match (&handover.finger, &handover.collector) {
        (None, _) => return Err(Refusal::FingerUnmatched),
        (Some(FingerProof::Matched { .. }), Collector::Other { .. }) => {
            return Err(Refusal::FingerMustBeWitnessed);
        }
        (Some(_), Collector::Other { letter_seen: false, .. }) => return Err(Refusal::LetterMissing),
        (Some(_), Collector::Other { slip_seen: false, no_slip, .. }) if no_slip.trim().is_empty() => {
            return Err(Refusal::SlipMissing);
        }
        (Some(_), Collector::Own | Collector::Other { .. }) => {}
    }
    if !handover.photo.as_ref().is_some_and(|photo| photo.same) {
        return Err(Refusal::PhotoUnmatched);
    }
    if state.plan.kind.takes_old_card() && handover.old_card.is_none() {
        return Err(Refusal::OldCardMissing);
    }
    let lines: Vec<HandoverLine> =
        required_lines(state).into_iter().filter(|line| handover.judgement(*line) != Some(true)).collect();
    if !lines.is_empty() {
        return Err(Refusal::LinesUnjudged { lines });
    }
    if handover.receipt.is_none() {
        return Err(Refusal::ReceiptUnsigned);
    }
    Ok(())
}

/// Another officer's look, or one of earlier, says nothing of who stands there now.
pub(super) fn confirmed(state: &State, ctx: &Ctx<'_>) -> Result<(), Refusal> {
    let fresh = |seen: &&PersonConfirmed| {
        let age = ctx.now.duration_since(seen.at);
        seen.by == *ctx.operator && !age.is_negative() && age <= CONFIRMED_FOR
    };
    state.handover.confirmed.as_ref().filter(fresh).map(|_| ()).ok_or(Refusal::PersonUnconfirmed)
}

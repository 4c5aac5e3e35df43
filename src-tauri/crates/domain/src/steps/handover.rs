//! Step 9: the right person receives the card; four things in any order, then the register closes.

use serde::{Deserialize, Serialize};

use super::verification::{FingerProof, officer};
use super::{Outcome, reason};
use crate::finger::Finger;
use crate::ids::CaptureId;
use crate::permohonan::{Ctx, Effect, Refusal, State, line};
use crate::register::RegisterKind;
use crate::role::Witness;

/// What became of the old card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "old")]
pub enum OldCard {
    /// Taken in, for destruction.
    Withdrawn,
    /// Not there, with a note.
    Absent {
        /// Why.
        note: String,
    },
}

/// Step 9 as data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverState {
    /// The finger, matched or witnessed (a proxy collects, or nobody matches).
    pub finger: Option<FingerProof>,
    /// Comparisons below the limit.
    pub failed_matches: u32,
    /// The photo on the chip or card is that of the record, as judged by eye.
    pub photo_same: Option<bool>,
    /// The old card.
    pub old_card: Option<OldCard>,
    /// The signature of receipt.
    pub receipt: Option<CaptureId>,
}

/// What can happen at step 9.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum HandoverEvent {
    /// A finger was compared with the record.
    FingerTried {
        /// Which.
        finger: Finger,
        /// Comparison score.
        score: u32,
    },
    /// A second person stands in for the match.
    FingerWitnessed {
        /// Why, and who collects.
        note: String,
        /// Who.
        witness: Witness,
    },
    /// The photo was compared by eye.
    PhotoCompared {
        /// The same person.
        same: bool,
    },
    /// The old card was taken in, or is absent.
    OldCardSeen {
        /// Which.
        old_card: OldCard,
    },
    /// The receipt was signed.
    ReceiptSigned {
        /// Names the strokes.
        capture: CaptureId,
    },
    /// The card is in the hand; the visit closes.
    HandedOver,
}

pub(crate) fn on(
    state: &mut State,
    event: HandoverEvent,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    let takes_old_card = state.plan.kind.takes_old_card();
    let handover = &mut state.handover;
    match event {
        HandoverEvent::FingerTried { finger, score } => {
            let matched = score >= ctx.rules.thresholds.rematch_score;
            if matched {
                handover.finger = Some(FingerProof::Matched { finger, score });
            } else {
                handover.failed_matches = handover.failed_matches.saturating_add(1);
            }
            effects.push(line(RegisterKind::IdentityChecked, [("cocok", matched.to_string())]));
            Ok(Outcome::Stay)
        }
        HandoverEvent::FingerWitnessed { note, witness } => {
            reason(&note)?;
            officer(&witness, ctx)?;
            handover.finger = Some(FingerProof::Witnessed { note, witness });
            effects.push(line(RegisterKind::IdentityChecked, [("saksi", "ya".into())]));
            Ok(Outcome::Stay)
        }
        HandoverEvent::PhotoCompared { same } => {
            handover.photo_same = Some(same);
            effects.push(line(RegisterKind::IdentityChecked, [("foto_sama", same.to_string())]));
            Ok(Outcome::Stay)
        }
        HandoverEvent::OldCardSeen { old_card } => {
            if !takes_old_card {
                return Err(Refusal::NoOldCard);
            }
            match &old_card {
                OldCard::Withdrawn => {
                    effects.push(line(RegisterKind::OldCardWithdrawn, [("ada", "ya".into())]));
                    // Saying it twice must not put two cards into the destruction register.
                    if handover.old_card != Some(OldCard::Withdrawn) {
                        effects.push(Effect::WithdrawOldCard);
                    }
                }
                OldCard::Absent { note } => {
                    reason(note)?;
                    effects.push(line(RegisterKind::OldCardWithdrawn, [("ada", "tidak".into())]));
                }
            }
            handover.old_card = Some(old_card);
            Ok(Outcome::Stay)
        }
        HandoverEvent::ReceiptSigned { capture } => {
            handover.receipt = Some(capture);
            effects.push(line(RegisterKind::FieldSaved, [("tanda_terima", "ya".into())]));
            Ok(Outcome::Stay)
        }
        HandoverEvent::HandedOver => {
            if handover.finger.is_none() {
                return Err(Refusal::FingerUnmatched);
            }
            if handover.photo_same != Some(true) {
                return Err(Refusal::PhotoUnmatched);
            }
            if takes_old_card && handover.old_card.is_none() {
                return Err(Refusal::OldCardMissing);
            }
            if handover.receipt.is_none() {
                return Err(Refusal::ReceiptUnsigned);
            }
            effects.push(line(RegisterKind::CardHandedOver, []));
            effects.push(Effect::NotifyCentre);
            Ok(Outcome::Done)
        }
    }
}

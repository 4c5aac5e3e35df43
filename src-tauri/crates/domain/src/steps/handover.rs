//! Step 9: the right person receives the card; four things in any order, then the register closes.

mod checks;
mod kept_back;
mod state;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use self::checks::{collector, confirmed, ready, receipt};
use self::kept_back::{called_off, disputed, held, not_found};
pub use self::state::{
    Collector, Correction, FingerTry, HandoverLine, HandoverState, Held, Judged, OldCard, PersonConfirmed,
    PhotoCheck, Sitting, Unread, Untried,
};
use super::attestation::AttestationSignature;
use super::print::Shelf;
use super::verification::{FingerProof, officer};
use super::{Outcome, reason};
use crate::finger::Finger;
use crate::ids::JobId;
use crate::permohonan::{CardNews, Ctx, Effect, Refusal, State, line};
use crate::register::{Hash32, RegisterKind};
use crate::role::Witness;

/// How long a look at photo and name counts before the card must leave the hand; our choice: after that somebody else may
/// sit there.
pub const CONFIRMED_FOR: SignedDuration = SignedDuration::from_mins(2);

/// Returns the lines that must be judged for this visit and this collector.
pub fn required_lines(state: &State) -> Vec<HandoverLine> {
    let mut lines = match state.handover.collector {
        // Whoever disputes the data cannot say that they are right.
        Collector::Own if state.handover.correction.is_some() => vec![HandoverLine::FaceSame],
        Collector::Own => vec![HandoverLine::FaceSame, HandoverLine::DataRead],
        Collector::Other { .. } => vec![HandoverLine::EnvelopeSealed],
    };
    if matches!(state.handover.old_card, Some(OldCard::Withdrawn { .. })) {
        lines.push(HandoverLine::OldCardBoxed);
    }
    lines.sort();
    lines
}

/// What can happen at step 9.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum HandoverEvent {
    /// Who collects; another collector begins the checks of the person anew.
    CollectorSet {
        /// Who.
        collector: Collector,
    },
    /// A finger was compared with the record.
    FingerTried {
        /// Which.
        finger: Finger,
        /// Comparison score.
        score: u32,
    },
    /// A second person stands in for the match.
    FingerWitnessed {
        /// Why.
        note: String,
        /// Who.
        witness: Witness,
        /// Why no finger was tried, where none was.
        #[serde(default)]
        untried: Option<Untried>,
    },
    /// The photo on the chip was compared with the record's.
    PhotoCompared {
        /// The same photo.
        same: bool,
        /// The bytes were compared; else an officer looked.
        measured: bool,
        /// Why bytes that could say it were not read before an officer looked.
        #[serde(default)]
        unread: Option<Unread>,
    },
    /// A line was judged by eye.
    LineJudged {
        /// Which.
        line: HandoverLine,
        /// Yes or no.
        yes: bool,
    },
    /// The old card was taken in, or is absent.
    OldCardSeen {
        /// Which.
        old_card: OldCard,
    },
    /// The receipt was signed.
    ReceiptSigned {
        /// How.
        signature: AttestationSignature,
    },
    /// The card was laid into another place.
    ShelfSet {
        /// Shelf and box; blank when it leaves the shelf.
        place: String,
    },
    /// Whoever came does not get the card now; it stays good and lies on the shelf. Source: ktp-el §7.2, pick-up.
    Held {
        /// Why, in words.
        reason: String,
        /// Shelf and box.
        place: String,
    },
    /// The applicant says that the data are wrong, and the card agrees with the signed form: it is given, and what is to be
    /// corrected is noted. Source: ktp-el §7.2, pick-up.
    CardAgrees {
        /// What is to be corrected, in words.
        note: String,
    },
    /// The applicant says that the data on the card are wrong: the card is withheld and voided.
    DataDisputed {
        /// What is wrong, in words.
        note: String,
        /// An officer beside the operator, who has seen the card.
        witness: Witness,
        /// Names the new request at the centre.
        again: JobId,
        /// What the centre's record said on it, where the card was made of one.
        said: Option<Hash32>,
    },
    /// The centre took PRINT_READY_RECORD back and will not have this card: it is voided, and the visit comes to step 7 again
    /// under the same request.
    CalledOff {
        /// What the centre or the office said, in words.
        note: String,
        /// An officer beside the operator, who has seen the card.
        witness: Witness,
    },
    /// The good card is not on the shelf and nowhere else: it is given up, and the visit comes to step 8 again under a new
    /// request; where the centre has taken PRINT_READY_RECORD back, to step 7 under the same one.
    CardNotFound {
        /// What was looked through, in words.
        note: String,
        /// An officer beside the operator, who has looked too.
        witness: Witness,
        /// Names the new request at the centre.
        again: JobId,
    },
    /// All else is done, and the officer held photo and name on the screen against the person at the desk.
    PersonConfirmed,
    /// The card is in the hand; the visit closes.
    HandedOver,
}

/// Whether an event needs the person at the desk, whose time counts from then on.
const fn is_of_person(event: &HandoverEvent) -> bool {
    match event {
        HandoverEvent::CollectorSet { .. }
        | HandoverEvent::FingerTried { .. }
        | HandoverEvent::FingerWitnessed { .. }
        | HandoverEvent::LineJudged { .. }
        | HandoverEvent::ReceiptSigned { .. }
        | HandoverEvent::PersonConfirmed
        | HandoverEvent::HandedOver => true,
        HandoverEvent::PhotoCompared { measured, .. } => !*measured,
        HandoverEvent::OldCardSeen { .. }
        | HandoverEvent::ShelfSet { .. }
        | HandoverEvent::Held { .. }
        | HandoverEvent::CardAgrees { .. }
        | HandoverEvent::DataDisputed { .. }
        | HandoverEvent::CalledOff { .. }
        | HandoverEvent::CardNotFound { .. } => false,
    }
}

pub(crate) fn on(
    state: &mut State,
    event: HandoverEvent,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    let takes_old_card = state.plan.kind.takes_old_card();
    if is_of_person(&event) {
        state.clock.go_on(ctx.now);
    }
    let handover = &mut state.handover;
    match event {
        HandoverEvent::CollectorSet { collector: who } => {
            collector(&who)?;
            handover.begin(Sitting::of(ctx));
            if !handover.collector.is_same_person(&who) {
                // What was shown of one person says nothing of another.
                handover.finger = None;
                handover.receipt = None;
                handover.confirmed = None;
                handover.judged.retain(|judged| judged.line == HandoverLine::OldCardBoxed);
            }
            let other = matches!(who, Collector::Other { .. });
            handover.collector = who;
            effects.push(line(RegisterKind::FieldSaved, [("diwakili", other.to_string())]));
            Ok(Outcome::Stay)
        }
        HandoverEvent::FingerTried { finger, score } => {
            if handover.collector != Collector::Own {
                return Err(Refusal::FingerMustBeWitnessed);
            }
            let limit = ctx.rules.handover_tries;
            let sitting = Sitting::of(ctx);
            if handover.tries_in(&sitting) >= usize::from(limit) {
                return Err(Refusal::TriesSpent { limit });
            }
            let matched = score >= ctx.rules.thresholds.rematch_score;
            handover.begin(sitting.clone());
            handover.tries.push(FingerTry { finger, score, matched, at: ctx.now, sitting: Some(sitting) });
            if matched {
                handover.finger = Some(FingerProof::Matched { finger, score });
            }
            effects.push(line(RegisterKind::IdentityChecked, [("cocok", matched.to_string())]));
            Ok(Outcome::Stay)
        }
        HandoverEvent::FingerWitnessed { note, witness, untried } => {
            reason(&note)?;
            officer(&witness, ctx)?;
            let sitting = Sitting::of(ctx);
            // Tries of an earlier sitting may have been somebody else's.
            let tried = handover.tries_in(&sitting) > 0;
            let untried = untried.filter(|_| handover.collector == Collector::Own && !tried);
            if handover.collector == Collector::Own && !tried && untried.is_none() {
                return Err(Refusal::FingerUntried);
            }
            handover.begin(sitting);
            handover.finger = Some(FingerProof::Witnessed { note, witness });
            let saw = ("saksi", "ya".to_owned());
            effects.push(match untried {
                Some(why) => line(RegisterKind::IdentityChecked, [saw, ("tanpa_jari", why.key().into())]),
                None => line(RegisterKind::IdentityChecked, [saw]),
            });
            Ok(Outcome::Stay)
        }
        HandoverEvent::PhotoCompared { same, measured, unread } => {
            // Bytes speak of the card, an eye of the person too.
            if !measured {
                handover.begin(Sitting::of(ctx));
            }
            handover.photo = Some(PhotoCheck { same, measured, by: ctx.operator.clone(), at: ctx.now });
            let said = [("foto_sama", same.to_string()), ("diukur", measured.to_string())];
            effects.push(match unread.filter(|_| !measured) {
                Some(why) => {
                    let [same, measured] = said;
                    line(
                        RegisterKind::IdentityChecked,
                        [same, measured, ("cip_tidak_dibaca", why.key().into())],
                    )
                }
                None => line(RegisterKind::IdentityChecked, said),
            });
            Ok(Outcome::Stay)
        }
        HandoverEvent::LineJudged { line: which, yes } => {
            match which {
                // Of the old card, not of the person.
                HandoverLine::OldCardBoxed => {}
                HandoverLine::FaceSame | HandoverLine::DataRead | HandoverLine::EnvelopeSealed => {
                    handover.begin(Sitting::of(ctx));
                }
            }
            handover.judged.retain(|judged| judged.line != which);
            handover.judged.push(Judged { line: which, yes, by: ctx.operator.clone(), at: ctx.now });
            effects.push(line(RegisterKind::FieldSaved, [(which.key(), yes.to_string())]));
            Ok(Outcome::Stay)
        }
        HandoverEvent::OldCardSeen { old_card } => {
            match &old_card {
                OldCard::Withdrawn { condition, place } => {
                    reason(condition)?;
                    reason(place)?;
                    effects.push(line(
                        RegisterKind::OldCardWithdrawn,
                        [("ada", "ya".into()), ("keadaan", condition.clone()), ("tempat", place.clone())],
                    ));
                    effects.push(Effect::WithdrawOldCard {
                        condition: condition.clone(),
                        place: place.clone(),
                        // Saying it twice must not put two cards into the destruction register.
                        again: matches!(handover.old_card, Some(OldCard::Withdrawn { .. })),
                    });
                    // The visit may be called off, expire or come back: the old card lies in the box all the same.
                    if let Some(job) = state.print_request.job {
                        effects.push(Effect::NotifyCentre {
                            news: CardNews::OldWithdrawn,
                            job,
                            blangko: None,
                        });
                    }
                }
                OldCard::Absent { note } => {
                    reason(note)?;
                    if matches!(handover.old_card, Some(OldCard::Withdrawn { .. })) {
                        return Err(Refusal::OldCardIsHere);
                    }
                    // That none is there says something only where one is asked for.
                    if !takes_old_card {
                        return Err(Refusal::NoOldCard);
                    }
                    effects.push(line(RegisterKind::OldCardWithdrawn, [("ada", "tidak".into())]));
                }
            }
            handover.old_card = Some(old_card);
            Ok(Outcome::Stay)
        }
        HandoverEvent::ReceiptSigned { signature } => {
            receipt(&signature, ctx)?;
            handover.begin(Sitting::of(ctx));
            handover.receipt = Some(signature);
            effects.push(line(RegisterKind::FieldSaved, [("tanda_terima", "ya".into())]));
            Ok(Outcome::Stay)
        }
        HandoverEvent::ShelfSet { place } => {
            let place = place.trim().to_owned();
            effects.push(line(RegisterKind::FieldSaved, [("rak", place.clone())]));
            if place.is_empty() {
                state.print.shelf = None;
                effects.push(Effect::LeaveShelf);
            } else {
                effects.push(Effect::ShelveCard { place: place.clone() });
                state.print.shelf = Some(Shelf { place, at: ctx.now });
            }
            Ok(Outcome::Stay)
        }
        HandoverEvent::Held { reason, place } => held(state, (reason, &place), ctx, effects),
        HandoverEvent::CardAgrees { note } => {
            reason(&note)?;
            let Some(blangko) = state.print.card.as_ref() else { return Err(Refusal::NoCard) };
            // What is wrong in the applicant's eyes is personal and stays with the visit.
            effects.push(line(
                RegisterKind::CorrectionNoted,
                [("blangko", blangko.to_string()), ("kartu", "sesuai formulir".into())],
            ));
            handover.judged.retain(|judged| judged.line != HandoverLine::DataRead);
            handover.correction = Some(Correction { note, by: ctx.operator.clone(), at: ctx.now });
            Ok(Outcome::Stay)
        }
        HandoverEvent::DataDisputed { note, witness, again, said } => {
            let done = disputed(state, (note, witness, again), ctx, effects)?;
            state.print.disputed = said;
            Ok(done)
        }
        HandoverEvent::CardNotFound { note, witness, again } => {
            not_found(state, (note, witness, again), ctx, effects)
        }
        HandoverEvent::CalledOff { note, witness } => called_off(state, (note, witness), ctx, effects),
        HandoverEvent::PersonConfirmed => {
            ready(state, ctx)?;
            state.handover.confirmed = Some(PersonConfirmed { by: ctx.operator.clone(), at: ctx.now });
            effects.push(line(RegisterKind::IdentityChecked, [("orang_dan_nama", "ya".into())]));
            Ok(Outcome::Stay)
        }
        HandoverEvent::HandedOver => {
            ready(state, ctx)?;
            confirmed(state, ctx)?;
            let Some(blangko) = state.print.card.clone() else { return Err(Refusal::NoCard) };
            let handover = &mut state.handover;
            handover.handed_at = Some(ctx.now);
            let by = match &handover.collector {
                Collector::Own => "sendiri".to_owned(),
                Collector::Other { name, relation, slip_seen: true, .. } => {
                    format!("{} ({})", name.trim(), relation.trim())
                }
                Collector::Other { name, relation, no_slip, .. } => {
                    let why = no_slip.trim();
                    format!("{} ({}), tanpa Tanda Pengambilan: {why}", name.trim(), relation.trim())
                }
            };
            effects.push(line(
                RegisterKind::CardHandedOver,
                [("blangko", blangko.to_string()), ("pengambil", by)],
            ));
            if state.print.shelf.is_some() {
                effects.push(Effect::LeaveShelf);
            }
            if let Some(job) = state.print_request.job {
                effects.push(Effect::NotifyCentre { news: CardNews::Active, job, blangko: Some(blangko) });
            }
            Ok(Outcome::Done)
        }
    }
}

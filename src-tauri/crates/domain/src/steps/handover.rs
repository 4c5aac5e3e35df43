//! Step 9: the right person receives the card; four things in any order, then the register closes.

mod checks;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use self::checks::{collector, confirmed, ready, receipt};
use super::attestation::AttestationSignature;
use super::print::{Shelf, SpoilReason, Spoiled, spoil};
use super::print_request::join_queue;
use super::status::withdrawal;
use super::verification::{FingerProof, officer};
use super::{Outcome, reason};
use crate::finger::Finger;
use crate::ids::{JobId, OperatorId};
use crate::permohonan::{CardNews, Ctx, Effect, Phase, Refusal, ReturnReason, State, line};
use crate::plan::Step;
use crate::register::RegisterKind;
use crate::role::Witness;
use crate::sop::PauseReason;

/// How long a look at photo and name counts before the card must leave the hand; our choice: after that somebody else may
/// sit there.
pub const CONFIRMED_FOR: SignedDuration = SignedDuration::from_mins(2);

/// Who collects the card.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "who")]
pub enum Collector {
    /// The applicant.
    #[default]
    Own,
    /// Somebody else, with the slip and a letter of authority.
    Other {
        /// Name.
        name: String,
        /// NIK, 16 digits.
        nik: String,
        /// Relation to the applicant, in words.
        relation: String,
        /// The letter of authority was seen.
        letter_seen: bool,
    },
}

impl std::fmt::Debug for Collector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Collector::Own => f.write_str("Own"),
            Collector::Other { letter_seen, .. } => write!(f, "Other(••••, letter_seen: {letter_seen})"),
        }
    }
}

/// A line that only a person can judge; who ticked it and when is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoverLine {
    /// The applicant's face is that of the card.
    FaceSame,
    /// The applicant read the card, and the data are right.
    DataRead,
    /// The old card lies in the box, not with the applicant.
    OldCardBoxed,
    /// The card was sealed in an envelope, because somebody else collects it.
    EnvelopeSealed,
}

impl HandoverLine {
    /// All lines in the order of the screen.
    pub const ALL: [HandoverLine; 4] = [
        HandoverLine::FaceSame,
        HandoverLine::DataRead,
        HandoverLine::OldCardBoxed,
        HandoverLine::EnvelopeSealed,
    ];

    /// Returns the stable key.
    pub const fn key(self) -> &'static str {
        match self {
            HandoverLine::FaceSame => "face_same",
            HandoverLine::DataRead => "data_read",
            HandoverLine::OldCardBoxed => "old_card_boxed",
            HandoverLine::EnvelopeSealed => "envelope_sealed",
        }
    }
}

/// A line as it was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Which.
    pub line: HandoverLine,
    /// Yes or no.
    pub yes: bool,
    /// By whom.
    pub by: OperatorId,
    /// When.
    pub at: Timestamp,
}

/// One try of a finger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FingerTry {
    /// Which.
    pub finger: Finger,
    /// Comparison score; higher is more alike.
    pub score: u32,
    /// At or above the limit.
    pub matched: bool,
    /// When.
    pub at: Timestamp,
    /// By whom and on which day it was taken; `None` for a try that counts in no sitting any more.
    #[serde(default)]
    pub sitting: Option<Sitting>,
}

/// One officer's day at the desk: the tries of a finger are counted in it, so that whoever spent them takes none from the
/// owner of the card who comes later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitting {
    /// The officer.
    pub by: OperatorId,
    /// The civil day at the station.
    pub day: Date,
}

/// The photo on the chip held against that of the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoCheck {
    /// The same photo.
    pub same: bool,
    /// The bytes were compared; else an officer looked.
    pub measured: bool,
    /// Who was at the desk.
    pub by: OperatorId,
    /// When.
    pub at: Timestamp,
}

/// Photo and name on the screen were held against the person who takes the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonConfirmed {
    /// By whom.
    pub by: OperatorId,
    /// When.
    pub at: Timestamp,
}

/// What became of the old card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "old")]
pub enum OldCard {
    /// Taken in, for destruction.
    Withdrawn {
        /// What is wrong with it, in words.
        condition: String,
        /// Where it is kept until then.
        place: String,
    },
    /// Not there, with a note.
    Absent {
        /// Why.
        note: String,
    },
}

/// Step 9 as data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverState {
    /// Who collects.
    #[serde(default)]
    pub collector: Collector,
    /// The finger, matched or witnessed (somebody else collects, or nobody matches).
    pub finger: Option<FingerProof>,
    /// All tries, also of earlier sittings: they are evidence.
    #[serde(default)]
    pub tries: Vec<FingerTry>,
    /// The photo on the chip or card against that of the record.
    #[serde(default)]
    pub photo: Option<PhotoCheck>,
    /// Lines that were judged, one each.
    #[serde(default)]
    pub judged: Vec<Judged>,
    /// The old card.
    pub old_card: Option<OldCard>,
    /// The signature of receipt.
    pub receipt: Option<AttestationSignature>,
    /// The last look at photo and name, just before the card is given.
    #[serde(default)]
    pub confirmed: Option<PersonConfirmed>,
    /// When the card was given.
    #[serde(default)]
    pub handed_at: Option<Timestamp>,
}

impl HandoverState {
    /// Says how a line was judged; `None` while nobody has.
    pub fn judgement(&self, line: HandoverLine) -> Option<bool> {
        self.judged.iter().find(|judged| judged.line == line).map(|judged| judged.yes)
    }

    /// Tries below the limit.
    pub fn failed_matches(&self) -> usize {
        self.tries.iter().filter(|tried| !tried.matched).count()
    }

    /// Tries that this officer has had today.
    pub fn tries_in(&self, sitting: &Sitting) -> usize {
        self.tries.iter().filter(|tried| tried.sitting.as_ref() == Some(sitting)).count()
    }
}

/// Returns the lines that must be judged for this visit and this collector.
pub fn required_lines(state: &State) -> Vec<HandoverLine> {
    let mut lines = match state.handover.collector {
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
    },
    /// The photo on the chip was compared with the record's.
    PhotoCompared {
        /// The same photo.
        same: bool,
        /// The bytes were compared; else an officer looked.
        measured: bool,
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
    /// The applicant says that the data on the card are wrong: the card is withheld and voided.
    DataDisputed {
        /// What is wrong, in words.
        note: String,
        /// An officer beside the operator, who has seen the card.
        witness: Witness,
        /// Names the new request at the centre.
        again: JobId,
    },
    /// The centre took PRINT_READY_RECORD back and will not have this card: it is voided, and the visit comes to step 7 again
    /// under the same request.
    CalledOff {
        /// What the centre or the office said, in words.
        note: String,
        /// An officer beside the operator, who has seen the card.
        witness: Witness,
    },
    /// All else is done, and the officer held photo and name on the screen against the person at the desk.
    PersonConfirmed,
    /// The card is in the hand; the visit closes.
    HandedOver,
}

/// Withholds and voids the card; the visit is handed back and comes to step 8 again.
fn disputed(
    state: &mut State,
    (note, witness, again): (String, Witness, JobId),
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    reason(&note)?;
    let Some(blangko) = state.print.card.clone() else { return Err(Refusal::NoCard) };
    effects.push(line(
        RegisterKind::DataDisputed,
        [("blangko", blangko.to_string()), ("sebab", SpoilReason::Disputed.key().into())],
    ));
    let spoiled =
        Spoiled { blangko, reason: SpoilReason::Disputed, note: note.clone(), witness, at: ctx.now };
    spoil(state, spoiled, ctx, effects)?;
    // An old card that was taken in stays taken in.
    state.handover = HandoverState { old_card: state.handover.old_card.take(), ..HandoverState::default() };
    state.print_request.job = Some(again);
    effects.push(Effect::NotifyCentre { news: CardNews::Requested, job: again, blangko: None });
    let reasons = vec![ReturnReason { berkas: None, unsur: None, words: note }];
    effects.push(Effect::PrintReturnSlip { reasons: reasons.clone() });
    state.step = Step::Print;
    state.phase = Phase::Returned { reasons };
    state.clock.pause(PauseReason::Waiting, ctx.now);
    Ok(Outcome::Stay)
}

/// Voids a card that the centre takes back; the request stands, and waits for the centre at step 7.
fn called_off(
    state: &mut State,
    (note, witness): (String, Witness),
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    reason(&note)?;
    let Some(entry) = withdrawal(state) else { return Err(Refusal::IsPrintReady) };
    let said = entry.status.raw().to_owned();
    let Some(blangko) = state.print.card.clone() else { return Err(Refusal::NoCard) };
    effects.push(line(
        RegisterKind::BlangkoSpoiled,
        [
            ("blangko", blangko.to_string()),
            ("sebab", SpoilReason::Other.key().into()),
            ("status", said),
            ("alasan", note.clone()),
        ],
    ));
    spoil(state, Spoiled { blangko, reason: SpoilReason::Other, note, witness, at: ctx.now }, ctx, effects)?;
    // An old card that was taken in stays taken in.
    state.handover = HandoverState { old_card: state.handover.old_card.take(), ..HandoverState::default() };
    state.status.slip_given = false;
    state.status.slip_at = None;
    state.step = Step::Status;
    effects.push(join_queue(state));
    Ok(Outcome::Stay)
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
        HandoverEvent::CollectorSet { collector: who } => {
            collector(&who)?;
            if handover.collector != who {
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
            let sitting = Sitting { by: ctx.operator.clone(), day: ctx.today };
            if handover.tries_in(&sitting) >= usize::from(limit) {
                return Err(Refusal::TriesSpent { limit });
            }
            let matched = score >= ctx.rules.thresholds.rematch_score;
            handover.tries.push(FingerTry { finger, score, matched, at: ctx.now, sitting: Some(sitting) });
            if matched {
                handover.finger = Some(FingerProof::Matched { finger, score });
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
        HandoverEvent::PhotoCompared { same, measured } => {
            handover.photo = Some(PhotoCheck { same, measured, by: ctx.operator.clone(), at: ctx.now });
            effects.push(line(
                RegisterKind::IdentityChecked,
                [("foto_sama", same.to_string()), ("diukur", measured.to_string())],
            ));
            Ok(Outcome::Stay)
        }
        HandoverEvent::LineJudged { line: which, yes } => {
            handover.judged.retain(|judged| judged.line != which);
            handover.judged.push(Judged { line: which, yes, by: ctx.operator.clone(), at: ctx.now });
            effects.push(line(RegisterKind::FieldSaved, [(which.key(), yes.to_string())]));
            Ok(Outcome::Stay)
        }
        HandoverEvent::OldCardSeen { old_card } => {
            if !takes_old_card {
                return Err(Refusal::NoOldCard);
            }
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
                }
                OldCard::Absent { note } => {
                    reason(note)?;
                    if matches!(handover.old_card, Some(OldCard::Withdrawn { .. })) {
                        return Err(Refusal::OldCardIsHere);
                    }
                    effects.push(line(RegisterKind::OldCardWithdrawn, [("ada", "tidak".into())]));
                }
            }
            handover.old_card = Some(old_card);
            Ok(Outcome::Stay)
        }
        HandoverEvent::ReceiptSigned { signature } => {
            receipt(&signature, ctx)?;
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
        HandoverEvent::DataDisputed { note, witness, again } => {
            disputed(state, (note, witness, again), ctx, effects)
        }
        HandoverEvent::CalledOff { note, witness } => called_off(state, (note, witness), ctx, effects),
        HandoverEvent::PersonConfirmed => {
            ready(state)?;
            state.handover.confirmed = Some(PersonConfirmed { by: ctx.operator.clone(), at: ctx.now });
            effects.push(line(RegisterKind::IdentityChecked, [("orang_dan_nama", "ya".into())]));
            Ok(Outcome::Stay)
        }
        HandoverEvent::HandedOver => {
            ready(state)?;
            confirmed(state, ctx)?;
            let Some(blangko) = state.print.card.clone() else { return Err(Refusal::NoCard) };
            let handover = &mut state.handover;
            handover.handed_at = Some(ctx.now);
            let by = match &handover.collector {
                Collector::Own => "sendiri".to_owned(),
                Collector::Other { name, relation, .. } => format!("{} ({})", name.trim(), relation.trim()),
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

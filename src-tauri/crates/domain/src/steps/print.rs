//! Step 8: the card. A blangko is never counted on a guess: printed, spoiled, or not known.

mod state;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::state::{
    CardSource, ChipCheck, NotFound, PrintJob, PrintState, Shelf, SpoilReason, Spoiled, card_source,
};
use super::status::{refuse_if_clock_behind, refuse_if_withdrawn};
use super::verification::officer;
use super::{Outcome, reason};
use crate::ids::JobId;
use crate::permohonan::{CardNews, Ctx, Effect, Event, Refusal, State, line, next};
use crate::register::{Hash32, RegisterKind};
use crate::role::Witness;
use crate::stock::NomorBlangko;

/// What can happen at step 8.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum PrintEvent {
    /// The centre's record for the card is here.
    CardDataReceived {
        /// When the centre gave it out.
        as_of: Timestamp,
    },
    /// A blangko was laid in and the print ordered.
    Started {
        /// Names the order; a second click brings the same one.
        job: JobId,
        /// Number of the blangko.
        blangko: NomorBlangko,
        /// The printer, as the desk names it.
        printer: String,
    },
    /// The card under way carries another number than was booked: its order goes over to that one, and what is asked about the
    /// card stays asked.
    OtherBlangko {
        /// Number that stands on the card.
        blangko: NomorBlangko,
    },
    /// The card came out good.
    Printed,
    /// The card came out bad, or turned out bad at the quality check.
    Spoiled {
        /// Why.
        reason: SpoilReason,
        /// In words; needed for `Other`.
        note: String,
        /// An officer beside the operator, who has seen the card.
        witness: Witness,
        /// What the centre's record said on it, where the card was made of one.
        said: Option<Hash32>,
    },
    /// Nobody knows; the blangko is held until somebody has looked.
    ResultUnknown,
    /// It is held and neither card nor blangko is anywhere, or a good card is gone before its quality was judged.
    NotFound {
        /// What was looked through, in words.
        note: String,
        /// An officer beside the operator, who has looked too.
        witness: Witness,
    },
    /// The printer did not touch the blangko: it goes back to the stock.
    NotPrinted {
        /// How that is known.
        note: String,
    },
    /// The chip was written and read back, or left out with a note.
    ChipChecked {
        /// Which.
        chip: ChipCheck,
    },
    /// The card is good; the step is done.
    QualityAccepted {
        /// Shelf and box; blank when it is handed over at once.
        place: String,
    },
}

/// Voids a card or a card under way.
pub(crate) fn spoil(
    state: &mut State,
    spoiled: Spoiled,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<(), Refusal> {
    officer(&spoiled.witness, ctx)?;
    let request = state.print_request.job;
    let print = &mut state.print;
    let printed = print.card.as_ref() == Some(&spoiled.blangko);
    print.take_away(effects);
    effects.push(Effect::SpoilBlangko {
        blangko: spoiled.blangko.clone(),
        reason: spoiled.reason,
        note: spoiled.note.clone(),
        witness: spoiled.witness.clone(),
    });
    // A blangko that the printer spoiled never was a card.
    if let Some(job) = request.filter(|_| printed) {
        let blangko = Some(spoiled.blangko.clone());
        effects.push(Effect::NotifyCentre { news: CardNews::Voided, job, blangko });
    }
    print.spoiled.push(spoiled);
    Ok(())
}

/// Gives up a card, or a blangko whose result nobody knows, that is nowhere to be found.
pub(crate) fn miss(
    state: &mut State,
    gone: NotFound,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<(), Refusal> {
    officer(&gone.witness, ctx)?;
    let request = state.print_request.job;
    let print = &mut state.print;
    let printed = print.card.as_ref() == Some(&gone.blangko);
    print.take_away(effects);
    effects.push(Effect::MissBlangko {
        blangko: gone.blangko.clone(),
        note: gone.note.clone(),
        witness: gone.witness.clone(),
    });
    // The centre knows of cards only, and whoever finds this one must not use it.
    if let Some(job) = request.filter(|_| printed) {
        let blangko = Some(gone.blangko.clone());
        effects.push(Effect::NotifyCentre { news: CardNews::Voided, job, blangko });
    }
    print.missing.push(gone);
    Ok(())
}

/// Two cards that came out on each other's blangko: each order takes the number that its card carries, in one deed with one
/// register line, and what is asked about either card stays asked. Returns both visits as they are then, `own` first.
///
/// # Errors
/// [`Refusal`] of either visit, as for [`PrintEvent::OtherBlangko`]; nothing has changed.
pub fn exchange(
    (own, ctx): (&State, &Ctx<'_>),
    (other, other_ctx): (&State, &Ctx<'_>),
    other_ticket: &str,
) -> Result<([State; 2], Vec<Effect>), Refusal> {
    let job = own.print.job.clone().ok_or(Refusal::NothingUnderWay)?;
    let with = other.print.job.clone().ok_or(Refusal::NothingUnderWay)?;
    let (own, effects) = exchange_with_unread((own, ctx), (&with.blangko, with.job), other_ticket)?;
    let carries = Event::Print(PrintEvent::OtherBlangko { blangko: job.blangko });
    let (other, _) = next(other, carries, other_ctx)?;
    Ok(([own, other], effects))
}

/// The same where the other visit cannot be read: its order changes numbers, and its state is left alone. `carried` is the
/// number on the own card, with the order that it is booked for.
///
/// # Errors
/// [`Refusal`], as for [`PrintEvent::OtherBlangko`]; nothing has changed.
pub fn exchange_with_unread(
    (own, ctx): (&State, &Ctx<'_>),
    (carried, with): (&NomorBlangko, JobId),
    other_ticket: &str,
) -> Result<(State, Vec<Effect>), Refusal> {
    let job = own.print.job.clone().ok_or(Refusal::NothingUnderWay)?;
    let carries = Event::Print(PrintEvent::OtherBlangko { blangko: carried.clone() });
    let (own, _) = next(own, carries, ctx)?;
    let said = line(
        RegisterKind::BlangkoExchanged,
        [
            ("blangko", job.blangko.to_string()),
            ("di_kartu", carried.to_string()),
            ("tiket_lain", other_ticket.to_owned()),
        ],
    );
    Ok((own, vec![said, Effect::ExchangeCards { job: job.job, with }]))
}

pub(crate) fn on(
    state: &mut State,
    event: PrintEvent,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    let source = card_source(state);
    let request = state.print_request.job;
    let withdrawn = refuse_if_withdrawn(state);
    let behind = refuse_if_clock_behind(state, ctx);
    let print = &mut state.print;
    match event {
        PrintEvent::CardDataReceived { as_of } => {
            print.refuse_if_under_way()?;
            print.source = Some(CardSource::Centre { as_of });
            effects.push(line(RegisterKind::FieldSaved, [("data_kartu", "pusat".into())]));
            Ok(Outcome::Stay)
        }
        PrintEvent::Started { job, blangko, printer } => {
            if print.jobs.contains(&job) {
                return Err(Refusal::JobRepeated { job });
            }
            print.refuse_if_under_way()?;
            if print.card.is_some() {
                return Err(Refusal::CardExists);
            }
            // The card bears today as its day of issue, and the age is judged by it.
            behind?;
            if let Some(until) = ctx.print_from() {
                return Err(Refusal::HeldForAge { until });
            }
            withdrawn?;
            if source.is_none() {
                return Err(Refusal::CardDataMissing);
            }
            if print.is_gone(&blangko) {
                return Err(Refusal::BlangkoUnusable);
            }
            effects.push(line(
                RegisterKind::PrintStarted,
                [("blangko", blangko.to_string()), ("pencetak", printer.clone())],
            ));
            effects.push(Effect::PrintCard { job, blangko: blangko.clone(), printer: printer.clone() });
            print.jobs.push(job);
            print.job = Some(PrintJob { job, blangko, printer, started_at: ctx.now, unknown: false });
            state.clock.go_on(ctx.now);
            Ok(Outcome::Stay)
        }
        PrintEvent::OtherBlangko { blangko } => {
            let is_gone = print.is_gone(&blangko);
            let Some(job) = print.job.as_mut() else { return Err(Refusal::NothingUnderWay) };
            if is_gone || job.blangko == blangko {
                return Err(Refusal::BlangkoUnusable);
            }
            let booked = std::mem::replace(&mut job.blangko, blangko.clone());
            effects.push(line(
                RegisterKind::BlangkoReturned,
                [
                    ("blangko", booked.to_string()),
                    ("di_kartu", blangko.to_string()),
                    ("catatan", "nomor lain di kartu".into()),
                ],
            ));
            effects.push(Effect::RenumberCard { job: job.job, booked, blangko });
            Ok(Outcome::Stay)
        }
        PrintEvent::Printed => {
            let Some(job) = print.job.take() else { return Err(Refusal::NothingUnderWay) };
            effects.push(line(RegisterKind::CardPrinted, [("blangko", job.blangko.to_string())]));
            effects.push(Effect::SpendBlangko { job: job.job, blangko: job.blangko.clone() });
            print.card = Some(job.blangko);
            print.chip = None;
            Ok(Outcome::Stay)
        }
        PrintEvent::Spoiled { reason: why, note, witness, said } => {
            if matches!(why, SpoilReason::Other | SpoilReason::Disputed) {
                reason(&note)?;
            }
            if matches!(why, SpoilReason::WrongData | SpoilReason::Disputed) {
                print.disputed = said;
            }
            let under_way = print.job.as_ref().map(|job| job.blangko.clone());
            let Some(blangko) = under_way.or_else(|| print.card.clone()) else {
                return Err(Refusal::NothingUnderWay);
            };
            effects.push(line(
                RegisterKind::BlangkoSpoiled,
                [("blangko", blangko.to_string()), ("sebab", why.key().into()), ("alasan", note.clone())],
            ));
            spoil(state, Spoiled { blangko, reason: why, note, witness, at: ctx.now }, ctx, effects)?;
            Ok(Outcome::Stay)
        }
        PrintEvent::ResultUnknown => {
            let Some(job) = print.job.as_mut() else { return Err(Refusal::NothingUnderWay) };
            effects.push(line(RegisterKind::PrintUnknown, [("blangko", job.blangko.to_string())]));
            // Saying it twice must not hold the piece twice.
            if !job.unknown {
                effects.push(Effect::HoldBlangko { job: job.job, blangko: job.blangko.clone() });
            }
            job.unknown = true;
            Ok(Outcome::Stay)
        }
        PrintEvent::NotFound { note, witness } => {
            reason(&note)?;
            let (blangko, place) = match (print.job.clone(), print.card.clone()) {
                // Whoever has not yet said that nobody knows has not yet looked.
                (Some(job), _) if !job.unknown => {
                    return Err(Refusal::PrintUnderWay { blangko: job.blangko });
                }
                (Some(job), _) => (job.blangko, "pencetak"),
                (None, Some(card)) => (card, "meja cetak"),
                (None, None) => return Err(Refusal::NothingUnderWay),
            };
            effects.push(line(
                RegisterKind::BlangkoMissing,
                [("blangko", blangko.to_string()), ("tempat", place.into()), ("alasan", note.clone())],
            ));
            let gone = NotFound { blangko, note, witness, at: ctx.now };
            miss(state, gone, ctx, effects)?;
            Ok(Outcome::Stay)
        }
        PrintEvent::NotPrinted { note } => {
            reason(&note)?;
            let Some(job) = print.job.take() else { return Err(Refusal::NothingUnderWay) };
            effects.push(line(
                RegisterKind::BlangkoReturned,
                [("blangko", job.blangko.to_string()), ("catatan", note)],
            ));
            effects.push(Effect::PutBackBlangko { job: job.job, blangko: job.blangko });
            Ok(Outcome::Stay)
        }
        PrintEvent::ChipChecked { chip } => {
            if print.card.is_none() {
                return Err(Refusal::NoCard);
            }
            match &chip {
                ChipCheck::ReadBack => {}
                ChipCheck::LeftOut { note } => reason(note)?,
            }
            print.chip = Some(chip);
            effects.push(line(RegisterKind::FieldSaved, [("cip", "diperiksa".into())]));
            Ok(Outcome::Stay)
        }
        PrintEvent::QualityAccepted { place } => {
            print.refuse_if_under_way()?;
            let Some(card) = print.card.clone() else { return Err(Refusal::NoCard) };
            if print.chip.is_none() {
                return Err(Refusal::ChipUnchecked);
            }
            let place = place.trim().to_owned();
            // A card that was in the printer when the centre took its word back is finished and kept, not handed over at once.
            if withdrawn.is_err() && place.is_empty() {
                return Err(Refusal::ShelfMissing);
            }
            effects.push(line(
                RegisterKind::CardPrinted,
                [("blangko", card.to_string()), ("mutu", "baik".into()), ("rak", place.clone())],
            ));
            effects.push(Effect::LeavePrintQueue);
            print.accepted = true;
            let outcome = if place.is_empty() { Outcome::Done } else { Outcome::DoneForLater };
            if !place.is_empty() {
                effects.push(Effect::ShelveCard { place: place.clone() });
                print.shelf = Some(Shelf { place, at: ctx.now });
            }
            if let Some(job) = request {
                effects.push(Effect::NotifyCentre { news: CardNews::Issued, job, blangko: Some(card) });
            }
            Ok(outcome)
        }
    }
}

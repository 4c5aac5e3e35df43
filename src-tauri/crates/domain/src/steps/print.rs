//! Step 8: the card. A blangko is never counted on a guess: printed, spoiled, or not known.

use serde::{Deserialize, Serialize};

use super::{Outcome, reason};
use crate::permohonan::{Ctx, Effect, Refusal, State, line};
use crate::register::RegisterKind;

/// A card that went to the printer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintJob {
    /// Serial number of the blangko.
    pub blangko: String,
    /// Nobody knows yet whether it was printed.
    pub unknown: bool,
}

/// A spoiled blangko.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spoiled {
    /// Serial number.
    pub blangko: String,
    /// Why.
    pub reason: String,
}

/// What is known about the chip of the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "chip")]
pub enum ChipCheck {
    /// Written and read back equal.
    ReadBack,
    /// Left out, with a note (no encoder or SAM at this desk).
    LeftOut {
        /// Why.
        note: String,
    },
}

/// Step 8 as data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintState {
    /// The card under way.
    pub job: Option<PrintJob>,
    /// Serial number of the good card.
    pub card: Option<String>,
    /// Chip of the good card.
    pub chip: Option<ChipCheck>,
    /// Blangko that were spoiled on this visit.
    pub spoiled: Vec<Spoiled>,
}

impl PrintState {
    /// Refuses while a card may be in the printer.
    pub(crate) fn refuse_if_under_way(&self) -> Result<(), Refusal> {
        match &self.job {
            Some(job) => Err(Refusal::PrintUnderWay { blangko: job.blangko.clone() }),
            None => Ok(()),
        }
    }
}

/// What can happen at step 8.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum PrintEvent {
    /// A blangko was laid in and the print ordered.
    Started {
        /// Serial number.
        blangko: String,
    },
    /// The card came out good.
    Printed,
    /// The card came out bad, or turned out bad at the quality check.
    Spoiled {
        /// Why.
        reason: String,
    },
    /// Nobody knows; the blangko is held until somebody has looked.
    ResultUnknown,
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
    QualityAccepted,
}

pub(crate) fn on(
    state: &mut State,
    event: PrintEvent,
    ctx: &Ctx<'_>,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, Refusal> {
    let print = &mut state.print;
    match event {
        PrintEvent::Started { blangko } => {
            print.refuse_if_under_way()?;
            if print.card.is_some() {
                return Err(Refusal::CardExists);
            }
            if let Some(until) = ctx.print_from() {
                return Err(Refusal::HeldForAge { until });
            }
            let blangko = blangko.trim().to_owned();
            if blangko.is_empty() || print.spoiled.iter().any(|spoiled| spoiled.blangko == blangko) {
                return Err(Refusal::BlangkoUnusable);
            }
            effects.push(line(RegisterKind::PrintStarted, [("blangko", blangko.clone())]));
            effects.push(Effect::PrintCard { blangko: blangko.clone() });
            print.job = Some(PrintJob { blangko, unknown: false });
            Ok(Outcome::Stay)
        }
        PrintEvent::Printed => {
            let Some(job) = print.job.take() else { return Err(Refusal::NothingUnderWay) };
            effects.push(line(RegisterKind::CardPrinted, [("blangko", job.blangko.clone())]));
            effects.push(Effect::SpendBlangko { blangko: job.blangko.clone() });
            print.card = Some(job.blangko);
            Ok(Outcome::Stay)
        }
        PrintEvent::Spoiled { reason: why } => {
            reason(&why)?;
            let Some(blangko) = print.job.take().map(|job| job.blangko).or_else(|| print.card.take()) else {
                return Err(Refusal::NothingUnderWay);
            };
            print.chip = None;
            effects.push(line(
                RegisterKind::BlangkoSpoiled,
                [("blangko", blangko.clone()), ("alasan", why.clone())],
            ));
            effects.push(Effect::SpoilBlangko { blangko: blangko.clone(), reason: why.clone() });
            print.spoiled.push(Spoiled { blangko, reason: why });
            Ok(Outcome::Stay)
        }
        PrintEvent::ResultUnknown => {
            let Some(job) = print.job.as_mut() else { return Err(Refusal::NothingUnderWay) };
            job.unknown = true;
            effects.push(line(RegisterKind::PrintUnknown, [("blangko", job.blangko.clone())]));
            effects.push(Effect::HoldBlangko { blangko: job.blangko.clone() });
            Ok(Outcome::Stay)
        }
        PrintEvent::NotPrinted { note } => {
            reason(&note)?;
            let Some(job) = print.job.take() else { return Err(Refusal::NothingUnderWay) };
            effects.push(line(RegisterKind::BlangkoReturned, [("blangko", job.blangko), ("catatan", note)]));
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
        PrintEvent::QualityAccepted => {
            print.refuse_if_under_way()?;
            let Some(card) = print.card.clone() else { return Err(Refusal::NoCard) };
            if print.chip.is_none() {
                return Err(Refusal::ChipUnchecked);
            }
            effects.push(line(RegisterKind::CardPrinted, [("blangko", card), ("mutu", "baik".into())]));
            Ok(Outcome::Done)
        }
    }
}

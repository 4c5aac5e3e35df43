//! What is known of a card: its order, its blangko, its chip, and where it lies.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::JobId;
use crate::permohonan::{Effect, Refusal, State};
use crate::plan::CaptureScope;
use crate::register::Hash32;
use crate::role::Witness;
use crate::stock::NomorBlangko;

/// Where the data of the card come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "from")]
pub enum CardSource {
    /// Everything was recorded in this visit.
    Recording,
    /// The centre's record of a person who was recorded before, with what this visit captured anew.
    Centre {
        /// When the centre gave it out.
        as_of: Timestamp,
    },
}

/// A card that went to the printer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintJob {
    /// Names the order; a second click is the same order.
    pub job: JobId,
    /// Number of the blangko.
    pub blangko: NomorBlangko,
    /// The printer, as the desk names it.
    pub printer: String,
    /// When it was ordered.
    pub started_at: Timestamp,
    /// Nobody knows yet whether it was printed.
    pub unknown: bool,
}

/// Why a card is void. Source: ktp-el §8.7 and practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpoilReason {
    /// Colours, lines or position are wrong.
    Misprint,
    /// The data on the card are wrong.
    WrongData,
    /// The chip could not be written, or was torn in the middle.
    Chip,
    /// Fault of the factory.
    Factory,
    /// Bent, scratched or dirty after the print.
    Damaged,
    /// The applicant disputed the data at the hand-over.
    Disputed,
    /// Another reason, in words.
    Other,
}

impl SpoilReason {
    /// All reasons in the order of the list.
    pub const ALL: [SpoilReason; 7] = [
        SpoilReason::Misprint,
        SpoilReason::WrongData,
        SpoilReason::Chip,
        SpoilReason::Factory,
        SpoilReason::Damaged,
        SpoilReason::Disputed,
        SpoilReason::Other,
    ];

    /// Returns the stable key, as in JSON, register and reports.
    pub const fn key(self) -> &'static str {
        match self {
            SpoilReason::Misprint => "misprint",
            SpoilReason::WrongData => "wrong_data",
            SpoilReason::Chip => "chip",
            SpoilReason::Factory => "factory",
            SpoilReason::Damaged => "damaged",
            SpoilReason::Disputed => "disputed",
            SpoilReason::Other => "other",
        }
    }
}

/// A blangko that was voided, and before whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spoiled {
    /// Number.
    pub blangko: NomorBlangko,
    /// Why.
    pub reason: SpoilReason,
    /// In words; needed for `Other` and `Disputed`.
    pub note: String,
    /// Who confirmed it beside the operator.
    pub witness: Witness,
    /// When.
    pub at: Timestamp,
}

/// A blangko of this visit that is nowhere to be found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotFound {
    /// Number.
    pub blangko: NomorBlangko,
    /// What was looked through, in words.
    pub note: String,
    /// Who looked beside the operator.
    pub witness: Witness,
    /// When.
    pub at: Timestamp,
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

/// Where the card lies until it is collected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shelf {
    /// Shelf and box as the office names them, for example `B2-07`.
    pub place: String,
    /// Since when.
    pub at: Timestamp,
}

/// Step 8 as data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintState {
    /// Where the data of the card come from, when this visit did not record everything itself.
    #[serde(default)]
    pub source: Option<CardSource>,
    /// The card under way.
    pub job: Option<PrintJob>,
    /// Orders so far, newest last; none is carried out twice.
    #[serde(default)]
    pub jobs: Vec<JobId>,
    /// Number of the good card.
    pub card: Option<NomorBlangko>,
    /// Chip of the good card.
    pub chip: Option<ChipCheck>,
    /// The card passed the quality check.
    #[serde(default)]
    pub accepted: bool,
    /// Where the card lies; `None` before, and when it is handed over at once.
    #[serde(default)]
    pub shelf: Option<Shelf>,
    /// Blangko that were spoiled on this visit.
    pub spoiled: Vec<Spoiled>,
    /// Blangko of this visit that nobody found.
    #[serde(default)]
    pub missing: Vec<NotFound>,
    /// What the centre's record said and showed that was found wrong on a card of this visit
    /// ([`said_on_card`](crate::biodata::said_on_card)): no other card is made of it until the data were verified anew.
    #[serde(default)]
    pub disputed: Option<Hash32>,
}

impl PrintState {
    /// Refuses while a card may be in the printer.
    pub(crate) fn refuse_if_under_way(&self) -> Result<(), Refusal> {
        match &self.job {
            Some(job) => Err(Refusal::PrintUnderWay { blangko: job.blangko.clone() }),
            None => Ok(()),
        }
    }

    /// Says whether a blangko was voided or lost on this visit.
    pub(super) fn is_gone(&self, blangko: &NomorBlangko) -> bool {
        self.spoiled.iter().any(|one| one.blangko == *blangko)
            || self.missing.iter().any(|one| one.blangko == *blangko)
    }

    /// Takes the card and the card under way out of the visit.
    pub(super) fn take_away(&mut self, effects: &mut Vec<Effect>) {
        self.job = None;
        self.card = None;
        self.chip = None;
        self.accepted = false;
        if self.shelf.take().is_some() {
            effects.push(Effect::LeaveShelf);
        }
    }
}

/// Returns where the data of the card come from; `None` while the centre's record has not been fetched.
pub fn card_source(state: &State) -> Option<CardSource> {
    match state.plan.capture {
        CaptureScope::Full => Some(CardSource::Recording),
        CaptureScope::None
        | CaptureScope::Portrait
        | CaptureScope::Signature
        | CaptureScope::PortraitAndSignature => state.print.source.clone(),
    }
}

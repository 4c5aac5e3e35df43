//! Why a card printer does not print, in one vocabulary for every wire protocol.

use serde::{Deserialize, Serialize};

/// Something that a person must see to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardReason {
    /// The ribbon is used up.
    RibbonEmpty,
    /// The ribbon is nearly used up.
    RibbonLow,
    /// No ribbon in the printer.
    RibbonMissing,
    /// A ribbon that this printer or these settings cannot use.
    RibbonWrong,
    /// The ribbon is cut or stuck to the card.
    RibbonTorn,
    /// The film (retransfer or laminate) is used up or missing.
    FilmEmpty,
    /// The film is nearly used up.
    FilmLow,
    /// A film that this printer cannot use.
    FilmWrong,
    /// No card in the feeder.
    FeederEmpty,
    /// Few cards in the feeder.
    FeederLow,
    /// A card is stuck, or was not taken in.
    CardJam,
    /// The cover or the feeder is open.
    CoverOpen,
    /// The printer wants to be cleaned.
    CleaningDue,
    /// Too hot; it cools down by itself.
    Overheated,
    /// The printer is off or not connected to its service.
    Offline,
    /// The output box is full.
    OutputFull,
    /// The reject box is full.
    RejectBoxFull,
    /// A card lies at the exit and must be taken.
    CardAtExit,
    /// Somebody paused the printer.
    Paused,
    /// The printer takes no such job.
    JobRefused,
    /// The job was called off, here or at the printer.
    JobCancelled,
    /// Something else; the printer's own word stands beside it.
    Other,
}

impl CardReason {
    /// All reasons, in the order above.
    pub const ALL: [CardReason; 22] = [
        Self::RibbonEmpty,
        Self::RibbonLow,
        Self::RibbonMissing,
        Self::RibbonWrong,
        Self::RibbonTorn,
        Self::FilmEmpty,
        Self::FilmLow,
        Self::FilmWrong,
        Self::FeederEmpty,
        Self::FeederLow,
        Self::CardJam,
        Self::CoverOpen,
        Self::CleaningDue,
        Self::Overheated,
        Self::Offline,
        Self::OutputFull,
        Self::RejectBoxFull,
        Self::CardAtExit,
        Self::Paused,
        Self::JobRefused,
        Self::JobCancelled,
        Self::Other,
    ];

    /// Key of the operator's words.
    pub fn key(self) -> &'static str {
        match self {
            Self::RibbonEmpty => "ribbon_empty",
            Self::RibbonLow => "ribbon_low",
            Self::RibbonMissing => "ribbon_missing",
            Self::RibbonWrong => "ribbon_wrong",
            Self::RibbonTorn => "ribbon_torn",
            Self::FilmEmpty => "film_empty",
            Self::FilmLow => "film_low",
            Self::FilmWrong => "film_wrong",
            Self::FeederEmpty => "feeder_empty",
            Self::FeederLow => "feeder_low",
            Self::CardJam => "card_jam",
            Self::CoverOpen => "cover_open",
            Self::CleaningDue => "cleaning_due",
            Self::Overheated => "overheated",
            Self::Offline => "offline",
            Self::OutputFull => "output_full",
            Self::RejectBoxFull => "reject_box_full",
            Self::CardAtExit => "card_at_exit",
            Self::Paused => "paused",
            Self::JobRefused => "job_refused",
            Self::JobCancelled => "job_cancelled",
            Self::Other => "other",
        }
    }
}

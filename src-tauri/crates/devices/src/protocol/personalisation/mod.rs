//! What is written on a chip: the profile of a card, the plan for one person, the journal, the log.
//!
//! Sans-IO; the way onto a card is in `driver::card`. Described in `docs/protocols/card-profile.md`.

pub mod content;
pub mod data;
pub mod journal;
pub mod log;
pub mod plan;
pub mod profile;

pub use content::{ContentError, field_of};
pub use data::{CardData, Field};
pub use journal::{CardId, History, Journal, JournalEntry, JournalError, JournalStep, Phase};
pub use log::{LogFile, PersonalisationLog};
pub use plan::{Draft, Plan, PlanError, PlannedFile, Write};
pub use profile::{Access, ChipFile, FieldRule, Layout, Profile, ProfileError, SamKind, TrainingSam};

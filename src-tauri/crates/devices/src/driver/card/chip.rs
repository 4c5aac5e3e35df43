//! A card of a profile, spoken to over an open transaction: looking, opening, reading, writing, voiding.
//!
//! Independent of the reader: everything goes through `ApduChannel`.

mod open;
mod read;
mod write;

pub use open::{Talk, look};
pub use read::read_card;
pub use write::{personalise, void};

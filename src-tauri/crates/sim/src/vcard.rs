//! Cards on a virtual reader (vpcd): a KTP-el, a training card that can be written, or one that misbehaves.

mod alone;
mod ktpel;
mod on_reader;
mod secure;
mod service;
mod training;
mod turn;
mod wire;

pub use alone::{is_alone, once_more_alone};
pub use ktpel::{Card, CardContents, Temper};
pub use on_reader::{OnReader, hold};
pub use service::{Pcscd, reader_at, vpcd_port};
pub use training::{ChipDump, ChipTrouble, ForeignKeys, Moment, TrainingChip};
pub use turn::Turn;
pub use wire::VCard;

use std::time::Duration;

/// A card apart from any wire.
pub trait VirtualCard: Send {
    /// Answer to reset.
    fn atr(&self) -> Vec<u8>;
    /// Power comes or goes, or the reader resets: whatever is not in the memory is gone.
    fn reset(&mut self);
    /// The answer to a command; `None` = the card is torn out.
    fn answer(&mut self, command: &[u8]) -> Option<Vec<u8>>;
    /// How long the reader waits for the answer to its next command.
    fn late(&mut self) -> Duration {
        Duration::ZERO
    }
}

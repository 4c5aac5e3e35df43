//! ISO 7816-4: commands, answers, status words, files, and the one place that follows `61xx` and `6Cxx`.

pub mod chain;
pub mod command;
pub mod exchange;
pub mod fcp;
pub mod instruction;
pub mod status_word;
pub mod tlv;
pub mod tries;

pub use chain::chain;
pub use command::{ApduFormatError, CommandApdu};
pub use exchange::{Exchange, ExchangeError, ResponseApdu, Step};
pub use fcp::{Fcp, LifeCycle};
pub use status_word::StatusWord;
pub use tlv::{Tag, TlvError};
pub use tries::{Tries, TriesStop};

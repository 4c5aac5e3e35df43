//! ISO 7816-4: commands, answers, status words, and the one place that follows `61xx` and `6Cxx`.

pub mod command;
pub mod exchange;
pub mod status_word;

pub use command::{ApduFormatError, CommandApdu};
pub use exchange::{Exchange, ExchangeError, ResponseApdu, Step};
pub use status_word::StatusWord;

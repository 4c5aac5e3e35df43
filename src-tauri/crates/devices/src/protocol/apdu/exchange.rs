//! One command to its whole answer: `61xx` and `6Cxx` are followed here and nowhere else.

use super::{ApduFormatError, CommandApdu, StatusWord};

/// Most bytes an answer may have; a card that offers more is refused (fault 96).
pub const MAX_ANSWER: usize = 65_536;
/// Most GET RESPONSE in one exchange: an honest card needs 256 for [`MAX_ANSWER`].
pub const MAX_CONTINUATIONS: usize = 256;

/// The whole answer. Data may be a person's.
#[derive(Clone, PartialEq, Eq)]
pub struct ResponseApdu {
    /// Data without the status word.
    pub data: Vec<u8>,
    /// Status.
    pub status: StatusWord,
}

impl std::fmt::Debug for ResponseApdu {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ResponseApdu({} bytes, {:?})", self.data.len(), self.status)
    }
}

/// Why an exchange ended without an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    /// The command has no bytes.
    #[error("command cannot be written")]
    Command(#[from] ApduFormatError),
    /// An answer shorter than its status word.
    #[error("answer of {got} bytes has no status word")]
    NoStatus {
        /// Bytes that came.
        got: usize,
    },
    /// The card keeps saying that more waits.
    #[error("card asked to go on {after} times")]
    Endless {
        /// Continuations made before giving up.
        after: usize,
    },
    /// The card offers more than [`MAX_ANSWER`].
    #[error("answer above {limit} bytes")]
    TooLong {
        /// The limit.
        limit: usize,
    },
}

/// What to do next.
#[derive(PartialEq, Eq)]
pub enum Step {
    /// Send these bytes and push what comes back.
    Send(Vec<u8>),
    /// The answer is whole.
    Done(ResponseApdu),
}

impl std::fmt::Debug for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Send(bytes) => write!(f, "Send({} bytes)", bytes.len()),
            Self::Done(answer) => write!(f, "Done({answer:?})"),
        }
    }
}

/// One command on its way.
pub struct Exchange {
    command: CommandApdu,
    data: Vec<u8>,
    continuations: usize,
    empty_continuations: usize,
    corrected: bool,
}

impl std::fmt::Debug for Exchange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Exchange({:?}, {} bytes so far)", self.command, self.data.len())
    }
}

impl Exchange {
    /// Starts; gives the first bytes to send.
    ///
    /// # Errors
    /// [`ExchangeError::Command`]; nothing is to be sent.
    pub fn start(command: CommandApdu) -> Result<(Self, Vec<u8>), ExchangeError> {
        let bytes = command.encode()?;
        let exchange =
            Self { command, data: Vec::new(), continuations: 0, empty_continuations: 0, corrected: false };
        Ok((exchange, bytes))
    }

    /// Takes the card's bytes.
    ///
    /// # Errors
    /// [`ExchangeError::NoStatus`], [`ExchangeError::Endless`], [`ExchangeError::TooLong`]; the exchange is over.
    pub fn push(&mut self, answer: &[u8]) -> Result<Step, ExchangeError> {
        let (data, sw) =
            answer.split_last_chunk::<2>().ok_or(ExchangeError::NoStatus { got: answer.len() })?;
        if self.data.len() + data.len() > MAX_ANSWER {
            return Err(ExchangeError::TooLong { limit: MAX_ANSWER });
        }
        self.data.extend_from_slice(data);
        match StatusWord::from(u16::from_be_bytes(*sw)) {
            StatusWord::MoreData(n) => {
                self.continuations += 1;
                self.empty_continuations = if data.is_empty() { self.empty_continuations + 1 } else { 0 };
                // The first 61xx carries no data by right; a second in a row without any is a loop.
                if self.continuations > MAX_CONTINUATIONS || self.empty_continuations > 2 {
                    return Err(ExchangeError::Endless { after: self.continuations });
                }
                self.send(&CommandApdu::get_response(self.command.cla, length(n)))
            }
            StatusWord::WrongLe(n) if !self.corrected && self.continuations == 0 => {
                self.corrected = true;
                self.data.clear();
                let mut again = self.command.clone();
                again.le = Some(length(n));
                self.send(&again)
            }
            status => Ok(Step::Done(ResponseApdu { data: std::mem::take(&mut self.data), status })),
        }
    }

    fn send(&self, command: &CommandApdu) -> Result<Step, ExchangeError> {
        Ok(Step::Send(command.encode()?))
    }
}

fn length(n: u8) -> u32 {
    if n == 0 { 256 } else { u32::from(n) }
}

//! How many tries a secret has left, and the stop before the last one.

use super::StatusWord;

/// Tries as a card tells them for a VERIFY or EXTERNAL AUTHENTICATE without data (ISO 7816-4 §11.5.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tries {
    /// 9000: already verified, nothing is used up.
    Verified,
    /// 63Cx.
    Left(u8),
    /// 6983 or 63C0.
    Blocked,
    /// The card does not tell.
    Unknown(StatusWord),
}

/// Why no try is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TriesStop {
    /// One is left: an error would block the card for ever.
    #[error("one try left")]
    Last,
    /// None is left.
    #[error("blocked")]
    Blocked,
    /// The card does not say how many are left, so none is risked.
    #[error("number of tries unknown ({0:?})")]
    Unknown(StatusWord),
}

impl From<StatusWord> for Tries {
    fn from(status: StatusWord) -> Self {
        match status {
            StatusWord::Success => Self::Verified,
            StatusWord::TriesLeft(0) | StatusWord::Blocked => Self::Blocked,
            StatusWord::TriesLeft(n) => Self::Left(n),
            other => Self::Unknown(other),
        }
    }
}

impl Tries {
    /// Ok when a try may be used: at least two are left, or none is needed.
    ///
    /// # Errors
    /// [`TriesStop`]: trying is left to somebody who may lose the card.
    pub fn may_try(self) -> Result<(), TriesStop> {
        match self {
            Self::Verified | Self::Left(2..) => Ok(()),
            Self::Left(1) => Err(TriesStop::Last),
            Self::Left(_) | Self::Blocked => Err(TriesStop::Blocked),
            Self::Unknown(status) => Err(TriesStop::Unknown(status)),
        }
    }
}

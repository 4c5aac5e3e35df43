//! Reading the photograph, one command at a time.

use super::{DF_KTPEL, EF_PHOTO, KtpelError, PHOTO_MAX, PIECE};
use crate::protocol::apdu::{CommandApdu, ResponseApdu, StatusWord};

/// How far a read is.
#[derive(Clone, PartialEq, Eq)]
pub enum Progress {
    /// Bytes read of the whole; ask for the next command.
    Reading {
        /// Bytes so far.
        read: usize,
        /// Bytes of the photograph, 0 while unknown.
        total: usize,
    },
    /// The JPEG, as stored on the card.
    Done(Vec<u8>),
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Reading { read, total } => write!(f, "Reading({read} of {total})"),
            Self::Done(jpeg) => write!(f, "Done({} bytes)", jpeg.len()),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum At {
    Directory,
    File,
    Length,
    Pieces,
}

/// The read on its way: [`PhotoRead::command`] gives a command, [`PhotoRead::accept`] takes its answer.
pub struct PhotoRead {
    at: At,
    total: usize,
    jpeg: Vec<u8>,
}

impl Default for PhotoRead {
    fn default() -> Self {
        Self { at: At::Directory, total: 0, jpeg: Vec::new() }
    }
}

impl std::fmt::Debug for PhotoRead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PhotoRead({:?}, {} of {})", self.at, self.jpeg.len(), self.total)
    }
}

impl PhotoRead {
    /// Starts at the directory.
    pub fn new() -> Self {
        Self::default()
    }

    fn asked(&self) -> usize {
        (self.total - self.jpeg.len()).min(usize::from(PIECE))
    }

    fn offset(&self) -> u16 {
        (self.jpeg.len() + 2) as u16
    }

    /// The command to send now.
    pub fn command(&self) -> CommandApdu {
        match self.at {
            At::Directory => CommandApdu::select(DF_KTPEL),
            At::File => CommandApdu::select(EF_PHOTO),
            At::Length => CommandApdu::read_binary(0, 2),
            At::Pieces => CommandApdu::read_binary(self.offset(), self.asked() as u32),
        }
    }

    /// Takes the answer to [`PhotoRead::command`].
    ///
    /// # Errors
    /// [`KtpelError`]; the reading is over, the card is as it was.
    pub fn accept(&mut self, answer: &ResponseApdu) -> Result<Progress, KtpelError> {
        let status = answer.status;
        match self.at {
            At::Directory if status == StatusWord::Success => self.at = At::File,
            At::Directory => return Err(KtpelError::NotKtpel { status }),
            _ if status != StatusWord::Success => return Err(KtpelError::Refused { fid: EF_PHOTO, status }),
            At::File => self.at = At::Length,
            At::Length => {
                let got = answer.data.len();
                let bytes: [u8; 2] = answer.data.as_slice().try_into().map_err(|_| KtpelError::Piece {
                    offset: 0,
                    asked: 2,
                    got,
                })?;
                let length = usize::from(u16::from_be_bytes(bytes));
                if !(4..=PHOTO_MAX).contains(&length) {
                    return Err(KtpelError::PhotoLength { length });
                }
                self.total = length;
                self.at = At::Pieces;
            }
            At::Pieces => {
                let (offset, asked, got) = (self.offset(), self.asked(), answer.data.len());
                if got != asked {
                    return Err(KtpelError::Piece { offset, asked, got });
                }
                self.jpeg.extend_from_slice(&answer.data);
                if self.jpeg.len() == self.total {
                    let whole = self.jpeg.starts_with(&[0xFF, 0xD8]) && self.jpeg.ends_with(&[0xFF, 0xD9]);
                    let jpeg = std::mem::take(&mut self.jpeg);
                    self.at = At::Directory;
                    return if whole { Ok(Progress::Done(jpeg)) } else { Err(KtpelError::NotJpeg) };
                }
            }
        }
        Ok(Progress::Reading { read: self.jpeg.len(), total: self.total })
    }
}

//! The open channel: commands are enciphered and sealed, answers checked and deciphered.

use openssl::memcmp;

use super::Scp03Error;
use super::crypto::{BLOCK, block, cmac, decrypt, encrypt};
use super::key::SessionKeys;
use crate::protocol::apdu::{CommandApdu, ResponseApdu, StatusWord};

/// Bytes of a MAC on the wire.
pub const MAC: usize = 8;
/// Most data bytes in one short command.
const SHORT: usize = 255;

/// What is protected (Amendment D table 7-6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// 01: commands sealed.
    CMac,
    /// 03: commands sealed and enciphered.
    CMacEnc,
    /// 11: commands and answers sealed.
    CMacRMac,
    /// 13: both sealed, commands enciphered.
    CMacEncRMac,
    /// 33: both sealed and enciphered.
    Full,
}

impl Level {
    /// P1 of EXTERNAL AUTHENTICATE.
    pub fn byte(self) -> u8 {
        match self {
            Self::CMac => 0x01,
            Self::CMacEnc => 0x03,
            Self::CMacRMac => 0x11,
            Self::CMacEncRMac => 0x13,
            Self::Full => 0x33,
        }
    }

    /// The level of that byte; `None` for one that does not exist.
    pub fn parse(byte: u8) -> Option<Self> {
        let all = [Self::CMac, Self::CMacEnc, Self::CMacRMac, Self::CMacEncRMac, Self::Full];
        all.into_iter().find(|level| level.byte() == byte)
    }

    /// Commands are enciphered.
    pub fn enciphers_commands(self) -> bool {
        self.byte() & 0x02 != 0
    }

    /// Answers are sealed.
    pub fn seals_answers(self) -> bool {
        self.byte() & 0x10 != 0
    }

    /// Answers are enciphered.
    pub fn enciphers_answers(self) -> bool {
        self.byte() & 0x20 != 0
    }
}

/// One open channel. Every wrapped command must be sent and its answer unwrapped before the next.
#[derive(Debug)]
pub struct SecureChannel {
    keys: SessionKeys,
    level: Level,
    chaining: [u8; BLOCK],
    counter: u128,
}

impl SecureChannel {
    /// Begins with EXTERNAL AUTHENTICATE, which is sealed but never enciphered.
    pub(super) fn begin(
        keys: SessionKeys,
        level: Level,
        host_cryptogram: &[u8; 8],
    ) -> Result<(Self, CommandApdu), Scp03Error> {
        let mut channel = Self { keys, level, chaining: [0; BLOCK], counter: 0 };
        let plain = CommandApdu::new(0x80, 0x82, level.byte(), 0x00).data(host_cryptogram.to_vec());
        let command = channel.seal(&plain, plain.data.clone())?;
        Ok((channel, command))
    }

    /// Most plain data bytes that fit one protected short command at `level`.
    pub fn room(level: Level) -> usize {
        let sealed = SHORT - MAC;
        if level.enciphers_commands() { sealed / BLOCK * BLOCK - 1 } else { sealed }
    }

    fn seal(&mut self, command: &CommandApdu, mut data: Vec<u8>) -> Result<CommandApdu, Scp03Error> {
        if data.len() + MAC > SHORT {
            return Err(Scp03Error::TooLong { data: command.data.len() });
        }
        let cla = command.cla | 0x04;
        let head = [cla, command.ins, command.p1, command.p2, (data.len() + MAC) as u8];
        self.chaining = cmac(&self.keys.mac, &[&self.chaining, &head, &data])?;
        data.extend_from_slice(&self.chaining[..MAC]);
        let mut sealed = CommandApdu::new(cla, command.ins, command.p1, command.p2).data(data);
        sealed.le = command.le;
        Ok(sealed)
    }

    fn icv(&self, answer: bool) -> Result<[u8; BLOCK], Scp03Error> {
        let mut input = self.counter.to_be_bytes();
        if answer {
            input[0] = 0x80;
        }
        block(&self.keys.enc, &input)
    }

    /// Protects a command; Le stays what the plain answer would have.
    ///
    /// # Errors
    /// [`Scp03Error::TooLong`], [`Scp03Error::Library`]; nothing is to be sent.
    pub fn wrap(&mut self, command: &CommandApdu) -> Result<CommandApdu, Scp03Error> {
        self.counter += 1;
        let data = if self.level.enciphers_commands() && !command.data.is_empty() {
            if command.data.len() > Self::room(self.level) {
                return Err(Scp03Error::TooLong { data: command.data.len() });
            }
            encrypt(&self.keys.enc, &self.icv(false)?, &command.data)?
        } else {
            command.data.clone()
        };
        self.seal(command, data)
    }

    /// Checks and opens an answer. Refusals of the card come without a seal (Amendment D §6.2.5) and pass as they
    /// are; a success or a warning without its seal is [`Scp03Error::AnswerMac`].
    ///
    /// # Errors
    /// [`Scp03Error::AnswerMac`], [`Scp03Error::Cipher`]: the session is to be given up.
    pub fn unwrap(&mut self, answer: &ResponseApdu) -> Result<ResponseApdu, Scp03Error> {
        let sw = u16::from(answer.status);
        let good = answer.status == StatusWord::Success || matches!(sw >> 8, 0x62 | 0x63);
        if !self.level.seals_answers() || !good {
            return Ok(answer.clone());
        }
        let (data, mac) = answer.data.split_last_chunk::<MAC>().ok_or(Scp03Error::AnswerMac)?;
        let expected = cmac(&self.keys.rmac, &[&self.chaining, data, &sw.to_be_bytes()])?;
        if !memcmp::eq(&expected[..MAC], mac) {
            return Err(Scp03Error::AnswerMac);
        }
        let data = if self.level.enciphers_answers() && !data.is_empty() {
            decrypt(&self.keys.enc, &self.icv(true)?, data)?
        } else {
            data.to_vec()
        };
        Ok(ResponseApdu { data, status: answer.status })
    }
}

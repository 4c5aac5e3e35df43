//! INITIALIZE UPDATE and EXTERNAL AUTHENTICATE.

use openssl::memcmp;

use super::channel::{Level, SecureChannel};
use super::key::{KeySet, SessionKeys};
use super::{Scp03Error, diversify};
use crate::protocol::apdu::CommandApdu;

/// Where the keys come from.
#[derive(Clone, Debug)]
enum Source {
    Card(KeySet),
    Masters(KeySet),
}

/// The first half: INITIALIZE UPDATE is on its way.
#[derive(Clone, Debug)]
pub struct Handshake {
    keys: Source,
    level: Level,
    host_challenge: [u8; 8],
}

/// The second half: send `command`, and when the card answers 9000 use `channel`.
#[derive(Debug)]
pub struct Opening {
    /// EXTERNAL AUTHENTICATE. From here on the card may count a try.
    pub command: CommandApdu,
    /// The channel that begins with it.
    pub channel: SecureChannel,
    /// The card's 10 key diversification bytes.
    pub diversification: [u8; 10],
}

impl Handshake {
    /// With the card's own static keys. `host_challenge` must be fresh and random.
    pub fn new(keys: KeySet, level: Level, host_challenge: [u8; 8]) -> Self {
        Self { keys: Source::Card(keys), level, host_challenge }
    }

    /// With master keys; the card's are derived from its answer.
    pub fn with_masters(masters: KeySet, level: Level, host_challenge: [u8; 8]) -> Self {
        Self { keys: Source::Masters(masters), level, host_challenge }
    }

    /// INITIALIZE UPDATE: `80 50 <key version> 00 08 <host challenge> 00`.
    pub fn command(&self) -> CommandApdu {
        let (Source::Card(keys) | Source::Masters(keys)) = &self.keys;
        CommandApdu::new(0x80, 0x50, keys.version, 0x00).data(self.host_challenge.to_vec()).le(256)
    }

    /// Takes the data of the answer, checks the card's cryptogram before any try is used.
    ///
    /// # Errors
    /// [`Scp03Error::NotScp03`], [`Scp03Error::CardCryptogram`], [`Scp03Error::Library`]. No try was used.
    pub fn accept(self, answer: &[u8]) -> Result<Opening, Scp03Error> {
        let protocol = answer.get(11).copied().unwrap_or(0);
        let wrong = Scp03Error::NotScp03 { got: answer.len(), protocol };
        let i = answer.get(12).copied().unwrap_or(0xFF);
        // 29 bytes with a random challenge, 32 with a sequence counter; bit 1 of `i` would be the 16-byte mode.
        if !matches!(answer.len(), 29 | 32) || protocol != 0x03 || i & 0x01 != 0 {
            return Err(wrong);
        }
        let diversification: [u8; 10] = answer[..10].try_into().map_err(|_| wrong)?;
        let card_challenge: [u8; 8] = answer[13..21].try_into().map_err(|_| wrong)?;
        let keys = match self.keys {
            Source::Card(keys) => keys,
            Source::Masters(masters) => diversify(&masters, &diversification)?,
        };
        let session = SessionKeys::derive(&keys, &self.host_challenge, &card_challenge)?;
        if !memcmp::eq(&session.card_cryptogram()?, &answer[21..29]) {
            return Err(Scp03Error::CardCryptogram);
        }
        let host = session.host_cryptogram()?;
        let (channel, command) = SecureChannel::begin(session, self.level, &host)?;
        Ok(Opening { command, channel, diversification })
    }
}

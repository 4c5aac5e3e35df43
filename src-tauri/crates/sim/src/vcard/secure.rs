//! The card's side of SCP03: written apart from the host's, on the same primitives.

use devices::protocol::apdu::{CommandApdu, StatusWord};
use devices::protocol::scp03::crypto::{block, cmac, decrypt, encrypt};
use devices::protocol::scp03::{KeySet, Level, SessionKeys};

const MAC: usize = 8;

/// A channel as the card keeps it.
pub(super) struct CardChannel {
    keys: SessionKeys,
    level: Option<Level>,
    chaining: [u8; 16],
    counter: u128,
}

impl CardChannel {
    /// The answer to INITIALIZE UPDATE and the channel that waits for EXTERNAL AUTHENTICATE.
    pub(super) fn begin(
        keys: &KeySet,
        diversification: &[u8],
        host: &[u8],
        card: [u8; 8],
    ) -> Option<(Self, Vec<u8>)> {
        let session = SessionKeys::derive(keys, host.try_into().ok()?, &card).ok()?;
        let cryptogram = session.card_cryptogram().ok()?;
        // Protocol 03, i = 60: random challenge, R-MAC and R-ENC.
        let answer = [diversification, &[keys.version, 0x03, 0x60], &card, &cryptogram].concat();
        Some((Self { keys: session, level: None, chaining: [0; 16], counter: 0 }, answer))
    }

    pub(super) fn is_open(&self) -> bool {
        self.level.is_some()
    }

    /// EXTERNAL AUTHENTICATE.
    pub(super) fn authenticate(&mut self, command: &CommandApdu) -> bool {
        let (Some(level), Ok(expected)) = (Level::parse(command.p1), self.keys.host_cryptogram()) else {
            return false;
        };
        let opened = self.level.is_none() && self.unseal(command).is_some_and(|data| data == expected);
        if opened {
            self.level = Some(level);
        }
        opened
    }

    /// Checks the MAC; gives what stands before it.
    fn unseal(&mut self, command: &CommandApdu) -> Option<Vec<u8>> {
        let (data, mac) = command.data.split_last_chunk::<MAC>()?;
        let head = [command.cla, command.ins, command.p1, command.p2, command.data.len() as u8];
        let chaining = cmac(&self.keys.mac, &[&self.chaining, &head, data]).ok()?;
        (chaining[..MAC] == *mac).then(|| {
            self.chaining = chaining;
            data.to_vec()
        })
    }

    fn icv(&self, answer: bool) -> Option<[u8; 16]> {
        let mut input = self.counter.to_be_bytes();
        input[0] = if answer { 0x80 } else { 0 };
        block(&self.keys.enc, &input).ok()
    }

    /// The plain command inside a protected one.
    pub(super) fn open(&mut self, command: &CommandApdu) -> Option<CommandApdu> {
        let level = self.level?;
        let mut data = self.unseal(command)?;
        self.counter += 1;
        if level.enciphers_commands() && !data.is_empty() {
            data = decrypt(&self.keys.enc, &self.icv(false)?, &data).ok()?;
        }
        let mut plain = CommandApdu::new(command.cla & !0x04, command.ins, command.p1, command.p2).data(data);
        plain.le = command.le;
        Some(plain)
    }

    /// The protected answer; refusals stay bare.
    pub(super) fn seal(&self, data: Vec<u8>, status: StatusWord) -> Option<Vec<u8>> {
        let level = self.level?;
        let sw = u16::from(status).to_be_bytes();
        if !level.seals_answers() || !matches!(sw[0], 0x90 | 0x62 | 0x63) {
            return Some([data, sw.to_vec()].concat());
        }
        let data = if level.enciphers_answers() && !data.is_empty() {
            encrypt(&self.keys.enc, &self.icv(true)?, &data).ok()?
        } else {
            data
        };
        let mac = cmac(&self.keys.rmac, &[&self.chaining, &data, &sw]).ok()?;
        Some([&data, &mac[..MAC], &sw].concat())
    }
}

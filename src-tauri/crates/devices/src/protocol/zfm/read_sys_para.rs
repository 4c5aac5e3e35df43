//! ReadSysPara (0F): who the module is and how it is set.

use std::time::Duration;

use super::{Code, Command, ZfmError, answer, body};

/// Ask for the parameters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReadSysPara;

/// The module's parameters. Field order read from public sources, not yet seen on hardware.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SysPara {
    /// Status register.
    pub status: u16,
    /// System identifier.
    pub system_id: u16,
    /// Templates the module can keep; Rekam keeps none there.
    pub capacity: u16,
    /// Security level 1–5 of the module's own matcher.
    pub security: u16,
    /// Address.
    pub address: u32,
    /// Packet size code n: 32 << n bytes.
    pub packet_size_code: u16,
    /// Baud factor N: 9600 × N.
    pub baud_factor: u16,
}

impl SysPara {
    /// Payload bytes of one data packet; `None` for a code above 3, which does not exist.
    pub fn packet_size(&self) -> Option<usize> {
        (self.packet_size_code <= 3).then(|| 32 << self.packet_size_code)
    }

    /// Line speed in bits per second.
    pub fn baud(&self) -> u32 {
        u32::from(self.baud_factor) * 9600
    }
}

impl Command for ReadSysPara {
    const ID: u8 = 0x0F;
    const NAME: &'static str = "ReadSysPara";
    const TIMEOUT: Duration = Duration::from_millis(1500);
    const MAX_ANSWER: usize = 17;
    const IDEMPOTENT: bool = true;
    type Response = SysPara;

    fn encode(&self) -> Vec<u8> {
        vec![Self::ID]
    }

    fn decode_response(payload: &[u8]) -> Result<SysPara, ZfmError> {
        let (code, d) = answer(Self::NAME, payload, 16)?;
        if code != Code::Done {
            return Err(ZfmError::Refused { command: Self::NAME, code });
        }
        let word = |i: usize| u16::from_be_bytes([d[i], d[i + 1]]);
        Ok(SysPara {
            status: word(0),
            system_id: word(2),
            capacity: word(4),
            security: word(6),
            address: u32::from_be_bytes([d[8], d[9], d[10], d[11]]),
            packet_size_code: word(12),
            baud_factor: word(14),
        })
    }

    fn decode(payload: &[u8]) -> Result<Self, ZfmError> {
        body(Self::NAME, Self::ID, payload, 0).map(|_| Self)
    }

    fn encode_response(r: &SysPara) -> Vec<u8> {
        let mut payload = vec![u8::from(Code::Done)];
        for word in [r.status, r.system_id, r.capacity, r.security] {
            payload.extend_from_slice(&word.to_be_bytes());
        }
        payload.extend_from_slice(&r.address.to_be_bytes());
        payload.extend_from_slice(&r.packet_size_code.to_be_bytes());
        payload.extend_from_slice(&r.baud_factor.to_be_bytes());
        payload
    }
}

//! One frame: `EF 01 · address u32 · PID · length u16 (payload + 2) · payload · sum16`, big-endian.

/// First two bytes of every frame.
pub const HEADER: [u8; 2] = [0xEF, 0x01];
/// Address of a module that was never given another.
pub const DEFAULT_ADDRESS: u32 = 0xFFFF_FFFF;
/// Most payload bytes in one frame; the largest packet size a module can be set to.
pub const MAX_PAYLOAD: usize = 256;
/// Bytes before the payload.
pub const PREFIX: usize = 9;
/// Bytes of the largest frame.
pub const MAX_FRAME: usize = PREFIX + MAX_PAYLOAD + 2;

/// Kind of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pid {
    /// 01: command to the module.
    Command,
    /// 02: data, more follows.
    Data,
    /// 07: the module's answer.
    Acknowledge,
    /// 08: the last data.
    LastData,
}

impl Pid {
    /// The byte on the wire.
    pub fn byte(self) -> u8 {
        match self {
            Self::Command => 0x01,
            Self::Data => 0x02,
            Self::Acknowledge => 0x07,
            Self::LastData => 0x08,
        }
    }

    /// Reads the byte; `None` for a kind that does not exist.
    pub fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0x01 => Some(Self::Command),
            0x02 => Some(Self::Data),
            0x07 => Some(Self::Acknowledge),
            0x08 => Some(Self::LastData),
            _ => None,
        }
    }
}

/// A whole frame whose sum was right. The payload may be a piece of a finger image.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    /// Address of the module.
    pub address: u32,
    /// Kind.
    pub pid: Pid,
    /// Payload, at most [`MAX_PAYLOAD`] bytes.
    pub payload: Vec<u8>,
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({:?}, {} bytes)", self.pid, self.payload.len())
    }
}

impl Frame {
    /// A frame to or from the default address; a payload above [`MAX_PAYLOAD`] is cut there.
    pub fn new(pid: Pid, mut payload: Vec<u8>) -> Self {
        payload.truncate(MAX_PAYLOAD);
        Self { address: DEFAULT_ADDRESS, pid, payload }
    }

    /// The bytes on the wire.
    pub fn encode(&self) -> Vec<u8> {
        let length = (self.payload.len() + 2) as u16;
        let mut bytes = Vec::with_capacity(PREFIX + self.payload.len() + 2);
        bytes.extend_from_slice(&HEADER);
        bytes.extend_from_slice(&self.address.to_be_bytes());
        bytes.push(self.pid.byte());
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(&self.payload);
        bytes.extend_from_slice(&sum(&bytes[6..]).to_be_bytes());
        bytes
    }
}

/// The checksum: 16-bit sum of all bytes from the PID to the end of the payload.
pub fn sum(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0u16, |sum, &byte| sum.wrapping_add(u16::from(byte)))
}

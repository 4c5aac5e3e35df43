//! One packet. Only its first byte has bit 7 set, so a stream can be entered anywhere.

/// Bytes of a packet.
pub const PACKET_BYTES: usize = 5;
/// Coordinate that marks a sample the pad could not measure.
pub const BAD: u16 = 0x0FFF;
/// Highest pressure, 10 bits.
pub const PRESSURE_MAX: u16 = 0x03FF;

const SYNC: u8 = 0x80;
const NEAR: u8 = 0x40;
const DOWN: u8 = 0x01;

/// What one packet says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packet {
    /// Where the pen is, in raw units of the pad.
    Position {
        /// Pen within reach of the surface.
        near: bool,
        /// Pen on the surface.
        down: bool,
        /// Column, 12 bits.
        x: u16,
        /// Row, 12 bits.
        y: u16,
    },
    /// The pad saw the pen but could not place it.
    BadSample {
        /// Pen on the surface.
        down: bool,
    },
    /// How hard the pen presses, 0..=[`PRESSURE_MAX`].
    Pressure {
        /// Pen on the surface.
        down: bool,
        /// 10-bit value.
        value: u16,
    },
    /// Type 2: information of the pad, meaning not published.
    Information([u8; 4]),
    /// Type 3: answer to a command.
    CommandReply([u8; 4]),
    /// Types 5 and 6: unknown.
    Unknown {
        /// Type 5 or 6.
        kind: u8,
    },
}

impl Packet {
    /// Reads five bytes; `None` when the sync bit is missing or stands elsewhere.
    pub fn decode(b: [u8; PACKET_BYTES]) -> Option<Self> {
        if b[0] & SYNC == 0 || b[1..].iter().any(|byte| byte & SYNC != 0) {
            return None;
        }
        let down = b[0] & DOWN != 0;
        let x = (u16::from(b[2] & 0x1F) << 7) | u16::from(b[1]);
        let y = (u16::from(b[4] & 0x1F) << 7) | u16::from(b[3]);
        let rest = [b[1], b[2], b[3], b[4]];
        Some(match (b[0] >> 2) & 7 {
            0 | 1 | 4 if x == BAD && y == BAD => Self::BadSample { down },
            0 | 1 | 4 => Self::Position { near: b[0] & NEAR != 0, down, x, y },
            7 => Self::Pressure { down, value: (u16::from(b[4] & 7) << 7) | u16::from(b[3]) },
            2 => Self::Information(rest),
            3 => Self::CommandReply(rest),
            kind => Self::Unknown { kind },
        })
    }

    /// The bytes on the wire; coordinates and pressure are cut to their bits.
    pub fn encode(self) -> [u8; PACKET_BYTES] {
        let head = |kind: u8, near: bool, down: bool| {
            SYNC | (kind << 2) | if near { NEAR } else { 0 } | if down { DOWN } else { 0 }
        };
        let low = |v: u16| (v & 0x7F) as u8;
        let high = |v: u16| ((v >> 7) & 0x1F) as u8;
        match self {
            Self::Position { near, down, x, y } => [head(0, near, down), low(x), high(x), low(y), high(y)],
            Self::BadSample { down } => [head(0, true, down), 0x7F, 0x1F, 0x7F, 0x1F],
            Self::Pressure { down, value } => [head(7, true, down), 0, 0, low(value), high(value) & 7],
            Self::Information(r) => {
                [head(2, false, false), r[0] & 0x7F, r[1] & 0x7F, r[2] & 0x7F, r[3] & 0x7F]
            }
            Self::CommandReply(r) => {
                [head(3, false, false), r[0] & 0x7F, r[1] & 0x7F, r[2] & 0x7F, r[3] & 0x7F]
            }
            Self::Unknown { kind } => [head(kind & 7, false, false), 0, 0, 0, 0],
        }
    }
}

//! A command APDU and its bytes, both ways.

use zeroize::Zeroize;

/// A command to a card. Data are wiped on drop: they may be a PIN or a cryptogram.
#[derive(Clone, PartialEq, Eq)]
pub struct CommandApdu {
    /// CLA, the class byte.
    pub cla: u8,
    /// INS, the instruction byte.
    pub ins: u8,
    /// P1, first parameter byte.
    pub p1: u8,
    /// P2, second parameter byte.
    pub p2: u8,
    /// Data, at most 65 535 bytes.
    pub data: Vec<u8>,
    /// Bytes expected back, 1..=65 536; `None` for none.
    pub le: Option<u32>,
}

/// Bytes that are no command APDU, or a command that has no bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApduFormatError {
    /// Not the length that its own fields say.
    #[error("command APDU of {got} bytes does not fit its own lengths")]
    Length {
        /// Bytes that came.
        got: usize,
    },
    /// More data or more expected bytes than the extended form can say.
    #[error("command APDU with {data} data bytes and Le {le:?} cannot be written")]
    TooLarge {
        /// Data bytes.
        data: usize,
        /// Expected bytes.
        le: Option<u32>,
    },
}

impl std::fmt::Debug for CommandApdu {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CommandApdu({:02X} {:02X} {:02X} {:02X}, ", self.cla, self.ins, self.p1, self.p2)?;
        write!(f, "{} data bytes, le {:?})", self.data.len(), self.le)
    }
}

impl Drop for CommandApdu {
    fn drop(&mut self) {
        self.data.zeroize();
    }
}

impl CommandApdu {
    /// A command with neither data nor expected bytes.
    pub fn new(cla: u8, ins: u8, p1: u8, p2: u8) -> Self {
        Self { cla, ins, p1, p2, data: Vec::new(), le: None }
    }

    /// SELECT by file identifier: `00 A4 00 00 02 <fid>`.
    pub fn select(fid: u16) -> Self {
        Self::new(0x00, 0xA4, 0x00, 0x00).data(fid.to_be_bytes().to_vec())
    }

    /// READ BINARY of `le` bytes (1..=256) at a 15-bit offset.
    pub fn read_binary(offset: u16, le: u32) -> Self {
        let [p1, p2] = (offset & 0x7FFF).to_be_bytes();
        Self::new(0x00, 0xB0, p1, p2).le(le)
    }

    /// GET RESPONSE of `le` bytes in the same class.
    pub fn get_response(cla: u8, le: u32) -> Self {
        Self::new(cla, 0xC0, 0x00, 0x00).le(le)
    }

    /// Sets the data.
    #[must_use]
    pub fn data(mut self, data: Vec<u8>) -> Self {
        self.data = data;
        self
    }

    /// Sets how many bytes are expected back.
    #[must_use]
    pub fn le(mut self, le: u32) -> Self {
        self.le = Some(le);
        self
    }

    /// The bytes, in the short form where it can say them, else in the extended form.
    ///
    /// # Errors
    /// [`ApduFormatError::TooLarge`]. Permanent.
    pub fn encode(&self) -> Result<Vec<u8>, ApduFormatError> {
        let (data, le) = (self.data.len(), self.le);
        if data > 0xFFFF || le.is_some_and(|le| le == 0 || le > 0x1_0000) {
            return Err(ApduFormatError::TooLarge { data, le });
        }
        let mut bytes = vec![self.cla, self.ins, self.p1, self.p2];
        if data <= 255 && le.is_none_or(|le| le <= 256) {
            if data > 0 {
                bytes.push(data as u8);
                bytes.extend_from_slice(&self.data);
            }
            bytes.extend(le.map(|le| le as u8));
        } else {
            bytes.push(0);
            if data > 0 {
                bytes.extend_from_slice(&(data as u16).to_be_bytes());
                bytes.extend_from_slice(&self.data);
            }
            if let Some(le) = le {
                bytes.extend_from_slice(&(le as u16).to_be_bytes());
            }
        }
        Ok(bytes)
    }

    /// Reads a command's bytes, short or extended.
    ///
    /// # Errors
    /// [`ApduFormatError::Length`]. Permanent.
    pub fn decode(bytes: &[u8]) -> Result<Self, ApduFormatError> {
        let wrong = || ApduFormatError::Length { got: bytes.len() };
        let (head, body) = bytes.split_at_checked(4).ok_or_else(wrong)?;
        let command = Self::new(head[0], head[1], head[2], head[3]);
        let short = |le: u8| if le == 0 { 256 } else { u32::from(le) };
        let long = |b: &[u8]| match u16::from_be_bytes([b[0], b[1]]) {
            0 => 0x1_0000,
            le => u32::from(le),
        };
        match *body {
            [] => Ok(command),
            [le] => Ok(command.le(short(le))),
            [0, a, b] => Ok(command.le(long(&[a, b]))),
            [0, a, b, ref rest @ ..] => {
                let lc = usize::from(u16::from_be_bytes([a, b]));
                let (data, tail) = rest.split_at_checked(lc).ok_or_else(wrong)?;
                let command = command.data(data.to_vec());
                match tail {
                    _ if lc == 0 => Err(wrong()),
                    [] => Ok(command),
                    [_, _] => Ok(command.le(long(tail))),
                    _ => Err(wrong()),
                }
            }
            [lc, ref rest @ ..] => {
                let (data, tail) = rest.split_at_checked(usize::from(lc)).ok_or_else(wrong)?;
                let command = command.data(data.to_vec());
                match *tail {
                    _ if lc == 0 => Err(wrong()),
                    [] => Ok(command),
                    [le] => Ok(command.le(short(le))),
                    _ => Err(wrong()),
                }
            }
        }
    }
}

//! Confirmation codes: the first byte of every answer.

/// What the module says about a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// 00: done.
    Done,
    /// 01: the module received a damaged frame.
    ReceiveError,
    /// 02: no finger on the sensor.
    NoFinger,
    /// 03: taking the image failed.
    ImageFailed,
    /// 06: image too disorderly to find features.
    Disorderly,
    /// 07: too few features (too dry, too small an area).
    TooFewFeatures,
    /// 0E: cannot send the data packets that should follow.
    UploadFailed,
    /// 13: wrong password.
    WrongPassword,
    /// 15: no valid image in the buffer.
    NoImage,
    /// Any other code, kept as it came.
    Other(u8),
}

impl From<u8> for Code {
    fn from(byte: u8) -> Self {
        match byte {
            0x00 => Self::Done,
            0x01 => Self::ReceiveError,
            0x02 => Self::NoFinger,
            0x03 => Self::ImageFailed,
            0x06 => Self::Disorderly,
            0x07 => Self::TooFewFeatures,
            0x0E => Self::UploadFailed,
            0x13 => Self::WrongPassword,
            0x15 => Self::NoImage,
            other => Self::Other(other),
        }
    }
}

impl From<Code> for u8 {
    fn from(code: Code) -> Self {
        match code {
            Code::Done => 0x00,
            Code::ReceiveError => 0x01,
            Code::NoFinger => 0x02,
            Code::ImageFailed => 0x03,
            Code::Disorderly => 0x06,
            Code::TooFewFeatures => 0x07,
            Code::UploadFailed => 0x0E,
            Code::WrongPassword => 0x13,
            Code::NoImage => 0x15,
            Code::Other(other) => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn every_confirmation_code_survives_the_round_trip() {
        for byte in 0..=u8::MAX {
            assert_eq!(u8::from(Code::from(byte)), byte, "a code must never change on its way");
        }
    }
}

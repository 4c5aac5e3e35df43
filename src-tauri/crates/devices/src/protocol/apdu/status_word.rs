//! The two last bytes of every answer, and the key of the words an operator reads for them.

/// What the card says about a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusWord {
    /// 9000.
    Success,
    /// 61xx: this many bytes wait (0 = 256 or more).
    MoreData(u8),
    /// 6Cxx: ask again with this length (0 = 256).
    WrongLe(u8),
    /// 6282: the file ended before the expected length.
    EndOfFile,
    /// 6283: the selected file is deactivated.
    FileInvalidated,
    /// 6285: the selected file is terminated.
    FileTerminated,
    /// 6300: check failed, no number told.
    AuthenticationFailed,
    /// 63Cx: check failed, x tries left.
    TriesLeft(u8),
    /// 6581: memory failure.
    MemoryFailure,
    /// 6700: wrong length.
    WrongLength,
    /// 6982: security status not satisfied.
    SecurityNotSatisfied,
    /// 6983: authentication method blocked.
    Blocked,
    /// 6985: conditions of use not satisfied.
    ConditionsNotSatisfied,
    /// 6987: secure messaging objects missing.
    SecureMessagingMissing,
    /// 6988: secure messaging objects wrong.
    SecureMessagingWrong,
    /// 6A80: wrong data.
    WrongData,
    /// 6A81: function not supported.
    FunctionNotSupported,
    /// 6A82: file or application not found.
    NotFound,
    /// 6A84: no room in the file.
    NoRoom,
    /// 6A88: key or other referenced data not found.
    ReferenceNotFound,
    /// 6A86: wrong P1 P2.
    WrongParameters,
    /// 6B00: offset outside the file.
    WrongOffset,
    /// 6D00: instruction unknown.
    InstructionUnknown,
    /// 6E00: class unknown.
    ClassUnknown,
    /// 6F00: no precise diagnosis.
    NoDiagnosis,
    /// Any other value, kept as it came.
    Other(u16),
}

impl From<u16> for StatusWord {
    fn from(sw: u16) -> Self {
        let low = sw as u8;
        match sw {
            0x9000 => Self::Success,
            0x6100..=0x61FF => Self::MoreData(low),
            0x6C00..=0x6CFF => Self::WrongLe(low),
            0x6282 => Self::EndOfFile,
            0x6283 => Self::FileInvalidated,
            0x6285 => Self::FileTerminated,
            0x6300 => Self::AuthenticationFailed,
            0x63C0..=0x63CF => Self::TriesLeft(low & 0x0F),
            0x6581 => Self::MemoryFailure,
            0x6700 => Self::WrongLength,
            0x6982 => Self::SecurityNotSatisfied,
            0x6983 => Self::Blocked,
            0x6985 => Self::ConditionsNotSatisfied,
            0x6987 => Self::SecureMessagingMissing,
            0x6988 => Self::SecureMessagingWrong,
            0x6A80 => Self::WrongData,
            0x6A81 => Self::FunctionNotSupported,
            0x6A82 => Self::NotFound,
            0x6A84 => Self::NoRoom,
            0x6A88 => Self::ReferenceNotFound,
            0x6A86 => Self::WrongParameters,
            0x6B00 => Self::WrongOffset,
            0x6D00 => Self::InstructionUnknown,
            0x6E00 => Self::ClassUnknown,
            0x6F00 => Self::NoDiagnosis,
            other => Self::Other(other),
        }
    }
}

impl From<StatusWord> for u16 {
    fn from(sw: StatusWord) -> Self {
        match sw {
            StatusWord::Success => 0x9000,
            StatusWord::MoreData(n) => 0x6100 | Self::from(n),
            StatusWord::WrongLe(n) => 0x6C00 | Self::from(n),
            StatusWord::EndOfFile => 0x6282,
            StatusWord::FileInvalidated => 0x6283,
            StatusWord::FileTerminated => 0x6285,
            StatusWord::AuthenticationFailed => 0x6300,
            StatusWord::TriesLeft(n) => 0x63C0 | Self::from(n & 0x0F),
            StatusWord::MemoryFailure => 0x6581,
            StatusWord::WrongLength => 0x6700,
            StatusWord::SecurityNotSatisfied => 0x6982,
            StatusWord::Blocked => 0x6983,
            StatusWord::ConditionsNotSatisfied => 0x6985,
            StatusWord::SecureMessagingMissing => 0x6987,
            StatusWord::SecureMessagingWrong => 0x6988,
            StatusWord::WrongData => 0x6A80,
            StatusWord::FunctionNotSupported => 0x6A81,
            StatusWord::NotFound => 0x6A82,
            StatusWord::NoRoom => 0x6A84,
            StatusWord::ReferenceNotFound => 0x6A88,
            StatusWord::WrongParameters => 0x6A86,
            StatusWord::WrongOffset => 0x6B00,
            StatusWord::InstructionUnknown => 0x6D00,
            StatusWord::ClassUnknown => 0x6E00,
            StatusWord::NoDiagnosis => 0x6F00,
            StatusWord::Other(other) => other,
        }
    }
}

impl StatusWord {
    /// Key of the Indonesian sentence in the string table.
    pub fn message_id(self) -> &'static str {
        match self {
            Self::Success => "kartu.berhasil",
            Self::MoreData(_) | Self::WrongLe(_) | Self::EndOfFile => "kartu.jawaban_terpotong",
            Self::FileInvalidated => "kartu.berkas_dinonaktifkan",
            Self::FileTerminated => "kartu.dibatalkan",
            Self::TriesLeft(_) | Self::AuthenticationFailed => "kartu.verifikasi_gagal",
            Self::SecureMessagingMissing | Self::SecureMessagingWrong => "kartu.pengamanan_gagal",
            Self::NoRoom => "kartu.memori_penuh",
            Self::ReferenceNotFound => "kartu.kunci_tidak_ada",
            Self::MemoryFailure => "kartu.memori_rusak",
            Self::SecurityNotSatisfied | Self::ConditionsNotSatisfied => "kartu.perlu_sam",
            Self::Blocked => "kartu.terblokir",
            Self::NotFound => "kartu.bukan_ktpel",
            Self::FunctionNotSupported | Self::InstructionUnknown | Self::ClassUnknown => {
                "kartu.perintah_tidak_dikenal"
            }
            Self::WrongLength | Self::WrongParameters | Self::WrongOffset | Self::WrongData => {
                "kartu.perintah_ditolak"
            }
            Self::NoDiagnosis | Self::Other(_) => "kartu.galat_tidak_dikenal",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::StatusWord;

    #[test]
    fn every_status_word_survives_the_round_trip_and_has_a_message() {
        for sw in 0..=u16::MAX {
            let word = StatusWord::from(sw);
            assert_eq!(u16::from(word), sw, "a status word must never change on its way");
            assert!(word.message_id().starts_with("kartu."), "{word:?} must have words for the operator");
        }
    }
}

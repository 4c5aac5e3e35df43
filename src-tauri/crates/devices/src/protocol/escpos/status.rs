//! `DLE EOT n` (real time, answered even while it prints) and `GS r 1` (answered in its turn, after what was sent).

use serde::{Deserialize, Serialize};

/// Why a slip printer does not print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlipReason {
    /// No paper.
    PaperOut,
    /// The roll is nearly used up.
    PaperLow,
    /// The cover is open.
    CoverOpen,
    /// The printer is off line without saying why.
    Offline,
    /// The cutter is stuck.
    CutterJam,
    /// An error that only switching it off and on ends.
    Broken,
    /// Too hot; it goes on by itself.
    Overheated,
}

impl SlipReason {
    /// Key of the operator's words.
    pub fn key(self) -> &'static str {
        match self {
            Self::PaperOut => "paper_out",
            Self::PaperLow => "paper_low",
            Self::CoverOpen => "cover_open",
            Self::Offline => "offline",
            Self::CutterJam => "cutter_jam",
            Self::Broken => "broken",
            Self::Overheated => "overheated",
        }
    }

    /// Whether nothing can be printed until a person acts.
    pub fn stops(self) -> bool {
        self != Self::PaperLow
    }
}

/// One question of `DLE EOT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusRequest {
    /// n = 1: printer.
    Printer,
    /// n = 2: why it is off line.
    OfflineCause,
    /// n = 3: error.
    Error,
    /// n = 4: roll paper.
    Paper,
}

impl StatusRequest {
    /// All of them, in the order they are asked.
    pub const ALL: [Self; 4] = [Self::Printer, Self::OfflineCause, Self::Error, Self::Paper];

    /// `n`.
    pub fn number(self) -> u8 {
        match self {
            Self::Printer => 1,
            Self::OfflineCause => 2,
            Self::Error => 3,
            Self::Paper => 4,
        }
    }

    /// The bytes: DLE EOT n.
    pub fn encode(self) -> [u8; 3] {
        [0x10, 0x04, self.number()]
    }
}

/// The answer to one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusAnswer(u8);

impl StatusAnswer {
    /// Reads the byte; `None` unless bits 0, 1, 4 and 7 are those of a real-time answer (0xx1xx10).
    pub fn read(byte: u8) -> Option<Self> {
        (byte & 0b1001_0011 == 0b0001_0010).then_some(Self(byte))
    }

    /// What it says is wrong.
    pub fn reasons(self, request: StatusRequest) -> Vec<SlipReason> {
        use SlipReason as R;
        let bits: &[(u8, R)] = match request {
            StatusRequest::Printer => &[(0x08, R::Offline)],
            StatusRequest::OfflineCause => &[(0x04, R::CoverOpen), (0x20, R::PaperOut)],
            StatusRequest::Error => &[(0x08, R::CutterJam), (0x20, R::Broken), (0x40, R::Overheated)],
            StatusRequest::Paper => &[(0x60, R::PaperOut), (0x0C, R::PaperLow)],
        };
        bits.iter().filter(|(mask, _)| self.0 & mask != 0).map(|(_, reason)| *reason).collect()
    }
}

/// Everything that the answers say, each once, the stopping ones first. A plain "off line" goes when another
/// answer says why.
pub fn reasons(answers: &[(StatusRequest, StatusAnswer)]) -> Vec<SlipReason> {
    let mut all: Vec<SlipReason> = answers.iter().flat_map(|(r, a)| a.reasons(*r)).collect();
    all.sort_by_key(|reason| (!reason.stops(), *reason));
    all.dedup();
    if all.iter().any(|r| r.stops() && *r != SlipReason::Offline) {
        all.retain(|r| *r != SlipReason::Offline);
    }
    if all.contains(&SlipReason::PaperOut) {
        all.retain(|r| *r != SlipReason::PaperLow);
    }
    all
}

/// `GS r 1`, sent behind a slip: the printer answers when it comes to it.
pub fn end_marker() -> [u8; 3] {
    [0x1D, 0x72, 0x01]
}

/// Reads the answer to [`end_marker`]: `Some(true)` when there was paper to the end; `None` for another byte
/// (bits 4 and 7 are 0 in this answer, which tells it from a real-time one).
pub fn read_end(byte: u8) -> Option<bool> {
    (byte & 0b1001_0000 == 0).then_some(byte & 0x0C == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_in_turn_is_never_taken_for_a_real_time_one() {
        for byte in 0..=u8::MAX {
            assert!(
                StatusAnswer::read(byte).is_none() || read_end(byte).is_none(),
                "{byte:#04x} is one or the other"
            );
        }
    }

    #[test]
    fn an_open_cover_is_said_instead_of_a_mere_off_line() {
        let answers = [
            (StatusRequest::Printer, StatusAnswer::read(0x1A).expect("off line")),
            (StatusRequest::OfflineCause, StatusAnswer::read(0x16).expect("cover")),
            (StatusRequest::Paper, StatusAnswer::read(0x1E).expect("near end")),
        ];
        assert_eq!(
            reasons(&answers),
            [SlipReason::CoverOpen, SlipReason::PaperLow],
            "the cause, then the warning"
        );
    }
}

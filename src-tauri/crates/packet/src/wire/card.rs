use super::person::Attributes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why a card is printed again for somebody whose recording stands. Source: ktp-el.md §4.2, last row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Reprint {
    /// The card is lost.
    Lost,
    /// The card or its chip is damaged.
    Damaged,
    /// An element that is printed on it changed.
    Changed,
    /// Its holder moved.
    Moved,
}

impl Reprint {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Reprint::Lost => "lost",
            Reprint::Damaged => "damaged",
            Reprint::Changed => "changed",
            Reprint::Moved => "moved",
        }
    }
}

/// Body of `POST /v1/credentialRequests/{job}`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CardRequest {
    /// NIK of the card.
    pub nik: String,
    /// The recording it rests on; absent: the newest one that is ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolment: Option<Uuid>,
    /// Present for a card that replaces one; absent for a first card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Reprint>,
    /// The card is made already, where the centre could not be reached: another running request of the person does not undo it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub made: bool,
    /// When it was asked for by the station's clock, UTC: it may come weeks later, and a card that was made since is not the one
    /// that is missed. Absent: now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

impl std::fmt::Debug for CardRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CardRequest({:?}, {:?})", self.enrolment, self.kind)
    }
}

/// Body of the reports about a card: `ISSUED` when it is printed, `ACTIVE` when it is handed over, `VOIDED` when a printed
/// one is void or nobody finds it, `OLD_WITHDRAWN` when the card that it replaces was taken in, `WITHDRAWN` when the request
/// is given up before there is a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CardProgress {
    /// `ISSUED`, `ACTIVE`, `VOIDED`, `OLD_WITHDRAWN` or `WITHDRAWN`.
    pub status: String,
    /// Serial number of the blank card, without groups.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub serial: String,
    /// When it happened by the station's clock, UTC: a report may come weeks later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Why a card is void: a plain word; of the others always absent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// What became of the card that this one replaces, beside `ACTIVE` where there is one and beside `OLD_WITHDRAWN`:
    /// `withdrawn` (taken in at the hand-over, for destruction) or `absent`; open text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub old: String,
}

/// Where a card stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CardState {
    /// Names the job.
    pub job: Uuid,
    /// `REQUESTED`, `ISSUED`, `ACTIVE`, `REPLACED`, `LOST` or `WITHDRAWN`; open text.
    pub status: String,
}

/// What a station needs to print and personalise a card of somebody who may have been recorded elsewhere.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CardContent {
    /// Names the job.
    pub job: Uuid,
    /// The recording that the card rests on.
    pub enrolment: Uuid,
    /// NIK of the card.
    pub nik: String,
    /// Biodata as attested, under what the population register says today.
    #[cfg_attr(feature = "schema", schema(value_type = BTreeMap<String, String>))]
    pub biodata: Attributes,
    /// Portrait: JPEG in base64.
    pub portrait: String,
    /// Signature: PNG in base64; empty when the holder cannot sign.
    pub signature: String,
    /// Fingers for the chip, the first one first; fewer than two when the holder has no others.
    pub fingers: Vec<ChipFinger>,
}

impl std::fmt::Debug for CardContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CardContent({}, {} fingers)", self.job, self.fingers.len())
    }
}

/// One finger for the chip.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ChipFinger {
    /// ANSI/NIST position, 1 to 10.
    pub position: u8,
    /// Minutiae in base64: `RK`, 1, count, then five bytes each: x 12 bits, y 12 bits, angle in 1/256 turn, quality 0 to
    /// 100. Pixels of 500 per inch.
    pub template: String,
}

impl std::fmt::Debug for ChipFinger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ChipFinger({})", self.position)
    }
}

//! The port through which a chip is written, read back and voided, and every way in which that ends.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::sam::{Sam, SamError};
use crate::budget::Budget;
use crate::error::Fault;
use crate::protocol::personalisation::{
    CardData, CardId, Field, Journal, JournalEntry, PersonalisationLog, PlanError, Profile,
};

/// Where a card of the profile stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChipState {
    /// Nothing has been written.
    Blank,
    /// Begun and not finalised.
    BeingWritten,
    /// Finalised: it cannot be changed any more.
    Finalised,
    /// Deactivated: locked by somebody.
    Locked,
    /// Terminated: void for ever.
    Void,
}

/// Why a chip was not written. Every variant has words of its own under [`ChipError::key`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "chip")]
pub enum ChipError {
    /// The profile is the real KTP-el's: that needs Dukcapil's encoder and SAM.
    #[error("needs Dukcapil's encoder and SAM")]
    NeedsDukcapil,
    /// A real KTP-el lies there, where a card of the profile is wanted.
    #[error("a real KTP-el: needs Dukcapil's encoder and SAM")]
    RealKtpel,
    /// Another kind of card: answer to reset or application do not fit.
    #[error("not a card of this profile")]
    WrongCard,
    /// A card of the profile's kind with keys that are not ours.
    #[error("foreign card: its keys are not those of the SAM")]
    Foreign,
    /// Half the keys fit: card and SAM believed each other, but neither understands what the other enciphers. It is found
    /// at the first protected command, before the journal and the card hear of any write; no try is used.
    #[error("the card's cipher key is not the SAM's, though its MAC key is")]
    ForeignCipher,
    /// The card carries another NIK. Hard stop.
    #[error("card carries another NIK")]
    OtherNik,
    /// Finalised for the same NIK with other data: it cannot be changed.
    #[error("finalised for the same NIK with other data")]
    FinalisedOtherwise,
    /// Begun by another job or with other data: resume is impossible, void it.
    #[error("begun by another job")]
    BegunElsewhere,
    /// This job has begun another card, which is neither finished nor voided.
    #[error("this job has begun another card")]
    OtherCardBegun,
    /// Deactivated by somebody.
    #[error("card is locked")]
    Locked,
    /// The card is void.
    #[error("card is void")]
    Void,
    /// No authentication try is left.
    #[error("card is blocked")]
    Blocked,
    /// One authentication try is left; it was not used.
    #[error("one try left, not used")]
    LastTry,
    /// The card does not tell who it is, so no journal can speak of it.
    #[error("card tells no UID")]
    NoUid,
    /// The card went away, or the reader or its service did, after talking had begun.
    #[error("card removed")]
    Removed,
    /// What was read back is not what was written.
    #[error("file {fid:04X} reads back differently at {offset}")]
    ReadBack {
        /// File identifier.
        fid: u16,
        /// Offset of the piece.
        offset: u32,
    },
    /// The card refused a write.
    #[error("file {fid:04X} refused ({status:04X})")]
    WriteRefused {
        /// File identifier; 0 for the directory.
        fid: u16,
        /// Status word.
        status: u16,
    },
    /// The card refused something else.
    #[error("card refused ({status:04X})")]
    Refused {
        /// Status word.
        status: u16,
    },
    /// A file would not fit: the photograph is too large for the chip.
    #[error("file {file} would have {bytes} bytes, room for {room}")]
    TooLarge {
        /// Name of the file.
        file: String,
        /// Bytes it would have.
        bytes: u64,
        /// Bytes it holds.
        room: u64,
    },
    /// The data cannot be planned: a field is missing or wrong.
    #[error("data cannot be written: {what}")]
    Data {
        /// What is wrong, without the data.
        what: String,
    },
    /// The journal did not take an entry, so the step was not done.
    #[error("journal refused")]
    Journal,
    /// The SAM failed.
    #[error(transparent)]
    Sam {
        /// How.
        #[from]
        sam: SamError,
    },
    /// The reader, before anything reached the card.
    #[error(transparent)]
    Reader {
        /// Why.
        fault: Fault,
    },
}

impl ChipError {
    /// Key of the operator's sentences.
    pub fn key(&self) -> &'static str {
        match self {
            Self::NeedsDukcapil => "chip.perlu_dukcapil",
            Self::RealKtpel => "chip.ktpel_asli",
            Self::WrongCard => "chip.bukan_kartu_ini",
            Self::Foreign => "chip.kartu_asing",
            Self::ForeignCipher => "chip.kunci_sandi_asing",
            Self::OtherNik => "chip.nik_lain",
            Self::FinalisedOtherwise => "chip.sudah_final_data_lain",
            Self::BegunElsewhere => "chip.dimulai_di_tempat_lain",
            Self::OtherCardBegun => "chip.kartu_lain_sudah_dimulai",
            Self::Locked => "chip.terkunci",
            Self::Void => "chip.batal",
            Self::Blocked => "chip.terblokir",
            Self::LastTry => "chip.sisa_satu_percobaan",
            Self::NoUid => "chip.tanpa_uid",
            Self::Removed => "chip.tercabut",
            Self::ReadBack { .. } => "chip.baca_ulang_berbeda",
            Self::WriteRefused { .. } => "chip.tulis_ditolak",
            Self::Refused { .. } => "chip.ditolak",
            Self::TooLarge { .. } => "chip.tidak_muat",
            Self::Data { .. } => "chip.data_belum_lengkap",
            Self::Journal => "chip.jurnal_gagal",
            Self::Sam { .. } => "chip.sam_gagal",
            Self::Reader { .. } => "chip.pembaca_gagal",
        }
    }
}

impl From<PlanError> for ChipError {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::TooLarge { file, bytes, room } => {
                Self::TooLarge { file, bytes: bytes as u64, room: room as u64 }
            }
            PlanError::Unwritable { .. } => Self::NeedsDukcapil,
            other => Self::Data { what: other.to_string() },
        }
    }
}

/// What a failed call leaves on the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardAfter {
    /// This job has written nothing on it: the blangko is as it was.
    Untouched,
    /// Unknown: begun and not verified. Lay the same card down again to resume it, or void it.
    Unknown,
}

/// A failed call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{error} ({card:?})")]
pub struct ChipFailure {
    /// Why.
    #[source]
    pub error: ChipError,
    /// What it leaves on the card.
    pub card: CardAfter,
    /// The card, where it told who it is.
    pub id: Option<CardId>,
    /// Writes of the plan that stand verified.
    pub confirmed: u32,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ChipProgress {
    /// Writes done and read back.
    pub done: u32,
    /// Writes of the plan.
    pub total: u32,
}

/// Told on the reader's thread after every write.
pub type OnProgress = Arc<dyn Fn(ChipProgress) + Send + Sync>;

/// One card to write, or to go on with.
#[derive(Clone)]
pub struct ChipJob {
    /// What kind of card.
    pub profile: Arc<Profile>,
    /// The person's data.
    pub data: CardData,
    /// Every entry this job's journal holds so far, in order; empty for a new job.
    pub history: Vec<JournalEntry>,
    /// Where new entries go.
    pub journal: Arc<dyn Journal>,
    /// Told after every write.
    pub progress: Option<OnProgress>,
}

impl std::fmt::Debug for ChipJob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ChipJob({}, {} entries)", self.profile.id, self.history.len())
    }
}

/// How a card came to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrittenHow {
    /// From blank in one go.
    Fresh,
    /// A torn card was finished.
    Resumed,
    /// It was finalised already; every file was read and found equal.
    AlreadyWritten,
}

/// A card that is written, read back, finalised and verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// How.
    pub how: WrittenHow,
    /// Signed account of what stands on the card.
    pub log: PersonalisationLog,
    /// Time inside the transaction, milliseconds.
    pub took_ms: u64,
}

/// What lies on the reader, found without using a key or a try.
#[derive(Clone, PartialEq, Eq)]
pub struct ChipLook {
    /// The card.
    pub id: Option<CardId>,
    /// Where it stands.
    pub state: ChipState,
    /// NIK it carries, `None` when it carries none.
    pub nik: Option<String>,
    /// Authentication tries left, `None` when the card does not tell.
    pub tries: Option<u8>,
}

impl std::fmt::Debug for ChipLook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "ChipLook({:?}, {:?}, nik {}, tries {:?})",
            self.id,
            self.state,
            self.nik.is_some(),
            self.tries
        )
    }
}

/// What a card of the profile gives to anybody.
#[derive(Clone, PartialEq, Eq)]
pub struct ChipCard {
    /// The card.
    pub id: Option<CardId>,
    /// Where it stands.
    pub state: ChipState,
    /// Freely readable fields.
    pub data: CardData,
}

impl std::fmt::Debug for ChipCard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ChipCard({:?}, {:?}, {:?})", self.id, self.state, self.data)
    }
}

impl ChipCard {
    /// NIK where it is readable.
    pub fn nik(&self) -> Option<String> {
        self.data.get(Field::Nik).map(|nik| String::from_utf8_lossy(nik).into_owned())
    }

    /// Returns the photograph, a whole JPEG; `None` when the card has none.
    pub fn photo(&self) -> Option<&[u8]> {
        self.data.get(Field::Photo)
    }
}

/// A card that was made unusable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voided {
    /// The card.
    pub id: CardId,
}

/// A reader that writes chips.
///
/// # Errors
/// [`ChipFailure`] with its [`ChipError`], what became of the card, and how many pieces are confirmed on it.
pub trait Personaliser {
    /// What lies there; changes nothing.
    fn look(&self, profile: &Arc<Profile>, budget: &Budget) -> Result<ChipLook, ChipFailure>;
    /// Writes a blank card, resumes a torn one of this job, or verifies one that is finalised already.
    ///
    /// One exclusive transaction. Ok means: every file was read back equal and the card is finalised.
    fn personalise(&self, job: ChipJob, budget: &Budget) -> Result<Written, ChipFailure>;
    /// The same with a SAM that is not the profile's own: one in a second slot.
    fn personalise_with(
        &self,
        job: ChipJob,
        sam: Box<dyn Sam>,
        budget: &Budget,
    ) -> Result<Written, ChipFailure>;
    /// Makes a card that this job has begun unusable for ever. Idempotent.
    fn void(&self, job: ChipJob, budget: &Budget) -> Result<Voided, ChipFailure>;
    /// Reads what the card gives to anybody.
    fn read_card(&self, profile: &Arc<Profile>, budget: &Budget) -> Result<ChipCard, ChipFailure>;
}

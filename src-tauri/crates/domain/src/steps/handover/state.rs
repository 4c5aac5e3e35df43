//! What is known of a hand-over: who collects, what was tried and judged, what was signed.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::finger::Finger;
use crate::ids::OperatorId;
use crate::permohonan::Ctx;
use crate::steps::attestation::AttestationSignature;
use crate::steps::verification::FingerProof;

/// Who collects the card.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "who")]
pub enum Collector {
    /// The applicant.
    #[default]
    Own,
    /// Somebody else, with a letter of authority and the slip, or the reason why there is none.
    Other {
        /// Name.
        name: String,
        /// NIK, 16 digits.
        nik: String,
        /// Relation to the applicant, in words.
        relation: String,
        /// The letter of authority was seen.
        letter_seen: bool,
        /// The Tanda Pengambilan was seen.
        #[serde(default)]
        slip_seen: bool,
        /// Why it goes without the Tanda Pengambilan, in words; blank where it was seen or nobody has said.
        #[serde(default)]
        no_slip: String,
    },
}

impl Collector {
    /// Says whether both name the same person; what was seen of that person's papers plays no part.
    pub(super) fn is_same_person(&self, other: &Collector) -> bool {
        match (self, other) {
            (Collector::Own, Collector::Own) => true,
            (
                Collector::Other { name, nik, .. },
                Collector::Other { name: other_name, nik: other_nik, .. },
            ) => (name.trim(), nik) == (other_name.trim(), other_nik),
            (Collector::Own, Collector::Other { .. }) | (Collector::Other { .. }, Collector::Own) => false,
        }
    }

    /// Returns who was named, of whom no paper was seen: letter and slip were shown by whoever stood there then.
    fn unseen(&self) -> Self {
        match self {
            Collector::Own => Collector::Own,
            Collector::Other { name, nik, relation, .. } => Collector::Other {
                name: name.clone(),
                nik: nik.clone(),
                relation: relation.clone(),
                letter_seen: false,
                slip_seen: false,
                no_slip: String::new(),
            },
        }
    }
}

impl std::fmt::Debug for Collector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Collector::Own => f.write_str("Own"),
            Collector::Other { letter_seen, .. } => write!(f, "Other(••••, letter_seen: {letter_seen})"),
        }
    }
}

/// A line that only a person can judge; who ticked it and when is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoverLine {
    /// The applicant's face is that of the card.
    FaceSame,
    /// The applicant read the card, and the data are right.
    DataRead,
    /// The old card lies in the box, not with the applicant.
    OldCardBoxed,
    /// The card was sealed in an envelope, because somebody else collects it.
    EnvelopeSealed,
}

impl HandoverLine {
    /// All lines in the order of the screen.
    pub const ALL: [HandoverLine; 4] = [
        HandoverLine::FaceSame,
        HandoverLine::DataRead,
        HandoverLine::OldCardBoxed,
        HandoverLine::EnvelopeSealed,
    ];

    /// Returns the stable key.
    pub const fn key(self) -> &'static str {
        match self {
            HandoverLine::FaceSame => "face_same",
            HandoverLine::DataRead => "data_read",
            HandoverLine::OldCardBoxed => "old_card_boxed",
            HandoverLine::EnvelopeSealed => "envelope_sealed",
        }
    }
}

/// A line as it was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Which.
    pub line: HandoverLine,
    /// Yes or no.
    pub yes: bool,
    /// By whom.
    pub by: OperatorId,
    /// When.
    pub at: Timestamp,
}

/// One try of a finger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FingerTry {
    /// Which.
    pub finger: Finger,
    /// BOZORTH3 comparison score, 0 and up; higher is more alike.
    pub score: u32,
    /// At or above the limit.
    pub matched: bool,
    /// When.
    pub at: Timestamp,
    /// By whom and on which day it was taken; `None` for a try that counts in no sitting any more.
    #[serde(default)]
    pub sitting: Option<Sitting>,
}

/// One officer's day at the desk: the tries of a finger are counted in it, so that whoever spent them takes none from the
/// owner of the card who comes later; and what was shown of a person counts in it, so that it opens the way for nobody who
/// comes later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitting {
    /// The officer.
    pub by: OperatorId,
    /// The civil day at the station.
    pub day: Date,
}

impl Sitting {
    /// The sitting that an event happens in.
    pub(crate) fn of(ctx: &Ctx<'_>) -> Self {
        Self { by: ctx.operator.clone(), day: ctx.today }
    }
}

/// Why no finger was tried before another officer answered for the applicant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Untried {
    /// No finger of this person is on record here.
    NoReference,
    /// No device that reads a finger is there.
    NoDevice,
    /// A press in this sitting failed on the device that is there, and it has not worked since.
    DeviceFailed,
    /// The applicant cannot lay a finger down: injured, bandaged, gone since the recording.
    CannotLay,
}

impl Untried {
    /// Returns the stable key, as in JSON and in the register.
    pub const fn key(self) -> &'static str {
        match self {
            Untried::NoReference => "no_reference",
            Untried::NoDevice => "no_device",
            Untried::DeviceFailed => "device_failed",
            Untried::CannotLay => "cannot_lay",
        }
    }
}

/// Why the chip that was written here was not read before an officer compared the photographs by eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unread {
    /// No card reader is there.
    NoReader,
    /// A read in this sitting failed on the reader that is there, and it has not worked since.
    ReaderFailed,
}

impl Unread {
    /// Returns the stable key, as in JSON and in the register.
    pub const fn key(self) -> &'static str {
        match self {
            Unread::NoReader => "no_reader",
            Unread::ReaderFailed => "reader_failed",
        }
    }
}

/// A good card that was kept back, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// In words.
    pub reason: String,
    /// By whom.
    pub by: OperatorId,
    /// When.
    pub at: Timestamp,
}

/// What the applicant wants corrected on a card that says what the signed form says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// In words; personal data stand in it.
    pub note: String,
    /// Who held the form against the card.
    pub by: OperatorId,
    /// When.
    pub at: Timestamp,
}

impl std::fmt::Debug for Correction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Correction(••••, by: {:?}, at: {})", self.by, self.at)
    }
}

/// The photo on the chip held against that of the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoCheck {
    /// The same photo.
    pub same: bool,
    /// The bytes were compared; else an officer looked.
    pub measured: bool,
    /// Who was at the desk.
    pub by: OperatorId,
    /// When.
    pub at: Timestamp,
}

/// Photo and name on the screen were held against the person who takes the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonConfirmed {
    /// By whom.
    pub by: OperatorId,
    /// When.
    pub at: Timestamp,
}

/// What became of the old card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "old")]
pub enum OldCard {
    /// Taken in, for destruction.
    Withdrawn {
        /// What is wrong with it, in words.
        condition: String,
        /// Where it is kept until then.
        place: String,
    },
    /// Not there, with a note.
    Absent {
        /// Why.
        note: String,
    },
}

/// Step 9 as data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverState {
    /// Who collects.
    #[serde(default)]
    pub collector: Collector,
    /// In which sitting the person was checked: finger, an eye's look at the photo, judged lines, receipt. `None` while
    /// nothing of a person counts.
    #[serde(default)]
    pub sitting: Option<Sitting>,
    /// The finger, matched or witnessed (somebody else collects, or nobody matches).
    pub finger: Option<FingerProof>,
    /// All tries, also of earlier sittings: they are evidence.
    #[serde(default)]
    pub tries: Vec<FingerTry>,
    /// The photo on the chip or card against that of the record.
    #[serde(default)]
    pub photo: Option<PhotoCheck>,
    /// Lines that were judged, one each.
    #[serde(default)]
    pub judged: Vec<Judged>,
    /// The old card.
    pub old_card: Option<OldCard>,
    /// The signature of receipt.
    pub receipt: Option<AttestationSignature>,
    /// The last look at photo and name, just before the card is given.
    #[serde(default)]
    pub confirmed: Option<PersonConfirmed>,
    /// The card was kept back the last time somebody came for it.
    #[serde(default)]
    pub held: Option<Held>,
    /// The card says what the signed form says; what the applicant wants otherwise stands here.
    #[serde(default)]
    pub correction: Option<Correction>,
    /// When the card was given.
    #[serde(default)]
    pub handed_at: Option<Timestamp>,
}

impl HandoverState {
    /// Says how a line was judged; `None` while nobody has.
    pub fn judgement(&self, line: HandoverLine) -> Option<bool> {
        self.judged.iter().find(|judged| judged.line == line).map(|judged| judged.yes)
    }

    /// Returns what counts in this sitting: of another one all is left that is no word about the person who stood there
    /// then, which is the tries, what was measured of the card, the old card, and who was named to collect it. Of a card that was
    /// given, everything.
    #[must_use]
    pub fn in_sitting(&self, sitting: &Sitting) -> HandoverState {
        if self.handed_at.is_some() || self.sitting.as_ref() == Some(sitting) {
            return self.clone();
        }
        HandoverState {
            collector: self.collector.unseen(),
            sitting: None,
            finger: None,
            photo: self.photo.clone().filter(|photo| photo.measured),
            judged: self
                .judged
                .iter()
                .filter(|one| one.line == HandoverLine::OldCardBoxed)
                .cloned()
                .collect(),
            receipt: None,
            confirmed: None,
            ..self.clone()
        }
    }

    /// Something is shown of a person in this sitting; what another one has shown counts no more.
    pub(super) fn begin(&mut self, sitting: Sitting) {
        *self = HandoverState { sitting: Some(sitting.clone()), ..self.in_sitting(&sitting) };
    }

    /// Returns how many tries stood below the limit, of all sittings.
    pub fn failed_matches(&self) -> usize {
        self.tries.iter().filter(|tried| !tried.matched).count()
    }

    /// Tries that this officer has had today.
    pub fn tries_in(&self, sitting: &Sitting) -> usize {
        self.tries.iter().filter(|tried| tried.sitting.as_ref() == Some(sitting)).count()
    }
}

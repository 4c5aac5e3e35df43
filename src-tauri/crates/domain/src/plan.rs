//! Which steps a kind of application needs.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::capture::Target;
use crate::role::Role;
use crate::usia;

/// The nine steps of the SOP (Kabupaten Pesisir Barat, 2018), in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// 1: the applicant fills in the form.
    Form,
    /// 2: form and papers are received and checked (decision).
    Requirements,
    /// 3: the form is held against the population record.
    Verification,
    /// 4: photo, fingers, irises, signature.
    Capture,
    /// 5: the applicant signs; the recording is sealed.
    Attestation,
    /// 6: the print request is submitted.
    PrintRequest,
    /// 7: the status is checked (decision).
    Status,
    /// 8: the card is printed.
    Print,
    /// 9: the applicant receives the card.
    Handover,
}

impl Step {
    /// All nine, in order.
    pub const ALL: [Step; 9] = [
        Step::Form,
        Step::Requirements,
        Step::Verification,
        Step::Capture,
        Step::Attestation,
        Step::PrintRequest,
        Step::Status,
        Step::Print,
        Step::Handover,
    ];

    /// Returns the number in the SOP, 1–9.
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// Returns the step of a number; `None` outside 1–9.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number.checked_sub(1)?)).copied()
    }

    /// Returns the standard time in minutes; 48 in all. Source: SOP 2018.
    pub const fn standard_minutes(self) -> u32 {
        match self {
            Step::Capture => 10,
            Step::Handover => 3,
            Step::Form
            | Step::Requirements
            | Step::Verification
            | Step::Attestation
            | Step::PrintRequest
            | Step::Status
            | Step::Print => 5,
        }
    }

    /// Returns the desk that does it; steps 1, 5 and 9 are the applicant's own acts, done at this desk.
    pub const fn who(self) -> Role {
        match self {
            Step::Form | Step::Requirements => Role::RegisterOfficer,
            Step::Verification | Step::Capture | Step::Attestation | Step::PrintRequest => Role::Operator,
            Step::Status | Step::Handover => Role::CustomerService,
            Step::Print => Role::Printing,
        }
    }

    /// Returns the stable key: the word that names files, routes and strings.
    pub const fn key(self) -> &'static str {
        match self {
            Step::Form => "form",
            Step::Requirements => "requirements",
            Step::Verification => "verification",
            Step::Capture => "capture",
            Step::Attestation => "attestation",
            Step::PrintRequest => "print_request",
            Step::Status => "status",
            Step::Print => "print",
            Step::Handover => "handover",
        }
    }
}

/// The ten kinds of application. Source: Perpres 96/2018; Permendagri 108/2019; ktp-el §7.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JenisPermohonan {
    /// First card of a citizen.
    BaruWni,
    /// First card of a foreigner with ITAP.
    BaruWna,
    /// Moved in, citizen.
    PindahDatangWni,
    /// Moved in, foreigner.
    PindahDatangWna,
    /// Changed data.
    PerubahanData,
    /// Prolongation for a foreigner.
    PerpanjanganWna,
    /// Card lost.
    Hilang,
    /// Card damaged.
    Rusak,
    /// Outside the domicile.
    LuarDomisili,
    /// New photo or signature.
    FotoTandaTangan,
}

impl JenisPermohonan {
    /// All ten, in the order of the form.
    pub const ALL: [JenisPermohonan; 10] = [
        JenisPermohonan::BaruWni,
        JenisPermohonan::BaruWna,
        JenisPermohonan::PindahDatangWni,
        JenisPermohonan::PindahDatangWna,
        JenisPermohonan::PerubahanData,
        JenisPermohonan::PerpanjanganWna,
        JenisPermohonan::Hilang,
        JenisPermohonan::Rusak,
        JenisPermohonan::LuarDomisili,
        JenisPermohonan::FotoTandaTangan,
    ];

    /// True for the three kinds of a foreigner with ITAP.
    pub const fn is_wna(self) -> bool {
        match self {
            JenisPermohonan::BaruWna
            | JenisPermohonan::PindahDatangWna
            | JenisPermohonan::PerpanjanganWna => true,
            JenisPermohonan::BaruWni
            | JenisPermohonan::PindahDatangWni
            | JenisPermohonan::PerubahanData
            | JenisPermohonan::Hilang
            | JenisPermohonan::Rusak
            | JenisPermohonan::LuarDomisili
            | JenisPermohonan::FotoTandaTangan => false,
        }
    }

    /// True for the two kinds that are a citizen's alone.
    pub const fn is_wni(self) -> bool {
        match self {
            JenisPermohonan::BaruWni | JenisPermohonan::PindahDatangWni => true,
            JenisPermohonan::BaruWna
            | JenisPermohonan::PindahDatangWna
            | JenisPermohonan::PerpanjanganWna
            | JenisPermohonan::PerubahanData
            | JenisPermohonan::Hilang
            | JenisPermohonan::Rusak
            | JenisPermohonan::LuarDomisili
            | JenisPermohonan::FotoTandaTangan => false,
        }
    }

    /// Says whether this kind may record a person who was never recorded.
    pub const fn may_record(self) -> bool {
        match self {
            JenisPermohonan::BaruWni
            | JenisPermohonan::BaruWna
            | JenisPermohonan::PindahDatangWni
            | JenisPermohonan::LuarDomisili => true,
            JenisPermohonan::PindahDatangWna
            | JenisPermohonan::PerubahanData
            | JenisPermohonan::PerpanjanganWna
            | JenisPermohonan::Hilang
            | JenisPermohonan::Rusak
            | JenisPermohonan::FotoTandaTangan => false,
        }
    }

    /// Says whether a datum of the record may be changed. Whoever is recorded or printed away from home keeps the record's:
    /// changes belong to the office at home. Source: ktp-el §7.3.
    pub const fn may_change_data(self) -> bool {
        match self {
            JenisPermohonan::LuarDomisili => false,
            JenisPermohonan::BaruWni
            | JenisPermohonan::BaruWna
            | JenisPermohonan::PindahDatangWni
            | JenisPermohonan::PindahDatangWna
            | JenisPermohonan::PerubahanData
            | JenisPermohonan::PerpanjanganWna
            | JenisPermohonan::Hilang
            | JenisPermohonan::Rusak
            | JenisPermohonan::FotoTandaTangan => true,
        }
    }

    /// Says whether the old card must be taken in at the hand-over, or its absence noted. One that is there is taken in at every
    /// kind: a lost card may have been found again. Source: ktp-el §7.2, §8.7.
    pub const fn takes_old_card(self) -> bool {
        match self {
            JenisPermohonan::PindahDatangWni
            | JenisPermohonan::PindahDatangWna
            | JenisPermohonan::PerubahanData
            | JenisPermohonan::PerpanjanganWna
            | JenisPermohonan::Rusak
            | JenisPermohonan::FotoTandaTangan => true,
            JenisPermohonan::BaruWni
            | JenisPermohonan::BaruWna
            | JenisPermohonan::Hilang
            | JenisPermohonan::LuarDomisili => false,
        }
    }
}

/// What of step 4 is captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaptureScope {
    /// Nothing: the person is already recorded.
    None,
    /// Photo, ten fingers, irises, signature, re-match.
    Full,
    /// A new photo only.
    Portrait,
    /// A new signature only.
    Signature,
    /// A new photo and a new signature.
    PortraitAndSignature,
}

impl CaptureScope {
    /// Says whether a photo is taken.
    pub const fn portrait(self) -> bool {
        matches!(self, CaptureScope::Full | CaptureScope::Portrait | CaptureScope::PortraitAndSignature)
    }

    /// Says whether fingers and irises are taken and re-matched.
    pub const fn biometrics(self) -> bool {
        matches!(self, CaptureScope::Full)
    }

    /// Says whether a signature is taken.
    pub const fn signature(self) -> bool {
        matches!(self, CaptureScope::Full | CaptureScope::Signature | CaptureScope::PortraitAndSignature)
    }

    /// Says whether what was captured of a target is part of this recording. What was captured before the plan lost it stays
    /// with the visit, in no packet and attested by nobody: it is no picture of the person on record.
    pub const fn takes(self, target: Target) -> bool {
        match target {
            Target::Portrait => self.portrait(),
            Target::Slap(_) | Target::Eye(_) => self.biometrics(),
            Target::Signature => self.signature(),
        }
    }
}

/// What is known of the applicant when the plan is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanFacts {
    /// Recorded before, as far as is known; `None` while nobody has answered.
    pub already_recorded: Option<bool>,
    /// Last day the date of birth can be; `None` while unknown.
    pub born: Option<Date>,
    /// Married now or ever.
    pub married_ever: bool,
    /// The day of planning.
    pub today: Date,
    /// For `FotoTandaTangan`: a new photo is asked.
    pub new_portrait: bool,
    /// For `FotoTandaTangan`: a new signature is asked.
    pub new_signature: bool,
}

/// The steps of one visit, computed once and stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The kind it was made for.
    pub kind: JenisPermohonan,
    /// The steps in order.
    pub steps: Vec<Step>,
    /// What step 4 captures.
    pub capture: CaptureScope,
    /// A 1:1 fingerprint check against the record is part of step 3.
    pub identity_check: bool,
    /// Earliest day of printing, when it lies after the day of planning.
    pub print_from: Option<Date>,
}

/// Why no plan can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum PlanRefusal {
    /// Under 16 and never married.
    #[error("too young to be recorded before {from}")]
    TooYoung {
        /// First day on which the person may be recorded.
        from: Date,
    },
    /// This kind prints from an earlier recording, and there is none.
    #[error("kind {kind:?} needs an earlier recording")]
    NeverRecorded {
        /// The kind asked for.
        kind: JenisPermohonan,
    },
    /// A photo-or-signature application that asks for neither.
    #[error("neither photo nor signature asked")]
    NothingAsked,
    /// A born-in-the-future date.
    #[error("date of birth lies in the future")]
    NotYetBorn,
}

/// Makes the plan of a kind for one applicant.
///
/// # Errors
/// `PlanRefusal` when the visit makes no sense; nothing is to be stored. Source of the table: ktp-el §7.3.
pub fn plan(kind: JenisPermohonan, facts: &PlanFacts) -> Result<Plan, PlanRefusal> {
    let capture = match kind {
        JenisPermohonan::FotoTandaTangan => match (facts.new_portrait, facts.new_signature) {
            (true, true) => CaptureScope::PortraitAndSignature,
            (true, false) => CaptureScope::Portrait,
            (false, true) => CaptureScope::Signature,
            (false, false) => return Err(PlanRefusal::NothingAsked),
        },
        // Most who move in were recorded long ago; only a plain "never" brings them to the camera.
        JenisPermohonan::PindahDatangWni => match facts.already_recorded {
            Some(false) => CaptureScope::Full,
            Some(true) | None => CaptureScope::None,
        },
        JenisPermohonan::BaruWni | JenisPermohonan::BaruWna | JenisPermohonan::LuarDomisili => {
            match facts.already_recorded {
                Some(true) => CaptureScope::None,
                Some(false) | None => CaptureScope::Full,
            }
        }
        JenisPermohonan::PindahDatangWna
        | JenisPermohonan::PerubahanData
        | JenisPermohonan::PerpanjanganWna
        | JenisPermohonan::Hilang
        | JenisPermohonan::Rusak => CaptureScope::None,
    };
    if facts.already_recorded == Some(false) && !kind.may_record() {
        return Err(PlanRefusal::NeverRecorded { kind });
    }
    let mut print_from = None;
    if let Some(born) = facts.born {
        if born > facts.today {
            return Err(PlanRefusal::NotYetBorn);
        }
        if let Some(from) = usia::record_from(born, facts.married_ever)
            && facts.today < from
        {
            return Err(PlanRefusal::TooYoung { from });
        }
        print_from = usia::print_from(born, facts.married_ever).filter(|from| facts.today < *from);
    }
    // Whose ten fingers are not taken anew is held against the record before anything is printed in that name.
    let identity_check = capture != CaptureScope::Full;
    let steps = Step::ALL
        .into_iter()
        .filter(|step| capture != CaptureScope::None || !matches!(step, Step::Capture | Step::Attestation))
        .collect();
    Ok(Plan { kind, steps, capture, identity_check, print_from })
}

impl Plan {
    /// Returns the step that follows; `None` after the last.
    pub fn after(&self, step: Step) -> Option<Step> {
        self.steps.iter().copied().find(|next| *next > step)
    }

    /// Says whether the step is part of this visit.
    pub fn has(&self, step: Step) -> bool {
        self.steps.contains(&step)
    }
}

//! The colour that is due behind the applicant.

use serde::{Deserialize, Serialize};

use crate::biodata::{Biodata, Unsur};
use crate::plan::JenisPermohonan;

/// The colour that is due behind the applicant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backdrop {
    /// Odd birth year.
    Red,
    /// Even birth year.
    Blue,
    /// No colour is asked for; only evenness is checked.
    Any,
}

impl Backdrop {
    /// Returns the colour by the parity of the birth year. Source: ktp-el §6.2.
    pub const fn of_birth_year(year: i16) -> Self {
        if year % 2 == 0 { Self::Blue } else { Self::Red }
    }

    /// Returns the backdrop that is due by the biodata. For a foreigner no rule is known, and without a year none can be held:
    /// then no colour is asked for.
    pub fn due(kind: JenisPermohonan, biodata: &Biodata) -> Self {
        let foreign = kind.is_wna()
            || biodata.get(Unsur::Kewarganegaraan).is_some_and(|of| of.trim().eq_ignore_ascii_case("WNA"));
        match biodata.born() {
            Some(born) if !foreign => Self::of_birth_year(born.year()),
            Some(_) | None => Self::Any,
        }
    }
}

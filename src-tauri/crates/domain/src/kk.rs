//! The family card number.

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Level, Rule, loudest};
use crate::nik::{digits_only, two};

/// A KK number: 16 ASCII digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NomorKk(String);

/// What the rules say about a KK number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KkVerdict {
    /// The loudest finding.
    pub level: Level,
    /// The number, when nothing HARD was found.
    pub kk: Option<NomorKk>,
    /// Everything that was found.
    pub findings: Vec<Finding>,
}

/// A text that is no KK number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a KK number of 16 digits")]
pub struct KkError;

impl NomorKk {
    /// Takes 16 digits after stripping spaces, dots and dashes; the date inside is judged by [`check`].
    ///
    /// # Errors
    /// `KkError` when 16 ASCII digits do not remain.
    pub fn parse(text: &str) -> Result<Self, KkError> {
        let digits = digits_only(text);
        if digits.len() == 16 && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(digits))
        } else {
            Err(KkError)
        }
    }

    /// Returns the 16 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the form for lists: `180401••••••9002`.
    pub fn masked(&self) -> String {
        format!("{}••••••{}", &self.0[..6], &self.0[12..])
    }
}

/// Checks a KK number: 16 digits and a real date of recording; no +40 rule and no demand on the region.
///
/// Source: ktp-el §2.5.
pub fn check(text: &str) -> KkVerdict {
    let digits = digits_only(text);
    let mut findings = Vec::new();
    if digits.is_empty() {
        findings.push(Finding::new(Level::Hard, Rule::Empty, "Nomor KK belum diisi."));
    } else if !digits.bytes().all(|b| b.is_ascii_digit()) {
        findings.push(Finding::new(
            Level::Hard,
            Rule::KkNotDigits,
            "Nomor KK berisi huruf atau tanda lain. Ketik ulang angkanya dari kartu keluarga.",
        ));
    } else if digits.len() != 16 {
        findings.push(Finding::new(
            Level::Hard,
            Rule::KkLength,
            format!(
                "Nomor KK harus 16 angka, yang diketik {}. Periksa lagi kartu keluarganya.",
                digits.len()
            ),
        ));
    } else {
        let (day, month, year) = (two(&digits, 6), two(&digits, 8), two(&digits, 10));
        if !crate::nik::day_exists(day, month, year) {
            findings.push(Finding::new(
                Level::Hard,
                Rule::KkImpossibleDate,
                format!("Tanggal di nomor KK ({day:02}-{month:02}-{year:02}) tidak ada. Periksa lagi kartu keluarganya."),
            ));
        }
    }
    let level = loudest(&findings);
    let kk = if level < Level::Hard { NomorKk::parse(&digits).ok() } else { None };
    KkVerdict { level, kk, findings }
}

impl TryFrom<String> for NomorKk {
    type Error = KkError;
    fn try_from(text: String) -> Result<Self, KkError> {
        Self::parse(&text)
    }
}

impl From<NomorKk> for String {
    fn from(kk: NomorKk) -> Self {
        kk.0
    }
}

impl std::fmt::Debug for NomorKk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NomorKk(••••)")
    }
}

//! What a rule has to say about a value, and how loudly.

use serde::{Deserialize, Serialize};

/// How a rule's answer binds the desk, quietest first.
///
/// Source: ktp-el §2.2 (three levels of rule).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing to say.
    #[default]
    Ok,
    /// Shown only.
    Info,
    /// The operator confirms, and the reason is kept.
    Warn,
    /// The value is not taken.
    Hard,
}

/// The rule that spoke. Its [`Rule::key`] is the string id of the wording in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// NIK is not 16 characters long.
    NikLength,
    /// NIK holds something that is no digit.
    NikNotDigits,
    /// NIK is one digit sixteen times.
    NikAllSame,
    /// NIK day is outside 1–31 and 41–71.
    NikDay,
    /// NIK month is outside 1–12.
    NikMonth,
    /// NIK day and month exist in neither 19YY nor 20YY.
    NikImpossibleDate,
    /// NIK serial is 0000.
    NikSerialZero,
    /// NIK province is in no list.
    NikProvinceUnknown,
    /// NIK kabupaten/kota is in no list.
    NikRegencyUnknown,
    /// NIK kecamatan is in no list.
    NikDistrictUnknown,
    /// NIK region is a hole in the numbering: perhaps a retired code.
    NikMaybeOldCode,
    /// NIK date is not the date of birth.
    NikDateDiffers,
    /// NIK sex is not the sex of the biodata.
    NikSexDiffers,
    /// NIK implies less than 16 years and the person was never married.
    NikUnder16,
    /// NIK implies more than 100 years.
    NikOver100,
    /// NIK region is not the region of domicile.
    NikRegionDiffers,
    /// NIK region is a retired code.
    NikRetiredCode,
    /// KK number is not 16 characters long.
    KkLength,
    /// KK number holds something that is no digit.
    KkNotDigits,
    /// KK recording date does not exist.
    KkImpossibleDate,
    /// The value is missing.
    Empty,
    /// The value is longer than any form or record allows.
    TooLong,
    /// Control, invisible or direction-changing characters.
    ForbiddenCharacter,
    /// A name of more than 60 letters.
    NameOver60,
    /// A name of one word.
    NameSingleWord,
    /// A name with a digit.
    NameDigit,
    /// A name with an apostrophe, dot or other punctuation.
    NamePunctuation,
    /// A name with letters that are not Latin.
    NameNotLatin,
    /// A date that cannot be read or does not exist.
    DateInvalid,
    /// A date whose day or month is unknown.
    DatePartial,
    /// A date later than today.
    DateFuture,
    /// A date more than 120 years ago.
    DateTooOld,
    /// The last day of a foreigner's stay has passed.
    StayEnded,
    /// The stay in the record ends later than a prolongation may be asked for.
    ProlongedEarly,
    /// A citizen's kind of application for a foreigner, or the reverse.
    CitizenshipOfKind,
    /// A code that the table of that name does not hold.
    CodeUnknown,
    /// A region code that no list holds.
    RegionUnknown,
    /// RT or RW is not one to three digits.
    RtRwForm,
    /// A telephone number that no telephone has.
    PhoneForm,
    /// A postcode that is not five digits.
    PostcodeForm,
    /// An e-mail address without an @ in the middle.
    EmailForm,
    /// Too young to be recorded.
    TooYoungToRecord,
    /// May be recorded; the card waits for the 17th birthday.
    PrintHeldForAge,
}

impl Rule {
    /// Returns the stable key of the rule, as in JSON and in the strings of the window.
    pub fn key(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(key)) => key,
            Ok(_) | Err(_) => String::new(),
        }
    }
}

/// One answer of one rule, with the Indonesian words for it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How loudly.
    pub level: Level,
    /// Which rule.
    pub rule: Rule,
    /// What happened and what to do, in Indonesian; may name dates of the person, so it never goes to a log.
    pub words: String,
}

impl Finding {
    pub(crate) fn new(level: Level, rule: Rule, words: impl Into<String>) -> Self {
        Self { level, rule, words: words.into() }
    }
}

impl std::fmt::Debug for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Finding({:?}, {:?})", self.level, self.rule)
    }
}

/// Returns the loudest level of a list; `Ok` when it is empty.
pub fn loudest(findings: &[Finding]) -> Level {
    findings.iter().map(|finding| finding.level).max().unwrap_or_default()
}

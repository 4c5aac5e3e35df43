//! The number printed on a blangko.

use serde::{Deserialize, Serialize};

/// Longest run of digits that a number may have.
const DIGITS: std::ops::RangeInclusive<usize> = 4..=14;
/// Most letters before the digits.
const LETTERS: usize = 4;
/// Most pieces in one range: more than a delivery to a kabupaten ever holds.
const RANGE_LIMIT: u64 = 100_000;

/// A text that is no number of a blangko, or two that make no range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum SerialError {
    /// A number is up to four letters and then 4–14 digits; spaces, dashes and dots are taken out.
    #[error("not a blangko number")]
    Form,
    /// First and last differ in letters or in length.
    #[error("first and last do not belong together")]
    Unlike,
    /// The last comes before the first.
    #[error("the last number comes before the first")]
    Reversed,
    /// More than 100 000 pieces.
    #[error("more than {RANGE_LIMIT} pieces")]
    TooMany,
}

/// Number of a blangko, normalised: up to four capital letters and 4–14 digits. Shown in groups: `0718-224-913`.
///
/// Source of the form: our choice; the official numbering was not seen (ktp-el §8.8).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NomorBlangko(String);

impl NomorBlangko {
    /// Reads a number as typed or scanned.
    ///
    /// # Errors
    /// `SerialError::Form`.
    pub fn parse(text: &str) -> Result<Self, SerialError> {
        let plain: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '.' | '\u{2009}' | '\u{00A0}'))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let letters = plain.bytes().take_while(u8::is_ascii_uppercase).count();
        let digits = plain.len() - letters;
        let is_number = letters <= LETTERS
            && DIGITS.contains(&digits)
            && plain.bytes().skip(letters).all(|byte| byte.is_ascii_digit());
        if is_number { Ok(Self(plain)) } else { Err(SerialError::Form) }
    }

    /// Returns the number without groups, as it is stored and compared.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parts(&self) -> (&str, &str) {
        let letters = self.0.bytes().take_while(u8::is_ascii_uppercase).count();
        self.0.split_at(letters)
    }

    fn value(&self) -> u64 {
        self.parts().1.parse().unwrap_or(0)
    }

    fn with_value(&self, value: u64) -> Option<Self> {
        let (letters, digits) = self.parts();
        let width = digits.len();
        let digits = format!("{value:0width$}");
        (digits.len() == width).then(|| Self(format!("{letters}{digits}")))
    }

    /// Returns the number that follows; `None` after the last of its length.
    pub fn successor(&self) -> Option<Self> {
        self.with_value(self.value().checked_add(1)?)
    }

    /// Returns the number in groups of three from the right, a single digit joined to its neighbour: `0718-224-913`.
    pub fn grouped(&self) -> String {
        let (letters, digits) = self.parts();
        let mut head = digits.len() % 3;
        if head == 1 {
            head = 4;
        }
        let (head, rest) = digits.split_at(head.min(digits.len()));
        let mut groups: Vec<&str> = Vec::new();
        if !head.is_empty() {
            groups.push(head);
        }
        groups.extend(rest.as_bytes().chunks(3).filter_map(|chunk| std::str::from_utf8(chunk).ok()));
        format!("{letters}{}", groups.join("-"))
    }
}

impl std::fmt::Display for NomorBlangko {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.grouped())
    }
}

impl TryFrom<String> for NomorBlangko {
    type Error = SerialError;
    fn try_from(text: String) -> Result<Self, SerialError> {
        Self::parse(&text)
    }
}

impl From<NomorBlangko> for String {
    fn from(number: NomorBlangko) -> Self {
        number.0
    }
}

/// Numbers from first to last, both included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SerialRange {
    first: NomorBlangko,
    last: NomorBlangko,
}

impl SerialRange {
    /// Takes both ends, both included.
    ///
    /// # Errors
    /// `Unlike`, `Reversed`, `TooMany`.
    pub fn new(first: NomorBlangko, last: NomorBlangko) -> Result<Self, SerialError> {
        let ((letters, digits), (other_letters, other_digits)) = (first.parts(), last.parts());
        if letters != other_letters || digits.len() != other_digits.len() {
            return Err(SerialError::Unlike);
        }
        let Some(steps) = last.value().checked_sub(first.value()) else { return Err(SerialError::Reversed) };
        if steps >= RANGE_LIMIT {
            return Err(SerialError::TooMany);
        }
        Ok(Self { first, last })
    }

    /// Returns the range of one number.
    pub fn one(number: NomorBlangko) -> Self {
        Self { first: number.clone(), last: number }
    }

    /// Returns the lowest number.
    pub fn first(&self) -> &NomorBlangko {
        &self.first
    }

    /// Returns the highest number; that of one piece is its first.
    pub fn last(&self) -> &NomorBlangko {
        &self.last
    }

    /// Returns how many numbers it holds; at least one.
    pub fn count(&self) -> u32 {
        u32::try_from(self.last.value().saturating_sub(self.first.value()) + 1).unwrap_or(u32::MAX)
    }

    /// Says whether a number lies in it.
    pub fn contains(&self, number: &NomorBlangko) -> bool {
        number.0.len() == self.first.0.len()
            && number.parts().0 == self.first.parts().0
            && (self.first.value()..=self.last.value()).contains(&number.value())
    }

    /// Returns its numbers in rising order, each once; at most as many as [`Self::count`].
    pub fn iter(&self) -> impl Iterator<Item = NomorBlangko> + '_ {
        (self.first.value()..=self.last.value()).filter_map(|value| self.first.with_value(value))
    }

    /// Gathers numbers into as few ranges as hold exactly them, in order; twins count once.
    pub fn gather(numbers: impl IntoIterator<Item = NomorBlangko>) -> Vec<Self> {
        let mut sorted: Vec<NomorBlangko> = numbers.into_iter().collect();
        sorted.sort();
        sorted.dedup();
        let mut ranges: Vec<Self> = Vec::new();
        for number in sorted {
            match ranges.last_mut() {
                Some(range)
                    if range.last.successor().as_ref() == Some(&number)
                        && u64::from(range.count()) < RANGE_LIMIT =>
                {
                    range.last = number;
                }
                Some(_) | None => ranges.push(Self::one(number)),
            }
        }
        ranges
    }
}

//! Dates as the civil register knows them: the day, or day and month, may be unknown.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A date of which the year is known, and perhaps the month, and perhaps the day.
///
/// Text form: `2008-03-14`, `2008-03` or `2008`. Sorts by its earliest day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tanggal {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

/// A text that is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TanggalError {
    /// Neither day-month-year nor year-month-day.
    #[error("date has an unknown form")]
    Form,
    /// The form is right but no such day is in the calendar, or the year is outside 1800–2200.
    #[error("date does not exist")]
    NoSuchDay,
}

impl Tanggal {
    /// Takes a day of which year, month and day are known.
    pub fn exact(date: Date) -> Self {
        Self { year: date.year(), month: Some(date.month()), day: Some(date.day()) }
    }

    /// Takes what is known: `year` 1800–2200, `month` 1–12, `day` 1–31.
    ///
    /// # Errors
    /// `TanggalError::NoSuchDay` when no day fits, or a day is given without its month.
    pub fn new(year: i16, month: Option<i8>, day: Option<i8>) -> Result<Self, TanggalError> {
        if !(1800..=2200).contains(&year) || (month.is_none() && day.is_some()) {
            return Err(TanggalError::NoSuchDay);
        }
        Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).map_err(|_| TanggalError::NoSuchDay)?;
        Ok(Self { year, month, day })
    }

    /// Reads `14-03-2008`, `14/3/2008`, `14 03 2008`, `2008-03-14`, `2008-03`, `2008`; `00` stands for unknown.
    ///
    /// # Errors
    /// `Form` when the text is built otherwise, `NoSuchDay` when the calendar lacks it.
    pub fn parse(text: &str) -> Result<Self, TanggalError> {
        let parts: Vec<&str> =
            text.trim().split(['-', '/', '.', ' ']).map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts.iter().any(|part| !part.bytes().all(|b| b.is_ascii_digit()) || part.len() > 4) {
            return Err(TanggalError::Form);
        }
        let (year, month, day) = match parts.as_slice() {
            [y] if y.len() == 4 => (*y, None, None),
            [y, m] if y.len() == 4 && m.len() <= 2 => (*y, Some(*m), None),
            [m, y] if y.len() == 4 && m.len() <= 2 => (*y, Some(*m), None),
            [y, m, d] if y.len() == 4 && m.len() <= 2 && d.len() <= 2 => (*y, Some(*m), Some(*d)),
            [d, m, y] if y.len() == 4 && m.len() <= 2 && d.len() <= 2 => (*y, Some(*m), Some(*d)),
            [] | [_] | [_, _] | [_, _, _] | [_, _, _, _, ..] => return Err(TanggalError::Form),
        };
        let number = |part: &str| part.parse::<i16>().map_err(|_| TanggalError::Form);
        let known = |part: Option<&str>| -> Result<Option<i8>, TanggalError> {
            let Some(part) = part else { return Ok(None) };
            let value = number(part)?;
            Ok(i8::try_from(value).ok().filter(|value| *value != 0))
        };
        Self::new(number(year)?, known(month)?, known(day)?)
    }

    /// Returns the date when day and month are known.
    pub fn date(self) -> Option<Date> {
        Date::new(self.year, self.month?, self.day?).ok()
    }

    /// Returns the first day it can be.
    pub fn earliest(self) -> Option<Date> {
        Date::new(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1)).ok()
    }

    /// Returns the last day it can be; ages are counted from it, so nobody gets a card too early.
    pub fn latest(self) -> Option<Date> {
        if let Some(date) = self.date() {
            return Some(date);
        }
        Date::new(self.year, self.month.unwrap_or(12), 1).ok().map(|first| first.last_of_month())
    }

    /// Returns the year, 1800–2200; it is always known.
    pub fn year(self) -> i16 {
        self.year
    }

    /// Returns the month, 1–12; `None` where it is unknown.
    pub fn month(self) -> Option<i8> {
        self.month
    }

    /// Returns the day of the month, 1–31; `None` where it is unknown.
    pub fn day(self) -> Option<i8> {
        self.day
    }

    /// Says whether day or month is unknown.
    pub fn is_partial(self) -> bool {
        self.day.is_none()
    }

    /// Returns the stored text, `YYYY[-MM[-DD]]`.
    pub fn iso(self) -> String {
        match (self.month, self.day) {
            (Some(month), Some(day)) => format!("{:04}-{month:02}-{day:02}", self.year),
            (Some(month), None) => format!("{:04}-{month:02}", self.year),
            (None, _) => format!("{:04}", self.year),
        }
    }

    /// Returns the text of forms and cards, `DD-MM-YYYY` with `00` for what is unknown.
    pub fn dmy(self) -> String {
        format!("{:02}-{:02}-{:04}", self.day.unwrap_or(0), self.month.unwrap_or(0), self.year)
    }
}

impl TryFrom<String> for Tanggal {
    type Error = TanggalError;
    fn try_from(text: String) -> Result<Self, TanggalError> {
        Self::parse(&text)
    }
}

impl From<Tanggal> for String {
    fn from(tanggal: Tanggal) -> Self {
        tanggal.iso()
    }
}

impl std::fmt::Debug for Tanggal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tanggal(••••)")
    }
}

/// Writes a date the way papers and screens do: `14-03-2008`.
pub fn dmy(date: Date) -> String {
    Tanggal::exact(date).dmy()
}

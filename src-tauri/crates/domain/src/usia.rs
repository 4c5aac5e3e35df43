//! Ages: who may be recorded and who may have the card.

use jiff::civil::Date;

/// Youngest age at which an unmarried person is recorded. Source: Dukcapil practice (ktp-el §3).
pub const RECORD_AGE: i16 = 16;
/// Youngest age at which an unmarried person gets the card. Source: UU 24/2013 Ps. 63(1).
pub const PRINT_AGE: i16 = 17;

/// Returns the day on which someone born on `born` is `years` old; born 29 February counts 1 March in common years.
///
/// `None` past the end of the calendar (year 9999). Source of the 1 March rule: our choice, since the year of life
/// is not complete on 28 February; the law is silent.
pub fn birthday(born: Date, years: i16) -> Option<Date> {
    let year = born.year().checked_add(years)?;
    Date::new(year, born.month(), born.day()).or_else(|_| Date::new(year, 3, 1)).ok()
}

/// Returns the completed years of life on `day`; negative before birth.
pub fn age_on(born: Date, day: Date) -> i16 {
    let years = day.year() - born.year();
    match birthday(born, years) {
        Some(date) if day < date => years - 1,
        Some(_) | None => years,
    }
}

/// Returns the first day on which this person may be recorded; `None` when a marriage removes the limit.
pub fn record_from(born: Date, married_ever: bool) -> Option<Date> {
    if married_ever { None } else { birthday(born, RECORD_AGE) }
}

/// Returns the first day on which the card may be printed; `None` when a marriage removes the limit.
pub fn print_from(born: Date, married_ever: bool) -> Option<Date> {
    if married_ever { None } else { birthday(born, PRINT_AGE) }
}

/// Says whether the person may be recorded on `today`.
pub fn may_record(born: Date, married_ever: bool, today: Date) -> bool {
    record_from(born, married_ever).is_none_or(|from| today >= from)
}

/// Says whether the card may be printed on `today`.
pub fn may_print(born: Date, married_ever: bool, today: Date) -> bool {
    print_from(born, married_ever).is_none_or(|from| today >= from)
}

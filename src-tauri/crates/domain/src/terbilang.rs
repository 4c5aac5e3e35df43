//! Numbers and dates in Indonesian words, as a Berita Acara writes them.

use jiff::civil::{Date, Weekday};

const SMALL: [&str; 12] = [
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh",
    "sebelas",
];

/// Months in words, January first.
pub const MONTHS: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];

/// Returns a number in words: `2026` is "dua ribu dua puluh enam".
pub fn number(value: u64) -> String {
    let join = |head: String, rest: u64| {
        if rest == 0 { head } else { format!("{head} {}", number(rest)) }
    };
    match value {
        0..=11 => SMALL.get(usize::try_from(value).unwrap_or(0)).copied().unwrap_or_default().to_owned(),
        12..=19 => format!("{} belas", number(value - 10)),
        20..=99 => join(format!("{} puluh", number(value / 10)), value % 10),
        100..=199 => join("seratus".to_owned(), value % 100),
        200..=999 => join(format!("{} ratus", number(value / 100)), value % 100),
        1_000..=1_999 => join("seribu".to_owned(), value % 1_000),
        2_000..=999_999 => join(format!("{} ribu", number(value / 1_000)), value % 1_000),
        1_000_000..=999_999_999 => join(format!("{} juta", number(value / 1_000_000)), value % 1_000_000),
        1_000_000_000..=999_999_999_999 => {
            join(format!("{} miliar", number(value / 1_000_000_000)), value % 1_000_000_000)
        }
        _ => join(format!("{} triliun", number(value / 1_000_000_000_000)), value % 1_000_000_000_000),
    }
}

/// Returns the name of a month 1–12; empty outside.
pub fn month(month: i8) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|index| MONTHS.get(index)).copied().unwrap_or_default()
}

/// Returns the name of a day of the week.
pub const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Senin",
        Weekday::Tuesday => "Selasa",
        Weekday::Wednesday => "Rabu",
        Weekday::Thursday => "Kamis",
        Weekday::Friday => "Jumat",
        Weekday::Saturday => "Sabtu",
        Weekday::Sunday => "Minggu",
    }
}

/// Returns a day as a Berita Acara names it: "Jumat tanggal dua puluh tujuh November dua ribu dua puluh enam".
pub fn day(date: Date) -> String {
    let count = |value: i64| number(u64::try_from(value).unwrap_or(0));
    format!(
        "{} tanggal {} {} {}",
        weekday(date.weekday()),
        count(i64::from(date.day())),
        month(date.month()),
        count(i64::from(date.year()))
    )
}

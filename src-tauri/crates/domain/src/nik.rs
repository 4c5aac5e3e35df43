//! The NIK: 16 digits given once for life, and what can be said about them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Level, Rule, loudest};
use crate::tanggal::Tanggal;
use crate::usia::{RECORD_AGE, age_on};
use crate::wilayah::{KodeWilayah, Wilayah};

/// A NIK: 16 ASCII digits. Only SIAK issues one; a station never makes it.
///
/// Source: PP 37/2007 Ps. 37; PP 40/2019 Ps. 30(2).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Nik(String);

/// Sex as the biodata holds it: code 1 LAKI-LAKI, 2 PEREMPUAN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Code 1.
    Male,
    /// Code 2.
    Female,
}

/// A text that is no NIK.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a NIK of 16 digits")]
pub struct NikError;

/// What is known beside the NIK itself.
#[derive(Clone, Copy)]
pub struct NikContext<'a> {
    /// Date of birth of the biodata, of which the day or the month may be unknown; its year alone decides the century.
    pub born: Option<Tanggal>,
    /// Sex of the biodata.
    pub sex: Option<Sex>,
    /// Married now or ever.
    pub married: bool,
    /// The day of asking.
    pub today: Date,
    /// The regions of the country, with retired codes.
    pub wilayah: &'a Wilayah,
    /// Where the person lives now; only shown beside the NIK's region.
    pub domicile: Option<KodeWilayah>,
}

impl<'a> NikContext<'a> {
    /// Knows nothing but the day and the regions.
    pub fn bare(today: Date, wilayah: &'a Wilayah) -> Self {
        Self { born: None, sex: None, married: false, today, wilayah, domicile: None }
    }
}

/// The NIK taken apart.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct NikParts {
    /// Kemendagri code of the province where it was given: digits 1–2.
    pub province: String,
    /// Code of the kabupaten/kota: digits 1–4.
    pub regency: String,
    /// Code of the kecamatan: digits 1–6.
    pub district: String,
    /// Name of the province, when it is known.
    pub province_name: Option<String>,
    /// Name of the kabupaten/kota, when it is known.
    pub regency_name: Option<String>,
    /// Name of the kecamatan, or the note of a retired code.
    pub district_name: Option<String>,
    /// Day of birth after taking 40 off for a woman: 1–31; as written (0–59) beside the HARD finding about it.
    pub day: u8,
    /// Month, digits 9–10: 1–12; as written (0–99) beside the HARD finding about it.
    pub month: u8,
    /// Last two digits of the year, 0–99.
    pub year2: u8,
    /// Sex that the day tells.
    pub sex: Sex,
    /// The date in the century that was taken; `None` when that century lacks the day.
    pub date: Option<Date>,
    /// True when no date of birth decided the century.
    pub century_guessed: bool,
    /// Running number, digits 13–16: 0–9999.
    pub serial: u16,
}

impl std::fmt::Debug for NikParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NikParts({}••••)", self.province)
    }
}

/// What the rules say about a NIK.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NikVerdict {
    /// The loudest finding.
    pub level: Level,
    /// The NIK, when nothing HARD was found.
    pub nik: Option<Nik>,
    /// The parts, when there were 16 digits with a day and a month.
    pub parts: Option<NikParts>,
    /// Everything that was found, loudest first.
    pub findings: Vec<Finding>,
}

impl Nik {
    /// Takes 16 digits after [`digits_only`]; whether they make sense is judged by [`check`].
    ///
    /// # Errors
    /// `NikError` when 16 ASCII digits do not remain.
    pub fn parse(text: &str) -> Result<Self, NikError> {
        let digits = digits_only(text);
        if digits.len() == 16 && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(digits))
        } else {
            Err(NikError)
        }
    }

    /// Returns the 16 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the form for lists and slips: `180401••••••9002`.
    pub fn masked(&self) -> String {
        format!("{}••••••{}", &self.0[..6], &self.0[12..])
    }

    /// Returns the six digits of the kecamatan of first registration.
    pub fn region(&self) -> &str {
        &self.0[..6]
    }
}

/// Strips spaces, dots and dashes and turns full-width digits into ASCII; whatever else was there stays and fails later.
pub fn digits_only(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !c.is_whitespace()
                && !matches!(
                    *c,
                    '.' | '-' | '\u{2010}'
                        ..='\u{2015}' | '\u{2212}' | '\u{FF0D}' | '\u{FF0E}' | '\u{200B}' | '\u{FEFF}'
                )
        })
        .map(|c| match c {
            '\u{FF10}'..='\u{FF19}' => char::from_u32(u32::from(c) - 0xFF10 + 0x30).unwrap_or(c),
            other => other,
        })
        .collect()
}

/// Reads two ASCII digits at a byte offset; 0 where there are none.
pub(crate) fn two(digits: &str, at: usize) -> u8 {
    digits.get(at..at + 2).and_then(|part| part.parse().ok()).unwrap_or(0)
}

fn date_in(century: i16, day: u8, month: u8, year2: u8) -> Option<Date> {
    Date::new(century + i16::from(year2), i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Says whether 19YY or 20YY has that day and month.
pub(crate) fn day_exists(day: u8, month: u8, year2: u8) -> bool {
    [1900, 2000].iter().any(|century| date_in(*century, day, month, year2).is_some())
}

/// Chooses the century: that of the biodata, or else the one that makes a living person of 16 to 100 years.
fn resolve(day: u8, month: u8, year2: u8, ctx: &NikContext<'_>) -> (Option<Date>, bool) {
    if let Some(born) = ctx.born {
        return (date_in(born.year().div_euclid(100) * 100, day, month, year2), false);
    }
    let mut candidates =
        [2000, 1900].into_iter().filter_map(|c| date_in(c, day, month, year2)).filter(|d| *d <= ctx.today);
    let likely = candidates.clone().find(|d| (RECORD_AGE..=100).contains(&age_on(*d, ctx.today)));
    (likely.or_else(|| candidates.next()), true)
}

/// Judges a NIK by the three levels of rule.
///
/// HARD rejects, WARN asks the operator to confirm with a reason, INFO is shown only. A region that differs from the
/// domicile is INFO: a NIK never changes. Source: ktp-el §2.2.
pub fn check(text: &str, ctx: &NikContext<'_>) -> NikVerdict {
    let digits = digits_only(text);
    if let Some(finding) = shape(&digits) {
        return NikVerdict { level: finding.level, nik: None, parts: None, findings: vec![finding] };
    }
    let mut findings = Vec::new();
    let (day_written, month, year2) = (two(&digits, 6), two(&digits, 8), two(&digits, 10));
    let serial: u16 = digits[12..].parse().unwrap_or(0);
    hard(&digits, day_written, month, year2, serial, &mut findings);

    let (sex, day) =
        if day_written > 40 { (Sex::Female, day_written - 40) } else { (Sex::Male, day_written) };
    let (date, century_guessed) = resolve(day, month, year2, ctx);
    let parts = NikParts {
        province: digits[..2].to_owned(),
        regency: digits[..4].to_owned(),
        district: digits[..6].to_owned(),
        province_name: name_of(&digits[..2], ctx.wilayah),
        regency_name: name_of(&digits[..4], ctx.wilayah),
        district_name: name_of(&digits[..6], ctx.wilayah),
        day,
        month,
        year2,
        sex,
        date,
        century_guessed,
        serial,
    };
    if loudest(&findings) < Level::Hard {
        region(&parts, ctx, &mut findings);
        person(&parts, ctx, &mut findings);
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    let level = loudest(&findings);
    let nik = if level < Level::Hard { Some(Nik(digits)) } else { None };
    NikVerdict { level, nik, parts: Some(parts), findings }
}

fn name_of(code: &str, wilayah: &Wilayah) -> Option<String> {
    let code = KodeWilayah::parse(code)?;
    wilayah.name(code).or_else(|| wilayah.retired(code)).map(str::to_owned)
}

fn shape(digits: &str) -> Option<Finding> {
    if digits.is_empty() {
        return Some(Finding::new(Level::Hard, Rule::Empty, "NIK belum diisi."));
    }
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Finding::new(
            Level::Hard,
            Rule::NikNotDigits,
            "NIK berisi huruf atau tanda lain. Ketik ulang 16 angkanya dari KK atau KTP.",
        ));
    }
    (digits.len() != 16).then(|| {
        Finding::new(
            Level::Hard,
            Rule::NikLength,
            format!("NIK harus 16 angka, yang diketik {}. Periksa lagi KK atau KTP pemohon.", digits.len()),
        )
    })
}

fn hard(digits: &str, day: u8, month: u8, year2: u8, serial: u16, findings: &mut Vec<Finding>) {
    let mut say = |rule, words: String| findings.push(Finding::new(Level::Hard, rule, words));
    let first = digits.as_bytes().first().copied();
    if digits.bytes().all(|b| Some(b) == first) {
        say(Rule::NikAllSame, "Keenam belas angka sama. Ketik NIK dari KK atau KTP pemohon.".into());
    }
    let day_ok = (1..=31).contains(&day) || (41..=71).contains(&day);
    if !day_ok {
        say(
            Rule::NikDay,
            format!(
                "Angka hari di NIK ({day:02}) tidak mungkin. Seharusnya 01–31, atau 41–71 untuk perempuan."
            ),
        );
    }
    let month_ok = (1..=12).contains(&month);
    if !month_ok {
        say(Rule::NikMonth, format!("Angka bulan di NIK ({month:02}) tidak mungkin. Seharusnya 01–12."));
    }
    if day_ok && month_ok && !day_exists(if day > 40 { day - 40 } else { day }, month, year2) {
        say(
            Rule::NikImpossibleDate,
            "Tanggal di dalam NIK tidak ada di kalender. Periksa lagi angkanya.".into(),
        );
    }
    if serial == 0 {
        say(
            Rule::NikSerialZero,
            "Nomor urut NIK 0000 tidak pernah dipakai. Periksa empat angka terakhir.".into(),
        );
    }
}

fn region(parts: &NikParts, ctx: &NikContext<'_>, findings: &mut Vec<Finding>) {
    let levels = [
        (&parts.province, Rule::NikProvinceUnknown, "Provinsi"),
        (&parts.regency, Rule::NikRegencyUnknown, "Kabupaten/kota"),
        (&parts.district, Rule::NikDistrictUnknown, "Kecamatan"),
    ];
    for (code, rule, word) in levels {
        let Some(kode) = KodeWilayah::parse(code) else {
            findings.push(Finding::new(
                Level::Warn,
                rule,
                format!("{word} {code} tidak ada di daftar wilayah. Cocokkan NIK dengan KK asli, lalu catat alasannya."),
            ));
            return;
        };
        if ctx.wilayah.name(kode).is_some() {
            continue;
        }
        let dotted = kode.dotted();
        if let Some(note) = ctx.wilayah.retired(kode) {
            findings.push(Finding::new(
                Level::Info,
                Rule::NikRetiredCode,
                format!(
                    "Kode {dotted} adalah wilayah asal sebelum pemekaran: {note}. NIK tidak pernah berubah, jadi tidak perlu diperbaiki."
                ),
            ));
        } else if ctx.wilayah.is_hole(kode) {
            findings.push(Finding::new(
                Level::Warn,
                Rule::NikMaybeOldCode,
                format!("Kode {dotted} tidak ada di daftar sekarang, mungkin kode lama. Cocokkan dengan KK asli, lalu catat alasannya."),
            ));
        } else {
            findings.push(Finding::new(
                Level::Warn,
                rule,
                format!("{word} {dotted} tidak ada di daftar wilayah. Cocokkan NIK dengan KK asli, lalu catat alasannya."),
            ));
        }
        return;
    }
    if let Some(home) = ctx.domicile.and_then(KodeWilayah::district)
        && home.digits() != parts.district
    {
        findings.push(Finding::new(
            Level::Info,
            Rule::NikRegionDiffers,
            "Wilayah di NIK berbeda dari domisili sekarang. Ini wajar: NIK menyimpan tempat pertama kali terdaftar.",
        ));
    }
}

fn person(parts: &NikParts, ctx: &NikContext<'_>, findings: &mut Vec<Finding>) {
    if let Some(born) = ctx.born {
        // What is unknown of a date of birth says nothing against the NIK.
        let same = born.day().is_none_or(|day| day as u8 == parts.day)
            && born.month().is_none_or(|month| month as u8 == parts.month)
            && born.year().rem_euclid(100) as u8 == parts.year2;
        if !same {
            findings.push(Finding::new(
                Level::Warn,
                Rule::NikDateDiffers,
                format!(
                    "Tanggal di NIK ({:02}-{:02}-{:02}) berbeda dari tanggal lahir {}. Bisa terjadi bila tanggal lahir pernah dibetulkan; periksa, lalu catat alasannya.",
                    parts.day, parts.month, parts.year2, born.dmy()
                ),
            ));
        }
    }
    if ctx.sex.is_some_and(|sex| sex != parts.sex) {
        findings.push(Finding::new(
            Level::Warn,
            Rule::NikSexDiffers,
            "Jenis kelamin menurut NIK berbeda dari biodata. Periksa, lalu catat alasannya.",
        ));
    }
    let Some(date) = parts.date.or(ctx.born.and_then(Tanggal::latest)) else { return };
    let age = age_on(date, ctx.today);
    let guess =
        if parts.century_guessed { " Abadnya perkiraan; isi tanggal lahir untuk memastikan." } else { "" };
    if age < RECORD_AGE && !ctx.married {
        findings.push(Finding::new(
            Level::Warn,
            Rule::NikUnder16,
            format!("Menurut NIK pemohon belum 16 tahun dan belum kawin. Periksa tanggal lahirnya.{guess}"),
        ));
    } else if age > 100 {
        findings.push(Finding::new(
            Level::Warn,
            Rule::NikOver100,
            format!("Menurut NIK pemohon berumur lebih dari 100 tahun. Periksa tanggal lahirnya.{guess}"),
        ));
    }
}

impl TryFrom<String> for Nik {
    type Error = NikError;
    fn try_from(text: String) -> Result<Self, NikError> {
        Self::parse(&text)
    }
}

impl From<Nik> for String {
    fn from(nik: Nik) -> Self {
        nik.0
    }
}

impl std::fmt::Debug for Nik {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Nik(••••)")
    }
}

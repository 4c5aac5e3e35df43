//! The signed extract of made-up residents, in the form that the store imports.

use domain::wilayah::Wilayah;
use jiff::Timestamp;
use jiff::civil::Date;
use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::pkey::PKey;
use openssl::x509::X509;
use serde_json::{Map, Value, json};
use synth::resident::{Resident, Residents};

use crate::keys::Keys;
use crate::{Options, REGENCY, TrainingError};

/// The made-up residents of a training station that is set up at `now`; the same for the same seed and year.
///
/// # Errors
/// `TrainingError::Region` when the region tables do not know the kabupaten.
pub fn residents(seed: u64, count: usize, now: Timestamp) -> Result<Vec<Resident>, TrainingError> {
    let year = i32::from(now.to_zoned(jiff::tz::TimeZone::UTC).year());
    let stream = Residents::within(REGENCY, Wilayah::builtin(), seed, year)
        .ok_or(TrainingError::Region { region: REGENCY })?;
    Ok(stream.take(count.max(1)).collect())
}

/// A made-up resident, never married, who turns 17 on `day`: recorded before it, with a card from it on. Not among the
/// first `count` residents of the same seed.
///
/// # Errors
/// `TrainingError::Region`; `TrainingError::Name` when nobody can be drawn.
pub fn turns_17(seed: u64, count: usize, day: Date, now: Timestamp) -> Result<Resident, TrainingError> {
    let nobody = || TrainingError::Name { what: "somebody who turns 17" };
    let year = i32::from(now.to_zoned(jiff::tz::TimeZone::UTC).year());
    let born = day.checked_sub(jiff::Span::new().years(17)).map_err(|_| nobody())?;
    let mut drawn = residents(seed, count.saturating_add(400), now)?.into_iter().skip(count);
    let young = |resident: &Resident| {
        crate::hands::year_of(resident).is_some_and(|born| (12..=16).contains(&(year - born)))
    };
    let mut chosen = drawn.find(young).ok_or_else(nobody)?;
    // Day of birth + 40 is a woman. The others count up from the first running number, so the last one is free.
    let woman = chosen.nik.get(6..8).is_some_and(|day| day > "40");
    let rest = format!(
        "{:02}{:02}{:02}9999",
        born.day() + if woman { 40 } else { 0 },
        born.month(),
        born.year() % 100
    );
    if chosen.nik.get(6..16).is_none() {
        return Err(nobody());
    }
    chosen.nik.replace_range(6..16, &rest);
    chosen.tanggal_lahir = born.to_string();
    Ok(chosen)
}

/// One resident as an extract and a centre read it: a JSON object with its line end.
pub fn line(resident: &Resident) -> String {
    let mut line: Map<String, Value> =
        resident.elements().iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
    line.insert("kk".into(), json!(resident.nomor_kk));
    format!("{}\n", Value::Object(line))
}

/// NDJSON with its header, and the detached signature over the header line.
pub(crate) fn extract(
    options: &Options,
    keys: &Keys,
    now: Timestamp,
) -> Result<(String, Vec<u8>), TrainingError> {
    let mut body = String::new();
    let mut count = 0u64;
    let drawn = residents(options.seed, options.residents, now)?;
    for resident in drawn.iter().chain(&options.also) {
        body.push_str(&line(resident));
        count += 1;
    }
    let header = json!({
        "format": "rekam-residents",
        "version": 1,
        "wilayah": "18.13",
        // Whole seconds, and never one that has not come yet: whatever comes later is as young.
        "taken_at": Timestamp::from_second(now.as_second()).unwrap_or(now).to_string(),
        "count": count,
        "sha256": hex::encode(openssl::sha::sha256(body.as_bytes())),
    })
    .to_string();
    let key = PKey::private_key_from_pem(&keys.register.key_pem()?)?;
    let certificate = X509::from_pem(&keys.register.certificate_ref().to_pem()?)?;
    let options = CMSOptions::BINARY | CMSOptions::DETACHED;
    let signed =
        CmsContentInfo::sign(Some(&certificate), Some(&key), None, Some(header.as_bytes()), options)?;
    Ok((format!("{header}\n{body}"), signed.to_der()?))
}

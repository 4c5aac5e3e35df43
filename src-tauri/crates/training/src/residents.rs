//! The signed extract of made-up residents, in the form that the store imports.

use domain::wilayah::Wilayah;
use jiff::Timestamp;
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

/// NDJSON with its header, and the detached signature over the header line.
pub(crate) fn extract(
    options: &Options,
    keys: &Keys,
    now: Timestamp,
) -> Result<(String, Vec<u8>), TrainingError> {
    let mut body = String::new();
    let mut count = 0u64;
    for resident in residents(options.seed, options.residents, now)? {
        let mut line: Map<String, Value> =
            resident.elements().iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
        line.insert("kk".into(), json!(resident.nomor_kk));
        body.push_str(&Value::Object(line).to_string());
        body.push('\n');
        count += 1;
    }
    let header = json!({
        "format": "rekam-residents",
        "version": 1,
        "wilayah": "18.13",
        "taken_at": now.round(jiff::Unit::Second).unwrap_or(now).to_string(),
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

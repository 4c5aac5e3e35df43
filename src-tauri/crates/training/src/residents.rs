//! The signed extract of made-up residents, in the form that the store imports.

use domain::wilayah::Wilayah;
use jiff::Timestamp;
use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::pkey::PKey;
use openssl::x509::X509;
use serde_json::{Map, Value, json};

use crate::keys::Keys;
use crate::{Options, REGENCY, TrainingError};

/// NDJSON with its header, and the detached signature over the header line.
pub(crate) fn extract(
    options: &Options,
    keys: &Keys,
    now: Timestamp,
) -> Result<(String, Vec<u8>), TrainingError> {
    let year = now.to_zoned(jiff::tz::TimeZone::UTC).year();
    let stream =
        synth::resident::Residents::within(REGENCY, Wilayah::builtin(), options.seed, i32::from(year))
            .ok_or(TrainingError::Region { region: REGENCY })?;
    let mut body = String::new();
    let mut count = 0u64;
    for resident in stream.take(options.residents.max(1)) {
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

//! One sample as its device signed it.

use jiff::Timestamp;

use crate::{Doubt, Makers, decode64, open, score, text};

/// What one sample's evidence says, once its signatures hold. Personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceCapture {
    /// Which finger or eye, in SBI's words (`Right IndexFinger`, `Left`); empty for a face.
    pub part: String,
    /// The ISO record that the device delivered.
    pub record: Vec<u8>,
    /// The device's own score, 0–100.
    pub score: u8,
    /// When it was captured, by the device's clock.
    pub at: Timestamp,
    /// The device's serial number.
    pub serial: String,
}

impl std::fmt::Debug for DeviceCapture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DeviceCapture({:?}, score {}, {} bytes)", self.part, self.score, self.record.len())
    }
}

/// Believes one sample's evidence: both signatures, of the sample and of the device's identity in it, and, with makers, both
/// chains at the time of the capture. Without them only the signatures are looked at.
///
/// # Errors
/// [`Doubt`].
pub fn verify_capture(jws: &str, makers: Option<&Makers>) -> Result<DeviceCapture, Doubt> {
    let malformed = Doubt::Malformed;
    let sample = open(jws)?;
    let payload = sample.payload();
    let at: Timestamp = text(payload, "timestamp").parse().map_err(|_| malformed("timestamp"))?;
    let score = score(payload).map_err(|_| malformed("qualityScore"))?;
    let record = payload.get("bioValue").and_then(serde_json::Value::as_str).and_then(decode64);
    let record = record.ok_or(malformed("bioValue"))?;
    let identity = open(&text(payload, "digitalId"))?;
    if let Some(makers) = makers {
        makers.believe(&sample, at)?;
        makers.believe(&identity, at)?;
    }
    let (part, serial) = (text(payload, "bioSubType"), text(identity.payload(), "serialNo"));
    Ok(DeviceCapture { part, record, score, at, serial })
}

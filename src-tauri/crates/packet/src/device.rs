//! What a device signed of its own capture: a compact JWS (RFC 7515, RS256, the chain of certificates in its header) of the
//! Secure Biometric Interface, as the part `bio` carries it.
//!
//! The station looks at it before it believes a capture; the centre looks again, for a patched station looked at nothing.

use crate::error::{Result, Step};
use jiff::Timestamp;
use openssl::hash::MessageDigest;
use openssl::sign::Verifier;
use openssl::stack::Stack;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::X509VerifyParam;
use openssl::x509::{X509, X509StoreContext};
use serde_json::Value;

/// Longest chain of certificates that is looked at.
const MAX_CHAIN: usize = 6;
/// Longest evidence of one sample, bytes: a raw print of 1000 ppi in base64 and some more.
const MAX_BYTES: usize = 8 << 20;

/// Makers of devices whose signatures are believed.
#[derive(Clone)]
pub struct DeviceTrust {
    roots: Vec<X509>,
}

impl std::fmt::Debug for DeviceTrust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DeviceTrust({} roots)", self.roots.len())
    }
}

impl DeviceTrust {
    /// Reads one or more certificates of authorities, PEM.
    ///
    /// # Errors
    /// `Crypto` when the text is no PEM. A text without a certificate gives a trust that believes nobody.
    pub fn from_pem(pem: &[u8]) -> Result<Self> {
        Ok(Self { roots: X509::stack_from_pem(pem).step("read the makers of devices")? })
    }

    /// True when the leaf leads to one of the makers at that time.
    fn believes(
        &self,
        chain: &[X509],
        at: Timestamp,
    ) -> std::result::Result<bool, openssl::error::ErrorStack> {
        let Some((leaf, others)) = chain.split_first() else { return Ok(false) };
        let mut builder = X509StoreBuilder::new()?;
        for root in &self.roots {
            builder.add_cert(root.clone())?;
        }
        let mut param = X509VerifyParam::new()?;
        param.set_time(at.as_second());
        builder.set_param(&param)?;
        let mut between = Stack::new()?;
        for other in others {
            between.push(other.clone())?;
        }
        X509StoreContext::new()?.init(&builder.build(), leaf, &between, |context| context.verify_cert())
    }
}

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

/// Why a device's evidence is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceDoubt {
    /// It is no JWS of the interface.
    #[error("the evidence is not a JWS of the interface: {0}")]
    Malformed(&'static str),
    /// The signature does not hold: what was signed is something else.
    #[error("the device's signature does not hold")]
    Signature,
    /// It was signed, but by nobody whom the trust names.
    #[error("the device's certificate leads to no maker that is believed")]
    Untrusted,
}

/// Believes one sample's evidence: both signatures, of the sample and of the device's identity in it, and, with a trust, both
/// chains at the time of the capture. Without a trust only the signatures are looked at: they bind the picture to a key,
/// not the key to a maker.
///
/// # Errors
/// [`DeviceDoubt`].
pub fn verify_capture(
    jws: &str,
    trust: Option<&DeviceTrust>,
) -> std::result::Result<DeviceCapture, DeviceDoubt> {
    let malformed = DeviceDoubt::Malformed;
    let (payload, chain) = signed(jws)?;
    let word = |value: &Value, key: &str| match value.get(key) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let at: Timestamp = word(&payload, "timestamp").parse().map_err(|_| malformed("timestamp"))?;
    let score = word(&payload, "qualityScore").parse::<f64>().ok().filter(|s| (0.0..=100.0).contains(s));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 100
    let score = score.ok_or(malformed("qualityScore"))?.round() as u8;
    let record = payload.get("bioValue").and_then(Value::as_str).and_then(decode64);
    let record = record.ok_or(malformed("bioValue"))?;
    let (identity, identity_chain) = signed(&word(&payload, "digitalId"))?;
    if let Some(trust) = trust {
        for chain in [&chain, &identity_chain] {
            if !trust.believes(chain, at).map_err(|_| DeviceDoubt::Untrusted)? {
                return Err(DeviceDoubt::Untrusted);
            }
        }
    }
    let (part, serial) = (word(&payload, "bioSubType"), word(&identity, "serialNo"));
    Ok(DeviceCapture { part, record, score, at, serial })
}

/// Payload and chain of a compact JWS whose signature holds under the first certificate of its own header.
fn signed(jws: &str) -> std::result::Result<(Value, Vec<X509>), DeviceDoubt> {
    let malformed = DeviceDoubt::Malformed;
    if jws.len() > MAX_BYTES {
        return Err(malformed("length"));
    }
    let mut pieces = jws.split('.');
    let (Some(head), Some(body), Some(signature), None) =
        (pieces.next(), pieces.next(), pieces.next(), pieces.next())
    else {
        return Err(malformed("not three pieces"));
    };
    let json = |text: &str| decode64(text).and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let header = json(head).ok_or(malformed("header"))?;
    if header.get("alg").and_then(Value::as_str) != Some("RS256") {
        return Err(malformed("algorithm"));
    }
    let chain = header.get("x5c").and_then(Value::as_array).ok_or(malformed("x5c"))?;
    let chain: Option<Vec<X509>> =
        chain.iter().take(MAX_CHAIN).map(|one| X509::from_der(&decode64(one.as_str()?)?).ok()).collect();
    let chain = chain.filter(|chain| !chain.is_empty()).ok_or(malformed("x5c"))?;
    let signature = decode64(signature).ok_or(malformed("signature"))?;
    let text = jws.get(..head.len() + 1 + body.len()).unwrap_or_default();
    match rs256(&chain[0], text.as_bytes(), &signature) {
        Ok(true) => Ok((json(body).ok_or(malformed("payload"))?, chain)),
        Ok(false) | Err(_) => Err(DeviceDoubt::Signature),
    }
}

fn rs256(
    leaf: &X509,
    text: &[u8],
    signature: &[u8],
) -> std::result::Result<bool, openssl::error::ErrorStack> {
    let key = leaf.public_key()?;
    key.rsa()?; // any other kind of key is refused
    let mut verifier = Verifier::new(MessageDigest::sha256(), &key)?;
    verifier.update(text)?;
    verifier.verify(signature)
}

/// base64 in either alphabet, with or without padding.
fn decode64(text: &str) -> Option<Vec<u8>> {
    let mut plain: String = text
        .chars()
        .filter(|c| !matches!(c, '=' | '\r' | '\n'))
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            c => c,
        })
        .collect();
    plain.extend(std::iter::repeat_n('=', (4 - plain.len() % 4) % 4));
    openssl::base64::decode_block(&plain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_of_base64_are_read_with_and_without_padding() {
        for text in ["-_8", "-_8=", "+/8=", "+/8"] {
            assert_eq!(decode64(text), Some(vec![0xfb, 0xff]), "{text}");
        }
        assert_eq!(decode64("%%%"), None, "and nothing else");
    }

    #[test]
    fn what_is_no_jws_is_malformed_and_not_believed() {
        for text in ["", "a.b", "a.b.c.d", "e30.e30.e30"] {
            assert!(matches!(verify_capture(text, None), Err(DeviceDoubt::Malformed(_))), "{text}");
        }
    }
}

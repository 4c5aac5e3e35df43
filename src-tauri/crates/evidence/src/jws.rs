//! The compact JWS with its chain.

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::sign::Verifier;
use openssl::x509::X509;
use serde_json::Value;

use crate::{Doubt, decode64};

/// Longest chain of certificates that is looked at.
const MAX_CHAIN: usize = 6;
/// Longest JWS of one sample, bytes: a raw print of 1000 ppi in base64 and some more. Ours.
const MAX_BYTES: usize = 8 << 20;

/// A payload whose signature holds under the first certificate of its own chain. Whose certificate that is, is asked of
/// [`crate::Makers`]: until then it binds the payload to a key, not the key to a maker.
#[derive(Clone)]
pub struct Signed {
    payload: Value,
    chain: Vec<X509>,
}

impl std::fmt::Debug for Signed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signed({} certificates)", self.chain.len())
    }
}

impl Signed {
    /// What was signed. Personal data.
    pub fn payload(&self) -> &Value {
        &self.payload
    }

    /// The same, handed over.
    pub fn into_payload(self) -> Value {
        self.payload
    }

    /// Leaf first.
    pub(crate) fn chain(&self) -> &[X509] {
        &self.chain
    }
}

/// Reads a compact JWS and checks its signature: RS256 and an RSA key, nothing else (a JWS that names its own algorithm
/// must not choose the judge).
///
/// # Errors
/// [`Doubt::Malformed`] with what is wrong, [`Doubt::Signature`].
pub fn open(jws: &str) -> Result<Signed, Doubt> {
    if jws.len() > MAX_BYTES {
        return Err(Doubt::Malformed("too long"));
    }
    let mut pieces = jws.split('.');
    let (Some(head), Some(body), Some(signature), None) =
        (pieces.next(), pieces.next(), pieces.next(), pieces.next())
    else {
        return Err(Doubt::Malformed("not three parts"));
    };
    let json = |text: &str| decode64(text).and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let header = json(head).ok_or(Doubt::Malformed("header is not JSON"))?;
    if header.get("alg").and_then(Value::as_str) != Some("RS256") {
        return Err(Doubt::Malformed("algorithm is not RS256"));
    }
    let chain = header.get("x5c").and_then(Value::as_array).ok_or(Doubt::Malformed("no certificate"))?;
    let chain: Option<Vec<X509>> =
        chain.iter().take(MAX_CHAIN).map(|one| X509::from_der(&decode64(one.as_str()?)?).ok()).collect();
    let chain = chain.ok_or(Doubt::Malformed("certificate is not DER"))?;
    let leaf = chain.first().ok_or(Doubt::Malformed("no certificate"))?;
    let signature = decode64(signature).ok_or(Doubt::Malformed("signature is not base64url"))?;
    let signed = jws.get(..head.len() + 1 + body.len()).unwrap_or_default();
    match rs256(leaf, signed.as_bytes(), &signature) {
        Ok(true) => {}
        Ok(false) | Err(_) => return Err(Doubt::Signature),
    }
    let payload = json(body).ok_or(Doubt::Malformed("payload is not JSON"))?;
    Ok(Signed { payload, chain })
}

fn rs256(leaf: &X509, text: &[u8], signature: &[u8]) -> Result<bool, ErrorStack> {
    let key = leaf.public_key()?;
    key.rsa()?; // any other kind of key is refused
    let mut verifier = Verifier::new(MessageDigest::sha256(), &key)?;
    verifier.update(text)?;
    verifier.verify(signature)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_jws_is_malformed_and_not_believed() {
        for text in ["", "a.b", "a.b.c.d", "e30.e30.e30"] {
            assert!(matches!(open(text), Err(Doubt::Malformed(_))), "{text}");
        }
        let long = format!("{}..", "A".repeat(MAX_BYTES));
        assert_eq!(open(&long).unwrap_err(), Doubt::Malformed("too long"), "and none is read without an end");
    }
}

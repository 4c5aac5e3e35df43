//! Compact JWS with the certificate chain in its header (RFC 7515). RS256 only.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::hash::MessageDigest;
use openssl::sign::Verifier;
use openssl::stack::Stack;
use openssl::x509::store::{X509Store, X509StoreBuilder};
use openssl::x509::verify::X509VerifyParam;
use openssl::x509::{X509, X509StoreContext};
use serde_json::Value;

use super::answer::decode64;
use super::check::Failed;

/// Longest chain of certificates looked at.
const MAX_CHAIN: usize = 6;

/// The authorities that a station believes.
#[derive(Clone)]
pub struct Trust {
    roots: Vec<X509>,
}

impl std::fmt::Debug for Trust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Trust({} roots)", self.roots.len())
    }
}

impl Trust {
    /// Reads one or more PEM certificates; `None` when there is none.
    pub fn from_pem(pem: &[u8]) -> Option<Self> {
        let roots = X509::stack_from_pem(pem).ok()?;
        (!roots.is_empty()).then_some(Self { roots })
    }

    fn store(&self, now: jiff::Timestamp) -> Result<X509Store, openssl::error::ErrorStack> {
        let mut builder = X509StoreBuilder::new()?;
        for root in &self.roots {
            builder.add_cert(root.clone())?;
        }
        let mut param = X509VerifyParam::new()?;
        param.set_time(now.as_second());
        builder.set_param(&param)?;
        Ok(builder.build())
    }
}

/// Verifies a JWS and its chain at `now`; gives the payload. `part` names it in errors.
pub fn verify(jws: &str, part: &str, trust: &Trust, now: jiff::Timestamp) -> Result<Value, Failed> {
    let bad = |why: &str| Failed::Signature { part: part.to_owned(), why: why.to_owned() };
    let mut pieces = jws.split('.');
    let (Some(head64), Some(body64), Some(sign64), None) =
        (pieces.next(), pieces.next(), pieces.next(), pieces.next())
    else {
        return Err(bad("not three parts"));
    };
    let json = |text: &str| decode64(text).and_then(|b| serde_json::from_slice::<Value>(&b).ok());
    let head = json(head64).ok_or_else(|| bad("header is not JSON"))?;
    if head.get("alg").and_then(Value::as_str) != Some("RS256") {
        return Err(bad("algorithm is not RS256"));
    }
    let chain = head.get("x5c").and_then(Value::as_array).ok_or_else(|| bad("no certificate"))?;
    let chain: Option<Vec<X509>> = chain
        .iter()
        .take(MAX_CHAIN)
        .map(|c| X509::from_der(&STANDARD.decode(c.as_str()?.replace(['\r', '\n'], "")).ok()?).ok())
        .collect();
    let chain = chain.ok_or_else(|| bad("certificate is not DER"))?;
    let leaf = chain.first().ok_or_else(|| bad("no certificate"))?;
    let signature = decode64(sign64).ok_or_else(|| bad("signature is not base64url"))?;
    let signed = jws.get(..head64.len() + 1 + body64.len()).unwrap_or_default();
    match rs256(leaf, signed.as_bytes(), &signature) {
        Ok(true) => {}
        Ok(false) => return Err(bad("does not verify")),
        Err(_) => return Err(bad("key cannot verify RS256")),
    }
    match chains(trust, leaf, chain.get(1..).unwrap_or_default(), now) {
        Ok(None) => {}
        Ok(Some(why)) => return Err(Failed::Trust { part: part.to_owned(), why }),
        Err(_) => return Err(Failed::Trust { part: part.to_owned(), why: "chain cannot be built".into() }),
    }
    json(body64).ok_or_else(|| bad("payload is not JSON"))
}

fn rs256(leaf: &X509, signed: &[u8], signature: &[u8]) -> Result<bool, openssl::error::ErrorStack> {
    let key = leaf.public_key()?;
    key.rsa()?; // any other kind of key is refused
    let mut verifier = Verifier::new(MessageDigest::sha256(), &key)?;
    verifier.update(signed)?;
    verifier.verify(signature)
}

/// `None` when the leaf chains to a root, else OpenSSL's reason.
fn chains(
    trust: &Trust,
    leaf: &X509,
    others: &[X509],
    now: jiff::Timestamp,
) -> Result<Option<String>, openssl::error::ErrorStack> {
    let store = trust.store(now)?;
    let mut stack = Stack::new()?;
    for other in others {
        stack.push(other.clone())?;
    }
    let mut context = X509StoreContext::new()?;
    context.init(&store, leaf, &stack, |c| {
        Ok(if c.verify_cert()? { None } else { Some(c.error().error_string().to_owned()) })
    })
}

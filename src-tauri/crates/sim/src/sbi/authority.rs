//! A certificate authority for simulated devices, and a device key below it.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::Signer;
use openssl::x509::extension::{BasicConstraints, KeyUsage};
use openssl::x509::{X509, X509Name};
use serde_json::{Value, json};

/// An authority with one device key.
#[derive(Clone)]
pub struct Authority {
    root: X509,
    leaf: X509,
    key: PKey<Private>,
}

impl Authority {
    /// Makes new keys; `name` is the authority's common name.
    ///
    /// # Errors
    /// When OpenSSL makes no keys.
    pub fn new(name: &str) -> Result<Self, ErrorStack> {
        // The curve makes a key at once; only the device's own has to be RSA, for RS256.
        let curve = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
        let root_key = PKey::from_ec_key(EcKey::generate(&curve)?)?;
        let key = device_key()?;
        let root = certificate(name, name, &root_key, &root_key, 1, true)?;
        let leaf = certificate("Simulated device", name, &key, &root_key, 2, false)?;
        Ok(Self { root, leaf, key })
    }

    /// The authority's certificate, for the station's trust.
    pub fn ca_pem(&self) -> Vec<u8> {
        self.root.to_pem().unwrap_or_default()
    }

    /// A compact JWS over `payload`.
    ///
    /// # Errors
    /// When OpenSSL does not sign.
    pub fn sign(&self, payload: &Value) -> Result<String, ErrorStack> {
        let head = json!({"x5c": [STANDARD.encode(self.leaf.to_der()?)], "alg": "RS256", "typ": "JWT"});
        let text =
            format!("{}.{}", encode64(head.to_string().as_bytes()), encode64(payload.to_string().as_bytes()));
        let mut signer = Signer::new(MessageDigest::sha256(), &self.key)?;
        signer.update(text.as_bytes())?;
        Ok(format!("{text}.{}", encode64(&signer.sign_to_vec()?)))
    }
}

/// The device's key: a new one, or that of the folder `REKAM_SIM_KEYS`, made there by whoever comes first. Making one costs
/// more than most tests; what is trusted is the root above it, which is always new.
fn device_key() -> Result<PKey<Private>, ErrorStack> {
    let made = || PKey::from_rsa(Rsa::generate(2048)?);
    let Some(folder) = std::env::var_os("REKAM_SIM_KEYS").map(PathBuf::from) else { return made() };
    let path = folder.join("device.pem");
    if let Ok(pem) = std::fs::read(&path)
        && let Ok(key) = PKey::private_key_from_pem(&pem)
    {
        return Ok(key);
    }
    let key = made()?;
    let pem = key.private_key_to_pem_pkcs8()?;
    // Whole or not at all, for others who read it meanwhile; a folder that takes nothing only costs the time.
    let mine = folder.join(format!("{}.new", std::process::id()));
    let kept = std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(&mine, pem))
        .and_then(|()| std::fs::rename(&mine, &path));
    drop(kept);
    Ok(key)
}

/// base64url without padding.
pub fn encode64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn name(text: &str) -> Result<X509Name, ErrorStack> {
    let mut builder = X509Name::builder()?;
    builder.append_entry_by_text("CN", text)?;
    builder.append_entry_by_text("O", "Rekam simulation, not a real authority")?;
    Ok(builder.build())
}

fn certificate(
    subject: &str,
    issuer: &str,
    key: &PKey<Private>,
    signer: &PKey<Private>,
    serial: u32,
    authority: bool,
) -> Result<X509, ErrorStack> {
    let mut builder = X509::builder()?;
    builder.set_version(2)?;
    let serial = BigNum::from_u32(serial)?.to_asn1_integer()?;
    builder.set_serial_number(&serial)?;
    let (subject, issuer) = (name(subject)?, name(issuer)?);
    builder.set_subject_name(&subject)?;
    builder.set_issuer_name(&issuer)?;
    builder.set_pubkey(key)?;
    // A day back, for clocks that disagree.
    let now = jiff::Timestamp::now().as_second();
    let (from, to) = (Asn1Time::from_unix(now - 86_400)?, Asn1Time::from_unix(now + 30 * 86_400)?);
    builder.set_not_before(&from)?;
    builder.set_not_after(&to)?;
    let mut basic = BasicConstraints::new();
    if authority {
        basic.ca();
        builder.append_extension(KeyUsage::new().critical().key_cert_sign().build()?)?;
    }
    builder.append_extension(basic.critical().build()?)?;
    builder.sign(signer, MessageDigest::sha256())?;
    Ok(builder.build())
}

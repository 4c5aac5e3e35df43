use crate::error::Result;
use crate::pki::Certificate;
use serde::{Deserialize, Serialize};

/// Crockford's base 32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUPS: usize = 8;

/// What a person carries from the centre to a new station: a secret used once, and the pin of the centre's authority.
///
/// 32 letters of Crockford's base 32 in eight groups of four: 80 bits of secret, then the first 80 bits of SHA-256 over
/// the authority's certificate (DER). Reading takes lower case, blanks and hyphens, `O` for 0, `I` and `L` for 1.
#[derive(Clone, PartialEq, Eq)]
pub struct ActivationCode {
    secret: [u8; 10],
    pin: [u8; 10],
}

/// A text that is no activation code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an activation code")]
pub struct CodeError;

impl ActivationCode {
    /// Joins a fresh secret and the authority's pin.
    ///
    /// # Errors
    /// `Crypto` when the certificate cannot be written.
    pub fn new(secret: [u8; 10], authority: &Certificate) -> Result<Self> {
        let digest = openssl::sha::sha256(&authority.to_der()?);
        let mut pin = [0; 10];
        pin.copy_from_slice(&digest[..10]);
        Ok(Self { secret, pin })
    }

    /// Reads what a person typed: 32 letters of the code's alphabet, in any case, with blanks and hyphens anywhere; O
    /// counts as 0, I and L as 1.
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn parse(text: &str) -> std::result::Result<Self, CodeError> {
        let mut bits = Vec::with_capacity(160);
        for letter in text.chars().filter(|c| !matches!(c, '-' | ' ')) {
            let letter = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let value = ALPHABET.iter().position(|c| char::from(*c) == letter).ok_or(CodeError)?;
            bits.extend((0..5).rev().map(|bit| value >> bit & 1 == 1));
        }
        if bits.len() != 160 {
            return Err(CodeError);
        }
        let mut bytes = [0u8; 20];
        for (at, bit) in bits.into_iter().enumerate() {
            bytes[at / 8] |= u8::from(bit) << (7 - at % 8);
        }
        let (mut secret, mut pin) = ([0; 10], [0; 10]);
        secret.copy_from_slice(&bytes[..10]);
        pin.copy_from_slice(&bytes[10..]);
        Ok(Self { secret, pin })
    }

    /// The text for a person, in eight groups.
    pub fn text(&self) -> String {
        let bytes = [self.secret, self.pin].concat();
        let bits: Vec<bool> =
            bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1)).collect();
        let letters: Vec<char> = bits
            .chunks(5)
            .map(|five| five.iter().fold(0usize, |value, bit| value << 1 | usize::from(*bit)))
            .map(|value| char::from(ALPHABET[value]))
            .collect();
        letters.chunks(letters.len() / GROUPS).map(String::from_iter).collect::<Vec<_>>().join("-")
    }

    /// What is sent to the centre: the secret half as 20 hexadecimal digits.
    pub fn secret(&self) -> String {
        hex::encode(self.secret)
    }

    /// True when this is the authority that the code was made under: the check that makes the first connection safe.
    ///
    /// # Errors
    /// `Crypto` when the certificate cannot be written.
    pub fn is_of(&self, authority: &Certificate) -> Result<bool> {
        Ok(openssl::sha::sha256(&authority.to_der()?)[..10] == self.pin)
    }
}

impl std::fmt::Debug for ActivationCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ActivationCode(…)")
    }
}

/// Which register stands on the disk of a station that is activated. Source: sync.md §2.
///
/// Tells a computer that begins anew from one that goes on, and from one whose disk was restored or copied: the first
/// line of a register holds the moment at which it was begun, so that no two registers share its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RegisterClaim {
    /// Rows of the register; 0 when there is none yet.
    pub row: u64,
    /// Hash of row 1, 64 lower-case hexadecimal digits; empty when there is no row.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub first: String,
}

impl RegisterClaim {
    /// Nothing is on this disk yet.
    pub fn none_yet() -> Self {
        Self { row: 0, first: String::new() }
    }
}

/// Body of activation and renewal. A renewal leaves `secret` empty.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Activation {
    /// Secret half of the code, 20 hexadecimal digits.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub secret: String,
    /// Certificate request (PKCS#10) with the station's or operator's public key, PEM.
    pub csr: String,
    /// The register that goes on with this activation; absent in a renewal, and when nothing is said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register: Option<RegisterClaim>,
}

impl std::fmt::Debug for Activation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Activation(…)")
    }
}

/// What a station is given: its own certificate and those it must know; all PEM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Certificates {
    /// Station code.
    pub station: String,
    /// The station's certificate; for an operator's request, the operator's.
    pub certificate: String,
    /// Certificate of the authority behind all others, PEM.
    pub authority: String,
    /// Certificate to which packets are sealed, PEM.
    pub centre: String,
    /// Certificate to which packets are sealed as well, PEM.
    pub escrow: String,
    /// Certificate that signs receipts and extracts, PEM.
    pub signer: String,
    /// The first sequence number of this register, when it is not 1: lower ones belong to a register that came before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_sequence: Option<u64>,
    /// At an activation: the certificates that this station was given before, PEM, the newest first. Papers sealed under them are
    /// in people's hands, also where the computer that held them is gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<String>,
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::pki::{Authority, Validity};

    #[test]
    fn a_code_is_read_as_a_person_types_it_and_pins_its_authority() {
        let at = "2026-01-01T00:00:00Z".parse().expect("a time");
        let authority = |name| Authority::new(name, true, Validity::days(at, 10)).expect("authority");
        let (own, other) = (authority("satu"), authority("dua"));
        let code = ActivationCode::new(*b"0123456789", own.certificate()).expect("code");
        let text = code.text();
        assert_eq!(text.len(), 39, "eight groups of four with hyphens: {text}");
        assert!(text.starts_with("60RK4CSM-".split_at(4).0), "the secret's letters come first: {text}");
        let typed = text.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        assert_eq!(ActivationCode::parse(&typed), Ok(code.clone()), "as typed: {typed}");
        assert!(code.is_of(own.certificate()).expect("digest"), "the authority it was made under");
        assert!(!code.is_of(other.certificate()).expect("digest"), "another centre is noticed");
        for bad in ["", "ABCD", &text[1..], &text.replace(text.as_bytes()[0] as char, "U")] {
            assert_eq!(ActivationCode::parse(bad), Err(CodeError), "{bad:?}");
        }
    }
}

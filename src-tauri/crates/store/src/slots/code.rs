//! The recovery code: printed once, kept in the safe, typed by a person under stress.

use crate::{Error, Result};
use zeroize::Zeroizing;

/// Crockford's base 32: no I, L, O, U, so that handwriting cannot be misread. Source: crockford.com/base32.html.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 8 groups of 4; the last character checks the others, which leaves 155 bits.
const LENGTH: usize = 32;

/// A recovery code. `Debug` shows nothing; [`RecoveryCode::show`] is for the one time it is printed.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(Zeroizing<[u8; LENGTH]>);

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode(••••)")
    }
}

impl RecoveryCode {
    /// Makes a new code from the system's random source.
    ///
    /// # Errors
    /// [`Error::Crypto`].
    pub fn generate() -> Result<RecoveryCode> {
        let mut values = Zeroizing::new([0u8; LENGTH]);
        openssl::rand::rand_bytes(values.as_mut()).map_err(Error::crypto("make a recovery code"))?;
        for value in values.iter_mut() {
            *value &= 31;
        }
        values[LENGTH - 1] = check(&values[..LENGTH - 1]);
        Ok(RecoveryCode(Zeroizing::new(values.map(|value| ALPHABET[usize::from(value)]))))
    }

    /// Reads what a person typed: case, spaces and dashes do not matter; O is 0, I and L are 1.
    ///
    /// # Errors
    /// [`Error::MistypedCode`] on a wrong length, character or check character.
    pub fn parse(typed: &str) -> Result<RecoveryCode> {
        let mut values = Zeroizing::new([0u8; LENGTH]);
        let mut length = 0;
        for c in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let c = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let value = ALPHABET.iter().position(|a| char::from(*a) == c).ok_or(Error::MistypedCode)?;
            *values.get_mut(length).ok_or(Error::MistypedCode)? = u8::try_from(value).unwrap_or(0);
            length += 1;
        }
        if length != LENGTH || values[LENGTH - 1] != check(&values[..LENGTH - 1]) {
            return Err(Error::MistypedCode);
        }
        Ok(RecoveryCode(Zeroizing::new(values.map(|value| ALPHABET[usize::from(value)]))))
    }

    /// Returns the code in groups of four with dashes, to be shown or printed once.
    pub fn show(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(LENGTH + 7));
        for (i, byte) in self.0.iter().enumerate() {
            if i > 0 && i % 4 == 0 {
                text.push('-');
            }
            text.push(char::from(*byte));
        }
        text
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0[..]
    }
}

/// Weighted sum modulo 31 with weights 1…30 and 1: notices any one wrong character but 0 against Z (modulo 31), and
/// nearly every exchange of neighbours.
fn check(values: &[u8]) -> u8 {
    let sum: u32 = values.iter().enumerate().map(|(i, v)| u32::from(*v) * (i as u32 % 30 + 1)).sum();
    (sum % 31) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_survives_the_way_over_paper() {
        let code = RecoveryCode::generate().unwrap();
        let shown = code.show();
        assert_eq!(shown.len(), 39, "8 groups of 4 with 7 dashes");
        let sloppy = shown.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        assert_eq!(RecoveryCode::parse(&sloppy).unwrap(), code, "case, dashes and look-alikes do not matter");
    }

    #[test]
    fn a_mistyped_code_is_noticed_before_it_is_tried() {
        let code = RecoveryCode::generate().unwrap().show();
        let first = code.chars().next().unwrap();
        let other = if first == '7' { '8' } else { '7' };
        let wrong = format!("{other}{}", &code[1..]);
        // 31 of the 32 values differ modulo 31, and 7 and 8 are not the pair that does not.
        assert!(matches!(RecoveryCode::parse(&wrong), Err(Error::MistypedCode)), "one wrong character");
        assert!(matches!(RecoveryCode::parse(&code[1..]), Err(Error::MistypedCode)), "one character short");
        assert!(
            matches!(RecoveryCode::parse(&format!("{}9", *code)), Err(Error::MistypedCode)),
            "one too many"
        );
        assert!(matches!(RecoveryCode::parse("U"), Err(Error::MistypedCode)), "U is not in the alphabet");
    }
}

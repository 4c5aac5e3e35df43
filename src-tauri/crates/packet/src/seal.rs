//! Signs and checks the seal of a paper's QR code. The bytes are `domain::seal`'s and docs/protocols/qr.md.

use domain::seal::{KeyId, SIGNATURE, Seal, Sealed, decode, text};
use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;
use openssl::pkey::{PKey, Public};

use crate::error::Step as _;
use crate::pki::{Certificate, Identity, Role};
use crate::{Error, Result};

/// What a check of a code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The signature is that of the given key.
    Genuine(Seal),
    /// A training paper, signed by the given key: never valid.
    Training(Seal),
    /// Signed by another key than the given one.
    OtherKey(Sealed),
    /// The signature does not fit: made up, or changed.
    Forged,
    /// Signed, but a training certificate and a real paper, or the other way round: never valid.
    Mixed(Seal),
    /// Signed, but dated outside the validity of the certificate.
    OutOfTime(Seal),
}

/// What a code is checked against.
#[derive(Clone, Debug)]
pub enum SealKey {
    /// A station's certificate: its mark and its validity count too.
    Certificate(Certificate),
    /// A bare public key, trusted for what it is.
    Public(PKey<Public>),
}

impl SealKey {
    /// Reads a certificate or a public key (SubjectPublicKeyInfo) in PEM.
    ///
    /// # Errors
    /// `Crypto` when it is neither, `CertificateRole` when the certificate is no station's.
    pub fn from_pem(pem: &[u8]) -> Result<Self> {
        if let Ok(certificate) = Certificate::from_pem(pem) {
            certificate.require(Role::Station)?;
            return Ok(Self::Certificate(certificate));
        }
        PKey::public_key_from_pem(pem).map(Self::Public).step("read a key")
    }

    /// Checks the text of a code.
    ///
    /// # Errors
    /// As [`verify`].
    pub fn verify(&self, code: &str) -> Result<Verdict> {
        match self {
            Self::Certificate(certificate) => verify(code, certificate),
            Self::Public(key) => verify_with(code, key),
        }
    }
}

fn wrong(reason: domain::seal::SealError) -> Error {
    Error::Seal { reason: reason.to_string() }
}

/// Signs a seal with the station's key; answers the text of the code.
///
/// # Errors
/// `Seal` when the number or a date does not fit; `TrainingMixed` when seal and certificate disagree about training;
/// `Crypto` for a fault of the library.
pub fn sign(seal: &Seal, station: &Identity) -> Result<String> {
    if seal.training != station.certificate_ref().is_training() {
        return Err(Error::TrainingMixed { what: "seal and certificate" });
    }
    let spki = station.key().public_key_to_der().step("public key")?;
    let signed = seal.to_sign(KeyId::of(&spki)).map_err(wrong)?;
    let key = station.key().ec_key().step("station key")?;
    let digest = openssl::sha::sha256(&signed);
    let signature = EcdsaSig::sign(&digest, &key).step("sign a seal")?;
    let half = SIGNATURE / 2;
    let width = i32::try_from(half).unwrap_or(32);
    let mut bytes = [0; SIGNATURE];
    for (at, number) in [signature.r(), signature.s()].into_iter().enumerate() {
        let padded = number.to_vec_padded(width).step("sign a seal")?;
        bytes[at * half..(at + 1) * half].copy_from_slice(&padded);
    }
    text(&signed, &bytes).map_err(wrong)
}

/// Checks the text of a code against the key of a certificate.
///
/// # Errors
/// `Seal` when the text is no seal that this program can read; `Crypto`.
pub fn verify(code: &str, signer: &Certificate) -> Result<Verdict> {
    let verdict = verify_with(code, &signer.x509().public_key().step("certificate key")?)?;
    let (Verdict::Genuine(seal) | Verdict::Training(seal)) = &verdict else { return Ok(verdict) };
    if seal.training != signer.is_training() {
        return Ok(Verdict::Mixed(seal.clone()));
    }
    // Days of the certificate in UTC: the date on a paper has no hour.
    let day = |at: jiff::Timestamp| jiff::tz::Offset::UTC.to_datetime(at).date();
    if seal.issued < day(signer.valid_from()?) || seal.issued > day(signer.valid_until()?) {
        return Ok(Verdict::OutOfTime(seal.clone()));
    }
    Ok(verdict)
}

/// Checks the text of a code against several keys: the code names which one it was signed with. `OtherKey` when none of them is it.
///
/// # Errors
/// As [`verify`]; `Seal` without any key too when the text is none.
pub fn verify_among(code: &str, keys: &[SealKey]) -> Result<Verdict> {
    let mut held = Verdict::OtherKey(decode(code).map_err(wrong)?);
    for key in keys {
        match key.verify(code)? {
            verdict @ (Verdict::Genuine(_) | Verdict::Training(_)) => return Ok(verdict),
            Verdict::OtherKey(_) => (),
            // Another key of the same short name says nothing against the one whose signature it is.
            Verdict::Forged if matches!(held, Verdict::Mixed(_) | Verdict::OutOfTime(_)) => (),
            verdict => held = verdict,
        }
    }
    Ok(held)
}

/// Checks the text of a code against a public key.
///
/// # Errors
/// As [`verify`].
pub fn verify_with(code: &str, key: &PKey<Public>) -> Result<Verdict> {
    let sealed = decode(code).map_err(wrong)?;
    if sealed.key != KeyId::of(&key.public_key_to_der().step("public key")?) {
        return Ok(Verdict::OtherKey(sealed));
    }
    let (r, s) = sealed.signature.split_at(SIGNATURE / 2);
    let number = |bytes| BigNum::from_slice(bytes).step("read a seal");
    let signature = EcdsaSig::from_private_components(number(r)?, number(s)?).step("read a seal")?;
    let digest = openssl::sha::sha256(&sealed.signed);
    let holds = signature.verify(&digest, &*key.ec_key().step("certificate key")?).unwrap_or(false);
    Ok(match (holds, sealed.seal.training) {
        (false, _) => Verdict::Forged,
        (true, true) => Verdict::Training(sealed.seal),
        (true, false) => Verdict::Genuine(sealed.seal),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::{Authority, Role, Validity};
    use domain::Date;
    use domain::seal::{Checksum, Kind};

    fn identity(training: bool) -> Identity {
        let now = domain::Timestamp::from_second(1_795_000_000).unwrap();
        let authority = Authority::new("Uji CA", training, Validity::days(now, 20)).unwrap();
        authority.issue_identity(Role::Station, "UJI-01", Validity::days(now, 20)).unwrap()
    }

    fn seal(training: bool) -> Seal {
        Seal {
            kind: Kind::SuratKeterangan,
            number: "470/0318/SKT/18.13/XI/2026".into(),
            issued: Date::constant(2026, 11, 27),
            until: Some(Date::constant(2027, 5, 27)),
            training,
            checksum: Checksum::of(Kind::SuratKeterangan, &vec!["X"; Kind::SuratKeterangan.labels().len()])
                .unwrap(),
        }
    }

    #[test]
    fn a_seal_is_genuine_only_under_its_own_key_and_unchanged() {
        let station = identity(false);
        let code = sign(&seal(false), &station).unwrap();
        assert_eq!(
            verify(&code, station.certificate_ref()).unwrap(),
            Verdict::Genuine(seal(false)),
            "as signed"
        );
        let other = identity(false);
        assert!(
            matches!(verify(&code, other.certificate_ref()).unwrap(), Verdict::OtherKey(_)),
            "another key"
        );
        let body = code.find(':').unwrap() + 1;
        for at in body..code.len() {
            let mut letters: Vec<char> = code.chars().collect();
            letters[at] = if letters[at] == 'A' { 'B' } else { 'A' };
            let changed: String = letters.into_iter().collect();
            if let Ok(Verdict::Genuine(read)) = verify(&changed, station.certificate_ref()) {
                panic!("letter {at} was changed and it still says {read:?}");
            }
        }
    }

    #[test]
    fn a_seal_dated_outside_the_certificate_is_told() {
        let station = identity(false);
        let early = Seal { issued: Date::constant(2026, 11, 1), ..seal(false) };
        let code = sign(&early, &station).unwrap();
        assert_eq!(verify(&code, station.certificate_ref()).unwrap(), Verdict::OutOfTime(early));
    }

    #[test]
    fn a_code_is_checked_by_the_key_that_it_names_among_several() {
        let (now, before, foreign) = (identity(false), identity(false), identity(false));
        let key = |one: &Identity| SealKey::Certificate(one.certificate_ref().clone());
        let keys = [key(&now), key(&before)];
        let by = |one: &Identity| sign(&seal(false), one).unwrap();
        for own in [&now, &before] {
            assert_eq!(
                verify_among(&by(own), &keys).unwrap(),
                Verdict::Genuine(seal(false)),
                "whichever it is"
            );
        }
        assert!(matches!(verify_among(&by(&foreign), &keys).unwrap(), Verdict::OtherKey(_)), "none of them");
        assert!(matches!(verify_among(&by(&now), &[]).unwrap(), Verdict::OtherKey(_)), "without any");
        let code = by(&before);
        let at = code.len() - 8;
        let letter = if &code[at..=at] == "A" { "B" } else { "A" };
        let changed = format!("{}{letter}{}", &code[..at], &code[at + 1..]);
        assert_eq!(
            verify_among(&changed, &keys).unwrap(),
            Verdict::Forged,
            "the key is known, the code is not"
        );
        let early = Seal { issued: Date::constant(2026, 11, 1), ..seal(false) };
        let code = sign(&early, &before).unwrap();
        assert_eq!(verify_among(&code, &keys).unwrap(), Verdict::OutOfTime(early), "of its own certificate");
        assert!(verify_among("REKAM1:ABC", &keys).is_err(), "no seal at all");
    }

    #[test]
    fn a_real_key_does_not_sign_for_training_nor_the_other_way_round() {
        for training in [false, true] {
            let made = sign(&seal(!training), &identity(training));
            assert!(matches!(made, Err(Error::TrainingMixed { .. })), "{training}: {made:?}");
        }
    }

    #[test]
    fn a_training_seal_is_never_genuine() {
        let station = identity(true);
        let code = sign(&seal(true), &station).unwrap();
        assert!(code.starts_with("LATIHAN:"), "says so in its first letters: {code}");
        assert_eq!(
            verify(&code, station.certificate_ref()).unwrap(),
            Verdict::Training(seal(true)),
            "training"
        );
        let stripped = code.trim_start_matches("LATIHAN:");
        assert!(
            !matches!(verify(stripped, station.certificate_ref()), Ok(Verdict::Genuine(_))),
            "without its mark it is not real either"
        );
    }
}

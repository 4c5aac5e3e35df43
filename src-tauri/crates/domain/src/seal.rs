//! What the QR code of a paper says: a few bytes that a station's key signs. The format is docs/protocols/qr.md.
//!
//! No NIK stands in it. The content of the paper enters as a checksum over the few fields that a reader can compare.
//! Signing and checking the signature need a key and are the `packet` crate's; here are only the bytes.

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

/// First characters of every code.
pub const PREFIX: &str = "REKAM1";
/// Stands before the code of a training paper.
pub const TRAINING_PREFIX: &str = "LATIHAN";
/// Begins the bytes that are signed, so that no other signature of the same key can stand for a seal.
pub const CONTEXT: &[u8] = b"REKAM-SEAL-1\0";
/// Longest number of a paper, characters.
pub const MAX_NUMBER: usize = 40;
/// Bytes of an ECDSA P-256 signature, r then s, 32 bytes each (IEEE P1363).
pub const SIGNATURE: usize = 64;

const VERSION: u8 = 1;
const HEAD: usize = 23;
const EPOCH: Date = Date::constant(2000, 1, 1);

/// Which paper a code stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Tanda Pengambilan.
    TandaPengambilan,
    /// Surat Keterangan Perekaman.
    SuratKeterangan,
    /// Formulir Permohonan Perekaman.
    FormulirPerekaman,
    /// Slip pengembalian berkas.
    SlipPengembalian,
    /// Sampul Berkas Permohonan.
    BerkasPermohonan,
    /// Checkpoint of the Buku Register.
    TitikPeriksa,
    /// Berita Acara pemusnahan.
    BeritaAcara,
    /// Laporan harian.
    LaporanHarian,
    /// Laporan pelayanan over a week, a month or a year.
    Laporan,
    /// Laporan stok.
    LaporanStok,
    /// Slip status permohonan.
    SlipStatus,
}

impl Kind {
    /// Every kind, in the order of its codes from 1.
    pub const ALL: [Kind; 11] = [
        Kind::TandaPengambilan,
        Kind::SuratKeterangan,
        Kind::FormulirPerekaman,
        Kind::SlipPengembalian,
        Kind::BerkasPermohonan,
        Kind::TitikPeriksa,
        Kind::BeritaAcara,
        Kind::LaporanHarian,
        Kind::Laporan,
        Kind::LaporanStok,
        Kind::SlipStatus,
    ];

    /// Returns the code of the paper as it stands in the bytes of a seal, from 1; given once, never given again.
    pub const fn code(self) -> u8 {
        match self {
            Kind::TandaPengambilan => 1,
            Kind::SuratKeterangan => 2,
            Kind::FormulirPerekaman => 3,
            Kind::SlipPengembalian => 4,
            Kind::BerkasPermohonan => 5,
            Kind::TitikPeriksa => 6,
            Kind::BeritaAcara => 7,
            Kind::LaporanHarian => 8,
            Kind::Laporan => 9,
            Kind::LaporanStok => 10,
            Kind::SlipStatus => 11,
        }
    }

    /// Name of the paper, as people say it.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::TandaPengambilan => "Tanda Pengambilan KTP-el",
            Kind::SuratKeterangan => "Surat Keterangan Perekaman KTP-el",
            Kind::FormulirPerekaman => "Formulir Permohonan Perekaman",
            Kind::SlipPengembalian => "Slip pengembalian berkas",
            Kind::BerkasPermohonan => "Berkas Permohonan",
            Kind::TitikPeriksa => "Titik periksa Buku Register",
            Kind::BeritaAcara => "Berita Acara pemusnahan",
            Kind::LaporanHarian => "Laporan harian",
            Kind::Laporan => "Laporan pelayanan",
            Kind::LaporanStok => "Laporan stok",
            Kind::SlipStatus => "Slip status permohonan",
        }
    }

    /// Fields whose content enters the checksum, in this order.
    pub const fn labels(self) -> &'static [&'static str] {
        match self {
            Kind::TandaPengambilan | Kind::SlipPengembalian | Kind::BerkasPermohonan | Kind::SlipStatus => {
                &["nama", "nik"]
            }
            Kind::SuratKeterangan => &["nama", "nik", "lahir"],
            Kind::FormulirPerekaman => &["nama", "nik", "paket"],
            Kind::TitikPeriksa => &["asal", "terakhir", "sidik"],
            Kind::BeritaAcara => &["jumlah", "seri"],
            Kind::LaporanHarian => &["terekam", "dicetak", "diserahkan", "rusak", "sisa"],
            Kind::Laporan => &["periode", "terekam", "dicetak", "diserahkan"],
            Kind::LaporanStok => &["tanggal", "dipakai", "rusak", "sisa"],
        }
    }
}

/// First four bytes of the SHA-256 of the signer's SubjectPublicKeyInfo (DER): tells keys apart, proves nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId(pub [u8; 4]);

impl KeyId {
    /// Returns the name of a key: `spki` is its SubjectPublicKeyInfo in DER.
    pub fn of(spki: &[u8]) -> Self {
        Self(head(&Sha256::digest(spki)))
    }
}

impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl std::fmt::Debug for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyId({self})")
    }
}

fn head<const N: usize>(bytes: &[u8]) -> [u8; N] {
    std::array::from_fn(|i| bytes.get(i).copied().unwrap_or(0))
}

/// First 96 bits of SHA-256 over the fields that a reader can compare.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Checksum(pub [u8; 12]);

impl Checksum {
    /// Over the fields of a kind, in the order of [`Kind::labels`]. A NIK counts as its first six and last four digits,
    /// which is what a masked NIK shows.
    ///
    /// # Errors
    /// `Fields` when there are not as many values as labels.
    pub fn of(kind: Kind, values: &[&str]) -> Result<Self, SealError> {
        if values.len() != kind.labels().len() {
            return Err(SealError::Fields);
        }
        let mut text = format!("REKAM-ISI-1\n{}\n", kind.code());
        for (label, value) in kind.labels().iter().zip(values) {
            text.push_str(label);
            text.push('=');
            text.push_str(&canonical(label, value));
            text.push('\n');
        }
        Ok(Self(head(&Sha256::digest(text))))
    }

    /// Lower-case hexadecimal in groups of four, for people: `9c41 07be 52d8 …`.
    pub fn groups(&self) -> String {
        let digits = hex::encode(self.0);
        let groups: Vec<&str> =
            digits.as_bytes().chunks(4).filter_map(|c| std::str::from_utf8(c).ok()).collect();
        groups.join(" ")
    }
}

impl std::fmt::Debug for Checksum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Checksum({})", hex::encode(self.0))
    }
}

/// As it counts for the checksum: NFC, capitals, single spaces; a NIK as six and four digits.
fn canonical(label: &str, value: &str) -> String {
    if label == "nik" {
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        return match (digits.get(..6), digits.get(12..)) {
            (Some(first), Some(last)) if digits.len() == 16 => format!("{first}{last}"),
            _ => digits,
        };
    }
    let whole: String = value.nfc().filter(|c| *c != '\u{200b}').collect::<String>().to_uppercase();
    whole.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Which paper.
    pub kind: Kind,
    /// Number as printed on the paper: letters, digits and `/ . - ( )` or space, at most 40.
    pub number: String,
    /// Civil day of issue at the station.
    pub issued: Date,
    /// Last day of validity, for papers that end.
    pub until: Option<Date>,
    /// Made in training: worth nothing.
    pub training: bool,
    /// Over the words of the paper, so that a code on another paper is noticed.
    pub checksum: Checksum,
}

/// A code taken apart; whether its signature holds is not yet known.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// What it says.
    pub seal: Seal,
    /// Whose key it names.
    pub key: KeyId,
    /// The bytes that were signed, [`CONTEXT`] included.
    pub signed: Vec<u8>,
    /// ECDSA signature over `signed`: r and s, 32 bytes each, big-endian.
    pub signature: [u8; SIGNATURE],
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealed({:?}, {:?}, {} bytes)", self.seal, self.key, self.signed.len())
    }
}

/// Why a seal cannot be made or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The text does not begin as a seal does.
    #[error("not a seal")]
    NotASeal,
    /// Letters are missing or were changed so that it cannot be read at all.
    #[error("the seal cannot be read: {0}")]
    Damaged(&'static str),
    /// A later format or kind.
    #[error("a seal of a later format ({0})")]
    Unknown(u8),
    /// The mark before the code and the flag in it disagree.
    #[error("the training mark stands before a code that is none")]
    Mark,
    /// The number is empty, too long, or holds other characters.
    #[error("the number does not fit a seal")]
    Number,
    /// The number holds sixteen digits in a row, which would be a NIK.
    #[error("the number looks like a NIK")]
    Nik,
    /// A date outside 2000 to 2179, or the end before the beginning.
    #[error("a date does not fit a seal")]
    Date,
    /// Not as many values as the kind has fields.
    #[error("not the fields of this kind")]
    Fields,
}

impl Seal {
    /// The bytes to be signed by the key of that id, [`CONTEXT`] included.
    ///
    /// # Errors
    /// `Number`, `Nik`, `Date`.
    pub fn to_sign(&self, key: KeyId) -> Result<Vec<u8>, SealError> {
        check_number(&self.number)?;
        let until = match self.until {
            Some(until) if until < self.issued => return Err(SealError::Date),
            Some(until) => days(until)?,
            None => 0,
        };
        let mut bytes = CONTEXT.to_vec();
        bytes.push(VERSION << 4 | u8::from(self.training));
        bytes.push(self.kind.code());
        bytes.extend(days(self.issued)?.to_be_bytes());
        bytes.extend(until.to_be_bytes());
        bytes.extend(key.0);
        bytes.extend(self.checksum.0);
        bytes.push(u8::try_from(self.number.len()).map_err(|_| SealError::Number)?);
        bytes.extend(self.number.as_bytes());
        Ok(bytes)
    }
}

/// Puts the signed bytes and their signature into the text of a code. Only letters, digits and one colon, so that every
/// keyboard layout of a scanner gives it back.
///
/// # Errors
/// `Damaged` when the bytes are not those of [`Seal::to_sign`].
pub fn text(signed: &[u8], signature: &[u8; SIGNATURE]) -> Result<String, SealError> {
    let payload = signed.strip_prefix(CONTEXT).ok_or(SealError::Damaged("context"))?;
    let training = payload.first().is_some_and(|first| first & 1 == 1);
    let body = data_encoding::BASE32_NOPAD.encode(&[payload, signature].concat());
    let mark = if training { format!("{TRAINING_PREFIX}:") } else { String::new() };
    Ok(format!("{mark}{PREFIX}:{body}"))
}

/// True when the text claims to be a seal, of whatever state.
pub fn is_seal(text: &str) -> bool {
    split(text).is_ok_and(|(_, body)| body.len() > (HEAD + SIGNATURE) * 8 / 5 && !body.contains(':'))
}

/// The mark before it, and the base32 letters.
fn split(text: &str) -> Result<(bool, String), SealError> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    // A keyboard of another layout may turn the colon into something else.
    let after = |text: &str, word: &str| {
        let rest = text.strip_prefix(word)?;
        Some(rest.trim_start_matches(|c: char| !c.is_ascii_alphanumeric()).to_owned())
    };
    let (marked, rest) = match after(&text, TRAINING_PREFIX) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    Ok((marked, after(&rest, PREFIX).ok_or(SealError::NotASeal)?))
}

/// Takes a code apart; spaces and small letters of a hand or a scanner are forgiven.
///
/// # Errors
/// `NotASeal`, `Damaged`, `Unknown`, `Mark`, `Number`, `Nik`, `Date`.
pub fn decode(text: &str) -> Result<Sealed, SealError> {
    let (marked, body) = split(text)?;
    let bytes =
        data_encoding::BASE32_NOPAD.decode(body.as_bytes()).map_err(|_| SealError::Damaged("letters"))?;
    let first = *bytes.first().ok_or(SealError::Damaged("empty"))?;
    if first >> 4 != VERSION || first & 0x0e != 0 {
        return Err(SealError::Unknown(first));
    }
    let training = first & 1 == 1;
    if marked && !training {
        return Err(SealError::Mark);
    }
    let length = bytes.get(HEAD - 1).map(|n| usize::from(*n)).ok_or(SealError::Damaged("length"))?;
    if bytes.len() != HEAD + length + SIGNATURE {
        return Err(SealError::Damaged("length"));
    }
    let (payload, signature) = bytes.split_at(HEAD + length);
    let kind =
        Kind::ALL.into_iter().find(|kind| kind.code() == payload[1]).ok_or(SealError::Unknown(payload[1]))?;
    let number = std::str::from_utf8(&payload[HEAD..]).map_err(|_| SealError::Number)?.to_owned();
    check_number(&number)?;
    let issued = day(&payload[2..4])?;
    let until = if payload[4..6] == [0, 0] { None } else { Some(day(&payload[4..6])?) };
    if until.is_some_and(|until| until < issued) {
        return Err(SealError::Date);
    }
    Ok(Sealed {
        seal: Seal { kind, number, issued, until, training, checksum: Checksum(head(&payload[10..22])) },
        key: KeyId(head(&payload[6..10])),
        signed: [CONTEXT, payload].concat(),
        signature: head(signature),
    })
}

/// Says whether a number can stand in a seal: 1 to [`MAX_NUMBER`] letters, digits, `/ . - ( )` or spaces, and no NIK.
pub fn fits(number: &str) -> bool {
    check_number(number).is_ok()
}

fn check_number(number: &str) -> Result<(), SealError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '(' | ')' | ' ');
    if number.is_empty() || number.len() > MAX_NUMBER || !number.chars().all(allowed) {
        return Err(SealError::Number);
    }
    let mut run = 0;
    for c in number.chars() {
        run = match c {
            '0'..='9' => run + 1,
            ' ' | '.' | '-' => run,
            _ => 0,
        };
        if run >= 16 {
            return Err(SealError::Nik);
        }
    }
    Ok(())
}

/// Days after 2000-01-01; that day itself does not occur.
fn days(date: Date) -> Result<u16, SealError> {
    let span = EPOCH.until(date).map_err(|_| SealError::Date)?.get_days();
    u16::try_from(span).ok().filter(|days| *days > 0).ok_or(SealError::Date)
}

fn day(bytes: &[u8]) -> Result<Date, SealError> {
    let days = u16::from_be_bytes(head(bytes));
    if days == 0 {
        return Err(SealError::Date);
    }
    EPOCH.checked_add(jiff::Span::new().days(i64::from(days))).map_err(|_| SealError::Date)
}

#[cfg(test)]
#[path = "seal_test.rs"]
mod tests;

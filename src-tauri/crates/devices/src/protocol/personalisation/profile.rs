//! The profile of a card: its application, its files, what stands in them, and who holds the keys.

use serde::Deserialize;

use super::data::Field;
use crate::protocol::scp03::{Key, KeySet, Level, SecureChannel};

/// Bytes of an Ed25519 private key (RFC 8032 §5.1.5).
const SIGNING_KEY: usize = 32;

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Anybody.
    Free,
    /// Only through a secure channel.
    Sam,
}

/// How fields stand in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// BER-TLV objects one after another.
    Tlv,
    /// One field behind its length in two bytes, big-endian.
    Counted,
    /// Not known; never written.
    Opaque,
}

/// One field in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRule {
    /// Its tag in a TLV file.
    pub tag: Option<u32>,
    /// Which field.
    pub field: Field,
    /// Without it no card is written.
    #[serde(default = "yes")]
    pub required: bool,
}

fn yes() -> bool {
    true
}

/// One file of the card.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChipFile {
    /// Name for messages and logs.
    pub name: String,
    /// File identifier.
    pub fid: u16,
    /// Bytes the file can hold; 0 = not known.
    pub size: usize,
    /// Who may read it.
    pub read: Access,
    /// How fields stand in it.
    pub layout: Layout,
    /// Its fields, in order.
    #[serde(default)]
    pub fields: Vec<FieldRule>,
}

/// The open software SAM of a training profile.
#[derive(Clone, PartialEq, Eq)]
pub struct TrainingSam {
    /// Protection of the channel.
    pub level: Level,
    /// Master keys.
    pub masters: KeySet,
    /// Ed25519 private key for content and log.
    pub sign: Key,
}

impl std::fmt::Debug for TrainingSam {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TrainingSam({:?}, keys ••••)", self.level)
    }
}

/// Who holds the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SamKind {
    /// Open keys, for training cards only.
    Training(TrainingSam),
    /// Dukcapil: its Card Encoder and its SAM, which this station does not have.
    Dukcapil,
}

/// A card profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Short name that never changes.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// True for open training cards: nothing written by it may be handed to a citizen.
    pub training: bool,
    /// Application identifier, where the card has one.
    pub aid: Option<Vec<u8>>,
    /// Directory of the files.
    pub directory: u16,
    /// Answer to reset, `None` = any byte; empty = not checked.
    pub atr: Vec<Option<u8>>,
    /// Size of the chip's memory, bytes.
    pub chip_bytes: usize,
    /// Most data bytes in one write.
    pub piece: usize,
    /// Who holds the keys.
    pub sam: SamKind,
    /// Files in the order in which they are written; the first carries the NIK.
    pub files: Vec<ChipFile>,
}

/// Why a profile file is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// No TOML of this shape.
    #[error("profile cannot be read: {0}")]
    Syntax(String),
    /// A statement that cannot be true.
    #[error("profile says {what}")]
    Rule {
        /// What is wrong.
        what: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    schema: u32,
    id: String,
    name: String,
    training: bool,
    aid: Option<String>,
    directory: u16,
    #[serde(default)]
    atr: String,
    chip_bytes: usize,
    piece: usize,
    sam: RawSam,
    file: Vec<ChipFile>,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum RawSam {
    Training { level: u8, key_version: u8, enc: String, mac: String, dek: String, sign: String },
    Dukcapil {},
}

fn rule(what: impl Into<String>) -> ProfileError {
    ProfileError::Rule { what: what.into() }
}

fn key(name: &str, text: &str) -> Result<Key, ProfileError> {
    let bytes = zeroize::Zeroizing::new(hex::decode(text).map_err(|_| rule(format!("{name} is no hex")))?);
    Key::new(&bytes).map_err(|error| rule(format!("{name}: {error}")))
}

/// An Ed25519 private key: it has one length, where those of the cipher have three.
fn signing_key(name: &str, text: &str) -> Result<Key, ProfileError> {
    let key = key(name, text)?;
    match key.bytes().len() {
        SIGNING_KEY => Ok(key),
        got => Err(rule(format!("{name} of {got} bytes, an Ed25519 key has {SIGNING_KEY}"))),
    }
}

fn pattern(text: &str) -> Result<Vec<Option<u8>>, ProfileError> {
    let wrong = || rule("atr is not pairs of hex digits or dots");
    let pairs = text.as_bytes().chunks(2).map(|pair| match pair {
        b".." => Ok(None),
        pair => {
            let byte = hex::decode(pair).ok().and_then(|b| b.first().copied());
            byte.map(Some).ok_or_else(wrong)
        }
    });
    pairs.collect()
}

impl Profile {
    /// Reads a profile and checks that it can be true.
    ///
    /// # Errors
    /// [`ProfileError::Syntax`], [`ProfileError::Rule`]. Permanent.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let raw: Raw =
            toml::from_str(text).map_err(|error| ProfileError::Syntax(error.message().to_owned()))?;
        if raw.schema != 1 {
            return Err(rule(format!("schema {}, known is 1", raw.schema)));
        }
        let aid = raw.aid.map(hex::decode).transpose().map_err(|_| rule("aid is no hex"))?;
        if aid.as_ref().is_some_and(|aid| !(5..=16).contains(&aid.len())) {
            return Err(rule("aid is not 5 to 16 bytes"));
        }
        let sam = match raw.sam {
            RawSam::Training { level, key_version, enc, mac, dek, sign } => {
                let level = Level::parse(level).ok_or_else(|| rule("sam.level does not exist"))?;
                let (enc, mac, dek) = (key("enc", &enc)?, key("mac", &mac)?, key("dek", &dek)?);
                let masters = KeySet { version: key_version, enc, mac, dek };
                SamKind::Training(TrainingSam { level, masters, sign: signing_key("sign", &sign)? })
            }
            RawSam::Dukcapil {} => SamKind::Dukcapil,
        };
        let profile = Self {
            id: raw.id,
            name: raw.name,
            training: raw.training,
            aid,
            directory: raw.directory,
            atr: pattern(&raw.atr)?,
            chip_bytes: raw.chip_bytes,
            piece: raw.piece,
            sam,
            files: raw.file,
        };
        profile.check()?;
        Ok(profile)
    }

    fn check(&self) -> Result<(), ProfileError> {
        let most = match &self.sam {
            SamKind::Training(sam) if !self.training => {
                return Err(rule(format!("{} keys for a card that is not for training", sam.level.byte())));
            }
            SamKind::Training(sam) => SecureChannel::room(sam.level),
            SamKind::Dukcapil => 255,
        };
        if self.piece == 0 || self.piece > most {
            return Err(rule(format!("piece of {} bytes, at most {most}", self.piece)));
        }
        let total: usize = self.files.iter().map(|file| file.size).sum();
        if total > self.chip_bytes {
            return Err(rule(format!("files of {total} bytes on a chip of {}", self.chip_bytes)));
        }
        for (n, file) in self.files.iter().enumerate() {
            if self.files[..n].iter().any(|other| other.fid == file.fid) {
                return Err(rule(format!("file {:04X} twice", file.fid)));
            }
            let fits = match file.layout {
                Layout::Tlv => file.fields.iter().all(|f| f.tag.is_some_and(|tag| !matches!(tag, 0 | 0xFF))),
                Layout::Counted => file.fields.len() == 1 && file.size <= 0xFFFF + 2,
                Layout::Opaque => file.fields.is_empty(),
            };
            if !fits {
                return Err(rule(format!("fields of {} that do not fit its layout", file.name)));
            }
        }
        let first = self.files.first().ok_or_else(|| rule("no file"))?;
        let carries = first.read == Access::Free && first.fields.iter().any(|f| f.field == Field::Nik);
        if matches!(self.sam, SamKind::Training(_)) && !carries {
            return Err(rule("a first file that does not carry the NIK freely"));
        }
        Ok(())
    }

    /// The open training profile (`assets/chip/latihan.toml`).
    ///
    /// # Errors
    /// As [`Self::parse`]; a test holds that it can be read.
    pub fn training() -> Result<Self, ProfileError> {
        Self::parse(include_str!("../../../../../../assets/chip/latihan.toml"))
    }

    /// The real KTP-el (`assets/chip/ktp-el.toml`): read-only here.
    ///
    /// # Errors
    /// As [`Self::parse`]; a test holds that it can be read.
    pub fn ktpel() -> Result<Self, ProfileError> {
        Self::parse(include_str!("../../../../../../assets/chip/ktp-el.toml"))
    }

    /// True when a card with this answer to reset may be one of this profile.
    pub fn fits_atr(&self, atr: &[u8]) -> bool {
        let same = |(want, got): (&Option<u8>, &u8)| want.is_none_or(|want| want == *got);
        self.atr.is_empty() || self.atr.len() == atr.len() && self.atr.iter().zip(atr).all(same)
    }

    /// The file that carries `field` as a value of its own, and the most bytes that this field may have there:
    /// so much room has the photograph. `None` when no file carries it, or its file has no stated size.
    pub fn room(&self, field: Field) -> Option<(&ChipFile, usize)> {
        let file = self.files.iter().rev().find(|f| f.fields.iter().any(|rule| rule.field == field))?;
        let head = match file.layout {
            Layout::Counted => 2,
            // Tag and length of this object alone; other fields share the file.
            Layout::Tlv => 4,
            Layout::Opaque => return None,
        };
        (file.size > head).then(|| (file, file.size - head))
    }
}

//! From a profile and a person's data to the list of writes. Pure: the same input gives the same plan.

use sha2::{Digest, Sha256};

use super::data::{CardData, Field};
use super::profile::{Access, ChipFile, Layout, Profile};
use crate::protocol::apdu::tlv;

/// Why nothing can be planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A field without which no card is written.
    #[error("field {field:?} is missing")]
    Missing {
        /// Which.
        field: Field,
    },
    /// The NIK has not 16 digits.
    #[error("NIK has not 16 digits")]
    Nik,
    /// More bytes than the file holds: a photograph too large for the chip.
    #[error("file {file} would have {bytes} bytes, room for {room}")]
    TooLarge {
        /// Name of the file.
        file: String,
        /// Bytes it would have.
        bytes: usize,
        /// Bytes it holds.
        room: usize,
    },
    /// The photograph is not one whole JPEG (FF D8 … FF D9).
    #[error("photograph is no JPEG")]
    NotJpeg,
    /// The profile says nothing about the content of a file.
    #[error("profile {profile} cannot be written")]
    Unwritable {
        /// Id of the profile.
        profile: String,
    },
}

/// One file as it shall be on the card.
#[derive(Clone, PartialEq, Eq)]
pub struct PlannedFile {
    /// Name in the profile.
    pub name: String,
    /// File identifier.
    pub fid: u16,
    /// Who may read it.
    pub read: Access,
    /// Its bytes from offset 0.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for PlannedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PlannedFile({} {:04X}, {} bytes)", self.name, self.fid, self.bytes.len())
    }
}

/// One write: a piece of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Write {
    /// Place in the plan, from 0.
    pub index: u32,
    /// File identifier.
    pub fid: u16,
    /// Which of the plan's files.
    pub file: usize,
    /// Where it begins in the file, bytes from 0.
    pub offset: usize,
    /// Length of the piece, bytes.
    pub length: usize,
}

/// A plan that still lacks the digital signature.
#[derive(Clone)]
pub struct Draft<'a> {
    profile: &'a Profile,
    data: CardData,
    digest: [u8; 32],
}

/// Everything that will be written, in order.
#[derive(Clone, PartialEq, Eq)]
pub struct Plan {
    /// Id of the profile.
    pub profile: String,
    /// Files, the one that carries the NIK first.
    pub files: Vec<PlannedFile>,
    /// Writes in order.
    pub writes: Vec<Write>,
    /// SHA-256 over all files with their identifiers and lengths: names this plan in the journal.
    pub digest: [u8; 32],
    nik: String,
}

impl std::fmt::Debug for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Plan({}, {} files, {} writes)", self.profile, self.files.len(), self.writes.len())
    }
}

/// One file's bytes: a field that must be there and is not refuses the plan, any other is passed over or left empty.
fn encode(file: &ChipFile, data: &CardData) -> Result<Vec<u8>, PlanError> {
    let mut bytes = Vec::new();
    for rule in &file.fields {
        let value = match data.get(rule.field) {
            Some(value) => value,
            None if rule.required => return Err(PlanError::Missing { field: rule.field }),
            None if file.layout == Layout::Tlv => continue,
            None => &[],
        };
        let too_large = |bytes| PlanError::TooLarge { file: file.name.clone(), bytes, room: file.size };
        match (file.layout, rule.tag) {
            (Layout::Tlv, Some(tag)) => {
                bytes.extend(tlv::encode(tag, value).ok_or_else(|| too_large(value.len()))?);
            }
            _ => {
                let length = u16::try_from(value.len()).map_err(|_| too_large(value.len() + 2))?;
                bytes.extend(length.to_be_bytes());
                bytes.extend_from_slice(value);
            }
        }
    }
    if bytes.len() > file.size {
        return Err(PlanError::TooLarge { file: file.name.clone(), bytes: bytes.len(), room: file.size });
    }
    Ok(bytes)
}

fn is_content(file: &ChipFile) -> bool {
    !file.fields.iter().any(|rule| rule.field.is_made())
}

impl<'a> Draft<'a> {
    /// Checks the data and computes what the SAM signs.
    ///
    /// # Errors
    /// [`PlanError`]: a field that is missing, no JPEG, or too large for its file. Permanent for these data.
    pub fn new(profile: &'a Profile, data: &CardData) -> Result<Self, PlanError> {
        if profile.files.iter().any(|file| file.layout == Layout::Opaque) {
            return Err(PlanError::Unwritable { profile: profile.id.clone() });
        }
        let nik = data.get(Field::Nik).ok_or(PlanError::Missing { field: Field::Nik })?;
        if nik.len() != 16 || !nik.iter().all(u8::is_ascii_digit) {
            return Err(PlanError::Nik);
        }
        if data
            .get(Field::Photo)
            .is_some_and(|p| !p.starts_with(&[0xFF, 0xD8]) || !p.ends_with(&[0xFF, 0xD9]))
        {
            return Err(PlanError::NotJpeg);
        }
        let mut hash = Sha256::new();
        hash.update(profile.id.as_bytes());
        for file in profile.files.iter().filter(|file| is_content(file)) {
            let bytes = encode(file, data)?;
            hash.update(file.fid.to_be_bytes());
            hash.update((bytes.len() as u32).to_be_bytes());
            hash.update(&bytes);
        }
        Ok(Self { profile, data: data.clone(), digest: hash.finalize().into() })
    }

    /// SHA-256 over profile and content files: what the digital signature on the card covers.
    pub fn content_digest(&self) -> [u8; 32] {
        self.digest
    }

    /// The plan, with the signature over [`Draft::content_digest`].
    ///
    /// # Errors
    /// [`PlanError::TooLarge`] when the signature does not fit into its file.
    pub fn signed(self, signature: Vec<u8>) -> Result<Plan, PlanError> {
        let data = self
            .data
            .bytes(Field::ContentDigest, self.digest.to_vec())
            .bytes(Field::DigitalSignature, signature);
        let (mut files, mut writes, mut hash) = (Vec::new(), Vec::new(), Sha256::new());
        for (n, file) in self.profile.files.iter().enumerate() {
            let bytes = encode(file, &data)?;
            hash.update(file.fid.to_be_bytes());
            hash.update((bytes.len() as u32).to_be_bytes());
            hash.update(&bytes);
            for offset in (0..bytes.len()).step_by(self.profile.piece) {
                let length = self.profile.piece.min(bytes.len() - offset);
                writes.push(Write { index: writes.len() as u32, fid: file.fid, file: n, offset, length });
            }
            files.push(PlannedFile { name: file.name.clone(), fid: file.fid, read: file.read, bytes });
        }
        let nik = data.get(Field::Nik).map(|nik| String::from_utf8_lossy(nik).into_owned());
        Ok(Plan {
            profile: self.profile.id.clone(),
            files,
            writes,
            digest: hash.finalize().into(),
            nik: nik.unwrap_or_default(),
        })
    }
}

impl Plan {
    /// The bytes of one write.
    pub fn bytes(&self, write: &Write) -> &[u8] {
        let file = self.files.get(write.file).map_or(&[][..], |file| file.bytes.as_slice());
        file.get(write.offset..write.offset + write.length).unwrap_or_default()
    }

    /// The NIK of the person, for the comparison with what the card carries.
    pub fn nik(&self) -> &str {
        &self.nik
    }

    /// The digest as text.
    pub fn id(&self) -> String {
        hex::encode(self.digest)
    }

    /// Bytes over all files.
    pub fn total(&self) -> usize {
        self.files.iter().map(|file| file.bytes.len()).sum()
    }
}

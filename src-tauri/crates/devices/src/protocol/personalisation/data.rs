//! One person's data as they go on the card.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A card field; the names are those of the profile file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// NIK, 16 digits.
    Nik,
    /// Full name.
    Nama,
    /// Place of birth.
    TempatLahir,
    /// Date of birth, DD-MM-YYYY as on the card's face.
    TanggalLahir,
    /// Sex in the card's words.
    JenisKelamin,
    /// Blood group.
    GolonganDarah,
    /// Street and number.
    Alamat,
    /// RT, three digits.
    Rt,
    /// RW, three digits.
    Rw,
    /// Kelurahan or desa.
    Kelurahan,
    /// Kecamatan.
    Kecamatan,
    /// Kabupaten or kota.
    Kabupaten,
    /// Provinsi.
    Provinsi,
    /// Religion in the card's words.
    Agama,
    /// Marital status in the card's words.
    StatusPerkawinan,
    /// Occupation in the card's words.
    Pekerjaan,
    /// Citizenship.
    Kewarganegaraan,
    /// Valid until.
    BerlakuHingga,
    /// Photograph, JPEG.
    Photo,
    /// Signature, a small picture.
    Signature,
    /// First fingerprint template.
    #[serde(rename = "minutiae_1")]
    Minutiae1,
    /// Second fingerprint template.
    #[serde(rename = "minutiae_2")]
    Minutiae2,
    /// Digital signature over the content; the SAM makes it.
    DigitalSignature,
    /// SHA-256 over the content; the plan makes it.
    ContentDigest,
}

impl Field {
    /// Made while planning and never given from outside.
    pub fn is_made(self) -> bool {
        matches!(self, Self::DigitalSignature | Self::ContentDigest)
    }
}

/// Fields with their bytes; text is UTF-8. An empty value counts as absent.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CardData(BTreeMap<Field, Vec<u8>>);

impl std::fmt::Debug for CardData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CardData({} fields ••••)", self.0.len())
    }
}

impl CardData {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// With a text.
    #[must_use]
    pub fn text(self, field: Field, text: &str) -> Self {
        self.bytes(field, text.as_bytes().to_vec())
    }

    /// With bytes.
    #[must_use]
    pub fn bytes(mut self, field: Field, bytes: Vec<u8>) -> Self {
        self.0.insert(field, bytes);
        self
    }

    /// The bytes of a field that is there.
    pub fn get(&self, field: Field) -> Option<&[u8]> {
        self.0.get(&field).map(Vec::as_slice).filter(|bytes| !bytes.is_empty())
    }
}

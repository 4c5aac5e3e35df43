//! Form and record side by side.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Biodata, Unsur};
use crate::register::Hash32;
use crate::tanggal::Tanggal;
use crate::wilayah::KodeWilayah;
use crate::{nama, nik};

/// One element of form and record side by side.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffRow {
    /// Which element.
    pub unsur: Unsur,
    /// As on the form.
    pub form: Option<String>,
    /// As in the record.
    pub record: Option<String>,
    /// Equal but for case, spaces and punctuation between words; also where only one side has it.
    pub same: bool,
}

impl DiffRow {
    /// Says whether only the record has it: nobody asked the applicant for it, or nobody wrote it down.
    pub fn is_only_record(&self) -> bool {
        self.form.is_none() && self.record.as_ref().is_some_and(|text| !text.trim().is_empty())
    }
}

impl std::fmt::Debug for DiffRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DiffRow({}, same: {})", self.unsur.key(), self.same)
    }
}

/// Holds form against record, element by element, in order; an element that neither has is left out, and so is one that no
/// register keeps.
///
/// An element that only one side has is no difference: F-1.02 asks for less than the record holds, and a blank in the record
/// says nothing of the person. It is not the same either: step 3 shows what only the record has, and takes it over.
pub fn diff(form: &Biodata, record: &Biodata) -> Vec<DiffRow> {
    Unsur::ALL
        .iter()
        .filter(|unsur| unsur.is_registered())
        .filter_map(|unsur| {
            let (mine, theirs) = (form.get(*unsur), record.get(*unsur));
            if mine.is_none() && theirs.is_none() {
                return None;
            }
            let same = match (mine, theirs) {
                (Some(mine), Some(theirs)) => same(*unsur, mine, theirs),
                (None, Some(_)) | (Some(_), None) | (None, None) => true,
            };
            Some(DiffRow {
                unsur: *unsur,
                form: mine.map(str::to_owned),
                record: theirs.map(str::to_owned),
                same,
            })
        })
        .collect()
}

/// Returns what the card would say otherwise than the verified form, in order. An element that only one side has is no
/// difference, as in [`diff`]: the card takes it from the side that has it. What an officer left blank (`left_blank`) is one as
/// long as the record has it.
pub fn card_differs(form: &Biodata, record: &Biodata, left_blank: &BTreeSet<Unsur>) -> Vec<Unsur> {
    let on_card = |unsur: Unsur| unsur.is_on_card() && (unsur != Unsur::ItapBerlaku || form.is_foreigner());
    diff(form, record)
        .into_iter()
        .filter(|row| !row.same || (row.is_only_record() && left_blank.contains(&row.unsur)))
        .filter(|row| on_card(row.unsur))
        .map(|row| row.unsur)
        .collect()
}

/// Digest of everything that stands on a card of this record: its text, and `portrait` and `signature` as they are coded
/// (`signature` is empty where none stands there). The same for two records that give the same card. Says nothing of the person.
pub fn said_on_card(record: &Biodata, portrait: &[u8], signature: &[u8]) -> Hash32 {
    let pictures = [portrait, signature].map(|picture| Hash32::of(picture).hex());
    Hash32::of(format!("{}\n{}", text_on_card(record).hex(), pictures.join("\n")).as_bytes())
}

/// Says whether `wrong` is what a card of this record would say ([`said_on_card`]). A program that looked at the text alone kept
/// the digest of that: it still counts.
pub fn is_said_on_card(wrong: Hash32, record: &Biodata, portrait: &[u8], signature: &[u8]) -> bool {
    wrong == said_on_card(record, portrait, signature) || wrong == text_on_card(record)
}

fn text_on_card(record: &Biodata) -> Hash32 {
    let on_card =
        |unsur: &&Unsur| unsur.is_on_card() && (**unsur != Unsur::ItapBerlaku || record.is_foreigner());
    let said: Vec<String> = Unsur::ALL
        .iter()
        .filter(on_card)
        .map(|unsur| {
            format!("{}={}", unsur.key(), record.get(*unsur).unwrap_or_default().trim().to_uppercase())
        })
        .collect();
    Hash32::of(said.join("\n").as_bytes())
}

/// Says whether two texts of one element mean the same.
pub(super) fn same(unsur: Unsur, a: &str, b: &str) -> bool {
    match unsur {
        Unsur::Nik | Unsur::NomorKk | Unsur::NikIbu | Unsur::NikAyah => {
            nik::digits_only(a) == nik::digits_only(b)
        }
        Unsur::TanggalLahir | Unsur::TanggalKawin | Unsur::TanggalCerai | Unsur::ItapBerlaku => {
            match (Tanggal::parse(a), Tanggal::parse(b)) {
                (Ok(a), Ok(b)) => a == b,
                (Ok(_), Err(_)) | (Err(_), Ok(_)) | (Err(_), Err(_)) => a.trim() == b.trim(),
            }
        }
        Unsur::Rt | Unsur::Rw => a.trim().trim_start_matches('0') == b.trim().trim_start_matches('0'),
        Unsur::Kelurahan => match (KodeWilayah::parse(a), KodeWilayah::parse(b)) {
            (Some(a), Some(b)) => a == b,
            (Some(_), None) | (None, Some(_)) | (None, None) => compare_key(a) == compare_key(b),
        },
        // "O+" and "O-" differ by the sign alone, when labels stand instead of codes.
        Unsur::GolonganDarah => a.trim().eq_ignore_ascii_case(b.trim()),
        Unsur::Nama
        | Unsur::Gelar
        | Unsur::TempatLahir
        | Unsur::JenisKelamin
        | Unsur::Alamat
        | Unsur::Kodepos
        | Unsur::Agama
        | Unsur::OrganisasiKepercayaan
        | Unsur::StatusPerkawinan
        | Unsur::AktaKawin
        | Unsur::AktaCerai
        | Unsur::Pekerjaan
        | Unsur::Kewarganegaraan
        | Unsur::Negara
        | Unsur::Paspor
        | Unsur::NomorItap
        | Unsur::Shdk
        | Unsur::Pendidikan
        | Unsur::Disabilitas
        | Unsur::NamaIbu
        | Unsur::NamaAyah
        | Unsur::AktaLahir
        | Unsur::AlamatSebelumnya
        | Unsur::Telepon
        | Unsur::Email => compare_key(a) == compare_key(b),
    }
}

/// Returns the form in which texts are compared: NFC, upper case, an apostrophe kept, other punctuation as one space.
pub fn compare_key(text: &str) -> String {
    let folded: String = nama::normalise(text)
        .chars()
        .map(|c| match c {
            '\u{2018}' | '\u{2019}' | '\u{02BC}' | '`' => '\'',
            c if c.is_alphanumeric() || c == '\'' || c == '+' => c,
            c if nama::is_mark(c) => c,
            _ => ' ',
        })
        .flat_map(char::to_uppercase)
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

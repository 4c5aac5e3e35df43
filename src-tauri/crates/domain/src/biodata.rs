//! The data elements of one person, in the order of the form.

mod check;
mod diff;
mod two_records;
mod unsur;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use check::{FIELD_LIMIT, FieldCtx, check_all, check_field, missing, required};
pub use diff::{DiffRow, card_differs, compare_key, diff, is_said_on_card, said_on_card};
pub use two_records::{RECORD_LINES, agree};
pub use unsur::Unsur;

use crate::kk::NomorKk;
use crate::nik::{Nik, Sex};
use crate::tanggal::Tanggal;
use crate::wilayah::KodeWilayah;

/// The elements of one person as text, as typed or as recorded.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Biodata(BTreeMap<Unsur, String>);

impl std::fmt::Debug for Biodata {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Biodata({} elements ••••)", self.0.len())
    }
}

impl FromIterator<(Unsur, String)> for Biodata {
    fn from_iter<I: IntoIterator<Item = (Unsur, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl Biodata {
    /// Begins with nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets one element; blank text takes it out. Returns what stood there.
    pub fn set(&mut self, unsur: Unsur, text: &str) -> Option<String> {
        if text.trim().is_empty() { self.0.remove(&unsur) } else { self.0.insert(unsur, text.to_owned()) }
    }

    /// Returns one element as text.
    pub fn get(&self, unsur: Unsur) -> Option<&str> {
        self.0.get(&unsur).map(String::as_str)
    }

    /// Returns all elements in order.
    pub fn iter(&self) -> impl Iterator<Item = (Unsur, &str)> {
        self.0.iter().map(|(unsur, text)| (*unsur, text.as_str()))
    }

    /// Returns the NIK when it has 16 digits.
    pub fn nik(&self) -> Option<Nik> {
        Nik::parse(self.get(Unsur::Nik)?).ok()
    }

    /// Returns the KK number when it has 16 digits.
    pub fn nomor_kk(&self) -> Option<NomorKk> {
        NomorKk::parse(self.get(Unsur::NomorKk)?).ok()
    }

    /// Returns the name as recorded.
    pub fn name(&self) -> Option<&str> {
        self.get(Unsur::Nama)
    }

    /// Returns the date of birth, perhaps partial.
    pub fn born(&self) -> Option<Tanggal> {
        Tanggal::parse(self.get(Unsur::TanggalLahir)?).ok()
    }

    /// Returns the last day the date of birth can be: ages are counted from it.
    pub fn born_latest(&self) -> Option<Date> {
        self.born()?.latest()
    }

    /// Returns the sex of codes 1 and 2, or of their labels.
    pub fn sex(&self) -> Option<Sex> {
        match compare_key(self.get(Unsur::JenisKelamin)?).as_str() {
            "1" | "L" | "LAKI LAKI" => Some(Sex::Male),
            "2" | "P" | "PEREMPUAN" => Some(Sex::Female),
            _ => None,
        }
    }

    /// Says whether the person is or was married: codes 2–6; an unknown code counts as not.
    pub fn married_ever(&self) -> bool {
        self.get(Unsur::StatusPerkawinan)
            .map(str::trim)
            .is_some_and(|code| matches!(code.trim_start_matches('0'), "2" | "3" | "4" | "5" | "6"))
    }

    /// Says whether the citizenship is a foreigner's; not while it is blank or unknown.
    pub fn is_foreigner(&self) -> bool {
        self.get(Unsur::Kewarganegaraan).and_then(check::is_foreign) == Some(true)
    }

    /// Returns the last day of a foreigner's stay; `None` when there is none or it cannot be read.
    pub fn stay_until(&self) -> Option<Date> {
        Tanggal::parse(self.get(Unsur::ItapBerlaku)?).ok()?.latest()
    }

    /// Returns the region of domicile, ten digits.
    pub fn domicile(&self) -> Option<KodeWilayah> {
        KodeWilayah::parse(self.get(Unsur::Kelurahan)?)
    }
}

//! The data elements of one person, in the order of the form.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::codes::CodeTables;
use crate::finding::{Finding, Level, Rule};
use crate::kk::NomorKk;
use crate::nik::{Nik, NikContext, Sex};
use crate::plan::JenisPermohonan;
use crate::tanggal::Tanggal;
use crate::wilayah::{KodeWilayah, Tingkat, Wilayah};
use crate::{kk, nama, nik, usia};

macro_rules! unsur {
    ($($(#[$doc:meta])* $name:ident = $key:literal,)*) => {
        /// One data element. Source: UU 24/2013 Ps. 58(2); F-1.01; F-1.02. Ordered as the form needs it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Unsur {
            $($(#[$doc])* #[serde(rename = $key)] $name,)*
        }

        impl Unsur {
            /// All elements in order.
            pub const ALL: &'static [Unsur] = &[$(Unsur::$name),*];

            /// Returns the stable key.
            pub const fn key(self) -> &'static str {
                match self { $(Unsur::$name => $key,)* }
            }

            /// Returns the element of a key; `None` for a key that this build does not know.
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(Unsur::$name),)* _ => None }
            }
        }
    };
}

unsur! {
    /// NIK, 16 digits.
    Nik = "nik",
    /// Family card number, 16 digits.
    NomorKk = "nomor_kk",
    /// Full name without titles.
    Nama = "nama",
    /// Titles; may be on the card.
    Gelar = "gelar",
    /// Place of birth.
    TempatLahir = "tempat_lahir",
    /// Date of birth, `YYYY-MM-DD`, or `YYYY-MM`, or `YYYY`.
    TanggalLahir = "tanggal_lahir",
    /// Code table `jenis_kelamin`.
    JenisKelamin = "jenis_kelamin",
    /// Code table `golongan_darah`.
    GolonganDarah = "golongan_darah",
    /// Street address.
    Alamat = "alamat",
    /// RT, up to three digits.
    Rt = "rt",
    /// RW, up to three digits.
    Rw = "rw",
    /// Region code of ten digits.
    Kelurahan = "kelurahan",
    /// Post code.
    Kodepos = "kodepos",
    /// Code table `agama`.
    Agama = "agama",
    /// Organisation of a kepercayaan.
    OrganisasiKepercayaan = "organisasi_kepercayaan",
    /// Code table `status_perkawinan` (six codes).
    StatusPerkawinan = "status_perkawinan",
    /// Number of the marriage book or deed.
    AktaKawin = "akta_kawin",
    /// Date of marriage.
    TanggalKawin = "tanggal_kawin",
    /// Number of the divorce deed.
    AktaCerai = "akta_cerai",
    /// Date of divorce.
    TanggalCerai = "tanggal_cerai",
    /// Code table `pekerjaan`.
    Pekerjaan = "pekerjaan",
    /// Code table `kewarganegaraan`.
    Kewarganegaraan = "kewarganegaraan",
    /// Country of a foreigner.
    Negara = "negara",
    /// Number of the passport.
    Paspor = "paspor",
    /// Number of the ITAP.
    NomorItap = "nomor_itap",
    /// Last day of the ITAP.
    ItapBerlaku = "itap_berlaku",
    /// Code table `shdk`.
    Shdk = "shdk",
    /// Code table `pendidikan`.
    Pendidikan = "pendidikan",
    /// Code table `disabilitas`.
    Disabilitas = "disabilitas",
    /// Mother's NIK.
    NikIbu = "nik_ibu",
    /// Mother's name.
    NamaIbu = "nama_ibu",
    /// Father's NIK.
    NikAyah = "nik_ayah",
    /// Father's name.
    NamaAyah = "nama_ayah",
    /// Number of the birth deed.
    AktaLahir = "akta_lahir",
    /// Former address.
    AlamatSebelumnya = "alamat_sebelumnya",
    /// Telephone.
    Telepon = "telepon",
    /// E-mail.
    Email = "email",
}

impl Unsur {
    /// Returns the id of the code table it takes its values from.
    pub const fn table(self) -> Option<&'static str> {
        match self {
            Unsur::JenisKelamin
            | Unsur::GolonganDarah
            | Unsur::Agama
            | Unsur::StatusPerkawinan
            | Unsur::Pekerjaan
            | Unsur::Kewarganegaraan
            | Unsur::Shdk
            | Unsur::Pendidikan
            | Unsur::Disabilitas => Some(self.key()),
            Unsur::Nik
            | Unsur::NomorKk
            | Unsur::Nama
            | Unsur::Gelar
            | Unsur::TempatLahir
            | Unsur::TanggalLahir
            | Unsur::Alamat
            | Unsur::Rt
            | Unsur::Rw
            | Unsur::Kelurahan
            | Unsur::Kodepos
            | Unsur::OrganisasiKepercayaan
            | Unsur::AktaKawin
            | Unsur::TanggalKawin
            | Unsur::AktaCerai
            | Unsur::TanggalCerai
            | Unsur::Negara
            | Unsur::Paspor
            | Unsur::NomorItap
            | Unsur::ItapBerlaku
            | Unsur::NikIbu
            | Unsur::NamaIbu
            | Unsur::NikAyah
            | Unsur::NamaAyah
            | Unsur::AktaLahir
            | Unsur::AlamatSebelumnya
            | Unsur::Telepon
            | Unsur::Email => None,
        }
    }

    /// Says whether a correction of it needs its own paper (place and date of birth, blood type). Source: ktp-el §5.1.
    pub const fn is_static(self) -> bool {
        matches!(self, Unsur::Nik | Unsur::TempatLahir | Unsur::TanggalLahir | Unsur::GolonganDarah)
    }

    /// Says whether the card shows it.
    pub const fn is_on_card(self) -> bool {
        matches!(
            self,
            Unsur::Nik
                | Unsur::Nama
                | Unsur::TempatLahir
                | Unsur::TanggalLahir
                | Unsur::JenisKelamin
                | Unsur::GolonganDarah
                | Unsur::Alamat
                | Unsur::Rt
                | Unsur::Rw
                | Unsur::Kelurahan
                | Unsur::Agama
                | Unsur::StatusPerkawinan
                | Unsur::Pekerjaan
                | Unsur::Kewarganegaraan
        )
    }
}

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

    /// Returns the region of domicile, ten digits.
    pub fn domicile(&self) -> Option<KodeWilayah> {
        KodeWilayah::parse(self.get(Unsur::Kelurahan)?)
    }

    /// Returns the text of marital status for the card (four texts of six codes).
    pub fn marital_card_text<'a>(&'a self, codes: &'a CodeTables) -> Option<&'a str> {
        Some(codes.card_text("status_perkawinan", self.get(Unsur::StatusPerkawinan)?))
    }
}

/// What a field is judged beside.
#[derive(Clone, Copy)]
pub struct FieldCtx<'a> {
    /// The day of asking.
    pub today: Date,
    /// Regions.
    pub wilayah: &'a Wilayah,
    /// Code tables.
    pub codes: &'a CodeTables,
    /// The other elements as they stand.
    pub biodata: &'a Biodata,
}

/// Longest free text of a form field, in characters.
pub const FIELD_LIMIT: usize = 250;

/// Judges one element; an empty one is judged only by [`missing`].
pub fn check_field(unsur: Unsur, text: &str, ctx: &FieldCtx<'_>) -> Vec<Finding> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    match unsur {
        Unsur::Nik => {
            let born = ctx.biodata.born().and_then(Tanggal::date);
            nik::check(
                text,
                &NikContext {
                    born,
                    sex: ctx.biodata.sex(),
                    married: ctx.biodata.married_ever(),
                    today: ctx.today,
                    wilayah: ctx.wilayah,
                    domicile: ctx.biodata.domicile(),
                },
            )
            .findings
        }
        Unsur::NikIbu | Unsur::NikAyah => {
            let mut context = NikContext::bare(ctx.today, ctx.wilayah);
            // A parent may be long dead; the age of the number says nothing.
            context.married = true;
            let mut findings = nik::check(text, &context).findings;
            findings.retain(|finding| finding.rule != Rule::NikOver100);
            findings
        }
        Unsur::NomorKk => kk::check(text).findings,
        Unsur::Nama | Unsur::NamaIbu | Unsur::NamaAyah => nama::check(text).findings,
        Unsur::TanggalLahir => check_born(text, ctx),
        Unsur::TanggalKawin | Unsur::TanggalCerai => check_date(text, ctx.today, true).1,
        Unsur::ItapBerlaku => check_date(text, ctx.today, false).1,
        Unsur::Kelurahan => check_region(text, ctx.wilayah),
        Unsur::Rt | Unsur::Rw => {
            digits(text, 1..=3, Level::Hard, Rule::RtRwForm, "RT dan RW diisi 1–3 angka, misalnya 003.")
        }
        Unsur::Kodepos => digits(text, 5..=5, Level::Warn, Rule::TooLong, "Kode pos terdiri dari 5 angka."),
        Unsur::Telepon => {
            let bare: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')')).collect();
            let bare = bare.strip_prefix('+').unwrap_or(&bare);
            digits(
                bare,
                7..=15,
                Level::Warn,
                Rule::PhoneForm,
                "Nomor telepon tidak lazim. Bacakan kembali kepada pemohon.",
            )
        }
        Unsur::Email => {
            let mut findings = free_text(text);
            let ok = text.trim().split_once('@').is_some_and(|(who, host)| {
                !who.is_empty() && host.contains('.') && !host.contains('@') && !text.trim().contains(' ')
            });
            if !ok {
                findings.push(Finding::new(
                    Level::Warn,
                    Rule::EmailForm,
                    "Alamat surel tidak lazim. Periksa letak tanda @.",
                ));
            }
            findings
        }
        Unsur::JenisKelamin
        | Unsur::GolonganDarah
        | Unsur::Agama
        | Unsur::StatusPerkawinan
        | Unsur::Pekerjaan
        | Unsur::Kewarganegaraan
        | Unsur::Shdk
        | Unsur::Pendidikan
        | Unsur::Disabilitas => check_code(unsur, text, ctx.codes),
        Unsur::Gelar
        | Unsur::TempatLahir
        | Unsur::Alamat
        | Unsur::OrganisasiKepercayaan
        | Unsur::AktaKawin
        | Unsur::AktaCerai
        | Unsur::Negara
        | Unsur::Paspor
        | Unsur::NomorItap
        | Unsur::AktaLahir
        | Unsur::AlamatSebelumnya => free_text(text),
    }
}

fn free_text(text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    if text.chars().any(nama::is_forbidden) {
        findings.push(Finding::new(
            Level::Hard,
            Rule::ForbiddenCharacter,
            "Isian berisi tanda yang tidak terlihat. Ketik ulang, jangan disalin-tempel.",
        ));
    }
    if text.chars().count() > FIELD_LIMIT {
        findings.push(Finding::new(
            Level::Hard,
            Rule::TooLong,
            "Isian lebih dari 250 huruf. Ringkas, lalu simpan lagi.",
        ));
    }
    findings
}

fn digits(
    text: &str,
    length: std::ops::RangeInclusive<usize>,
    level: Level,
    rule: Rule,
    words: &str,
) -> Vec<Finding> {
    let text = text.trim();
    let ok = length.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if ok { Vec::new() } else { vec![Finding::new(level, rule, words)] }
}

fn check_code(unsur: Unsur, text: &str, codes: &CodeTables) -> Vec<Finding> {
    let mut findings = free_text(text);
    let known = unsur.table().and_then(|table| codes.label(table, text)).is_some();
    if !known {
        findings.push(Finding::new(
            Level::Warn,
            Rule::CodeUnknown,
            "Kode ini belum ada di tabel. Disimpan apa adanya; cocokkan dengan KK.",
        ));
    }
    findings
}

fn check_region(text: &str, wilayah: &Wilayah) -> Vec<Finding> {
    let Some(code) = KodeWilayah::parse(text).filter(|code| code.level() == Tingkat::Kelurahan) else {
        return vec![Finding::new(
            Level::Hard,
            Rule::RegionUnknown,
            "Kelurahan/desa belum dipilih dari daftar. Ketik namanya, lalu pilih.",
        )];
    };
    if wilayah.name(code).is_some() {
        return Vec::new();
    }
    vec![Finding::new(
        Level::Warn,
        Rule::RegionUnknown,
        "Kode wilayah ini tidak ada di daftar. Disimpan apa adanya; cocokkan dengan KK.",
    )]
}

fn check_date(text: &str, today: Date, past: bool) -> (Option<Tanggal>, Vec<Finding>) {
    let Ok(date) = Tanggal::parse(text) else {
        return (
            None,
            vec![Finding::new(
                Level::Hard,
                Rule::DateInvalid,
                "Tanggal tidak ada di kalender atau salah tulis. Tulis seperti 14-03-2008.",
            )],
        );
    };
    let mut findings = Vec::new();
    if past && date.earliest().is_some_and(|earliest| earliest > today) {
        findings.push(Finding::new(
            Level::Hard,
            Rule::DateFuture,
            "Tanggal ini belum terjadi. Periksa tahunnya.",
        ));
    }
    if date.is_partial() {
        findings.push(Finding::new(
            Level::Warn,
            Rule::DatePartial,
            "Hari atau bulannya tidak diketahui. Cocokkan dengan KK; umur dihitung dari hari terakhir yang mungkin.",
        ));
    }
    (Some(date), findings)
}

fn check_born(text: &str, ctx: &FieldCtx<'_>) -> Vec<Finding> {
    let (date, mut findings) = check_date(text, ctx.today, true);
    let Some(latest) = date.and_then(Tanggal::latest) else { return findings };
    if findings.iter().any(|finding| finding.level == Level::Hard) {
        return findings;
    }
    let married = ctx.biodata.married_ever();
    if usia::age_on(latest, ctx.today) > 120 {
        findings.push(Finding::new(
            Level::Warn,
            Rule::DateTooOld,
            "Menurut tanggal ini umurnya lebih dari 120 tahun. Periksa tahunnya.",
        ));
    }
    if let Some(from) = usia::record_from(latest, married)
        && ctx.today < from
    {
        findings.push(Finding::new(
            Level::Warn,
            Rule::TooYoungToRecord,
            format!("Belum 16 tahun dan belum kawin. Boleh direkam mulai {}.", crate::tanggal::dmy(from)),
        ));
    } else if let Some(from) = usia::print_from(latest, married)
        && ctx.today < from
    {
        findings.push(Finding::new(
            Level::Info,
            Rule::PrintHeldForAge,
            format!(
                "Boleh direkam sekarang. Kartu dicetak mulai {}, saat berumur 17 tahun.",
                crate::tanggal::dmy(from)
            ),
        ));
    }
    findings
}

/// Returns the elements that a kind of application cannot do without, in order. Source: F-1.02 and the card's face.
pub fn required(kind: JenisPermohonan) -> Vec<Unsur> {
    let mut list = vec![
        Unsur::Nik,
        Unsur::NomorKk,
        Unsur::Nama,
        Unsur::TempatLahir,
        Unsur::TanggalLahir,
        Unsur::JenisKelamin,
        Unsur::Alamat,
        Unsur::Rt,
        Unsur::Rw,
        Unsur::Kelurahan,
        Unsur::Agama,
        Unsur::StatusPerkawinan,
        Unsur::Pekerjaan,
        Unsur::Kewarganegaraan,
    ];
    if kind.is_wna() {
        list.extend([Unsur::Negara, Unsur::Paspor, Unsur::NomorItap, Unsur::ItapBerlaku]);
    }
    list
}

/// Returns the required elements that are blank.
pub fn missing(kind: JenisPermohonan, biodata: &Biodata) -> Vec<Unsur> {
    required(kind).into_iter().filter(|unsur| biodata.get(*unsur).is_none()).collect()
}

/// Judges all elements that are filled; elements without findings are left out.
pub fn check_all(ctx: &FieldCtx<'_>) -> BTreeMap<Unsur, Vec<Finding>> {
    ctx.biodata
        .iter()
        .map(|(unsur, text)| (unsur, check_field(unsur, text, ctx)))
        .filter(|(_, findings)| !findings.is_empty())
        .collect()
}

/// One element of form and record side by side.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffRow {
    /// Which element.
    pub unsur: Unsur,
    /// As on the form.
    pub form: Option<String>,
    /// As in the record.
    pub record: Option<String>,
    /// Equal but for case, spaces and punctuation between words.
    pub same: bool,
}

impl std::fmt::Debug for DiffRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DiffRow({}, same: {})", self.unsur.key(), self.same)
    }
}

/// Holds form against record, element by element, in order; an element that neither has is left out.
///
/// An element that the form leaves blank is no difference: F-1.02 asks for less than the record holds.
pub fn diff(form: &Biodata, record: &Biodata) -> Vec<DiffRow> {
    Unsur::ALL
        .iter()
        .filter_map(|unsur| {
            let (mine, theirs) = (form.get(*unsur), record.get(*unsur));
            if mine.is_none() && theirs.is_none() {
                return None;
            }
            let same = match (mine, theirs) {
                (Some(mine), Some(theirs)) => same(*unsur, mine, theirs),
                (None, Some(_)) => true,
                (Some(_), None) | (None, None) => false,
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

fn same(unsur: Unsur, a: &str, b: &str) -> bool {
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

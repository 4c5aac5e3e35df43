//! The data elements themselves.

use serde::{Deserialize, Serialize};

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

    /// Says whether a population register keeps it of a person. Telephone and e-mail are how the office reaches somebody: no
    /// record holds them, so none can differ from what is typed. Source: UU 24/2013 Ps. 58(2).
    pub const fn is_registered(self) -> bool {
        !matches!(self, Unsur::Telepon | Unsur::Email)
    }

    /// Says whether it is printed on the card; the last day of an ITAP stands on a foreigner's alone. Source: UU 24/2013 Ps. 64; ktp-el §9.1.
    pub const fn is_on_card(self) -> bool {
        match self {
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
            | Unsur::ItapBerlaku => true,
            Unsur::NomorKk
            | Unsur::Gelar
            | Unsur::Kodepos
            | Unsur::OrganisasiKepercayaan
            | Unsur::AktaKawin
            | Unsur::TanggalKawin
            | Unsur::AktaCerai
            | Unsur::TanggalCerai
            | Unsur::Negara
            | Unsur::Paspor
            | Unsur::NomorItap
            | Unsur::Shdk
            | Unsur::Pendidikan
            | Unsur::Disabilitas
            | Unsur::NikIbu
            | Unsur::NamaIbu
            | Unsur::NikAyah
            | Unsur::NamaAyah
            | Unsur::AktaLahir
            | Unsur::AlamatSebelumnya
            | Unsur::Telepon
            | Unsur::Email => false,
        }
    }

    /// Says whether a correction of it needs its own paper (place and date of birth, blood type). Source: ktp-el §5.1.
    pub const fn is_static(self) -> bool {
        matches!(self, Unsur::Nik | Unsur::TempatLahir | Unsur::TanggalLahir | Unsur::GolonganDarah)
    }
}

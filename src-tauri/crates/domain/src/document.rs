//! The papers an applicant brings, and which of them a kind of application asks for.

use serde::{Deserialize, Serialize};

use crate::plan::JenisPermohonan;

/// A kind of paper. Source: F-1.02 part III; Perpres 96/2018.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Berkas {
    /// F-1.02, signed.
    FormulirPermohonan,
    /// Copy of the family card.
    KartuKeluarga,
    /// Surat keterangan pindah.
    SuratPindah,
    /// SKP Perwakilan RI, for those who come from abroad.
    SkpPerwakilan,
    /// SKPLN, for those who come from abroad.
    SuratPindahLuarNegeri,
    /// Passport or other travel document.
    DokumenPerjalanan,
    /// Permanent stay permit.
    KartuItap,
    /// The present card, whole.
    KtpLama,
    /// The damaged card, handed in.
    KtpRusak,
    /// Police letter of loss.
    SuratKehilangan,
    /// F-1.06 with its proof.
    BuktiPerubahan,
    /// Marriage book or deed: proof of marriage under 17.
    BuktiNikah,
    /// Divorce deed.
    AktaCerai,
    /// Birth deed or diploma: proof for place and date of birth.
    AktaLahirAtauIjazah,
    /// Medical paper: proof of blood type.
    SuratGolonganDarah,
    /// SPTJM for a marriage or divorce that is not registered.
    Sptjm,
    /// A photograph of a hand or other proof of a biometric exception.
    FotoPengecualian,
    /// Any other paper.
    Lainnya,
}

impl Berkas {
    /// All kinds of paper in the order of the form.
    pub const ALL: [Berkas; 18] = [
        Berkas::FormulirPermohonan,
        Berkas::KartuKeluarga,
        Berkas::SuratPindah,
        Berkas::SkpPerwakilan,
        Berkas::SuratPindahLuarNegeri,
        Berkas::DokumenPerjalanan,
        Berkas::KartuItap,
        Berkas::KtpLama,
        Berkas::KtpRusak,
        Berkas::SuratKehilangan,
        Berkas::BuktiPerubahan,
        Berkas::BuktiNikah,
        Berkas::AktaCerai,
        Berkas::AktaLahirAtauIjazah,
        Berkas::SuratGolonganDarah,
        Berkas::Sptjm,
        Berkas::FotoPengecualian,
        Berkas::Lainnya,
    ];
}

/// One line of the checklist: any one of these papers fulfils it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// Papers that fulfil it; never empty.
    pub any_of: Vec<Berkas>,
}

impl Requirement {
    fn one(berkas: Berkas) -> Self {
        Self { any_of: vec![berkas] }
    }

    /// Says whether one of the papers is there.
    pub fn is_met(&self, papers: &[Berkas]) -> bool {
        self.any_of.iter().any(|berkas| papers.contains(berkas))
    }
}

/// What changes the checklist beside the kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequirementFacts {
    /// Comes from abroad.
    pub from_abroad: bool,
    /// Under 17 and claims a marriage: the marriage must be shown.
    pub minor_married: bool,
}

/// Returns the checklist of a kind, form first. Source: ktp-el §7.3.
pub fn requirements(kind: JenisPermohonan, facts: RequirementFacts) -> Vec<Requirement> {
    use Berkas::{
        BuktiNikah, BuktiPerubahan, DokumenPerjalanan, FormulirPermohonan, KartuItap, KartuKeluarga, KtpLama,
        KtpRusak, SkpPerwakilan, Sptjm, SuratKehilangan, SuratPindah, SuratPindahLuarNegeri,
    };
    let mut list = vec![Requirement::one(FormulirPermohonan)];
    let rest: &[Berkas] = match kind {
        JenisPermohonan::BaruWni | JenisPermohonan::LuarDomisili => &[KartuKeluarga],
        JenisPermohonan::BaruWna => &[KartuKeluarga, DokumenPerjalanan, KartuItap],
        JenisPermohonan::PindahDatangWni if facts.from_abroad => &[KartuKeluarga, DokumenPerjalanan],
        JenisPermohonan::PindahDatangWni => &[KartuKeluarga, SuratPindah],
        JenisPermohonan::PindahDatangWna => &[KartuKeluarga, DokumenPerjalanan, KartuItap, KtpLama],
        JenisPermohonan::PerubahanData => &[KartuKeluarga, KtpLama, BuktiPerubahan],
        JenisPermohonan::PerpanjanganWna => &[KtpLama, KartuItap, DokumenPerjalanan],
        JenisPermohonan::Hilang => &[KartuKeluarga, SuratKehilangan],
        JenisPermohonan::Rusak => &[KartuKeluarga, KtpRusak],
        JenisPermohonan::FotoTandaTangan => &[KartuKeluarga, KtpLama],
    };
    list.extend(rest.iter().copied().map(Requirement::one));
    if kind == JenisPermohonan::PindahDatangWni && facts.from_abroad {
        list.push(Requirement { any_of: vec![SkpPerwakilan, SuratPindahLuarNegeri] });
    }
    if facts.minor_married {
        list.push(Requirement { any_of: vec![BuktiNikah, Sptjm] });
    }
    list
}

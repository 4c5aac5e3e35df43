//! Judging elements as they are typed.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Biodata, Unsur, compare_key};
use crate::codes::CodeTables;
use crate::finding::{Finding, Level, Rule};
use crate::nik::NikContext;
use crate::plan::JenisPermohonan;
use crate::tanggal::Tanggal;
use crate::wilayah::{KodeWilayah, Tingkat, Wilayah};
use crate::{kk, nama, nik, usia};

/// What a field is judged beside.
#[derive(Clone, Copy)]
pub struct FieldCtx<'a> {
    /// The kind of application: it may say whose card it is, a citizen's or a foreigner's.
    pub kind: JenisPermohonan,
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
            nik::check(
                text,
                &NikContext {
                    born: ctx.biodata.born(),
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
        Unsur::ItapBerlaku => check_stay(text, ctx.today),
        Unsur::Kelurahan => check_region(text, ctx.wilayah),
        Unsur::Rt | Unsur::Rw => {
            digits(text, 1..=3, Level::Hard, Rule::RtRwForm, "RT dan RW diisi 1–3 angka, misalnya 003.")
        }
        Unsur::Kodepos => {
            digits(text, 5..=5, Level::Warn, Rule::PostcodeForm, "Kode pos terdiri dari 5 angka.")
        }
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
        | Unsur::Shdk
        | Unsur::Pendidikan
        | Unsur::Disabilitas => check_code(unsur, text, ctx.codes),
        Unsur::Kewarganegaraan => {
            let mut findings = check_code(unsur, text, ctx.codes);
            findings.extend(check_citizenship(text, ctx.kind));
            findings
        }
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
    let known = unsur.table().is_some_and(|table| codes.is_current(table, text));
    if !known {
        findings.push(Finding::new(
            Level::Warn,
            Rule::CodeUnknown,
            "Kode ini belum ada di tabel. Disimpan apa adanya; cocokkan dengan KK.",
        ));
    }
    findings
}

/// A kind that is one of citizens or one of foreigners takes no other citizenship: papers, fields and the end of validity
/// follow from the kind. Source: Perpres 96/2018 Ps. 11–13; UU 24/2013 Ps. 64(7).
fn check_citizenship(text: &str, kind: JenisPermohonan) -> Option<Finding> {
    let words = match (kind.is_wna(), kind.is_wni(), is_foreign(text)) {
        (true, _, Some(false)) => {
            "Permohonan ini untuk WNA, tetapi kewarganegaraannya WNI. Cocokkan dengan KK; bila memang WNI, buka permohonan jenis WNI."
        }
        (_, true, Some(true)) => {
            "Permohonan ini untuk WNI, tetapi kewarganegaraannya WNA. Cocokkan dengan ITAP; bila memang WNA, buka permohonan jenis WNA."
        }
        (true, _, Some(true) | None) | (false, true, Some(false) | None) | (false, false, _) => return None,
    };
    Some(Finding::new(Level::Hard, Rule::CitizenshipOfKind, words))
}

/// Says whether a citizenship as coded is a foreigner's; `None` for a code that the table does not hold.
pub(super) fn is_foreign(text: &str) -> Option<bool> {
    match compare_key(text).as_str() {
        "WNA" => Some(true),
        "WNI" => Some(false),
        _ => None,
    }
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

/// The last day of an ITAP: the card is valid no longer than the stay, so none is made on one that has ended (UU 24/2013,
/// Ps. 63 and 64).
fn check_stay(text: &str, today: Date) -> Vec<Finding> {
    let (date, mut findings) = check_date(text, today, false);
    if date.and_then(Tanggal::latest).is_some_and(|last| last < today) {
        findings.push(Finding::new(
            Level::Hard,
            Rule::StayEnded,
            "ITAP ini sudah berakhir. Minta ITAP yang berlaku; perpanjangannya diurus di kantor imigrasi.",
        ));
    }
    findings
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

/// Returns the elements that an application cannot do without, in order: those of every card, and of a foreigner's card
/// those of the stay, whatever the kind. Source: F-1.02 and the card's face.
pub fn required(kind: JenisPermohonan, biodata: &Biodata) -> Vec<Unsur> {
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
    if kind.is_wna() || biodata.is_foreigner() {
        list.extend([Unsur::Negara, Unsur::Paspor, Unsur::NomorItap, Unsur::ItapBerlaku]);
    }
    list
}

/// Returns the required elements that are blank.
pub fn missing(kind: JenisPermohonan, biodata: &Biodata) -> Vec<Unsur> {
    required(kind, biodata).into_iter().filter(|unsur| biodata.get(*unsur).is_none()).collect()
}

/// Judges all elements that are filled; elements without findings are left out.
pub fn check_all(ctx: &FieldCtx<'_>) -> BTreeMap<Unsur, Vec<Finding>> {
    ctx.biodata
        .iter()
        .map(|(unsur, text)| (unsur, check_field(unsur, text, ctx)))
        .filter(|(_, findings)| !findings.is_empty())
        .collect()
}

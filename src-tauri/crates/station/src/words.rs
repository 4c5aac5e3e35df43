//! Names of papers, kinds and elements as the office says them: Indonesian, as on the forms. A window in another language finds
//! its own words by their keys, for papers by these very names (`ui/src/lib/domain/words.ts`).

use domain::Unsur;
use domain::document::{Berkas, Requirement};
use domain::plan::JenisPermohonan;

/// Name of a kind of application.
pub fn kind(kind: JenisPermohonan) -> &'static str {
    match kind {
        JenisPermohonan::BaruWni => "Baru, WNI",
        JenisPermohonan::BaruWna => "Baru, orang asing ITAP",
        JenisPermohonan::PindahDatangWni => "Pindah datang",
        JenisPermohonan::PindahDatangWna => "Pindah datang, orang asing",
        JenisPermohonan::PerubahanData => "Perubahan data",
        JenisPermohonan::PerpanjanganWna => "Perpanjangan, orang asing",
        JenisPermohonan::Hilang => "Hilang",
        JenisPermohonan::Rusak => "Rusak",
        JenisPermohonan::LuarDomisili => "Luar domisili",
        JenisPermohonan::FotoTandaTangan => "Ganti foto atau tanda tangan",
    }
}

/// When to choose a kind.
pub fn kind_hint(kind: JenisPermohonan) -> &'static str {
    match kind {
        JenisPermohonan::BaruWni => "Belum pernah rekam, 16 tahun ke atas atau sudah kawin",
        JenisPermohonan::BaruWna => "Pemegang ITAP yang belum pernah rekam",
        JenisPermohonan::PindahDatangWni => "Datang dari daerah lain; yang pernah rekam tidak direkam lagi",
        JenisPermohonan::PindahDatangWna => "Pemegang ITAP yang pindah ke sini",
        JenisPermohonan::PerubahanData => "Data di KK sudah diperbarui",
        JenisPermohonan::PerpanjanganWna => "Paling cepat 30 hari sebelum ITAP berakhir",
        JenisPermohonan::Hilang => "Ada surat kehilangan dari kepolisian",
        JenisPermohonan::Rusak => "Kartu lama diserahkan",
        JenisPermohonan::LuarDomisili => "Rekam di sini, alamat di daerah lain, tanpa perubahan data",
        JenisPermohonan::FotoTandaTangan => "Sidik jari dicocokkan dahulu",
    }
}

/// Name of a paper.
pub fn berkas(berkas: Berkas) -> &'static str {
    match berkas {
        Berkas::FormulirPermohonan => "Formulir F-1.02 ditandatangani",
        Berkas::KartuKeluarga => "Fotokopi KK",
        Berkas::SuratPindah => "Surat keterangan pindah",
        Berkas::SkpPerwakilan => "SKP dari Perwakilan RI",
        Berkas::SuratPindahLuarNegeri => "Surat pindah luar negeri",
        Berkas::DokumenPerjalanan => "Dokumen perjalanan",
        Berkas::KartuItap => "Kartu ITAP",
        Berkas::KtpLama => "KTP-el lama",
        Berkas::KtpRusak => "KTP-el yang rusak",
        Berkas::SuratKehilangan => "Surat kehilangan kepolisian",
        Berkas::BuktiPerubahan => "Bukti perubahan (F-1.06)",
        Berkas::BuktiNikah => "Buku nikah atau akta kawin",
        Berkas::AktaCerai => "Akta cerai",
        Berkas::AktaLahirAtauIjazah => "Akta lahir atau ijazah",
        Berkas::SuratGolonganDarah => "Keterangan golongan darah",
        Berkas::Sptjm => "SPTJM perkawinan belum tercatat",
        Berkas::FotoPengecualian => "Foto pengecualian",
        Berkas::Lainnya => "Surat lain",
    }
}

/// Papers of which one will do, in one line.
pub fn any_of(papers: &[&str]) -> String {
    papers.join(" atau ")
}

/// A line of the checklist.
pub fn requirement(line: &Requirement) -> String {
    any_of(&line.any_of.iter().map(|paper| berkas(*paper)).collect::<Vec<_>>())
}

/// Stable key of a paper.
pub fn berkas_key(berkas: Berkas) -> String {
    match serde_json::to_value(berkas) {
        Ok(serde_json::Value::String(key)) => key,
        Ok(_) | Err(_) => String::new(),
    }
}

/// Stable key of a kind.
pub fn kind_key(kind: JenisPermohonan) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(key)) => key,
        Ok(_) | Err(_) => String::new(),
    }
}

/// The kind of a key.
pub fn kind_of(key: &str) -> Option<JenisPermohonan> {
    JenisPermohonan::ALL.into_iter().find(|k| kind_key(*k) == key)
}

/// The paper of a key.
pub fn berkas_of(key: &str) -> Option<Berkas> {
    Berkas::ALL.into_iter().find(|b| berkas_key(*b) == key)
}

/// Name of an element of data; level 4 is called `village`.
pub fn unsur(unsur: Unsur, village: &str) -> String {
    let name = match unsur {
        Unsur::Nik => "NIK",
        Unsur::NomorKk => "Nomor KK",
        Unsur::Nama => "Nama lengkap",
        Unsur::Gelar => "Gelar",
        Unsur::TempatLahir => "Tempat lahir",
        Unsur::TanggalLahir => "Tanggal lahir",
        Unsur::JenisKelamin => "Jenis kelamin",
        Unsur::GolonganDarah => "Golongan darah",
        Unsur::Alamat => "Alamat",
        Unsur::Rt => "RT",
        Unsur::Rw => "RW",
        Unsur::Kelurahan => return format!("Kel. / {}", village.to_lowercase()),
        Unsur::Kodepos => "Kode pos",
        Unsur::Agama => "Agama",
        Unsur::OrganisasiKepercayaan => "Organisasi kepercayaan",
        Unsur::StatusPerkawinan => "Status perkawinan",
        Unsur::AktaKawin => "Nomor akta kawin",
        Unsur::TanggalKawin => "Tanggal kawin",
        Unsur::AktaCerai => "Nomor akta cerai",
        Unsur::TanggalCerai => "Tanggal cerai",
        Unsur::Pekerjaan => "Pekerjaan",
        Unsur::Kewarganegaraan => "Kewarganegaraan",
        Unsur::Negara => "Negara",
        Unsur::Paspor => "Nomor paspor",
        Unsur::NomorItap => "Nomor ITAP",
        Unsur::ItapBerlaku => "ITAP berlaku sampai",
        Unsur::Shdk => "Hubungan dalam keluarga",
        Unsur::Pendidikan => "Pendidikan terakhir",
        Unsur::Disabilitas => "Penyandang disabilitas",
        Unsur::NikIbu => "NIK ibu",
        Unsur::NamaIbu => "Nama ibu",
        Unsur::NikAyah => "NIK ayah",
        Unsur::NamaAyah => "Nama ayah",
        Unsur::AktaLahir => "Nomor akta lahir",
        Unsur::AlamatSebelumnya => "Alamat sebelumnya",
        Unsur::Telepon => "Telepon",
        Unsur::Email => "Surel",
    };
    name.to_owned()
}

/// A name as a person writes it: capital first letters, the rest small; what is in mixed case already stays.
pub fn spoken_name(name: &str) -> String {
    if name.chars().any(char::is_lowercase) {
        return name.to_owned();
    }
    name.split(' ')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| {
                first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect()
            })
        })
        .collect::<Vec<String>>()
        .join(" ")
}

/// What stands before the name that somebody is called by: titles of birth and of the pilgrimage. Words that are names by
/// themselves too (Ayu, Ida, Anak) count only beside what makes a title of them.
const BEFORE_A_NAME: [&[&str]; 16] = [
    &["ANAK", "AGUNG"],
    &["GUSTI", "AYU"],
    &["GUSTI", "BAGUS"],
    &["IDA", "AYU"],
    &["IDA", "BAGUS"],
    &["RADEN", "AJENG"],
    &["RADEN", "AYU"],
    &["RADEN", "MAS"],
    &["CUT"],
    &["DATUK"],
    &["GUSTI"],
    &["HAJI"],
    &["HAJJAH"],
    &["RADEN"],
    &["TENGKU"],
    &["TEUKU"],
];

/// The one word that a person is called by, as it is spoken: the first that is no title, no initial and no marker of sex or birth
/// (`NI LUH SARTINI` is Luh, `M. RIZKI` is Rizki). The whole name where nothing else is left of it.
pub fn called(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let mut rest = words.as_slice();
    while let Some(first) = rest.first() {
        let title = BEFORE_A_NAME.iter().find(|title| {
            rest.len() >= title.len() && title.iter().zip(rest).all(|(t, word)| t.eq_ignore_ascii_case(word))
        });
        let short = first.ends_with('.') || first.chars().count() <= 2;
        match title {
            Some(title) => rest = &rest[title.len()..],
            None if short => rest = &rest[1..],
            None => return spoken_name(first),
        }
    }
    spoken_name(&words.join(" "))
}

/// Words of the code tables that stay in capitals.
const ABBREVIATIONS: [&str; 23] = [
    "AB", "AB+", "AB-", "BPK", "BUMD", "BUMN", "DPD", "DPR", "DPR-RI", "DPRD", "II", "III", "IV", "PNS",
    "POLRI", "RI", "SD", "SLTA", "SLTP", "TNI", "WNA", "WNI", "YME",
];

/// What words of a label stand between.
const BETWEEN_WORDS: [char; 4] = [' ', '/', '(', ')'];

/// A row of a code table as a person writes it: like a name, also behind a stroke or a bracket, abbreviations in capitals.
pub fn spoken_label(label: &str) -> String {
    if label.chars().any(char::is_lowercase) {
        return label.to_owned();
    }
    label
        .split_inclusive(BETWEEN_WORDS)
        .map(|part| {
            let short = ABBREVIATIONS.contains(&part.trim_end_matches(BETWEEN_WORDS));
            if short { part.to_owned() } else { spoken_name(part) }
        })
        .collect()
}

/// Asserts that the window has a sentence of its own for `key`, in Indonesian and in English.
#[cfg(test)]
pub(crate) fn assert_worded(key: &str) {
    for (language, folder) in [("Indonesian", "id"), ("English", "en")] {
        let strings = format!("{}/../../../ui/src/strings/{folder}", env!("CARGO_MANIFEST_DIR"));
        let worded = std::fs::read_dir(&strings)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|file| std::fs::read_to_string(file.path()).ok())
            .any(|table| table.contains(&format!("  '{key}':")));
        assert!(worded, "the {language} window has no words for {key}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every "not now" of this crate's own sources, by the key that stands there.
    #[test]
    fn every_not_now_says_in_three_sentences_what_happened_what_is_safe_and_what_to_do() {
        fn keys(folder: &std::path::Path, found: &mut std::collections::BTreeSet<String>) {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    keys(&path, found);
                    continue;
                }
                let source = std::fs::read_to_string(&path).unwrap();
                for call in ["not_now(", "not_now_with("] {
                    let after = source.split(call).skip(1).map(str::trim_start);
                    let named = after.filter_map(|rest| rest.strip_prefix('"')?.split('"').next());
                    let is_key = |key: &&str| key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
                    found.extend(named.filter(is_key).map(str::to_owned));
                }
            }
        }
        let mut found = std::collections::BTreeSet::new();
        keys(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut found);
        assert!(found.len() > 50, "they were found: {}", found.len());
        for key in found {
            for part in ["happened", "safe", "next"] {
                assert_worded(&format!("errors.{key}.{part}"));
            }
        }
    }

    #[test]
    fn the_window_has_words_for_every_code_in_both_languages() {
        for kind in JenisPermohonan::ALL {
            assert_worded(&format!("kind.{}", kind_key(kind)));
            assert_worded(&format!("kind.{}.hint", kind_key(kind)));
        }
        for unsur in Unsur::ALL {
            assert_worded(&format!("unsur.{}", unsur.key()));
        }
        let names = include_str!("../../../../ui/src/strings/id/words.ts");
        for paper in Berkas::ALL {
            let key = format!("berkas.{}", berkas_key(paper));
            assert_worded(&key);
            let line = format!("  '{key}': '{}',", berkas(paper));
            assert!(names.contains(&line), "by this name the window finds the paper: {line}");
        }
        for event in domain::register::RegisterKind::ALL {
            assert_worded(&format!("event.{}", event.key()));
        }
    }

    #[test]
    fn the_window_has_words_for_every_rule_in_both_languages() {
        let source = include_str!("../../domain/src/finding.rs");
        let rules =
            source.split("pub enum Rule {").nth(1).and_then(|rest| rest.split('}').next()).unwrap_or("");
        let mut seen = 0;
        for name in rules.lines().map(str::trim).filter(|line| line.ends_with(',') && !line.starts_with("//"))
        {
            let name = name.trim_end_matches(',');
            let rule: domain::finding::Rule = serde_json::from_value(snake(name).into())
                .unwrap_or_else(|_| panic!("{name} is a rule and its key is its name"));
            assert_worded(&format!("finding.{}", rule.key()));
            seen += 1;
        }
        assert!(seen > 30, "the rules were found, got {seen}");
    }

    fn snake(name: &str) -> String {
        let mut out = String::new();
        for letter in name.chars() {
            if letter.is_ascii_uppercase() && !out.is_empty() {
                out.push('_');
            }
            out.push(letter.to_ascii_lowercase());
        }
        out
    }

    #[test]
    fn every_key_leads_back_to_its_kind_and_paper() {
        for kind in JenisPermohonan::ALL {
            assert_eq!(kind_of(&kind_key(kind)), Some(kind), "keys are what the window sends back");
        }
        for paper in Berkas::ALL {
            assert_eq!(berkas_of(&berkas_key(paper)), Some(paper), "keys are what the window sends back");
        }
    }

    #[test]
    fn a_label_keeps_its_abbreviations_in_capitals() {
        assert_eq!(spoken_label("AB"), "AB", "a blood group is not a name");
        assert_eq!(spoken_label("WNI"), "WNI", "nor is a citizenship");
        assert_eq!(spoken_label("KAWIN TERCATAT"), "Kawin Tercatat", "everything else is");
        assert_eq!(spoken_label("Kawin tercatat"), "Kawin tercatat", "what was typed with care stays");
    }

    #[test]
    fn every_label_of_the_code_tables_is_written_as_a_person_writes_it() {
        for (label, spoken) in [
            ("BELUM/TIDAK BEKERJA", "Belum/Tidak Bekerja"),
            ("PETANI/PEKEBUN", "Petani/Pekebun"),
            ("PEGAWAI NEGERI SIPIL (PNS)", "Pegawai Negeri Sipil (PNS)"),
            ("KEPOLISIAN RI (POLRI)", "Kepolisian RI (POLRI)"),
            ("ANGGOTA DPR-RI", "Anggota DPR-RI"),
            ("TAMAT SD", "Tamat SD"),
            ("D IV/S I", "D IV/S I"),
            ("LAKI-LAKI", "Laki-laki"),
            ("KEPERCAYAAN TERHADAP TUHAN YME / LAINNYA", "Kepercayaan Terhadap Tuhan YME / Lainnya"),
        ] {
            assert_eq!(spoken_label(label), spoken);
        }
        let mut seen = 0;
        for row in domain::codes::CodeTables::builtin().iter().flat_map(|table| &table.rows) {
            let spoken = spoken_label(&row.label);
            assert_eq!(spoken.to_uppercase(), row.label, "the label of the table, letter for letter");
            let mut behind = spoken.split(['(', '/']).skip(1).filter_map(|part| part.chars().next());
            assert!(behind.all(|first| !first.is_lowercase()), "{spoken}");
            // Whole abbreviations only: no word without a vowel is a word.
            let mut words = spoken.split(BETWEEN_WORDS).filter(|word| word.chars().count() > 1);
            let is_word = |word: &str| word.chars().any(|c| "aiueoAIUEO".contains(c));
            assert!(words.all(|word| is_word(word) || word.to_uppercase() == word), "{spoken}");
            seen += 1;
        }
        assert!(seen > 100, "the tables were read, got {seen}");
    }

    #[test]
    fn a_name_in_capitals_is_spoken_in_small_letters() {
        assert_eq!(spoken_name("NUR'AINI BINTI HASAN"), "Nur'aini Binti Hasan", "as on the masthead");
        assert_eq!(spoken_name("Siti McDonald"), "Siti McDonald", "what was typed with care stays");
    }

    #[test]
    fn a_person_is_called_by_a_name_and_not_by_a_title_or_an_initial() {
        for (name, by) in [
            ("SITI RAHMAWATI", "Siti"),
            ("NI LUH SARTINI", "Luh"),
            ("I MADE ARTA", "Made"),
            ("I GUSTI AYU PUTRI", "Putri"),
            ("ANAK AGUNG RAI", "Rai"),
            ("M. RIZKI", "Rizki"),
            ("Hj. Siti Aminah", "Siti"),
            ("RADEN AJENG KARTINI", "Kartini"),
            ("raden wijaya", "wijaya"),
            ("CUT MEUTIA", "Meutia"),
            ("AYU LESTARI", "Ayu"),
            ("IDA ROYANI", "Ida"),
            ("ANDI SAPUTRA", "Andi"),
            ("MAS", "Mas"),
            ("NI", "Ni"),
            ("RADEN AYU", "Raden Ayu"),
            ("  ", ""),
        ] {
            assert_eq!(called(name), by, "{name}");
        }
    }
}

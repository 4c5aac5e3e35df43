//! Names of people: shown and flagged, never changed by the station.
//!
//! Source: Permendagri 73/2022; names recorded before the rule stay valid, so nothing of it blocks (ktp-el §6.1).

use unicode_normalization::UnicodeNormalization;

use crate::finding::{Finding, Level, Rule, loudest};

/// Letters, spaces included, that the rule of 2022 allows.
pub const NAME_LETTERS: usize = 60;
/// Characters above which a text is no name but an accident.
pub const NAME_LIMIT: usize = 250;

/// What the rules say about a name.
#[derive(Clone, PartialEq, Eq)]
pub struct NamaVerdict {
    /// The loudest finding.
    pub level: Level,
    /// The name in NFC with single spaces, when nothing HARD was found.
    pub name: Option<String>,
    /// Everything that was found.
    pub findings: Vec<Finding>,
}

impl std::fmt::Debug for NamaVerdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NamaVerdict({:?}, {:?})", self.level, self.findings)
    }
}

/// Says whether a character can hide or turn text: controls (NUL too), zero-width and bidirectional marks, BOM, unassigned tags.
pub fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFD}'
            | '\u{E0000}'..='\u{E0FFF}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// Returns the text in NFC, trimmed, with every run of white space as one space.
pub fn normalise(text: &str) -> String {
    let composed: String = text.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns what was typed in NFC, with a tab or a line end as the space that it stands for. Anything hidden stays, to be
/// judged: nothing is repaired without a word.
pub fn typed(text: &str) -> String {
    text.nfc().map(|c| if matches!(c, '\t' | '\n' | '\r') { ' ' } else { c }).collect()
}

fn is_latin(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '\u{00C0}'..='\u{024F}' | '\u{0300}'..='\u{036F}' | '\u{1E00}'..='\u{1EFF}')
        && !matches!(c, '\u{00D7}' | '\u{00F7}')
}

/// Judges a name.
///
/// HARD: empty, over 250 characters, or characters that cannot be seen. WARN: over 60 letters, digits, punctuation,
/// letters that are not Latin. INFO: one word.
pub fn check(text: &str) -> NamaVerdict {
    // White space that a keyboard makes (tab, line end) is folded; anything else unseen is refused, not repaired.
    let hidden = text.chars().any(|c| is_forbidden(c) && !matches!(c, '\t' | '\n' | '\r'));
    let name = normalise(text);
    let length = name.chars().count();
    let mut findings = Vec::new();
    let mut say = |level, rule, words: &str| findings.push(Finding::new(level, rule, words));
    if hidden {
        say(
            Level::Hard,
            Rule::ForbiddenCharacter,
            "Nama berisi tanda yang tidak terlihat. Ketik ulang nama dari KK, jangan disalin-tempel.",
        );
    }
    if name.is_empty() {
        say(Level::Hard, Rule::Empty, "Nama belum diisi.");
    } else if length > NAME_LIMIT {
        say(
            Level::Hard,
            Rule::TooLong,
            "Isian nama lebih dari 250 huruf. Periksa apakah teks lain ikut tertempel.",
        );
    } else {
        if length > NAME_LETTERS {
            say(
                Level::Warn,
                Rule::NameOver60,
                "Nama lebih dari 60 huruf. Nama yang tercatat sebelum 2022 tetap sah; cocokkan dengan KK.",
            );
        }
        if name.chars().any(char::is_numeric) {
            say(
                Level::Warn,
                Rule::NameDigit,
                "Nama berisi angka. Cocokkan dengan KK; bila memang tercatat begitu, lanjutkan.",
            );
        }
        let is_sign =
            |c: char| !c.is_alphanumeric() && c != ' ' && !is_latin(c) && !is_mark(c) && !is_forbidden(c);
        if name.chars().any(is_sign) {
            say(
                Level::Warn,
                Rule::NamePunctuation,
                "Nama berisi tanda baca. Nama yang tercatat sebelum 2022 tetap sah; cocokkan dengan KK.",
            );
        }
        if name.chars().any(|c| (c.is_alphabetic() || is_mark(c)) && !is_latin(c) && !is_forbidden(c)) {
            say(Level::Warn, Rule::NameNotLatin, "Nama berisi huruf bukan Latin. Cocokkan dengan KK.");
        }
        if !name.contains(' ') {
            say(Level::Info, Rule::NameSingleWord, "Nama satu kata. Diperbolehkan bila memang begitu di KK.");
        }
    }
    let level = loudest(&findings);
    let name = (level < Level::Hard).then_some(name);
    NamaVerdict { level, name, findings }
}

/// True for a combining mark, which belongs to the letter before it.
pub(crate) fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

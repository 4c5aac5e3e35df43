//! Foreign texts made safe for a line of print.

use serde_json::Value;

/// Longest run without a place to break, in characters.
const LONGEST_WORD: usize = 34;

/// Goes through every text of the values: no control or direction characters, no word that cannot be broken.
pub(crate) fn tidy(value: &mut Value) {
    match value {
        Value::String(text) => *text = tidy_text(text),
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Object(members) => members.values_mut().for_each(tidy),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn tidy_text(text: &str) -> String {
    let unseen = |c: &char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut out = String::with_capacity(text.len());
    let mut run = 0;
    for c in text.chars().map(|c| if c == '\n' || c == '\t' { ' ' } else { c }).filter(|c| !unseen(c)) {
        run = if c.is_whitespace() || c == '-' || c == '/' { 0 } else { run + 1 };
        if run > LONGEST_WORD {
            out.push('\u{200b}');
            run = 1;
        }
        out.push(c);
    }
    out
}

/// A NIK as lists show it: six digits, six dots, four digits.
pub(crate) fn masked(nik: &str) -> String {
    match (nik.get(..6), nik.get(12..16)) {
        (Some(head), Some(tail)) if nik.len() == 16 => format!("{head}••••••{tail}"),
        // Not a NIK: nothing of it is shown.
        _ if nik.is_empty() => String::new(),
        _ => "••••••".to_owned(),
    }
}

/// The last digits of a NIK, for a paper that lies where others see it.
pub(crate) fn last_four(nik: &str) -> &str {
    match nik.get(12..16) {
        Some(tail) if nik.len() == 16 => tail,
        // Not a NIK: nothing of it is shown.
        _ if nik.is_empty() => "",
        _ => "••••",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_get_places_to_break_and_keep_their_letters() {
        let word = "A".repeat(100);
        let tidied = tidy_text(&word);
        assert_eq!(tidied.replace('\u{200b}', ""), word, "no letter may be lost");
        assert_eq!(tidied.matches('\u{200b}').count(), 2, "a break at least every 34 letters");
    }

    #[test]
    fn direction_and_control_characters_vanish() {
        assert_eq!(tidy_text("SITI\u{202e}\u{0}RAH\nMAWATI"), "SITIRAH MAWATI", "text must not turn around");
    }

    #[test]
    fn a_masked_nik_keeps_six_and_four() {
        assert_eq!(masked("1804015403089002"), "180401••••••9002", "the middle is hidden");
        assert_eq!(masked("180401"), "••••••", "a broken NIK shows nothing");
        assert_eq!(last_four("1804015403089002"), "9002");
        assert_eq!([last_four("180401"), last_four("")], ["••••", ""], "nor does its end");
    }
}

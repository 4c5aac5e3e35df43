//! Letters that every thermal printer has.

use unicode_normalization::UnicodeNormalization as _;

/// The text in ASCII: accents fall off, typographic signs become their plain ones, what is left becomes `?`. Nothing is
/// dropped silently, and no control character passes, which the printer would take for a command.
pub(super) fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfd() {
        match c {
            ' '..='~' => out.push(c),
            '\n' | '\t' | '\u{a0}' | '\u{202f}' => out.push(' '),
            '\u{300}'..='\u{36f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => {}
            '–' | '—' | '‑' | '−' => out.push('-'),
            '‘' | '’' | 'ʼ' => out.push('\''),
            '“' | '”' => out.push('"'),
            '•' | '·' => out.push('*'),
            '…' => out.push_str("..."),
            '×' => out.push('x'),
            '±' => out.push_str("+-"),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'Æ' => out.push_str("AE"),
            'ø' => out.push('o'),
            'Ø' => out.push('O'),
            'ł' => out.push('l'),
            'Ł' => out.push('L'),
            'đ' | 'ð' => out.push('d'),
            'Đ' | 'Ð' => out.push('D'),
            c if c.is_control() => {}
            _ => out.push('?'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::ascii;

    #[test]
    fn accents_fall_off_and_signs_become_plain() {
        assert_eq!(ascii("É–Ž “Ñ” 180401••••••9002"), "E-Z \"N\" 180401******9002");
        assert_eq!(ascii("山"), "?", "what cannot be shown is seen to be missing");
    }

    #[test]
    fn no_command_gets_through_a_name() {
        assert_eq!(ascii("SITI\u{1b}@\u{1d}V\u{0}A"), "SITI@VA");
    }
}

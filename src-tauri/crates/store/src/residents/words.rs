//! Words of a name as they are indexed and searched.

/// Splits a name into folded words: lower case, accents and apostrophes gone, everything else that is no letter or
/// digit separates. "Nur'aini binti Ma‘ruf" → `nuraini`, `binti`, `maruf`. Letters outside Latin stay as they are.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in name.chars() {
        match c {
            '\'' | '’' | '‘' | '`' | 'ʼ' => {}
            c if is_combining(c) => {}
            c if c.is_alphanumeric() => {
                for lower in c.to_lowercase() {
                    word.push_str(plain(lower).unwrap_or(lower.encode_utf8(&mut [0; 4])));
                }
            }
            _ => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn is_combining(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Latin letters with marks as names in Indonesia carry them.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' => "o",
        'ř' => "r",
        'ś' | 'š' | 'ş' => "s",
        'ţ' | 'ť' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_name_becomes_plain_words() {
        assert_eq!(words("Nur'aini binti Ma‘ruf"), ["nuraini", "binti", "maruf"], "apostrophes join");
        assert_eq!(
            words("H. José-María, S.Pd"),
            ["h", "jose", "maria", "s", "pd"],
            "marks separate, accents go"
        );
        assert_eq!(words("  AND \"OR\" * "), ["and", "or"], "words of query languages are only words here");
        assert!(words(" .,' ").is_empty(), "a name without a letter has no word");
    }
}

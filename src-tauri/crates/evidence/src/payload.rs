//! What stands in a payload, read tolerantly: devices differ.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::Value;

/// A string, number or boolean as text, trimmed; empty for anything else.
pub fn text(value: &Value, key: &str) -> String {
    match value.get(key) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(flag)) => flag.to_string(),
        _ => String::new(),
    }
}

/// Decodes base64 in either alphabet, with or without padding; line ends are passed over.
pub fn decode64(text: &str) -> Option<Vec<u8>> {
    // Whatever was filled up with is no letter of it.
    let text = text.trim_end_matches(['=', '\r', '\n']);
    let has = |letter: u8| text.as_bytes().contains(&letter);
    // A whole picture comes this way: only what is written in lines, or in both alphabets, is copied letter by letter.
    let plain = match (has(b'\r') || has(b'\n'), has(b'+') || has(b'/'), has(b'-') || has(b'_')) {
        (false, false, _) => return URL_SAFE_NO_PAD.decode(text).ok(),
        (false, true, false) => return STANDARD_NO_PAD.decode(text).ok(),
        _ => text.bytes().filter(|letter| !matches!(letter, b'\r' | b'\n')).map(|letter| match letter {
            b'+' => b'-',
            b'/' => b'_',
            letter => letter,
        }),
    };
    URL_SAFE_NO_PAD.decode(plain.collect::<Vec<u8>>()).ok()
}

/// The device's own score of a sample (`qualityScore`), 0–100 and rounded; higher is better, the scale is the maker's.
///
/// # Errors
/// The text as it came, when it is no number of that range.
pub fn score(payload: &Value) -> Result<u8, String> {
    let told = text(payload, "qualityScore");
    let score = told.parse::<f64>().ok().filter(|score| (0.0..=100.0).contains(score));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 100
    score.map(|score| score.round() as u8).ok_or(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_alphabets_of_base64_are_read_with_and_without_padding() {
        for text in ["-_8", "-_8=", "+/8=", "+/8", "+_8", "+_8=", "-_8==", "+/8=\r\n", "+/\r\n8=\n", "-\n_8"]
        {
            assert_eq!(decode64(text), Some(vec![0xfb, 0xff]), "{text}");
        }
        for text in ["%%%", "-_8%", "+/\n8%", "-_\u{c4}", "=-_8"] {
            assert_eq!(decode64(text), None, "and nothing else: {text}");
        }
    }

    #[test]
    fn a_score_is_a_number_from_0_to_100_however_it_is_written() {
        for (told, score_of) in [(json!(61), 61), (json!("61.5"), 62), (json!(" 0 "), 0), (json!(100.0), 100)]
        {
            assert_eq!(score(&json!({"qualityScore": told})), Ok(score_of), "{told}");
        }
        for (told, as_it_came) in
            [(json!(101), "101"), (json!("NaN"), "NaN"), (json!(-1), "-1"), (json!([]), "")]
        {
            assert_eq!(score(&json!({"qualityScore": told})), Err(as_it_came.to_owned()));
        }
    }
}

//! Fingers and eyes in the words of the Secure Biometric Interface (`bioSubType`, message version 0.9.5): what a device
//! signs at the desk is held against the same words at the centre.

use crate::{Eye, Finger};

/// Returns the `bioSubType` of a finger, for example `Right IndexFinger`; sent as it stands here, read by
/// [`same_word`].
pub const fn finger_word(finger: Finger) -> &'static str {
    match finger {
        Finger::RightThumb => "Right Thumb",
        Finger::RightIndex => "Right IndexFinger",
        Finger::RightMiddle => "Right MiddleFinger",
        Finger::RightRing => "Right RingFinger",
        Finger::RightLittle => "Right LittleFinger",
        Finger::LeftThumb => "Left Thumb",
        Finger::LeftIndex => "Left IndexFinger",
        Finger::LeftMiddle => "Left MiddleFinger",
        Finger::LeftRing => "Left RingFinger",
        Finger::LeftLittle => "Left LittleFinger",
    }
}

/// Returns the `bioSubType` of an eye: `Right` or `Left`, of the person and not of the picture.
pub const fn eye_word(eye: Eye) -> &'static str {
    match eye {
        Eye::Right => "Right",
        Eye::Left => "Left",
    }
}

/// True when both say the same part: devices differ in blanks and capitals.
pub fn same_word(one: &str, other: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect()
    };
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finger_and_eye_has_a_word_of_its_own_however_it_is_written() {
        let words: Vec<_> =
            Finger::ALL.into_iter().map(finger_word).chain(Eye::ALL.into_iter().map(eye_word)).collect();
        for (n, word) in words.iter().enumerate() {
            assert_eq!(words.iter().filter(|other| same_word(word, other)).count(), 1, "{word} is one part");
            let sloppy = word.to_uppercase().replace(' ', "");
            assert!(same_word(word, &sloppy) && same_word(&format!(" {word} "), word), "{n}: {sloppy}");
        }
    }
}

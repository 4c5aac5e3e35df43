//! Why a blangko is void, in words and codes.

use domain::permohonan::Refusal;
use domain::steps::print::SpoilReason;

use crate::view::ReasonText;
use crate::{Error, Result};

/// A reason as the window names it: `code` or `code: words`; `other` needs words.
pub(crate) fn spoil_reason_of(text: &str) -> Result<(SpoilReason, String)> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::ReasonMissing.into());
    }
    let (code, words) = text.split_once(':').unwrap_or((text, ""));
    let words = words.trim().to_owned();
    let reason = SpoilReason::ALL
        .into_iter()
        .find(|known| known.key() == code.trim())
        .ok_or(Error::Invalid { what: "reason" })?;
    if reason == SpoilReason::Other && words.is_empty() {
        return Err(Refusal::ReasonMissing.into());
    }
    Ok((reason, words))
}

/// The reason on paper.
pub(crate) fn spoil_word(reason: SpoilReason) -> &'static str {
    match reason {
        SpoilReason::Misprint => "Cetakan salah atau bergeser",
        SpoilReason::WrongData => "Data di kartu salah",
        SpoilReason::Chip => "Cip gagal ditulis",
        SpoilReason::Factory => "Cacat pabrik",
        SpoilReason::Damaged => "Tergores, bengkok, atau kotor",
        SpoilReason::Disputed => "Disanggah pemohon",
        SpoilReason::Other => "Sebab lain",
    }
}

/// A stored reason on paper: its word, then what was written beside it.
pub(super) fn on_paper(key: &str, note: &str) -> String {
    let known = SpoilReason::ALL.into_iter().find(|reason| reason.key() == key);
    match (known, note.trim()) {
        (None, "") => key.to_owned(),
        (None | Some(SpoilReason::Other), note) if !note.is_empty() => note.to_owned(),
        (Some(reason), "") => spoil_word(reason).to_owned(),
        (Some(reason), note) => format!("{}, {note}", spoil_word(reason)),
        (None, note) => note.to_owned(),
    }
}

/// What is wrong with an old card, on paper: a code of the window (`code` or `code: words`), or the words as they are.
pub(super) fn old_card_on_paper(condition: &str) -> String {
    let (code, words) = condition.split_once(':').unwrap_or((condition, ""));
    let known = match code.trim() {
        "broken_chip" | "chip" => "Cip tidak terbaca",
        "cracked" => "Retak atau patah",
        "damaged" => "Rusak",
        "expired" => "Masa berlaku habis",
        "faded" => "Tulisan pudar",
        "good" => "Diganti, keadaan baik",
        "worn" => "Aus",
        "other" if !words.trim().is_empty() => return words.trim().to_owned(),
        "other" => "Keadaan lain",
        _ => return condition.trim().to_owned(),
    };
    match words.trim() {
        "" => known.to_owned(),
        words => format!("{known}, {words}"),
    }
}

/// A reason as the window keeps it (`code` or `code: words`), on paper; other words as they are.
pub(super) fn kept_on_paper(text: &str) -> String {
    let (code, words) = text.split_once(':').unwrap_or((text, ""));
    if SpoilReason::ALL.into_iter().any(|reason| reason.key() == code.trim()) {
        on_paper(code.trim(), words)
    } else {
        text.to_owned()
    }
}

/// A stored reason for the window: `code` or `code: words`.
pub(super) fn for_window(key: &str, note: &str) -> String {
    match note.trim() {
        "" => key.to_owned(),
        note => format!("{key}: {note}"),
    }
}

/// Why a blangko can be bad before it was printed.
pub(super) fn store_reasons() -> Vec<ReasonText> {
    [SpoilReason::Factory, SpoilReason::Damaged, SpoilReason::Other]
        .into_iter()
        .map(|reason| ReasonText { code: reason.key().to_owned(), text: spoil_word(reason).to_owned() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_has_words_for_every_reason_in_both_languages() {
        for reason in SpoilReason::ALL {
            crate::words::assert_worded(&format!("spoil_reason.{}", reason.key()));
        }
    }

    #[test]
    fn a_reason_is_a_code_with_words_where_the_code_says_nothing() {
        assert_eq!(
            spoil_reason_of("factory").unwrap(),
            (SpoilReason::Factory, String::new()),
            "a code alone"
        );
        let (reason, words) = spoil_reason_of("other: tertindih lemari").unwrap();
        assert_eq!((reason, words.as_str()), (SpoilReason::Other, "tertindih lemari"), "with its words");
        assert!(matches!(spoil_reason_of("other"), Err(Error::Refused(Refusal::ReasonMissing))), "none");
        assert!(matches!(spoil_reason_of(" "), Err(Error::Refused(Refusal::ReasonMissing))), "nothing");
        assert!(matches!(spoil_reason_of("lapuk"), Err(Error::Invalid { .. })), "no such code");
    }

    #[test]
    fn on_paper_a_reason_is_said_and_never_shown_as_a_code() {
        assert_eq!(on_paper("chip", ""), "Cip gagal ditulis", "the word");
        assert_eq!(on_paper("factory", "lapisan terkelupas"), "Cacat pabrik, lapisan terkelupas", "and more");
        assert_eq!(on_paper("other", "tertindih lemari"), "tertindih lemari", "own words stand alone");
        assert_eq!(old_card_on_paper("cracked"), "Retak atau patah", "an old card too");
        assert_eq!(old_card_on_paper("other: terlipat"), "terlipat", "in own words");
        assert_eq!(old_card_on_paper("terlipat di tengah"), "terlipat di tengah", "or as it was written");
    }
}

//! What a card printer says of itself over IPP.

use ipp::prelude::*;

use super::PRINTER;
use crate::driver::card_printer::{CardPrinterStatus, CardReason, Supplies};
use crate::driver::printer::ipp_wire::{integer, keywords};
use crate::protocol::ipp::{PRINTER_STOPPED, card_reason, is_hindrance, supply_prints};

/// With this share left, percent, a supply is low where the printer names no level of its own. Ours.
const LOW: i32 = 10;

/// State and reasons: the printer's words, then what is low by its level.
pub(super) fn status_of(printer: &IppAttributes) -> CardPrinterStatus {
    let words: Vec<String> =
        keywords(printer, PRINTER, "printer-state-reasons").into_iter().filter(|w| w != "none").collect();
    let (mut hindrances, mut warnings) = (Vec::new(), Vec::new());
    for word in &words {
        if let Some(reason) = card_reason(word) {
            let list = if is_hindrance(word) { &mut hindrances } else { &mut warnings };
            list.push(reason);
        }
    }
    for reason in low_of(printer) {
        if !warnings.contains(&reason) && !hindrances.contains(&reason) {
            warnings.push(reason);
        }
    }
    let state = integer(printer, PRINTER, "printer-state");
    let accepting = keywords(printer, PRINTER, "printer-is-accepting-jobs").iter().all(|v| v == "true");
    if hindrances.is_empty() && (state.is_none_or(|s| s == PRINTER_STOPPED) || !accepting) {
        hindrances.push(CardReason::Paused);
    }
    CardPrinterStatus { busy: state == Some(4), hindrances, warnings, words }
}

fn is_film(kind: &str) -> bool {
    kind.contains("film") || kind.contains("transfer") || kind.contains("laminat")
}

/// What is low by its level. Not every printer says it in words: levels come from the ribbon's own counter.
fn low_of(printer: &IppAttributes) -> Vec<CardReason> {
    let numbers = |name: &str| -> Vec<Option<i32>> {
        keywords(printer, PRINTER, name).iter().map(|text| text.parse().ok()).collect()
    };
    let (levels, bounds) = (numbers("marker-levels"), numbers("marker-low-levels"));
    let kinds = keywords(printer, PRINTER, "marker-types");
    let mut low = Vec::new();
    for (n, kind) in kinds.iter().enumerate() {
        let reason = if is_film(kind) {
            CardReason::FilmLow
        } else if kind.contains("ribbon") {
            CardReason::RibbonLow
        } else {
            continue;
        };
        let bound = bounds.get(n).copied().flatten().filter(|bound| *bound > 0).unwrap_or(LOW);
        // Below zero the printer says that it does not know.
        if levels.get(n).copied().flatten().is_some_and(|level| (0..=bound).contains(&level)) {
            low.push(reason);
        }
    }
    low
}

/// What is left of ribbon and film.
pub(super) fn supplies_of(printer: &IppAttributes) -> Supplies {
    let mut supplies = Supplies::default();
    let levels = keywords(printer, PRINTER, "marker-levels");
    for (kind, level) in keywords(printer, PRINTER, "marker-types").iter().zip(levels) {
        let percent = level.parse().ok().filter(|p| *p <= 100);
        let supply = if is_film(kind) {
            &mut supplies.film
        } else if kind.contains("ribbon") {
            &mut supplies.ribbon
        } else {
            continue;
        };
        supply.percent = percent;
    }
    let values: Vec<String> = printer
        .first_of(PRINTER)
        .and_then(|group| group.get("printer-supply"))
        .map(|a| a.value().into_iter().map(text_of).collect())
        .unwrap_or_default();
    for (kind, prints) in values.iter().filter_map(|value| supply_prints(value)) {
        if is_film(&kind) {
            supplies.film.cards = Some(prints);
        } else if kind.to_ascii_lowercase().contains("ribbon") {
            supplies.ribbon.cards = Some(prints);
        }
    }
    supplies
}

fn text_of(value: &IppValue) -> String {
    match value {
        IppValue::OctetString(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printer(attributes: &[(&str, Vec<IppValue>)]) -> IppAttributes {
        let mut all = IppAttributes::new();
        for (name, values) in attributes {
            let attribute = IppAttribute::with_name(*name, IppValue::Array(values.clone())).unwrap();
            all.add(PRINTER, attribute);
        }
        all
    }

    fn words(words: &[&str]) -> Vec<IppValue> {
        words.iter().map(|word| IppValue::Keyword((*word).try_into().unwrap())).collect()
    }

    fn numbers(numbers: &[i32]) -> Vec<IppValue> {
        numbers.iter().map(|number| IppValue::Integer(*number)).collect()
    }

    #[test]
    fn a_ribbon_or_film_that_is_low_by_its_level_is_warned_of_once_whether_or_not_the_words_say_so() {
        use CardReason::{FilmLow, RibbonLow};
        let kinds = || ("marker-types", words(&["ribbon", "transfer-film", "cleaner"]));
        let warned = |levels: &[i32], bounds: &[i32], said: &[&str]| {
            status_of(&printer(&[
                kinds(),
                ("marker-levels", numbers(levels)),
                ("marker-low-levels", numbers(bounds)),
                ("printer-state-reasons", words(said)),
            ]))
            .warnings
        };
        assert_eq!(
            warned(&[40, 40, 0], &[15, 15, 15], &["none"]),
            Vec::<CardReason>::new(),
            "enough of both"
        );
        assert_eq!(warned(&[15, 16, 0], &[15, 15, 15], &["none"]), [RibbonLow], "at the printer's own bound");
        assert_eq!(warned(&[-2, 5, 0], &[0, 0, 0], &["none"]), [FilmLow], "unknown is not low");
        assert_eq!(warned(&[3, 90, 0], &[15, 15, 15], &["marker-supply-low"]), [RibbonLow], "once");
        let left = supplies_of(&printer(&[kinds(), ("marker-levels", numbers(&[12, 80, 0]))]));
        assert_eq!((left.ribbon.percent, left.film.percent), (Some(12), Some(80)), "for the device page");
    }
}

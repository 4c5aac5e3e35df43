//! Numbers of blangko as the window sends them: one, a first one with a quantity, or `first-last`.

use domain::stock::{NomorBlangko, SerialError, SerialRange};

use crate::{Error, Result};

/// One number.
pub(super) fn one(text: &str) -> Result<NomorBlangko> {
    NomorBlangko::parse(text).map_err(refused)
}

/// One number or a range `first-last`. Groups never make two equal halves of four digits or more, so a dash between such
/// halves means a range.
pub(super) fn span(text: &str) -> Result<SerialRange> {
    let mut halves = text.trim().split('-').map(NomorBlangko::parse);
    match (halves.next(), halves.next(), halves.next()) {
        (Some(Ok(first)), Some(Ok(last)), None) if first.as_str().len() == last.as_str().len() => {
            SerialRange::new(first, last).map_err(refused)
        }
        _ => Ok(SerialRange::one(one(text)?)),
    }
}

/// The range of a delivery: `first-last`, whose count must be `quantity` unless that is 0; or the first number and how many.
pub(super) fn range(text: &str, quantity: u32) -> Result<SerialRange> {
    let given = span(text)?;
    if given.count() > 1 {
        return match quantity {
            0 => Ok(given),
            quantity if quantity == given.count() => Ok(given),
            quantity => Err(Error::not_now_with(
                "stock_quantity",
                &[("quantity", quantity.to_string()), ("count", given.count().to_string())],
            )),
        };
    }
    let first = given.first().clone();
    let last = (1..quantity.min(LIMIT)).try_fold(first.clone(), |number, _| number.successor());
    match (quantity, last) {
        (0, _) => Err(Error::not_now("stock_nothing")),
        (quantity, Some(last)) if quantity <= LIMIT => SerialRange::new(first, last).map_err(refused),
        _ => Err(Error::not_now("stock_range")),
    }
}

/// As many as a range can hold.
const LIMIT: u32 = 100_000;

fn refused(error: SerialError) -> Error {
    Error::not_now(match error {
        SerialError::Form => "stock_serial",
        SerialError::Unlike | SerialError::Reversed | SerialError::TooMany => "stock_range",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(range: &SerialRange) -> (String, String, u32) {
        (range.first().to_string(), range.last().to_string(), range.count())
    }

    #[test]
    fn a_delivery_is_named_by_its_ends_or_by_its_first_number_and_how_many() {
        let by_count = range("0718-224-901", 100).unwrap();
        assert_eq!(ends(&by_count), ("0718-224-901".into(), "0718-225-000".into(), 100), "carried over");
        assert_eq!(range("0718224901-0718225000", 100).unwrap(), by_count, "the same by both ends");
        assert_eq!(range("0718224901-0718225000", 0).unwrap(), by_count, "which need no quantity");
        assert_eq!(range("AB0007", 1).unwrap().count(), 1, "one piece");
    }

    #[test]
    fn groups_of_digits_are_not_taken_for_a_range() {
        for text in ["0718-224-913", "224-913", "0718-224"] {
            assert_eq!(span(text).unwrap().count(), 1, "{text}");
        }
        assert_eq!(span("0001-0009").unwrap().count(), 9, "short numbers make ranges too");
    }

    #[test]
    fn a_range_that_is_none_is_refused_by_its_own_words() {
        let key = |text: &str, quantity| match range(text, quantity) {
            Err(Error::NotNow { key, .. }) => key,
            other => panic!("taken: {other:?}"),
        };
        assert_eq!(key("", 5), "stock_serial", "no number");
        assert_eq!(key("tujuh", 5), "stock_serial", "no digits");
        assert_eq!(key("0718224901", 0), "stock_nothing", "none of them");
        assert_eq!(key("0718224910-0718224901", 0), "stock_range", "backwards");
        assert_eq!(key("0718224901-0718224910", 11), "stock_quantity", "ten are not eleven");
        assert_eq!(key("9998", 5), "stock_range", "past the last number");
        assert_eq!(key("0718224901", 100_001), "stock_range", "more than a delivery holds");
        for key in [
            "stock_serial",
            "stock_range",
            "stock_quantity",
            "stock_nothing",
            "stock_paper",
            "stock_allotted",
        ] {
            for part in ["happened", "safe", "next"] {
                crate::words::assert_worded(&format!("errors.{key}.{part}"));
            }
        }
    }
}

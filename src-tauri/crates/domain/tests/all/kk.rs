use domain::{Level, NomorKk, Rule, kk};
use jiff::civil::date;
use proptest::prelude::*;
use rstest::rstest;

#[rstest]
#[case("1813010107159001", Level::Ok, None)]
#[case("1813.0101 0715-9001", Level::Ok, None)]
#[case("9999990107150001", Level::Ok, None)]
#[case("1813014107159001", Level::Hard, Some(Rule::KkImpossibleDate))]
#[case("1813013113150001", Level::Hard, Some(Rule::KkImpossibleDate))]
#[case("181301010715000", Level::Hard, Some(Rule::KkLength))]
#[case("181301O107150001", Level::Hard, Some(Rule::KkNotDigits))]
#[case(" ", Level::Hard, Some(Rule::Empty))]
fn a_kk_number_needs_sixteen_digits_and_a_real_date(
    #[case] text: &str,
    #[case] level: Level,
    #[case] rule: Option<Rule>,
) {
    let verdict = kk::check(text);
    assert_eq!(verdict.level, level, "{text}");
    assert_eq!(verdict.findings.first().map(|finding| finding.rule), rule, "{text}");
    assert_eq!(verdict.kk.is_some(), level < Level::Hard, "a number is given when nothing HARD was found");
}

#[test]
fn a_kk_number_is_masked_in_logs() {
    assert_eq!(format!("{:?}", NomorKk::parse("1813010107159001").unwrap()), "NomorKk(••••)", "personal");
}

proptest! {
    #[test]
    fn any_text_is_judged_without_panic(text in "\\PC{0,40}") {
        let verdict = kk::check(&text);
        prop_assert_eq!(verdict.kk.is_some(), verdict.level < Level::Hard);
        prop_assert_eq!(verdict.findings.is_empty(), verdict.level == Level::Ok);
        if let Some(kk) = verdict.kk {
            prop_assert_eq!(NomorKk::parse(&text), Ok(kk), "what is accepted is also taken");
        }
    }

    #[test]
    fn any_sixteen_digits_are_taken_as_they_stand_and_are_read_back(digits in "[0-9]{16}", cut in 1usize..15) {
        let number = NomorKk::parse(&digits).unwrap();
        prop_assert_eq!(number.as_str(), digits.as_str());
        let spaced = format!("{}- .{}", &digits[..cut], &digits[cut..]);
        prop_assert_eq!(NomorKk::parse(&spaced), Ok(number.clone()), "separators do not count");
        prop_assert_eq!(kk::check(&spaced), kk::check(&digits));
        let stored = serde_json::to_string(&number).unwrap();
        prop_assert_eq!(serde_json::from_str::<NomorKk>(&stored).unwrap(), number);
    }

    #[test]
    fn every_region_and_every_real_day_are_accepted_without_a_word(
        region in 0u32..=999_999, days in 0i32..18_000, serial in 0u16..=9999
    ) {
        let issued = date(1980, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
        let (day, month, year) = (issued.day(), issued.month(), issued.year() % 100);
        let text = format!("{region:06}{day:02}{month:02}{year:02}{serial:04}");
        let verdict = kk::check(&text);
        prop_assert_eq!(verdict.level, Level::Ok, "{:?}", verdict.findings);
        let number = verdict.kk.unwrap();
        prop_assert_eq!(number.as_str(), text.as_str());
    }

    #[test]
    fn a_day_that_no_month_has_is_refused_also_one_of_a_woman(
        region in 0u32..=999_999, day in 32u8..=99, month in 1u8..=12, year in 0u8..=99, serial in 0u16..=9999
    ) {
        let verdict = kk::check(&format!("{region:06}{day:02}{month:02}{year:02}{serial:04}"));
        let found: Vec<Rule> = verdict.findings.iter().map(|finding| finding.rule).collect();
        prop_assert_eq!((verdict.level, found), (Level::Hard, vec![Rule::KkImpossibleDate]));
    }
}

#[rstest]
#[case::retired("1804010107159001")]
#[case::perhaps_retired("9101010107159001")]
#[case::unknown_kecamatan("1813120107159001")]
#[case::unknown_province("9971010107159001")]
fn a_region_says_nothing_about_a_kk_number(#[case] text: &str) {
    assert_eq!(kk::check(text).level, Level::Ok, "ktp-el §2.5 demands no match: {text}");
}

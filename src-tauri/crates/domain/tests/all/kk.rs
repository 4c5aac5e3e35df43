use domain::{Level, NomorKk, Rule, kk};
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

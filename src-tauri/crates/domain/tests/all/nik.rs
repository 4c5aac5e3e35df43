use domain::nik::{self, NikContext, NikVerdict};
use domain::tanggal::Tanggal;
use domain::wilayah::RetiredRegions;
use domain::{Date, KodeWilayah, Level, Nik, Rule, Sex, Wilayah};
use jiff::civil::date;
use proptest::prelude::*;
use rstest::rstest;

const TODAY: Date = date(2026, 11, 23);

fn judge(text: &str) -> NikVerdict {
    nik::check(text, &NikContext::bare(TODAY, Wilayah::builtin()))
}

fn rules(verdict: &NikVerdict) -> Vec<Rule> {
    verdict.findings.iter().map(|finding| finding.rule).collect()
}

#[rstest]
#[case("1813010101900001", Level::Ok, None)]
#[case("1813014101900001", Level::Ok, None)]
#[case("1804010101900001", Level::Info, Some(Rule::NikRetiredCode))]
#[case("1804040101900001", Level::Ok, None)]
#[case("1813017112900001", Level::Ok, None)]
#[case("1813014001900001", Level::Hard, Some(Rule::NikDay))]
#[case("1813017201900001", Level::Hard, Some(Rule::NikDay))]
#[case("1813018101900001", Level::Hard, Some(Rule::NikDay))]
#[case("1813010001900001", Level::Hard, Some(Rule::NikDay))]
#[case("1813013201900001", Level::Hard, Some(Rule::NikDay))]
#[case("1813010113900001", Level::Hard, Some(Rule::NikMonth))]
#[case("1813013104900001", Level::Hard, Some(Rule::NikImpossibleDate))]
#[case("1813017111900001", Level::Hard, Some(Rule::NikImpossibleDate))]
#[case("1813012902000001", Level::Ok, None)]
#[case("1813012902960001", Level::Ok, None)]
#[case("1813012902010001", Level::Hard, Some(Rule::NikImpossibleDate))]
#[case("1813010101900000", Level::Hard, Some(Rule::NikSerialZero))]
#[case("181301010190000", Level::Hard, Some(Rule::NikLength))]
#[case("18130101019000011", Level::Hard, Some(Rule::NikLength))]
#[case("1111111111111111", Level::Hard, Some(Rule::NikAllSame))]
#[case("1813019999990000", Level::Hard, Some(Rule::NikDay))]
#[case("3171011708450001", Level::Ok, None)]
#[case("3171015708450001", Level::Ok, None)]
#[case("3171012902001234", Level::Ok, None)]
#[case("3171013002001234", Level::Hard, Some(Rule::NikImpossibleDate))]
#[case("31710117084500", Level::Hard, Some(Rule::NikLength))]
#[case("9971011708450001", Level::Warn, Some(Rule::NikProvinceUnknown))]
#[case("0113010101900001", Level::Warn, Some(Rule::NikProvinceUnknown))]
#[case("1813120101900001", Level::Warn, Some(Rule::NikDistrictUnknown))]
#[case("18.13.01 010190-0001", Level::Ok, None)]
#[case("１８１３０１０１０１９００００１", Level::Ok, None)]
#[case("٣١٧١٠١١٧٠٨٤٥٠٠٠١", Level::Hard, Some(Rule::NikNotDigits))]
#[case("18130101019O0001", Level::Hard, Some(Rule::NikNotDigits))]
#[case("1813010101900001\0", Level::Hard, Some(Rule::NikNotDigits))]
#[case("", Level::Hard, Some(Rule::Empty))]
#[case("1804110201909001", Level::Ok, None)]
#[case("9101010101909001", Level::Warn, Some(Rule::NikMaybeOldCode))]
fn every_case_of_the_reference_has_its_level(
    #[case] text: &str,
    #[case] level: Level,
    #[case] rule: Option<Rule>,
) {
    let verdict = judge(text);
    assert_eq!(verdict.level, level, "{text} gave {:?}", verdict.findings);
    if let Some(rule) = rule {
        assert!(rules(&verdict).contains(&rule), "{text} should name {rule:?}, named {:?}", verdict.findings);
    }
    assert_eq!(
        verdict.nik.is_some(),
        level < Level::Hard,
        "a NIK is given exactly when nothing HARD was found"
    );
}

#[test]
fn the_parts_tell_sex_date_and_region() {
    let parts = judge("1813017112900001").parts.unwrap();
    assert_eq!((parts.sex, parts.date), (Sex::Female, Some(date(1990, 12, 31))), "day 71 is a woman's 31");
    assert_eq!(parts.district_name.as_deref(), Some("Pesisir Tengah"), "18.13.01 is Pesisir Tengah");
    let parts = judge("3171011708450001").parts.unwrap();
    assert_eq!((parts.sex, parts.date), (Sex::Male, Some(date(1945, 8, 17))), "2045 lies ahead, so 1945");
    assert!(parts.century_guessed, "without a date of birth the century is a guess");
}

#[rstest]
#[case("1813010101900001", Sex::Male, date(1990, 1, 1))]
#[case("1813014101900001", Sex::Female, date(1990, 1, 1))]
#[case("1804010101900001", Sex::Male, date(1990, 1, 1))]
#[case("1804040101900001", Sex::Male, date(1990, 1, 1))]
#[case("1813017112900001", Sex::Female, date(1990, 12, 31))]
#[case("1813012902000001", Sex::Male, date(2000, 2, 29))]
#[case("1813012902960001", Sex::Male, date(1996, 2, 29))]
#[case("3171011708450001", Sex::Male, date(1945, 8, 17))]
#[case("3171015708450001", Sex::Female, date(1945, 8, 17))]
#[case("3171012902001234", Sex::Male, date(2000, 2, 29))]
fn every_accepted_case_of_the_reference_tells_its_sex_and_date(
    #[case] text: &str,
    #[case] sex: Sex,
    #[case] born: Date,
) {
    let parts = judge(text).parts.unwrap();
    assert_eq!((parts.sex, parts.date), (sex, Some(born)), "{text}");
}

#[test]
fn every_broken_part_is_named_at_once() {
    let found = rules(&judge("1813019999990000"));
    assert!(
        [Rule::NikDay, Rule::NikMonth, Rule::NikSerialZero].iter().all(|rule| found.contains(rule)),
        "day, month and serial are all wrong: {found:?}"
    );
}

fn with(born: Date, sex: Sex) -> NikContext<'static> {
    NikContext {
        born: Some(Tanggal::exact(born)),
        sex: Some(sex),
        ..NikContext::bare(TODAY, Wilayah::builtin())
    }
}

#[test]
fn a_leap_day_against_a_birth_on_1_march_1900_is_a_warning() {
    let verdict = nik::check("1813012902000001", &with(date(1900, 3, 1), Sex::Male));
    assert_eq!(verdict.level, Level::Warn, "a NIK is never changed, so a date that differs does not reject");
    assert!(rules(&verdict).contains(&Rule::NikDateDiffers), "{:?}", verdict.findings);
    assert!(rules(&verdict).contains(&Rule::NikOver100), "126 years follow from the date of birth");
}

#[test]
fn sex_and_date_are_compared_with_the_biodata() {
    assert_eq!(
        nik::check("1813014101900001", &with(date(1990, 1, 1), Sex::Female)).level,
        Level::Ok,
        "all agrees"
    );
    let verdict = nik::check("1813014101900001", &with(date(1990, 1, 2), Sex::Male));
    assert_eq!(rules(&verdict), [Rule::NikDateDiffers, Rule::NikSexDiffers], "both differ");
}

#[rstest]
#[case("00-00-1915", &[Rule::NikOver100])]
#[case("00-06-1915", &[Rule::NikOver100])]
#[case("00-07-1915", &[Rule::NikDateDiffers, Rule::NikOver100])]
#[case("00-00-1916", &[Rule::NikDateDiffers, Rule::NikOver100])]
#[case("00-00-2015", &[Rule::NikUnder16])]
fn of_a_birth_that_is_known_in_part_the_year_decides_the_century(#[case] born: &str, #[case] said: &[Rule]) {
    let born = Some(Tanggal::parse(born).unwrap());
    let verdict =
        nik::check("1813011206159001", &NikContext { born, ..NikContext::bare(TODAY, Wilayah::builtin()) });
    assert_eq!(rules(&verdict), said, "what is known is compared, and nothing else");
    assert!(!verdict.parts.unwrap().century_guessed, "a year is enough");
}

#[test]
fn the_region_of_domicile_is_only_information() {
    let mut ctx = with(date(1990, 1, 1), Sex::Male);
    ctx.domicile = KodeWilayah::parse("1813051001");
    let verdict = nik::check("1813010101900001", &ctx);
    assert_eq!((verdict.level, rules(&verdict)), (Level::Info, vec![Rule::NikRegionDiffers]), "people move");
}

#[test]
fn retired_kecamatan_of_lampung_barat_are_information_never_a_warning() {
    for code in ["01", "02", "03", "12", "13", "14", "16", "17"] {
        let mut ctx = with(date(1990, 1, 1), Sex::Male);
        ctx.domicile = KodeWilayah::parse("1813011005");
        let verdict = nik::check(&format!("1804{code}0101909001"), &ctx);
        assert_eq!(verdict.level, Level::Info, "1804{code} was in use before the split of 2012");
    }
}

#[test]
fn a_child_is_a_warning_unless_married_and_an_office_may_add_retired_codes() {
    let born = Some(Tanggal::exact(date(2012, 1, 1)));
    let child = NikContext { born, ..NikContext::bare(TODAY, Wilayah::builtin()) };
    assert_eq!(rules(&nik::check("1813010101129001", &child)), [Rule::NikUnder16], "14 years");
    let married = NikContext { married: true, ..child };
    assert_eq!(nik::check("1813010101129001", &married).level, Level::Ok, "a marriage removes the limit");
    let own =
        Wilayah::parse("18\tLampung\n1813\tPesisir Barat\n181301\tPesisir Tengah\n".into(), "").unwrap();
    let retired =
        r#"{"version":1,"source":"Disdukcapil","rows":[{"code":"18.13.12","note":"kecamatan lama"}]}"#;
    let own = own.with_retired(&RetiredRegions::from_json(retired).unwrap());
    let verdict = nik::check("1813120101900001", &NikContext::bare(TODAY, &own));
    assert_eq!(rules(&verdict), [Rule::NikRetiredCode], "a code that the office added is known");
}

#[test]
fn nothing_of_a_nik_can_be_read_in_a_log() {
    let nik = Nik::parse("1813010101900001").unwrap();
    assert_eq!(format!("{nik:?}"), "Nik(••••)", "Debug is masked");
    assert_eq!(nik.masked(), "181301••••••0001", "lists show the ends only");
    let shown = format!("{:?}", judge("1813010101900001"));
    assert!(!shown.contains("010190"), "the verdict's Debug hides the date too: {shown}");
    assert_eq!(serde_json::to_string(&nik).unwrap(), "\"1813010101900001\"", "stored as 16 ASCII digits");
    assert!(serde_json::from_str::<Nik>("\"12\"").is_err(), "a stored NIK is checked when it is read");
}

proptest! {
    #[test]
    fn any_text_is_judged_without_panic(text in "\\PC{0,40}") {
        let verdict = judge(&text);
        prop_assert_eq!(verdict.nik.is_some(), verdict.level < Level::Hard);
    }

    #[test]
    fn any_sixteen_digits_follow_the_day_rule(digits in "[0-9]{16}") {
        let day: u8 = digits[6..8].parse().unwrap();
        let verdict = judge(&digits);
        let possible = (1..=31).contains(&day) || (41..=71).contains(&day);
        prop_assert!(possible || verdict.level == Level::Hard, "day {} must be refused", day);
    }

    #[test]
    fn a_nik_made_from_a_living_persons_data_is_accepted(
        days in 0i32..18_000, female: bool, serial in 1u16..=9999
    ) {
        let born = date(1960, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
        let day = u8::try_from(born.day()).unwrap() + if female { 40 } else { 0 };
        let text = format!("181301{day:02}{:02}{:02}{serial:04}", born.month(), born.year() % 100);
        let sex = if female { Sex::Female } else { Sex::Male };
        let verdict = nik::check(&text, &with(born, sex));
        prop_assert_eq!(verdict.level, Level::Ok, "{:?}", verdict.findings);
        prop_assert_eq!(verdict.parts.unwrap().date, Some(born));
    }

    #[test]
    fn separators_do_not_change_the_verdict(digits in "[0-9]{16}", cut in 1usize..15) {
        let spaced = format!("{}- .{}", &digits[..cut], &digits[cut..]);
        prop_assert_eq!(judge(&spaced), judge(&digits));
    }
}

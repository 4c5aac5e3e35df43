use domain::tanggal::{Tanggal, TanggalError};
use domain::usia;
use jiff::civil::date;
use proptest::prelude::*;
use rstest::rstest;

#[rstest]
#[case("14-03-2008", Ok("2008-03-14"))]
#[case("14/3/2008", Ok("2008-03-14"))]
#[case(" 2008-03-14 ", Ok("2008-03-14"))]
#[case("00-03-2008", Ok("2008-03"))]
#[case("00-00-2008", Ok("2008"))]
#[case("2008", Ok("2008"))]
#[case("29-02-2008", Ok("2008-02-29"))]
#[case("29-02-2007", Err(TanggalError::NoSuchDay))]
#[case("31-04-2008", Err(TanggalError::NoSuchDay))]
#[case("14-00-2008", Err(TanggalError::NoSuchDay))]
#[case("14-03-0008", Err(TanggalError::NoSuchDay))]
#[case("14-03-08", Err(TanggalError::Form))]
#[case("99-99-9999", Err(TanggalError::NoSuchDay))]
#[case("20080314", Err(TanggalError::Form))]
#[case("kemarin", Err(TanggalError::Form))]
#[case("", Err(TanggalError::Form))]
fn a_date_is_read_as_people_write_it(#[case] text: &str, #[case] expected: Result<&str, TanggalError>) {
    assert_eq!(Tanggal::parse(text).map(Tanggal::iso), expected.map(str::to_owned), "{text:?}");
}

#[test]
fn an_unknown_day_counts_as_the_last_one_so_no_card_is_early() {
    assert_eq!(Tanggal::parse("00-02-2008").unwrap().latest(), Some(date(2008, 2, 29)), "leap February");
    assert_eq!(Tanggal::parse("2008").unwrap().latest(), Some(date(2008, 12, 31)), "year alone");
    assert_eq!(Tanggal::parse("00-02-2008").unwrap().dmy(), "00-02-2008", "forms show what is unknown");
}

#[test]
fn recording_begins_at_16_and_printing_at_17_on_the_birthday_itself() {
    let born = date(2009, 11, 23);
    assert!(!usia::may_print(born, false, date(2026, 11, 22)), "the day before the 17th birthday");
    assert!(usia::may_print(born, false, date(2026, 11, 23)), "the birthday");
    assert!(!usia::may_record(born, false, date(2025, 11, 22)), "15 years");
    assert!(usia::may_record(born, false, date(2025, 11, 23)), "16 years");
    assert!(usia::may_print(date(2012, 1, 1), true, date(2026, 11, 23)), "a marriage removes the limit");
}

#[test]
fn a_child_of_29_february_comes_of_age_on_1_march() {
    let born = date(2008, 2, 29);
    assert_eq!(usia::print_from(born, false), Some(date(2025, 3, 1)), "2025 has no 29 February");
    assert_eq!(usia::age_on(born, date(2025, 2, 28)), 16, "the year is not complete");
    assert_eq!(usia::age_on(born, date(2025, 3, 1)), 17, "now it is");
    assert_eq!(usia::age_on(born, date(2028, 2, 29)), 20, "in a leap year the day itself");
}

proptest! {
    #[test]
    fn a_date_survives_its_texts(days in 0i32..100_000) {
        let day = date(1850, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
        let tanggal = Tanggal::exact(day);
        prop_assert_eq!(Tanggal::parse(&tanggal.iso()), Ok(tanggal));
        prop_assert_eq!(Tanggal::parse(&tanggal.dmy()), Ok(tanggal));
        prop_assert_eq!(tanggal.date(), Some(day));
    }

    #[test]
    fn age_rises_by_one_on_the_birthday_and_only_then(days in 0i32..40_000, years in 0i16..100) {
        let born = date(1900, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
        let birthday = usia::birthday(born, years).unwrap();
        prop_assert_eq!(usia::age_on(born, birthday), years);
        prop_assert_eq!(usia::age_on(born, birthday.yesterday().unwrap()), years - 1);
    }
}

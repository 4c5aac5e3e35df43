//! Numbers on papers, and numbers and days in words.

use domain::nomor::{NomorFields, PatternError, names_station, numbers_fit, render, roman_month};
use domain::terbilang;
use jiff::civil::date;
use rstest::rstest;

// As `assets/print/naskah.toml` has them until an office says otherwise.
const PATTERN_TANDA_PENGAMBILAN: &str = "TP/{stasiun}/{tahun}/{urut5}";
const PATTERN_SUKET: &str = "470/{urut4}/SKT/{stasiun}/{bulan_romawi}/{tahun}";
const PATTERN_BERITA_ACARA: &str = "BA/{urut}/BLK/{stasiun}/{bulan_romawi}/{tahun}";
// As an office with one station may have them.
const OWN_PATTERN: &str = "TP-{tahun2}-{wilayah}-{urut5}";

fn fields(urut: u32, training: bool) -> NomorFields<'static> {
    NomorFields { urut, day: date(2026, 11, 24), wilayah: "18.13", stasiun: "KRUI-2", training }
}

#[rstest]
#[case(PATTERN_TANDA_PENGAMBILAN, 11_824, "TP/KRUI-2/2026/11824")]
#[case(PATTERN_TANDA_PENGAMBILAN, 7, "TP/KRUI-2/2026/00007")]
#[case(PATTERN_TANDA_PENGAMBILAN, 123_456, "TP/KRUI-2/2026/123456")]
#[case(PATTERN_SUKET, 318, "470/0318/SKT/KRUI-2/XI/2026")]
#[case(PATTERN_BERITA_ACARA, 17, "BA/17/BLK/KRUI-2/XI/2026")]
#[case(OWN_PATTERN, 7, "TP-26-18.13-00007")]
#[case("{stasiun}/{hari}{bulan}/{urut}/{tahun}", 5, "KRUI-2/2411/5/2026")]
fn a_number_follows_its_pattern(#[case] pattern: &str, #[case] urut: u32, #[case] number: &str) {
    assert_eq!(render(pattern, &fields(urut, false)).as_deref(), Ok(number), "{pattern}");
    assert_eq!(render(pattern, &fields(urut, true)), Ok(format!("L-{number}")), "training is marked");
}

#[rstest]
#[case("{urut}", PatternError::NoYear)]
#[case("SKT/{tahun}", PatternError::NoRunningNumber)]
#[case("{urut}/{tahun}/{nik}", PatternError::Unknown { name: "nik".into() })]
#[case("{urut0}/{tahun}", PatternError::Unknown { name: "urut0".into() })]
#[case("{urut/{tahun}", PatternError::Unknown { name: "urut/{tahun".into() })]
#[case("{urut}/{tahun", PatternError::Unclosed)]
#[case("urut}/{tahun}", PatternError::Unclosed)]
fn a_pattern_that_would_repeat_a_number_is_refused(#[case] pattern: &str, #[case] error: PatternError) {
    assert_eq!(render(pattern, &fields(1, false)), Err(error), "{pattern}");
}

#[test]
fn two_stations_share_a_number_where_the_pattern_names_none() {
    let at = |stasiun| NomorFields { stasiun, ..fields(7, false) };
    for pattern in [PATTERN_TANDA_PENGAMBILAN, PATTERN_SUKET, PATTERN_BERITA_ACARA, OWN_PATTERN] {
        let differ = render(pattern, &at("KRUI-1")) != render(pattern, &at("KRUI-2"));
        assert_eq!(names_station(pattern), differ, "{pattern}");
    }
    assert!(!names_station(OWN_PATTERN), "it has the region alone");
}

#[test]
fn months_have_roman_figures() {
    assert_eq!(
        (1..=12).map(roman_month).collect::<Vec<_>>().join(" "),
        "I II III IV V VI VII VIII IX X XI XII"
    );
    assert_eq!(roman_month(0), "", "no month");
}

#[rstest]
#[case(0, "nol")]
#[case(8, "delapan")]
#[case(11, "sebelas")]
#[case(19, "sembilan belas")]
#[case(20, "dua puluh")]
#[case(100, "seratus")]
#[case(111, "seratus sebelas")]
#[case(999, "sembilan ratus sembilan puluh sembilan")]
#[case(1_000, "seribu")]
#[case(2_026, "dua ribu dua puluh enam")]
#[case(101_000, "seratus satu ribu")]
#[case(1_000_001, "satu juta satu")]
#[case(2_000_000_000, "dua miliar")]
fn numbers_are_said_in_words(#[case] value: u64, #[case] words: &str) {
    assert_eq!(terbilang::number(value), words);
}

#[test]
fn a_berita_acara_names_its_day_in_words() {
    assert_eq!(
        terbilang::day(date(2026, 11, 27)),
        "Jumat tanggal dua puluh tujuh November dua ribu dua puluh enam",
        "as the paper writes it"
    );
}

#[test]
fn a_station_code_is_as_long_as_the_numbers_of_its_papers_can_hold() {
    let code = "DISDUKCAPIL-PESISIR-BARAT-01";
    assert!(
        !numbers_fit(code, false),
        "28 letters and FP/…/2026/00001 are more than a code of a paper holds"
    );
    assert!(numbers_fit(&code[..26], false) && !numbers_fit(&code[..27], false), "26");
    assert!(
        numbers_fit(&code[..24], true) && !numbers_fit(&code[..25], true),
        "24 behind the L- of training"
    );
    assert!(!numbers_fit("1801010101909001", false), "nor may it look like a NIK");
}

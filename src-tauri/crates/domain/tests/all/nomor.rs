//! Numbers on papers, and numbers and days in words.

use domain::nomor::{NomorFields, PatternError, render, roman_month};
use domain::terbilang;
use jiff::civil::date;
use rstest::rstest;

// As `assets/print/naskah.toml` has them until an office says otherwise.
const PATTERN_TANDA_PENGAMBILAN: &str = "TP-{tahun2}-{urut5}";
const PATTERN_SUKET: &str = "470/{urut4}/SKT/{wilayah}/{bulan_romawi}/{tahun}";
const PATTERN_BERITA_ACARA: &str = "BA/{urut}/BLK/{wilayah}/{bulan_romawi}/{tahun}";

fn fields(urut: u32, training: bool) -> NomorFields<'static> {
    NomorFields { urut, day: date(2026, 11, 24), wilayah: "18.13", stasiun: "KRUI-2", training }
}

#[rstest]
#[case(PATTERN_TANDA_PENGAMBILAN, 11_824, "TP-26-11824")]
#[case(PATTERN_TANDA_PENGAMBILAN, 7, "TP-26-00007")]
#[case(PATTERN_TANDA_PENGAMBILAN, 123_456, "TP-26-123456")]
#[case(PATTERN_SUKET, 318, "470/0318/SKT/18.13/XI/2026")]
#[case(PATTERN_BERITA_ACARA, 17, "BA/17/BLK/18.13/XI/2026")]
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

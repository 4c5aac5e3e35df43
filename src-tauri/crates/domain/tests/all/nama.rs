use domain::nama::{self, NamaVerdict};
use domain::{Level, Rule};
use proptest::prelude::*;
use rstest::rstest;

fn rules(verdict: &NamaVerdict) -> Vec<Rule> {
    verdict.findings.iter().map(|finding| finding.rule).collect()
}

#[rstest]
#[case("Siti Rahmawati", Level::Ok, &[])]
#[case("Suharto", Level::Info, &[Rule::NameSingleWord])]
#[case("Nur'aini Dewi", Level::Warn, &[Rule::NamePunctuation])]
#[case("Ma’ruf Amin", Level::Warn, &[Rule::NamePunctuation])]
#[case("M. Yusuf", Level::Warn, &[Rule::NamePunctuation])]
#[case("Agus 2 Salim", Level::Warn, &[Rule::NameDigit])]
#[case("José Pérez", Level::Ok, &[])]
#[case("李 明", Level::Warn, &[Rule::NameNotLatin])]
#[case("Siti Рahmawati", Level::Warn, &[Rule::NameNotLatin])]
// Javanese and Balinese: letters with their vowel signs, and the mark that takes a vowel away.
#[case("\u{A9B1}\u{A9B6}\u{A9A0}\u{A9B6} \u{A9AB}\u{A9B2}\u{A9A9}\u{A9A0}\u{A9C0}", Level::Warn, &[Rule::NameNotLatin])]
#[case("\u{1B32}\u{1B36}\u{1B22}\u{1B36} \u{1B2D}\u{1B33}\u{1B2B}\u{1B22}\u{1B44}", Level::Warn, &[Rule::NameNotLatin])]
#[case("Siti \u{1F600} Rahma", Level::Warn, &[Rule::NamePunctuation])]
#[case("Siti Rahma\u{20DD}", Level::Warn, &[Rule::NameNotLatin])]
#[case("Siti \u{2764}\u{FE0F} Rahma", Level::Hard, &[Rule::ForbiddenCharacter, Rule::NamePunctuation])]
#[case("Siti \u{1F469}\u{200D}\u{1F467} Rahma", Level::Hard, &[Rule::ForbiddenCharacter, Rule::NamePunctuation])]
#[case("A", Level::Info, &[Rule::NameSingleWord])]
#[case("I S", Level::Ok, &[])]
#[case("R.", Level::Warn, &[Rule::NamePunctuation, Rule::NameSingleWord])]
#[case("Siti\u{202E}Rahma Wati", Level::Hard, &[Rule::ForbiddenCharacter])]
#[case("Siti\u{200B} Rahma", Level::Hard, &[Rule::ForbiddenCharacter])]
#[case("Siti\0 Rahma", Level::Hard, &[Rule::ForbiddenCharacter])]
#[case("Siti\u{7} Rahma", Level::Hard, &[Rule::ForbiddenCharacter])]
#[case("\u{FEFF}Siti Rahma", Level::Hard, &[Rule::ForbiddenCharacter])]
#[case("   ", Level::Hard, &[Rule::Empty])]
fn a_name_is_flagged_and_never_renamed(#[case] text: &str, #[case] level: Level, #[case] expected: &[Rule]) {
    let verdict = nama::check(text);
    assert_eq!((verdict.level, rules(&verdict)), (level, expected.to_vec()), "{text:?}");
}

#[test]
fn sixty_letters_pass_and_sixty_one_are_a_warning_only() {
    let sixty = format!("{} {}", "a".repeat(29), "b".repeat(30));
    assert_eq!(nama::check(&sixty).level, Level::Ok, "60 letters with the space are allowed");
    let more = format!("{sixty}c");
    assert_eq!(rules(&nama::check(&more)), [Rule::NameOver60], "names from before 2022 stay valid");
    assert_eq!(nama::check(&"ab ".repeat(100)).level, Level::Hard, "300 letters are an accident, not a name");
}

#[test]
fn decomposed_and_composed_letters_are_the_same_name() {
    let verdict = nama::check("Jose\u{301}   Pe\u{301}rez\t");
    assert_eq!(verdict.name.as_deref(), Some("José Pérez"), "NFC, single spaces, trimmed");
    assert_eq!(verdict.level, Level::Ok, "accents are Latin letters");
}

proptest! {
    #[test]
    fn a_taken_name_is_stable_and_shows_everything(text in "\\PC{0,80}|[\\u{0}-\\u{20}\\u{200B}-\\u{202E}A-Za-z']{0,40}") {
        if let Some(name) = nama::check(&text).name {
            prop_assert!(!name.chars().any(nama::is_forbidden), "nothing hidden is taken");
            let again = nama::check(&name).name;
            prop_assert_eq!(again, Some(name), "taking it again changes nothing");
        }
    }
}

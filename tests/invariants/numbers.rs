//! A NIK or KK that is written somewhere in the tree is nobody's.

use domain::finding::Rule;
use domain::nik::{self, NikContext};
use domain::wilayah::Wilayah;

use super::tree::Tree;

/// The running number where made-up people begin: no kecamatan registers so many of one day and sex.
const FREE: u16 = 9001;
/// Holds the cases of the reference, where the form of the number is what is tested.
const REFERENCE: &str = "src-tauri/crates/domain/tests/all/nik.rs";

/// Numbers that could be somebody's: a kecamatan that is or was, a day that exists, and an ordinary running number.
pub fn no_number_is_somebodys(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut met = false;
    for (path, text) in tree {
        let found = written(text).into_iter().filter(|number| is_ordinary(number));
        if path == REFERENCE {
            met = found.count() > 0;
        } else {
            wrong.extend(found.map(|number| format!("{path}: {number} could be somebody's")));
        }
    }
    if !met {
        wrong.push(format!("{REFERENCE} holds no number any more and is allowed to"));
    }
    wrong
}

/// Numbers of 16 digits in one piece, or in three as papers group them.
fn written(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let whole = words.iter().filter(|word| is_number(word, 16)).map(|word| (*word).to_owned());
    let grouped = words
        .windows(3)
        .filter(|three| three.iter().zip([6, 6, 4]).all(|(word, digits)| is_number(word, digits)))
        .map(<[&str]>::concat);
    whole.chain(grouped).collect()
}

fn is_number(word: &str, digits: usize) -> bool {
    word.len() == digits && word.bytes().all(|b| b.is_ascii_digit())
}

fn is_ordinary(number: &str) -> bool {
    let context = NikContext::bare(jiff::civil::date(2026, 1, 1), Wilayah::builtin());
    let verdict = nik::check(number, &context);
    let nowhere = [Rule::NikProvinceUnknown, Rule::NikRegencyUnknown, Rule::NikDistrictUnknown];
    verdict.nik.is_some()
        && verdict.parts.is_some_and(|parts| parts.serial < FREE)
        && !verdict.findings.iter().any(|finding| nowhere.contains(&finding.rule))
}

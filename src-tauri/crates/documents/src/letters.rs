//! Wording of the papers, as data: shipped in `assets/print/naskah.toml`, changed by the office line by line.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The shipped wording with its explanations.
pub const NASKAH: &str = include_str!("../../../../assets/print/naskah.toml");

macro_rules! texts {
    ($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident : $ty:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$fmeta])* pub $field: $ty),* }
    };
}

texts! {
    /// Who signs letters.
    Signer {
        /// For example `Kepala Dinas`.
        role: String,
        /// Full name with titles.
        name: String,
        /// NIP in its groups; empty for none.
        nip: String,
    }
}
texts! {
    /// When and where the office serves.
    Service {
        /// Days and hours in one line.
        hours: String,
        /// Counter and house.
        counter: String,
    }
}
texts! {
    /// Tanda Pengambilan.
    PickupText {
        /// Pattern of the number.
        number: String,
        /// Heading.
        title: String,
        /// When to come where the card can be printed today.
        ready: String,
        /// When to come where it cannot: the blangko are spoken for, or no printer is here.
        later: String,
        /// What to bring, one line each.
        bring: Vec<String>,
        /// Who may come instead.
        proxy: String,
        /// When the slip is lost.
        lost: String,
    }
}
texts! {
    /// Surat Keterangan Perekaman. Names in braces: `tanggal_rekam`, `stasiun`, `sebab`, `bulan`, `bulan_terbilang`, `sampai`.
    SuketText {
        /// Pattern of the number.
        number: String,
        /// Heading.
        title: String,
        /// Line under it.
        subtitle: String,
        /// Sentence above the data.
        opening: String,
        /// Paragraphs below the data.
        paragraphs: Vec<String>,
        /// In place of the first of them for a recording of another station, or one whose day is not known here.
        elsewhere: String,
        /// Months of validity, 1 to 24.
        months: u8,
        /// Beside the code.
        check: String,
        /// In the box for signature and stamp.
        stamp: String,
    }
}
texts! {
    /// Berita Acara pemusnahan. Names in braces: `hari_tanggal`, `pukul`, `tempat`, `jumlah`, `jumlah_terbilang`, `rincian`, `cara`.
    MinutesText {
        /// Pattern of the number.
        number: String,
        /// Heading.
        title: String,
        /// Line under it.
        subtitle: String,
        /// First sentence.
        opening: String,
        /// Sentence above the list.
        destroyed: String,
        /// Where, unless the paper says another place.
        place: String,
        /// Way of destruction, unless the paper says another.
        way: String,
        /// Below the list.
        closing: String,
        /// At the foot.
        footer: String,
    }
}
texts! {
    /// Slip for returned papers.
    ReturnText {
        /// First sentence.
        opening: String,
        /// In place of it for who is sent away at the form: no paper was taken, and age is nothing that can be completed.
        form: String,
        /// In place of it for a card that was not handed over because its data are wrong: nothing is wanting from the applicant.
        card: String,
    }
}
texts! {
    /// Slip status permohonan.
    ToldText {
        /// Pattern of the number.
        number: String,
        /// Heading.
        title: String,
        /// First sentence.
        opening: String,
        /// In place of it where no recording of the person is known.
        unrecorded: String,
        /// What happens next.
        next: Vec<String>,
        /// The last of it where a recording is known: what the Surat Keterangan Perekaman attests to.
        letter: String,
    }
}
texts! {
    /// One heading with its paragraphs.
    Chapter {
        /// Heading.
        title: String,
        /// Paragraphs.
        paragraphs: Vec<String>,
    }
}
texts! {
    /// Sheet on personal data.
    PrivacyText {
        /// Heading.
        title: String,
        /// Sentence under it.
        opening: String,
        /// Chapters, in two columns.
        chapters: Vec<Chapter>,
        /// Whom to ask.
        contact: String,
    }
}
/// All wording that the office may change; the default is the shipped wording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letters {
    /// Who signs letters.
    pub signer: Signer,
    /// When and where the office serves.
    pub service: Service,
    /// Tanda Pengambilan.
    pub pickup: PickupText,
    /// Surat Keterangan Perekaman.
    pub suket: SuketText,
    /// Berita Acara.
    pub minutes: MinutesText,
    /// Returned papers.
    pub returned: ReturnText,
    /// Slip status permohonan.
    pub told: ToldText,
    /// Personal data.
    pub privacy: PrivacyText,
}

impl Default for Letters {
    /// The shipped wording, which a test holds to be whole.
    fn default() -> Self {
        Self::from_toml("").unwrap_or_else(|_| Self {
            signer: Signer::default(),
            service: Service::default(),
            pickup: PickupText::default(),
            suket: SuketText::default(),
            minutes: MinutesText::default(),
            returned: ReturnText::default(),
            told: ToldText::default(),
            privacy: PrivacyText::default(),
        })
    }
}

impl Letters {
    /// The shipped wording with the office's own lines laid over it. A line of `told.next` that speaks of the Surat Keterangan, as
    /// the third one did in files that offices have, is read as `told.letter`, unless the file has one of its own.
    ///
    /// # Errors
    /// `Wording` when the text is no TOML, names something that no paper has, or a validity is out of range.
    pub fn from_toml(office: &str) -> Result<Self> {
        let wrong = |e: toml::de::Error| Error::Wording { reason: e.message().to_owned() };
        let mut whole: toml::Table = toml::from_str(NASKAH).map_err(wrong)?;
        let office: toml::Table = toml::from_str(office).map_err(wrong)?;
        let own_letter = office.get("told").and_then(|told| told.get("letter")).is_some();
        overlay(&mut whole, office);
        let mut letters: Self = whole.try_into().map_err(wrong)?;
        let (of_letter, next): (Vec<String>, Vec<String>) =
            letters.told.next.into_iter().partition(|line| line.contains("Surat Keterangan"));
        letters.told.next = next;
        if !of_letter.is_empty() && !own_letter {
            letters.told.letter = of_letter.join(" ");
        }
        if !(1..=24).contains(&letters.suket.months) {
            return Err(Error::Wording { reason: "suket.months: 1 to 24".to_owned() });
        }
        Ok(letters)
    }
}

fn overlay(base: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(toml::Value::Table(inner)), toml::Value::Table(value)) => overlay(inner, value),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

/// Puts values into a sentence: `{name}` is replaced, what stands between two `*` is set bold. Values are never read as
/// marks. The answer is a list of runs for the template's `runs`.
///
/// # Errors
/// `Wording` for a name that the paper does not have, or a brace or star without its partner.
pub(crate) fn fill(sentence: &str, values: &[(&str, &str)]) -> Result<Value> {
    let wrong = |reason: String| Error::Wording { reason };
    let mut runs: Vec<Value> = Vec::new();
    let (mut text, mut bold) = (String::new(), false);
    let mut rest = sentence;
    while let Some(at) = rest.find(['{', '*']) {
        text.push_str(&rest[..at]);
        if rest[at..].starts_with('*') {
            runs.push(json!({ "t": std::mem::take(&mut text), "b": bold }));
            bold = !bold;
            rest = &rest[at + 1..];
            continue;
        }
        let end = rest[at..].find('}').ok_or_else(|| wrong(format!("a brace is open: {sentence}")))? + at;
        let name = &rest[at + 1..end];
        let value = values.iter().find(|(known, _)| *known == name);
        text.push_str(value.ok_or_else(|| wrong(format!("{{{name}}} is not known here")))?.1);
        rest = &rest[end + 1..];
    }
    if bold {
        return Err(wrong(format!("a star is alone: {sentence}")));
    }
    text.push_str(rest);
    runs.push(json!({ "t": text, "b": false }));
    Ok(Value::Array(runs))
}

/// As [`fill`], for several paragraphs.
pub(crate) fn fill_all(sentences: &[String], values: &[(&str, &str)]) -> Result<Value> {
    sentences.iter().map(|sentence| fill(sentence, values)).collect::<Result<Vec<_>>>().map(Value::Array)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_wording_is_whole() {
        let letters = Letters::from_toml("");
        assert!(letters.is_ok_and(|l| l.suket.months == 6 && l.privacy.chapters.len() > 4));
    }

    #[test]
    fn an_office_changes_one_line_and_keeps_the_rest() {
        let letters =
            Letters::from_toml("[suket]\nmonths = 3\n[signer]\nname = \"Contoh\"").unwrap_or_default();
        assert_eq!((letters.suket.months, letters.signer.name.as_str()), (3, "Contoh"));
        assert_eq!(letters.suket.title, "SURAT KETERANGAN");
    }

    #[test]
    fn the_line_about_the_letter_stands_once_wherever_an_office_wrote_it() {
        let shipped = Letters::default().told;
        let told = |lines: &str| Letters::from_toml(&format!("[told]\n{lines}")).unwrap_or_default().told;
        let old = told(&format!("next = [\"Datanglah lagi.\", \"Hari Senin.\", \"{}\"]", shipped.letter));
        assert_eq!(old.next, ["Datanglah lagi.", "Hari Senin."], "for everybody");
        assert_eq!(old.letter, shipped.letter, "for the recorded alone, and once");
        let reworded = told("next = [\"Datanglah lagi.\", \"Surat Keterangan ada di loket 3.\"]");
        assert_eq!(reworded.next, ["Datanglah lagi."]);
        assert_eq!(reworded.letter, "Surat Keterangan ada di loket 3.", "in the office's words");
        let both =
            told("next = [\"Datanglah lagi.\", \"Mintalah Surat Keterangan.\"]\nletter = \"Loket 3.\"");
        assert_eq!((both.next.len(), both.letter.as_str()), (1, "Loket 3."), "its own line is the letter's");
        assert_eq!(told("title = \"SLIP\"").next, shipped.next, "what was not written is as shipped");
        assert!(shipped.next.len() == 2 && shipped.letter.contains("Surat Keterangan"));
    }

    #[test]
    fn wording_that_no_paper_has_is_refused() {
        for text in ["[suket]\nbulan = 3", "[suket]\nmonths = 0", "[suket", "[suket]\nmonths = \"enam\""] {
            assert!(matches!(Letters::from_toml(text), Err(Error::Wording { .. })), "{text}");
        }
    }

    #[test]
    fn values_are_not_read_as_marks_and_names_must_be_known() {
        let runs = fill("pada *{hari}* di {x}", &[("hari", "*{x}*"), ("x", "b")]).unwrap_or_default();
        assert_eq!(
            runs,
            json!([{"t": "pada ", "b": false}, {"t": "*{x}*", "b": true}, {"t": " di b", "b": false}])
        );
        for broken in ["{tidak}", "{hari", "*hari"] {
            assert!(matches!(fill(broken, &[("hari", "")]), Err(Error::Wording { .. })), "{broken}");
        }
    }
}

//! What the office has not filled in yet, and the wording that it confirms.

use crate::letters::{Letters, MinutesText, Signer, SuketText, fill};
use crate::office::Office;
use domain::Date;
use domain::nomor::{NomorFields, names_station, render};
use domain::seal::fits;
use serde::Serialize;

/// Names that the sentences of a Surat Keterangan know.
const SUKET: [&str; 6] = ["tanggal_rekam", "stasiun", "sebab", "bulan", "bulan_terbilang", "sampai"];
/// Names that the sentences of a Berita Acara know.
const MINUTES: [&str; 7] =
    ["hari_tanggal", "pukul", "tempat", "jumlah", "jumlah_terbilang", "rincian", "cara"];
/// What people leave in a text where something is still to come.
const LEFT_OPEN: [&str; 8] = ["...", "…", "__", "xxx", "[", "]", "<", ">"];

/// Why a line of the official letters is not ready for the office's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GapWhy {
    /// Still the sample that the program is shipped with.
    Sample,
    /// Empty.
    Empty,
    /// Holds dots, brackets or a name in braces that nobody fills.
    LeftOpen,
    /// A pattern of a number without its running number or year, or with a name that no number has.
    Number,
    /// A pattern whose numbers become too long for the code of the paper, or hold a sign that no code takes.
    Unsealable,
}

/// One line that is not ready.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// Its name in naskah.toml, for example `signer.name`; `lambang.png` for the emblem.
    pub line: &'static str,
    /// What is wrong with it.
    pub why: GapWhy,
}

/// What is confirmed, written in the order of these fields; `form` changes with them.
#[derive(Serialize)]
struct Confirmed<'a> {
    form: u8,
    government: &'a str,
    office: &'a str,
    address: &'a str,
    place: &'a str,
    emblem: Option<String>,
    signer: &'a Signer,
    suket: &'a SuketText,
    minutes: &'a MinutesText,
}

/// Looks through lines one by one, for a station of that code.
struct Look<'a> {
    station: &'a str,
    found: Vec<Gap>,
}

impl Look<'_> {
    fn note(&mut self, line: &'static str, why: GapWhy) {
        let gap = Gap { line, why };
        if !self.found.contains(&gap) {
            self.found.push(gap);
        }
    }

    /// A text that goes onto the paper as it stands.
    fn plain(&mut self, line: &'static str, text: &str) {
        if text.trim().is_empty() {
            self.note(line, GapWhy::Empty);
        } else if text.contains(['{', '}']) || is_left_open(text) {
            self.note(line, GapWhy::LeftOpen);
        }
    }

    /// A sentence into which values are put.
    fn sentence(&mut self, line: &'static str, text: &str, known: &[&str]) {
        let values: Vec<(&str, &str)> = known.iter().map(|name| (*name, "")).collect();
        if text.trim().is_empty() {
            self.note(line, GapWhy::Empty);
        } else if fill(text, &values).is_err() || is_left_open(text) {
            self.note(line, GapWhy::LeftOpen);
        }
    }

    fn number(&mut self, line: &'static str, pattern: &str) {
        // As long as a number becomes: the month with the longest Roman figures, and a year's last papers.
        let day = Date::constant(2000, 8, 31);
        let fields =
            NomorFields { urut: 99_999, day, wilayah: "00.00", stasiun: self.station, training: false };
        match render(pattern, &fields) {
            Ok(number) if is_left_open(&number) => self.note(line, GapWhy::Number),
            Ok(number) if !fits(&number) => self.note(line, GapWhy::Unsealable),
            Ok(_) => {}
            Err(_) => self.note(line, GapWhy::Number),
        }
    }

    fn signer(&mut self, signer: &Signer, shipped: &Signer) {
        for (line, text, sample) in
            [("signer.name", &signer.name, &shipped.name), ("signer.role", &signer.role, &String::new())]
        {
            if text == sample && !text.is_empty() {
                self.note(line, GapWhy::Sample);
            } else {
                self.plain(line, text);
            }
        }
        // Not every signer has a NIP; one of nothing but noughts is nobody's.
        let digits: Vec<char> = signer.nip.chars().filter(char::is_ascii_digit).collect();
        if signer.nip == shipped.nip || (!digits.is_empty() && digits.iter().all(|digit| *digit == '0')) {
            self.note("signer.nip", GapWhy::Sample);
        } else if is_left_open(&signer.nip) || signer.nip.contains(['{', '}']) {
            self.note("signer.nip", GapWhy::LeftOpen);
        }
    }

    fn suket(&mut self, text: &SuketText) {
        self.number("suket.number", &text.number);
        self.plain("suket.title", &text.title);
        self.plain("suket.subtitle", &text.subtitle);
        self.sentence("suket.opening", &text.opening, &SUKET);
        if text.paragraphs.is_empty() {
            self.note("suket.paragraphs", GapWhy::Empty);
        }
        for paragraph in &text.paragraphs {
            self.sentence("suket.paragraphs", paragraph, &SUKET);
        }
        self.sentence("suket.elsewhere", &text.elsewhere, &SUKET);
        self.plain("suket.check", &text.check);
        self.plain("suket.stamp", &text.stamp);
    }

    fn minutes(&mut self, text: &MinutesText) {
        self.number("minutes.number", &text.number);
        self.plain("minutes.title", &text.title);
        self.plain("minutes.subtitle", &text.subtitle);
        self.sentence("minutes.opening", &text.opening, &MINUTES);
        self.sentence("minutes.destroyed", &text.destroyed, &MINUTES);
        self.sentence("minutes.closing", &text.closing, &MINUTES);
        self.plain("minutes.place", &text.place);
        self.plain("minutes.way", &text.way);
        self.plain("minutes.footer", &text.footer);
    }
}

fn is_left_open(text: &str) -> bool {
    let text = text.to_lowercase();
    LEFT_OPEN.iter().any(|mark| text.contains(mark))
}

impl Letters {
    /// The wording without the samples of the signer: what a training paper shows is a dash, not the name of nobody.
    #[must_use]
    pub fn without_samples(mut self) -> Self {
        let shipped = Self::default().signer;
        if self.signer.name == shipped.name {
            self.signer.name.clear();
        }
        if self.signer.nip == shipped.nip {
            self.signer.nip.clear();
        }
        self
    }
}

impl Office {
    /// Lines of the official letters that nobody filled in yet, and patterns with which a slip could be given no number, in the
    /// order of the file, each once. An official letter with one of them never goes onto paper.
    pub fn gaps(&self) -> Vec<Gap> {
        let mut look = Look { station: &self.station_code, found: Vec::new() };
        if self.emblem.is_none() {
            look.note("lambang.png", GapWhy::Empty);
        }
        look.signer(&self.letters.signer, &Letters::default().signer);
        look.number("pickup.number", &self.letters.pickup.number);
        look.suket(&self.letters.suket);
        look.minutes(&self.letters.minutes);
        look.number("told.number", &self.letters.told.number);
        look.found
    }

    /// Patterns of numbers that do not name the station, in the order of the file. Of several stations of one office, two then
    /// give papers of one number; an office with one station may leave it out.
    pub fn without_station(&self) -> Vec<&'static str> {
        let letters = &self.letters;
        [
            ("pickup.number", &letters.pickup.number),
            ("suket.number", &letters.suket.number),
            ("minutes.number", &letters.minutes.number),
            ("told.number", &letters.told.number),
        ]
        .into_iter()
        .filter(|(_, pattern)| !names_station(pattern))
        .map(|(line, _)| line)
        .collect()
    }

    /// What the office confirms, as text in one fixed form: letterhead, signer and the words of the letters that go out in
    /// its name. The hours of the counter and the words of the slips are not in it, so that they may change freely.
    pub fn official_wording(&self) -> String {
        let emblem = self.emblem.as_ref().and_then(|emblem| emblem.file("lambang").ok());
        let confirmed = Confirmed {
            form: 1,
            government: &self.government,
            office: &self.office,
            address: &self.address,
            place: &self.place,
            emblem: emblem.map(|(_, bytes)| domain::register::Hash32::of(&bytes).hex()),
            signer: &self.letters.signer,
            suket: &self.letters.suket,
            minutes: &self.letters.minutes,
        };
        // Texts, lists and a number: nothing here can fail to be written.
        serde_json::to_string(&confirmed).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Picture;
    use domain::image::GrayImage;

    /// Wording as an office fills it in.
    const FILLED: &str = "[signer]\nname = \"Contoh Pejabat, S.Sos.\"\nnip = \"19700101 199503 1 009\"\n";

    fn office(own: &str) -> Office {
        let emblem = Picture::Gray(GrayImage { width: 2, height: 2, pixels: vec![9; 4] });
        let letters = Letters::from_toml(own).unwrap_or_default();
        Office { letters, emblem: Some(emblem), ..Office::default() }
    }

    fn gaps(own: &str) -> Vec<(&'static str, GapWhy)> {
        office(own).gaps().into_iter().map(|gap| (gap.line, gap.why)).collect()
    }

    #[test]
    fn the_shipped_wording_still_lacks_its_signer_and_the_emblem() {
        let shipped = Office { emblem: None, ..office("") };
        let lines: Vec<_> = shipped.gaps().into_iter().map(|gap| (gap.line, gap.why)).collect();
        let wanted =
            [("lambang.png", GapWhy::Empty), ("signer.name", GapWhy::Sample), ("signer.nip", GapWhy::Sample)];
        assert_eq!(lines, wanted, "nothing else is open");
    }

    #[test]
    fn wording_that_an_office_filled_in_lacks_nothing() {
        assert_eq!(gaps(FILLED), []);
        assert_eq!(gaps(&FILLED.replace("19700101 199503 1 009", "")), [], "a signer without a NIP");
    }

    #[test]
    fn what_was_left_open_is_found_wherever_it_stands() {
        for (line, own) in [
            ("suket.title", "[suket]\ntitle = \"SURAT {jenis}\""),
            ("suket.opening", "[suket]\nopening = \"Kepala Dinas {nama} menerangkan:\""),
            ("suket.paragraphs", "[suket]\nparagraphs = [\"sudah merekam pada ....\"]"),
            ("minutes.place", "[minutes]\nplace = \"[tempat]\""),
            ("minutes.closing", "[minutes]\nclosing = \"Dibuat di ______\""),
            ("minutes.way", "[minutes]\nway = \"cara XXX\""),
        ] {
            assert_eq!(gaps(&format!("{FILLED}{own}")), [(line, GapWhy::LeftOpen)], "{own}");
        }
        let empty = format!("{FILLED}[suket]\nstamp = \" \"\nparagraphs = []");
        let wanted = [("suket.paragraphs", GapWhy::Empty), ("suket.stamp", GapWhy::Empty)];
        assert_eq!(gaps(&empty), wanted, "empty lines");
        let number = format!("{FILLED}[suket]\nnumber = \"470/SKT/{{tahun}}\"");
        assert_eq!(gaps(&number), [("suket.number", GapWhy::Number)], "two letters would share it");
        let noughts = FILLED.replace("19700101 199503 1 009", "000");
        assert_eq!(gaps(&noughts), [("signer.nip", GapWhy::Sample)], "nobody's NIP");
    }

    #[test]
    fn a_pattern_that_names_no_station_is_told_and_hinders_nothing() {
        assert_eq!(office(FILLED).without_station(), [""; 0], "each shipped one names it");
        let one = "TP-{tahun2}-{urut5}";
        let own = |part: &str| format!("{FILLED}[{part}]\nnumber = \"{one}\"");
        for part in ["pickup", "suket", "minutes", "told"] {
            assert_eq!(office(&own(part)).without_station(), [format!("{part}.number")], "{part}");
            assert_eq!(gaps(&own(part)), [], "{part}: an office with one station may leave it out");
        }
    }

    #[test]
    fn a_number_that_the_code_of_its_paper_cannot_hold_is_found_before_the_paper() {
        let at = |code: &str| Office { station_code: code.to_owned(), ..office(FILLED) };
        assert_eq!(at("PESISIR-BARAT-02").gaps(), [], "sixteen letters");
        let long: Vec<_> =
            at("PESISIR-BARAT-102").gaps().into_iter().map(|gap| (gap.line, gap.why)).collect();
        assert_eq!(long, [("suket.number", GapWhy::Unsealable)], "one more, in August");
        let sign = format!("{FILLED}[minutes]\nnumber = \"BA № {{urut}}/{{tahun}}\"");
        assert_eq!(gaps(&sign), [("minutes.number", GapWhy::Unsealable)], "a sign that no code takes");
        for (part, line) in [("pickup", "pickup.number"), ("told", "told.number")] {
            let own = |number: &str| gaps(&format!("{FILLED}[{part}]\nnumber = \"{number}\""));
            assert_eq!(own("TP № {urut}/{tahun}"), [(line, GapWhy::Unsealable)], "a slip has a code too");
            assert_eq!(own("TP/{urut}/{tahn}"), [(line, GapWhy::Number)], "a slip of the pen");
        }
    }

    #[test]
    fn what_is_confirmed_changes_with_each_word_of_a_letter_and_with_nothing_else() {
        let before = office(FILLED).official_wording();
        assert_eq!(office(FILLED).official_wording(), before, "in one way");
        for own in ["[suket]\nmonths = 3", "[suket]\nopening = \"Lain:\"", "[minutes]\nway = \"dicacah\""] {
            assert_ne!(office(&format!("{FILLED}{own}")).official_wording(), before, "{own}");
        }
        let hours = format!("{FILLED}[service]\nhours = \"Setiap hari\"\n[returned]\nopening = \"Maaf.\"");
        assert_eq!(office(&hours).official_wording(), before, "the counter's hours are not a letter's");
        assert_ne!(
            Office { address: "Liwa".into(), ..office(FILLED) }.official_wording(),
            before,
            "letterhead"
        );
        assert_ne!(Office { emblem: None, ..office(FILLED) }.official_wording(), before, "emblem");
    }

    #[test]
    fn a_training_paper_names_no_sample() {
        let signer = Letters::default().without_samples().signer;
        assert_eq!((signer.name.as_str(), signer.nip.as_str()), ("", ""), "a dash on paper");
        let own = Letters::from_toml(FILLED).unwrap_or_default();
        assert_eq!(own.clone().without_samples(), own, "what the office gave stays");
    }
}

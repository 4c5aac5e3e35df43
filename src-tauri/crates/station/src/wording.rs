//! The wording of official letters: nothing goes out in the office's name until the office has read and confirmed it.
//!
//! What is confirmed is the text itself, by its hash. Changed by one word it is another text, and asked for again.

use documents::{
    BeritaAcara, GapWhy, Hadir, Keping, KepingLine, Office, Paper, Picture, SaldoBlangko, Sheet,
    SuratKeterangan,
};
use domain::paper::DocumentKind;
use domain::register::Hash32;
use domain::role::Action;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::Act;

use crate::papers::SUKET;
use crate::session::Desk;
use crate::view::{self, OfficialLetter, WordingGapWhy};
use crate::visit::{iso, to_json};
use crate::{Error, Result, Station};

/// Setting that holds what was confirmed last.
const SETTING: &str = "wording_confirmed";
/// Emblem of the region, PNG or JPEG by its content, beside the database.
const EMBLEM: &str = "lambang.png";
/// What stands on a preview in place of what only a real case has.
const SAMPLE: &str = "CONTOH";

/// What was confirmed last.
#[derive(Serialize, Deserialize)]
struct Confirmed {
    /// SHA-256 of the wording, hex.
    hash: String,
    /// Account of who confirmed it.
    operator: String,
    /// The name at that time.
    name: String,
    at: Timestamp,
}

/// SHA-256 of the wording of an office, hex.
fn hash_of(office: &Office) -> String {
    Hash32::of(office.official_wording().as_bytes()).hex()
}

fn confirmed(desk: &Desk) -> Result<Option<Confirmed>> {
    let Some(json) = desk.store.read(|view| view.setting(SETTING))? else { return Ok(None) };
    serde_json::from_str(&json).map(Some).map_err(|source| Error::Stored { what: "wording", source })
}

impl Station {
    /// The emblem that the office laid beside the database; none until it did.
    pub(crate) fn emblem(&self) -> Result<Option<Picture>> {
        match std::fs::read(self.dir.join(EMBLEM)) {
            Ok(bytes) => Ok(Some(Picture::Encoded(bytes))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(Error::File { doing: "read the emblem", source }),
        }
    }

    /// Lets an official letter go on only with wording that is whole and that the office confirmed. A training paper says
    /// on itself that it is worth nothing, and is let go on.
    pub(crate) fn require_wording(desk: &Desk, paper: &Paper) -> Result<()> {
        if paper.training || !paper.sheet.is_official_letter() {
            return Ok(());
        }
        if !paper.office.gaps().is_empty() {
            return Err(Error::not_now("wording_gaps"));
        }
        match confirmed(desk)? {
            Some(last) if last.hash == hash_of(&paper.office) => Ok(()),
            Some(_) => Err(Error::not_now("wording_changed")),
            None => Err(Error::not_now("wording_unconfirmed")),
        }
    }

    /// The wording as it stands: what is still open, and whether the office confirmed it.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Document` (a wording that cannot be read), `File`, `Store`.
    pub fn wording(&self) -> Result<view::Wording> {
        let desk = self.desk(Action::ChangeSettings)?;
        self.wording_view(&desk)
    }

    fn wording_view(&self, desk: &Desk) -> Result<view::Wording> {
        let office = self.office()?;
        let hash = hash_of(&office);
        let last = confirmed(desk)?;
        let gaps = office.gaps().into_iter().map(|gap| view::WordingGap {
            line: gap.line.to_owned(),
            why: match gap.why {
                GapWhy::Sample => WordingGapWhy::Sample,
                GapWhy::Empty => WordingGapWhy::Empty,
                GapWhy::LeftOpen => WordingGapWhy::LeftOpen,
                GapWhy::Number => WordingGapWhy::Number,
                GapWhy::Unsealable => WordingGapWhy::Unsealable,
            },
        });
        Ok(view::Wording {
            gaps: gaps.collect(),
            without_station: office.without_station().into_iter().map(str::to_owned).collect(),
            changed: last.as_ref().is_some_and(|last| last.hash != hash),
            confirmed: last
                .filter(|last| last.hash == hash)
                .map(|last| view::WordingConfirmed { by: last.name, at: iso(last.at) }),
            training: desk.store.read(|view| view.meta())?.training,
            folder: self.dir.display().to_string(),
            hash,
        })
    }

    /// First page of a letter as it would be printed, with sample values and marked DRAF across, as PNG.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `Invalid` (a resolution out of range), `Document`, `File`, `Store`.
    pub fn wording_page(&self, letter: OfficialLetter, dpi: u32) -> Result<Vec<u8>> {
        let desk = self.desk(Action::ChangeSettings)?;
        let dpi = u16::try_from(dpi).ok().filter(|dpi| (20..=400).contains(dpi));
        let dpi = dpi.ok_or(Error::Invalid { what: "page" })?;
        let paper = self.trial(&desk, letter)?;
        let rendered = self.press().render(&paper)?;
        Ok(self.press().page_png(&rendered, 1, f64::from(dpi))?)
    }

    /// Confirms for the office the wording with this hash, which is the one that was looked at.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`; `NotNow` when lines are still open or the wording is another one by now; `Document`,
    /// `File`, `Store`.
    pub fn confirm_wording(&self, hash: &str) -> Result<view::Wording> {
        let desk = self.desk(Action::ChangeSettings)?;
        let office = self.office()?;
        if !office.gaps().is_empty() {
            return Err(Error::not_now("wording_gaps"));
        }
        if hash_of(&office) != hash {
            return Err(Error::not_now("wording_moved"));
        }
        let new = Confirmed {
            hash: hash.to_owned(),
            operator: desk.session.operator.to_string(),
            name: desk.session.name.clone(),
            at: desk.now,
        };
        let json = to_json("wording", &new)?;
        let without = office.without_station();
        desk.transact(Act::WordingConfirm { hash: hash.to_owned() }, |tx| {
            if !without.is_empty() {
                tx.note("tanpa_stasiun", &without.join(" "));
            }
            tx.set_setting(SETTING, &json)
        })?;
        self.wording_view(&desk)
    }

    fn trial(&self, desk: &Desk, letter: OfficialLetter) -> Result<Paper> {
        let sheet = match letter {
            OfficialLetter::Suket => Sheet::SuratKeterangan(Box::new(self.sample_suket(desk)?)),
            // Its first paragraph is another one: neither the day nor the station of the recording is known here.
            OfficialLetter::SuketElsewhere => {
                let sample = SuratKeterangan { recorded: None, ..self.sample_suket(desk)? };
                Sheet::SuratKeterangan(Box::new(sample))
            }
            OfficialLetter::BeritaAcara => Sheet::BeritaAcara(Box::new(self.sample_minutes(desk)?)),
        };
        let mut paper = self.paper(desk, sheet)?;
        // The office reads what it wrote, samples included, also at a training station.
        (paper.office, paper.draft) = (self.office()?, true);
        Ok(paper)
    }

    fn sample_suket(&self, desk: &Desk) -> Result<SuratKeterangan> {
        let number = self.next_number(desk, SUKET, &self.letters()?.suket.number)?.0;
        let (text, day) = (|| SAMPLE.to_owned(), self.day_of(desk.now));
        Ok(SuratKeterangan {
            number,
            nik: String::new(),
            name: text(),
            birth: text(),
            sex: text(),
            address: text(),
            district: text(),
            religion: text(),
            marital: text(),
            occupation: text(),
            nationality: "WNI".to_owned(),
            photo: None,
            recorded: Some(day),
            issued: day,
            reason: "data perekaman masih diproses di pusat".to_owned(),
            raw_status: SAMPLE.to_owned(),
            packet: String::new(),
            register_no: String::new(),
            officer: desk.session.name.clone(),
            qr: String::new(),
        })
    }

    fn sample_minutes(&self, desk: &Desk) -> Result<BeritaAcara> {
        let pattern = self.letters()?.minutes.number;
        let number = self.next_number(desk, DocumentKind::BeritaAcara, &pattern)?.0;
        let day = self.day_of(desk.now);
        let present = |short: &str| Hadir {
            name: SAMPLE.to_owned(),
            office: SAMPLE.to_owned(),
            short: short.to_owned(),
        };
        Ok(BeritaAcara {
            number,
            day,
            time: self.clock_text(desk.now),
            place: String::new(),
            executor: self.executor(desk),
            witnesses: [present("1"), present("2"), present("3")],
            pieces: vec![KepingLine {
                piece: Keping::Blangko(SAMPLE.to_owned()),
                reason: SAMPLE.to_owned(),
                register: String::new(),
            }],
            balance: vec![SaldoBlangko {
                cards: "WNI".to_owned(),
                period: crate::blangko::berita_acara::period(day, day),
                ..SaldoBlangko::default()
            }],
            way: String::new(),
            register_no: String::new(),
            list_hash: String::new(),
            qr: String::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_window_has_words_for_each_refusal_of_a_letter() {
        for key in [
            "wording_gaps",
            "wording_changed",
            "wording_unconfirmed",
            "wording_moved",
            "wording_unreadable",
            "emblem_unusable",
        ] {
            for part in ["happened", "safe", "next"] {
                crate::words::assert_worded(&format!("errors.{key}.{part}"));
            }
        }
        for why in ["sample", "empty", "left_open", "number", "unsealable"] {
            crate::words::assert_worded(&format!("wording.gap.{why}"));
        }
    }
}

//! What stands on the card, and what is still missing for it.

use std::collections::BTreeSet;

use documents::{CardFace, CardPrint, CardPrinter, CardTemplate, Picture};
use domain::Unsur;
use domain::biodata::{Biodata, card_differs, is_said_on_card, said_on_card};
use domain::capture::{Part, Target};
use domain::plan::CaptureScope;
use domain::register::Hash32;
use domain::role::Action;
use domain::steps::print::card_source;
use domain::tanggal::Tanggal;
use domain::wilayah::KodeWilayah;
use jiff::civil::Date;
use store::CardData;

use crate::session::Desk;
use crate::visit::Visit;
use crate::{Error, Result, Station, view, words};

/// The office's own template beside the database; without it the shipped one of training.
const OFFICE_TEMPLATE: &str = "kartu.toml";

/// What is missing of a card whose field with this name in the template does not fit.
pub(super) const MISFIT: &str = "fit_";

/// One person's card: what was attested in this visit, else what the centre sent, with what this visit took anew.
pub(crate) struct CardPerson {
    pub biodata: Biodata,
    /// What the centre's record says otherwise than the form that was verified at step 3.
    pub differs: Vec<Unsur>,
    /// JPEG.
    pub portrait: Option<Vec<u8>>,
    /// PNG, dark on light; `None` also when the holder cannot sign.
    pub signature: Option<Vec<u8>>,
    /// The holder signs with nothing that goes on the card.
    pub unsigned: bool,
}

impl CardPerson {
    /// Whether the ITAP, which ends a foreigner's card, is known and holds on a day.
    fn itap_holds(&self, day: Date) -> bool {
        let last = self.biodata.get(Unsur::ItapBerlaku).and_then(|text| Tanggal::parse(text).ok());
        last.and_then(|last| last.latest()).is_some_and(|last| last >= day)
    }
}

/// One record, with what only the other one has, but for what an officer left blank.
fn completed(mut record: Biodata, other: &Biodata, left_blank: &BTreeSet<Unsur>) -> Biodata {
    for (unsur, text) in other.iter() {
        if !left_blank.contains(&unsur) && record.get(unsur).is_none_or(|own| own.trim().is_empty()) {
            record.set(unsur, text);
        }
    }
    record
}

impl Station {
    /// Everything that the card of a visit needs.
    pub(crate) fn card_person(&self, desk: &Desk, visit: &Visit) -> Result<CardPerson> {
        let centre = self.card_data_of(desk, visit)?;
        let mut person = CardPerson {
            biodata: visit.biodata.clone(),
            differs: Vec::new(),
            portrait: self.best_image(desk, visit, Target::Portrait, "portrait")?,
            signature: self.specimen(desk, visit)?.map(|row| row.image),
            // Where the signature is not taken anew, that of the record stays, whatever stood under the attestation.
            unsigned: visit.state.plan.capture.signature()
                && visit.state.capture.exception(Part::Signature).is_some(),
        };
        if let Some(centre) = centre {
            let record: Biodata = serde_json::from_str(&centre.biodata_json)
                .map_err(|source| Error::Stored { what: "card data", source })?;
            let left_blank = visit.state.verification.left_blank();
            match visit.state.plan.capture {
                CaptureScope::None => {
                    person.differs = card_differs(&visit.biodata, &record, &left_blank);
                    person.biodata = completed(record, &visit.biodata, &left_blank);
                }
                // The applicant attested to these data in this visit.
                CaptureScope::Full
                | CaptureScope::Portrait
                | CaptureScope::Signature
                | CaptureScope::PortraitAndSignature => {
                    person.biodata = completed(person.biodata, &record, &left_blank);
                }
            }
            let kept = |bytes: Vec<u8>| Some(bytes).filter(|bytes| !bytes.is_empty());
            person.portrait = person.portrait.or_else(|| kept(centre.portrait));
            if person.signature.is_none() && !person.unsigned {
                person.signature = kept(centre.signature);
                person.unsigned = person.signature.is_none();
            }
        }
        Ok(person)
    }

    /// Names of the template's fields that this person's data do not fit, or that hold a letter the typeface lacks. A template
    /// that cannot be read is told where the card is set.
    pub(crate) fn card_misfits(&self, desk: &Desk, person: &CardPerson) -> Result<Vec<String>> {
        let face = self.card_face_of(desk, person)?;
        let Ok(template) = self.card_template() else { return Ok(Vec::new()) };
        Ok(self.press().card_misfits(&face, &template))
    }

    /// Keys of what the card still lacks (`print.missing.<key>`).
    ///
    /// # Errors
    /// `Store`.
    pub(super) fn card_lacks(&self, desk: &Desk, visit: &Visit, person: &CardPerson) -> Result<Vec<String>> {
        let today = self.day_of(desk.now);
        let get = |unsur: Unsur| person.biodata.get(unsur).unwrap_or_default().trim();
        let mut missing = Vec::new();
        let mut lacks = |key: &str, lacking: bool| {
            if lacking {
                missing.push(key.to_owned());
            }
        };
        lacks("record", card_source(&visit.state).is_none());
        lacks("record_disputed", self.is_disputed(desk, visit)?);
        lacks("record_differs", !person.differs.is_empty());
        lacks("nik", person.biodata.nik().is_none());
        lacks("name", get(Unsur::Nama).is_empty());
        lacks("address", get(Unsur::Alamat).is_empty() || person.biodata.domicile().is_none());
        lacks("valid", person.biodata.is_foreigner() && !person.itap_holds(today));
        lacks("portrait", person.portrait.is_none());
        lacks("signature", person.signature.is_none() && !person.unsigned);
        missing.extend(self.card_misfits(desk, person)?.into_iter().map(|field| format!("{MISFIT}{field}")));
        Ok(missing)
    }

    /// What the centre's record says and shows on a card that is made of it alone; `None` for a card of this visit's own recording.
    ///
    /// # Errors
    /// `Store`, `Stored`.
    pub(crate) fn said_on_card(&self, desk: &Desk, visit: &Visit) -> Result<Option<Hash32>> {
        let made_of = self.made_of(desk, visit)?;
        Ok(made_of.map(|(record, centre)| said_on_card(&record, &centre.portrait, &centre.signature)))
    }

    /// Whether a card of the centre's record would still be the one that was found wrong, in its text and its pictures.
    fn is_disputed(&self, desk: &Desk, visit: &Visit) -> Result<bool> {
        let Some(wrong) = visit.state.print.disputed else { return Ok(false) };
        let made_of = self.made_of(desk, visit)?;
        Ok(made_of.is_some_and(|(record, centre)| {
            is_said_on_card(wrong, &record, &centre.portrait, &centre.signature)
        }))
    }

    /// The centre's record, read and as it came, where the card is made of it alone.
    fn made_of(&self, desk: &Desk, visit: &Visit) -> Result<Option<(Biodata, CardData)>> {
        if visit.state.plan.capture != CaptureScope::None {
            return Ok(None);
        }
        let Some(centre) = self.card_data_of(desk, visit)? else { return Ok(None) };
        let record = serde_json::from_str(&centre.biodata_json)
            .map_err(|source| Error::Stored { what: "card data", source })?;
        Ok(Some((record, centre)))
    }

    /// What the centre's record says otherwise than the verified form, both as they are read.
    pub(super) fn card_differences(&self, visit: &Visit, person: &CardPerson) -> Vec<view::CardDifference> {
        let village = &self.config.office.village_word;
        let read =
            |unsur: Unsur, biodata: &Biodata| self.shown(unsur, biodata.get(unsur).unwrap_or_default());
        let row = |unsur: &Unsur| view::CardDifference {
            label: words::unsur(*unsur, village),
            form: read(*unsur, &visit.biodata),
            record: read(*unsur, &person.biodata),
        };
        person.differs.iter().map(row).collect()
    }

    fn on_card(&self, biodata: &Biodata, unsur: Unsur) -> String {
        let value = biodata.get(unsur).unwrap_or_default().trim();
        match unsur.table() {
            Some(table) => self.tables().codes.card_text(table, value).to_uppercase(),
            None => self.shown(unsur, value).to_uppercase(),
        }
    }

    /// The face, with the day of issue of this moment.
    pub(crate) fn card_face_of(&self, desk: &Desk, person: &CardPerson) -> Result<CardFace> {
        let biodata = &person.biodata;
        let text = |unsur| self.on_card(biodata, unsur);
        let wilayah = &desk.tables.wilayah;
        let path = biodata.domicile().map(|code| wilayah.path(code)).unwrap_or_default();
        let part = |n: usize| path.get(n).map(|name| name.to_uppercase()).unwrap_or_default();
        let office = KodeWilayah::parse(&self.config.office.regency_code)
            .and_then(|code| wilayah.name(code))
            .map(|name| name.to_uppercase())
            .unwrap_or_else(|| part(1));
        let three = |unsur| format!("{:0>3}", text(unsur));
        let wna = biodata.is_foreigner();
        let blood = Some(text(Unsur::GolonganDarah)).filter(|blood| blood.len() <= 3 && !blood.is_empty());
        Ok(CardFace {
            province: format!("PROVINSI {}", part(0)),
            regency: part(1),
            nik: biodata.nik().map(|nik| nik.as_str().to_owned()).unwrap_or_default(),
            name: text(Unsur::Nama),
            birth: format!("{}, {}", text(Unsur::TempatLahir), text(Unsur::TanggalLahir)),
            sex: text(Unsur::JenisKelamin),
            blood: blood.unwrap_or_else(|| "-".to_owned()),
            address: text(Unsur::Alamat),
            rt_rw: format!("{}/{}", three(Unsur::Rt), three(Unsur::Rw)),
            village: part(3),
            district: part(2),
            religion: text(Unsur::Agama),
            marital: text(Unsur::StatusPerkawinan),
            occupation: text(Unsur::Pekerjaan),
            nationality: text(Unsur::Kewarganegaraan),
            valid: if wna { text(Unsur::ItapBerlaku) } else { "SEUMUR HIDUP".to_owned() },
            place: office.trim_start_matches("KABUPATEN ").to_owned(),
            issued: crate::queue::dmy(self.day_of(desk.now)),
            photo: person.portrait.clone().map(Picture::Encoded),
            signature: person.signature.clone().map(Picture::Encoded),
            training: desk.store.read(|view| view.meta())?.training,
        })
    }

    /// The template in force.
    pub(super) fn card_template(&self) -> Result<CardTemplate> {
        let path = self.dir.join(OFFICE_TEMPLATE);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(CardTemplate::from_toml(&text)?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(CardTemplate::training()?),
            Err(source) => Err(Error::File { doing: "read the card template", source }),
        }
    }

    /// The card as the printer gets it.
    pub(super) fn card_raster(&self, desk: &Desk, person: &CardPerson) -> Result<CardPrint> {
        let face = self.card_face_of(desk, person)?;
        Ok(self.press().card(&face, &self.card_template()?, &self.card_printer_set(desk)?)?)
    }

    /// How the printer of this desk is set.
    pub(super) fn card_printer_set(&self, desk: &Desk) -> Result<CardPrinter> {
        Ok(CardPrinter { placement: self.offset(desk)?.placement(), ..CardPrinter::default() })
    }

    /// The card face with the blank card's own words under it, PNG at 300 dpi.
    ///
    /// # Errors
    /// `Locked`, `NotAllowed`, `NotFound`, `Document` (a text does not fit), `Store`.
    pub fn card_face(&self, id: &str) -> Result<Vec<u8>> {
        let desk = self.desk(Action::ReadQueue)?;
        let visit = self.visit(&desk, id)?;
        let person = self.card_person(&desk, &visit)?;
        let face = self.card_face_of(&desk, &person)?;
        Ok(self.press().card_preview(&face, &self.card_template()?)?.png)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_officer_left_blank_stays_blank_on_the_card() {
        let of = |pairs: &[(Unsur, &str)]| -> Biodata {
            pairs.iter().map(|(unsur, text)| (*unsur, (*text).to_owned())).collect()
        };
        let attested = of(&[(Unsur::Nama, "SITI")]);
        let record = of(&[(Unsur::Nama, "SITI"), (Unsur::GolonganDarah, "4"), (Unsur::Agama, "1")]);
        let card = completed(attested, &record, &BTreeSet::from([Unsur::GolonganDarah]));
        assert_eq!((card.get(Unsur::GolonganDarah), card.get(Unsur::Agama)), (None, Some("1")));
    }

    #[test]
    fn every_field_that_may_not_fit_is_named_in_both_languages() {
        for field in CardTemplate::training().unwrap().fields.keys() {
            words::assert_worded(&format!("print.missing.{MISFIT}{field}"));
        }
    }
}

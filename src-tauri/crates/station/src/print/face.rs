//! What stands on the card, and what is still missing for it.

use documents::{CardFace, CardPrint, CardPrinter, CardTemplate, Picture};
use domain::Unsur;
use domain::biodata::Biodata;
use domain::capture::{Part, Target};
use domain::role::Action;
use domain::steps::print::card_source;
use domain::wilayah::KodeWilayah;

use crate::capture::signature::substitute_of;
use crate::session::Desk;
use crate::visit::Visit;
use crate::{Error, Result, Station};

/// The office's own template beside the database; without it the shipped one of training.
const OFFICE_TEMPLATE: &str = "kartu.toml";

/// One person's card: recorded here, else what the centre sent, with what this visit took anew.
pub(crate) struct CardPerson {
    pub biodata: Biodata,
    /// JPEG.
    pub portrait: Option<Vec<u8>>,
    /// PNG, dark on light; `None` also when the holder cannot sign.
    pub signature: Option<Vec<u8>>,
    /// The holder signs with nothing that goes on the card.
    pub unsigned: bool,
}

impl Station {
    /// Everything that the card of a visit needs.
    pub(crate) fn card_person(&self, desk: &Desk, visit: &Visit) -> Result<CardPerson> {
        let id = visit.id();
        let centre = desk.store.read(|view| view.card_data(id))?;
        let mut person = CardPerson {
            biodata: visit.biodata.clone(),
            portrait: self.best_image(desk, visit, Target::Portrait, "portrait")?,
            signature: self.specimen(desk, visit)?.map(|row| row.image),
            unsigned: visit.state.capture.exception(Part::Signature).is_some()
                || substitute_of(visit).is_some(),
        };
        if let Some(centre) = centre {
            if !visit.state.plan.capture.biometrics() {
                person.biodata = serde_json::from_str(&centre.biodata_json)
                    .map_err(|source| Error::Stored { what: "card data", source })?;
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

    /// Keys of what the card still lacks (`print.missing.<key>`).
    pub(super) fn card_lacks(&self, visit: &Visit, person: &CardPerson) -> Vec<String> {
        let get = |unsur: Unsur| person.biodata.get(unsur).unwrap_or_default().trim();
        let mut missing = Vec::new();
        let mut lacks = |key: &str, lacking: bool| {
            if lacking {
                missing.push(key.to_owned());
            }
        };
        lacks("record", card_source(&visit.state).is_none());
        lacks("nik", person.biodata.nik().is_none());
        lacks("name", get(Unsur::Nama).is_empty());
        lacks("address", get(Unsur::Alamat).is_empty() || person.biodata.domicile().is_none());
        lacks("portrait", person.portrait.is_none());
        lacks("signature", person.signature.is_none() && !person.unsigned);
        missing
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
        let wna = text(Unsur::Kewarganegaraan) == "WNA";
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

//! Stored pictures as the window can show them, by the ids that the views carry.

use domain::ids::PermohonanId;
use domain::role::Action;

use super::{fingers, irises};
use crate::{Error, Result, Station};

impl Station {
    /// Bytes of a stored picture, JPEG or PNG; records of the devices are unpacked for the eye.
    ///
    /// # Errors
    /// `Locked`, `Invalid`, `NotFound`, `Picture`, `Store`.
    pub fn image(&self, capture_id: &str) -> Result<Vec<u8>> {
        let desk = self.desk(Action::ReadQueue)?;
        let mut words = capture_id.split(':');
        let kind = words.next().unwrap_or_default();
        let first = words.next().ok_or(Error::Invalid { what: "capture" })?;
        let second = words.next().unwrap_or_default();
        let row = || first.parse::<i64>().map_err(|_| Error::Invalid { what: "capture" });
        let visit = || PermohonanId::parse(first).map_err(|_| Error::Invalid { what: "capture" });
        let index = || second.parse::<usize>().map_err(|_| Error::Invalid { what: "capture" });
        let none = Error::NotFound { what: "capture" };
        match kind {
            "s" => {
                let row = row()?;
                let images = desk.store.read(|view| view.sample_images(row))?;
                let kept = |image: &store::SampleImage| image.part == second && !image.image.is_empty();
                let image = images.into_iter().find(kept).ok_or(none)?;
                shown(&image.media_type, image.image)
            }
            "berkas" => {
                let row = row()?;
                let pages = desk.store.read(|view| view.halaman(row))?;
                pages
                    .into_iter()
                    .find(|page| page.seq.to_string() == second)
                    .map(|page| page.image)
                    .ok_or(none)
            }
            "card" => {
                let id = visit()?;
                let papers = desk.store.read(|view| view.berkas(id))?;
                let paper = papers
                    .iter()
                    .find(|paper| paper.code == "card_photo")
                    .ok_or(Error::NotFound { what: "capture" })?;
                let pages = desk.store.read(|view| view.halaman(paper.id))?;
                pages.into_iter().next_back().map(|page| page.image).ok_or(none)
            }
            "record" => {
                let visit = self.visit(&desk, first)?;
                self.portrait_on_record(&desk, &visit)?.ok_or(none)
            }
            "spoiled" => {
                let serial = domain::stock::NomorBlangko::parse(first)
                    .map_err(|_| Error::Invalid { what: "capture" })?;
                let (media_type, photo) = desk.store.read(|view| view.spoiled_photo(&serial))?;
                if photo.is_empty() { Err(none) } else { shown(&media_type, photo) }
            }
            "destruction" => {
                let row = row()?;
                let (media_type, photo) = desk.store.read(|view| view.destruction_picture(row))?;
                if photo.is_empty() { Err(none) } else { shown(&media_type, photo) }
            }
            "exception" => {
                let row = row()?;
                Ok(desk.store.read(|view| view.exception_photo(row))?)
            }
            "signature" => {
                let (id, index) = (visit()?, index()?);
                let rows = desk.store.read(|view| view.signatures(id))?;
                rows.into_iter().nth(index).map(|row| row.image).ok_or(none)
            }
            "rematch" => {
                let (id, index) = (visit()?, index()?);
                let rows = desk.store.read(|view| view.rematches(id))?;
                rows.into_iter().nth(index).map(|row| row.image).ok_or(none)
            }
            "handover" => self.handover_picture(&desk, visit()?, second),
            _ => Err(Error::Invalid { what: "capture" }),
        }
    }
}

/// JPEG and PNG as they are; records as PNG.
fn shown(media_type: &str, bytes: Vec<u8>) -> Result<Vec<u8>> {
    let png = |image, ppi| {
        biometrics::codec::encode_png_gray(&image, ppi)
            .map_err(|error| Error::Picture { what: "picture", reason: error.to_string() })
    };
    match media_type {
        fingers::RECORD => {
            let (image, ppi) = fingers::picture_of(&bytes)?;
            png(image, Some(u32::from(ppi)))
        }
        irises::RECORD => png(irises::picture_of(&bytes)?, None),
        _ => Ok(bytes),
    }
}

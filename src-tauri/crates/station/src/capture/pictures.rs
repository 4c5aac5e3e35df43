//! Stored pictures as the window can show them, by the ids that the views carry.

use biometrics::codec::{Limits, decode_rgb, encode_jpeg};
use domain::ids::PermohonanId;
use domain::role::Action;
use domain::stock::NomorBlangko;

use super::{fingers, irises};
use crate::session::Desk;
use crate::{Error, Result, Station};

/// Quality of a picture that is made for the window only, in JPEG steps of the encoder.
const SHOWN_QUALITY: u8 = 85;

impl Station {
    /// Bytes of a stored picture, JPEG or PNG; records of the devices are unpacked for the eye. Whoever sees a picture has
    /// opened its visit, and the register says so first.
    ///
    /// # Errors
    /// `Locked`, `Invalid`, `NotFound`, `Picture`, `Store`.
    pub fn image(&self, capture_id: &str) -> Result<Vec<u8>> {
        let desk = self.desk(Action::ReadQueue)?;
        let mut words = capture_id.split(':');
        let kind = words.next().unwrap_or_default();
        let first = words.next().ok_or(Error::Invalid { what: "capture" })?;
        let second = words.next().unwrap_or_default();
        if let Some(id) = whose(&desk, kind, first)? {
            self.opens(&desk, id)?;
        }
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
                    .find(|page| page.seq.to_string() == second && !page.image.is_empty())
                    .map(|page| page.image)
                    .ok_or(none)
            }
            "card" => {
                let visit = self.visit(&desk, first)?;
                self.card_photo(&desk, &visit)?.ok_or(none)
            }
            "record" => {
                let visit = self.visit(&desk, first)?;
                self.portrait_on_record(&desk, &visit)?.ok_or(none)
            }
            "spoiled" => {
                let serial = NomorBlangko::parse(first).map_err(|_| Error::Invalid { what: "capture" })?;
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

/// The visit that a picture was taken in; `None` for one of no visit.
fn whose(desk: &Desk, kind: &str, named: &str) -> Result<Option<PermohonanId>> {
    let none = Error::NotFound { what: "capture" };
    let row = || named.parse::<i64>().map_err(|_| Error::Invalid { what: "capture" });
    Ok(Some(match kind {
        "s" => {
            let row = row()?;
            desk.store.read(|view| view.visit_of_sample(row))?.ok_or(none)?
        }
        "berkas" => {
            let row = row()?;
            desk.store.read(|view| view.visit_of_berkas(row))?.ok_or(none)?
        }
        "exception" => {
            let row = row()?;
            desk.store.read(|view| view.visit_of_exception(row))?.ok_or(none)?
        }
        "card" | "record" | "signature" | "rematch" | "handover" => {
            let id = PermohonanId::parse(named).map_err(|_| Error::Invalid { what: "capture" })?;
            desk.store.read(|view| view.permohonan(id))?.ok_or(none)?.id
        }
        "spoiled" => {
            let serial = NomorBlangko::parse(named).map_err(|_| Error::Invalid { what: "capture" })?;
            return Ok(desk.store.read(|view| view.spoiled(&serial))?.and_then(|piece| piece.permohonan));
        }
        "destruction" => return Ok(None),
        _ => return Err(Error::Invalid { what: "capture" }),
    }))
}

/// JPEG and PNG as they are; records as PNG.
fn shown(media_type: &str, bytes: Vec<u8>) -> Result<Vec<u8>> {
    let png = |image, ppi| {
        biometrics::codec::encode_png_gray_to_show(&image, ppi)
            .map_err(|error| Error::Picture { what: "picture", reason: error.to_string() })
    };
    match media_type {
        fingers::RECORD => {
            let (image, ppi) = fingers::picture_of(&bytes)?;
            png(image, Some(u32::from(ppi)))
        }
        irises::RECORD => png(irises::picture_of(&bytes)?, None),
        // No window shows JPEG 2000.
        "image/jp2" => {
            let unusable = |reason: String| Error::Picture { what: "picture", reason };
            let image =
                decode_rgb(&bytes, &Limits::default()).map_err(|error| unusable(error.to_string()))?;
            encode_jpeg(&image, SHOWN_QUALITY).map_err(|error| unusable(error.to_string()))
        }
        _ => Ok(bytes),
    }
}
